using Interphase.Estimation;

namespace Interphase.Laboratory;

/// <summary>How the calibration is made.</summary>
public readonly record struct CalibrationOptions()
{
    /// <summary>Contact classes of the result: those of the shipped cells.</summary>
    public int Classes { get; init; } = 48;

    /// <summary>Contact classes of the wide search before.</summary>
    public int SearchClasses { get; init; } = 24;

    /// <summary>Searches of every model.</summary>
    public int Starts { get; init; } = 6;

    /// <summary>Places over the whole box of bounds from the best of which the searches begin.</summary>
    public int Design { get; init; } = 48;

    /// <summary>Of those places.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>True: the full model alone, without intervals, simpler models and leave-outs.</summary>
    public bool OnlyFit { get; init; }
}

/// <summary>The interval in which a parameter may lie, the others following.</summary>
/// <param name="Lower">Its lower end, 95 %.</param>
/// <param name="Upper">Its upper end, 95 %.</param>
/// <param name="LowerAtBound">The lower end is the bound of the search.</param>
/// <param name="UpperAtBound">The upper end is the bound of the search.</param>
public readonly record struct ParameterInterval(double Lower, double Upper, bool LowerAtBound, bool UpperAtBound);

/// <summary>What a calibration without a sample or a technique says about it.</summary>
/// <param name="Left">The sample or technique left out.</param>
/// <param name="Note">What had to be supposed.</param>
/// <param name="Fit">The calibration on the rest; null where none can be made.</param>
/// <param name="Rows">Its predictions.</param>
public sealed record LeftOut(string Left, string Note, PaperFit? Fit, IReadOnlyList<LeftOutRow> Rows)
{
    /// <summary>Whether its rows count as predictions: the numbers that are left must be more than the parameters, else they are met whatever the model is.</summary>
    public bool Counts => Fit is { DegreesOfFreedom: > 0 };
}

/// <summary>A number that did not enter, beside what was predicted for it.</summary>
/// <param name="Target">The number.</param>
/// <param name="Predicted">What the calibration on the rest gives.</param>
/// <param name="StandardError">Of that, from the parameters' covariance; NaN where they are not all identified.</param>
/// <param name="Lowest">Least prediction of the minima within 95 % of the best.</param>
/// <param name="Highest">Largest.</param>
public sealed record LeftOutRow(CalibrationTarget Target, double Predicted, double StandardError, double Lowest, double Highest)
{
    /// <summary>Whether it lies within the tolerance of the comparison.</summary>
    public bool Reproduced => double.IsFinite(Predicted) && PaperNumbers.ToleranceOf(Target.Quantity, Target.Sample).Holds(Target.Value, Predicted);
}

/// <summary>What it costs to meet one number that the best fit misses.</summary>
/// <param name="Target">The number.</param>
/// <param name="Fit">The fit with that number counted tenfold.</param>
public sealed record MetNumber(CalibrationTarget Target, PaperFit Fit)
{
    /// <summary>χ² of all numbers there, each with its own error.</summary>
    public double ChiSquared => PaperModel.ChiSquared(Fit.Model);

    /// <summary>The model's value of the number there.</summary>
    public double Value => Fit.Model[PaperModel.Targets.ToList().IndexOf(Target)];
}

/// <summary>χ² with other numbers of contact classes.</summary>
/// <param name="Classes">The classes.</param>
/// <param name="Held">χ² there with the parameters of the result.</param>
/// <param name="Refitted">The parameters refitted with so many classes.</param>
public sealed record ClassConvergence(int Classes, double Held, PaperFit Refitted);

/// <summary>The shared parameters of the paper's cells by bounded least squares from its 14 numbers, and the models that were rejected.</summary>
public sealed record Calibration
{
    /// <summary>Rise of χ² that bounds a 95 % interval of one parameter.</summary>
    public const double Rise95 = 3.84;

    /// <summary>How it was made.</summary>
    public required CalibrationOptions Options { get; init; }

    /// <summary>The full model.</summary>
    public required PaperFit Best { get; init; }

    /// <summary>95 % interval of each parameter, covering every minimum that close; empty where only the fit was asked for.</summary>
    public IReadOnlyList<ParameterInterval> Intervals { get; init; } = [];

