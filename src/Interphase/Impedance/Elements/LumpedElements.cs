using System.Numerics;

namespace Interphase.Impedance;

/// <summary>Z = R.</summary>
internal sealed class Resistor() : CircuitElement("R", "resistor", "R", new ElementParameter("R", "resistance", "ohm", 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        z.Fill(p[0]);
        if (!dz.IsEmpty) { dz.Fill(Complex.One); }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => p[0] = resistance;
}

/// <summary>Z = 1/(jωC).</summary>
internal sealed class Capacitor() : CircuitElement("C", "capacitor", "1/(jωC)", new ElementParameter("C", "capacitance", "F", -1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        for (var i = 0; i < omega.Length; i++)
        {
            var reactance = 1 / (omega[i] * p[0]);
            z[i] = new(0, -reactance);
            if (!dz.IsEmpty) { dz[i] = new(0, reactance / p[0]); }
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => p[0] = time / resistance;
}

/// <summary>Z = jωL.</summary>
internal sealed class Inductor() : CircuitElement("L", "inductor", "jωL", new ElementParameter("L", "inductance", "H", 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        for (var i = 0; i < omega.Length; i++)
        {
            z[i] = new(0, omega[i] * p[0]);
            if (!dz.IsEmpty) { dz[i] = new(0, omega[i]); }
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => p[0] = time * resistance;
}

/// <summary>Z = 1/(Q(jω)^α); Brug et al. 1984.</summary>
internal sealed class ConstantPhaseElement() : CircuitElement(
    "CPE", "constant phase element", "1/(Q(jω)^α)",
    new ElementParameter("Q", "pre-factor", "ohm-1 s^α", -1), new ElementParameter("α", "exponent", "1", 0, 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var (sine, cosine) = Math.SinCos(p[1] * Math.PI / 2);
        double re = cosine / p[0], im = -sine / p[0];
        var log = grid.LogOmega;
        var n = log.Length;
        for (var i = 0; i < n; i++)
        {
            var magnitude = Math.Exp(-p[1] * log[i]);
            double x = re * magnitude, y = im * magnitude;
            z[i] = new(x, y);
            if (dz.IsEmpty) { continue; }
            dz[i] = new(-x / p[0], -y / p[0]);
            // −Z (ln ω + jπ/2)
            dz[n + i] = new((-x * log[i]) + (y * Math.PI / 2), (-y * log[i]) - (x * Math.PI / 2));
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p)
    {
        p[1] = 0.85;
        p[0] = Math.Pow(time, p[1]) / resistance;
    }
}

/// <summary>Z = L(jω)^α. Some programs document this and compute (jωL)^α; this is the documented one.</summary>
internal sealed class ModifiedInductor() : CircuitElement(
    "La", "modified inductor", "L(jω)^α",
    new ElementParameter("L", "pre-factor", "ohm s^α", 1), new ElementParameter("α", "exponent", "1", 0, 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var (sine, cosine) = Math.SinCos(p[1] * Math.PI / 2);
        var log = grid.LogOmega;
        var n = log.Length;
        for (var i = 0; i < n; i++)
        {
            var magnitude = Math.Exp(p[1] * log[i]);
            var unit = new Complex(cosine * magnitude, sine * magnitude);
            z[i] = p[0] * unit;
            if (dz.IsEmpty) { continue; }
            dz[i] = unit;
            dz[n + i] = z[i] * new Complex(log[i], Math.PI / 2);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p)
    {
        p[1] = 0.9;
        p[0] = resistance * Math.Pow(time, p[1]);
    }
}
