using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>A peak or step of the heat flow; temperatures in K, area in J/kg of initial mass (exothermic positive).</summary>
internal sealed record HeatPeak(bool IsStep, Estimate Onset, Estimate Peak, Estimate End, Estimate Area, double Height, double Width)
{
    /// <summary>w = R·T²/(n·(E + 2RT)) of the transformation, K.</summary>
    public Estimate KineticWidth { get; init; } = Estimate.Withheld("no transformation");

    /// <summary>By how many kelvins the sensor's lag shifts the peak at this rate; withheld where the run does not show it.</summary>
    public Estimate Lag { get; init; } = Estimate.Withheld("no transformation");

    /// <summary>The fitted event by itself on temperatures (K) that rise, W/kg.</summary>
    public required Func<double[], double[]> Curve { get; init; }
}

/// <summary>
/// The events of a heat flow where no mass is lost: a cubic baseline, the tails of neighbouring mass steps, and events added
/// one by one while each earns its parameters, all fitted together. Peaks have the shape of a thermally activated
/// transformation seen through a first-order lag that is shared by the run.
/// </summary>
internal static class HeatPeaks
{
    private const int MostEvents = 8;
    private const int PerEvent = 3;

    /// <summary>Fits one stretch of temperature.</summary>
    /// <param name="temperature">K, rising.</param>
    /// <param name="heat">W/kg, exothermic positive.</param>
    /// <param name="rate">Heating rate, K/s.</param>
    /// <param name="tails">Rates of the mass steps on the same temperatures; their heat is left free.</param>
    public static IReadOnlyList<HeatPeak> Fit(double[] temperature, double[] heat, double rate, IReadOnlyList<double[]> tails)
    {
        var n = temperature.Length;
        if (n < 30) { return []; }
        var noise = Math.Max(ThermalRun.Noise(heat), 1e-3);
        var model = new Model(temperature, heat, noise, tails);
        var (best, kinds) = model.Grow(0);
        // Exotherms in a row look like endotherms between steps: where kinds are mixed, fits that begin with peaks of one sign compete.
        if (kinds.Contains(true) || Enumerable.Range(0, kinds.Count).Select(e => Math.Sign(best.Parameters[model.FirstEvent + (PerEvent * e)])).Distinct().Count() > 1)
        {
            (LeastSquaresFit Fit, List<bool> Kinds)[] fits = [(best, kinds), model.Grow(1), model.Grow(-1)];
            var penalty = Math.Max(1, fits.Min(f => f.Fit.SumOfSquares) / n) * ((PerEvent * Math.Log(n)) + 12);
            (best, kinds) = fits.MinBy(f => f.Fit.SumOfSquares + (penalty * f.Kinds.Count));
        }
        var scale = Scale();
        // Two events that share one heat are each as uncertain as they are large: the less certain goes and the other takes it all.
        while (Uncertain() is { } weak)
        {
            var k = model.FirstEvent + (PerEvent * weak);
            kinds.RemoveAt(weak);
            best = model.Fit([.. best.Parameters[..k], .. best.Parameters[(k + PerEvent)..]], kinds);
            scale = Scale();
        }
        var found = new List<HeatPeak>();
        for (var e = 0; e < kinds.Count; e++)
        {
            var k = model.FirstEvent + (PerEvent * e);
            var p = best.Parameters;
            Estimate Of(Func<double[], double> f) => Estimate.Of(f(p), best.StandardError(f, scale));
            // Held at a bound it is a bend of the baseline, not an event.
            if (best.AtBound[k + 1] || best.AtBound[k + 2]) { continue; }
            var isStep = kinds[e];
            double[] Curve(double[] t) => Model.Event(t, isStep, p[k], p[k + 1], p[k + 2], p[0]);
            if (isStep)
            {
                var (from, at, to) = (Of(q => q[k + 1] - q[k + 2]), Of(q => q[k + 1]), Of(q => q[k + 1] + q[k + 2]));
                found.Add(new(true, from, at, to, Estimate.Withheld("a step of heat capacity has no area"), p[k], p[k + 2]) { Curve = Curve });
                continue;
            }
            var read = Model.Read(p, k);
            if (read.FullWidth is < 3 or > 40) { continue; }
            found.Add(new(false, Of(q => Model.Read(q, k).Onset), Of(q => Model.Read(q, k).Peak), Of(q => Model.Read(q, k).End),
                Of(q => q[k] / rate), read.Height, read.FullWidth)
            {
                Curve = Curve, KineticWidth = Of(q => q[k + 2]),
                Lag = best.AtBound[0] ? Estimate.Withheld("the run does not show it") : Of(q => q[0]),
            });
        }
        return [.. found.OrderBy(f => f.Peak.Value)];

        double Scale()
        {
            var residual = new double[n];
            model.Residual(best.Parameters, kinds, residual);
            return best.SumOfSquares / Math.Max(1, n - best.Parameters.Length) * ThermalRun.Correlation(residual);
        }

        int? Uncertain()
        {
            (int, double)? worst = null;
            for (var e = 0; e < kinds.Count; e++)
            {
                var k = model.FirstEvent + (PerEvent * e);
                var certainty = Math.Abs(best.Parameters[k]) / best.StandardError(q => q[k], scale);
                if (!(certainty > 5) && !(certainty >= worst?.Item2)) { worst = (e, double.IsNaN(certainty) ? 0 : certainty); }
            }
            return worst?.Item1;
        }
    }

