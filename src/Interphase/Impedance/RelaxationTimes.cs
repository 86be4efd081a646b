using System.Numerics;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>How the distribution is found.</summary>
public enum RelaxationMethod
{
    /// <summary>Non-negative and smooth; bands from the curvature of the likelihood.</summary>
    Ridge,

    /// <summary>Non-negative alone: a few lines.</summary>
    Nnls,

    /// <summary>As ridge, with credible bands from samples that obey the bound.</summary>
    Bayes,
}

/// <summary>Settings of <see cref="RelaxationTimes.Compute"/>.</summary>
public readonly record struct RelaxationOptions()
{
    /// <summary>How the distribution is found.</summary>
    public RelaxationMethod Method { get; init; } = RelaxationMethod.Ridge;

    /// <summary>Strength of the smoothness; null: chosen by the evidence.</summary>
    public double? Lambda { get; init; }

    /// <summary>Points of the grid for each decade of τ.</summary>
    public int PointsPerDecade { get; init; } = 10;

    /// <summary>Samples for credible bands.</summary>
    public int Samples { get; init; } = 2000;

    /// <summary>Seed of the samples.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>An arc of the spectrum: R/(1+(jωτ)^α).</summary>
/// <param name="Tau">Relaxation time, s.</param>
/// <param name="Resistance">Ohm.</param>
/// <param name="Capacitance">Effective capacitance τ/R, F.</param>
/// <param name="StandardError">Of the resistance, ohm; NaN where the data do not determine it.</param>
/// <param name="Alpha">1 for one relaxation time, less for a broad distribution.</param>
/// <param name="TauStandardError">Of τ, s.</param>
public sealed record RelaxationPeak(double Tau, double Resistance, double Capacitance, double StandardError, double Alpha, double TauStandardError);

/// <summary>What <see cref="RelaxationTimes.Compute"/> found.</summary>
/// <param name="Spectrum">The spectrum.</param>
/// <param name="Options">The settings used.</param>
/// <param name="Lambda">Strength of the smoothness; 0 for <see cref="RelaxationMethod.Nnls"/>.</param>
/// <param name="Tau">s.</param>
/// <param name="Gamma">Distribution over ln τ, ohm.</param>
/// <param name="Lower95">Lower end of the 95 % band, ohm.</param>
/// <param name="Upper95">Upper end of the 95 % band, ohm.</param>
/// <param name="RInfinity">Resistance at infinite frequency, ohm.</param>
/// <param name="Inductance">H.</param>
/// <param name="Tail">Whether a blocking tail (series capacitance or constant-phase element) is part of the model.</param>
/// <param name="Polarisation">∫γ d ln τ, the resistance of all relaxations, ohm.</param>
/// <param name="Peaks">Arcs from fast to slow, as many as the evidence supports.</param>
/// <param name="Circuit">The circuit of these arcs.</param>
/// <param name="ResidualPercent">Root mean square residual of either part, percent of |Z|.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record RelaxationTimesResult(
    ImpedanceSpectrum Spectrum, RelaxationOptions Options, double Lambda, double[] Tau, double[] Gamma, double[] Lower95, double[] Upper95,
    double RInfinity, double Inductance, bool Tail, Estimate Polarisation, IReadOnlyList<RelaxationPeak> Peaks, string Circuit,
    double ResidualPercent, IReadOnlyList<Warning> Warnings);

/// <summary>
/// Distribution of relaxation times: Z = R∞ + jωL + tail + ∫ γ(ln τ)/(1 + jωτ) d ln τ with γ ≥ 0, smooth by a penalty on its
/// second derivative whose strength is the one of greatest evidence (restricted likelihood; MacKay, Neural Comput. 4 (1992) 415).
/// Nothing depends on the unit of resistance or the order of the points. Arcs are told apart by <see cref="RelaxationArcs"/>.
/// </summary>
public static class RelaxationTimes
{
    /// <summary>Fewest points that are analysed.</summary>
    public const int FewestPoints = 8;

