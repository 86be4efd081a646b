using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>
/// Heat of each mass step: a quadratic baseline and the steps' own rates, seen through one lag, from before the first step to after the last.
/// </summary>
/// <remarks>
/// The balance knows the shapes only within errors, and the heat flow shows them too: both are fitted together, the shapes held by their covariance
/// from the mass as by so many more readings (Gauss–Newton). Where the two disagree (heats that do not follow the loss), the shapes stay those of the
/// mass, and the errors are those that the misfit leaves.
/// </remarks>
internal static class StepHeats
{
    private const int Baseline = 3, Passes = 8;
    private const double LeastLag = 0.02, MostLag = 6, LagStep = 0.02;

    /// <summary>J/kg of initial mass, in the order of the steps; exothermic positive. What <paramref name="others"/> set free between the steps reaches into them and is taken off.</summary>
    public static IReadOnlyList<Estimate> Of(ThermalRun run, MassSteps? mass, IReadOnlyList<HeatPeak> others)
    {
        var steps = mass?.Steps ?? [];
        if (run.HeatFlow is null || steps.Count == 0) { return [.. steps.Select(_ => Estimate.Withheld("the file holds no heat flow"))]; }
        var from = Array.FindIndex(run.Temperature, t => t >= Math.Max(run.Temperature[0] + 3, steps.Min(s => s.Starts) - 20));
        var to = Array.FindLastIndex(run.Temperature, t => t <= steps.Max(s => s.Done99.Value) + 10) + 1;
        if (to - from < 10 * (steps.Count + Baseline)) { return [.. steps.Select(_ => Estimate.Withheld("the steps hold too few points"))]; }
        var curve = new Curve(run.Temperature[from..to], Vector<double>.Build.Dense(others.Select(o => o.Curve(run.Temperature)).Aggregate(run.HeatFlow, (all, one) => [.. all.Zip(one, (a, b) => a - b)])[from..to]));
        Func<double, double>[] rates = [.. steps.Select(s => s.Rate)];
        var lag = new[] { 0.1, 0.6, 1.2, 2, 3 }.MinBy(l => curve.Solve(rates, l).Misfit);
        var alone = curve.Fit(rates, lag, null);
        var fit = mass!.Shapes is { } shapes && curve.Fit(rates, lag, shapes) is { Shifts: < 3 } joint ? joint : alone;
        return [.. steps.Select((_, i) => Estimate.Of(fit.Heats[i] / run.Rate, fit.Errors[i] / run.Rate))];
    }

    private sealed class Curve(double[] temperature, Vector<double> heat)
    {
        private readonly double middle = 0.5 * (temperature[0] + temperature[^1]), half = 0.5 * (temperature[^1] - temperature[0]);

        private Vector<double> Column(Func<double, double> rate, double lag)
        {
            var y = Array.ConvertAll(temperature, t => rate(t));
            KineticShape.Lag(temperature, y, lag);
            return Vector<double>.Build.Dense(y);
        }

        private IEnumerable<Vector<double>> Ground() => Enumerable.Range(0, Baseline).Select(d => Vector<double>.Build.Dense(Array.ConvertAll(temperature, t => Math.Pow((t - middle) / half, d))));

        /// <summary>Heats and baseline at given shapes and lag, and the squares they leave.</summary>
        public (Vector<double> Values, double Misfit) Solve(IEnumerable<Func<double, double>> rates, double lag)
        {
            var a = Matrix<double>.Build.DenseOfColumnVectors(rates.Select(r => Column(r, lag)).Concat(Ground()));
            var x = a.QR().Solve(heat);
            return (x, ((a * x) - heat) is var r ? r * r : 0);
        }

