using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Interphase.Files;
using Interphase.Results;

namespace Interphase.Measurements;

/// <summary>One repair, with what is needed to undo it.</summary>
/// <param name="Rule">The rule that was broken.</param>
/// <param name="Column">The column it touches, by its label in the repaired file (the old one where the column was removed).</param>
/// <param name="Action">What was done.</param>
/// <param name="Undo">For each stretch of rows: the first row (from 1), how many, and what stood there or what was added.</param>
public sealed record BdfRepairStep(string Rule, string Column, string Action, IReadOnlyList<BdfUndo> Undo);

/// <summary>How a stretch of rows is put back: value = (value − <paramref name="Added"/>) ÷ <paramref name="Factor"/>, or the <paramref name="Original"/> in each row.</summary>
public sealed record BdfUndo(int FirstRow, int Count, double Factor, double Added, double? Original);

/// <summary>Repairs what can be repaired without guessing, and records it so that it can be undone.</summary>
public static class BdfRepair
{
    /// <summary>The repaired table and the steps taken.</summary>
    public static (Bdf.Table Table, IReadOnlyList<BdfRepairStep> Steps) Repair(BdfTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var steps = new List<BdfRepairStep>();
        var columns = new List<(string Label, double[] Values)>();
        var milliseconds = BdfValidation.MillisecondFactor(table) is not null;
        for (var i = 0; i < table.Headers.Count; i++)
        {
            var header = table.Headers[i];
            var bdf = BdfColumns.Find(header);
            var values = (double[])table.Columns[i].Clone();
            if (bdf?.Notation == "step_type" || header.Length == 0) { continue; }
            if (bdf is not null && columns.Exists(c => c.Label == bdf.Label)) { steps.Add(new("duplicateColumn", header, "the second column of this quantity is removed", Runs(values))); continue; }
            var label = bdf?.Label ?? header;
            if (BdfColumns.Deprecated.TryGetValue(header, out var now))
            {
                if (now.Notation == "step_id" && BdfValidation.CountsRecords(table, header)) { label = "Step Record Index / 1"; }
                if (now.Factor != 1)
                {
                    for (var r = 0; r < values.Length; r++) { values[r] *= now.Factor; }
                }
                steps.Add(new("deprecatedName", label, $"renamed from '{header}'{(now.Factor != 1 ? " and converted" : "")}", [new(1, table.Rows, now.Factor, 0, null)]));
            }
            else if (label != header)
            {
                steps.Add(new("preferredLabel", label, $"renamed from '{header}'", []));
            }
            if (bdf?.Name == ColumnNames.Time)
            {
                if (milliseconds && now.Factor is 0 or 1)
                {
                    for (var r = 0; r < values.Length; r++) { values[r] /= 1000; }
                    steps.Add(new("timeUnit", label, "milliseconds divided by 1000", [new(1, table.Rows, 1e-3, 0, null)]));
                }
                RepairTime(values, label, steps);
            }
            if (bdf?.Name == ColumnNames.Cycle && values.Any(v => double.IsFinite(v) && v != Math.Round(v)))
            {
                steps.Add(new("cycleCount", header, "removed: it does not count cycles", Runs(table.Columns[i])));
                continue;
            }
            columns.Add((label, values));
        }
        var order = BdfColumns.All.Select((c, i) => (c.Label, i)).ToDictionary(p => p.Label, p => p.i);
        return (new([.. columns.OrderBy(c => order.GetValueOrDefault(c.Label, int.MaxValue))], []), steps);
    }

    /// <summary>Writes the repaired file, and the steps beside it with the hash of the file they were made from.</summary>
    /// <exception cref="InputException">A file cannot be written, or would overwrite its source.</exception>
    public static IReadOnlyList<BdfRepairStep> Write(BdfTable table, string output)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Path.GetFullPath(table.File) == Path.GetFullPath(output)) { throw new InputException("the repaired file would replace its source", output, "name another file"); }
        var (repaired, steps) = Repair(table);
        Bdf.Write(output, repaired);
        using var source = File.OpenRead(table.File);
        AtomicFile.WriteText(Bdf.MetadataPath(output), Json.Text(new JsonObject
        {
            ["repairedFrom"] = Path.GetFileName(table.File),
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(source)),
            ["repairs"] = Json.Of(steps),
        }) + "\n");
        return steps;
    }

    /// <summary>
    /// A single record that falls back to an earlier time and is followed by the old clock is a glitch: it takes the time of the
    /// record before it. A clock that falls back and stays is continued from where it was.
    /// </summary>
    private static void RepairTime(double[] time, string label, List<BdfRepairStep> steps)
    {
        var glitches = new List<BdfUndo>();
        var shifts = new List<BdfUndo>();
        double added = 0;
        var from = 0;
        for (var i = 1; i < time.Length; i++)
        {
            var raw = time[i];
            if (added != 0) { time[i] += added; }
            if (!(time[i] < time[i - 1])) { continue; }
            if (i + 1 == time.Length || time[i + 1] + added >= time[i - 1])
            {
                glitches.Add(new(i + 1, 1, 1, 0, raw));
                time[i] = time[i - 1];
                continue;
            }
            if (added != 0) { shifts.Add(new(from + 1, i - from, 1, added, null)); }
            added += time[i - 1] - time[i];
            from = i;
            time[i] = time[i - 1];
        }
        if (added != 0) { shifts.Add(new(from + 1, time.Length - from, 1, added, null)); }
        if (glitches.Count > 0) { steps.Add(new("timeBackwards", label, "single records that fall back take the time of the record before", glitches)); }
        if (shifts.Count > 0) { steps.Add(new("timeBackwards", label, "a clock that falls back and stays is continued from where it was", shifts)); }
    }

    private static List<BdfUndo> Runs(double[] values)
    {
        var runs = new List<BdfUndo>();
        for (var i = 0; i < values.Length;)
        {
            var end = i + 1;
            while (end < values.Length && values[end].Equals(values[i])) { end++; }
            runs.Add(new(i + 1, end - i, 1, 0, double.IsNaN(values[i]) ? null : values[i]));
            i = end;
        }
        return runs;
    }
}
