using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>PEC csv: some forty lines of key and value, then a table whose units stand in its header and vary.</summary>
internal static class PecText
{
    private const string Name = "pec";

    public static readonly FileFormat Format = new(Name, "PEC csv", IsText: true, head => Line(head) >= 0, Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["totaltime"] = (ColumnNames.Time, "s"), ["steptime"] = (ColumnNames.StepTime, "s"), ["step"] = (ColumnNames.ProgramStep, "1"), ["cycle"] = (ColumnNames.Cycle, "1"),
        ["chargecapacity"] = (ColumnNames.ChargeCapacity, "A.h"), ["dischargecapacity"] = (ColumnNames.DischargeCapacity, "A.h"), ["temp"] = (ColumnNames.Temperature, "degC"),
        ["stationtemperature"] = (ColumnNames.AmbientTemperature, "degC"),
    };

    private static int Line(FileHead head) => TextTable.FindLine(head, l => l.StartsWith("Test,Cell,Rack,Shelf,Position", StringComparison.Ordinal));

    private static Measurement Read(FileContent file)
    {
        var head = TextTable.HeadOf(file);
        var line = Line(head);
        var metadata = new List<MetadataEntry>();
        foreach (var l in head.Lines.Take(line))
        {
            var comma = l.IndexOf(":,", StringComparison.Ordinal);
            if (comma > 0 && l[(comma + 2)..].Trim() is { Length: > 0 } value) { metadata.Add(new(BiologicHeader.Camel(l[..comma]), value)); }
        }
        var date = TextTable.Date("MM/dd/yyyy HH:mm:ss", "MM/dd/yyyy HH:mm:ss.fff");
        return TextTable.Read(file, Name, new()
        {
            HeaderLine = line, Separator = ',', Names = Names,
            Special = new Dictionary<string, (string, string, CellReader?)>
            {
                ["Real Time"] = ("clock", "s", date), ["Position Start Time"] = ("", "", null), ["Instruction Name"] = ("", "", null), ["Rack"] = ("", "", null), ["Shelf"] = ("", "", null), ["Cell ID"] = ("", "", null),
                ["Total Time (Hours in hh:mm:ss.xxx)"] = (ColumnNames.Time, "s", cell => TextTable.Duration(cell, (byte)'.')),
                ["Load On Time (Hours in hh:mm:ss.xxx)"] = ("load on time", "s", cell => TextTable.Duration(cell, (byte)'.')),
                ["Cycle Charge Time (Hours in hh:mm:ss.xxx)"] = ("cycle charge time", "s", cell => TextTable.Duration(cell, (byte)'.')),
                ["Cycle Discharge Time (Hours in hh:mm:ss.xxx)"] = ("cycle discharge time", "s", cell => TextTable.Duration(cell, (byte)'.')),
            },
            Mend = OneCell,
        }, metadata, technique: "cycling");
    }

    /// <summary>Every record says which cell it is of; a file of several cells is no one series.</summary>
    private static List<Column> OneCell(List<Column> columns, List<Warning> warnings)
    {
        if (columns.Find(c => c.Name == "Cell") is { Values: { Length: > 0 } cell } && cell.Any(c => c != cell[0]))
        {
            throw new InputException("the file holds several cells", "", "export each cell to a file of its own");
        }
        return columns;
    }
}
