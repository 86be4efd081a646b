using Interphase.Measurements;
using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Voltammetry;

/// <summary>
/// Maxima of the current along one sweep. The sweep is averaged on an even grid and smoothed only as far as its noise asks;
/// maxima are then refined by a cubic through the rows near the top.
/// </summary>
internal sealed class PeakSearch
{
    private readonly TimeSeries series;
    private readonly Sweep sweep;
    private readonly double[] y;
    private readonly double from, step, noise, rowNoise, range;
    private readonly int n;

    private PeakSearch(TimeSeries series, Sweep sweep)
    {
        this.series = series;
        this.sweep = sweep;
        var d = sweep.Direction;
        from = d * series.Potential[sweep.First];
        var span = (d * series.Potential[sweep.Last]) - from;
        n = Math.Clamp((sweep.Last - sweep.First) / 2, 20, 400);
        step = span / n;
        var (sum, count) = (new double[n], new int[n]);
        for (var i = sweep.First; i <= sweep.Last; i++)
        {
            var k = (int)(((d * series.Potential[i]) - from) / step);
            if (k < 0 || k >= n || !double.IsFinite(series.Current[i])) { continue; }
            sum[k] += d * series.Current[i];
            count[k]++;
        }
        var raw = Fill(sum, count);
        var second = Enumerable.Range(1, n - 2).Select(k => Math.Abs(raw[k - 1] - (2 * raw[k]) + raw[k + 1])).Order().ToArray();
        noise = second[second.Length / 2] / 0.6745 / Math.Sqrt(6);
        rowNoise = noise * Math.Sqrt(Math.Max(1, (double)count.Sum() / n));
        range = raw.Max() - raw.Min();
        var width = 1.5;
        while (width < 10 && noise / Math.Sqrt(2 * Math.Sqrt(Math.PI) * width) > 0.004 * range) { width *= 1.4; }
        y = Smooth(raw, width);
    }

    public static IReadOnlyList<VoltammetryPeak> Of(TimeSeries series, Sweep sweep) => new PeakSearch(series, sweep).Find();

    private List<VoltammetryPeak> Find()
    {
        // The first hundredths after a turn hold the charging of the double layer.
        var (first, last) = (Math.Max(2, n / 50), n - 1 - Math.Max(2, n / 50));
        var tops = new List<int>();
        for (var k = first + 1; k < last; k++)
        {
            if (y[k] >= y[k - 1] && y[k] > y[k + 1] && Prominence(k) > Math.Max(0.03 * range, 5 * noise)) { tops.Add(k); }
        }
        var peaks = new List<VoltammetryPeak>();
        for (var t = 0; t < tops.Count; t++) { peaks.Add(Refine(tops[t], t > 0 ? tops[t - 1] : first, t + 1 < tops.Count ? tops[t + 1] : n - 1)); }
        peaks.AddRange(Shoulders(first, last, tops));
        var highest = Enumerable.Range(first, n - first).MaxBy(k => y[k]);
        if (tops.Count == 0 && Plateau(first, highest) is { } plateau) { peaks.Add(plateau); }
        else if (highest >= last - 1 && !tops.Contains(highest))
        {
            var valley = Enumerable.Range(tops.Count > 0 ? tops[^1] : first, highest - (tops.Count > 0 ? tops[^1] : first) + 1).MinBy(k => y[k]);
            if (y[highest] - y[valley] > Math.Max(0.05 * range, 5 * noise))
            {
                var d = sweep.Direction;
                peaks.Add(new(Estimate.WithoutError(series.Potential[sweep.Last], "the current still rises where the sweep turns"), Estimate.WithoutError(d * (y[n - 1] - y[valley]), "no baseline beyond the edge"), d * y[n - 1], PeakKind.WindowEdge, false, double.NaN));
            }
        }
        return [.. peaks.OrderBy(p => p.Potential.Value)];
    }

    /// <summary>A current that rises once and then stays within a tenth for at least a fifth of the sweep; its place is where it levels off.</summary>
    private VoltammetryPeak? Plateau(int first, int highest)
    {
        var valley = Enumerable.Range(first, highest - first + 1).MinBy(k => y[k]);
        var height = y[highest] - y[valley];
        var start = valley;
        while (start < highest && y[start] < y[valley] + (0.9 * height)) { start++; }
        var end = highest;
        while (end < n - 1 && y[end + 1] >= y[valley] + (0.9 * height)) { end++; }
        if (height < Math.Max(0.2 * range, 5 * noise) || end < n - 2 || end - start < n / 5) { return null; }
        var d = sweep.Direction;
        return new(Estimate.Of(d * (from + (0.5 * (start + end) * step)), (end - start) * step / Math.Sqrt(12)), Estimate.Of(d * height, 0.05 * height), d * y[highest], PeakKind.Plateau, false, double.NaN);
    }

