using System.Buffers.Binary;
using System.Text;

namespace Interphase.Instruments;

/// <summary>
/// Reads tables from a Jet 4 database (Access 2000), unencrypted. Pages of 4096 bytes; the catalogue is the table whose
/// definition stands on page 2; a table's rows stand on the data pages that name its definition.
/// </summary>
internal sealed class JetDatabase
{
    private const int PageSize = 4096, Catalogue = 2, DefinitionHeader = 63, ColumnEntry = 25, IndexEntry = 12, DataHeader = 14;

    private readonly FileContent file;

    public JetDatabase(FileContent file)
    {
        this.file = file;
        if (file.Bytes.Length < 3 * PageSize || file.Bytes.Length % PageSize != 0) { throw Damaged(0, $"its {file.Bytes.Length} bytes are no whole number of pages"); }
    }

    /// <summary>A column of a table.</summary>
    public sealed record Column(string Name, byte Type, int Number, int VariableIndex, bool IsFixed, int FixedOffset, int Length);

    /// <summary>A table: its definition page and columns.</summary>
    public sealed record Table(int Page, IReadOnlyList<Column> Columns, int AnnouncedRows)
    {
        /// <summary>A column by name, or null.</summary>
        public Column? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);
    }

    /// <summary>Whether this is the beginning of a Jet 4 database.</summary>
    public static bool Recognises(FileHead head) => head.Bytes.Span is [0, 1, 0, 0, ..] && head.Bytes.Length > 0x14 && head.Bytes.Span[4..].StartsWith("Standard Jet DB"u8) && head.Bytes.Span[0x14] == 1;

    /// <summary>The tables of the catalogue by name.</summary>
    public Dictionary<string, int> Tables()
    {
        var catalogue = Definition(Catalogue);
        var (id, name, type) = (catalogue.Find("Id"), catalogue.Find("Name"), catalogue.Find("Type"));
        if (id is null || name is null || type is null) { throw Damaged(Catalogue * PageSize, "the catalogue has no names"); }
        var tables = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in Rows(catalogue))
        {
            if (Number(row, type) == 1 && Number(row, id) is var page and > 0 && (int)page % (1 << 24) < file.Bytes.Length / PageSize) { tables.TryAdd(Text(row, name), (int)page & 0xFFFFFF); }
        }
        return tables;
    }

    /// <summary>The definition of a table.</summary>
    public Table Definition(int page)
    {
        var d = new List<byte>();
        var seen = new HashSet<int>();
        for (var next = page; next != 0;)
        {
            if (!seen.Add(next)) { throw Damaged(page * (long)PageSize, "its definition runs in a circle"); }
            var p = Page(next);
            if (p[0] != 2) { throw Damaged(next * (long)PageSize, "a table definition is not where it should be"); }
            d.AddRange(d.Count == 0 ? p : p[8..]);
            next = I32(p[4..]);
        }
        var b = d.ToArray().AsSpan();
        int columns = U16(b[45..]), indexes = I32(b[51..]);
        if (columns > 1024 || indexes is < 0 or > 4096) { throw Damaged(page * (long)PageSize, "a table definition cannot be right"); }
        var at = DefinitionHeader + (indexes * IndexEntry);
        var names = at + (columns * ColumnEntry);
        var result = new List<Column>();
        for (var i = 0; i < columns; i++, at += ColumnEntry)
        {
            if (names + 2 > b.Length || names + 2 + U16(b[names..]) > b.Length) { throw Damaged(page * (long)PageSize, "a table definition is cut off"); }
            var length = U16(b[names..]);
            var name = Encoding.Unicode.GetString(b.Slice(names + 2, length));
            names += 2 + length;
            var c = b.Slice(at, ColumnEntry);
            result.Add(new(name, c[0], U16(c[5..]), U16(c[7..]), (c[15] & 1) != 0, U16(c[21..]), U16(c[23..])));
        }
        return new(page, result, I32(b[16..]));
    }

    /// <summary>One row: where it stands.</summary>
    public readonly record struct Row(int Start, int Length);

    /// <summary>The rows of a table in the order of the file.</summary>
    public IEnumerable<Row> Rows(Table table)
    {
        for (var page = 1; page < file.Bytes.Length / PageSize; page++)
        {
            if (file.Bytes.Span[page * PageSize] != 1 || I32(file.Span[((page * PageSize) + 4)..]) != table.Page) { continue; }
            var count = U16(file.Span[((page * PageSize) + 12)..]);
            if (DataHeader + (2 * count) > PageSize) { throw Damaged(page * (long)PageSize, "a data page cannot be right"); }
            for (var i = 0; i < count; i++)
            {
                if (Find(page, i, followed: false) is { } row) { yield return row; }
            }
        }
    }

    private Row? Find(int page, int index, bool followed)
    {
        var p = Page(page);
        if (p[0] != 1 || index >= U16(p[12..]) || DataHeader + (2 * index) + 2 > PageSize) { return null; }
        var entry = U16(p[(DataHeader + (2 * index))..]);
        var start = entry & 0x1FFF;
        var end = index == 0 ? PageSize : U16(p[(DataHeader + (2 * (index - 1)))..]) & 0x1FFF;
        if (start >= end || end > PageSize || start < DataHeader) { return null; }
        if ((entry & 0x4000) != 0 && !followed)
        {
            // The row has moved: four bytes say where to.
            if (end - start < 4) { return null; }
            var pointer = I32(p[start..]);
            var target = (pointer >> 8) & 0xFFFFFF;
            return target > 0 && target < file.Bytes.Length / PageSize ? Find(target, pointer & 0xFF, followed: true) : null;
        }
        return (entry & 0x8000) != 0 && !followed ? null : new Row((page * PageSize) + start, end - start);
    }

    /// <summary>A numeric cell; NaN where it is null or no number.</summary>
    public double Number(Row row, Column column)
    {
        var cell = Cell(row, column);
        if (column.Type == 1) { return IsNull(row, column) ? 0 : 1; }
        return (column.Type, cell.Length) switch
        {
            (2, >= 1) => cell[0],
            (3, >= 2) => BinaryPrimitives.ReadInt16LittleEndian(cell),
            (4, >= 4) => I32(cell),
            (5, >= 8) => BinaryPrimitives.ReadInt64LittleEndian(cell) / 1e4,
            (6, >= 4) => BinaryPrimitives.ReadSingleLittleEndian(cell),
            (7 or 8, >= 8) => BinaryPrimitives.ReadDoubleLittleEndian(cell),
            _ => double.NaN,
        };
    }

    /// <summary>A text cell; empty where it is null or stored elsewhere.</summary>
    public string Text(Row row, Column column)
    {
        var cell = Cell(row, column);
        if (column.Type == 0x0C)
        {
            if (cell.Length < 12 || (cell[3] & 0x80) == 0) { return ""; }
            cell = cell[12..];
        }
        if (cell is not [0xFF, 0xFE, ..]) { return Encoding.Unicode.GetString(cell[..(cell.Length & ~1)]); }
        // Compressed: one byte a character; a zero byte turns to two bytes a character and back.
        var text = new StringBuilder();
        var compressed = true;
        for (var i = 2; i < cell.Length;)
        {
            if (cell[i] == 0 && (compressed || i + 1 >= cell.Length || cell[i + 1] == 0)) { compressed = !compressed; i++; continue; }
            if (compressed) { text.Append((char)cell[i++]); }
            else if (i + 1 < cell.Length) { text.Append((char)U16(cell[i..])); i += 2; }
            else { break; }
        }
        return text.ToString();
    }

    private bool IsNull(Row row, Column column)
    {
        var r = file.Span.Slice(row.Start, row.Length);
        if (r.Length < 2) { return true; }
        var count = U16(r);
        var mask = (count + 7) / 8;
        return column.Number >= count || mask > r.Length || (r[r.Length - mask + (column.Number / 8)] & (1 << (column.Number % 8))) == 0;
    }

    private ReadOnlySpan<byte> Cell(Row row, Column column)
    {
        if (IsNull(row, column)) { return default; }
        var r = file.Span.Slice(row.Start, row.Length);
        if (column.IsFixed)
        {
            var at = 2 + column.FixedOffset;
            return at + column.Length <= r.Length ? r.Slice(at, column.Length) : default;
        }
        var end = r.Length - ((U16(r) + 7) / 8);
        if (end < 4) { return default; }
        var variables = U16(r[(end - 2)..]);
        var table = end - 2 - (2 * (variables + 1));
        if (column.VariableIndex >= variables || table < 2) { return default; }
        // The table of offsets runs backwards.
        var from = U16(r[(end - 4 - (2 * column.VariableIndex))..]);
        var to = U16(r[(end - 6 - (2 * column.VariableIndex))..]);
        return from <= to && to <= table ? r[from..to] : default;
    }

    private ReadOnlySpan<byte> Page(int page) => page > 0 && page < file.Bytes.Length / PageSize ? file.Span.Slice(page * PageSize, PageSize)
        : throw Damaged((long)page * PageSize, "it points outside itself");

    private InputException Damaged(long at, string what) => file.AtByte(at, $"the database is damaged: {what}", "copy the file again from the instrument's computer");

    private static ushort U16(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadUInt16LittleEndian(b);

    private static int I32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadInt32LittleEndian(b);
}
