using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using Interphase.Instruments;

namespace Interphase.Benchmarks;

/// <summary>
/// Reading of files made in memory, so that the disk does not count. To beat on two cores of 2.5 GHz: galvani 59,239 rows of
/// .mpr in 5.6 ms (10.6 M rows/s, columns left as stored); pandas 12.8 MB of .mpt in 0.47 s (27 MB/s).
/// </summary>
[MemoryDiagnoser]
public class InstrumentBenchmarks
{
    private const int Rows = 1_000_000;
    private byte[] mpr = [], mpt = [], bdf = [];

    [GlobalSetup]
    public void Prepare()
    {
        (mpr, mpt, bdf) = (Mpr(Rows), Mpt(Rows / 5), BdfCsv(Rows / 2));
    }

    [Benchmark(Description = "mpr, a million rows of 16 columns")]
    public int ReadMpr() => InstrumentFile.Read(new MemoryStream(mpr), "x.mpr").Series!.Count;

    [Benchmark(Description = "mpt, 200,000 rows of 8 columns (25 MB)")]
    public int ReadMpt() => InstrumentFile.Read(new MemoryStream(mpt), "x.mpt").Series!.Count;

    [Benchmark(Description = "BDF csv, 500,000 rows of 4 columns (20 MB)")]
    public int ReadBdf() => InstrumentFile.Read(new MemoryStream(bdf), "x.bdf.csv").Series!.Count;

    /// <summary>A galvanostatic file of module version 3 with the columns of a rate test.</summary>
    internal static byte[] Mpr(int rows)
    {
        int[] ids = [1, 2, 3, 21, 31, 65, 131, 4, 7, 13, 5, 6, 39, 467, 468, 70];
        const int row = 1 + 2 + 8 + 8 + 8 + 4 + 4 + 2 + 8 + 4 + 4, start = 0x196;
        var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("BIO-LOGIC MODULAR FILE\u001a".PadRight(48) + "\0\0\0\0"));
        var header = new byte[6 + 51];
        Encoding.ASCII.GetBytes("MODULEVMP data  VMP data                 ").CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(41), start + (rows * row));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(45), 3);
        Encoding.ASCII.GetBytes("01/01/26").CopyTo(header, 49);
        file.Write(header);
        var data = new byte[start + (rows * row)];
        BinaryPrimitives.WriteInt32LittleEndian(data, rows);
        data[4] = (byte)ids.Length;
        for (var i = 0; i < ids.Length; i++) { BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(5 + (2 * i)), (ushort)ids[i]); }
        for (var i = 0; i < rows; i++)
        {
            var r = data.AsSpan(start + (i * row), row);
            r[0] = 1;
            BinaryPrimitives.WriteDoubleLittleEndian(r[3..], i);
            BinaryPrimitives.WriteDoubleLittleEndian(r[11..], 1e-4);
            BinaryPrimitives.WriteSingleLittleEndian(r[31..], 3.5f);
        }
        file.Write(data);
        return file.ToArray();
    }

    internal static byte[] Mpt(int rows)
    {
        var text = new StringBuilder("EC-Lab ASCII FILE\r\nNb header lines : 3\r\nmode\ttime/s\tcontrol/V\tEwe/V\tI/mA\tdq/mA.h\t(Q-Qo)/mA.h\tcycle number\t\r\n");
        for (var i = 0; i < rows; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"1\t{i * 1.000199:E15}\t{3.5:E7}\t{3.5 + (i * 1e-7):E7}\t{0.1234567:E7}\t{i * 1.23456789e-7:E15}\t{i * 2.3456789e-7:E15}\t{1.0:E15}\t\r\n");
        }
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    internal static byte[] BdfCsv(int rows)
    {
        var text = new StringBuilder("Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n");
        for (var i = 0; i < rows; i++) { text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i * 0.100003:F4},{3.5 + (i * 1e-7):F8},{1.234567e-4:R},{i / 1000}\n"); }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
