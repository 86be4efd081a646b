using System.Text;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Neware exports (BTSDA csv and text, the sheet <c>record</c> of its xlsx, older software): flat, or in three levels (cycle, step
/// and record rows told apart by their empty cells); headers in English or Chinese.
/// </summary>
internal static class NewareText
{
    private const string Name = "neware-csv";

    public static readonly FileFormat Format = new(Name, "Neware csv, flat or in levels, English or Chinese", IsText: true, head => Kind(Heading(head)) != Form.None, Read);

    private enum Form { None, Flat, Layered }

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["time"] = (ColumnNames.StepTime, "s"), ["relativetime"] = (ColumnNames.StepTime, "s"), ["totaltime"] = (ColumnNames.Time, "s"), ["cumulativetime"] = (ColumnNames.Time, "s"),
        ["stepindex"] = (ColumnNames.ProgramStep, "1"), ["stepid"] = (ColumnNames.ProgramStep, "1"), ["step"] = (ColumnNames.ProgramStep, "1"), ["stepcount"] = (ColumnNames.Step, "1"), ["stepnumber"] = (ColumnNames.Step, "1"),
        ["cycleindex"] = (ColumnNames.Cycle, "1"), ["capacity"] = ("capacity", "A.h"), ["energy"] = ("energy", "W.h"), ["datapoint"] = ("record", "1"), ["recordid"] = ("record", "1"), ["recordindex"] = ("record", "1"),
        ["cur"] = (ColumnNames.Current, "A"), ["capacitancechg"] = (ColumnNames.ChargeCapacity, "A.h"), ["capacitancedchg"] = (ColumnNames.DischargeCapacity, "A.h"), ["engychg"] = (ColumnNames.ChargeEnergy, "W.h"),
        ["engydchg"] = (ColumnNames.DischargeEnergy, "W.h"), ["t1"] = (ColumnNames.Temperature, "degC"),
    };

    private static Form Kind(string[] lines)
    {
        static HashSet<string> Keys(string line) => line.Split(Separator(line)).Select(c => ColumnHeader.Key(c.Trim().Trim('"').Split('(')[0])).ToHashSet(StringComparer.Ordinal);
        if (lines.Length == 0 || lines[0].Length > 8192) { return Form.None; }
        var first = Keys(lines[0]);
        if (lines.Length > 2 && first.Contains("cycleindex") && !first.Contains("voltage") && lines[1].StartsWith(",Step Index", StringComparison.Ordinal) && lines[2].StartsWith(",,", StringComparison.Ordinal) && Keys(lines[2]).Contains("totaltime"))
        {
            return Form.Layered;
        }
        var electrical = first.Contains("voltage") && (first.Contains("current") || first.Contains("cur"));
        return electrical && (((first.Contains("totaltime") || first.Contains("cumulativetime")) && (first.Contains("steptype") || (first.Contains("cycleindex") && first.Contains("stepindex")))) || (first.Contains("recordid") && first.Contains("cycleid")) || (first.Contains("recordindex") && first.Contains("jumpto"))) ? Form.Flat : Form.None;
    }

    private static char Separator(string line) => line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';

    /// <summary>The first three lines in English.</summary>
    private static string[] Heading(FileHead head) => [.. (IsGbk(head.Bytes.Span) ? Gbk.GetString(head.Bytes.Span).Split('\n', 4) : head.Lines).Take(3).Select(l => NewareChinese.English(l.TrimEnd('\r')))];

    private static Measurement Read(FileContent file)
    {
        var head = TextTable.HeadOf(file);
        var lines = Heading(head);
        var form = Kind(lines);
        var text = file.TextBytes().Span;
        if (IsGbk(head.Bytes.Span)) { text = Encoding.UTF8.GetBytes(Gbk.GetString(text)); }
        var odd = 0;
        var content = new FileContent(file.Path, form == Form.Layered ? Flattened(text, lines, out odd) : lines[0] == head.Lines[0] ? file.Bytes : WithHeader(text, lines[0]));
        var m = TextTable.Read(content, Name, new()
        {
            HeaderLine = 0, Separator = form == Form.Layered ? ',' : Separator(lines[0]), Names = Names, UnitsKnown = true, Mend = Mended,
            Special = new Dictionary<string, (string, string, CellReader?)>
            {
                ["Step Type"] = ("step type", "1", StepType), ["Status"] = ("step type", "1", StepType), ["Step Name"] = ("step type", "1", StepType), ["JumpTo"] = ("", "", null),
                ["Date"] = ("clock", "s", Clock), ["Realtime"] = ("clock", "s", Clock), ["Absolute Time"] = ("clock", "s", Clock),
            },
        }, technique: "cycling");
        return odd == 0 ? m : m with { Warnings = [.. m.Warnings, new Warning("records", $"{odd} lines are no cycle, step or record and are left out: the file is damaged")] };
    }

    private static readonly CellReader Clock = TextTable.Date("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.fff", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "M/d/yyyy H:mm:ss", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm", "yyyy-M-d H:mm:ss");

    private static Encoding Gbk { get; } = CodePagesEncodingProvider.Instance.GetEncoding("gb2312")!;

    /// <summary>True where the text is no UTF-8 and its first line says voltage or cycle number in the Chinese encoding.</summary>
    private static bool IsGbk(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        return !System.Text.Unicode.Utf8.IsValid(line) && (line.IndexOf((ReadOnlySpan<byte>)[0xB5, 0xE7, 0xD1, 0xB9]) >= 0 || line.IndexOf((ReadOnlySpan<byte>)[0xD1, 0xAD, 0xBB, 0xB7]) >= 0);
    }

    /// <summary>1 where the step charges, −1 where it discharges, 0 otherwise.</summary>
    private static double StepType(ReadOnlySpan<byte> cell) =>
        cell.IndexOf("DChg"u8) >= 0 || cell.IndexOf("放电"u8) >= 0 ? -1 : cell.IndexOf("Chg"u8) >= 0 || cell.IndexOf("充电"u8) >= 0 ? 1 : 0;

    private static List<Column> Mended(List<Column> columns, List<Warning> warnings)
    {
        var type = columns.Find(c => c.Name == "step type")?.Values;
        foreach (var (name, charge, discharge) in new[] { ("capacity", ColumnNames.ChargeCapacity, ColumnNames.DischargeCapacity), ("energy", ColumnNames.ChargeEnergy, ColumnNames.DischargeEnergy) })
        {
            if (columns.Find(c => c.Name == name) is not { } both || type is null || columns.Exists(c => c.Name == charge || c.Name == discharge)) { continue; }
            columns.Remove(both);
            columns.Add(both with { Name = charge, Values = [.. both.Values.Select((v, i) => type[i] > 0 ? v : 0)], Origin = both.Origin + " of charging steps" });
            columns.Add(both with { Name = discharge, Values = [.. both.Values.Select((v, i) => type[i] < 0 ? Math.Abs(v) : 0)], Origin = both.Origin + " of discharging steps" });
        }
        if (!columns.Exists(c => c.Name == ColumnNames.Time) && columns.Find(c => c.Name == ColumnNames.StepTime)?.Values is { } stepTime)
        {
            var step = (columns.Find(c => c.Name == ColumnNames.Step) ?? columns.Find(c => c.Name == ColumnNames.ProgramStep))?.Values;
            columns.Insert(0, new(ColumnNames.Time, "s", Total(stepTime, step), "sum of the step times"));
            warnings.Add(new(ColumnNames.Time, "the export has no total time; it is the sum of the step times, without pauses between steps"));
        }
        return columns;
    }

    private static double[] Total(double[] stepTime, double[]? step)
    {
        var total = new double[stepTime.Length];
        double before = 0;
        for (var i = 0; i < total.Length; i++)
        {
            if (i > 0 && (stepTime[i] < stepTime[i - 1] || (step is not null && step[i] != step[i - 1]))) { before = total[i - 1]; }
            total[i] = before + stepTime[i];
        }
        return total;
    }

    private static byte[] WithHeader(ReadOnlySpan<byte> text, string header)
    {
        var end = text.IndexOf((byte)'\n');
        return [.. Encoding.UTF8.GetBytes(header + "\n"), .. end < 0 ? default : text[(end + 1)..]];
    }

    /// <summary>Every record row with the cycle and step it stands under; the first rows of a level may share a line.</summary>
    private static byte[] Flattened(ReadOnlySpan<byte> text, string[] headers, out int odd)
    {
        var result = new MemoryStream(text.Length);
        var (cycle, step) = (Array.Empty<byte>(), Encoding.ASCII.GetBytes(",,"));
        var cyclesWidth = headers[0].Count(c => c == ',') + 1;
        var stepsWidth = headers[1].Count(c => c == ',');
        odd = 0;
        result.Write(Encoding.UTF8.GetBytes($"Cycle Index,Step Index,Step Number,Step Type,{headers[2][2..]}\n"));
        for (var line = 0; !text.IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var row = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? default : text[(end + 1)..];
            if (line <= 2) { continue; }
            // A line wider than a cycle and a step, or than a step, has lost its end and runs into the next.
            if (!row.StartsWith(",,"u8) && row.Count((byte)',') > stepsWidth + (row.StartsWith(","u8) ? 0 : cyclesWidth)) { odd++; }
            if (row.StartsWith(",,"u8))
            {
                result.Write(cycle);
                result.WriteByte((byte)',');
                result.Write(step);
                result.WriteByte((byte)',');
                result.Write(row[2..]);
                if (end >= 0) { result.WriteByte((byte)'\n'); }
            }
            else if (row.StartsWith(","u8) && IsStep(Cells(row[1..], 0))) { step = Cells(row[1..], 0); }
            else if (!row.IsEmpty)
            {
                // A cycle begins with its number, and a step that shares its line has words for its type.
                var shared = row.Count((byte)',') + 1 > cyclesWidth ? Cells(row, cyclesWidth) : null;
                if (double.IsNaN(DelimitedText.Point(row[..Math.Max(0, row.IndexOf((byte)','))])) || (shared is not null && !IsStep(shared)))
                {
                    odd++;
                    continue;
                }
                cycle = row[..Math.Max(0, row.IndexOf((byte)','))].ToArray();
                if (shared is not null) { step = shared; }
            }
        }
        return result.ToArray();
    }

    /// <summary>Whether three cells are a step: a number first, words for its type last.</summary>
    private static bool IsStep(ReadOnlySpan<byte> cells) => !double.IsNaN(DelimitedText.Point(cells[..cells.IndexOf((byte)',')])) && cells[(cells.LastIndexOf((byte)',') + 1)..].ContainsAnyInRange((byte)'A', (byte)'\xFF');

    /// <summary>Three cells, index, number and type, from the one of a number on.</summary>
    private static byte[] Cells(ReadOnlySpan<byte> row, int skip)
    {
        for (; skip > 0; skip--)
        {
            var comma = row.IndexOf((byte)',');
            if (comma < 0) { return ",,"u8.ToArray(); }
            row = row[(comma + 1)..];
        }
        var length = 0;
        for (var i = 0; i < 3; i++)
        {
            var comma = row[length..].IndexOf((byte)',');
            if (comma < 0) { return ",,"u8.ToArray(); }
            length += comma + 1;
        }
        return row[..(length - 1)].ToArray();
    }
}
