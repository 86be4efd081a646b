using Interphase.Estimation;
using MathNet.Numerics.Distributions;

namespace Interphase.Laboratory;

/// <summary>A fit of the shared parameters: the full model, or one of the simpler ones.</summary>
/// <param name="Variant">What distinguishes the samples.</param>
/// <param name="Free">The parameters that were free.</param>
/// <param name="Fit">Their values and uncertainty.</param>
/// <param name="Values">All parameters, in the order of <see cref="PaperModel.Parameters"/>.</param>
/// <param name="Model">The model's number for each target.</param>
public sealed record PaperFit(PaperVariant Variant, IReadOnlyList<FreeParameter> Free, BoundedFitResult Fit, double[] Values, double[] Model);

/// <summary>What a calibration without a sample or a technique says about it.</summary>
/// <param name="Left">The sample or technique left out.</param>
/// <param name="Note">What had to be supposed.</param>
/// <param name="Fit">The calibration on the rest.</param>
/// <param name="Rows">Its predictions.</param>
public sealed record LeftOut(string Left, string Note, PaperFit Fit, IReadOnlyList<LeftOutRow> Rows);

/// <summary>A number that did not enter, beside what was predicted for it.</summary>
public sealed record LeftOutRow(CalibrationTarget Target, double Predicted);

/// <summary>The shared parameters of the paper's cells by bounded least squares from its 14 numbers, and the models that were rejected.</summary>
public sealed record Calibration
{
    /// <summary>Contact classes of the simulations.</summary>
    public required int Classes { get; init; }

    /// <summary>Starts of the full model and of the rejected ones.</summary>
    public required int Starts { get; init; }

    /// <summary>Of the starts.</summary>
    public required int Seed { get; init; }

    /// <summary>The full model.</summary>
    public required PaperFit Best { get; init; }

    /// <summary>Simpler models, each refitted to all numbers.</summary>
    public required IReadOnlyList<PaperFit> Rejected { get; init; }

    /// <summary>Calibrations without a sample or a technique; empty where they were not asked for.</summary>
    public IReadOnlyList<LeftOut> LeaveOut { get; init; } = [];

