using System.Numerics;
using Interphase.Measurements;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// Weighted residuals of a circuit on a spectrum and their descent by Levenberg and Marquardt, in coordinates θ: the
/// logarithm of positive parameters, exponents as they are. Limits hold by projection. Owns its workspace.
/// </summary>
internal sealed class LeastSquares
{
    private const double LongestStep = 3;
    private readonly Complex[] data;
    private readonly double[] weightReal, weightImaginary;
    private readonly bool[] logarithmic;
    private readonly int[] free;
    private readonly double[] parameters, residuals, jacobian, normal, gradient, factor, step, trial;
    private readonly bool[] held, atRest;

    public LeastSquares(Circuit circuit, ImpedanceSpectrum spectrum, Weighting weighting)
    {
        Circuit = circuit;
        Model = new CircuitModel(circuit, new FrequencyGrid(spectrum.Frequency));
        data = spectrum.Impedance;
        (weightReal, weightImaginary) = RootWeights(spectrum, weighting);
        free = [.. Enumerable.Range(0, circuit.Parameters.Count).Where(i => !circuit.Parameters[i].IsFixed)];
        logarithmic = [.. free.Select(i => circuit.Parameters[i].Definition.IsPositive)];
        parameters = [.. circuit.Parameters.Select(p => p.Value ?? 1)];
        var k = free.Length;
        Lower = new double[k];
        Upper = new double[k];
        for (var j = 0; j < k; j++)
        {
            var p = circuit.Parameters[free[j]];
            Lower[j] = logarithmic[j] ? Math.Log(Math.Max(p.Lower, 1e-30)) : p.Lower;
            Upper[j] = logarithmic[j] ? Math.Log(Math.Min(p.Upper, 1e30)) : p.Upper;
        }
        residuals = new double[2 * data.Length];
        jacobian = new double[2 * data.Length * k];
        normal = new double[k * k];
        factor = new double[k * k];
        gradient = new double[k];
        step = new double[k];
        trial = new double[k];
        held = new bool[k];
        atRest = new bool[k];
    }

    public Circuit Circuit { get; }

    public CircuitModel Model { get; }

    /// <summary>Number of free parameters.</summary>
    public int Count => free.Length;

    public double[] Lower { get; }

    public double[] Upper { get; }

    /// <summary>Evaluations of the circuit so far.</summary>
    public int Evaluations { get; private set; }

    public int ParameterOf(int freeIndex) => free[freeIndex];

    public bool IsLogarithmic(int freeIndex) => logarithmic[freeIndex];

    /// <summary>All parameters at θ.</summary>
    public double[] ParametersAt(ReadOnlySpan<double> theta)
    {
        Set(theta);
        return [.. parameters];
    }

    /// <summary>θ of a full set of parameters, inside the limits.</summary>
    public double[] ThetaOf(ReadOnlySpan<double> all)
    {
        var theta = new double[free.Length];
        for (var j = 0; j < theta.Length; j++)
        {
            var v = all[free[j]];
            theta[j] = Math.Clamp(logarithmic[j] ? Math.Log(Math.Max(v, 1e-30)) : v, Lower[j], Upper[j]);
        }
        return theta;
    }

    /// <summary>χ² at θ.</summary>
    public double Cost(ReadOnlySpan<double> theta) => Evaluate(theta, false);

    /// <summary>Descends from θ, which becomes the minimum found. A held coordinate stays where it is.</summary>
    public (double Cost, int Iterations, StopReason Reason) Minimise(Span<double> theta, int most, double tolerance = 1e-10, int hold = -1, double giveUpAbove = double.PositiveInfinity)
    {
        var k = free.Length;
        var cost = Evaluate(theta, true);
        if (!double.IsFinite(cost)) { return (double.PositiveInfinity, 0, StopReason.NoFurtherDecrease); }
        var damping = 1e-3;
        var growth = 2.0;
        var stalls = 0;
        for (var iteration = 1; iteration <= most; iteration++)
        {
            Normal();
            for (var j = 0; j < k; j++)
            {
                atRest[j] = j == hold || normal[(j * k) + j] <= 0
                    || (theta[j] <= Lower[j] && gradient[j] > 0) || (theta[j] >= Upper[j] && gradient[j] < 0);
            }
            while (true)
            {
                if (damping > 1e14) { return (cost, iteration, StopReason.NoFurtherDecrease); }
                if (!Step(theta, damping)) { damping *= 10; continue; }
                double longest = 0;
                for (var j = 0; j < k; j++)
                {
                    trial[j] = Math.Clamp(theta[j] + step[j], Lower[j], Upper[j]);
                    longest = Math.Max(longest, Math.Abs(trial[j] - theta[j]));
                }
                var promised = Promise(theta);
                if (promised <= tolerance * cost && damping <= 1e-2) { return (cost, iteration, StopReason.Converged); }
                if (longest == 0) { return (cost, iteration, StopReason.Converged); }
                var candidate = Evaluate(trial, true);
                var ratio = (cost - candidate) / promised;
                if (double.IsFinite(candidate) && candidate < cost && ratio > 1e-4)
                {
                    var decrease = (cost - candidate) / cost;
                    trial.CopyTo(theta);
                    cost = candidate;
                    damping = Math.Max(damping * Math.Max(1.0 / 10, 1 - Math.Pow((2 * ratio) - 1, 3)), 1e-15);
                    growth = 2;
                    stalls = decrease < tolerance ? stalls + 1 : 0;
                    if (stalls >= 3) { return (cost, iteration, StopReason.Converged); }
                    if (cost > giveUpAbove && decrease < 3e-3) { return (cost, iteration, StopReason.IterationLimit); }
                    break;
                }
                damping *= growth;
                growth *= 2;
                if (promised <= 1e-13 * cost) { return (cost, iteration, StopReason.NoFurtherDecrease); }
            }
        }
        return (cost, most, StopReason.IterationLimit);
    }

