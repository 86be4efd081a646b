using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>An image as a matrix of numbers in text, a row a line, without a header.</summary>
internal static class MatrixText
{
    private const int FewestColumns = 16;

    public static FileFormat Format { get; } = new("matrix-text", "matrix of numbers as csv", true,
        h => h.Lines.Count > 1 && Separator(h.Lines[0]) is { } s && Cells(h.Lines[0], s) is { Length: >= FewestColumns } first && (!h.IsWhole && h.Lines.Count == 2 || Cells(h.Lines[1], s)?.Length == first.Length), Read);

    private static char? Separator(string line) => line.Contains('\t', StringComparison.Ordinal) ? '\t' : line.Contains(';', StringComparison.Ordinal) ? ';' : line.Contains(',', StringComparison.Ordinal) ? ',' : null;

    private static double[]? Cells(string line, char separator)
    {
        var text = line.Trim().TrimEnd(separator);
        // Between semicolons or tabs a comma is the decimal sign.
        if (separator != ',' && !text.Contains('.', StringComparison.Ordinal)) { text = text.Replace(',', '.'); }
        return ThermalColumns.Numbers(text, separator, text.Split(separator).Length);
    }

    private static Measurement Read(FileContent content)
    {
        var lines = content.Text().Split('\n');
        var separator = Separator(lines[0]) ?? ',';
        var rows = new List<double[]>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().Trim().IsEmpty) { continue; }
            var row = Cells(lines[i], separator);
            if (row is null || (rows.Count > 0 && row.Length != rows[0].Length)) { throw content.AtLine(i + 1, rows.Count > 0 ? $"the row has not {rows[0].Length} numbers" : "the row is no list of numbers", "export the map again as a matrix"); }
            rows.Add(row);
        }
        // A numbered heading and a numbered first column, as tables of data frames have them, are no counts.
        var numbered = false;
        if (rows.Count > 2 && Ascends(rows[0]) && !Ascends(rows[1])) { (numbered, rows) = (true, rows[1..]); }
        if (numbered && rows[0].Length > 2 && Ascends([.. rows.Select(r => r[0])])) { rows = [.. rows.Select(r => r[1..])]; }
        Images.Check(content, rows[0].Length, rows.Count, 1, content.Bytes.Length);
        return Images.Measurement(content, Format.Name, new(rows[0].Length, rows.Count, [.. rows.SelectMany(r => r.Select(v => (float)v))]) { Bits = 32 }, []) is var m && numbered ? m with { Warnings = [.. m.Warnings, new("image", "the numbered heading of the columns was left out")] } : m;
    }

    /// <summary>0, 1, 2, … or 1, 2, 3, …</summary>
    private static bool Ascends(double[] row) => row[0] is 0 or 1 && row.Index().All(p => p.Item == row[0] + p.Index);
}
