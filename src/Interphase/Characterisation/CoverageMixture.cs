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
/// <param name="Edges">Share of partly covered pixels, over c(1 − c) at the coverage c.</param>
/// <param name="Skew">How the thickness is distributed: X = 1 + (L − 1)/skew with L log-normal, cut at nothing. At 1 X is log-normal, towards 0 normal, beyond 1 it has a least thickness.</param>
internal readonly record struct CoverageMixture(double Coverage, double Bare, double Mean, double Variation, double Skew, double Edges, double LogLikelihood)
{
    private const double LeastSkew = 0.05, MostSkew = 1.5, LeastVariation = 0.01, MostVariation = 1.5;

    // Few counts do not tell how thicknesses are distributed: between normal and log-normal is what is expected before, within one standard deviation.
    private const double UsualSkew = 0.7, SkewSpread = 0.45;

    /// <summary>Maximum likelihood over a histogram of counts; starts from its own mean, or from another fit. A coverage or variation that is given is kept; at a coverage of 1 nothing is bare, and the least level stands for what it would have.</summary>
    public static CoverageMixture Fit(double[] histogram, double leastBare, CoverageMixture? start = null, double? coverage = null, double? variation = null, double mostBare = double.PositiveInfinity, HoleEdges edges = default)
    {
        var total = histogram.Sum();
        var mean = histogram.Select((h, n) => h * n).Sum() / total;
        var starts = start is { } s ? [s] : new[]
        {
            new CoverageMixture(0.9, Math.Max(leastBare, 0.25 * mean), 1.1 * mean, 0.3, 0.7, edges.Share, 0), new CoverageMixture(0.5, Math.Max(leastBare, 0.3 * mean), 1.7 * mean, 0.3, 0.7, edges.Share, 0),
            new CoverageMixture(0.1, Math.Max(leastBare, 0.8 * mean), 3 * mean, 0.3, 0.7, edges.Share, 0),
        };
        var least = Math.Max(leastBare, 1e-3);
        var most = Math.Max(least, Math.Min(mostBare, Math.Max(mean * 3, 2 * leastBare)));
        var probability = new double[histogram.Length];
        var best = new CoverageMixture(double.NaN, 0, 0, 0, 0, 0, double.NegativeInfinity);
        foreach (var from in starts)
        {
            var p = Numerics.LevenbergMarquardt.Minimise((p, r) =>
            {
                // Deviance residuals make the likelihood a sum of squares.
                new CoverageMixture(p[0], p[1], p[1] + p[2], p[3], p[4], p[5], 0).Probabilities(probability);
                for (var n = 0; n < histogram.Length; n++)
                {
                    var expected = total * Math.Max(probability[n], 1e-300);
                    var deviance = 2 * (expected - histogram[n] + (histogram[n] > 0 ? histogram[n] * Math.Log(histogram[n] / expected) : 0));
                    r[n] = Math.Sign(expected - histogram[n]) * Math.Sqrt(Math.Max(deviance, 0));
                }
                r[^2] = (p[4] - UsualSkew) / SkewSpread;
                r[^1] = edges.Error > 0 ? (p[5] - edges.Share) / edges.Error : 0;
            }, histogram.Length + 2, [coverage ?? from.Coverage, coverage is 1 ? least : Math.Min(from.Bare, most), Math.Max(from.Mean - from.Bare, 0.05), variation ?? from.Variation, from.Skew, from.Edges],
                [coverage ?? 0, least, 0.02, variation ?? LeastVariation, LeastSkew, 0], [coverage ?? 1, coverage is 1 ? least : most, Math.Max(20 * mean, 1), variation ?? MostVariation, MostSkew, edges.Share + (4 * edges.Error)], 60, 1e-9).Parameters;
            var fit = new CoverageMixture(p[0], p[1], p[1] + p[2], p[3], p[4], p[5], 0);
            fit = fit with { LogLikelihood = fit.Of(histogram, edges) };
            if (fit.LogLikelihood > best.LogLikelihood) { best = fit; }
        }
        return best;
    }

    /// <summary>Share of covered pixels in a part of the map, the kinds of pixels being known, and its standard error.</summary>
    public (double Coverage, double StandardError) Share(double[] histogram)
    {
        var self = this;
        var probability = new double[histogram.Length];
        double LogLikelihood(double c)
        {
            (self with { Coverage = c }).Probabilities(probability);
            return histogram.Select((h, n) => h > 0 ? h * Math.Log(Math.Max(probability[n], 1e-300)) : 0).Sum();
        }

        // Golden section; the likelihood of a share is concave.
        const double golden = 0.6180339887498949;
        double low = 0, high = 1;
        double a = high - golden, b = low + golden, atA = LogLikelihood(a), atB = LogLikelihood(b);
        while (high - low > 1e-6)
        {
            if (atA > atB) { (high, b, atB) = (b, a, atA); a = high - (golden * (high - low)); atA = LogLikelihood(a); }
            else { (low, a, atA) = (a, b, atB); b = low + (golden * (high - low)); atB = LogLikelihood(b); }
        }
        var c = 0.5 * (low + high);
        var h = Math.Min(0.01, 0.5 * Math.Max(Math.Min(c, 1 - c), 1e-3));
        double[] less = new double[histogram.Length], more = new double[histogram.Length];
        (self with { Coverage = c }).Probabilities(probability);
        (self with { Coverage = c - h }).Probabilities(less);
        (self with { Coverage = c + h }).Probabilities(more);
        var information = 0.0;
        for (var n = 0; n < histogram.Length; n++)
        {
            var d = (more[n] - less[n]) / (2 * h) / (probability[n] + 1e-300);
            information += histogram[n] * d * d;
        }
        return (c, 1 / Math.Sqrt(Math.Max(information, 1e-300)));
    }

    /// <summary>Logarithm of how much likelier 0, 1, 2, … counts are of a pixel more than half of which is covered than of one less than half of which is.</summary>
    public double[] LogOdds(int bins)
    {
        var (more, less) = (new double[bins], new double[bins]);
        Probabilities(more, 0);
        Probabilities(less, 1);
        return [.. more.Zip(less, (c, b) => Math.Log(Math.Max(c / more.Sum(), 1e-300) / Math.Max(b / less.Sum(), 1e-300)))];
    }

    /// <summary>How likely pixels of 0, 1, 2, … counts are bare.</summary>
    public double[] Bareness(int bins)
    {
        double[] all = new double[bins], bare = new double[bins];
        Probabilities(all);
        (this with { Coverage = 0 }).Probabilities(bare);
        var share = Kinds.Bare;
        return [.. bare.Zip(all, (b, a) => a > 0 ? share * b / a : 0)];
    }

    private double Of(double[] histogram, HoleEdges edges)
    {
        var probability = new double[histogram.Length];
        Probabilities(probability);
        var sum = 0.0;
        for (var n = 0; n < histogram.Length; n++)
        {
            if (histogram[n] > 0) { sum += histogram[n] * Math.Log(Math.Max(probability[n], 1e-300)); }
        }
        return sum - (0.5 * Math.Pow((Skew - UsualSkew) / SkewSpread, 2)) - (edges.Error > 0 ? 0.5 * Math.Pow((Edges - edges.Share) / edges.Error, 2) : 0);
    }

    /// <summary>Shares of pixels that are all covered, all bare, and partly covered.</summary>
    private (double Covered, double Bare, double Partly) Kinds
    {
        get
        {
            var partly = Math.Min(Edges * Coverage * (1 - Coverage), 2 * Math.Min(Coverage, 1 - Coverage));
            return (Coverage - (0.5 * partly), 1 - Coverage - (0.5 * partly), partly);
        }
    }

    /// <summary>True where all pixels of the rarer kind are partly of the other.</summary>
    public bool AllMixed => Kinds is var k && k.Partly > 0 && Math.Min(k.Covered, k.Bare) <= 0;

    /// <summary>Probabilities of 0, 1, 2, … counts; of pixels alone that are covered by more (0) or less (1) than half, if asked for.</summary>
    private void Probabilities(Span<double> result, int? half = null)
    {
        var (covered, bare, partly) = Kinds;
        if (half == 0) { bare = 0; }
        if (half == 1) { covered = 0; }
        var padded = partly > 0 ? PaddedWithEdges : Padded;
        Span<double> mean = stackalloc double[padded], term = stackalloc double[padded];
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
        if (partly > 0)
        {
            var at = Nodes.Length + 1;
            foreach (var (part, weight) in HoleEdges.Places)
            {
                for (var k = 0; k < Nodes.Length; k += Coarse)
                {
                    mean[at] = Bare + (part * (mean[k] - Bare));
                    term[at] = (half is null || part == 0.5 ? 1 : half == 0 == part > 0.5 ? 1 : 0) * partly * weight * Coarse * Nodes[k].Weight * Math.Exp(-mean[at]);
                    at++;
                }
            }
        }
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
    /// <param name="edges">What is known of edges beforehand; its error comes to both.</param>
    public (double Coverage, double CoverageOfField, double Variation, double VariationOfField) Variances(double total, double patch, int bins, double leastBare, HoleEdges edges)
    {
        double[] at = [Coverage, Bare, Mean - Bare, Variation, Skew, Edges], low = [0, Math.Max(leastBare, 1e-3), 0.02, LeastVariation, LeastSkew, 0], high = [1, double.PositiveInfinity, double.PositiveInfinity, MostVariation, MostSkew, double.PositiveInfinity];
        var free = Enumerable.Range(0, edges.Error > 0 ? 6 : 5).Where(i => at[i] > low[i] * (1 + 1e-6) && at[i] < high[i] * (1 - 1e-6) && !(at[0] == 1 && i is < 2 or 5)).ToArray();
        var p = new double[bins];
        Probabilities(p);
        var scores = free.Select(i =>
        {
            double[] Moved(double by)
            {
                var q = (double[])at.Clone();
                q[i] += by;
                var moved = new double[bins];
                new CoverageMixture(q[0], q[1], q[1] + q[2], q[3], q[4], q[5], 0).Probabilities(moved);
                return moved;
            }
            var h = 1e-4 * Math.Max(at[i], 0.01);
            return Moved(h).Zip(Moved(-h), (a, b) => (a - b) / (2 * h)).Select((d, n) => d / Math.Max(p[n], 1e-300)).ToArray();
        }).ToArray();
        var information = new double[free.Length, free.Length];
        for (var i = 0; i < free.Length; i++)
        {
            for (var j = 0; j < free.Length; j++) { information[i, j] = p.Select((q, n) => q * scores[i][n] * scores[j][n]).Sum() + (i != j ? 0 : free[i] == 4 ? 1 / (SkewSpread * SkewSpread * total) : free[i] == 5 ? 1 / (edges.Error * edges.Error * total) : 0); }
        }
        var regular = Interphase.Numerics.Cholesky.Factor(information);
        var (covered, bareShare, partly) = Kinds;
        var (bareMean, more) = (Bare, Mean - Bare);
        double[] Counted(double mean) => [.. Enumerable.Range(0, bins).Select(n => Math.Exp((n * Math.Log(mean)) - mean - MathNet.Numerics.SpecialFunctions.GammaLn(n + 1)))];
        // Pixels of one kind and thickness; across an edge there is always all of it.
        List<(double Weight, double Thickness, (double Part, double Weight, double[] Counted)[] Places)> kinds = [(bareShare, double.NaN, [(0, 1, Counted(Bare))])];
        for (var k = 0; k < Nodes.Length; k++) { kinds.Add((covered * Nodes[k].Weight, Thickness(k), [(1, 1, Counted(bareMean + (more * Thickness(k))))])); }
        for (var k = 0; k < Nodes.Length && partly > 0; k += Coarse)
        {
            var thickness = Thickness(k);
            kinds.Add((partly * Coarse * Nodes[k].Weight, thickness, [.. HoleEdges.Places.Select(p => (p.Covered, p.Weight, Counted(bareMean + (more * p.Covered * thickness))))]));
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
            foreach (var (weight, thickness, places) in kinds)
            {
                var (x, off) = (thickness - 1, 0.0);
                foreach (var (part, share, counted) in places)
                {
                    double mean = 0, square = 0;
                    for (var n = 0; n < bins; n++) { mean += counted[n] * influence[n]; square += counted[n] * influence[n] * influence[n]; }
                    counting += weight * share * (square - (mean * mean));
                    off += share * (mean - (parameter == 0 ? part - self.Coverage : part == 0 ? 0 : part * (((x * x) - (self.Variation * self.Variation)) / (2 * self.Variation) - (self.Variation * x)) / self.Coverage));
                }
                if (!double.IsNaN(thickness)) { between += weight * off * off; }
            }
            // The length of edges is not known: by its error both go where the likelihood takes them.
            var edge = Array.IndexOf(free, 5);
            if (edge >= 0) { counting += e[edge] * e[edge] / (edges.Error * edges.Error * total); }
            return (e[row] / total, (counting + (patch * between)) / total);
        }

        var ((likelyC, fieldC), (likelyV, fieldV)) = (Of(0), Of(3));
        return (likelyC, fieldC, likelyV, fieldV);
    }

    /// <summary>A standard normal on 33 even points, which is exact to rounding for smooth integrands (trapezoidal rule).</summary>
    private static readonly (double Z, double Weight)[] Nodes = [.. Enumerable.Range(-16, 33).Select(k => (0.35 * k, 0.35 * Math.Exp(-0.5 * 0.35 * 0.35 * k * k) / Math.Sqrt(2 * Math.PI)))];

    /// <summary>Nodes and bare pixels, filled up to whole vectors of any machine.</summary>
    private const int Padded = 40, PaddedWithEdges = 96;

    /// <summary>Every third node does where three standard deviations of it are smeared over an edge.</summary>
    private const int Coarse = 3;
}
