using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>Powder diffraction: crystallinity, cells, sizes and the (003) verdict from a fit of the whole pattern.</summary>
public static class XrdAnalysis
{
    /// <summary>Fits a pattern.</summary>
    /// <exception cref="InputException">A file holds no powder pattern, the standard no LaB6, or both phases and candidates are named.</exception>
    public static XrdResult Analyse(Measurement measurement, XrdOptions? options = null)
    {
        options ??= new();
        ArgumentNullException.ThrowIfNull(measurement);
        var pattern = ScanChecks.Powder(measurement, options.Wavelength);
        var warnings = new List<Warning>(measurement.Warnings);
        var instrument = InstrumentProfile.Usual;
        if (options.Instrument is { } standard) { instrument = Calibrate(standard, options.Wavelength).Profile; }
        var (lines, spikes) = LineSearch.Find(pattern);
        var (from, to) = (Math.Max(PowderModel.AtWavelength(options.From, pattern.Wavelength), pattern.TwoTheta[0]), Math.Min(PowderModel.AtWavelength(options.To, pattern.Wavelength), pattern.TwoTheta[^1]));
        if (to - from < ScanChecks.LeastRange) { return LinesAlone(measurement, pattern, lines, spikes, instrument, warnings); }
        if (options.Instrument is null) { warnings.Add(new("phases", $"no line-profile standard was given; a usual instrument ({instrument.FullWidth(40):0.000}° at 40°) is assumed and sizes carry ±0.02° for it")); }
        if (pattern.Radius is null) { warnings.Add(new("displacement_um", "the file does not say the radius of the goniometer; 217.5 mm is taken")); }
        if ((pattern.TwoTheta[^1] - pattern.TwoTheta[0]) / (pattern.Count - 1) > 0.06) { warnings.Add(new("phases", "the step is coarse against the lines; widths are doubtful")); }
        var background = options.Background is null ? null : Smooth(ScanChecks.Powder(options.Background, options.Wavelength), pattern);
        var searched = options.Phases.Count == 0;
        if (!searched && options.Candidates.Count > 0) { throw new InputException("there are both phases to fit and candidates to search for", "--phases, --candidates", "give --phases for those to fit whatever the pattern shows, or --candidates for those to be found"); }
        IReadOnlyList<CrystalPhase> phases = searched ? XrdSearch.Among(pattern, options, instrument, background) : options.Phases;
        if (options.Standard is { } weighed && !phases.Any(p => p.Name == weighed.Phase.Name)) { phases = [.. phases, weighed.Phase]; }
        bool Halo() => options.Standard is not null || !phases.Any(p => p.Name is "LaB6");
        var halo = Halo();
        var fit = Refine(pattern, options, phases, instrument, background, halo);
        if (searched && phases.Count > 0 && !phases.Any(p => p.IsNiobateTantalate || p.Name == "LaB6") && XrdSearch.SeesCoating(fit))
        {
            phases = [.. phases, XrdSearch.Coating with { Tied = true }];
            fit = Refine(pattern, options, phases, instrument, background, halo);
        }
        if (searched && phases.Where((_, k) => fit.CellAtBound(k)).ToArray() is { Length: > 0 } wrong)
        {
            // The lines fit only a cell that the phase cannot have.
            phases = [.. phases.Except(wrong)];
            halo = Halo();
            fit = Refine(pattern, options, phases, instrument, background, halo);
        }
        if (searched && phases.Where((_, k) => !fit.HasRatios(k)).ToArray() is { Length: > 0 } unlike)
        {
            // Si would fix the height of the sample, and any phase take lines from the others.
            warnings.Add(new("phases", $"lines lie where those of {string.Join(" and ", unlike.Select(p => p.Name))} would, but not in the ratios of {(unlike.Length > 1 ? "their structures" : "its structure")}, and most of the pattern belongs to something else: {(unlike.Length > 1 ? "they are" : "it is")} not taken to be there"));
            phases = [.. phases.Except(unlike)];
            fit = Refine(pattern, options, phases, instrument, background, true);
        }
        var joint = fit;
        var breadths = phases.Select((_, k) => fit.DescribesPhase(k) ? WilliamsonHall.Of(fit, k, instrument) : null).ToArray();
        var strained = phases.Select((_, k) => WilliamsonHall.Strained(fit, k, breadths[k], instrument)).ToArray();
        if (phases.Select((_, k) => k).Where(k => fit.Has(PowderModel.FirstOf(k) + PowderModel.Strain) && !strained[k]).ToArray() is { Length: > 0 } plain) { fit = WithoutStrain(fit, plain); }
        lines = [.. LineOrigins.Of(lines, fit)];
        var (checks, coupled) = ScanChecks.Of(pattern, lines, spikes);
        warnings.AddRange(checks);
        var unknown = lines.Where(l => l.Unexplained).ToArray();
        var crystallinity = CrystallinityResult.Of(fit, phases, unknown, ScanChecks.Saturated(pattern), options.Standard, warnings);
        PreferredOrientation?[] orientations = [.. phases.Select((_, k) => fit.DescribesPhase(k) ? PreferredOrientation.Of(fit, k) : null)];
        var found = phases.Select((_, k) => PhaseResult.Of(fit, joint, k, breadths[k], strained[k], instrument, orientations, warnings)).ToArray();
        Estimate? amorphousShare = null;
        if (options.Standard is { } mixed)
        {
            (var glass, var shares) = mixed.Of(fit, orientations, warnings);
            amorphousShare = glass;
            InternalStandard.Compare(glass, crystallinity, warnings);
            found = [.. found.Select((p, k) => p with { ShareOfSample = shares[k] })];
        }
        foreach (var p in phases.Where((_, k) => fit.CellAtBound(k))) { warnings.Add(new("phases", $"the cell of {p.Name} ran to the end of what it may be (lengths {(p.HasB ? "1" : "1.5")} %, angles 1°): its lines are not there, or are those of another phase")); }
        foreach (var p in phases.Where(p => p.Derived)) { warnings.Add(new("phases", $"the structure taken for {p.Name} is {p.Source}")); }
        var absent = searched ? Absent(fit, options.Candidates, warnings) : [];
        if (found.Length == 1) { warnings.Add(new("phases.weightFraction", "there is one crystalline phase; how much of the mass is amorphous needs a weighed standard or the ends of a series")); }
        if (found.Length > 1 && fit.Unexplained > RefinedPattern.MostUnexplained / 2) { warnings.Add(new("phases.weightFraction", $"{100 * fit.Unexplained:0} % of what rises above the background belongs to no phase that was fitted")); }
        else if (found.Length > 1) { warnings.Add(new("phases.weightFraction", "shares of the crystalline mass, from line areas and calculated structure factors; 10 % of each (30 % of a derived structure) is added for texture, micro-absorption and the structure taken")); }
        if (options.Background is null && fit.Amplitudes[3] > 0 && crystallinity.HasValue && phases.Count > 0) { warnings.Add(new("crystallinity", "a holder of glass also gives a halo; if there is one, give its scan with --background")); }
        if (fit.Reduced > 3 && crystallinity.HasValue) { warnings.Add(new("crystallinity", $"the model misses part of the pattern (reduced χ² {fit.Reduced:0.0}): an unlisted phase, texture, a profile that is no Voigt or a subtracted background; errors are widened accordingly")); }
        if (unknown.Length > 0) { warnings.Add(new("lines", $"{(unknown.Length == 1 ? "one line belongs to no phase that was fitted, at" : $"{unknown.Length} lines belong to no phase that was fitted, the strongest at")} d = {unknown.MaxBy(l => l.Area.Value)!.Spacing.Value * 1e10:0.0000} Å; spacings are what to take to a database")); }
        var displacement = !coupled ? Estimate.Withheld("the scan is not θ–2θ")
            : !fit.Has(0) || phases.Count == 0 ? Estimate.Withheld("no lines of a fitted phase to place the sample by")
            : !found.Any(p => p.A.HasValue) ? Estimate.Withheld("the model does not describe the lines")
            : Estimate.Of(fit.P[0] * 1e-3, fit.Error(0) * 1e-3);
        if (!displacement.HasValue && coupled) { warnings.Add(new("displacement_um", displacement.Reason!)); }
        var calibrated = CrystallinityResult.Calibrated(fit, phases, options, instrument, warnings);
        var verdict = LineShift003.Of(pattern, fit, found, options, instrument, warnings);
        var model = fit.Model;
        var amorphous = model.Sum(fit.Columns[..PowderModel.FirstLine], fit.Amplitudes[..PowderModel.FirstLine]);
        return new(measurement.File, crystallinity, found, absent, displacement, verdict, instrument, fit.Reduced, fit.Fit.Iterations, fit.Fit.Stop,
            model.X, model.Y, model.Sum(fit.Columns, fit.Amplitudes), amorphous, warnings)
        {
            Lines = lines, CalibratedCrystallinity = calibrated, AmorphousShare = amorphousShare, Unexplained = fit.Unexplained, Described = fit.Describes && !(phases.Count == 0 && unknown.Length > 0),
            Areas = (fit.Of((c, a) => model.Areas(c, a).Lines), fit.Of((c, a) => model.Areas(c, a).Halo)),
        };
    }

