using Interphase.Characterisation;
using Interphase.Laboratory;
using Interphase.Measurements;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

/// <summary>The correlation of two elements, of made fields whose own correlation is known and which counting noise hides.</summary>
public sealed class ColocalisationTests
{
    private const int Side = 60;

    /// <summary>Expectations of two elements at each pixel, correlated as asked, with patches or without.</summary>
    private static (double[] A, double[] B, double R) Field(Random random, double correlation, double counts)
    {
        var normal = new Normal(0, 1, random);
        var (a, b) = (new double[Side * Side], new double[Side * Side]);
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (normal.Sample(), normal.Sample());
            a[i] = counts * Math.Exp(0.5 * x);
            b[i] = 0.3 + (0.7 * counts * Math.Exp(0.4 * ((correlation * x) + (Math.Sqrt(1 - (correlation * correlation)) * y))));
        }
        var (ma, mb) = (a.Average(), b.Average());
        var (ab, aa, bb) = (a.Zip(b, (p, q) => (p - ma) * (q - mb)).Sum(), a.Sum(p => (p - ma) * (p - ma)), b.Sum(q => (q - mb) * (q - mb)));
        return (a, b, ab / Math.Sqrt(aa * bb));
    }

    private static ElementMap Count(string element, double[] expected, Random random) => new(element, Side, Side, [.. expected.Select(v => Poisson.Sample(random, v))]);

    private static readonly int[] All = [.. Enumerable.Range(0, Side * Side)];

    [Theory]
    [InlineData(0.0, 3.0, 1)]
    [InlineData(0.7, 2.0, 2)]
    [InlineData(-0.8, 12.0, 3)]
    public void Intervals_hold_the_correlation_of_the_field(double correlation, double counts, int seed)
    {
        var random = new Random(seed);
        var held = 0;
        double bias = 0, raw = 0;
        for (var n = 0; n < 200; n++)
        {
            var (a, b, truth) = Field(random, correlation, counts);
            var (first, second) = (Count("Nb", a, random), Count("Ta", b, random));
            var r = Colocalisation.Of(first, second, All).Pearson;
            if (r.Lower95 <= truth && truth <= r.Upper95) { held++; }
            bias += (r.Value - truth) / 200;
            raw += (MathNet.Numerics.Statistics.Correlation.Pearson(first.Counts.Select(v => (double)v), second.Counts.Select(v => (double)v)) - truth) / 200;
        }
        Assert.InRange(held, 180, 196);
        Assert.InRange(bias, -0.01, 0.01);
        // What is seen without the correction is nearer to nothing, which the test must be able to tell.
        if (correlation != 0) { Assert.True(Math.Abs(raw) > 0.05, $"{raw}"); }
    }

    [Fact]
    public void One_field_under_both_is_one_and_never_more()
    {
        var random = new Random(4);
        var (a, _, _) = Field(random, 1, 4);
        var r = Colocalisation.Of(Count("Nb", a, random), Count("Ta", [.. a.Select(v => 0.6 * v)], random), All).Pearson;
        Assert.InRange(r.Value, 0.9, 1);
        Assert.Equal(1, r.Upper95);
    }

    [Fact]
    public void An_element_that_is_even_has_no_correlation()
    {
        var random = new Random(5);
        var (a, _, _) = Field(random, 0, 4);
        var withheld = Enumerable.Range(0, 40).Count(_ => !Colocalisation.Of(Count("Nb", a, random), Count("Ni", [.. a.Select(_ => 10.0)], random), All).Pearson.HasValue);
        Assert.Equal(40, withheld);
        Assert.Contains("Ni", Colocalisation.Of(Count("Nb", a, random), Count("Ni", [.. a.Select(_ => 10.0)], random), All).Pearson.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ta/Nb=2 +- 0.1")]
    [InlineData("Nb/Ta=0.5 +- 0.025")]
    public void A_composition_follows_from_counts_and_factor(string factor)
    {
        var (maps, _, _) = VirtualPowderMap.Make(7, 0.2, 0.4);
        var r = MapAnalysis.Analyse(maps, new() { Coating = ["Nb", "Ta"], Particle = ["Ni"], KFactor = CliffLorimer.Parse(factor) });
        // 1.8 counts of Ta on 2.2 of Nb, twice as much mass each, 180.95 and 92.906 g/mol.
        var atoms = 2 * 1.8 / 2.2 * 92.906 / 180.948;
        var (element, share) = r.Ratio!.Composition!.Value;
        Assert.Equal("Ta", element);
        Assert.InRange(atoms / (1 + atoms), share.Lower95, share.Upper95);
        // 5 % of the factor and what counting leaves of the ratio, on x(1 − x).
        var relative = Math.Sqrt((0.05 * 0.05) + Math.Pow(r.Ratio.Ratio.StandardError / r.Ratio.Ratio.Value, 2));
        Assert.Equal(relative * share.Value * (1 - share.Value), share.StandardError, 1e-9);
        // Nb and Ta are one coating; Ni is even on the particles.
        var pair = Assert.Single(r.Together, t => t is { First: "Nb", Second: "Ta" });
        Assert.Equal(1, pair.Pearson.Value, 3 * pair.Pearson.StandardError);
        Assert.All(r.Together.Where(t => t.Second == "Ni"), t => Assert.False(t.Pearson.HasValue));
    }

    [Theory]
    [InlineData("1.35")]
    [InlineData("Ta/Nb=")]
    [InlineData("Ta/Ta=1")]
    [InlineData("Ta/Nb=-1")]
    [InlineData("Xx/Nb=1")]
    [InlineData("Ta/Nb=3 nm")]
    public void What_is_no_factor_is_refused(string text) => Assert.Throws<InputException>(() => CliffLorimer.Parse(text));

    [Fact]
    public void A_factor_of_other_elements_is_refused()
    {
        var (maps, _, _) = VirtualPowderMap.Make(8, 0.2, 0.4);
        Assert.Throws<InputException>(() => MapAnalysis.Analyse(maps, new() { Coating = ["Nb", "Ta"], Particle = ["Ni"], KFactor = CliffLorimer.Parse("Ta/Ni=1.35 +- 0.1") }));
    }
}
