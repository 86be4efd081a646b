using Interphase.Measurements;
using Interphase.Numerics;

namespace Interphase.Voltammetry;

/// <summary>A jump of the current between two rows that the potential does not explain: the instrument changed its range.</summary>
/// <param name="Potential">V.</param>
/// <param name="Current">A.</param>
internal readonly record struct CurrentStep(double Potential, double Current);

/// <summary>
/// One sweep on an even grid of potential, turned so that what is looked for is a maximum: x = d E, y = d I with d the direction.
/// Single wild rows are left out, small jumps between two rows are closed, and the grid is smoothed only as far as its noise asks.
/// </summary>
internal sealed class SweepCurve
{
    private const int MostBins = 400, FewestBins = 20, FewBins = 60;

    private SweepCurve(int direction, double from, double step, (double X, double Y)[] rows, double[] y, double[] noise, double rowNoise, double scatter, IReadOnlyList<CurrentStep> steps)
    {
        (Direction, From, Step, Rows, Y, Noise, RowNoise, Scatter, Steps) = (direction, from, step, rows, y, noise, rowNoise, scatter, steps);
        Range = y.Max() - y.Min();
    }

    public int Direction { get; }

    /// <summary>x at the left edge of the first bin.</summary>
    public double From { get; }

    /// <summary>Width of a bin, V.</summary>
    public double Step { get; }

    /// <summary>Rows by time, without wild ones, steps closed.</summary>
    public (double X, double Y)[] Rows { get; }

    /// <summary>Smoothed current of the bins.</summary>
    public double[] Y { get; }

    /// <summary>Standard error of each smoothed value.</summary>
    public double[] Noise { get; }

    /// <summary>Scatter of single rows, as if they were independent, by the median over the sweep.</summary>
    public double RowNoise { get; }

    /// <summary>Largest local scatter of the bins before smoothing.</summary>
    public double Scatter { get; }

    /// <summary>Jumps that were closed.</summary>
    public IReadOnlyList<CurrentStep> Steps { get; }

    public double Range { get; }

    public int Count => Y.Length;

    /// <summary>x in the middle of a bin.</summary>
    public double At(double bin) => From + ((bin + 0.5) * Step);

    public static SweepCurve Of(TimeSeries series, Sweep sweep)
    {
        var d = sweep.Direction;
        var all = new List<(double X, double Y)>(sweep.Last - sweep.First + 1);
        for (var i = sweep.First; i <= sweep.Last; i++)
        {
            if (double.IsFinite(series.Potential[i]) && double.IsFinite(series.Current[i])) { all.Add((d * series.Potential[i], d * series.Current[i])); }
        }
        var (rows, steps) = Mend(all, d);
        var (from, to) = (d * series.Potential[sweep.First], d * series.Potential[sweep.Last]);
        var n = Math.Clamp(rows.Length / 2, FewestBins, MostBins);
        var step = (to - from) / n;
        var (sum, count) = (new double[n], new int[n]);
        foreach (var (x, value) in rows)
        {
            var k = (int)((x - from) / step);
            if (k < 0 || k >= n) { continue; }
            sum[k] += value;
            count[k]++;
        }
        var raw = Fill(sum, count);
        var scatter = LocalScatter(raw);
        var typical = scatter.Order().ElementAt(n / 2);
        var rowNoise = Median.Of([.. Differences(raw).Select(Math.Abs)]) / 0.6745 / Math.Sqrt(20) * Math.Sqrt(Math.Max(1, (double)rows.Length / n));
        var width = 1.5;
        var y = Gauss(raw, width);
        var light = y;
        while (width < n / 25.0 && Reduced(scatter.Max(), width) > 0.004 * (y.Max() - y.Min()))
        {
            // Wider only as long as what it changes is noise: a narrow peak stops it.
            var (wider, usual) = (Gauss(raw, 1.4 * width), Reduced(1, 1.5));
            if (Enumerable.Range(0, n).Any(k => Math.Abs(wider[k] - light[k]) > 5 * usual * scatter[k])) { break; }
            (width, y) = (1.4 * width, wider);
        }
        // What white noise leaves after smoothing, and waves longer than that: third differences over the smoothed scale.
        var lag = Math.Clamp((int)Math.Round(2.5 * width), 3, Math.Max(3, n / 12));
        var waves = Median.Of([.. Enumerable.Range(0, Math.Max(0, n - (3 * lag))).Select(k => Math.Abs(y[k + (3 * lag)] - (3 * y[k + (2 * lag)]) + (3 * y[k + lag]) - y[k]))]) / 0.6745 / Math.Sqrt(20);
        // On few bins they are the curve's own shape.
        if (n < FewBins) { waves = 0; }
        double[] noise = [.. scatter.Select(s => Math.Max(waves, Reduced(s, width)))];
        // The same scatter as that of independent rows: neighbours that scatter alike count for more.
        rowNoise = Math.Max(rowNoise, waves * Math.Sqrt(2 * Math.Sqrt(Math.PI) * width * Math.Max(1, (double)rows.Length / n)));
        return new(d, from, step, rows, y, noise, rowNoise, Math.Max(scatter.Max(), typical), steps);
    }

    private static double Reduced(double scatter, double width) => scatter / Math.Sqrt(2 * Math.Sqrt(Math.PI) * width);

