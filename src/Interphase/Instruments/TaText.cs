using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of TA Instruments Universal Analysis: <c>SigN</c> lines name the columns, <c>StartOfData</c> begins them.</summary>
internal static class TaText
{
    public static FileFormat Format { get; } = new("ta-text", "TA Instruments text export", true, h => h.Text.Contains("\nNsig\t", StringComparison.Ordinal) && h.Text.Contains("\nSig1\t", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent content)
    {
        var metadata = new List<MetadataEntry>();
        var header = new List<string>();
        var rows = new List<double[]>();
        double? mass = null;
        bool? up = null;
        var data = false;
        var number = 0;
        foreach (var raw in content.Text().Split('\n'))
        {
            number++;
            var line = raw.Trim('\r', ' ');
            if (line.Length == 0) { continue; }
            if (data)
            {
                // A row that begins with a negative code tells of an event, not of a point.
                var row = ThermalColumns.Numbers(line, '\t', header.Count);
                if (row is null && line[0] != '-') { throw content.AtLine(number, $"the row has not {header.Count} numbers", "export the run again"); }
                if (row is not null && row[0] >= 0) { rows.Add(row); }
                continue;
            }
            var cells = line.Split('\t');
            if (cells[0] == "StartOfData") { data = true; continue; }
            if (cells.Length < 2) { continue; }
            if (cells[0].StartsWith("Sig", StringComparison.Ordinal)) { header.Add(cells[1]); }
            else if (cells[0] == "Size") { mass = ThermalColumns.Milligrams(cells[1]); }
            else if (cells[0] == "Exotherm") { up = cells[1] switch { "Up" => true, "Down" => false, _ => null }; }
            metadata.Add(new(cells[0] == "Instrument" ? MetadataNames.Instrument : cells[0], string.Join(' ', cells[1..])));
        }
        return ThermalColumns.Curve(content, Format.Name, header, rows, metadata, mass, up);
    }
}
