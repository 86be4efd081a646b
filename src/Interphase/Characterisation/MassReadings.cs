using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>
/// Steps read off a mass curve without a model, as ISO 11358-1 has it: a step lies between minima of the derivative, its change is the difference of
/// the mass there, and onset and end are where the tangent at the fastest change meets those masses.
/// </summary>
/// <remarks>
/// Standard errors come from repeats of the reading on the smoothed curve plus its own residuals in shifted blocks, each smoothed over
/// ±4, ±6 or ±9 K, so that they hold what the choice of the smoothing does too.
/// </remarks>
internal static class MassReadings
{
    private const double HalfWidth = 6, Block = 12, LeastChange = 5e-3;

    /// <summary>What balances drift, 0.3 % of the mass in 100 K, as a fraction per K.</summary>
    public const double Drift = 3e-5;

    private const int Repeats = 42, MostSteps = 8;
    private static readonly double[] HalfWidths = [4, 6, 9];

    /// <summary>The limits and the place of the fastest change of one step, by index, and its sign (−1 for a loss).</summary>
    private readonly record struct Found(int From, int Peak, int To, int Sign);

    /// <summary>The steps, in order of temperature, and the temperatures (K) of changes that the run cuts.</summary>
    public static (IReadOnlyList<MassStep> Steps, IReadOnlyList<double> Cut) Of(double[] temperature, double[] mass)
    {
        var (value, slope, _) = SavitzkyGolay.Fit(temperature, mass, HalfWidth);
        var found = Steps(temperature, slope, value, SlopeNoise(temperature, mass, value));
        var (steps, cut) = (new List<MassStep>(), new List<double>());
        var repeated = Repeated(temperature, mass, value, found);
        for (var s = 0; s < found.Count; s++)
        {
            var f = found[s];
            var at = Read(temperature, value, slope, f);
            var isCut = f.From == 0 || f.To == temperature.Length - 1;
            if (isCut || at[2] - at[0] > 200 || double.IsNaN(at[4])) { cut.Add(temperature[f.Peak]); continue; }
            double Spread(int k) => Math.Sqrt(repeated.Average(r => (r[s][k] - at[k]) * (r[s][k] - at[k])));
            if (!(Spread(1) < 0.25 * (at[2] - at[0])) || !(Math.Abs(at[3]) > 4 * Spread(3))) { cut.Add(temperature[f.Peak]); continue; }
            // What is still under way at an outer limit, as of a step that dies away over half of its width.
            var tails = 0.5 * (at[2] - at[0]) * new[] { f.From, f.To }.Select(i => Math.Abs(slope[i])).Where(x => x < 0.05 * Math.Abs(slope[f.Peak])).Sum();
            Estimate With(int k) => Estimate.Of(at[k], k == 3 ? Math.Sqrt((Spread(3) * Spread(3)) + (tails * tails)) : Spread(k));
            var (from, to, change, sign) = (f.From, f.To, at[3], f.Sign);
            steps.Add(new(With(3), With(0), With(1), With(2), With(4), at[5], t => t < temperature[from] || t > temperature[to] ? 0 : Math.Max(0, sign * Between(temperature, slope, t) / Math.Abs(change))) { Uncorrected = change });
        }
        // What the run cuts has no fastest change: the mass moves after the last step, or before the first.
        double Moved(int from, int to) => Math.Abs(Level(temperature, mass, temperature[to]) - Level(temperature, mass, temperature[from])) - (Drift * (temperature[to] - temperature[from]));
        var (first, last) = found.Count == 0 ? (temperature.Length - 1, 0) : (found[0].From, found[^1].To);
        if (Moved(last, temperature.Length - 1) > LeastChange) { cut.Add(temperature[^1]); }
        if (found.Count > 0 && Moved(0, first) > LeastChange) { cut.Add(temperature[0]); }
        return (steps, cut);
    }

    /// <summary>Standard deviation of the smoothed derivative: that of the residuals, widened by their correlation, over the window.</summary>
    private static double SlopeNoise(double[] temperature, double[] mass, double[] value)
    {
        var residual = mass.Zip(value, (m, v) => m - v).ToArray();
        var spacing = (temperature[^1] - temperature[0]) / mass.Length;
        // A robust scale: the residuals of steps that the smoothing rounds off are no noise.
        var sorted = residual.Select(Math.Abs).Order().ToArray();
        return 1.4826 * sorted[sorted.Length / 2] * Math.Sqrt(ThermalRun.Correlation(residual) * 3 * spacing / (2 * HalfWidth)) / HalfWidth;
    }

