using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// A text with a row that names time, temperature and mass or heat flow, the units in it or in the row below or above; before it anything,
/// of which the sample mass, the direction of exothermic and the heating rate are taken.
/// </summary>
internal static partial class ThermalText
{
    private const int LinesSearched = 250;
    private static readonly SearchValues<char> Numeric = SearchValues.Create("0123456789.,-+eE: ");
    private static readonly SearchValues<char> Written = SearchValues.Create("0123456789.,;-+eE: \t\"");
    private static readonly char[] Separators = [';', '\t', ',', ' '];

    public static FileFormat Format { get; } = new("thermal-csv", "text with time, temperature, mass, heat flow (TRIOS, Setaram and others)", true,
        h => Find(h.Lines) is { Columns.IsCertain: true }, f => Read(f, "thermal-csv"));

    private sealed record Layout(int Line, int FirstRow, char Separator, ThermalColumns Columns);

    /// <summary>The first row that names the columns of a thermal curve and is followed by numbers.</summary>
    private static Layout? Find(IReadOnlyList<string> lines)
    {
        for (var i = 0; i < Math.Min(lines.Count - 2, LinesSearched); i++)
        {
            var line = lines[i];
            if (line.Length is < 5 or > 8192 || !line.Any(char.IsLetter)) { continue; }
            foreach (var separator in Separators)
            {
                var names = Cells(line, separator);
                if (names.Length < 2 || IsNumber(names[0])) { continue; }
                var below = Cells(lines[i + 1], separator);
                var above = i > 0 ? Cells(lines[i - 1], separator) : [];
                if (separator == ' ' && Words(lines[i + 1]).Length != names.Length) { names = Words(line); }
                if (Implied(names, lines.Take(i)) is { } whole) { names = whole; }
                var columns = AreUnits(below) && ThermalColumns.Of(names, below) is { } two ? (two, i + 2)
                    : AreUnits(above) && ThermalColumns.Of(names, above) is { } odd ? (odd, i + 1)
                    : ThermalColumns.Of(names) is { } one ? (one, i + 1) : default;
                if (columns.Item1 is null) { continue; }
                var first = columns.Item2;
                while (first < lines.Count && lines[first].AsSpan().Trim().IsEmpty) { first++; }
                if (first < lines.Count && Cells(lines[first], separator) is { Length: > 1 } row && row.Count(c => IsNumber(c)) >= 2) { return new(i, first, separator, columns.Item1); }
            }
        }
        return null;
    }

    /// <summary>Reads a text of this kind under the name of a format.</summary>
    public static Measurement Read(FileContent content, string format)
    {
        var text = content.Text();
        var head = text.Split('\n', LinesSearched + 4);
        var layout = Find(head) ?? throw content.AtLine(1, "no row names temperature and mass or heat flow above numbers", "name time, temperature and mass or heat flow with units");
        var header = new ThermalHeader();
        foreach (var line in head[..layout.Line]) { Preamble(line, header); }
        var comma = DecimalComma(content, head, layout);
        Rows(content, text, layout.FirstRow, layout.Separator, comma, layout.Columns, header);
        return layout.Columns.Curve(content, format, header);
    }

