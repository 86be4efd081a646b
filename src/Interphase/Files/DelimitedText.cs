using System.Globalization;

namespace Interphase.Files;

/// <summary>Reads one cell of a delimited text as a number; NaN where it holds none.</summary>
public delegate double CellReader(ReadOnlySpan<byte> cell);

/// <summary>
/// Columns of numbers read from delimited text without making a string of any cell.
/// </summary>
/// <param name="Columns">One array for each column asked for; empty where none was asked for.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Unreadable">For each column, how many cells held text that is no number.</param>
/// <param name="FirstUnreadable">For each column, the row (from 0) of the first such cell; −1 where there is none.</param>
/// <param name="WidestRow">Number of cells in the row that has most (a trailing empty cell not counted).</param>
public sealed record DelimitedText(double[][] Columns, int Rows, int[] Unreadable, int[] FirstUnreadable, int WidestRow)
{
    /// <summary>How many rows have fewer cells than there are columns.</summary>
    public int ShortRows { get; private init; }

    /// <summary>True where the last row is short and no line end follows it: the file was cut off there.</summary>
    public bool IsCutOff { get; private init; }

    /// <summary>True where no line end follows the last row and its last cell is shorter than the one above: it may be cut off in its last number.</summary>
    public bool MayBeCutOff { get; private init; }

    /// <summary>
    /// Reads the rows of <paramref name="text"/>: lines end in LF, CR LF or CR, empty lines are skipped, a missing cell is NaN,
    /// cells may stand in double quotes. A space as separator means any run of spaces and tabs.
    /// </summary>
    /// <param name="text">The rows, without their header.</param>
    /// <param name="separator">The separator.</param>
    /// <param name="columns">How each column is read; null for one that is not wanted.</param>
    public static DelimitedText Read(ReadOnlySpan<byte> text, byte separator, IReadOnlyList<CellReader?> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var lineEnd = text.Contains((byte)'\n') ? (byte)'\n' : (byte)'\r';
        var rows = new Builder(separator, columns, lineEnd, text.Count(lineEnd) + (text.Length > 0 && text[^1] == lineEnd ? 0 : 1));
        rows.Add(text);
        return rows.Done();
    }

    /// <summary>Columns that grow with each block of whole lines; only the last block may end inside a line.</summary>
    internal sealed class Builder(byte separator, IReadOnlyList<CellReader?> columns, byte lineEnd, int capacity)
    {
        private readonly CellReader?[] columns = [.. columns];
        private readonly double[][] values = [.. columns.Select(c => c is null ? [] : GC.AllocateUninitializedArray<double>(capacity))];
        private readonly int[] unreadable = new int[columns.Count];
        private readonly int[] first = [.. Enumerable.Repeat(-1, columns.Count)];
        private int rows, widest, shortRows, lastCell, room = capacity;
        private bool cut, shorter;

        public void Add(ReadOnlySpan<byte> text)
        {
            var quoted = text.Contains((byte)'"');
            ReadOnlySpan<byte> above = default;
            while (text.Length > 0)
            {
                var end = text.IndexOf(lineEnd);
                var line = end < 0 ? text : text[..end];
                text = end < 0 ? default : text[(end + 1)..];
                while (line.Length > 0 && line[^1] == '\r') { line = line[..^1]; }
                if (IsBlank(line)) { continue; }
                if (rows == room) { Resize(Math.Max(1024, room + (room >> 1))); }
                var cells = new Cells(line, separator, quoted);
                var column = 0;
                while (cells.Next(out var cell))
                {
                    if (column < columns.Length && columns[column] is { } read)
                    {
                        var value = read(cell);
                        values[column][rows] = value;
                        if (double.IsNaN(value) && IsText(cell))
                        {
                            if (unreadable[column]++ == 0) { first[column] = rows; }
                        }
                    }
                    column++;
                    if (column > widest && !cell.IsEmpty) { widest = column; }
                }
                if (column < columns.Length)
                {
                    shortRows++;
                    cut = end < 0;
                }
                if (end < 0) { shorter = rows == 0 || LastCell(line, separator).Length < (above.IsEmpty ? lastCell : LastCell(above, separator).Length); }
                above = line;
                for (; column < columns.Length; column++)
                {
                    if (columns[column] is not null) { values[column][rows] = double.NaN; }
                }
                rows++;
            }
            if (!above.IsEmpty) { lastCell = LastCell(above, separator).Length; }
        }

