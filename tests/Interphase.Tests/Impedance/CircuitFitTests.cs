using System.Numerics;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Tests.Support;

namespace Interphase.Tests.Impedance;

public class CircuitFitTests
{
    private const string Documented = "R0-p(R1,C1)-p(R2-Wo1,C2)";

    [NeedsDataFact]
    public void Random_spectra_are_solved_without_a_guess()
    {
        var spectra = Spectra.Json("synthetic/random_suite.json").GetProperty("spectra").EnumerateArray().ToArray();
        var solved = 0;
        foreach (var e in spectra)
        {
            var fit = CircuitFit.Fit(Spectra.Of(e), Circuit.Parse(e.GetProperty("circuit").GetString()!), new FitOptions { Profile = false });
            Assert.Equal(e.GetProperty("freq").GetArrayLength(), fit.Points);
            if (fit.ChiSquared <= 1.01 * e.GetProperty("ref_wsse_modulus").GetDouble()) { solved++; }
        }
        Assert.True(solved >= 0.98 * spectra.Length, $"{solved} of {spectra.Length}");
    }

    [NeedsDataTheory]
    [InlineData(Weighting.Unity, 1.4032e-5)]
    [InlineData(Weighting.Modulus, 0.018389)]
    public void The_documented_example_ends_at_its_lowest_minimum(Weighting weighting, double atMost)
    {
        var fit = CircuitFit.Fit(Spectra.Table("real/impedance.py/exampleData.csv"), Circuit.Parse(Documented), new FitOptions { Weighting = weighting });
        Assert.Equal(57, fit.Points);
        Assert.Contains(fit.Warnings, w => w.Path == "points");
        Assert.True(fit.ChiSquared <= atMost, fit.ChiSquared.ToString("R"));
        foreach (var name in new[] { "Wo1_0", "Wo1_1" })
        {
            Assert.False(fit[name].Identifiable);
            Assert.Contains(fit.Warnings, w => w.Path == $"parameters.{name}" && w.Text.Contains("not identifiable", StringComparison.Ordinal));
        }
        Assert.True(fit["R0"].Identifiable && fit["R1"].Identifiable && fit["C2"].Identifiable);
    }

    [NeedsDataFact]
    public void The_documented_guess_leads_to_the_documented_branch_and_that_is_said()
    {
        var circuit = Circuit.Parse(Documented);
        double[] guess = [.01, .01, 100, .01, .05, 100, 1];
        for (var i = 0; i < guess.Length; i++) { circuit = circuit.WithGuess(circuit.Parameters[i].Name, guess[i]); }
        var spectrum = Spectra.Table("real/impedance.py/exampleData.csv");
        var local = CircuitFit.Fit(spectrum, circuit, new FitOptions { Weighting = Weighting.Unity, Search = false });
        Assert.InRange(local.ChiSquared, 1.94274e-5, 1.94276e-5);
        Assert.Equal(StopReason.Converged, local.Reason);
        var lowest = CircuitFit.Fit(spectrum, circuit, new FitOptions { Weighting = Weighting.Unity });
        Assert.True(lowest.ChiSquared <= 1.4032e-5);
        Assert.Contains(lowest.Warnings, w => w.Path == "chiSquared" && w.Text.Contains("local minimum", StringComparison.Ordinal));
    }

    [NeedsDataFact]
    public void Reference_optima_of_real_files_are_reached()
    {
        var missed = new List<string>();
        var compared = 0;
        foreach (var e in Spectra.Json("real_fit_reference.json").GetProperty("fits").EnumerateArray())
        {
            var file = "real/" + e.GetProperty("file").GetString();
            var measurement = Interphase.Instruments.InstrumentFile.Read(SampleData.Path("eis/" + file));
            var spectrum = measurement.Spectra[0];
            if (spectrum.Count != e.GetProperty("npts").GetInt32() && !file.Contains("exampleData.csv", StringComparison.Ordinal)) { continue; }
            compared++;
            var weighting = Enum.Parse<Weighting>(e.GetProperty("weight").GetString()!, ignoreCase: true);
            var fit = CircuitFit.Fit(spectrum, Circuit.Parse(e.GetProperty("circuit").GetString()!), new FitOptions { Weighting = weighting, Profile = false });
            var reference = e.GetProperty("wsse").GetDouble();
            if (fit.ChiSquared > 1.001 * reference) { missed.Add($"{file} {fit.Circuit} {weighting}: {fit.ChiSquared:G6}, reference {reference:G6}"); }
        }
        Assert.True(compared >= 28, $"{compared} compared");
        Assert.True(missed.Count == 0, string.Join("\n", missed));
    }

