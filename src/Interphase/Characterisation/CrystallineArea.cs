using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>
/// Where a coating is crystalline: the amplitude of each reflection found, relative to the texture it is part of. At the straight end of a
/// grain the smoothed amplitude is half of that within. Along an end of curvature κ smoothing over σ moves that line inwards by σ²κ/2; as the
/// curvature of a closed line adds up to 2π whatever its shape, each grain loses the area πσ², which is given back.
/// </summary>
internal static class CrystallineArea
{
    private const double Smoothing = 0.5e-9;

    /// <summary>Slope of the logarithm of a lens' transfer, m, at which what it does to a rim is as uncertain as the threshold; taken where grains that are joined do not tell it.</summary>
    private const double Steep = 0.63e-9;

    /// <summary>One reflection with the windows in which it stands out.</summary>
    private sealed record Reflection(double Kx, double Ky, List<TestedWindow> Windows, double Height);

    /// <summary>Area fraction, map (1 inside, 2 crystalline) and spacings.</summary>
    /// <param name="grid">The image.</param>
    /// <param name="inside">Cells of the coating.</param>
    /// <param name="inCore">Cells of the core, and those its fringes reach.</param>
    /// <param name="thick">Cells so far from vacuum that the specimen is even there.</param>
    /// <param name="beside">For each further cell of the coating, which is not judged itself, the one that stands for it.</param>
    /// <param name="windows">Windows that were judged.</param>
    /// <param name="flagged">Those with a lattice.</param>
    /// <param name="size">Pixels along the edge of a window.</param>
    /// <param name="noise">Variance that is counting's.</param>
    public static (Estimate Fraction, byte[] Map, IReadOnlyList<GrainSpacing> Spacings) Find(FringeGrid grid, bool[] inside, bool[] inCore, bool[] thick, int[] beside, IReadOnlyList<TestedWindow> windows, IReadOnlyList<TestedWindow> flagged, int size, double noise)
    {
        // Of a large image windows apart from each other are judged.
        var judged = new bool[inside.Length];
        foreach (var i in windows.SelectMany(w => Cells(grid, w, size))) { judged[i] = inside[i]; }
        var area = judged.Count(v => v);
        beside = Array.FindAll(beside, i => judged[i]);
        var map = inside.Select(v => v ? (byte)1 : (byte)0).ToArray();
        // Smaller crystals than a quarter of a window may go unseen.
        var unseen = Math.Min(0.5, 0.25 * Math.Pow(size * grid.Pixel / grid.Length, 2) / area);
        if (flagged.Count == 0) { return (Bounded(0, unseen / 2), map, []); }
        // Amplitudes are taken relative to the texture of a wider neighbourhood: thickness cancels, the contrast between grain and film does not.
        // That of the core is none of it; towards vacuum it falls off with the amplitude.
        var texture = grid.Smooth([.. grid.Variance.Select((v, i) => inCore[i] ? 0 : v)], 3 * Smoothing);
        var part = grid.Smooth(Array.ConvertAll(inCore, v => v ? 0f : 1), 3 * Smoothing);
        for (var i = 0; i < texture.Length; i++)
        {
            var v = texture[i] / MathF.Max(1e-3f, part[i]);
            texture[i] = MathF.Sqrt(MathF.Max(0.05f * v, v - (float)noise));
        }
        var covered = Levels.Select(_ => new bool[inside.Length]).ToArray();
        var spacings = new List<GrainSpacing>();
        var stronger = new List<Seen>();
        var isOne = new bool[inside.Length];
        var (lost, rims, steep) = (0.0, 0.0, 0.0);
        // Reflections are looked at side by side, each with fields of its own, and taken in the order of their strength.
        using var fields = new ThreadLocal<Fields>(() => new(new float[inside.Length], new float[inside.Length]));
        foreach (var r in Groups(flagged, size).OrderByDescending(r => r.Height).AsParallel().AsOrdered().Select(r => Look(grid, r, inside, thick, texture, size, fields.Value!)).OfType<Seen>())
        {
            // Sums and multiples of a grain's own reflections come with a small part of its texture and are no lattice of their own.
            if (stronger.Exists(o => r.Plateau < 0.3 * o.Plateau && o.Reflection.Windows.Exists(r.Reflection.Windows.Contains))) { continue; }
            stronger.Add(r);
            for (var t = 0; t < Levels.Length; t++)
            {
                foreach (var grain in r.Grains[t])
                {
                    // A grain that another of its reflections showed already: both ends together would lie outside the mean of them.
                    var fresh = grain.Count(i => !covered[t][i]);
                    if (fresh < 0.3 * grain.Count) { continue; }
                    if (t == 1) { lost += Turns(grid, inside, grain, isOne) * fresh / grain.Count; }
                    foreach (var i in grain) { covered[t][i] = true; }
                }
            }
            spacings.AddRange(r.Spacings);
            (rims, steep) = (rims + r.Rim, steep + (r.Rim * r.Steep));
        }
        for (var i = 0; i < map.Length; i++)
        {
            if (covered[1][i]) { map[i] = 2; }
        }
        var shares = covered.Select(c => (c.Where((v, i) => v && judged[i]).Count() + beside.Count(i => c[i])) / (double)(area + beside.Length)).ToArray();
        lost *= Math.PI * Math.Pow(grid.Smoothing(Smoothing) / grid.Length, 2) / area;
        // In computed images the threshold is good to 0.009 of the plateau, and less where the lens is steep, so that rims are moved.
        var threshold = 0.045 * (shares[0] - shares[2]) * Math.Sqrt(1 + (rims > 0 ? steep / rims : 0));
        return (Bounded(Math.Clamp(shares[1] + lost, 0, 1), Math.Sqrt((threshold * threshold) + (unseen * unseen / 4))), map, spacings);
    }

