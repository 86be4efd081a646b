using System.Text;
using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>A file format that Interphase reads.</summary>
/// <param name="Name">Its name in results (<c>biologic-mpr</c>).</param>
/// <param name="Description">Who writes it, in a few words.</param>
/// <param name="IsText">True where the content is text; a text with a zero byte is refused before it is loaded whole.</param>
/// <param name="Recognises">Whether a file is of this format, judged by how it begins.</param>
/// <param name="Read">Reads it. Throws <see cref="InputException"/>, and nothing else, where the content is damaged.</param>
public sealed record FileFormat(string Name, string Description, bool IsText, Func<FileHead, bool> Recognises, Func<FileContent, Measurement> Read)
{
    /// <summary>
    /// Reads a long text without having all of it in memory: from its first bytes, its blocks of lines from the beginning on, and its
    /// length where that is known. Null, before any block was taken, where only <see cref="Read"/> can.
    /// </summary>
    internal Func<FileContent, TextBlocks, long?, Measurement?>? InBlocks { get; init; }
}

/// <summary>How a file begins: what formats are recognised by.</summary>
public sealed class FileHead
{
    internal FileHead(string path, ReadOnlyMemory<byte> bytes, bool isWhole)
    {
        Path = path;
        Bytes = bytes;
        IsWhole = isWhole;
        text = new(() => TextEncodings.Decode(Bytes.Span));
        lines = new(() => Text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray());
    }

    private readonly Lazy<string> text;
    private readonly Lazy<string[]> lines;

    /// <summary>The path as given, without <c>.gz</c>.</summary>
    public string Path { get; }

    /// <summary>The first 64 KiB.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>True where these are all the bytes of the file.</summary>
    public bool IsWhole { get; }

    /// <summary>The same as text (UTF-8, UTF-16 with its mark, else Windows-1252).</summary>
    public string Text => text.Value;

    /// <summary>The text's lines; the last may be cut.</summary>
    public IReadOnlyList<string> Lines => lines.Value;

    /// <summary>Whether the file begins with these ASCII characters.</summary>
    public bool StartsWith(string ascii) => Bytes.Span.StartsWith(Encoding.ASCII.GetBytes(ascii));
}

/// <summary>All of a file.</summary>
/// <param name="Path">The path as given.</param>
/// <param name="Bytes">Its bytes, unpacked where it was compressed.</param>
public sealed record FileContent(string Path, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Span => Bytes.Span;

    /// <summary>All of it as text (UTF-8, UTF-16 with its mark, else Windows-1252).</summary>
    public string Text() => TextEncodings.Decode(Bytes.Span);

    /// <summary>The content as UTF-8 or a one-byte encoding, without a byte order mark: what the span readers work on.</summary>
    public ReadOnlyMemory<byte> TextBytes() => TextEncodings.SingleByte(Bytes);

    /// <summary>An error in this file, at a line counted from 1.</summary>
    public InputException AtLine(int line, string what, string mend) => new(what, $"{Path}:{line}", mend);

    /// <summary>An error in this file, at a byte counted from 0.</summary>
    public InputException AtByte(long offset, string what, string mend) => new(what, $"{Path}, byte {offset}", mend);
}

/// <summary>Instruments' text encodings.</summary>
internal static class TextEncodings
{
    public static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: false);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8)) { return Strict.GetString(bytes[3..]); }
        if (bytes is [0xFF, 0xFE, ..]) { return Encoding.Unicode.GetString(bytes[2..]); }
        if (bytes is [0xFE, 0xFF, ..]) { return Encoding.BigEndianUnicode.GetString(bytes[2..]); }
        return IsUtf8(bytes) ? Strict.GetString(bytes) : Windows1252.GetString(bytes);
    }

    public static ReadOnlyMemory<byte> SingleByte(ReadOnlyMemory<byte> bytes) => bytes.Span switch
    {
        [0xEF, 0xBB, 0xBF, ..] => bytes[3..],
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(bytes.Span[2..]).TrimEnd('\uFEFF', '\uFFFD')), // some programs end a text with another mark, and half a line end
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(bytes.Span[2..])),
        _ => bytes,
    };

    // A head may be cut inside a character; up to three bytes at its end are forgiven.
    private static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        for (var cut = 0; cut <= 3 && cut <= bytes.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(bytes[..^cut])) { return true; }
        }
        return false;
    }
}
