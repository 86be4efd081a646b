using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>How far two elements lie in the same places.</summary>
/// <param name="First">One element.</param>
/// <param name="Second">The other.</param>
/// <param name="Pearson">
/// Pearson's correlation of their X-rays over the pixels of the particles, freed of what counting noise takes from it (Spearman 1904):
/// r = C_ab/√((V_a − ā)(V_b − b̄)), as the noise of Poisson counts adds their mean to the variance and nothing to the covariance.
/// Withheld where the counts of one vary no more than noise makes them.
/// </param>
public sealed record Colocalisation(string First, string Second, Estimate Pearson)
{
    /// <summary>An element varies where its variance exceeds that of counting by so many standard errors.</summary>
    private const double Stands = 4;

    /// <summary>Correlation over these pixels. The error is that of counting, for the field as it is: what other fields would show is not in it.</summary>
    internal static Colocalisation Of(ElementMap first, ElementMap second, IReadOnlyList<int> pixels)
    {
        var (meanA, meanB) = (pixels.Average(i => (double)first.Counts[i]), pixels.Average(i => (double)second.Counts[i]));
        double a2 = 0, b2 = 0, ab = 0, errorA = 0, errorB = 0;
        foreach (var i in pixels)
        {
            var (a, b) = (Powers(first.Counts[i], meanA), Powers(second.Counts[i], meanB));
            a2 += a.Square;
            b2 += b.Square;
            ab += a.One * b.One;
            errorA += (a.Square * a.Square) - a.Fourth;
            errorB += (b.Square * b.Square) - b.Fourth;
        }
        Colocalisation Withheld(ElementMap map) => new(first.Element, second.Element, Estimate.Withheld($"the counts of {map.Element} vary no more than counting noise makes them"));
        if (!(a2 > Stands * Math.Sqrt(Math.Max(errorA, 0)))) { return Withheld(first); }
        if (!(b2 > Stands * Math.Sqrt(Math.Max(errorB, 0)))) { return Withheld(second); }
        var root = Math.Sqrt(a2 * b2);
        var r = ab / root;
        // dr = ΣᵢgᵢΔ with g = AB/√(V_a V_b) − r A²/2V_a − r B²/2V_b; its variance at each pixel is E[g²] − E[g]², both from unbiased powers of the counts' expectations.
        var (u, v, w) = (1 / root, 0.5 * r / a2, 0.5 * r / b2);
        var variance = 0.0;
        foreach (var i in pixels)
        {
            var (a, b) = (Powers(first.Counts[i], meanA), Powers(second.Counts[i], meanB));
            var g = (u * a.One * b.One) - (v * a.Square) - (w * b.Square);
            var mean = (((u * u) + (2 * v * w)) * a.Square * b.Square) + (v * v * a.Fourth) + (w * w * b.Fourth) - (2 * u * v * a.Third * b.One) - (2 * u * w * a.One * b.Third);
            variance += (g * g) - mean;
        }
        var e = Estimate.Of(r, Math.Sqrt(Math.Max(variance, 0)));
        return new(first.Element, second.Element, (e with { Value = Math.Clamp(r, -1, 1) }).Within(-1, 1));
    }

    /// <summary>Unbiased powers of (λ − m) from one Poisson count n of expectation λ: Σ_j C(k, j)(−m)^(k−j)·n(n−1)…(n−j+1).</summary>
    private static (double One, double Square, double Third, double Fourth) Powers(int n, double m)
    {
        double one = n, two = one * (n - 1), three = two * (n - 2), four = three * (n - 3);
        return (one - m, two - (2 * m * one) + (m * m), three - (3 * m * two) + (3 * m * m * one) - (m * m * m), four - (4 * m * three) + (6 * m * m * two) - (4 * m * m * m * one) + (m * m * m * m));
    }
}