    [Fact]
    public void Noise_free_spectra_give_their_parameters_back()
    {
        var frequency = Spectra.Decades(1e6, 0.01, 8);
        foreach (var (text, truth) in new (string, double[])[]
        {
            ("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", [20, 100, 1e-6, 0.9, 200, 1e-4, 0.8, 0.05, 0.6]),
            ("L0-R0-p(R1,CPE1)-Wo2", [1e-7, 5, 40, 1e-5, 0.85, 60, 8]),
            ("R0-G1-Zarc2", [3, 10, 0.5, 25, 1e-4, 0.9]),
            ("R0-HN1", [3, 50, 1e-3, 0.9, 0.6]),
            ("R0-p(R1,C1)-Ws2", [3, 50, 1e-6, 30, 2]),
            ("TLM1[p(R2,CPE2)]", [80, 15, 30, 1e-3, 0.9]),
        })
        {
            var circuit = Circuit.Parse(text);
            var spectrum = new ImpedanceSpectrum(frequency, circuit.Impedance(frequency, truth));
            var fit = CircuitFit.Fit(spectrum, circuit);
            Assert.True(fit.ReducedChiSquared < 1e-12, $"{text}: {fit.ReducedChiSquared:G3}");
            for (var i = 0; i < truth.Length; i++) { Assert.True(Math.Abs(fit.Parameters[i].Value - truth[i]) < 1e-4 * truth[i], $"{text} {fit.Parameters[i].Name}: {fit.Parameters[i].Value}, truth {truth[i]}"); }
        }
    }

    [Fact]
    public void Intervals_cover_the_truth_as_often_as_they_say()
    {
        var random = new Random(20201115);
        int covered = 0, parameters = 0, spectra = 0;
        while (spectra < 320)
        {
            var (circuit, truth) = RandomCell(random);
            var noise = Math.Pow(10, -3 + random.NextDouble());
            var spectrum = Spectra.Noisy(circuit, truth, Spectra.Decades(1e6, 0.1, 10), noise, random);
            var fit = CircuitFit.Fit(spectrum, circuit);
            spectra++;
            for (var i = 0; i < truth.Length; i++)
            {
                var e = fit.Parameters[i].Estimate;
                parameters++;
                if (truth[i] >= e.Lower95 && (double.IsNaN(e.Upper95) || truth[i] <= e.Upper95)) { covered++; }
            }
        }
        Assert.True(parameters >= 2000);
        Assert.InRange(covered / (double)parameters, 0.93, 0.97);
    }

    /// <summary>The standard errors that an independent exact least-squares solver, started at the truth, gives for the same spectra.</summary>
    [NeedsDataFact]
    public void Standard_errors_are_those_of_an_exact_fit()
    {
        var ratios = new List<double>();
        foreach (var e in Spectra.Json("synthetic/truth.json").GetProperty("cases").EnumerateArray())
        {
            if (e.GetProperty("noise_pct").GetDouble() == 0 || !e.TryGetProperty("ref_fit_modulus", out var reference) || reference.ValueKind != System.Text.Json.JsonValueKind.Object) { continue; }
            var file = e.GetProperty("file").GetString()!;
            if (file.StartsWith("kk", StringComparison.Ordinal)) { continue; }
            var fit = CircuitFit.Fit(Spectra.Table("synthetic/" + file), Circuit.Parse(e.GetProperty("circuit").GetString()!), new FitOptions { Profile = false });
            // only where both are at one minimum are the errors comparable
            if (Math.Abs((fit.ChiSquared / reference.GetProperty("wsse").GetDouble()) - 1) > 1e-4) { continue; }
            var names = reference.GetProperty("names").EnumerateArray().Select(n => n.GetString()!).ToArray();
            for (var i = 0; i < names.Length; i++)
            {
                var theirs = reference.GetProperty("se")[i];
                var ours = fit[names[i]].Estimate.StandardError;
                if (theirs.ValueKind == System.Text.Json.JsonValueKind.Number && double.IsFinite(ours)) { ratios.Add(ours / theirs.GetDouble()); }
            }
        }
        Assert.True(ratios.Count >= 300, $"{ratios.Count} compared");
        Assert.InRange(ratios.Order().ElementAt(ratios.Count / 2), 0.9, 1.1);
        Assert.InRange(ratios.Select(r => Math.Abs(r - 1)).Order().ElementAt(ratios.Count / 2), 0, 0.1);
    }

