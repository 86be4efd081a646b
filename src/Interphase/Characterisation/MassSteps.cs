using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>One step of mass; temperatures in K, the change as a fraction of the initial mass. <paramref name="Rate"/> is the share of the step in each kelvin.</summary>
internal sealed record MassStep(Estimate Change, Estimate Onset, Estimate Peak, Estimate End, Estimate Done99, double Starts, Func<double, double> Rate)
{
    /// <summary>The change between the limits as the balance read it, drift included.</summary>
    public double Uncorrected { get; init; } = double.NaN;
}

/// <summary>The steps of a mass curve.</summary>
/// <param name="Steps">In order of temperature.</param>
/// <param name="Drift">Change of mass per K that no step explains (buoyancy), fraction/K.</param>
/// <param name="Residual">Root mean square of the residuals, fraction.</param>
/// <param name="Noise">White noise of the curve, fraction.</param>
internal sealed record MassSteps(IReadOnlyList<MassStep> Steps, double Drift, double Residual, double Noise)
{
    /// <summary>True where no model of steps fits and they are read off the curve.</summary>
    public bool AreReadings { get; init; }

    /// <summary>Temperatures, K, where the mass changes without a whole step in the run.</summary>
    public IReadOnlyList<double> Dropped { get; init; } = [];

    /// <summary>The fitted shapes, step by step, and the joint covariance of position, width and order of each; null where the steps have none.</summary>
    public (StepShape[] Of, double[,] Covariance)? Shapes { get; init; }

    private const int MostSteps = 6;
    private const int First = 3;

    /// <summary>
    /// Fits the whole curve as a slow parabola (drift of the balance) plus steps of order n. Steps are sought in the derivative, smoothed over
    /// ±6 K: maxima that stand out by more than five of its standard deviations and change the mass by more than 0.2 %.
    /// </summary>
    public static MassSteps Fit(double[] temperature, double[] mass)
    {
        var noise = Math.Max(ThermalRun.Noise(mass), 1e-7);
        var (fit, seeds) = Whole(Seeds(temperature, mass, noise), temperature, mass, noise);
        // A step on the flank of a larger one has no maximum of its own: it is sought in what the others leave, and counts where with it the fit is complete.
        for (var (more, at) = (fit, seeds); more.Residual > Enough(more) && at.Count is > 0 and < MostSteps;)
        {
            var before = at.Count;
            (more, at) = Whole([.. at.Append(Hidden(at, temperature, mass)).OrderBy(s => s.T)], temperature, mass, noise);
            if (at.Count <= before) { break; }
            if (more.Residual <= Enough(more) && more.Steps.Count > fit.Steps.Count && more.IsPlausible) { fit = more; }
        }
        return Better(fit, temperature, mass);
    }

    /// <summary>False where a gain and a loss lie over each other: a sum of large steps that cancel describes a curve, not the material.</summary>
    private bool IsPlausible => Steps.Zip(Steps.Skip(1)).All(p => Math.Sign(p.First.Change.Value) == Math.Sign(p.Second.Change.Value) || p.Second.Onset.Value > p.First.End.Value);

    /// <summary>Residuals (fraction) that leave nothing to look for: little more than noise, or 0.02 %, which is what balances drift.</summary>
    private static double Enough(MassSteps fit) => Math.Max(1.5 * fit.Noise, 2e-4);

    /// <summary>A fit of the seeded steps, without those that turn out to be none.</summary>
    private static (MassSteps Fit, List<(double T, double W, double Change)> Seeds) Whole(List<(double T, double W, double Change)> seeds, double[] temperature, double[] mass, double noise)
    {
        var dropped = new List<double>();
        while (true)
        {
            var (fit, suspect) = FitWith(seeds, temperature, mass, noise);
            if (suspect < 0) { return (fit with { Dropped = dropped }, seeds); }
            dropped.Add(seeds[suspect].T);
            seeds.RemoveAt(suspect);
        }
    }

