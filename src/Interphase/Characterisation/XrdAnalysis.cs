using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>Powder diffraction: crystallinity, cells, sizes and the (003) verdict from a fit of the whole pattern.</summary>
public static class XrdAnalysis
{
    private const double ScherrerLeast = PowderModel.ScherrerK * Diffractogram.CopperAlpha1 / 200e-9;
    private const double MostUnexplained = 0.3;
    private const double Niobate = 13.8631e-10, Tantalate = 13.78351e-10;

    /// <summary>Fits a pattern.</summary>
    /// <exception cref="InputException">A file holds no pattern, the standard no LaB6, or both phases and candidates are named.</exception>
    public static XrdResult Analyse(Measurement measurement, XrdOptions? options = null)
    {
        options ??= new();
        var pattern = PatternOf(measurement);
        var warnings = new List<Warning>(measurement.Warnings);
        var instrument = InstrumentProfile.Usual;
        if (options.Instrument is { } standard) { instrument = Calibrate(standard).Profile; }
        else { warnings.Add(new("phases", $"no line-profile standard was given; a usual instrument ({instrument.FullWidth(40):0.000}° at 40°) is assumed and sizes carry ±0.02° for it")); }
        if (pattern.Radius is null) { warnings.Add(new("displacement_um", "the file does not say the radius of the goniometer; 217.5 mm is taken")); }
        if (pattern.TwoTheta.Length > 2 && (pattern.TwoTheta[^1] - pattern.TwoTheta[0]) / (pattern.Count - 1) > 0.06) { warnings.Add(new("phases", "the step is coarse against the lines; widths are doubtful")); }
        var background = options.Background is null ? null : Smooth(PatternOf(options.Background), pattern);
        var searched = options.Phases.Count == 0;
        if (!searched && options.Candidates.Count > 0) { throw new InputException("there are both phases to fit and candidates to search for", "--phases, --candidates", "give --phases for those to fit whatever the pattern shows, or --candidates for those to be found"); }
        IReadOnlyList<CrystalPhase> phases = searched ? XrdSearch.Among(pattern, options, instrument, background) : options.Phases;
        var halo = !phases.Any(p => p.Name is "LaB6");
        var fit = Refine(pattern, options, phases, instrument, background, halo);
        if (searched && phases.Count > 0 && !phases.Any(p => p.IsNiobateTantalate || p.Name == "LaB6") && XrdSearch.SeesCoating(fit))
        {
            phases = [.. phases, XrdSearch.Coating];
            fit = Refine(pattern, options, phases, instrument, background, halo);
        }
        if (searched && phases.Where((_, k) => fit.CellAtBound(k)).ToArray() is { Length: > 0 } wrong)
        {
            // The lines fit only a cell that the phase cannot have.
            phases = [.. phases.Except(wrong)];
            halo = !phases.Any(p => p.Name is "LaB6");
            fit = Refine(pattern, options, phases, instrument, background, halo);
        }
        var unexplained = fit.Unexplained;
        var crystallinity = Crystallinity(fit, phases, unexplained, warnings);
        var found = phases.Select((p, k) => PhaseOf(fit, k, instrument, options.Instrument is null, warnings)).ToArray();
        foreach (var p in phases.Where((_, k) => fit.CellAtBound(k))) { warnings.Add(new("phases", $"the cell of {p.Name} ran to the end of what it may be (1.5 %): its lines are not there, or are those of another phase")); }
        var described = fit.Reduced <= 3 && !fit.Model.Y.Any(c => c < 0);
        var mass = Enumerable.Range(0, phases.Count).Sum(k => fit.Area(k, fit.Amplitudes) * fit.MassPerArea(phases[k]));
        var (lineArea, haloArea) = fit.Model.Areas(fit.Columns, fit.Amplitudes);
        var absent = CrystalPhase.All.Concat(options.Candidates).Where(p => searched && !phases.Contains(p) && p.Name is not ("LaB6" or "Si" or "LiNbO3" or "LiTaO3") && !(p.IsNiobateTantalate && phases.Any(f => f.IsNiobateTantalate)))
            .Select(p => (Phase: p, Limit: described ? fit.DetectionLimit(p) : double.NaN))
            .Select(a => new XrdAbsence(a.Phase, a.Limit, a.Limit * (lineArea + haloArea) * fit.MassPerArea(a.Phase) is var m && phases.Count > 0 ? m / (m + mass) : double.NaN)).ToArray();
        if (!described && absent.Length > 0) { warnings.Add(new("phases.detectionLimit", "no detection limit can be given where the pattern is not described")); }
        foreach (var a in absent.Where(a => !double.IsNaN(a.Limit) && a.Phase.Name != "NMC532")) { warnings.Add(new("phases", $"{a.Phase.Name} is not seen; the detection limit is {100 * a.Limit:0.0} % of the pattern's area{(double.IsNaN(a.WeightLimit) ? "" : $", {100 * a.WeightLimit:0.0} % of the crystalline mass")}")); }
        if (found.Length == 1) { warnings.Add(new("phases.weightFraction", "there is one crystalline phase; how much of the mass is amorphous needs a weighed standard or the ends of a series")); }
        if (found.Length > 1 && unexplained > MostUnexplained / 2) { warnings.Add(new("phases.weightFraction", $"{100 * unexplained:0} % of what rises above the background belongs to no phase that was fitted")); }
        else if (found.Length > 1) { warnings.Add(new("phases.weightFraction", "shares of the crystalline mass, from line areas and calculated structure factors; 10 % of each is added for texture, micro-absorption and the structure taken")); }
        if (options.Background is null && fit.Amplitudes[3] > 0 && phases.Count > 0) { warnings.Add(new("crystallinity", "a holder of glass also gives a halo; if there is one, give its scan with --background")); }
        if (fit.Reduced > 3) { warnings.Add(new("crystallinity", $"the model misses part of the pattern (reduced χ² {fit.Reduced:0.0}): an unlisted phase, texture or a subtracted background; errors are widened accordingly")); }
        var displacement = fit.Has(0) && phases.Count > 0 ? Estimate.Of(fit.P[0] * 1e-3, fit.Error(0) * 1e-3) : Estimate.Withheld("no lines to place the sample by");
        if (!displacement.HasValue) { warnings.Add(new("displacement_um", displacement.Reason!)); }
        var calibrated = Calibrated(fit, phases, options, instrument, background, warnings);
        var verdict = Verdict(measurement, pattern, fit, found, options, instrument, warnings);
        var model = fit.Model;
        var amorphous = model.Sum(fit.Columns[..PowderModel.FirstLine], fit.Amplitudes[..PowderModel.FirstLine]);
        return new(measurement.File, crystallinity, found, absent, displacement, verdict, instrument, fit.Reduced, fit.Fit.Iterations, fit.Fit.Stop,
            model.X, model.Y, model.Sum(fit.Columns, fit.Amplitudes), amorphous, warnings)
        {
            CalibratedCrystallinity = calibrated, Unexplained = unexplained,
            Areas = (fit.Of((c, a) => model.Areas(c, a).Lines), fit.Of((c, a) => model.Areas(c, a).Halo)),
        };
    }

