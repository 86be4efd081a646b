using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Voltammetry;

/// <summary>The top of one peak: potential by a polynomial through its rows, height above a baseline, width.</summary>
internal static class PeakTop
{
    public static VoltammetryPeak Of(SweepCurve curve, int top, int leftBound, int rightBound)
    {
        var (y, n, d) = (curve.Y, curve.Count, curve.Direction);
        var left = Enumerable.Range(leftBound, top - leftBound + 1).MinBy(k => y[k]);
        var right = Enumerable.Range(top, rightBound - top + 1).MinBy(k => y[k]);
        var foot = Foot(y, left, top);
        var chord = y[left] + ((y[right] - y[left]) * (top - left) / Math.Max(1, right - left));
        // Where the current comes back to the foot's line both baselines are as good; after a diffusion tail only the foot's is.
        var height = y[top] - foot;
        var returns = right < n - 2 && Math.Abs(chord - foot) < 0.2 * height;
        var baseline = returns ? 0.5 * (foot + chord) : foot;
        if (!(baseline < y[top])) { baseline = y[left]; }
        height = y[top] - baseline;

        var (a, b) = Within(0.85);
        var (x, value, error) = Maximum(curve, a, b, top);
        // What a narrower stretch says differently is the error of the polynomial; the wider one is the better measured.
        var (c, e) = Within(0.93);
        if (c - a + b - e >= 2 && Maximum(curve, c, e, top) is { Error: var narrow } other && double.IsFinite(other.X))
        {
            var differs = Math.Max(0, Math.Pow(other.X - x, 2) - (narrow * narrow));
            error = Math.Sqrt((error * error) + differs);
        }
        // Two good baselines bracket the current; a carried-on one alone is trusted to a twentieth of the height.
        var currentError = Math.Sqrt((curve.Noise[top] * curve.Noise[top]) + Math.Pow(returns ? 0.5 * (chord - foot) : 0.05 * height, 2));

        var (h, g) = (top, top);
        while (h > leftBound && y[h] - baseline > 0.5 * height) { h--; }
        while (g < rightBound && y[g] - baseline > 0.5 * height) { g++; }
        var half = y[h] - baseline <= 0.5 * height && y[g] - baseline <= 0.5 * height ? (g - h) * curve.Step : double.NaN;
        var (p, q) = (top, top);
        while (p > 0 && y[p - 1] - baseline >= 0.9 * height) { p--; }
        while (q < n - 1 && y[q + 1] - baseline >= 0.9 * height) { q++; }
        var kind = q >= n - 2 || q - p > n / 4 ? PeakKind.Plateau : PeakKind.Peak;
        if (kind == PeakKind.Plateau) { error = Math.Sqrt((error * error) + Math.Pow(Indefinite(curve, top, height), 2)); }
        return new(Estimate.Of(d * x, error), Estimate.Of(d * (value - baseline), currentError), d * (value + Closed(curve, x)), kind, false, half);

        (int From, int To) Within(double share)
        {
            var (from, to) = (top, top);
            while (from > leftBound && y[from - 1] - baseline >= share * height) { from--; }
            while (to < rightBound && y[to + 1] - baseline >= share * height) { to++; }
            return (Math.Min(from, top - 2), Math.Max(to, top + 2));
        }
    }

    /// <summary>The maximum of a plateau of a height, and its error; where none bends down to both sides, the middle of what lies within a hundredth of the height.</summary>
    public static (double Place, double Error) OfPlateau(SweepCurve curve, int top, double height)
    {
        var (from, to) = Around(curve, top, 0.05 * height);
        var (x, _, error) = Maximum(curve, from, to, top);
        var (left, right) = Around(curve, top, Math.Max(0.01 * height, curve.Noise[top]));
        var inside = to - from >= 4 && x > curve.At(left) && x < curve.At(right);
        return (inside ? x : curve.At(0.5 * (left + right)), Math.Sqrt((inside ? error * error : 0) + Math.Pow(Indefinite(curve, top, height), 2)));
    }

    /// <summary>How uncertain a plateau's place is beyond its scatter, V: a drift of the current by a hundredth of its height, or its scatter, moves the maximum anywhere within what lies that close to it.</summary>
    private static double Indefinite(SweepCurve curve, int top, double height)
    {
        var (from, to) = Around(curve, top, Math.Max(0.01 * height, curve.Noise[top]));
        return (to - from + 1) * curve.Step / Math.Sqrt(12);
    }

