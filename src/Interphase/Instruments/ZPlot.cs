using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>Scribner ZPlot <c>.z</c>: key and value lines, one line of column names, <c>End Comments</c>, rows.</summary>
internal static class ZPlot
{
    private const string Name = "zplot";

    public static readonly FileFormat Format = new(Name, "Scribner ZPlot impedance (.z)", IsText: true,
        head => head.StartsWith("ZPLOT"), Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["freq"] = (ColumnNames.Frequency, "Hz"), ["time"] = (ColumnNames.Time, "s"), ["z'"] = (ColumnNames.RealImpedance, "ohm"),
        ["z''"] = (ColumnNames.ImaginaryImpedance, "ohm"), ["bias"] = ("bias", "V"), ["ampl"] = ("amplitude", "V"),
    };

    private static Measurement Read(FileContent file)
    {
        var text = file.TextBytes().Span;
        var metadata = new List<MetadataEntry>();
        string header = "", date = "", clock = "", technique = "";
        var (line, p) = (0, 0);
        while (true)
        {
            if (p >= text.Length) { throw file.AtLine(line, "the file ends before 'End Comments'", "copy or export it again"); }
            var (_, length) = TextTable.LineAt(text[p..], 0);
            var s = TextEncodings.Decode(text.Slice(p, length)).TrimEnd('\r', '\n');
            p += length;
            line++;
            if (s.Trim() == "End Comments") { break; }
            if (s.Contains('\t', StringComparison.Ordinal) && s.Contains("Freq", StringComparison.Ordinal)) { header = s; continue; }
            var colon = s.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || s[(colon + 1)..].Trim() is not { Length: > 0 } value) { continue; }
            var key = s[..colon].Trim();
            switch (key)
            {
                case "Date": date = value; break;
                case "Time": clock = value; break;
                case "Experiment Type": technique = value; break;
                case "Measured Data, ZPlot" or "Measured Data, Software": metadata.Add(new(MetadataNames.Software, $"ZPlot {value}")); continue;
                case "Open Circuit Potential (V)" when Number(value) is { } v: metadata.Add(new("openCircuitPotential", value, Quantity.Of(v, "V"))); continue;
                // Surface area is 1 unless someone entered one.
                case "Surface Area" when Number(value) is { } a: metadata.Add(new(MetadataNames.ElectrodeArea, $"{value} cm2", Quantity.Of(a, "cm2"), a is 1 or <= 0)); continue;
            }
            metadata.Add(new(BiologicHeader.Camel(key), value));
        }
        if (header.Length == 0) { throw file.AtLine(line, "the line of column names is missing", "export the file again"); }
        var body = text[p..];
        var names = header.Trim().Split('\t').Select(n => n.Trim()).ToArray();
        var headers = names.Select(n => ColumnHeader.Of(n, Names)).ToArray();
        CellReader number = TextTable.HasDecimalComma(body, '\t') ? DelimitedText.Comma : DelimitedText.Point;
        var separator = body.Contains((byte)'\t') ? (byte)'\t' : body[..TextTable.LineAt(body, 0).Next].Contains((byte)',') ? (byte)',' : (byte)' ';
        var table = DelimitedText.Read(body, separator, [.. names.Select(_ => (CellReader?)number)]);
        if (table.Rows == 0) { throw file.AtLine(line, "the file has no rows", "export it again with its data"); }
        var warnings = new List<Warning>();
        TextTable.CheckRows(file, table, warnings);
        var columns = new List<Column>();
        for (var c = 0; c < names.Length; c++)
        {
            if (table.Unreadable[c] > 0) { warnings.Add(new(names[c], $"{table.Unreadable[c]} cells are no numbers, first in row {table.FirstUnreadable[c] + 1}; they are left empty")); }
            var h = headers[c];
            var name = h.Quantity ?? names[c];
            if (columns.Exists(x => x.Name == name)) { continue; }
            if (h.Scale != 1 && h.Quantity is not null) { for (var i = 0; i < table.Rows; i++) { table.Columns[c][i] *= h.Scale; } }
            columns.Add(new(name, h.Unit, table.Columns[c], names[c]));
        }
        StartTime? start = DateTime.TryParseExact($"{date} {clock}", ["MM-dd-yyyy HH:mm:ss", "M/d/yyyy HH:mm:ss", "M-d-yyyy H:mm:ss", "M/d/yyyy h:mm:ss tt"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var when) ? new StartTime(when, null) : null;
        return TextTable.Measure(file, Name, columns, warnings, metadata, start, technique);
    }

    private static double? Number(string s) => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : null;
}
