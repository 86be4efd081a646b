using Interphase.Cells;

namespace Interphase.Tests.Cells;

public class MaterialFunctionTests
{
    private static readonly double[] Points = [0.1, 0.3, 0.35, 0.6, 0.9], Falling = [4.4, 4.0, 3.99, 3.7, 3.2];

    [Fact]
    public void A_table_passes_through_its_points_and_never_overshoots()
    {
        var f = MaterialFunction.Of(Points, Falling);
        for (var i = 0; i < Points.Length; i++) { Assert.Equal(Falling[i], f.Value(Points[i], 0, 298), 1e-14); }
        var last = double.PositiveInfinity;
        for (var x = 0.1; x <= 0.9; x += 0.001)
        {
            var v = f.Value(x, 0, 298, out var slope, out var dce);
            Assert.True(v <= last && slope <= 0);
            Assert.Equal(0, dce);
            last = v;
        }
    }

    [Fact]
    public void The_slope_of_a_table_is_the_derivative_of_its_value()
    {
        var f = MaterialFunction.Of(Points, Falling);
        foreach (var x in new[] { 0.15, 0.32, 0.5, 0.77 })
        {
            f.Value(x, 0, 298, out var slope, out _);
            Assert.Equal((f.Value(x + 1e-6, 0, 298) - f.Value(x - 1e-6, 0, 298)) / 2e-6, slope, 1e-6);
        }
    }

    [Fact]
    public void Outside_a_table_its_end_value_holds_or_its_end_slope()
    {
        var flat = MaterialFunction.Of(Points, Falling);
        Assert.Equal(3.2, flat.Value(0.95, 0, 298, out var slope, out _), 1e-14);
        Assert.Equal(0, slope);
        var straight = MaterialFunction.Of(Points, Falling, straightEnds: true);
        straight.Value(0.9, 0, 298, out var end, out _);
        Assert.Equal(3.2 + (0.05 * end), straight.Value(0.95, 0, 298), 1e-12);
        Assert.True(end < 0);
    }

    /// <summary>The Arrhenius factor of 50 kJ/mol between 25 and 60 degC, and that temperature derivatives contain it.</summary>
    [Fact]
    public void Activation_multiplies_value_and_derivatives()
    {
        var f = MaterialFunction.Of(Interphase.Units.Expression.Parse("2*x*x")).WithActivation(50e3, 298.15);
        var factor = Math.Exp(50e3 / 8.31446261815324 * ((1 / 298.15) - (1 / 333.15)));
        Assert.Equal(0.5 * factor, f.Value(0.5, 0, 333.15, out var dx, out _), 1e-12);
        Assert.Equal(2 * factor, dx, 1e-12);
        Assert.Equal(0.5, f.Value(0.5, 0, 298.15), 1e-15);
        Assert.Equal((f.Value(0.5, 0, 333.151) - f.Value(0.5, 0, 333.149)) / 2e-3, f.TemperatureDerivative(0.5, 0, 333.15), 1e-6);
        Assert.False(f.IsConstant);
        var values = new double[3];
        var slopes = new double[3];
        f.OverStoichiometry([0.1, 0.5, 0.9], 0, 333.15, values, slopes);
        Assert.Equal(0.5 * factor, values[1], 1e-12);
        Assert.Equal(3.6 * factor, slopes[2], 1e-12);
    }

    [Fact]
    public void Over_concentration_and_over_both_agree_with_single_points()
    {
        var f = MaterialFunction.Of(Interphase.Units.Expression.Parse("sqrt(ce)*x + ce/1000"));
        double[] ce = [100, 500, 1000], v = new double[3], dx = new double[3], d = new double[3];
        f.OverBoth([0.5], ce, 298, v, dx, d);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(f.Value(0.5, ce[i], 298, out var ex, out var ec), v[i]);
            Assert.Equal((ex, ec), (dx[i], d[i]));
        }
        MaterialFunction.Of([0, 1000, 2000], [1, 2, 2.5], overConcentration: true).OverConcentration(ce, 298, v, d);
        Assert.Equal(2, v[2], 1e-14);
        Assert.True(d[0] > 0);
    }

    [Fact]
    public void Evaluating_many_points_allocates_nothing()
    {
        var f = MaterialFunction.Of(Interphase.Units.Expression.Parse("1e-19 + 4e-15/(1 + exp((x - 0.9239)/0.0071))"));
        double[] x = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)], v = new double[1000], d = new double[1000];
        f.OverStoichiometry(x, 0, 298, v, d);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) { f.OverStoichiometry(x, 0, 298, v, d); }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1.142, 48)]
    [InlineData(0.3, 5)]
    [InlineData(2, 1)]
    public void Contact_classes_have_mean_one_and_the_variance_of_the_log_normal(double sigma, int classes)
    {
        var m = new Contact(sigma, classes, 0).Multipliers();
        Assert.Equal(1, m.Average(), 1e-12);
        Assert.Equal(m.Order(), m);
        Assert.True(m.Select(v => v * v).Average() <= Math.Exp(sigma * sigma));
        // conditional means lose the variance inside the classes: it returns as they grow in number
        if (classes == 5) { Assert.Equal(Math.Exp(sigma * sigma), new Contact(sigma, 20000, 0).Multipliers().Select(v => v * v).Average(), 1e-4); }
    }
}
