using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Thermogravimetry in JCAMP-DX as plain pairs (XY..XY) or columns (NTUPLES).</summary>
internal static class ThermalJcamp
{
    public static FileFormat Format { get; } = new("thermal-jcamp", "JCAMP-DX of thermogravimetry", true,
        h => h.Text.AsSpan().TrimStart().StartsWith("##TITLE=") && (h.Text.Contains("##DATA TYPE=TGA", StringComparison.Ordinal) || h.Text.Contains("##VAR_NAME=  Temperature", StringComparison.Ordinal)), Read);

    private static Measurement Read(FileContent content)
    {
        var header = new ThermalHeader();
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        ThermalColumns? columns = null;
        var width = 0;
        foreach (var span in content.Text().AsSpan().EnumerateLines())
        {
            var line = span.Trim().ToString();
            if (line.StartsWith("##", StringComparison.Ordinal) && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                if (columns?.Count > 0) { break; }
                var (key, value) = (line[2..equals], line[(equals + 1)..].Trim());
                fields[key] = value;
                header.Metadata.Add(new(key, value));
                ThermalText.Preamble($"{key}: {value}", header);
                if (!value.Contains("..", StringComparison.Ordinal)) { continue; }
                var order = value[..value.IndexOf('.', StringComparison.Ordinal)];
                order = order[(order.IndexOf('(', StringComparison.Ordinal) + 1)..];
                string[] Listed(string name) => [.. fields.GetValueOrDefault(name, "").Split(',').Select(v => v.Trim())];
                var (symbols, names, units) = (Listed("SYMBOL"), Listed("VAR_NAME"), Listed("UNITS"));
                var labels = order.Select(c => Array.IndexOf(symbols, c.ToString()) is >= 0 and var i && i < names.Length && i < units.Length ? $"{names[i]} ({units[i]})"
                    : c == 'X' ? Named(fields.GetValueOrDefault("XUNITS", ""), "Temperature") : c == 'Y' ? Named(fields.GetValueOrDefault("YUNITS", ""), "Mass") : "").ToArray();
                (columns, width) = (ThermalColumns.Of(labels), labels.Length);
            }
            else if (columns is not null && ThermalColumns.Numbers(line.Replace(',', ' '), ' ', width) is { } row) { columns.Add(row); }
        }
        return columns?.Curve(content, Format.Name, header) ?? throw new InputException("the file names no temperature and mass", content.Path, "export time, temperature and mass as text");
    }

    /// <summary>Axis labels such as <c>Ts [°C]</c> and <c>Value [mg]</c>, with a name where they have only a unit.</summary>
    private static string Named(string label, string name) => label.IndexOfAny(['[', '(']) is >= 0 and var open ? $"{name} {label[open..]}" : $"{name} ({label})";
}
