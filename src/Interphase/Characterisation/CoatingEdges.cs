using Interphase.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>
/// The coating between a lattice and vacuum, in strips of 1 nm along the edge. Its outside is that of <see cref="OuterEdge"/>. Its inside is
/// where the core's lattice ends: the image of a reflection that ends at s₀ is, in a lens of linear transfer, two copies of that end moved
/// by ±∇χ/2π; their sum in phase with the lattice further inside steps down by equal halves at s₀ ± ∇χ/2π, whatever the transfer. The midpoint
/// of the in-phase amplitude is therefore s₀ without bias; that of the modulus is not.
/// </summary>
internal sealed class CoatingEdges
{
    private const double Smoothing = 0.3e-9, Strip = 1e-9;

    /// <summary>Strips from which the edges are continued, and by how many at most.</summary>
    private const int Continued = 5;

    private readonly FringeGrid grid;
    private readonly double nx, ny;
    private readonly SortedDictionary<int, (double Inner, double Outer)> strips = [];
    private readonly Dictionary<int, (double Inner, double Outer)> ends = [];

    private CoatingEdges(FringeGrid grid, double nx, double ny) => (this.grid, this.nx, this.ny) = (grid, nx, ny);

    /// <summary>Thickness of each strip along the edge, m.</summary>
    public double[] Thickness => [.. strips.Values.Select(s => Math.Max(0, s.Outer - s.Inner))];

    /// <summary>Standard error of the place common to all outer edges, m.</summary>
    public double CommonError { get; private set; }

    /// <summary>The core's reflections that were used, at their exact frequencies.</summary>
    public IReadOnlyList<Spot> Lattice { get; private init; } = [];

    /// <summary>Direction from the core to vacuum.</summary>
    public (double X, double Y) Normal => (nx, ny);

    /// <summary>Points (m from the top left) on the inner and outer edge of every strip.</summary>
    public IEnumerable<(double InnerX, double InnerY, double OuterX, double OuterY)> Points => strips.Select(p =>
    {
        var t = (p.Key + 0.5) * Strip;
        return ((p.Value.Inner * nx) - (t * ny), (p.Value.Inner * ny) + (t * nx), (p.Value.Outer * nx) - (t * ny), (p.Value.Outer * ny) + (t * nx));
    });

    /// <summary>How far a cell lies outside the lattice and how far inside the outer edge, m; null beyond all strips.</summary>
    public (double Inner, double Outer)? Depths(int x, int y)
    {
        var (t, s) = Place(x, y);
        var strip = (int)Math.Floor(t / Strip);
        return strips.TryGetValue(strip, out var e) || ends.TryGetValue(strip, out e) ? (s - e.Inner, e.Outer - s) : null;
    }

    /// <summary>Whether a cell lies in the coating, so far from the lattice.</summary>
    public bool Inside(int x, int y, double away) => Depths(x, y) is { } d && d.Inner > away && d.Outer > 0;

    /// <summary>For each cell of the coating nearer to the lattice than that, the cell across the coating that is as far from it: the lattice's own fringes reach over the one, not the other.</summary>
    public IEnumerable<int> Beside(double away)
    {
        for (var i = 0; i < grid.Width * grid.Height; i++)
        {
            var (x, y) = (i % grid.Width, i / grid.Width);
            if (!Inside(x, y, 0) || Inside(x, y, away)) { continue; }
            var (t, s) = Place(x, y);
            var strip = (int)Math.Floor(t / Strip);
            var move = ((strips.TryGetValue(strip, out var e) ? e : ends[strip]).Inner + away - s + grid.Length) / grid.Length;
            var (toX, toY) = ((int)Math.Round(x + (move * nx)), (int)Math.Round(y + (move * ny)));
            if (toX >= 0 && toX < grid.Width && toY >= 0 && toY < grid.Height && Inside(toX, toY, away)) { yield return (toY * grid.Width) + toX; }
        }
    }

