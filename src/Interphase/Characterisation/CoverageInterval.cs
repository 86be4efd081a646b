using Interphase.Results;

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
    private const double Needed = 9.21, BeyondDoubt = 25, Allowed = 3.84 * Beyond * Beyond;

    /// <summary>Thicknesses outside the family that is fitted (log-normal to normal; even distributions were tried too) were seen to add a tenth to the errors: chosen on 400 fields.</summary>
    private const double Beyond = 1.1;

    /// <summary>No coverage is given more exactly: pixels at the edges of holes are partly covered.</summary>
    private const double Edges = 0.003;

    /// <summary>Bare particles have up to so many times the counts of their surroundings: the continuum grows with the atomic number.</summary>
    public const double Continuum = 5;

    /// <param name="histogram">Pixels with 0, 1, 2, … counts.</param>
    /// <param name="away">Mean counts of the surroundings: a bare particle has no fewer.</param>
    /// <param name="patch">Pixels that have one thickness.</param>
    /// <param name="mostBare">Counts that a bare pixel has at most, where no pixel shows what it has.</param>
    /// <param name="edges">What is known of pixels at the edges of holes.</param>
    /// <param name="excessOfBare">What a mixture's bare pixels hold of the coating's own lines, over what bare ones hold at most; 0 where that is not known.</param>
    public static CoverageInterval Of(double[] histogram, double away, double patch, double mostBare, HoleEdges edges, Func<CoverageMixture, double> excessOfBare)
    {
        var (two, one) = (CoverageMixture.Fit(histogram, away, edges: edges), CoverageMixture.Fit(histogram, away, coverage: 1));
        double Better() => 2 * (two.LogLikelihood - one.LogLikelihood);
        // What looks bare but holds more of the coating than continuum makes is thin coating, unless the counts are beyond doubt: then pixels that are bare indeed have to explain them.
        var excess = Better() is > Needed and < BeyondDoubt ? excessOfBare(two) : 0;
        if (excess > 1) { two = CoverageMixture.Fit(histogram, away, two with { Bare = two.Bare / excess }, mostBare: two.Bare / excess, edges: edges); }
        var alike = Better() < Needed;
        var mixture = alike ? one : two;
        var best = Math.Max(two.LogLikelihood, one.LogLikelihood);
        var of = mixture.Variances(histogram.Sum(), patch, histogram.Length + 8, away, alike ? default : edges);
        // A variance of the field's own share that is wider or narrower than the likelihood's changes what the likelihood allows (Kent, Biometrika 69 (1982) 19).
        var allowed = Allowed * (of.Coverage > 0 ? of.CoverageOfField / of.Coverage : 1);
        var allowedVariation = Allowed * (of.Variation > 0 ? of.VariationOfField / of.Variation : 1);
        var level = alike ? mostBare : double.PositiveInfinity;
        bool Allows(double at)
        {
            if (at == 1) { return 2 * (best - one.LogLikelihood) < allowed; }
            var near = 2 * (best - CoverageMixture.Fit(histogram, away, two, at, mostBare: level, edges: edges).LogLikelihood);
            // Another level of the bare pixels may do better, but not by so much.
            return near < allowed || (near < 25 * allowed && 2 * (best - CoverageMixture.Fit(histogram, away, coverage: at, mostBare: level, edges: edges).LogLikelihood) < allowed);
        }

        bool AllowsVariation(double at) => 2 * (mixture.LogLikelihood - CoverageMixture.Fit(histogram, away, mixture, alike ? 1 : null, at, edges: alike ? default : edges).LogLikelihood) < allowedVariation;

        double Side(double edge) => Math.Sqrt(Math.Pow(edge - mixture.Coverage, 2) + Math.Pow(1.96 * Edges, 2));
        var (down, up) = (Side(Edge(0, mixture.Coverage, Allows)), alike ? 0 : Side(Edge(1, mixture.Coverage, Allows)));
        var coverage = new Estimate(mixture.Coverage, Math.Max(down, up) / 1.96, Math.Max(0, mixture.Coverage - down), Math.Min(1, mixture.Coverage + up));

        // Far enough is as a rule eight standard errors off.
        double VariationEdge(double side, double furthest)
        {
            var far = mixture.Variation + (side * 8 * Math.Sqrt(of.VariationOfField));
            return Edge((furthest - far) * side > 0 && of.VariationOfField > 0 && !AllowsVariation(far) ? far : furthest, mixture.Variation, AllowsVariation);
        }

        var (least, most) = (VariationEdge(-1, 0.01), VariationEdge(1, 1.5));
        if (alike)
        {
            // What a bare pixel would have, no pixel tells: from the surroundings' level to what continuum makes of it.
            var part = (mixture.Mean - mixture.Bare) / (mixture.Mean - Math.Min(Continuum * away, 0.5 * mixture.Mean));
            var (middle, half) = (0.5 * (1 + part) * mixture.Variation, 0.5 * (part - 1) * mixture.Variation);
            (down, up) = (Math.Sqrt(Math.Pow(mixture.Variation - least, 2) + (half * half)), Math.Sqrt(Math.Pow(most - mixture.Variation, 2) + (half * half)));
            return new(mixture, coverage, new Estimate(middle, Math.Max(down, up) / 1.96, Math.Max(0, middle - down), middle + up), alike);
        }
        return new(mixture, coverage, new Estimate(mixture.Variation, Math.Max(mixture.Variation - least, most - mixture.Variation) / 1.96, least, most), alike);
    }

    /// <summary>The end of what is allowed between a far value and the best one, sought from the far end: the likelihood may fall and rise again.</summary>
    private static double Edge(double from, double best, Func<double, bool> allows)
    {
        const int steps = 6;
        var (outside, inside) = (from, best);
        if (Math.Abs(from - inside) < 1e-3 || allows(from)) { return from; }
        for (var k = 1; k < steps; k++)
        {
            var at = from + ((best - from) * k / steps);
            if (allows(at)) { inside = at; break; }
            outside = at;
        }
        for (var k = 0; k < 6; k++)
        {
            var middle = 0.5 * (outside + inside);
            if (allows(middle)) { inside = middle; } else { outside = middle; }
        }
        return inside;
    }
}