    /// <summary>Thresholds, as parts of the amplitude within a grain.</summary>
    private static readonly float[] Levels = [0.4f, 0.5f, 0.6f];

    /// <summary>Both parts of a reflection's amplitude, for every cell.</summary>
    private sealed record Fields(float[] Re, float[] Im);

    /// <summary>A reflection that stands out: its amplitude, the grains above each threshold, their spacings, and how many cells lie on their rims, where the lens is how steep.</summary>
    private sealed record Seen(Reflection Reflection, double Plateau, List<int>[][] Grains, IReadOnlyList<GrainSpacing> Spacings, int Rim, double Steep);

    /// <summary>One reflection over the windows that show it; null where it does not stand out of the halo.</summary>
    private static Seen? Look(FringeGrid grid, Reflection r, bool[] inside, bool[] thick, float[] texture, int size, Fields fields)
    {
        int[] near = [.. r.Windows.SelectMany(w => Cells(grid, w, size)).Where(i => inside[i]).Distinct()];
        if (near.Length == 0) { return null; }
        var tiles = Tiles(grid, near);
        var (kx, ky, re, im) = (r.Kx, r.Ky, fields.Re, fields.Im);
        // What the halo reaches by chance at the same spacing in other directions: Rayleigh-distributed, one in a hundred above 2.6 medians.
        var chance = 2.6f * Halo(grid, kx, ky, near, tiles, texture, re, im);
        var relative = Relative(grid, kx, ky, near, tiles, texture, re, im);
        var plateau = ArrayStatistics.OrderStatisticInplace([.. relative], 1 + (int)(0.9 * (relative.Length - 1)));
        if (plateau < chance) { return null; }
        var full = Within(relative, (float)plateau, chance);
        var even = full * Contrast(relative, near, texture, full, thick);
        var domain = near.Where((_, n) => relative[n] > 0.5f * full).ToList();
        var grains = DomainFrequency.Domains(domain, grid.Width).ToArray();
        // The phase must not turn within a domain: that gives the frequency far better than the bins of a window. Grains that stand apart have phases of their own.
        var length = Math.Sqrt((kx * kx) + (ky * ky));
        var spacings = new List<GrainSpacing>();
        var (slopes, seenBy) = (0.0, 0.0);
        // Specks beside a grain are texture.
        foreach (var grain in grains.Where(g => 2 * g.Count >= grains.Max(o => o.Count)))
        {
            var drift = grid.Drift(re, im, grain.Where(i => i % grid.Width < grid.Width - 1 && i < inside.Length - grid.Width));
            if (DomainFrequency.Of(grid, re, im, grain, (drift.Kx * grid.Cell, drift.Ky * grid.Cell), (kx / length, ky / length), grid.Smoothing(Smoothing)) is not { } plane) { continue; }
            var k = Math.Sqrt(Math.Pow(kx + (plane.X / grid.Cell), 2) + Math.Pow(ky + (plane.Y / grid.Cell), 2)) / grid.Pixel;
            (slopes, seenBy) = (slopes + (grain.Count * plane.Slope * grid.Length), seenBy + grain.Count);
            spacings.Add(new(1 / k, plane.Error / grid.Length / (k * k), plane.Second / grid.Length / (k * k)));
        }
        if (spacings.Count == 0)
        {
            // Bent or joined lattices have no one phase: the mean frequency, known to the bins of a window.
            var (dx, dy) = grid.Drift(re, im, domain.Where(i => i % grid.Width < grid.Width - 1 && i < inside.Length - grid.Width));
            var k = Math.Sqrt(Math.Pow(kx + dx, 2) + Math.Pow(ky + dy, 2)) / grid.Pixel;
            spacings.Add(new(1 / k, 0.4 / (size * grid.Pixel) / (k * k), 0));
        }
        return new(r, plateau, [.. Levels.Select(t => DomainFrequency.Domains([.. near.Where((_, n) => relative[n] > Math.Max(t * even, chance))], grid.Width).ToArray())], spacings,
            1 + relative.Count(v => v > Levels[0] * even && v <= Levels[^1] * even), seenBy > 0 ? Math.Pow(slopes / seenBy / Steep, 2) : 1);
    }

