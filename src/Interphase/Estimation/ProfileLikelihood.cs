namespace Interphase.Estimation;

/// <summary>
/// How far one parameter may go while all others follow: the interval in which the sum of squares, lowered over the others, stays
/// within a rise (Venzon and Moolgavkar 1988). Unlike a standard error it sees a valley that bends.
/// </summary>
public static class ProfileLikelihood
{
    /// <summary>The end of the interval on one side.</summary>
    /// <param name="parameters">All parameters of the fit.</param>
    /// <param name="residuals">As of the fit.</param>
    /// <param name="best">Values with the least sum of squares.</param>
    /// <param name="least">That sum.</param>
    /// <param name="index">The parameter.</param>
    /// <param name="up">Towards the upper bound or the lower.</param>
    /// <param name="first">First step, in the unit of the parameter; it doubles until the rise is passed.</param>
    /// <param name="rise">Of the sum of squares: 3.84 for 95 %.</param>
    /// <param name="cancellation">Stops between evaluations.</param>
    /// <returns>The end, and whether it is a bound that was reached before the sum rose so far.</returns>
    public static ProfileEnd End(
        IReadOnlyList<FreeParameter> parameters, Func<double[], double[]> residuals, double[] best, double least, int index, bool up, double first, double rise, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(residuals);
        ArgumentNullException.ThrowIfNull(best);
        FreeParameter[] others = [.. parameters.Where((_, i) => i != index)];
        var p = parameters[index];
        var limit = up ? p.Upper : p.Lower;
        double[] With(double[] rest, double value) => [.. rest[..index], value, .. rest[index..]];
        (double Value, double Rise, double[] Others) Follow(double value, double[] from)
        {
            var fit = BoundedFit.Run(others, rest => residuals(With(rest, value)), from, new() { Central = false, Iterations = 3, Tolerance = 0.02 }, cancellation);
            return (value, fit.ChiSquared - least, fit.Values);
        }
        var inside = (Value: best[index], Rise: 0.0, Others: best.Where((_, i) => i != index).ToArray());
        var step = first;
        while (inside.Value != limit)
        {
            var outside = Follow(up ? Math.Min(limit, inside.Value + step) : Math.Max(limit, inside.Value - step), inside.Others);
            for (var k = 0; outside.Rise >= rise; k++)
            {
                // Near a minimum the root of the rise runs straight.
                double a = Math.Sqrt(Math.Max(0, inside.Rise)), b = Math.Sqrt(outside.Rise);
                var value = inside.Value + ((outside.Value - inside.Value) * (Math.Sqrt(rise) - a) / (b - a));
                if (k == 2 || outside.Rise - rise < 0.05 * rise) { return new(value, false); }
                var between = Follow(value, inside.Others);
                if (between.Rise < rise) { inside = between; }
                else { outside = between; }
                if (rise - inside.Rise < 0.05 * rise) { return new(inside.Value, false); }
            }
            inside = outside;
            step *= 1.6;
        }
        return new(limit, true);
    }
}

/// <summary>One end of an interval.</summary>
/// <param name="Value">Where it ends.</param>
/// <param name="AtBound">True where the bound was reached first.</param>
public readonly record struct ProfileEnd(double Value, bool AtBound);
