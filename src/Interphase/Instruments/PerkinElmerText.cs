using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of PerkinElmer Pyris: numbered segments, each with two rows of column names and then tabbed numbers.</summary>
internal static class PerkinElmerText
{
    public static FileFormat Format { get; } = new("perkinelmer-text", "PerkinElmer Pyris text export", true,
        h => h.StartsWith("Filename:") && h.Text.Contains("Method Steps:", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent content)
    {
        var header = new ThermalHeader();
        ThermalColumns? columns = null;
        string[]? above = null;
        var text = content.Text();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (!line.StartsWith("\t"))
            {
                above = null;
                ThermalText.Preamble(line.ToString(), header);
                continue;
            }
            var cells = line[1..].ToString().Split('\t').Select(c => c.Trim()).ToArray();
            if (cells[0] == "Time") { above = cells; continue; }
            if (above is null) { continue; }
            columns = ThermalColumns.Of([.. above.Select((c, i) => Named($"{c} {(i < cells.Length ? cells[i] : "")}".Trim()))]);
            break;
        }
        if (columns is null) { throw new InputException("the file has no segment with columns of temperature and weight or heat flow", content.Path, "export the run with its data points"); }
        ThermalText.Rows(content, text, number, ' ', false, columns, header);
        return columns.Curve(content, Format.Name, header);
    }

    /// <summary>The export leaves its units out; they are always these.</summary>
    public static string Named(string name) =>
        name.StartsWith("Time", StringComparison.Ordinal) ? "Time (min)" : name.Contains("Weight", StringComparison.Ordinal) ? $"{name} (mg)"
        : name.Contains("Heat Flow", StringComparison.Ordinal) ? $"{name} (mW)" : name.Contains("Temperature", StringComparison.Ordinal) ? $"{name} (°C)" : name;
}
