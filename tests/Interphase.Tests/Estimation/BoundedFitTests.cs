using Interphase.Estimation;

namespace Interphase.Tests.Estimation;

/// <summary>The bounded fit on problems whose answer is known.</summary>
public class BoundedFitTests
{
    private static readonly double[] X = [0, 1, 2, 3, 4], Y = [1.1, 2.9, 5.2, 6.8, 9.1];

    private static readonly FreeParameter[] Line = [new("a", "1", -10, 10), new("b", "1", -10, 10)];

    private static double[] LineResiduals(double[] p) => [.. X.Select((v, i) => (p[0] + (p[1] * v) - Y[i]) / 0.1)];

    [Fact]
    public void A_straight_line_has_the_errors_and_correlation_of_the_textbook()
    {
        var fit = BoundedFit.Run(Line, LineResiduals, [0, 5], new() { Iterations = 40 });
        // Σ = 5, Σx = 10, Σx² = 30: slope 19.9/10, intercept mean − 2 slope; covariance 0.01/50 · [[30, −10], [−10, 5]].
        Assert.Equal(1.99, fit.Values[1], 1e-4);
        Assert.Equal(1.04, fit.Values[0], 1e-4);
        Assert.Equal(0.1 * Math.Sqrt(0.6), fit.StandardErrors[0], 1e-6);
        Assert.Equal(0.1 * Math.Sqrt(0.1), fit.StandardErrors[1], 1e-6);
        Assert.Equal(-10 / Math.Sqrt(150), fit.Correlation(0, 1), 1e-6);
        Assert.Equal(X.Select((v, i) => Math.Pow((1.04 + (1.99 * v) - Y[i]) / 0.1, 2)).Sum(), fit.ChiSquared, 1e-3);
    }

    [Fact]
    public void A_parameter_pushed_outwards_stands_at_its_bound_and_has_no_error()
    {
        var fit = BoundedFit.Run([new("a", "1", 0, 1), new("b", "1", 0.1, 100, true)], p => [p[0] - 3, Math.Log(p[1] / 20)], [0.5, 2], new() { Iterations = 40 });
        Assert.Equal(1, fit.Values[0]);
        Assert.True(fit.AtBound[0]);
        Assert.True(double.IsNaN(fit.StandardErrors[0]));
        Assert.Equal(20, fit.Values[1], 0.01);
        Assert.Equal(20, fit.StandardErrors[1], 0.1); // of the logarithm 1
    }

    [Fact]
    public void What_does_not_matter_is_not_identified()
    {
        var fit = BoundedFit.Run([new("a", "1", 0, 1), new("b", "1", 0, 1)], p => [p[0] - 0.3, 2 * (p[0] - 0.3)], [0.5, 0.5], new());
        Assert.Equal(0.3, fit.Values[0], 1e-4);
        Assert.True(double.IsNaN(fit.StandardErrors[1]));
    }

    [Fact]
    public void Derivatives_are_those_of_the_model_also_at_a_bound()
    {
        var slope = BoundedFit.Derivatives([new("a", "1", 0, 2), new("b", "1", 1, 100, true)], p => [3 * p[0], p[0] + Math.Log(p[1])], [2, 10]);
        Assert.Equal(3, slope[0, 0], 1e-9);
        Assert.Equal(0, slope[0, 1], 1e-9);
        Assert.Equal(1, slope[1, 0], 1e-9);
        Assert.Equal(0.1, slope[1, 1], 1e-9);
    }

    /// <summary>A straight line's interval is 1.96 standard errors to either side.</summary>
    [Fact]
    public void A_profile_of_a_straight_model_ends_where_its_covariance_says()
    {
        var fit = BoundedFit.Run(Line, LineResiduals, [0, 5], new() { Iterations = 40 });
        foreach (var up in new[] { false, true })
        {
            var end = ProfileLikelihood.End(Line, LineResiduals, fit.Values, fit.ChiSquared, 1, up, 0.02, 3.84);
            Assert.False(end.AtBound);
            Assert.Equal((up ? 1 : -1) * Math.Sqrt(3.84) * fit.StandardErrors[1], end.Value - fit.Values[1], 1e-4);
        }
    }

    /// <summary>r = (b² + a − 1)/0.1: a may have any value that leaves room for a b; the standard error at the least sum does not know.</summary>
    [Fact]
    public void A_profile_follows_a_bent_valley_to_the_bound()
    {
        FreeParameter[] p = [new("a", "1", 0, 3), new("b", "1", 0, 2)];
        var end = ProfileLikelihood.End(p, v => [(v[0] + (v[1] * v[1]) - 1) / 0.1], [0.5, Math.Sqrt(0.5)], 0, 0, true, 0.05, 3.84);
        Assert.Equal(1 + (0.1 * Math.Sqrt(3.84)), end.Value, 0.01);
        Assert.True(ProfileLikelihood.End(p, v => [(v[0] + (v[1] * v[1]) - 1) / 0.1], [0.5, Math.Sqrt(0.5)], 0, 0, false, 0.05, 3.84).AtBound);
    }

    [Fact]
    public void A_design_reaches_every_slice_of_every_parameter_and_its_best_places_lie_apart()
    {
        var design = NeutralStarts.Design(Line, 20, 7);
        foreach (var i in new[] { 0, 1 }) { Assert.Equal(Enumerable.Range(0, 20), design.Select(d => (int)((d[i] + 10) / 20 * 20)).Order()); }
        Assert.Equal(design.SelectMany(d => d), NeutralStarts.Design(Line, 20, 7).SelectMany(d => d));
        var sums = design.Select(d => LineResiduals(d).Sum(r => r * r)).ToArray();
        var best = NeutralStarts.Best(Line, design, sums, 3);
        Assert.Same(design[Array.IndexOf(sums, sums.Min())], best[0]);
        Assert.True(best.Length == 3 && Math.Max(Math.Abs(best[0][0] - best[1][0]), Math.Abs(best[0][1] - best[1][1])) >= 4);
    }
}
