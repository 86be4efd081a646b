using System.Text.Json;
using Interphase.Laboratory;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Laboratory;

/// <summary>The main command, once: raw files of virtual instruments, the study over them, and the comparison with the paper.</summary>
public sealed class ReproducedPaper : IDisposable
{
    public ReproducedPaper()
    {
        Folder = Path.Combine(SampleData.TemporaryFolder(), "reproduction");
        Result = CommandResult.Of("reproduce", "-o", Folder, "--json");
    }

    public string Folder { get; }

    public CommandResult Result { get; }

    public double Model(string quantity, string sample) => Row(quantity, sample).GetProperty("model").GetDouble();

    public JsonElement Row(string quantity, string sample) =>
        Result.Json.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == quantity && r.GetProperty("sample").GetString() == sample);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}

public class ReproductionTests(ReproducedPaper paper) : IClassFixture<ReproducedPaper>
{
    [Fact]
    public void It_ends_well_and_writes_report_study_and_raw_files()
    {
        Assert.True(paper.Result.ExitCode == 0, paper.Result.Error);
        foreach (var file in (string[])["report.html", "study.yaml", "results.json", "reproduction.json", "raw/450/formation.mpt", "raw/350/rate.csv", "raw/550/cycling.bdf.csv.gz", "raw/liquid/gitt.mpt", "raw/450/pellet.z"])
        {
            Assert.True(File.Exists(Path.Combine(paper.Folder, file)), file);
        }
        Assert.Contains("SYNTHETIC", File.ReadAllText(Path.Combine(paper.Folder, "raw/450/formation.mpt")), StringComparison.Ordinal);
    }

    /// <summary>The calibrated model comes as close as its calibration did: 0.1C capacities 7 %, potential jump 8 %, arc 5 %, 1C of 450 5 %, 1C of 550 ±5 mAh/g, separation of peaks 20 %.</summary>
    [Theory]
    [InlineData("dischargeCapacity0.1C", "LNTO-350", 120.9, 0.07)]
    [InlineData("dischargeCapacity0.1C", "LNTO-450", 152, 0.07)]
    [InlineData("dischargeCapacity0.1C", "LNTO-550", 73.2, 0.07)]
    [InlineData("chargeCapacity0.1C", "LNTO-350", 138.74, 0.07)]
    [InlineData("chargeCapacity0.1C", "LNTO-450", 175.36, 0.07)]
    [InlineData("chargeCapacity0.1C", "LNTO-550", 85.14, 0.07)]
    [InlineData("irDrop", "LNTO-350", 91.6, 0.08)]
    [InlineData("irDrop", "LNTO-450", 31.8, 0.08)]
    [InlineData("irDrop", "LNTO-550", 161.3, 0.08)]
    [InlineData("dischargeCapacity1C", "LNTO-450", 107.5, 0.05)]
    [InlineData("dischargeCapacity1C", "LNTO-550", 8.6, 5 / 8.6)]
    [InlineData("cvPolarisation", "LNTO-350", 0.38, 0.20)]
    [InlineData("cvPolarisation", "LNTO-450", 0.20, 0.20)]
    [InlineData("cvPolarisation", "LNTO-550", 0.80, 0.20)]
    [InlineData("interfaceResistance", "LNTO-350", 369, 0.05)]
    [InlineData("interfaceResistance", "LNTO-450", 124, 0.05)]
    [InlineData("interfaceResistance", "LNTO-550", 672, 0.05)]
    [InlineData("retention200Cycles", "LNTO-450", 70.3, 0.02)]
    public void A_number_of_the_paper_is_met_as_closely_as_the_calibration_met_it(string quantity, string sample, double value, double relative) =>
        Assert.Equal(value, paper.Model(quantity, sample), value * relative);