    /// <summary>A scan too short for a fit of the whole pattern still has lines.</summary>
    private static XrdResult LinesAlone(Measurement measurement, Diffractogram pattern, IReadOnlyList<ObservedLine> lines, IReadOnlyList<double> spikes, InstrumentProfile instrument, List<Warning> warnings)
    {
        var why = $"the scan covers {pattern.TwoTheta[0]:0.0}–{pattern.TwoTheta[^1]:0.0}°{(pattern.ScanAxis is { } axis ? $" (scan axis {axis})" : "")}; the whole pattern can be fitted where at least {ScanChecks.LeastRange:0}° lie within the spacings of 10–80° of Cu Kα, and lines alone are given";
        warnings.AddRange(ScanChecks.Of(pattern, lines, spikes).Warnings.Where(w => w.Path != "displacement_um"));
        foreach (var path in new[] { "crystallinity.value", "phases", "displacement_um" }) { warnings.Add(new(path, why)); }
        var withheld = Estimate.Withheld(why);
        return new(measurement.File, withheld, [], [], withheld, null, instrument, double.NaN, 0, StopReason.NoFurtherDecrease, pattern.TwoTheta, pattern.Counts, [], [], warnings) { Lines = lines, Unexplained = double.NaN };
    }

    /// <summary>Shipped phases that were sought and not seen, and how little of each would have been.</summary>
    private static XrdAbsence[] Absent(RefinedPattern fit, IReadOnlyList<CrystalPhase> candidates, List<Warning> warnings)
    {
        var phases = fit.Model.Phases;
        var described = fit.Reduced <= 3 && !fit.Model.Y.Any(c => c < 0);
        var mass = Enumerable.Range(0, phases.Count).Sum(k => fit.Area(k, fit.Amplitudes) * fit.MassPerArea(phases[k]));
        var (lineArea, haloArea) = fit.Model.Areas(fit.Columns, fit.Amplitudes);
        var absent = CrystalPhase.All.Union(candidates).Where(p => !phases.Contains(p) && p.Name is not ("LaB6" or "Si" or "Al2O3" or "LiNbO3" or "LiTaO3") && !(p.IsNiobateTantalate && phases.Any(f => f.IsNiobateTantalate)))
            .Select(p => (Phase: p, Trace: described ? fit.Trace(p) : Estimate.Withheld("the pattern is not described")))
            .Select(a => (a.Phase, a.Trace, Limit: RefinedPattern.Limit(a.Trace)))
            .Select(a => new XrdAbsence(a.Phase, a.Limit, a.Limit * (lineArea + haloArea) * fit.MassPerArea(a.Phase) is var m && phases.Count > 0 ? m / (m + mass) : double.NaN) { Trace = a.Trace }).ToArray();
        if (!described && absent.Length > 0) { warnings.Add(new("phases.detectionLimit", "no detection limit can be given where the pattern is not described")); }
        foreach (var a in absent.Where(a => !double.IsNaN(a.Limit) && a.Phase.Name != "NMC532")) { warnings.Add(new("phases", $"{a.Phase.Name} is not seen; the detection limit is {100 * a.Limit:0.0} % of the pattern's area{(double.IsNaN(a.WeightLimit) ? "" : $", {100 * a.WeightLimit:0.0} % of the crystalline mass")}{(a.Trace.Value > 4 * a.Trace.StandardError ? FormattableString.Invariant($"; something is at its lines ({100 * a.Trace.Value:0.00} ± {100 * a.Trace.StandardError:0.00} %), too little to tell what: --phases has it fitted") : "")}")); }
        return absent;
    }