    /// <summary>
    /// Both edges beyond the first and the last strip, which the border of the image cuts where the edge runs aslant: straight on, as the
    /// strips next to them run, at most by half of what was measured. They are no thickness, but the coating there is seen.
    /// </summary>
    private void Continue()
    {
        int[] found = [.. strips.Keys];
        foreach (var (near, step) in new[] { (found[..Math.Min(Continued, found.Length)], -1), (found[Math.Max(0, found.Length - Continued)..], 1) })
        {
            double[] at = [.. near.Select(k => (double)k)];
            var (inner, outer) = (Fit.Line(at, [.. near.Select(k => strips[k].Inner)]), Fit.Line(at, [.. near.Select(k => strips[k].Outer)]));
            var last = step < 0 ? near[0] : near[^1];
            for (var k = last + step; Math.Abs(k - last) <= Math.Min(Continued, found.Length / 2); k += step) { ends[k] = (inner.A + (inner.B * k), outer.A + (outer.B * k)); }
        }
    }

    /// <summary>Finds the edges; null with the reason where there is no vacuum or no lattice beside it.</summary>
    public static CoatingEdges? Find(FringeGrid grid, IReadOnlyList<Spot> lattice, out string reason)
    {
        var margin = (int)Math.Ceiling(0.5e-9 / grid.Length);
        reason = "the image is too small to hold a coating, its core and vacuum";
        var (across, down) = (grid.Width - (2 * margin), grid.Height - (2 * margin));
        if (across < 1 || down < 1 || across * down < 2000) { return null; }
        var cells = new int[across * down];
        for (var i = 0; i < cells.Length; i++) { cells[i] = ((margin + (i / across)) * grid.Width) + margin + (i % across); }
        var smooth = grid.Smooth(grid.Variance, 0.5e-9);
        var quiet = Ranked(i => smooth[i], cells, 0.02);
        var isVacuum = new bool[smooth.Length];
        var vacuum = cells.Where(i => smooth[i] < 1.5 * quiet).ToArray();
        foreach (var i in vacuum) { isVacuum[i] = true; }
        reason = "no vacuum beside the particle was found";
        if (vacuum.Length < cells.Length / 25 || Ranked(i => smooth[i], cells, 0.8) < 2.5 * quiet || quiet <= 0) { return null; }
        reason = "no lattice of a core was found beside vacuum";
        if (lattice.Count == 0) { return null; }
        var reflections = lattice.Take(2).Select(k => Refined(grid, k, cells)).ToArray();
        var amplitude = new float[smooth.Length];
        foreach (var (re, im, _, _) in reflections)
        {
            var plateau = Plateau(re, im, cells) * reflections.Length;
            Parallel.For(0, grid.Height, y =>
            {
                for (var i = y * grid.Width; i < (y + 1) * grid.Width; i++) { amplitude[i] += MathF.Sqrt((re[i] * re[i]) + (im[i] * im[i])) / plateau; }
            });
        }
        if (cells.Count(i => amplitude[i] > 0.5) < cells.Length / 25) { return null; }
        // The normal: how the lattice's amplitude falls.
        double gx = 0, gy = 0;
        var field = grid.Smooth(amplitude, 0.7e-9);
        foreach (var i in cells)
        {
            if (field[i] is < 0.15f or > 0.7f) { continue; }
            gx -= field[i + 1] - field[i - 1];
            gy -= field[i + grid.Width] - field[i - grid.Width];
        }
        var norm = Math.Sqrt((gx * gx) + (gy * gy));
        if (norm == 0) { return null; }
        var edges = new CoatingEdges(grid, gx / norm, gy / norm) { Lattice = [.. reflections.Select(r => new Spot(r.Kx, r.Ky, 0, 0))] };
        double Middle(IEnumerable<int> some) => some.Average(i => edges.Place(i % grid.Width, i / grid.Width).S);
        if (Middle(vacuum) < Middle(cells.Where(i => amplitude[i] > 0.5))) { return null; }
        var outer = new OuterEdge(grid.Pixel);
        var found = new List<(int Strip, double Inner, double First)>();
        var profiles = Binned(cells, i => edges.Place(i % grid.Width, i / grid.Width).T / Strip).AsParallel().AsOrdered()
            .Select(g => edges.Profile(g.Number, g.Cells, amplitude, isVacuum)).OfType<StripProfile>().ToArray();
        var inners = new double?[profiles.Length];
        Parallel.For(0, profiles.Length, i =>
        {
            // A grain that fringes like the core moves the coarse edge of its strip: the neighbours know better.
            var near = profiles.Skip(Math.Max(0, i - 3)).Take(7).Select(p => p.Coarse).Order().ToArray();
            var coarse = Math.Abs(profiles[i].Coarse - near[near.Length / 2]) > 1.2e-9 ? near[near.Length / 2] : profiles[i].Coarse;
            inners[i] = Inner(profiles[i], coarse, reflections, grid.Smoothing(Smoothing));
        });
        var outsides = new StripPixels[profiles.Length];
        Parallel.For(0, profiles.Length, i => outsides[i] = inners[i] is null ? new(0, 0, [], [], []) : edges.Collect(profiles[i].Cells, profiles[i].Last + 0.3e-9));
        for (var i = 0; i < profiles.Length; i++)
        {
            if (inners[i] is not { } inner) { continue; }
            outer.Add(outsides[i].Count, outsides[i].Sum, outsides[i].Square, outsides[i].Guess);
            found.Add((profiles[i].Strip, inner, outsides[i].First));
        }
        reason = "fewer than three strips of 1 nm reach from the core to vacuum";
        if (found.Count < 3) { return null; }
        reason = "the outer edge fits no common shape";
        if (outer.Fit() is not { } fit) { return null; }
        edges.CommonError = fit.Error * OuterEdge.Step;
        for (var i = 0; i < found.Count; i++) { edges.strips[found[i].Strip] = (found[i].Inner, found[i].First + (fit.Ends[i] * OuterEdge.Step)); }
        edges.Continue();
        reason = "";
        return edges;
    }

