using Interphase.Measurements;

namespace Interphase.Cycling;

/// <summary>An interval without records in which it is not known whether current flowed; no charge is counted over it.</summary>
/// <param name="Row">The row after it.</param>
/// <param name="Duration">s; negative where the clock jumped back.</param>
public readonly record struct Pause(int Row, double Duration);

/// <summary>
/// Charge and energy of each interval between rows: the trapezoid inside a step; where the direction changes the interval
/// belongs to the step of the later row, because cyclers record the end of a step and then the next one. Pauses are not bridged.
/// </summary>
internal sealed class ChargeLedger
{
    private ChargeLedger(int rows)
    {
        Sign = new int[rows];
        Charge = new double[rows];
        Energy = new double[rows];
        Doubt = new double[rows];
    }

    /// <summary>+1 charge, −1 discharge, 0 rest, by row.</summary>
    public int[] Sign { get; }

    /// <summary>Signed charge since the row before, C.</summary>
    public double[] Charge { get; }

    /// <summary>Signed energy since the row before, J.</summary>
    public double[] Energy { get; }

    /// <summary>Standard error of the charge since the row before: the switching time lies somewhere in the interval, or the current fell too fast for the rows, C.</summary>
    public double[] Doubt { get; }

    /// <summary>Current below which a row is at rest, A.</summary>
    public double RestCurrent { get; private set; }

    /// <summary>Intervals not bridged.</summary>
    public List<Pause> Pauses { get; } = [];

    public static ChargeLedger Of(TimeSeries series, double? restCurrent)
    {
        var t = series.Time;
        var current = series.Current;
        var potential = series.Potential;
        var stepTime = series.Find(ColumnNames.StepTime)?.Values;
        var counter = series.Find(ColumnNames.NetCharge)?.Values;
        var n = series.Count;
        var ledger = new ChargeLedger(n) { RestCurrent = restCurrent ?? RestLimit(current) };
        for (var i = 0; i < n; i++) { ledger.Sign[i] = !(Math.Abs(current[i]) > ledger.RestCurrent) ? 0 : Math.Sign(current[i]); }
        var longest = LongestGaps(t, ledger.Sign);
        for (var i = 1; i < n; i++)
        {
            var dt = t[i] - t[i - 1];
            if (!(dt > 0) || !double.IsFinite(current[i]) || !double.IsFinite(current[i - 1]))
            {
                if (dt < 0) { ledger.Pauses.Add(new(i, dt)); }
                continue;
            }
            var (a, b) = (ledger.Sign[i - 1], ledger.Sign[i]);
            if (a == b)
            {
                if (b == 0) { continue; }
                var charge = (IsJump(current, i) ? current[i] : 0.5 * (current[i] + current[i - 1])) * dt;
                // The instrument's own counter knows whether current flowed; without one, a gap far longer than the step's sampling is a pause.
                var flowed = counter is null ? double.NaN : Math.Abs(counter[i] - counter[i - 1]);
                if (dt > longest[i] && (double.IsNaN(flowed) || flowed < 0.5 * Math.Abs(charge))) { ledger.Pauses.Add(new(i, dt)); continue; }
                ledger.Book(i, charge, potential);
                var change = Math.Abs(current[i] - current[i - 1]);
                // A taper that falls by more than a tenth between two rows fell fast at first: anywhere from the later current to the trapezoid, which is one end of that.
                if (change > 0.1 * Math.Max(Math.Abs(current[i]), Math.Abs(current[i - 1])) && !IsJump(current, i)) { ledger.Doubt[i] = 0.5 * change * dt / Math.Sqrt(3); }
                continue;
            }
            var known = stepTime is not null && stepTime[i] >= 0 && stepTime[i] <= dt * (1 + 1e-9) && stepTime[i] < stepTime[i - 1];
            if (known)
            {
                ledger.Book(i, (b == 0 ? 0 : current[i] * Math.Min(stepTime![i], dt)) + (a == 0 ? 0 : current[i - 1] * Math.Max(0, dt - stepTime![i])), potential);
                continue;
            }
            var next = i + 1 < n && t[i + 1] > t[i] ? t[i + 1] - t[i] : dt;
            var own = Math.Min(dt, Math.Max(next, longest[i] / 20));
            if (b != 0) { ledger.Book(i, current[i] * own, potential); }
            ledger.Doubt[i] = Math.Max(Math.Abs(a == 0 ? 0 : current[i - 1]), Math.Abs(b == 0 ? 0 : current[i])) * own / Math.Sqrt(12);
        }
        return ledger;
    }

    /// <summary>Flat before and flat after: another step at another current, not a taper.</summary>
    private static bool IsJump(ReadOnlySpan<double> current, int row) =>
        !Near(current[row], current[row - 1], 0.02) && (row < 2 || Near(current[row - 1], current[row - 2], 0.005)) && (row + 1 >= current.Length || Near(current[row], current[row + 1], 0.005));

    private static bool Near(double a, double b, double share) => Math.Abs(a - b) <= share * Math.Max(Math.Abs(a), Math.Abs(b));

    private void Book(int row, double charge, ReadOnlySpan<double> potential)
    {
        Charge[row] = charge;
        var (e0, e1) = (potential[row - 1], potential[row]);
        // Across a switch the earlier potential is that of another current.
        var mean = Sign[row] == Sign[row - 1] && double.IsFinite(e0) ? 0.5 * (e0 + e1) : Sign[row] == 0 ? e0 : e1;
        Energy[row] = double.IsFinite(mean) ? charge * mean : 0;
    }

    /// <summary>Where the magnitudes of the current leave a gap between rest and the smallest real current; else 1/1000 of the largest.</summary>
    internal static double RestLimit(ReadOnlySpan<double> current)
    {
        var magnitudes = new List<double>(current.Length);
        foreach (var i in current) { if (double.IsFinite(i) && i != 0) { magnitudes.Add(Math.Abs(i)); } }
        if (magnitudes.Count == 0) { return double.Epsilon; }
        magnitudes.Sort();
        var largest = magnitudes[(int)((magnitudes.Count - 1) * 0.999)];
        var (best, limit) = (3.0, 1e-3 * largest);
        for (var i = 1; i < magnitudes.Count; i++)
        {
            var (lower, upper) = (Math.Max(magnitudes[i - 1], 1e-5 * largest), magnitudes[i]);
            if (upper <= 1e-5 * largest) { continue; }
            if (lower > 0.02 * largest) { break; }
            if (upper / lower > best) { (best, limit) = (upper / lower, Math.Sqrt(upper * lower)); }
        }
        return limit;
    }

    /// <summary>For each row the gap its run of one direction would call a pause: 20 times its 95th percentile, at least a minute.</summary>
    private static double[] LongestGaps(ReadOnlySpan<double> t, int[] sign)
    {
        var longest = new double[t.Length];
        for (var from = 0; from < t.Length;)
        {
            var to = from + 1;
            while (to < t.Length && sign[to] == sign[from]) { to++; }
            var gaps = new List<double>(to - from);
            for (var i = from + 1; i < to; i++) { if (t[i] > t[i - 1]) { gaps.Add(t[i] - t[i - 1]); } }
            gaps.Sort();
            var usual = gaps.Count < 8 ? double.PositiveInfinity : Math.Max(60, 20 * gaps[(int)(0.95 * (gaps.Count - 1))]);
            Array.Fill(longest, usual, from, to - from);
            from = to;
        }
        return longest;
    }
}
