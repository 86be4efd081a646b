namespace Interphase.Characterisation;

/// <summary>
/// The advance α of a thermally activated event in a linear heating run, with E/R = T₀²/w.
/// </summary>
/// <remarks>
/// With U = (T − T₀)T₀/(wT), e^U is the advance integral scaled to 1 at T₀ (its slow T² prefactor is put in for reactions
/// of order n; Coats and Redfern, Nature 201, 1964, 68):
/// crystallisation (Johnson–Mehl–Avrami–Kolmogorov) α = 1 − exp(−e^U), where w = R·T₀²/(n_Avrami·E);
/// order n                                          α = 1 − (1 + (n − 1)e^U)^(−1/(n−1)).
/// </remarks>
internal static class KineticShape
{
    /// <summary>α, counted from where e^U was <paramref name="before"/>.</summary>
    public static double Advance(double temperature, double t0, double w, double order, double before = 0)
    {
        var u = Exponent(temperature, t0, w, order).U;
        return u > 300 ? 1 : 1 - Math.Exp(-Logarithm(Math.Exp(u) - before, order - 1));
    }

    /// <summary>dα/dT, 1/K.</summary>
    public static double Rate(double temperature, double t0, double w, double order, double before = 0)
    {
        var (u, slope) = Exponent(temperature, t0, w, order);
        if (u is > 300 or < -300) { return 0; }
        var (e, m) = (Math.Exp(u), order - 1);
        var inside = 1 + (m * (e - before));
        return inside <= 0 ? 0 : slope * e / inside * Math.Exp(-Logarithm(e - before, m));
    }

    /// <summary>Response of a sensor that follows with first order, <paramref name="lag"/> in K of programme temperature; input linear between points.</summary>
    public static void Lag(ReadOnlySpan<double> temperature, Span<double> signal, double lag)
    {
        if (lag <= 1e-6 || signal.Length == 0) { return; }
        var state = signal[0];
        var previous = signal[0];
        for (var i = 1; i < signal.Length; i++)
        {
            var a = (temperature[i] - temperature[i - 1]) / lag;
            if (!(a > 0)) { signal[i] = state; continue; }
            var decay = Math.Exp(-a);
            var mean = a < 1e-3 ? 0.5 * a : 1 - ((1 - decay) / a);
            var input = signal[i];
            state = (state * decay) + (input * mean) + (previous * (1 - decay - mean));
            previous = input;
            signal[i] = state;
        }
    }

    /// <summary>ln(1 + m·e)/m, smooth through m = 0.</summary>
    private static double Logarithm(double e, double m)
    {
        var x = m * e;
        return x <= -1 ? double.PositiveInfinity : Math.Abs(x) < 1e-3 ? e * (1 - (x / 2) + (x * x / 3)) : Math.Log(1 + x) / m;
    }

    /// <summary>U and dU/dT.</summary>
    public static (double U, double Slope) Exponent(double t, double t0, double w, double order)
    {
        var u = (t - t0) * t0 / (w * t);
        var slope = t0 * t0 / (w * t * t);
        if (Math.Abs(order - 1) < 1e-9) { return (u, slope); }
        var c = 2 * w / (t0 * t0);
        var correction = 1 - (c * t);
        return correction <= 0.05 ? (u, slope)
            : (u + Math.Log(t * t * correction / (t0 * t0 * (1 - (c * t0)))), slope + (2 / t) - (c / correction));
    }
}
