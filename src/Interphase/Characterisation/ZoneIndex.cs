namespace Interphase.Characterisation;

/// <summary>A phase and zone that a lattice of spots can be.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="Zone">Zone axis u, v, w.</param>
/// <param name="First">Indices h, k, l of the first vector of the lattice.</param>
/// <param name="Second">Of the second.</param>
/// <param name="Misfit">χ² of lengths and angle.</param>
public sealed record ZoneFit(string Phase, (int U, int V, int W) Zone, (int H, int K, int L) First, (int H, int K, int L) Second, double Misfit)
{
    /// <summary>Spacing measured over that of the phase, less one, of the first vector; without a scale of their ratio alone.</summary>
    public double FirstOff { get; init; }

    /// <summary>Of the second.</summary>
    public double SecondOff { get; init; }

    /// <summary>Angle measured less that of the phase, degrees.</summary>
    public double AngleOffDegrees { get; init; }

    internal ZoneFit Swapped => this with { First = Second, Second = First, FirstOff = SecondOff, SecondOff = FirstOff };
}

/// <summary>What a lattice of spots can be: which phase seen along which direction.</summary>
/// <param name="Fits">All phases and zones that agree, the best first.</param>
/// <param name="Chance">Share of lattices of other lengths and angles, as near as a third, that would agree with some phase.</param>
internal sealed record ZoneIndex(IReadOnlyList<ZoneFit> Fits, double Chance)
{
    // Cameras are known to about 1 %. A ratio and (radians) an angle are as unsure as the ellipse, but not less than crystals are bent.
    private const double Scale = 0.01, Least = 0.002;

    // χ² of three and of two numbers that one in a hundred true ones exceeds.
    private const double Limit = 11.3, LimitOfRatios = 9.2;
    private const int Trials = 300;

    /// <summary>Compares lengths (1/m; pixels without scale) and angle of a lattice's shortest vectors with zones of phases.</summary>
    /// <param name="lattice">In pixels.</param>
    /// <param name="pixel">1/m; null where unknown.</param>
    /// <param name="bent">Standard error of the ellipse.</param>
    /// <param name="phases">What it may be.</param>
    public static ZoneIndex Of(SpotLattice lattice, double? pixel, double bent, IReadOnlyList<CrystalPhase> phases)
    {
        var (a, b) = (Math.Min(lattice.A, lattice.B), Math.Max(lattice.A, lattice.B));
        var swapped = lattice.A > lattice.B;
        var error = Math.Max(lattice.Errors.A / lattice.A, lattice.Errors.B / lattice.B);
        // An ellipse changes the ratio of two lengths and the angle between them alike, most where they are at right angles.
        var shape = Math.Max(bent, Least);
        var tables = phases.Select(p => new Table(p, pixel is { } k ? 1 / (b * k * 1.45) : 0.11e-9)).ToArray();
        var fits = tables.SelectMany(t => t.Fits(a * (pixel ?? 1), b * (pixel ?? 1), lattice.Angle, shape, error, pixel is not null)).ToList();
        // One zone by its numbers: of those alike by symmetry the first stands.
        ZoneFit[] distinct = [.. fits.OrderBy(f => f.Misfit).DistinctBy(f => (f.Phase, Math.Round(f.Misfit, 6))).Select(f => swapped ? f.Swapped : f)];
        var random = new Random(1);
        double agree = 0, tried = 0;
        for (var n = 0; n < Trials; n++)
        {
            double Jitter() => Math.Exp(0.66 * (random.NextDouble() - 0.5));
            var (c, d, angle) = (a * Jitter(), b * Jitter(), Math.Clamp(lattice.Angle + (0.6 * (random.NextDouble() - 0.5)), Math.PI / 3, Math.PI / 2));
            // Only such as are the two shortest vectors of their lattice.
            if (c > d || 2 * d * Math.Cos(angle) > c) { continue; }
            tried++;
            if (tables.Any(t => t.Fits(c * (pixel ?? 1), d * (pixel ?? 1), angle, shape, error, pixel is not null).Any())) { agree++; }
        }
        return new(distinct, tried == 0 ? 1 : agree / tried);
    }

