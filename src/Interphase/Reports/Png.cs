using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Interphase.Files;

namespace Interphase.Reports;

/// <summary>Images inside figures: 8-bit grey, or RGBA for heat maps (PNG, ISO/IEC 15948, without filters).</summary>
internal static class Png
{
    internal static string DataUri(int width, int height, byte[] pixels, bool colour) =>
        "data:image/png;base64," + Convert.ToBase64String(Encode(width, height, pixels, colour));

    internal static byte[] Encode(int width, int height, byte[] pixels, bool colour)
    {
        var stride = width * (colour ? 4 : 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, stride * height);
        var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = (byte)(colour ? 6 : 0);
        Chunk(png, "IHDR", header);
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte(0);
                zlib.Write(pixels, row * stride, stride);
            }
        }
        Chunk(png, "IDAT", data.ToArray());
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    /// <summary>A heat map in colours, row by row from the top; a value that is missing is transparent.</summary>
    internal static string Of(HeatMap map, AxisScale colours, bool flipX, bool flipY)
    {
        var (rows, columns) = (map.Z.GetLength(0), map.Z.GetLength(1));
        var pixels = new byte[rows * columns * 4];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                var t = colours.Place(map.Z[flipY ? r : rows - 1 - r, flipX ? columns - 1 - c : c]);
                if (!double.IsFinite(t)) { continue; }
                var (red, green, blue) = Palette.Between(Palette.HeatRamp, t);
                var i = ((r * columns) + c) * 4;
                (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (red, green, blue, 255);
            }
        }
        return DataUri(columns, rows, pixels, colour: true);
    }

    private static void Chunk(MemoryStream png, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum.Of(body));
        png.Write(number);
    }
}
