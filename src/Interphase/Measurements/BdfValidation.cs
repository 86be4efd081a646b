namespace Interphase.Measurements;

/// <summary>One thing wrong with a BDF file.</summary>
/// <param name="Rule">The rule it breaks, camelCase.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="FirstRow">The first row concerned, from 1, the header not counted; 0 where it concerns the header.</param>
/// <param name="Count">How many rows or columns it concerns.</param>
/// <param name="IsAdvice">True where the file is valid but should be better.</param>
public sealed record BdfProblem(string Rule, string Message, int FirstRow, int Count, bool IsAdvice = false);

/// <summary>
/// The rules of the Battery Data Format: required columns, known and current names, numbers, time that does not run backwards
/// and is in seconds, counters that count, identities between capacities, records that agree with the wall clock.
/// </summary>
public static class BdfValidation
{
    private const double Relative = 1e-6, TenYears = 10 * 365.25 * 86400;

    /// <summary>Checks a file; an empty list is a valid file.</summary>
    public static IReadOnlyList<BdfProblem> Check(BdfTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var problems = new List<BdfProblem>();
        Header(table, problems);
        if (table.Rows == 0) { problems.Add(new("rows", "the file has no rows", 0, 0)); return problems; }
        if (table.ShortRows > 0) { problems.Add(new("raggedRow", $"{table.ShortRows} rows have fewer cells than the header", 1, table.ShortRows)); }
        if (table.MayBeCutOff) { problems.Add(new("lastRow", "no line end follows the last row and its last number is shorter than the one above: the file may be cut off there", table.Rows, 1, IsAdvice: true)); }
        Numbers(table, problems);
        Time(table, problems);
        Counters(table, problems);
        Identities(table, problems);
        return problems;
    }

    private static void Header(BdfTable t, List<BdfProblem> problems)
    {
        foreach (var column in BdfColumns.All.Where(c => c.IsRequired && t.IndexOf(c.Notation) < 0))
        {
            problems.Add(new("requiredColumn", $"the column '{column.Label}' is missing", 0, 1));
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var header in t.Headers)
        {
            var column = BdfColumns.Find(header);
            if (BdfColumns.Deprecated.TryGetValue(header, out var now))
            {
                var isStep = now.Notation == "step_id";
                var records = isStep && CountsRecords(t, header);
                var label = records ? "Step Record Index / 1" : BdfColumns.Find(now.Notation)!.Label;
                problems.Add(new("deprecatedName", $"'{header}' is a name of an earlier version{(records ? ": its numbers count the records of a step" : isStep ? ": its numbers are those of program steps" : "")}; use '{label}'", 0, 1, IsAdvice: true));
            }
            else if (column is null)
            {
                problems.Add(new("unknownColumn", $"'{header}' is no BDF label", 0, 1, IsAdvice: true));
            }
            if (column is not null && !seen.Add(column.Notation)) { problems.Add(new("duplicateColumn", $"'{column.Label}' stands twice", 0, 1)); }
        }
        if (t.WidestRow > t.Headers.Count) { problems.Add(new("raggedRow", $"a row has {t.WidestRow} cells under {t.Headers.Count} headers", 1, 1)); }
    }

    /// <summary>True where a column begins at 1 in each run and rises by one a row: it numbers records.</summary>
    internal static bool CountsRecords(BdfTable t, string header)
    {
        var i = t.Headers.ToList().FindIndex(h => h == header);
        if (i < 0 || t.Rows < 3) { return false; }
        var v = t.Columns[i];
        var rising = 0;
        for (var r = 1; r < t.Rows; r++)
        {
            if (v[r] == v[r - 1] + 1) { rising++; }
            else if (v[r] != 1) { return false; }
        }
        return rising * 2 > t.Rows;
    }

    private static void Numbers(BdfTable t, List<BdfProblem> problems)
    {
        for (var i = 0; i < t.Headers.Count; i++)
        {
            var column = BdfColumns.Find(t.Headers[i]);
            if (column?.Notation == "step_type") { continue; }
            if (t.Unreadable[i] > 0) { problems.Add(new("notANumber", $"cells of '{t.Headers[i]}' are no numbers", t.FirstUnreadable[i] + 1, t.Unreadable[i])); }
            if (column is not { IsRequired: true }) { continue; }
            var empty = t.Columns[i].Count(double.IsNaN) - t.Unreadable[i];
            if (empty > 0) { problems.Add(new("missingValue", $"cells of '{t.Headers[i]}' are empty", Array.FindIndex(t.Columns[i], double.IsNaN) + 1, empty)); }
        }
    }

    private static void Time(BdfTable t, List<BdfProblem> problems)
    {
        if (t.Find("test_time_second") is not { } time) { return; }
        Add(problems, "timeBackwards", "time runs backwards", Rows(t.Rows, i => i > 0 && time[i] < time[i - 1]));
        if (MillisecondFactor(t) is { } reason) { problems.Add(new("timeUnit", $"the time is in milliseconds under a label of seconds: {reason}", 1, t.Rows)); }
        if (t.Find("unix_time_second") is { } unix && MillisecondFactor(t) is null)
        {
            // A whole second of slack: wall clocks are often recorded in whole seconds.
            Add(problems, "elapsedTime", "test time and wall clock do not advance alike", Rows(t.Rows, i => i > 0 && time[i] >= time[i - 1] && Math.Abs(unix[i] - unix[i - 1] - (time[i] - time[i - 1])) > 1.001 + (1e-3 * Math.Abs(time[i] - time[i - 1]))));
        }
    }

