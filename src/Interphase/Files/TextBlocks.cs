using System.Buffers;

namespace Interphase.Files;

/// <summary>
/// A text read in blocks of whole lines, so that it never stands in memory as a whole; only the last block may end inside a line.
/// </summary>
internal sealed class TextBlocks(Stream stream, string path)
{
    private const int BlockSize = 1 << 20, LongestLine = 1 << 28;

    // All below the space but tab, line feed, carriage return, form feed, and the mark of the end of old files.
    private static readonly SearchValues<byte> NotText = SearchValues.Create([.. Enumerable.Range(0, 32).Where(b => b is not (9 or 10 or 12 or 13 or 26)).Select(b => (byte)b), 127]);

    private byte[] buffer = new byte[BlockSize];
    private int given, count;
    private long lines, position;

    /// <summary>The line, from 1, of the first character that no instrument writes into a text; 0 where there is none.</summary>
    public long FirstOddLine { get; private set; }

    /// <summary>The next block; empty at the end.</summary>
    /// <exception cref="InputException">The text holds a zero byte, or a line without an end.</exception>
    public ReadOnlySpan<byte> Next()
    {
        buffer.AsSpan(given, count - given).CopyTo(buffer);
        (count, given) = (count - given, 0);
        while (true)
        {
            var got = stream.ReadAtLeast(buffer.AsSpan(count), buffer.Length - count, throwOnEndOfStream: false);
            if (buffer.AsSpan(count, got).IndexOf((byte)0) is >= 0 and var zero)
            {
                throw new InputException("the text is damaged: it holds a zero byte", $"{path}, byte {position + zero}", "export it again from the instrument's software");
            }
            var whole = count + got < buffer.Length;
            count += got;
            position += got;
            given = whole ? count : buffer.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
            if (given > 0 || whole) { break; }
            if (buffer.Length >= LongestLine) { throw new InputException("the text has a line that does not end", $"{path}, byte {position - count}", "export it again from the instrument's software"); }
            Array.Resize(ref buffer, 2 * buffer.Length);
        }
        var block = buffer.AsSpan(0, given);
        var odd = OddCharacter(block);
        if (odd >= 0 && FirstOddLine == 0) { FirstOddLine = lines + block[..odd].Count((byte)'\n') + 1; }
        lines += block.Count((byte)'\n');
        return block;
    }

    /// <summary>Where the first character stands that no instrument writes into a text: it was damaged on the way; −1 where there is none.</summary>
    public static int OddCharacter(ReadOnlySpan<byte> text) => text.IndexOfAny(NotText);
}
