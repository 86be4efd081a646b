using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Digatron csv: the unit stands after a number sign (<c>Program Duration#s</c>, <c>Voltage#V</c>, <c>AhCha#Ah</c>). Some exports
/// write milliseconds under a label of seconds; the time stamps beside them tell.
/// </summary>
internal static class DigatronText
{
    private const string Name = "digatron-csv";

    public static readonly FileFormat Format = new(Name, "Digatron csv", IsText: true, head => Line(head) >= 0, Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["programduration"] = (ColumnNames.Time, "s"), ["progtime"] = (ColumnNames.Time, "s"), ["stepduration"] = (ColumnNames.StepTime, "s"), ["step"] = (ColumnNames.ProgramStep, "1"), ["cycle"] = (ColumnNames.Cycle, "1"),
        ["ahbal"] = (ColumnNames.NetCharge, "A.h"), ["tenv"] = (ColumnNames.AmbientTemperature, "degC"), ["t1"] = (ColumnNames.Temperature, "degC"),
    };

    private static int Line(FileHead head) => TextTable.FindLine(head, l =>
    {
        var cells = l.Split(Separator(l)).Select(c => c.Trim().Trim('"', '\uFEFF')).ToArray();
        return cells.Any(c => c.StartsWith("Program Duration#", StringComparison.OrdinalIgnoreCase) || c.Equals("Timestamp", StringComparison.OrdinalIgnoreCase))
            && cells.Any(c => c.StartsWith("Voltage#", StringComparison.OrdinalIgnoreCase)) && cells.Any(c => c.StartsWith("Current#", StringComparison.OrdinalIgnoreCase));
    }, 60);

    private static char Separator(string line) => line.Count(c => c == ';') > line.Count(c => c == ',') ? ';' : ',';

    private static Measurement Read(FileContent file)
    {
        var head = TextTable.HeadOf(file);
        var line = Line(head);
        var separator = Separator(head.Lines[line]);
        // The file names no zone where it gives only a clock; where it gives one, the numbers below are in universal time.
        var zoned = head.Lines.Skip(line + 1).Take(3).Any(l => l.Split(separator).Any(c => c.Contains(':', StringComparison.Ordinal) && c.Trim().LastIndexOfAny(['+', 'Z']) > 10));
        return TextTable.Read(file, Name, new()
        {
            // A row of units may stand under the names.
            HeaderLine = line, Separator = separator, Names = Names, Mend = Mended, Skip = head.Lines.Count > line + 2 && !head.Lines[line + 1].Any(char.IsAsciiDigit) ? 1 : 0,
            Special = new Dictionary<string, (string, string, CellReader?)>(StringComparer.OrdinalIgnoreCase)
            {
                ["Timestamp"] = (zoned ? ColumnNames.UnixTime : "clock", "s", Stamp), ["Status"] = ("state", "1", State), ["Step Mode"] = ("", "", null), ["Procedure"] = ("", "", null),
            },
        }, technique: "cycling");
    }

    private static double Stamp(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is < 8 or > 64) { return double.NaN; }
        Span<char> text = stackalloc char[cell.Length];
        for (var i = 0; i < cell.Length; i++) { text[i] = (char)cell[i]; }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var d) ? (d - DateTimeOffset.UnixEpoch).TotalSeconds : double.NaN;
    }

    /// <summary>1 in charge, −1 in discharge, 0 otherwise.</summary>
    private static double State(ReadOnlySpan<byte> cell) => cell.StartsWith("DCH"u8) || cell.StartsWith("DIS"u8) ? -1 : cell.StartsWith("CHA"u8) ? 1 : 0;

    private static List<Column> Mended(List<Column> columns, List<Warning> warnings)
    {
        var stamps = (columns.Find(c => c.Name == ColumnNames.UnixTime) ?? columns.Find(c => c.Name == "clock"))?.Values;
        var time = columns.Find(c => c.Name == ColumnNames.Time);
        if (time is null && stamps is not null)
        {
            columns.Insert(0, new(ColumnNames.Time, "s", [.. stamps.Select(s => s - stamps[0])], "time stamps, from the first"));
        }
        else if (time is not null && stamps is not null && stamps[^1] > stamps[0] && (time.Values[^1] - time.Values[0]) / (stamps[^1] - stamps[0]) is > 900 and < 1100)
        {
            foreach (var column in columns.Where(c => c.Name is ColumnNames.Time or ColumnNames.StepTime))
            {
                for (var i = 0; i < column.Values.Length; i++) { column.Values[i] /= 1000; }
            }
            warnings.Add(new(ColumnNames.Time, "the durations advance a thousand times as fast as the time stamps: they are in milliseconds under a label of seconds and are read so"));
        }
        if (columns.Find(c => c.Name == "state")?.Values is { } state && columns.Find(c => c.Name == ColumnNames.Current)?.Values is { } current)
        {
            var unlike = 0;
            for (var i = 0; i < state.Length; i++) { if (state[i] * current[i] < 0) { unlike++; } }
            if (unlike > state.Length / 10) { warnings.Add(new(ColumnNames.Current, $"the sign of the current does not fit the status in {unlike} rows; it is given as it stands")); }
        }
        return columns;
    }
}
