using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of Mettler-Toledo STARe: blocks of <c>Curve Values</c>, one for each signal.</summary>
internal static class MettlerText
{
    public static FileFormat Format { get; } = new("mettler-text", "Mettler-Toledo STARe text export", true,
        h => h.Text.Contains("Curve Name:", StringComparison.Ordinal) && h.Text.Contains("Curve Values:", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent content)
    {
        List<string> header = [];
        var rows = new List<double[]>();
        string[]? names = null;
        var inBlock = false;
        double? mass = null;
        var blocks = new List<(List<string> Header, List<double[]> Rows)>();
        foreach (var raw in content.Text().Split('\n'))
        {
            var line = raw.Trim();
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (line.EndsWith(" mg", StringComparison.Ordinal) && line.Contains(", ", StringComparison.Ordinal)) { mass ??= ThermalColumns.Milligrams(line[(line.LastIndexOf(", ", StringComparison.Ordinal) + 2)..]); }
            if (words is ["Index", ..]) { names = words; continue; }
            if (names is not null && words.Length > 0 && words[0].StartsWith('[') && words.Length == names.Length - 1)
            {
                header = [.. names.Select((n, i) => i == 0 ? n : n == "Value" ? (words[i - 1] is "[mg]" or "[%]" or "[g]" ? "Mass" : "Heat flow") + words[i - 1] : n + words[i - 1])];
                rows = [];
                inBlock = true;
                names = null;
                continue;
            }
            if (!inBlock) { continue; }
            if (ThermalColumns.Numbers(line, ' ', header.Count) is { } row) { rows.Add(row); }
            else
            {
                inBlock = false;
                blocks.Add((header, rows));
            }
        }
        if (inBlock) { blocks.Add((header, rows)); }
        if (blocks.Count == 0) { throw new InputException("the file holds no curve values", content.Path, "export the curve with its points"); }
        (header, rows) = blocks[0];
        foreach (var (h, r) in blocks.Skip(1).Where(b => b.Rows.Count == rows.Count && b.Header[^1] != header[^1]).Take(1))
        {
            rows = [.. rows.Select((row, i) => (double[])[.. row, r[i][^1]])];
            header = [.. header, h[^1]];
        }
        return ThermalColumns.Curve(content, Format.Name, header, rows, [], mass, null);
    }
}
