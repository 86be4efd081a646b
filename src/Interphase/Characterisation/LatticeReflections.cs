namespace Interphase.Characterisation;

/// <summary>A reflection of a crystal: its indices, its place in reciprocal space (1/m, right-handed axes, c* last but for the cell's own tilt), and its strength against the strongest, 100.</summary>
internal readonly record struct LatticeReflection(int H, int K, int L, double X, double Y, double Z, double Strength)
{
    public double Length => Math.Sqrt(Dot(this));

    public double Dot(LatticeReflection o) => (X * o.X) + (Y * o.Y) + (Z * o.Z);

    /// <summary>Angle between the two lines through the origin, radians, at most a right one.</summary>
    public double AngleTo(LatticeReflection o) => Math.Acos(Math.Min(1, Math.Abs(Dot(o)) / (Length * o.Length)));

    /// <summary>As printed.</summary>
    public string Indices => SpacingMatch.Indices(H, K, L);
}

/// <summary>All reflections of a phase with their directions: what single crystals show, where powder lines tell lengths alone.</summary>
internal static class LatticeReflections
{
    // As for powder lines: weaker ones are not seen.
    private const double Weakest = 0.5;

    private static readonly Centring[] Centrings = [new(0, 3, 3, 6), new(3, 0, 3, 6), new(3, 3, 0, 6), new(3, 3, 3, 6), new(4, 2, 2, 6), new(2, 4, 2, 6)];

    /// <summary>A translation of the cell, in parts: reflections that do not see it as a whole turn are absent.</summary>
    private readonly record struct Centring(int X, int Y, int Z, int Parts)
    {
        public bool Allows(LatticeReflection r) => ((r.H * X) + (r.K * Y) + (r.L * Z)) % Parts == 0;
    }

    /// <summary>Reflections down to a spacing, m. Of a structure |F|² tells which there are; of a shipped phase its powder lines and the absences of its space group.</summary>
    public static IReadOnlyList<LatticeReflection> Of(CrystalPhase phase, double shortest) => [.. Points(phase, shortest).Where(r => r.Strength > Weakest)];

    /// <summary>All points of the reciprocal lattice that its centring allows: also those that glide planes and screws extinguish, which double diffraction shows.</summary>
    public static IReadOnlyList<LatticeReflection> Points(CrystalPhase phase, double shortest)
    {
        var cell = phase.Cell;
        var (rows, far) = (cell.ReciprocalAxes(), 1e-10 / shortest);
        int Most(double length) => (int)Math.Ceiling(length * far) + 1;
        var lines = phase.Lines.Select(l => (Length: 1e-10 / phase.Spacing(l.H, l.K, l.L, phase.A, phase.C), l.Intensity)).OrderBy(l => l.Length).ToArray();
        var found = new List<LatticeReflection>();
        for (var h = -Most(cell.A); h <= Most(cell.A); h++)
        {
            for (var k = -Most(cell.B); k <= Most(cell.B); k++)
            {
                for (var l = -Most(cell.C); l <= Most(cell.C); l++)
                {
                    var (x, y, z) = ((h * rows[0].X) + (k * rows[1].X) + (l * rows[2].X), (h * rows[0].Y) + (k * rows[1].Y) + (l * rows[2].Y), (h * rows[0].Z) + (k * rows[1].Z) + (l * rows[2].Z));
                    var length = Math.Sqrt((x * x) + (y * y) + (z * z));
                    if ((h, k, l) == (0, 0, 0) || length > far) { continue; }
                    var strength = phase.Atoms is { } atoms ? atoms.Strength(h, k, l) : Allows(phase.SpaceGroup, h, k, l) ? lines.FirstOrDefault(p => Math.Abs(p.Length - length) < 1e-5 * length).Intensity : 0;
                    found.Add(new(h, k, l, x * 1e10, y * 1e10, z * 1e10, strength));
                }
            }
        }
        var strongest = found.Select(r => r.Strength).DefaultIfEmpty(0).Max() is > 0 and var most ? most : 1;
        var points = found.Select(r => r with { Strength = 100 * r.Strength / strongest }).ToArray();
        var centred = Centrings.Where(c => points.All(r => r.Strength < Weakest || c.Allows(r))).ToArray();
        return [.. points.Where(r => centred.All(c => c.Allows(r)))];
    }

    /// <summary>Absences of the shipped space groups, by lattice and glide planes (International Tables A); rhombohedral in obverse hexagonal axes.</summary>
    private static bool Allows(string group, int h, int k, int l) => group switch
    {
        "R-3m" => (-h + k + l) % 3 == 0,
        "R3c" => (-h + k + l) % 3 == 0 && (l % 2 == 0 || (h != 0 && k != 0 && h + k != 0)),
        "Fd-3m" => Same(h, k, l) && (h % 2 != 0 || (h + k + l) % 4 == 0),
        "C2/c" => (h + k) % 2 == 0 && (k != 0 || l % 2 == 0),
        _ => true,
    };

    private static bool Same(int h, int k, int l) => ((h - k) % 2, (k - l) % 2) == (0, 0);
}
