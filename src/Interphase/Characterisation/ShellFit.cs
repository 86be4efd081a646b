using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>The shell around a single particle seen in projection.</summary>
/// <param name="CoreRadius">m; that of a circle of the same area where the particle is not round.</param>
/// <param name="Thickness">m.</param>
/// <param name="Uncovered">Arcs of the rim without shell: from and to in degrees, anticlockwise from the right.</param>
public sealed record Shell(Estimate CoreRadius, Estimate Thickness, IReadOnlyList<(double From, double To)> Uncovered)
{
    private const int Sectors = 72;
    private const int Arcs = 12;

    /// <summary>What corners and edges that run out at a slant were seen to do to a thickness, of a coating and of a layer on it, pixels.</summary>
    private const double Corners = 0.14, CornersOutside = 0.10;

    /// <summary>Particles made photon by photon in transmission miss the fit by 0.4 to 1.4 times what counting does, flat ones as in a scanning microscope by 23 times.</summary>
    private const double Opaque = 6;

    /// <summary>True where the outline is a circle.</summary>
    public bool IsRound { get; init; }

    /// <summary>The thickness without each arc of the rim in turn, m.</summary>
    private double[] LeftOut { get; init; } = [];

    private Outline? Outline { get; init; }

    /// <summary>
    /// Mean counts by the distance from the outline, those of particle and layer fitted together: with the depth x under its edge the
    /// particle is (x(2ρ − x))^q thick, ρ the radius and q = ½ for a sphere (both fitted for other shapes, from an upright wall q = 0 to a
    /// roof q = 1); the layer's surface is the same a thickness further out. Both are blurred by one probe, on flat backgrounds; the layer's
    /// line also sees the particle (continuum and overlapping lines), and, where they are given, a share of the counts of overlapping
    /// elements. A layer that lies on another begins where <paramref name="under"/> ends.
    /// </summary>
    internal static Shell? Fit(int width, int height, IReadOnlyList<ElementMap> particle, IReadOnlyList<ElementMap> layer, double pixel, out string? reason, IReadOnlyList<ElementMap>? overlapping = null, Shell? under = null)
    {
        reason = null;
        int[] Total(IReadOnlyList<ElementMap> maps) => [.. Enumerable.Range(0, width * height).Select(i => maps.Sum(m => m.Counts[i]))];
        if ((under?.Outline ?? Outline.Of(width, height, particle, out reason)) is not { } outline) { return null; }
        if (outline.Depth < 5) { reason = "the particle is less than ten pixels across"; return null; }
        var coat = Total(layer);
        var all = Rings.Of(width, height, outline, Total(particle), coat, overlapping is null ? null : Total(overlapping));
        var model = new Model(outline, (under?.Thickness.Value ?? 0) / pixel, overlapping is not null);
        LeastSquaresFit? best = null;
        foreach (var t in new[] { 1.0, 3, 8, 20 })
        {
            var fit = model.Fit(all, model.Start(all, t));
            if (best is null || fit.SumOfSquares < best.SumOfSquares) { best = fit; }
        }
        // Arcs of the rim left out in turn (Tukey's jackknife): what the particle's shape and an uneven layer do is in the error.
        var scale = Math.Max(1, best!.SumOfSquares / (all.Residuals - model.Free));
        var left = Enumerable.Range(0, Arcs).Select(a => (under is null ? model : model with { Lies = under.LeftOut[a] / pixel }).Fit(all.Without(a), best.Parameters, 5).Parameters).ToArray();
        Estimate Of(int k)
        {
            var jackknife = Jackknife.StandardError([.. left.Select(p => p[k])]);
            return Estimate.Of(best.Parameters[k] * pixel, Math.Sqrt(Math.Pow(Math.Max(jackknife, best.StandardError(q => q[k], scale)), 2) + (outline.IsRound ? 0 : Math.Pow(under is null ? Corners : CornersOutside, 2))) * pixel);
        }

        if (model.Misfit(all, best.Parameters) > Opaque)
        {
            reason = "the particle's counts do not thin out towards its rim as those of a body seen through: a thickness needs a map in transmission";
            return null;
        }
        var thickness = Of(Model.Thickness);
        if (!(thickness.StandardError > 0) || thickness.Value < 2 * thickness.StandardError || best.Parameters[Model.Thickness] < 2 * Model.Thinnest)
        {
            reason = "the layer does not stand out from the particle's rim";
            return null;
        }
        var edge = Of(Model.Edge);
        return new(Estimate.Of((outline.Radius * pixel) + edge.Value, edge.StandardError), thickness, Open(coat, outline, best.Parameters[Model.Edge], best.Parameters[Model.Thickness], best.Parameters[Model.Blur])) { IsRound = outline.IsRound, Outline = outline, LeftOut = [.. left.Select(p => p[Model.Thickness] * pixel)] };
    }

