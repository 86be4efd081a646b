using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of PerkinElmer Pyris: numbered segments, each with two rows of column names and then tabbed numbers.</summary>
internal static class PerkinElmerText
{
    public static FileFormat Format { get; } = new("perkinelmer-text", "PerkinElmer Pyris text export", true,
        h => h.StartsWith("Filename:") && h.Text.Contains("Method Steps:", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent content)
    {
        var metadata = new List<MetadataEntry>();
        double? mass = null;
        List<string>? header = null;
        string[]? above = null;
        var rows = new List<double[]>();
        foreach (var raw in content.Text().Split('\n'))
        {
            var line = raw.TrimEnd('\r', ' ', '\t');
            if (!line.StartsWith('\t'))
            {
                above = null;
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0 && rows.Count == 0)
                {
                    var (key, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
                    if (key == "Sample Weight") { mass = ThermalColumns.Milligrams(value); }
                    metadata.Add(new(key, value));
                }
                continue;
            }
            var cells = line[1..].Split('\t').Select(c => c.Trim()).ToArray();
            if (cells[0] == "Time") { above = cells; continue; }
            if (above is not null && header is null)
            {
                header = [.. above.Select((c, i) => Named($"{c} {(i < cells.Length ? cells[i] : "")}".Trim()))];
                above = null;
                continue;
            }
            if (header is not null && ThermalColumns.Numbers(line, '\t', header.Count) is { } row) { rows.Add(row); }
        }
        return header is null ? throw new InputException("the file has no segment with column names", content.Path, "export the run with its data points")
            : ThermalColumns.Curve(content, Format.Name, header, rows, metadata, mass, null);
    }

    /// <summary>The export leaves its units out; they are always these.</summary>
    private static string Named(string name) =>
        name.StartsWith("Time", StringComparison.Ordinal) ? "Time (min)" : name.Contains("Weight", StringComparison.Ordinal) ? $"{name} (mg)"
        : name.Contains("Heat Flow", StringComparison.Ordinal) ? $"{name} (mW)" : name.Contains("Temperature", StringComparison.Ordinal) ? $"{name} (°C)" : name;
}