    /// <summary>The amplitude within a grain, which a tenth of its cells exceed: those in its middle, of which smoothing takes least.</summary>
    private static float Within(float[] relative, float first, float chance)
    {
        for (var round = 0; round < 3; round++)
        {
            var above = Array.FindAll(relative, r => r > Math.Max(0.5f * first, chance));
            if (above.Length == 0) { break; }
            first = ArrayStatistics.OrderStatisticInplace(above, 1 + (int)(0.9 * (above.Length - 1)));
        }
        return first;
    }

    /// <summary>The texture within a grain over that at its border, where a film of other contrast has its share in it; where the specimen thins towards vacuum that is not told from its thickness.</summary>
    private static float Contrast(float[] relative, int[] near, float[] texture, float full, bool[] thick)
    {
        float Median(float from, float to)
        {
            float[] some = [.. near.Where((i, n) => thick[i] && relative[n] > from * full && relative[n] < to * full).Select(i => texture[i])];
            return some.Length < 10 ? float.NaN : ArrayStatistics.OrderStatisticInplace(some, 1 + (some.Length / 2));
        }
        var ratio = Median(0.85f, float.PositiveInfinity) / Median(0.4f, 0.6f);
        return float.IsNaN(ratio) ? 1 : Math.Clamp(ratio, 0.8f, 1.25f);
    }

    /// <summary>How often the border of an area, where the coating goes on beyond it, turns all round: once for a grain, half for one that the end of the coating cuts in two.</summary>
    private static double Turns(FringeGrid grid, bool[] inside, List<int> cells, bool[] isOne)
    {
        foreach (var i in cells) { isOne[i] = true; }
        var corners = 0;
        foreach (var i in cells)
        {
            var (x, y) = (i % grid.Width, i / grid.Width);
            // The four places where four cells meet: an outer corner has one cell of the area, an inner one has three.
            foreach (var (u, v) in new[] { (x - 1, y - 1), (x, y - 1), (x - 1, y), (x, y) })
            {
                var q = (v * grid.Width) + u;
                if (u < 0 || v < 0 || u + 1 >= grid.Width || v + 1 >= grid.Height || !inside[q] || !inside[q + 1] || !inside[q + grid.Width] || !inside[q + grid.Width + 1]) { continue; }
                var n = (isOne[q] ? 1 : 0) + (isOne[q + 1] ? 1 : 0) + (isOne[q + grid.Width] ? 1 : 0) + (isOne[q + grid.Width + 1] ? 1 : 0);
                corners += n == 1 ? 3 : n == 3 ? -1 : 0;
            }
        }
        foreach (var i in cells) { isOne[i] = false; }
        return corners / 12.0;
    }

    /// <summary>Amplitude of a reflection over the texture it is part of, in each of the cells.</summary>
    private static float[] Relative(FringeGrid grid, double kx, double ky, int[] near, int[] tiles, float[] texture, float[] re, float[] im)
    {
        grid.Reflection(kx, ky, Smoothing, tiles, re, im);
        return Array.ConvertAll(near, i => MathF.Sqrt(2 * ((re[i] * re[i]) + (im[i] * im[i]))) / texture[i]);
    }

