using System.Buffers.Binary;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Siemens and Bruker RAW version 1.01: the first range.</summary>
internal static class BrukerRaw
{
    private const int FirstRange = 712;

    public static FileFormat Format { get; } = new("bruker-raw", "Siemens/Bruker RAW 1.01", false, h => h.StartsWith("RAW1.01"), Read);

    private static Measurement Read(FileContent content)
    {
        var b = content.Span;
        if (b.Length < FirstRange + 304) { throw content.AtByte(b.Length, "the file ends inside its header", "copy it again from the instrument"); }
        var header = BinaryPrimitives.ReadInt32LittleEndian(b[FirstRange..]);
        var steps = BinaryPrimitives.ReadInt32LittleEndian(b[(FirstRange + 4)..]);
        var start = BinaryPrimitives.ReadDoubleLittleEndian(b[(FirstRange + 16)..]);
        var step = BinaryPrimitives.ReadDoubleLittleEndian(b[(FirstRange + 176)..]);
        var extra = BinaryPrimitives.ReadInt32LittleEndian(b[(FirstRange + 256)..]);
        if (header < 304 || header > 4096 || extra is < 0 or > 1 << 20 || steps is < 1 or > 10_000_000 || !(step is > 0 and < 10))
        {
            throw content.AtByte(FirstRange, "the header of the range makes no sense", "copy the file again from the instrument");
        }
        var data = (long)FirstRange + header + extra;
        if (data + (4L * steps) > b.Length) { throw content.AtByte(b.Length, $"the file ends before its {steps} points", "copy it again from the instrument"); }
        var angle = new double[steps];
        var counts = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            angle[i] = start + (step * i);
            counts[i] = BinaryPrimitives.ReadSingleLittleEndian(b[(int)(data + (4L * i))..]);
        }
        double Real(int at) => BinaryPrimitives.ReadDoubleLittleEndian(content.Span[at..]);
        double Length(int at, double otherwise) => Real(at) is > 0.1 and < 10 and var v ? v * 1e-10 : otherwise;
        var radius = BinaryPrimitives.ReadSingleLittleEndian(b[564..]);
        var pattern = DiffractionText.Pattern(content, angle, counts) with
        {
            Wavelength = Length(624, Diffractogram.CopperAlpha1), Wavelength2 = Length(632, Diffractogram.CopperAlpha2),
            Ratio = Real(648) is >= 0 and <= 1 and var r ? r : 0.497, Radius = radius is > 50 and < 2000 ? radius * 1e-3 : null,
        };
        var ranges = BinaryPrimitives.ReadInt32LittleEndian(b[12..]);
        IEnumerable<Warning> more = ranges is > 1 and < 100_000 ? [new("counts", $"the file holds {ranges} ranges; the first is read")] : [];
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Diffractogram = pattern, Warnings = [.. more, .. DiffractionText.Doubts(pattern)] };
    }
}
