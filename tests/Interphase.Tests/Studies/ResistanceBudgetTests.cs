using Interphase.Results;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>Thickness over conductivity beside the measured interface: units, errors, and what is said where an area or an error is missing.</summary>
public class ResistanceBudgetTests
{
    private readonly MadeStudy made = new();

    private const double T = 10e-9, TError = 1e-9;

    /// <summary>Wang et al. 2020: a coating of 10 nm (5–10 nm) with the conductivities of the pellets, and the interfaces on a die of 10 mm.</summary>
    [Theory]
    [InlineData(13.2, 369, 0.0758)]
    [InlineData(38.7, 124, 0.0258)]
    [InlineData(2.43, 672, 0.4115)]
    public void The_papers_numbers_give_the_papers_gap(double microsiemens, double ohm, double film)
    {
        var b = new ResistanceBudget(ResistanceBudget.FilmOf(Estimate.Of(T, TError), Estimate.Of(microsiemens * 1e-4, 0.02 * microsiemens * 1e-4)), Estimate.Of(ohm, 0.05 * ohm), Estimate.Of(0.785e-4, 0.01e-4), Estimate.Withheld("not known"));
        Assert.Equal(film, b.Film.Value * 1e4, 5e-4 * film + 1e-4);
        Assert.Equal(ohm * 0.785, b.OnElectrode.Value * 1e4, 1e-6);
        Assert.Equal(ohm * 0.785 / film, b.TimesOnElectrode.Value, 0.005 * ohm * 0.785 / film);
        Assert.InRange(b.TimesOnElectrode.Value, 1e3, 1e4);
        // Independent relative errors of 10, 2, 5 and 1.27 % add in squares.
        var relative = Math.Sqrt((0.1 * 0.1) + (0.02 * 0.02) + (0.05 * 0.05) + Math.Pow(0.01 / 0.785, 2));
        Assert.Equal(relative, b.TimesOnElectrode.StandardError / b.TimesOnElectrode.Value, 1e-9);
        Assert.Equal(b.TimesOnElectrode.Value * b.TimesOnElectrode.Value, b.TimesOnElectrode.Lower95 * b.TimesOnElectrode.Upper95, 1e-6 * b.TimesOnElectrode.Value * b.TimesOnElectrode.Value);
        // All current through so little area: the electrode's over the ratio.
        Assert.Equal(0.785 / b.TimesOnElectrode.Value, b.AreaNeeded.Value * 1e4, 1e-9);
        Assert.False(b.TimesOnParticles.HasValue);
        Assert.Contains("particles' area", b.TimesOnParticles.Reason!, StringComparison.Ordinal);
    }

