using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>A spot with its place (pixels from the centre), and its indices where the zone is known.</summary>
public readonly record struct IndexedSpot(double X, double Y, (int H, int K, int L)? Indices);

/// <summary>A lattice of spots: a crystal seen along one direction.</summary>
/// <param name="First">Spacing of its shortest vector, m; withheld without a scale.</param>
/// <param name="Second">Of its second shortest.</param>
/// <param name="AngleDegrees">Between them.</param>
/// <param name="Spots">Those that lie on it.</param>
/// <param name="Zone">Phase and direction, where one phase alone agrees; else null with a warning.</param>
/// <param name="Fits">All phases and zones that agree within errors.</param>
/// <param name="Chance">Share of lattices of other sizes and shapes that would agree with some phase as well.</param>
public sealed record DiffractionLattice(Estimate First, Estimate Second, Estimate AngleDegrees, IReadOnlyList<IndexedSpot> Spots, ZoneFit? Zone, IReadOnlyList<ZoneFit> Fits, double Chance)
{
    /// <summary>A lattice that agrees with some phase more often than this by chance tells nothing.</summary>
    private const double MostChance = 0.05;

    /// <param name="lattice">In pixels of the round camera.</param>
    /// <param name="number">Its place in the list, for warnings.</param>
    /// <param name="camera">What the camera does to places.</param>
    /// <param name="pixel">1/m; null where unknown.</param>
    /// <param name="bent">Standard error of the ellipse, which shortens one vector and lengthens another.</param>
    /// <param name="phases">What it may be.</param>
    /// <param name="warnings">What is withheld is added.</param>
    internal static DiffractionLattice Of(SpotLattice lattice, int number, EllipseFit camera, double? pixel, double bent, IReadOnlyList<CrystalPhase> phases, List<Warning> warnings)
    {
        var index = ZoneIndex.Of(lattice, pixel, bent, phases);
        var families = index.Fits.Select(f => ZoneIndex.Family(f.Phase, phases)).Distinct().ToArray();
        var reason = index.Fits.Count == 0 ? "no zone of the phases it was compared with has these spacings and this angle"
            : families.Length > 1 ? $"zones of {string.Join(", ", families)} agree alike"
            : index.Chance > MostChance ? FormattableString.Invariant($"{families[0]} agrees, as it or another phase would with {index.Chance:0%} of all lattices of such a size: name the phases that are possible (--phases){(pixel is null ? ", or state the scale" : "")}")
            : null;
        var zone = reason is null ? index.Fits[0] : null;
        if (reason is not null) { warnings.Add(new($"lattices[{number}].zone", reason)); }
        else if (index.Fits.Count(f => f.Phase == zone!.Phase) is > 1 and var alike) { warnings.Add(new($"lattices[{number}].zone", $"{alike} zones of {zone!.Phase} agree, all under fits: the nearest is given")); }
        Estimate Spacing(double length, double error) => pixel is { } k ? Estimate.Of(1 / (length * k), Math.Sqrt(Math.Pow(error / length, 2) + Math.Pow(0.5 * bent, 2)) / (length * k)) : Estimate.Withheld("the pattern has no scale");
        // Of vectors at right angles an ellipse makes one longer and the other shorter, or turns both towards each other; of parallel ones nothing.
        var angle = Estimate.Of(lattice.Angle * 180 / Math.PI, Math.Sqrt(Math.Pow(lattice.Errors.Angle, 2) + Math.Pow(bent * Math.Sin(lattice.Angle), 2)) * 180 / Math.PI).Within(0, 90);
        return new(Spacing(lattice.A, lattice.Errors.A), Spacing(lattice.B, lattice.Errors.B), angle,
            [.. lattice.Spots.Select(s => camera.Stretched(s.Spot.X, s.Spot.Y) is var (x, y) ? new IndexedSpot(x, y, zone is not { } z ? null : ((s.H * z.First.H) + (s.K * z.Second.H), (s.H * z.First.K) + (s.K * z.Second.K), (s.H * z.First.L) + (s.K * z.Second.L))) : default)], zone, index.Fits, index.Chance);
    }
}
