using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>A part of an image, in pixels from the top left.</summary>
public readonly record struct ImageArea(int X, int Y, int Width, int Height)
{
    /// <summary>Reads <c>x,y,width,height</c>.</summary>
    /// <exception cref="InputException">It is not four whole numbers, the last two above zero.</exception>
    public static ImageArea Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',').Select(p => int.TryParse(p, out var v) ? v : -1).ToArray();
        return parts.Length == 4 && parts.All(v => v is >= 0 and < 1 << 20) && parts[2] > 0 && parts[3] > 0
            ? new(parts[0], parts[1], parts[2], parts[3])
            : throw new InputException($"'{text}' is no area", "core", "write x,y,width,height in pixels, as in 0,0,256,512");
    }
}

/// <summary>How a micrograph is analysed.</summary>
public sealed record MicrographOptions
{
    /// <summary>Length of a pixel, m; overrides the file.</summary>
    public double? PixelSize { get; init; }

    /// <summary>Where the core is; null to find it.</summary>
    public ImageArea? Core { get; init; }

    /// <summary>What the core is made of: its fringes calibrate the scale; null to take the scale as it is.</summary>
    public CrystalPhase? CorePhase { get; init; } = CrystalPhase.Find("NMC532");

    /// <summary>The core's phase by its name, or a CIF; null for <c>none</c>.</summary>
    /// <exception cref="InputException">No such phase is shipped, or the CIF cannot be read.</exception>
    public static CrystalPhase? PhaseOf(string name) => string.Equals(name, "none", StringComparison.OrdinalIgnoreCase) ? null : CrystalPhase.Find(name);

    /// <summary>Probability at which a film counts as not amorphous.</summary>
    public double Level { get; init; } = 1e-3;
}

/// <summary>Thickness of the coating over strips of 1 nm along the edge, m.</summary>
/// <param name="Median">Median over the coated strips, with the error of measuring it and of the scale.</param>
/// <param name="StandardDeviation">Of the coating along the edge, freed of the scatter of measurement.</param>
/// <param name="Min">Least of a strip.</param>
/// <param name="Max">Greatest of a strip.</param>
/// <param name="Coverage">Share of the strips with at least 1 nm.</param>
/// <param name="Strips">Thickness of each strip along the edge.</param>
public sealed record CoatingThickness(Estimate Median, double StandardDeviation, double Min, double Max, double Coverage, IReadOnlyList<double> Strips);

/// <summary>What a figure of the analysis needs, in pixels of the image from its top left.</summary>
/// <param name="Pixel">Length of a pixel, m.</param>
/// <param name="Edges">Inner and outer edge of each strip, m.</param>
/// <param name="Cell">Edge of a cell of the map, m.</param>
/// <param name="Columns">Cells of the map in a row.</param>
/// <param name="Map">0 elsewhere, 1 amorphous coating, 2 crystalline, row by row from the top.</param>
/// <param name="Frequency">Spatial frequencies, 1/m.</param>
/// <param name="Halo">Expected power of an amorphous film at them.</param>
/// <param name="Highest">Highest power found at them in any window.</param>
public sealed record MicrographPicture(double Pixel, IReadOnlyList<(double InnerX, double InnerY, double OuterX, double OuterY)> Edges, double Cell, int Columns, byte[] Map, double[] Frequency, double[] Halo, double[] Highest);

/// <summary>What a micrograph says.</summary>
/// <param name="State"><c>amorphous</c>, <c>sparse</c>, <c>polycrystalline</c> or <c>crystalline</c>; null where nothing could be tested.</param>
/// <param name="PValue">Probability that an amorphous film shows so strong a frequency anywhere.</param>
/// <param name="CrystallineFraction">Share of the area of the coating.</param>
/// <param name="Spacings">Of the coating, the longest first.</param>
/// <param name="Halo">Spacing at which the amorphous halo is strongest, m.</param>
/// <param name="Thickness">Null where there is no edge between core and vacuum.</param>
/// <param name="Windows">Windows tested.</param>
/// <param name="Flagged">Windows with a lattice.</param>
/// <param name="CoreSpacings">The core's two strongest spacings that are not parallel, m, at the scale that was stated.</param>
/// <param name="CoreScale">What they say of that scale; all other lengths hold its factor where it is calibrated.</param>
/// <param name="Picture">For figures.</param>
/// <param name="Warnings">What is null or doubtful.</param>
public sealed record MicrographResult(string? State, double PValue, Estimate CrystallineFraction, IReadOnlyList<LatticeSpacing> Spacings, Estimate Halo, CoatingThickness? Thickness, int Windows, int Flagged,
    IReadOnlyList<Estimate> CoreSpacings, CoreScale CoreScale, MicrographPicture Picture, IReadOnlyList<Warning> Warnings);

/// <summary>The keys and units of <c>micrograph --json</c>.</summary>
public static class MicrographContract
{
    /// <summary>As the command prints it.</summary>
    public static object Contract(this MicrographResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            @class = r.State,
            r.PValue,
            crystallineFraction = new { r.CrystallineFraction.Value, r.CrystallineFraction.StandardError, r.CrystallineFraction.Lower95, r.CrystallineFraction.Upper95 },
            spacings = r.Spacings.Select(s => new { d_nm = s.Spacing.Value * 1e9, standardError = s.Spacing.StandardError * 1e9, s.Phase, hkl = s.Line }),
            halo_nm = r.Halo.Value * 1e9,
            thickness_nm = r.Thickness is not { } t ? null : new
            {
                median = t.Median.Value * 1e9, standardError = t.Median.StandardError * 1e9, lower95 = t.Median.Lower95 * 1e9, upper95 = t.Median.Upper95 * 1e9,
                standardDeviation = t.StandardDeviation * 1e9, min = t.Min * 1e9, max = t.Max * 1e9, t.Coverage, strips = t.Strips.Count,
            },
            core = new
            {
                d_nm = r.CoreSpacings.Select(d => d.Value * 1e9), hkl = r.CoreScale.Lines, phase = r.CoreScale.Phase, scale = r.CoreScale.Verdict switch { ScaleVerdict.Calibrated => "calibrated", ScaleVerdict.Contradicted => "contradicted", _ => "unchecked" },
                scaleFactor = r.CoreScale.Factor.Value, scaleStandardError = r.CoreScale.Factor.StandardError,
            },
            windows = new { tested = r.Windows, flagged = r.Flagged },
            warnings = r.Warnings,
        };
    }
}
