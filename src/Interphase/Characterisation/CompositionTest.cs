using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics.Distributions;

namespace Interphase.Characterisation;

/// <summary>
/// Whether two elements of a coating keep one ratio. Blocks of 8 × 8 pixels: second = α + β·first + γ·particle, with the counting noise of
/// all three; the constant and the particle's share take up backgrounds and overlapping lines (Ni Kβ under Ta Lα). χ² tests whether one β serves all.
/// </summary>
internal static class CompositionTest
{
    private const int Block = 8;

    /// <summary>Parts of the blocks that are left out in turn.</summary>
    private const int Parts = 30;

    /// <summary>A ratio is given where the first element differs between blocks by so many standard deviations of what counting makes of χ², and where its own error is so small a part of it: else it is that of backgrounds and noise.</summary>
    private const double Stands = 6, Unknown = 0.2;

    private readonly record struct Counts(double Pixels, double First, double Second, double Particle);

    /// <summary>Null where there are too few blocks or counts.</summary>
    public static RatioVerdict? Of(ElementMap first, ElementMap second, IReadOnlyList<ElementMap> particle, int[] labels, int width, int height)
    {
        var rows = new List<Counts>();
        for (var y = 0; y + Block <= height; y += Block)
        {
            for (var x = 0; x + Block <= width; x += Block)
            {
                double n = 0, a = 0, b = 0, p = 0;
                for (var k = 0; k < Block * Block; k++)
                {
                    var i = ((y + (k / Block)) * width) + x + (k % Block);
                    if (labels[i] == 0) { continue; }
                    n++; a += first.Counts[i]; b += second.Counts[i]; p += particle.Sum(m => m.Counts[i]);
                }
                if (n > Block * Block / 2) { rows.Add(new(n, a, b, p)); }
            }
        }
        if (rows.Count < 20 || rows.Sum(r => r.First) < 500 || rows.Sum(r => r.Second) < 500) { return null; }
        var fit = Fit(rows, [0.1, rows.Sum(r => r.Second) / rows.Sum(r => r.First), 0.01]);
        var freedom = rows.Count - 3;
        var chance = 1 - ChiSquared.CDF(freedom, fit.SumOfSquares);
        // Left out in turn (Tukey's jackknife): counting noise in the first map makes the curvature of χ² a poor error of a slope.
        var parts = Math.Min(Parts, rows.Count / 2);
        var left = Enumerable.Range(0, parts).Select(k => Fit([.. rows.Where((_, i) => i % parts != k)], fit.Parameters).Parameters[1]).ToArray();
        var error = Jackknife.StandardError(left);
        var half = error * StudentsT.Reach(parts - 1);
        var ratio = fit.Parameters[1];
        return new(chance > 0.01, chance, error < Unknown * ratio && Varies(rows) > Stands ? new(ratio, error, ratio - half, ratio + half)
            : Estimate.Withheld("the coating's counts differ too little between blocks to tell its ratio from the background's"));
    }

    /// <summary>By how many standard deviations of χ² the first element's counts vary beyond counting noise, once pixels and particle are taken out.</summary>
    private static double Varies(List<Counts> rows)
    {
        var each = rows.Sum(r => r.First) / rows.Sum(r => r.Pixels);
        var fit = LevenbergMarquardt.Minimise((q, r) =>
        {
            for (var i = 0; i < rows.Count; i++) { r[i] = (rows[i].First - (q[0] * rows[i].Pixels) - (q[1] * rows[i].Particle)) / Math.Sqrt(each * rows[i].Pixels); }
        }, rows.Count, [each, 0], [-100 * each, -100], [100 * each, 100]);
        return (fit.SumOfSquares - (rows.Count - 2)) / Math.Sqrt(2.0 * (rows.Count - 2));
    }

    private static LeastSquaresFit Fit(IReadOnlyList<Counts> rows, double[] start) => LevenbergMarquardt.Minimise((q, r) =>
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var (n, a, b, p) = rows[i];
            var under = (q[0] * n) + (q[2] * p);
            // The variances are those of the model: of the counts themselves, blocks with few by chance would weigh more.
            var expected = Math.Max(1, (a + b - under) / (1 + q[1]));
            r[i] = (b - under - (q[1] * a)) / Math.Sqrt(Math.Max(under + (q[1] * expected), 1) + (q[1] * q[1] * expected) + (q[2] * q[2] * p));
        }
    }, rows.Count, start, [-10, 0, 0], [100, 100, 10], 100);
}
