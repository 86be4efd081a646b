using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Interphase.Benchmarks;

/// <summary>Micrographs of 4096 × 4096 pixels of 0.05 nm, in the look of a coated particle rather than by the optics of a lens: they are there to be timed.</summary>
internal static class LargeMicrographs
{
    public const int Size = 4096;
    public const double Pixel = 0.05;

    /// <summary>A particle with a coating (10 nm) and vacuum, the coating amorphous or of crystals; or crystals throughout.</summary>
    public static float[] Make(bool edge, bool crystals)
    {
        var random = new Random(1);
        var texture = Texture(random);
        var image = new float[Size * Size];
        (double D, double Angle)[] core = [(0.4747, 3), (0.24485, 78), (0.23466, 101)];
        double[] spacings = [0.3748, 0.2732, 0.2576, 0.2304];
        var grains = Enumerable.Range(0, 1 << 12).Select(_ => (D: spacings[random.Next(4)], Angle: 180 * random.NextDouble())).ToArray();
        var noise = Enumerable.Range(0, 1 << 20).Select(_ => Gauss(random)).ToArray();
        Parallel.For(0, Size, row =>
        {
            var pick = new Random(row);
            for (var column = 0; column < Size; column++)
            {
                double x = column * Pixel, y = row * Pixel, s = x + (0.1 * y) + (0.3 * Math.Sin(y / 5));
                double mean = 700, fringe = 0;
                if (edge && s > 170) { mean = 800; }
                else if (edge && s < 160) { fringe = core.Sum(c => Wave(x, y, c.D, c.Angle)) * 60; }
                else
                {
                    // Grains of 6 nm on a grid, three in four of them crystals.
                    var grain = ((int)(x / 6) * 67) + (int)(y / 6);
                    var h = edge ? Math.Sqrt(Math.Min(1, (170 - s) / 2)) : 1;
                    fringe = h * (crystals && grain % 4 != 0 ? 90 * Wave(x, y, grains[grain & 4095].D, grains[grain & 4095].Angle) : 60 * texture[(row * Size) + column]);
                }
                image[(row * Size) + column] = (float)Math.Round(100 + mean + fringe + (Math.Sqrt(mean) * noise[pick.Next(noise.Length)]));
            }
        });
        return image;
    }

    private static double Wave(double x, double y, double d, double angle) => Math.Cos(2 * Math.PI / d * ((x * Math.Cos(angle * Math.PI / 180)) + (y * Math.Sin(angle * Math.PI / 180))));

    private static float Gauss(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    /// <summary>Noise that passed a band of frequencies: the difference of means over 3 and 7 pixels, of unit spread.</summary>
    private static float[] Texture(Random random)
    {
        var noise = new float[Size * Size];
        for (var i = 0; i < noise.Length; i++) { noise[i] = Gauss(random); }
        var (near, far) = (Mean(noise, 1), Mean(noise, 3));
        var result = new float[noise.Length];
        for (var i = 0; i < result.Length; i++) { result[i] = 4 * (near[i] - far[i]); }
        return result;
    }

    private static float[] Mean(float[] values, int reach)
    {
        float[] Along(float[] from, int step, int limit) => [.. Enumerable.Range(0, from.Length).AsParallel().AsOrdered().Select(i =>
        {
            var sum = 0f;
            for (var k = -reach; k <= reach; k++) { sum += from[i + (Math.Clamp((i / step % limit) + k, 0, limit - 1) - (i / step % limit)) * step]; }
            return sum / ((2 * reach) + 1);
        })];
        return Along(Along(values, 1, Size), Size, Size);
    }

    /// <summary>Uncompressed TIFF of 16 bits.</summary>
    public static void Tiff(string path, float[] pixels)
    {
        using var file = new BinaryWriter(File.Create(path));
        (ushort Tag, ushort Type, uint Value)[] tags = [(256, 4, Size), (257, 4, Size), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 4096), (277, 3, 1), (278, 4, Size), (279, 4, 2 * Size * Size), (339, 3, 1)];
        file.Write("II"u8);
        file.Write((ushort)42);
        file.Write(8u);
        file.Write((ushort)tags.Length);
        foreach (var (tag, type, value) in tags) { file.Write(tag); file.Write(type); file.Write(1u); file.Write(value); }
        file.Write(0u);
        file.Write(new byte[4096 - file.BaseStream.Position]);
        var data = new byte[2 * pixels.Length];
        for (var i = 0; i < pixels.Length; i++) { BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2 * i), (ushort)pixels[i]); }
        file.Write(data);
    }

    /// <summary>PNG of 8 bits, rows written as differences to the left.</summary>
    public static void Png(string path, float[] pixels)
    {
        using var file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        void Chunk(string name, byte[] data)
        {
            byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(body);
            // The reader relies on the sum inside the compressed data.
            file.Write(new byte[4]);
        }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Size);
        header[8] = 8;
        Chunk("IHDR", header);
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, true))
        {
            var row = new byte[Size + 1];
            row[0] = 1;
            for (var y = 0; y < Size; y++)
            {
                byte left = 0;
                for (var x = 0; x < Size; x++)
                {
                    var value = (byte)Math.Clamp((pixels[(y * Size) + x] - 400) / 4, 0, 255);
                    (row[x + 1], left) = ((byte)(value - left), value);
                }
                stream.Write(row);
            }
        }
        Chunk("IDAT", packed.ToArray());
        Chunk("IEND", []);
    }

    /// <summary>DigitalMicrograph 4 of 32-bit floats, with its scale.</summary>
    public static void Dm4(string path, float[] pixels)
    {
        static byte[] Big(long value) { var b = new byte[8]; BinaryPrimitives.WriteInt64BigEndian(b, value); return b; }
        static byte[] Tag(byte kind, string label, byte[] body) => [kind, (byte)(label.Length >> 8), (byte)label.Length, .. Encoding.ASCII.GetBytes(label), .. Big(body.Length), .. body];
        static byte[] Group(params byte[][] tags) => [0, 0, .. Big(tags.Length), .. tags.SelectMany(t => t)];
        static byte[] Data(byte[] payload, params long[] kind) => [.. "%%%%"u8, .. Big(kind.Length), .. kind.SelectMany(Big), .. payload];
        static byte[] Number(uint value) => Data(BitConverter.GetBytes(value), 5);
        var bytes = new byte[4 * pixels.Length];
        Buffer.BlockCopy(pixels, 0, bytes, 0, bytes.Length);
        var axis = Tag(20, "", Group(Tag(21, "Scale", Data(BitConverter.GetBytes((float)Pixel), 6)), Tag(21, "Units", Data(Encoding.Unicode.GetBytes("nm"), 20, 4, 2))));
        var image = Group(Tag(20, "Calibrations", Group(Tag(20, "Dimension", Group(axis, axis)))), Tag(21, "Data", Data(bytes, 20, 6, pixels.Length)), Tag(21, "DataType", Number(2)), Tag(20, "Dimensions", Group(Tag(21, "", Number(Size)), Tag(21, "", Number(Size)))));
        var root = Group(Tag(20, "ImageList", Group(Tag(20, "", Group(Tag(20, "ImageData", image))))));
        File.WriteAllBytes(path, [0, 0, 0, 4, .. Big(root.Length), 0, 0, 0, 1, .. root]);
    }
}
