using Interphase.Cycling;
using Interphase.Measurements;

namespace Interphase.Tests.Cycling;

/// <summary>
/// Differential capacity of plateaus whose closed form is known: Q(U) = Σ Qi/(1 + exp(−(U − Ui)/wi)), so that
/// dQ/dV = Σ Qi/(4 wi) sech²((U − Ui)/(2 wi)).
/// </summary>
public class DifferentialCapacityTruthTests
{
    private const double Current = 1e-3, Lowest = 3.2, Highest = 4.2;

    /// <summary>C, V, V: a broad plateau, a sharp one, a middle one.</summary>
    private static readonly (double Q, double U, double W)[] Plateaus = [(6, 3.50, 0.022), (4, 3.75, 0.012), (8, 3.98, 0.030)];

    private static double Charge(double u) => Plateaus.Sum(p => p.Q / (1 + Math.Exp(-(u - p.U) / p.W)));

    private static double Slope(double u) => Plateaus.Sum(p => p.Q / (4 * p.W) / Math.Pow(Math.Cosh((u - p.U) / (2 * p.W)), 2));

    /// <summary>Where the truth has its maximum near a plateau.</summary>
    private static double Top(double near)
    {
        var (a, b) = (near - 0.02, near + 0.02);
        for (var i = 0; i < 100; i++)
        {
            var (c, d) = (a + ((b - a) / 3), b - ((b - a) / 3));
            if (Slope(c) < Slope(d)) { a = c; } else { b = d; }
        }
        return 0.5 * (a + b);
    }

    /// <summary>A charge and a discharge at constant current, recorded every so many seconds with noise of the potential.</summary>
    private static TimeSeries Made(double noise, double every, int seed)
    {
        var random = new Random(seed);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var (start, whole) = (Charge(Lowest), Charge(Highest) - Charge(Lowest));
        var (t, i, e) = (new List<double> { 0 }, new List<double> { 0 }, new List<double> { Lowest });
        foreach (var sign in (int[])[1, -1])
        {
            var n = (int)(whole / Current / every);
            var began = t[^1];
            var u = sign > 0 ? Lowest : Highest;
            for (var k = 1; k <= n; k++)
            {
                var q = start + (sign > 0 ? 0 : whole) + (sign * Current * every * k);
                for (var newton = 0; newton < 60; newton++)
                {
                    var step = Math.Clamp((q - Charge(u)) / Slope(u), -0.005, 0.005);
                    u += step;
                    if (Math.Abs(step) < 1e-12) { break; }
                }
                t.Add(began + (every * k));
                i.Add(sign * Current);
                e.Add(u + (noise * Gauss()));
            }
        }
        return MadeSeries.Make([.. t], [.. i], [.. e]);
    }

    /// <summary>The truth convolved with the Gaussian, at its maximum near a place.</summary>
    private static double Smoothed(double place, double width)
    {
        double best = 0;
        for (var x = place - (0.5 * width); x <= place + (0.5 * width); x += 0.05 * width)
        {
            double sum = 0;
            for (var k = -60; k <= 60; k++) { sum += Slope(x + (0.1 * k * width)) * Math.Exp(-0.5 * 0.01 * k * k); }
            best = Math.Max(best, sum * 0.1 / Math.Sqrt(2 * Math.PI));
        }
        return best;
    }

    [Theory]
    [InlineData(0, 5, 0.003)]
    [InlineData(2e-4, 5, 0.003)]
    [InlineData(1e-3, 5, 0.005)]
    [InlineData(1e-3, 30, 0.005)]
    [InlineData(3e-3, 10, 0.009)]
    public void Peaks_of_known_plateaus_stand_where_they_are_with_their_height(double noise, double every, double width)
    {
        const int seeds = 20;
        int held = 0, high = 0, all = 0;
        var places = new List<double>();
        var heights = new List<double>();
        for (var seed = 0; seed < (noise == 0 ? 1 : seeds); seed++)
        {
            var branches = DifferentialCapacity.Analyse(Made(noise, every, seed), Electrode.Unknown, new(), width).Branches;
            Assert.Equal(2, branches.Count);
            foreach (var branch in branches)
            {
                Assert.Equal(Plateaus.Length, branch.Peaks.Count);
                foreach (var (peak, p) in branch.Peaks.Zip(Plateaus))
                {
                    var (place, height) = (Top(p.U), Slope(Top(p.U)));
                    all++;
                    if (place >= peak.Potential.Lower95 && place <= peak.Potential.Upper95) { held++; }
                    var corrected = peak.Height.Value - peak.HeightBias;
                    var smooth = Smoothed(place, width);
                    if (smooth >= peak.Height.Lower95 && smooth <= peak.Height.Upper95) { high++; }
                    places.Add(peak.Potential.Value - place);
                    heights.Add((corrected / height) - 1);
                }
            }
        }
        // Nine of ten intervals hold the truth, and none is wide for nothing: the scatter of places is a small part of a peak's width.
        Assert.True(held >= 0.9 * all, $"{held} of {all} intervals of the place hold the truth");
        Assert.True(high >= 0.9 * all, $"{high} of {all} intervals of the height hold the smoothed truth");
        Assert.InRange(Rms(places), 0, Math.Max(2e-5, 0.8 * noise * Math.Sqrt(every / 5)));
        // What smoothing is said to take, put back, gives the true height but for its second order and the noise that spreads charge.
        Assert.InRange(Math.Abs(heights.Average()), 0, 0.0015 + (0.2 * Math.Pow(noise / (0.35 * width), 2)));
        static double Rms(List<double> values) => Math.Sqrt(values.Average(v => v * v));
    }

    [Fact]
    public void A_wider_smoothing_takes_more_and_says_so()
    {
        var series = Made(0, 5, 0);
        foreach (var width in (double[])[0.002, 0.004, 0.006])
        {
            foreach (var (peak, p) in DifferentialCapacity.Analyse(series, Electrode.Unknown, new(), width).Branches[0].Peaks.Zip(Plateaus))
            {
                var taken = peak.Height.Value - Slope(Top(p.U));
                // At the top the second derivative is −h/(2 wi²), the fourth h/wi⁴: h (w/wi)²/4 to second order, h (w/wi)⁴/8 beyond it.
                var (h, share) = (Slope(Top(p.U)), width / p.W);
                Assert.Equal(-h * share * share / 4, taken, h * (0.0015 + (Math.Pow(share, 4) / 8)));
                Assert.Equal(taken, peak.HeightBias, h * (0.0015 + (Math.Pow(share, 4) / 8)));
            }
        }
    }
}
