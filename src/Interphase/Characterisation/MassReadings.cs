using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>
/// Steps read off a mass curve without a model, as ISO 11358-1 has it: a step lies between minima of the derivative, its change is the difference of
/// the mass there, and onset and end are where the tangent at the fastest change meets those masses.
/// </summary>
/// <remarks>
/// Each step is read on a curve smoothed as far as the top of its derivative is sharp. Local parabolas flatten a step: what a second smoothing takes off is added back
/// (twicing; Tukey, Exploratory Data Analysis, 1977), which leaves an error of the next order. Repeats of the reading on such a curve plus its own residuals
/// in another order give the standard errors, and the bias that is taken off (the steepest of many noisy slopes is too steep, and a sharp top is flattened
/// still) with two fifths of it as error.
/// Beyond its outer limits a step dies away unseen: with the rate r there and the kelvins s in which it falls by e, that leaves r·s for exponential and
/// 0.8 r·s for Gaussian flanks (s from where the rate is ten times as large); 0.9 r·s is added, with a third of it as error.
/// </remarks>
internal static class MassReadings
{
    private const double HalfWidth = 6, LeastHalfWidth = 3, MostHalfWidth = 15, LeastChange = 5e-3;

    /// <summary>What balances drift, 0.3 % of the mass in 100 K, as a fraction per K.</summary>
    public const double Drift = 3e-5;

    private const int Repeats = 60, MostSteps = 8;

    /// <summary>Part of r·s that dies away beyond an outer limit, and what is not known of it.</summary>
    private const double Tail = 0.9, TailDoubt = 0.3;

    /// <summary>How far smoothing reaches, as a part of how sharp a step is; the curve that repeats are made from is smoothed further by so much, and a part of its bias is not known.</summary>
    private const double Reach = 0.6, Further = 1.5, BiasDoubt = 0.4;

    /// <summary>What the noise of the bias that is taken off adds to the scatter of the repeats, which start from one curve: measured on four made curves, not derived.</summary>
    private const double Correction = 1.1;

    /// <summary>
    /// The limits and the place of the fastest change of one step, by index, its sign (−1 for a loss), and the kelvins in which it dies away beyond a
    /// limit on a plateau; zero where a neighbour limits it.
    /// </summary>
    private readonly record struct Found(int From, int Peak, int To, int Sign, double Before, double After);

    /// <summary>Mass and derivative, smoothed over ±<paramref name="half"/> K without flattening the step.</summary>
    private static (double[] Value, double[] Slope) Smooth(double[] temperature, double[] mass, double half)
    {
        var (value, slope, _) = SavitzkyGolay.Fit(temperature, mass, half);
        var more = SavitzkyGolay.Fit(temperature, [.. mass.Zip(value, (m, v) => m - v)], half).Value;
        // The slope of a parabola is the derivative seen through one more smoothing, which its own integral shows.
        var integral = new double[slope.Length];
        for (var i = 1; i < slope.Length; i++) { integral[i] = integral[i - 1] + (0.5 * (slope[i] + slope[i - 1]) * (temperature[i] - temperature[i - 1])); }
        var flatter = SavitzkyGolay.Fit(temperature, integral, half).First;
        return ([.. value.Zip(more, (a, b) => a + b)], [.. slope.Zip(flatter, (a, b) => (2 * a) - b)]);
    }

