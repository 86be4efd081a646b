using System.Globalization;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Ivium <c>.idf</c> and <c>.ids</c>, impedance: settings as <c>key=value</c> lines between binary blocks, and for each scan a
/// block <c>primary_data</c> of the number of columns, the number of points, and rows Z', Z'', frequency.
/// </summary>
internal static class IviumIdf
{
    private const string Name = "ivium-idf";

    public static readonly FileFormat Format = new(Name, "Ivium impedance (.idf, .ids)", IsText: false,
        head => head.Bytes.Span.IndexOf("Method="u8) >= 0 && head.Bytes.Span.IndexOf("Technique="u8) >= 0 && head.Bytes.Span.IndexOfAnyInRange((byte)0, (byte)8) >= 0, Read);

    private static Measurement Read(FileContent file)
    {
        var text = Encoding.Latin1.GetString(file.Span);
        string? Says(string key)
        {
            var at = text.IndexOf(key + "=", StringComparison.Ordinal);
            return at < 0 ? null : text[(at + key.Length + 1)..].Split('\r', '\n')[0].Trim();
        }
        var method = Says("Method") ?? "";
        if (!method.Contains("mpedance", StringComparison.Ordinal))
        {
            throw new InputException($"the Ivium file holds '{method}', of which only impedance is read", file.Path, "export it as text with named columns");
        }
        List<double> f = [], re = [], im = [], block = [];
        var scan = 0;
        for (var at = text.IndexOf("primary_data", StringComparison.Ordinal); at >= 0; at = text.IndexOf("primary_data", at + 1, StringComparison.Ordinal))
        {
            using var reader = new StringReader(text[at..]);
            // The number of columns stands on the next line, or, in newer files, on that of the marker.
            var beside = reader.ReadLine()!["primary_data".Length..].Trim();
            if (!int.TryParse(beside.Length > 0 ? beside : reader.ReadLine()?.Trim(), CultureInfo.InvariantCulture, out var width) || width != 3) { continue; }
            if (!int.TryParse(reader.ReadLine()?.Trim(), CultureInfo.InvariantCulture, out var count) || count < 0) { throw file.AtByte(at, "the number of points is damaged", "copy or export the file again"); }
            for (var i = 0; i < count; i++)
            {
                var cells = reader.ReadLine()?.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
                var row = new double[3];
                if (cells.Length < 3 || Enumerable.Range(0, 3).Any(k => !double.TryParse(cells[k], NumberStyles.Float, CultureInfo.InvariantCulture, out row[k]) || !double.IsFinite(row[k])))
                {
                    throw file.AtByte(at, $"point {i + 1} of {count} of scan {scan + 1} is missing or damaged", "copy or export the file again");
                }
                re.Add(row[0]);
                im.Add(row[1]);
                f.Add(row[2]);
                block.Add(scan);
            }
            scan++;
        }
        if (f.Count == 0) { throw new InputException("the file holds no points", file.Path, "export it again with its data"); }
        double[] frequency = [.. f], real = [.. re], imaginary = [.. im];
        var metadata = new List<MetadataEntry>();
        foreach (var key in (string[])["Title", "Technique", "Amplitude", "E start"])
        {
            if (Says(key) is { Length: > 0 } said) { metadata.Add(new(key == "Title" ? MetadataNames.Comments : BiologicHeader.Camel(key), said)); }
        }
        return new()
        {
            File = file.Path, Format = Name, Technique = method, Metadata = metadata, Warnings = new List<Warning>(),
            Spectra = [.. ImpedanceRows.Split(frequency, real, imaginary, [.. block]).Select(s => s with { File = file.Path })],
        };
    }
}
