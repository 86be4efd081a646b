using Interphase.Measurements;

namespace Interphase.Voltammetry;

/// <summary>A stretch of rows over which the potential moves one way.</summary>
/// <param name="First">First row.</param>
/// <param name="Last">Last row.</param>
/// <param name="Direction">+1 anodic (rising potential), −1 cathodic.</param>
/// <param name="ScanRate">V/s, positive.</param>
/// <param name="RampError">Root mean square distance of the potential from that line, V.</param>
/// <param name="Charge">∫ I dt, C, signed.</param>
public sealed record Sweep(int First, int Last, int Direction, double ScanRate, double RampError, double Charge)
{
    private const double StraightRamp = 5e-3;

    /// <summary>V/s; a held potential drifts by less.</summary>
    private const double LeastRate = 1e-6;

    /// <summary>Sweeps between the turning points of the potential; stretches that hardly move (rests, holds) belong to none.</summary>
    internal static List<Sweep> Of(TimeSeries series)
    {
        var e = series.Potential;
        var rows = new List<int>();
        for (var i = 0; i < series.Count; i++) { if (double.IsFinite(e[i]) && double.IsFinite(series.Current[i])) { rows.Add(i); } }
        if (rows.Count < 10) { return []; }
        var (low, high) = (rows.Min(i => series.Potential[i]), rows.Max(i => series.Potential[i]));
        var window = high - low;
        if (!(window > 1e-3)) { return []; }
        // A turn counts once the potential has come back by 3 % of the window, so that noise and staircases make none.
        var turns = new List<int> { rows[0] };
        var (extreme, direction) = (rows[0], 0);
        foreach (var i in rows)
        {
            if (direction == 0)
            {
                if (Math.Abs(e[i] - e[rows[0]]) > 0.03 * window) { direction = Math.Sign(e[i] - e[rows[0]]); extreme = i; }
                continue;
            }
            if (direction * (e[i] - e[extreme]) >= 0) { extreme = i; }
            else if (direction * (e[extreme] - e[i]) > 0.03 * window)
            {
                turns.Add(extreme);
                direction = -direction;
                extreme = i;
            }
        }
        turns.Add(direction == 0 ? rows[^1] : extreme);
        var sweeps = new List<Sweep>();
        for (var k = 1; k < turns.Count; k++)
        {
            var (first, last) = Trim(series, turns[k - 1], turns[k], window);
            if (last - first < 8 || Math.Abs(e[last] - e[first]) < 0.05 * window) { continue; }
            var sign = Math.Sign(e[last] - e[first]);
            var (rate, error) = Rate(series, first, last);
            sweeps.Add(new(first, last, sign, rate, error, Integral(series, first, last)));
        }
        return sweeps;
    }

    /// <summary>
    /// True where at least a quarter of the way of all sweeps lies on straight ramps. The potential of a charge or of a rest strays
    /// from a line by 1 to 30 % of its span, that of a potentiostat by less than 0.05 % while it has control.
    /// </summary>
    internal static bool AreRamps(TimeSeries series, List<Sweep> sweeps)
    {
        double Span(Sweep s) => Math.Abs(series.Potential[s.Last] - series.Potential[s.First]);
        return sweeps.Where(s => s.RampError < StraightRamp * Span(s) && s.ScanRate > LeastRate).Sum(Span) >= 0.25 * sweeps.Sum(Span);
    }

    /// <summary>Leaves out a hold at either end.</summary>
    private static (int, int) Trim(TimeSeries s, int first, int last, double window)
    {
        while (first < last && Math.Abs(s.Potential[first + 1] - s.Potential[first]) < 1e-5 * window && Math.Abs(s.Potential[Math.Min(last, first + 10)] - s.Potential[first]) < 2e-3 * window) { first++; }
        while (last > first && Math.Abs(s.Potential[last] - s.Potential[last - 1]) < 1e-5 * window && Math.Abs(s.Potential[last] - s.Potential[Math.Max(first, last - 10)]) < 2e-3 * window) { last--; }
        return (first, last);
    }

    /// <summary>Least-squares slope of the potential over the middle nine tenths, and what it leaves.</summary>
    private static (double Rate, double Error) Rate(TimeSeries s, int first, int last)
    {
        var cut = (last - first) / 20;
        double n = 0, mt = 0, me = 0, stt = 0, ste = 0, see = 0;
        for (var i = first + cut; i <= last - cut; i++) { if (double.IsFinite(s.Potential[i])) { n++; mt += s.Time[i]; me += s.Potential[i]; } }
        (mt, me) = (mt / n, me / n);
        for (var i = first + cut; i <= last - cut; i++)
        {
            if (!double.IsFinite(s.Potential[i])) { continue; }
            stt += Math.Pow(s.Time[i] - mt, 2);
            ste += (s.Time[i] - mt) * (s.Potential[i] - me);
            see += Math.Pow(s.Potential[i] - me, 2);
        }
        return stt > 0 ? (Math.Abs(ste / stt), Math.Sqrt(Math.Max(0, see - (ste * ste / stt)) / n)) : (double.NaN, double.NaN);
    }

    private static double Integral(TimeSeries s, int first, int last)
    {
        double q = 0;
        for (var i = first + 1; i <= last; i++)
        {
            var dt = s.Time[i] - s.Time[i - 1];
            if (dt > 0 && double.IsFinite(s.Current[i]) && double.IsFinite(s.Current[i - 1])) { q += 0.5 * (s.Current[i] + s.Current[i - 1]) * dt; }
        }
        return q;
    }
}