    [Fact]
    public void The_unit_of_resistance_does_not_matter()
    {
        var random = new Random(4);
        var circuit = Circuit.Parse("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3");
        double[] truth = [20, 100, 1e-6, 0.9, 200, 1e-4, 0.8, 0.05, 0.6];
        var spectrum = Spectra.Noisy(circuit, truth, Spectra.Decades(1e6, 0.1, 10), 0.003, random);
        var reference = CircuitFit.Fit(spectrum, circuit);
        foreach (var scale in (double[])[1e-4, 1e4])
        {
            var fit = CircuitFit.Fit(spectrum with { Impedance = [.. spectrum.Impedance.Select(z => z * scale)] }, circuit);
            Assert.Equal(reference.ChiSquared, fit.ChiSquared, 8);
            Assert.Equal(1, fit["R2"].Value / (scale * reference["R2"].Value), 4);
            Assert.Equal(1, fit["R2"].Estimate.Lower95 / (scale * reference["R2"].Estimate.Lower95), 3);
        }
        // nor does the order of the points
        var reversed = CircuitFit.Fit(new([.. spectrum.Frequency.Reverse()], [.. spectrum.Impedance.Reverse()]), circuit);
        Assert.Equal(reference["CPE2_0"].Value, reversed["CPE2_0"].Value, 8);
    }

    [Fact]
    public void Arcs_are_numbered_from_the_fastest_unless_a_person_named_one()
    {
        var circuit = Circuit.Parse("R0-p(R1,CPE1)-p(R2,CPE2)");
        var spectrum = Spectra.Noisy(circuit, [10, 100, 1e-6, 0.9, 200, 1e-3, 0.9], Spectra.Decades(1e6, 0.1, 8), 0.002, new Random(8));
        Assert.InRange(CircuitFit.Fit(spectrum, circuit)["R1"].Value, 95, 105);
        // the other order written, guessed, limited or fixed
        Assert.InRange(CircuitFit.Fit(spectrum, Circuit.Parse("R0-p(R2,CPE2)-p(R1,CPE1)"))["R1"].Value, 95, 105);
        Assert.InRange(CircuitFit.Fit(spectrum, circuit.WithGuess("R1", 200).WithGuess("CPE1_0", 1e-3).WithGuess("R2", 100).WithGuess("CPE2_0", 1e-6))["R1"].Value, 190, 210);
        Assert.InRange(CircuitFit.Fit(spectrum, circuit.WithLimits("CPE1_0", 1e-4, 1e-2))["R1"].Value, 190, 210);
        Assert.InRange(CircuitFit.Fit(spectrum, circuit.WithFixed("R1", 200))["R2"].Value, 95, 105);
    }

    [Fact]
    public void Fixed_and_limited_parameters_are_kept()
    {
        var circuit = Circuit.Parse("R0-p(R1,CPE1)");
        var spectrum = Spectra.Noisy(circuit, [10, 100, 1e-5, 0.85], Spectra.Decades(1e5, 0.1, 8), 0.002, new Random(9));
        var kept = CircuitFit.Fit(spectrum, circuit.WithFixed("CPE1_1", 0.9));
        Assert.Equal((0.9, true, 3), (kept["CPE1_1"].Value, kept["CPE1_1"].IsFixed, kept.FreeParameters));
        var limited = CircuitFit.Fit(spectrum, circuit.WithLimits("R1", 10, 90));
        Assert.Equal(90, limited["R1"].Value, 9);
        Assert.True(double.IsNaN(limited["R1"].Estimate.StandardError));
        Assert.Contains(limited.Warnings, w => w.Path == "parameters.R1");
    }

    [Theory]
    [InlineData(Weighting.Unity)]
    [InlineData(Weighting.Modulus)]
    [InlineData(Weighting.Proportional)]
    [InlineData(Weighting.Sigma)]
    public void Chi_squared_is_the_weighted_sum_of_the_residuals(Weighting weighting)
    {
        var circuit = Circuit.Parse("R0-p(R1,CPE1)");
        var spectrum = Spectra.Noisy(circuit, [10, 100, 1e-5, 0.85], Spectra.Decades(1e5, 0.1, 8), 0.01, new Random(9));
        spectrum = spectrum with { Sigma = [.. spectrum.Impedance.Select((z, i) => 0.01 * z.Magnitude * (1 + (i % 3)))] };
        var fit = CircuitFit.Fit(spectrum, circuit, new FitOptions { Weighting = weighting });
        var residuals = fit.Residuals();
        var expected = residuals.Select((r, i) => weighting switch
        {
            Weighting.Unity => (r.Real * r.Real) + (r.Imaginary * r.Imaginary),
            Weighting.Modulus => Math.Pow(r.Magnitude / spectrum.Impedance[i].Magnitude, 2),
            Weighting.Proportional => Math.Pow(r.Real / spectrum.Impedance[i].Real, 2) + Math.Pow(r.Imaginary / spectrum.Impedance[i].Imaginary, 2),
            _ => Math.Pow(r.Magnitude / spectrum.Sigma[i], 2),
        }).Sum();
        Assert.Equal(1, fit.ChiSquared / expected, 9);
        Assert.Equal(fit.ChiSquared / ((2 * spectrum.Count) - 4), fit.ReducedChiSquared, 12);
    }