    /// <summary>The step that would lower the misfit most beside those that are seeded.</summary>
    private static (double T, double W, double Change) Hidden(List<(double T, double W, double Change)> seeds, double[] temperature, double[] mass)
    {
        var (middle, span) = (0.5 * (temperature[0] + temperature[^1]), temperature[^1] - temperature[0]);
        double[] Step(double at, double width) => Array.ConvertAll(temperature, t => -KineticShape.Advance(t, at, width, 1.2));
        var columns = new OrthonormalColumns();
        for (var d = 0; d < First; d++) { columns.Add(Array.ConvertAll(temperature, t => Math.Pow((t - middle) / span, d))); }
        foreach (var (t, w, _) in seeds) { columns.Add(Step(t, w)); }
        var rest = (double[])mass.Clone();
        columns.Remove(rest);
        var (most, best) = (0.0, (T: middle, W: 10.0, Change: 1e-3));
        foreach (var width in new[] { 8.0, 16 })
        {
            for (var t = temperature[0] + (2 * width); t < temperature[^1] - (2 * width); t += 4)
            {
                if (seeds.Any(s => Math.Abs(s.T - t) < 15)) { continue; }
                var (gain, size) = columns.Gain(Step(t, width), rest);
                if (gain > most) { (most, best) = (gain, (t, width, size)); }
            }
        }
        return best;
    }

    /// <summary>Real decompositions are often of no order: where the fit leaves more than three times the noise (and 0.1 % of the mass), the steps are read off the curve.</summary>
    private static MassSteps Better(MassSteps fit, double[] temperature, double[] mass)
    {
        if (fit.Residual <= Math.Max(3 * fit.Noise, 1e-3) && fit.IsPlausible) { return fit; }
        var (steps, cut) = MassReadings.Of(temperature, mass);
        return steps.Count == 0 ? fit with { Dropped = [.. fit.Dropped.Union(cut)] } : fit with { Steps = steps, Dropped = cut, AreReadings = true, Shapes = null };
    }

    /// <summary>
    /// Fits the steps that are seeded, and names the one that is none: at a bound of its parameters, outside the run or
    /// spread over more than 200 K, which is how drift passes for a step. A step the end of the run cuts counts as none too.
    /// </summary>
    private static (MassSteps Fit, int Suspect) FitWith(List<(double T, double W, double Change)> seeds, double[] temperature, double[] mass, double noise)
    {
        var n = temperature.Length;
        var middle = 0.5 * (temperature[0] + temperature[^1]);
        var span = temperature[^1] - temperature[0];
        var advances = seeds.Select(_ => new EventCurve(n, Advance)).ToArray();
        void Advance(double t0, double width, double order, double[] to)
        {
            var shape = new StepShape(temperature[0], t0, width, order);
            for (var i = 0; i < n; i++) { to[i] = shape.Advance(temperature[i]); }
        }

        void Model(ReadOnlySpan<double> p, Span<double> r)
        {
            for (var i = 0; i < n; i++)
            {
                var x = (temperature[i] - middle) / span;
                r[i] = p[0] + (x * (p[1] + (x * p[2]))) - mass[i];
            }
            for (var s = 0; s < advances.Length; s++)
            {
                var k = First + (4 * s);
                var advance = advances[s].At(p[k + 1], p[k + 2], p[k + 3]);
                for (var i = 0; i < n; i++) { r[i] -= p[k] * advance[i]; }
            }
            for (var i = 0; i < n; i++) { r[i] /= noise; }
        }

        var start = new List<double> { mass[..Math.Min(10, n)].Average(), 0, 0 };
        var lower = new List<double> { 0, -0.05, -0.05 };
        var upper = new List<double> { 2, 0.05, 0.05 };
        foreach (var (t, w, change) in seeds)
        {
            start.AddRange([change, t, w, 1.2]);
            lower.AddRange([-1, t - 25, 2, 0.3]);
            upper.AddRange([1.2, t + 25, 80, 4]);
        }
        // Sizes first, then positions and widths, then orders: together from the start they may run into a corner.
        double[] p1 = [.. start];
        foreach (var held in new[] { 3, 1 })
        {
            var (low, high) = (lower.ToArray(), upper.ToArray());
            for (var k = First; k + 3 < p1.Length; k += 4)
            {
                for (var j = 4 - held; j < 4; j++) { low[k + j] = high[k + j] = p1[k + j]; }
            }
            p1 = LevenbergMarquardt.Minimise(Model, n, p1, low, high, 25).Parameters;
        }
        var fit = LevenbergMarquardt.Minimise(Model, n, p1, [.. lower], [.. upper], 80);
        var residual = new double[n];
        Model(fit.Parameters, residual);
        var scale = Math.Max(fit.SumOfSquares / Math.Max(1, n - start.Count), 1e-12) * ThermalRun.Correlation(residual);
        StepShape Shape(double[] p, int k) => new(temperature[0], p[k + 1], p[k + 2], p[k + 3]);
        var steps = new List<(MassStep Step, int At)>();
        for (var s = 0; s < seeds.Count; s++)
        {
            var (k, p0) = (First + (4 * s), fit.Parameters);
            var shape = Shape(p0, k);
            var (onset, peak, end) = shape.Tangents();
            if (p0[k] is <= -1 or >= 1.2 || p0[k + 2] >= 80 || onset < temperature[0] || end - onset > 200 || shape.At(0.9) > temperature[^1]) { return (new([], 0, 0, noise), s); }
            Estimate Of(Func<double[], double> f) => Estimate.Of(f(p0), fit.StandardError(f, scale));
            var change = Of(p => -p[k]);
            if (!(Math.Abs(change.Value) > 4 * change.StandardError) || Math.Abs(change.Value) < 1e-3) { continue; }
            var (starts, done99) = (shape.At(0.01), Of(p => Shape(p, k).At(0.99)));
            steps.Add((new(change, Of(p => Shape(p, k).Tangents().Onset), Of(p => Shape(p, k).Tangents().Peak), Of(p => Shape(p, k).Tangents().End), done99, starts, shape.Rate)
            {
                Uncorrected = MassReadings.Level(temperature, mass, done99.Value) - MassReadings.Level(temperature, mass, starts),
            }, k));
        }
        steps = [.. steps.OrderBy(s => s.Step.Peak.Value)];
        int[] places = [.. steps.SelectMany(s => new[] { s.At + 1, s.At + 2, s.At + 3 })];
        var covariance = new double[places.Length, places.Length];
        for (var i = 0; i < places.Length; i++) { for (var j = 0; j < places.Length; j++) { covariance[i, j] = scale * fit.Covariance[places[i], places[j]]; } }
        var known = steps.Count == seeds.Count && !covariance.Cast<double>().Any(double.IsNaN);
        return (new([.. steps.Select(s => s.Step)], fit.Parameters[1] / span, noise * Math.Sqrt(fit.SumOfSquares / n), noise)
        {
            Shapes = known ? ([.. steps.Select(s => Shape(fit.Parameters, s.At))], covariance) : null,
        }, -1);
    }

