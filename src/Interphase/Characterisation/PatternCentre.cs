using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>The centre of a diffraction pattern from its symmetry (Friedel): where the pattern agrees best with itself turned by half.</summary>
internal static class PatternCentre
{
    // Of a lattice of spots many places are nearly as symmetric as the centre, and in a coarse image which is most is an accident.
    private const int Places = 6;

    /// <summary>The centre in pixels and the correlation there; looked for in the middle four fifths of the image.</summary>
    public static (double X, double Y, double Correlation) Find(Micrograph image)
    {
        var levels = new List<(double[] Values, int Width, int Height)>();
        for (var step = 1; image.Width / step >= 40 && image.Height / step >= 40 || step == 1; step *= 2) { levels.Add(Reduced(image, step)); }
        var (coarse, w, h) = levels[^1];
        var all = new List<(double X, double Y, double Score)>();
        for (var y = 0.1 * h; y <= 0.9 * h; y += 0.5)
        {
            for (var x = 0.1 * w; x <= 0.9 * w; x += 0.5) { all.Add((x, y, Correlation(coarse, w, h, x, y))); }
        }
        var places = Apart(all, 1.5);
        foreach (var (values, width, height) in Enumerable.Reverse(levels).Skip(1))
        {
            // Pixel centres: (x + ½) doubles with the size.
            places = Apart(places.Select(p => Around(values, width, height, Math.Round((4 * p.X) + 1) / 2, Math.Round((4 * p.Y) + 1) / 2)), 1);
        }
        var (fine, fullWidth, fullHeight) = levels[0];
        var (bestX, bestY, best) = places[0];
        double At(double dx, double dy) => Correlation(fine, fullWidth, fullHeight, bestX + dx, bestY + dy);
        double Vertex(double l, double r) => l + r - (2 * best) < 0 ? Math.Clamp(0.25 * (l - r) / (l + r - (2 * best)), -0.25, 0.25) : 0;
        return (bestX + Vertex(At(-0.5, 0), At(0.5, 0)), bestY + Vertex(At(0, -0.5), At(0, 0.5)), best);
    }

    /// <summary>The best of some places that are no neighbours, the best first.</summary>
    private static List<(double X, double Y, double Score)> Apart(IEnumerable<(double X, double Y, double Score)> places, double distance)
    {
        var kept = new List<(double X, double Y, double Score)>();
        foreach (var p in places.OrderByDescending(p => p.Score))
        {
            if (kept.Count == Places) { break; }
            if (kept.All(k => Math.Max(Math.Abs(k.X - p.X), Math.Abs(k.Y - p.Y)) > distance)) { kept.Add(p); }
        }
        return kept;
    }

    private static (double X, double Y, double Score) Around(double[] values, int width, int height, double x, double y)
    {
        var best = (X: x, Y: y, Score: double.NegativeInfinity);
        for (var dy = -1.5; dy <= 1.5; dy += 0.5)
        {
            for (var dx = -1.5; dx <= 1.5; dx += 0.5)
            {
                var score = Correlation(values, width, height, x + dx, y + dy);
                if (score > best.Score) { best = (x + dx, y + dy, score); }
            }
        }
        return best;
    }

    /// <summary>Correlation of pairs of opposite pixels, weighted by the share of the image that has an opposite.</summary>
    private static double Correlation(double[] v, int width, int height, double cx, double cy)
    {
        int sx = (int)Math.Round(2 * cx), sy = (int)Math.Round(2 * cy);
        int x0 = Math.Max(0, sx - width + 1), x1 = Math.Min(width - 1, sx), y0 = Math.Max(0, sy - height + 1), y1 = Math.Min(height - 1, sy);
        var stride = Math.Max(1, (int)Math.Sqrt((x1 - x0) * (double)(y1 - y0) / 20000));
        double n = 0, s = 0, q = 0, c = 0;
        // The other half holds the same pairs.
        for (var y = y0; 2 * y <= sy; y += stride)
        {
            for (var x = x0; x <= x1; x += stride)
            {
                var (a, b) = (v[(y * width) + x], v[((sy - y) * width) + sx - x]);
                n += 2; s += a + b; q += (a * a) + (b * b); c += 2 * a * b;
            }
        }
        if (n < 50) { return -1; }
        var mean = s / n;
        var variance = (q / n) - (mean * mean);
        return variance > 0 ? ((c / n) - (mean * mean)) / variance * Math.Min(1, (x1 - x0) * (double)(y1 - y0) / (0.35 * width * height)) : -1;
    }

    /// <summary>The logarithm of intensities, in means of so many pixels.</summary>
    private static (double[] Values, int Width, int Height) Reduced(Micrograph image, int step)
    {
        var (width, height) = (image.Width / step, image.Height / step);
        var values = new double[width * height];
        for (var y = 0; y < height * step; y++)
        {
            for (var x = 0; x < width * step; x++) { values[(y / step * width) + (x / step)] += image[x, y]; }
        }
        var sorted = values.Order().ToArray();
        var (low, middle) = (sorted[0], sorted[sorted.Length / 2]);
        var scale = Math.Max(1e-12, middle - low);
        return ([.. values.Select(v => Math.Log(1 + ((v - low) / scale)))], width, height);
    }
}