    /// <summary>Counts by distance from the outline, one ring a pixel, for each arc of the rim.</summary>
    private sealed record Rings(double[,] Pixels, double[,] Distance, double[,] Core, double[,] Coat, double[,] Leak, int Left)
    {
        public int Count => Pixels.GetLength(0);

        public int Residuals => 2 * Enumerable.Range(0, Count).Count(i => Sum(Pixels, i) > 0);

        public static Rings Of(int width, int height, Outline outline, int[] core, int[] coat, int[]? leak)
        {
            // Depths are those of the edge as far as the other side of the particle does not matter.
            var deepest = outline.IsRound ? -outline.Depth : -0.6 * outline.Depth;
            var furthest = double.PositiveInfinity;
            for (var i = 0; i < core.Length; i++)
            {
                if (i % width == 0 || i % width == width - 1 || i / width == 0 || i / width == height - 1) { furthest = Math.Min(furthest, outline.Distance[i]); }
            }
            // Beyond the nearest border, rings are cut but still even; the corners hold nothing new.
            furthest = Math.Max(furthest, 0.25 * Math.Min(width, height));
            var count = (int)Math.Ceiling(furthest - deepest);
            var r = new Rings(new double[count, Arcs], new double[count, Arcs], new double[count, Arcs], new double[count, Arcs], new double[count, Arcs], -1);
            for (var i = 0; i < core.Length; i++)
            {
                var ring = (int)Math.Floor(outline.Distance[i] - deepest);
                if (ring < 0 || ring >= count) { continue; }
                var arc = Math.Min(Arcs - 1, (int)(outline.Arc[i] * Arcs));
                r.Pixels[ring, arc]++;
                r.Distance[ring, arc] += outline.Distance[i];
                r.Core[ring, arc] += core[i];
                r.Coat[ring, arc] += coat[i];
                r.Leak[ring, arc] += leak?[i] ?? 0;
            }
            return r;
        }

        public Rings Without(int arc) => this with { Left = arc };

        public double Sum(double[,] values, int ring)
        {
            var sum = 0.0;
            for (var a = 0; a < Arcs; a++)
            {
                if (a != Left) { sum += values[ring, a]; }
            }
            return sum;
        }
    }

    private sealed record Model(Outline Outline, double Lies, bool Leaks)
    {
        public const int Edge = 0, Thickness = 1, Blur = 2;
        private const int Radius = 9, Shape = 10;

        /// <summary>Pixels; what ends there has not been found.</summary>
        public const double Thinnest = 0.05;

        public int Free => (Leaks ? 9 : 8) + (Outline.IsRound ? 0 : 2);

        public double[] Start(Rings rings, double t)
        {
            var level = rings.Sum(rings.Core, 0) / Math.Max(1, rings.Sum(rings.Pixels, 0)) / Outline.Depth;
            return [0.5, t, 0.8, 0.01, level, 0.01, 0.01 * level, level, 0, Outline.Depth, 0.5];
        }

        public LeastSquaresFit Fit(Rings rings, double[] start, int iterations = 100)
        {
            var used = Enumerable.Range(0, rings.Count).Where(i => rings.Sum(rings.Pixels, i) > 0).ToArray();
            double[] Sums(double[,] v) => [.. used.Select(i => rings.Sum(v, i))];
            var (n, a, b, under) = (Sums(rings.Pixels), Sums(rings.Core), Sums(rings.Coat), Sums(rings.Leak));
            var at = Sums(rings.Distance).Zip(n, (d, k) => d / k).ToArray();
            var most = Math.Max(1, a.Zip(n, (c, k) => c / k).Max() + b.Zip(n, (c, k) => c / k).Max());
            double[] lowest = [-6, Thinnest, 0.3, 0, 0, 0, 0, 0, 0, (Outline.IsRound ? 1 : 0.4) * Outline.Depth, Outline.IsRound ? 0.5 : 0.02], highest =
                [6, Math.Max(8, 0.7 * rings.Count), 5, most, 10 * most, most, most, 100 * most, Leaks ? 2 : 0, (Outline.IsRound ? 1 : 5) * Outline.Depth, Outline.IsRound ? 0.5 : 1.2];
            return LevenbergMarquardt.Minimise(Residuals, 2 * used.Length, start, lowest, highest, iterations, 1e-8);

            void Residuals(ReadOnlySpan<double> p, Span<double> r)
            {
                var radius = Outline.IsRound ? Outline.Radius + p[Edge] : p[Radius];
                for (var j = 0; j < used.Length; j++)
                {
                    // A probe also smears along the rim, which lies further out there.
                    var along = radius + at[j] - p[Edge];
                    var place = (Outline.IsRound ? Math.Sqrt(Math.Max(0, along * along) + (p[Blur] * p[Blur])) : along) - radius;
                    var inner = Chord(place, radius, p[Blur], p[Shape]);
                    var foot = Lies > 0 ? Chord(place - Lies, radius + Lies, p[Blur], p[Shape]) : inner;
                    var outer = Chord(place - Lies - p[Thickness], radius + Lies + p[Thickness], p[Blur], p[Shape]);
                    var modelA = n[j] * (p[3] + (p[4] * inner));
                    var modelB = (n[j] * (p[5] + (p[6] * inner) + (p[7] * (outer - foot)))) + (p[8] * under[j]);
                    r[j] = Deviance(a[j], modelA);
                    r[used.Length + j] = Deviance(b[j], modelB) * Math.Sqrt(Math.Max(modelB, 1) / (Math.Max(modelB, 1) + (p[8] * p[8] * under[j])));
                }
            }
        }

