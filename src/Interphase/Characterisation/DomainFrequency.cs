using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>The frequency of a lattice from its phase over a domain.</summary>
internal static class DomainFrequency
{
    /// <summary>Radians by which a cell may miss the plane before it counts as another grain's; the share that may do so and the root mean square of the others, above which the domain is no single grain. One grain has 0.03 to 0.15, two that are joined 0.35 to 0.5.</summary>
    private const double Off = 1.2, Others = 0.1, Bent = 0.2;

    /// <summary>
    /// By how much the frequency differs from the one the reflection was taken at, cycles a cell; the standard error of its magnitude;
    /// how far it was moved for terms of second order in the lens' slope; and that slope, T′/T, cells. From a plane through the phase, weighted by the square of the
    /// amplitude, together with what the lens does to it: where transfer T rises with frequency, a grain of amplitude g is seen as
    /// g + ∂g/∂r·T′/(2πiT) along the reflection, so that the phase turns by −(T′/T)/2π · ∂ln g/∂r at its rim, which alone would move the frequency by
    /// about (T′/T)/(2π²R²). T′/T is fitted as well, since g is seen; texture around the grain acts alike and goes with it. The next order
    /// is smaller by (T′/T)/(2πR). Null where the domain is too small or no single grain.
    /// </summary>
    public static (double X, double Y, double Error, double Second, double Slope)? Of(FringeGrid grid, float[] re, float[] im, IReadOnlyList<int> domain, (double X, double Y) drift, (double X, double Y) direction, double smoothing)
    {
        // Over this many cells smoothed texture is one.
        var alike = 4 * Math.PI * smoothing * smoothing / (grid.Length * grid.Length);
        if (domain.Count < alike) { return null; }
        var (x0, y0) = (domain.Average(i => i % grid.Width), domain.Average(i => i / grid.Width));
        var (px, py) = (2 * Math.PI * drift.X, 2 * Math.PI * drift.Y);
        double sumRe = 0, sumIm = 0, total = 0;
        foreach (var i in domain)
        {
            var (s, c) = Math.SinCos((px * ((i % grid.Width) - x0)) + (py * ((i / grid.Width) - y0)));
            sumRe += (re[i] * c) + (im[i] * s);
            sumIm += (im[i] * c) - (re[i] * s);
            total += Square(i);
        }
        var offset = Math.Atan2(sumIm, sumRe);
        double Square(int i) => ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
        // How fast the logarithm of the amplitude falls along the reflection.
        double Falls(int i)
        {
            var (x, y) = (i % grid.Width, i / grid.Width);
            double Across(int before, int after, int step) => (Math.Sqrt(Square(after)) - Math.Sqrt(Square(before))) / Math.Max(1, step);
            int l = x > 0 ? i - 1 : i, r = x < grid.Width - 1 ? i + 1 : i, t = y > 0 ? i - grid.Width : i, b = y < grid.Height - 1 ? i + grid.Width : i;
            return -((direction.X * Across(l, r, r - l)) + (direction.Y * Across(t, b, (b - t) / grid.Width))) / Math.Sqrt(Square(i));
        }
        var (normal, step) = (new double[4, 4], new double[4]);
        double weight = 0, misses = 0;
        var cells = 0;
        for (var round = 0; ; round++)
        {
            // The lens comes in when the plane is found.
            var last = round == 4;
            Array.Clear(normal);
            Array.Clear(step);
            (weight, misses, cells) = (0, 0, 0);
            var row = new double[4];
            foreach (var i in domain)
            {
                double x = (i % grid.Width) - x0, y = (i / grid.Width) - y0, w = Square(i);
                var miss = Math.IEEERemainder(Math.Atan2(im[i], re[i]) - offset - (px * x) - (py * y), 2 * Math.PI);
                if (Math.Abs(miss) > Off) { continue; }
                (row[0], row[1], row[2], row[3]) = (1, x, y, last ? Falls(i) / (2 * Math.PI) : 0);
                for (var a = 0; a < 4; a++)
                {
                    step[a] += w * row[a] * miss;
                    for (var b = 0; b <= a; b++) { normal[a, b] += w * row[a] * row[b]; }
                }
                weight += w;
                misses += w * miss * miss;
                cells++;
            }
            if (last) { break; }
            normal[3, 3] = 1;
            if (!Cholesky.Factor(normal)) { return null; }
            Cholesky.Solve(normal, step);
            (offset, px, py) = (offset + step[0], px + step[1], py + step[2]);
        }
        if (weight < (1 - Others) * total || misses > Bent * Bent * weight) { return null; }
        // The slope that the lens alone would make, with the plane's own.
        var along = (direction.X * normal[3, 1]) + (direction.Y * normal[3, 2]);
        var breadth = (direction.X * direction.X * normal[1, 1]) + (2 * direction.X * direction.Y * normal[2, 1]) + (direction.Y * direction.Y * normal[2, 2]);
        if (!Cholesky.Factor(normal)) { return null; }
        Cholesky.Solve(normal, step);
        double[] variance = [0, direction.X, direction.Y, 0];
        Cholesky.Solve(normal, variance);
        var spread = misses / weight * Alike * alike / cells * weight * ((direction.X * variance[1]) + (direction.Y * variance[2]));
        var second = step[3] * along / breadth * Math.Abs(step[3]) / (2 * Math.PI * Math.Sqrt(cells / Math.PI));
        return ((px + step[1] - (second * direction.X)) / (2 * Math.PI), (py + step[2] - (second * direction.Y)) / (2 * Math.PI), Math.Sqrt(spread) / (2 * Math.PI), second / (2 * Math.PI), step[3]);
    }

    /// <summary>Of what misses the plane part is the lens', which is fitted: in computed images of many lenses the error is that of 0.4 of the area over which smoothed texture is one.</summary>
    private const double Alike = 0.4;

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
                if (left.Remove(i - width)) { stack.Push(i - width); }
                if (left.Remove(i + width)) { stack.Push(i + width); }
                if (i % width > 0 && left.Remove(i - 1)) { stack.Push(i - 1); }
                if (i % width < width - 1 && left.Remove(i + 1)) { stack.Push(i + 1); }
            }
            yield return domain;
        }
    }
}
