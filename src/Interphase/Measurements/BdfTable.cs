using Interphase.Files;

namespace Interphase.Measurements;

/// <summary>A BDF csv as it stands: headers and numbers, before any meaning is given to them.</summary>
/// <param name="File">The file.</param>
/// <param name="Headers">The header cells.</param>
/// <param name="Columns">The numbers, NaN where a cell holds none.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Unreadable">For each column, how many cells held text that is no number.</param>
/// <param name="FirstUnreadable">For each column, the row (from 0) of the first such cell, or −1.</param>
/// <param name="WidestRow">Cells in the row that has most.</param>
public sealed record BdfTable(string File, IReadOnlyList<string> Headers, double[][] Columns, int Rows, int[] Unreadable, int[] FirstUnreadable, int WidestRow)
{
    /// <summary>True where no line end follows the last row and its last number is shorter than the one above.</summary>
    public bool MayBeCutOff { get; private init; }

    /// <summary>How many rows have fewer cells than the header.</summary>
    public int ShortRows { get; private init; }

    /// <summary>Reads it from UTF-8 bytes without a byte order mark.</summary>
    /// <exception cref="InputException">There is no header.</exception>
    public static BdfTable Parse(string file, ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\n', (byte)'\r');
        var header = System.Text.Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
        var headers = DelimitedText.Split(header, ',').Select(h => h.Trim()).ToArray();
        if (headers.All(h => h.Length == 0)) { throw new InputException("the file has no header row", $"{file}:1", "begin it with BDF labels, 'Test Time / s,Voltage / V,Current / A'"); }
        var body = end < 0 ? default : text[(end + 1)..];
        var table = DelimitedText.Read(body, (byte)',', [.. headers.Select(_ => (CellReader?)DelimitedText.Point)]);
        if (table.IsCutOff && table.Rows > 0) { throw new InputException($"the file is cut off inside row {table.Rows}", file, "copy it again, or delete the last line"); }
        return new(file, headers, table.Columns, table.Rows, table.Unreadable, table.FirstUnreadable, table.WidestRow) { MayBeCutOff = table.MayBeCutOff, ShortRows = table.ShortRows };
    }

    /// <summary>The column of a quantity by its machine name (<c>voltage_volt</c>), in the unit BDF states; −1 where it is missing.</summary>
    public int IndexOf(string notation)
    {
        for (var i = 0; i < Headers.Count; i++)
        {
            if (BdfColumns.Find(Headers[i])?.Notation == notation) { return i; }
        }
        return -1;
    }

    /// <summary>The values of a quantity by its machine name; null where it is missing.</summary>
    public double[]? Find(string notation) => IndexOf(notation) is >= 0 and var i ? Columns[i] : null;
}
