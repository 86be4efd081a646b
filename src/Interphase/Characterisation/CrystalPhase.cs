using System.Text.Json;
using Interphase.Files;

namespace Interphase.Characterisation;

/// <summary>A crystalline phase: hexagonal (rhombohedral in hexagonal axes) or cubic cell and its powder lines.</summary>
/// <param name="Name">Its formula.</param>
/// <param name="SpaceGroup">Hermann–Mauguin symbol.</param>
/// <param name="Cubic">True for cubic cells, where only <paramref name="A"/> counts.</param>
/// <param name="A">Lattice parameter a, m.</param>
/// <param name="C">Lattice parameter c, m.</param>
/// <param name="Density">kg/m³, from the cell.</param>
/// <param name="Source">Where the cell comes from.</param>
/// <param name="Lines">h, k, l and calculated relative intensity (Cu Kα, strongest 100).</param>
public sealed record CrystalPhase(string Name, string SpaceGroup, bool Cubic, double A, double C, double Density, string Source, IReadOnlyList<(int H, int K, int L, double Intensity)> Lines)
{
    /// <summary>The phases that are shipped.</summary>
    public static IReadOnlyList<CrystalPhase> All { get; } = Load();

    /// <summary>A shipped phase by name.</summary>
    /// <exception cref="InputException">No such phase is shipped.</exception>
    public static CrystalPhase Find(string name) => All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException($"the phase '{name}' is not known", "--phases", $"{NearestName.Suggest(name, All.Select(p => p.Name))}; the phases are {string.Join(", ", All.Select(p => p.Name))}");

    /// <summary>Spacing of a line in a cell, m. Cubic: d⁻² = (h² + k² + l²)/a²; hexagonal: d⁻² = 4(h² + hk + k²)/(3a²) + l²/c².</summary>
    public double Spacing(int h, int k, int l, double a, double c) => Cubic
        ? a / Math.Sqrt((h * h) + (k * k) + (l * l))
        : 1 / Math.Sqrt((4.0 / 3 * ((h * h) + (h * k) + (k * k)) / (a * a)) + (l * l / (c * c)));

    /// <summary>True for the solid solution Li(Nb,Ta)O3, whose tantalum fraction follows from c.</summary>
    public bool IsNiobateTantalate => SpaceGroup == "R3c";

    private static List<CrystalPhase> Load()
    {
        using var stream = typeof(CrystalPhase).Assembly.GetManifestResourceStream("phases.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.EnumerateArray().Select(e => new CrystalPhase(
            e.GetProperty("name").GetString()!, e.GetProperty("spaceGroup").GetString()!, e.GetProperty("cubic").GetBoolean(),
            e.GetProperty("a_A").GetDouble() * 1e-10, e.GetProperty("c_A").GetDouble() * 1e-10, e.GetProperty("density_g_cm3").GetDouble() * 1000,
            e.GetProperty("source").GetString()!,
            [.. e.GetProperty("lines").EnumerateArray().Select(l => (l[0].GetInt32(), l[1].GetInt32(), l[2].GetInt32(), l[3].GetDouble()))]))];
    }
}
