using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Arbin csv: the names of the database (<c>Data_Point,Test_Time…</c>) or of MITS (<c>Data Point,Date Time,Test Time (s)…</c>).</summary>
internal static class ArbinText
{
    private const string Name = "arbin-csv";

    public static readonly FileFormat Format = new(Name, "Arbin csv", IsText: true, head => Line(head) >= 0, Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["testtime"] = (ColumnNames.Time, "s"), ["steptime"] = (ColumnNames.StepTime, "s"), ["stepindex"] = (ColumnNames.ProgramStep, "1"), ["cycleindex"] = (ColumnNames.Cycle, "1"),
        ["temperature"] = (ColumnNames.Temperature, "degC"), ["auxtemperature1"] = (ColumnNames.Temperature, "degC"), ["datapoint"] = ("record", "1"),
    };

    private static int Line(FileHead head) => TextTable.FindLine(head, l =>
    {
        var keys = l.Split(',').Select(c => ColumnHeader.Key(c.Split('(')[0])).ToHashSet();
        return keys.Contains("datapoint") && keys.Contains("testtime") && keys.Contains("stepindex") && keys.Contains("cycleindex") && keys.Contains("voltage");
    }, 20);

    private static Measurement Read(FileContent file)
    {
        var date = TextTable.Date("M/d/yyyy H:mm:ss.fff", "M/d/yyyy H:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.fff");
        // DateTime is text, seconds since 1970, or days since 1899-12-30, by the age of the software.
        CellReader clock = cell => DelimitedText.Point(cell) is var v && double.IsNaN(v) ? date(cell) : v > 1e6 ? v : (v * 86400) - 2209161600;
        return TextTable.Read(file, Name, new()
        {
            HeaderLine = Line(TextTable.HeadOf(file)), Separator = ',', Names = Names, UnitsKnown = true,
            Special = new Dictionary<string, (string, string, CellReader?)> { ["Date Time"] = ("clock", "s", date), ["DateTime"] = ("clock", "s", clock), ["Date_Time"] = ("clock", "s", clock) },
        }, technique: "cycling");
    }
}
