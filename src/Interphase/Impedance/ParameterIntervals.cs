using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>
/// Standard errors from the curvature at the minimum, and 95 % limits: symmetric in θ where the problem is nearly linear,
/// else where the profile of χ² reaches χ²min (1 + t²/ν) (Bates and Watts 1988, ch. 6).
/// </summary>
internal sealed class ParameterIntervals
{
    /// <summary>A standard error of ln p above this makes a profile necessary.</summary>
    private const double NearlyLinear = 0.04;

    /// <summary>A standard error of ln p above this: the data do not say what it is.</summary>
    private const double Vague = 0.5;

    /// <summary>How far a profile looks in ln p before it calls a side open.</summary>
    private const double Farthest = 9.3;

    private readonly LeastSquares problem;
    private readonly double[] best;
    private readonly double cost;
    private readonly double target;
    private readonly double[] covariance;
    private readonly bool follow;

    private ParameterIntervals(LeastSquares problem, double[] best, double cost, double target, double[] covariance, bool follow)
    {
        this.follow = follow;
        this.problem = problem;
        this.best = best;
        this.cost = cost;
        this.target = target;
        this.covariance = covariance;
    }

    /// <summary>True where a profile met a lower minimum that it was not to follow.</summary>
    private bool MetLower { get; set; }

    public sealed record Result(IReadOnlyList<FittedParameter> Parameters, double[,] Correlation, IReadOnlyList<Warning> Warnings, double[]? Lower);

