using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>
/// Lines of a pattern without any phase: found by the negative second derivative of Gaussians of several widths (Mariscotti 1967),
/// fitted in groups by Voigt doublets, and sought once more in what the fits leave.
/// </summary>
internal static class LineSearch
{
    /// <summary>How far a line must stand out, in standard deviations of the filter.</summary>
    private const double Least = 6;

    private const double WidestFilter = 2;

    /// <summary>Lines of one pattern are of like breadth: what is so many times wider than the strongest is the background's.</summary>
    private const double Wider = 6;

    /// <summary>Part of a line that real profiles leave, all of one sign, when a Voigt profile is taken off; no line is sought in it.</summary>
    private const double Misfit = 0.06;

    /// <summary>Lines by rising angle, and single points that stand out alone.</summary>
    public static (IReadOnlyList<ObservedLine> Lines, IReadOnlyList<double> Spikes) Find(Diffractogram pattern)
    {
        var (x, y) = (pattern.TwoTheta, (double[])pattern.Counts.Clone());
        var n = x.Length;
        var steps = Enumerable.Range(1, n - 1).Select(i => x[i] - x[i - 1]).Order().ToArray();
        var step = steps[steps.Length / 2];
        var variance = Variances(pattern, y);
        var spikes = Spikes(y, variance);
        foreach (var i in spikes) { y[i] = 0.5 * (y[i - 1] + y[i + 1]); }
        variance = Variances(pattern, y);
        var seeds = new List<LineSeed>();
        var model = new double[n];
        List<LineGroup> groups = [];
        for (var pass = 0; pass < 3; pass++)
        {
            var rest = Enumerable.Range(0, n).Select(i => y[i] - model[i]).ToArray();
            var found = Candidates(rest, variance, [.. model.Select(m => Misfit * m)], x, step, pattern).Where(c => !seeds.Exists(s => Math.Abs(s.At - c.At) < 0.7 * Math.Max(s.Width, c.Width))).ToArray();
            if (pass > 1 && found.Length == 0) { break; }
            seeds = [.. seeds.Concat(found).OrderBy(s => s.At)];
            for (var round = 0; round < 4; round++)
            {
                groups = [.. LineGroup.Of(seeds, pattern, y, step)];
                var fitted = groups.SelectMany(g => g.Seeds).ToArray();
                seeds = LineGroup.Joined(fitted);
                var breadths = seeds.OrderByDescending(s => s.Area).Take(5).Select(s => s.Width).Order().ToArray();
                seeds.RemoveAll(s => s.Width > Wider * breadths[breadths.Length / 2]);
                if (seeds.Count == fitted.Length) { break; }
            }
            Array.Clear(model);
            // Over the whole pattern: where tails ended, their end would look like a line.
            foreach (var s in seeds) { for (var i = 0; i < n; i++) { model[i] += LineGroup.Of(s, x[i], pattern); } }
        }
        return ([.. groups.SelectMany(g => g.Lines()).OrderBy(l => l.TwoTheta.Value)], [.. spikes.Select(i => x[i])]);
    }

    private static double[] Variances(Diffractogram pattern, double[] y)
    {
        var v = new double[y.Length];
        for (var i = 0; i < v.Length; i++)
        {
            var (a, b) = (Math.Max(0, i - 2), Math.Min(v.Length - 1, i + 2));
            v[i] = pattern.Variance(i, y.AsSpan(a..(b + 1)).ToArray().Average());
        }
        return v;
    }

    /// <summary>Points that stand twelve deviations above neighbours which themselves show nothing of a line.</summary>
    private static List<int> Spikes(double[] y, double[] variance)
    {
        var spikes = new List<int>();
        for (var i = 2; i < y.Length - 2; i++)
        {
            var (ground, around) = (0.5 * (y[i - 2] + y[i + 2]), 0.5 * (y[i - 1] + y[i + 1]));
            // The variance of the spike itself is left out: it is judged by what its neighbours say.
            var noise = Math.Sqrt(Math.Max(variance[i - 2] - (variance[i] / 5), 1e-3 * variance[i]));
            noise = Math.Max(noise, Math.Sqrt(Math.Max(around, 1)));
            if (y[i] - around > 12 * noise && around - ground < 4 * noise && y[i] - ground > 12 * (around - ground)) { spikes.Add(i); }
        }
        return spikes;
    }

