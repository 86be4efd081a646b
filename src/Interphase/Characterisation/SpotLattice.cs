using Interphase.Measurements;
using Interphase.Numerics;
using MathNet.Numerics.LinearRegression;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>A spot of a diffraction pattern from the pattern's centre, pixels, with what it has over its surroundings, and whether its top was cut by a saturated detector.</summary>
internal readonly record struct DiffractionSpot(double X, double Y, double Intensity, bool Clipped = false)
{
    public double Radius => Math.Sqrt((X * X) + (Y * Y));
}

/// <summary>What the places of spots leave open of a lattice: standard errors of both lengths (pixels) and of the angle between them (radians).</summary>
internal readonly record struct LatticeErrors(double A, double B, double Angle);

/// <summary>Spots that lie on one lattice: its two shortest vectors in pixels with their errors, and the indices of each spot in it.</summary>
internal sealed record SpotLattice(double Ax, double Ay, double Bx, double By, LatticeErrors Errors, IReadOnlyList<(DiffractionSpot Spot, int H, int K)> Spots)
{
    // Of spots the strongest are looked at, and of those the innermost as what spans a lattice.
    private const int Most = 80, Spanning = 16;

    // Six spots are three with their opposites; fewer lie on many lattices.
    internal const int Fewest = 6;
    private const double Near = 1.2;

    // Pixels with one highest value side by side that are no chance, and more than a spot has.
    private const int SmallestPlateau = 3, LargestPlateau = 150;

    public double A => Math.Sqrt((Ax * Ax) + (Ay * Ay));

    public double B => Math.Sqrt((Bx * Bx) + (By * By));

    /// <summary>Between the two vectors, radians, at most a right angle.</summary>
    public double Angle => Math.Acos(Math.Min(1, Math.Abs((Ax * Bx) + (Ay * By)) / (A * B)));

