using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>
/// The length of a vector in the plane whose two components are measured with the same normal error: it is longer than it is by that error,
/// and near zero no interval that is symmetric about it holds the truth as often as it says.
/// </summary>
internal static class VectorLength
{
    /// <summary>
    /// Length freed of what the error adds to its square, with a 95 % interval that is right at every true length (Neyman's construction): for
    /// each, measured lengths are taken out of which 2.5 % are shorter and 2.5 % longer; the shorter are let in as it nears zero, where 5 % are longer.
    /// </summary>
    public static Estimate Of(double length, double error)
    {
        // Of exactly zero nothing is shorter.
        var t = Math.Max(1e-6, length / error);
        var value = Math.Sqrt(Math.Max(0, (t * t) - 1));
        // Far from zero the length is normal.
        if (t > 20) { return Estimate.Of(error * value, error); }
        var upper = Root(l => Shorter(t, l) - Below(l), t + 6);
        var lower = Root(l => Shorter(t, l) - 0.95 - Below(l), t + 6);
        return new(error * value, error, error * lower, error * upper);
    }

    private static double Below(double length) => 0.025 * Math.Clamp((length - 1.5) / 1.5, 0, 1);

    /// <summary>Where a falling function is zero, by bisection; 0 where it is below already there.</summary>
    private static double Root(Func<double, double> falling, double far)
    {
        double low = 0, high = far;
        if (falling(0) <= 0) { return 0; }
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (falling(middle) > 0) { low = middle; } else { high = middle; }
        }
        return (low + high) / 2;
    }

    /// <summary>Share of measured lengths below one, in errors, of a true length (Rice 1945): a mixture of gamma distributions with Poisson's weights.</summary>
    internal static double Shorter(double measured, double truth)
    {
        double mean = truth * truth / 2, x = measured * measured / 2;
        double weight = Math.Exp(-mean), term = Math.Exp(-x), gamma = 1 - term, sum = 0;
        for (var j = 1; j < 2000 && (j < mean || weight > 1e-17); j++)
        {
            sum += weight * gamma;
            term *= x / j;
            gamma -= term;
            weight *= mean / j;
        }
        return sum;
    }
}
