using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Estimation;

/// <summary>How a search for the least sum of squares is made.</summary>
public readonly record struct BoundedFitOptions()
{
    /// <summary>Step of the differences, as a share of each parameter's range: wide, because time steps and particles that fill one after another make a simulation uneven on a finer scale.</summary>
    public double Step { get; init; } = 0.03;

    /// <summary>The search ends when an iteration lowers the sum of squares by less than this share.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Largest number of Jacobians.</summary>
    public int Iterations { get; init; } = 20;

    /// <summary>True: central differences from the first iteration on, for a search that begins near its end; false: forward differences, and no uncertainty.</summary>
    public bool Central { get; init; } = true;
}

/// <summary>The least sum of squares of a simulation against numbers.</summary>
/// <param name="Values">The parameters there.</param>
/// <param name="StandardErrors">From the curvature there with the stated errors of the numbers; NaN at a bound or where the numbers do not tell.</param>
/// <param name="Covariance">Of the parameters; NaN where there is no standard error.</param>
/// <param name="AtBound">Parameters that stand at a bound.</param>
/// <param name="ChiSquared">Σ r².</param>
/// <param name="Evaluations">Simulations of all numbers.</param>
/// <param name="Stop">Why the search ended.</param>
public sealed record BoundedFitResult(double[] Values, double[] StandardErrors, double[,] Covariance, bool[] AtBound, double ChiSquared, int Evaluations, string Stop)
{
    /// <summary>Correlation of two parameters.</summary>
    public double Correlation(int i, int j) => Covariance[i, j] / (StandardErrors[i] * StandardErrors[j]);
}

/// <summary>
/// Least squares for slow simulations: Levenberg–Marquardt (Moré 1978) between bounds, each parameter mapped onto 0…1. The
/// Jacobian is corrected after each step by what the step showed (Broyden 1965) and differenced anew only where that no longer
/// serves. Differences and trial steps are computed in parallel; the result does not depend on the number of threads.
/// </summary>
public static class BoundedFit
{
    /// <summary>Searches from one place.</summary>
    /// <param name="parameters">What may change.</param>
    /// <param name="residuals">(model − number)/error at given values; called from several threads.</param>
    /// <param name="from">Values at which the search begins.</param>
    /// <param name="options">How it is made.</param>
    /// <param name="cancellation">Stops between evaluations.</param>
    public static BoundedFitResult Run(
        IReadOnlyList<FreeParameter> parameters, Func<double[], double[]> residuals, double[] from, BoundedFitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(residuals);
        ArgumentNullException.ThrowIfNull(from);
        var search = new Search(parameters, residuals, options, cancellation);
        search.Descend([.. parameters.Select((p, i) => p.Place(from[i]))]);
        var (errors, covariance, bound) = search.Uncertainty();
        return new(search.Values, errors, covariance, bound, search.Sum, search.Evaluations, search.Stop);
    }