    /// <summary>Computes the distribution of one spectrum.</summary>
    /// <exception cref="InputException">A point is no usable number, or there are fewer than <see cref="FewestPoints"/>.</exception>
    public static RelaxationTimesResult Compute(ImpedanceSpectrum spectrum, RelaxationOptions options)
    {
        var points = SortedPoints.Of(spectrum);
        if (points.Count < FewestPoints || points.Frequency[0] < 3 * points.Frequency[^1])
        {
            throw new InputException($"{points.Count} points over {Math.Log10(points.Frequency[0] / points.Frequency[^1]):F1} decades hold no distribution of relaxation times", spectrum.File, $"measure at least {FewestPoints} points over half a decade");
        }
        if (options.PointsPerDecade is < 3 or > 40) { throw new InputException($"{options.PointsPerDecade} points a decade", "pointsPerDecade", "choose 3 to 40"); }
        if (options.Lambda is { } given && !(given > 0)) { throw new InputException($"the smoothness {given} is not positive", "lambda", "give a positive number, or leave it out"); }
        var arcs = Arcs(points, options);
        var model = new RelaxationModel(points.Frequency, points.Impedance, options.PointsPerDecade, 0.5, arcs.Inductance, arcs.TailExponent > 0 ? [arcs.TailExponent] : []);
        var penalty = model.Penalty(2);
        var fit = options.Lambda is { } lambda ? model.Fit(penalty, lambda, new double[model.Size]) : model.Path(2).MaxBy(f => f.Evidence)!;
        if (options.Method == RelaxationMethod.Nnls)
        {
            fit = model.Fit(new double[model.Size * model.Size], 0, (double[])fit.Coefficient.Clone());
        }
        var gamma = new double[model.GridCount];
        var unit = model.Scale / model.Step;
        for (var k = 0; k < gamma.Length; k++) { gamma[k] = fit.Coefficient[k] * unit; }
        var (lower, upper, polarisation) = Bands(model, fit, penalty, options, gamma);
        var rInfinity = fit.Coefficient[model.ResistanceIndex] * model.Scale;
        var inductance = model.HasInductance ? fit.Coefficient[model.InductanceIndex] * model.Scale / model.HighestOmega : 0;
        var warnings = new List<Warning>();
        if (rInfinity < 0) { warnings.Add(new("rInfinity", "the resistance at infinite frequency is negative: an artefact at the highest frequencies")); }
        if (inductance < 0) { warnings.Add(new("inductance", "the inductance is negative: the leads were over-corrected, or the highest frequencies are off")); }
        double first = 1 / points.Omega[0], last = 1 / points.Omega[^1];
        foreach (var a in arcs.List.Where(a => a.Tau < first / 2 || a.Tau > 2 * last))
        {
            warnings.Add(new("peaks", $"an arc of {a.Resistance:G3} ohm at {a.Tau:G2} s has its top outside the measured frequencies; its resistance is extrapolated"));
        }
        foreach (var a in arcs.List.Where(a => !(a.StandardError < 0.5 * a.Resistance)))
        {
            warnings.Add(new("peaks", $"the resistance of the arc at {a.Tau:G2} s is not determined: {a.Resistance:G3} ohm with a standard error of {(double.IsNaN(a.StandardError) ? "any size" : $"{a.StandardError:G3} ohm")}; its neighbours share it"));
        }
        var residual = fit.Residual();
        return new(spectrum, options, options.Method == RelaxationMethod.Nnls ? 0 : fit.Lambda, model.Tau, gamma, lower, upper, rInfinity, inductance, arcs.TailExponent > 0, polarisation,
            [.. arcs.List.Select(a => new RelaxationPeak(a.Tau, a.Resistance, a.Tau / a.Resistance, a.StandardError, a.Alpha, a.Tau * a.LogTauError))],
            arcs.Circuit, 100 * Math.Sqrt(Vectors.Dot(residual, residual) / residual.Length), warnings);
    }

