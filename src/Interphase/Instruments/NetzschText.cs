using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of NETZSCH Proteus: <c>#KEY:value</c> lines, then <c>##</c> and the columns' names.</summary>
internal static class NetzschText
{
    public static FileFormat Format { get; } = new("netzsch-text", "NETZSCH Proteus text export", true, h => h.StartsWith("#EXPORTTYPE") || (h.StartsWith("#") && h.Text.Contains("#INSTRUMENT:NETZSCH", StringComparison.Ordinal)), Read);

    private static Measurement Read(FileContent content)
    {
        var metadata = new List<MetadataEntry>();
        var separator = ';';
        var comma = false;
        double? mass = null;
        bool? up = null;
        string[]? header = null;
        var rows = new List<double[]>();
        var number = 0;
        foreach (var raw in content.Text().Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0) { continue; }
            if (line.StartsWith("##", StringComparison.Ordinal)) { header = line[2..].Split(separator); }
            else if (line[0] == '#')
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0) { continue; }
                var (key, value) = (line[1..colon].Trim(), line[(colon + 1)..].Trim());
                switch (key)
                {
                    case "SEPARATOR": separator = value switch { "COMMA" => ',', "TAB" => '\t', "SPACE" => ' ', _ => ';' }; break;
                    case "DECIMAL": comma = value == "COMMA"; break;
                    case "SAMPLE MASS /mg": mass = ThermalColumns.Milligrams(value); break;
                    case "EXO": up = value switch { "1" => true, "-1" => false, _ => null }; break;
                }
                metadata.Add(new(key == "INSTRUMENT" ? MetadataNames.Instrument : key, value));
            }
            else if (header is not null)
            {
                rows.Add(ThermalColumns.Numbers(line, separator, header.Length, comma) ?? throw content.AtLine(number, $"the row has not {header.Length} numbers", "export the run again"));
            }
        }
        return header is null ? throw new InputException("the file has no row of column names (##)", content.Path, "export it again with column headings")
            : ThermalColumns.Curve(content, Format.Name, header, rows, metadata, mass, up);
    }
}
