using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Any delimited text with a header row that names quantities and units (comma, semicolon, tab or spaces; decimal point or
/// comma; lines of text before the header), and the bare three columns frequency, real and imaginary part.
/// </summary>
internal static class NamedText
{
    private const string Name = "delimited-text";
    private const int LinesSearched = 200;
    private static readonly char[] Separators = ['\t', ';', ',', ' '];

    public static readonly FileFormat Format = new(Name, "delimited text with named columns (time, voltage, current …, or frequency and impedance)", IsText: true,
        head => FindHeader(head) is not null || BareSeparator(head) is not null, Read);

    private static Measurement Read(FileContent file)
    {
        var head = TextTable.HeadOf(file);
        return FindHeader(head) is { } layout ? TextTable.Read(file, Name, layout) : Bare(file, BareSeparator(head)!.Value);
    }

    /// <summary>The first line whose cells name what a measurement needs, with numbers under them.</summary>
    private static TextTable.Layout? FindHeader(FileHead head)
    {
        var lines = head.Lines;
        for (var i = 0; i + 1 < Math.Min(lines.Count, LinesSearched); i++)
        {
            if (NotRead.TableOf(lines[i]) is not null) { return null; }
            if (lines[i].Length is < 3 or > 8192) { continue; }
            foreach (var separator in Separators)
            {
                if (separator != ' ' && !lines[i].Contains(separator, StringComparison.Ordinal)) { continue; }
                var names = Cells(lines[i], separator);
                if (names.Count is < 2 or > 500 || names.All(n => double.TryParse(n, CultureInfo.InvariantCulture, out _))) { continue; }
                if (!NamesMeasurement(names)) { continue; }
                for (var skip = 1; skip <= 2 && i + skip < lines.Count; skip++)
                {
                    if (IsRow(lines[i + skip], separator)) { return new() { HeaderLine = i, Separator = separator, Skip = skip - 1 }; }
                }
            }
        }
        return null;
    }

    private static bool NamesMeasurement(List<string> names)
    {
        var known = names.Select(n => ColumnHeader.Of(n).Quantity).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var impedance = known.Contains(ColumnNames.Frequency) && ((known.Contains(ColumnNames.RealImpedance) && known.Contains(ColumnNames.ImaginaryImpedance)) || (known.Contains("impedanceMagnitude") && known.Contains("impedancePhase")));
        return impedance || (known.Contains(ColumnNames.Time) && (known.Contains(ColumnNames.Potential) || known.Contains(ColumnNames.Current)));
    }

    /// <summary>Whether the last line that is not empty names quantities, so that rows should follow and none does.</summary>
    public static bool HasHeaderOnly(FileHead head) => head.IsWhole && head.Lines.LastOrDefault(l => l.Trim().Length > 0) is { Length: <= 8192 } last
        && Separators.Any(s => last.Contains(s, StringComparison.Ordinal) && Cells(last, s) is { Count: >= 2 and <= 500 } names && NamesMeasurement(names));

    private static bool IsRow(string line, char separator)
    {
        var cells = Cells(line, separator).Where(c => c.Length > 0).ToArray();
        return cells.Length >= 2 && cells.Count(IsNumber) * 2 >= cells.Length && cells.Count(IsNumber) >= 2;
    }

    private static bool IsNumber(string cell) =>
        double.TryParse(cell.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _) || (cell.Contains(':', StringComparison.Ordinal) && char.IsAsciiDigit(cell[^1]));

    private static List<string> Cells(string line, char separator) =>
        separator == ' ' ? [.. line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)] : DelimitedText.Split(line, separator);

    /// <summary>Three columns of numbers, the first positive, running one way over at least a decade: frequency, Z', Z''.</summary>
    private static char? BareSeparator(FileHead head)
    {
        var lines = head.Lines.Where(l => l.Trim().Length > 0).Take(LinesSearched).ToArray();
        if (!head.IsWhole && lines.Length > 1) { lines = lines[..^1]; }
        if (lines.Length < 5) { return null; }
        foreach (var separator in Separators)
        {
            var rows = lines.Select(l => Cells(l, separator).Where(c => c.Length > 0).ToArray()).ToArray();
            if (rows.Any(r => r.Length != 3 || !r.All(c => double.TryParse(c.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _)))) { continue; }
            var f = rows.Select(r => double.Parse(r[0].Replace(',', '.'), CultureInfo.InvariantCulture)).ToArray();
            var rises = Enumerable.Range(1, f.Length - 1).All(i => f[i] > f[i - 1]);
            var falls = Enumerable.Range(1, f.Length - 1).All(i => f[i] < f[i - 1]);
            if (f.All(x => x > 0) && (rises || falls) && f.Max() / f.Min() >= 10) { return separator; }
        }
        return null;
    }

    private static Measurement Bare(FileContent file, char separator)
    {
        var text = file.TextBytes();
        CellReader number = TextTable.HasDecimalComma(text.Span, separator) ? DelimitedText.Comma : DelimitedText.Point;
        var table = DelimitedText.Read(text.Span, (byte)separator, [number, number, number]);
        List<Warning> warnings = [new("columns", "the columns have no names; they are taken as frequency in Hz, and real and imaginary part in ohm")];
        TextTable.CheckRows(file, table, warnings);
        if (table.Unreadable.Sum() > 0) { warnings.Add(new("columns", $"{table.Unreadable.Sum()} cells are no numbers; their rows are left out")); }
        List<Column> columns =
        [
            new(ColumnNames.Frequency, "Hz", table.Columns[0], "column 1"), new(ColumnNames.RealImpedance, "ohm", table.Columns[1], "column 2"),
            new(ColumnNames.ImaginaryImpedance, "ohm", table.Columns[2], "column 3"),
        ];
        return TextTable.Measure(file, Name, columns, warnings, null, null, "");
    }
}
