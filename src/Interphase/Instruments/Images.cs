using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>What the image formats have in common: limits, units, and the measurement.</summary>
internal static class Images
{
    private const long MostPixels = 1L << 28;

    /// <summary>Throws where an image of this size cannot be meant.</summary>
    public static void Check(FileContent content, long width, long height, long bytesPerPixel, long available)
    {
        if (width < 1 || height < 1 || width > 1 << 20 || height > 1 << 20 || width * height > MostPixels)
        {
            throw new InputException($"an image of {width} × {height} pixels cannot be meant", content.Path, "copy the file again; the largest image read has 268 million pixels");
        }
        if (width * height * bytesPerPixel > available)
        {
            throw new InputException("the file ends before its image does", content.Path, "copy the file again from the instrument");
        }
    }

    /// <summary>Metres (or reciprocal metres) of a unit; null where it is none of length.</summary>
    public static (double Scale, bool Reciprocal)? Unit(string text) => text.Trim().Trim('\0').ToLowerInvariant() switch
    {
        "nm" or "nanometer" or "nanometers" => (1e-9, false),
        "µm" or "um" or "micron" or "microns" or "\\u00b5m" or "μm" => (1e-6, false),
        "a" or "å" or "angstrom" or "ang" => (1e-10, false),
        "pm" => (1e-12, false),
        "m" => (1, false),
        "mm" => (1e-3, false),
        "cm" => (1e-2, false),
        "1/nm" or "nm^-1" or "1/ nm" => (1e9, true),
        "1/a" or "1/å" or "1/ang" => (1e10, true),
        _ => null,
    };

    private static IEnumerable<MetadataEntry> Sizes(Micrograph image)
    {
        yield return new("size", $"{image.Width} x {image.Height} pixels of {image.Bits} bits");
        if (image.PixelSize is { } x) { yield return Size("pixelSize", x, image.IsReciprocal); }
        if (image.PixelHeight is { } y && y != image.PixelSize) { yield return Size("pixelHeight", y, image.IsReciprocal); }
    }

    private static MetadataEntry Size(string name, double size, bool reciprocal) =>
        reciprocal ? new(name, $"{size * 1e-9:G6} nm-1", Quantity.Of(size * 1e-9, "nm-1")) : new(name, $"{size * 1e9:G6} nm", Quantity.Of(size * 1e9, "nm"));

    public static Measurement Measurement(FileContent content, string format, Micrograph image, IReadOnlyList<MetadataEntry> metadata) => new()
    {
        File = content.Path, Format = format, Technique = image.IsReciprocal ? "diffraction" : "image", Micrograph = image, Metadata = [.. Sizes(image), .. metadata],
        Warnings = image.PixelSize is null ? [new("scale", "the file does not say the size of a pixel; state it with --scale")] : [],
    };
}