    [Fact]
    public void Apparent_diffusivities_fall_in_the_papers_order_though_every_cell_has_the_same()
    {
        double[] d = [paper.Model("apparentDiffusivity", "liquid"), paper.Model("apparentDiffusivity", "LNTO-450"), paper.Model("apparentDiffusivity", "LNTO-350"), paper.Model("apparentDiffusivity", "LNTO-550")];
        Assert.Equal(d.OrderDescending(), d);
        double[] told = [4.62e-10, 1.36e-10, 4.55e-11, 1.11e-11];
        Assert.All(d.Zip(told), p => Assert.InRange(p.First / p.Second, 1 / 2.5, 2.5));
    }

    [Fact]
    public void What_was_put_into_the_pellets_comes_out_within_two_percent()
    {
        foreach (var (sample, sigma) in new[] { ("LNTO-350", 13.2), ("LNTO-450", 38.7), ("LNTO-550", 2.43) }) { Assert.Equal(sigma, paper.Model("coatingConductivity", sample), 0.02 * sigma); }
    }

    /// <summary>The raw files that ship with the quick start are those of this laboratory: the same analysis reads the same numbers from them.</summary>
    [Fact]
    public void The_quick_start_says_the_same_as_the_laboratory_says_now()
    {
        var output = Path.Combine(SampleData.TemporaryFolder(), "quickstart");
        var result = CommandResult.Of("study", "run", Path.Combine(SampleData.Repository, "examples", "quickstart", "study.yaml"), "-o", output, "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        foreach (var quantity in (string[])["coatingConductivity", "interfaceResistance", "chargeCapacity0.1C", "dischargeCapacity0.1C", "initialCoulombicEfficiency", "cvPolarisation", "irDrop"])
        {
            var row = result.Json.GetProperty("comparison").EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == quantity);
            foreach (var value in row.GetProperty("values").EnumerateArray())
            {
                var now = paper.Model(quantity, value.GetProperty("sample").GetString()!);
                Assert.Equal(now, value.GetProperty("value").GetDouble(), 0.005 * Math.Abs(now));
            }
        }
    }

    [Fact]
    public void Misses_stay_misses_and_inputs_are_called_inputs()
    {
        Assert.Equal("notExplained", paper.Row("onsetPotential", "LNTO-450").GetProperty("status").GetString());
        Assert.Equal("missed", paper.Row("cvPolarisation", "LNTO-550").GetProperty("status").GetString());
        Assert.Equal("byConstruction", paper.Row("coatingConductivity", "LNTO-350").GetProperty("status").GetString());
        Assert.DoesNotContain(paper.Result.Json.GetProperty("rows").EnumerateArray(), r => r.GetProperty("how").GetString() == "input" && r.GetProperty("status").GetString() == "reproduced");
        Assert.All(paper.Result.Json.GetProperty("rows").EnumerateArray(), r => Assert.True(r.GetProperty("paper").ValueKind == JsonValueKind.Number || r.GetProperty("status").GetString() == "noPaperValue"));
    }

