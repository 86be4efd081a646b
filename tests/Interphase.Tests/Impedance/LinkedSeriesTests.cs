using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Tests.Support;

namespace Interphase.Tests.Impedance;

public class LinkedSeriesTests
{
    private static readonly Circuit TwoArcs = Circuit.Parse("p(R1,CPE1)-p(R2,CPE2)-CPE3");

    [NeedsDataFact]
    public void An_arc_that_leaves_the_window_follows_its_law_out_of_it()
    {
        var cases = Spectra.Json("synthetic/truth.json").GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("set").GetString() == "pellet").ToArray();
        var r = LinkedSeries.Arrhenius([.. cases.Select(c => Spectra.Table("synthetic/" + c.GetProperty("file").GetString()) with { Temperature = c.GetProperty("T_C").GetDouble() + 273.15 })], TwoArcs);
        Assert.Equal(StopReason.Converged, r.Reason);
        foreach (var (name, energy) in new[] { ("R1", 0.36), ("R2", 0.42) })
        {
            var a = r.Activations.Single(a => a.Parameter == name);
            Assert.InRange(a.Energy.StandardError, 0, 0.001);
            Assert.InRange(a.Energy.Value, energy - (3 * a.Energy.StandardError), energy + (3 * a.Energy.StandardError));
            Assert.InRange(a.Scatter, 0, 0.003);
        }
        foreach (var (truth, fit) in cases.Zip(r.Fits))
        {
            // alone, the hot spectra do not tell the two resistances apart at all
            foreach (var name in new[] { "R1", "R2" }) { Assert.InRange(fit[name].Value / truth.GetProperty("params").GetProperty(name).GetDouble(), 0.98, 1.02); }
        }
        Assert.True(r.EffectiveParameters < 0.5 * r.AloneParameters);
    }

    [NeedsDataFact]
    public void A_published_series_gives_its_published_activation_energies()
    {
        int[] temperatures = [140, 150, 160, 170, 180, 190, 200];
        var r = LinkedSeries.Arrhenius([.. temperatures.Select(t => Spectra.Table($"real/EISFitpython/Example-3-4/s04147-{t}deg.txt") with { Temperature = t + 273.15 })], TwoArcs);
        foreach (var (a, energy, error) in new[] { (r.Activations[0], 0.5869, 0.0163), (r.Activations[1], 0.8919, 0.0025) })
        {
            Assert.InRange(Math.Abs(a.Energy.Value - energy) / Math.Sqrt((error * error) + Math.Pow(a.Energy.StandardError, 2)), 0, 1);
        }
    }

    [NeedsDataFact]
    public void A_smooth_link_keeps_the_truth_and_makes_the_second_arc_better_known()
    {
        double alone = 0, linked = 0, interfaces = 0;
        var count = 0;
        foreach (var cell in Spectra.Json("synthetic/truth.json").GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("set").GetString() == "paper_series").GroupBy(c => c.GetProperty("coating_anneal_C").GetDouble()))
        {
            ImpedanceSpectrum[] spectra = [.. cell.Select(c => Spectra.Table("synthetic/" + c.GetProperty("file").GetString()))];
            var circuit = Circuit.Parse("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3");
            var r = LinkedSeries.Smooth(spectra, circuit, [.. cell.Select(c => c.GetProperty("cutoff_V").GetDouble())], "potential");
            var single = CircuitSeries.Fit(spectra, circuit);
            var i = 0;
            foreach (var c in cell)
            {
                var truth = c.GetProperty("params");
                var slope = c.GetProperty("circuit").GetString() == "R0-p(R1,CPE1)-CPE2";
                Assert.Equal(slope, r.Fits[i]["R2"].IsAbsent);
                interfaces += Math.Pow((r.Fits[i]["R1"].Value / c.GetProperty("R_int_ohm").GetDouble()) - 1, 2);
                count++;
                if (!slope)
                {
                    alone += Math.Pow((single[i]["CPE2_1"].Value / truth.GetProperty("CPE2_1").GetDouble()) - 1, 2);
                    linked += Math.Pow((r.Fits[i]["CPE2_1"].Value / truth.GetProperty("CPE2_1").GetDouble()) - 1, 2);
                }
                i++;
            }
        }
        Assert.InRange(Math.Sqrt(interfaces / count), 0, 0.005);
        Assert.True(linked < alone, $"{linked:G3} linked, {alone:G3} alone");
    }

    [Fact]
    public void Scatter_about_the_law_is_found_and_widens_the_error_of_the_energy()
    {
        var circuit = Circuit.Parse("R0-p(R1,CPE1)");
        var frequency = Spectra.Decades(1e6, 1, 6);
        double[] temperatures = [250, 265, 280, 295, 310, 325, 340, 355];
        LinkedActivation Energy(int seed, double scatter)
        {
            var random = new Random(seed);
            var spectra = temperatures.Select(t =>
            {
                var resistance = t * Math.Exp((0.4 / ArrheniusLaw.Boltzmann * ((1 / t) - (1 / 300.0))) + (scatter * GeneratedSpectra.Normal(random)));
                var series = 0.05 * t * Math.Exp(0.2 / ArrheniusLaw.Boltzmann * ((1 / t) - (1 / 300.0)));
                return Spectra.Noisy(circuit, [series, resistance, 1e-7, 0.9], frequency, 0.003, random) with { Temperature = t };
            });
            return LinkedSeries.Arrhenius([.. spectra], circuit).Activations.Single(a => a.Parameter == "R1");
        }
        int covered = 0;
        const int Trials = 60;
        double found = 0;
        for (var seed = 0; seed < Trials; seed++)
        {
            var a = Energy(seed, 0.05);
            if (a.Energy.Lower95 <= 0.4 && 0.4 <= a.Energy.Upper95) { covered++; }
            found += a.Scatter / Trials;
        }
        // 95 % of 60 is 57; with so few temperatures the scatter itself is uncertain
        Assert.InRange(covered, 51, 60);
        Assert.InRange(found, 0.035, 0.065);
        var exact = Energy(7, 0);
        Assert.InRange(exact.Scatter, 0, 0.004);
        Assert.Equal(0.4, exact.Energy.Value, 0.0015);
    }

    [Fact]
    public void A_series_without_temperatures_or_with_two_places_is_refused()
    {
        var circuit = Circuit.Parse("R0-p(R1,CPE1)");
        var s = Enumerable.Range(0, 3).Select(i => Spectra.Noisy(circuit, [10, 100, 1e-6, 0.9], Spectra.Decades(1e5, 1, 6), 0.003, new Random(i))).ToArray();
        Assert.Contains("temperature", Assert.Throws<InputException>(() => LinkedSeries.Arrhenius(s, circuit)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => LinkedSeries.Smooth(s, circuit, [1, 1, 2], "potential"));
        Assert.Throws<InputException>(() => LinkedSeries.Smooth(s, circuit, [1, double.NaN, 2], "potential"));
    }

    [NeedsDataFact]
    public void A_study_links_a_series_and_compares_its_activation_energies()
    {
        var folder = SampleData.TemporaryFolder();
        string[] temperatures = ["-40", "-25", "-10", "+5", "+25", "+45", "+65", "+85"];
        File.WriteAllText(Path.Combine(folder, "study.yaml"), $$"""
            name: Linked
            samples:
              - name: LPSCl
                files:
                  - technique: impedance
                    path: [{{string.Join(", ", temperatures.Select(t => SampleData.Path($"eis/synthetic/pellet/LPSCl_like_T{t}C.csv")))}}]
                    circuit: p(R1,CPE1)-p(R2,CPE2)-CPE3
                    axis: temperature
                    values: [{{string.Join(", ", temperatures.Select(t => $"{t.TrimStart('+')} degC"))}}]
                    link: arrhenius
            """);
        var r = CommandResult.Of("study", "run", Path.Combine(folder, "study.yaml"), "-o", Path.Combine(folder, "out"), "--json");
        Assert.Equal(0, r.ExitCode);
        double Energy(string name) => r.Json.GetProperty("comparison").EnumerateArray().Single(c => c.GetProperty("quantity").GetString() == name).GetProperty("values")[0].GetProperty("value").GetDouble();
        Assert.InRange(Energy("activationEnergyR1"), 0.355, 0.365);
        Assert.InRange(Energy("activationEnergyR2"), 0.415, 0.425);
        Assert.Contains("fitted at once", File.ReadAllText(Path.Combine(folder, "out", "report.html")), StringComparison.Ordinal);
    }

    [NeedsDataFact]
    public void The_command_links_a_series_and_prints_its_activation()
    {
        var files = Directory.GetFiles(SampleData.Path("eis/synthetic/pellet"), "*.csv").Order(StringComparer.Ordinal);
        var r = CommandResult.Of(["eis", "fit", .. files, "--circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE3", "--link", "arrhenius", "--temperature", "name", "--json"]);
        Assert.Equal(0, r.ExitCode);
        var activation = r.Json.GetProperty("link").GetProperty("activation");
        Assert.Equal(("R1", 2), (activation[0].GetProperty("parameter").GetString(), activation.GetArrayLength()));
        Assert.InRange(activation[0].GetProperty("energy_eV").GetDouble(), 0.355, 0.365);
        Assert.Equal(8, r.Json.GetProperty("spectra").GetArrayLength());
        var refused = CommandResult.Of(["eis", "fit", .. files, "--circuit", "p(R1,CPE1)-p(R2,CPE2)-CPE3", "--link", "arrhenius"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--temperature", refused.Error, StringComparison.Ordinal);
    }
}
