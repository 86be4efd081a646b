using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Text exports of Mettler-Toledo STARe in any language: blocks of curve values, one for each signal, under <c>Index t Ts Tr Value</c> and a row of units.</summary>
internal static class MettlerText
{
    public static FileFormat Format { get; } = new("mettler-text", "Mettler-Toledo STARe text export", true,
        h => Enumerable.Range(0, Math.Max(0, h.Lines.Count - 1)).Any(i => IsNames(Words(h.Lines[i])) && IsUnits(Words(h.Lines[i + 1]))), Read);

    private sealed record Block(List<string> Names, List<double[]> Rows);

    private static Measurement Read(FileContent content)
    {
        var header = new ThermalHeader();
        string[]? names = null;
        Block? open = null;
        var blocks = new List<Block>();
        foreach (var span in content.Text().AsSpan().EnumerateLines())
        {
            var line = span.Trim().ToString();
            if (open is not null && ThermalColumns.Numbers(line.Contains('.', StringComparison.Ordinal) ? line : line.Replace(',', '.'), ' ', open.Names.Count) is { } row) { open.Rows.Add(row); continue; }
            open = null;
            var words = Words(line);
            if (IsNames(words)) { names = words; continue; }
            if (names is not null && IsUnits(words) && words.Length == names.Length - 1)
            {
                open = new([.. names.Select((n, i) => i == 0 ? n : n + words[i - 1])], []);
                open.Names[^1] = (words[^1] is "[mg]" or "[%]" or "[g]" ? "Mass" : "Heat flow") + words[^1];
                blocks.Add(open);
                names = null;
                continue;
            }
            var comma = line.LastIndexOf(", ", StringComparison.Ordinal);
            if (comma > 0 && line.EndsWith(" mg", StringComparison.Ordinal)) { header.TakeMass(line[(comma + 2)..]); }
            if (line.Contains("^exo", StringComparison.OrdinalIgnoreCase)) { header.ExothermUp = true; }
        }
        blocks.RemoveAll(b => b.Rows.Count == 0);
        if (blocks.Count == 0) { throw new InputException("the file holds no curve values", content.Path, "export the curve with its points"); }
        var first = blocks[0];
        var second = blocks.Find(b => b.Names[^1] != first.Names[^1]);
        var columns = ThermalColumns.Of(second is null ? first.Names : [.. first.Names, second.Names[^1]])
            ?? throw new InputException("the curve has no temperature", content.Path, "export the curve against time and temperature");
        foreach (var row in first.Rows) { columns.Add(second is null ? row : [.. row, At(second.Rows, row[1])]); }
        return columns.Curve(content, Format.Name, header);
    }

    private static string[] Words(string line) => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsNames(string[] words) => words is ["Index", _, _, ..];

    private static bool IsUnits(string[] words) => words.Length > 1 && words.All(w => w.StartsWith('[') && w.EndsWith(']'));

    /// <summary>The last column of rows that rise in their second, linearly between them.</summary>
    private static double At(List<double[]> rows, double time)
    {
        var (low, high) = (0, rows.Count - 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (rows[middle][1] <= time) { low = middle; }
            else { high = middle; }
        }
        var (a, b) = (rows[low], rows[high]);
        var part = b[1] > a[1] ? Math.Clamp((time - a[1]) / (b[1] - a[1]), 0, 1) : 0;
        return a[^1] + (part * (b[^1] - a[^1]));
    }
}