    /// <summary>Breadth of the instrument from a scan of LaB6, and the full width at half maximum of each of its lines.</summary>
    /// <exception cref="InputException">The scan is not one of LaB6.</exception>
    public static (InstrumentProfile Profile, IReadOnlyList<(double TwoTheta, double FullWidth)> Lines) Calibrate(Measurement standard, double? wavelength = null)
    {
        ArgumentNullException.ThrowIfNull(standard);
        var pattern = ScanChecks.Powder(standard, wavelength);
        var model = new PowderModel(pattern, 10, 90, [CrystalPhase.Find("LaB6")], null, null);
        InputException NoStandard() => new("the scan does not show the lines of LaB6", standard.File, "give a scan of a LaB6 line-profile standard");
        if (model.Lines.Length < 4 || model.Points < 200) { throw NoStandard(); }
        var displacement = BestDisplacement(model, false);
        var (start, lower, upper) = model.Bounds(false, false, true, displacement);
        var refined = Refined(model, start, lower, upper, false, 2, 40);
        double[] areas = refined.Amplitudes[PowderModel.FirstLine..];
        var strong = areas.Count(a => a > 0.02 * areas.Max());
        // Free lines find something to fit in any pattern; those of the standard are in its ratios, and little else is there.
        if (strong < 4 || refined.Missed(0) > RefinedPattern.MostUnexplained || refined.Likeness(0) < RefinedPattern.LeastLikeness) { throw NoStandard(); }
        InstrumentProfile At(double[] q) => new(q[model.FirstInstrument], q[model.FirstInstrument + 1], q[model.FirstInstrument + 2], q[model.FirstInstrument + 3]);
        var (near, far) = (model.FromCopper(30), Math.Min(model.FromCopper(80), model.X[^1]));
        var profile = At(refined.P) with
        {
            BreadthError = refined.OfParameters(q => At(q).FullWidth(0.5 * (near + far))).StandardError,
            SlopeError = refined.OfParameters(q => (At(q).FullWidth(far) - At(q).FullWidth(near)) / (Math.Tan(far * Math.PI / 360) - Math.Tan(near * Math.PI / 360))).StandardError,
        };
        return (profile, [.. Enumerable.Range(0, model.Lines.Length).Select(l => model.Line(l, refined.P, pattern.Wavelength).TwoTheta)
            .Where(t => t > model.X[0] && t < model.X[^1]).Select(t => (t, profile.FullWidth(t)))]);
    }

