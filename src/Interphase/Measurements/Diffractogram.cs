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

    /// <summary>Factor by which an attenuator's points were multiplied, 1 without it; null where there was none. Their variance is that much larger.</summary>
    public double[]? Attenuation { get; init; }

    /// <summary>What was moved, as the file names it; null where the file is silent.</summary>
    public string? ScanAxis { get; init; }

    /// <summary>What was stepped from scan to scan of a map of angles (mesh, reciprocal space); null for a single scan or repetitions of one.</summary>
    public string? SteppedOver { get; init; }

    /// <summary>Scans in the file, of which this is the first.</summary>
    public int Scans { get; init; } = 1;

    /// <summary>Angle of incidence minus half of 2θ at the first and at the last point, degrees; null where the file does not say it. Both are zero in a θ–2θ scan.</summary>
    public (double First, double Last)? Offset { get; init; }

    /// <summary>Neighbouring points joined in pairs: half as many, with their counts added.</summary>
    public Diffractogram Joined()
    {
        double[] Pairs(double[] v, double factor) => [.. Enumerable.Range(0, v.Length / 2).Select(i => factor * (v[2 * i] + v[(2 * i) + 1]))];
        return this with { TwoTheta = Pairs(TwoTheta, 0.5), Counts = Pairs(Counts, 1), Attenuation = Attenuation is { } a ? Pairs(a, 0.5) : null };
    }

    /// <summary>Variance of the intensity <paramref name="model"/> at a point.</summary>
    public double Variance(int point, double model) => VariancePerCount * Math.Max(model, 1) * (Attenuation is { } a ? a[point] : 1);

    /// <summary>Cu Kα1, m (Hölzer et al., Phys. Rev. A 56, 1997, 4554).</summary>
    public const double CopperAlpha1 = 1.5405929e-10;

    /// <summary>Cu Kα2, m.</summary>
    public const double CopperAlpha2 = 1.5444274e-10;

    /// <summary>Number of points.</summary>
    public int Count => TwoTheta.Length;
}
