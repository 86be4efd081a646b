using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Titration;

/// <summary>What can be said about a whole titration.</summary>
internal static class GittFindings
{
    private static readonly string[] OwnNames = ["positive electrode potential", "working electrode potential", "positive potential", "cathode potential"];

    /// <summary>In a three-electrode cell the electrode's own potential; which column it was.</summary>
    public static (TimeSeries Series, string Column) OwnPotential(TimeSeries series, Electrode electrode)
    {
        if (electrode.Configuration == CellConfiguration.TwoElectrode)
        {
            return series.Find(ColumnNames.CellVoltage) is { } cell ? (series.With(cell with { Name = ColumnNames.Potential }), ColumnNames.CellVoltage) : (series, ColumnNames.Potential);
        }
        var column = series.Columns.FirstOrDefault(c => OwnNames.Any(n => Plain(c.Name).Contains(Plain(n), StringComparison.OrdinalIgnoreCase)) && c.Unit is "V" or "");
        if (column is null) { return (series, ColumnNames.Potential); }
        // The cell's voltage gives its place to the electrode's own potential.
        return (series.With(new Column(ColumnNames.Potential, "V", column.Values, $"{column.Origin} ({column.Name})", electrode.Reference ?? column.Reference)), column.Name);
        static string Plain(string name) => name.Replace(" ", "").Replace("_", "").Replace("-", "");
    }

