using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Tests.Numerics;

public class PlaneTransformTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    public void Power_is_that_of_the_sum_that_defines_it(int n)
    {
        var random = new Random(n);
        var values = Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5).ToArray();
        var power = new double[n * n];
        new PlaneTransform(n).Power(values, power);
        for (var k = 0; k < n * n; k++)
        {
            var sum = Complex.Zero;
            for (var i = 0; i < n * n; i++) { sum += values[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * (((double)(k % n) * (i % n)) + ((double)(k / n) * (i / n))) / n); }
            Assert.Equal(sum.Magnitude * sum.Magnitude, power[k], 1e-9);
        }
    }

    [Fact]
    public void Other_sizes_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new PlaneTransform(12));
}
