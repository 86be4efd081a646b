using System.Globalization;
using System.Text;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>The size of a pixel from the text file that Hitachi, JEOL (<c>x.txt</c>) and Tescan (<c>x.hdr</c>) write beside an image that does not say it.</summary>
internal static class ScaleBeside
{
    private const long Largest = 1 << 20;

    /// <summary>The measurement with the scale of the file beside it.</summary>
    public static Measurement Complete(Measurement m, string path)
    {
        if (m.Micrograph is not { PixelSize: null } image) { return m; }
        var stem = PackedFile.Unpacked(path);
        foreach (var end in (string[])[".txt", ".hdr"])
        {
            var beside = new FileInfo(Path.ChangeExtension(stem, end));
            if (!beside.Exists || beside.Length is 0 or > Largest || beside.FullName == Path.GetFullPath(path)) { continue; }
            string text;
            try { text = File.ReadAllText(beside.FullName, Encoding.Latin1); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { continue; }
            if (Size(text) is not { } pixel || !(pixel is > 0 and < 1e-2)) { continue; }
            return m with
            {
                Micrograph = image with { PixelSize = pixel, PixelHeight = pixel },
                Metadata = [.. m.Metadata, new("pixelSize", FormattableString.Invariant($"{pixel * 1e9:G6} nm"), Quantity.Of(pixel * 1e9, "nm"))],
                Warnings = [.. m.Warnings.Where(w => w.Path != "scale"), new Warning("metadata", $"the size of a pixel is taken from {beside.Name} beside the file")],
            };
        }
        return m;
    }

    private static double? Size(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var at = line.IndexOfAny(['=', ' ', '\t']);
            if (at > 0) { values.TryAdd(line[..at].TrimStart('$').Trim(), line[(at + 1)..].Trim(' ', '=', '\r', '\t')); }
        }
        double? Number(string name) => values.TryGetValue(name, out var v) && double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : null;
        // Tescan in metres, Hitachi in nanometres, JEOL by a bar and what it stands for.
        if (Number("PixelSizeX") is { } tescan) { return tescan; }
        if (Number("PixelSize") is { } hitachi) { return hitachi * 1e-9; }
        if (Number("SM_MICRON_BAR") is not { } bar || !(bar > 0) || !values.TryGetValue("SM_MICRON_MARKER", out var marker)) { return null; }
        var digits = marker.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return double.TryParse(marker[..digits], NumberStyles.Float, CultureInfo.InvariantCulture, out var length) && Images.Unit(marker[digits..]) is { Reciprocal: false } unit ? length * unit.Scale / bar : null;
    }
}
