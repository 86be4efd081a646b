using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Estimation;

/// <summary>A parameter that a fit may change between two bounds.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Unit">Of its value.</param>
/// <param name="Start">First guess.</param>
/// <param name="Lower">Smallest value.</param>
/// <param name="Upper">Largest value.</param>
/// <param name="Logarithmic">True where the fit moves on its logarithm.</param>
public sealed record FreeParameter(string Name, string Unit, double Start, double Lower, double Upper, bool Logarithmic = false)
{
    internal double Value(double u) => Logarithmic ? Lower * Math.Pow(Upper / Lower, u) : Lower + (u * (Upper - Lower));

    internal double Place(double value) => Math.Clamp(Logarithmic ? Math.Log(value / Lower) / Math.Log(Upper / Lower) : (value - Lower) / (Upper - Lower), 0, 1);

    /// <summary>dValue/du.</summary>
    internal double Slope(double u) => Logarithmic ? Value(u) * Math.Log(Upper / Lower) : Upper - Lower;
}

/// <summary>The least sum of squares of a simulation against numbers.</summary>
/// <param name="Values">The parameters there.</param>
/// <param name="StandardErrors">From the curvature there with the stated errors of the numbers; NaN at a bound or where the numbers do not tell.</param>
/// <param name="Correlation">Of the parameters; NaN where there is no standard error.</param>
/// <param name="AtBound">Parameters that stand at a bound.</param>
/// <param name="ChiSquared">Σ r².</param>
/// <param name="StartingFrom">χ² reached from each start.</param>
/// <param name="Evaluations">Simulations of all numbers, over all starts.</param>
/// <param name="Stop">Why the best search ended.</param>
public sealed record BoundedFitResult(
    double[] Values, double[] StandardErrors, double[,] Correlation, bool[] AtBound, double ChiSquared, double[] StartingFrom, int Evaluations, string Stop);

/// <summary>
/// Least squares for slow simulations: Levenberg–Marquardt (Moré 1978) between bounds, from several starts, each parameter mapped
/// onto 0…1. Forward differences are wide (1 % of the range), because adaptive time steps make the residuals uneven on a finer
/// scale; they are computed in parallel, and so are the trial steps. The result does not depend on the number of threads.
/// </summary>
public static class BoundedFit
{
    private const double Step = 0.01;

    /// <summary>Fits.</summary>
    /// <param name="parameters">What may change.</param>
    /// <param name="residuals">(model − number)/error at given values; called from several threads.</param>
    /// <param name="starts">1: from the first guesses alone; more: from seeded places around them too.</param>
    /// <param name="seed">Of the starts.</param>
    /// <param name="iterations">Largest number of Jacobians a start.</param>
    /// <param name="progress">Told χ² after each iteration.</param>
    /// <param name="cancellation">Stops between evaluations.</param>
    public static BoundedFitResult Run(
        IReadOnlyList<FreeParameter> parameters, Func<double[], double[]> residuals, int starts = 1, int seed = 1, int iterations = 15, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(residuals);
        var random = new Random(seed);
        var first = parameters.Select(p => p.Place(p.Start)).ToArray();
        var searches = new List<Search>();
        for (var s = 0; s < starts; s++)
        {
            var from = s == 0 ? first : [.. first.Select(u => Math.Clamp(u + (0.5 * (random.NextDouble() - 0.5)), 0.02, 0.98))];
            var search = new Search(parameters, residuals, cancellation);
            search.Descend(from, iterations, text => progress?.Report($"start {s + 1} of {starts}, {text}"));
            searches.Add(search);
        }
        var best = searches.MinBy(s => s.Sum)!;
        var (errors, correlation, bound) = best.Uncertainty();
        return new([.. best.Values], errors, correlation, bound, best.Sum, [.. searches.Select(s => s.Sum)], searches.Sum(s => s.Evaluations), best.Stop);
    }

    private sealed class Search(IReadOnlyList<FreeParameter> parameters, Func<double[], double[]> residuals, CancellationToken cancellation)
    {
        private readonly int n = parameters.Count;
        private double[] place = [], r = [];
        private Matrix<double> jacobian = null!;

        public double Sum { get; private set; }

        public int Evaluations { get; private set; }

        public string Stop { get; private set; } = "the allowed iterations are used up";

        public double[] Values => Of(place);

