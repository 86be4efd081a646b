using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of TA Instruments Universal Analysis: <c>SigN</c> lines name the columns, <c>StartOfData</c> begins them.</summary>
internal static class TaText
{
    public static FileFormat Format { get; } = new("ta-text", "TA Instruments text export", true, h => h.Text.Contains("\nNsig\t", StringComparison.Ordinal) && h.Text.Contains("\nSig1\t", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent content)
    {
        var header = new ThermalHeader();
        var names = new List<string>();
        var (number, first) = (0, -1);
        var text = content.Text();
        foreach (var span in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = span.Trim(" \t").ToString();
            if (line == "StartOfData") { first = number; break; }
            var cells = line.Split('\t');
            // Some programs leave the word out and begin with the numbers.
            if (names.Count > 0 && ThermalColumns.Numbers(line, ' ', names.Count) is not null) { first = number - 1; break; }
            if (cells.Length < 2) { continue; }
            if (cells[0].StartsWith("Sig", StringComparison.Ordinal)) { names.Add(cells[1]); }
            else if (cells[0] == "Size") { header.TakeMass(string.Join(' ', cells[1..])); }
            else if (cells[0] == "Exotherm") { header.ExothermUp = cells[1] switch { "Up" => true, "Down" => false, _ => null }; }
            header.Metadata.Add(new(cells[0] == "Instrument" ? MetadataNames.Instrument : cells[0], string.Join(' ', cells[1..])));
        }
        if (first < 0) { throw new InputException("the file holds no rows of numbers", content.Path, "export the run with its data"); }
        var columns = ThermalColumns.Of(names) ?? throw new InputException("the signals name no temperature, or neither weight nor heat flow", content.Path, "export time, temperature and weight or heat flow");
        // A row that begins with a negative code tells of an event, not of a point.
        ThermalText.Rows(content, text, first, ' ', false, columns, header, skipNegative: true);
        return columns.Curve(content, Format.Name, header);
    }
}
