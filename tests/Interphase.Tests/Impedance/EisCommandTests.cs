using Interphase.Tests.Support;

namespace Interphase.Tests.Impedance;

public class EisCommandTests
{
    [NeedsDataFact]
    public void Fit_prints_the_contract()
    {
        var r = CommandResult.Of("eis", "fit", SampleData.Path("eis/synthetic/paper_series/LNTO-450_3.5V.csv"), "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "--area", "0.785cm2", "--json");
        Assert.Equal(0, r.ExitCode);
        var s = r.Json.GetProperty("spectra")[0];
        Assert.Equal(81, s.GetProperty("points").GetInt32());
        Assert.Equal("modulus", s.GetProperty("weighting").GetString());
        var p = s.GetProperty("parameters")[1];
        Assert.Equal("R1", p.GetProperty("name").GetString());
        Assert.Equal("ohm", p.GetProperty("unit").GetString());
        Assert.InRange(p.GetProperty("value").GetDouble(), 123.5, 126.5);
        Assert.Equal(p.GetProperty("value").GetDouble() * 0.785e-4, p.GetProperty("perArea").GetDouble(), 9);
        Assert.True(p.GetProperty("lower95").GetDouble() < p.GetProperty("value").GetDouble() && p.GetProperty("identifiable").GetBoolean());
        foreach (var key in new[] { "file", "index", "time", "potential", "temperature", "circuit", "chiSquared", "reducedChiSquared", "iterations", "warnings" }) { Assert.True(s.TryGetProperty(key, out _), key); }
    }

    [NeedsDataFact]
    public void Several_files_are_one_series_without_a_common_file()
    {
        var r = CommandResult.Of("eis", "fit", SampleData.Path("eis/synthetic/paper_series/LNTO-550_3.3V.csv"), SampleData.Path("eis/synthetic/paper_series/LNTO-550_3.4V.csv"), "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "--json");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, r.Json.GetProperty("file").ValueKind);
        var absent = r.Json.GetProperty("spectra")[0].GetProperty("parameters")[4];
        Assert.Equal(("R2", System.Text.Json.JsonValueKind.Null), (absent.GetProperty("name").GetString(), absent.GetProperty("value").ValueKind));
        Assert.Contains(r.Json.GetProperty("spectra")[0].GetProperty("warnings").EnumerateArray(), w => w.GetProperty("path").GetString() == "parameters.R2");
    }

    [NeedsDataFact]
    public void Conductivity_prints_the_contract()
    {
        var files = Directory.GetFiles(SampleData.Path("eis/synthetic/pellet"), "*.csv").Order(StringComparer.Ordinal);
        var r = CommandResult.Of(["eis", "conductivity", .. files, "--thickness", "0.80 +- 0.02 mm", "--diameter", "10mm", "--temperature", "name", "--relative-density", "0.85", "--json"]);
        Assert.Equal(0, r.ExitCode);
        Assert.All(r.Json.GetProperty("spectra").EnumerateArray(), s => Assert.Equal("total", s.GetProperty("method").GetString()));
        var a = r.Json.GetProperty("activation");
        Assert.Equal("sigmaT", a.GetProperty("form").GetString());
        Assert.InRange(a.GetProperty("energy_eV").GetDouble(), 0.39, 0.40);
        Assert.Contains(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("text").GetString()!.Contains("file names", StringComparison.Ordinal));
        Assert.Equal([233.15, 248.15, 263.15, 278.15, 298.15, 318.15, 338.15, 358.15], r.Json.GetProperty("spectra").EnumerateArray().Select(s => Math.Round(s.GetProperty("temperature").GetDouble(), 2)).Order());
    }

    [NeedsDataFact]
    public void A_temperature_without_unit_is_refused_and_one_alone_gives_no_activation()
    {
        string[] call = ["eis", "conductivity", SampleData.Path("eis/synthetic/pellet/LPSCl_like_T+25C.csv"), "--thickness", "0.8mm", "--area", "0.785cm2", "--json", "--temperature"];
        Assert.Contains("25 degC", CommandResult.Of([.. call, "25"]).Error, StringComparison.Ordinal);
        var r = CommandResult.Of([.. call, "25degC"]);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, r.Json.GetProperty("activation").ValueKind);
        Assert.Contains(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("path").GetString() == "activation");
    }

    [NeedsDataFact]
    public void A_pattern_the_shell_did_not_expand_names_its_files_in_order()
    {
        var folder = SampleData.Path("eis/synthetic/paper_series");
        var r = CommandResult.Of("eis", "fit", Path.Combine(folder, "LNTO-450_*.csv"), "--circuit", "R0-p(R1,CPE1)-CPE2", "--json");
        var read = r.Json.GetProperty("spectra").EnumerateArray().Select(s => Path.GetFileName(s.GetProperty("file").GetString()));
        Assert.Equal(Directory.GetFiles(folder, "LNTO-450_*.csv").Select(Path.GetFileName).Order(StringComparer.Ordinal), read);
        Assert.Contains("nothing_*.csv", CommandResult.Of("eis", "fit", Path.Combine(folder, "nothing_*.csv"), "--circuit", "R0").Error, StringComparison.Ordinal);
    }

    [NeedsDataFact]
    public void Suggest_finds_the_circuit_a_spectrum_was_made_with()
    {
        var r = CommandResult.Of("eis", "suggest", SampleData.Path("eis/synthetic/paper_series/LNTO-450_3.5V.csv"), "--json");
        var best = r.Json.GetProperty("candidates")[0];
        Assert.Equal("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", best.GetProperty("circuit").GetString());
        Assert.InRange(r.Json.GetProperty("candidates").EnumerateArray().Sum(c => c.GetProperty("weight").GetDouble()), 0.999999, 1.000001);
    }

    [NeedsDataTheory]
    [InlineData("--circuit", "R0-p(R1", "column")]
    [InlineData("--guess", "R7=5", "R7")]
    [InlineData("--guess", "R1", "NAME=VALUE")]
    [InlineData("--area", "5", "--area")]
    [InlineData("--fix", "CPE1_1=2", "CPE1_1")]
    [InlineData("--limits", "R1=5", "R1=1..100")]
    public void A_wrong_call_says_what_to_mend(string option, string value, string expected)
    {
        string[] call = ["eis", "fit", SampleData.Path("eis/synthetic/paper_series/LNTO-450_3.5V.csv"), .. option == "--circuit" ? Array.Empty<string>() : ["--circuit", "R0-p(R1,CPE1)"], option, value];
        var r = CommandResult.Of(call);
        Assert.Equal((1, ""), (r.ExitCode, r.Output));
        Assert.StartsWith("error: ", r.Error, StringComparison.Ordinal);
        Assert.Contains(expected, r.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_aborted_sweep_does_not_cost_the_others()
    {
        var folder = SampleData.TemporaryFolder();
        string Write(string name, int points)
        {
            var circuit = Interphase.Impedance.Circuit.Parse("R0-p(R1,CPE1)");
            var spectrum = Spectra.Noisy(circuit, [10, 100, 1e-5, 0.85], Spectra.Decades(1e5, 0.1, 8), 0.002, new Random(9));
            var file = Path.Combine(folder, name);
            File.WriteAllLines(file, ["freq_Hz,Zre_ohm,Zim_ohm", .. Enumerable.Range(0, points).Select(i => $"{spectrum.Frequency[i]:R},{spectrum.Impedance[i].Real:R},{spectrum.Impedance[i].Imaginary:R}")]);
            return file;
        }
        var r = CommandResult.Of("eis", "fit", Write("whole.csv", 40), Write("aborted.csv", 2), "--circuit", "R0-p(R1,CPE1)", "--json");
        Assert.Equal((0, 1), (r.ExitCode, r.Json.GetProperty("spectra").GetArrayLength()));
        Assert.Contains(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("text").GetString()!.Contains("aborted.csv", StringComparison.Ordinal));
    }
}
