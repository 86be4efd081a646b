using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>
/// Where a coating is crystalline: the amplitude of each reflection found, relative to the texture it is part of. At the straight end of a
/// grain the smoothed amplitude is half of that within, which makes one half the threshold without bias.
/// </summary>
internal static class CrystallineArea
{
    private const double Smoothing = 0.5e-9;

    /// <summary>One reflection with the windows in which it stands out.</summary>
    private sealed record Reflection(double Kx, double Ky, List<TestedWindow> Windows, double Height);

    /// <summary>Area fraction, map (1 inside, 2 crystalline) and spacings.</summary>
    public static (Estimate Fraction, byte[] Map, IReadOnlyList<Estimate> Spacings) Find(FringeGrid grid, bool[] inside, IReadOnlyList<TestedWindow> flagged, int size, double noise)
    {
        var area = inside.Count(v => v);
        var map = inside.Select(v => v ? (byte)1 : (byte)0).ToArray();
        // Smaller crystals than a quarter of a window may go unseen.
        var unseen = Math.Min(0.5, 0.25 * Math.Pow(size * grid.Pixel / grid.Length, 2) / area);
        if (flagged.Count == 0) { return (Bounded(0, unseen / 2), map, []); }
        // Amplitudes are taken relative to the texture of a wider neighbourhood: thickness cancels, the contrast between grain and film does not.
        var variance = grid.Smooth(grid.Variance, 3 * Smoothing);
        var texture = variance.Select(v => Math.Sqrt(Math.Max(0.05 * v, v - noise))).ToArray();
        var levels = new[] { 0.4, 0.5, 0.6 };
        var covered = levels.Select(_ => new bool[inside.Length]).ToArray();
        var spacings = new List<Estimate>();
        var stronger = new List<(double Plateau, List<TestedWindow> Windows)>();
        foreach (var r in Groups(flagged, size).OrderByDescending(r => r.Height).Take(24))
        {
            var near = Near(grid, r, inside, size);
            if (near.Count == 0) { continue; }
            var (kx, ky) = (r.Kx, r.Ky);
            var (re, im) = grid.Reflection(kx, ky, Smoothing);
            double Relative(int i) => Math.Sqrt(2 * ((re[i] * re[i]) + (im[i] * im[i]))) / texture[i];
            var sorted = near.Select(Relative).Order().ToArray();
            var plateau = sorted[(int)(0.9 * (sorted.Length - 1))];
            // What the halo reaches by chance at the same spacing in other directions: Rayleigh-distributed, one in a hundred above 2.6 medians.
            var chance = 2.6 * Halo(grid, kx, ky, near, texture);
            // Sums and multiples of a grain's own reflections come with a small part of its texture and are no lattice of their own.
            if (plateau < chance || stronger.Exists(o => plateau < 0.3 * o.Plateau && o.Windows.Intersect(r.Windows).Any())) { continue; }
            stronger.Add((plateau, r.Windows));
            var domain = near.Where(i => Relative(i) > 0.5 * plateau).ToList();
            for (var t = 0; t < levels.Length; t++)
            {
                foreach (var i in near) { covered[t][i] |= Relative(i) > Math.Max(levels[t] * plateau, chance); }
            }
            // The phase must not turn within a domain: that gives the frequency far better than the bins of a window.
            double xr = 0, xi = 0, yr = 0, yi = 0;
            foreach (var i in domain)
            {
                if (i % grid.Width == grid.Width - 1 || i >= inside.Length - grid.Width) { continue; }
                xr += (re[i + 1] * re[i]) + (im[i + 1] * im[i]); xi += (im[i + 1] * re[i]) - (re[i + 1] * im[i]);
                yr += (re[i + grid.Width] * re[i]) + (im[i + grid.Width] * im[i]); yi += (im[i + grid.Width] * re[i]) - (re[i + grid.Width] * im[i]);
            }
            kx += Math.Atan2(xi, xr) / (2 * Math.PI * grid.Cell);
            ky += Math.Atan2(yi, yr) / (2 * Math.PI * grid.Cell);
            var k = Math.Sqrt((kx * kx) + (ky * ky)) / grid.Pixel;
            // Rife and Boorstyn (1974), for a disc: the error of a frequency is √(2)/(2π r_g √(independent areas) · amplitude over noise).
            var square = domain.Count * grid.Length * grid.Length;
            var independent = Math.Max(1, square / (4 * Math.PI * Smoothing * Smoothing));
            var clean = Math.Min(0.98, plateau);
            var spread = Math.Sqrt(1 - (clean * clean)) / clean * Math.Sqrt(4 * 0.02e-18 / (Smoothing * Smoothing));
            var error = spread / (Math.Sqrt(2) * Math.PI * Math.Sqrt(square / Math.PI) / 2 * Math.Sqrt(independent));
            spacings.Add(Estimate.Of(1 / k, error / (k * k)));
        }
        for (var i = 0; i < map.Length; i++)
        {
            if (covered[1][i]) { map[i] = 2; }
        }
        var shares = covered.Select(c => c.Count(v => v) / (double)area).ToArray();
        var threshold = (shares[0] - shares[2]) / 2;
        return (Bounded(shares[1], Math.Sqrt((threshold * threshold) + (unseen * unseen / 4) + (0.02 * 0.02))), map, spacings);
    }

    /// <summary>Median relative amplitude at the same frequency, turned.</summary>
    private static double Halo(FringeGrid grid, double kx, double ky, List<int> near, double[] texture)
    {
        var values = new List<double>();
        foreach (var turn in new[] { 37.0, 71, 109, 143 })
        {
            var (s, c) = Math.SinCos(turn * Math.PI / 180);
            var (re, im) = grid.Reflection((kx * c) - (ky * s), (kx * s) + (ky * c), Smoothing);
            values.AddRange(near.Where((_, k) => k % 5 == 0).Select(i => Math.Sqrt(2 * ((re[i] * re[i]) + (im[i] * im[i]))) / texture[i]));
        }
        values.Sort();
        return values[values.Count / 2];
    }

    private static Estimate Bounded(double value, double error)
    {
        var e = Estimate.Of(value, error);
        return e with { Lower95 = Math.Max(0, e.Lower95), Upper95 = Math.Min(1, e.Upper95) };
    }

    /// <summary>Cells of the coating in the windows that show a reflection.</summary>
    private static List<int> Near(FringeGrid grid, Reflection r, bool[] inside, int size)
    {
        var cells = new HashSet<int>();
        foreach (var w in r.Windows)
        {
            for (var y = w.Y / grid.Cell; y < Math.Min(grid.Height, (w.Y + size) / grid.Cell); y++)
            {
                for (var x = w.X / grid.Cell; x < Math.Min(grid.Width, (w.X + size) / grid.Cell); x++)
                {
                    if (inside[(y * grid.Width) + x]) { cells.Add((y * grid.Width) + x); }
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