    /// <summary>By how many kelvins a lag of <paramref name="lag"/> K moves the top of a peak at <paramref name="position"/>.</summary>
    public static double Shift(double position, double width, double lag)
    {
        double Top(double l) => Model.Read([l, 1, position, width], 1).Peak;
        return lag > 1e-6 ? Top(lag) - Top(0) : 0;
    }

    private sealed class Model(double[] temperature, double[] heat, double noise, IReadOnlyList<double[]> tails)
    {
        private const double FirstLag = 1;
        private readonly double middle = 0.5 * (temperature[0] + temperature[^1]);
        private readonly double half = 0.5 * (temperature[^1] - temperature[0]);
        private readonly double[] shape = new double[temperature.Length];
        private Model? coarse;
        private readonly List<(EventCurve Peak, EventCurve Step)> curves = [];

        // Parameters: lag, baseline (4), one heat for each tail, then size, position and width of each event.
        public int FirstEvent => 5 + tails.Count;

        /// <summary>
        /// Adds events one by one while each earns its parameters: with a <paramref name="sign"/> first peaks of that sign alone, then whatever explains most.
        /// </summary>
        public (LeastSquaresFit Fit, List<bool> Kinds) Grow(int sign)
        {
            var n = temperature.Length;
            var kinds = new List<bool>();
            var best = Fit(Baseline(), kinds);
            while (kinds.Count < MostEvents)
            {
                if (BestAddition(best.Parameters, kinds, sign) is { } c)
                {
                    var trial = Fit([.. best.Parameters, c.Size, c.Position, c.Width], [.. kinds, c.IsStep]);
                    var other = c.IsStep || sign != 0 ? null : Fit([.. best.Parameters, 0.2 * c.Size, c.Position, 4], [.. kinds, true]);
                    var isStep = c.IsStep;
                    if (other is not null && other.SumOfSquares < trial.SumOfSquares) { (trial, isStep) = (other, true); }
                    // Misfit that is already there counts as noise, so that a crooked baseline is not dressed up with peaks.
                    var floor = Math.Max(1, best.SumOfSquares / n);
                    var p = trial.Parameters;
                    var (size, width) = (p[^3], p[^1]);
                    var points = Math.Max(2, width / ((temperature[^1] - temperature[0]) / n));
                    if (best.SumOfSquares - trial.SumOfSquares >= floor * ((PerEvent * Math.Log(n)) + 12)
                        && (isStep || Math.Abs(size) >= 4 * noise * Math.Sqrt(floor) / Math.Sqrt(points)) && (sign == 0 || Math.Sign(size) == sign))
                    {
                        kinds.Add(isStep);
                        best = trial;
                        continue;
                    }
                }
                if (sign == 0) { break; }
                sign = 0;
            }
            return (best, kinds);
        }

