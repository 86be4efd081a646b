using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Interphase.Instruments;

/// <summary>The directories of a TIFF: one a page, each a list of tags with their numbers. Both the classic form and BigTIFF.</summary>
internal sealed class TiffTags
{
    private readonly Dictionary<int, double[]> values;

    private TiffTags(Dictionary<int, double[]> values, bool little) => (this.values, IsLittle) = (values, little);

    /// <summary>True where the low byte stands first.</summary>
    public bool IsLittle { get; }

    /// <summary>All values of a tag; null where it is absent.</summary>
    public double[]? All(int tag) => values.GetValueOrDefault(tag);

    /// <summary>The first value of a tag as a whole number, or what is taken where it is absent.</summary>
    public int One(int tag, int otherwise) => values.TryGetValue(tag, out var v) && v.Length > 0 && v[0] is >= 0 and < int.MaxValue ? (int)v[0] : otherwise;

    /// <summary>The first value of a tag as it is; null where absent or not positive.</summary>
    public double? Positive(int tag) => values.TryGetValue(tag, out var v) && v.Length > 0 && v[0] > 0 && double.IsFinite(v[0]) ? v[0] : null;

    /// <summary>A tag that holds text.</summary>
    public string Text(int tag) => values.TryGetValue(tag, out var v) ? Encoding.Latin1.GetString([.. v.Select(c => (byte)c)]).TrimEnd('\0') : "";

    /// <summary>A number behind a word in a tag of text, as in <c>PixelWidth=1.2e-9</c>.</summary>
    public double? Number(int tag, string word)
    {
        var text = Text(tag);
        var at = text.IndexOf(word, StringComparison.Ordinal);
        if (at < 0) { return null; }
        var rest = text.AsSpan(at + word.Length);
        var end = rest.IndexOfAny('\r', '\n');
        return double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : null;
    }

    /// <summary>The pages in order; at most so many are looked at.</summary>
    public static IReadOnlyList<TiffTags> Pages(FileContent content, int most)
    {
        var little = content.Span[0] == 'I';
        var big = (little ? content.Span[2] : content.Span[3]) == 43;
        var pages = new List<TiffTags>();
        var seen = new HashSet<long>();
        var next = big ? Whole(content, 8, 8, little) : Whole(content, 4, 4, little);
        while (next != 0 && pages.Count < most && seen.Add(next))
        {
            try { pages.Add(Read(content, next, little, big, out next)); }
            // A damaged list of further pages does not take the first away.
            catch (InputException) when (pages.Count > 0) { break; }
        }
        return pages.Count > 0 ? pages : throw content.AtByte(4, "the file has no directory of an image", "copy it again");
    }

    private static TiffTags Read(FileContent content, long at, bool little, bool big, out long next)
    {
        var count = Whole(content, at, big ? 8 : 2, little);
        if (count is < 1 or > 4096) { throw content.AtByte(at, $"a directory of {count} entries cannot be meant", "copy the file again"); }
        var (entrySize, countSize) = big ? (20, 8) : (12, 4);
        var tags = new Dictionary<int, double[]>();
        var first = at + (big ? 8 : 2);
        for (var i = 0; i < count; i++)
        {
            var entry = first + (entrySize * i);
            var (tag, type, number) = ((int)Whole(content, entry, 2, little), (int)Whole(content, entry + 2, 2, little), Whole(content, entry + 4, countSize, little));
            var size = type switch { 1 or 2 or 6 or 7 => 1, 3 or 8 => 2, 4 or 9 or 11 or 13 => 4, 5 or 10 or 12 or 16 or 17 or 18 => 8, _ => 0 };
            if (size == 0 || number is < 0 or > 1 << 22) { continue; }
            var place = size * number <= countSize ? entry + 4 + countSize : Whole(content, entry + 4 + countSize, countSize, little);
            var outside = place < 0 || place + (size * number) > content.Bytes.Length;
            // Of what says nothing of the values, damage does no harm.
            if (outside && !(tag is >= 256 and <= 259 or 262 or 266 or 273 or 277 or 278 or 279 or 284 or 317 or >= 320 and <= 325 or 339)) { continue; }
            if (outside) { throw content.AtByte(entry, $"the values of tag {tag} lie outside the file", "copy it again"); }
            tags[tag] = [.. Enumerable.Range(0, (int)number).Select(k => Value(content, place + (size * k), type, little))];
        }
        var link = first + (entrySize * count);
        next = link + countSize <= content.Bytes.Length ? Whole(content, link, countSize, little) : 0;
        return new(tags, little);
    }

    private static double Value(FileContent content, long at, int type, bool little)
    {
        switch (type)
        {
            case 5 or 10:
                double top = type == 5 ? Whole(content, at, 4, little) : (int)Whole(content, at, 4, little), under = type == 5 ? Whole(content, at + 4, 4, little) : (int)Whole(content, at + 4, 4, little);
                return under == 0 ? 0 : top / under;
            case 11: return BitConverter.Int32BitsToSingle((int)Whole(content, at, 4, little));
            case 12: return BitConverter.Int64BitsToDouble(Whole(content, at, 8, little));
            default: return Whole(content, at, type switch { 1 or 2 or 6 or 7 => 1, 3 or 8 => 2, 16 or 17 or 18 => 8, _ => 4 }, little);
        }
    }

    /// <summary>A whole number of so many bytes.</summary>
    private static long Whole(FileContent content, long at, int size, bool little)
    {
        if (at < 0 || at + size > content.Bytes.Length) { throw content.AtByte(at, "the file ends inside its directory", "copy it again"); }
        var b = content.Span.Slice((int)at, size);
        return size switch
        {
            1 => b[0],
            2 => little ? BinaryPrimitives.ReadUInt16LittleEndian(b) : BinaryPrimitives.ReadUInt16BigEndian(b),
            4 => little ? BinaryPrimitives.ReadUInt32LittleEndian(b) : BinaryPrimitives.ReadUInt32BigEndian(b),
            _ => little ? BinaryPrimitives.ReadInt64LittleEndian(b) : BinaryPrimitives.ReadInt64BigEndian(b),
        };
    }
}
