using System.Buffers.Binary;

namespace Interphase.Files;

/// <summary>The checksum of zip entries (CRC-32, reflected polynomial EDB88320), eight bytes at a time by tables.</summary>
internal static class Checksum
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[][] Tables = Made();

    /// <summary>The checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var t = Tables;
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][low & 0xFF] ^ t[6][(low >> 8) & 0xFF] ^ t[5][(low >> 16) & 0xFF] ^ t[4][low >> 24]
                ^ t[3][high & 0xFF] ^ t[2][(high >> 8) & 0xFF] ^ t[1][(high >> 16) & 0xFF] ^ t[0][high >> 24];
        }
        foreach (var b in bytes) { crc = t[0][(crc ^ b) & 0xFF] ^ (crc >> 8); }
        return ~crc;
    }

    private static uint[][] Made()
    {
        var tables = new uint[8][];
        for (var k = 0; k < 8; k++) { tables[k] = new uint[256]; }
        for (var n = 0u; n < 256; n++)
        {
            var crc = n;
            for (var bit = 0; bit < 8; bit++) { crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1; }
            tables[0][n] = crc;
        }
        for (var n = 0; n < 256; n++)
        {
            for (var k = 1; k < 8; k++) { tables[k][n] = tables[0][tables[k - 1][n] & 0xFF] ^ (tables[k - 1][n] >> 8); }
        }
        return tables;
    }
}
