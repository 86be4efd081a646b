using Interphase.Measurements;
using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>How far the probe spreads what it maps: the standard deviation of a Gaussian, from the particles' own outlines.</summary>
internal static class ProbeBlur
{
    private const double Smoothed = 1.5, Reach = 7;

    /// <summary>A wider edge than this, pixels, may be the particle's shape as well.</summary>
    public const double Widest = 2;

    /// <summary>Pixels along the outline that are needed.</summary>
    private const int Least = 100;

    /// <summary>
    /// Mean counts by the distance from the outline, an error function between two straight lines, of which the standard deviation is that of
    /// the probe (with the pixel's own width), once that by which counting shakes the outline is taken out. A particle that runs out at a
    /// slant has a wider edge, so the probe is at most this. NaN where there is too little outline.
    /// </summary>
    public static double Of(int width, int height, IReadOnlyList<ElementMap> particle, int[] labels)
    {
        var counts = new double[width * height];
        foreach (var map in particle)
        {
            for (var i = 0; i < counts.Length; i++) { counts[i] += map.Counts[i]; }
        }
        var smooth = ParticleMask.Gauss(counts, width, height, Smoothed);
        double Level(bool inside) => Enumerable.Range(0, counts.Length).Where(i => labels[i] > 0 == inside).Select(i => smooth[i]).DefaultIfEmpty(0).Order().ToArray() is var v ? v[v.Length / 2] : 0;
        var (high, low) = (Level(true), Level(false));
        var level = 0.5 * (high + low);
        var distance = Outline.Distances(smooth, level, width, height, Reach);
        var (n, sum, at) = (new double[(int)(4 * Reach) + 1], new double[(int)(4 * Reach) + 1], new double[(int)(4 * Reach) + 1]);
        for (var i = 0; i < counts.Length; i++)
        {
            if (!(Math.Abs(distance[i]) < Reach)) { continue; }
            var k = (int)Math.Round(2 * (distance[i] + Reach));
            n[k]++; sum[k] += counts[i]; at[k] += distance[i];
        }
        var used = Enumerable.Range(0, n.Length).Where(k => n[k] > 10).ToArray();
        if (n.Sum() < 2 * Reach * Least || used.Length < 2 * Reach) { return double.NaN; }
        var fit = LevenbergMarquardt.Minimise((p, r) =>
        {
            for (var j = 0; j < used.Length; j++)
            {
                var k = used[j];
                var d = (at[k] / n[k]) - p[0];
                var share = MathNet.Numerics.Distributions.Normal.CDF(0, 1, -d / p[1]);
                var expected = (share * (p[2] - (p[3] * Math.Min(d, 0)))) + ((1 - share) * (p[4] - (p[5] * Math.Max(d, 0))));
                r[j] = ((sum[k] / n[k]) - expected) / Math.Sqrt(Math.Max(sum[k], 1) / (n[k] * n[k]));
            }
        }, used.Length, [0, 0.8, high, 0, low, 0], [-2, 0.05, 0, -high, 0, -high], [2, Reach / 2, 3 * high, high, high, high]).Parameters;
        var slope = (fit[2] - fit[4]) / Math.Sqrt(2 * Math.PI * ((Smoothed * Smoothed) + (fit[1] * fit[1])));
        var shaken = 0.5 * (fit[2] + fit[4]) / (4 * Math.PI * Smoothed * Smoothed) / (slope * slope);
        return Math.Sqrt(Math.Max(0, (fit[1] * fit[1]) - shaken));
    }
}
