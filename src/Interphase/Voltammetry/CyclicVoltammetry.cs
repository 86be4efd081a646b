using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Voltammetry;

/// <summary>What is known beside the voltammogram.</summary>
public readonly record struct VoltammetryOptions()
{
    /// <summary>Series resistance for the iR-corrected polarisation, ohm; null: none.</summary>
    public double? Resistance { get; init; }

    /// <summary>Its standard error, ohm.</summary>
    public double ResistanceStandardError { get; init; }

    /// <summary>Concentration of the redox species for Randles and Ševčík, mol/m³; null: no diffusivity.</summary>
    public double? Concentration { get; init; }

    /// <summary>Its standard error, mol/m³.</summary>
    public double ConcentrationStandardError { get; init; }

    /// <summary>Electrons per formula.</summary>
    public int Electrons { get; init; } = 1;

    /// <summary>K.</summary>
    public double Temperature { get; init; } = 298.15;
}

/// <summary>One cycle: two sweeps that follow each other.</summary>
public sealed record VoltammetryCycle
{
    /// <summary>From 1, over all files.</summary>
    public required int Index { get; init; }

    /// <summary>The file it is from.</summary>
    public required string File { get; init; }

    /// <summary>The instrument's own cycle counter; NaN where there is none.</summary>
    public double VendorIndex { get; init; } = double.NaN;

    /// <summary>Its sweeps.</summary>
    public required IReadOnlyList<Sweep> Sweeps { get; init; }

    /// <summary>V/s, from the slope of the potential.</summary>
    public required double ScanRate { get; init; }

    /// <summary>Maxima of the anodic sweep, by rising potential.</summary>
    public required IReadOnlyList<VoltammetryPeak> Anodic { get; init; }

    /// <summary>Maxima of the cathodic sweep, by rising potential.</summary>
    public required IReadOnlyList<VoltammetryPeak> Cathodic { get; init; }

    /// <summary>Potential of the largest anodic less that of the largest cathodic peak, V.</summary>
    public required Estimate Polarisation { get; init; }

    /// <summary>The same less I R at both peaks, V.</summary>
    public required Estimate PolarisationIrCorrected { get; init; }

    /// <summary>Mean of the two peak potentials, V.</summary>
    public required Estimate Midpoint { get; init; }

    /// <summary>Cathodic over anodic charge.</summary>
    public required double ChargeRatio { get; init; }

    /// <summary>Potential over the cycle, V, for a figure.</summary>
    public required double[] Potential { get; init; }

    /// <summary>Current over the cycle, A.</summary>
    public required double[] Current { get; init; }

    /// <summary>The anodic peak that counts: the largest true peak, else a plateau, else the edge.</summary>
    public VoltammetryPeak? MainAnodic => CyclicVoltammetry.Main(Anodic);

    /// <summary>The cathodic peak that counts.</summary>
    public VoltammetryPeak? MainCathodic => CyclicVoltammetry.Main(Cathodic);
}

/// <summary>Cyclic voltammetry: cycles and scan rates from the data, peaks, polarisation, charge balance and dependence on scan rate.</summary>
public sealed record CyclicVoltammetry
{
    /// <summary>Cycles in order.</summary>
    public required IReadOnlyList<VoltammetryCycle> Cycles { get; init; }

    /// <summary>Peak current against scan rate; its parts are withheld for fewer than three rates.</summary>
    public required RateDependence RateDependence { get; init; }

    /// <summary>What potentials are measured against.</summary>
    public required PotentialReference Reference { get; init; }

    /// <summary>Geometric area, m²; NaN where it is not stated.</summary>
    public double Area { get; init; } = double.NaN;

    /// <summary>Options used.</summary>
    public VoltammetryOptions Options { get; init; }

    /// <summary>What is null or doubtful.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Analyses one voltammogram of any number of cycles.</summary>
    /// <exception cref="InputException">A column is missing, or the potential is not swept.</exception>
    public static CyclicVoltammetry Analyse(TimeSeries series, Electrode electrode, VoltammetryOptions options) => Analyse([("", series)], electrode, options);

