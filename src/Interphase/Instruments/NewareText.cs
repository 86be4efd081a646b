using System.Text;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Neware BTSDA csv: flat, or in three levels (cycle, step and record rows told apart by their empty cells).</summary>
internal static class NewareText
{
    private const string Name = "neware-csv";

    public static readonly FileFormat Format = new(Name, "Neware BTSDA csv, flat or in levels", IsText: true, head => IsLayered(head) || IsFlat(head), Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["time"] = (ColumnNames.StepTime, "s"), ["totaltime"] = (ColumnNames.Time, "s"), ["stepindex"] = (ColumnNames.ProgramStep, "1"), ["stepcount"] = (ColumnNames.Step, "1"), ["stepnumber"] = (ColumnNames.Step, "1"),
        ["cycleindex"] = (ColumnNames.Cycle, "1"), ["capacity"] = ("capacity", "A.h"), ["energy"] = ("energy", "W.h"), ["datapoint"] = ("record", "1"), ["t1"] = (ColumnNames.Temperature, "degC"),
    };

    private static bool IsLayered(FileHead head) => head.Lines.Count > 3 && head.Lines[0].StartsWith("Cycle Index", StringComparison.Ordinal)
        && head.Lines[1].StartsWith(",Step Index", StringComparison.Ordinal) && head.Lines[2].StartsWith(",,", StringComparison.Ordinal) && head.Lines[2].Contains("Total Time", StringComparison.Ordinal);

    private static bool IsFlat(FileHead head) => head.Lines[0].Split(',') is { } cells && cells.Contains("Total Time") && cells.Contains("Step Type") && cells.Any(c => c.StartsWith("Voltage(", StringComparison.Ordinal)) && cells.Any(c => c.StartsWith("Current(", StringComparison.Ordinal));

    private static Measurement Read(FileContent file)
    {
        var content = IsLayered(TextTable.HeadOf(file)) ? Flattened(file) : file;
        return TextTable.Read(content, Name, new()
        {
            HeaderLine = 0, Separator = ',', Names = Names, UnitsKnown = true, Mend = Split,
            Special = new Dictionary<string, (string, string, CellReader?)>
            {
                ["Step Type"] = ("step type", "1", StepType),
                ["Date"] = ("clock", "s", TextTable.Date("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.fff", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "M/d/yyyy H:mm:ss")),
            },
        }, technique: "cycling");
    }

    /// <summary>1 where the step charges, −1 where it discharges, 0 otherwise.</summary>
    private static double StepType(ReadOnlySpan<byte> cell) => cell.IndexOf("DChg"u8) >= 0 ? -1 : cell.IndexOf("Chg"u8) >= 0 ? 1 : 0;

    private static List<Column> Split(List<Column> columns, List<Warning> warnings)
    {
        var type = columns.Find(c => c.Name == "step type")?.Values;
        foreach (var (name, charge, discharge) in new[] { ("capacity", ColumnNames.ChargeCapacity, ColumnNames.DischargeCapacity), ("energy", ColumnNames.ChargeEnergy, ColumnNames.DischargeEnergy) })
        {
            if (columns.Find(c => c.Name == name) is not { } both || type is null) { continue; }
            columns.Remove(both);
            columns.Add(both with { Name = charge, Values = [.. both.Values.Select((v, i) => type[i] > 0 ? v : 0)], Origin = both.Origin + " of charging steps" });
            columns.Add(both with { Name = discharge, Values = [.. both.Values.Select((v, i) => type[i] < 0 ? Math.Abs(v) : 0)], Origin = both.Origin + " of discharging steps" });
        }
        return columns;
    }

    /// <summary>Every record row with the cycle and step it stands under; the first rows of a level may share a line.</summary>
    private static FileContent Flattened(FileContent file)
    {
        var text = file.TextBytes().Span;
        var result = new MemoryStream(text.Length);
        var (cycle, step) = (Array.Empty<byte>(), Encoding.ASCII.GetBytes(",,"));
        var cyclesWidth = 0;
        for (var line = 0; !text.IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var row = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            text = end < 0 ? default : text[(end + 1)..];
            if (line == 0) { cyclesWidth = row.Count((byte)',') + 1; continue; }
            if (line == 1) { continue; }
            if (line == 2)
            {
                result.Write("Cycle Index,Step Index,Step Number,Step Type,"u8);
                result.Write(row[2..]);
                result.WriteByte((byte)'\n');
                continue;
            }
            if (row.StartsWith(",,"u8))
            {
                result.Write(cycle);
                result.WriteByte((byte)',');
                result.Write(step);
                result.WriteByte((byte)',');
                result.Write(row[2..]);
                if (end >= 0) { result.WriteByte((byte)'\n'); }
            }
            else if (row.StartsWith(","u8)) { step = Cells(row[1..], 0); }
            else if (!row.IsEmpty)
            {
                cycle = row[..Math.Max(0, row.IndexOf((byte)','))].ToArray();
                if (row.Count((byte)',') + 1 > cyclesWidth) { step = Cells(row, cyclesWidth); }
            }
        }
        return new(file.Path, result.ToArray());
    }

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
