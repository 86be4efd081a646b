using System.Numerics;

namespace Interphase.Numerics;

/// <summary>Writes the weighted residuals (model − data)/σ at <paramref name="parameters"/> into <paramref name="residuals"/>.</summary>
public delegate void Residuals(ReadOnlySpan<double> parameters, Span<double> residuals);

/// <summary>The minimum of a sum of squares.</summary>
/// <param name="Parameters">The parameters there.</param>
/// <param name="SumOfSquares">Σ r².</param>
/// <param name="Covariance">(JᵀJ)⁻¹ over the parameters that are free; zero rows for those at a bound, NaN where JᵀJ is singular. Not scaled by the residual variance.</param>
/// <param name="AtBound">Parameters held at a bound.</param>
/// <param name="Iterations">Jacobians computed.</param>
/// <param name="Stop">Why it stopped.</param>
public sealed record LeastSquaresFit(double[] Parameters, double SumOfSquares, double[,] Covariance, bool[] AtBound, int Iterations, StopReason Stop)
{
    /// <summary>Standard error of a function of the parameters by linear propagation; the covariance is multiplied by <paramref name="scale"/>.</summary>
    public double StandardError(Func<double[], double> function, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(function);
        var n = Parameters.Length;
        var gradient = new double[n];
        for (var i = 0; i < n; i++)
        {
            var s = Math.Sqrt(Covariance[i, i]);
            if (double.IsNaN(s)) { return double.NaN; }
            if (s == 0) { continue; }
            var h = Math.Min(0.01 * s, 1e-4 * (Math.Abs(Parameters[i]) + s));
            var p = (double[])Parameters.Clone();
            p[i] += h;
            var up = function(p);
            p[i] -= 2 * h;
            gradient[i] = (up - function(p)) / (2 * h);
        }
        var variance = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) { variance += gradient[i] * Covariance[i, j] * gradient[j]; }
        }
        return Math.Sqrt(Math.Max(variance, 0) * scale);
    }
}

