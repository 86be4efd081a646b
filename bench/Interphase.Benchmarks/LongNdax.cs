using System.Buffers.Binary;
using System.IO.Compression;

namespace Interphase.Benchmarks;

/// <summary>A long <c>.ndax</c>, made of a real one of table version 14 by repeating its records with their numbers counted on.</summary>
internal static class LongNdax
{
    private const int Page = 4096, Payload = 132;

    /// <summary>Writes a file of <paramref name="times"/> times the records of <paramref name="source"/>.</summary>
    public static void Write(string source, string path, int times)
    {
        using var zip = ZipFile.OpenRead(source);
        var data = Rows(Bytes(zip, "data.ndc"), 8);
        var run = Rows(Bytes(zip, "data_runInfo.ndc"), 55);
        var steps = Rows(Bytes(zip, "data_step.ndc"), 37);
        var (header, cycles) = (Bytes(zip, "data.ndc").AsSpan(0, Page).ToArray(), steps.Max(s => U32(s, 0)) + 1);
        var seconds = U32(run[^1], 33) - U32(run[0], 33) + 60;
        using var stream = File.Create(path);
        using var made = new ZipArchive(stream, ZipArchiveMode.Create);
        Entry(made, "data.ndc", header, Repeat(data, times, (_, _) => { }), 8);
        Entry(made, "data_runInfo.ndc", Bytes(zip, "data_runInfo.ndc").AsSpan(0, Page).ToArray(), Repeat(run, times, (r, n) =>
        {
            Add(r, 33, (uint)n * seconds);
            Add(r, 37, (uint)(n * steps.Count));
            Add(r, 41, (uint)(n * data.Count));
        }), 55);
        Entry(made, "data_step.ndc", Bytes(zip, "data_step.ndc").AsSpan(0, Page).ToArray(), Repeat(steps, times, (r, n) => Add(r, 0, (uint)n * cycles)), 37);
        foreach (var name in (string[])["VersionInfo.xml", "TestInfo.xml", "Step.xml"])
        {
            using var entry = made.CreateEntry(name).Open();
            entry.Write(Bytes(zip, name));
        }
    }

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var stream = zip.GetEntry(name)!.Open();
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private static List<byte[]> Rows(byte[] table, int size)
    {
        var rows = new List<byte[]>();
        for (var page = Page; page + Page <= table.Length; page += Page)
        {
            for (var slot = 0; slot < (Page - Payload - 1) / size; slot++)
            {
                if ((table[page + 4 + (slot >> 3)] & (1 << (slot & 7))) != 0) { rows.Add(table.AsSpan(page + Payload + (slot * size), size).ToArray()); }
            }
        }
        return rows;
    }

    private static IEnumerable<byte[]> Repeat(List<byte[]> rows, int times, Action<byte[], int> change)
    {
        for (var n = 0; n < times; n++)
        {
            foreach (var row in rows)
            {
                var copy = (byte[])row.Clone();
                change(copy, n);
                yield return copy;
            }
        }
    }

    private static void Entry(ZipArchive zip, string name, byte[] header, IEnumerable<byte[]> rows, int size)
    {
        using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        entry.Write(header);
        foreach (var part in rows.Chunk((Page - Payload - 1) / size))
        {
            var page = new byte[Page];
            for (var slot = 0; slot < part.Length; slot++)
            {
                page[4 + (slot >> 3)] |= (byte)(1 << (slot & 7));
                part[slot].CopyTo(page, Payload + (slot * size));
            }
            entry.Write(page);
        }
    }

    private static uint U32(byte[] row, int at) => BinaryPrimitives.ReadUInt32LittleEndian(row.AsSpan(at));

    private static void Add(byte[] row, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(at), U32(row, at) + value);
}
