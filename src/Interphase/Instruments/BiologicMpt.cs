using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>BioLogic <c>.mpt</c>: the text export, of any locale, with a header of any length or none.</summary>
internal static partial class BiologicMpt
{
    private const string Name = "biologic-mpt";

    public static readonly FileFormat Format = new(Name, "BioLogic EC-Lab and BT-Lab text export (.mpt)", IsText: true,
        head => HasHeader(head.Text) || (head.Lines.Count > 1 && IsColumnLine(head.Lines[0])), Read)
        { InBlocks = InBlocks };

    private static bool HasHeader(string text) => text.StartsWith("EC-Lab ASCII FILE", StringComparison.Ordinal) || text.StartsWith("BT-Lab ASCII FILE", StringComparison.Ordinal);

    private static bool IsColumnLine(string line)
    {
        var cells = line.Split('\t');
        return cells.Length > 2 && ((cells[0] == "mode" && cells.Contains("time/s")) || (cells.Contains("freq/Hz") && cells.Contains("Re(Z)/Ohm") && cells.Contains("-Im(Z)/Ohm"))
            || (cells.Contains("time/s") && cells.Any(c => c is "Ewe/V" or "<Ewe>/V" or "Ecell/V")));
    }

    private static Measurement Read(FileContent file)
    {
        var text = file.TextBytes();
        var header = Header(file, text.Span, isWhole: true, out var bodyAt)!;
        var body = text[bodyAt..];
        var columns = new Columns(header[^1], body.Span);
        return Measured(file, header, columns, DelimitedText.Read(body.Span, (byte)'\t', columns.Readers));
    }