        private double[] Baseline()
        {
            var p = new double[FirstEvent];
            p[0] = FirstLag;
            p[1] = heat.Average();
            return p;
        }

        public void Residual(ReadOnlySpan<double> p, List<bool> kinds, Span<double> r)
        {
            var n = temperature.Length;
            for (var i = 0; i < n; i++)
            {
                var x = (temperature[i] - middle) / half;
                r[i] = p[1] + (x * (p[2] + (x * (p[3] + (x * p[4]))))) - heat[i];
            }
            for (var k = 0; k < tails.Count; k++)
            {
                for (var i = 0; i < n; i++) { r[i] += p[5 + k] * tails[k][i]; }
            }
            for (var e = 0; e < kinds.Count; e++)
            {
                var k = FirstEvent + (PerEvent * e);
                if (curves.Count == e) { curves.Add((new(n, (at, width, lag, to) => Shape(false, at, width, lag, to)), new(n, (at, width, _, to) => Shape(true, at, width, 0, to)))); }
                // A step has no lag, so that its curve does not change with it.
                var curve = kinds[e] ? curves[e].Step.At(p[k + 1], p[k + 2], 0) : curves[e].Peak.At(p[k + 1], p[k + 2], p[0]);
                for (var i = 0; i < n; i++) { r[i] += p[k] * curve[i]; }
            }
            for (var i = 0; i < n; i++) { r[i] /= noise; }
        }

        public LeastSquaresFit Fit(double[] start, List<bool> kinds)
        {
            var lower = new double[start.Length];
            var upper = new double[start.Length];
            Array.Fill(lower, double.NegativeInfinity);
            Array.Fill(upper, double.PositiveInfinity);
            (lower[0], upper[0]) = kinds.Contains(false) ? (0.02, 6) : (FirstLag, FirstLag);
            for (var e = 0; e < kinds.Count; e++)
            {
                var k = FirstEvent + (PerEvent * e);
                (lower[k + 1], upper[k + 1]) = (temperature[0], temperature[^1]);
                (lower[k + 2], upper[k + 2]) = (1, kinds[e] ? 12 : 18);
            }
            return LevenbergMarquardt.Minimise((p, r) => Residual(p, kinds, r), temperature.Length, start, lower, upper, 60, 1e-9);
        }

        /// <summary>The same run with neighbouring points averaged, to seek in.</summary>
        private Model Coarse()
        {
            var together = temperature.Length / 400;
            double[] Averaged(double[] y) => [.. y.Chunk(together).Where(c => c.Length == together).Select(c => c.Average())];
            return new(Averaged(temperature), Averaged(heat), noise / Math.Sqrt(together), [.. tails.Select(Averaged)]);
        }

