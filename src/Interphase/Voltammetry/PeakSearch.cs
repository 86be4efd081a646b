using Interphase.Results;

namespace Interphase.Voltammetry;

/// <summary>
/// Maxima, shoulders, plateaus and edges of one sweep. A feature counts where it stands out from the scatter of its own
/// neighbourhood, and where its current has the sign of its branch or is at least larger than what lies under it.
/// </summary>
internal sealed class PeakSearch
{
    private const double LeastProminence = 0.03, Clear = 9;

    private readonly SweepCurve curve;
    private readonly double[] y;
    private readonly int n, first, last, direction;

    private PeakSearch(SweepCurve curve)
    {
        this.curve = curve;
        (y, n, direction) = (curve.Y, curve.Count, curve.Direction);
        // The first hundredths after a turn hold the charging of the double layer.
        (first, last) = (Math.Max(2, n / 50), n - 1 - Math.Max(2, n / 50));
    }

    public static IReadOnlyList<VoltammetryPeak> Of(SweepCurve curve) => new PeakSearch(curve).Find();

    private List<VoltammetryPeak> Find()
    {
        var tops = new List<int>();
        for (var k = first + 1; k < last; k++)
        {
            if (y[k] >= y[k - 1] && y[k] > y[k + 1] && Prominence(k) > Math.Max(LeastProminence * curve.Range, Clear * curve.Noise[k])) { tops.Add(k); }
        }
        var peaks = new List<VoltammetryPeak>();
        for (var t = 0; t < tops.Count; t++) { peaks.Add(PeakTop.Of(curve, tops[t], t > 0 ? tops[t - 1] : first, t + 1 < tops.Count ? tops[t + 1] : n - 1)); }
        peaks.RemoveAll(p => !IsOfItsBranch(p));
        peaks.AddRange(Shoulders(tops).Where(IsOfItsBranch));
        var highest = Enumerable.Range(first, n - first).MaxBy(k => y[k]);
        if (tops.Count == 0 && Plateau(highest) is { } plateau) { peaks.Add(plateau); }
        else if (highest >= last - 1 && !tops.Contains(highest))
        {
            var valley = Lowest(tops.Count > 0 ? tops[^1] : first, highest);
            if (y[highest] - y[valley] > Math.Max(0.05 * curve.Range, Clear * curve.Noise[highest]) && IsOfItsSign(highest, y[highest] - y[valley]))
            {
                var current = Raw(n - 1, y[n - 1]);
                peaks.Add(new(Estimate.WithoutError(direction * (curve.From + (n * curve.Step)), "the current still rises where the sweep turns"), Estimate.WithoutError(direction * (y[n - 1] - y[valley]), "no baseline beyond the edge"), current, PeakKind.WindowEdge, false, double.NaN));
            }
        }
        return [.. peaks.OrderBy(p => p.Potential.Value)];
    }

    /// <summary>A dip of a larger current of the other sign is no peak of this branch, and what is within its own error is none at all.</summary>
    private bool IsOfItsBranch(VoltammetryPeak p) =>
        (direction * p.RawCurrent > 0 || Math.Abs(p.Current.Value) > Math.Abs(p.RawCurrent)) && !(Math.Abs(p.Current.Value) < 2 * p.Current.StandardError) && direction * p.Current.Value > 0;

    /// <summary>A current that merely decays to nothing has neither a plateau nor an edge.</summary>
    private bool IsOfItsSign(int k, double height) => direction * Raw(k, y[k]) > 0.5 * height;

    private double Raw(int k, double value) => direction * (value + PeakTop.Closed(curve, curve.At(k)));

    /// <summary>
    /// A current that rises once, from a foot, and then stays within a tenth for at least a fifth of the sweep. Its place is its
    /// maximum, as a person reads it.
    /// </summary>
    private VoltammetryPeak? Plateau(int highest)
    {
        var valley = Lowest(first, highest);
        var height = y[highest] - y[valley];
        var start = valley;
        while (start < highest && y[start] < y[valley] + (0.9 * height)) { start++; }
        var foot = valley;
        while (foot < highest && y[foot] < y[valley] + (0.1 * height)) { foot++; }
        var end = highest;
        while (end < n - 1 && y[end + 1] >= y[valley] + (0.9 * height)) { end++; }
        // Without a foot it is the decay of what the turn left.
        if (height < Math.Max(0.2 * curve.Range, Clear * curve.Noise[highest]) || end < n - 2 || end - start < n / 5 || foot < first + (n / 25) || !IsOfItsSign(highest, height)) { return null; }
        var (place, error) = PeakTop.OfPlateau(curve, highest, height);
        return new(Estimate.Of(direction * place, error), Estimate.Of(direction * height, 0.05 * height), Raw(highest, y[highest]), PeakKind.Plateau, false, double.NaN);
    }

    /// <summary>Where the slope nearly vanishes between two steeper stretches of one flank; one a stretch, placed within what lies between the two steepest points.</summary>
    private List<VoltammetryPeak> Shoulders(List<int> tops)
    {
        var width = Math.Max(1.5, n / 120.0);
        var smooth = SweepCurve.Gauss(y, width);
        double Slope(int k) => 0.5 * (smooth[k + 1] - smooth[k - 1]);
        var found = new List<VoltammetryPeak>();
        for (var k = first + 3; k < last - 3; k++)
        {
            foreach (var flank in new[] { 1, -1 })
            {
                var s = flank * Slope(k);
                if (s < 0 || s > flank * Slope(k - 1) || s >= flank * Slope(k + 1)) { continue; }
                var (before, after) = (k, k);
                double rise = 0, fall = 0;
                for (var i = k - 1; i > 0 && flank * Slope(i) > 0; i--) { rise += flank * Slope(i); if (i >= first && flank * Slope(i) > flank * Slope(before)) { before = i; } }
                for (var i = k + 1; i < n - 1 && flank * Slope(i) > 0; i++) { fall += flank * Slope(i); if (i <= last && flank * Slope(i) > flank * Slope(after)) { after = i; } }
                var least = Math.Min(flank * Slope(before), flank * Slope(after));
                // The slope's dip must stand clear of the slope's scatter, and add up to something over its stretch.
                if (s > 0.6 * least || least - s < 7 * curve.Noise[k] / (Math.Sqrt(2) * width) || (least - s) * 0.5 * (after - before) < 0.01 * curve.Range || rise < 0.08 * curve.Range || fall < 0.08 * curve.Range || after - before > n / 3 || tops.Any(t => t > before && t < after)) { continue; }
                var error = Math.Max(2, (after - before) / Math.Sqrt(12)) * curve.Step;
                var left = Lowest(first, k);
                found.Add(new(Estimate.Of(direction * curve.At(k), error), Estimate.Of(direction * (y[k] - (flank > 0 ? PeakTop.Foot(y, left, k) : y[left])), 0.1 * curve.Range), Raw(k, y[k]), PeakKind.Peak, true, double.NaN));
            }
        }
        return found;
    }

    private int Lowest(int from, int to) => Enumerable.Range(from, to - from + 1).MinBy(k => y[k]);

    private double Prominence(int k)
    {
        double left = y[k], right = y[k];
        for (var i = k - 1; i >= 0 && y[i] <= y[k]; i--) { left = Math.Min(left, y[i]); }
        for (var i = k + 1; i < n && y[i] <= y[k]; i++) { right = Math.Min(right, y[i]); }
        return y[k] - Math.Max(left, right);
    }
}