    private static Measurement? InBlocks(FileContent beginning, TextBlocks blocks, long? length)
    {
        var text = beginning.Span;
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0xEF, 0xBB, 0xBF, ..] || !text.Contains((byte)'\n')) { return null; }
        if (Header(beginning, text, isWhole: false, out var bodyAt) is not { } header || text.Length - bodyAt < FewestBytes) { return null; }
        var body = text[bodyAt..];
        var columns = new Columns(header[^1], body);
        var rows = length is { } bytes ? (bytes - bodyAt) * (body.Count((byte)'\n') + 1) / body.Length : RowsAtFirst;
        var table = new DelimitedText.Builder((byte)'\t', columns.Readers, (byte)'\n', (int)Math.Min(rows + (rows >> 6), Array.MaxLength));
        table.Add(blocks.Next()[bodyAt..]);
        while (blocks.Next() is { Length: > 0 } block) { table.Add(block); }
        return Measured(beginning, header, columns, table.Done());
    }

    private const int FewestBytes = 1 << 12, RowsAtFirst = 1 << 12;

    /// <summary>The names of the columns and how each is read, decided by the first rows.</summary>
    private sealed class Columns
    {
        public Columns(string line, ReadOnlySpan<byte> body)
        {
            Names = [.. line.Split('\t').Select(n => n.Trim())];
            while (Names.Count > 0 && Names[^1].Length == 0) { Names.RemoveAt(Names.Count - 1); }
            HasComma = HasDecimalComma(body);
            CellReader number = HasComma ? DecimalComma : DecimalPoint;
            Readers = [.. Names.Select(_ => number)];
            var time = Names.IndexOf("time/s");
            Dates = time >= 0 && FirstCell(body, time) is { } first ? ParseDate(first) : null;
            if (Dates is { } origin) { Readers[time] = cell => ParseDate(cell) is { } d ? (d - origin).TotalSeconds : double.NaN; }
        }

        public List<string> Names { get; }
        public CellReader?[] Readers { get; }
        public bool HasComma { get; }
        public DateTime? Dates { get; }
    }

    private static Measurement Measured(FileContent file, List<string> header, Columns columns, DelimitedText table)
    {
        var (names, dates, warnings) = (columns.Names, columns.Dates, new List<Warning>());
        if (table.WidestRow > names.Count)
        {
            throw file.AtLine(header.Count + 1, $"a row has {table.WidestRow} values under {names.Count} column names, so the numbers do not stand under their names", "export the file again, with all of its columns");
        }
        TextTable.CheckRows(file, table, warnings);
        for (var c = 0; c < names.Count; c++)
        {
            if (table.Unreadable[c] > 0) { warnings.Add(new(names[c], $"{table.Unreadable[c]} cells are no numbers, first in row {table.FirstUnreadable[c] + 1}; they are left empty")); }
        }
        if (dates is not null) { warnings.Add(new(ColumnNames.Time, "time is given as dates; it is counted from the first row")); }

        var metadata = BiologicHeader.Entries(header.Skip(4).SkipLast(1), columns.HasComma);
        if (header.Count > 4 && header[3].Trim().Length > 0) { metadata.Insert(0, new("technique", header[3].Trim())); }
        var start = dates is { } clock ? new StartTime(clock, null) : BiologicHeader.StartOf(metadata);
        var reference = References.Of(metadata.FirstOrDefault(m => m.Name == MetadataNames.ReferenceElectrode)?.Text);
        var sources = names.Select((n, i) => new BiologicQuantities.Source(n, n, scale => Scaled(table.Columns[i], scale))).ToArray();
        var (series, spectra, found) = BiologicQuantities.Build(sources, reference, table.Rows, []);
        warnings.AddRange(found);
        return new()
        {
            File = file.Path, Format = Name, Technique = header.Count > 4 ? header[3].Trim() : "", Start = start, Metadata = metadata, Series = series,
            Spectra = [.. spectra.Select(s => s with { File = file.Path, Start = start })], Warnings = warnings,
            Native = () => new([.. names.Select((n, i) => new NativeColumn(n, table.Columns[i]))]),
        };
    }

    private static double DecimalPoint(ReadOnlySpan<byte> cell) => DelimitedText.Point(cell);

    private static double DecimalComma(ReadOnlySpan<byte> cell) => DelimitedText.Comma(cell);

    /// <summary>The header's lines, the last being the column names; where the rows begin. Null where it passes the end of what is there of the file.</summary>
    private static List<string>? Header(FileContent file, ReadOnlySpan<byte> text, bool isWhole, out int bodyAt)
    {
        var lines = new List<string>();
        var end = text.Contains((byte)'\n') ? (byte)'\n' : (byte)'\r';
        var p = 0;
        var count = 0;
        while (p < text.Length)
        {
            var length = text[p..].IndexOf(end);
            var line = TextEncodings.Decode(length < 0 ? text[p..] : text.Slice(p, length)).TrimEnd('\r');
            p = length < 0 ? text.Length : p + length + 1;
            lines.Add(line);
            if (lines.Count == 1 && !HasHeader(line)) { count = 1; }
            if (lines.Count >= 2 && count == 0 && line.Length > 0)
            {
                var m = HeaderLines().Match(line);
                count = m.Success && int.TryParse(m.Groups[1].Value, out var n) && n is >= 3 and < 1_000_000 ? n
                    : throw file.AtLine(lines.Count, "the number of header lines is missing", "export the file again from EC-Lab");
            }
            if (count > 0 && lines.Count == count)
            {
                bodyAt = p;
                if (!line.Contains('\t', StringComparison.Ordinal)) { throw file.AtLine(count, "the line of column names is missing", "export the file again from EC-Lab"); }
                return lines;
            }
        }
        bodyAt = 0;
        if (!isWhole) { return null; }
        throw file.AtLine(lines.Count, $"the file ends inside its header of {count} lines", "copy or export the file again");
    }

    /// <summary>Decimal commas are known by the numbers themselves: a comma and no point.</summary>
    private static bool HasDecimalComma(ReadOnlySpan<byte> body)
    {
        var some = body[..Math.Min(body.Length, 1 << 16)];
        return some.Contains((byte)',') && !some.Contains((byte)'.');
    }

    private static byte[]? FirstCell(ReadOnlySpan<byte> body, int column)
    {
        var end = body.IndexOf((byte)'\n');
        var line = end < 0 ? body : body[..end];
        for (var c = 0; ; c++)
        {
            var tab = line.IndexOf((byte)'\t');
            if (c == column) { return (tab < 0 ? line : line[..tab]).ToArray(); }
            if (tab < 0) { return null; }
            line = line[(tab + 1)..];
        }
    }

    private static DateTime? ParseDate(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is < 14 or > 40 || (!cell.Contains((byte)':') && !cell.Contains((byte)'/'))) { return null; }
        return ParseDate(TextEncodings.Windows1252.GetString(cell).Trim());
    }

    /// <summary>EC-Lab writes month, day, year in every locale; only the separators differ.</summary>
    internal static DateTime? ParseDate(string text)
    {
        var m = Date().Match(text);
        if (!m.Success) { return null; }
        int N(int g) => int.Parse(m.Groups[g].Value, CultureInfo.InvariantCulture);
        var (month, day, year) = (N(1), N(2), N(3));
        if (month > 12) { (month, day) = (day, month); }
        if (month is < 1 or > 12 || day < 1 || year is < 1900 or > 9998 || day > DateTime.DaysInMonth(year, month) || N(4) > 23 || N(5) > 59 || N(6) > 59) { return null; }
        var fraction = m.Groups[7].Success ? double.Parse("0." + m.Groups[7].Value, CultureInfo.InvariantCulture) : 0;
        return new DateTime(year, month, day, N(4), N(5), N(6)).AddTicks((long)Math.Round(fraction * TimeSpan.TicksPerSecond));
    }

    /// <summary>A column in SI; the vendor's numbers stay as they are for its own table.</summary>
    private static double[] Scaled(double[] values, double scale) => scale == 1 ? values : Array.ConvertAll(values, v => v * scale);

    [GeneratedRegex(@"^Nb header lines\s*:\s*(\d{1,9})\s*$")]
    private static partial Regex HeaderLines();

    [GeneratedRegex(@"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s+(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,7}))?")]
    private static partial Regex Date();
}