    private VoltammetryPeak Refine(int top, int leftBound, int rightBound)
    {
        var left = Enumerable.Range(leftBound, top - leftBound + 1).MinBy(k => y[k]);
        var right = Enumerable.Range(top, rightBound - top + 1).MinBy(k => y[k]);
        var foot = Foot(left, top);
        var chord = y[left] + ((y[right] - y[left]) * (top - left) / Math.Max(1, right - left));
        // Where the current comes back to the foot's line both baselines are as good; after a diffusion tail only the foot's is.
        var height = y[top] - foot;
        var returns = right < n - 2 && Math.Abs(chord - foot) < 0.2 * height;
        var baseline = returns ? 0.5 * (foot + chord) : foot;
        if (!(baseline < y[top])) { baseline = y[left]; }
        height = y[top] - baseline;

        var (a, b) = (top, top);
        while (a > leftBound && y[a - 1] - baseline >= 0.85 * height) { a--; }
        while (b < rightBound && y[b + 1] - baseline >= 0.85 * height) { b++; }
        (a, b) = (Math.Min(a, top - 2), Math.Max(b, top + 2));
        var (x, value, error) = Cubic(a, b, top);
        // Two good baselines bracket the current; a carried-on one alone is trusted to a twentieth of the height.
        var currentError = Math.Sqrt((noise * noise) + Math.Pow(returns ? 0.5 * (chord - foot) : 0.05 * height, 2));

        var (h, g) = (top, top);
        while (h > leftBound && y[h] - baseline > 0.5 * height) { h--; }
        while (g < rightBound && y[g] - baseline > 0.5 * height) { g++; }
        var half = y[h] - baseline <= 0.5 * height && y[g] - baseline <= 0.5 * height ? (g - h) * step : double.NaN;
        var (p, q) = (top, top);
        while (p > 0 && y[p - 1] - baseline >= 0.9 * height) { p--; }
        while (q < n - 1 && y[q + 1] - baseline >= 0.9 * height) { q++; }
        var kind = q >= n - 2 || q - p > n / 4 ? PeakKind.Plateau : PeakKind.Peak;
        var d = sweep.Direction;
        return new(Estimate.Of(d * x, error), Estimate.Of(d * (value - baseline), currentError), d * value, kind, false, half);
    }

    /// <summary>The flattest fifth of the rise as a line, carried on to the top; level where it would not stay below.</summary>
    private double Foot(int left, int top)
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

    /// <summary>Maximum of a cubic by least squares through the rows of the grid's bins a … b; its position's error by the covariance.</summary>
    private (double X, double Value, double Error) Cubic(int a, int b, int top)
    {
        var d = sweep.Direction;
        var (lower, upper, centre) = (from + (a * step), from + ((b + 1) * step), from + ((top + 0.5) * step));
        var scale = 0.5 * (upper - lower);
        var rows = new List<(double U, double I)>();
        for (var i = sweep.First; i <= sweep.Last; i++)
        {
            var x = d * series.Potential[i];
            if (x >= lower && x <= upper && double.IsFinite(series.Current[i])) { rows.Add(((x - centre) / scale, d * series.Current[i])); }
        }
        if (rows.Count < 6) { return (centre, y[top], step); }
        var design = Matrix<double>.Build.Dense(rows.Count, 4, (r, c) => Math.Pow(rows[r].U, c));
        var values = Vector<double>.Build.Dense([.. rows.Select(r => r.I)]);
        var normal = design.TransposeThisAndMultiply(design);
        var theta = normal.Solve(design.TransposeThisAndMultiply(values));
        var residual = (values - (design * theta)).L2Norm() / Math.Sqrt(Math.Max(1, rows.Count - 4));
        double u = 0;
        for (var k = 0; k < 30; k++)
        {
            var slope = theta[1] + (2 * theta[2] * u) + (3 * theta[3] * u * u);
            var curvature = (2 * theta[2]) + (6 * theta[3] * u);
            if (curvature >= 0) { return (centre, y[top], step); }
            u = Math.Clamp(u - (slope / curvature), -1, 1);
        }
        var second = (2 * theta[2]) + (6 * theta[3] * u);
        var gradient = Vector<double>.Build.Dense([0, 1, 2 * u, 3 * u * u]);
        var variance = Math.Pow(Math.Max(residual, 0.5 * rowNoise), 2) * (gradient * normal.Solve(gradient));
        var spacing = (upper - lower) / rows.Count;
        return (centre + (u * scale), theta[0] + (theta[1] * u) + (theta[2] * u * u) + (theta[3] * u * u * u), Math.Sqrt((variance / (second * second) * scale * scale) + (spacing * spacing / 12)));
    }

