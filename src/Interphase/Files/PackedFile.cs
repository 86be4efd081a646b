using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Xml;

namespace Interphase.Files;

/// <summary>Archives in memory: opened without copying, and damage of any kind said in one way.</summary>
internal static class PackedFile
{
    /// <summary>Opens an archive; several may be open over the same bytes at once.</summary>
    /// <exception cref="InvalidDataException">It is no archive.</exception>
    public static ZipArchive Open(ReadOnlyMemory<byte> bytes) =>
        new(MemoryMarshal.TryGetArray(bytes, out var a) ? new MemoryStream(a.Array!, a.Offset, a.Count, writable: false) : new MemoryStream(bytes.ToArray()), ZipArchiveMode.Read);

    /// <summary>The path that a file packed by gzip (<c>x.csv.gz</c>) has unpacked; any other path as it is.</summary>
    public static string Unpacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;

    /// <summary>A packed file; it may not be longer than it says, nor be announced longer than its packed bytes can hold.</summary>
    /// <exception cref="InvalidDataException">It is, or its checksum is wrong.</exception>
    public static byte[] Bytes(ZipArchiveEntry entry)
    {
        const int mostPacked = 1032;
        if (entry.Length > mostPacked * Math.Max(entry.CompressedLength, 1)) { throw new InvalidDataException("longer than its packed bytes can hold"); }
        using var stream = entry.Open();
        var bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
        stream.ReadExactly(bytes);
        if (stream.ReadByte() >= 0) { throw new InvalidDataException("longer than announced"); }
        return Checksum.Of(bytes) == entry.Crc32 ? bytes : throw new InvalidDataException($"the checksum of {entry.Name} is wrong");
    }

    /// <summary>What <paramref name="read"/> makes of an archive.</summary>
    /// <exception cref="InputException">The archive, or the XML in it, is damaged: <paramref name="what"/> of <paramref name="path"/>, mended by <paramref name="mend"/>.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, string path, string what, string mend, Func<ZipArchive, T> read)
    {
        try
        {
            using var archive = Open(bytes);
            return read(archive);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or XmlException or NotSupportedException or ArgumentException or IOException)
        {
            throw new InputException(what, path, mend, e);
        }
    }
}
