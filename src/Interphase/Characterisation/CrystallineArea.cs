using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>
/// Where a coating is crystalline: the amplitude of each reflection found, relative to the texture it is part of. At the straight end of a
/// grain the smoothed amplitude is half of that within, which makes one half the threshold without bias.
/// </summary>
internal static class CrystallineArea
{
    private const double Smoothing = 0.5e-9;

    /// <summary>The least slope of a lens' transfer, m, and by how much steeper than in the halo, whose windows blur it, it was seen to be in computed lenses.</summary>
    private const double LeastSlope = 0.35e-9, Blurred = 1.7;

    /// <summary>One reflection with the windows in which it stands out.</summary>
    private sealed record Reflection(double Kx, double Ky, List<TestedWindow> Windows, double Height);

    /// <summary>Area fraction, map (1 inside, 2 crystalline) and spacings.</summary>
    /// <param name="grid">The image.</param>
    /// <param name="inside">Cells of the coating.</param>
    /// <param name="beside">For each further cell of the coating, which is not judged itself, the one that stands for it.</param>
    /// <param name="flagged">Windows with a lattice.</param>
    /// <param name="size">Pixels along the edge of a window.</param>
    /// <param name="noise">Variance that is counting's.</param>
    /// <param name="slope">Of the logarithm of what the lens passes, m, at a frequency in 1/m.</param>
    public static (Estimate Fraction, byte[] Map, IReadOnlyList<Estimate> Spacings) Find(FringeGrid grid, bool[] inside, int[] beside, IReadOnlyList<TestedWindow> flagged, int size, double noise, Func<double, double> slope)
    {
        var area = inside.Count(v => v);
        var map = inside.Select(v => v ? (byte)1 : (byte)0).ToArray();
        // Smaller crystals than a quarter of a window may go unseen.
        var unseen = Math.Min(0.5, 0.25 * Math.Pow(size * grid.Pixel / grid.Length, 2) / area);
        if (flagged.Count == 0) { return (Bounded(0, unseen / 2), map, []); }
        // Amplitudes are taken relative to the texture of a wider neighbourhood: thickness cancels, the contrast between grain and film does not.
        var texture = grid.Smooth(grid.Variance, 3 * Smoothing);
        for (var i = 0; i < texture.Length; i++) { texture[i] = MathF.Sqrt(MathF.Max(0.05f * texture[i], texture[i] - (float)noise)); }
        var levels = new[] { 0.4f, 0.5f, 0.6f };
        var covered = levels.Select(_ => new bool[inside.Length]).ToArray();
        var spacings = new List<Estimate>();
        var stronger = new List<(double Plateau, List<TestedWindow> Windows)>();
        var (re, im, seen) = (new float[inside.Length], new float[inside.Length], new int[inside.Length]);
        var number = 0;
        foreach (var r in Groups(flagged, size).OrderByDescending(r => r.Height).Take(24))
        {
            var near = Near(grid, r, inside, size, seen, ++number);
            if (near.Length == 0) { continue; }
            var tiles = Tiles(grid, near);
            var (kx, ky) = (r.Kx, r.Ky);
            // What the halo reaches by chance at the same spacing in other directions: Rayleigh-distributed, one in a hundred above 2.6 medians.
            var chance = 2.6f * Halo(grid, kx, ky, near, tiles, texture, re, im);
            var relative = Relative(grid, kx, ky, near, tiles, texture, re, im);
            var plateau = ArrayStatistics.OrderStatisticInplace([.. relative], 1 + (int)(0.9 * (relative.Length - 1)));
            // Sums and multiples of a grain's own reflections come with a small part of its texture and are no lattice of their own.
            if (plateau < chance || stronger.Exists(o => plateau < 0.3 * o.Plateau && o.Windows.Intersect(r.Windows).Any())) { continue; }
            stronger.Add((plateau, r.Windows));
            var domain = near.Where((_, n) => relative[n] > 0.5f * plateau).ToList();
            var grains = DomainFrequency.Domains(domain, grid.Width).ToArray();
            for (var n = 0; n < near.Length; n++)
            {
                for (var t = 0; t < levels.Length; t++) { covered[t][near[n]] |= relative[n] > Math.Max(levels[t] * plateau, chance); }
            }
            // The phase must not turn within a domain: that gives the frequency far better than the bins of a window. Grains that stand apart have phases of their own.
            var length = Math.Sqrt((kx * kx) + (ky * ky));
            var before = spacings.Count;
            // Specks beside a grain are texture.
            foreach (var grain in grains.Where(g => 2 * g.Count >= grains.Max(o => o.Count)))
            {
                var drift = grid.Drift(re, im, grain.Where(i => i % grid.Width < grid.Width - 1 && i < inside.Length - grid.Width));
                if (DomainFrequency.Of(grid, re, im, grain, (drift.Kx * grid.Cell, drift.Ky * grid.Cell), (kx / length, ky / length)) is not { } plane) { continue; }
                var k = Math.Sqrt(Math.Pow(kx + (plane.X / grid.Cell), 2) + Math.Pow(ky + (plane.Y / grid.Cell), 2)) / grid.Pixel;
                // A lens that passes one side of a spot better than the other moves it by its variance, which is 1/(2πR)² of a grain, times the slope of its transfer.
                var square = grain.Count * grid.Length * grid.Length / Math.PI;
                var steep = Math.Max(LeastSlope, Blurred * Math.Abs(slope(k)));
                // Nor is a frequency known better than its texture allows (Rife and Boorstyn 1974, for a disc): √2/(2π r_g √(independent areas) · amplitude over noise).
                var clean = Math.Min(0.98, (double)plateau);
                var spread = Math.Sqrt(1 - (clean * clean)) / clean * Math.Sqrt(4 * 0.02e-18 / (Smoothing * Smoothing));
                var least = spread / (Math.Sqrt(2) * Math.PI * Math.Sqrt(square) / 2 * Math.Sqrt(Math.Max(1, square / (4 * Smoothing * Smoothing))));
                var error = Math.Sqrt(Math.Pow(Math.Max(plane.Error / grid.Length, least), 2) + Math.Pow(steep / (4 * Math.PI * Math.PI * square), 2));
                spacings.Add(Estimate.Of(1 / k, error / (k * k)));
            }
            if (spacings.Count == before)
            {
                // Bent or joined lattices have no one phase: the mean frequency, known to the bins of a window.
                var (dx, dy) = grid.Drift(re, im, domain.Where(i => i % grid.Width < grid.Width - 1 && i < inside.Length - grid.Width));
                var k = Math.Sqrt(Math.Pow(kx + dx, 2) + Math.Pow(ky + dy, 2)) / grid.Pixel;
                spacings.Add(Estimate.Of(1 / k, 0.4 / (size * grid.Pixel) / (k * k)));
            }
        }
        for (var i = 0; i < map.Length; i++)
        {
            if (covered[1][i]) { map[i] = 2; }
        }
        var shares = covered.Select(c => (c.Count(v => v) + beside.Count(i => c[i])) / (double)(area + beside.Length)).ToArray();
        // In computed images of many lenses the share is known to half of what the threshold makes of it, and a hundredth.
        var threshold = (shares[0] - shares[2]) / 4;
        return (Bounded(shares[1], Math.Sqrt((threshold * threshold) + (unseen * unseen / 4) + (0.01 * 0.01))), map, spacings);
    }

