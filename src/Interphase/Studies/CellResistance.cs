using Interphase.Measurements;
using Interphase.Results;
using Interphase.Voltammetry;

namespace Interphase.Studies;

/// <summary>The resistance a voltammogram is corrected by, and where it is from.</summary>
/// <param name="Value">Ohm; withheld with the reason.</param>
/// <param name="Source">In words.</param>
internal sealed record CellResistance(Estimate Value, string Source)
{
    /// <summary>How far outside the two peaks a spectrum's potential may lie, V.</summary>
    private const double Beside = 0.05;

    /// <summary>How far the temperatures of two measurements in one state may differ, K.</summary>
    private const double Kelvin = 2;

    /// <summary>As the study states it, else from the cell's own impedance; null where the study wants none, or the cell has no impedance and none is stated.</summary>
    /// <exception cref="InputException">The study asks for a parameter the circuit does not have, or for impedance that is not there.</exception>
    public static CellResistance? Of(Work work, CyclicVoltammetry measured)
    {
        var stated = work.File?.Resistance;
        if (stated?.Value is { } value) { return new(Estimate.Of(value.Value, value.StandardError ?? 0), "as stated in the study"); }
        if (stated is { Parameters.Count: 0 }) { return null; }
        var parameters = (stated ?? SeriesResistance.Intercept).Parameters;
        var words = string.Join(" + ", parameters);
        // Cycling changes the cell: spectra after it go with voltammograms after it.
        var spectra = work.Before.Where(a => a.Technique == "impedance" && (a.Work.Role == "afterCycling") == (work.Role == "afterCycling"))
            .SelectMany(a => ((ImpedanceTechnique.ImpedanceResult)a.Result).Fits).ToArray();
        if (spectra.Length == 0)
        {
            if (stated is null) { return null; }
            throw new InputException($"the study corrects this voltammogram by {stated}, but the cell has no impedance {(work.Role == "afterCycling" ? "after" : "before")} cycling", work.File!.Where, "name the cell's impedance files, or state the resistance: resistance: 124 ohm");
        }
        if (stated is not null && parameters.FirstOrDefault(p => spectra.All(f => f.Parameters.All(x => x.Name != p))) is { } missing)
        {
            throw new InputException($"the circuit {spectra[0].Circuit} of this cell has no {missing}", work.File!.Where, $"name one of {string.Join(", ", spectra[0].Parameters.Where(p => p.Unit == "ohm").Select(p => p.Name))}");
        }
        if (measured.Cycles.FirstOrDefault(c => c.Polarisation.HasValue) is not { MainAnodic: { } anodic, MainCathodic: { } cathodic }) { return Withheld("there is no polarisation to correct"); }

        var known = spectra.Select(f => (Fit: f, Potential: PotentialOf(f.Spectrum, measured.Reference))).Where(f => f.Potential is not null).ToArray();
        if (known.Length == 0) { return Withheld($"the spectra of this cell do not say at which potential, {measured.Reference}, they were taken, so that it is not known whether they are of the voltammogram's state"); }
        var (low, high) = (Math.Min(anodic.Potential.Value, cathodic.Potential.Value) - Beside, Math.Max(anodic.Potential.Value, cathodic.Potential.Value) + Beside);
        var near = known.Where(f => f.Potential >= low && f.Potential <= high).ToArray();
        if (near.Length == 0) { return Withheld(FormattableString.Invariant($"the spectra of this cell were taken from {known.Min(f => f.Potential):F2} to {known.Max(f => f.Potential):F2} V, none between the peaks ({low + Beside:F2} and {high - Beside:F2} V)")); }
        if (work.Cell?.Temperature is { } t && near.FirstOrDefault(f => f.Fit.Spectrum.Temperature is { } own && Math.Abs(own - t.Value) > Kelvin).Fit is { } other)
        {
            return Withheld(FormattableString.Invariant($"the spectra of this cell were taken at {other.Spectrum.Temperature - 273.15:F0} °C, the voltammogram at {t.Value - 273.15:F0} °C"));
        }
        var sums = near.Select(f => parameters.Select(p => f.Fit.Parameters.FirstOrDefault(x => x.Name == p)).ToArray())
            .Where(found => Array.TrueForAll(found, p => p is { Identifiable: true, IsAbsent: false } or { IsFixed: true }))
            .Select(found => (Value: found.Sum(p => p!.Value), Variance: found.Sum(p => double.IsFinite(p!.Estimate.StandardError) ? Math.Pow(p.Estimate.StandardError, 2) : 0))).ToArray();
        if (sums.Length == 0) { return Withheld($"the spectra of this cell do not identify {words} of {spectra[0].Circuit}"); }
        var mean = sums.Average(s => s.Value);
        // Between the peaks the resistance is as uncertain as it varies there.
        var spread = sums.Length > 1 ? sums.Sum(s => Math.Pow(s.Value - mean, 2)) / (sums.Length - 1) : 0;
        var source = FormattableString.Invariant($"{words} of the cell's own impedance, {(sums.Length == 1 ? "one spectrum" : $"mean of {sums.Length} spectra")} between the peaks");
        return new(Estimate.Of(mean, Math.Sqrt(spread + sums.Average(s => s.Variance))), source);

        CellResistance Withheld(string reason) => new(Estimate.Withheld($"{reason}; state it in the study: resistance: 124 ohm"), $"{words} of the cell's own impedance");
    }

    private static double? PotentialOf(ImpedanceSpectrum s, PotentialReference scale)
    {
        if (s.Potential is not { } e) { return null; }
        if (s.Reference == scale) { return e; }
        try { return e + s.Reference.To(scale); }
        catch (InputException) { return null; }
    }
}
