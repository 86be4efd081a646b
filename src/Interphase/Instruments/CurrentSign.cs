using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Whether a table counts charging as positive. Where it holds accumulators of charge and of discharge they decide: current is turned
/// where it is positive while discharge accumulates, and called unsigned where it is positive in both directions. Where the potential
/// rises with the discharge and falls with the charge, the accumulators are exchanged and the current stays.
/// </summary>
internal static class CurrentSign
{
    private const int FewestRows = 10;

    /// <summary>The share of rows that must agree; a row at the end of a step may belong to either side.</summary>
    private const double Most = 0.9;

    public static void Decide(List<Column> columns, List<Warning> warnings)
    {
        var at = columns.FindIndex(c => c.Name == ColumnNames.Current);
        if (at < 0 || columns.Find(c => c.Name == ColumnNames.ChargeCapacity)?.Values is not { } charge || columns.Find(c => c.Name == ColumnNames.DischargeCapacity)?.Values is not { } discharge) { return; }
        var current = columns[at].Values;
        var potential = columns.Find(c => c.Name == ColumnNames.Potential)?.Values;
        var (right, wrong, signed) = (0, 0, false);
        var (with, against) = (0, 0);
        for (var i = 1; i < current.Length; i++)
        {
            signed |= current[i] < 0;
            var (charged, discharged) = (charge[i] - charge[i - 1], discharge[i] - discharge[i - 1]);
            if (current[i] == 0 || !((charged > 0 && discharged == 0) || (discharged > 0 && charged == 0))) { continue; }
            if (current[i] > 0 == charged > 0) { right++; } else { wrong++; }
            if (potential is null || potential[i] == potential[i - 1] || !double.IsFinite(potential[i] - potential[i - 1])) { continue; }
            if (potential[i] > potential[i - 1] == charged > 0) { with++; } else { against++; }
        }
        if (wrong < FewestRows) { return; }
        if (!signed && right >= FewestRows)
        {
            columns[at] = columns[at] with { Name = "current without sign" };
            warnings.Add(new(ColumnNames.Current, "current is positive while charge accumulates and while discharge does: it is without sign; export it with one"));
        }
        else if (against >= Most * (with + against) && against >= FewestRows)
        {
            warnings.Add(new(ColumnNames.ChargeCapacity, "the charge capacity rises while the current discharges and the potential falls: the two capacity columns seem exchanged; the current is taken as it stands"));
        }
        else if (wrong >= Most * (right + wrong))
        {
            columns[at] = columns[at] with { Values = Array.ConvertAll(current, v => -v) };
            warnings.Add(new(ColumnNames.Current, "the table counts discharging current as positive (its discharge capacity rises there); the sign is turned, so that charging is positive"));
        }
    }
}
