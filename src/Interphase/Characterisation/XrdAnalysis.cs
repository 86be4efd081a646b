using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>How a pattern is analysed.</summary>
public sealed record XrdOptions
{
    /// <summary>Phases to fit; empty searches the shipped ones.</summary>
    public IReadOnlyList<CrystalPhase> Phases { get; init; } = [];

    /// <summary>A scan of LaB6, for the breadth of the instrument; null takes a usual one.</summary>
    public Measurement? Instrument { get; init; }

    /// <summary>A scan of the empty holder, counted for the same time.</summary>
    public Measurement? Background { get; init; }

    /// <summary>The bare powder that the (003) verdict compares with.</summary>
    public Measurement? Reference { get; init; }

    /// <summary>First angle of the window in which crystallinity is stated, degrees.</summary>
    public double From { get; init; } = 10;

    /// <summary>Last angle, degrees.</summary>
    public double To { get; init; } = 80;
}

/// <summary>A phase as refined: lattice parameters in m, size in m, strain as a fraction.</summary>
public sealed record XrdPhase(CrystalPhase Phase, Estimate A, Estimate C, Estimate Size, Estimate Strain, bool Resolvable, Estimate TantalumFraction, Estimate ShareOfLines);

/// <summary>Whether the (003) spacing differs from that of the bare powder.</summary>
/// <param name="Moved">True where |Δc| exceeds three standard errors and 0.002 Å.</param>
/// <param name="DeltaC">c minus c of the bare powder, m.</param>
/// <param name="UpperBound95">What |Δc| does not exceed at 95 %, m.</param>
/// <param name="ApparentShift">Shift of the (003) line as seen, degrees 2θ.</param>
/// <param name="DisplacementShift">The part of it that the height of the sample explains, degrees.</param>
public sealed record Verdict003(bool Moved, Estimate DeltaC, double UpperBound95, double ApparentShift, double DisplacementShift);

/// <summary>What a powder pattern says.</summary>
public sealed record XrdResult(string File, Estimate Crystallinity, IReadOnlyList<XrdPhase> Phases, IReadOnlyList<(CrystalPhase Phase, double Limit)> Absent, Estimate Displacement, Verdict003? Verdict,
    InstrumentProfile Instrument, double ReducedChiSquared, int Iterations, LeastSquaresStop Stop, double[] TwoTheta, double[] Observed, double[] Calculated, double[] Amorphous, IReadOnlyList<Warning> Warnings);

/// <summary>Powder diffraction: crystallinity, cells, sizes and the (003) verdict from a fit of the whole pattern.</summary>
public static class XrdAnalysis
{
    private const double ScherrerLeast = PowderModel.ScherrerK * Diffractogram.CopperAlpha1 / 200e-9;
    private const double Niobate = 13.8631e-10, Tantalate = 13.78351e-10;

    /// <summary>Fits a pattern.</summary>
    /// <exception cref="InputException">A file holds no pattern, or the standard no LaB6.</exception>
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
        var phases = options.Phases.Count > 0 ? options.Phases : Search(pattern, options, instrument, background);
        var halo = !phases.Any(p => p.Name is "LaB6");
        var fit = Refine(pattern, options, phases, instrument, background, halo);
        if (options.Phases.Count == 0 && phases.Count > 0 && !phases.Any(p => p.IsNiobateTantalate || p.Name == "LaB6") && SeesCoating(fit))
        {
            phases = [.. phases, Coating];
            fit = Refine(pattern, options, phases, instrument, background, halo);
        }
        var crystallinity = Crystallinity(fit, phases, warnings);
        var found = phases.Select((p, k) => PhaseOf(fit, k, instrument, options.Instrument is null, warnings)).ToArray();
        var absent = CrystalPhase.All.Where(p => options.Phases.Count == 0 && p.Name == "LiNb0.5Ta0.5O3" && !phases.Contains(p))
            .Select(p => (p, fit.Reduced > 3 || fit.Model.Y.Any(c => c < 0) ? double.NaN : DetectionLimit(fit, p))).ToArray();
        foreach (var a in absent.Where(a => double.IsNaN(a.Item2))) { warnings.Add(new("phases.detectionLimit", "no detection limit can be given where the pattern is not described")); }
        foreach (var a in absent.Where(a => !double.IsNaN(a.Item2))) { warnings.Add(new("phases", $"{a.p.Name} is not seen; the detection limit is {100 * a.Item2:0.0} % of the pattern's area")); }
        if (found.Length > 0) { warnings.Add(new("phases.weightFraction", "weight fractions need scattering factors or a weighed standard; the share of the line area is given instead")); }
        if (options.Background is null && fit.Amplitudes[3] > 0 && phases.Count > 0) { warnings.Add(new("crystallinity", "a holder of glass also gives a halo; if there is one, give its scan with --background")); }
        if (fit.Reduced > 3) { warnings.Add(new("crystallinity", $"the model misses part of the pattern (reduced χ² {fit.Reduced:0.0}): an unlisted phase, texture or a subtracted background; errors are widened accordingly")); }
        var displacement = fit.Has(0) && phases.Count > 0 ? Estimate.Of(fit.P[0] * 1e-3, fit.Error(0) * 1e-3) : Estimate.Withheld("no lines to place the sample by");
        if (!displacement.HasValue) { warnings.Add(new("displacement_um", displacement.Reason!)); }
        var verdict = Verdict(measurement, pattern, fit, found, options, instrument, warnings);
        var model = fit.Model;
        var amorphous = model.Sum(fit.Columns[..PowderModel.FirstLine], fit.Amplitudes[..PowderModel.FirstLine]);
        return new(measurement.File, crystallinity, found, absent, displacement, verdict, instrument, fit.Reduced, fit.Fit.Iterations, fit.Fit.Stop,
            model.X, model.Y, model.Sum(fit.Columns, fit.Amplitudes), amorphous, warnings);
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

