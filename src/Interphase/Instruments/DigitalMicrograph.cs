using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>Gatan DigitalMicrograph 3 and 4: the last image of the list (the first is the thumbnail).</summary>
internal static class DigitalMicrograph
{
    public static FileFormat Format { get; } = new("digital-micrograph", "Gatan DigitalMicrograph 3 and 4", false,
        h => h.Bytes.Length > 24 && h.Bytes.Span is [0, 0, 0, 3 or 4, ..] && h.Bytes.Span[h.Bytes.Span[3] == 3 ? 8 : 12] == 0 && h.Bytes.Span[h.Bytes.Span[3] == 3 ? 11 : 15] <= 1, Read);

    private static Measurement Read(FileContent content)
    {
        var tags = new Tags(content);
        tags.ReadAll();
        var image = Enumerable.Range(0, tags.Images).Reverse().Select(i => $"ImageList/{i}/ImageData/").FirstOrDefault(p => tags.Arrays.ContainsKey(p + "Data"))
            ?? throw new InputException("the file holds no image", content.Path, "save the image again, or export it as TIFF");
        double Number(string path, double otherwise = double.NaN) => tags.Numbers.GetValueOrDefault(image + path, otherwise);
        var (width, height, kind) = (Number("Dimensions/0", 0), Number("Dimensions/1", 1), (int)Number("DataType", 0));
        var bytes = kind switch { 6 or 9 or 14 => 1, 1 or 10 => 2, 2 or 7 or 11 or 23 => 4, 12 => 8, _ => throw new InputException($"values of type {kind} are not read", content.Path, "export the image as real numbers, for example 32-bit TIFF") };
        var (start, length) = tags.Arrays[image + "Data"];
        Images.Check(content, (long)width, (long)height, bytes, length);
        var (w, h) = ((int)width, (int)height);
        var data = content.Bytes.Span.Slice((int)start, (int)length);
        var pixels = new float[w * h];
        var coloured = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var v = data[(i * bytes)..];
            var value = kind switch
            {
                1 => BinaryPrimitives.ReadInt16LittleEndian(v), 10 => BinaryPrimitives.ReadUInt16LittleEndian(v), 2 => BinaryPrimitives.ReadSingleLittleEndian(v),
                7 => BinaryPrimitives.ReadInt32LittleEndian(v), 11 => BinaryPrimitives.ReadUInt32LittleEndian(v), 12 => (float)BinaryPrimitives.ReadDoubleLittleEndian(v),
                9 => (sbyte)v[0], 23 => (v[0] + v[1] + v[2]) / 3f, _ => v[0],
            };
            if (kind == 23 && (v[0] != v[1] || v[0] != v[2])) { coloured++; }
            pixels[i] = float.IsFinite(value) ? value : 0;
        }
        (double Scale, bool Reciprocal)? Size(int axis)
        {
            var path = $"Calibrations/Dimension/{axis}/";
            var scale = Number(path + "Scale");
            return scale > 0 && Images.Unit(tags.Texts.GetValueOrDefault(image + path + "Units", "")) is { } unit ? (scale * unit.Scale, unit.Reciprocal) : null;
        }
        var size = Size(0);
        var about = image.Replace("ImageData/", "ImageTags/Microscope Info/", StringComparison.Ordinal);
        var metadata = new List<MetadataEntry>();
        if (tags.Numbers.TryGetValue(about + "Voltage", out var voltage) && voltage > 0) { metadata.Add(new("acceleratingVoltage", $"{voltage:R} V", Quantity.Parse($"{voltage:R} V", "V"))); }
        if (tags.Numbers.TryGetValue(about + "Indicated Magnification", out var magnification) && magnification > 0) { metadata.Add(new("magnification", $"{magnification:R}")); }
        if (tags.Texts.TryGetValue(about + "Operation Mode", out var mode)) { metadata.Add(new("operationMode", mode.TrimEnd('\0'))); }
        return Images.Measurement(content, Format.Name, new(w, h, pixels) { PixelSize = size?.Scale, PixelHeight = (Size(1) ?? size)?.Scale, IsReciprocal = size?.Reciprocal ?? false, Bits = kind == 23 ? 8 : 8 * bytes, IsColour = kind == 23, Coloured = kind == 23 ? coloured / (double)pixels.Length : 0 }, metadata);
    }

    /// <summary>The tree of tags: numbers, texts and where arrays lie, by path.</summary>
    private sealed class Tags(FileContent content)
    {
        private readonly bool four = content.Span[3] == 4;
        private long at;
        private int read;

        public Dictionary<string, double> Numbers { get; } = [];

        public Dictionary<string, string> Texts { get; } = [];

        public Dictionary<string, (long Start, long Length)> Arrays { get; } = [];

        public int Images { get; private set; }

        public void ReadAll()
        {
            at = four ? 12 : 8;
            if (Big32() != 1) { throw content.AtByte(at - 4, "values in big-endian order are not read", "save the image again with a current DigitalMicrograph"); }
            Group("", 0);
        }

        private void Group(string path, int depth)
        {
            if (depth > 40) { throw content.AtByte(at, "groups are nested too deep", "copy the file again"); }
            at += 2;
            var count = Long();
            if (path == "ImageList/") { Images = (int)Math.Clamp(count, 0, 1000); }
            for (long i = 0; i < count; i++)
            {
                if (++read > 200_000) { throw content.AtByte(at, "the file holds more tags than can be meant", "copy the file again"); }
                var kind = Take(1)[0];
                var length = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
                var label = length == 0 ? i.ToString(CultureInfo.InvariantCulture) : Encoding.Latin1.GetString(Take(length));
                var end = four ? Big64() + at : -1;
                if (kind == 20) { Group($"{path}{label}/", depth + 1); }
                else if (kind == 21) { Data(path + label); }
                else { throw content.AtByte(at, "here should be a tag", "copy the file again"); }
                if (four && end != at)
                {
                    if (end < at || end > content.Bytes.Length) { throw content.AtByte(at, "a tag's length is wrong", "copy the file again"); }
                    at = end;
                }
            }
        }

        private void Data(string path)
        {
            if (!Take(4).SequenceEqual("%%%%"u8)) { throw content.AtByte(at - 4, "a tag does not begin as it should", "copy the file again"); }
            var count = Long();
            if (count is < 1 or > 4096) { throw content.AtByte(at, "a tag's description is too long", "copy the file again"); }
            var info = new long[count];
            for (var i = 0; i < info.Length; i++) { info[i] = Long(); }
            var p = 0;
            var length = Length(info, ref p, 0);
            if (length < 0 || at + length > content.Bytes.Length) { throw content.AtByte(at, "a tag's values lie outside the file", "copy the file again"); }
            if (info[0] == 20)
            {
                Arrays[path] = (at, length);
                if (info[1] == 4 && length < 1000) { Texts[path] = Encoding.Unicode.GetString(content.Span.Slice((int)at, (int)length)); }
            }
            else if (info.Length == 1) { Numbers[path] = Number(info[0], content.Span.Slice((int)at, (int)length)); }
            at += length;
        }

        private long Length(long[] info, ref int p, int depth)
        {
            if (p >= info.Length || depth > 8) { throw content.AtByte(at, "a tag's description is incomplete", "copy the file again"); }
            var kind = info[p++];
            switch (kind)
            {
                case 2 or 4: return 2;
                case 3 or 5 or 6: return 4;
                case 7 or 11 or 12: return 8;
                case 8 or 9 or 10: return 1;
                case 15 when p + 1 < info.Length:
                    p++;
                    var fields = info[p++];
                    long sum = 0;
                    for (long i = 0; i < fields; i++)
                    {
                        p++;
                        sum += Length(info, ref p, depth + 1);
                    }
                    return sum;
                case 18 when p < info.Length: return info[p++] is >= 0 and < 1 << 28 and var characters ? 2 * characters : -1;
                case 20:
                    var one = Length(info, ref p, depth + 1);
                    return p < info.Length && info[p++] is >= 0 and < 1L << 31 and var n ? one * n : -1;
                default: throw content.AtByte(at, $"a tag has the unknown type {kind}", "copy the file again");
            }
        }

        private static double Number(long kind, ReadOnlySpan<byte> v) => kind switch
        {
            2 => BinaryPrimitives.ReadInt16LittleEndian(v), 4 => BinaryPrimitives.ReadUInt16LittleEndian(v), 3 => BinaryPrimitives.ReadInt32LittleEndian(v), 5 => BinaryPrimitives.ReadUInt32LittleEndian(v),
            6 => BinaryPrimitives.ReadSingleLittleEndian(v), 7 => BinaryPrimitives.ReadDoubleLittleEndian(v), 11 => BinaryPrimitives.ReadInt64LittleEndian(v), 12 => BinaryPrimitives.ReadUInt64LittleEndian(v), _ => v[0],
        };

        private ReadOnlySpan<byte> Take(int length)
        {
            if (at + length > content.Bytes.Length) { throw content.AtByte(at, "the file ends inside its tags", "copy it again"); }
            at += length;
            return content.Span.Slice((int)(at - length), length);
        }

        private int Big32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

        private long Big64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

        private long Long() => four ? Big64() : Big32();
    }
}
