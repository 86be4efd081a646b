using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>
/// The outline of a single particle in projection: how far each pixel lies from it, and the arc of it that is nearest. A layer of one
/// thickness around a body, seen in projection, ends just that thickness outside the body's own outline, whatever its shape.
/// </summary>
/// <param name="Distance">Distance of each pixel from the outline, pixels; negative inside.</param>
/// <param name="Arc">Share of the outline's angle about its middle, 0 to 1 anticlockwise from the right, at the place nearest to each pixel.</param>
/// <param name="Radius">Of the circle of the same area, pixels.</param>
/// <param name="Depth">Greatest distance of a place inside from the outline, pixels.</param>
/// <param name="IsRound">True where the outline is a circle within what counting does; distances are then those from the circle.</param>
internal sealed record Outline(double[] Distance, double[] Arc, double Radius, double Depth, bool IsRound)
{
    private const double Level = 0.12;

    /// <summary>Where the smoothed counts fall to an eighth of what the particle has inside; null with the reason where that is no closed line.</summary>
    public static Outline? Of(int width, int height, IReadOnlyList<ElementMap> particle, out string? reason)
    {
        var counts = new double[width * height];
        foreach (var map in particle)
        {
            for (var i = 0; i < counts.Length; i++) { counts[i] += map.Counts[i]; }
        }
        if (counts.Sum() < 200) { reason = "the particle's element has fewer than 200 counts"; return null; }
        var smooth = ParticleMask.Gauss(counts, width, height, 1.5);
        var mask = ParticleMask.Of(width, height, particle);
        var inner = Enumerable.Range(0, counts.Length).Where(i => mask.Labels[i] > 0).Select(i => smooth[i]).Order().ToArray();
        var outer = Enumerable.Range(0, counts.Length).Where(i => mask.Labels[i] == 0).Select(i => smooth[i]).Order().ToArray();
        if (inner.Length == 0 || outer.Length < counts.Length / 20) { reason = "the particle fills the map"; return null; }
        var background = outer[outer.Length / 3];
        var level = background + (Level * (inner[inner.Length / 2] - background));
        var inside = Body(smooth, level, width, height);
        for (var i = 0; i < counts.Length; i++)
        {
            if (inside[i] && (i % width == 0 || i % width == width - 1 || i / width == 0 || i / width == height - 1)) { reason = "the particle is cut by the edge of the map"; return null; }
        }
        var line = Line(smooth, inside, level, width, height);
        if (line.Count < 30) { reason = "the particle has too few pixels"; return null; }
        var area = (double)inside.Count(v => v);
        // A circle through the line, by least squares of its own equation.
        var circle = MathNet.Numerics.LinearRegression.MultipleRegression.QR([.. line.Select(s => new[] { 1, s.X, s.Y })], [.. line.Select(s => (s.X * s.X) + (s.Y * s.Y))]);
        var (cx, cy) = (circle[1] / 2, circle[2] / 2);
        var radius = Math.Sqrt(circle[0] + (cx * cx) + (cy * cy));
        var off = Math.Sqrt(line.Average(s => Math.Pow(Math.Sqrt(Math.Pow(s.X - cx, 2) + Math.Pow(s.Y - cy, 2)) - radius, 2)));
        var round = off < Math.Max(0.5, 0.015 * radius);
        var (distance, arc) = (new double[counts.Length], new double[counts.Length]);
        static double Turn(double x, double y) => ((Math.Atan2(-y, x) / (2 * Math.PI)) + 1) % 1;
        if (!round) { (cx, cy) = (line.Average(s => s.X), line.Average(s => s.Y)); }
        Parallel.For(0, height, y =>
        {
            for (var x = 0; x < width; x++)
            {
                var i = (y * width) + x;
                if (round)
                {
                    (distance[i], arc[i]) = (Math.Sqrt(Math.Pow(x - cx, 2) + Math.Pow(y - cy, 2)) - radius, Turn(x - cx, y - cy));
                    continue;
                }
                var (best, at) = (double.PositiveInfinity, 0);
                for (var k = 0; k < line.Count; k++)
                {
                    var d = line[k].SquaredDistance(x, y);
                    if (d < best) { (best, at) = (d, k); }
                }
                (distance[i], arc[i]) = (Math.Sqrt(best) * (inside[i] ? -1 : 1), Turn(line[at].X - cx, line[at].Y - cy));
            }
        });
        reason = null;
        return new(distance, arc, round ? radius : Math.Sqrt(area / Math.PI), round ? radius : -distance.Min(), round);
    }