    /// <summary>Derivatives of a simulation's numbers with its parameters, by the differences a fit uses; one-sided at a bound.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="model">The numbers at given values; called from several threads.</param>
    /// <param name="at">Where.</param>
    /// <param name="step">Share of each parameter's range on either side.</param>
    /// <returns>[number, parameter].</returns>
    public static double[,] Derivatives(IReadOnlyList<FreeParameter> parameters, Func<double[], double[]> model, double[] at, double step = 0.03)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(at);
        var search = new Search(parameters, model, new() { Step = step }, default);
        var place = parameters.Select((p, i) => p.Place(at[i])).ToArray();
        var jacobian = search.Differences(place, null);
        for (var i = 0; i < parameters.Count; i++) { jacobian.SetColumn(i, jacobian.Column(i) / parameters[i].Slope(place[i])); }
        return jacobian.ToArray();
    }

    private sealed class Search(IReadOnlyList<FreeParameter> parameters, Func<double[], double[]> residuals, BoundedFitOptions options, CancellationToken cancellation)
    {
        private readonly int n = parameters.Count;
        private double[] place = [], r = [];
        private Matrix<double>? jacobian;

        public double Sum { get; private set; }

        public int Evaluations { get; private set; }

        public string Stop { get; private set; } = "the allowed iterations are used up";

        public double[] Values => Of(place);

        public void Descend(double[] from)
        {
            place = from;
            r = All([from])[0];
            Sum = Square(r);
            var damping = 1e-2;
            double[]? differencedAt = null;
            for (var k = 0; k < options.Iterations; k++)
            {
                var fresh = jacobian is null;
                if (fresh)
                {
                    jacobian = Differences(place, options.Central ? null : r);
                    differencedAt = place;
                }
                var before = Sum;
                for (var attempt = 0; attempt < (fresh ? 3 : 1) && Sum >= before; attempt++)
                {
                    var trials = new[] { damping, damping * 30 }.Select(Move).ToArray();
                    var answers = All(trials);
                    var better = Square(answers[0]) <= Square(answers[1]) ? 0 : 1;
                    if (Square(answers[better]) < Sum)
                    {
                        Correct(trials[better], answers[better]);
                        (place, r, Sum) = (trials[better], answers[better], Square(answers[better]));
                        damping = better == 0 ? Math.Max(damping / 10, 1e-6) : damping * 10;
                    }
                    else { damping *= 900; }
                }
                if (Sum < 1e-20 || (fresh && before - Sum < options.Tolerance * before))
                {
                    Stop = Sum >= before ? "no step lowers the sum of squares" : FormattableString.Invariant($"the sum of squares falls by less than {100 * options.Tolerance:G2} %");
                    break;
                }
                if (before - Sum < 0.02 * before)
                {
                    jacobian = null;
                    damping = Math.Min(damping, 1e-1);
                }
            }
            if (options.Central && (jacobian is null || differencedAt != place)) { jacobian = Differences(place, null); }
        }

        /// <summary>Broyden's correction: along the step taken the Jacobian gives the change that was seen.</summary>
        private void Correct(double[] to, double[] answer)
        {
            var step = Vector<double>.Build.Dense(n, i => to[i] - place[i]);
            var seen = Vector<double>.Build.Dense(r.Length, k => answer[k] - r[k]);
            jacobian += (seen - (jacobian! * step)).OuterProduct(step) / step.DotProduct(step);
        }

        public (double[] Errors, double[,] Covariance, bool[] AtBound) Uncertainty()
        {
            var bound = place.Select(u => u is <= 1e-6 or >= 1 - 1e-6).ToArray();
            var errors = Enumerable.Repeat(double.NaN, n).ToArray();
            var covariance = new double[n, n];
            for (var i = 0; i < n; i++) { for (var j = 0; j < n; j++) { covariance[i, j] = double.NaN; } }
            if (!options.Central) { return (errors, covariance, bound); }
            var free = Enumerable.Range(0, n).Where(i => !bound[i] && jacobian!.Column(i).L2Norm() > 1e-8).ToArray();
            if (free.Length == 0 || free.Length > r.Length) { return (errors, covariance, bound); }
            var j2 = Matrix<double>.Build.DenseOfColumnVectors(free.Select(i => jacobian!.Column(i)));
            if (!(j2.ConditionNumber() < 1e8)) { return (errors, covariance, bound); }
            var inverse = (j2.Transpose() * j2).Inverse();
            for (var a = 0; a < free.Length; a++)
            {
                for (var b = 0; b < free.Length; b++) { covariance[free[a], free[b]] = inverse[a, b] * parameters[free[a]].Slope(place[free[a]]) * parameters[free[b]].Slope(place[free[b]]); }
                errors[free[a]] = Math.Sqrt(covariance[free[a], free[a]]);
            }
            return (errors, covariance, bound);
        }

        /// <summary>Forward differences from the residuals given; without them central ones, one-sided at a bound.</summary>
        public Matrix<double> Differences(double[] at, double[]? here)
        {
            var points = Enumerable.Range(0, n).SelectMany(i =>
            {
                var (up, down) = ((double[])at.Clone(), (double[])at.Clone());
                up[i] = Math.Min(1, at[i] + options.Step);
                down[i] = Math.Max(0, at[i] - options.Step);
                return here is null ? new[] { up, down } : [up[i] - at[i] >= at[i] - down[i] ? up : down];
            }).ToArray();
            var answers = All(points);
            return Matrix<double>.Build.Dense(answers[0].Length, n, (k, i) => here is null
                ? (answers[2 * i][k] - answers[(2 * i) + 1][k]) / (points[2 * i][i] - points[(2 * i) + 1][i])
                : (answers[i][k] - here[k]) / (points[i][i] - at[i]));
        }

        private double[] Move(double damping)
        {
            var gradient = jacobian!.Transpose() * Vector<double>.Build.Dense(r);
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
