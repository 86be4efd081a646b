using Interphase.Impedance;

namespace Interphase.Tests.Impedance;

/// <summary>Circuits suggested for spectra made with a known one: as many arcs as there are, and an inductance only where there is one.</summary>
public class CircuitSuggestionTests
{
    private static readonly Circuit WithCable = Circuit.Parse("L0-R0-p(R1,CPE1)-p(R2,CPE2)-W3");
    private static readonly Circuit WithoutCable = Circuit.Parse("R0-p(R1,CPE1)-p(R2,CPE2)-W3");
    private static readonly double[] WithoutCableTruth = [20, 150, 3e-7, 0.9, 400, 2e-5, 0.85, 30];
    private static readonly double[] Frequency = Spectra.Decades(1e6, 0.1, 10);

    private static Circuit First(Circuit truth, double[] parameters, int seed) =>
        CircuitSuggestion.Rank(Spectra.Noisy(truth, parameters, Frequency, 0.003, new Random(seed)))[0].Fit.Circuit;

    private static int Arcs(Circuit circuit) => circuit.Blocks.Count(b => b is ParallelNode);

    private static bool Inductive(Circuit circuit) => circuit.Blocks.SelectMany(Circuit.Leaves).OfType<ElementNode>().Any(e => e.Element.Symbol == "L");

    [Fact]
    public void An_inductance_that_never_turns_the_sign_is_found_and_no_arc_is_made_of_it()
    {
        double[] truth = [2e-7, .. WithoutCableTruth];
        Assert.All(WithCable.Impedance(Frequency, truth), z => Assert.True(z.Imaginary < 0));
        var found = Enumerable.Range(1, 10).Select(seed => First(WithCable, truth, seed)).ToArray();
        Assert.True(found.Count(c => Inductive(c) && Arcs(c) == 2) >= 9, string.Join("; ", found.Select(c => c.ToString())));
    }

    [Fact]
    public void No_inductance_is_suggested_where_there_is_none()
    {
        // BIC admits a superfluous parameter in about 3 % of spectra of this length.
        var found = Enumerable.Range(1, 10).Select(seed => First(WithoutCable, WithoutCableTruth, seed)).ToArray();
        Assert.True(found.Count(c => !Inductive(c) && Arcs(c) == 2) >= 9, string.Join("; ", found.Select(c => c.ToString())));
    }
}
