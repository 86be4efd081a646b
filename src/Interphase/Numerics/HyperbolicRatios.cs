using System.Numerics;

namespace Interphase.Numerics;

/// <summary>
/// coth √s/√s, tanh √s/√s and 1/(√s sinh √s) of a complex s with their derivatives to s: the functions of diffusion and of
/// transmission lines. Even in √s, hence analytic in s; the series near zero and the exponentials far from it keep
/// twelve digits everywhere.
/// </summary>
internal static class HyperbolicRatios
{
    private const double Near = 4e-3;

    /// <summary>coth √s/√s.</summary>
    public static Complex Coth(Complex s, out Complex derivative)
    {
        if (MagnitudeSquared(s) < Near * Near)
        {
            // 1/s + 1/3 − s/45 + 2s²/945 − s³/4725
            var inverse = 1 / s;
            derivative = -(inverse * inverse) - (1.0 / 45) + (s * (4.0 / 945)) - (s * s * (3.0 / 4725));
            return inverse + (1.0 / 3) - (s * ((1.0 / 45) - (s * ((2.0 / 945) - (s * (1.0 / 4725))))));
        }
        var inverseRoot = Reciprocal(Root(s));
        var coth = Coth(s * inverseRoot);
        var value = coth * inverseRoot;
        derivative = ((1 - (coth * coth)) - value) * (inverseRoot * inverseRoot) * 0.5;
        return value;
    }

    /// <summary>tanh √s/√s.</summary>
    public static Complex Tanh(Complex s, out Complex derivative)
    {
        if (MagnitudeSquared(s) < Near * Near)
        {
            // 1 − s/3 + 2s²/15 − 17s³/315 + 62s⁴/2835
            derivative = (-1.0 / 3) + (s * ((4.0 / 15) - (s * ((51.0 / 315) - (s * (248.0 / 2835))))));
            return 1 - (s * ((1.0 / 3) - (s * ((2.0 / 15) - (s * ((17.0 / 315) - (s * (62.0 / 2835))))))));
        }
        var inverseRoot = Reciprocal(Root(s));
        var tanh = Reciprocal(Coth(s * inverseRoot));
        var value = tanh * inverseRoot;
        derivative = ((1 - (tanh * tanh)) - value) * (inverseRoot * inverseRoot) * 0.5;
        return value;
    }

    /// <summary>1/(√s sinh √s).</summary>
    public static Complex Csch(Complex s, out Complex derivative)
    {
        if (MagnitudeSquared(s) < Near * Near)
        {
            // 1/s − 1/6 + 7s/360 − 31s²/15120 + 127s³/604800
            var inverse = 1 / s;
            derivative = -(inverse * inverse) + (7.0 / 360) - (s * (62.0 / 15120)) + (s * s * (381.0 / 604800));
            return inverse - (1.0 / 6) + (s * ((7.0 / 360) - (s * ((31.0 / 15120) - (s * (127.0 / 604800))))));
        }
        var x = Root(s);
        if (x.Real > 350) { derivative = 0; return 0; }
        var decay = Complex.Exp(-x);
        var value = 2 * decay / ((1 - (decay * decay)) * x);
        derivative = -value * ((1 / x) + Coth(x)) / (2 * x);
        return value;
    }

    /// <summary>coth x for Re x ≥ 0.</summary>
    public static Complex Coth(Complex x)
    {
        if (x.Real > 19) { return 1; }
        // (sinh 2a − j sin 2b)/(cosh 2a − cos 2b) for x = a + jb, numerator and denominator times 2 exp(−2a)
        var decay = Math.Exp(-2 * x.Real);
        var (sine, cosine) = Math.SinCos(2 * x.Imaginary);
        var scale = 1 / (1 + (decay * decay) - (2 * decay * cosine));
        return new((1 - (decay * decay)) * scale, -2 * decay * sine * scale);
    }

    private static Complex Root(Complex s)
    {
        if (s.Real != 0) { return Complex.Sqrt(s); }
        var part = Math.Sqrt(Math.Abs(s.Imaginary) / 2);
        return new(part, Math.CopySign(part, s.Imaginary));
    }

    private static Complex Reciprocal(Complex z)
    {
        var d = 1 / MagnitudeSquared(z);
        return new(z.Real * d, -z.Imaginary * d);
    }

    private static double MagnitudeSquared(Complex s) => (s.Real * s.Real) + (s.Imaginary * s.Imaginary);
}