    /// <summary>Amplitude of a reflection over the texture it is part of, in each of the cells.</summary>
    private static float[] Relative(FringeGrid grid, double kx, double ky, int[] near, int[] tiles, float[] texture, float[] re, float[] im)
    {
        grid.Reflection(kx, ky, Smoothing, tiles, re, im);
        return Array.ConvertAll(near, i => MathF.Sqrt(2 * ((re[i] * re[i]) + (im[i] * im[i]))) / texture[i]);
    }

    /// <summary>Tiles of these cells and of their neighbours to the right and below.</summary>
    private static int[] Tiles(FringeGrid grid, int[] near)
    {
        var used = new bool[grid.Tiles];
        foreach (var i in near)
        {
            used[grid.TileOf(i)] = true;
            if (i % grid.Width < grid.Width - 1) { used[grid.TileOf(i + 1)] = true; }
            if (i / grid.Width < grid.Height - 1) { used[grid.TileOf(i + grid.Width)] = true; }
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

    /// <summary>Cells of the coating in the windows that show a reflection, each once.</summary>
    private static int[] Near(FringeGrid grid, Reflection r, bool[] inside, int size, int[] seen, int number)
    {
        var cells = new List<int>();
        foreach (var w in r.Windows)
        {
            for (var y = w.Y / grid.Cell; y < Math.Min(grid.Height, (w.Y + size) / grid.Cell); y++)
            {
                for (var i = (y * grid.Width) + (w.X / grid.Cell); i < (y * grid.Width) + Math.Min(grid.Width, (w.X + size) / grid.Cell); i++)
                {
                    if (!inside[i] || seen[i] == number) { continue; }
                    seen[i] = number;
                    cells.Add(i);
                }
            }
        }
        return [.. cells];
    }

    /// <summary>Reflections of the same frequency in different windows are one.</summary>
    private static List<Reflection> Groups(IReadOnlyList<TestedWindow> flagged, int size)
    {
        var groups = new List<(double X, double Y, double Weight, List<TestedWindow> Windows)>();
        foreach (var (w, s) in flagged.SelectMany(w => w.Spots.Select(s => (w, s))).OrderByDescending(p => p.s.Height))
        {
            var (kx, ky) = (s.Kx, s.Ky);
            var at = groups.FindIndex(g => Distance(g.X / g.Weight, g.Y / g.Weight, kx, ky) < 1.5 / size || Distance(g.X / g.Weight, g.Y / g.Weight, -kx, -ky) < 1.5 / size);
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