        /// <summary>The event whose addition to a linear fit lowers the misfit most, over a grid of positions and widths; with a <paramref name="sign"/> a peak of that sign.</summary>
        private (bool IsStep, double Size, double Position, double Width)? BestAddition(double[] p, List<bool> kinds, int sign)
        {
            if (temperature.Length >= 800) { return (coarse ??= Coarse()).BestAddition(p, kinds, sign); }
            var columns = new OrthonormalColumns();
            for (var d = 0; d < 4; d++) { columns.Add([.. temperature.Select(t => Math.Pow((t - middle) / half, d) / noise)]); }
            foreach (var tail in tails) { columns.Add([.. tail.Select(t => t / noise)]); }
            for (var e = 0; e < kinds.Count; e++)
            {
                Shape(kinds[e], p[FirstEvent + (PerEvent * e) + 1], p[FirstEvent + (PerEvent * e) + 2], p[0], shape);
                columns.Add([.. shape.Select(s => s / noise)]);
            }
            var rest = heat.Select(h => h / noise).ToArray();
            columns.Remove(rest);
            (bool, double, double, double)? best = null;
            var most = 0.0;
            var step = Math.Max(1.0, 2 * half / 500);
            foreach (var isStep in sign == 0 ? new[] { false, true } : [false])
            {
                foreach (var width in isStep ? new[] { 4.0, 10.0 } : [1.6, 3, 5, 9])
                {
                    for (var t = temperature[0] + (1.5 * width); t < temperature[^1] - (1.5 * width); t += Math.Max(step, 0.4 * width))
                    {
                        Shape(isStep, t, width, p[0], shape);
                        var (gain, size) = columns.Gain(Array.ConvertAll(shape, s => s / noise), rest);
                        if (gain > most && (sign == 0 || Math.Sign(size) == sign)) { (most, best) = (gain, (isStep, size, t, width)); }
                    }
                }
            }
            return best;
        }

        /// <summary>Peak, onset by the tangent at the steepest rise, end by the fall to 1 % of the height, from the fitted shape.</summary>
        public static (double Onset, double Peak, double End, double Height, double FullWidth) Read(double[] p, int k)
        {
            var (position, width, lag) = (p[k + 1], p[k + 2], p[0]);
            var h = width / 60;
            var count = (int)Math.Ceiling(((12 * width) + (8 * lag)) / h);
            var t = new double[count];
            var y = new double[count];
            for (var i = 0; i < count; i++)
            {
                t[i] = position - (8 * width) + (h * i);
                y[i] = KineticShape.Rate(t[i], position, width, 1);
            }
            KineticShape.Lag(t, y, lag);
            var top = 0;
            for (var i = 1; i < count; i++) { top = y[i] > y[top] ? i : top; }
            var (peak, height) = Vertex(t, y, top);
            var steepest = 1;
            for (var i = 1; i < top; i++) { steepest = y[i + 1] - y[i - 1] > y[steepest + 1] - y[steepest - 1] ? i : steepest; }
            // The steepest slope is flat in position, so that its place needs no refinement.
            var onset = t[steepest] - (y[steepest] * 2 * h / (y[steepest + 1] - y[steepest - 1]));
            double Falls(double level, int direction)
            {
                var i = top;
                while (i + direction > 0 && i + direction < count - 1 && y[i + direction] > level) { i += direction; }
                var j = i + direction;
                return t[i] + ((t[j] - t[i]) * (y[i] - level) / (y[i] - y[j]));
            }

            return (onset, peak, Falls(0.01 * height, 1), p[k] * height, Falls(0.5 * height, 1) - Falls(0.5 * height, -1));
        }

        private static (double X, double Y) Vertex(double[] x, double[] y, int i)
        {
            if (i <= 0 || i >= x.Length - 1) { return (x[i], y[i]); }
            var (a, b) = (y[i + 1] - (2 * y[i]) + y[i - 1], 0.5 * (y[i + 1] - y[i - 1]));
            return a >= 0 ? (x[i], y[i]) : (x[i] - (b / a * (x[i + 1] - x[i])), y[i] - (b * b / (2 * a)));
        }

        /// <summary>One event of a size.</summary>
        public static double[] Event(double[] temperature, bool isStep, double size, double position, double width, double lag)
        {
            var to = new double[temperature.Length];
            Shape(temperature, isStep, position, width, lag, to);
            return Array.ConvertAll(to, y => size * y);
        }

        private void Shape(bool isStep, double position, double width, double lag, double[] to) => Shape(temperature, isStep, position, width, lag, to);

        private static void Shape(double[] temperature, bool isStep, double position, double width, double lag, double[] to)
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = isStep ? 0.5 * (1 + Math.Tanh((temperature[i] - position) / width)) : KineticShape.Rate(temperature[i], position, width, 1);
            }
            if (!isStep) { KineticShape.Lag(temperature, to, lag); }
        }
    }
}