    /// <summary>Tiles of these cells and of their neighbours.</summary>
    private static int[] Tiles(FringeGrid grid, int[] near)
    {
        var used = new bool[grid.Tiles];
        foreach (var i in near)
        {
            used[grid.TileOf(i)] = true;
            var (x, y) = (i % grid.Width, i / grid.Width);
            if (x < grid.Width - 1) { used[grid.TileOf(i + 1)] = true; }
            if (y < grid.Height - 1) { used[grid.TileOf(i + grid.Width)] = true; }
            if (x > 0) { used[grid.TileOf(i - 1)] = true; }
            if (y > 0) { used[grid.TileOf(i - grid.Width)] = true; }
        }
        return [.. Enumerable.Range(0, used.Length).Where(t => used[t])];
    }

    /// <summary>Median relative amplitude at the same frequency, turned; of a large area sixteen tiles, spread over it, tell it.</summary>
    private static float Halo(FringeGrid grid, double kx, double ky, int[] near, int[] tiles, float[] texture, float[] re, float[] im)
    {
        const int most = 16;
        int[] some = tiles.Length <= most ? tiles : [.. Enumerable.Range(0, most).Select(i => tiles[(int)((i + 0.5) * tiles.Length / most)])];
        var sample = near.Where((i, n) => n % 5 == 0 && (some == tiles || Array.BinarySearch(some, grid.TileOf(i)) >= 0)).ToArray();
        if (sample.Length == 0) { sample = near; some = tiles; }
        var values = new[] { 37.0, 71, 109, 143 }.SelectMany(turn =>
        {
            var (s, c) = Math.SinCos(turn * Math.PI / 180);
            return Relative(grid, (kx * c) - (ky * s), (kx * s) + (ky * c), sample, some, texture, re, im);
        }).ToArray();
        return ArrayStatistics.OrderStatisticInplace(values, 1 + (values.Length / 2));
    }

    private static Estimate Bounded(double value, double error)
    {
        var e = Estimate.Of(value, error);
        return e.Within(0, 1);
    }

    private static IEnumerable<int> Cells(FringeGrid grid, TestedWindow w, int size)
    {
        for (var y = w.Y / grid.Cell; y < Math.Min(grid.Height, (w.Y + size) / grid.Cell); y++)
        {
            for (var x = w.X / grid.Cell; x < Math.Min(grid.Width, (w.X + size) / grid.Cell); x++) { yield return (y * grid.Width) + x; }
        }
    }

    /// <summary>Reflections of the same frequency in windows near to each other are one.</summary>
    private static List<Reflection> Groups(IReadOnlyList<TestedWindow> flagged, int size)
    {
        var groups = new List<(double X, double Y, double Weight, List<TestedWindow> Windows)>();
        foreach (var (w, s) in flagged.SelectMany(w => w.Spots.Select(s => (w, s))).OrderByDescending(p => p.s.Height))
        {
            var (kx, ky) = (s.Kx, s.Ky);
            var at = groups.FindIndex(g => (Distance(g.X / g.Weight, g.Y / g.Weight, kx, ky) < 1.5 / size || Distance(g.X / g.Weight, g.Y / g.Weight, -kx, -ky) < 1.5 / size)
                && g.Windows.Exists(o => Math.Abs(o.X - w.X) <= 2 * size && Math.Abs(o.Y - w.Y) <= 2 * size));
            if (at < 0) { groups.Add((kx * s.Height, ky * s.Height, s.Height, [w])); continue; }
            var g = groups[at];
            if (Distance(g.X / g.Weight, g.Y / g.Weight, kx, ky) > 1.5 / size) { (kx, ky) = (-kx, -ky); }
            g.Windows.Add(w);
            groups[at] = (g.X + (kx * s.Height), g.Y + (ky * s.Height), g.Weight + s.Height, g.Windows);
        }
        return [.. groups.Select(g => new Reflection(g.X / g.Weight, g.Y / g.Weight, g.Windows, g.Weight))];
    }

    private static double Distance(double ax, double ay, double bx, double by) => Math.Sqrt(Math.Pow(ax - bx, 2) + Math.Pow(ay - by, 2));
}
