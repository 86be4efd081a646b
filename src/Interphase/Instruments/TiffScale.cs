using System.Buffers.Binary;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Interphase.Instruments;

/// <summary>
/// The size of a pixel in the tags by which each program says it: ImageJ (unit in the description, pixels per unit as resolution), OME
/// (description), FEI and Thermo Fisher (34682, 34680), Gatan (65003, 65009, 65010), Zeiss (34118), Olympus and EMSIS (33560).
/// </summary>
internal static class TiffScale
{
    // 25,400 dots an inch: no printer's.
    private const double LeastPrinted = 1e-6;

    public static (double? X, double? Y, bool Reciprocal) Of(FileContent content, TiffTags tags)
    {
        var description = tags.Text(270);
        var unit = description.Split('\n').FirstOrDefault(l => l.StartsWith("unit=", StringComparison.Ordinal))?[5..];
        if (unit is not null && Images.Unit(unit) is { } u && tags.Positive(282) is { } x) { return (u.Scale / x, u.Scale / (tags.Positive(283) ?? x), u.Reciprocal); }
        if (Ome(description) is { } ome) { return (ome.X, ome.Y, false); }
        foreach (var tag in (int[])[34682, 34680])
        {
            if (tags.Number(tag, "PixelWidth=") is { } width and > 0 and < 1e-2) { return (width, tags.Number(tag, "PixelHeight=") is { } high and > 0 ? high : width, false); }
        }
        if (Images.Unit(tags.Text(65003)) is { } gatan && tags.Positive(65009) is { } size) { return (gatan.Scale * size, gatan.Scale * (tags.Positive(65010) ?? size), gatan.Reciprocal); }
        if (Zeiss(tags.Text(34118)) is { } zeiss) { return (zeiss, zeiss, false); }
        if (Olympus(content, tags) is { } olympus) { return (olympus.X, olympus.Y, false); }
        // A resolution per inch or centimetre is one of print, unless it is finer than any print.
        var length = tags.One(296, 2) switch { 2 => 0.0254, 3 => 0.01, _ => double.NaN };
        return tags.Positive(282) is { } dots && length / dots is > 0 and < LeastPrinted ? (length / dots, length / (tags.Positive(283) ?? dots), false) : (null, null, false);
    }

    private static (double X, double Y)? Ome(string description)
    {
        if (!description.Contains("<OME", StringComparison.Ordinal)) { return null; }
        try
        {
            using var reader = XmlReader.Create(new StringReader(description[description.IndexOf('<', StringComparison.Ordinal)..]), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var pixels = XDocument.Load(reader).Descendants().FirstOrDefault(e => e.Name.LocalName == "Pixels");
            double? Size(string name) => double.TryParse(pixels?.Attribute(name)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v > 0 && Images.Unit(pixels!.Attribute(name + "Unit")?.Value ?? "µm") is { Reciprocal: false } u ? v * u.Scale : null;
            return Size("PhysicalSizeX") is { } x ? (x, Size("PhysicalSizeY") ?? x) : null;
        }
        catch (XmlException) { return null; }
    }

    /// <summary><c>Image Pixel Size = 558.2 pm</c>; older files have <c>Pixel Size</c> alone.</summary>
    private static double? Zeiss(string text)
    {
        foreach (var name in (string[])["Image Pixel Size =", "Pixel Size ="])
        {
            var line = text.Split('\r', '\n').FirstOrDefault(l => l.TrimStart().StartsWith(name, StringComparison.Ordinal));
            if (line?[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().Split(' ') is [var number, var unit] && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v > 0 && Images.Unit(unit) is { Reciprocal: false } u) { return v * u.Scale; }
        }
        return null;
    }

    /// <summary>A block SIS0: 60 bytes, the last two the number of entries; entries of type, count and place; of type 1 the power of ten and both sizes.</summary>
    private static (double X, double Y)? Olympus(FileContent content, TiffTags tags)
    {
        var file = content.Span;
        if (tags.Positive(33560) is not { } place || place + 60 > file.Length || !file.Slice((int)place, 4).SequenceEqual("SIS0"u8)) { return null; }
        var entries = BinaryPrimitives.ReadInt16LittleEndian(file[((int)place + 58)..]);
        for (var i = 0; i < entries; i++)
        {
            var entry = (long)place + 60 + (8 * i);
            if (entry + 8 > file.Length) { return null; }
            if (BinaryPrimitives.ReadInt16LittleEndian(file[(int)entry..]) != 1) { continue; }
            var at = (long)BinaryPrimitives.ReadUInt32LittleEndian(file[((int)entry + 4)..]);
            if (at + 28 > file.Length) { return null; }
            var power = Math.Pow(10, BinaryPrimitives.ReadInt16LittleEndian(file[((int)at + 10)..]));
            var (x, y) = (power * BinaryPrimitives.ReadDoubleLittleEndian(file[((int)at + 12)..]), power * BinaryPrimitives.ReadDoubleLittleEndian(file[((int)at + 20)..]));
            return x is > 0 and < 1e-2 && y is > 0 and < 1e-2 ? (x, y) : null;
        }
        return null;
    }
}