    private static List<(double T, double W, double Change)> Seeds(double[] temperature, double[] mass, double noise)
    {
        var spacing = (temperature[^1] - temperature[0]) / temperature.Length;
        var halfWidth = Math.Max(6, 4 * spacing);
        var slope = SavitzkyGolay.Fit(temperature, mass, halfWidth).First;
        // The standard deviation of a fitted slope: σ/(h√(m/3)) with m points within ±h.
        var sigma = noise / (halfWidth * Math.Sqrt(2 * halfWidth / spacing / 3));
        var found = new List<(double T, double W, double Change)>();
        foreach (var sign in new[] { -1.0, 1.0 })
        {
            var rate = Array.ConvertAll(slope, x => sign * x);
            var tops = new List<int>();
            for (var i = 2; i < rate.Length - 2; i++)
            {
                if (rate[i] > 0 && rate[i] > rate[i - 1] && rate[i] >= rate[i + 1]
                    && rate[i] - Math.Max(LowestUntilHigher(rate, i, -1), LowestUntilHigher(rate, i, +1)) is var prominence && prominence > 5 * sigma && prominence > 0.04 * rate[i])
                {
                    tops.Add(i);
                }
            }
            for (var k = 0; k < tops.Count; k++)
            {
                var (from, to) = (k == 0 ? 0 : Lowest(rate, tops[k - 1], tops[k]), k == tops.Count - 1 ? rate.Length - 1 : Lowest(rate, tops[k], tops[k + 1]));
                var area = 0.0;
                for (var i = from; i < to; i++) { area += Math.Max(rate[i], 0) * (temperature[i + 1] - temperature[i]); }
                if (area > 2e-3) { found.Add((temperature[tops[k]], Math.Clamp(area / rate[tops[k]] / 2.6, 3, 60), -sign * area)); }
            }
        }
        return [.. found.OrderByDescending(f => Math.Abs(f.Change)).Take(MostSteps).OrderBy(f => f.T)];
    }

    private static double LowestUntilHigher(double[] y, int from, int direction)
    {
        var lowest = y[from];
        for (var i = from + direction; i >= 0 && i < y.Length && y[i] <= y[from]; i += direction) { lowest = Math.Min(lowest, y[i]); }
        return lowest;
    }

    private static int Lowest(double[] y, int from, int to)
    {
        var at = from;
        for (var i = from; i <= to; i++) { at = y[i] < y[at] ? i : at; }
        return at;
    }
}