    /// <summary>Breadth of the instrument from a scan of LaB6, and the full width at half maximum of each of its lines.</summary>
    /// <exception cref="InputException">The scan is not one of LaB6.</exception>
    public static (InstrumentProfile Profile, IReadOnlyList<(double TwoTheta, double FullWidth)> Lines) Calibrate(Measurement standard)
    {
        ArgumentNullException.ThrowIfNull(standard);
        var pattern = PatternOf(standard);
        var model = new PowderModel(pattern, Math.Max(10, pattern.TwoTheta[0]), Math.Min(90, pattern.TwoTheta[^1]), [CrystalPhase.Find("LaB6")], null, null);
        var displacement = BestDisplacement(model, false);
        var (start, lower, upper) = model.Bounds(false, false, true, displacement);
        var (fit, amplitudes, _) = model.Fit(start, lower, upper, false, 2, 40);
        var strong = amplitudes.Skip(PowderModel.FirstLine).Count(a => a > 0.02 * amplitudes.Skip(PowderModel.FirstLine).Max());
        if (strong < 4) { throw new InputException("the scan does not show the lines of LaB6", standard.File, "give a scan of a LaB6 line-profile standard"); }
        var p = fit.Parameters.AsSpan(model.FirstInstrument, 4);
        var profile = new InstrumentProfile(p[0], p[1], p[2], p[3]);
        return (profile, [.. Enumerable.Range(0, model.Lines.Length).Select(l => model.Line(l, fit.Parameters, pattern.Wavelength).TwoTheta)
            .Where(t => t > model.X[0] && t < model.X[^1]).Select(t => (t, profile.FullWidth(t)))]);
    }

