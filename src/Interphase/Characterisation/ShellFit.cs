using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>The shell around a single, round particle seen in projection.</summary>
/// <param name="CoreRadius">m.</param>
/// <param name="Thickness">m.</param>
/// <param name="Uncovered">Arcs of the rim without shell: from and to in degrees, anticlockwise from the right.</param>
public sealed record Shell(Estimate CoreRadius, Estimate Thickness, IReadOnlyList<(double From, double To)> Uncovered)
{
    private const int Sectors = 72;

    /// <summary>
    /// Radial means of the particle's and the layer's counts fitted together: chord of the core √(R² − r²), chord of the
    /// shell √((R + t)² − r²) − √(R² − r²), each blurred by one probe, on flat backgrounds; the layer's line also sees the core
    /// (continuum and overlapping lines), and, where they are given, a share of the counts of overlapping elements. A layer
    /// that lies on another begins <paramref name="within"/> (m) outside the core.
    /// </summary>
    internal static Shell? Fit(int width, int height, IReadOnlyList<ElementMap> particle, IReadOnlyList<ElementMap> layer, double pixel, out string? reason, IReadOnlyList<ElementMap>? overlapping = null, double within = 0)
    {
        double sum = 0, sx = 0, sy = 0;
        int[] Total(IReadOnlyList<ElementMap> maps) => [.. Enumerable.Range(0, width * height).Select(i => maps.Sum(m => m.Counts[i]))];
        var (core, coat, leak) = (Total(particle), Total(layer), overlapping is null ? null : Total(overlapping));
        for (var i = 0; i < core.Length; i++) { sum += core[i]; sx += core[i] * (double)(i % width); sy += core[i] * (double)(i / width); }
        if (sum < 200) { reason = "the particle's element has fewer than 200 counts"; return null; }
        var (cx, cy) = (sx / sum, sy / sum);
        // Counts scattered outside pull the centroid to the middle of the image; twice inside the particle puts it right.
        var reach = 0.5 * Math.Min(width, height);
        for (var pass = 0; pass < 6; pass++)
        {
            (sum, sx, sy) = (0, 0, 0);
            for (var i = 0; i < core.Length; i++)
            {
                var (x, y) = (i % width, i / width);
                if (((x - cx) * (x - cx)) + ((y - cy) * (y - cy)) > reach * reach) { continue; }
                sum += core[i]; sx += core[i] * (double)x; sy += core[i] * (double)y;
            }
            (cx, cy) = (sx / sum, sy / sum);
        }
        var bins = (int)Math.Min(Math.Min(cx, width - 1 - cx), Math.Min(cy, height - 1 - cy));
        if (bins < 12) { reason = "the particle is cut by the edge of the map"; return null; }
        var (n, a, b, radius, under) = (new double[bins], new double[bins], new double[bins], new double[bins], new double[bins]);
        for (var i = 0; i < core.Length; i++)
        {
            var r = Math.Sqrt(Math.Pow((i % width) - cx, 2) + Math.Pow((i / width) - cy, 2));
            if ((int)r >= bins) { continue; }
            n[(int)r]++; a[(int)r] += core[i]; b[(int)r] += coat[i]; radius[(int)r] += r; under[(int)r] += leak?[i] ?? 0;
        }
        var lies = within / pixel;
        var used = Enumerable.Range(0, bins).Where(i => n[i] > 0).ToArray();
        void Model(ReadOnlySpan<double> p, Span<double> r)
        {
            for (var j = 0; j < used.Length; j++)
            {
                var i = used[j];
                var at = radius[i] / n[i];
                double inner = 0, foot = 0, outer = 0, weight = 0;
                // The probe's Gaussian by nine points over ±2.4 σ, with the half pixel that binning adds.
                for (var k = -8; k <= 8; k++)
                {
                    var u = at + (0.3 * k * p[2]);
                    var w = Math.Exp(-0.5 * 0.09 * k * k);
                    inner += w * Math.Sqrt(Math.Max((p[0] * p[0]) - (u * u), 0));
                    foot += w * Math.Sqrt(Math.Max(((p[0] + lies) * (p[0] + lies)) - (u * u), 0));
                    outer += w * Math.Sqrt(Math.Max(((p[0] + lies + p[1]) * (p[0] + lies + p[1])) - (u * u), 0));
                    weight += w;
                }
                (inner, foot, outer) = (inner / weight, foot / weight, outer / weight);
                var modelA = n[i] * (p[3] + (p[4] * inner));
                var modelB = n[i] * (p[5] + (p[6] * inner) + (p[7] * (outer - foot))) + (p[8] * under[i]);
                r[j] = (modelA - a[i]) / Math.Sqrt(Math.Max(a[i], 1));
                r[used.Length + j] = (modelB - b[i]) / Math.Sqrt(Math.Max(b[i], 1) + (p[8] * p[8] * under[i]));
            }
        }

        var half = a.Select((v, i) => v / Math.Max(n[i], 1)).ToArray();
        var level = half[..Math.Max(3, bins / 8)].Average();
        var start = Array.FindIndex(half, v => v < 0.4 * level);
        if (start < 5) { reason = "no round particle stands in the map"; return null; }
        LeastSquaresFit? best = null;
        foreach (var t in new[] { 1.0, 3, 8, 20 })
        {
            var fit = LevenbergMarquardt.Minimise(Model, 2 * used.Length, [start, t, 0.7, 0.01, level / start, 0.01, 0.01 * level / start, level / start, 0],
                [3, 0.05, 0.3, 0, 0, 0, 0, 0, 0], [bins, bins / 2.0, 4, 10 * level, 100 * level, 10 * level, 10 * level, 1000 * level + 10, leak is null ? 0 : 2], 200, 1e-9);
            if (best is null || fit.SumOfSquares < best.SumOfSquares) { best = fit; }
        }
        var scale = Math.Max(1, best!.SumOfSquares / ((2 * used.Length) - (leak is null ? 8 : 9)));
        var parameters = best.Parameters;
        Estimate Of(int k) => Estimate.Of(parameters[k] * pixel, best.StandardError(q => q[k], scale) * pixel);
        var thickness = Of(1);
        if (!(thickness.StandardError > 0) || thickness.Value < 2 * thickness.StandardError)
        {
            reason = "the layer does not stand out from the particle's rim";
            return null;
        }
        reason = null;
        return new(Of(0), thickness, Arcs(coat, width, cx, cy, parameters[0], parameters[1], parameters[2]));
    }