    public static List<Finding> Of(IReadOnlyList<GittPulse> pulses, IReadOnlyList<GittSeries> series, GittSurface surface, Electrode electrode, string column, TimeSeries trace, DiffusionFacts facts, RestHysteresis hysteresis)
    {
        var findings = new List<Finding>();
        var isOwn = column != ColumnNames.CellVoltage && (column != ColumnNames.Potential || electrode.Configuration == CellConfiguration.ThreeElectrode || trace.Find(ColumnNames.CellVoltage) is not null);
        findings.Add(isOwn
            ? new("gitt-own-potential", Severity.Note, $"The electrode's own potential was analysed, against the reference electrode ({trace.Required(ColumnNames.Potential).Origin}).", [])
            : new("gitt-counter-electrode", Severity.Caution, $"Two electrodes: the potential includes the counter electrode{(electrode.Counter is { } c ? $" ({c})" : "")}, so jumps and transients are those of the cell; they are the electrode's only if the counter electrode stays on a flat plateau.", []));
        if (surface.IsApparent)
        {
            findings.Add(new("gitt-apparent", Severity.Note, "Planar forms use the geometric area: their D is apparent (D_app) and scales with the inverse square of the true interface area.", [new("surface.area_cm2", surface.Area.Value * 1e4, "cm2")]));
        }
        if (electrode.MolarMass is { } m)
        {
            findings.Add(new("gitt-molar-mass", Severity.Note, FormattableString.Invariant($"The amount of material is mass / molar mass with {m.In("g/mol"):G5} g/mol: it must be the molar mass of the material as weighed, not of a delithiated state."), [new("electrode.molarMass", m.In("g/mol"), "g/mol")]));
        }
        if (series.Count > 1)
        {
            var directions = series.Select(s => s.Direction).Distinct().Count();
            findings.Add(new("gitt-series", Severity.Caution, $"The pulses form {series.Count} series ({(directions > 1 ? "directions change" : "lengths or currents differ")}): each is summarised alone, and none with fewer than three pulses.", [new("series", series.Count, "1")]));
        }
        if (facts.Length.HasValue && electrode.ParticleRadius is { } r && !surface.IsApparent && facts.Geometry == ParticleGeometry.Sphere)
        {
            var ratio = 3 * facts.Length.Value / r.Value;
            if (ratio is > 1.25 or < 0.8) { findings.Add(new("gitt-area-radius", Severity.Contradiction, FormattableString.Invariant($"The interface area and the particle radius disagree: spheres of that volume and area would have {ratio:G3} times the stated radius; planar forms follow the area, the full fit the radius."), [new("electrode.particleRadius", r.Value, "m"), new("surface.area_cm2", surface.Area.Value * 1e4, "cm2")])); }
        }
        var opposite = pulses.Count(p => p.DeltaEs.HasValue && Math.Sign(p.DeltaEs.Value) != Math.Sign(p.Current));
        if (opposite > pulses.Count / 2) { findings.Add(new("gitt-sign", Severity.Contradiction, "The rest potential moves against the current (falls on charge): the sign of the current is flipped, or this is the potential of the negative electrode.", [new("pulses", opposite, "1")])); }
        var interruptions = pulses.Count(p => p.IsInterruption);
        if (interruptions > 0)
        {
            findings.Add(new("gitt-ici", Severity.Note, $"{interruptions} of {pulses.Count} rests are short interruptions of a long current (at most a quarter of it): D is that of the ICI form, from the first 5 s of each; forms that need a rest at equilibrium do not apply.", [new("pulses", interruptions, "1")]));
        }
        if (hysteresis.Value is { HasValue: true } loop)
        {
            var backwards = loop.Value < -3 * loop.StandardError && loop.Value < -1e-3;
            findings.Add(new("gitt-hysteresis", backwards ? Severity.Contradiction : Severity.Note, FormattableString.Invariant($"At the same charge, rests after charge pulses lie {1e3 * loop.Value:F1} ± {1e3 * loop.StandardError:F1} mV above rests after discharge pulses (median of {hysteresis.Points}, from {1e3 * hysteresis.Least:F1} to {1e3 * hysteresis.Most:F1} mV; rests still drift by {3.6e6 * hysteresis.Drift:G2} mV/h). ")
                + (backwards ? "A loop cannot run backwards: charge was lost between the branches, or the charge of one is miscounted." : "It holds true hysteresis, what the rests had still to relax, and charge lost between the branches."),
                [new("hysteresis.value", loop.Value, "V")]));
        }
        var unfinished = pulses.Where(p => !p.IsInterruption && p.RestDrift.HasValue && Math.Abs(p.RestDrift.Value) * 3600 > 1e-4).ToList();
        if (unfinished.Count > 0)
        {
            var worst = unfinished.Max(p => Math.Abs(p.RestDrift.Value)) * 3.6e6;
            findings.Add(new("gitt-drift", Severity.Caution, FormattableString.Invariant($"{unfinished.Count} of {pulses.Count} rests end above 0.1 mV/h (up to {worst:G3} mV/h): closed forms take them for equilibrium, the full fit does not."), [new("pulses[].restDrift_mV_h", worst, "mV/h")]));
        }
        var longTimes = pulses.Where(p => p.DimensionlessTime > 0.05).ToList();
        if (longTimes.Count > 0)
        {
            var middle = longTimes.Select(p => p.DimensionlessTime).Order().ElementAt(longTimes.Count / 2);
            var root = 1 + (0.5 * Math.Sqrt(Math.PI * middle)) + (2 * middle / 3);
            findings.Add(new("gitt-long-pulse", Severity.Caution, FormattableString.Invariant($"{longTimes.Count} of {pulses.Count} pulses have Dτ/R² > 0.05 (median {middle:G2}): square-root-of-time forms read low there, on spheres by about a factor {root * root:G2}."), [new("pulses[].dimensionlessTime", middle, "1")]));
        }
        var slow = pulses.Where(p => p.Fit is { SlowAmplitude: not 0 }).ToList();
        if (slow.Count > 0)
        {
            var share = slow.Select(p => Math.Abs(p.Fit!.SlowAmplitude)).Order().ElementAt(slow.Count / 2);
            findings.Add(new("gitt-slow-polarisation", Severity.Caution, FormattableString.Invariant($"In {slow.Count} of {pulses.Count} pulses diffusion alone does not fit; a slow polarisation (median {1e3 * share:G3} mV) was fitted beside it."), [new("pulses", slow.Count, "1")]));
        }
        foreach (var group in pulses.SelectMany(p => p.Reasons.Select(r => (p.Index, Kind: r.Split(" by a factor")[0].Split(':', '(')[0].Trim()))).GroupBy(r => r.Kind).OrderByDescending(g => g.Count()).Take(6))
        {
            findings.Add(new("gitt-withheld", Severity.Caution, $"D is withheld for {group.Count()} of {pulses.Count} pulses: {group.Key}.", [new($"pulses[{group.First().Index - 1}].reasons", group.Count(), "1")]));
        }
        return findings;
    }
}
