using System.Buffers.Binary;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>MRC images (also of old headers without their mark): the first section.</summary>
internal static class Mrc
{
    public static FileFormat Format { get; } = new("mrc", "MRC image", false, Recognises, Read);

    private static bool Recognises(FileHead h)
    {
        var b = h.Bytes.Span;
        if (b.Length < 1024) { return false; }
        if (b[208..212].SequenceEqual("MAP "u8)) { return true; }
        // Without the mark: sizes, mode and axis order must all be believable.
        int I(int at) => BinaryPrimitives.ReadInt32LittleEndian(h.Bytes.Span[at..]);
        return I(0) is > 0 and < 65536 && I(4) is > 0 and < 65536 && I(8) is > 0 and < 65536 && I(12) is 0 or 1 or 2 or 6
            && (I(64), I(68), I(72)) is (1, 2, 3) && I(28) is > 0 and < 65536 && I(92) is >= 0 and < 1 << 24;
    }

    private static Measurement Read(FileContent content)
    {
        var b = content.Bytes;
        if (b.Length < 1024) { throw new InputException("the file ends inside its header", content.Path, "copy it again"); }
        int I(int at) => BinaryPrimitives.ReadInt32LittleEndian(b.Span[at..]);
        var (width, height, mode, extended) = (I(0), I(4), I(12), I(92));
        var bytes = mode switch { 0 => 1, 1 or 6 => 2, 2 => 4, _ => throw content.AtByte(12, $"values of mode {mode} are not read", "save it with mode 0, 1, 2 or 6 (integers or 32-bit floats)") };
        if (extended < 0) { throw content.AtByte(92, "the length of the extended header is negative", "copy the file again"); }
        Images.Check(content, width, height, bytes, b.Length - 1024L - extended);
        var pixels = new float[width * height];
        for (var i = 0; i < pixels.Length; i++)
        {
            var v = b.Span[(1024 + extended + (i * bytes))..];
            var value = mode switch { 0 => (sbyte)v[0], 1 => BinaryPrimitives.ReadInt16LittleEndian(v), 6 => BinaryPrimitives.ReadUInt16LittleEndian(v), _ => BinaryPrimitives.ReadSingleLittleEndian(v) };
            pixels[i] = float.IsFinite(value) ? value : 0;
        }
        double? Size(int cell, int count) => BinaryPrimitives.ReadSingleLittleEndian(b.Span[cell..]) is var length && length > 0 && float.IsFinite(length) && I(count) > 0 ? length * 1e-10 / I(count) : null;
        return Images.Measurement(content, Format.Name, new(width, height, pixels) { PixelSize = Size(40, 28), PixelHeight = Size(44, 32), Bits = 8 * bytes }, []);
    }
}
