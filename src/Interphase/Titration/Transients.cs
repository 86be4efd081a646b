using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Titration;

/// <summary>Straight lines through parts of a pulse and its rest: ends of rests, jumps, slopes against roots of time.</summary>
internal static class Transients
{
    /// <summary>A straight line by least squares, its intercept at <paramref name="at"/>.</summary>
    public static (Estimate Intercept, Estimate Slope) Line(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double at, double floor)
    {
        var n = x.Length;
        if (n == 0) { return (Estimate.Withheld("no sample"), Estimate.Withheld("no sample")); }
        double mx = 0, my = 0, sxx = 0, sxy = 0, rss = 0;
        for (var i = 0; i < n; i++) { mx += x[i] / n; my += y[i] / n; }
        for (var i = 0; i < n; i++) { sxx += (x[i] - mx) * (x[i] - mx); sxy += (x[i] - mx) * (y[i] - my); }
        if (n < 2 || sxx <= 0) { return (Estimate.WithoutError(my, "a single sample"), Estimate.Withheld("a single sample")); }
        var slope = sxy / sxx;
        for (var i = 0; i < n; i++) { rss += Math.Pow(y[i] - my - (slope * (x[i] - mx)), 2); }
        var variance = (n > 2 ? rss / (n - 2) : 0) + (floor * floor);
        return (Estimate.Of(my + (slope * (at - mx)), Math.Sqrt(variance * ((1.0 / n) + ((at - mx) * (at - mx) / sxx)))), Estimate.Of(slope, Math.Sqrt(variance / sxx)));
    }

    /// <summary>Potential and drift at the end of a rest: a line through its last tenth (at least two rows; more of them from earlier would be on a curve).</summary>
    public static (Estimate Potential, Estimate Drift) RestEnd(TimeSeries s, int first, int last, double noise)
    {
        while (last > first && !double.IsFinite(s.Potential[last])) { last--; }
        if (!double.IsFinite(s.Potential[last])) { return (Estimate.Withheld("the rest has no potential"), Estimate.Withheld("the rest has no potential")); }
        var from = first;
        var begin = s.Time[last] - (0.1 * (s.Time[last] - s.Time[first]));
        while (from < last && (s.Time[from] < begin || !double.IsFinite(s.Potential[from]))) { from++; }
        from = Math.Max(first, Math.Min(from, last - 1));
        while (from < last && s.Potential[from..(last + 1)].ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) { from++; }
        return Line(s.Time[from..(last + 1)], s.Potential[from..(last + 1)], s.Time[last], noise);
    }

    /// <summary>Potential at roots of time within a window after a switch, as a line.</summary>
    public static (Estimate Intercept, Estimate Slope) AgainstRoot(TimeSeries s, int first, int last, double origin, double from, double to, Func<double, double> abscissa, double noise)
    {
        var x = new List<double>();
        var y = new List<double>();
        for (var i = first; i <= last; i++)
        {
            var t = s.Time[i] - origin;
            if (t < from || t > to || !double.IsFinite(s.Potential[i])) { continue; }
            x.Add(abscissa(t));
            y.Add(s.Potential[i]);
        }
        return x.Count < 3 ? (Estimate.Withheld("fewer than three samples in the window"), Estimate.Withheld("fewer than three samples in the window"))
            : Line(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(x), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(y), abscissa(0), noise);
    }

    /// <summary>The jump at a switch: at the first sample at or after <paramref name="earliest"/> seconds, and extrapolated to the switch.</summary>
    public static IrDrop Jump(TimeSeries s, int first, int last, double origin, double before, double earliest, double window, double noise)
    {
        var row = first;
        while (row <= last && (s.Time[row] - origin < earliest || !double.IsFinite(s.Potential[row]))) { row++; }
        if (row > last) { return IrDrop.None; }
        var sampled = s.Time[row] - origin;
        var (intercept, _) = AgainstRoot(s, row, last, origin, sampled, Math.Max(window, 4 * sampled), Math.Sqrt, noise);
        return new(Math.Abs(s.Potential[row] - before), sampled, Math.Abs(intercept.Value - before), intercept.StandardError);
    }

    /// <summary>Noise of single samples from second differences at the ends of rests, and the error the converter's quantum leaves, which averaging does not lessen; V.</summary>
    public static (double Single, double Quantum) Noise(TimeSeries s, IEnumerable<(int First, int Last)> rests)
    {
        var second = new List<double>();
        var differences = new List<double>();
        foreach (var (first, last) in rests)
        {
            for (var i = first + 1; i <= last; i++)
            {
                if (Math.Abs(s.Potential[i] - s.Potential[i - 1]) is var d && double.IsFinite(d)) { differences.Add(d); }
                // Only the second half: before it the potential bends.
                if (i < Math.Max(first + ((last - first) / 2), first + 2)) { continue; }
                var (a, b, c) = (s.Potential[i - 2], s.Potential[i - 1], s.Potential[i]);
                var (h, k) = (s.Time[i - 1] - s.Time[i - 2], s.Time[i] - s.Time[i - 1]);
                if (!(h > 0 && k > 0)) { continue; }
                // Deviation of the middle sample from the line through its neighbours, scaled to one sample.
                var w = k / (h + k);
                second.Add(Math.Abs(b - (w * a) - ((1 - w) * c)) / Math.Sqrt(1 + (w * w) + ((1 - w) * (1 - w))));
            }
        }
        if (second.Count == 0) { return (0, 0); }
        second.Sort();
        var scatter = second[second.Count / 2] / 0.6745;
        var mean = Math.Sqrt(second.Take((int)(0.95 * second.Count) + 1).Average(v => v * v));
        var single = Math.Max(scatter, mean);
        var step = Quantum(differences) / Math.Sqrt(12);
        return (Math.Max(single, step), step > 0.3 * single ? step : 0);
    }

    /// <summary>The converter's step: values repeat, and all differences are multiples of the smallest; 0 where it is not so.</summary>
    private static double Quantum(List<double> differences)
    {
        var moved = differences.Where(d => d > 1e-9).ToArray();
        if (moved.Length == 0 || differences.Count - moved.Length < 0.02 * differences.Count) { return 0; }
        var least = moved.Min();
        var multiples = moved.Count(d => Math.Abs((d / least) - Math.Round(d / least)) < 0.1);
        return least > 6e-6 && multiples > 0.95 * moved.Length ? least : 0;
    }
}
