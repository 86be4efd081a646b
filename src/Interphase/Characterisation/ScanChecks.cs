using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>What kind of scan a file holds, and what that forbids: the model is that of a powder scanned in θ–2θ.</summary>
internal static class ScanChecks
{
    /// <summary>A whole-pattern fit needs this much, degrees 2θ.</summary>
    public const double LeastRange = 15;

    private const int Most = 10_000;

    /// <summary>The pattern to analyse: very fine steps are joined, another wavelength is put in.</summary>
    /// <exception cref="InputException">The file holds no powder pattern but something else.</exception>
    public static Diffractogram Powder(Measurement m, double? wavelength)
    {
        var pattern = m.Diffractogram ?? throw new InputException("the file holds no powder pattern", m.File, "name an X-ray scan (.xy, .xye, .xrdml, .raw, .brml, .rasx, .uxd)");
        if (pattern.SteppedOver is { } stepped) { throw new InputException($"the file holds a map of {pattern.Scans} scans of {pattern.ScanAxis ?? "2θ"} stepped over {stepped}, and no powder pattern", m.File, "name a θ–2θ scan of a powder"); }
        if (pattern.Counts.All(c => c == pattern.Counts[0])) { throw new InputException("every point of the pattern has the same counts", m.File, "measure or export it again"); }
        while (pattern.Count > Most) { pattern = pattern.Joined(); }
        if (wavelength is not { } asked) { return pattern; }
        var doublet = Radiation.Of(asked);
        return pattern with { Wavelength = asked, Wavelength2 = doublet?.Alpha2 ?? asked, Ratio = doublet is null ? 0 : pattern.Ratio > 0 ? pattern.Ratio : 0.5 };
    }

    /// <summary>What a reader must know of the scan. The second value is true where lines shift with height as in θ–2θ.</summary>
    public static (IReadOnlyList<Warning> Warnings, bool Coupled) Of(Diffractogram pattern, IReadOnlyList<ObservedLine> lines, IReadOnlyList<double> spikes)
    {
        var warnings = new List<Warning>();
        var axis = pattern.ScanAxis is { } named ? $" (scan axis {named})" : "";
        var moved = pattern.Offset is var (f, l) ? Math.Abs(l - f) : 0;
        var detector = moved > 0.1 * (pattern.TwoTheta[^1] - pattern.TwoTheta[0]) || (pattern.Offset is null && pattern.ScanAxis is "2Theta" or "TwoTheta" or "Detector");
        if (detector) { warnings.Add(new("displacement_um", $"the detector was scanned at a fixed angle of incidence{axis}: lines do not shift with height as in θ–2θ, so that no displacement is given and cells may hold a shift")); }
        else if (pattern.Offset is var (off, _) && Math.Abs(off) > 0.05) { warnings.Add(new("phases", $"the incident beam stands {off:0.00}° off half of 2θ{axis}: a scan of a film or single crystal, in which only planes of one direction are seen")); }
        else if (pattern.ScanAxis?.Replace("-", "", StringComparison.Ordinal) is "Omega2Theta" or "2ThetaOmega" or "TwoThetaOmega" or "OmegaTwoTheta") { warnings.Add(new("phases", $"the scan is one of films and single crystals{axis}: only planes parallel to the surface are seen")); }
        if (lines.Count > 0 && lines.Sum(l => l.Area.Value) is var all && lines.MaxBy(l => l.Area.Value) is { } first)
        {
            // Orders of one plane, and only they: one direction alone.
            var share = Enumerable.Range(1, 4).Max(n => lines.Where(l => n * first.Spacing.Value / l.Spacing.Value is var order && order > 0.5 && Math.Abs(order - Math.Round(order)) < 0.004 * order).Sum(l => l.Area.Value)) / all;
            if (share > 0.97 && pattern.TwoTheta[^1] - pattern.TwoTheta[0] > LeastRange) { warnings.Add(new("phases", $"{100 * share:0.0} % of the area of all lines belongs to one set of planes (d {first.Spacing.Value * 1e10:0.000} Å{(first.Index is null ? "" : $", {first.Phase}")}): an oriented film or a single crystal and no powder")); }
        }
        if (spikes.Count > 0) { warnings.Add(new("lines", $"{(spikes.Count == 1 ? "a single point stands" : $"{spikes.Count} single points stand")} out without neighbours ({string.Join(", ", spikes.Take(5).Select(s => FormattableString.Invariant($"{s:0.00}°")))}{(spikes.Count > 5 ? ", …" : "")}): spikes, or grains that are few and large, and no lines")); }
        if (Saturated(pattern)) { warnings.Add(new("counts", $"the strongest counts are cut at {pattern.Counts.Max():0}: the detector was saturated, and areas and breadths of strong lines are wrong")); }
        if (Math.Abs((pattern.Wavelength / Diffractogram.CopperAlpha1) - 1) > 0.002)
        {
            warnings.Add(new("phases", $"the radiation is {Radiation.Of(pattern.Wavelength)?.Name ?? "none of an anode"} ({pattern.Wavelength * 1e10:0.0000} Å): calculated intensities are those of Cu Kα, and weights and search the less certain"));
        }
        return (warnings, !detector);
    }

    /// <summary>True where several neighbouring points have the very largest count.</summary>
    public static bool Saturated(Diffractogram pattern)
    {
        var (top, run) = (pattern.Counts.Max(), 0);
        if (top < 1000) { return false; }
        foreach (var c in pattern.Counts)
        {
            run = c == top ? run + 1 : 0;
            if (run == 4) { return true; }
        }
        return false;
    }
}
