namespace Interphase.Measurements;

/// <summary>An image: rows from the top, each from the left.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">Values as stored, row by row.</param>
public sealed record Micrograph(int Width, int Height, float[] Pixels)
{
    /// <summary>Size of a pixel along the row: m, or 1/m where <see cref="IsReciprocal"/>; null where the file does not say it.</summary>
    public double? PixelSize { get; init; }

    /// <summary>Size of a pixel down the column, in the same unit.</summary>
    public double? PixelHeight { get; init; }

    /// <summary>True for a diffraction pattern, whose pixels are reciprocal lengths.</summary>
    public bool IsReciprocal { get; init; }

    /// <summary>Bits of a stored value.</summary>
    public int Bits { get; init; } = 16;

    /// <summary>True where the file holds colours, which were averaged.</summary>
    public bool IsColour { get; init; }

    /// <summary>Share of the pixels whose red, green and blue differ: small where a grey image with coloured marks was saved in colour, large where brightness was turned into colours.</summary>
    public double Coloured { get; init; }

    /// <summary>The value at a column and row.</summary>
    public float this[int x, int y] => Pixels[(y * Width) + x];
}
