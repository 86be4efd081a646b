using System.Buffers.Binary;
using System.Text;
using Interphase.Files;

namespace Interphase.Instruments;

/// <summary>A value of a table: its type, the number of items (1 for a scalar) and its bytes.</summary>
internal readonly record struct NgbField(byte Type, bool IsArray, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The number, of whatever width; NaN where it is none.</summary>
    public double Number => (IsArray, Type, Bytes.Length) switch
    {
        (false, 2, 2) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.Span),
        (false, 3, 4) => BinaryPrimitives.ReadInt32LittleEndian(Bytes.Span),
        (false, 4, 4) => BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span),
        (false, 5, 8) => BinaryPrimitives.ReadDoubleLittleEndian(Bytes.Span),
        _ => double.NaN,
    };

    /// <summary>The text; null where it is none.</summary>
    public string? Text
    {
        get
        {
            var b = Bytes.Span;
            if (Type != 0x1F || b.Length < 4) { return null; }
            if (b[..3].SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE, 0xFF])) { return Encoding.Unicode.GetString(b[4..]); }
            var rest = b[4..];
            return rest.Length % 2 == 0 && rest.Length > 1 && rest[1] == 0 ? Encoding.Unicode.GetString(rest).TrimEnd('\0') : Encoding.UTF8.GetString(rest).TrimEnd('\0');
        }
    }

    /// <summary>The numbers of an array of floats or doubles; null for others.</summary>
    public double[]? Numbers
    {
        get
        {
            if (!IsArray || Type is not (4 or 5)) { return null; }
            var size = Type == 4 ? 4 : 8;
            var found = new double[Bytes.Length / size];
            for (var i = 0; i < found.Length; i++) { found[i] = Type == 4 ? BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span[(4 * i)..]) : BinaryPrimitives.ReadDoubleLittleEndian(Bytes.Span[(8 * i)..]); }
            return found;
        }
    }
}

/// <summary>One object of a stream: what it is about, of what kind, and its fields.</summary>
internal sealed record NgbTable(int Category, int Kind)
{
    public Dictionary<int, NgbField> Fields { get; } = [];

    public double Number(int field) => Fields.TryGetValue(field, out var f) ? f.Number : double.NaN;

    public string? Text(int field) => Fields.TryGetValue(field, out var f) ? f.Text : null;
}

/// <summary>
/// The objects of one stream of NETZSCH's binary files. The facts of the format (directory of sections, records of
/// marker, field, type and value, tables opened by a reference) are those the documentation of pyngb states.
/// </summary>
internal static class NgbTables
{
    private const int DirectoryAt = 0x50, EntrySize = 14, HeadSize = 24;
    private static ReadOnlySpan<byte> Marker => [0x18, 0xFC, 0xFF, 0xFF, 0x03, 0x80, 0x01];
    private static ReadOnlySpan<byte> Bridge => [0, 0, 1, 0, 0, 0, 0x0C, 0, 0x17, 0xFC, 0xFF, 0xFF];
    private static ReadOnlySpan<byte> KindMark => [2, 0, 0, 0x80];

    /// <summary>Reads the tables of a stream's main section, the one that bears the stream's number.</summary>
    /// <exception cref="InputException">The directory or a record does not fit the stream.</exception>
    public static List<NgbTable> Of(ReadOnlyMemory<byte> stream, int number, string path)
    {
        var b = stream.Span;
        InputException Damaged(int at) => new("the measurement is damaged", $"{path}, stream {number}, byte {at}", "copy the file from the instrument's computer again");
        if (b.Length < DirectoryAt + EntrySize || !b[2..].StartsWith("Netzsch TA file"u8)) { throw Damaged(0); }
        for (var at = DirectoryAt; at + EntrySize <= b.Length && b[at] == 0xFF && b[at + 1] == 0xFF; at += EntrySize)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(b[(at + 2)..]);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(b[(at + 4)..]), size = BinaryPrimitives.ReadUInt32LittleEndian(b[(at + 8)..]);
            if (id != number) { continue; }
            if (offset + size > b.Length) { throw Damaged(at); }
            return Records(stream.Slice((int)offset, (int)size), a => Damaged((int)offset + a));
        }
        throw Damaged(DirectoryAt);
    }

    private static List<NgbTable> Records(ReadOnlyMemory<byte> section, Func<int, InputException> damaged)
    {
        var b = section.Span;
        var tables = new List<NgbTable>();
        var at = 0;
        while (true)
        {
            var next = b[at..].IndexOf(Marker);
            if (next < 0 || at + next + HeadSize > b.Length) { return tables; }
            at += next;
            var head = b.Slice(at, HeadSize);
            if (!head[9..].StartsWith(Bridge) || head[23] != 1 || head[22] is not (0x80 or 0xA0)) { at += Marker.Length; continue; }
            var field = BinaryPrimitives.ReadUInt16LittleEndian(head[7..]);
            var (type, isArray) = (head[21], head[22] == 0xA0);
            at += HeadSize;
            long length;
            if (isArray)
            {
                if (at + 4 > b.Length) { throw damaged(at); }
                length = (long)BinaryPrimitives.ReadUInt32LittleEndian(b[at..]) * ItemSize(type);
                at += 4;
            }
            else if (type == 0x1A)
            {
                var end = b[at..].IndexOf(Marker);
                var payload = b.Slice(at, Math.Min(end < 0 ? b.Length - at : end, 64));
                var kind = payload.IndexOf(KindMark) is >= 0 and var k && k + 6 <= payload.Length ? BinaryPrimitives.ReadUInt16LittleEndian(payload[(k + 4)..]) : 0;
                tables.Add(new(field, kind));
                continue;
            }
            else if (type == 0x1F)
            {
                if (at + 4 > b.Length) { throw damaged(at); }
                length = b[at..].StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0xFF]) ? 4 + (2 * b[at + 3]) : 4L + BinaryPrimitives.ReadUInt32LittleEndian(b[at..]);
            }
            else { length = ItemSize(type); }
            if (at + length > b.Length) { throw damaged(at); }
            if (tables.Count > 0) { tables[^1].Fields.TryAdd(field, new(type, isArray, section.Slice(at, (int)length))); }
            at += (int)length;
        }
    }

    private static int ItemSize(byte type) => type switch { 2 => 2, 3 or 4 => 4, 5 or 0x14 => 8, 0x10 => 1, 0x48 => 16, _ => 0 };
}