    /// <summary>Sectors of the rim with less than half the median and less than it by three standard deviations, joined; the ends by their share of counts.</summary>
    private static List<(double From, double To)> Arcs(int[] coat, int width, double cx, double cy, double radius, double thickness, double blur)
    {
        var (counts, pixels) = (new double[Sectors], new double[Sectors]);
        for (var i = 0; i < coat.Length; i++)
        {
            var (x, y) = ((i % width) - cx, cy - (i / width));
            var r = Math.Sqrt((x * x) + (y * y));
            if (r < radius - 1.5 - blur || r > radius + thickness + blur) { continue; }
            var s = (int)(((Math.Atan2(y, x) / (2 * Math.PI)) + 1) % 1 * Sectors) % Sectors;
            counts[s] += coat[i];
            pixels[s]++;
        }
        var density = counts.Zip(pixels, (c, p) => p > 0 ? c / p : double.NaN).ToArray();
        var median = density.Where(d => !double.IsNaN(d)).Order().ElementAt(density.Count(d => !double.IsNaN(d)) / 2);
        // Neighbours are averaged, so that one sector's luck neither makes nor breaks an arc.
        double Mean(int s, int reach) => Enumerable.Range(s - reach, (2 * reach) + 1).Average(k => density[((k % Sectors) + Sectors) % Sectors]);
        var open = Enumerable.Range(0, Sectors).Select(s => Mean(s, 1) < 0.5 * median && Mean(s, 1) < median - (3 * Math.Sqrt(median / (3 * Math.Max(pixels[s], 1))))).ToArray();
        var arcs = new List<(double From, double To)>();
        if (open.All(o => o)) { return [(0, 360)]; }
        for (var s = 0; s < Sectors; s++)
        {
            if (!open[s] || open[(s + Sectors - 1) % Sectors]) { continue; }
            var length = 0;
            while (open[(s + length) % Sectors]) { length++; }
            // What is missing in and beside the arc is its width.
            var floor = Enumerable.Range(s, length).Min(k => density[k % Sectors]);
            var missing = Enumerable.Range(s - 2, length + 4).Sum(k => Math.Clamp((median - density[((k % Sectors) + Sectors) % Sectors]) / Math.Max(median - floor, 1e-9), 0, 1));
            var (centre, span) = (360.0 / Sectors * (s + (0.5 * length)), 360.0 / Sectors * missing);
            if (length >= 2) { arcs.Add((centre - (span / 2), centre + (span / 2))); }
        }
        return arcs;
    }
}
