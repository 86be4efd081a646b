using MathNet.Numerics;

namespace Interphase.Characterisation;

/// <summary>
/// Counts of a coating's lines as a mixture: bare pixels are Poisson with mean <paramref name="Bare"/>; covered pixels have
/// mean <paramref name="Mean"/> and a coating that varies with coefficient <paramref name="Variation"/> (log-normal). The noise of counting is thereby taken out of both coverage and variation.
/// </summary>
internal readonly record struct CoverageMixture(double Coverage, double Bare, double Mean, double Variation, double LogLikelihood)
{
    /// <summary>Maximum likelihood over a histogram of counts; starts from its own quartiles, or from another fit. A coverage that is given is kept; at 1 nothing is bare, and the least level stands for what it would have.</summary>
    public static CoverageMixture Fit(double[] histogram, double leastBare, CoverageMixture? start = null, double? coverage = null)
    {
        var total = histogram.Sum();
        var mean = histogram.Select((h, n) => h * n).Sum() / total;
        var starts = start is { } s ? [s] : new[]
        {
            new CoverageMixture(0.9, Math.Max(leastBare, 0.25 * mean), 1.1 * mean, 0.3, 0), new CoverageMixture(0.5, Math.Max(leastBare, 0.3 * mean), 1.7 * mean, 0.3, 0),
            new CoverageMixture(0.1, Math.Max(leastBare, 0.8 * mean), 3 * mean, 0.3, 0),
        };
        var best = new CoverageMixture(double.NaN, 0, 0, 0, double.NegativeInfinity);
        foreach (var from in starts)
        {
            var objective = Numerics.LevenbergMarquardt.Minimise((p, r) =>
            {
                // Deviance residuals make the likelihood a sum of squares.
                var m = new CoverageMixture(p[0], p[1], p[1] + p[2], p[3], 0);
                for (var n = 0; n < histogram.Length; n++)
                {
                    var expected = total * Math.Max(m.Probability(n), 1e-300);
                    var deviance = 2 * (expected - histogram[n] + (histogram[n] > 0 ? histogram[n] * Math.Log(histogram[n] / expected) : 0));
                    r[n] = Math.Sign(expected - histogram[n]) * Math.Sqrt(Math.Max(deviance, 0));
                }
            }, histogram.Length, [coverage ?? from.Coverage, coverage is 1 ? Math.Max(leastBare, 1e-3) : from.Bare, Math.Max(from.Mean - from.Bare, 0.05), from.Variation],
                [coverage ?? 0, Math.Max(leastBare, 1e-3), 0.02, 0.01], [coverage ?? 1, coverage is 1 ? Math.Max(leastBare, 1e-3) : Math.Max(mean * 3, 2 * leastBare), Math.Max(20 * mean, 1), 1.5], 60, 1e-9).Parameters;
            var fit = new CoverageMixture(objective[0], objective[1], objective[1] + objective[2], objective[3], 0);
            fit = fit with { LogLikelihood = fit.Of(histogram) };
            if (fit.LogLikelihood > best.LogLikelihood) { best = fit; }
        }
        return best;
    }

    /// <summary>Share of covered pixels in a part of the map, the two kinds of pixels being known, and its standard error.</summary>
    public (double Coverage, double StandardError) Share(double[] histogram)
    {
        var total = histogram.Sum();
        var c = 0.5;
        var kinds = this;
        var (bare, covered) = (histogram.Select((_, n) => kinds.BareProbability(n)).ToArray(), histogram.Select((_, n) => kinds.CoveredProbability(n)).ToArray());
        for (var pass = 0; pass < 500; pass++)
        {
            var next = 0.0;
            for (var n = 0; n < histogram.Length; n++)
            {
                if (histogram[n] > 0) { next += histogram[n] * c * covered[n] / ((c * covered[n]) + ((1 - c) * bare[n]) + 1e-300); }
            }
            if (Math.Abs((next / total) - c) < 1e-7) { break; }
            c = next / total;
        }
        var information = 0.0;
        for (var n = 0; n < histogram.Length; n++)
        {
            var d = (covered[n] - bare[n]) / ((c * covered[n]) + ((1 - c) * bare[n]) + 1e-300);
            information += histogram[n] * d * d;
        }
        return (c, 1 / Math.Sqrt(Math.Max(information, 1e-300)));
    }

    public double Of(double[] histogram)
    {
        var sum = 0.0;
        for (var n = 0; n < histogram.Length; n++)
        {
            if (histogram[n] > 0) { sum += histogram[n] * Math.Log(Math.Max(Probability(n), 1e-300)); }
        }
        return sum;
    }

    private double Probability(int n) => (Coverage * CoveredProbability(n)) + ((1 - Coverage) * BareProbability(n));

    private double BareProbability(int n) => Math.Exp((n * Math.Log(Bare)) - Bare - SpecialFunctions.GammaLn(n + 1));

    private double CoveredProbability(int n)
    {
        // Only the coating varies, not the background under its line: Gauss–Hermite over the log-normal.
        var sigma = Math.Sqrt(Math.Log(1 + (Variation * Variation)));
        var logFactorial = SpecialFunctions.GammaLn(n + 1);
        var sum = 0.0;
        foreach (var (z, weight) in Nodes)
        {
            var mean = Bare + ((Mean - Bare) * Math.Exp((sigma * z) - (0.5 * sigma * sigma)));
            sum += weight * Math.Exp((n * Math.Log(mean)) - mean - logFactorial);
        }
        return sum;
    }

    /// <summary>A histogram of as many pixels, each drawn from the thickness it has: the shares of bare pixels and of every thickness are those of the fit, so that only counting differs.</summary>
    public double[] Draw(double total, int bins, Random random)
    {
        var histogram = new double[bins];
        void Add(double pixels, double mean)
        {
            for (var k = (int)Math.Round(pixels); k > 0; k--) { histogram[Math.Min(bins - 1, MathNet.Numerics.Distributions.Poisson.Sample(random, mean))]++; }
        }

        Add(total * (1 - Coverage), Bare);
        var sigma = Math.Sqrt(Math.Log(1 + (Variation * Variation)));
        foreach (var (z, weight) in Nodes) { Add(total * Coverage * weight, Bare + ((Mean - Bare) * Math.Exp((sigma * z) - (0.5 * sigma * sigma)))); }
        return histogram;
    }

    /// <summary>A standard normal on 33 even points, which is exact to rounding for smooth integrands (trapezoidal rule).</summary>
    private static readonly (double Z, double Weight)[] Nodes = [.. Enumerable.Range(-16, 33).Select(k => (0.35 * k, 0.35 * Math.Exp(-0.5 * 0.35 * 0.35 * k * k) / Math.Sqrt(2 * Math.PI)))];
}
