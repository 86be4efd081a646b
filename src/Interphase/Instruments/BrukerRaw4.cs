using System.Buffers.Binary;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Bruker RAW version 4: from byte 61 a chain of records (type and length as 32-bit numbers); type 0 or 160 begins a range, whose
/// header of 160 bytes is followed by records of its drives and then by its points, each beginning with a 32-bit float.
/// </summary>
internal static class BrukerRaw4
{
    private const int FirstRecord = 61;
    private const int RangeHeader = 160;
    private const uint Source = 30, Drive = 50;

    public static FileFormat Format { get; } = new("bruker-raw4", "Bruker RAW 4.00", false, h => h.StartsWith("RAW4.00"), Read);

    private static Measurement Read(FileContent content)
    {
        var length = content.Bytes.Length;
        var warnings = new List<Warning>();
        Diffractogram? pattern = null;
        var (alpha1, alpha2, ratio) = (Diffractogram.CopperAlpha1, Diffractogram.CopperAlpha2, 0.497);
        var ranges = 0;
        for (long at = FirstRecord; at + 4 <= length;)
        {
            var type = UInt32(content, at);
            if (type is 0 or RangeHeader)
            {
                if (at + RangeHeader > length)
                {
                    if (ranges > 0) { break; }
                    throw content.AtByte(length, "the file ends inside the header of a range", "copy it again from the instrument");
                }
                var (read, end, note) = Range(content, at, ranges == 0);
                pattern ??= read;
                if (note is not null && ranges == 0) { warnings.Add(new("counts", note)); }
                ranges++;
                at = end;
                continue;
            }
            var size = UInt32(content, at + 4);
            if (size < 8 || at + size > length) { throw content.AtByte(at, $"a record of {size} bytes does not fit into the file", "copy it again from the instrument"); }
            if (type == Source && size >= 112 && Real(content, at + 80) is > 0.1 and < 10 and var a1)
            {
                alpha1 = a1 * 1e-10;
                alpha2 = Real(content, at + 88) is > 0.1 and < 10 and var a2 ? a2 * 1e-10 : alpha2;
                ratio = Real(content, at + 104) is >= 0 and <= 1 and var r ? r : ratio;
            }
            at += size;
        }
        if (pattern is null) { throw content.AtByte(length, "the file holds no range of points", "copy it again from the instrument"); }
        if (ranges > 1) { warnings.Add(new("counts", $"the file holds {ranges} ranges; the first is read")); }
        pattern = pattern with { Wavelength = alpha1, Wavelength2 = alpha2, Ratio = ratio };
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Diffractogram = pattern, Warnings = [.. warnings, .. DiffractionText.Doubts(pattern)] };
    }

    private static (Diffractogram? Pattern, long End, string? Note) Range(FileContent content, long at, bool wanted)
    {
        var (start, step, points) = (Real(content, at + 72), Real(content, at + 80), UInt32(content, at + 88));
        var (milliseconds, datum, drives) = (BinaryPrimitives.ReadSingleLittleEndian(content.Span[(int)(at + 92)..]), UInt32(content, at + 136), UInt32(content, at + 140));
        if (points is < 1 or > 10_000_000 || datum is < 4 or > 4096 || drives > 1 << 20 || !(step is > 0 and < 10) || !double.IsFinite(start))
        {
            throw content.AtByte(at, "the header of the range makes no sense", "copy the file again from the instrument");
        }
        var data = at + RangeHeader + drives;
        var end = data + ((long)points * datum);
        if (end > content.Bytes.Length) { throw content.AtByte(content.Bytes.Length, $"the file ends before its {points} points", "copy it again from the instrument"); }
        if (!wanted) { return (null, end, null); }
        if (Scanned(content, at, data, start) is { } other) { throw content.AtByte(at, $"the range is a scan of {other} and not of 2θ", "name a coupled 2θ scan"); }
        var angle = new double[points];
        var counts = new double[points];
        for (var i = 0; i < points; i++)
        {
            angle[i] = start + (step * i);
            counts[i] = BinaryPrimitives.ReadSingleLittleEndian(content.Span[(int)(data + ((long)i * datum))..]);
        }
        var (whole, note) = DiffractionText.Whole(counts, milliseconds * 1e-3);
        return (DiffractionText.Pattern(content, angle, whole), end, note);
    }

    /// <summary>The drive that was scanned where it is not 2θ: it carries a flag and stood at the start of the range.</summary>
    private static string? Scanned(FileContent content, long range, long data, double start)
    {
        var scan = Text(content, range + 32, 24);
        string? flagged = null;
        for (var at = range + RangeHeader; at + 64 <= data;)
        {
            var (type, size) = (UInt32(content, at), UInt32(content, at + 4));
            if (size < 8 || at + size > data) { break; }
            if (type == Drive && size >= 64)
            {
                var name = Text(content, at + 12, 24);
                var here = Math.Abs(Real(content, at + 56) - start) < 1e-6;
                if (here && name.Replace(" ", "", StringComparison.Ordinal) is "2Theta" or "TwoTheta") { return null; }
                if (UInt32(content, at + 8) != 0 && here) { flagged = name; }
            }
            at += size;
        }
        return flagged ?? (scan is "Rocking Curve" or "Phi Scan" or "Chi Scan" ? scan : null);
    }

    private static uint UInt32(FileContent content, long at) => at + 4 <= content.Bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(content.Span[(int)at..])
        : throw content.AtByte(content.Bytes.Length, "the file ends inside a record", "copy it again from the instrument");

    private static double Real(FileContent content, long at) => at + 8 <= content.Bytes.Length ? BinaryPrimitives.ReadDoubleLittleEndian(content.Span[(int)at..])
        : throw content.AtByte(content.Bytes.Length, "the file ends inside a record", "copy it again from the instrument");

    private static string Text(FileContent content, long at, int length)
    {
        var bytes = content.Span.Slice((int)at, length);
        return Encoding.Latin1.GetString(bytes[..(bytes.IndexOf((byte)0) is >= 0 and var zero ? zero : length)]).Trim();
    }
}