    [Fact]
    public void The_calibration_is_told_and_the_headline_counts_what_the_rows_say()
    {
        var json = paper.Result.Json;
        var calibration = json.GetProperty("calibration");
        Assert.Equal(8, calibration.GetProperty("parameters").GetArrayLength());
        Assert.All(calibration.GetProperty("parameters").EnumerateArray(), p => Assert.True(p.GetProperty("standardError").ValueKind == JsonValueKind.Number
            || json.GetProperty("warnings").EnumerateArray().Any(w => w.GetProperty("path").GetString() == $"calibration.parameters.{p.GetProperty("name").GetString()}.standardError")));
        Assert.Equal(6, calibration.GetProperty("degreesOfFreedom").GetInt32());
        Assert.All(calibration.GetProperty("rejectedModels").EnumerateArray(), m => Assert.True(m.GetProperty("chiSquared").GetDouble() > calibration.GetProperty("chiSquared").GetDouble() && m.GetProperty("failsAt").GetString()!.Length > 0));
        var predicted = calibration.GetProperty("leaveOut").EnumerateArray().Where(l => l.GetProperty("counts").GetBoolean()).SelectMany(l => l.GetProperty("rows").EnumerateArray())
            .Concat(json.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("how").GetString() == "predicted" && r.GetProperty("paper").ValueKind == JsonValueKind.Number)).ToArray();
        Assert.StartsWith($"{predicted.Count(r => r.GetProperty("status").GetString() == "reproduced")} of {predicted.Length} predicted rows within tolerance; 14 calibration residuals", json.GetProperty("headline").GetString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Read from the instruments' files the shipped cells give what the calibration's direct simulation gives them. The files know of
    /// parasitic charge and of the cycles before the rate test, 0.4 standard deviations at most.
    /// </summary>
    [Fact]
    public void The_files_say_what_direct_simulation_says()
    {
        var direct = PaperModel.Predict([.. PaperModel.Shipped], PaperVariant.ParallelPath, 48);
        Assert.All(PaperModel.Targets.Zip(direct), p => Assert.Equal(p.Second, paper.Model(p.First.Quantity, p.First.Sample), 0.5 * p.First.Error));
        // The separation is one function on both sides: what is left is noise and mesh.
        Assert.All(PaperModel.Targets.Zip(direct).Where(p => p.First.Quantity == "cvPolarisation"), p => Assert.Equal(p.Second, paper.Model("cvPolarisation", p.First.Sample), 0.01));
    }

    [Fact]
    public void What_was_put_under_the_microscopes_comes_out_and_the_samples_verdicts_are_right()
    {
        foreach (var sample in (string[])["LNTO-350", "LNTO-450", "LNTO-550"])
        {
            // The edge is rough by 0.25 nm, of which the strips of one image are a sample.
            Assert.Equal(7.5, paper.Model("thickness", sample), 0.3);
            Assert.Equal(0.97, paper.Model("coatingCoverage", sample), Math.Min(0.06, 4 * paper.Row("coatingCoverage", sample).GetProperty("standardError").GetDouble()));
        }
        Assert.Equal(60, paper.Model("interphaseThickness", "LNTO-450"), 4 * paper.Row("interphaseThickness", "LNTO-450").GetProperty("standardError").GetDouble());
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(paper.Folder, "results.json")));
        var verdicts = results.RootElement.GetProperty("verdicts").EnumerateArray().ToArray();
        string[] states = ["amorphous", "partial", "crystalline"];
        Assert.Equal(states, verdicts.Take(3).Select(v => v.GetProperty("state").GetString()));
    }

    /// <summary>Every raw file is recognised as the format it is written in, and says that it is synthetic.</summary>
    [Fact]
    public void Raw_files_are_recognised_and_say_that_they_are_synthetic()
    {
        var files = Directory.GetFiles(Path.Combine(paper.Folder, "raw"), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".metadata.json", StringComparison.Ordinal)).Order().ToArray();
        Assert.Equal((3 * (10 + 5)) + 4 + 2 + 3, files.Length);
        var info = CommandResult.Of(["data", "info", .. files, "--json"]);
        Assert.True(info.ExitCode == 0, info.Error);
        foreach (var file in info.Json.EnumerateArray())
        {
            var name = file.GetProperty("file").GetString()!;
            Assert.True(file.GetProperty("rows").GetInt32() > 50, name);
            // Where the format has no room for words, they stand in a file beside it.
            Assert.Contains("SYNTHETIC", file.GetProperty("metadata").GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_figure_of_the_paper_is_remade_or_says_why_not()
    {
        var rows = File.ReadAllLines(Path.Combine(paper.Folder, "tables", "paper-figures.csv")).Skip(1).ToArray();
        Assert.Equal(7 + 8 + 3 + 4 + 12, rows.Length);
        string[] remade = ["1a", "1b", "1c", "1d", "1e", "1f", "1g", "2a", "2b", "2c", "2d", "2e", "2f", "2g", "3a", "3b", "3c", "4a", "4b", "4c", "S1", "S2", "S7", "S8", "S10", "S11"];
        Assert.All(rows, r => Assert.NotEqual(r.Contains('–'), remade.Contains(r.Split(',')[0])));
        foreach (var figure in (string[])["1a", "1bc", "1def", "1g", "2a", "2b", "2cde", "2f", "2g", "3", "4a", "4b", "4c", "s1", "s7", "s10"]) { Assert.True(File.Exists(Path.Combine(paper.Folder, "figures", $"paper-{figure}.svg")), figure); }
    }

    [Fact]
    public void Every_claim_has_a_verdict_and_every_finding_its_evidence()
    {
        var claims = paper.Result.Json.GetProperty("claims").EnumerateArray().ToArray();
        Assert.Equal(19, claims.Length);
        Assert.All(claims, c => Assert.Contains(c.GetProperty("verdict").GetString(), (string[])["supported", "partly supported", "compatible", "contradicted", "not reproduced", "not testable"]));
        var numbers = claims.SelectMany(c => c.GetProperty("evidence").EnumerateArray()).ToArray();
        Assert.All(numbers, n => Assert.Equal(JsonValueKind.Number, n.GetProperty("value").ValueKind));
        var findings = paper.Result.Json.GetProperty("findings").EnumerateArray().ToArray();
        foreach (var id in (string[])["film-resistance", "paper-resistance-times-conductivity", "scaling", "jump-one-slope", "cell-area", "eq1-conventions", "apparent-diffusivity", "growth-explains-part", "sample-names", "short-time", "molar-masses", "grain-boundaries", "arc-order", "scan-rate", "electrical-conductivity"])
        {
            var finding = Assert.Single(findings, f => f.GetProperty("id").GetString() == id);
            Assert.NotEmpty(finding.GetProperty("evidence").EnumerateArray());
            Assert.All(finding.GetProperty("evidence").EnumerateArray(), n => Assert.Equal(JsonValueKind.Number, n.GetProperty("value").ValueKind));
        }
        Assert.DoesNotContain("NaN", paper.Result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("–", string.Concat(claims.Select(c => c.GetProperty("text").GetString()!.Replace("50–70", "", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    /// <summary>Numbers of the findings that follow from the paper's own by hand.</summary>
    [Theory]
    [InlineData("grain-boundaries", 0, -2.82, 0.02)]
    [InlineData("cell-area", 1, 1.973, 0.002)]
    [InlineData("short-time", 1, 1.02, 0.01)]
    [InlineData("molar-masses", 2, 1.1095, 0.001)]
    [InlineData("paper-resistance-times-conductivity", 2, 1633, 1)]
    [InlineData("sample-names", 1, 5.072, 0.002)]
    [InlineData("arc-order", 1, 1206, 1)]
    public void Findings_from_the_papers_numbers_are_what_a_pencil_gives(string id, int place, double value, double tolerance) =>
        Assert.Equal(value, paper.Result.Json.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("id").GetString() == id).GetProperty("evidence")[place].GetProperty("value").GetDouble(), tolerance);

    /// <summary>A constant overpotential cancels in Eq. (1): with all particles in equal contact every cell has the same D.</summary>
    [Fact]
    public void With_equal_contact_the_apparent_diffusivity_does_not_know_the_interface()
    {
        var even = paper.Result.Json.GetProperty("claims").EnumerateArray().SelectMany(c => c.GetProperty("evidence").EnumerateArray()).Where(n => n.GetProperty("path").GetString()!.Contains("equal contact", StringComparison.Ordinal) && n.GetProperty("path").GetString()!.Contains("ΔE", StringComparison.Ordinal)).Select(n => n.GetProperty("value").GetDouble()).ToArray();
        Assert.Equal(3, even.Length);
        Assert.Equal(even.Min(), even.Max(), 0.01 * even.Max());
    }

    /// <summary>What the virtual laboratory put in comes out of the noisy files within 3 %; the arc after cycling also knows the lost particles.</summary>
    [Theory]
    [InlineData("LNTO-350", 369)]
    [InlineData("LNTO-450", 124)]
    [InlineData("LNTO-550", 672)]
    public void The_arc_that_was_put_in_is_read_within_three_percent(string sample, double ohm) => Assert.Equal(ohm, paper.Model("interfaceResistance", sample), 0.03 * ohm);
}
