using Interphase.Characterisation;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

public class VectorLengthTests
{
    /// <summary>Intervals hold the true length in 95 % of 10 000 made measurements at every length, zero included; of so many a share scatters by 0.2 %.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(2.2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(19.5)]
    [InlineData(25)]
    public void Intervals_hold_the_length(double truth)
    {
        const int repeats = 10_000;
        const double error = 0.3;
        var random = new Random(11);
        var held = 0;
        for (var n = 0; n < repeats; n++)
        {
            var (x, y) = (truth + Normal.Sample(random, 0, 1), Normal.Sample(random, 0, 1));
            var estimate = VectorLength.Of(error * Math.Sqrt((x * x) + (y * y)), error);
            if (estimate.Lower95 <= error * truth && error * truth <= estimate.Upper95) { held++; }
        }
        Assert.Equal(0.95, held / (double)repeats, 0.007);
    }

    [Fact]
    public void The_share_of_shorter_lengths_is_that_of_Rayleigh_at_zero_and_normal_far_from_it()
    {
        Assert.Equal(1 - Math.Exp(-0.5 * 1.3 * 1.3), VectorLength.Shorter(1.3, 0), 1e-12);
        // To second order a length is its component along the vector plus half the square of the other over the length.
        Assert.Equal(Normal.CDF(0, 1, 0.5 - (0.5 / 18)), VectorLength.Shorter(18.5, 18), 1e-3);
        Assert.Equal(0, VectorLength.Of(0.01, 1).Lower95);
        Assert.True(VectorLength.Of(0, 1).Upper95 > 1);
    }
}
