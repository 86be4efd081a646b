using Interphase.Results;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Cycling;

/// <summary>Potentials and charge between two rows of a half cycle.</summary>
internal readonly record struct ChargeInterval(double From, double To, double Charge);

/// <summary>
/// The top of a maximum of a smoothed differential capacity: a polynomial of fourth degree through all that lies within a third of its prominence, so that
/// noise on a broad top neither moves nor raises it as the highest of many values would. The noise of every row's potential is carried
/// through the convolution and the polynomial to place and height.
/// </summary>
internal static class DifferentialPeakTop
{
    private const double Share = 0.33;
    private const int FewestBeside = 3, Terms = 5;

    /// <param name="grid">Even grid of potentials, V.</param>
    /// <param name="f">dQ/dV on it, C/V.</param>
    /// <param name="k">Where its maximum is.</param>
    /// <param name="prominence">Of that maximum, C/V.</param>
    /// <param name="parts">What <paramref name="f"/> was made of.</param>
    /// <param name="w">Standard deviation of the smoothing, V.</param>
    /// <param name="noise">Standard deviation of the rows' potentials, V.</param>
    /// <param name="fullWidth">Full width at half maximum, V.</param>
    public static DifferentialPeak Of(double[] grid, double[] f, int k, double prominence, IReadOnlyList<ChargeInterval> parts, double w, double noise, double fullWidth)
    {
        var wide = Fit(grid, f, k, Share * prominence);
        var narrow = Fit(grid, f, k, 0.5 * Share * prominence);
        var step = grid[1] - grid[0];
        var (place, height) = Sensitivities(grid, wide, parts, w);
        var (placeError, heightError) = (noise * place, noise * height);
        // What a narrower stretch says differently is the error of the polynomial, as far as noise does not explain it.
        var shape = Math.Sqrt(Math.Max(0, Math.Pow(narrow.Place - wide.Place, 2) - (placeError * placeError)));
        var shapeHeight = Math.Sqrt(Math.Max(0, Math.Pow(narrow.Height - wide.Height, 2) - (heightError * heightError)));
        return new(Estimate.Of(wide.Place, Math.Sqrt((placeError * placeError) + (shape * shape) + (step * step / 1200))),
            Estimate.Of(wide.Height, Math.Sqrt((heightError * heightError) + (shapeHeight * shapeHeight))), 0.5 * w * w * wide.Curvature, fullWidth);
    }

    /// <summary>A polynomial in (E − grid[k])/unit over [first, last], with the rows of its least-squares inverse.</summary>
    private readonly record struct Polynomial(int First, int Last, double Unit, Matrix<double> Inverse, double At, double Place, double Height, double Curvature, bool HasTop);

    private static Polynomial Fit(double[] grid, double[] f, int k, double drop)
    {
        var (first, last) = (k, k);
        while (first > 0 && (f[first - 1] >= f[k] - drop || k - first < FewestBeside)) { first--; }
        while (last < grid.Length - 1 && (f[last + 1] >= f[k] - drop || last - k < FewestBeside)) { last++; }
        var unit = 0.5 * (grid[last] - grid[first]);
        var a = Matrix<double>.Build.Dense(last - first + 1, Terms, (r, c) => Math.Pow((grid[first + r] - grid[k]) / unit, c));
        var inverse = a.TransposeThisAndMultiply(a).Inverse() * a.Transpose();
        var b = inverse * Vector<double>.Build.Dense(last - first + 1, r => f[first + r]);
        // Newton on the slope from the grid's maximum.
        var (low, high) = ((grid[first] - grid[k]) / unit, (grid[last] - grid[k]) / unit);
        var at = 0.0;
        for (var i = 0; i < 30; i++) { at = Math.Clamp(at - (Derivative(b, at, 1) / -Math.Abs(Derivative(b, at, 2))), low, high); }
        var top = at > low && at < high && Derivative(b, at, 2) < 0;
        if (!top) { at = 0; }
        return new(first, last, unit, inverse, at, grid[k] + (at * unit), Derivative(b, at, 0), Derivative(b, at, 2) / (unit * unit), top);
    }

    private static double Derivative(Vector<double> b, double s, int order)
    {
        double sum = 0;
        for (var j = order; j < Terms; j++)
        {
            var factor = 1.0;
            for (var m = 0; m < order; m++) { factor *= j - m; }
            sum += b[j] * factor * Math.Pow(s, j - order);
        }
        return sum;
    }

    /// <summary>Root of the summed squares of the derivatives of place and height by the potential of each row.</summary>
    private static (double Place, double Height) Sensitivities(double[] grid, Polynomial c, IReadOnlyList<ChargeInterval> parts, double w)
    {
        var n = c.Last - c.First + 1;
        var (place, height) = (new double[n], new double[n]);
        double[] powers = [.. Enumerable.Range(0, Terms).Select(j => Math.Pow(c.At, j))], slopes = [.. Enumerable.Range(0, Terms).Select(j => j == 0 ? 0 : j * Math.Pow(c.At, j - 1))];
        for (var r = 0; r < n; r++)
        {
            for (var j = 0; j < Terms; j++)
            {
                height[r] += powers[j] * c.Inverse[j, r];
                place[r] -= c.HasTop ? slopes[j] * c.Inverse[j, r] / (c.Curvature * c.Unit) : 0;
            }
        }
        var (reachLow, reachHigh) = (grid[c.First] - (6 * w), grid[c.Last] + (6 * w));
        double places = 0, heights = 0, carriedPlace = 0, carriedHeight = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            var p = parts[i];
            double fromPlace = 0, fromHeight = 0, toPlace = 0, toHeight = 0;
            if (Math.Max(p.From, p.To) > reachLow && Math.Min(p.From, p.To) < reachHigh)
            {
                for (var r = 0; r < n; r++)
                {
                    var (from, to) = Derivatives(p, grid[c.First + r], w);
                    fromPlace += place[r] * from;
                    fromHeight += height[r] * from;
                    toPlace += place[r] * to;
                    toHeight += height[r] * to;
                }
            }
            // A row ends one interval and begins the next.
            places += Math.Pow(carriedPlace + fromPlace, 2);
            heights += Math.Pow(carriedHeight + fromHeight, 2);
            var joined = i + 1 < parts.Count && parts[i + 1].From == p.To;
            if (!joined)
            {
                places += toPlace * toPlace;
                heights += toHeight * toHeight;
            }
            (carriedPlace, carriedHeight) = joined ? (toPlace, toHeight) : (0, 0);
        }
        return (Math.Sqrt(places), Math.Sqrt(heights));
    }

    /// <summary>Derivatives of one interval's share of dQ/dV at <paramref name="x"/> by the potentials of its two rows.</summary>
    private static (double From, double To) Derivatives(ChargeInterval p, double x, double w)
    {
        var length = p.To - p.From;
        if (Math.Abs(length) < 0.05 * w)
        {
            var u = (x - (0.5 * (p.From + p.To))) / w;
            var half = 0.5 * p.Charge * u * Gauss(u) / (w * w);
            return (half, half);
        }
        // q (Φ((x − From)/w) − Φ((x − To)/w))/(To − From), which is the same in either order.
        var (a, b) = ((x - p.From) / w, (x - p.To) / w);
        var mean = (Phi(a) - Phi(b)) / (length * length);
        return (p.Charge * (mean - (Gauss(a) / (w * length))), p.Charge * ((Gauss(b) / (w * length)) - mean));
    }

    public static double Gauss(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    public static double Phi(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));
}