    /// <summary>The bins about a maximum that lie no deeper below it.</summary>
    private static (int From, int To) Around(SweepCurve curve, int top, double depth)
    {
        var y = curve.Y;
        var (from, to) = (top, top);
        while (from > 0 && y[from - 1] >= y[top] - depth) { from--; }
        while (to < curve.Count - 1 && y[to + 1] >= y[top] - depth) { to++; }
        return (from, to);
    }

    /// <summary>What closing jumps of the current has taken off before x.</summary>
    public static double Closed(SweepCurve curve, double x)
    {
        double sum = 0;
        foreach (var s in curve.Steps) { if (curve.Direction * s.Potential <= x) { sum += curve.Direction * s.Current; } }
        return sum;
    }

    /// <summary>The flattest fifth of the rise as a line, carried on to the top; level where it would not stay below.</summary>
    public static double Foot(double[] y, int left, int top)
    {
        var length = Math.Max(4, (top - left) / 5);
        var (least, slope, middle, level) = (double.PositiveInfinity, 0.0, 0.0, y[left]);
        for (var from = left; from + length <= left + (0.75 * (top - left)); from++)
        {
            double m = from + (0.5 * length), my = 0, sxy = 0, sxx = 0;
            for (var k = from; k <= from + length; k++) { my += y[k] / (length + 1); }
            for (var k = from; k <= from + length; k++) { sxy += (k - m) * (y[k] - my); sxx += (k - m) * (k - m); }
            if (Math.Abs(sxy / sxx) < least) { (least, slope, middle, level) = (Math.Abs(sxy / sxx), sxy / sxx, m, my); }
        }
        var carried = level + (slope * (top - middle));
        return carried < level + (0.7 * (y[top] - level)) ? carried : level;
    }

    /// <summary>Maximum of a cubic by least squares through the rows of the bins a … b; its position's error by the covariance, with neighbouring residuals alike counted once.</summary>
    private static (double X, double Value, double Error) Maximum(SweepCurve curve, int a, int b, int top)
    {
        var (lower, upper, centre) = (curve.From + (a * curve.Step), curve.From + ((b + 1) * curve.Step), curve.At(top));
        var scale = 0.5 * (upper - lower);
        var rows = new List<(double U, double I)>();
        foreach (var (x, value) in curve.Rows) { if (x >= lower && x <= upper) { rows.Add(((x - centre) / scale, value)); } }
        if (rows.Count < 6) { return (centre, curve.Y[top], curve.Step); }
        var design = Matrix<double>.Build.Dense(rows.Count, 4, (r, c) => Math.Pow(rows[r].U, c));
        var values = Vector<double>.Build.Dense([.. rows.Select(r => r.I)]);
        var normal = design.TransposeThisAndMultiply(design);
        var theta = normal.Solve(design.TransposeThisAndMultiply(values));
        var residuals = values - (design * theta);
        var freedom = Math.Max(1, rows.Count - 4);
        var residual = residuals.L2Norm() / Math.Sqrt(freedom);
        double u = 0;
        for (var k = 0; k < 30; k++)
        {
            var slope = theta[1] + (2 * theta[2] * u) + (3 * theta[3] * u * u);
            var curvature = (2 * theta[2]) + (6 * theta[3] * u);
            if (curvature >= 0) { return (centre, curve.Y[top], curve.Step); }
            u = Math.Clamp(u - (slope / curvature), -1, 1);
        }
        var second = (2 * theta[2]) + (6 * theta[3] * u);
        var gradient = Vector<double>.Build.Dense([0, 1, 2 * u, 3 * u * u]);
        var alike = 0.0;
        for (var i = 1; i < rows.Count; i++) { alike += residuals[i] * residuals[i - 1]; }
        // Four fitted parameters take about four parts in n off the correlation of the residuals.
        var correlation = Math.Clamp(residual > 0 ? (alike / residuals.DotProduct(residuals)) + (4.0 / rows.Count) : 0, 0, 0.9);
        var variance = Math.Max(residual * residual * (1 + correlation) / (1 - correlation), curve.RowNoise * curve.RowNoise) * (gradient * normal.Solve(gradient));
        var spacing = (upper - lower) / rows.Count;
        return (centre + (u * scale), theta[0] + (theta[1] * u) + (theta[2] * u * u) + (theta[3] * u * u * u), Math.Sqrt((variance / (second * second) * scale * scale) + (spacing * spacing / 12)));
    }
}