        public DelimitedText Done()
        {
            if (rows != room) { Resize(rows); }
            return new(values, rows, unreadable, first, widest) { ShortRows = shortRows, IsCutOff = cut, MayBeCutOff = shorter };
        }

        private void Resize(int size)
        {
            room = size;
            for (var c = 0; c < values.Length; c++)
            {
                if (columns[c] is not null) { Array.Resize(ref values[c], size); }
            }
        }
    }

    /// <summary>The cells of one line as text, unquoted and trimmed.</summary>
    public static List<string> Split(string line, char separator)
    {
        ArgumentNullException.ThrowIfNull(line);
        var bytes = System.Text.Encoding.UTF8.GetBytes(line);
        var cells = new Cells(bytes, (byte)separator, bytes.AsSpan().Contains((byte)'"'));
        var found = new List<string>();
        while (cells.Next(out var cell)) { found.Add(System.Text.Encoding.UTF8.GetString(cell).Trim()); }
        return found;
    }

    /// <summary>A number with a decimal point.</summary>
    public static double Point(ReadOnlySpan<byte> cell) => Number(cell, (byte)'.');

    /// <summary>A number with a decimal comma.</summary>
    public static double Comma(ReadOnlySpan<byte> cell) => Number(cell, (byte)',');

    /// <summary>A number with a decimal point, its thousands perhaps set apart by commas (<c>5,577,644.47</c>).</summary>
    public static double Grouped(ReadOnlySpan<byte> cell)
    {
        var value = Number(cell, (byte)'.');
        if (!double.IsNaN(value) || cell.IndexOf((byte)',') < 0 || cell.Length > 64) { return value; }
        cell = cell.Trim((byte)' ');
        var end = cell.IndexOf((byte)'.') is >= 0 and var p ? p : cell.Length;
        Span<byte> plain = stackalloc byte[cell.Length];
        var length = 0;
        for (var i = 0; i < cell.Length; i++)
        {
            if (cell[i] != ',') { plain[length++] = cell[i]; }
            else if (i == 0 || !char.IsAsciiDigit((char)cell[i - 1]) || i >= end || (end - i) % 4 != 0) { return double.NaN; }
        }
        return Number(plain[..length], (byte)'.');
    }

    /// <summary>A number that may end in a prefix of the unit in its header (<c>727.384m</c>, <c>1.5k</c>).</summary>
    /// <param name="cell">Its text.</param>
    /// <param name="point">The decimal separator.</param>
    public static double Prefixed(ReadOnlySpan<byte> cell, byte point)
    {
        var value = Number(cell, point);
        cell = cell.Trim((byte)' ');
        if (!double.IsNaN(value) || cell.Length < 2) { return value; }
        var scale = cell[^1] switch { (byte)'n' => 1e-9, (byte)'u' => 1e-6, (byte)'m' => 1e-3, (byte)'k' => 1e3, (byte)'M' => 1e6, (byte)'G' => 1e9, _ => double.NaN };
        return Number(cell[..^1], point) * scale;
    }