    /// <summary>Where the slope nearly vanishes between two steeper stretches of one flank.</summary>
    private IEnumerable<VoltammetryPeak> Shoulders(int first, int last, List<int> tops)
    {
        var slope = new double[n];
        for (var k = 1; k < n - 1; k++) { slope[k] = 0.5 * (y[k + 1] - y[k - 1]); }
        // The noise of the smoothed slope is well below that of two bins; a shoulder must stand clear of it.
        var clear = Math.Max(0.002 * range, 2 * noise);
        for (var k = first + 3; k < last - 3; k++)
        {
            foreach (var flank in new[] { 1, -1 })
            {
                var s = flank * slope[k];
                if (s < 0 || s > flank * slope[k - 1] || s >= flank * slope[k + 1]) { continue; }
                double before = 0, after = 0, rise = 0, fall = 0;
                for (var i = k - 1; i >= first && flank * slope[i] > 0; i--) { before = Math.Max(before, flank * slope[i]); rise += flank * slope[i]; }
                for (var i = k + 1; i <= last && flank * slope[i] > 0; i++) { after = Math.Max(after, flank * slope[i]); fall += flank * slope[i]; }
                var least = Math.Min(before, after);
                if (s > 0.5 * least || least - s < clear || rise < 0.08 * range || fall < 0.08 * range || tops.Any(t => Math.Abs(t - k) < 3)) { continue; }
                var d = sweep.Direction;
                var left = Enumerable.Range(first, k - first + 1).MinBy(i => y[i]);
                yield return new(Estimate.Of(d * (from + ((k + 0.5) * step)), 2 * step), Estimate.Of(d * (y[k] - (flank > 0 ? Foot(left, k) : y[left])), 0.1 * range), d * y[k], PeakKind.Peak, true, double.NaN);
            }
        }
    }

    private double Prominence(int k)
    {
        double left = y[k], right = y[k];
        for (var i = k - 1; i >= 0 && y[i] <= y[k]; i--) { left = Math.Min(left, y[i]); }
        for (var i = k + 1; i < n && y[i] <= y[k]; i++) { right = Math.Min(right, y[i]); }
        return y[k] - Math.Max(left, right);
    }

    private static double[] Fill(double[] sum, int[] count)
    {
        var filled = new double[sum.Length];
        var before = -1;
        for (var k = 0; k < sum.Length; k++)
        {
            if (count[k] == 0) { continue; }
            filled[k] = sum[k] / count[k];
            for (var i = before + 1; i < k; i++) { filled[i] = before < 0 ? filled[k] : filled[before] + ((filled[k] - filled[before]) * (i - before) / (k - before)); }
            before = k;
        }
        for (var i = before + 1; i < sum.Length; i++) { filled[i] = before < 0 ? 0 : filled[before]; }
        return filled;
    }

    private static double[] Smooth(double[] raw, double width)
    {
        var reach = (int)Math.Ceiling(4 * width);
        var smooth = new double[raw.Length];
        for (var k = 0; k < raw.Length; k++)
        {
            double sum = 0, weight = 0;
            for (var j = -reach; j <= reach; j++)
            {
                var i = k + j;
                // Point reflection at the ends keeps a slope a slope.
                var value = i < 0 ? (2 * raw[0]) - raw[Math.Min(raw.Length - 1, -i)] : i >= raw.Length ? (2 * raw[^1]) - raw[Math.Max(0, (2 * raw.Length) - 2 - i)] : raw[i];
                var w = Math.Exp(-0.5 * j * j / (width * width));
                sum += w * value;
                weight += w;
            }
            smooth[k] = sum / weight;
        }
        return smooth;
    }
}