    /// <summary>Why the time must be in milliseconds; null where it need not be.</summary>
    internal static string? MillisecondFactor(BdfTable t)
    {
        if (t.Find("test_time_second") is not { } time || t.Rows < 2 || t.Headers.Any(h => BdfColumns.Deprecated.TryGetValue(h, out var d) && d is { Notation: "test_time_second" })) { return null; }
        var length = time[^1] - time[0];
        if (t.Find("unix_time_second") is { } unix && unix[^1] > unix[0] && length / (unix[^1] - unix[0]) is > 900 and < 1100)
        {
            return $"it advances {length / (unix[^1] - unix[0]):F0} times as fast as the wall clock";
        }
        if (t.Find("current_ampere") is { } current && (t.Find("charging_capacity_ah") ?? t.Find("cumulative_capacity_ah")) is { } capacity && t.Find("charging_capacity_ah") is not null)
        {
            double charge = 0;
            for (var i = 1; i < t.Rows; i++) { if (current[i] > 0 && time[i] > time[i - 1]) { charge += current[i] * (time[i] - time[i - 1]) / 3600; } }
            var ratio = charge / (capacity.Where(double.IsFinite).DefaultIfEmpty(0).Max() - capacity[0]);
            if (ratio is > 900 and < 1100) { return $"its current would charge {ratio:F0} times the capacity the file states"; }
        }
        return length > TenYears ? $"the test would last {length / 365.25 / 86400:F1} years" : null;
    }

    private static void Counters(BdfTable t, List<BdfProblem> problems)
    {
        if (t.Find("cycle_count") is { } cycle)
        {
            var fractional = Rows(t.Rows, i => double.IsFinite(cycle[i]) && cycle[i] != Math.Round(cycle[i]));
            if (fractional.Count > 0)
            {
                var same = cycle.All(c => c == cycle[0]);
                problems.Add(new("cycleCount", same ? $"the cycle count is {cycle[0]:R} in every row{(Math.Abs(cycle[0] - (2 * Math.PI)) < 1e-6 ? " (2π)" : "")}, which counts nothing" : "the cycle count is no whole number", fractional.First + 1, fractional.Count));
            }
            Add(problems, "cycleCount", "the cycle count is negative", Rows(t.Rows, i => cycle[i] < 0));
            Add(problems, "cycleCount", "the cycle count falls", Rows(t.Rows, i => i > 0 && cycle[i] < cycle[i - 1]));
        }
        if (t.Find("step_count") is { } step)
        {
            Add(problems, "stepCount", "the step count neither stays nor rises by one", Rows(t.Rows, i => i > 0 && step[i] != step[i - 1] && step[i] != step[i - 1] + 1));
            if (t.Find("step_record_index") is { } record)
            {
                Add(problems, "stepRecordIndex", "the record number in the step does not begin at 1 and rise by one", Rows(t.Rows, i => i == 0 || step[i] != step[i - 1] ? record[i] != 1 : record[i] != record[i - 1] + 1));
            }
        }
        if (t.Find("record_index") is { } index)
        {
            Add(problems, "recordIndex", "the record number does not rise", Rows(t.Rows, i => i > 0 && index[i] <= index[i - 1]));
        }
    }

    private static void Identities(BdfTable t, List<BdfProblem> problems)
    {
        foreach (var (prefix, reset) in new[] { ("", ""), ("step_", "step_count"), ("cycle_", "cycle_count") })
        {
            foreach (var quantity in (string[])["capacity_ah", "energy_wh"])
            {
                var (charging, discharging) = (t.Find($"{prefix}charging_{quantity}"), t.Find($"{prefix}discharging_{quantity}"));
                var (net, sum) = (t.Find($"{prefix}net_{quantity}"), t.Find($"{prefix}cumulative_{quantity}"));
                if (charging is not null && discharging is not null)
                {
                    if (net is not null) { Add(problems, "identity", $"{prefix}net_{quantity} is not charging − discharging", Rows(t.Rows, i => Differs(net[i], charging[i] - discharging[i], charging[i] + discharging[i]))); }
                    if (sum is not null) { Add(problems, "identity", $"{prefix}cumulative_{quantity} is not charging + discharging", Rows(t.Rows, i => Differs(sum[i], charging[i] + discharging[i], charging[i] + discharging[i]))); }
                }
                foreach (var (values, name) in new[] { (charging, "charging"), (discharging, "discharging"), (sum, "cumulative") })
                {
                    if (values is null) { continue; }
                    Add(problems, "negativeCapacity", $"{prefix}{name}_{quantity} is negative", Rows(t.Rows, i => values[i] < 0));
                    var counter = reset.Length == 0 ? null : t.Find(reset);
                    if (reset.Length > 0 && counter is null) { continue; }
                    Add(problems, "accumulator", $"{prefix}{name}_{quantity} falls{(reset.Length > 0 ? $" although {reset} stays" : ", though it is never to be reset")}",
                        Rows(t.Rows, i => i > 0 && values[i] < values[i - 1] - (Relative * Math.Abs(values[i - 1])) && (counter is null || counter[i] == counter[i - 1])));
                }
            }
        }
    }

    private static bool Differs(double a, double b, double scale) => double.IsFinite(a) && double.IsFinite(b) && Math.Abs(a - b) > (Relative * Math.Max(Math.Abs(scale), Math.Abs(a))) + 1e-12;

    private static (int First, int Count) Rows(int rows, Func<int, bool> isWrong)
    {
        var (first, count) = (-1, 0);
        for (var i = 0; i < rows; i++)
        {
            if (isWrong(i) && count++ == 0) { first = i; }
        }
        return (first, count);
    }

    private static void Add(List<BdfProblem> problems, string rule, string message, (int First, int Count) rows)
    {
        if (rows.Count > 0) { problems.Add(new(rule, message, rows.First + 1, rows.Count)); }
    }
}
