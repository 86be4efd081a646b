using System.Buffers.Binary;
using System.Numerics;

namespace Interphase.Instruments;

/// <summary>
/// The occupied slots of a paged table of a <c>.ndax</c>, in order. The first page is a header; each other page begins with a map of
/// the slots it holds, and its last byte is never data.
/// </summary>
internal ref struct NewarePages(byte[] table, int size)
{
    private const int PageSize = 4096, MapAt = 4, PayloadAt = 132;
    private readonly int slots = (PageSize - PayloadAt - 1) / size;
    private int page = 1, slot = -1;

    /// <summary>How many slots are occupied.</summary>
    public readonly int Count
    {
        get
        {
            var count = 0;
            for (var at = PageSize; at + PageSize <= table.Length; at += PageSize)
            {
                var map = table.AsSpan(at + MapAt, PayloadAt - MapAt);
                var (whole, rest) = (slots >> 6, slots & 63);
                for (var w = 0; w < whole; w++) { count += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(map[(8 * w)..])); }
                for (var b = 64 * whole; b < (64 * whole) + rest; b++) { count += (map[b >> 3] >> (b & 7)) & 1; }
            }
            return count;
        }
    }

    /// <summary>The slot's place in the table, empty slots counted, from 0.</summary>
    public readonly int Slot => ((page - 1) * slots) + slot;

    /// <summary>The slot's bytes.</summary>
    public readonly ReadOnlySpan<byte> Current => table.AsSpan((page * PageSize) + PayloadAt + (slot * size), size);

    /// <summary>Goes to the next occupied slot.</summary>
    public bool MoveNext()
    {
        while ((page + 1) * (long)PageSize <= table.Length)
        {
            while (++slot < slots)
            {
                if ((table[(page * PageSize) + MapAt + (slot >> 3)] & (1 << (slot & 7))) != 0) { return true; }
            }
            page++;
            slot = -1;
        }
        return false;
    }
}
