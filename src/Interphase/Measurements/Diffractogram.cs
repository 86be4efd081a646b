namespace Interphase.Measurements;

/// <summary>A powder diffraction scan.</summary>
/// <param name="TwoTheta">Diffraction angle in degrees, rising.</param>
/// <param name="Counts">Counts at each angle.</param>
public sealed record Diffractogram(double[] TwoTheta, double[] Counts)
{
    /// <summary>Variance over counts: 1 for true counts, another number where the file states errors (rates, scaled data).</summary>
    public double VariancePerCount { get; init; } = 1;

    /// <summary>Wavelength of the stronger line, m; Cu Kα1 where the file is silent.</summary>
    public double Wavelength { get; init; } = CopperAlpha1;

    /// <summary>Wavelength of the weaker line, m.</summary>
    public double Wavelength2 { get; init; } = CopperAlpha2;

    /// <summary>Intensity of the weaker line over the stronger; 0 for monochromatic radiation.</summary>
    public double Ratio { get; init; } = 0.497;

    /// <summary>Radius of the goniometer, m; null where the file does not say it.</summary>
    public double? Radius { get; init; }

    /// <summary>Cu Kα1, m (Hölzer et al., Phys. Rev. A 56, 1997, 4554).</summary>
    public const double CopperAlpha1 = 1.5405929e-10;

    /// <summary>Cu Kα2, m.</summary>
    public const double CopperAlpha2 = 1.5444274e-10;

    /// <summary>Number of points.</summary>
    public int Count => TwoTheta.Length;
}