        public void Descend(double[] from, int iterations, Action<string> tell)
        {
            place = from;
            r = All([from])[0];
            Sum = Square(r);
            var damping = 1e-2;
            for (var k = 0; k < iterations; k++)
            {
                Differentiate();
                tell(FormattableString.Invariant($"iteration {k + 1}: chi2 = {Sum:G5}"));
                var before = Sum;
                for (var attempt = 0; attempt < 3 && Sum >= before; attempt++)
                {
                    var trials = new[] { damping, damping * 30 }.Select(Move).ToArray();
                    var answers = All(trials);
                    var better = Square(answers[0]) <= Square(answers[1]) ? 0 : 1;
                    if (Square(answers[better]) < Sum)
                    {
                        (place, r, Sum) = (trials[better], answers[better], Square(answers[better]));
                        damping = better == 0 ? Math.Max(damping / 10, 1e-6) : damping * 10;
                    }
                    else { damping *= 900; }
                }
                if (Sum >= before) { Stop = "no step lowers the sum of squares"; return; }
                if ((before - Sum) < 1e-3 * before)
                {
                    Stop = "the sum of squares falls by less than 0.1 %";
                    Differentiate();
                    return;
                }
            }
            Differentiate();
        }

        public (double[] Errors, double[,] Correlation, bool[] AtBound) Uncertainty()
        {
            var bound = place.Select(u => u is <= 1e-6 or >= 1 - 1e-6).ToArray();
            var errors = Enumerable.Repeat(double.NaN, n).ToArray();
            var correlation = new double[n, n];
            for (var i = 0; i < n; i++) { for (var j = 0; j < n; j++) { correlation[i, j] = double.NaN; } }
            var free = Enumerable.Range(0, n).Where(i => !bound[i] && jacobian.Column(i).L2Norm() > 1e-8).ToArray();
            if (free.Length == 0 || free.Length > r.Length) { return (errors, correlation, bound); }
            var j2 = Matrix<double>.Build.DenseOfColumnVectors(free.Select(i => jacobian.Column(i)));
            if (j2.ConditionNumber() > 1e8) { return (errors, correlation, bound); }
            var covariance = (j2.Transpose() * j2).Inverse();
            for (var a = 0; a < free.Length; a++)
            {
                errors[free[a]] = Math.Sqrt(covariance[a, a]) * Math.Abs(parameters[free[a]].Slope(place[free[a]]));
                for (var b = 0; b < free.Length; b++) { correlation[free[a], free[b]] = covariance[a, b] / Math.Sqrt(covariance[a, a] * covariance[b, b]); }
            }
            return (errors, correlation, bound);
        }

        private void Differentiate()
        {
            var points = Enumerable.Range(0, n).Select(i =>
            {
                var q = (double[])place.Clone();
                q[i] += q[i] + Step <= 1 ? Step : -Step;
                return q;
            }).ToArray();
            var answers = All(points);
            jacobian = Matrix<double>.Build.Dense(r.Length, n, (k, i) => (answers[i][k] - r[k]) / (points[i][i] - place[i]));
        }

        private double[] Move(double damping)
        {
            var gradient = jacobian.Transpose() * Vector<double>.Build.Dense(r);
            var free = Enumerable.Range(0, n).Where(i => !(place[i] <= 0 && gradient[i] > 0) && !(place[i] >= 1 && gradient[i] < 0)).ToArray();
            var trial = (double[])place.Clone();
            if (free.Length == 0) { return trial; }
            var j = Matrix<double>.Build.DenseOfColumnVectors(free.Select(i => jacobian.Column(i)));
            var normal = j.Transpose() * j;
            for (var i = 0; i < free.Length; i++) { normal[i, i] += (damping * normal[i, i]) + 1e-9; }
            var step = normal.Solve(-(j.Transpose() * Vector<double>.Build.Dense(r)));
            for (var i = 0; i < free.Length; i++) { trial[free[i]] = Math.Clamp(place[free[i]] + Math.Clamp(step[i], -0.2, 0.2), 0, 1); }
            return trial;
        }

        private double[][] All(double[][] points)
        {
            var answers = new double[points.Length][];
            Parallel.For(0, points.Length, new ParallelOptions { CancellationToken = cancellation }, i => answers[i] = residuals(Of(points[i])));
            Evaluations += points.Length;
            return answers;
        }

        private double[] Of(double[] at) => [.. at.Select((u, i) => parameters[i].Value(u))];

        private static double Square(double[] x)
        {
            var s = x.Sum(v => v * v);
            return double.IsNaN(s) ? double.PositiveInfinity : s;
        }
    }
}
