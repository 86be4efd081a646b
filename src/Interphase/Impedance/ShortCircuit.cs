using System.Numerics;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>The impedance of leads and holder, measured without a sample, taken off a spectrum.</summary>
public static class ShortCircuit
{
    /// <summary>
    /// Subtracts the short-circuit spectrum, interpolated in the logarithm of frequency. Points outside its frequencies are
    /// left out, and that is said.
    /// </summary>
    /// <exception cref="InputException">The two spectra share no frequencies.</exception>
    public static ImpedanceSpectrum Subtract(ImpedanceSpectrum spectrum, ImpedanceSpectrum leads, ICollection<Warning> warnings)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ArgumentNullException.ThrowIfNull(leads);
        ArgumentNullException.ThrowIfNull(warnings);
        var order = Enumerable.Range(0, leads.Count).OrderBy(i => leads.Frequency[i]).ToArray();
        double[] log = [.. order.Select(i => Math.Log(leads.Frequency[i]))];
        const double Rounding = 1e-6;
        var kept = spectrum.Where(i => log.Length > 1 && Math.Log(spectrum.Frequency[i]) >= log[0] - Rounding && Math.Log(spectrum.Frequency[i]) <= log[^1] + Rounding);
        if (kept.Count == 0) { throw new InputException("the short-circuit spectrum has no frequency of the sample's", leads.File, "measure it over the same frequencies"); }
        if (kept.Count < spectrum.Count) { warnings.Add(new("points", $"{spectrum.Count - kept.Count} points outside the frequencies of the short-circuit spectrum are left out")); }
        return kept with { Impedance = [.. kept.Impedance.Select((z, i) => z - At(Math.Log(kept.Frequency[i])))] };

        Complex At(double x)
        {
            var upper = Math.Clamp(Array.FindIndex(log, l => l >= x), 1, log.Length - 1);
            if (x > log[^1]) { upper = log.Length - 1; }
            var share = Math.Clamp((x - log[upper - 1]) / (log[upper] - log[upper - 1]), 0, 1);
            return leads.Impedance[order[upper - 1]] + (share * (leads.Impedance[order[upper]] - leads.Impedance[order[upper - 1]]));
        }
    }
}