    private static Diffractogram PatternOf(Measurement m) => m.Diffractogram ?? throw new InputException("the file holds no powder pattern", m.File, "name an X-ray scan (.xy, .xye, .xrdml, .raw, .brml, .rasx, .uxd)");

    private static RefinedPattern Refine(Diffractogram pattern, XrdOptions options, IReadOnlyList<CrystalPhase> phases, InstrumentProfile instrument, double[]? background, bool halo)
    {
        var model = new PowderModel(pattern, options.From, options.To, phases, instrument, background);
        if (model.Points < 200) { throw new InputException($"fewer than 200 points lie in {options.From}–{options.To}° 2θ", "", "measure a wider or finer scan"); }
        var displacement = phases.Count == 0 ? 0 : BestDisplacement(model, halo);
        var (start, lower, upper) = model.Bounds(halo, phases.Count > 0, phases.Count > 0, displacement, phases.Count == 0 ? 0.1 : BestBreadth(model, displacement, halo));
        if (phases.Count == 0) { (lower[0], upper[0]) = (0, 0); }
        if (phases.Any(p => p.Name == "Si") && phases.Count > 1)
        {
            // An internal standard of known cell fixes the height of the sample for all.
            var q = PowderModel.Common + (PowderModel.PerPhase * phases.ToList().FindIndex(p => p.Name == "Si"));
            (lower[q], upper[q]) = (start[q], start[q]);
        }
        var (fit, amplitudes, columns) = model.Fit(start, lower, upper, halo);
        var (covariance, index, reduced) = model.Covariance(fit, amplitudes, lower, upper);
        return new(model, fit, amplitudes, columns, covariance, index, reduced);
    }

    private static double BestDisplacement(PowderModel model, bool halo) => Best(model, halo, [.. Enumerable.Range(-5, 11).Select(i => 0.03 * i)], 0.15, (p, v) => p[0] = v);

