using System.Numerics;

namespace Interphase.Impedance;

/// <summary>One relaxation, Z = R/(1 + jωτ).</summary>
internal sealed class Relaxation() : CircuitElement(
    "K", "relaxation", "R/(1 + jωτ)", new ElementParameter("R", "resistance", "ohm", 1), new ElementParameter("τ", "relaxation time", "s", 0))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        var n = omega.Length;
        for (var i = 0; i < n; i++)
        {
            var x = omega[i] * p[1];
            var d = 1 / (1 + (x * x));
            var f = new Complex(d, -x * d);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            dz[i] = f;
            dz[n + i] = -p[0] * f * f * new Complex(0, omega[i]);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1]) = (resistance, time);
}

/// <summary>A depressed arc, Z = R/(1 + (jωτ)^γ); Cole and Cole 1941.</summary>
internal sealed class Zarc() : CircuitElement(
    "Zarc", "depressed arc", "R/(1 + (jωτ)^γ)",
    new ElementParameter("R", "resistance", "ohm", 1), new ElementParameter("τ", "relaxation time", "s", 0), new ElementParameter("γ", "exponent", "1", 0, 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var (sine, cosine) = Math.SinCos(p[2] * Math.PI / 2);
        var logTime = Math.Log(p[1]);
        var n = grid.Count;
        for (var i = 0; i < n; i++)
        {
            var log = grid.LogOmega[i] + logTime;
            var magnitude = Math.Exp(p[2] * log);
            var power = new Complex(cosine * magnitude, sine * magnitude);
            var f = 1 / (1 + power);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            var slope = -z[i] * f * power;
            dz[i] = f;
            dz[n + i] = slope * (p[2] / p[1]);
            dz[(2 * n) + i] = slope * new Complex(log, Math.PI / 2);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1], p[2]) = (resistance, time, 0.85);
}

/// <summary>A skewed arc, Z = R/(1 + (jωτ)^a)^b; Havriliak and Negami 1967.</summary>
internal sealed class HavriliakNegami() : CircuitElement(
    "HN", "Havriliak–Negami", "R/(1 + (jωτ)^a)^b",
    new ElementParameter("R", "resistance", "ohm", 1), new ElementParameter("τ", "relaxation time", "s", 0), new ElementParameter("a", "width exponent", "1", 0, 1), new ElementParameter("b", "skew exponent", "1", 0, 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var (sine, cosine) = Math.SinCos(p[2] * Math.PI / 2);
        var logTime = Math.Log(p[1]);
        var n = grid.Count;
        for (var i = 0; i < n; i++)
        {
            var log = grid.LogOmega[i] + logTime;
            var magnitude = Math.Exp(p[2] * log);
            var power = new Complex(cosine * magnitude, sine * magnitude);
            var logarithm = Complex.Log(1 + power);
            var f = Complex.Exp(-p[3] * logarithm);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            var slope = -p[3] * z[i] * power / (1 + power);
            dz[i] = f;
            dz[n + i] = slope * (p[2] / p[1]);
            dz[(2 * n) + i] = slope * new Complex(log, Math.PI / 2);
            dz[(3 * n) + i] = -z[i] * logarithm;
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1], p[2], p[3]) = (resistance, time, 0.9, 0.8);
}