    /// <summary>Refines a pattern with given phases.</summary>
    internal static RefinedPattern Refine(Diffractogram pattern, XrdOptions options, IReadOnlyList<CrystalPhase> phases, InstrumentProfile instrument, double[]? background, bool halo)
    {
        var model = new PowderModel(pattern, options.From, options.To, phases, instrument, background);
        if (model.Points < 200) { throw new InputException($"fewer than 200 points lie within the spacings of {options.From}–{options.To}° 2θ of Cu Kα", "", "measure a wider or finer scan"); }
        var displacement = phases.Count == 0 ? 0 : BestDisplacement(model, halo);
        var (start, lower, upper) = model.Bounds(halo, phases.Count > 0, phases.Count > 0, displacement, phases.Count == 0 ? 0.1 : BestBreadth(model, displacement, halo));
        if (phases.Count == 0) { (lower[0], upper[0]) = (0, 0); }
        if (phases.Any(p => p.Name == "Si") && phases.Count > 1)
        {
            // An internal standard of known cell fixes the height of the sample for all.
            var q = PowderModel.FirstOf(phases.ToList().FindIndex(p => p.Name == "Si"));
            (lower[q], upper[q]) = (start[q], start[q]);
        }
        return Refined(model, start, lower, upper, halo, 2);
    }

