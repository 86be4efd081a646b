using MathNet.Numerics.Distributions;

namespace Interphase.Characterisation;

/// <summary>
/// Pixels at the edges of holes, which a probe finds partly covered: their share is <paramref name="Share"/>·c(1 − c) at the coverage c.
/// Across a straight edge the covered part of the probe is Φ(d/σ) at the distance d, and all distances are as frequent.
/// </summary>
/// <param name="Share">Of pixels within two standard deviations of the probe from an edge, over c(1 − c); 0 where no edge is seen.</param>
/// <param name="Error">Its standard error.</param>
internal readonly record struct HoleEdges(double Share, double Error)
{
    /// <summary>Probes narrower than this, pixels, are no wider than the pixels themselves.</summary>
    private const double Sharp = 0.2;

    /// <summary>A Gaussian of this width is the same wherever pixels cut it.</summary>
    private const double Whole = 0.8;

    /// <summary>Smoothing of what each pixel's counts say, pixels.</summary>
    private const double Smoothed = 1.2;

    /// <summary>What noise and lost details were seen to do to the length of edges.</summary>
    private const double Uncertain = 0.15;

    /// <summary>Pixels without coating, or with it, that edges are told from.</summary>
    private const double Fewest = 20;

    /// <summary>Covered part of the probe at places in a band of four standard deviations (Gauss–Legendre), and their weights; and the mean of u(1 − u) over it.</summary>
    public static readonly (double Covered, double Weight)[] Places = [.. new MathNet.Numerics.Integration.GaussLegendreRule(-2, 2, 5) is var g ? Enumerable.Range(0, 5).Select(k => (Normal.CDF(0, 1, g.GetAbscissa(k)), g.GetWeight(k) / 4)) : []];

    private static readonly double Mixed = Places.Sum(p => p.Weight * p.Covered * (1 - p.Covered));

    /// <summary>
    /// Those of all particles and of each (by its label, from 1). Pixels more and less than half covered are told from each other by
    /// their likelihood, smoothed over neighbours; what a probe mixes at the line between them is taken from it, blurred likewise.
    /// </summary>
    /// <param name="histogram">Pixels with 0, 1, 2, … counts.</param>
    /// <param name="away">Mean counts of the surroundings.</param>
    /// <param name="counts">Of the coating.</param>
    /// <param name="labels">Particles.</param>
    /// <param name="deep">Pixels that are taken.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="blur">Standard deviation of the probe, pixels.</param>
    public static (HoleEdges All, HoleEdges[] Each) Of(double[] histogram, double away, int[] counts, int[] labels, bool[] deep, int width, int height, double blur)
    {
        var each = new HoleEdges[labels.Max() + 1];
        if (!(blur > Sharp)) { return (default, each); }
        var mixture = CoverageMixture.Fit(histogram, away);
        var pixels = Enumerable.Range(0, counts.Length).Where(i => labels[i] > 0 && deep[i]).ToArray();
        double[] Map(Func<int, double> of)
        {
            var map = new double[counts.Length];
            foreach (var i in pixels) { map[i] = of(i); }
            return map;
        }

        // A narrow probe falls between pixels: what it mixes is as much less than a wider one does as it is narrower.
        var wide = Math.Max(blur, Whole);
        var whole = ParticleMask.Gauss(Map(_ => 1), width, height, wide);
        double[] covered = [], part = [];
        void Tell()
        {
            var odds = mixture.LogOdds(histogram.Length);
            var said = ParticleMask.Gauss(Map(i => odds[counts[i]]), width, height, Smoothed);
            covered = Map(i => said[i] > 0 ? 1 : 0);
            part = ParticleMask.Gauss(covered, width, height, wide);
        }

        HoleEdges Over(IEnumerable<int> some)
        {
            double n = 0, c = 0, mixed = 0;
            foreach (var i in some)
            {
                var u = part[i] / whole[i];
                n++;
                c += covered[i];
                mixed += u * (1 - u);
            }
            c /= n;
            var share = mixed / n / Mixed / (c * (1 - c)) * blur / wide;
            return c * (1 - c) * n < Fewest ? default : new(share, Uncertain * share);
        }

        // Only with edges among the kinds of pixels is the line drawn where half is covered.
        Tell();
        mixture = mixture with { Edges = Over(pixels).Share };
        Tell();
        foreach (var group in pixels.GroupBy(i => labels[i])) { each[group.Key] = Over(group); }
        return (Over(pixels), each);
    }
}