    /// <summary>Maxima that stand out of their own circle by six of its robust standard deviations and by a third of its median, the strongest first.</summary>
    public static IReadOnlyList<DiffractionSpot> Find(Micrograph image, double cx, double cy, RadialProfile profile)
    {
        var (width, height) = (image.Width, image.Height);
        var least = image.Pixels.Min();
        var smooth = new float[image.Pixels.Length];
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                float sum = 0;
                for (var k = -1; k <= 1; k++) { sum += image[x - 1, y + k] + image[x, y + k] + image[x + 1, y + k]; }
                smooth[(y * width) + x] = (sum / 9) - least;
            }
        }
        var reach = profile.Radius.Length;
        var rings = Enumerable.Range(0, reach + 1).Select(_ => new List<float>()).ToArray();
        int Ring(int x, int y) => (int)Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy)));
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                if (Ring(x, y) is var r && r < reach) { rings[r].Add(smooth[(y * width) + x]); }
            }
        }
        var level = new (double Median, double Spread)[reach];
        for (var r = 0; r < reach; r++)
        {
            // Neighbouring circles together, for a steady spread.
            float[] near = [.. Enumerable.Range(Math.Max(0, r - 1), 3).Where(k => k < reach).SelectMany(k => rings[k]).Order()];
            if (near.Length == 0) { continue; }
            double median = near[near.Length / 2], lower = near[near.Length / 6];
            level[r] = (median, Math.Max(median - lower, 1e-6));
        }
        var begin = profile.Begins;
        var clipped = Plateaus(image);
        var done = new HashSet<Plateau>();
        var spots = new List<DiffractionSpot>();
        for (var y = 3; y < height - 3; y++)
        {
            for (var x = 3; x < width - 3; x++)
            {
                var r = Ring(x, y);
                if (r < begin || r >= reach) { continue; }
                var v = smooth[(y * width) + x];
                if (v - level[r].Median < Math.Max(6 * level[r].Spread, 0.33 * level[r].Median) || !Highest(x, y, v)) { continue; }
                // A top that was cut has no highest pixel: the whole of it is the spot, if it is no more than one, and what is left around it.
                var (x0, x1, y0, y1) = (-2, 2, -2, 2);
                if (clipped[(y * width) + x] is { } top)
                {
                    if (top.Pixels > LargestPlateau || !done.Add(top)) { continue; }
                    (x0, x1, y0, y1) = (top.Left - x - 2, top.Right - x + 2, top.Top - y - 2, top.Bottom - y + 2);
                }
                double sum = 0, sx = 0, sy = 0;
                for (var dy = Math.Max(y0, -y); dy <= Math.Min(y1, height - 1 - y); dy++)
                {
                    for (var dx = Math.Max(x0, -x); dx <= Math.Min(x1, width - 1 - x); dx++)
                    {
                        var over = Math.Max(0, image[x + dx, y + dy] - least - level[r].Median - (0.1 * (v - level[r].Median)));
                        (sum, sx, sy) = (sum + over, sx + (over * dx), sy + (over * dy));
                    }
                }
                if (sum > 0) { spots.Add(new(x + (sx / sum) - cx, y + (sy / sum) - cy, sum, clipped[(y * width) + x] is not null)); }
            }
        }
        return [.. spots.OrderByDescending(s => s.Intensity).Take(Most)];

        bool Highest(int x, int y, float v)
        {
            for (var dy = -3; dy <= 3; dy++)
            {
                for (var dx = -3; dx <= 3; dx++)
                {
                    var other = smooth[((y + dy) * width) + x + dx];
                    if (other > v || (other == v && (dy < 0 || (dy == 0 && dx < 0)))) { return false; }
                }
            }
            return true;
        }
    }

    /// <summary>Neighbouring pixels that all have the highest value of the image.</summary>
    private sealed record Plateau(int Left, int Right, int Top, int Bottom, int Pixels);

    /// <summary>The plateau each pixel is on; those of fewer pixels than <see cref="SmallestPlateau"/> are chance.</summary>
    private static Plateau?[] Plateaus(Micrograph image)
    {
        var (width, height, most) = (image.Width, image.Height, image.Pixels.Max());
        var (found, seen) = (new Plateau?[image.Pixels.Length], new bool[image.Pixels.Length]);
        for (var start = 0; start < seen.Length; start++)
        {
            if (seen[start] || image.Pixels[start] < most) { continue; }
            var members = new List<int> { start };
            seen[start] = true;
            for (var i = 0; i < members.Count; i++)
            {
                var (x, y) = (members[i] % width, members[i] / width);
                foreach (var (u, v) in new[] { (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1) })
                {
                    if (u < 0 || v < 0 || u >= width || v >= height || seen[(v * width) + u] || image[u, v] < most) { continue; }
                    seen[(v * width) + u] = true;
                    members.Add((v * width) + u);
                }
            }
            if (members.Count < SmallestPlateau) { continue; }
            var top = new Plateau(members.Min(m => m % width), members.Max(m => m % width), members.Min(m => m / width), members.Max(m => m / width), members.Count);
            foreach (var m in members) { found[m] = top; }
        }
        return found;
    }

    /// <summary>Where the middle of opposite spots lies, pixels from where it was taken to be, its error, and the share of spots that have an opposite; null where fewer than three pairs agree.</summary>
    public static (double X, double Y, double Error, double Share)? Middle(IReadOnlyList<DiffractionSpot> spots)
    {
        const double far = 4;
        var pairs = new List<(double X, double Y, double Weight)>();
        for (var i = 0; i < spots.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (x, y) = (spots[i].X + spots[j].X, spots[i].Y + spots[j].Y);
                if ((x * x) + (y * y) < 4 * far * far) { pairs.Add((x / 2, y / 2, 1 / ((1 / spots[i].Intensity) + (1 / spots[j].Intensity)))); }
            }
        }
        if (pairs.Count < 3) { return null; }
        // Of the pairs those that agree with most others: an accident agrees with none.
        var best = pairs.Select(s => pairs.Where(o => Math.Pow(o.X - s.X, 2) + Math.Pow(o.Y - s.Y, 2) < 0.25).ToArray()).MaxBy(near => near.Length)!;
        var (mx, my) = (0.0, 0.0);
        for (var round = 0; round < 5; round++)
        {
            (mx, my) = (best.Select(s => s.X).Median(), best.Select(s => s.Y).Median());
            var reach = Math.Clamp(3 * 1.4826 * best.Select(s => Math.Sqrt((Math.Pow(s.X - mx, 2) + Math.Pow(s.Y - my, 2)) / 2)).Median(), 0.05, 0.5);
            best = [.. pairs.Where(s => Math.Pow(s.X - mx, 2) + Math.Pow(s.Y - my, 2) < 2 * reach * reach)];
        }
        if (best.Length < 3) { return null; }
        // The places of strong spots are not better than their pixels allow.
        var most = 4 * best.Select(s => s.Weight).Median();
        best = [.. best.Select(s => s with { Weight = Math.Min(most, s.Weight) })];
        var sum = best.Sum(s => s.Weight);
        (mx, my) = (best.Sum(s => s.Weight * s.X) / sum, best.Sum(s => s.Weight * s.Y) / sum);
        var square = best.Sum(s => Math.Pow(s.Weight / sum, 2) / Math.Pow(1 - (s.Weight / sum), 2) * (Math.Pow(s.X - mx, 2) + Math.Pow(s.Y - my, 2))) / 2;
        var freedom = 2 * ((sum * sum / best.Sum(s => s.Weight * s.Weight)) - 1);
        return (mx, my, Math.Sqrt(square) * StudentsT.Widening(freedom), 2.0 * best.Length / spots.Count);
    }

    /// <summary>The lattices of the spots, the one with most spots first; at most two.</summary>
    public static IReadOnlyList<SpotLattice> Of(IReadOnlyList<DiffractionSpot> spots)
    {
        var found = new List<SpotLattice>();
        var left = spots.ToList();
        while (found.Count < 2 && left.Count >= Fewest && Best(left) is { } lattice)
        {
            found.Add(lattice);
            left.RemoveAll(s => lattice.Spots.Any(o => o.Spot == s));
        }
        return found;
    }

    private static SpotLattice? Best(List<DiffractionSpot> spots)
    {
        var spanning = spots.OrderBy(s => s.Radius).Take(Spanning).ToArray();
        (double Worth, double[] Basis)? best = null;
        for (var i = 0; i < spanning.Length; i++)
        {
            for (var j = i + 1; j < spanning.Length; j++)
            {
                double[] basis = [spanning[i].X, spanning[i].Y, spanning[j].X, spanning[j].Y];
                var area = Math.Abs((basis[0] * basis[3]) - (basis[1] * basis[2]));
                if (area < 0.3 * spanning[i].Radius * spanning[j].Radius) { continue; }
                // From the inside outwards, the vectors becoming exact on the way.
                foreach (var far in new[] { 2.2, 4, 100 })
                {
                    if (Refined(spots, basis, far * Math.Max(spanning[i].Radius, spanning[j].Radius)) is not { } better) { break; }
                    basis = better.Basis;
                }
                area = Math.Abs((basis[0] * basis[3]) - (basis[1] * basis[2]));
                // Points of a fine lattice are never far: what it holds by chance is no merit.
                var chance = Math.Min(1, Math.PI * Near * Near / area);
                var on = spots.Count(s => Indexed(s, basis) is not null);
                if (on < Fewest || chance > 0.25 || on < (2.5 * chance * spots.Count)) { continue; }
                if (best is null || on - (chance * spots.Count) > best.Value.Worth + 0.5) { best = (on - (chance * spots.Count), basis); }
            }
        }
        if (best is null || Refined(spots, Reduced(Coarser(spots, best.Value.Basis)), double.PositiveInfinity) is not { } fit) { return null; }
        var b = fit.Basis;
        (DiffractionSpot Spot, int H, int K)[] members = [.. spots.Select(s => (s, Indexed(s, b))).Where(p => p.Item2 is not null).Select(p => (p.s, p.Item2!.Value.H, p.Item2.Value.K))];
        return members.Length < Fewest || members.All(m => m.H == 0) || members.All(m => m.K == 0) ? null : new(b[0], b[1], b[2], b[3], Left(fit.Rows, b, fit.Square), members);
    }

    /// <summary>Least squares of offset and both vectors over the spots that lie on the lattice so far out.</summary>
    private static (double[] Basis, double[][] Rows, double Square)? Refined(List<DiffractionSpot> spots, double[] basis, double far)
    {
        var on = spots.Where(s => s.Radius <= far).Select(s => (s, At: Indexed(s, basis))).Where(p => p.At is not null).ToArray();
        if (on.Length < 4) { return null; }
        double[][] rows = [.. on.Select(p => new double[] { 1, p.At!.Value.H, p.At.Value.K })];
        try
        {
            var (x, y) = (MultipleRegression.QR(rows, [.. on.Select(p => p.s.X)]), MultipleRegression.QR(rows, [.. on.Select(p => p.s.Y)]));
            var square = on.Zip(rows, (p, r) => Math.Pow(p.s.X - x[0] - (r[1] * x[1]) - (r[2] * x[2]), 2) + Math.Pow(p.s.Y - y[0] - (r[1] * y[1]) - (r[2] * y[2]), 2)).Sum();
            double[] better = [x[1], y[1], x[2], y[2]];
            return better.All(double.IsFinite) ? (better, rows, square) : null;
        }
        catch (ArgumentException) { return null; }
    }

    /// <summary>From what the spots are off their points, with Student's t for few of them in it.</summary>
    private static LatticeErrors Left(double[][] rows, double[] b, double square)
    {
        var freedom = Math.Max(1, (2 * rows.Length) - 6);
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowArrays(rows);
        var inverse = matrix.TransposeThisAndMultiply(matrix).Inverse();
        double a = Math.Sqrt((b[0] * b[0]) + (b[1] * b[1])), c = Math.Sqrt((b[2] * b[2]) + (b[3] * b[3]));
        var spot = Math.Sqrt(square / freedom) * StudentsT.Widening(freedom);
        // Both turn: what the two have in common across themselves leaves the angle.
        var turn = (inverse[1, 1] / (a * a)) + (inverse[2, 2] / (c * c)) - (2 * inverse[1, 2] * ((b[0] * b[2]) + (b[1] * b[3])) / (a * a * c * c));
        return new(spot * Math.Sqrt(inverse[1, 1]), spot * Math.Sqrt(inverse[2, 2]), spot * Math.Sqrt(turn));
    }

    /// <summary>The lattice point a spot lies at; null where it lies at none.</summary>
    private static (int H, int K)? Indexed(DiffractionSpot s, double[] b)
    {
        var area = (b[0] * b[3]) - (b[1] * b[2]);
        if (Math.Abs(area) < 1e-9) { return null; }
        var (h, k) = (Math.Round(((s.X * b[3]) - (s.Y * b[2])) / area), Math.Round(((s.Y * b[0]) - (s.X * b[1])) / area));
        var (dx, dy) = (s.X - (h * b[0]) - (k * b[2]), s.Y - (h * b[1]) - (k * b[3]));
        return (h, k) != (0, 0) && Math.Abs(h) < 100 && Math.Abs(k) < 100 && (dx * dx) + (dy * dy) < Near * Near ? ((int)h, (int)k) : null;
    }

    /// <summary>The lattice without points between its own that hold but accidents: a second or third of its points where those have four fifths of its spots.</summary>
    private static double[] Coarser(List<DiffractionSpot> spots, double[] basis)
    {
        const double most = 0.8;
        var b = Reduced(basis);
        (int H, int K)[] on = [.. spots.Select(s => Indexed(s, b)).OfType<(int H, int K)>()];
        foreach (var (n, u, v) in new[] { (2, 1, 0), (2, 0, 1), (2, 1, 1), (3, 1, 0), (3, 0, 1), (3, 1, 1), (3, 1, 2) })
        {
            if (on.Count(p => ((u * p.H) + (v * p.K)) % n == 0) < most * on.Length) { continue; }
            // Where u·h + v·k is a multiple of n: n times one vector, and the other with so many of the one as make it so.
            var (k, one) = u == 0 ? (0, false) : ((n - v) % n, true);
            return Coarser(spots, one ? [n * b[0], n * b[1], b[2] + (k * b[0]), b[3] + (k * b[1])] : [b[0], b[1], n * b[2], n * b[3]]);
        }
        return b;
    }

    /// <summary>The two shortest vectors of the lattice (Gauss), at an angle from 60° to 90°.</summary>
    private static double[] Reduced(double[] b)
    {
        var (ax, ay, bx, by) = (b[0], b[1], b[2], b[3]);
        for (var round = 0; round < 50; round++)
        {
            if ((ax * ax) + (ay * ay) > (bx * bx) + (by * by)) { (ax, ay, bx, by) = (bx, by, ax, ay); }
            var n = Math.Round(((ax * bx) + (ay * by)) / ((ax * ax) + (ay * ay)));
            if (n == 0) { break; }
            (bx, by) = (bx - (n * ax), by - (n * ay));
        }
        return (ax * bx) + (ay * by) < 0 ? [ax, ay, -bx, -by] : [ax, ay, bx, by];
    }
}
