namespace Interphase.Reports;

/// <summary>
/// Thins long series to what a screen can show. Of the consecutive points that fall into one column of pixels a line keeps the
/// first, lowest, highest and last, which draws the same pixels; the extremes of a series are always among the points kept.
/// </summary>
internal static class Decimation
{
    /// <summary>Indices to keep of a line; places in 0…1 of the panel (NaN: a gap, of which one point is kept).</summary>
    internal static int[] Line(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int columns)
    {
        var keep = new List<int>();
        for (var i = 0; i < x.Length;)
        {
            var gap = IsGap(x[i], y[i]);
            var column = gap ? 0 : Math.Floor(x[i] * columns);
            int low = i, high = i, end = i + 1;
            for (; end < x.Length && (gap ? IsGap(x[end], y[end]) : !IsGap(x[end], y[end]) && Math.Floor(x[end] * columns) == column); end++)
            {
                if (y[end] < y[low]) { low = end; }
                if (y[end] > y[high]) { high = end; }
            }
            keep.Add(i);
            if (!gap)
            {
                keep.Add(Math.Min(low, high));
                keep.Add(Math.Max(low, high));
                keep.Add(end - 1);
            }
            i = end;
        }
        return Sorted(keep, x, y);
    }

    /// <summary>Indices to keep of markers: one a cell of pixels.</summary>
    internal static int[] Points(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int columns)
    {
        var seen = new HashSet<(int, int)>();
        var keep = new List<int>();
        for (var i = 0; i < x.Length; i++)
        {
            if (!IsGap(x[i], y[i]) && seen.Add(((int)Math.Floor(x[i] * columns), (int)Math.Floor(y[i] * columns)))) { keep.Add(i); }
        }
        return Sorted(keep, x, y);
    }

    /// <summary>What is kept of a series in a panel: everything up to <paramref name="limit"/> points, else as above, coarser until it fits.</summary>
    internal static int[] Kept(XY series, AxisScale xScale, AxisScale yScale, int limit)
    {
        var n = Math.Min(series.X.Length, series.Y.Length);
        if (n <= limit) { return [.. Enumerable.Range(0, n)]; }
        var x = new double[n];
        var y = new double[n];
        for (var i = 0; i < n; i++) { (x[i], y[i]) = (xScale.Place(series.X[i]), yScale.Place(series.Y[i])); }
        for (var columns = 2000; ; columns /= 2)
        {
            var kept = series.Draw == Draw.Markers ? Points(x, y, columns) : Line(x, y, columns);
            if (kept.Length <= limit || columns <= 250) { return kept; }
        }
    }

    private static int[] Sorted(List<int> keep, ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int left = -1, right = -1, low = -1, high = -1;
        for (var i = 0; i < x.Length; i++)
        {
            if (IsGap(x[i], y[i])) { continue; }
            if (left < 0 || x[i] < x[left]) { left = i; }
            if (right < 0 || x[i] > x[right]) { right = i; }
            if (low < 0 || y[i] < y[low]) { low = i; }
            if (high < 0 || y[i] > y[high]) { high = i; }
        }
        if (left >= 0) { keep.AddRange([left, right, low, high]); }
        return [.. keep.Distinct().Order()];
    }

    private static bool IsGap(double x, double y) => !double.IsFinite(x) || !double.IsFinite(y);
}
