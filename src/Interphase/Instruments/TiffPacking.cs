using System.IO.Compression;

namespace Interphase.Instruments;

/// <summary>Unpacks strips and tiles of a TIFF: PackBits, LZW and Deflate (TIFF 6.0, §9 and §13; Adobe's technical notes), then the differences that a predictor stored.</summary>
internal static class TiffPacking
{
    /// <summary>What cannot be unpacked, in words; null where it can.</summary>
    public static string? Refused(int compression) => compression switch
    {
        1 or 5 or 8 or 32773 or 32946 => null,
        2 or 3 or 4 => "is compressed as a fax (black and white)",
        6 or 7 or 33003 or 33005 or 34712 or 50002 => "is compressed as JPEG, which changes the values",
        _ => $"is compressed by scheme {compression}",
    };

    /// <summary>Unpacks one strip or tile into the bytes it has to fill; false where they do not fill it.</summary>
    public static bool Unpack(int compression, ReadOnlyMemory<byte> packed, byte[] into, int size) => compression switch
    {
        5 => Lzw(packed.Span, into.AsSpan(0, size)),
        8 or 32946 => Deflate(packed, into, size),
        32773 => PackBits(packed.Span, into.AsSpan(0, size)),
        _ => Copy(packed.Span, into.AsSpan(0, size)),
    };

    /// <summary>Sums up the differences that were stored: 2, between neighbouring values of one channel; 3, between bytes of floats parted by significance.</summary>
    public static void Undo(int predictor, Span<byte> row, int bits, int samples, bool little)
    {
        if (predictor == 3)
        {
            for (var i = samples; i < row.Length; i++) { row[i] += row[i - samples]; }
            var (size, planes) = (bits / 8, row.ToArray());
            var number = row.Length / size;
            for (var i = 0; i < number; i++)
            {
                for (var k = 0; k < size; k++) { row[(i * size) + (little ? size - 1 - k : k)] = planes[(k * number) + i]; }
            }
            return;
        }
        if (predictor != 2) { return; }
        // Whole numbers of any size are added byte by byte, the low one first.
        var bytes = bits / 8;
        var back = bytes * samples;
        for (var at = back; at + bytes <= row.Length; at += bytes)
        {
            var carry = 0;
            for (var k = 0; k < bytes; k++)
            {
                var i = at + (little ? k : bytes - 1 - k);
                carry += row[i] + row[i - back];
                row[i] = (byte)carry;
                carry >>= 8;
            }
        }
    }

    private static bool Copy(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        if (packed.Length < into.Length) { return false; }
        packed[..into.Length].CopyTo(into);
        return true;
    }

    private static bool Deflate(ReadOnlyMemory<byte> packed, byte[] into, int size)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            return stream.ReadAtLeast(into.AsSpan(0, size), size, throwOnEndOfStream: false) == size;
        }
        catch (InvalidDataException) { return false; }
    }

    /// <summary>A count n ≥ 0 before n + 1 bytes as they are; n from −127 to −1 before one byte that stands 1 − n times.</summary>
    private static bool PackBits(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        var (at, to) = (0, 0);
        while (to < into.Length && at < packed.Length)
        {
            var n = (sbyte)packed[at++];
            if (n == -128) { continue; }
            if (n >= 0)
            {
                var length = Math.Min(n + 1, into.Length - to);
                if (at + length > packed.Length) { return false; }
                packed.Slice(at, length).CopyTo(into[to..]);
                (at, to) = (at + n + 1, to + length);
            }
            else
            {
                if (at >= packed.Length) { return false; }
                var length = Math.Min(1 - n, into.Length - to);
                into.Slice(to, length).Fill(packed[at++]);
                to += length;
            }
        }
        return to == into.Length;
    }

    /// <summary>
    /// Codes of 9 to 12 bits, high bits first; 256 clears the table, 257 ends. The width grows one code early (§13). Every entry is the
    /// string written before it and one byte more, so it is kept as the place where it was written, and no table of strings is needed.
    /// </summary>
    private static bool Lzw(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        Span<int> start = stackalloc int[4097], length = stackalloc int[4097];
        int next = 258, width = 9, to = 0, lastStart = -1, lastLength = 0;
        long bits = 0;
        var (held, at) = (0, 0);
        while (to < into.Length)
        {
            while (held < width)
            {
                if (at >= packed.Length) { return false; }
                bits = (bits << 8) | packed[at++];
                held += 8;
            }
            var code = (int)(bits >> (held - width)) & ((1 << width) - 1);
            held -= width;
            bits &= (1L << held) - 1;
            if (code == 257) { return false; }
            if (code == 256)
            {
                (next, width, lastStart) = (258, 9, -1);
                continue;
            }
            var here = to;
            if (code < 256) { into[to++] = (byte)code; }
            else
            {
                // The code being made is the last string and its own first byte.
                if (code > next || (code == next && lastStart < 0) || (code < next && length[code] == 0)) { return false; }
                var (from, count) = code < next ? (start[code], length[code]) : (lastStart, lastLength + 1);
                for (var k = 0; k < count && to < into.Length; k++) { into[to++] = into[from + k]; }
            }
            if (lastStart >= 0 && next < 4096)
            {
                (start[next], length[next]) = (lastStart, lastLength + 1);
                next++;
                // Writers clear the table at 4094; one that does not stays at twelve bits.
                width = next + 1 >= 2048 ? 12 : next + 1 >= 1024 ? 11 : next + 1 >= 512 ? 10 : 9;
            }
            (lastStart, lastLength) = (here, to - here);
        }
        return true;
    }
}