    /// <summary>Distance of each pixel from the line of a level, negative where there is more; NaN beyond the reach.</summary>
    internal static double[] Distances(double[] smooth, double level, int width, int height, double reach)
    {
        var inside = Array.ConvertAll(smooth, v => v > level);
        var squares = new double[smooth.Length];
        Array.Fill(squares, double.PositiveInfinity);
        foreach (var piece in Line(smooth, inside, level, width, height))
        {
            for (var y = Math.Max(0, (int)(piece.Y - reach)); y <= Math.Min(height - 1, piece.Y + reach + 1); y++)
            {
                for (var x = Math.Max(0, (int)(piece.X - reach)); x <= Math.Min(width - 1, piece.X + reach + 1); x++)
                {
                    squares[(y * width) + x] = Math.Min(squares[(y * width) + x], piece.SquaredDistance(x, y));
                }
            }
        }
        return [.. squares.Select((d, i) => d < reach * reach ? Math.Sqrt(d) * (inside[i] ? -1 : 1) : double.NaN)];
    }

    /// <summary>A piece of the line inside a square of four pixels, by its middle and half of its course.</summary>
    private readonly record struct Piece(double X, double Y, double HalfX, double HalfY)
    {
        public double SquaredDistance(double x, double y)
        {
            var (dx, dy) = (x - X, y - Y);
            var length = (HalfX * HalfX) + (HalfY * HalfY);
            var t = length > 0 ? Math.Clamp(((dx * HalfX) + (dy * HalfY)) / length, -1, 1) : 0;
            (dx, dy) = (dx - (t * HalfX), dy - (t * HalfY));
            return (dx * dx) + (dy * dy);
        }
    }

    /// <summary>The largest connected part above the level, its holes filled.</summary>
    private static bool[] Body(double[] smooth, double level, int width, int height)
    {
        var kind = new int[smooth.Length];
        List<int> largest = [];
        var stack = new Stack<int>();
        List<int> Flood(int from, Func<int, bool> belongs, int name)
        {
            var members = new List<int>();
            kind[from] = name;
            stack.Push(from);
            while (stack.TryPop(out var i))
            {
                members.Add(i);
                var (x, y) = (i % width, i / width);
                foreach (var (u, v) in new[] { (x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1) })
                {
                    var j = (v * width) + u;
                    if (u < 0 || v < 0 || u >= width || v >= height || kind[j] == name || !belongs(j)) { continue; }
                    kind[j] = name;
                    stack.Push(j);
                }
            }
            return members;
        }

        for (var i = 0; i < smooth.Length; i++)
        {
            if (kind[i] != 0 || smooth[i] <= level) { continue; }
            var members = Flood(i, j => kind[j] == 0 && smooth[j] > level, 1);
            if (members.Count > largest.Count) { largest = members; }
        }
        var body = new bool[smooth.Length];
        foreach (var i in largest) { body[i] = true; }
        // What the border cannot reach is a hole.
        Array.Clear(kind);
        for (var i = 0; i < smooth.Length; i++)
        {
            var border = i % width == 0 || i % width == width - 1 || i / width == 0 || i / width == height - 1;
            if (border && kind[i] == 0 && !body[i]) { Flood(i, j => !body[j], 2); }
        }
        return Array.ConvertAll(kind, k => k != 2);
    }

    /// <summary>The line between body and surroundings at the level, piece by piece (marching squares).</summary>
    private static List<Piece> Line(double[] smooth, bool[] inside, double level, int width, int height)
    {
        var pieces = new List<Piece>();
        Span<(double X, double Y)> ends = stackalloc (double, double)[4];
        for (var y = 0; y + 1 < height; y++)
        {
            for (var x = 0; x + 1 < width; x++)
            {
                var n = 0;
                foreach (var (ax, ay, bx, by) in new[] { (x, y, x + 1, y), (x + 1, y, x + 1, y + 1), (x, y + 1, x + 1, y + 1), (x, y, x, y + 1) })
                {
                    int a = (ay * width) + ax, b = (by * width) + bx;
                    if (inside[a] == inside[b]) { continue; }
                    // Specks beside the body were dropped from it; the line there runs at the nearer pixel.
                    var t = Math.Clamp((level - smooth[a]) / (smooth[b] - smooth[a]), 0, 1);
                    ends[n++] = (ax + (t * (bx - ax)), ay + (t * (by - ay)));
                }
                for (var k = 0; k + 1 < n; k += 2) { pieces.Add(new((ends[k].X + ends[k + 1].X) / 2, (ends[k].Y + ends[k + 1].Y) / 2, (ends[k + 1].X - ends[k].X) / 2, (ends[k + 1].Y - ends[k].Y) / 2)); }
            }
        }
        return pieces;
    }
}