    private static List<LineSeed> Candidates(double[] y, double[] variance, double[] doubt, double[] x, double step, Diffractogram pattern)
    {
        var all = new List<(double At, double Width, double Significance)>();
        var significance = new double[y.Length];
        var last = 0.0;
        for (var width = 2.5 * step; width < Math.Min(WidestFilter, (x[^1] - x[0]) / 4); width *= 1.5)
        {
            var s = width / 2.3548 / step;
            var reach = (int)Math.Ceiling(4 * s);
            if ((2 * reach) + 1 > y.Length) { break; }
            last = width;
            var filter = Enumerable.Range(-reach, (2 * reach) + 1).Select(k => (1 - (k * k / s / s)) * Math.Exp(-k * k / s / s / 2)).ToArray();
            var mean = filter.Average();
            for (var k = 0; k < filter.Length; k++) { filter[k] -= mean; }
            for (var i = 0; i < y.Length; i++)
            {
                significance[i] = 0;
                if (i < reach || i + reach >= y.Length) { continue; }
                double sum = 0, square = 0, missed = 0;
                for (var k = 0; k < filter.Length; k++)
                {
                    sum += filter[k] * y[i - reach + k];
                    square += filter[k] * filter[k] * variance[i - reach + k];
                    missed += Math.Abs(filter[k]) * doubt[i - reach + k];
                }
                significance[i] = (sum - missed) / Math.Sqrt(square);
            }
            for (var i = 1; i < y.Length - 1; i++)
            {
                if (significance[i] > Least && significance[i] >= significance[i - 1] && significance[i] > significance[i + 1]) { all.Add((x[i], width, significance[i])); }
            }
        }
        bool Twin((double At, double Width, double Significance) strong, (double At, double Width, double Significance) weak) =>
            pattern.Ratio > 0 && strong.Significance > weak.Significance && Math.Abs(LineGroup.Second(strong.At, pattern) - weak.At) < Math.Max(0.6 * strong.Width, 1.5 * step);
        // Lorentzian tails let broad filters see a line best, and lines that are near as one: the narrowest filter that sees half as much tells lines apart.
        bool Narrower((double At, double Width, double Significance) broad) =>
            all.Exists(c => c.Width < 0.9 * broad.Width && c.Significance > 0.5 * broad.Significance && Math.Abs(c.At - broad.At) < 0.75 * broad.Width);
        // What the widest filter sees best is a halo's top; narrower ones see it by their width to the power of 2½.
        var halos = all.Where(c => c.Width > last / 1.1 && !Narrower(c)).ToArray();
        bool Halo((double At, double Width, double Significance) c) =>
            Array.Exists(halos, h => Math.Abs(c.At - h.At) < 0.75 * h.Width && c.Significance < 1.5 * h.Significance * Math.Pow(c.Width / h.Width, 2.5));
        all = [.. all.Where(c => !Narrower(c) && !Halo(c)).OrderByDescending(c => c.Significance)];
        // Lines of one pattern are of like breadth; what is far wider is the background's.
        var strongest = all.Take(5).Select(c => c.Width).Order().ToArray();
        var widest = strongest.Length == 0 ? 0 : Wider * strongest[strongest.Length / 2];
        var chosen = new List<(double At, double Width, double Significance)>();
        foreach (var c in all.Where(c => c.Width <= widest))
        {
            // The second wavelength's place is spared: it is part of the doublet.
            if (!chosen.Exists(o => Twin(o, c) || Math.Abs(o.At - c.At) < 0.75 * Math.Max(o.Width, c.Width))) { chosen.Add(c); }
            if (chosen.Count == 300) { break; }
        }
        return [.. chosen.Select(c => new LineSeed(c.At, c.Width)).OrderBy(c => c.At)];
    }
}
