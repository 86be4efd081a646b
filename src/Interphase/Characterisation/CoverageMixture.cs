using System.Numerics;
using System.Runtime.InteropServices;

namespace Interphase.Characterisation;

/// <summary>
/// Counts of a coating's lines as a mixture: bare pixels are Poisson with mean <paramref name="Bare"/>; covered pixels have
/// mean <paramref name="Mean"/> and a coating that varies with coefficient <paramref name="Variation"/>. The noise of counting is thereby taken out of both coverage and variation.
/// </summary>
/// <param name="Coverage">Share of covered pixels.</param>
/// <param name="Bare">Mean counts of a bare pixel.</param>
/// <param name="Mean">Mean counts of a covered pixel.</param>
/// <param name="Variation">Standard deviation over mean of the coating's thickness.</param>
/// <param name="LogLikelihood">Of the histogram it was fitted to, and of the skew before it.</param>
/// <param name="Skew">How the thickness is distributed: X = 1 + (L − 1)/skew with L log-normal, cut at nothing. At 1 X is log-normal, towards 0 normal, beyond 1 it has a least thickness.</param>
internal readonly record struct CoverageMixture(double Coverage, double Bare, double Mean, double Variation, double Skew, double LogLikelihood)
{
    private const double LeastSkew = 0.05, MostSkew = 1.5, LeastVariation = 0.01, MostVariation = 1.5;

    // Few counts do not tell how thicknesses are distributed: between normal and log-normal is what is expected before, within one standard deviation.
    private const double UsualSkew = 0.7, SkewSpread = 0.45;

    /// <summary>Maximum likelihood over a histogram of counts; starts from its own mean, or from another fit. A coverage or variation that is given is kept; at a coverage of 1 nothing is bare, and the least level stands for what it would have.</summary>
    public static CoverageMixture Fit(double[] histogram, double leastBare, CoverageMixture? start = null, double? coverage = null, double? variation = null, double mostBare = double.PositiveInfinity)
    {
        var total = histogram.Sum();
        var mean = histogram.Select((h, n) => h * n).Sum() / total;
        var starts = start is { } s ? [s] : new[]
        {
            new CoverageMixture(0.9, Math.Max(leastBare, 0.25 * mean), 1.1 * mean, 0.3, 0.7, 0), new CoverageMixture(0.5, Math.Max(leastBare, 0.3 * mean), 1.7 * mean, 0.3, 0.7, 0),
            new CoverageMixture(0.1, Math.Max(leastBare, 0.8 * mean), 3 * mean, 0.3, 0.7, 0),
        };
        var least = Math.Max(leastBare, 1e-3);
        var most = Math.Max(least, Math.Min(mostBare, Math.Max(mean * 3, 2 * leastBare)));
        var probability = new double[histogram.Length];
        var best = new CoverageMixture(double.NaN, 0, 0, 0, 0, double.NegativeInfinity);
        foreach (var from in starts)
        {
            var p = Numerics.LevenbergMarquardt.Minimise((p, r) =>
            {
                // Deviance residuals make the likelihood a sum of squares.
                new CoverageMixture(p[0], p[1], p[1] + p[2], p[3], p[4], 0).Probabilities(probability, p[0], 1 - p[0]);
                for (var n = 0; n < histogram.Length; n++)
                {
                    var expected = total * Math.Max(probability[n], 1e-300);
                    var deviance = 2 * (expected - histogram[n] + (histogram[n] > 0 ? histogram[n] * Math.Log(histogram[n] / expected) : 0));
                    r[n] = Math.Sign(expected - histogram[n]) * Math.Sqrt(Math.Max(deviance, 0));
                }
                r[^1] = (p[4] - UsualSkew) / SkewSpread;
            }, histogram.Length + 1, [coverage ?? from.Coverage, coverage is 1 ? least : Math.Min(from.Bare, most), Math.Max(from.Mean - from.Bare, 0.05), variation ?? from.Variation, from.Skew],
                [coverage ?? 0, least, 0.02, variation ?? LeastVariation, LeastSkew], [coverage ?? 1, coverage is 1 ? least : most, Math.Max(20 * mean, 1), variation ?? MostVariation, MostSkew], 60, 1e-9).Parameters;
            var fit = new CoverageMixture(p[0], p[1], p[1] + p[2], p[3], p[4], 0);
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
        var (bare, covered) = (new double[histogram.Length], new double[histogram.Length]);
        Probabilities(bare, 0, 1);
        Probabilities(covered, 1, 0);
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

    private double Of(double[] histogram)
    {
        var probability = new double[histogram.Length];
        Probabilities(probability, Coverage, 1 - Coverage);
        var sum = 0.0;
        for (var n = 0; n < histogram.Length; n++)
        {
            if (histogram[n] > 0) { sum += histogram[n] * Math.Log(Math.Max(probability[n], 1e-300)); }
        }
        return sum - (0.5 * Math.Pow((Skew - UsualSkew) / SkewSpread, 2));
    }

    /// <summary>Probabilities of 0, 1, 2, … counts of pixels of which so many are covered and so many bare.</summary>
    private void Probabilities(Span<double> result, double covered, double bare)
    {
        Span<double> mean = stackalloc double[Padded], term = stackalloc double[Padded];
        mean.Clear();
        term.Clear();
        for (var k = 0; k < Nodes.Length; k++)
        {
            // Only the coating varies, not the background under its line.
            mean[k] = Bare + ((Mean - Bare) * Thickness(k));
            term[k] = covered * Nodes[k].Weight * Math.Exp(-mean[k]);
        }
        mean[Nodes.Length] = Bare;
        term[Nodes.Length] = bare * Math.Exp(-Bare);
        // Poisson's probabilities follow from each other; no count is so high that e^(−mean) of a node that matters vanishes.
        var means = MemoryMarshal.Cast<double, Vector<double>>(mean);
        var terms = MemoryMarshal.Cast<double, Vector<double>>(term);
        for (var n = 0; n < result.Length; n++)
        {
            var (sum, by) = (Vector<double>.Zero, n == 0 ? 1 : 1.0 / n);
            for (var k = 0; k < means.Length; k++)
            {
                if (n > 0) { terms[k] *= means[k] * by; }
                sum += terms[k];
            }
            result[n] = Vector.Sum(sum);
        }
    }

    /// <summary>Thickness at a node, of mean 1.</summary>
    private double Thickness(int k)
    {
        var v = Skew * Variation;
        var sigma = Math.Sqrt(Math.Log(1 + (v * v)));
        return Math.Max(0, 1 + ((Math.Exp((sigma * Nodes[k].Z) - (0.5 * sigma * sigma)) - 1) / Skew));
    }

    /// <summary>
    /// Variances of coverage and variation over so many pixels: that of the likelihood, and that of what is asked for, the coverage and
    /// variation of the very field. An estimate moves with each pixel by its influence ψ = I⁻¹·score. Of a field that is given, bare and
    /// covered pixels and their thicknesses do not change, only counts: E var(ψ | thickness). To this comes that thicknesses are not
    /// distributed as the model has it: a field of so many pixels has but pixels/patch independent ones, and by each the mean of ψ differs from
    /// its part φ in the field's own value, (x − 1)² − V² over 2V less V(x − 1).
    /// </summary>
    /// <param name="total">Pixels.</param>
    /// <param name="patch">Pixels that have one thickness.</param>
    /// <param name="bins">Counts to take in.</param>
    /// <param name="leastBare">Where the bare level cannot go lower.</param>
    public (double Coverage, double CoverageOfField, double Variation, double VariationOfField) Variances(double total, double patch, int bins, double leastBare)
    {
        double[] at = [Coverage, Bare, Mean - Bare, Variation, Skew], low = [0, Math.Max(leastBare, 1e-3), 0.02, LeastVariation, LeastSkew], high = [1, double.PositiveInfinity, double.PositiveInfinity, MostVariation, MostSkew];
        var free = Enumerable.Range(0, 5).Where(i => at[i] > low[i] * (1 + 1e-6) && at[i] < high[i] * (1 - 1e-6) && !(at[0] == 1 && i < 2)).ToArray();
        var p = new double[bins];
        Probabilities(p, Coverage, 1 - Coverage);
        var scores = free.Select(i =>
        {
            double[] Moved(double by)
            {
                var q = (double[])at.Clone();
                q[i] += by;
                var moved = new double[bins];
                new CoverageMixture(q[0], q[1], q[1] + q[2], q[3], q[4], 0).Probabilities(moved, q[0], 1 - q[0]);
                return moved;
            }
            var h = 1e-4 * Math.Max(at[i], 0.01);
            return Moved(h).Zip(Moved(-h), (a, b) => (a - b) / (2 * h)).Select((d, n) => d / Math.Max(p[n], 1e-300)).ToArray();
        }).ToArray();
        var information = new double[free.Length, free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++) { information[i, j] = p.Select((q, n) => q * scores[i][n] * scores[j][n]).Sum() + (i == j && free[i] == 4 ? 1 / (SkewSpread * SkewSpread * total) : 0); }
        }
        var regular = Interphase.Numerics.Cholesky.Factor(information);
        var kinds = new double[Nodes.Length + 1][];
        for (var k = 0; k < kinds.Length; k++)
        {
            var mean = k < Nodes.Length ? Bare + ((Mean - Bare) * Thickness(k)) : Bare;
            kinds[k] = [.. Enumerable.Range(0, bins).Select(n => Math.Exp((n * Math.Log(mean)) - mean - MathNet.Numerics.SpecialFunctions.GammaLn(n + 1)))];
        }
        var self = this;
        (double, double) Of(int parameter)
        {
            var row = Array.IndexOf(free, parameter);
            if (row < 0 || !regular) { return (0, 0); }
            var e = new double[free.Length];
            e[row] = 1;
            Interphase.Numerics.Cholesky.Solve(information, e);
            var influence = Enumerable.Range(0, bins).Select(n => free.Select((_, i) => e[i] * scores[i][n]).Sum()).ToArray();
            double counting = 0, between = 0;
            for (var k = 0; k < kinds.Length; k++)
            {
                var weight = k < Nodes.Length ? self.Coverage * Nodes[k].Weight : 1 - self.Coverage;
                double mean = 0, square = 0;
                for (var n = 0; n < bins; n++) { mean += kinds[k][n] * influence[n]; square += kinds[k][n] * influence[n] * influence[n]; }
                counting += weight * (square - (mean * mean));
                if (k == Nodes.Length) { continue; }
                var x = self.Thickness(k) - 1;
                var own = parameter == 0 ? 1 - self.Coverage : (((x * x) - (self.Variation * self.Variation)) / (2 * self.Variation) - (self.Variation * x)) / self.Coverage;
                between += weight * (mean - own) * (mean - own);
            }
            return (e[row] / total, (counting + (patch * between)) / total);
        }

        var ((likelyC, fieldC), (likelyV, fieldV)) = (Of(0), Of(3));
        return (likelyC, fieldC, likelyV, fieldV);
    }

    /// <summary>A standard normal on 33 even points, which is exact to rounding for smooth integrands (trapezoidal rule).</summary>
    private static readonly (double Z, double Weight)[] Nodes = [.. Enumerable.Range(-16, 33).Select(k => (0.35 * k, 0.35 * Math.Exp(-0.5 * 0.35 * 0.35 * k * k) / Math.Sqrt(2 * Math.PI)))];

    /// <summary>Nodes and bare pixels, filled up to whole vectors of any machine.</summary>
    private const int Padded = 40;
}
