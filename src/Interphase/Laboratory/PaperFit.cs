using Interphase.Estimation;

namespace Interphase.Laboratory;

/// <summary>The end of one search.</summary>
/// <param name="Values">All parameters, in the order of <see cref="PaperModel.Parameters"/>.</param>
/// <param name="ChiSquared">Of the numbers that entered.</param>
public sealed record PaperMinimum(double[] Values, double ChiSquared);

/// <summary>A fit of the shared parameters: the full model, a simpler one, or one to some of the numbers.</summary>
public sealed record PaperFit
{
    /// <summary>What distinguishes the samples.</summary>
    public required PaperVariant Variant { get; init; }

    /// <summary>Contact classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The parameters that were free, as places in <see cref="PaperModel.Parameters"/>.</summary>
    public required IReadOnlyList<int> Free { get; init; }

    /// <summary>Their values and uncertainty.</summary>
    public required BoundedFitResult Fit { get; init; }

    /// <summary>All parameters, in the order of <see cref="PaperModel.Parameters"/>.</summary>
    public required double[] Values { get; init; }

    /// <summary>The model's number for each target; NaN where it was not asked for.</summary>
    public required double[] Model { get; init; }

    /// <summary>Whether each target entered.</summary>
    public required bool[] Entered { get; init; }

    /// <summary>Sum of squares at the end of each search with few classes, best first.</summary>
    public IReadOnlyList<PaperMinimum> Searches { get; init; } = [];

    /// <summary>The ends that lie apart from each other, refined with all classes, best first; the first is this fit.</summary>
    public IReadOnlyList<PaperMinimum> Minima { get; init; } = [];

    /// <summary>Numbers less free parameters.</summary>
    public int DegreesOfFreedom => Entered.Count(e => e) - Free.Count;

    /// <summary>The free parameters.</summary>
    public IReadOnlyList<FreeParameter> Parameters => [.. Free.Select(i => PaperModel.Parameters[i])];
}

/// <summary>Fits the paper's numbers from places spread over the bounds, with few contact classes first and then with all.</summary>
/// <param name="numbers">Other numbers than the paper's, one a target; null: the paper's.</param>
/// <param name="cancellation">Stops between simulations.</param>
internal sealed class PaperSearch(IReadOnlyList<double>? numbers, CancellationToken cancellation)
{
    /// <summary>Standard deviations that count for a number the model cannot give.</summary>
    private const double NoNumber = 30;

    /// <summary>Searches whose ends differ less than this share of each range are one minimum.</summary>
    private const double Same = 0.1;

    /// <summary>The classes of the wide search.</summary>
    public required int SearchClasses { get; init; }

    /// <summary>The classes of the refinement.</summary>
    public required int Classes { get; init; }

    /// <summary>Places at which each variant is simulated before the best are searched from.</summary>
    public required int Design { get; init; }

    /// <summary>Of the design.</summary>
    public required int Seed { get; init; }

    /// <summary>Residuals of the targets that enter, as a function of the free parameters.</summary>
    /// <param name="variant">The model.</param>
    /// <param name="enters">Which targets enter.</param>
    /// <param name="classes">Contact classes.</param>
    /// <param name="met">One target that is counted tenfold, which makes the fit meet it.</param>
    public Func<double[], double[]> Residuals(PaperVariant variant, Func<CalibrationTarget, bool> enters, int classes, CalibrationTarget? met = null)
    {
        var targets = PaperModel.Targets;
        var used = Enumerable.Range(0, targets.Count).Where(i => enters(targets[i])).ToArray();
        return free =>
        {
            cancellation.ThrowIfCancellationRequested();
            var model = PaperModel.Predict(Full(variant, free), variant, classes, enters);
            return [.. used.Select(i => Residual(i, model[i]) * (targets[i] == met ? 10 : 1))];
        };
    }

    /// <summary>All parameters, those that a variant does not know at what the shipped cells carry.</summary>
    public static double[] Full(PaperVariant variant, double[] free)
    {
        double[] all = [.. PaperModel.Shipped];
        var index = PaperModel.FreeIn(variant);
        for (var k = 0; k < index.Length; k++) { all[index[k]] = free[k]; }
        return all;
    }

