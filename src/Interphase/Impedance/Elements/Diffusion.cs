using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>Semi-infinite diffusion, Z = A(1 − j)/√ω; Warburg 1899.</summary>
internal sealed class Warburg() : CircuitElement(
    "W", "semi-infinite diffusion (Warburg)", "A(1 − j)/√ω", new ElementParameter("A", "Warburg coefficient", "ohm s^-1/2", 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        for (var i = 0; i < omega.Length; i++)
        {
            var root = 1 / Math.Sqrt(omega[i]);
            z[i] = new(p[0] * root, -p[0] * root);
            if (!dz.IsEmpty) { dz[i] = new(root, -root); }
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => p[0] = resistance / Math.Sqrt(2 * time);
}

/// <summary>Diffusion in a layer whose far side reflects ("open"), Z = Z₀ coth√(jωτ)/√(jωτ); Franceschetti and Macdonald 1979.</summary>
internal sealed class ReflectingDiffusion() : CircuitElement(
    "Wo", "finite diffusion, reflecting", "Z₀ coth√(jωτ)/√(jωτ)",
    new ElementParameter("R", "Z₀: three times the resistance at low frequency", "ohm", 1), new ElementParameter("τ", "diffusion time", "s", 0))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        var n = omega.Length;
        for (var i = 0; i < n; i++)
        {
            var f = HyperbolicRatios.Coth(new Complex(0, omega[i] * p[1]), out var slope);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            dz[i] = f;
            dz[n + i] = p[0] * slope * new Complex(0, omega[i]);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1]) = (resistance, time);
}

/// <summary>Diffusion in a layer whose far side transmits ("short"), Z = Z₀ tanh√(jωτ)/√(jωτ); Franceschetti and Macdonald 1979.</summary>
internal sealed class TransmittingDiffusion() : CircuitElement(
    "Ws", "finite diffusion, transmitting", "Z₀ tanh√(jωτ)/√(jωτ)",
    new ElementParameter("R", "Z₀: resistance at low frequency", "ohm", 1), new ElementParameter("τ", "diffusion time", "s", 0))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        var n = omega.Length;
        for (var i = 0; i < n; i++)
        {
            var f = HyperbolicRatios.Tanh(new Complex(0, omega[i] * p[1]), out var slope);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            dz[i] = f;
            dz[n + i] = p[0] * slope * new Complex(0, omega[i]);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1]) = (resistance, time);
}

/// <summary>Diffusion with reaction in a half space, Z = R/√(1 + jωτ); Gerischer 1951.</summary>
internal sealed class Gerischer() : CircuitElement(
    "G", "Gerischer", "R/√(1 + jωτ)",
    new ElementParameter("R", "resistance at low frequency", "ohm", 1), new ElementParameter("τ", "reaction time", "s", 0))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        var n = omega.Length;
        for (var i = 0; i < n; i++)
        {
            var s = new Complex(1, omega[i] * p[1]);
            var f = 1 / Complex.Sqrt(s);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            dz[i] = f;
            dz[n + i] = -0.5 * z[i] / s * new Complex(0, omega[i]);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1]) = (resistance, time);
}

/// <summary>Diffusion with reaction in a layer, Z = R/(√(1 + jωτ) tanh(φ√(1 + jωτ))); Boukamp and Bouwmeester 2003.</summary>
internal sealed class FiniteGerischer() : CircuitElement(
    "Gs", "finite-length Gerischer", "R/(√(1 + jωτ) tanh(φ√(1 + jωτ)))",
    new ElementParameter("R", "resistance of a thick layer at low frequency", "ohm", 1), new ElementParameter("τ", "reaction time", "s", 0), new ElementParameter("φ", "thickness over reaction length", "1", 0))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        var n = omega.Length;
        var square = p[2] * p[2];
        for (var i = 0; i < n; i++)
        {
            // coth(φ√u)/√u = φ coth√s/√s with s = φ²u
            var u = new Complex(1, omega[i] * p[1]);
            var f = HyperbolicRatios.Coth(square * u, out var slope);
            z[i] = p[0] * p[2] * f;
            if (dz.IsEmpty) { continue; }
            dz[i] = p[2] * f;
            dz[n + i] = p[0] * p[2] * square * slope * new Complex(0, omega[i]);
            dz[(2 * n) + i] = p[0] * (f + (2 * square * u * slope));
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1], p[2]) = (resistance, time, 1);
}