    /// <summary>The mean mass within 3 K.</summary>
    public static double Level(double[] temperature, double[] mass, double at)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < mass.Length; i++)
        {
            if (Math.Abs(temperature[i] - at) <= 3) { (sum, count) = (sum + mass[i], count + 1); }
        }
        return count == 0 ? double.NaN : sum / count;
    }

    private static List<Found> Steps(double[] temperature, double[] slope, double[] value, double noise)
    {
        var n = slope.Length;
        var most = slope.Max(Math.Abs);
        // What the derivative does for most of the run is noise and drift.
        var sorted = slope.Select(Math.Abs).Order().ToArray();
        var quiet = Math.Max(sorted[n / 4], 1e-9);
        var found = new List<Found>();
        foreach (var sign in new[] { -1, 1 })
        {
            var rate = Array.ConvertAll(slope, x => sign * x);
            var tops = Enumerable.Range(1, n - 2).Where(i => rate[i] > rate[i - 1] && rate[i] >= rate[i + 1] && rate[i] > Math.Max(Math.Max(0.04 * most, 4 * quiet), 5 * noise)).ToList();
            // A top that hardly stands above the valley to a higher neighbour is a ripple on that neighbour's flank.
            for (var k = 0; k < tops.Count;)
            {
                double Valley(int other) => rate[Lowest(rate, Math.Min(tops[k], tops[other]), Math.Max(tops[k], tops[other]))];
                var least = Math.Min(0.85 * rate[tops[k]], rate[tops[k]] - (5 * noise));
                var ripple = (k > 0 && rate[tops[k - 1]] >= rate[tops[k]] && Valley(k - 1) > least) || (k < tops.Count - 1 && rate[tops[k + 1]] > rate[tops[k]] && Valley(k + 1) > least);
                if (ripple) { tops.RemoveAt(k); k = 0; }
                else { k++; }
            }
            for (var k = 0; k < tops.Count; k++)
            {
                var floor = Math.Max(0.005 * rate[tops[k]], 1.5 * quiet);
                var (left, right) = (k == 0 ? 0 : Lowest(rate, tops[k - 1], tops[k]), k == tops.Count - 1 ? n - 1 : Lowest(rate, tops[k], tops[k + 1]));
                var (from, to) = (tops[k], tops[k]);
                while (from > left && rate[from] > floor) { from--; }
                while (to < right && rate[to] > floor) { to++; }
                if (Math.Abs(value[to] - value[from]) > LeastChange) { found.Add(new(from, tops[k], to, sign)); }
            }
        }
        return [.. found.OrderByDescending(f => Math.Abs(value[f.To] - value[f.From])).Take(MostSteps).OrderBy(f => temperature[f.Peak])];
    }

    /// <summary>Onset, peak, end, change, T99 and T1 of a step on a smoothed curve.</summary>
    private static double[] Read(double[] temperature, double[] value, double[] slope, Found f)
    {
        var (i, change) = (f.Peak, value[f.To] - value[f.From]);
        var (a, b) = (slope[i - 1] - (2 * slope[i]) + slope[i + 1], 0.5 * (slope[i + 1] - slope[i - 1]));
        var shift = Math.Abs(a) > 0 ? Math.Clamp(-b / a, -1, 1) : 0;
        var peak = temperature[i] + (shift * 0.5 * (temperature[i + 1] - temperature[i - 1]));
        var (rate, mass) = (slope[i], value[i] + (slope[i] * (peak - temperature[i])));
        double Reached(double part)
        {
            var level = value[f.From] + (part * change);
            for (var k = f.From; k < f.To; k++)
            {
                if ((value[k] - level) * Math.Sign(change) <= 0 && (value[k + 1] - level) * Math.Sign(change) > 0) { return temperature[k] + ((temperature[k + 1] - temperature[k]) * (level - value[k]) / (value[k + 1] - value[k])); }
            }
            return double.NaN;
        }

        return [peak + ((value[f.From] - mass) / rate), peak, peak + ((value[f.To] - mass) / rate), change, Reached(0.99), Reached(0.01)];
    }

    private static List<double[][]> Repeated(double[] temperature, double[] mass, double[] value, List<Found> found)
    {
        var n = mass.Length;
        var spacing = (temperature[^1] - temperature[0]) / n;
        var block = Math.Clamp((int)(Block / spacing), 3, n / 2);
        var random = new Random(11358);
        var all = new List<double[][]>();
        for (var r = 0; r < Repeats; r++)
        {
            var y = (double[])value.Clone();
            for (var i = 0; i < n; i += block)
            {
                var (from, sign) = (random.Next(n - block), random.Next(2) == 0 ? -1 : 1);
                for (var k = 0; k < block && i + k < n; k++) { y[i + k] += sign * (mass[from + k] - value[from + k]); }
            }
            var (v, s, _) = SavitzkyGolay.Fit(temperature, y, HalfWidths[r % HalfWidths.Length]);
            all.Add([.. found.Select(f => Read(temperature, v, s, Near(s, f, (int)(HalfWidth / spacing))))]);
        }
        return all;
    }

    /// <summary>The same step on another smoothing: its limits and its top within a sixth of its width, or half the smoothing.</summary>
    private static Found Near(double[] slope, Found f, int smoothing)
    {
        var rate = Array.ConvertAll(slope, x => f.Sign * x);
        var reach = Math.Max(Math.Max(1, smoothing / 2), (f.To - f.From) / 6);
        int Between(int at) => Math.Clamp(at, 1, slope.Length - 2);
        var peak = Between(f.Peak);
        for (var i = Between(f.Peak - reach); i <= Between(f.Peak + reach); i++) { peak = rate[i] > rate[peak] ? i : peak; }
        // A limit on the flank of a neighbour is a minimum; one on a plateau stays where it is.
        var from = rate[f.From] > 0.05 * rate[peak] ? Lowest(rate, Between(f.From - reach), Math.Min(peak - 1, Between(f.From + reach))) : f.From;
        var to = rate[f.To] > 0.05 * rate[peak] ? Lowest(rate, Math.Max(peak + 1, Between(f.To - reach)), Between(f.To + reach)) : f.To;
        return new(Math.Min(from, peak - 1), peak, Math.Max(to, peak + 1), f.Sign);
    }

    private static int Lowest(double[] y, int from, int to)
    {
        var at = from;
        for (var i = from; i <= to; i++) { at = y[i] < y[at] ? i : at; }
        return at;
    }

    private static double Between(double[] x, double[] y, double at)
    {
        var i = Array.BinarySearch(x, at);
        if (i >= 0) { return y[i]; }
        i = ~i;
        return i <= 0 || i >= x.Length ? 0 : y[i - 1] + ((y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]));
    }
}