    /// <summary>Analyses several voltammograms, one a scan rate or one a repetition.</summary>
    /// <exception cref="InputException">As above.</exception>
    public static CyclicVoltammetry Analyse(IReadOnlyList<(string File, TimeSeries Series)> files, Electrode electrode, VoltammetryOptions options)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(electrode);
        var warnings = new List<Warning>();
        var cycles = new List<VoltammetryCycle>();
        foreach (var (file, series) in files)
        {
            try { foreach (var name in (string[])[ColumnNames.Time, ColumnNames.Current, ColumnNames.Potential]) { series.Required(name); } }
            catch (InputException e) when (file.Length > 0) { throw e.At(file); }
            var sweeps = Sweep.Of(series);
            if (sweeps.Count == 0) { throw new InputException("the potential is not swept in this file", file.Length > 0 ? file : "potential", "name a cyclic voltammogram: current while the potential goes up and down"); }
            if (!Sweep.AreRamps(series, sweeps))
            {
                throw new InputException("the potential follows no ramp in this file: it is no voltammogram", file.Length > 0 ? file : "potential", "name a file in which the potential is swept; charges and discharges are read by 'cycling summary', titrations by 'gitt'");
            }
            for (var k = 0; k < sweeps.Count; k += 2)
            {
                // Two sweeps of one direction (a file put together of parts) are no cycle.
                var pair = k + 1 < sweeps.Count && sweeps[k + 1].Direction != sweeps[k].Direction ? sweeps.GetRange(k, 2) : sweeps.GetRange(k, 1);
                if (pair.Count == 1 && k + 1 < sweeps.Count) { k--; }
                cycles.Add(Make(cycles.Count + 1, file, series, pair, warnings));
            }
        }
        var dependence = RateDependence.Of(cycles, electrode, options);
        if (!dependence.B.HasValue) { warnings.Add(new("rateDependence.b", dependence.B.Reason!)); }
        var result = new CyclicVoltammetry
        {
            Cycles = cycles, RateDependence = dependence, Area = electrode.Area?.Value ?? double.NaN, Options = options, Warnings = warnings,
            Reference = electrode.Reference ?? (files.Select(f => f.Series.Reference).Distinct().Count() == 1 ? files[0].Series.Reference : PotentialReference.Unknown),
        };
        return options.Resistance is { } resistance ? result.Corrected(resistance, options.ResistanceStandardError)
            : result with { Warnings = [.. warnings, new("cycles[].polarisationIrCorrected", "no resistance is given (--resistance)")] };
    }

    /// <summary>The same with I R taken off the potential of both peaks.</summary>
    /// <param name="resistance">Ohm.</param>
    /// <param name="standardError">Its standard error, ohm; its error is one for both peaks.</param>
    public CyclicVoltammetry Corrected(double resistance, double standardError = 0) => this with
    {
        Options = Options with { Resistance = resistance, ResistanceStandardError = standardError },
        Warnings = [.. Warnings.Where(w => w.Path != "cycles[].polarisationIrCorrected")],
        Cycles = [.. Cycles.Select(c => c with
        {
            PolarisationIrCorrected = c is { Polarisation.HasValue: true, MainAnodic: { } a, MainCathodic: { } b }
                ? Estimate.Of(c.Polarisation.Value - (resistance * (a.RawCurrent - b.RawCurrent)), Math.Sqrt(Math.Pow(c.Polarisation.StandardError, 2) + Math.Pow(standardError * (a.RawCurrent - b.RawCurrent), 2)))
                : c.Polarisation,
        })],
    };

    internal static VoltammetryPeak? Main(IReadOnlyList<VoltammetryPeak> peaks) =>
        peaks.Where(p => !p.IsShoulder).OrderBy(p => p.Kind).ThenByDescending(p => Math.Abs(p.Current.Value)).FirstOrDefault();

    private static VoltammetryCycle Make(int index, string file, TimeSeries series, List<Sweep> sweeps, List<Warning> warnings)
    {
        var path = $"cycles[{index - 1}]";
        var (up, down) = (sweeps.FirstOrDefault(s => s.Direction > 0), sweeps.FirstOrDefault(s => s.Direction < 0));
        var anodic = up is null ? [] : Search(series, up, $"{path}.anodic", warnings);
        var cathodic = down is null ? [] : Search(series, down, $"{path}.cathodic", warnings);
        var (a, c) = (Main(anodic), Main(cathodic));
        Estimate polarisation, midpoint;
        if (a is null || c is null)
        {
            var why = up is null || down is null ? "the cycle has only one sweep" : $"no {(a is null ? "anodic" : "cathodic")} peak stands out";
            polarisation = midpoint = Estimate.Withheld(why);
            warnings.Add(new($"{path}.polarisation", why));
            warnings.Add(new($"{path}.midpointPotential", why));
        }
        else if (a.Kind == PeakKind.WindowEdge || c.Kind == PeakKind.WindowEdge)
        {
            var why = FormattableString.Invariant($"the {(a.Kind == PeakKind.WindowEdge ? "anodic" : "cathodic")} current still rises at the edge of the window: the polarisation is at least {a.Potential.Value - c.Potential.Value:F3} V");
            polarisation = midpoint = Estimate.Withheld(why);
            warnings.Add(new($"{path}.polarisation", why));
            warnings.Add(new($"{path}.midpointPotential", why));
        }
        else if (a.Potential.Value - c.Potential.Value < -2 * Math.Sqrt(Math.Pow(a.Potential.StandardError, 2) + Math.Pow(c.Potential.StandardError, 2)))
        {
            var why = FormattableString.Invariant($"the largest anodic peak ({a.Potential.Value:F3} V) lies below the largest cathodic one ({c.Potential.Value:F3} V): they are not of one couple");
            polarisation = midpoint = Estimate.Withheld(why);
            warnings.Add(new($"{path}.polarisation", why));
            warnings.Add(new($"{path}.midpointPotential", why));
        }
        else
        {
            var error = Math.Sqrt(Math.Pow(a.Potential.StandardError, 2) + Math.Pow(c.Potential.StandardError, 2));
            polarisation = Estimate.Of(a.Potential.Value - c.Potential.Value, error);
            midpoint = Estimate.Of(0.5 * (a.Potential.Value + c.Potential.Value), 0.5 * error);
            if (a.Kind == PeakKind.Plateau || c.Kind == PeakKind.Plateau) { warnings.Add(new($"{path}.polarisation", "it rests on a plateau, not a peak: its place is doubtful")); }
        }
        var (from, to) = (sweeps[0].First, sweeps[^1].Last);
        if (up is null || down is null) { warnings.Add(new($"{path}.chargeRatio", "the cycle has only one sweep")); }
        else
        {
            var (a1, b1) = (Span(series, up), Span(series, down));
            if (Math.Min(a1, b1) < 0.9 * Math.Max(a1, b1)) { warnings.Add(new($"{path}.chargeRatio", FormattableString.Invariant($"the two sweeps of the cycle are {a1:F3} V and {b1:F3} V long: their charges are not of one window"))); }
        }
        if (sweeps.Any(s => s.RampError > 0.02 * Span(series, s)) || (up is not null && down is not null && Math.Abs(up.ScanRate - down.ScanRate) > 0.05 * Math.Max(up.ScanRate, down.ScanRate)))
        {
            warnings.Add(new($"{path}.scanRate", "the potential does not follow one ramp: the instrument lost control of it, or the rate was changed"));
        }
        return new()
        {
            Index = index, File = file, VendorIndex = series.Find(ColumnNames.Cycle)?.Values[from] ?? double.NaN, Sweeps = sweeps, ScanRate = sweeps.Average(s => s.ScanRate), Anodic = anodic, Cathodic = cathodic,
            Polarisation = polarisation, PolarisationIrCorrected = Estimate.Withheld("no resistance is given"), Midpoint = midpoint, ChargeRatio = Ratio(series, from, to, up is not null && down is not null),
            Potential = series.Potential[from..(to + 1)].ToArray(), Current = series.Current[from..(to + 1)].ToArray(),
        };
    }

    private static double Span(TimeSeries series, Sweep s) => Math.Abs(series.Potential[s.Last] - series.Potential[s.First]);

    private static IReadOnlyList<VoltammetryPeak> Search(TimeSeries series, Sweep sweep, string path, List<Warning> warnings)
    {
        var curve = SweepCurve.Of(series, sweep);
        if (curve.Scatter > 0.1 * curve.Range) { warnings.Add(new(path, FormattableString.Invariant($"the current is erratic (it scatters by up to {1e3 * curve.Scatter:G3} mA from point to point): only what stands out ninefold is called a peak"))); }
        if (curve.Steps.Count > 0)
        {
            warnings.Add(new(path, FormattableString.Invariant($"the current jumps between two rows at {string.Join(", ", curve.Steps.Take(3).Select(s => FormattableString.Invariant($"{s.Potential:F3} V (by {1e3 * s.Current:G2} mA)")))}{(curve.Steps.Count > 3 ? $" and {curve.Steps.Count - 3} more places" : "")}, as when an instrument changes its range; the jumps are closed in the search for peaks")));
        }
        return PeakSearch.Of(curve);
    }

    /// <summary>All cathodic over all anodic charge of the cycle, whatever the direction of the sweep.</summary>
    private static double Ratio(TimeSeries s, int from, int to, bool both)
    {
        double anodic = 0, cathodic = 0;
        for (var i = from + 1; i <= to; i++)
        {
            var (dt, a, b) = (s.Time[i] - s.Time[i - 1], s.Current[i - 1], s.Current[i]);
            if (!(dt > 0) || !double.IsFinite(a) || !double.IsFinite(b)) { continue; }
            if (a * b >= 0) { anodic += Math.Max(0, 0.5 * (a + b) * dt); cathodic += Math.Max(0, -0.5 * (a + b) * dt); continue; }
            // The line crosses zero inside the interval.
            var split = a / (a - b);
            var (first, second) = (0.5 * a * split * dt, 0.5 * b * (1 - split) * dt);
            anodic += Math.Max(first, second);
            cathodic -= Math.Min(first, second);
        }
        return both && anodic > 0 ? cathodic / anodic : double.NaN;
    }
}
