using System.Numerics;
using Interphase.Impedance;
using Interphase.Measurements;

namespace Interphase.Tests.Impedance;

public class ZHitTests
{
    private static readonly double[] Frequency = GeneratedSpectra.Frequencies(1e5, 0.01, 10);

    [Fact]
    public void A_constant_phase_element_is_reconstructed_exactly()
    {
        var s = new ImpedanceSpectrum(Frequency, [.. Frequency.Select(f => GeneratedSpectra.Tail(f, 1e-3, 0.8))]);
        Assert.All(ZHit.Reconstruct(s, new()).ResidualPercent, r => Assert.Equal(0, r, 6));
    }

    [Fact]
    public void Arcs_are_reconstructed_within_two_percent()
    {
        var s = new ImpedanceSpectrum(Frequency, [.. Frequency.Select(f => 20 + GeneratedSpectra.Zarc(f, 100, 1e-3, 0.85))]);
        Assert.All(ZHit.Reconstruct(s, new()).ResidualPercent[3..^3], r => Assert.InRange(r, -2, 2));
    }

    [Fact]
    public void A_drift_of_the_modulus_shows_where_it_happened()
    {
        var t = GeneratedSpectra.Elapsed(Frequency);
        Complex Z(double f) => 20 + GeneratedSpectra.Zarc(f, 100, 1e-3, 0.85);
        var s = new ImpedanceSpectrum(Frequency, [.. Frequency.Select((f, i) => Z(f) * (1 + (0.2 * t[i])))]);
        var r = ZHit.Reconstruct(s, new());
        Assert.InRange(r.ResidualPercent[^1], 17, 23);
        Assert.All(r.ResidualPercent[20..40], v => Assert.InRange(v, -2, 2));
    }

    [Fact]
    public void The_order_of_the_points_does_not_matter()
    {
        var s = new ImpedanceSpectrum(Frequency, [.. Frequency.Select(f => 20 + GeneratedSpectra.Zarc(f, 100, 1e-3, 0.85))]);
        var reversed = new ImpedanceSpectrum([.. Frequency.Reverse()], [.. s.Impedance.Reverse()]);
        Assert.Equal(ZHit.Reconstruct(s, new()).Modulus, ZHit.Reconstruct(reversed, new()).Modulus.Reverse());
    }
}