    /// <summary>Reflections of an area at their exact frequencies.</summary>
    public static IReadOnlyList<Spot> Exact(FringeGrid grid, IReadOnlyList<Spot> lattice, ImageArea area)
    {
        var cells = (from y in Enumerable.Range(area.Y / grid.Cell, Math.Max(0, Math.Min(grid.Height - 1, (area.Y + area.Height) / grid.Cell) - (area.Y / grid.Cell)))
                     from x in Enumerable.Range(area.X / grid.Cell, Math.Max(0, Math.Min(grid.Width - 1, (area.X + area.Width) / grid.Cell) - (area.X / grid.Cell)))
                     select (y * grid.Width) + x).ToArray();
        return cells.Length == 0 ? lattice : [.. lattice.Select(k => Refined(grid, k, cells)).Select(r => new Spot(r.Kx, r.Ky, 0, 0))];
    }

    /// <summary>A reflection at its exact frequency: the phase must not turn within the core.</summary>
    private static (float[] Re, float[] Im, double Kx, double Ky) Refined(FringeGrid grid, Spot k, int[] cells)
    {
        var (kx, ky) = (k.Kx, k.Ky);
        var (re, im) = grid.Reflection(kx, ky, Smoothing);
        for (var iteration = 0; iteration < 2; iteration++)
        {
            var strong = 0.6 * Plateau(re, im, cells);
            var (dx, dy) = grid.Drift(re, im, cells.Where(i => ((double)re[i] * re[i]) + ((double)im[i] * im[i]) >= strong * strong));
            (kx, ky) = (kx + dx, ky + dy);
            grid.Reflection(kx, ky, Smoothing, Enumerable.Range(0, grid.Tiles), re, im);
        }
        return (re, im, kx, ky);
    }

