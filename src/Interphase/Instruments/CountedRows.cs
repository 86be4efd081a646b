using System.Globalization;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>ELINS <c>.i2b</c>: lines of text, a line with the number of points, and as many rows of frequency, real and imaginary part.</summary>
internal static class CountedRows
{
    private const string Name = "elins-i2b";

    public static readonly FileFormat Format = new(Name, "ELINS impedance (.i2b): a count and rows of frequency, Z', Z''", IsText: true,
        head => Start(head.Lines) >= 0, Read);

    /// <summary>The line of the count: an integer alone, with a falling or rising frequency in three columns under it.</summary>
    private static int Start(IReadOnlyList<string> lines)
    {
        for (var i = 0; i + 3 < Math.Min(lines.Count, 100); i++)
        {
            if (!int.TryParse(lines[i].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 3) { continue; }
            if (Row(lines[i + 1]) is { } a && Row(lines[i + 2]) is { } b && a[0] > 0 && b[0] > 0 && a[0] != b[0]) { return i; }
        }
        return -1;
    }

    private static double[]? Row(string line)
    {
        var cells = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (cells.Length != 3) { return null; }
        var row = new double[3];
        for (var k = 0; k < 3; k++)
        {
            if (!double.TryParse(cells[k], NumberStyles.Float, CultureInfo.InvariantCulture, out row[k]) || !double.IsFinite(row[k])) { return null; }
        }
        return row;
    }

    private static Measurement Read(FileContent file)
    {
        string[] lines = [.. file.Text().Split('\n').Select(l => l.TrimEnd('\r'))];
        var start = Start(lines);
        if (start < 0) { throw file.AtLine(1, "the number of points is missing", "export the file again"); }
        var count = int.Parse(lines[start].Trim(), CultureInfo.InvariantCulture);
        if (count > lines.Length - start - 1) { throw file.AtLine(lines.Length, $"the file is cut off: it announces {count} points", "copy or export it again"); }
        var columns = new double[3][];
        for (var k = 0; k < 3; k++) { columns[k] = new double[count]; }
        for (var i = 0; i < count; i++)
        {
            var row = Row(lines[start + 1 + i]) ?? throw file.AtLine(start + 2 + i, "the line is not frequency, real and imaginary part", "export the file again");
            for (var k = 0; k < 3; k++) { columns[k][i] = row[k]; }
        }
        var comments = string.Join('\n', lines.Take(start)).Trim();
        return TextTable.Measure(file, Name,
            [new(ColumnNames.Frequency, "Hz", columns[0], "column 1"), new(ColumnNames.RealImpedance, "ohm", columns[1], "column 2"), new(ColumnNames.ImaginaryImpedance, "ohm", columns[2], "column 3")],
            [], comments.Length > 0 ? [new(MetadataNames.Comments, comments)] : null, null, "impedance");
    }
}
