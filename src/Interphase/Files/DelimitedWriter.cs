using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Interphase.Files;

/// <summary>A column of a table to be written: numbers, or text where there is some.</summary>
/// <param name="Name">Its header.</param>
/// <param name="Values">One number a row; what is not finite becomes an empty cell.</param>
/// <param name="Text">One text a row instead.</param>
public readonly record struct DelimitedColumn(string Name, double[] Values, string[]? Text = null);

/// <summary>
/// Writes comma separated UTF-8: decimal points, and for every number the shortest text that reads back as the same double. Rows are
/// put into text on all processors and written in order, the ones while the others are made.
/// </summary>
public static class DelimitedWriter
{
    private const int RowsAtOnce = 4096, LongestNumber = 32;

    // Whole numbers of at most fifteen digits over a power of ten are exact quotients of two doubles.
    private const double LargestExact = 1e15;

    /// <summary>Writes a header row and the rows.</summary>
    public static void Write(Stream stream, IReadOnlyList<DelimitedColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(columns);
        stream.Write(Encoding.UTF8.GetBytes(string.Join(',', columns.Select(c => Quoted(c.Name))) + "\n"));
        var table = columns.ToArray();
        var rows = table.Length == 0 ? 0 : table[0].Text?.Length ?? table[0].Values.Length;
        var parts = Math.Clamp((rows + RowsAtOnce - 1) / RowsAtOnce, 1, 2 * Environment.ProcessorCount);
        ArrayBufferWriter<byte>[] Buffers() => [.. Enumerable.Range(0, parts).Select(_ => new ArrayBufferWriter<byte>(RowsAtOnce * 16 * Math.Max(table.Length, 1)))];
        var (filling, written) = (Buffers(), rows > parts * RowsAtOnce ? Buffers() : []);
        var writing = Task.CompletedTask;
        try
        {
            for (var from = 0; from < rows; from += parts * RowsAtOnce)
            {
                var (first, buffers) = (from, filling);
                if (rows - from <= RowsAtOnce) { Rows(buffers[0], table, from, rows); }
                else { Parallel.For(0, parts, p => Rows(buffers[p], table, Math.Min(rows, first + (p * RowsAtOnce)), Math.Min(rows, first + ((p + 1) * RowsAtOnce)))); }
                // The rows before go out while the next ones are made.
                writing.GetAwaiter().GetResult();
                writing = Task.Run(() => Out(stream, buffers));
                (filling, written) = (written, filling);
            }
        }
        finally { writing.GetAwaiter().GetResult(); }
    }

    private static void Out(Stream stream, ArrayBufferWriter<byte>[] buffers)
    {
        foreach (var buffer in buffers)
        {
            stream.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(ArrayBufferWriter<byte> buffer, DelimitedColumn[] columns, int from, int to)
    {
        for (var r = from; r < to; r++)
        {
            var span = buffer.GetSpan((LongestNumber + 1) * columns.Length);
            var at = 0;
            for (var c = 0; c < columns.Length; c++)
            {
                if (c > 0) { span[at++] = (byte)','; }
                if (columns[c].Text is { } text)
                {
                    buffer.Advance(at);
                    Encoding.UTF8.GetBytes(Quoted(text[r]), buffer);
                    span = buffer.GetSpan((LongestNumber + 1) * columns.Length);
                    at = 0;
                    continue;
                }
                at += Number(columns[c].Values[r], span[at..]);
            }
            span[at++] = (byte)'\n';
            buffer.Advance(at);
        }
    }

    /// <summary>Writes the shortest text of a number that reads back the same; nothing where it is not finite.</summary>
    /// <returns>How many bytes it took, at most 32.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Number(double value, Span<byte> to)
    {
        if (!double.IsFinite(value)) { return 0; }
        var size = Math.Abs(value);
        if (size < LargestExact)
        {
            var whole = Math.Truncate(size);
            if (whole == size) { return Decimal(value < 0, (long)whole, 0, to); }
            // Times, counts and settings have few decimals: the quotient says exactly whether these do.
            var scaled = Math.Round(size * 1e3);
            if (scaled < LargestExact && scaled / 1e3 == size) { return Decimal(value < 0, (long)scaled, 3, to); }
            scaled = Math.Round(size * 1e6);
            if (scaled is < LargestExact and >= 1 && scaled / 1e6 == size) { return Decimal(value < 0, (long)scaled, 6, to); }
            scaled = Math.Round(size * 1e9);
            if (scaled is < LargestExact and >= 1 && scaled / 1e9 == size) { return Decimal(value < 0, (long)scaled, 9, to); }
        }
        value.TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>A whole number over a power of ten, without zeros at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Decimal(bool negative, long digits, int decimals, Span<byte> to)
    {
        while (decimals > 0 && digits % 10 == 0) { digits /= 10; decimals--; }
        var at = 0;
        if (negative) { to[at++] = (byte)'-'; }
        if (decimals == 0)
        {
            Utf8Formatter.TryFormat(digits, to[at..], out var length);
            return at + length;
        }
        var power = decimals switch { 1 => 10L, 2 => 100, 3 => 1000, 4 => 10_000, 5 => 100_000, 6 => 1_000_000, 7 => 10_000_000, 8 => 100_000_000, _ => 1_000_000_000 };
        var whole = digits / power;
        var rest = digits - (whole * power);
        Utf8Formatter.TryFormat(whole, to[at..], out var n);
        at += n;
        to[at++] = (byte)'.';
        for (var d = decimals - 1; d >= 0; d--)
        {
            to[at + d] = (byte)('0' + (rest % 10));
            rest /= 10;
        }
        return at + decimals;
    }

    private static string Quoted(string s) => s.AsSpan().IndexOfAny(",\"\n\r") < 0 ? s : $"\"{s.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
