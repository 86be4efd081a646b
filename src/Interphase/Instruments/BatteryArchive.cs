using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Battery Archive time series csv.</summary>
internal static class BatteryArchive
{
    private const string Name = "battery-archive";

    public static readonly FileFormat Format = new(Name, "Battery Archive time series csv", IsText: true,
        head => head.Lines[0].StartsWith("Date_Time,Test_Time (s),Cycle_Index,Current (A),Voltage (V)", StringComparison.Ordinal), file =>
            TextTable.Read(file, Name, new()
            {
                HeaderLine = 0, Separator = ',',
                Special = new Dictionary<string, (string, string, CellReader?)> { ["Date_Time"] = ("clock", "s", TextTable.Date("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.ffffff", "yyyy-MM-dd HH:mm:ss.fff")) },
            }, technique: "cycling"));
}