    /// <summary>Rows without single wild ones, with jumps of up to a tenth of the range closed that stand out tenfold from their neighbourhood.</summary>
    private static ((double X, double Y)[] Rows, List<CurrentStep> Steps) Mend(List<(double X, double Y)> all, int direction)
    {
        const int around = 12;
        var steps = new List<CurrentStep>();
        if (all.Count < 200) { return ([.. all], steps); }
        double[] y = [.. all.Select(r => r.Y)];
        var range = y.Order().ElementAt((int)(0.98 * y.Length)) - y.Order().ElementAt((int)(0.02 * y.Length));
        var keep = new bool[y.Length];
        Array.Fill(keep, true);
        for (var i = 1; i < y.Length - 1; i++)
        {
            var off = y[i] - (0.5 * (y[i - 1] + y[i + 1]));
            if (!(Math.Abs(off) > 0.01 * range) || Math.Abs(y[i + 1] - y[i - 1]) > 0.3 * Math.Abs(off)) { continue; }
            double[] usual = [.. Enumerable.Range(Math.Max(1, i - around), Math.Min(y.Length - 2, i + around) - Math.Max(1, i - around) + 1).Where(k => Math.Abs(k - i) > 1).Select(k => Math.Abs(y[k] - (0.5 * (y[k - 1] + y[k + 1]))))];
            keep[i] = Math.Abs(off) <= 10 * Median.Of(usual);
        }
        (double X, double Y)[] rows = [.. all.Where((_, i) => keep[i])];
        double closed = 0;
        var mended = ((double X, double Y)[])rows.Clone();
        for (var i = around; i < rows.Length - around; i++)
        {
            var jump = rows[i].Y - rows[i - 1].Y;
            if (Math.Abs(jump) is var size && size > 0.003 * range && size < 0.1 * range)
            {
                double[] near = [.. Enumerable.Range(i - around + 1, (2 * around) - 1).Where(k => k != i).Select(k => rows[k].Y - rows[k - 1].Y)];
                var middle = Median.Of([.. near]);
                var usual = Median.Of([.. near.Select(v => Math.Abs(v - middle))]) / 0.6745;
                // It must stay: a level, not a spike.
                var levels = Enumerable.Range(i, 5).Average(k => rows[k].Y) - Enumerable.Range(i - 5, 5).Average(k => rows[k].Y) - (5 * middle);
                if (Math.Abs(jump - middle) > 10 * usual && Math.Abs(jump - middle) > 4 * near.Max(v => Math.Abs(v - middle)) && levels / (jump - middle) is > 0.5 and < 1.5)
                {
                    closed += jump - middle;
                    steps.Add(new(direction * rows[i].X, direction * (jump - middle)));
                }
            }
            mended[i].Y = rows[i].Y - closed;
        }
        for (var i = rows.Length - around; i < rows.Length; i++) { mended[i].Y = rows[i].Y - closed; }
        return (mended, steps);
    }

    /// <summary>Scatter of the bins from third differences, which peaks hardly have: the larger of the sweep's median and the neighbourhood's root mean square.</summary>
    private static double[] LocalScatter(double[] raw)
    {
        var third = Differences(raw);
        var (n, reach) = (raw.Length, Math.Max(6, raw.Length / 16));
        var overall = Median.Of([.. third.Select(Math.Abs)]) / 0.6745;
        var local = new double[n];
        if (n < FewBins) { Array.Fill(local, overall / Math.Sqrt(20)); return local; }
        for (var k = 0; k < n; k++)
        {
            double sum = 0, number = 0;
            for (var i = Math.Max(0, k - reach); i < Math.Min(third.Length, k + reach); i++) { sum += third[i] * third[i]; number++; }
            // A single jump in a quiet neighbourhood is no noise; many are.
            var quiet = Median.Of([.. third[Math.Max(0, Math.Min(k - reach, third.Length - 1))..Math.Min(third.Length, k + reach)].Select(Math.Abs)]) / 0.6745;
            local[k] = Math.Max(overall, number > 0 ? Math.Min(Math.Sqrt(sum / number), 6 * quiet) : 0) / Math.Sqrt(20);
        }
        return local;
    }

    private static double[] Differences(double[] v) => [.. Enumerable.Range(0, Math.Max(0, v.Length - 3)).Select(k => v[k + 3] - (3 * v[k + 2]) + (3 * v[k + 1]) - v[k])];

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

    public static double[] Gauss(double[] raw, double width)
    {
        var reach = (int)Math.Ceiling(4 * width);
        var smooth = new double[raw.Length];
        var (first, last) = (End(raw, reach / 2, false), End(raw, reach / 2, true));
        for (var k = 0; k < raw.Length; k++)
        {
            double sum = 0, weight = 0;
            for (var j = -reach; j <= reach; j++)
            {
                var i = k + j;
                // Point reflection at the ends keeps a slope a slope; about a line's end, so that one row's noise does not count for all.
                var value = i < 0 ? (2 * first) - raw[Math.Min(raw.Length - 1, -i)] : i >= raw.Length ? (2 * last) - raw[Math.Max(0, (2 * raw.Length) - 2 - i)] : raw[i];
                var w = Math.Exp(-0.5 * j * j / (width * width));
                sum += w * value;
                weight += w;
            }
            smooth[k] = sum / weight;
        }
        return smooth;
    }

    /// <summary>A line's value at the end of the curve.</summary>
    private static double End(double[] v, int count, bool atLast)
    {
        count = Math.Clamp(count, 2, v.Length);
        double mean = 0, sxy = 0, sxx = 0;
        for (var i = 0; i < count; i++) { mean += v[atLast ? v.Length - 1 - i : i] / count; }
        for (var i = 0; i < count; i++)
        {
            var x = i - (0.5 * (count - 1));
            (sxy, sxx) = (sxy + (x * (v[atLast ? v.Length - 1 - i : i] - mean)), sxx + (x * x));
        }
        return mean - (sxy / sxx * 0.5 * (count - 1));
    }
}
