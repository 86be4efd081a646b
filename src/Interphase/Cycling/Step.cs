using Interphase.Measurements;

namespace Interphase.Cycling;

/// <summary>The direction of a step.</summary>
public enum StepKind
{
    /// <summary>No current.</summary>
    Rest,

    /// <summary>Positive current.</summary>
    Charge,

    /// <summary>Negative current.</summary>
    Discharge,
}

/// <summary>What was held constant.</summary>
public enum StepControl
{
    /// <summary>No current.</summary>
    OpenCircuit,

    /// <summary>The current, within 2 %.</summary>
    ConstantCurrent,

    /// <summary>The potential, within 10 mV, while the current changed.</summary>
    ConstantPotential,

    /// <summary>Neither.</summary>
    Varying,
}

/// <summary>A stretch of rows with one direction and one way of control, found from the data's current.</summary>
/// <param name="Index">From 0.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="LastRow">Last row.</param>
/// <param name="Kind">Direction.</param>
/// <param name="Control">What was held.</param>
/// <param name="Start">Time of the last row before it, s.</param>
/// <param name="Duration">s, from there to its last row.</param>
/// <param name="Charge">Signed charge, C.</param>
/// <param name="Energy">Signed energy, J.</param>
/// <param name="Current">Charge-weighted median current, A.</param>
/// <param name="EndPotential">Potential of its last row, V.</param>
/// <param name="VendorStep">The instrument's own step counter at its first row; NaN where there is none.</param>
public sealed record Step(int Index, int FirstRow, int LastRow, StepKind Kind, StepControl Control, double Start, double Duration,
    double Charge, double Energy, double Current, double EndPotential, double VendorStep)
{
    /// <summary>Steps of a series, in order.</summary>
    /// <param name="series">Needs time, current and potential.</param>
    /// <param name="restCurrent">Current below which the cell rests, A; null: found from the data.</param>
    /// <exception cref="InputException">A column is missing.</exception>
    public static IReadOnlyList<Step> Of(TimeSeries series, double? restCurrent = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Of(series, ChargeLedger.Of(series, restCurrent));
    }

    internal static IReadOnlyList<Step> Of(TimeSeries series, ChargeLedger ledger)
    {
        var steps = new List<Step>();
        for (var from = 0; from < series.Count;)
        {
            var to = from + 1;
            while (to < series.Count && ledger.Sign[to] == ledger.Sign[from]) { to++; }
            // A single resting row between two rows of one direction, or at zero length, is a record of the switch, not a step.
            var isSwitch = ledger.Sign[from] == 0 && to - from == 1 && to < series.Count && from > 0 && series.Time[to] - series.Time[from - 1] <= 0;
            if (!isSwitch)
            {
                foreach (var (a, b, control) in Controls(series, ledger, from, to)) { steps.Add(Make(series, ledger, steps.Count, a, b, control)); }
            }
            from = to;
        }
        return steps;
    }

    private static Step Make(TimeSeries series, ChargeLedger ledger, int index, int from, int to, StepControl control)
    {
        double charge = 0, energy = 0;
        for (var i = from; i < to; i++) { charge += ledger.Charge[i]; energy += ledger.Energy[i]; }
        var start = series.Time[Math.Max(0, from - 1)];
        return new(index, from, to - 1, ledger.Sign[from] switch { > 0 => StepKind.Charge, < 0 => StepKind.Discharge, _ => StepKind.Rest }, control,
            start, series.Time[to - 1] - start, charge, energy, ledger.Sign[from] == 0 ? 0 : MedianCurrent(series, ledger, from, to), series.Potential[to - 1],
            series.Find(ColumnNames.Step)?.Values[from] ?? series.Find(ColumnNames.ProgramStep)?.Values[from] ?? double.NaN);
    }

    /// <summary>The current at which half of the charge had passed when rows are ordered by current: the constant current of a CC–CV step.</summary>
    internal static double MedianCurrent(TimeSeries series, ChargeLedger ledger, int from, int to)
    {
        var current = series.Current;
        var rows = new (double Current, double Charge)[to - from];
        double total = 0;
        for (var i = from; i < to; i++)
        {
            rows[i - from] = (current[i], Math.Abs(ledger.Charge[i]));
            total += Math.Abs(ledger.Charge[i]);
        }
        if (rows.Length == 0) { return double.NaN; }
        Array.Sort(rows, (a, b) => a.Current.CompareTo(b.Current));
        if (total <= 0) { return rows[rows.Length / 2].Current; }
        double passed = 0;
        foreach (var (i, q) in rows)
        {
            passed += q;
            if (passed >= 0.5 * total) { return i; }
        }
        return rows[^1].Current;
    }

    private static List<(int From, int To, StepControl Control)> Controls(TimeSeries series, ChargeLedger ledger, int from, int to)
    {
        if (ledger.Sign[from] == 0) { return [(from, to, StepControl.OpenCircuit)]; }
        var current = series.Current;
        var runs = new List<(int From, int To, bool Constant)>();
        for (var a = from; a < to;)
        {
            var b = a + 1;
            var level = current[a];
            while (b < to && Math.Abs(current[b] - level) <= 0.02 * Math.Abs(level)) { b++; }
            var constant = b - a >= 4 || (a == from && b == to);
            if (runs.Count > 0 && !constant && !runs[^1].Constant) { runs[^1] = (runs[^1].From, b, false); }
            else { runs.Add((a, b, constant)); }
            a = b;
        }
        // One to three odd rows are the instrument settling, not a step.
        for (var r = 0; r < runs.Count && runs.Count > 1;)
        {
            var (a, b, constant) = runs[r];
            if (constant || b - a > 3) { r++; continue; }
            if (r + 1 < runs.Count) { runs[r + 1] = (a, runs[r + 1].To, runs[r + 1].Constant); }
            else { runs[r - 1] = (runs[r - 1].From, b, runs[r - 1].Constant); }
            runs.RemoveAt(r);
        }
        var steps = new List<(int, int, StepControl)>();
        foreach (var (a, b, constant) in runs)
        {
            var control = constant ? StepControl.ConstantCurrent : IsHeld(series.Potential[a..b]) ? StepControl.ConstantPotential : StepControl.Varying;
            // A slow taper falls apart into short constant stretches; at a held potential they are one step.
            if (steps.Count > 0 && steps[^1].Item3 == StepControl.ConstantPotential && control != StepControl.Varying && IsHeld(series.Potential[steps[^1].Item1..b]))
            {
                steps[^1] = (steps[^1].Item1, b, StepControl.ConstantPotential);
            }
            else { steps.Add((a, b, control)); }
        }
        return steps;
    }

    private static bool IsHeld(ReadOnlySpan<double> potential)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var e in potential) { low = Math.Min(low, e); high = Math.Max(high, e); }
        return high - low <= 0.010;
    }
}
