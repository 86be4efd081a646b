using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>
/// Arbin csv, and the record sheets of its xlsx: the names of the database (<c>Data_Point,Test_Time…</c>), of the spreadsheet
/// export (<c>Date_Time,Test_Time(s)…</c>) or of MITS (<c>Data Point,Date Time,Test Time (s)…</c>).
/// </summary>
internal static class ArbinText
{
    private const string Name = "arbin-csv";

    public static readonly FileFormat Format = new(Name, "Arbin csv", IsText: true, head => Line(head) >= 0, Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["testtime"] = (ColumnNames.Time, "s"), ["steptime"] = (ColumnNames.StepTime, "s"), ["stepindex"] = (ColumnNames.ProgramStep, "1"), ["cycleindex"] = (ColumnNames.Cycle, "1"),
        ["temperature"] = (ColumnNames.Temperature, "degC"), ["auxtemperature1"] = (ColumnNames.Temperature, "degC"), ["datapoint"] = ("record", "1"),
    };

    private static char Separator(string line) => line.Contains('\t', StringComparison.Ordinal) && !line.Contains(',', StringComparison.Ordinal) ? '\t' : line.Count(c => c == ';') > line.Count(c => c == ',') ? ';' : ',';

    private static int Line(FileHead head) => TextTable.FindLine(head, l =>
    {
        if (l.Length > 8192) { return false; }
        var keys = l.Split(Separator(l)).Select(c => ColumnHeader.Key(c.Trim().Trim('"', '\uFEFF').Split('(')[0])).ToHashSet();
        return keys.Contains("testtime") && keys.Contains("stepindex") && keys.Contains("cycleindex") && keys.Contains("voltage") && keys.Contains("current")
            && (keys.Contains("datapoint") || keys.Contains("datetime")) && !keys.Contains("vmaxoncycle");
    }, 20);

    private static Measurement Read(FileContent file)
    {
        var date = TextTable.Date("M/d/yyyy H:mm:ss.fff", "M/d/yyyy H:mm:ss", "MM-dd-yyyy HH:mm:ss.fff", "MM-dd-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.fff", "M/d/yyyy h:mm:ss tt", "M/d/yyyy h:mm:ss.fff tt");
        // A date and time is text, seconds since 1970, or days since 1899-12-30, by the age of the software.
        var head = TextTable.HeadOf(file);
        var line = Line(head);
        var point = TextTable.HasDecimalComma(file.TextBytes().Span, Separator(head.Lines[line])) ? (byte)',' : (byte)'.';
        CellReader clock = cell => DelimitedText.Number(cell, point) is var v && double.IsNaN(v) ? date(cell) : v > 1e6 ? v : (v * 86400) - 2209161600;
        return TextTable.Read(file, Name, new()
        {
            HeaderLine = line, Separator = Separator(head.Lines[line]), Names = Names, UnitsKnown = true,
            Special = new Dictionary<string, (string, string, CellReader?)> { ["Date Time"] = ("clock", "s", clock), ["DateTime"] = ("clock", "s", clock), ["Date_Time"] = ("clock", "s", clock) },
        }, technique: "cycling");
    }
}