    private sealed record Refined(PowderModel Model, LeastSquaresFit Fit, double[] Amplitudes, double[][] Columns, double[,] Covariance, int[] Index, double Reduced)
    {
        public double[] P => Fit.Parameters;
        public bool Has(int parameter) => Array.IndexOf(Index, parameter) >= 0;
        public double Error(int parameter) => Array.IndexOf(Index, parameter) is >= 0 and var i ? Math.Sqrt(Covariance[i, i]) : double.NaN;
    }

    private static Diffractogram PatternOf(Measurement m) => m.Diffractogram ?? throw new InputException("the file holds no powder pattern", m.File, "name an X-ray scan (.xy, .xye, .xrdml, .raw, .rasx)");

    private static Refined Refine(Diffractogram pattern, XrdOptions options, IReadOnlyList<CrystalPhase> phases, InstrumentProfile instrument, double[]? background, bool halo)
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

    private static readonly CrystalPhase Coating = CrystalPhase.Find("LiNb0.5Ta0.5O3");

    /// <summary>Whether a weak Li(Nb,Ta)O3 beside strong lines lowers χ² by more than 40 times its present level, with calculated intensities.</summary>
    private static bool SeesCoating(Refined fit)
    {
        foreach (var breadth in new[] { 0.1, 0.25, 0.6 })
        {
            var column = PatternOfPhase(fit, Coating, breadth);
            var (error, value) = Amplitude(fit, column);
            if (value > Math.Sqrt(40) * error) { return true; }
        }
        return false;
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

    /// <summary>Adds shipped phases one by one while each, with calculated relative intensities, lowers χ² beyond doubt.</summary>
    private static List<CrystalPhase> Search(Diffractogram pattern, XrdOptions options, InstrumentProfile instrument, double[]? background)
    {
        var chosen = new List<CrystalPhase>();
        var candidates = CrystalPhase.All.Where(p => p.Name is not ("LiNbO3" or "LiTaO3")).ToList();
        double Misfit(IReadOnlyList<CrystalPhase> phases, double breadth, double displacement, out double smallest)
        {
            var model = new PowderModel(pattern, options.From, options.To, phases, instrument, background, fixedIntensities: true);
            var p = model.Bounds(true, false, false, displacement, breadth).Start;
            var columns = model.Allocate();
            model.Columns(p, columns);
            var a = model.Solve(columns);
            var residual = new double[model.Points];
            model.Residual(columns, a, residual);
            smallest = phases.Count == 0 ? 0 : a.Skip(PowderModel.FirstLine).Min();
            return residual.Sum(r => r * r);
        }

        while (candidates.Count > 0)
        {
            var before = new[] { 0.02, 0.1, 0.4 }.SelectMany(b => new[] { -0.09, 0, 0.09 }.Select(d => Misfit(chosen, b, d, out _))).Min();
            (CrystalPhase? Phase, double Misfit) best = (null, before);
            foreach (var candidate in candidates)
            {
                foreach (var breadth in new[] { 0.02, 0.1, 0.4 })
                {
                    foreach (var displacement in new[] { -0.09, 0, 0.09 })
                    {
                        var misfit = Misfit([.. chosen, candidate], breadth, displacement, out var smallest);
                        if (smallest > 0 && misfit < best.Misfit) { best = (candidate, misfit); }
                    }
                }
            }
            // Misfit that is already there counts as noise; twelve standard deviations leave room for texture.
            var floor = Math.Max(1, best.Misfit / pattern.Count);
            if (best.Phase is null || before - best.Misfit < 150 * floor || before - best.Misfit < 0.02 * before) { break; }
            chosen.Add(best.Phase);
            candidates.Remove(best.Phase);
        }
        return chosen;
    }

    private static Estimate Crystallinity(Refined fit, IReadOnlyList<CrystalPhase> phases, List<Warning> warnings)
    {
        if (fit.Model.Y.Any(c => c < 0))
        {
            warnings.Add(new("crystallinity.value", "a background was subtracted from the counts, and the halo with it"));
            return Estimate.Withheld("a background was subtracted from the counts");
        }
        if (phases.Count == 0 && fit.Reduced > 2)
        {
            warnings.Add(new("crystallinity.value", $"the pattern is neither amorphous (reduced χ² {fit.Reduced:0.0} without lines) nor of a shipped phase; name the phase with --phases if it is one of them"));
            return Estimate.Withheld("lines of no shipped phase");
        }
        if (phases.Count == 0)
        {
            var limit = DetectionLimit(fit, CrystalPhase.Find("LiNb0.5Ta0.5O3"));
            warnings.Add(new("crystallinity", $"no phase is seen; crystalline Li(Nb,Ta)O3 with grains of 15 nm would be seen above {limit:0.000}"));
            return new(0, limit / 3, 0, 1.96 * limit / 3);
        }
        var model = fit.Model;
        double Index(double[][] columns, double[] amplitudes)
        {
            var (lines, halo) = model.Areas(columns, amplitudes);
            return lines / (lines + halo);
        }

        var value = Index(fit.Columns, fit.Amplitudes);
        var m = fit.Index.Length;
        var gradient = new double[m];
        var scratch = model.Allocate();
        for (var k = 0; k < m; k++)
        {
            var i = fit.Index[k];
            if (i < fit.P.Length)
            {
                var h = 1e-3 * Math.Max(Math.Abs(fit.P[i]), 1e-3);
                var p = (double[])fit.P.Clone();
                p[i] += h;
                model.Columns(p, scratch);
                gradient[k] = (Index(scratch, fit.Amplitudes) - value) / h;
            }
            else
            {
                var a = (double[])fit.Amplitudes.Clone();
                var h = 1e-4 * a[i - fit.P.Length];
                a[i - fit.P.Length] += h;
                gradient[k] = (Index(fit.Columns, a) - value) / h;
            }
        }
        var variance = 0.0;
        for (var j = 0; j < m; j++)
        {
            for (var k = 0; k < m; k++) { variance += gradient[j] * fit.Covariance[j, k] * gradient[k]; }
        }
        var e = Estimate.Of(value, Math.Sqrt(Math.Max(variance, 0)));
        return e with { Lower95 = Math.Max(0, e.Lower95), Upper95 = Math.Min(1, e.Upper95) };
    }

    /// <summary>Three standard errors of the share of the pattern's area that a phase of 15 nm grains would have.</summary>
    private static double DetectionLimit(Refined fit, CrystalPhase phase)
    {
        var error = Amplitude(fit, PatternOfPhase(fit, phase, 0.55)).Error;
        var (lines, halo) = fit.Model.Areas(fit.Columns, fit.Amplitudes);
        return lines + halo > 0 ? 3 * error / (lines + halo) : double.NaN;
    }

    /// <summary>A phase with calculated intensities at the refined displacement, of unit area.</summary>
    private static double[] PatternOfPhase(Refined fit, CrystalPhase phase, double breadth)
    {
        var column = new double[fit.Model.Points];
        var weight = phase.Lines.Sum(l => l.Intensity);
        foreach (var (h, k, l, intensity) in phase.Lines)
        {
            var at = fit.Model.Displaced(phase.Spacing(h, k, l, phase.A, phase.C), fit.P[0]);
            for (var i = 0; i < column.Length; i++) { column[i] += intensity / weight * Faddeeva.Voigt(fit.Model.X[i] - at, 0.07, breadth); }
        }
        return column;
    }

    /// <summary>Amplitude of one more column beside everything that is in use, and its standard error.</summary>
    private static (double Error, double Value) Amplitude(Refined fit, double[] extra)
    {
        var used = Enumerable.Range(0, fit.Columns.Length).Where(j => fit.Amplitudes[j] != 0).Select(j => fit.Columns[j]).Append(extra).ToArray();
        var model = fit.Model.Sum(fit.Columns, fit.Amplitudes);
        var a = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(extra.Length, used.Length, (i, j) => used[j][i] / Math.Sqrt(Math.Max(model[i], 1)));
        var b = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(extra.Length, i => fit.Model.Y[i] / Math.Sqrt(Math.Max(model[i], 1)));
        var inverse = a.TransposeThisAndMultiply(a).PseudoInverse();
        var x = inverse * a.TransposeThisAndMultiply(b);
        return (Math.Sqrt(Math.Max(inverse[used.Length - 1, used.Length - 1], 0) * Math.Max(1, fit.Reduced)), x[used.Length - 1]);
    }

    private static XrdPhase PhaseOf(Refined fit, int k, InstrumentProfile instrument, bool assumed, List<Warning> warnings)
    {
        var phase = fit.Model.Phases[k];
        var q = PowderModel.Common + (PowderModel.PerPhase * k);
        Estimate Cell(int i) => fit.Has(q + i) ? Estimate.Of(fit.P[q + i] * 1e-10, fit.Error(q + i) * 1e-10) : Estimate.WithoutError(fit.P[q + i] * 1e-10, "held at the cell of the standard");
        var a = Cell(0);
        var c = phase.Cubic ? a : Cell(1);
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
        var total = Enumerable.Range(0, fit.Model.Lines.Length).Sum(l => fit.Amplitudes[PowderModel.FirstLine + l]);
        var own = Enumerable.Range(0, fit.Model.Lines.Length).Where(l => fit.Model.Lines[l].Phase == k).Sum(l => fit.Amplitudes[PowderModel.FirstLine + l]);
        return new(phase, a, c, size, strain, resolvable, tantalum, Estimate.WithoutError(own / total, "share of the line area"));
    }

    private static Verdict003? Verdict(Measurement measurement, Diffractogram pattern, Refined fit, XrdPhase[] found, XrdOptions options, InstrumentProfile instrument, List<Warning> warnings)
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

    /// <summary>The contract's keys and units.</summary>
    public static object Contract(this XrdResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            file = r.File,
            crystallinity = new { value = r.Crystallinity.Value, standardError = r.Crystallinity.StandardError, lower95 = r.Crystallinity.Lower95, upper95 = r.Crystallinity.Upper95 },
            phases = r.Phases.Select(p => new
            {
                name = p.Phase.Name, a_A = p.A.Value * 1e10, aStandardError = p.A.StandardError * 1e10, c_A = p.C.Value * 1e10, cStandardError = p.C.StandardError * 1e10,
                size_nm = p.Size.Value * 1e9, sizeStandardError = p.Size.StandardError * 1e9, sizeLower95_nm = p.Size.Lower95 * 1e9, sizeUpper95_nm = p.Size.Upper95 * 1e9, resolvable = p.Resolvable,
                strain = p.Strain.Value, strainStandardError = p.Strain.StandardError, tantalumFraction = p.TantalumFraction.Value, tantalumFractionStandardError = p.TantalumFraction.StandardError,
                weightFraction = double.NaN, shareOfLines = p.ShareOfLines.Value, detectionLimit = double.NaN,
            }).Concat(r.Absent.Select(a => new
            {
                name = a.Phase.Name, a_A = double.NaN, aStandardError = double.NaN, c_A = double.NaN, cStandardError = double.NaN,
                size_nm = double.NaN, sizeStandardError = double.NaN, sizeLower95_nm = double.NaN, sizeUpper95_nm = double.NaN, resolvable = false,
                strain = double.NaN, strainStandardError = double.NaN, tantalumFraction = double.NaN, tantalumFractionStandardError = double.NaN,
                weightFraction = double.NaN, shareOfLines = 0.0, detectionLimit = a.Limit,
            })),
            displacement_um = r.Displacement.Value * 1e6, displacementStandardError = r.Displacement.StandardError * 1e6,
            verdict003 = r.Verdict is not { } v ? null : new
            {
                moved = v.Moved, deltaC_A = v.DeltaC.Value * 1e10, standardError = v.DeltaC.StandardError * 1e10, upperBound95 = v.UpperBound95 * 1e10,
                apparentShift_deg = v.ApparentShift, displacementShift_deg = v.DisplacementShift,
            },
            instrument = new { u = r.Instrument.U, v = r.Instrument.V, w = r.Instrument.W, x = r.Instrument.X, fullWidthAt40_deg = r.Instrument.FullWidth(40) },
            reducedChiSquared = r.ReducedChiSquared, iterations = r.Iterations, stop = r.Stop, warnings = r.Warnings,
        };
    }
}