    private sealed record StripProfile(int Strip, int[] Cells, (double S, int[] Cells)[] Groups, double Coarse, double Last);

    /// <summary>A strip by depth, with where the core's lattice first falls and where vacuum begins, m; null where it does not run from core to vacuum.</summary>
    private StripProfile? Profile(int strip, int[] cells, float[] amplitude, bool[] isVacuum)
    {
        var groups = Binned(cells, i => Place(i % grid.Width, i / grid.Width).S / grid.Length).Where(g => g.Cells.Length >= 4).Select(g => (S: (g.Number + 0.5) * grid.Length, g.Cells)).ToArray();
        var tail = (int)(0.6e-9 / grid.Length);
        if (groups.Length < 6 * tail) { return null; }
        var modulus = groups.Select(g => g.Cells.Average(i => amplitude[i])).ToArray();
        var empty = groups.Select(g => g.Cells.Count(i => isVacuum[i]) > g.Cells.Length / 2).ToArray();
        if (modulus.Take(tail).Average() < 0.4) { return null; }
        var coarse = Array.FindIndex(modulus, tail, a => a < 0.5);
        var (last, length) = LongestRun(empty);
        return coarse < 0 || length < tail || last < coarse - tail ? null : new(strip, cells, groups, groups[coarse].S, groups[Math.Max(0, last)].S);
    }

    /// <summary>The inner edge of one strip, m.</summary>
    private static double? Inner(StripProfile p, double coarse, (float[] Re, float[] Im, double Kx, double Ky)[] reflections, double sigma)
    {
        var core = p.Groups.Where(g => g.S > coarse - 3e-9 && g.S < coarse - 0.8e-9).SelectMany(g => g.Cells).ToArray();
        if (core.Length < 10) { core = [.. p.Groups.Where(g => g.S < coarse - 0.4e-9).SelectMany(g => g.Cells)]; }
        if (core.Length < 10) { return null; }
        var q = new double[p.Groups.Length];
        foreach (var (re, im, _, _) in reflections)
        {
            double cr = core.Average(i => re[i]), ci = core.Average(i => im[i]), square = (cr * cr) + (ci * ci);
            if (square == 0) { return null; }
            for (var g = 0; g < q.Length; g++) { q[g] += p.Groups[g].Cells.Average(i => (re[i] * cr) + (im[i] * ci)) / square / reflections.Length; }
        }
        return Midpoint(p.Groups, q, coarse, sigma);
    }

    /// <summary>The amplitude that a tenth of the cells exceed.</summary>
    private static float Plateau(float[] re, float[] im, int[] cells) => Ranked(i => MathF.Sqrt((re[i] * re[i]) + (im[i] * im[i])), cells, 0.9);

    /// <summary>The value that a share of these cells stay below; a quarter of a million of them tell it.</summary>
    private static float Ranked(Func<int, float> value, int[] cells, double share)
    {
        var step = 1 + (cells.Length >> 18);
        var some = new float[((cells.Length - 1) / step) + 1];
        for (var i = 0; i < some.Length; i++) { some[i] = value(cells[i * step]); }
        return ArrayStatistics.OrderStatisticInplace(some, 1 + (int)(share * some.Length));
    }

    /// <summary>Cells by the whole part of a number, in its order; none empty.</summary>
    private static IEnumerable<(int Number, int[] Cells)> Binned(int[] cells, Func<int, double> number)
    {
        var bin = Array.ConvertAll(cells, i => (int)Math.Floor(number(i)));
        var first = bin.Min();
        var size = new int[bin.Max() - first + 1];
        foreach (var b in bin) { size[b - first]++; }
        var bins = Array.ConvertAll(size, n => new int[n]);
        for (var i = cells.Length - 1; i >= 0; i--) { bins[bin[i] - first][--size[bin[i] - first]] = cells[i]; }
        return bins.Select((c, b) => (b + first, c)).Where(b => b.c.Length > 0);
    }

