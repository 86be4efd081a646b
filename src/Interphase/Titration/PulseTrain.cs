using Interphase.Cycling;
using Interphase.Measurements;

namespace Interphase.Titration;

/// <summary>A current pulse found in the data, with the rows of the rests around it.</summary>
internal sealed record FoundPulse(int RestFirst, int First, int Last, int RestLast, double Start, double End, double RestEnd, double Current, double ChargeBefore, double ChargeAfter)
{
    public double Duration => End - Start;

    public double Rest => RestEnd - End;
}

/// <summary>Pulses by the sign of the current, and the trains of like pulses that may be analysed together.</summary>
internal static class PulseTrain
{
    /// <summary>Pulses that have a rest before and after, in order.</summary>
    public static List<FoundPulse> Find(TimeSeries series, ChargeLedger ledger)
    {
        var t = series.Time;
        var current = series.Current;
        var stepTime = series.Find(ColumnNames.StepTime)?.Values;
        var runs = new List<(int Sign, int First, int Last)>();
        for (var i = 0; i < series.Count; i++)
        {
            if (runs.Count > 0 && runs[^1].Sign == ledger.Sign[i]) { runs[^1] = runs[^1] with { Last = i }; }
            else { runs.Add((ledger.Sign[i], i, i)); }
        }
        var pulses = new List<FoundPulse>();
        double charge = 0;
        var row = 0;
        for (var k = 0; k < runs.Count; k++)
        {
            var (sign, first, last) = runs[k];
            if (sign == 0) { continue; }
            if (k == 0 || runs[k - 1].Sign != 0) { continue; }
            for (; row < first; row++) { charge += ledger.Charge[row]; }
            var gap = t[first] - t[first - 1];
            var next = last > first ? t[first + 1] - t[first] : gap;
            var own = stepTime is not null && stepTime[first] >= 0 && stepTime[first] <= gap ? stepTime[first] : Math.Min(gap, 3 * Math.Max(next, 1e-3));
            var (start, end) = (t[first] - own, t[last]);
            double passed = 0;
            for (var i = first; i <= last; i++) { passed += ledger.Charge[i]; }
            var restLast = k + 1 < runs.Count && runs[k + 1].Sign == 0 ? runs[k + 1].Last : last;
            pulses.Add(new(runs[k - 1].First, first, last, restLast, start, end, t[restLast], Step.MedianCurrent(series, ledger, first, last + 1), charge, charge + passed));
        }
        return pulses;
    }

    /// <summary>Series of pulses that follow each other with one direction, length and current (5 %); a shortened last pulse stands alone.</summary>
    public static List<List<FoundPulse>> Trains(List<FoundPulse> pulses)
    {
        var trains = new List<List<FoundPulse>>();
        foreach (var p in pulses)
        {
            if (trains.Count > 0 && Alike(trains[^1][^1], p)) { trains[^1].Add(p); }
            else { trains.Add([p]); }
        }
        return trains;
    }

    private static bool Alike(FoundPulse a, FoundPulse b) =>
        a.Last < b.First && a.RestLast >= b.RestFirst && a.RestLast > a.Last && Math.Abs(a.Current - b.Current) <= 0.05 * Math.Abs(a.Current) && Math.Abs(a.Duration - b.Duration) <= (0.05 * a.Duration) + 1;
}
