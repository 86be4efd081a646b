using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>
/// Coverage and variation with what the counts allow of them. Without a bare pixel nothing tells the level of bare ones, and thin places
/// would pass for bare: so bare pixels are only taken where covered ones alone do not explain the counts, and the interval is all
/// coverages whose likelihood, at the best bare level for each, is near enough to the best.
/// </summary>
/// <param name="Mixture">Bare and covered pixels; without bare ones where none is needed.</param>
/// <param name="Coverage">With the interval of the likelihood, asymmetric; its standard error is the wider side.</param>
/// <param name="Variation">Standard deviation over mean of the coating where there is one.</param>
/// <param name="OneKind">True where one kind of pixels explains the counts.</param>
internal sealed record CoverageInterval(CoverageMixture Mixture, Estimate Coverage, Estimate Variation, bool OneKind)
{
    /// <summary>χ² of two numbers, share and level of bare pixels, that one covered field in a hundred exceeds; and that of one number for 95 %.</summary>
    private const double Needed = 9.21, Allowed = 3.84;

    /// <summary>What patches, edges of holes and a thickness that is not log-normal were seen to do to a coverage.</summary>
    private const double Shape = 0.01;
    private const int Resamples = 40;

    /// <summary>Bare particles have up to so many times the counts of their surroundings: the continuum grows with the atomic number.</summary>
    public const double Continuum = 5;

    /// <param name="histogram">Pixels with 0, 1, 2, … counts.</param>
    /// <param name="away">Mean counts of the surroundings: a bare particle has no fewer.</param>
    public static CoverageInterval Of(double[] histogram, double away)
    {
        var (two, one) = (CoverageMixture.Fit(histogram, away), CoverageMixture.Fit(histogram, away, coverage: 1));
        var alike = 2 * (two.LogLikelihood - one.LogLikelihood) < Needed;
        var mixture = alike ? one : two;
        var best = Math.Max(two.LogLikelihood, one.LogLikelihood);
        bool Allows(double at)
        {
            if (at == 1) { return 2 * (best - one.LogLikelihood) < Allowed; }
            var near = 2 * (best - CoverageMixture.Fit(histogram, away, two, at).LogLikelihood);
            // Another level of the bare pixels may do better, but not by so much.
            return near < Allowed || (near < 25 * Allowed && 2 * (best - CoverageMixture.Fit(histogram, away, coverage: at).LogLikelihood) < Allowed);
        }

        double Edge(double from)
        {
            // From the far end: between it and the best value the likelihood may fall and rise again.
            const int steps = 6;
            var (outside, inside) = (from, mixture.Coverage);
            if (Math.Abs(from - inside) < 1e-3 || Allows(from)) { return from; }
            for (var k = 1; k < steps; k++)
            {
                var at = from + ((mixture.Coverage - from) * k / steps);
                if (Allows(at)) { inside = at; break; }
                outside = at;
            }
            for (var k = 0; k < 5; k++)
            {
                var middle = 0.5 * (outside + inside);
                if (Allows(middle)) { inside = middle; } else { outside = middle; }
            }
            return inside;
        }

        double Side(double edge) => Math.Sqrt(Math.Pow(edge - mixture.Coverage, 2) + Math.Pow(1.96 * Shape, 2));
        var (down, up) = (Side(Edge(0)), alike ? 0 : Side(Edge(1)));
        var coverage = new Estimate(mixture.Coverage, Math.Max(down, up) / 1.96, Math.Max(0, mixture.Coverage - down), Math.Min(1, mixture.Coverage + up));

        // The pixels are counted again, each from the thickness it has, and fitted again.
        var random = new Random(1);
        var total = histogram.Sum();
        var spread = Enumerable.Range(0, Resamples).Select(_ => CoverageMixture.Fit(mixture.Draw(total, histogram.Length + 8, random), away, mixture, alike ? 1 : null).Variation).StandardDeviation();
        if (!alike) { return new(mixture, coverage, Estimate.Of(mixture.Variation, spread), alike); }
        // What a bare pixel would have, no pixel tells: from the surroundings' level to what continuum makes of it.
        double At(double bare) => mixture.Variation * (mixture.Mean - mixture.Bare) / (mixture.Mean - bare);
        var (least, most) = (mixture.Variation, At(Math.Min(Continuum * away, 0.5 * mixture.Mean)));
        return new(mixture, coverage, Estimate.Of(0.5 * (least + most), Math.Sqrt((spread * spread) + Math.Pow((most - least) / (2 * 1.96), 2))), alike);
    }
}