    /// <summary>The keys and units of the command's JSON, for one spectrum.</summary>
    public static object Contract(this RelaxationTimesResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            r.Spectrum.File, r.Spectrum.Index, r.Options.Method, r.Lambda, r.Tau, r.Gamma, r.Lower95, r.Upper95, r.RInfinity, r.Inductance, r.Tail,
            polarisationResistance = r.Polarisation.Value,
            polarisationStandardError = r.Polarisation.StandardError,
            r.Peaks, r.Circuit, r.ResidualPercent, r.Warnings,
        };
    }

    /// <summary>The keys and units of the command's JSON.</summary>
    public static object Contract(this IReadOnlyList<RelaxationTimesResult> results) => new { spectra = results.Select(r => r.Contract()).ToArray() };

    /// <summary>
    /// The arcs, with what stands beside them. An inductance is there when the points of the highest frequencies lean that way,
    /// and a tail is considered when the imaginary part does not close; the evidence then decides between the circuits.
    /// </summary>
    private static RelaxationArcs.Arcs Arcs(SortedPoints points, RelaxationOptions o)
    {
        var model = new RelaxationModel(points.Frequency, points.Impedance, o.PointsPerDecade, 0.5);
        var c = model.Path(2).MaxBy(f => f.Evidence)!.Coefficient;
        double[] gamma = [.. c.Take(model.GridCount).Select(x => x * model.Scale / model.Step)];
        var resistance = c[model.ResistanceIndex] * model.Scale;
        var inductance = Math.Max(0, c[model.InductanceIndex] * model.Scale / model.HighestOmega);
        var open = points.Impedance.TakeLast(3).Average(z => -z.Imaginary / z.Magnitude) > 0.02;
        var choices = new List<RelaxationArcs.Arcs>();
        foreach (var l in inductance > 0 ? new[] { 0, inductance } : [0])
        {
            var without = RelaxationArcs.Find(points, model.Tau, gamma, resistance, l, default);
            choices.Add(without);
            if (open) { choices.Add(RelaxationArcs.Find(points, model.Tau, gamma, resistance, l, TailOf(model, c, points))); }
        }
        return choices.MinBy(x => x.Bic)!;
    }

    /// <summary>The tails in use as one: |Z| at the lowest frequency and the slope of its phase.</summary>
    private static (double Size, double Exponent) TailOf(RelaxationModel model, double[] coefficient, SortedPoints points)
    {
        var z = Complex.Zero;
        for (var a = 0; a < model.TailCount; a++)
        {
            z += Complex.FromPolarCoordinates(coefficient[model.TailIndex + a] * model.Scale, -model.Tails[a] * Math.PI / 2);
        }
        return z.Magnitude > 0.01 * points.Impedance[^1].Magnitude ? (z.Magnitude, Math.Clamp(-z.Phase / (Math.PI / 2), 0.3, 0.98)) : (Math.Abs(points.Impedance[^1].Imaginary), 0.7);
    }

    private static (double[] Lower, double[] Upper, Estimate Polarisation) Bands(RelaxationModel model, RelaxationFit fit, double[] penalty, RelaxationOptions o, double[] gamma)
    {
        var n = model.GridCount;
        var unit = model.Scale / model.Step;
        var lower = new double[n];
        var upper = new double[n];
        var total = gamma.Sum() * model.Step;
        if (o.Method == RelaxationMethod.Nnls)
        {
            Array.Fill(lower, double.NaN);
            Array.Fill(upper, double.NaN);
            return (lower, upper, Estimate.WithoutError(total, "lines of a least-squares fit without a penalty have no band; use bayes"));
        }
        if (o.Method == RelaxationMethod.Bayes)
        {
            var draws = new float[n][];
            for (var k = 0; k < n; k++) { draws[k] = new float[o.Samples]; }
            var totals = new double[o.Samples];
            var i = 0;
            foreach (var x in model.Draw(fit, penalty, o.Samples, o.Seed))
            {
                for (var k = 0; k < n; k++)
                {
                    draws[k][i] = (float)x[k];
                    totals[i] += x[k] * model.Scale;
                }
                i++;
            }
            for (var k = 0; k < n; k++)
            {
                Array.Sort(draws[k]);
                lower[k] = Math.Min(gamma[k], draws[k][(int)(0.025 * o.Samples)] * unit);
                upper[k] = Math.Max(gamma[k], draws[k][Math.Min(o.Samples - 1, (int)(0.975 * o.Samples))] * unit);
            }
            Array.Sort(totals);
            var mean = totals.Average();
            return (lower, upper, new(total, Math.Sqrt(totals.Sum(t => (t - mean) * (t - mean)) / (o.Samples - 1)), totals[(int)(0.025 * o.Samples)], totals[Math.Min(o.Samples - 1, (int)(0.975 * o.Samples))]));
        }
        var deviation = Math.Sqrt(fit.Variance);
        gamma.CopyTo(lower, 0);
        gamma.CopyTo(upper, 0);
        var sum = new double[fit.Active.Length];
        for (var a = 0; a < fit.Active.Length; a++)
        {
            var k = fit.Active[a];
            if (k >= n) { continue; }
            sum[a] = 1;
            var e = new double[fit.Active.Length];
            e[a] = 1;
            fit.Forward(e);
            var s = 1.959964 * deviation * Math.Sqrt(Vectors.Dot(e, e)) * unit;
            lower[k] = Math.Max(0, gamma[k] - s);
            upper[k] = gamma[k] + s;
        }
        fit.Forward(sum);
        return (lower, upper, Estimate.Of(total, deviation * Math.Sqrt(Vectors.Dot(sum, sum)) * model.Scale));
    }
}
