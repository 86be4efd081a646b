using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>One step of mass: kinetic parameters and what is read from them, temperatures in K.</summary>
internal sealed record MassStep(double T0, double Width, double Order, Estimate Change, Estimate Onset, Estimate Peak, Estimate End, Estimate Done99, double Starts);

/// <summary>The steps of a mass curve.</summary>
/// <param name="Steps">In order of temperature.</param>
/// <param name="Drift">Change of mass per K that no step explains (buoyancy), fraction/K.</param>
/// <param name="Residual">Root mean square of the residuals, fraction.</param>
/// <param name="Noise">White noise of the curve, fraction.</param>
internal sealed record MassSteps(IReadOnlyList<MassStep> Steps, double Drift, double Residual, double Noise)
{
    /// <summary>Temperatures, K, where the mass changes without a whole step in the run.</summary>
    public IReadOnlyList<double> Dropped { get; init; } = [];

    private const int MostSteps = 6;
    private const int First = 3;

    /// <summary>
    /// Fits the whole curve as a slow parabola (drift of the balance) plus steps of order n. Steps are sought in the derivative, smoothed over
    /// ±6 K: maxima that stand out by more than five of its standard deviations and change the mass by more than 0.2 %.
    /// </summary>
    public static MassSteps Fit(double[] temperature, double[] mass)
    {
        var noise = Math.Max(ThermalRun.Noise(mass), 1e-7);
        var seeds = Seeds(temperature, mass, noise);
        var dropped = new List<double>();
        while (true)
        {
            var (fit, suspect) = FitWith(seeds, temperature, mass, noise);
            if (suspect < 0) { return fit with { Dropped = dropped }; }
            dropped.Add(seeds[suspect].T);
            seeds.RemoveAt(suspect);
        }
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
        void Model(ReadOnlySpan<double> p, Span<double> r)
        {
            for (var i = 0; i < n; i++)
            {
                var x = (temperature[i] - middle) / span;
                var m = p[0] + (x * (p[1] + (x * p[2])));
                for (var k = First; k + 3 < p.Length; k += 4) { m -= p[k] * KineticShape.Advance(temperature[i], p[k + 1], p[k + 2], p[k + 3]); }
                r[i] = (m - mass[i]) / noise;
            }
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
        var steps = new List<MassStep>();
        for (var s = 0; s < seeds.Count; s++)
        {
            var k = First + (4 * s);
            var p0 = fit.Parameters;
            var (onset, peak, end) = Tangents(p0.AsSpan(k, 4));
            if (p0[k] is <= -1 or >= 1.2 || p0[k + 2] >= 80 || peak < temperature[0] || end - onset > 200
                || KineticShape.TemperatureAt(0.9, p0[k + 1], p0[k + 2], p0[k + 3]) > temperature[^1])
            {
                return (new([], 0, 0, noise), s);
            }
            Estimate Of(Func<double[], double> f) => Estimate.Of(f(fit.Parameters), fit.StandardError(f, scale));
            var change = Of(p => -p[k]);
            if (!(Math.Abs(change.Value) > 4 * change.StandardError) || Math.Abs(change.Value) < 1e-3) { continue; }
            steps.Add(new(fit.Parameters[k + 1], fit.Parameters[k + 2], fit.Parameters[k + 3], change,
                Of(p => Tangents(p.AsSpan(k, 4)).Onset), Of(p => Tangents(p.AsSpan(k, 4)).Peak), Of(p => Tangents(p.AsSpan(k, 4)).End),
                Of(p => KineticShape.TemperatureAt(0.99, p[k + 1], p[k + 2], p[k + 3])),
                KineticShape.TemperatureAt(0.01, fit.Parameters[k + 1], fit.Parameters[k + 2], fit.Parameters[k + 3])));
        }
        return (new([.. steps.OrderBy(s => s.Peak.Value)], fit.Parameters[1] / span, noise * Math.Sqrt(fit.SumOfSquares / n), noise), -1);
    }

    /// <summary>Where the tangent at the fastest change meets the levels before and after (ISO 11358-1).</summary>
    private static (double Onset, double Peak, double End) Tangents(ReadOnlySpan<double> p)
    {
        var (t0, w, order) = (p[1], p[2], p[3]);
        var peak = GoldenSection.Of(t0 - (4 * w), t0 + (4 * w), 60, t => -KineticShape.Rate(t, t0, w, order)).X;
        var rate = KineticShape.Rate(peak, t0, w, order);
        var done = KineticShape.Advance(peak, t0, w, order);
        return (peak - (done / rate), peak, peak + ((1 - done) / rate));
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
