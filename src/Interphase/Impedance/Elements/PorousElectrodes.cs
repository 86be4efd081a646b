using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// One resistive rail along a blocking interface, Z = √(R Zₛ) coth√(R/Zₛ) with Zₛ = 1/(Q(jω)^γ) of the whole interface;
/// de Levie 1963.
/// </summary>
internal sealed class BlockingPore() : CircuitElement(
    "TLMQ", "blocking pore (one rail)", "√(R Zₛ) coth√(R/Zₛ), Zₛ = 1/(Q(jω)^γ)",
    new ElementParameter("R", "resistance along the pore", "ohm", 1), new ElementParameter("Q", "pre-factor of the interface", "ohm-1 s^γ", -1), new ElementParameter("γ", "exponent of the interface", "1", 0, 1))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var (sine, cosine) = Math.SinCos(p[2] * Math.PI / 2);
        var log = grid.LogOmega;
        var n = log.Length;
        for (var i = 0; i < n; i++)
        {
            // Z = R coth√s/√s with s = R Q (jω)^γ
            var magnitude = p[0] * p[1] * Math.Exp(p[2] * log[i]);
            var s = new Complex(cosine * magnitude, sine * magnitude);
            var f = HyperbolicRatios.Coth(s, out var slope);
            z[i] = p[0] * f;
            if (dz.IsEmpty) { continue; }
            var inner = s * slope;
            dz[i] = f + inner;
            dz[n + i] = p[0] / p[1] * inner;
            dz[(2 * n) + i] = p[0] * inner * new Complex(log[i], Math.PI / 2);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p)
    {
        p[2] = 0.85;
        (p[0], p[1]) = (resistance, Math.Pow(time, p[2]) / resistance);
    }
}

/// <summary>
/// Macrohomogeneous porous electrode, Z = A coth β/β + B/(β sinh β) with β = √(a + jωb); Paasch, Micka and Gersdorf 1993.
/// A carries the two rails' resistances as (ρ₁² + ρ₂²)/(ρ₁ + ρ₂), B as 2ρ₁ρ₂/(ρ₁ + ρ₂).
/// </summary>
internal sealed class PaaschElectrode() : CircuitElement(
    "T", "porous electrode (Paasch)", "A coth β/β + B/(β sinh β), β = √(a + jωb)",
    new ElementParameter("A", "resistance of the coth term", "ohm", 1), new ElementParameter("B", "resistance of the sinh term", "ohm", 1),
    new ElementParameter("a", "rate of reaction over rate of diffusion", "1", 0), new ElementParameter("b", "charging time", "s", 0))
{
    public override void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz)
    {
        var omega = grid.Omega;
        var n = omega.Length;
        for (var i = 0; i < n; i++)
        {
            var s = new Complex(p[2], omega[i] * p[3]);
            var f = HyperbolicRatios.Coth(s, out var slopeF);
            var g = HyperbolicRatios.Csch(s, out var slopeG);
            z[i] = (p[0] * f) + (p[1] * g);
            if (dz.IsEmpty) { continue; }
            var slope = (p[0] * slopeF) + (p[1] * slopeG);
            dz[i] = f;
            dz[n + i] = g;
            dz[(2 * n) + i] = slope;
            dz[(3 * n) + i] = slope * new Complex(0, omega[i]);
        }
    }

    internal override void Typical(double resistance, double time, Span<double> p) => (p[0], p[1], p[2], p[3]) = (resistance, resistance / 2, 0.5, time);
}