    /// <summary>LiNbO3, LiTaO3 and their solid solution have one cell within 1 %: one family, as patterns see it.</summary>
    public static string Family(string phase, IReadOnlyList<CrystalPhase> phases) => phases.FirstOrDefault(p => p.Name == phase) is { IsNiobateTantalate: true } ? "Li(Nb,Ta)O3" : phase;

    /// <summary>The reflections of a phase, by length.</summary>
    private sealed class Table(CrystalPhase phase, double shortest)
    {
        // Spots that are so weak may be missing from a pattern.
        private const double Seen = 3;
        private readonly LatticeReflection[] all = [.. LatticeReflections.Points(phase, shortest).OrderBy(r => r.Length)];

        public IEnumerable<ZoneFit> Fits(double a, double b, double angle, double shape, double error, bool scaled)
        {
            var off = Math.Sqrt((shape * shape) + (2 * error * error));
            var limit = scaled ? Limit : LimitOfRatios;
            var reach = Math.Sqrt(limit) * (Scale + off);
            foreach (var first in scaled ? Between(a * (1 - reach), a * (1 + reach)) : all)
            {
                // Of a pair of opposites one is enough.
                if (!(first.H > 0 || (first.H == 0 && (first.K > 0 || (first.K == 0 && first.L > 0))))) { continue; }
                var length = first.Length * b / a;
                foreach (var second in Between(length * (1 - (Math.Sqrt(limit) * off)), length * (1 + (Math.Sqrt(limit) * off))))
                {
                    var (la, lb) = (Math.Log(first.Length / a), Math.Log(second.Length / b));
                    var between = first.AngleTo(second);
                    var misfit = Math.Pow((la - lb) / off, 2) + Math.Pow((between - angle) / off, 2) + (scaled ? Math.Pow((la + lb) / 2 / Scale, 2) : 0);
                    if (!(misfit < limit) || first.Dot(second) < -1e-3 * first.Length * second.Length || !Spans(first, second)) { continue; }
                    int u = (first.K * second.L) - (first.L * second.K), v = (first.L * second.H) - (first.H * second.L), w = (first.H * second.K) - (first.K * second.H);
                    var n = (int)System.Numerics.BigInteger.GreatestCommonDivisor(System.Numerics.BigInteger.GreatestCommonDivisor(u, v), w);
                    // Without a scale only their ratio is compared.
                    var camera = scaled ? 0 : (la + lb) / 2;
                    if (n > 0) { yield return new(phase.Name, (u / n, v / n, w / n), (first.H, first.K, first.L), (second.H, second.K, second.L), misfit) { FirstOff = la - camera, SecondOff = lb - camera, AngleOffDegrees = (angle - between) * 180 / Math.PI }; }
                }
            }
        }

        private IEnumerable<LatticeReflection> Between(double least, double most)
        {
            var (low, high) = (0, all.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (all[middle].Length < least) { low = middle + 1; } else { high = middle; }
            }
            for (; low < all.Length && all[low].Length <= most; low++) { yield return all[low]; }
        }

        /// <summary>Whether every reflection of the plane that would be seen is a whole combination of the two.</summary>
        private bool Spans(LatticeReflection a, LatticeReflection b)
        {
            double aa = a.Dot(a), ab = a.Dot(b), bb = b.Dot(b), determinant = (aa * bb) - (ab * ab);
            if (determinant < 1e-6 * aa * bb) { return false; }
            foreach (var r in all)
            {
                if (r.Strength < Seen || r.Length > 1.0001 * Math.Sqrt(bb)) { continue; }
                double ra = r.Dot(a), rb = r.Dot(b), h = ((ra * bb) - (rb * ab)) / determinant, k = ((rb * aa) - (ra * ab)) / determinant;
                // Out of the plane?
                var beside = r.Dot(r) - (h * ra) - (k * rb);
                if (beside > 1e-6 * r.Dot(r)) { continue; }
                if (Math.Abs(h - Math.Round(h)) > 1e-3 || Math.Abs(k - Math.Round(k)) > 1e-3) { return false; }
            }
            return true;
        }
    }
}