    /// <summary>Of 4000 draws of the four measured numbers, the 95 % interval of the ratio holds the true one as often as it says.</summary>
    [Fact]
    public void The_interval_of_the_ratio_holds_the_truth()
    {
        var random = new Random(1);
        double Normal(double mean, double error) => mean + (error * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1));
        var held = 0;
        const int repeats = 4000;
        for (var i = 0; i < repeats; i++)
        {
            var film = ResistanceBudget.FilmOf(Estimate.Of(Normal(8e-9, 1.6e-9), 1.6e-9), Estimate.Of(Normal(1e-3, 1e-4), 1e-4));
            var times = new ResistanceBudget(film, Estimate.Of(Normal(100, 8), 8), Estimate.Of(Normal(1e-4, 3e-6), 3e-6), Estimate.Withheld("")).TimesOnElectrode;
            if (times.Lower95 <= 100 * 1e-4 / (8e-9 / 1e-3) && 100 * 1e-4 / (8e-9 / 1e-3) <= times.Upper95) { held++; }
        }
        Assert.InRange(held / (double)repeats, 0.93, 0.97);
    }

    [Fact]
    public void A_factor_without_an_error_leaves_the_ratio_without_one_and_a_missing_one_withholds_it()
    {
        var stated = ResistanceBudget.FilmOf(Estimate.WithoutError(T, "stated without an error"), Estimate.Of(1e-3, 1e-5));
        Assert.Equal(T / 1e-3, stated.Value, 1e-15);
        Assert.True(double.IsNaN(stated.StandardError) && double.IsNaN(stated.Lower95));
        Assert.Contains("thickness is not known (stated without an error)", stated.Reason!, StringComparison.Ordinal);
        var missing = ResistanceBudget.FilmOf(Estimate.Withheld("not measured"), Estimate.Of(1e-3, 1e-5));
        Assert.False(missing.HasValue);
        Assert.Contains("coating's thickness: not measured", missing.Reason!, StringComparison.Ordinal);
        // Five cells' mean has Student's interval; the ratio's is not narrower.
        var few = new Estimate(100, 5, 100 - (2.776 * 5), 100 + (2.776 * 5));
        var wide = ResistanceBudget.Product((few, 1, ""), (Estimate.Of(2, 1e-9), -1, ""));
        Assert.Equal(Math.Log(113.88 / 86.12), Math.Log(wide.Upper95 / wide.Lower95), 1e-6);
    }

    private string Cell(string id, string electrode, double ohm) => $"  - id: {id}\n    electrode: {electrode}\n    files:\n    - {{ technique: impedance, path: {made.Spectrum($"{id}.csv", ohm, 10, 1e-6, false)}, circuit: \"R0-p(R1,C1)\" }}\n";

    private (ResistanceBudget Budget, Finding Finding) Run(string coating, string cells, string electrode = "")
    {
        var path = Path.Combine(made.Folder, "budget.yaml");
        File.WriteAllText(path, $"name: s\n{electrode}samples:\n- name: A\n  coating: {{ material: LiNbO3, {coating} }}\n  cells:\n{cells}");
        var result = StudyRun.Run(StudyFile.Read(path));
        Assert.Empty(result.Problems);
        return (Assert.Single(result.Verdicts).Budget, Assert.Single(result.Findings, f => f.Id == "coating-budget-a"));
    }

    [Fact]
    public void Areas_that_are_missing_or_not_one_are_told()
    {
        const string film = "thickness: 10 +- 1 nm, conductivity: 38.7 +- 0.4 uS/cm";
        var one = Run(film, Cell("a", "{ area: 0.785 +- 0.01 cm2 }", 124));
        Assert.Equal(124 * 0.785 / 0.02584, one.Budget.TimesOnElectrode.Value, 0.02 * 3767);
        Assert.Equal(Severity.Contradiction, one.Finding.Severity);
        Assert.Contains("at 95 %", one.Finding.Text, StringComparison.Ordinal);
        Assert.Contains("give electrode.particleRadius", one.Finding.Text, StringComparison.Ordinal);

        var two = Run(film, Cell("b", "{ area: 0.785 cm2 }", 124) + Cell("c", "{ area: 1.13 cm2 }", 80));
        Assert.False(two.Budget.OnElectrode.HasValue);
        Assert.Contains("different areas (0.785, 1.13 cm²)", two.Budget.GeometricArea.Reason!, StringComparison.Ordinal);
        Assert.Contains("different areas", two.Finding.Text, StringComparison.Ordinal);

        var some = Run(film, Cell("d", "{ area: 0.785 cm2 }", 124) + Cell("e", "{ activeMass: 7 mg }", 80));
        Assert.Contains("others do not", some.Budget.GeometricArea.Reason!, StringComparison.Ordinal);

        var none = Run(film, Cell("f", "{ activeMass: 7 mg }", 124));
        Assert.Contains("electrode.area", none.Finding.Text, StringComparison.Ordinal);
        Assert.Equal(Severity.Caution, none.Finding.Severity);
    }

    [Fact]
    public void What_the_film_can_be_is_said_with_the_area_it_covers()
    {
        // 1 µm with 1 µS/cm: 100 Ω cm². Of 127 Ω on 0.785 cm² that is as much as was measured; spread over stated 20 cm² of particles it is too little.
        const string film = "thickness: 1.0 +- 0.1 um, conductivity: 1.00 +- 0.05 uS/cm";
        Assert.Contains("can be the interface's resistance", Run(film, Cell("a", "{ area: 0.785 cm2, interfaceArea: 0.8 +- 0.05 cm2 }", 127)).Finding.Text, StringComparison.Ordinal);
        var spread = Run(film, Cell("b", "{ area: 0.785 cm2, interfaceArea: 20 +- 1 cm2 }", 127));
        Assert.Contains("all current would have to pass through", spread.Finding.Text, StringComparison.Ordinal);
        Assert.Equal(127 * 20 / 100.0, spread.Budget.TimesOnParticles.Value, 0.6);
        var thin = Run(film, Cell("c", "{ area: 0.785 cm2, interfaceArea: 0.1 +- 0.01 cm2 }", 127));
        Assert.Contains("less than the film's", thin.Finding.Text, StringComparison.Ordinal);
        Assert.Equal(Severity.Contradiction, thin.Finding.Severity);
        // Without an error of the thickness there is no interval, and the sentence has none.
        var bare = Run("thickness: 10 nm, conductivity: 38.7 +- 0.4 uS/cm", Cell("d", "{ area: 0.785 cm2 }", 124)).Finding.Text;
        Assert.Contains("stated without an error", bare, StringComparison.Ordinal);
        Assert.DoesNotContain("at 95 %", bare, StringComparison.Ordinal);
    }
}
