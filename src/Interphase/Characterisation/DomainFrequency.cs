using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>The frequency of a lattice from its phase over a domain.</summary>
internal static class DomainFrequency
{
    /// <summary>Edge of the parts that are left out in turn, m: texture and neighbours are alike over as much.</summary>
    private const double Part = 1.5e-9;

    /// <summary>Radians by which a cell may miss the plane before it counts as another grain's; the share that may do so and the root mean square of the others, above which the domain is no single grain. One grain has 0.03 to 0.15, two that are joined 0.35 to 0.5.</summary>
    private const double Off = 1.2, Others = 0.1, Bent = 0.2;

    private readonly record struct Sums(double W, double X, double Y, double XX, double XY, double YY, double P, double XP, double YP, double PP)
    {
        public static Sums operator +(Sums a, Sums b) => new(a.W + b.W, a.X + b.X, a.Y + b.Y, a.XX + b.XX, a.XY + b.XY, a.YY + b.YY, a.P + b.P, a.XP + b.XP, a.YP + b.YP, a.PP + b.PP);

        public static Sums operator -(Sums a, Sums b) => new(a.W - b.W, a.X - b.X, a.Y - b.Y, a.XX - b.XX, a.XY - b.XY, a.YY - b.YY, a.P - b.P, a.XP - b.XP, a.YP - b.YP, a.PP - b.PP);

        /// <summary>Phase at the origin and its slopes, by least squares; null where the cells lie in a line.</summary>
        public double[]? Plane()
        {
            var normal = new[,] { { W, X, Y }, { X, XX, XY }, { Y, XY, YY } };
            double[] p = [P, XP, YP];
            if (!Cholesky.Factor(normal)) { return null; }
            Cholesky.Solve(normal, p);
            return p;
        }
    }

    /// <summary>
    /// By how much the frequency differs from the one the reflection was taken at, cycles a cell, from a plane through its phase, weighted by
    /// its square; and the standard error of the frequency's magnitude from parts of the domain left out in turn (jackknife), which
    /// holds what texture and neighbouring grains do to the phase. Null where the domain is too small or no single grain.
    /// </summary>
    public static (double X, double Y, double Error)? Of(FringeGrid grid, float[] re, float[] im, IReadOnlyList<int> domain, (double X, double Y) drift, (double X, double Y) direction)
    {
        if (domain.Count < 12) { return null; }
        var (x0, y0) = (domain.Average(i => i % grid.Width), domain.Average(i => i / grid.Width));
        var (px, py, offset) = (2 * Math.PI * drift.X, 2 * Math.PI * drift.Y, 0.0);
        double sumRe = 0, sumIm = 0;
        foreach (var i in domain)
        {
            var (s, c) = Math.SinCos((px * ((i % grid.Width) - x0)) + (py * ((i / grid.Width) - y0)));
            sumRe += (re[i] * c) + (im[i] * s);
            sumIm += (im[i] * c) - (re[i] * s);
        }
        offset = Math.Atan2(sumIm, sumRe);
        var side = Math.Max(2, (int)Math.Round(Part / grid.Length));
        var parts = new Dictionary<(int, int), Sums>();
        var all = default(Sums);
        var total = domain.Sum(i => ((double)re[i] * re[i]) + ((double)im[i] * im[i]));
        for (var round = 0; round < 4; round++)
        {
            parts.Clear();
            all = default;
            foreach (var i in domain)
            {
                double x = (i % grid.Width) - x0, y = (i / grid.Width) - y0, w = ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
                var miss = Math.IEEERemainder(Math.Atan2(im[i], re[i]) - offset - (px * x) - (py * y), 2 * Math.PI);
                if (Math.Abs(miss) > Off) { continue; }
                var one = new Sums(w, w * x, w * y, w * x * x, w * x * y, w * y * y, w * miss, w * x * miss, w * y * miss, w * miss * miss);
                var key = (i % grid.Width / side, i / grid.Width / side);
                parts[key] = parts.TryGetValue(key, out var before) ? before + one : one;
                all += one;
            }
            if (all.Plane() is not { } step) { return null; }
            (offset, px, py) = (offset + step[0], px + step[1], py + step[2]);
            if (Math.Abs(step[1]) + Math.Abs(step[2]) < 1e-6) { break; }
        }
        if (all.W < (1 - Others) * total || all.PP > Bent * Bent * all.W) { return null; }
        var others = parts.Values.Select(p => (all - p).Plane()).OfType<double[]>().Select(p => ((p[1] * direction.X) + (p[2] * direction.Y)) / (2 * Math.PI)).ToArray();
        if (others.Length < 4) { return null; }
        return (px / (2 * Math.PI), py / (2 * Math.PI), Jackknife.StandardError(others));
    }

    /// <summary>Cells that hang together by their edges.</summary>
    public static IEnumerable<List<int>> Domains(IReadOnlyCollection<int> cells, int width)
    {
        var left = new HashSet<int>(cells);
        var stack = new Stack<int>();
        foreach (var first in cells)
        {
            if (!left.Remove(first)) { continue; }
            var domain = new List<int>();
            stack.Push(first);
            while (stack.TryPop(out var i))
            {
                domain.Add(i);
                foreach (var j in new[] { i - width, i + width, i % width > 0 ? i - 1 : -1, i % width < width - 1 ? i + 1 : -1 })
                {
                    if (left.Remove(j)) { stack.Push(j); }
                }
            }
            yield return domain;
        }
    }
}
