using System.IO.Compression;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Reads any instrument's file.</summary>
public static class InstrumentFile
{
    private const int HeadSize = 1 << 16, ChunkSize = 1 << 20, LongestZeros = 1 << 26, LargestPacked = 1 << 30;

    /// <summary>Recognises a file by its content and reads it; a <c>.gz</c> is unpacked on the way. What BioLogic's settings and log of the same
    /// name say beyond the file is added, with a warning where it matters.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What the instrument recorded, in SI.</returns>
    /// <exception cref="InputException">The file cannot be opened, is of no known format, or is damaged.</exception>
    public static Measurement Read(string path) => Companions.Complete(Opened(path, file => Read(file, path)), path);

    /// <summary>The unpacked bytes of a text file.</summary>
    internal static FileContent Text(string path) => Opened(path, file => Unpacked(file, path, (stream, length) =>
    {
        var start = Head(stream, path);
        return new FileContent(path, Load(start, stream, path, length, isText: true));
    }));

    private static T Opened<T>(string path, Func<FileStream, T> read)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Directory.Exists(path)) { throw new InputException("this is a folder", path, $"name the files in it, for example {Path.Join(path, "*.mpr")}"); }
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            return read(file);
        }
        catch (FileNotFoundException e) when (InputFiles.IsPattern(path)) { throw new InputException("no file matches the pattern", path, "check the folder and the ending", e); }
        catch (FileNotFoundException e) { throw new InputException("the file does not exist", path, "check the path", e); }
        catch (DirectoryNotFoundException e) { throw new InputException("the file does not exist", path, "check the path", e); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException("the file cannot be read", path, $"check its permissions and the disk ({e.Message})", e);
        }
        catch (ArgumentException e) when (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException("this is not a path", path.Replace('\0', '?'), "name a file", e);
        }
    }

    /// <summary>Reads from a stream; <paramref name="path"/> is used in messages and as <see cref="Measurement.File"/>.</summary>
    /// <exception cref="InputException">The content is of no known format or damaged.</exception>
    public static Measurement Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(path);
        return Unpacked(stream, path, (content, length) => Recognised(content, path, length));
    }

    private static T Unpacked<T>(Stream stream, string path, Func<Stream, long?, T> read)
    {
        var start = new byte[2];
        var got = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        if (got == 0) { throw new InputException("the file is empty", path, "export it again from the instrument"); }
        var compressed = got == 2 && start[0] == 0x1F && start[1] == 0x8B;
        using var joined = new Prefixed(start.AsMemory(0, got), stream);
        try
        {
            if (!compressed) { return read(joined, stream.CanSeek ? stream.Length : null); }
            using var unpacked = new GZipStream(joined, CompressionMode.Decompress);
            return read(unpacked, null);
        }
        catch (InvalidDataException e)
        {
            throw new InputException("the compressed file is damaged", path, "copy or compress it again", e);
        }
    }

    private static FileHead Head(Stream stream, string path)
    {
        var head = new byte[HeadSize];
        var count = stream.ReadAtLeast(head, HeadSize, throwOnEndOfStream: false);
        if (count == 0) { throw new InputException("the file is empty", path, "export it again from the instrument"); }
        var name = PackedFile.Unpacked(path);
        return new(name, head.AsMemory(0, count), count < HeadSize);
    }

    private static Measurement Recognised(Stream stream, string path, long? length, bool packed = false)
    {
        var start = Head(stream, path);
        var format = FileFormats.All.FirstOrDefault(f => f.Recognises(start));
        if (format is null && !packed && start.StartsWith("PK\u0003\u0004")) { return Packed(stream, path, length, start); }
        if (format is null) { throw NotRead.Reason(start, path); }
        if (!start.IsWhole && format.InBlocks is { } inBlocks)
        {
            using var again = new Prefixed(start.Bytes, stream);
            var blocks = new TextBlocks(again, path);
            var beginning = new FileContent(path, start.Bytes);
            if (inBlocks(beginning, blocks, length) is { } done)
            {
                done = Excitation.Added(done, beginning, format.IsText);
                return blocks.FirstOddLine == 0 ? done : done with { Warnings = [.. done.Warnings, Damaged(blocks.FirstOddLine)] };
            }
        }
        var content = new FileContent(path, Load(start, stream, path, length, format.IsText));
        Measurement read;
        try { read = Excitation.Added(format.Read(content), content, format.IsText); }
        catch (InputException e) when (e.Where.Length == 0) { throw new InputException(e.What, path, e.Mend, e); }
        return format.IsText && ControlCharacters(content.Span) is { } doubt ? read with { Warnings = [.. read.Warnings, doubt] } : read;
    }

    /// <summary>The one file of an archive.</summary>
    private static Measurement Packed(Stream stream, string path, long? length, FileHead start)
    {
        var all = Load(start, stream, path, length, isText: false);
        return PackedFile.Read(all, path, "the archive is damaged", "copy it again", archive =>
        {
            var files = archive.Entries.Where(e => e.Name.Length > 0 && !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToArray();
            if (files.Length != 1) { throw new InputException($"the archive holds {files.Length} files", path, "unpack it and name the one to read"); }
            if (files[0].Length > LargestPacked) { throw new InputException("the archive unpacks to more than 1 GB", path, "unpack it and name the file"); }
            using var content = files[0].Open();
            return Recognised(content, path, null, packed: true);
        });
    }

    /// <summary>Characters that no instrument writes into a text: it was damaged on the way.</summary>
    private static Warning? ControlCharacters(ReadOnlySpan<byte> text)
    {
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) { return null; }
        var first = TextBlocks.OddCharacter(text);
        return first < 0 ? null : Damaged(text[..first].Count((byte)'\n') + 1);
    }

    private static Warning Damaged(long line) => new("file", $"the text holds control characters, the first in line {line}: it is damaged there, and rows around it may be wrong or missing");

    private static ReadOnlyMemory<byte> Load(FileHead head, Stream stream, string path, long? length, bool isText)
    {
        var wide = head.Bytes.Span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        CheckText(head.Bytes.Span, 0);
        if (head.IsWhole) { return head.Bytes; }
        if (length > Array.MaxLength) { throw TooLarge(); }
        var all = GC.AllocateUninitializedArray<byte>((int)Math.Max(length ?? 0, 4L * HeadSize));
        head.Bytes.CopyTo(all);
        var count = head.Bytes.Length;
        long zeros = 0;
        while (true)
        {
            if (count == all.Length)
            {
                var one = stream.ReadByte();
                if (one < 0) { break; }
                if (all.Length == Array.MaxLength) { throw TooLarge(); }
                var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(2L * all.Length, Array.MaxLength));
                all.AsSpan(0, count).CopyTo(larger);
                all = larger;
                all[count++] = (byte)one;
            }
            var chunk = all.AsSpan(count, Math.Min(ChunkSize, all.Length - count));
            var got = stream.Read(chunk);
            if (got == 0) { break; }
            CheckText(chunk[..got], count);
            var last = chunk[..got].LastIndexOfAnyExcept((byte)0);
            zeros = last < 0 ? zeros + got : got - last - 1;
            if (zeros > LongestZeros) { throw new InputException("the file holds only zeros", $"{path}, from byte {count + got - zeros}", "copy it again from the instrument"); }
            count += got;
        }
        return all.AsMemory(0, count);

        void CheckText(ReadOnlySpan<byte> bytes, int offset)
        {
            var zero = isText && !wide ? bytes.IndexOf((byte)0) : -1;
            if (zero >= 0) { throw new InputException("the text is damaged: it holds a zero byte", $"{path}, byte {offset + zero}", "export it again from the instrument's software"); }
        }

        InputException TooLarge() => new("the file is larger than 2 GB", path, "export it in parts");
    }

    /// <summary>A stream with the bytes already taken from it put back in front.</summary>
    private sealed class Prefixed(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> prefix = prefix;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (prefix.Length == 0) { return rest.Read(buffer); }
            var n = Math.Min(prefix.Length, buffer.Length);
            prefix.Span[..n].CopyTo(buffer);
            prefix = prefix[n..];
            return n;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