    /// <summary>χ² with other numbers of classes.</summary>
    public IReadOnlyList<ClassConvergence> Convergence { get; init; } = [];

    /// <summary>χ² with what the shipped cells carry.</summary>
    public required double ShippedChiSquared { get; init; }

    /// <summary>For each number off by more than one and a half of its errors, what meeting it would cost.</summary>
    public IReadOnlyList<MetNumber> Met { get; init; } = [];

    /// <summary>Simpler models, each refitted to all numbers.</summary>
    public IReadOnlyList<PaperFit> Rejected { get; init; } = [];

    /// <summary>Calibrations without a sample or a technique.</summary>
    public IReadOnlyList<LeftOut> LeaveOut { get; init; } = [];

    /// <summary>Calibrates.</summary>
    /// <param name="options">How.</param>
    /// <param name="progress">Told each part as it begins.</param>
    /// <param name="cancellation">Stops between simulations.</param>
    public static Calibration Run(CalibrationOptions options, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        var search = new PaperSearch(null, cancellation) { SearchClasses = Math.Min(options.SearchClasses, options.Classes), Classes = options.Classes, Design = options.Design, Seed = options.Seed };
        progress?.Report("the full model over all bounds");
        var full = search.Spread(PaperVariant.ParallelPath);
        progress?.Report("the full model");
        var best = search.Fit(full, _ => true, options.Starts);
        var shipped = PaperModel.ChiSquared(PaperModel.Predict([.. PaperModel.Shipped], PaperVariant.ParallelPath, options.Classes));
        if (options.OnlyFit) { return new() { Options = options, Best = best, ShippedChiSquared = shipped }; }

        var convergence = new List<ClassConvergence>();
        foreach (var classes in new[] { 32, 48, 96, 192 })
        {
            progress?.Report($"{classes} contact classes");
            var refitted = classes == options.Classes ? best : search.Refine(PaperVariant.ParallelPath, _ => true, best.Fit.Values, classes);
            convergence.Add(new(classes, PaperModel.ChiSquared(PaperModel.Predict(best.Values, PaperVariant.ParallelPath, classes)), refitted));
        }
        progress?.Report("intervals of the parameters");
        var intervals = Profiles(search, best, [.. convergence.Select(c => c.Refitted)], cancellation);

        var met = new List<MetNumber>();
        foreach (var (target, _) in PaperModel.Targets.Zip(best.Model).Where(t => Math.Abs(t.Second - t.First.Value) > 1.5 * t.First.Error))
        {
            progress?.Report($"{target.Quantity} of {target.Sample} met");
            met.Add(new(target, search.Refine(PaperVariant.ParallelPath, _ => true, best.Fit.Values, options.Classes, target)));
        }

        var designs = new Dictionary<PaperVariant, PaperDesign> { [PaperVariant.ParallelPath] = full };
        var rejected = new List<PaperFit>();
        foreach (var variant in new[] { PaperVariant.UniformContact, PaperVariant.ResistanceOnly, PaperVariant.ConductivityOnly })
        {
            progress?.Report(CalibrationWords.NameOf(variant));
            designs[variant] = search.Spread(variant);
            rejected.Add(search.Fit(designs[variant], _ => true, options.Starts));
        }
        var left = new List<LeftOut>();
        foreach (var sample in PaperModel.Targets.Select(t => t.Sample).Distinct())
        {
            progress?.Report($"without {sample}");
            var alone = sample == "LNTO-550";
            left.Add(Without(search, designs[alone ? PaperVariant.ResistanceOnly : PaperVariant.ParallelPath], sample, t => t.Sample == sample, options.Starts,
                alone ? "its impedance is known; the parallel path cannot be, so none is supposed" : "its impedance is known"));
        }
        foreach (var technique in PaperModel.Targets.Select(t => t.Technique).Distinct())
        {
            progress?.Report($"without {technique}");
            left.Add(technique == "voltammetry"
                ? new(technique, "cannot be left out: the scan rate is known from nothing else", null, [])
                : Without(search, full, technique, t => t.Technique == technique, options.Starts, ""));
        }
        return new() { Options = options, Best = best, Intervals = intervals, Convergence = convergence, Met = met, ShippedChiSquared = shipped, Rejected = rejected, LeaveOut = left };
    }