    private static RefinedPattern Refined(PowderModel model, double[] start, double[] lower, double[] upper, bool halo, int passes, int iterations = 25)
    {
        var (fit, amplitudes, columns) = model.Fit(start, lower, upper, halo, passes, iterations);
        var (covariance, index, reduced) = model.Covariance(fit, amplitudes, lower, upper);
        return new(model, fit, amplitudes, columns, covariance, index, reduced) { Room = (lower, upper, halo) };
    }

    /// <summary>The same pattern with the breadth of some phases from their size alone; the strain that is not needed would widen the error of the size.</summary>
    private static RefinedPattern WithoutStrain(RefinedPattern fit, IReadOnlyList<int> phases)
    {
        var (start, lower, upper) = ((double[])fit.P.Clone(), (double[])fit.Room.Lower.Clone(), (double[])fit.Room.Upper.Clone());
        foreach (var q in phases.Select(k => PowderModel.FirstOf(k) + PowderModel.Strain)) { (start[q], lower[q], upper[q]) = (0, 0, 0); }
        return Refined(fit.Model, start, lower, upper, fit.Room.Halo, 1);
    }

    private static double BestDisplacement(PowderModel model, bool halo) => Best(model, halo, [.. Enumerable.Range(-5, 11).Select(i => 0.03 * i)], 0.15, (p, v) => p[0] = v);

    private static double BestBreadth(PowderModel model, double displacement, bool halo) => Best(model, halo, [0.01, 0.05, 0.15, 0.35, 0.8], 0.1, (p, v) =>
    {
        p[0] = displacement;
        for (var k = 0; k < model.Phases.Count; k++) { p[PowderModel.FirstOf(k) + PowderModel.Size] = v; }
    });

    private static double Best(PowderModel model, bool halo, double[] candidates, double breadth, Action<double[], double> set)
    {
        var columns = model.Allocate();
        var residual = new double[model.Points];
        return candidates.MinBy(v =>
        {
            var p = model.Bounds(halo, false, model.Instrument is null, 0, breadth).Start;
            set(p, v);
            model.Columns(p, columns);
            model.Residual(columns, model.Solve(columns, halo), residual);
            return residual.Sum(r => r * r);
        });
    }

    /// <summary>The empty holder on the sample's angles, smoothed over ±0.6° so that its noise is not added to the pattern.</summary>
    internal static double[] Smooth(Diffractogram background, Diffractogram pattern)
    {
        var smooth = SavitzkyGolay.Fit(background.TwoTheta, background.Counts, 0.6).Value;
        return Array.ConvertAll(pattern.TwoTheta, t =>
        {
            var i = Array.BinarySearch(background.TwoTheta, t);
            if (i >= 0) { return smooth[i]; }
            i = ~i;
            if (i <= 0) { return smooth[0]; }
            if (i >= smooth.Length) { return smooth[^1]; }
            var f = (t - background.TwoTheta[i - 1]) / (background.TwoTheta[i] - background.TwoTheta[i - 1]);
            return smooth[i - 1] + (f * (smooth[i] - smooth[i - 1]));
        });
    }
}
