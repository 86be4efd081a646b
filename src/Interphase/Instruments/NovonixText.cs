using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>Novonix csv: <c>[Summary]</c>, <c>[Protocol]</c> and <c>[Data]</c>; times in hours, capacity net.</summary>
internal static class NovonixText
{
    private const string Name = "novonix";

    public static readonly FileFormat Format = new(Name, "Novonix UHPC csv", IsText: true,
        head => head.Lines[0].StartsWith("[Summary]", StringComparison.Ordinal) && head.Lines.Any(l => l.Contains("Novonix", StringComparison.OrdinalIgnoreCase)), Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["runtime"] = (ColumnNames.Time, "h"), ["steptime"] = (ColumnNames.StepTime, "h"), ["capacity"] = (ColumnNames.NetCharge, "A.h"), ["cyclenumber"] = (ColumnNames.Cycle, "1"),
        ["stepnumber"] = (ColumnNames.ProgramStep, "1"), ["temperature"] = (ColumnNames.Temperature, "degC"),
    };

    private static Measurement Read(FileContent file)
    {
        // The protocol stands on one long line that may pass the beginning of the file which is looked at.
        var text = file.TextBytes();
        var at = text.Span.IndexOf("[Data]"u8);
        if (at < 0) { throw new InputException("the file has no [Data] block", file.Path, "export it again"); }
        var warnings = new List<Warning>();
        // A test that was started anew in the same file has its summary, protocol and data after those of the one before.
        if (text.Span.LastIndexOf("\n[Data]"u8) is var last && last > at)
        {
            var earlier = text.Span[at..last];
            if (earlier.IndexOf("\n[Summary]"u8) is >= 0 and var end) { earlier = earlier[..end]; }
            warnings.Add(new("series", $"the file holds a test that was started again; the last run is read, and the {earlier.TrimEnd("\r\n"u8).Count((byte)'\n') - 1} rows of the first are left out"));
            at = last + 1;
        }
        var line = text.Span[..at].Count((byte)'\n') + 1;
        // A spreadsheet may have put each line into quotes.
        var (headerAt, headerEnd) = TextTable.LineAt(text.Span, line);
        if (text.Span[headerAt..headerEnd].Trim("\r\n"u8) is [(byte)'"', .., (byte)'"'] quoted && !quoted[1..^1].Contains((byte)'"'))
        {
            file = new(file.Path, text.ToArray().Where(b => b != (byte)'"').ToArray());
        }
        var metadata = new List<MetadataEntry>();
        foreach (var entry in TextTable.HeadOf(file).Lines.Skip(1).TakeWhile(l => !l.StartsWith("[End", StringComparison.Ordinal)))
        {
            var colon = entry.IndexOf(": ", StringComparison.Ordinal);
            if (colon <= 0 || entry[(colon + 2)..].Trim() is not { Length: > 0 } value) { continue; }
            var key = entry[..colon];
            double? number = double.TryParse(value, out var v) && double.IsFinite(v) ? v : null;
            metadata.Add((key, number) switch
            {
                ("Mass (g)", { } m) => new(MetadataNames.ActiveMass, $"{value} g", Quantity.Of(m, "g"), m is 1 or <= 0),
                ("Capacity (Ah)", { } c) => new(MetadataNames.NominalCapacity, $"{value} A.h", Quantity.Of(c, "A.h"), c is 1 or <= 0),
                ("Area (cm2)", { } a) => new(MetadataNames.ElectrodeArea, $"{value} cm2", Quantity.Of(a, "cm2"), a is 1 or <= 0),
                _ => new(BiologicHeader.Camel(key), value),
            });
        }
        var read = TextTable.Read(file, Name, new()
        {
            HeaderLine = line, Separator = ',', Names = Names,
            Special = new Dictionary<string, (string, string, CellReader?)> { ["Date and Time"] = ("clock", "s", TextTable.Date("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.fff", "yyyy-MM-dd h:mm:ss tt", "M/d/yyyy h:mm:ss tt")) },
        }, metadata, technique: "cycling");
        return read with { Warnings = [.. warnings, .. read.Warnings] };
    }
}
