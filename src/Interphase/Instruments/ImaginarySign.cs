using System.Numerics;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Whether a table holds Z″ or, without saying so, −Z″. A passive cell decides it: where the modulus falls with frequency the
/// phase is negative, φ ≈ (π/2) d ln|Z|/d ln ω (Bode 1945). A table that says the opposite throughout holds −Z″.
/// </summary>
internal static class ImaginarySign
{
    private const int FewestPoints = 5;

    /// <summary>How well phase and slope must contradict each other, as a correlation.</summary>
    private const double Contradiction = -0.8;

    /// <summary>The spectra with Z″ negative when capacitive; what was turned is said.</summary>
    public static ImpedanceSpectrum[] Decided(ImpedanceSpectrum[] spectra, List<Warning> warnings)
    {
        var turned = spectra.Select(IsReversed).ToArray();
        // One table has one sign; a single sweep that says otherwise is noise.
        if (2 * turned.Count(t => t) <= spectra.Length) { return spectra; }
        warnings.Add(new(ColumnNames.ImaginaryImpedance, "the table holds -Z'' without saying so (its phase contradicts the slope of its modulus); the sign is turned, so that Z'' is negative when capacitive"));
        return [.. spectra.Select(s => s with { Impedance = [.. s.Impedance.Select(Complex.Conjugate)] })];
    }

    private static bool IsReversed(ImpedanceSpectrum s)
    {
        if (s.Count < FewestPoints || 3 * s.Impedance.Count(z => z.Imaginary > 0) < 2 * s.Count) { return false; }
        int[] order = [.. Enumerable.Range(0, s.Count).Where(i => s.Impedance[i] != Complex.Zero).OrderBy(i => s.Frequency[i])];
        double product = 0, phases = 0, slopes = 0;
        for (var k = 1; k + 1 < order.Length; k++)
        {
            var (before, after) = (order[k - 1], order[k + 1]);
            var step = Math.Log(s.Frequency[after] / s.Frequency[before]);
            if (!(step > 0)) { continue; }
            var slope = Math.Log(s.Impedance[after].Magnitude / s.Impedance[before].Magnitude) / step;
            var phase = s.Impedance[order[k]].Phase;
            product += phase * slope;
            phases += phase * phase;
            slopes += slope * slope;
        }
        return product < Contradiction * Math.Sqrt(phases * slopes);
    }
}