/// <summary>
/// Least squares with bounds: Levenberg–Marquardt with the scaling of Moré (1978) and parameters held at a bound while
/// the gradient points outwards. The Jacobian is by central differences.
/// </summary>
public static class LevenbergMarquardt
{
    /// <summary>Minimises Σ r² from <paramref name="start"/> within bounds.</summary>
    /// <param name="residuals">The residuals, <paramref name="count"/> of them.</param>
    /// <param name="count">Number of residuals.</param>
    /// <param name="start">Where to start; moved inside the bounds.</param>
    /// <param name="lower">Lower bounds.</param>
    /// <param name="upper">Upper bounds.</param>
    /// <param name="iterations">Largest number of Jacobians.</param>
    /// <param name="tolerance">Relative fall of Σ r² that counts as none.</param>
    public static LeastSquaresFit Minimise(Residuals residuals, int count, double[] start, double[] lower, double[] upper, int iterations = 60, double tolerance = 1e-8)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        var n = start.Length;
        var p = new double[n];
        for (var i = 0; i < n; i++) { p[i] = Math.Clamp(start[i], lower[i], upper[i]); }
        var r = new double[count];
        var trialR = new double[count];
        var jacobian = new double[n][];
        for (var i = 0; i < n; i++) { jacobian[i] = new double[count]; }
        residuals(p, r);
        var sum = Square(r);
        var damping = 1e-3;
        var stop = StopReason.IterationLimit;
        var normal = new double[n, n];
        var gradient = new double[n];
        var held = new bool[n];
        var used = 0;
        var small = 0;
        for (; used < iterations; used++)
        {
            Differentiate(residuals, p, lower, upper, jacobian, trialR);
            Form(jacobian, r, normal, gradient);
            for (var i = 0; i < n; i++)
            {
                held[i] = lower[i] >= upper[i] || (p[i] <= lower[i] && gradient[i] > 0) || (p[i] >= upper[i] && gradient[i] < 0);
            }
            var accepted = false;
            for (var attempt = 0; attempt < 14; attempt++)
            {
                var step = Step(normal, gradient, held, damping);
                if (step is not null)
                {
                    var trial = new double[n];
                    for (var i = 0; i < n; i++) { trial[i] = Math.Clamp(p[i] + step[i], lower[i], upper[i]); }
                    residuals(trial, trialR);
                    var trialSum = Square(trialR);
                    if (trialSum < sum)
                    {
                        var fall = (sum - trialSum) / sum;
                        (p, sum) = (trial, trialSum);
                        (r, trialR) = (trialR, r);
                        damping = Math.Max(damping / 9, 1e-12);
                        accepted = true;
                        small = fall < tolerance ? small + 1 : 0;
                        break;
                    }
                }
                damping *= 7;
            }
            if (!accepted)
            {
                stop = damping > 1e8 || sum == 0 || small > 0 ? StopReason.Converged : StopReason.NoFurtherDecrease;
                break;
            }
            if (small >= 2 || sum == 0)
            {
                stop = StopReason.Converged;
                used++;
                break;
            }
        }
        Differentiate(residuals, p, lower, upper, jacobian, trialR);
        Form(jacobian, r, normal, gradient);
        for (var i = 0; i < n; i++) { held[i] = p[i] <= lower[i] || p[i] >= upper[i]; }
        return new(p, sum, Covariance(normal, held), held, used, stop);
    }

    private static double Square(double[] r)
    {
        var s = 0.0;
        foreach (var x in r) { s += x * x; }
        return double.IsNaN(s) ? double.PositiveInfinity : s;
    }

    private static void Differentiate(Residuals residuals, double[] p, double[] lower, double[] upper, double[][] jacobian, double[] scratch)
    {
        var q = (double[])p.Clone();
        for (var i = 0; i < p.Length; i++)
        {
            var range = upper[i] - lower[i];
            var h = 1e-5 * Math.Max(Math.Abs(p[i]), double.IsFinite(range) ? 1e-3 * range : 1e-3);
            if (range <= 0 || h == 0)
            {
                Array.Clear(jacobian[i]);
                continue;
            }
            var up = Math.Min(p[i] + h, upper[i]);
            var down = Math.Max(p[i] - h, lower[i]);
            q[i] = up;
            residuals(q, jacobian[i]);
            q[i] = down;
            residuals(q, scratch);
            q[i] = p[i];
            var scale = 1 / (up - down);
            var column = jacobian[i];
            for (var k = 0; k < column.Length; k++) { column[k] = (column[k] - scratch[k]) * scale; }
        }
    }

    private static void Form(double[][] jacobian, double[] r, double[,] normal, double[] gradient)
    {
        for (var i = 0; i < jacobian.Length; i++)
        {
            gradient[i] = Dot(jacobian[i], r);
            for (var j = 0; j <= i; j++) { normal[i, j] = normal[j, i] = Dot(jacobian[i], jacobian[j]); }
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = Vector<double>.Zero;
        var k = 0;
        for (; k <= a.Length - Vector<double>.Count; k += Vector<double>.Count) { sum += new Vector<double>(a, k) * new Vector<double>(b, k); }
        var total = Vector.Sum(sum);
        for (; k < a.Length; k++) { total += a[k] * b[k]; }
        return total;
    }

    private static double[]? Step(double[,] normal, double[] gradient, bool[] held, double damping)
    {
        var free = Enumerable.Range(0, held.Length).Where(i => !held[i] && normal[i, i] > 0).ToArray();
        if (free.Length == 0) { return null; }
        var a = new double[free.Length, free.Length];
        var b = new double[free.Length];
        var d = Array.ConvertAll(free, i => Math.Sqrt(normal[i, i]));
        for (var i = 0; i < free.Length; i++)
        {
            b[i] = -gradient[free[i]] / d[i];
            for (var j = 0; j < free.Length; j++) { a[i, j] = normal[free[i], free[j]] / (d[i] * d[j]); }
            a[i, i] += damping;
        }
        if (!Cholesky.Factor(a)) { return null; }
        Cholesky.Solve(a, b);
        var step = new double[held.Length];
        for (var i = 0; i < free.Length; i++) { step[free[i]] = b[i] / d[i]; }
        return step;
    }

    private static double[,] Covariance(double[,] normal, bool[] held)
    {
        var n = held.Length;
        var c = new double[n, n];
        var free = Enumerable.Range(0, n).Where(i => !held[i]).ToArray();
        if (free.Length == 0) { return c; }
        var d = Array.ConvertAll(free, i => Math.Sqrt(normal[i, i]));
        var a = new double[free.Length, free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++) { a[i, j] = normal[free[i], free[j]] / (d[i] * d[j]); }
        }
        var regular = d.All(x => x > 0) && Cholesky.Factor(a);
        for (var j = 0; j < free.Length; j++)
        {
            var e = new double[free.Length];
            e[j] = 1;
            if (regular) { Cholesky.Solve(a, e); }
            for (var i = 0; i < free.Length; i++) { c[free[i], free[j]] = regular ? e[i] / (d[i] * d[j]) : double.NaN; }
        }
        return c;
    }
}
