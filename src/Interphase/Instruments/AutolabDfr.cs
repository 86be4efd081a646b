using System.Globalization;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Impedance of Eco Chemie's frequency response analyser, <c>.dfr</c>: a line <c>Version…</c>, the number of points, a line of
/// settings, and nine lines a point, of which the first six are frequency, Z′, −Z″, potential, current and time.
/// </summary>
internal static class AutolabDfr
{
    private const string Name = "autolab-dfr";
    private const int LinesPerPoint = 9;
    private const int MostPoints = 100_000;

    public static readonly FileFormat Format = new(Name, "Eco Chemie (Autolab) impedance (.dfr)", IsText: true, head =>
        head.Lines.Count > 12 && head.Lines[0].Trim().StartsWith("version", StringComparison.OrdinalIgnoreCase) && head.Lines[0].Trim().Length < 20
        && int.TryParse(head.Lines.Skip(1).FirstOrDefault(l => l.Trim().Length > 0)?.Trim(), CultureInfo.InvariantCulture, out _), Read);

    private static Measurement Read(FileContent file)
    {
        var lines = file.Text().Split('\n').Select((l, i) => (Text: l.Trim(), Line: i + 1)).Where(l => l.Text.Length > 0).ToArray();
        if (!int.TryParse(lines[1].Text, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostPoints)
        {
            throw file.AtLine(lines[1].Line, $"'{lines[1].Text}' is not a number of points", "copy or export the file again");
        }
        if (lines.Length < 3 + (LinesPerPoint * count)) { throw file.AtLine(lines[^1].Line, $"the file is cut off: it announces {count} points and holds {(lines.Length - 3) / LinesPerPoint}", "copy or export it again"); }
        var values = new double[6][];
        for (var c = 0; c < values.Length; c++) { values[c] = new double[count]; }
        var comma = lines.Skip(3).Take(LinesPerPoint * count).Any(l => l.Text.Contains(',', StringComparison.Ordinal));
        for (var i = 0; i < count; i++)
        {
            for (var c = 0; c < values.Length; c++)
            {
                var (text, line) = lines[3 + (LinesPerPoint * i) + c];
                if (!double.TryParse(comma ? text.Replace(',', '.') : text, NumberStyles.Float, CultureInfo.InvariantCulture, out values[c][i]) || !double.IsFinite(values[c][i]))
                {
                    throw file.AtLine(line, $"'{text}' is not a number", "copy or export the file again");
                }
            }
            if (values[0][i] <= 0) { throw file.AtLine(lines[3 + (LinesPerPoint * i)].Line, $"the frequency of point {i + 1} is not positive", "copy or export the file again"); }
        }
        var warnings = new List<Warning>();
        List<Column> columns =
        [
            new(ColumnNames.Frequency, "Hz", values[0], "line 1 of a point"), new(ColumnNames.RealImpedance, "ohm", values[1], "line 2"),
            new(ColumnNames.ImaginaryImpedance, "ohm", [.. values[2].Select(v => -v)], "line 3, turned"),
            new(ColumnNames.Potential, "V", values[3], "line 4", PotentialReference.Unknown), new(ColumnNames.Current, "A", values[4], "line 5"),
        ];
        if (Enumerable.Range(1, count - 1).All(i => values[5][i] >= values[5][i - 1]) && values[5][^1] > 0) { columns.Add(new(ColumnNames.Time, "s", values[5], "line 6")); }
        return TextTable.Measure(file, Name, columns, warnings, null, null, "impedance");
    }
}