    public static Result Of(LeastSquares problem, double[] theta, double cost, int points, FitOptions options)
    {
        var circuit = problem.Circuit;
        var freedom = (2 * points) - problem.Count;
        // Where σ was measured it is believed, unless the residuals are larger than it.
        var variance = options.Weighting == Weighting.Sigma ? Math.Max(1, cost / freedom) : cost / freedom;
        var t = Student(freedom);
        var covariance = problem.Covariance(theta, variance, out var atLimit);
        var profile = new ParameterIntervals(problem, theta, cost, t * t * variance, covariance, options.Search);
        var values = problem.ParametersAt(theta);
        var k = problem.Count;
        var fitted = new FittedParameter[values.Length];
        var warnings = new List<Warning>();
        var errors = new double[k];
        for (var j = 0; j < k; j++) { errors[j] = Math.Sqrt(covariance[(j * k) + j]); }
        for (var i = 0; i < values.Length; i++)
        {
            var p = circuit.Parameters[i];
            fitted[i] = new(p.Name, p.Definition.Unit, Estimate.WithoutError(values[i], "fixed"), true, true, p.Definition.OhmPower);
        }
        for (var j = 0; j < k; j++)
        {
            var i = problem.ParameterOf(j);
            var p = circuit.Parameters[i];
            var logarithmic = problem.IsLogarithmic(j);
            var error = errors[j];
            var valueError = logarithmic ? values[i] * error : error;
            double lower = theta[j] - (t * error), upper = theta[j] + (t * error);
            var nonlinear = !(error < NearlyLinear) || (!logarithmic && (lower < problem.Lower[j] || upper > problem.Upper[j]));
            bool openBelow = false, openAbove = false;
            if (options.Profile && nonlinear)
            {
                lower = profile.Side(j, -1, error, out openBelow, out var below);
                if (below is not null) { return new(fitted, new double[0, 0], [], below); }
                upper = profile.Side(j, +1, error, out openAbove, out var above);
                if (above is not null) { return new(fitted, new double[0, 0], [], above); }
            }
            else if (!nonlinear && logarithmic)
            {
                // nearly linear: the plain interval of the value itself
                (lower, upper) = (Math.Log(Math.Max(values[i] - (t * valueError), 1e-300)), Math.Log(values[i] + (t * valueError)));
            }
            double Limit(double x) => logarithmic ? Math.Exp(x) : Math.Clamp(x, problem.Lower[j], problem.Upper[j]);
            var lowest = openBelow ? (logarithmic ? p.Lower : problem.Lower[j]) : Limit(lower);
            var highest = openAbove ? (logarithmic ? (double.IsFinite(p.Upper) ? p.Upper : double.NaN) : problem.Upper[j]) : Limit(upper);
            var isOpen = logarithmic ? openBelow || openAbove : openBelow && openAbove;
            var identifiable = !isOpen && (atLimit[j] ? !logarithmic : error < (logarithmic ? Vague : 0.25));
            fitted[i] = new(p.Name, p.Definition.Unit, new Estimate(values[i], valueError, lowest, highest, atLimit[j] ? "at its limit" : null), false, identifiable, p.Definition.OhmPower);
            if (!identifiable) { warnings.Add(new($"parameters.{p.Name}", Words(p, values[i], valueError, lowest, highest, openBelow, openAbove))); }
            else if (atLimit[j]) { warnings.Add(new($"parameters.{p.Name}", $"at its limit {values[i]:G4}: no standard error; the other limit is {(values[i] > lowest ? lowest : highest):G4} (95 %)")); }
        }
        if (profile.MetLower) { warnings.Add(new("chiSquared", "this is a local minimum; a lower one exists nearby, and limits reach into it")); }
        var correlation = new double[values.Length, values.Length];
        for (var a = 0; a < values.Length; a++)
        {
            for (var b = 0; b < values.Length; b++) { correlation[a, b] = double.NaN; }
        }
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < k; b++) { correlation[problem.ParameterOf(a), problem.ParameterOf(b)] = covariance[(a * k) + b] / (errors[a] * errors[b]); }
        }
        Combinations(problem, fitted, correlation, warnings);
        return new(fitted, correlation, warnings, null);
    }

    private static string Words(CircuitParameter p, double value, double error, double lower, double upper, bool openBelow, bool openAbove)
    {
        var unit = p.Definition.Unit == "1" ? "" : $" {p.Definition.Unit}";
        return (openBelow, openAbove) switch
        {
            (true, true) => "not identifiable: any value fits as well",
            (true, false) => $"not identifiable: nothing in the data needs it; it is below {upper:G4}{unit} (95 %)",
            (false, true) => $"not identifiable: only a lower limit, {lower:G4}{unit} (95 %)",
            _ when double.IsNaN(error) => $"not identifiable: the data hardly feel it; it lies between {lower:G4} and {upper:G4}{unit} (95 %)",
            _ => $"not identifiable: {value:G4} with a standard error of {error:G2}{unit}",
        };
    }

    /// <summary>Two vague parameters that move together: their combination may be known well.</summary>
    private static void Combinations(LeastSquares problem, FittedParameter[] fitted, double[,] correlation, List<Warning> warnings)
    {
        for (var a = 0; a < fitted.Length; a++)
        {
            for (var b = a + 1; b < fitted.Length; b++)
            {
                if (fitted[a].Identifiable || fitted[b].Identifiable || !(Math.Abs(correlation[a, b]) > 0.99)) { continue; }
                warnings.Add(new($"parameters.{fitted[a].Name}", $"{fitted[a].Name} and {fitted[b].Name} are correlated by {correlation[a, b]:F3}: the data know one combination of the two only"));
            }
        }
    }

    /// <summary>Where the profile of χ² crosses the target on one side of coordinate j.</summary>
    private double Side(int j, int sign, double error, out bool open, out double[]? lowerMinimum)
    {
        open = false;
        lowerMinimum = null;
        var k = problem.Count;
        var limit = sign < 0 ? problem.Lower[j] : problem.Upper[j];
        var known = double.IsFinite(error) && error > 0;
        // A parameter that went to zero has a long way before the data feel it again.
        var farthest = Math.Min(known ? Farthest : double.PositiveInfinity, Math.Abs(limit - best[j]));
        if (farthest < 1e-9) { open = true; return limit; }
        double near = 0, nearRoot = 0, far = double.NaN, farRoot = double.NaN;
        var wanted = Math.Sqrt(target);
        var distance = Math.Min(known ? Math.Min(2 * error, 1.5) : 0.1, farthest);
        var nearest = best;
        for (var trial = 0; trial < 30; trial++)
        {
            var theta = (double[])nearest.Clone();
            theta[j] = best[j] + (sign * distance);
            if (trial == 0 && known)
            {
                // follow the valley that the covariance predicts
                for (var i = 0; i < k; i++)
                {
                    var slope = covariance[(i * k) + j] / covariance[(j * k) + j];
                    if (i != j && double.IsFinite(slope)) { theta[i] = Math.Clamp(best[i] + (sign * distance * slope), problem.Lower[i], problem.Upper[i]); }
                }
            }
            var (c, _, _) = problem.Minimise(theta, 100, 1e-6, hold: j);
            if (c < cost * (1 - 1e-5))
            {
                if (follow) { lowerMinimum = theta; return double.NaN; }
                MetLower = true;
            }
            var root = Math.Sqrt(Math.Max(0, c - cost));
            if (Math.Abs(root - wanted) < 0.01 * wanted) { return theta[j]; }
            if (root < wanted) { (near, nearRoot, nearest) = (distance, root, theta); } else { (far, farRoot) = (distance, root); }
            if (double.IsNaN(far))
            {
                if (distance >= farthest) { open = true; return limit; }
                distance = Math.Min(farthest, root > 0.3 * wanted ? distance * Math.Min(2, 1.05 * wanted / root) : distance * 2);
            }
            else
            {
                var fraction = Math.Clamp((wanted - nearRoot) / (farRoot - nearRoot), 0.1, 0.9);
                distance = near + ((far - near) * fraction);
                if (far - near < 1e-6 * far) { break; }
            }
        }
        return best[j] + (sign * distance);
    }

    /// <summary>The 97.5 % point of Student's t (Cornish–Fisher expansion; good to 1e-4 from 5 degrees of freedom on).</summary>
    internal static double Student(int freedom)
    {
        const double Z = 1.959963985;
        double n = freedom;
        return Z + (((Z * Z * Z) + Z) / (4 * n)) + (((5 * Math.Pow(Z, 5)) + (16 * Math.Pow(Z, 3)) + (3 * Z)) / (96 * n * n))
            + (((3 * Math.Pow(Z, 7)) + (19 * Math.Pow(Z, 5)) + (17 * Math.Pow(Z, 3)) - (15 * Z)) / (384 * n * n * n));
    }
}