    /// <summary>Adds every row of numbers from a line on; lines without them are counted, and told where they are more than titles of segments.</summary>
    public static void Rows(FileContent content, ReadOnlySpan<char> text, int firstRow, char separator, bool decimalComma, ThermalColumns columns, ThermalHeader header, bool skipNegative = false)
    {
        var (number, odd, firstOdd) = (0, 0, 0);
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].TrimEnd('\r');
            if (++number <= firstRow || line.Trim().Trim(separator).IsEmpty) { continue; }
            if (skipNegative && line.TrimStart() is ['-', ..]) { continue; }
            if (columns.Add(line, separator, decimalComma)) { continue; }
            // Titles and headers of further segments are words.
            if (line.ContainsAnyExcept(Written)) { continue; }
            if (odd++ == 0) { firstOdd = number; }
        }
        if (odd > Math.Max(3, columns.Count / 20)) { throw content.AtLine(firstOdd, "the row has not the numbers that the header names", "mend or remove it, or export the run again"); }
        if (odd > 0) { header.Warnings.Add(new("rows", $"{odd} rows hold no numbers where the header names them, the first in line {firstOdd}; they are left out")); }
    }

    /// <summary>Takes what a line above the header says of the sample.</summary>
    public static void Preamble(string line, ThermalHeader header)
    {
        var text = line.Trim('\r', ' ', '#', '"', '\t');
        var cut = text.IndexOfAny([':', '\t', ';', '=']);
        if (cut <= 0 || text.Length > 400) { if (MassInside().Match(text) is { Success: true } alone) { header.TakeMass(alone.Groups[1].Value); } return; }
        var (key, value) = (text[..cut].Trim(' ', ','), text[(cut + 1)..].Trim(' ', ':', '\t', ';', ',', '"', '='));
        if (value.Length == 0) { return; }
        header.Metadata.Add(new(key, value.Replace('\t', ' ')));
        var k = key.ToLowerInvariant();
        if (MassKey().IsMatch(k) && !k.Contains("crucible", StringComparison.Ordinal) && !k.Contains("reference", StringComparison.Ordinal) && !k.Contains("molar", StringComparison.Ordinal)) { header.TakeMass(Unit().Match(key) is { Success: true } u && !value.Contains('g', StringComparison.Ordinal) ? $"{value.Split(' ', '\t')[0]} {u.Groups[1].Value}" : value); }
        else if (k.StartsWith("exo", StringComparison.Ordinal)) { header.ExothermUp = value.ToLowerInvariant() switch { "up" or "1" or "+" or "positive" => true, "down" or "-1" or "-" or "negative" => false, _ => null }; }
        else if (k.Contains("heating rate", StringComparison.Ordinal) || k is "heizrate" or "rate" or "升温速率" or "range" || k.StartsWith("seg. 1", StringComparison.Ordinal)) { header.Rate ??= RateOf(value); }
    }

    /// <summary>A heating rate in K/s from a text such as <c>10 K/min</c>, <c>10.0(K/min)</c> or <c>10</c>.</summary>
    private static double? RateOf(string text)
    {
        var m = Rate().Match(text.Replace(',', '.'));
        return m.Success && double.TryParse(m.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v is > 0.01 and < 1000 ? v / 60 : null;
    }

    private static bool DecimalComma(FileContent content, string[] head, Layout layout)
    {
        if (layout.Separator == ',') { return false; }
        var cells = head.Skip(layout.FirstRow).Take(50).SelectMany(l => Cells(l, layout.Separator)).ToArray();
        if (cells.Any(c => c.Count(x => x == '.') > 1 && c.All(x => char.IsDigit(x) || x is '.' or '-')))
        {
            throw content.AtLine(layout.FirstRow + 1, "the numbers were grouped by thousands in a spreadsheet and have lost their decimal point", "export the run again from the instrument and do not save it in a spreadsheet");
        }
        return cells.Any(c => c.Contains(',', StringComparison.Ordinal)) && !cells.Any(c => c.Contains('.', StringComparison.Ordinal));
    }

    private static string[] Cells(string line, char separator)
    {
        var trimmed = line.TrimEnd('\r', ' ', '\t');
        return separator == ' ' ? Spaces().Split(trimmed.Trim()) : trimmed.Split(separator);
    }

    /// <summary>Columns that are set apart by spaces have headers set apart by two or more of them or by tabs, and rows by any.</summary>
    [GeneratedRegex(@"\t+| {2,}")]
    private static partial Regex Spaces();

    private static string[] Words(string line) => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The names with the units that PerkinElmer and Setaram leave out and that are always these; null for others' names.</summary>
    private static string[]? Implied(string[] names, IEnumerable<string> before) =>
        names.Any(n => n.Trim() is "Unsubtracted Weight" or "Unsubtracted Heat Flow") ? [.. names.Select(n => PerkinElmerText.Named(n.Trim()))]
        : names.Contains("Furnace") && before.Any(l => l.Contains("Molar Mass", StringComparison.Ordinal))
            ? [.. names.Select(n => n switch { "Time" => "Time (s)", "Furnace" or "Sample" => n + " Temperature (°C)", "TG" => "TG (mg)", "HeatFlow" => "HeatFlow (mW)", _ => n })] : null;

    private static bool AreUnits(string[] cells) => cells.Length > 1 && cells.Any(c => ThermalColumn.Of("temperature", c).Unit is "c" or "k") && cells.All(c => c.Trim().Length < 16 && !double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private static bool IsNumber(string cell)
    {
        var c = cell.AsSpan().Trim().Trim('"');
        return !c.IsEmpty && (char.IsDigit(c[0]) || c[0] is '-' or '+' or '.') && c.IndexOfAnyExcept(Numeric) < 0;
    }

    [GeneratedRegex(@"(mass|weight|size|masse|gewicht|probenmasse|einwaage|质量|重量|initial mass)")]
    private static partial Regex MassKey();

    [GeneratedRegex(@"[/(\[ ](mg|g|µg|kg)\b")]
    private static partial Regex Unit();

    [GeneratedRegex(@"\b(\d+[.,]\d+ ?mg)\b")]
    private static partial Regex MassInside();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)\s*(?:\(?\s*(?:K|°C|C|deg|℃)\s*/\s*min|$)")]
    private static partial Regex Rate();
}