    private static double BestBreadth(PowderModel model, double displacement, bool halo) => Best(model, halo, [0.01, 0.05, 0.15, 0.35, 0.8], 0.1, (p, v) =>
    {
        p[0] = displacement;
        for (var k = 0; k < model.Phases.Count; k++) { p[PowderModel.Common + (PowderModel.PerPhase * k) + 2] = v; }
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

    private static Estimate Crystallinity(RefinedPattern fit, IReadOnlyList<CrystalPhase> phases, double unexplained, List<Warning> warnings)
    {
        if (fit.Model.Y.Any(c => c < 0))
        {
            warnings.Add(new("crystallinity.value", "a background was subtracted from the counts, and the halo with it"));
            return Estimate.Withheld("a background was subtracted from the counts");
        }
        if (phases.Count == 0 && fit.Reduced > 2)
        {
            warnings.Add(new("crystallinity.value", $"the pattern is neither amorphous (reduced χ² {fit.Reduced:0.0} without lines) nor of a shipped phase; name its phases with --phases, as a CIF where they are not shipped"));
            return Estimate.Withheld("lines of no shipped phase");
        }
        if (unexplained > MostUnexplained)
        {
            warnings.Add(new("crystallinity.value", $"{100 * unexplained:0} % of what rises above the background belongs to no phase that was fitted; name the phases with --phases, as a CIF where they are not shipped"));
            return Estimate.Withheld("lines of phases that were not fitted");
        }
        if (phases.Count == 0)
        {
            var limit = fit.DetectionLimit(XrdSearch.Coating);
            warnings.Add(new("crystallinity", $"no phase is seen; crystalline Li(Nb,Ta)O3 with grains of 15 nm would be seen above {limit:0.000}"));
            return new(0, limit / 3, 0, 1.96 * limit / 3);
        }
        var e = fit.Of((columns, amplitudes) => fit.Model.Areas(columns, amplitudes) is var (lines, halo) ? lines / (lines + halo) : 0);
        return e with { Lower95 = Math.Max(0, e.Lower95), Upper95 = Math.Min(1, e.Upper95) };
    }

    /// <summary>
    /// Hermans and Weidinger: between the ends of the series the area of the lines falls by k for each unit the halo gains, so that the
    /// crystalline fraction is A_lines/(A_lines + k·A_halo), whatever the two states scatter. It needs scans of equal mass, area and time.
    /// </summary>
    private static Estimate Calibrated(RefinedPattern fit, IReadOnlyList<CrystalPhase> phases, XrdOptions options, InstrumentProfile instrument, double[]? background, List<Warning> warnings)
    {
        if (options.Amorphous is null && options.Crystalline is null) { return Estimate.Withheld("no amorphous and crystalline ends were given"); }
        if (options.Amorphous is null || options.Crystalline is null) { throw new InputException("one end of the calibration is missing", "--amorphous, --crystalline", "give the scan of a fully amorphous and of a fully crystalline powder"); }
        var used = phases.Count > 0 ? phases : [XrdSearch.Coating];
        RefinedPattern End(Measurement m, IReadOnlyList<CrystalPhase> p) => Refine(PatternOf(m), options, p, instrument, options.Background is null ? null : Smooth(PatternOf(options.Background), PatternOf(m)), true);
        var (low, high) = (End(options.Amorphous, []), End(options.Crystalline, used));
        static Estimate Lines(RefinedPattern r) => r.Of((c, a) => r.Model.Areas(c, a).Lines);
        static Estimate Halo(RefinedPattern r) => r.Of((c, a) => r.Model.Areas(c, a).Halo);
        var (l, h, h0, l1, h1) = (Lines(fit), Halo(fit), Halo(low), Lines(high), Halo(high));
        if (!(h0.Value - h1.Value > 3 * Math.Sqrt((h0.StandardError * h0.StandardError) + (h1.StandardError * h1.StandardError))))
        {
            warnings.Add(new("crystallinity.calibrated", "the halo of the amorphous end does not exceed that of the crystalline end: the scans are not of one series"));
            return Estimate.Withheld("the ends are not of one series");
        }
        static double X(double l, double h, double h0, double l1, double h1) => l1 / (h0 - h1) is var k ? l / (l + (k * h)) : 0;
        double[] at = [l.Value, h.Value, h0.Value, l1.Value, h1.Value];
        double[] error = [l.StandardError, h.StandardError, h0.StandardError, l1.StandardError, h1.StandardError];
        var x = X(at[0], at[1], at[2], at[3], at[4]);
        var variance = 0.0;
        for (var i = 0; i < at.Length; i++)
        {
            var moved = (double[])at.Clone();
            moved[i] += Math.Max(error[i], 1e-9);
            variance += Math.Pow(X(moved[0], moved[1], moved[2], moved[3], moved[4]) - x, 2);
        }
        var between = (l.Value + (l1.Value / (h0.Value - h1.Value) * h.Value)) / (l1.Value / (h0.Value - h1.Value) * h0.Value);
        if (between is < 0.9 or > 1.1) { warnings.Add(new("crystallinity.calibrated", $"the pattern lies {100 * (between - 1):0} % off the line between its ends: mass, illuminated area or time were not the same")); }
        var e = Estimate.Of(x, Math.Sqrt(variance));
        return e with { Lower95 = Math.Max(0, e.Lower95), Upper95 = Math.Min(1, e.Upper95) };
    }

    private static XrdPhase PhaseOf(RefinedPattern fit, int k, InstrumentProfile instrument, bool assumed, List<Warning> warnings)
    {
        var phase = fit.Model.Phases[k];
        var q = PowderModel.Common + (PowderModel.PerPhase * k);
        Estimate Cell(int i) => fit.Has(q + i) ? Estimate.Of(fit.P[q + i] * 1e-10, fit.Error(q + i) * 1e-10) : Estimate.WithoutError(fit.P[q + i] * 1e-10, "held at the cell of the standard");
        var a = Cell(0);
        var c = phase.Cubic ? a : phase.Cell is null ? Cell(1) : a.Scaled(phase.C / phase.A);
        var breadth = fit.P[q + 2];
        var error = fit.Error(q + 2);
        if (assumed) { error = Math.Sqrt((error * error) + 4e-4); }
        var reference = instrument.FullWidth(40);
        // Above 200 nm what the instrument's calibration leaves open exceeds the effect.
        var resolvable = breadth > 0.15 * reference && breadth > 3 * error && breadth * Math.PI / 180 > ScherrerLeast;
        var size = Estimate.Withheld("the lines are hardly wider than the instrument's");
        if (resolvable)
        {
            var length = PowderModel.ScherrerK * Diffractogram.CopperAlpha1 / (breadth * Math.PI / 180);
            size = new(length, length * error / breadth, length / (1 + (1.96 * error / breadth)), breadth > 1.96 * error ? length / (1 - (1.96 * error / breadth)) : double.NaN);
        }
        else { warnings.Add(new("phases.size_nm", $"the size of {phase.Name} is not resolvable: its lines are hardly wider than the instrument's (size above 200 nm, or too weak)")); }
        var strain = fit.Has(q + 3) ? Estimate.Of(fit.P[q + 3] * Math.PI / 720, fit.Error(q + 3) * Math.PI / 720) : new Estimate(0, double.NaN, double.NaN, double.NaN, "no strain is needed");
        var tantalum = phase.IsNiobateTantalate ? Estimate.Of((Niobate - c.Value) / (Niobate - Tantalate), c.StandardError / (Niobate - Tantalate)) : Estimate.Withheld("not a solid solution of niobate and tantalate");
        double Total(double[] amplitudes) => Enumerable.Range(0, fit.Model.Phases.Count).Sum(j => fit.Area(j, amplitudes));
        var (lines, halo) = fit.Model.Areas(fit.Columns, fit.Amplitudes);
        return new(phase, a, c, size, strain, resolvable, tantalum, fit.Of((_, amplitudes) => fit.Area(k, amplitudes) / Total(amplitudes)))
        {
            WeightFraction = WeightFraction(fit, k), DetectionLimit = 3 * fit.Of((_, amplitudes) => fit.Area(k, amplitudes)).StandardError / (lines + halo),
        };
    }

    /// <summary>Area over structure factors gives mass; a tenth is added for texture, micro-absorption and the structure taken.</summary>
    private static Estimate WeightFraction(RefinedPattern fit, int k)
    {
        const double doubt = 0.1;
        if (fit.Unexplained > MostUnexplained / 2) { return Estimate.Withheld("part of the pattern belongs to phases that were not fitted"); }
        if (fit.Model.Phases.Count < 2) { return Estimate.Withheld("one crystalline phase alone; the amorphous part needs a weighed standard"); }
        var mass = fit.Model.Phases.Select(fit.MassPerArea).ToArray();
        if (mass.Any(m => !double.IsFinite(m))) { return Estimate.Withheld("a phase has no line in the window"); }
        var w = fit.Of((_, amplitudes) => fit.Area(k, amplitudes) * mass[k] / mass.Select((m, j) => m * fit.Area(j, amplitudes)).Sum());
        var e = Estimate.Of(w.Value, Math.Sqrt((w.StandardError * w.StandardError) + Math.Pow(Math.Sqrt(2) * doubt * w.Value * (1 - w.Value), 2)));
        return e with { Lower95 = Math.Max(0, e.Lower95), Upper95 = Math.Min(1, e.Upper95) };
    }

    private static Verdict003? Verdict(Measurement measurement, Diffractogram pattern, RefinedPattern fit, XrdPhase[] found, XrdOptions options, InstrumentProfile instrument, List<Warning> warnings)
    {
        if (Array.FindIndex(found, p => p.Phase.Name == "NMC532") is not (>= 0 and var k)) { return null; }
        if (options.Reference is null)
        {
            warnings.Add(new("verdict003", "whether (003) moved is judged against the bare powder; give its scan with --reference"));
            return null;
        }
        var bare = PatternOf(options.Reference);
        var reference = Refine(bare, options with { Background = null }, [CrystalPhase.Find("NMC532")], instrument, null, true);
        var q = PowderModel.Common + (PowderModel.PerPhase * k);
        var q0 = PowderModel.Common;
        var delta = (fit.P[q + 1] - reference.P[q0 + 1]) * 1e-10;
        var error = Math.Sqrt(Math.Pow(fit.Error(q + 1), 2) + Math.Pow(reference.Error(q0 + 1), 2)) * 1e-10;
        var line = Array.FindIndex(fit.Model.Lines, l => l.Phase == k && (l.H, l.K, l.L) == (0, 0, 3));
        var line0 = Array.FindIndex(reference.Model.Lines, l => (l.H, l.K, l.L) == (0, 0, 3));
        var apparent = fit.Model.Line(line, fit.P, pattern.Wavelength).TwoTheta - reference.Model.Line(line0, reference.P, bare.Wavelength).TwoTheta;
        var lattice = fit.Model.Angle(fit.P[q + 1] * 1e-10 / 3) - reference.Model.Angle(reference.P[q0 + 1] * 1e-10 / 3);
        var moved = Math.Abs(delta) > 3 * error && Math.Abs(delta) > 0.002e-10;
        return new(moved, Estimate.Of(delta, error), Math.Abs(delta) + (1.645 * error), apparent, apparent - lattice);
    }

    /// <summary>The empty holder on the sample's angles, smoothed over ±0.6° so that its noise is not added to the pattern.</summary>
    private static double[] Smooth(Diffractogram background, Diffractogram pattern)
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
