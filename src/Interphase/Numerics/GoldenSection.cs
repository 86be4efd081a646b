namespace Interphase.Numerics;

/// <summary>The least value of a function of one variable by golden sections (Kiefer 1953).</summary>
internal static class GoldenSection
{
    private const double Golden = 0.6180339887498949;

    /// <summary>Between two ends, about its only minimum there.</summary>
    /// <param name="a">One end.</param>
    /// <param name="b">The other.</param>
    /// <param name="sections">How often the interval is made shorter by 0.618.</param>
    /// <param name="f">The function.</param>
    public static (double X, double Value) Of(double a, double b, int sections, Func<double, double> f)
    {
        var (c, d) = (b - (Golden * (b - a)), a + (Golden * (b - a)));
        var (fc, fd) = (f(c), f(d));
        for (var i = 0; i < sections; i++)
        {
            if (fc < fd) { (b, d, fd) = (d, c, fc); c = b - (Golden * (b - a)); fc = f(c); }
            else { (a, c, fc) = (c, d, fd); d = a + (Golden * (b - a)); fd = f(d); }
        }
        return fc < fd ? (c, fc) : (d, fd);
    }

    /// <summary>About the least of <paramref name="steps"/> + 1 even places between two ends.</summary>
    public static (double X, double Value) OfGrid(double from, double to, int steps, int sections, Func<double, double> f)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var i = 0; i <= steps; i++)
        {
            var value = f(from + ((to - from) * i / steps));
            if (value < least) { (best, least) = (i, value); }
        }
        var step = (to - from) / steps;
        return Of(from + (step * Math.Max(0, best - 1)), from + (step * Math.Min(steps, best + 1)), sections, f);
    }
}
