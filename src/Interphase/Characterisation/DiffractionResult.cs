using Interphase.Results;
using Interphase.Units;

namespace Interphase.Characterisation;

/// <summary>How an electron diffraction pattern is analysed.</summary>
public sealed record DiffractionOptions
{
    /// <summary>Reciprocal length of a pixel, 1/m; overrides the file.</summary>
    public double? PixelSize { get; init; }

    /// <summary>The ellipse of the camera, measured elsewhere (a pattern of rings tells it), for patterns that tell none or tell it worse: long over short axis less one, with its error.</summary>
    public Estimate? Ellipticity { get; init; }

    /// <summary>Direction of its long axis, degrees from the right, downwards.</summary>
    public double EllipseDegrees { get; init; }

    /// <summary>Phases that rings and lattices of spots are compared with; by default all that are shipped but the standards of powders.</summary>
    public IReadOnlyList<CrystalPhase> Phases { get; init; } = CrystalPhase.OfSpecimens;
}

/// <summary>An ellipse as a reader of patterns writes it.</summary>
public static class CameraEllipse
{
    /// <summary>Error of an ellipticity that is given without one.</summary>
    private const double Unsaid = 0.001;

    /// <summary>The options with an ellipse given as <c>0.012 +- 0.0003</c> and the direction of its long axis in degrees.</summary>
    /// <exception cref="InputException">It is no ellipticity, or has no direction.</exception>
    public static DiffractionOptions WithEllipse(this DiffractionOptions options, string? ellipticity, string? direction)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (ellipticity is null)
        {
            return direction is null ? options : throw new InputException("the direction of an ellipse is given without how long it is", "--ellipticity-direction", "give --ellipticity too");
        }
        var q = Quantity.Parse(ellipticity);
        if (q.Unit.Dimension != Unit.One.Dimension || !(q.Value is >= 0 and < 0.2)) { throw new InputException($"'{ellipticity}' is not the ellipticity of a camera", "--ellipticity", "write long over short axis less one, as in '0.0120 +- 0.0003'"); }
        if (q.Value > 0 && direction is null) { throw new InputException("an ellipse has a direction", "--ellipticity-direction", "give that of its long axis in degrees, from the right, downwards, as a pattern of rings prints it"); }
        var degrees = direction is null ? 0 : double.TryParse(direction, System.Globalization.CultureInfo.InvariantCulture, out var d) && Math.Abs(d) <= 360 ? d : throw new InputException($"'{direction}' is not a direction", "--ellipticity-direction", "write degrees, as in 31.5");
        return options with { Ellipticity = Estimate.Of(q.Value, q.StandardError ?? Unsaid).Within(0, 1), EllipseDegrees = degrees };
    }
}

/// <summary>A ring, or a shell of spots at one distance.</summary>
/// <param name="Radius">In pixels.</param>
/// <param name="Match">Its spacing with the line it agrees with; withheld where the pattern has no scale.</param>
/// <param name="Width">Full width at half height over the background, pixels.</param>
/// <param name="Angular">Variance over the angle beyond counting noise, over the square of the mean: 0 for a halo, large for spots.</param>
public sealed record DiffractionRing(Estimate Radius, LatticeSpacing Match, double Width, double Angular);

/// <summary>What a diffraction pattern says.</summary>
/// <param name="State"><c>amorphous</c>, <c>rings</c>, <c>spots</c> or <c>mixed</c>.</param>
/// <param name="CentreX">Centre in pixels from the left, centres of pixels at whole numbers.</param>
/// <param name="CentreY">From the top.</param>
/// <param name="Ellipticity">Long over short axis less one, of this pattern or as it was given; withheld where nothing tells it.</param>
/// <param name="EllipseDegrees">Direction of the long axis from the right, downwards; withheld where the pattern is round within its error.</param>
/// <param name="Rings">The longest spacing first.</param>
/// <param name="Radius">Of the profile, pixels.</param>
/// <param name="Profile">Median intensity at that radius.</param>
/// <param name="PixelSize">Reciprocal length of a pixel, 1/m; null where unknown.</param>
/// <param name="Warnings">What is null or doubtful.</param>
public sealed record DiffractionResult(string State, Estimate CentreX, Estimate CentreY, Estimate Ellipticity, Estimate EllipseDegrees, IReadOnlyList<DiffractionRing> Rings, double[] Radius, double[] Profile, double? PixelSize, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Lattices of spots, where two vectors (or two pairs) explain more than 70 % of the spots.</summary>
    public IReadOnlyList<DiffractionLattice> Lattices { get; init; } = [];
}

/// <summary>The keys and units of <c>diffraction --json</c>.</summary>
public static class DiffractionContract
{
    /// <summary>As the command prints it.</summary>
    public static object Contract(this DiffractionResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            @class = r.State,
            centre = new[] { r.CentreX.Value, r.CentreY.Value },
            centreStandardError = new[] { r.CentreX.StandardError, r.CentreY.StandardError },
            ellipticity = r.Ellipticity.Value,
            ellipticityStandardError = r.Ellipticity.StandardError,
            ellipticityLower95 = r.Ellipticity.Lower95,
            ellipticityUpper95 = r.Ellipticity.Upper95,
            ellipse_deg = r.EllipseDegrees.Value,
            ellipseStandardError_deg = r.EllipseDegrees.StandardError,
            rings = r.Rings.Select(g => new { d_nm = g.Match.Spacing.Value * 1e9, standardError = g.Match.Spacing.StandardError * 1e9, g.Match.Phase, hkl = g.Match.Line, radius_px = g.Radius.Value, width_px = g.Width, angularVariance = g.Angular }),
            lattices = r.Lattices.Select(l => new
            {
                spots = l.Spots.Count, d_nm = new[] { l.First.Value * 1e9, l.Second.Value * 1e9 }, standardError = new[] { l.First.StandardError * 1e9, l.Second.StandardError * 1e9 }, angle_deg = l.AngleDegrees.Value, angleStandardError_deg = l.AngleDegrees.StandardError,
                zone = l.Zone is not { } z ? null : new { phase = z.Phase, uvw = new[] { z.Zone.U, z.Zone.V, z.Zone.W }, hkl1 = new[] { z.First.H, z.First.K, z.First.L }, hkl2 = new[] { z.Second.H, z.Second.K, z.Second.L } },
                fits = l.Fits.Select(f => new { phase = f.Phase, uvw = new[] { f.Zone.U, f.Zone.V, f.Zone.W }, hkl1 = new[] { f.First.H, f.First.K, f.First.L }, hkl2 = new[] { f.Second.H, f.Second.K, f.Second.L }, d1Off_percent = f.FirstOff * 100, d2Off_percent = f.SecondOff * 100, angleOff_deg = f.AngleOffDegrees }),
                chance = l.Chance,
            }),
            warnings = r.Warnings,
        };
    }
}