    /// <summary>The numbers of a variant over the whole box, simulated once for every fit that begins there.</summary>
    public PaperDesign Spread(PaperVariant variant)
    {
        var parameters = PaperModel.FreeIn(variant).Select(i => PaperModel.Parameters[i]).ToArray();
        var places = NeutralStarts.Design(parameters, Design, Seed);
        var model = new double[places.Length][];
        Parallel.For(0, places.Length, new ParallelOptions { CancellationToken = cancellation }, k => model[k] = PaperModel.Predict(Full(variant, places[k]), variant, SearchClasses));
        return new(variant, places, model);
    }

    /// <summary>Fits some of the targets from the best places of a design.</summary>
    public PaperFit Fit(PaperDesign design, Func<CalibrationTarget, bool> enters, int starts)
    {
        var variant = design.Variant;
        var index = PaperModel.FreeIn(variant);
        var parameters = index.Select(i => PaperModel.Parameters[i]).ToArray();
        var entered = PaperModel.Targets.Select(enters).ToArray();
        var sums = design.Model.Select(m => Enumerable.Range(0, m.Length).Where(i => entered[i]).Sum(i => Math.Pow(Residual(i, m[i]), 2))).ToArray();
        var from = NeutralStarts.Best(parameters, design.Places, sums, starts);
        var wide = Residuals(variant, enters, SearchClasses);
        var ends = new BoundedFitResult[from.Length];
        Parallel.For(0, from.Length, new ParallelOptions { CancellationToken = cancellation }, s =>
            ends[s] = BoundedFit.Run(parameters, wide, from[s], new() { Central = false, Tolerance = 5e-3, Iterations = 15 }, cancellation));
        var apart = new List<BoundedFitResult>();
        foreach (var e in ends.OrderBy(e => e.ChiSquared))
        {
            if (apart.Count < 3 && (apart.Count == 0 || e.ChiSquared < apart[0].ChiSquared + 6) && apart.All(a => NeutralStarts.Distance(parameters, a.Values, e.Values) > Same)) { apart.Add(e); }
        }
        var refined = apart.Select(a => Refine(variant, enters, a.Values, Classes)).OrderBy(f => f.Fit.ChiSquared).ToArray();
        return refined[0] with
        {
            Searches = [.. ends.OrderBy(e => e.ChiSquared).Select(e => new PaperMinimum(Full(variant, e.Values), e.ChiSquared))],
            Minima = [.. refined.Where((f, k) => k == 0 || refined[..k].All(g => NeutralStarts.Distance(parameters, g.Fit.Values, f.Fit.Values) > Same)).Select(f => new PaperMinimum(f.Values, f.Fit.ChiSquared))],
        };
    }

    /// <summary>Fits from a place near the end of a search.</summary>
    public PaperFit Refine(PaperVariant variant, Func<CalibrationTarget, bool> enters, double[] from, int classes, CalibrationTarget? met = null)
    {
        var index = PaperModel.FreeIn(variant);
        var parameters = index.Select(i => PaperModel.Parameters[i]).ToArray();
        var fit = BoundedFit.Run(parameters, Residuals(variant, enters, classes, met), from, new() { Iterations = 20 }, cancellation);
        var all = Full(variant, fit.Values);
        return new()
        {
            Variant = variant, Classes = classes, Free = index, Fit = fit, Values = all, Model = PaperModel.Predict(all, variant, classes), Entered = [.. PaperModel.Targets.Select(enters)],
            Minima = [new(all, fit.ChiSquared)],
        };
    }

    private double Residual(int target, double model) =>
        double.IsFinite(model) ? (model - (numbers?[target] ?? PaperModel.Targets[target].Value)) / PaperModel.Targets[target].Error : NoNumber;
}

/// <summary>A variant's numbers at places spread over the bounds.</summary>
internal sealed record PaperDesign(PaperVariant Variant, double[][] Places, double[][] Model);