    /// <summary>
    /// Covariance at θ for a variance of the weighted residuals, row by row. Coordinates at a limit, or so far gone towards
    /// zero or infinity that the data no longer feel them, have no part in it (NaN) and are marked.
    /// </summary>
    public double[] Covariance(ReadOnlySpan<double> theta, double variance, out bool[] atLimit)
    {
        const double Close = 1e-9, Gone = 8;
        Evaluate(theta, true);
        Normal();
        var k = free.Length;
        atLimit = new bool[k];
        var scale = new double[k];
        for (var j = 0; j < k; j++)
        {
            var curvature = normal[(j * k) + j];
            atLimit[j] = theta[j] <= Lower[j] + Close || theta[j] >= Upper[j] - Close || !(curvature > 0) || (logarithmic[j] && Math.Sqrt(variance / curvature) > Gone);
            scale[j] = curvature > 0 ? 1 / Math.Sqrt(curvature) : 1;
        }
        // Unit diagonal first, so that neither units nor sizes matter to the factorisation.
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < k; b++) { normal[(a * k) + b] *= scale[a] * scale[b]; }
        }
        while (true)
        {
            atLimit.CopyTo(held, 0);
            var covariance = new double[k * k];
            Array.Fill(covariance, double.NaN);
            for (var column = 0; column < k; column++)
            {
                if (held[column]) { continue; }
                Array.Clear(gradient);
                Array.Clear(step);
                gradient[column] = -1;
                var ridge = 0.0;
                while (!Solve(ridge)) { ridge = Math.Max(1e-15, ridge * 10); }
                for (var row = 0; row < k; row++)
                {
                    if (!held[row]) { covariance[(row * k) + column] = variance * step[row] * scale[row] * scale[column]; }
                }
            }
            var vaguest = -1;
            for (var j = 0; j < k; j++)
            {
                if (!held[j] && logarithmic[j] && covariance[(j * k) + j] > Gone * Gone && (vaguest < 0 || covariance[(j * k) + j] > covariance[(vaguest * k) + vaguest])) { vaguest = j; }
            }
            if (vaguest < 0) { return covariance; }
            atLimit[vaguest] = true;
        }
    }

    /// <summary>χ² at θ with half its gradient and half its curvature (Gauss–Newton), row by row.</summary>
    public double Curvature(ReadOnlySpan<double> theta, Span<double> halfGradient, Span<double> halfCurvature)
    {
        var cost = Evaluate(theta, true);
        Normal();
        gradient.CopyTo(halfGradient);
        normal.CopyTo(halfCurvature);
        return cost;
    }

    /// <summary>Weighted residuals (model − data) at θ: real parts, then imaginary parts.</summary>
    public double[] Residuals(ReadOnlySpan<double> theta)
    {
        Evaluate(theta, false);
        return [.. residuals];
    }

    /// <summary>Square roots of the weights of real and imaginary parts.</summary>
    public static (double[] Real, double[] Imaginary) RootWeights(ImpedanceSpectrum spectrum, Weighting weighting)
    {
        var z = spectrum.Impedance;
        if (weighting == Weighting.Sigma && spectrum.Sigma is null)
        {
            throw new InputException("the spectrum holds no standard deviations", spectrum.File, "use --weighting modulus, or a file with a column of standard deviations");
        }
        double Part(int i, double part)
        {
            var scale = weighting switch
            {
                Weighting.Unity => 1,
                Weighting.Modulus => z[i].Magnitude,
                Weighting.Proportional => Math.Abs(part),
                _ => spectrum.Sigma![i],
            };
            return scale > 0 ? 1 / scale : throw new InputException($"the point at {spectrum.Frequency[i]:G6} Hz cannot be weighted ({weighting.ToString().ToLowerInvariant()}): it is zero", spectrum.File, "leave the point out, or use another weighting");
        }
        return ([.. z.Select((c, i) => Part(i, c.Real))], [.. z.Select((c, i) => Part(i, c.Imaginary))]);
    }

    private void Set(ReadOnlySpan<double> theta)
    {
        for (var j = 0; j < free.Length; j++) { parameters[free[j]] = logarithmic[j] ? Math.Exp(theta[j]) : theta[j]; }
    }

    private double Evaluate(ReadOnlySpan<double> theta, bool withJacobian)
    {
        Evaluations++;
        Set(theta);
        Model.Evaluate(parameters, withJacobian);
        var z = Model.Impedance;
        var n = data.Length;
        double sum = 0;
        for (var i = 0; i < n; i++)
        {
            var re = (z[i].Real - data[i].Real) * weightReal[i];
            var im = (z[i].Imaginary - data[i].Imaginary) * weightImaginary[i];
            residuals[i] = re;
            residuals[n + i] = im;
            sum += (re * re) + (im * im);
        }
        if (!withJacobian) { return sum; }
        var slopes = Model.Derivatives;
        for (var j = 0; j < free.Length; j++)
        {
            var scale = logarithmic[j] ? parameters[free[j]] : 1;
            var from = slopes.Slice(free[j] * n, n);
            var to = jacobian.AsSpan(j * 2 * n, 2 * n);
            for (var i = 0; i < n; i++)
            {
                to[i] = from[i].Real * weightReal[i] * scale;
                to[n + i] = from[i].Imaginary * weightImaginary[i] * scale;
            }
        }
        return sum;
    }

    private void Normal()
    {
        var k = free.Length;
        var m = residuals.Length;
        for (var a = 0; a < k; a++)
        {
            var ja = jacobian.AsSpan(a * m, m);
            gradient[a] = Dot(ja, residuals);
            for (var b = 0; b <= a; b++) { normal[(a * k) + b] = normal[(b * k) + a] = Dot(ja, jacobian.AsSpan(b * m, m)); }
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = Vector<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count) { sum += new Vector<double>(a[i..]) * new Vector<double>(b[i..]); }
        var s = Vector.Sum(sum);
        for (; i < a.Length; i++) { s += a[i] * b[i]; }
        return s;
    }

    /// <summary>Decrease of χ² that the quadratic model promises for the trial point.</summary>
    private double Promise(ReadOnlySpan<double> theta)
    {
        var k = free.Length;
        double promised = 0;
        for (var j = 0; j < k; j++)
        {
            var d = trial[j] - theta[j];
            if (d == 0) { continue; }
            double curvature = 0;
            for (var i = 0; i < k; i++) { curvature += normal[(j * k) + i] * (trial[i] - theta[i]); }
            promised -= d * ((2 * gradient[j]) + curvature);
        }
        return promised;
    }

    /// <summary>
    /// The damped step. A coordinate whose step is too long, or leaves its limits, takes the longest allowed one and the
    /// others are solved for again, knowing that.
    /// </summary>
    private bool Step(ReadOnlySpan<double> theta, double damping)
    {
        var k = free.Length;
        for (var j = 0; j < k; j++)
        {
            held[j] = atRest[j];
            step[j] = 0;
        }
        for (var round = 0; round <= k; round++)
        {
            if (!Solve(damping)) { return false; }
            var again = false;
            for (var j = 0; j < k; j++)
            {
                if (held[j]) { continue; }
                var allowed = Math.Clamp(step[j], Math.Max(-LongestStep, Lower[j] - theta[j]), Math.Min(LongestStep, Upper[j] - theta[j]));
                if (allowed == step[j]) { continue; }
                (step[j], held[j], again) = (allowed, true, true);
            }
            if (!again) { break; }
        }
        return true;
    }

    /// <summary>(JᵀJ + λ diag JᵀJ) step = −gradient over the coordinates not held, whose steps are given; by Cholesky.</summary>
    private bool Solve(double damping)
    {
        var k = free.Length;
        for (var a = 0; a < k; a++)
        {
            if (held[a]) { continue; }
            for (var b = 0; b <= a; b++)
            {
                if (held[b]) { continue; }
                var sum = normal[(a * k) + b];
                if (a == b) { sum *= 1 + damping; }
                for (var c = 0; c < b; c++)
                {
                    if (!held[c]) { sum -= factor[(a * k) + c] * factor[(b * k) + c]; }
                }
                if (a != b) { factor[(a * k) + b] = sum / factor[(b * k) + b]; continue; }
                if (!(sum > 1e-15 * normal[(a * k) + a])) { return false; }
                factor[(a * k) + a] = Math.Sqrt(sum);
            }
        }
        for (var a = 0; a < k; a++)
        {
            if (held[a]) { continue; }
            var sum = -gradient[a];
            for (var c = 0; c < k; c++)
            {
                if (held[c]) { sum -= normal[(a * k) + c] * step[c]; }
                else if (c < a) { sum -= factor[(a * k) + c] * step[c]; }
            }
            step[a] = sum / factor[(a * k) + a];
        }
        for (var a = k - 1; a >= 0; a--)
        {
            if (held[a]) { continue; }
            var sum = step[a];
            for (var c = a + 1; c < k; c++)
            {
                if (!held[c]) { sum -= factor[(c * k) + a] * step[c]; }
            }
            step[a] = sum / factor[(a * k) + a];
        }
        return true;
    }
}
