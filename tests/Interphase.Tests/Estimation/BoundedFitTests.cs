using Interphase.Estimation;

namespace Interphase.Tests.Estimation;

/// <summary>The bounded fit on problems whose answer is known.</summary>
public class BoundedFitTests
{
    [Fact]
    public void A_straight_line_has_the_errors_and_correlation_of_the_textbook()
    {
        double[] x = [0, 1, 2, 3, 4], y = [1.1, 2.9, 5.2, 6.8, 9.1];
        var fit = BoundedFit.Run([new("a", "1", 0, -10, 10), new("b", "1", 5, -10, 10)], p => [.. x.Select((v, i) => (p[0] + (p[1] * v) - y[i]) / 0.1)], iterations: 40);
        // Σ = 5, Σx = 10, Σx² = 30: slope 19.9/10, intercept mean − 2 slope; covariance 0.01/50 · [[30, −10], [−10, 5]].
        Assert.Equal(1.99, fit.Values[1], 1e-4);
        Assert.Equal(1.04, fit.Values[0], 1e-4);
        Assert.Equal(0.1 * Math.Sqrt(0.6), fit.StandardErrors[0], 1e-4);
        Assert.Equal(0.1 * Math.Sqrt(0.1), fit.StandardErrors[1], 1e-4);
        Assert.Equal(-10 / Math.Sqrt(150), fit.Correlation[0, 1], 1e-4);
        Assert.Equal(x.Select((v, i) => Math.Pow((1.04 + (1.99 * v) - y[i]) / 0.1, 2)).Sum(), fit.ChiSquared, 1e-3);
    }

    [Fact]
    public void A_parameter_pushed_outwards_stands_at_its_bound_and_has_no_error()
    {
        var fit = BoundedFit.Run([new("a", "1", 0.5, 0, 1), new("b", "1", 2, 0.1, 100, true)], p => [p[0] - 3, Math.Log(p[1] / 20)], iterations: 40);
        Assert.Equal(1, fit.Values[0], 1e-9);
        Assert.True(fit.AtBound[0]);
        Assert.True(double.IsNaN(fit.StandardErrors[0]));
        Assert.Equal(20, fit.Values[1], 0.01);
        Assert.Equal(20, fit.StandardErrors[1], 1.0);
    }

    [Fact]
    public void What_does_not_matter_is_not_identified()
    {
        var fit = BoundedFit.Run([new("a", "1", 0.5, 0, 1), new("b", "1", 0.5, 0, 1)], p => [p[0] - 0.3, 2 * (p[0] - 0.3)]);
        Assert.Equal(0.3, fit.Values[0], 1e-4);
        Assert.True(double.IsNaN(fit.StandardErrors[1]));
    }
}
