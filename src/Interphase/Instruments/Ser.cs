using System.Buffers.Binary;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>FEI/TIA series (.ser) of images: the first one.</summary>
internal static class Ser
{
    public static FileFormat Format { get; } = new("fei-ser", "FEI/TIA image series", false, h => h.Bytes.Span is [0x49, 0x49, 0x97, 0x01, ..], Read);

    private static Measurement Read(FileContent content)
    {
        var b = content.Bytes;
        ReadOnlySpan<byte> At(long at, int length) => at >= 0 && at + length <= b.Length ? b.Span.Slice((int)at, length) : throw content.AtByte(Math.Max(0, at), "the file ends before its image", "copy it again");
        int I(long at) => BinaryPrimitives.ReadInt32LittleEndian(At(at, 4));
        double D(long at) => BinaryPrimitives.ReadDoubleLittleEndian(At(at, 8));
        var wide = BinaryPrimitives.ReadUInt16LittleEndian(At(4, 2)) >= 0x220;
        if (I(6) != 0x4122) { throw content.AtByte(6, "the series holds no images", "export the images of the series"); }
        long Offset(long at) => wide ? BinaryPrimitives.ReadInt64LittleEndian(At(at, 8)) : I(at);
        var element = Offset(Offset(22));
        var (kind, width, height) = (BinaryPrimitives.ReadInt16LittleEndian(At(element + 40, 2)), I(element + 42), I(element + 46));
        var bytes = kind switch { 1 or 4 => 1, 2 or 5 => 2, 3 or 6 or 7 => 4, 8 => 8, _ => throw content.AtByte(element + 40, $"values of type {kind} are not read", "export the image as TIFF of 16 bits") };
        Images.Check(content, width, height, bytes, b.Length - element - 50);
        var data = At(element + 50, width * height * bytes);
        var pixels = new float[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var v = data[(((y * width) + x) * bytes)..];
                var value = kind switch
                {
                    1 => v[0], 4 => (sbyte)v[0], 2 => BinaryPrimitives.ReadUInt16LittleEndian(v), 5 => BinaryPrimitives.ReadInt16LittleEndian(v),
                    3 => BinaryPrimitives.ReadUInt32LittleEndian(v), 6 => BinaryPrimitives.ReadInt32LittleEndian(v),
                    7 => BinaryPrimitives.ReadSingleLittleEndian(v), _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(v),
                };
                // Rows are stored from the bottom.
                pixels[((height - 1 - y) * width) + x] = float.IsFinite(value) ? value : 0;
            }
        }
        double? Size(double delta) => double.IsFinite(delta) && Math.Abs(delta) is > 1e-14 and < 1 ? Math.Abs(delta) : null;
        return Images.Measurement(content, Format.Name, new(width, height, pixels) { PixelSize = Size(D(element + 8)), PixelHeight = Size(D(element + 28)), Bits = 8 * bytes }, []);
    }
}