    /// <summary>Probability of a χ² at least this large if the model were true and the errors right.</summary>
    public double PValue => 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(Best.DegreesOfFreedom, Best.Fit.ChiSquared);

    /// <summary>Probability of a rise of χ² at most as large as that from the best to the shipped values, over all parameters together.</summary>
    public double ShippedConfidence => MathNet.Numerics.Distributions.ChiSquared.CDF(Best.Free.Count, Math.Max(0, ShippedChiSquared - Best.Fit.ChiSquared));

    /// <summary>Where the profile of each parameter ends, and no nearer than any minimum within the rise, also with other numbers of classes.</summary>
    private static ParameterInterval[] Profiles(PaperSearch search, PaperFit best, IReadOnlyList<PaperFit> refitted, CancellationToken cancellation)
    {
        var parameters = best.Parameters;
        var residuals = search.Residuals(best.Variant, _ => true, best.Classes);
        var ends = new ProfileEnd[2 * parameters.Count];
        Parallel.For(0, ends.Length, new ParallelOptions { CancellationToken = cancellation }, k =>
        {
            var (i, up) = (k / 2, k % 2 == 1);
            var (p, value, error) = (parameters[i], best.Fit.Values[i], best.Fit.StandardErrors[i]);
            var range = p.Logarithmic ? value : p.Upper - p.Lower;
            ends[k] = ProfileLikelihood.End(parameters, residuals, best.Fit.Values, best.Fit.ChiSquared, i, up, double.IsFinite(error) ? Math.Clamp(1.5 * error, 0.03 * range, 0.3 * range) : 0.2 * range, Rise95, cancellation);
        });
        var close = best.Minima.Where(m => m.ChiSquared <= best.Fit.ChiSquared + Rise95).Select(m => m.Values).Concat(refitted.Select(f => f.Values)).ToArray();
        return
        [
            .. Enumerable.Range(0, parameters.Count).Select(i =>
            {
                var (low, high, own) = (ends[2 * i], ends[(2 * i) + 1], best.Free[i]);
                return new ParameterInterval(Math.Min(low.Value, close.Min(v => v[own])), Math.Max(high.Value, close.Max(v => v[own])), low.AtBound, high.AtBound);
            }),
        ];
    }

    private static LeftOut Without(PaperSearch search, PaperDesign design, string left, Func<CalibrationTarget, bool> rows, int starts, string note)
    {
        var fit = search.Fit(design, t => !rows(t), starts);
        var index = Enumerable.Range(0, fit.Model.Length).Where(i => rows(PaperModel.Targets[i])).ToArray();
        double[] Predicted(double[] free)
        {
            var model = PaperModel.Predict(PaperSearch.Full(fit.Variant, free), fit.Variant, fit.Classes, rows);
            return [.. index.Select(i => model[i])];
        }
        var slope = BoundedFit.Derivatives(fit.Parameters, Predicted, fit.Fit.Values);
        var minima = fit.Minima.Where(m => m.ChiSquared <= fit.Fit.ChiSquared + Rise95).Select(m => Predicted([.. fit.Free.Select(i => m.Values[i])])).ToArray();
        var free = fit.DegreesOfFreedom > 0 ? note : "as many parameters as numbers are left: they are met whatever the model is, and what follows is shown but not counted";
        return new(left, free, fit, [.. index.Select((i, row) => new LeftOutRow(PaperModel.Targets[i], fit.Model[i], Error(fit.Fit, slope, row), minima.Min(m => m[row]), minima.Max(m => m[row])))]);
    }

    /// <summary>Error of a prediction from the covariance of the parameters; a parameter at its bound is held there.</summary>
    private static double Error(BoundedFitResult fit, double[,] slope, int row)
    {
        var n = fit.Values.Length;
        var free = Enumerable.Range(0, n).Where(i => !fit.AtBound[i]).ToArray();
        return Math.Sqrt(free.Sum(i => free.Sum(j => slope[row, i] * fit.Covariance[i, j] * slope[row, j])));
    }
}