        /// <summary>Heats (W·K/kg) with errors; with shapes, these are free within their covariance, and <c>Shifts</c> is the mean square by which they moved, in standard errors.</summary>
        public (Vector<double> Heats, double[] Errors, double Shifts) Fit(Func<double, double>[] rates, double lag, (StepShape[] Of, double[,] Covariance)? shapes)
        {
            var (values, misfit) = Solve(rates, lag);
            var n = heat.Count;
            var directions = shapes is { } known ? Directions(known.Covariance) : Matrix<double>.Build.Dense(0, 0);
            var moved = Vector<double>.Build.Dense(directions.ColumnCount);
            var noise = Math.Sqrt(misfit / Math.Max(1, n - values.Count));
            var errors = new double[rates.Length];
            for (var pass = 0; pass < Passes; pass++)
            {
                var at = shapes is { } s ? Rates(s.Of, directions * moved) : rates;
                var columns = at.Select(r => Column(r, lag)).Concat(Ground()).ToList();
                var model = columns.Zip(values, (c, v) => c * v).Aggregate((a, b) => a + b);
                var heats = values.SubVector(0, rates.Length);
                Vector<double> All(Func<double, double>[] r, double l) => r.Select((f, i) => Column(f, l) * heats[i]).Aggregate((a, b) => a + b);
                var own = All(at, lag);
                columns.Add((All(at, lag + LagStep) - own) / LagStep);
                for (var d = 0; d < moved.Count; d++)
                {
                    const double step = 0.1;
                    var on = moved.Clone();
                    on[d] += step;
                    columns.Add((All(Rates(shapes!.Value.Of, directions * on), lag) - own) / step);
                }
                var j = Matrix<double>.Build.DenseOfColumnVectors(columns);
                var residual = heat - model;
                var left = residual.ToArray();
                // Noise that lasts counts for what it does to a mean.
                noise = Math.Sqrt(residual * residual / Math.Max(1, n - values.Count - 1) * ThermalRun.Correlation(left));
                var first = values.Count + 1;
                var normal = j.TransposeThisAndMultiply(j) / (noise * noise);
                var right = j.TransposeThisAndMultiply(residual) / (noise * noise);
                for (var d = 0; d < moved.Count; d++)
                {
                    normal[first + d, first + d] += 1;
                    right[first + d] -= moved[d];
                }
                var scale = normal.Diagonal().PointwiseSqrt();
                if (scale.Any(v => !(v > 0))) { break; }
                var inverse = Matrix<double>.Build.Dense(scale.Count, scale.Count, (a, b) => normal[a, b] / (scale[a] * scale[b])).Inverse();
                for (var i = 0; i < errors.Length; i++) { errors[i] = Math.Sqrt(Math.Max(inverse[i, i], 0)) / scale[i]; }
                var change = (inverse * right.PointwiseDivide(scale)).PointwiseDivide(scale);
                values += change.SubVector(0, values.Count);
                lag = Math.Clamp(lag + change[values.Count], LeastLag, MostLag);
                if (moved.Count > 0) { moved += change.SubVector(first, moved.Count); }
            }
            return (values.SubVector(0, rates.Length), errors, moved.Count == 0 ? 0 : moved * moved / moved.Count);
        }

        private static Func<double, double>[] Rates(StepShape[] shapes, Vector<double> by) =>
            [.. shapes.Select((s, i) => (Func<double, double>)new StepShape(s.Start, s.Position + by[3 * i], Math.Max(s.Width + by[(3 * i) + 1], 0.5), s.Order + by[(3 * i) + 2]).Rate)];

        /// <summary>Independent directions, each as long as its standard error.</summary>
        private static Matrix<double> Directions(double[,] covariance)
        {
            var parts = Matrix<double>.Build.DenseOfArray(covariance).Evd(Symmetricity.Symmetric);
            return Matrix<double>.Build.DenseOfColumnVectors(Enumerable.Range(0, covariance.GetLength(0)).Select(k => parts.EigenVectors.Column(k) * Math.Sqrt(Math.Max(parts.EigenValues[k].Real, 0))));
        }
    }
}
