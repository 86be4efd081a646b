using System.Numerics;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Impedance;

public class RelaxationTimesTests
{
    private static readonly double[] Frequency = GeneratedSpectra.Frequencies(1e6, 0.01, 10);

    private static ImpedanceSpectrum TwoArcs(double noise, int seed) => GeneratedSpectra.Noisy(Frequency,
        (f, _) => 20 + GeneratedSpectra.Zarc(f, 100, 1e-4, 0.9) + GeneratedSpectra.Zarc(f, 60, 1e-2, 0.8), noise, new Random(seed));

    [Fact]
    public void The_distribution_of_one_arc_is_that_of_Cole_and_Cole()
    {
        // γ(ln τ) = R/(2π) · sin(πα') /(cosh(α ln(τ/τ0)) − cos(πα')), α' = 1 − α (Fuoss and Kirkwood 1941).
        var s = GeneratedSpectra.Noisy(Frequency, (f, _) => 10 + GeneratedSpectra.Zarc(f, 50, 1e-3, 0.8), 1e-3, new Random(2));
        var r = RelaxationTimes.Compute(s, new());
        // The squared error is what the bands state, their half widths being 1.96 standard deviations; a χ² of a dozen effective
        // degrees of freedom stays below twice its mean in 98 of 100 cases.
        double error = 0, stated = 0;
        for (var k = 0; k < r.Tau.Length; k++)
        {
            var exact = 50 / (2 * Math.PI) * Math.Sin(0.2 * Math.PI) / (Math.Cosh(0.8 * Math.Log(r.Tau[k] / 1e-3)) - Math.Cos(0.2 * Math.PI));
            error += Math.Pow(r.Gamma[k] - exact, 2);
            stated += Math.Pow((r.Upper95[k] - r.Gamma[k]) / 1.96, 2);
        }
        Assert.InRange(error / stated, 0, 2);
        Assert.Equal(10, r.RInfinity, 0.15);
        Assert.Equal(50, r.Polarisation.Value, 0.25);
        Assert.Equal(1e-3, Assert.Single(r.Peaks).Tau, 2e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_depends_on_the_unit_of_resistance_or_the_order_of_the_points(bool withTailAndInductance)
    {
        var s = withTailAndInductance
            ? GeneratedSpectra.Noisy(Frequency, (f, _) => new Complex(20, 2 * Math.PI * f * 1e-6) + GeneratedSpectra.Zarc(f, 100, 1e-4, 0.9) + GeneratedSpectra.Tail(f, 0.02, 0.6), 2e-3, new Random(9))
            : TwoArcs(2e-3, 4);
        var a = RelaxationTimes.Compute(s, new());
        foreach (var scale in new[] { 1e-4, 1e4 })
        {
            var b = RelaxationTimes.Compute(s with { Impedance = [.. s.Impedance.Select(z => z * scale)] }, new());
            Assert.Equal(a.Lambda, b.Lambda);
            for (var k = 0; k < a.Gamma.Length; k++) { Assert.Equal(a.Gamma[k], b.Gamma[k] / scale, 1e-6 * a.Gamma.Max()); }
            for (var k = 0; k < a.Peaks.Count; k++) { Assert.Equal(1, b.Peaks[k].Resistance / scale / a.Peaks[k].Resistance, 1e-4); }
        }
        var order = Enumerable.Range(0, s.Count).OrderBy(i => i * 7919 % s.Count).ToArray();
        var c = RelaxationTimes.Compute(new([.. order.Select(i => s.Frequency[i])], [.. order.Select(i => s.Impedance[i])]), new());
        Assert.Equal(a.Gamma, c.Gamma);
        Assert.Equal(a.Peaks, c.Peaks);
    }

    [Fact]
    public void Credible_bands_cover_the_truth_about_as_often_as_they_say()
    {
        int inside = 0, all = 0;
        for (var seed = 0; seed < 12; seed++)
        {
            var r = RelaxationTimes.Compute(TwoArcs(2e-3, seed), new() { Method = RelaxationMethod.Bayes, Samples = 400 });
            for (var k = 0; k < r.Tau.Length; k++)
            {
                if (r.Tau[k] is < 1e-5 or > 0.1) { continue; }
                double Gamma(double resistance, double tau, double alpha) => resistance / (2 * Math.PI) * Math.Sin((1 - alpha) * Math.PI) / (Math.Cosh(alpha * Math.Log(r.Tau[k] / tau)) - Math.Cos((1 - alpha) * Math.PI));
                var truth = Gamma(100, 1e-4, 0.9) + Gamma(60, 1e-2, 0.8);
                all++;
                if (truth >= r.Lower95[k] && truth <= r.Upper95[k]) { inside++; }
                Assert.InRange(r.Gamma[k], r.Lower95[k], r.Upper95[k]);
            }
        }
        Assert.InRange(inside / (double)all, 0.85, 1);
    }

    [Fact]
    public void Samples_are_the_same_for_the_same_seed()
    {
        var s = TwoArcs(2e-3, 1);
        var options = new RelaxationOptions { Method = RelaxationMethod.Bayes, Samples = 200, Seed = 5 };
        Assert.Equal(RelaxationTimes.Compute(s, options).Upper95, RelaxationTimes.Compute(s, options).Upper95);
    }

    [Fact]
    public void An_inductance_and_a_blocking_tail_are_not_taken_for_arcs()
    {
        var s = GeneratedSpectra.Noisy(Frequency, (f, _) => new Complex(20, 2 * Math.PI * f * 1e-6) + GeneratedSpectra.Zarc(f, 100, 1e-4, 0.9) + GeneratedSpectra.Tail(f, 0.02, 0.6), 2e-3, new Random(9));
        var r = RelaxationTimes.Compute(s, new());
        var p = Assert.Single(r.Peaks);
        Assert.Equal(100, p.Resistance, 1.0);
        Assert.True(r.Tail);
        Assert.InRange(r.Inductance, 0.9e-6, 1.1e-6);
    }

    [Fact]
    public void Lines_without_a_penalty_have_no_band_and_say_so()
    {
        var r = RelaxationTimes.Compute(TwoArcs(2e-3, 1), new() { Method = RelaxationMethod.Nnls });
        Assert.Equal(0, r.Lambda);
        Assert.All(r.Upper95, v => Assert.True(double.IsNaN(v)));
        Assert.NotNull(r.Polarisation.Reason);
        Assert.Equal(160, r.Polarisation.Value, 1.0);
        Assert.True(r.Gamma.Count(g => g > 0) < 40);
    }

    [Fact]
    public void Too_little_data_is_refused() =>
        Assert.Throws<InputException>(() => RelaxationTimes.Compute(new([10, 9, 8, 7, 6, 5.5, 5.2, 5.1], [.. Enumerable.Repeat(new Complex(1, -1), 8)]), new()));

    [NeedsDataFact]
    public void Two_overlapping_arcs_are_two_arcs()
    {
        var exact = 0;
        var files = Directory.GetFiles(SampleData.Path("eis/synthetic/overlap"), "*.csv");
        foreach (var file in files)
        {
            var r = RelaxationTimes.Compute(KramersKronigTests.Csv(file), new());
            var ratio = double.Parse(Path.GetFileName(file)[5..].Split('_')[0]);
            Assert.InRange(r.Peaks.Count, 1, 2);       // never a spurious one
            if (r.Peaks.Count == 2 && Math.Abs(Math.Log10(r.Peaks[0].Tau / 1e-3)) < 0.12 && Math.Abs(Math.Log10(r.Peaks[1].Tau / (1e-3 * ratio))) < 0.12)
            {
                exact++;
                Assert.InRange(r.Peaks.Sum(p => p.Resistance) / 200, 0.998, 1.002);
            }
        }
        Assert.InRange(exact / (double)files.Length, 0.85, 1);
    }

    /// <summary>Beside a blocking line the grain-boundary arc (2 nF at every temperature) keeps its place; no chain of arcs stands for the line.</summary>
    [NeedsDataTheory]
    [InlineData("+45C")]
    [InlineData("+25C")]
    [InlineData("+5C")]
    [InlineData("-10C")]
    [InlineData("-40C")]
    public void A_blocking_line_is_a_tail_and_not_arcs(string temperature)
    {
        var r = RelaxationTimes.Compute(KramersKronigTests.Csv(SampleData.Path($"eis/synthetic/pellet/LPSCl_like_T{temperature}.csv")), new());
        Assert.True(r.Tail);
        Assert.InRange(r.ResidualPercent, 0, 0.5);
        var boundary = r.Peaks.Where(p => p.Capacitance is > 1e-10 and < 1e-7 && p.StandardError < 0.05 * p.Resistance).ToArray();
        Assert.Single(boundary);
        // beside it only the bulk arc, at or above the highest frequency
        Assert.All(r.Peaks.Where(p => p != boundary[0]), p => Assert.InRange(p.Tau, 0, 2e-8));
        Assert.Equal(2e-9, boundary[0].Capacitance, 2e-10);
    }

    [NeedsDataFact]
    public void The_command_prints_the_contract()
    {
        var r = CommandResult.Of("eis", "drt", SampleData.Path("eis/synthetic/overlap/ratio10_a0.95_noise0.5.csv"), "--method", "bayes", "--json");
        Assert.Equal(0, r.ExitCode);
        var s = r.Json.GetProperty("spectra")[0];
        Assert.Equal(2, s.GetProperty("peaks").GetArrayLength());
        Assert.Equal("bayes", s.GetProperty("method").GetString());
        var n = s.GetProperty("tau").GetArrayLength();
        foreach (var key in new[] { "gamma", "lower95", "upper95" }) { Assert.Equal(n, s.GetProperty(key).GetArrayLength()); }
        foreach (var key in new[] { "lambda", "rInfinity", "inductance", "residualPercent" }) { Assert.True(s.TryGetProperty(key, out _), key); }
        foreach (var key in new[] { "tau", "resistance", "capacitance", "standardError" }) { Assert.True(s.GetProperty("peaks")[0].TryGetProperty(key, out _), key); }
    }
}
