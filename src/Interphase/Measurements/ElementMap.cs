namespace Interphase.Measurements;

/// <summary>Counts of one element's line at each pixel.</summary>
/// <param name="Element">Its symbol.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Counts">Row by row.</param>
public sealed record ElementMap(string Element, int Width, int Height, int[] Counts)
{
    /// <summary>The file it came from.</summary>
    public string File { get; init; } = "";

    /// <summary>Size of a pixel, m; null where unknown.</summary>
    public double? PixelSize { get; init; }

    /// <summary>The element a map is of: what was written before its file or stands in it, else the last part of its name behind <c>_</c> or <c>-</c> (<c>coat_Nb.tif</c>).</summary>
    /// <exception cref="InputException">Neither says one.</exception>
    public static string ElementOf(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        if (measurement.Says(MetadataNames.Element) is { } said) { return said; }
        var name = Path.GetFileNameWithoutExtension(measurement.File);
        var element = name[(name.LastIndexOfAny(['_', '-']) + 1)..];
        return ElementFile.IsSymbol(element) ? element : throw new InputException("the name of the map does not end in an element", measurement.File, "name it as in coat_Nb.tif, or put the element before it, as in Nb=FILE");
    }

    /// <summary>Takes an image as counts.</summary>
    /// <exception cref="InputException">It is no image, a colour or 8-bit export, saturated, or holds what are no counts.</exception>
    public static ElementMap From(Measurement measurement, string element)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var image = measurement.Micrograph ?? throw new InputException("the file holds no map", measurement.File, "name a map of counts (16-bit TIFF, or csv)");
        if (image.IsColour || image.Bits <= 8) { throw new InputException("the map is an 8-bit or colour export, whose values are brightness and not counts", measurement.File, "export the net or raw counts as 16-bit TIFF or csv"); }
        var highest = image.Pixels.Max();
        if (highest == 255 && image.Pixels.Count(v => v == 255) > 3) { throw new InputException("the map ends at 255 in several pixels: it was stretched to 8 bits and cut off", measurement.File, "export the raw counts as 16-bit TIFF or csv"); }
        var counts = new int[image.Pixels.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            var v = image.Pixels[i];
            if (v < 0 || v > 1e7 || v != MathF.Floor(v)) { throw new InputException($"{v} is no count", $"{measurement.File}, row {(i / image.Width) + 1}, column {(i % image.Width) + 1}", "export raw counts, not weight per cent, filtered values or counts freed of background"); }
            counts[i] = (int)v;
        }
        return new(element, image.Width, image.Height, counts) { File = measurement.File, PixelSize = image.PixelSize };
    }
}
