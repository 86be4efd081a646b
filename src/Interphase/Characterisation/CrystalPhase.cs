using System.Text.Json;
using Interphase.Files;

namespace Interphase.Characterisation;

/// <summary>A crystalline phase: its cell and its powder lines.</summary>
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

    /// <summary>Σ|F|² with Lorentz and polarisation factors over the square of the cell's volume (electrons²/Å⁶) for a line of relative intensity 100: what makes areas of different phases comparable.</summary>
    public double Strength { get; init; } = double.NaN;

    /// <summary>The whole cell.</summary>
    internal UnitCell Cell { get; init; }

    /// <summary>The whole structure where the phase comes from a CIF.</summary>
    internal CrystalStructure? Atoms { get; init; }

    /// <summary>True where the structure was derived and not measured, so that its intensities are the less certain.</summary>
    public bool Derived { get; init; }

    /// <summary>Relative doubt about what an area of its lines weighs: texture, micro-absorption and the structure taken.</summary>
    internal double Doubt => Derived ? 0.3 : 0.1;

    /// <summary>True where b is a constant of its own.</summary>
    public bool HasB => Cell.Free.Contains(1);

    /// <summary>The angles that the symmetry leaves free, by name: α, β, γ.</summary>
    public IReadOnlyList<string> FreeAngles => [.. Cell.Free.Where(i => i > 2).Select(i => i == 3 ? "α" : i == 4 ? "β" : "γ")];

    /// <summary>True where lines keep their calculated ratios, for there are many and close ones: all cells but cubic and hexagonal ones.</summary>
    internal bool KeepsRatios => Tied || (!Cell.Cubic && !Cell.Hexagonal);

    /// <summary>True for a weak phase beside a strong one: free lines would take up what the profile of the strong one misses.</summary>
    internal bool Tied { get; init; }

    /// <summary>A shipped phase by name, or one from a CIF (a name that ends in <c>.cif</c>). A derived structure is found by its formula too; its name and a warning say what it is.</summary>
    /// <exception cref="InputException">No such phase is shipped, or the CIF cannot be read.</exception>
    public static CrystalPhase Find(string name) => Path.GetExtension(name).Equals(".cif", StringComparison.OrdinalIgnoreCase) ? FromCif(name)
        : All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || (p.Derived && p.Name.Equals($"{name} (derived)", StringComparison.OrdinalIgnoreCase)))
        ?? throw new InputException($"the phase '{name}' is not known", "--phases, --candidates", $"{NearestName.Suggest(name, All.Select(p => p.Name))}; the phases are {string.Join(", ", All.Select(p => p.Name))}; any other comes from a CIF, as in Li3TaO4.cif");

    /// <summary>Phases by name or CIF, joined by commas; CIFs lie in the folder.</summary>
    /// <exception cref="InputException">One is not shipped, or its CIF cannot be read.</exception>
    public static IReadOnlyList<CrystalPhase> List(string? names, string folder = "") =>
        [.. (names ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase).Select(p => Find(p.EndsWith(".cif", StringComparison.OrdinalIgnoreCase) ? Path.Combine(folder, p) : p))];

    /// <summary>A phase from a structure in a CIF: lines and intensities (Cu Kα₁, up to 90° 2θ) are computed from cell, symmetry operations and atoms.</summary>
    /// <exception cref="InputException">The file cannot be read or holds no whole structure.</exception>
    public static CrystalPhase FromCif(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var (structure, name, group) = CifFile.Read(path);
        return Of(structure, name, group, Path.GetFileName(path));
    }

    internal static CrystalPhase Of(CrystalStructure s, string name, string group, string source)
    {
        var lines = s.Lines(Measurements.Diffractogram.CopperAlpha1 * 1e10, 90);
        if (lines.Count == 0) { throw new InputException("the structure has no line up to 90° 2θ", source, "check its cell and atoms"); }
        var strongest = lines.Max(l => l.Intensity);
        return new(name, group, s.Cell.Cubic, s.Cell.A * 1e-10, s.Cell.C * 1e-10, s.Density, source, [.. lines.Select(l => (l.H, l.K, l.L, 100 * l.Intensity / strongest))])
        {
            Strength = strongest, Atoms = s, Cell = s.Cell,
        };
    }

    /// <summary>Spacing of a line (m) in a cell of the phase's shape with these a and c (m). Cubic: d⁻² = (h² + k² + l²)/a²; hexagonal: d⁻² = 4(h² + hk + k²)/(3a²) + l²/c²; other angles are the phase's own, and b grows with a.</summary>
    public double Spacing(int h, int k, int l, double a, double c) => (Cell with { A = a * 1e10, B = Cell.B * a * 1e10 / Cell.A, C = (Cubic ? a : c) * 1e10 }).Spacing(h, k, l) * 1e-10;

    /// <summary>All but the standards that are mixed with powders for diffraction.</summary>
    public static IReadOnlyList<CrystalPhase> OfSpecimens { get; } = [.. All.Where(p => p.Name is not ("LaB6" or "Si" or "Al2O3"))];

    /// <summary>True for the solid solution Li(Nb,Ta)O3, whose tantalum fraction follows from c.</summary>
    public bool IsNiobateTantalate => SpaceGroup == "R3c";

    private static List<CrystalPhase> Load()
    {
        using var stream = typeof(CrystalPhase).Assembly.GetManifestResourceStream("phases.json")!;
        using var document = JsonDocument.Parse(stream);
        using var derived = new StreamReader(typeof(CrystalPhase).Assembly.GetManifestResourceStream("Li3NbO4-derived.cif")!);
        var (structure, name, group) = CifFile.Parse(derived.ReadToEnd(), "Li3NbO4.cif");
        var niobate = Of(structure, $"{name} (derived)", group, "derived from its symmetry, rock salt and bond valences, and not measured; docs/xrd.md") with { Derived = true };
        return [.. document.RootElement.EnumerateArray().Select(e => new CrystalPhase(
            e.GetProperty("name").GetString()!, e.GetProperty("spaceGroup").GetString()!, e.GetProperty("cubic").GetBoolean(),
            e.GetProperty("a_A").GetDouble() * 1e-10, e.GetProperty("c_A").GetDouble() * 1e-10, e.GetProperty("density_g_cm3").GetDouble() * 1000,
            e.GetProperty("source").GetString()!,
            [.. e.GetProperty("lines").EnumerateArray().Select(l => (l[0].GetInt32(), l[1].GetInt32(), l[2].GetInt32(), l[3].GetDouble()))])
        {
            Strength = e.GetProperty("strength").GetDouble(),
            Cell = Shipped(e),
        }), niobate];
    }

    /// <summary>Cubic, monoclinic with its own b and β, or hexagonal.</summary>
    private static UnitCell Shipped(JsonElement e)
    {
        var (a, c) = (e.GetProperty("a_A").GetDouble(), e.GetProperty("c_A").GetDouble());
        return e.GetProperty("cubic").GetBoolean() ? new(a, a, a, 90, 90, 90)
            : e.TryGetProperty("b_A", out var b) ? new(a, b.GetDouble(), c, 90, e.GetProperty("beta_deg").GetDouble(), 90) : new(a, a, c, 90, 90, 120);
    }
}
