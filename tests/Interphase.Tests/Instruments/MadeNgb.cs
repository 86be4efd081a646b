using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Interphase.Tests.Instruments;

/// <summary>Makes NETZSCH's binary files by the rules of the format, so that tests hold the truth they read.</summary>
internal static class MadeNgb
{
    private static readonly byte[] Marker = [0x18, 0xFC, 0xFF, 0xFF, 0x03, 0x80, 0x01], Bridge = [0, 0, 1, 0, 0, 0, 0x0C, 0, 0x17, 0xFC, 0xFF, 0xFF], End = [1, 0, 0, 0, 2, 0, 1, 0, 0];

    /// <summary>A file: sample mass in mg (none below zero), and for each run minutes, °C, µV and mg.</summary>
    public static byte[] File(double mass, string correction, double[] calibration, params (double[] Minutes, double[] Celsius, double[] Signal, double[] Mass)[] runs)
    {
        var about = new List<byte>();
        Table(about, 0x7530, 0x0B01, (0x0840, Text("gel 7")), (0x0C9E, Double(mass)));
        Table(about, 0x1775, 0x0B02, (0x1059, Text("STA449")));
        Table(about, 0x1770, 0x0B03, (0x0843, Text("C:\\data\\" + correction)));
        int[] ids = [0x044F, 0x0450, 0x0451, 0x0452, 0x0453, 0x04C3];
        Table(about, 0x01F5, 0x0B04, [.. ids.Zip(calibration, (i, v) => (i, Single(v)))]);
        Table(about, 0x7530, 0x0B05, (0x0454, Single(156.6)), (0x0455, Single(-28.6)), (0x0456, Single(-33.4)));
        Table(about, 0x7530, 0x2B0C, (0x083F, Integer(0)), (0x0E17, Single(30)), (0x0E13, Single(0)), (0x0E15, Single(0)));
        Table(about, 0x7531, 0x2B0C, (0x083F, Integer(1)), (0x0E17, Single(800)), (0x0E13, Single(10)), (0x0E15, Single(77)));
        var data = new List<byte>();
        foreach (var (minutes, celsius, signal, milligrams) in runs)
        {
            Channel(data, 0x8C, minutes, true);
            Channel(data, 0x8D, celsius, false);
            Channel(data, 0x8E, signal, false);
            Channel(data, 0x90, milligrams, true);
        }
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(zip, 1, about);
            Entry(zip, 2, data);
        }
        return stream.ToArray();
    }

    private static void Entry(ZipArchive zip, int number, List<byte> section)
    {
        var head = new byte[0x50 + 28];
        "Netzsch TA file"u8.CopyTo(head.AsSpan(2));
        head[0x50] = head[0x51] = 0xFF;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(0x52), (ushort)number);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(0x54), (uint)head.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(0x58), (uint)section.Count);
        head[0x50 + 14] = head[0x50 + 15] = 0xFF;
        using var open = zip.CreateEntry($"Streams/stream_{number}.table").Open();
        open.Write(head);
        open.Write([.. section]);
    }

    /// <summary>A channel's header and its values in two segments.</summary>
    private static void Channel(List<byte> to, int channel, double[] values, bool wide)
    {
        Table(to, 0x1700 | channel, 0x2B22);
        var half = values.Length / 2;
        Table(to, 0x7530, 0x2B23, (wide ? 0x0F40 : 0x0F3D, Array(values[..half], wide)));
        Table(to, 0x7531, 0x2B23, (wide ? 0x0F40 : 0x0F3D, Array(values[half..], wide)));
    }

    private static void Table(List<byte> to, int category, int kind, params (int Field, byte[] Value)[] fields)
    {
        Record(to, category, [0x1A, 0x80, 0x01, 0x01, 0x80, 0x02, 0x00, 0x00, 0x80, (byte)kind, (byte)(kind >> 8), 0, 0]);
        foreach (var (field, value) in fields) { Record(to, field, value); }
        to.AddRange([0x00, 0x03, 0x00]);
    }

    private static void Record(List<byte> to, int field, byte[] value)
    {
        to.AddRange(Marker);
        to.AddRange([(byte)field, (byte)(field >> 8)]);
        to.AddRange(Bridge);
        to.AddRange(value);
        to.AddRange(End);
    }

    private static byte[] Integer(int v) => [3, 0x80, 1, .. BitConverter.GetBytes(v)];

    private static byte[] Single(double v) => [4, 0x80, 1, .. BitConverter.GetBytes((float)v)];

    private static byte[] Double(double v) => [5, 0x80, 1, .. BitConverter.GetBytes(v)];

    private static byte[] Text(string v) => [0x1F, 0x80, 1, 0xFF, 0xFE, 0xFF, (byte)v.Length, .. Encoding.Unicode.GetBytes(v)];

    private static byte[] Array(double[] v, bool wide) => [(byte)(wide ? 5 : 4), 0xA0, 1, .. BitConverter.GetBytes(v.Length), .. v.SelectMany(x => wide ? BitConverter.GetBytes(x) : BitConverter.GetBytes((float)x))];
}
