using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Landt (LAND) csv: lines of text, then <c>channel_index,cycle_index,step_index,date_time_iso_string,test_time_s…</c>.</summary>
internal static class LandtText
{
    private const string Name = "landt-csv";

    public static readonly FileFormat Format = new(Name, "Landt (LAND) csv", IsText: true, head => Line(head) >= 0, file =>
        TextTable.Read(file, Name, new()
        {
            HeaderLine = Line(TextTable.HeadOf(file)), Separator = ',',
            Names = new Dictionary<string, (string, string)> { ["temperature1"] = (ColumnNames.AmbientTemperature, "degC"), ["channelindex"] = ("record", "1") },
            Special = new Dictionary<string, (string, string, CellReader?)> { ["date_time_iso_string"] = ("clock", "s", TextTable.Date("MM/dd/yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss")), ["step_name"] = ("", "", null) },
        }, technique: "cycling"));

    private static int Line(FileHead head) => TextTable.FindLine(head, l => l.Contains("cycle_index,step_index,date_time_iso_string,test_time_s", StringComparison.Ordinal), 60);
}
