using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>
/// The high-frequency points that leads and instrument make inductive (Z″ &gt; 0). A circuit without anything inductive
/// cannot describe them, so they are left out, and that is said.
/// </summary>
internal static class InductivePoints
{
    private const int Fewest = 3;

    public static ImpedanceSpectrum LeaveOut(ImpedanceSpectrum spectrum, Circuit circuit, FitOptions options, List<Warning> warnings)
    {
        if (!options.LeaveOutInductivePoints || Circuit.Leaves(circuit.Root).Any(l => l is ElementNode { Element.Symbol: "L" or "La" })) { return spectrum; }
        var order = Enumerable.Range(0, spectrum.Count).OrderByDescending(i => spectrum.Frequency[i]).ToArray();
        var count = order.TakeWhile(i => spectrum.Impedance[i].Imaginary > 0).Count();
        if (count < Fewest || count > spectrum.Count - 4) { return spectrum; }
        // Noise about a zero Z″ also gives positive runs: an inductance grows with frequency, well above the scatter.
        var z = order.Take(count).Select(i => spectrum.Impedance[i].Imaginary).ToArray();
        var rises = Enumerable.Range(0, count - 1).Count(i => z[i] > z[i + 1]);
        var bends = Enumerable.Range(1, count - 2).Select(i => Math.Abs(z[i - 1] - (2 * z[i]) + z[i + 1]) / Math.Sqrt(6)).Order().ToArray();
        var scatter = bends[bends.Length / 2];
        if (rises < 0.75 * (count - 1) || z[0] < 5 * scatter || z[0] < 0.01 * spectrum.Impedance[order[0]].Magnitude) { return spectrum; }
        var limit = spectrum.Frequency[order[count - 1]];
        warnings.Add(new("points", $"{count} points from {limit:G4} Hz upwards have Z'' > 0 and are left out, because the circuit has nothing inductive; add L0 to keep them"));
        var left = order.Take(count).ToHashSet();
        return spectrum.Where(i => !left.Contains(i));
    }
}