    /// <summary>The steps, in order of temperature, and the temperatures (K) of changes that the run cuts.</summary>
    public static (IReadOnlyList<MassStep> Steps, IReadOnlyList<double> Cut) Of(double[] temperature, double[] mass)
    {
        var (coarse, coarseSlope, _) = SavitzkyGolay.Fit(temperature, mass, HalfWidth);
        var ends = (First: temperature.Length - 1, Last: 0);
        var broad = SavitzkyGolay.Fit(temperature, mass, 2 * HalfWidth).First;
        var (steps, cut) = (new List<MassStep>(), new List<double>());
        foreach (var seen in Steps(temperature, coarseSlope, coarse, broad, SlopeNoise(temperature, mass, coarse)))
        {
            var half = Math.Clamp(Reach * Sharpness(temperature, coarseSlope, seen), LeastHalfWidth, MostHalfWidth);
            var reach = (int)(HalfWidth * mass.Length / (temperature[^1] - temperature[0]));
            var (value, slope) = Smooth(temperature, mass, half);
            var f = Near(slope, seen, reach);
            var at = Read(temperature, value, slope, f);
            ends = (Math.Min(ends.First, f.From), Math.Max(ends.Last, f.To));
            var isCut = f.From == 0 || f.To == temperature.Length - 1;
            if (isCut || at[2] - at[0] > 200) { cut.Add(temperature[f.Peak]); continue; }
            var (truth, repeated) = Repeated(temperature, mass, value, seen, half, reach);
            double[] mean = [.. at.Select((_, k) => repeated.Average(r => r[k]))];
            double Spread(int k) => Correction * Math.Sqrt(repeated.Sum(r => (r[k] - mean[k]) * (r[k] - mean[k])) / (Repeats - 1));
            double Bias(int k) => mean[k] - truth[k];
            if (!(Spread(1) < 0.25 * (at[2] - at[0])) || !(Math.Abs(at[3]) > 4 * Spread(3))) { cut.Add(temperature[f.Peak]); continue; }
            // What is not known of a tail moves what is read by it too.
            var doubtful = new[] { -1, 1 }.Select(side => Read(temperature, value, slope, f, side * TailDoubt)).ToArray();
            Estimate With(int k) => Estimate.Of(at[k] - Bias(k), Math.Sqrt((Spread(k) * Spread(k)) + Math.Pow(BiasDoubt * Bias(k), 2) + Math.Pow(0.5 * (doubtful[1][k] - doubtful[0][k]), 2)));
            var (from, to, change, sign) = (f.From, f.To, at[3], f.Sign);
            steps.Add(new(With(3), With(0), With(1), With(2), With(4), at[5], t => t < temperature[from] || t > temperature[to] ? 0 : Math.Max(0, sign * Between(temperature, slope, t) / Math.Abs(change))) { Uncorrected = value[to] - value[from] });
        }
        // What the run cuts has no fastest change: the mass moves after the last step, or before the first.
        double Moved(int from, int to) => Math.Abs(Level(temperature, mass, temperature[to]) - Level(temperature, mass, temperature[from])) - (Drift * (temperature[to] - temperature[from]));
        if (Moved(ends.Last, temperature.Length - 1) > LeastChange) { cut.Add(temperature[^1]); }
        if (ends.Last > 0 && Moved(0, ends.First) > LeastChange) { cut.Add(temperature[0]); }
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

    private static List<Found> Steps(double[] temperature, double[] slope, double[] value, double[] broad, double noise)
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
                // A plateau begins where the derivative over twice the temperatures, whose noise is a third, has come to the floor.
                double Rate(int i) => Math.Max(rate[i], sign * broad[i]);
                while (from > left && Rate(from) > floor) { from--; }
                while (to < right && Rate(to) > floor) { to++; }
                if (Math.Abs(value[to] - value[from]) > LeastChange) 
                {
                    found.Add(new(from, tops[k], to, sign, k == 0 || from > left ? Decay(temperature, broad, from, tops[k]) : 0, k == tops.Count - 1 || to < right ? Decay(temperature, broad, to, tops[k]) : 0));
                }
            }
        }
        return [.. found.OrderByDescending(f => Math.Abs(value[f.To] - value[f.From])).Take(MostSteps).OrderBy(f => temperature[f.Peak])];
    }

    /// <summary>Kelvins in which the derivative falls by e towards a limit on a plateau, from where it is ten times as large; at most what a step's width allows.</summary>
    private static double Decay(double[] temperature, double[] broad, int limit, int peak)
    {
        var (i, towards) = (limit, Math.Sign(peak - limit));
        var least = Math.Max(Math.Abs(broad[limit]), 0.003 * Math.Abs(broad[peak]));
        while (i != peak && Math.Abs(broad[i]) < 10 * least) { i += towards; }
        var fall = Math.Log(Math.Abs(broad[i]) / least);
        return Math.Min(fall > 0 ? Math.Abs(temperature[i] - temperature[limit]) / fall : 0, 0.5 * Math.Abs(temperature[peak] - temperature[limit])) + 1e-3;
    }

    /// <summary>Onset, peak, end, change, T99 and T1 of a step on a smoothed curve, the tails beyond its limits larger by <paramref name="doubt"/> of r·s than is likely.</summary>
    private static double[] Read(double[] temperature, double[] value, double[] slope, Found f, double doubt = 0)
    {
        var i = f.Peak;
        var (a, b) = (slope[i - 1] - (2 * slope[i]) + slope[i + 1], 0.5 * (slope[i + 1] - slope[i - 1]));
        var shift = Math.Abs(a) > 0 ? Math.Clamp(-b / a, -1, 1) : 0;
        var peak = temperature[i] + (shift * 0.5 * (temperature[i + 1] - temperature[i - 1]));
        var (rate, mass) = (slope[i], value[i] + (slope[i] * (peak - temperature[i])));
        var (before, after) = (value[f.From] - ((Tail + doubt) * f.Before * slope[f.From]), value[f.To] + ((Tail + doubt) * f.After * slope[f.To]));
        var change = after - before;
        // Beyond the limits the rest dies away exponentially.
        double Reached(double part)
        {
            var level = before + (part * change);
            var sign = Math.Sign(change);
            if ((value[f.From] - level) * sign > 0) { return temperature[f.From] - (f.Before * Math.Log((value[f.From] - before) / (level - before))); }
            if ((value[f.To] - level) * sign < 0) { return temperature[f.To] + (f.After * Math.Log((after - value[f.To]) / (after - level))); }
            var k = f.From;
            while (k < f.To - 1 && (value[k + 1] - level) * sign <= 0) { k++; }
            return temperature[k] + ((temperature[k + 1] - temperature[k]) * (level - value[k]) / (value[k + 1] - value[k]));
        }

        return [peak + ((before - mass) / rate), peak, peak + ((after - mass) / rate), change, Reached(0.99), Reached(0.01)];
    }

    /// <summary>The standard deviation (K) of a Gaussian as sharp as the top of the derivative on its steeper side, which comes to 0.7 of its height at 0.84 of that.</summary>
    private static double Sharpness(double[] temperature, double[] slope, Found f)
    {
        double Falls(int direction)
        {
            var i = f.Peak;
            while (i > 0 && i < slope.Length - 1 && slope[i] / slope[f.Peak] > 0.7) { i += direction; }
            return Math.Abs(temperature[i] - temperature[f.Peak]);
        }

        return Math.Min(Falls(-1), Falls(1)) / 0.84;
    }

    /// <summary>
    /// What a curve like this one says without noise, and readings of it with noise: residuals in another order, larger by what they last (smoothing takes
    /// less from noise that lasts) and by what the smoothed curve took of them.
    /// </summary>
    private static (double[] Truth, List<double[]> Repeated) Repeated(double[] temperature, double[] mass, double[] value, Found f, double half, int reach)
    {
        var n = mass.Length;
        var slope = Smooth(temperature, mass, Further * half).Slope;
        var curve = new double[n];
        curve[0] = value[0];
        for (var i = 1; i < n; i++) { curve[i] = curve[i - 1] + (0.5 * (slope[i] + slope[i - 1]) * (temperature[i] - temperature[i - 1])); }
        double[] residual = [.. mass.Zip(value, (m, v) => m - v)];
        var random = new Random(11358);
        double[] white = [.. temperature.Select(_ => random.NextDouble() - 0.5)];
        var left = white.Zip(Smooth(temperature, white, half).Value, (a, b) => a - b).Sum(d => d * d) / white.Sum(d => d * d);
        var larger = Math.Sqrt(ThermalRun.Correlation(residual) / left);
        var all = new List<double[]>();
        for (var r = 0; r < Repeats; r++)
        {
            var y = Array.ConvertAll(curve, v => v + (larger * residual[random.Next(n)]));
            var (v, s) = Smooth(temperature, y, half);
            all.Add(Read(temperature, v, s, Near(s, f, reach)));
        }
        return (Read(temperature, curve, slope, Near(slope, f, reach)), all);
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
        var from = f.Before == 0 ? Lowest(rate, Between(f.From - reach), Math.Min(peak - 1, Between(f.From + reach))) : f.From;
        var to = f.After == 0 ? Lowest(rate, Math.Max(peak + 1, Between(f.To - reach)), Between(f.To + reach)) : f.To;
        return f with { From = Math.Min(from, peak - 1), Peak = peak, To = Math.Max(to, peak + 1) };
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
