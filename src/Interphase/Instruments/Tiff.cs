using System.Buffers.Binary;
using System.Text;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Uncompressed TIFF in strips: 8, 16 and 32 bit integers and floats, grey or colour; the first image.</summary>
internal static class Tiff
{
    public static FileFormat Format { get; } = new("tiff", "TIFF image", false, h => h.Bytes.Span is [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..], Read);

    private static Measurement Read(FileContent content)
    {
        var b = content.Bytes;
        var little = b.Span[0] == 'I';
        var tags = Tags(content, little);
        int One(int tag, int otherwise) => tags.TryGetValue(tag, out var v) && v.Length > 0 && v[0] is >= 0 and < int.MaxValue ? (int)v[0] : otherwise;
        var (width, height, bits, samples) = (One(256, 0), One(257, 0), One(258, 1), One(277, 1));
        var (sampleFormat, compression) = (One(339, 1), One(259, 1));
        if (compression != 1) { throw new InputException($"the TIFF is compressed (scheme {compression})", content.Path, "save it uncompressed"); }
        if (bits is not (8 or 16 or 32) || sampleFormat is < 1 or > 3 || (sampleFormat == 3 && bits != 32) || samples is < 1 or > 8 || One(284, 1) != 1 || !tags.TryGetValue(273, out var offsets))
        {
            throw new InputException($"a TIFF of {bits} bits, {samples} samples and sample format {sampleFormat} in this layout is not read", content.Path, "save it as 8, 16 or 32 bit grey values in strips");
        }
        var stride = bits / 8 * samples;
        Images.Check(content, width, height, stride, b.Length);
        var rows = Math.Min(height, One(278, height) is var r && r > 0 ? r : height);
        var pixels = new float[width * height];
        var coloured = One(262, 1) == 3 ? pixels.Length : 0;
        for (var y = 0; y < height; y++)
        {
            var strip = y / rows;
            var at = strip < offsets.Length ? (long)offsets[strip] + ((long)(y % rows) * width * stride) : -1;
            if (at < 0 || at + ((long)width * stride) > b.Length) { throw content.AtByte(Math.Max(at, 0), $"row {y} lies outside the file", "copy the file again"); }
            var row = b.Span.Slice((int)at, width * stride);
            for (var x = 0; x < width; x++)
            {
                float first = Value(row[(x * stride)..], bits, sampleFormat, little), sum = first;
                var used = samples < 3 ? 1 : 3;
                var differs = false;
                for (var s = 1; s < used; s++)
                {
                    var value = Value(row[((x * stride) + (s * bits / 8))..], bits, sampleFormat, little);
                    differs |= value != first;
                    sum += value;
                }
                if (differs) { coloured++; }
                pixels[(y * width) + x] = sum / used;
            }
        }
        var description = tags.TryGetValue(270, out var d) ? Encoding.Latin1.GetString([.. d.Select(c => (byte)c)]).TrimEnd('\0') : "";
        var (size, sizeY, reciprocal) = Scale(tags, description);
        var metadata = description.Length > 0 ? new[] { new MetadataEntry(MetadataNames.Comments, description) } : [];
        return Images.Measurement(content, Format.Name, new(width, height, pixels) { PixelSize = size, PixelHeight = sizeY, IsReciprocal = reciprocal, Bits = bits, IsColour = samples >= 3 || One(262, 1) == 3, Coloured = coloured / (double)pixels.Length }, metadata);
    }

    /// <summary>ImageJ writes its unit into the description and pixels per unit into the resolution; a resolution per inch is one of print.</summary>
    private static (double?, double?, bool) Scale(Dictionary<int, double[]> tags, string description)
    {
        var unit = description.Split('\n').FirstOrDefault(l => l.StartsWith("unit=", StringComparison.Ordinal))?[5..];
        if (unit is null || Images.Unit(unit) is not { } u || !tags.TryGetValue(282, out var x) || !(x.FirstOrDefault() > 0)) { return (null, null, false); }
        var y = tags.TryGetValue(283, out var v) && v.FirstOrDefault() > 0 ? v[0] : x[0];
        return (u.Scale / x[0], u.Scale / y, u.Reciprocal);
    }

    private static Dictionary<int, double[]> Tags(FileContent content, bool little)
    {
        var b = content.Bytes;
        uint U32(long at) => at >= 0 && at + 4 <= b.Length ? little ? BinaryPrimitives.ReadUInt32LittleEndian(b.Span[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(b.Span[(int)at..]) : throw content.AtByte(at, "the file ends inside its directory", "copy it again");
        ushort U16(long at) => at >= 0 && at + 2 <= b.Length ? little ? BinaryPrimitives.ReadUInt16LittleEndian(b.Span[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(b.Span[(int)at..]) : throw content.AtByte(at, "the file ends inside its directory", "copy it again");
        var directory = (long)U32(4);
        var count = U16(directory);
        var tags = new Dictionary<int, double[]>();
        for (var i = 0; i < count; i++)
        {
            var entry = directory + 2 + (12 * i);
            var (tag, type, values) = (U16(entry), U16(entry + 2), (long)U32(entry + 4));
            var size = type switch { 1 or 2 or 6 or 7 => 1, 3 or 8 => 2, 4 or 9 or 11 => 4, 5 or 10 or 12 => 8, _ => 0 };
            if (size == 0 || values > 1 << 22) { continue; }
            var at = size * values <= 4 ? entry + 8 : U32(entry + 8);
            if (at + (size * values) > b.Length) { throw content.AtByte(entry, $"the values of tag {tag} lie outside the file", "copy it again"); }
            var read = new double[values];
            for (var k = 0; k < values; k++)
            {
                var p = at + (size * k);
                read[k] = type switch
                {
                    1 or 2 or 6 or 7 => b.Span[(int)p], 3 or 8 => U16(p), 4 or 9 => U32(p),
                    5 or 10 => U32(p + 4) == 0 ? 0 : U32(p) / (double)U32(p + 4), _ => 0,
                };
            }
            tags[tag] = read;
        }
        return tags;
    }

    private static float Value(ReadOnlySpan<byte> v, int bits, int format, bool little) => (bits, format) switch
    {
        (8, 2) => (sbyte)v[0],
        (8, _) => v[0],
        (16, 2) => little ? BinaryPrimitives.ReadInt16LittleEndian(v) : BinaryPrimitives.ReadInt16BigEndian(v),
        (16, _) => little ? BinaryPrimitives.ReadUInt16LittleEndian(v) : BinaryPrimitives.ReadUInt16BigEndian(v),
        (_, 3) => (little ? BinaryPrimitives.ReadSingleLittleEndian(v) : BinaryPrimitives.ReadSingleBigEndian(v)) is var f && float.IsFinite(f) ? f : 0,
        (_, 2) => little ? BinaryPrimitives.ReadInt32LittleEndian(v) : BinaryPrimitives.ReadInt32BigEndian(v),
        _ => little ? BinaryPrimitives.ReadUInt32LittleEndian(v) : BinaryPrimitives.ReadUInt32BigEndian(v),
    };
}
