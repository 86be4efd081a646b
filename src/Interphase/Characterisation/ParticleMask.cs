using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>Which pixels belong to which particle: 0 outside, then 1, 2, … from the top left.</summary>
internal sealed record ParticleMask(int[] Labels, int Count)
{
    /// <summary>
    /// Smooths the counts (σ 1.5 pixels), parts them by Otsu's threshold (1979) on the square root, whose noise is even, cuts
    /// touching particles at their necks, and drops what is smaller than 1 % of the image's largest particle or 40 pixels.
    /// </summary>
    public static ParticleMask Of(int width, int height, IReadOnlyList<ElementMap> maps)
    {
        var sum = new double[width * height];
        foreach (var map in maps)
        {
            for (var i = 0; i < sum.Length; i++) { sum[i] += map.Counts[i]; }
        }
        var smooth = Array.ConvertAll(Gauss(sum, width, height, 1.5), v => Math.Sqrt(Math.Max(v, 0)));
        var threshold = Otsu(smooth);
        var inside = Array.ConvertAll(smooth, v => v > threshold);
        var distance = Distance(inside, width, height);
        return Grow(inside, distance, width, height);
    }

    /// <summary>Pixels at least <paramref name="margin"/> away from every particle.</summary>
    public bool[] Outside(int width, int height, int margin)
    {
        var away = Distance(Array.ConvertAll(Labels, l => l == 0), width, height);
        return Array.ConvertAll(away, d => d > margin);
    }

    /// <summary>Pixels of particles that are more than <paramref name="margin"/> away from their edge.</summary>
    public bool[] Inside(int width, int height, double margin) => Array.ConvertAll(Distance(Array.ConvertAll(Labels, l => l != 0), width, height), d => d > margin);

    /// <summary>Distance of each pixel from the particles' edge in whole pixels: from 0, that far inside or further, over <paramref name="reach"/> to twice that, that far outside.</summary>
    public int[] Rings(int width, int height, int reach)
    {
        var (inside, outside) = (Distance(Array.ConvertAll(Labels, l => l != 0), width, height), Distance(Array.ConvertAll(Labels, l => l == 0), width, height));
        return [.. inside.Zip(outside, (i, o) => reach + Math.Clamp((int)Math.Round(o > 0 ? o : 1 - i), -reach, reach))];
    }

    internal static double[] Gauss(double[] values, int width, int height, double sigma)
    {
        var reach = (int)Math.Ceiling(3 * sigma);
        var kernel = Enumerable.Range(-reach, (2 * reach) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma))).ToArray();
        var middle = new double[values.Length];
        var result = new double[values.Length];
        for (var pass = 0; pass < 2; pass++)
        {
            var (from, to) = pass == 0 ? (values, middle) : (middle, result);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    double s = 0, w = 0;
                    for (var k = -reach; k <= reach; k++)
                    {
                        var (u, v) = pass == 0 ? (x + k, y) : (x, y + k);
                        if (u < 0 || u >= width || v < 0 || v >= height) { continue; }
                        s += kernel[k + reach] * from[(v * width) + u];
                        w += kernel[k + reach];
                    }
                    to[(y * width) + x] = s / w;
                }
            }
        }
        return result;
    }

    private static double Otsu(double[] values)
    {
        const int bins = 256;
        var (low, high) = (values.Min(), values.Max());
        if (!(high > low)) { throw new InputException("the particle's element has the same counts everywhere", "--particle", "name an element of the particle"); }
        var histogram = new double[bins];
        foreach (var v in values) { histogram[Math.Min(bins - 1, (int)((v - low) / (high - low) * bins))]++; }
        double total = values.Length, all = 0, below = 0, belowSum = 0, best = -1;
        for (var i = 0; i < bins; i++) { all += i * histogram[i]; }
        var at = 0;
        for (var i = 0; i < bins - 1; i++)
        {
            below += histogram[i];
            belowSum += i * histogram[i];
            if (below == 0 || below == total) { continue; }
            var gap = (belowSum / below) - ((all - belowSum) / (total - below));
            var between = below * (total - below) * gap * gap;
            if (between > best) { (best, at) = (between, i); }
        }
        return low + ((at + 1) * (high - low) / bins);
    }

    /// <summary>Distance to the nearest pixel that is false, by two chamfer passes (1, √2).</summary>
    private static double[] Distance(bool[] inside, int width, int height)
    {
        var d = new double[inside.Length];
        for (var i = 0; i < d.Length; i++) { d[i] = inside[i] ? 1e9 : 0; }
        void Look(int i, int x, int y, int dx, int dy)
        {
            var (u, v) = (x + dx, y + dy);
            if (u >= 0 && u < width && v >= 0 && v < height) { d[i] = Math.Min(d[i], d[(v * width) + u] + (dx != 0 && dy != 0 ? 1.4142135623730951 : 1)); }
        }

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var i = (y * width) + x;
                Look(i, x, y, -1, 0); Look(i, x, y, 0, -1); Look(i, x, y, -1, -1); Look(i, x, y, 1, -1);
            }
        }
        for (var y = height - 1; y >= 0; y--)
        {
            for (var x = width - 1; x >= 0; x--)
            {
                var i = (y * width) + x;
                Look(i, x, y, 1, 0); Look(i, x, y, 0, 1); Look(i, x, y, 1, 1); Look(i, x, y, -1, 1);
            }
        }
        return d;
    }

    /// <summary>Watershed of the distance: from the deepest pixel outwards; a hollow shallower than 25 % of the smaller peak does not part two particles.</summary>
    private static ParticleMask Grow(bool[] inside, double[] distance, int width, int height)
    {
        var order = Enumerable.Range(0, inside.Length).Where(i => inside[i]).OrderByDescending(i => distance[i]).ThenBy(i => i).ToArray();
        var label = new int[inside.Length];
        var parent = new List<int> { 0 };
        var peak = new List<double> { 0 };
        int Root(int l) { while (parent[l] != l) { l = parent[l]; } return l; }
        foreach (var i in order)
        {
            var (x, y) = (i % width, i / width);
            var mine = 0;
            for (var dy = -1; dy <= 1; dy++)
            {
                for (var dx = -1; dx <= 1; dx++)
                {
                    var (u, v) = (x + dx, y + dy);
                    if (u < 0 || u >= width || v < 0 || v >= height || label[(v * width) + u] == 0) { continue; }
                    var other = Root(label[(v * width) + u]);
                    if (mine == 0) { mine = other; }
                    else if (other != mine && distance[i] > 0.75 * Math.Min(peak[mine], peak[other]))
                    {
                        var (keep, drop) = peak[mine] >= peak[other] ? (mine, other) : (other, mine);
                        parent[drop] = keep;
                        mine = keep;
                    }
                }
            }
            if (mine == 0)
            {
                mine = parent.Count;
                parent.Add(mine);
                peak.Add(distance[i]);
            }
            label[i] = mine;
        }
        var size = new Dictionary<int, int>();
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] == 0) { continue; }
            label[i] = Root(label[i]);
            size[label[i]] = size.GetValueOrDefault(label[i]) + 1;
        }
        var least = size.Count == 0 ? 0 : Math.Max(40, size.Values.Max() / 100);
        var names = new Dictionary<int, int>();
        for (var i = 0; i < label.Length; i++)
        {
            if (label[i] == 0 || size[label[i]] < least) { label[i] = 0; continue; }
            if (!names.TryGetValue(label[i], out var n)) { names[label[i]] = n = names.Count + 1; }
            label[i] = n;
        }
        return new(label, names.Count);
    }
}