    /// <summary>A number with either.</summary>
    /// <param name="cell">Its text; spaces around it are allowed.</param>
    /// <param name="point">The decimal separator.</param>
    /// <returns>The nearest double; NaN where the text is no number.</returns>
    public static double Number(ReadOnlySpan<byte> cell, byte point)
    {
        cell = cell.Trim((byte)' ');
        ulong mantissa = 0;
        var digits = 0;
        var scale = 0;
        var i = 0;
        var negative = false;
        if (cell.Length > 0 && (cell[0] == '-' || cell[0] == '+')) { negative = cell[0] == '-'; i = 1; }
        var start = i;
        for (; i < cell.Length && (uint)(cell[i] - '0') <= 9; i++)
        {
            mantissa = (mantissa * 10) + (uint)(cell[i] - '0');
            if (mantissa != 0) { digits++; }
        }
        var any = i > start;
        if (i < cell.Length && cell[i] == point)
        {
            i++;
            var fraction = i;
            for (; i < cell.Length && (uint)(cell[i] - '0') <= 9; i++)
            {
                mantissa = (mantissa * 10) + (uint)(cell[i] - '0');
                if (mantissa != 0) { digits++; }
            }
            scale = fraction - i;
            any |= i > fraction;
        }
        if (!any) { return double.NaN; }
        if (i < cell.Length && (cell[i] | 0x20) == 'e')
        {
            i++;
            var exponentNegative = false;
            if (i < cell.Length && (cell[i] == '-' || cell[i] == '+')) { exponentNegative = cell[i] == '-'; i++; }
            var exponentStart = i;
            var exponent = 0;
            for (; i < cell.Length && (uint)(cell[i] - '0') <= 9 && exponent < 10000; i++) { exponent = (exponent * 10) + cell[i] - '0'; }
            if (i == exponentStart) { return double.NaN; }
            scale += exponentNegative ? -exponent : exponent;
        }
        if (i != cell.Length) { return double.NaN; }
        // Exact where both the digits and the power of ten are exact doubles (Clinger 1990); the library's parser otherwise.
        if (digits <= 18 && mantissa <= 1UL << 53 && scale is >= -22 and <= 22)
        {
            double value = mantissa;
            value = scale < 0 ? value / PowersOfTen[-scale] : value * PowersOfTen[scale];
            return negative ? -value : value;
        }
        return Slow(cell, point);
    }

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 23).Select(n => double.Parse("1e" + n, CultureInfo.InvariantCulture))];

    private static double Slow(ReadOnlySpan<byte> cell, byte point)
    {
        if (cell.Length > 256) { return double.NaN; }
        Span<byte> text = stackalloc byte[cell.Length];
        cell.CopyTo(text);
        text.Replace(point, (byte)'.');
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN;
    }

    private static bool IsText(ReadOnlySpan<byte> cell)
    {
        cell = cell.Trim((byte)' ');
        return !(cell.IsEmpty || cell.SequenceEqual("-"u8) || Ascii(cell, "nan") || Ascii(cell, "null") || Ascii(cell, "none") || Ascii(cell, "n/a") || Ascii(cell, "na"));
    }

    private static bool Ascii(ReadOnlySpan<byte> cell, string word) => System.Text.Ascii.EqualsIgnoreCase(cell, word);

    private static ReadOnlySpan<byte> LastCell(ReadOnlySpan<byte> line, byte separator) => line[(line.LastIndexOf(separator) + 1)..].Trim("- "u8);

    private static bool IsBlank(ReadOnlySpan<byte> line)
    {
        foreach (var b in line)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)',' or (byte)';')) { return false; }
        }
        return true;
    }

    private ref struct Cells(ReadOnlySpan<byte> line, byte separator, bool quoted)
    {
        private ReadOnlySpan<byte> rest = separator == ' ' ? line.Trim(" \t"u8) : line;
        private bool done;

        public bool Next(out ReadOnlySpan<byte> cell)
        {
            cell = default;
            if (done) { return false; }
            if (quoted && rest.Length > 0 && rest[0] == '"')
            {
                var close = rest[1..].IndexOf((byte)'"');
                if (close >= 0)
                {
                    cell = rest[1..(close + 1)];
                    rest = rest[(close + 2)..];
                    var next = rest.IndexOf(separator);
                    if (next < 0) { done = true; }
                    else { rest = rest[(next + 1)..]; }
                    return true;
                }
            }
            var end = separator == ' ' ? rest.IndexOfAny((byte)' ', (byte)'\t') : rest.IndexOf(separator);
            if (end < 0)
            {
                cell = rest;
                done = true;
                return true;
            }
            cell = rest[..end];
            rest = rest[(end + 1)..];
            if (separator == ' ') { rest = rest.TrimStart(" \t"u8); }
            return true;
        }
    }
}