    [NeedsDataFact]
    public void Truth_is_recovered_within_its_stated_errors()
    {
        int covered = 0, all = 0;
        foreach (var e in Spectra.Json("synthetic/truth.json").GetProperty("cases").EnumerateArray())
        {
            var file = e.GetProperty("file").GetString()!;
            if (!file.StartsWith("full_cell", StringComparison.Ordinal) || e.GetProperty("noise_pct").GetDouble() == 0) { continue; }
            var fit = CircuitFit.Fit(Spectra.Table("synthetic/" + file), Circuit.Parse(e.GetProperty("circuit").GetString()!));
            foreach (var (name, truth) in Spectra.Numbers(e.GetProperty("params")))
            {
                var p = fit[name].Estimate;
                all++;
                if (truth >= p.Lower95 && !(truth > p.Upper95)) { covered++; }
            }
        }
        Assert.True(all > 100 && covered >= 0.9 * all, $"{covered} of {all}");
    }

    [Fact]
    public void An_arc_that_is_not_there_is_said_not_to_be_there()
    {
        var spectrum = Spectra.Noisy(Circuit.Parse("R0-p(R1,CPE1)-CPE2"), [30, 600, 2e-6, 0.86, 1e-3, 0.55], Spectra.Decades(1e6, 0.01, 10), 0.003, new Random(2));
        var fit = CircuitFit.Fit(spectrum, Circuit.Parse("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3"));
        Assert.InRange(fit["R1"].Value, 594, 606);
        Assert.True(fit["R2"].IsAbsent);
        Assert.Contains(fit.Warnings, w => w.Path == "parameters.R2" && w.Text.Contains("R0-p(R1,CPE1)-CPE3", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_few_points_and_impossible_weights_are_refused()
    {
        var few = new ImpedanceSpectrum([1e3, 1e2], [new(1, -1), new(2, -1)]);
        Assert.Throws<InputException>(() => CircuitFit.Fit(few, Circuit.Parse("R0-p(R1,CPE1)")));
        Assert.Throws<InputException>(() => CircuitFit.Fit(new ImpedanceSpectrum([], []), Circuit.Parse("R0")));
        Assert.Throws<InputException>(() => CircuitFit.Fit(few, Circuit.Parse("R0"), new FitOptions { Weighting = Weighting.Sigma }));
        var zero = new ImpedanceSpectrum([1e3, 1e2, 1], [new(1, -1), Complex.Zero, new(2, -1)]);
        Assert.Throws<InputException>(() => CircuitFit.Fit(zero, Circuit.Parse("R0")));
    }

    private static (Circuit Circuit, double[] Truth) RandomCell(Random random)
    {
        double Between(double a, double b) => a * Math.Pow(b / a, random.NextDouble());
        var arcs = random.Next(1, 4);
        var tail = random.Next(3);
        var text = "R0";
        var scale = Between(0.1, 1e4);
        var truth = new List<double> { scale * Between(0.2, 1) };
        var time = Between(1e-6, 1e-5);
        for (var i = 1; i <= arcs; i++)
        {
            text += $"-p(R{i},CPE{i})";
            double resistance = scale * Between(0.5, 2), alpha = 0.75 + (0.2 * random.NextDouble());
            truth.AddRange([resistance, Math.Pow(time, alpha) / resistance, alpha]);
            time *= Between(15, 80);
        }
        if (tail == 1) { text += $"-CPE{arcs + 1}"; truth.AddRange([0.3 / scale, 0.5 + (0.3 * random.NextDouble())]); }
        if (tail == 2) { text += $"-W{arcs + 1}"; truth.Add(scale); }
        return (Circuit.Parse(text), [.. truth]);
    }
}
