using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Tests.Numerics;

public class HyperbolicRatioTests
{
    public delegate Complex Ratio(Complex s, out Complex derivative);

    private static readonly (string Name, Ratio Value, Func<Complex, Complex> Direct)[] Ratios =
    [
        ("coth", HyperbolicRatios.Coth, x => 1 / (Complex.Tanh(x) * x)),
        ("tanh", HyperbolicRatios.Tanh, x => Complex.Tanh(x) / x),
        ("csch", HyperbolicRatios.Csch, x => 1 / (Complex.Sinh(x) * x)),
    ];

    [Fact]
    public void Series_and_closed_form_meet_and_agree_with_the_definition()
    {
        foreach (var (name, ratio, direct) in Ratios)
        {
            foreach (var phase in (double[])[0, 0.4, 1, Math.PI / 2])
            {
                foreach (var magnitude in (double[])[1e-3, 3.999e-3, 4.001e-3, 0.1, 1, 30, 300])
                {
                    var s = Complex.FromPolarCoordinates(magnitude, phase);
                    var expected = direct(Complex.Sqrt(s));
                    Assert.True((ratio(s, out _) - expected).Magnitude < 2e-12 * expected.Magnitude, $"{name} at {s}");
                }
                var below = ratio(Complex.FromPolarCoordinates(4e-3 * (1 - 1e-9), phase), out var slopeBelow);
                var above = ratio(Complex.FromPolarCoordinates(4e-3 * (1 + 1e-9), phase), out var slopeAbove);
                Assert.True((below - above).Magnitude < 1e-8 * above.Magnitude, name);
                Assert.True((slopeBelow - slopeAbove).Magnitude < 2e-8 * slopeAbove.Magnitude, $"{name}: {slopeBelow} {slopeAbove}");
            }
        }
    }

    [Fact]
    public void Far_and_near_they_neither_overflow_nor_cancel()
    {
        foreach (var (_, ratio, _) in Ratios)
        {
            foreach (var s in (Complex[])[1e-30, new(0, 1e-200), 1e12, new(0, 1e14), new(1e300, 1e300)])
            {
                var value = ratio(s, out var slope);
                Assert.True(Complex.IsFinite(value) && !Complex.IsNaN(slope));
            }
        }
        // a blocking layer is a capacitor in series with a third of its resistance at low frequency
        Assert.Equal(1.0 / 3, HyperbolicRatios.Coth(new Complex(0, 1e-6), out _).Real, 12);
    }
}
