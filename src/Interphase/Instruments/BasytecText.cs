using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Basytec text: lines that begin with <c>~</c>, the last of which names the columns; times in s or h, dates day first.</summary>
internal static class BasytecText
{
    private const string Name = "basytec";

    public static readonly FileFormat Format = new(Name, "Basytec text export", IsText: true,
        head => head.Lines[0].StartsWith("~Resultfile from Basytec", StringComparison.Ordinal) && Line(head) > 0, Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["~time"] = (ColumnNames.Time, "s"), ["t-step"] = (ColumnNames.StepTime, "s"), ["line"] = (ColumnNames.ProgramStep, "1"), ["cyc-count"] = (ColumnNames.Cycle, "1"),
        ["ah"] = (ColumnNames.NetCharge, "A.h"), ["dataset"] = ("record", "1"), ["t1"] = (ColumnNames.Temperature, "degC"),
    };

    private static int Line(FileHead head) => TextTable.FindLine(head, l => l.StartsWith("~Time[", StringComparison.Ordinal), 100);

    private static Measurement Read(FileContent file)
    {
        var head = TextTable.HeadOf(file);
        var line = Line(head);
        var metadata = new List<MetadataEntry>();
        StartTime? start = null;
        foreach (var l in head.Lines.Take(line))
        {
            var colon = l.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 1) { continue; }
            var (key, value) = (l[1..colon].Trim(), l[(colon + 2)..].Trim());
            if (value.Length == 0) { continue; }
            metadata.Add(new(BiologicHeader.Camel(key), value));
            if (key == "Start of Test" && DateTime.TryParseExact(value, "dd.MM.yyyy HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var when)) { start = new(when, null); }
        }
        return TextTable.Read(file, Name, new()
        {
            HeaderLine = line, Separator = '\t', Names = Names,
            Special = new Dictionary<string, (string, string, CellReader?)> { ["Command"] = ("", "", null) },
        }, metadata, start, "cycling");
    }
}
