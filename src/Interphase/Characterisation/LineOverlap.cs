namespace Interphase.Characterisation;

/// <summary>Two X-ray lines that a silicon drift detector does not part, of which a set of maps has at least one.</summary>
/// <param name="Element">The element whose map is exposed.</param>
/// <param name="Other">The element whose line lies there.</param>
/// <param name="Lines">Both lines with their energies.</param>
/// <param name="Text">What becomes of it.</param>
/// <param name="Mapped">True where the other element is mapped too; else it matters if the specimen, its grid or its stub holds it.</param>
/// <param name="TakenUp">True where the analysis takes it up.</param>
public sealed record LineOverlap(string Element, string Other, string Lines, string Text, bool Mapped, bool TakenUp)
{
    // Energies in keV: A. Thompson et al., X-ray Data Booklet, LBNL 2009, table 1-2.
    private static readonly (string First, string FirstLine, string Second, string SecondLine)[] Known =
    [
        ("Ta", "Ta Mα 1.710", "Si", "Si Kα 1.740"),
        ("Ta", "Ta Lα 8.146", "Ni", "Ni Kβ 8.265"),
        ("Ta", "Ta Lα 8.146", "Cu", "Cu Kα 8.048"),
        ("Nb", "Nb Lα 2.166, Lβ 2.257", "S", "S Kα 2.308"),
        ("Nb", "Nb Lα 2.166, Lβ 2.257", "P", "P Kα 2.013"),
        ("Zr", "Zr Lα 2.042, Lβ 2.124", "P", "P Kα 2.013"),
        ("Zr", "Zr Lα 2.042, Lβ 2.124", "Nb", "Nb Lα 2.166"),
        ("Co", "Co Kα 6.930", "Fe", "Fe Kβ 7.058"),
        ("Ni", "Ni Kα 7.478", "Co", "Co Kβ 7.649"),
        ("Fe", "Fe Kα 6.404", "Mn", "Mn Kβ 6.490"),
        ("Ti", "Ti Kβ 4.932", "V", "V Kα 4.952"),
    ];

    /// <summary>What the coating's, particle's and layer's maps are exposed to.</summary>
    internal static IReadOnlyList<LineOverlap> Of(MapOptions options, IReadOnlyCollection<string> mapped)
    {
        bool Is(IReadOnlyList<string> list, string element) => list.Contains(element, StringComparer.OrdinalIgnoreCase);
        bool IsMapped(string element) => mapped.Contains(element, StringComparer.OrdinalIgnoreCase) || Is(options.Coating, element) || Is(options.Particle, element) || Is(options.Interphase, element);
        bool IsUsed(string element) => Is(options.Coating, element) || Is(options.Interphase, element);
        var found = new List<LineOverlap>();
        foreach (var (first, firstLine, second, secondLine) in Known)
        {
            // Particles are only told from their surroundings; what matters is who lies under coating and layer.
            foreach (var (element, other) in new[] { (first, second), (second, first) })
            {
                if (!IsUsed(element) || (Is(options.Coating, element) && Is(options.Coating, other)) || (Is(options.Interphase, element) && Is(options.Interphase, other))) { continue; }
                var (taken, what) = Is(options.Particle, other) ? (true, $"{other} of the particle counts as {element}: it is taken up by the bare level of the coverage, the particle's share in the ratio, and the particle's own share in a shell")
                    : Is(options.Interphase, element) && Is(options.Coating, other) ? (true, $"{other} of the coating counts as {element}: a share of the coating's profile is left free in the layer's")
                    : Is(options.Coating, element) && Is(options.Interphase, other) ? (false, $"{other} of the layer counts as {element}: the coating's shell takes in what leaks from the layer; map another line of {element} (K), or deconvolve the spectra")
                    : IsMapped(other) ? (false, $"{other} counts as {element} wherever it is: deconvolve the spectra, or map another line")
                    : (false, $"{other} in the specimen, its grid or its stub would count as {element}: an even background is taken up, patches of it are not");
                found.Add(new(element, other, $"{(element == first ? firstLine : secondLine)} – {(element == first ? secondLine : firstLine)}", what, IsMapped(other), taken));
            }
        }
        return found;
    }
}