    /// <summary>The place before the longest run of vacuum, and its length.</summary>
    private static (int Before, int Length) LongestRun(bool[] empty)
    {
        var (before, longest, run) = (0, 0, 0);
        for (var i = 0; i < empty.Length; i++)
        {
            run = empty[i] ? run + 1 : 0;
            if (run > longest) { (before, longest) = (i - run, run); }
        }
        return (before, longest);
    }

    private static double? Midpoint((double S, int[] Cells)[] groups, double[] q, double centre, double sigma)
    {
        var near = Enumerable.Range(0, q.Length).Where(i => groups[i].S > centre - 2.5e-9 && groups[i].S < centre + 1.2e-9).ToArray();
        if (near.Length < 8) { return null; }
        double best = double.PositiveInfinity, inner = double.NaN;
        var (normal, p) = (new double[3, 3], new double[3]);
        var design = new (double Step, double Slope)[near.Length];
        foreach (var width in new[] { 1.0, 1.15, 1.35 })
        {
            for (var s0 = centre - 1e-9; s0 < centre + 1e-9; s0 += 0.02e-9)
            {
                // Linear least squares in level, step and slope of the inside.
                Array.Clear(normal);
                Array.Clear(p);
                for (var i = 0; i < near.Length; i++)
                {
                    var u = (groups[near[i]].S - s0) / (width * sigma);
                    var step = 0.5 * SpecialFunctions.Erfc(u / Math.Sqrt(2));
                    var (slope, y) = (step * u, q[near[i]]);
                    design[i] = (step, slope);
                    normal[0, 0]++; normal[1, 0] += step; normal[1, 1] += step * step;
                    normal[2, 0] += slope; normal[2, 1] += slope * step; normal[2, 2] += slope * slope;
                    p[0] += y; p[1] += y * step; p[2] += y * slope;
                }
                if (!Cholesky.Factor(normal)) { continue; }
                Cholesky.Solve(normal, p);
                double sum = 0;
                for (var i = 0; i < near.Length; i++)
                {
                    var miss = q[near[i]] - p[0] - (p[1] * design[i].Step) - (p[2] * design[i].Slope);
                    sum += miss * miss;
                }
                if (sum < best && p[1] > 0) { (best, inner) = (sum, s0); }
            }
        }
        return double.IsNaN(inner) ? null : inner;
    }

    private sealed record StripPixels(double First, int Guess, double[] Count, double[] Sum, double[] Square);

    /// <summary>Pixels of a strip by steps of depth, for the outer edge.</summary>
    private StripPixels Collect(int[] cells, double guess)
    {
        var first = guess - 5e-9;
        var steps = (int)(10e-9 / OuterEdge.Step);
        var (count, sum, square) = (new double[steps], new double[steps], new double[steps]);
        foreach (var i in cells)
        {
            if (Math.Abs(Place(i % grid.Width, i / grid.Width).S - guess) > 5e-9 + grid.Length) { continue; }
            for (var y = i / grid.Width * grid.Cell; y < ((i / grid.Width) + 1) * grid.Cell; y++)
            {
                for (var x = i % grid.Width * grid.Cell; x < ((i % grid.Width) + 1) * grid.Cell; x++)
                {
                    var b = (int)Math.Floor(((((x + 0.5) * nx) + ((y + 0.5) * ny)) * grid.Pixel - first) / OuterEdge.Step);
                    if (b < 0 || b >= steps) { continue; }
                    double v = grid.Fringe(x, y);
                    count[b]++; sum[b] += v; square[b] += v * v;
                }
            }
        }
        return new(first, (int)((guess - first) / OuterEdge.Step), count, sum, square);
    }

    private (double T, double S) Place(int x, int y) => (grid.Length * (((x + 0.5) * -ny) + ((y + 0.5) * nx)), grid.Length * (((x + 0.5) * nx) + ((y + 0.5) * ny)));
}
