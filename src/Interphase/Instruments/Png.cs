using System.Buffers.Binary;
using System.IO.Compression;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>PNG of 8 or 16 bits (and palettes and grey of fewer), not interlaced.</summary>
internal static class Png
{
    public static FileFormat Format { get; } = new("png", "PNG image", false, h => h.Bytes.Span is [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..], Read);

    private static Measurement Read(FileContent content)
    {
        var b = content.Bytes;
        int width = 0, height = 0, bits = 0, type = 0, interlace = 0;
        double? perMetre = null;
        byte[] palette = [];
        using var packed = new MemoryStream();
        for (var at = 8; at + 12 <= b.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(b.Span[at..]);
            var name = System.Text.Encoding.ASCII.GetString(b.Span.Slice(at + 4, 4));
            if (length < 0 || at + 12L + length > b.Length) { throw content.AtByte(at, $"the chunk {name} lies outside the file", "copy the file again"); }
            var data = b.Slice(at + 8, length);
            switch (name)
            {
                case "IHDR" when length >= 13:
                    (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data.Span), BinaryPrimitives.ReadInt32BigEndian(data.Span[4..]));
                    (bits, type, interlace) = (data.Span[8], data.Span[9], data.Span[12]);
                    break;
                case "PLTE": palette = data.ToArray(); break;
                case "pHYs" when length >= 9 && data.Span[8] == 1: perMetre = BinaryPrimitives.ReadUInt32BigEndian(data.Span); break;
                case "IDAT": packed.Write(data.Span); break;
            }
            at += 12 + length;
        }
        var samples = type switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (samples == 0 || interlace != 0 || bits is not (1 or 2 or 4 or 8 or 16) || (bits < 8 && samples > 1)) { throw new InputException("this kind of PNG is not read", content.Path, "save it as grey values of 8 or 16 bits, not interlaced"); }
        // A row packs no better than a thousandfold, so that a short file cannot claim a huge image.
        Images.Check(content, width, height, 1, 1100L * b.Length);
        var rowBytes = ((width * samples * bits) + 7) / 8;
        var step = Math.Max(1, samples * bits / 8);
        var pixels = new float[width * height];
        var coloured = 0;
        var previous = new byte[rowBytes];
        var row = new byte[rowBytes];
        packed.Position = 0;
        try
        {
            using var stream = new ZLibStream(packed, CompressionMode.Decompress);
            for (var y = 0; y < height; y++)
            {
                var filter = stream.ReadByte();
                stream.ReadExactly(row);
                Unfilter(content, filter, row, previous, step);
                for (var x = 0; x < width; x++)
                {
                    pixels[(y * width) + x] = Value(row, x, bits, type, samples, palette, out var hue);
                    if (hue) { coloured++; }
                }
                (previous, row) = (row, previous);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InputException("the image data are damaged", content.Path, "copy the file again", e);
        }
        // Screen resolutions (72–300 dpi) say nothing of the object.
        double? size = perMetre is { } p && p > 1e6 ? 1 / p : null;
        return Images.Measurement(content, Format.Name, new(width, height, pixels) { PixelSize = size, PixelHeight = size, Bits = bits, IsColour = type is 2 or 3 or 6, Coloured = coloured / (double)pixels.Length }, []);
    }

    private static float Value(byte[] row, int x, int bits, int type, int samples, byte[] palette, out bool coloured)
    {
        float At(int sample)
        {
            var i = (x * samples) + sample;
            return bits switch
            {
                16 => BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * i)),
                8 => row[i],
                _ => (row[i * bits / 8] >> (8 - bits - (i * bits % 8))) & ((1 << bits) - 1),
            };
        }

        if (type == 3)
        {
            var i = 3 * (int)At(0);
            var known = i + 2 < palette.Length;
            coloured = known && (palette[i] != palette[i + 1] || palette[i] != palette[i + 2]);
            return known ? (palette[i] + palette[i + 1] + palette[i + 2]) / 3f : 0;
        }
        coloured = type is 2 or 6 && (At(0) != At(1) || At(0) != At(2));
        return type is 2 or 6 ? (At(0) + At(1) + At(2)) / 3 : At(0);
    }

    private static void Unfilter(FileContent content, int filter, byte[] row, byte[] above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            int left = i >= step ? row[i - step] : 0, up = above[i], corner = i >= step ? above[i - step] : 0;
            row[i] += filter switch { 0 => 0, 1 => (byte)left, 2 => (byte)up, 3 => (byte)((left + up) / 2), 4 => Paeth(left, up, corner), _ => throw new InputException($"the image data have the unknown filter {filter}", content.Path, "copy the file again") };
        }
    }

    private static byte Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        int pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        return (byte)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
    }
}
