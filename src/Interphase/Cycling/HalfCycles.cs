using Interphase.Measurements;
using Interphase.Numerics;

namespace Interphase.Cycling;

/// <summary>
/// Halves of cycles from the signs of the current: rests do not part them, nor do pulses below 0.2 % of the largest half, unless they
/// cross the window of potentials: a dying cell does that with hardly any charge.
/// </summary>
internal static class HalfCycles
{
    private const double Negligible = 2e-3;

    /// <summary>Below this share of the largest half a wild reading is likelier than a cycle.</summary>
    private const double Nothing = 1e-5;

    /// <summary>Halves in order; positive net charge is a charge. Their row ranges touch, so the sum of their charges is the charge of the data.</summary>
    public static List<(int Sign, HalfCycle Half)> Of(TimeSeries series, ChargeLedger ledger)
    {
        var runs = Runs(ledger);
        if (runs.Count == 0) { return []; }
        var largest = runs.Max(r => Math.Abs(r.Charge));
        var window = Window(series, runs, largest);
        var merged = new List<(int Sign, int From, int To)>();
        for (var r = 0; r < runs.Count; r++)
        {
            var run = runs[r];
            var swing = r > 0 ? run.Sign * (series.Potential[run.To] - series.Potential[runs[r - 1].To]) : 0;
            if (Math.Abs(run.Charge) < Negligible * largest && !(swing > 0.5 * window && Math.Abs(run.Charge) > Nothing * largest))
            {
                if (merged.Count > 0) { merged[^1] = merged[^1] with { To = run.To }; }
            }
            else if (merged.Count > 0 && merged[^1].Sign == run.Sign) { merged[^1] = merged[^1] with { To = run.To }; }
            else { merged.Add((run.Sign, run.From, run.To)); }
        }
        return [.. merged.Select(m => (m.Sign, Make(series, ledger, m.Sign, m.From, m.To)))];
    }

    /// <summary>Between the usual ends of charges and discharges that are not small, V; infinite where one kind is missing.</summary>
    private static double Window(TimeSeries series, List<(int Sign, int From, int To, double Charge)> runs, double largest)
    {
        double[] Ends(int sign) => [.. runs.Where(r => r.Sign == sign && Math.Abs(r.Charge) >= Negligible * largest).Select(r => series.Potential[r.To]).Where(double.IsFinite)];
        var (up, down) = (Ends(+1), Ends(-1));
        var window = up.Length > 0 && down.Length > 0 ? Median.Of(up) - Median.Of(down) : double.NaN;
        return window > 0 ? window : double.PositiveInfinity;
    }

    private static List<(int Sign, int From, int To, double Charge)> Runs(ChargeLedger ledger)
    {
        var runs = new List<(int Sign, int From, int To, double Charge)>();
        for (var i = 0; i < ledger.Sign.Length; i++)
        {
            var s = ledger.Sign[i];
            if (s == 0) { continue; }
            if (runs.Count > 0 && runs[^1].Sign == s) { runs[^1] = runs[^1] with { To = i, Charge = runs[^1].Charge + ledger.Charge[i] }; }
            else { runs.Add((s, i, i, ledger.Charge[i])); }
        }
        return runs;
    }

    private static HalfCycle Make(TimeSeries series, ChargeLedger ledger, int sign, int from, int to)
    {
        double charge = 0, energy = 0, variance = 0;
        var q = new List<double>();
        var e = new List<double>();
        // The row after the last may close the half by a known step time.
        var end = Math.Min(to + 1, ledger.Sign.Length - 1);
        for (var i = from; i <= end; i++)
        {
            if (i > to && ledger.Sign[i] != 0) { break; }
            charge += ledger.Charge[i];
            energy += ledger.Energy[i];
            variance += ledger.Doubt[i] * ledger.Doubt[i];
            if (ledger.Sign[i] == sign && double.IsFinite(series.Potential[i]))
            {
                q.Add(sign * charge);
                e.Add(series.Potential[i]);
            }
        }
        var last = to;
        while (last > from && ledger.Sign[last] != sign) { last--; }
        return new(from, to, sign * charge, Math.Sqrt(variance), sign * energy, Step.MedianCurrent(series, ledger, from, to + 1), series.Potential[last], new([.. q], [.. e]));
    }
}