    /// <summary>Calibrates.</summary>
    /// <param name="classes">Contact classes.</param>
    /// <param name="starts">Starts of the full model and of the rejected ones.</param>
    /// <param name="seed">Of the starts.</param>
    /// <param name="leaveOut">Whether to calibrate without each sample and technique too.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    public static Calibration Run(int classes = 24, int starts = 2, int seed = 1, bool leaveOut = false, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        PaperFit Fit(string what, PaperVariant variant, Func<CalibrationTarget, bool> enters, double[] from, int n) =>
            Of(variant, classes, enters, from, n, seed, null, new Told(progress, what), cancellation);
        var first = PaperModel.Parameters.Select(p => p.Start).ToArray();
        var best = Fit("all numbers", PaperVariant.ParallelPath, _ => true, first, starts);
        PaperFit[] rejected =
        [
            .. new[] { PaperVariant.UniformContact, PaperVariant.ResistanceOnly, PaperVariant.ConductivityOnly }.Select(v => Fit(NameOf(v), v, _ => true, best.Values, starts)),
        ];
        var left = new List<LeftOut>();
        if (leaveOut)
        {
            foreach (var sample in new[] { "LNTO-350", "LNTO-450", "LNTO-550" })
            {
                var alone = sample == "LNTO-550";
                left.Add(Without(sample, alone ? "impedance is known; the parallel path cannot be, so none is supposed" : "impedance is known",
                    Fit($"without {sample}", alone ? PaperVariant.ResistanceOnly : PaperVariant.ParallelPath, t => t.Sample != sample, best.Values, 1), t => t.Sample == sample));
            }
            foreach (var technique in new[] { "formation", "rate", "titration" })
            {
                left.Add(Without(technique, "voltammetry cannot be left out: its scan rate is known from nothing else", Fit($"without {technique}", PaperVariant.ParallelPath, t => t.Technique != technique, best.Values, 1), t => t.Technique == technique));
            }
        }
        return new() { Classes = classes, Starts = starts, Seed = seed, Best = best, Rejected = rejected, LeaveOut = left };
    }

    /// <summary>Fits one variant to some of the targets; parameters of which the variant knows nothing stay as they start.</summary>
    /// <param name="variant">What distinguishes the samples.</param>
    /// <param name="classes">Contact classes.</param>
    /// <param name="enters">Which targets enter.</param>
    /// <param name="from">Where to start.</param>
    /// <param name="starts">Number of starts.</param>
    /// <param name="seed">Of the starts.</param>
    /// <param name="numbers">Other numbers than the paper's, one a target; null: the paper's.</param>
    /// <param name="progress">Told χ².</param>
    /// <param name="cancellation">Stops between simulations.</param>
    internal static PaperFit Of(PaperVariant variant, int classes, Func<CalibrationTarget, bool> enters, double[] from, int starts, int seed, IReadOnlyList<double>? numbers = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        var free = Enumerable.Range(0, PaperModel.Parameters.Count).Where(i => !(i == 0 && variant == PaperVariant.UniformContact) && !(i == 7 && variant != PaperVariant.ParallelPath)).ToArray();
        var targets = PaperModel.Targets;
        var used = Enumerable.Range(0, targets.Count).Where(i => enters(targets[i])).ToArray();
        double[] Full(double[] values)
        {
            var all = (double[])from.Clone();
            for (var k = 0; k < free.Length; k++) { all[free[k]] = values[k]; }
            return all;
        }
        double[] Residuals(double[] values)
        {
            cancellation.ThrowIfCancellationRequested();
            var model = PaperModel.Predict(Full(values), variant, classes);
            return [.. used.Select(i => (model[i] - (numbers?[i] ?? targets[i].Value)) / targets[i].Error)];
        }
        var parameters = free.Select(i => PaperModel.Parameters[i] with { Start = from[i] }).ToArray();
        var fit = BoundedFit.Run(parameters, Residuals, starts, seed, progress: progress, cancellation: cancellation);
        var best = Full(fit.Values);
        return new(variant, parameters, fit, best, PaperModel.Predict(best, variant, classes));
    }

    /// <summary>Numbers less free parameters.</summary>
    public int DegreesOfFreedom => Best.Model.Length - Best.Free.Count;

    /// <summary>Probability of a χ² at least this large if the model were true and the errors right.</summary>
    public double PValue => 1 - ChiSquared.CDF(DegreesOfFreedom, Best.Fit.ChiSquared);

    /// <summary>How well the numbers fix a parameter, in words.</summary>
    public static string Identifiability(PaperFit fit, int k)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var (value, error) = (fit.Fit.Values[k], fit.Fit.StandardErrors[k]);
        if (fit.Fit.AtBound[k]) { return "at its bound: the numbers give one side only"; }
        if (!double.IsFinite(error)) { return "not identified"; }
        var strongest = Enumerable.Range(0, fit.Free.Count).Where(i => i != k && double.IsFinite(fit.Fit.Correlation[k, i])).MaxBy(i => Math.Abs(fit.Fit.Correlation[k, i]));
        var with = Math.Abs(fit.Fit.Correlation[k, strongest]) > 0.8 ? FormattableString.Invariant($", tied to {fit.Free[strongest].Name} (correlation {fit.Fit.Correlation[k, strongest]:F2})") : "";
        return (error < 0.15 * Math.Abs(value) ? "well identified" : error < 0.5 * Math.Abs(value) ? "weakly identified" : "hardly identified") + with;
    }

    /// <summary>What a variant is called.</summary>
    public static string NameOf(PaperVariant variant) => variant switch
    {
        PaperVariant.UniformContact => "uniform contact",
        PaperVariant.ResistanceOnly => "interface resistance only, no parallel path at 550 degC",
        PaperVariant.ConductivityOnly => "resistance in inverse proportion to the coating's conductivity",
        _ => "interface resistance, parallel path at 550 degC",
    };

    /// <summary>The document <c>estimate paper --json</c> prints.</summary>
    public object Contract() => new
    {
        settings = new { Classes, Starts, Seed, leaveOut = LeaveOut.Count > 0 },
        parameters = Parameters(Best),
        correlation = Enumerable.Range(0, Best.Free.Count).Select(i => Enumerable.Range(0, Best.Free.Count).Select(j => Best.Fit.Correlation[i, j])),
        chiSquared = Best.Fit.ChiSquared,
        DegreesOfFreedom,
        PValue,
        chiSquaredOfStarts = Best.Fit.StartingFrom,
        stop = Best.Fit.Stop,
        targets = PaperModel.Targets.Select((t, i) => new { t.Quantity, t.Sample, paper = t.Value, model = Best.Model[i], t.Error, t.Unit }),
        rejectedModels = Rejected.Select(r => new
        {
            name = NameOf(r.Variant), chiSquared = r.Fit.ChiSquared, degreesOfFreedom = r.Model.Length - r.Free.Count, failsAt = FailsAt(r), parameters = Parameters(r), r.Fit.Stop,
        }),
        leaveOut = LeaveOut.Select(l => new
        {
            l.Left, l.Note, chiSquared = l.Fit.Fit.ChiSquared,
            rows = l.Rows.Select(r => new
            {
                r.Target.Quantity, r.Target.Sample, paper = r.Target.Value, model = r.Predicted, r.Target.Unit, relativeDifference = (r.Predicted / r.Target.Value) - 1,
                status = Tolerated(r) ? "reproduced" : "missed", how = "predicted",
            }),
        }),
    };

    private static object Parameters(PaperFit fit) => fit.Free.Select((p, k) => new { p.Name, value = fit.Fit.Values[k], standardError = fit.Fit.StandardErrors[k], p.Unit, p.Lower, p.Upper, identifiability = Identifiability(fit, k) });

    /// <summary>The numbers more than two of their standard deviations off, worst first.</summary>
    public static string FailsAt(PaperFit fit) =>
        string.Join("; ", PaperModel.Targets.Select((t, i) => (Target: t, Model: fit.Model[i], Off: Math.Abs(fit.Model[i] - t.Value) / t.Error)).Where(x => !(x.Off <= 2)).OrderByDescending(x => x.Off)
            .Select(x => FormattableString.Invariant($"{x.Target.Quantity} of {x.Target.Sample} {x.Model:G3} for {x.Target.Value:G4} {x.Target.Unit}")));

    private static bool Tolerated(LeftOutRow r) => double.IsFinite(r.Predicted) && PaperNumbers.ToleranceOf(r.Target.Quantity, r.Target.Sample).Holds(r.Target.Value, r.Predicted);

    private static LeftOut Without(string left, string note, PaperFit fit, Func<CalibrationTarget, bool> rows) =>
        new(left, note, fit, [.. PaperModel.Targets.Select((t, i) => new LeftOutRow(t, fit.Model[i])).Where(r => rows(r.Target))]);

    private sealed class Told(IProgress<string>? progress, string what) : IProgress<string>
    {
        public void Report(string value) => progress?.Report($"{what}: {value}");
    }
}