        /// <summary>Mean square by which the particle's own counts miss the thickness of a body seen through, in parts of what counting makes of them and 5 %.</summary>
        public double Misfit(Rings rings, double[] p)
        {
            double sum = 0, n = 0;
            for (var i = 0; i < rings.Count; i++)
            {
                var (pixels, counts) = (rings.Sum(rings.Pixels, i), rings.Sum(rings.Core, i));
                if (pixels == 0) { continue; }
                var radius = Outline.IsRound ? Outline.Radius + p[Edge] : p[Radius];
                var expected = pixels * (p[3] + (p[4] * Chord((rings.Sum(rings.Distance, i) / pixels) - p[Edge], radius, p[Blur], p[Shape])));
                sum += Math.Pow(counts - expected, 2) / (Math.Max(expected, 1) + Math.Pow(0.05 * counts, 2));
                n++;
            }
            return sum / Math.Max(1, n - 5);
        }

        /// <summary>Poisson's likelihood as a square, so that few counts do not bias the sum.</summary>
        private static double Deviance(double counts, double model)
        {
            model = Math.Max(model, 1e-9);
            return Math.Sign(model - counts) * Math.Sqrt(Math.Max(0, 2 * (model - counts + (counts > 0 ? counts * Math.Log(counts / model) : 0))));
        }

        /// <summary>
        /// ∫ g(u) (x(2ρ − x))^q du at the distance d from the edge, x = u − d the depth, over five σ of the probe. With x = s² the root at
        /// the edge is smooth, so that few points do, and the integral is a smooth function of where the edge lies.
        /// </summary>
        private static double Chord(double d, double radius, double blur, double shape)
        {
            double low = -d - (4.5 * blur), high = -d + (4.5 * blur);
            if (high <= 0) { return 0; }
            if (low > 0 && blur < 0.02 * low) { return Thick(-d); }
            var (from, to) = (Math.Sqrt(Math.Max(0, low)), Math.Sqrt(high));
            double sum = 0, weight = 0;
            foreach (var (z, w) in low > 0 ? Few : Nodes)
            {
                var s = from + (0.5 * (to - from) * (1 + z));
                var x = s * s;
                var g = w * s * Math.Exp(-0.5 * (x + d) * (x + d) / (blur * blur));
                sum += g * Thick(x);
                weight += g;
            }
            // Where the whole probe is inside, the points' own sum of the Gaussian is its norm; else that is √(2π) σ.
            return low > 0 ? sum / weight : sum * (to - from) / (blur * Math.Sqrt(2 * Math.PI));

            double Thick(double x)
            {
                var square = x < radius ? x * ((2 * radius) - x) : radius * radius;
                return shape == 0.5 ? Math.Sqrt(square) : Math.Pow(square, shape);
            }
        }

        /// <summary>Gauss–Legendre.</summary>
        private static readonly (double Z, double Weight)[] Nodes = Legendre(12), Few = Legendre(8);

        private static (double, double)[] Legendre(int order)
        {
            var rule = new MathNet.Numerics.Integration.GaussLegendreRule(-1, 1, order);
            return [.. Enumerable.Range(0, order).Select(i => (rule.GetAbscissa(i), rule.GetWeight(i)))];
        }
    }

    /// <summary>Sectors of the rim with less than half the median and less than it by three standard deviations, joined; the ends by their share of counts.</summary>
    private static List<(double From, double To)> Open(int[] coat, Outline outline, double edge, double thickness, double blur)
    {
        var (counts, pixels) = (new double[Sectors], new double[Sectors]);
        for (var i = 0; i < coat.Length; i++)
        {
            var r = outline.Distance[i] - edge;
            if (r < -1.5 - blur || r > thickness + blur) { continue; }
            var s = Math.Min(Sectors - 1, (int)(outline.Arc[i] * Sectors));
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
