using Interphase.Characterisation;
using Interphase.Studies;

namespace Interphase.Tests.Characterisation;

/// <summary>The amorphous share by a weighed standard: of mixtures whose line areas were made from masses, and where it cannot be told.</summary>
public sealed class InternalStandardTests
{
    private static readonly CrystalPhase Niobate = CrystalPhase.Find("LiNb0.5Ta0.5O3");

    /// <summary>Lines of a phase as its mass makes them: area ∝ w/ρ times the structure's strength.</summary>
    private static IEnumerable<(double, double)> Lines(CrystalPhase p, double mass) =>
        p.Lines.Select(l => (p.Spacing(l.H, l.K, l.L, p.A, p.C), 4e5 * mass / p.Density * p.Strength / 100 * l.Intensity));

    /// <summary>Glass scatters into its halo what the same mass of niobate scatters into lines.</summary>
    private static XrdResult Analyse(double amorphous, double added, string standard, string stated, int seed, double seen = 1)
    {
        var phase = CrystalPhase.Find(standard);
        var pattern = new MadePowder(15, 78).Background(60, 40, 3400 * amorphous * (1 - added))
            .Lines(Lines(Niobate, (1 - amorphous) * (1 - added)), 20e-9).Lines(Lines(phase, seen * added), 150e-9).Measure(seed);
        return XrdAnalysis.Analyse(pattern, new() { Standard = InternalStandard.Parse($"{standard}={stated}") });
    }

    [Theory]
    [InlineData(0.6, 0.2, "Al2O3", "20 +- 0.2 %", 1)]
    [InlineData(0.3, 0.1, "Si", "0.1", 2)]
    [InlineData(0.85, 0.3, "Al2O3", "30 %", 3)]
    public void The_amorphous_share_of_the_mass_is_found(double amorphous, double added, string standard, string stated, int seed)
    {
        var r = Analyse(amorphous, added, standard, stated, seed);
        var glass = r.AmorphousShare!.Value;
        // The doubt of 10 % for each of both phases stands beside masses that were made exactly: truth is far inside the interval.
        Assert.Equal(amorphous, glass.Value, 0.04);
        Assert.InRange(glass.StandardError, 0.13 * (1 - amorphous), 0.18 * (1 - amorphous));
        var niobate = Assert.Single(r.Phases, p => p.Phase.IsNiobateTantalate);
        Assert.Equal(1 - amorphous, niobate.ShareOfSample!.Value.Value, 0.04);
        Assert.Null(Assert.Single(r.Phases, p => p.Phase.Name == standard).ShareOfSample);
        // De la Torre's form, from the shares of what is crystalline.
        var share = Assert.Single(r.Phases, p => p.Phase.Name == standard).WeightFraction.Value;
        Assert.Equal((1 - (added / share)) / (1 - added), glass.Value, 1e-6);
    }

    [Fact]
    public void Lines_of_the_standard_are_no_crystallinity_of_the_sample()
    {
        var r = Analyse(1, 0.2, "Al2O3", "20 %", 4);
        Assert.InRange(r.Crystallinity.Value, 0, 0.02);
        Assert.InRange(r.AmorphousShare!.Value.Value, 0.97, 1);
        Assert.Equal([CoatingState.Amorphous], StateEvidence.OfStandard(r)!.States);
    }

    [Fact]
    public void More_than_the_whole_is_withheld_and_said()
    {
        var r = Analyse(0, 0.2, "Al2O3", "20 %", 5, seen: 0.5);
        Assert.False(r.AmorphousShare!.Value.HasValue);
        Assert.Contains(r.Warnings, w => w.Path == "amorphous" && w.Text.Contains("of the sample's mass", StringComparison.Ordinal));
    }

    /// <summary>Three times the standard that is stated: most of the sample would be glass, of which there is no halo.</summary>
    [Fact]
    public void Glass_without_a_halo_is_doubted()
    {
        var r = Analyse(0, 0.3, "Al2O3", "10 %", 7);
        Assert.True(r.AmorphousShare!.Value.Lower95 > 0.4);
        Assert.Contains(r.Warnings, w => w.Path == "amorphous" && w.Text.Contains("check the stated share", StringComparison.Ordinal));
        Assert.DoesNotContain(Analyse(0.6, 0.2, "Al2O3", "20 +- 0.2 %", 1).Warnings, w => w.Text.Contains("check the stated share", StringComparison.Ordinal));
    }

    [Fact]
    public void A_standard_that_is_not_there_gives_no_share()
    {
        var pattern = new MadePowder(15, 78).Background(60, 40, 200).Lines(Lines(Niobate, 0.8), 20e-9).Measure(6);
        var r = XrdAnalysis.Analyse(pattern, new() { Standard = InternalStandard.Parse("Al2O3=20 %") });
        Assert.False(r.AmorphousShare!.Value.HasValue);
        Assert.Contains(r.Warnings, w => w.Path == "amorphous");
    }

    [Theory]
    [InlineData("Al2O3")]
    [InlineData("Al2O3=120 %")]
    [InlineData("Al2O3=0")]
    [InlineData("Al2O3=3 mg")]
    [InlineData("=20 %")]
    [InlineData("Unobtainium=20 %")]
    public void A_text_that_is_no_standard_is_refused(string text) => Assert.Throws<InputException>(() => InternalStandard.Parse(text));

    /// <summary>I/Ic of silicon is 4.7 (powder diffraction file 27-1402): the strongest line of it against that of corundum in equal masses.</summary>
    [Fact]
    public void Silicon_and_corundum_scatter_as_known()
    {
        var (si, corundum) = (CrystalPhase.Find("Si"), CrystalPhase.Find("Al2O3"));
        Assert.InRange(si.Strength / si.Density / (corundum.Strength / corundum.Density), 4.55, 4.85);
    }
}
