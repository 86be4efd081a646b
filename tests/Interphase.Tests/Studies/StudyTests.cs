using System.Text.Json;
using System.Text.RegularExpressions;
using Interphase.Files;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

public class StudyTests
{
    private readonly string folder = SampleData.TemporaryFolder();

    /// <summary>A charge and discharge at constant current whose capacities are exactly known: 10 mA for 3600 s and 3420 s.</summary>
    private string CyclingFile(string name, double dischargeSeconds = 3420)
    {
        var rows = new List<string> { "time/s,voltage/V,current/A" };
        for (var i = 0; i <= 360; i++) { rows.Add(FormattableString.Invariant($"{10 * i},{3 + (0.8 * i / 360)},0.01")); }
        for (var t = 10.0; t <= dischargeSeconds; t += 10) { rows.Add(FormattableString.Invariant($"{3600 + t},{3.8 - (1.5 * t / dischargeSeconds)},-0.01")); }
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, rows);
        return name;
    }

    private string Study(string text)
    {
        var path = Path.Combine(folder, "study.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private const string Electrode = "electrode: { area: 1 cm2, activeMass: 100 mg, nominalCapacity: 100 mAh/g, reference: { name: Li-In, potential: 0.62 V } }\n";

    [Fact]
    public void One_command_makes_the_whole_report_from_raw_files()
    {
        var study = Study($"name: A <b>study</b>\n{Electrode}samples:\n- name: one\n  files:\n  - {{ technique: cycling, path: {CyclingFile("a.csv")}, role: formation }}\n");
        var report = Path.Combine(folder, "report");
        var result = CommandResult.Of("study", "run", study, "-o", report, "--json");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var efficiency = result.Json.GetProperty("comparison").EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == "initialCoulombicEfficiency").GetProperty("values")[0];
        Assert.Equal(95, efficiency.GetProperty("value").GetDouble(), 0.5);
        var charge = result.Json.GetProperty("comparison").EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == "chargeCapacity1C").GetProperty("values")[0];
        Assert.Equal(100, charge.GetProperty("value").GetDouble(), 0.5);
        foreach (var file in (string[])["report.html", "results.json", "provenance.json", "figures/cycling-potential-capacity.svg", "tables/comparison.csv"]) { Assert.True(File.Exists(Path.Combine(report, file)), file); }
        Assert.Equal(result.Output.Trim(), File.ReadAllText(Path.Combine(report, "results.json")).Trim());
        var html = File.ReadAllText(Path.Combine(report, "report.html"));
        Assert.DoesNotContain("<b>study</b>", html, StringComparison.Ordinal);
        // The embedded plotting script holds addresses as text; the page itself refers to nothing outside.
        Assert.Empty(Regex.Matches(Regex.Replace(html, "<script>.*?</script>", "", RegexOptions.Singleline), "(src|href)=\"https?:", RegexOptions.IgnoreCase));
    }

    [Fact]
    public void Provenance_holds_the_hash_of_every_input()
    {
        var study = Study($"name: s\n{Electrode}samples:\n- name: one\n  files:\n  - {{ technique: cycling, path: {CyclingFile("a.csv")} }}\n");
        CommandResult.Of("study", "run", study, "-o", Path.Combine(folder, "report"));
        var inputs = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "report", "provenance.json"))).RootElement.GetProperty("inputs").EnumerateArray().ToArray();
        foreach (var input in inputs)
        {
            var bytes = File.ReadAllBytes(Path.Combine(folder, input.GetProperty("path").GetString()!));
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), input.GetProperty("sha256").GetString());
        }
        Assert.Equal(["a.csv", "study.yaml"], inputs.Select(i => i.GetProperty("path").GetString()));
    }

    [Fact]
    public void Replicate_cells_are_reported_as_their_mean_and_its_standard_error()
    {
        string[] cells = [CyclingFile("a.csv", 3400), CyclingFile("b.csv", 3420), CyclingFile("c.csv", 3440)];
        var study = Study($"name: s\n{Electrode}samples:\n- name: one\n  cells:\n" + string.Concat(cells.Select((c, i) => $"  - id: c{i}\n    files: [ {{ technique: cycling, path: {c}, role: formation }} ]\n")));
        var row = StudyRun.Run(StudyFile.Read(study)).Comparison.Single(r => r.Quantity.StartsWith("dischargeCapacity", StringComparison.Ordinal)).Values.Single();
        var values = row.Replicates.Select(r => r.Value).ToArray();
        Assert.Equal(3, values.Length);
        Assert.Equal(values.Average(), row.Value.Value, 1e-9);
        var sd = Math.Sqrt(values.Sum(v => Math.Pow(v - values.Average(), 2)) / 2);
        Assert.Equal(sd, row.StandardDeviation, 1e-9);
        Assert.Equal(sd / Math.Sqrt(3), row.Value.StandardError, 1e-9);
        Assert.Equal(4.302653 * row.Value.StandardError, row.Value.Upper95 - row.Value.Value, 1e-4); // Student's t, 2 degrees of freedom
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_reported_and_the_rest_goes_on()
    {
        File.WriteAllBytes(Path.Combine(folder, "broken.mpr"), "BIO-LOGIC MODULAR FILE\u001a"u8.ToArray());
        var study = Study($"name: s\n{Electrode}samples:\n- name: one\n  files:\n  - {{ technique: cycling, path: {CyclingFile("a.csv")}, role: formation }}\n- name: two\n  files:\n  - {{ technique: cycling, path: broken.mpr }}\n- name: three\n  files:\n  - {{ technique: impedance, path: \"nothing_*.z\" }}\n");
        var result = CommandResult.Of("study", "run", study, "-o", Path.Combine(folder, "report"), "--json");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(["broken.mpr", "nothing_*.z"], result.Json.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("file").GetString()));
        Assert.NotEmpty(result.Json.GetProperty("comparison").EnumerateArray());
        Assert.True(File.Exists(Path.Combine(folder, "report", "report.html")));
    }

    [Fact]
    public void A_study_of_no_file_says_that_nothing_could_be_given()
    {
        var result = CommandResult.Of("study", "run", Study("name: s\nsamples: [ { name: one } ]\n"), "-o", Path.Combine(folder, "report"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Nothing could be given", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_folder_is_said_once_and_not_for_each_file()
    {
        var files = string.Join(", ", Enumerable.Range(0, 9).Select(k => $"{{ technique: cycling, path: raw/file{k}.csv }}"));
        var result = CommandResult.Of("study", "run", Study($"name: s\nsamples: [ {{ name: one, files: [ {files} ] }} ]\n"), "-o", Path.Combine(folder, "report"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("9 files are not there (raw/file0.csv", result.Output, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(result.Output, "failed:"));
    }

    [Fact]
    public void A_cell_on_another_scale_than_the_studys_has_its_own_figure_and_no_empty_one()
    {
        var curve = new List<string> { "time/s,voltage/V,current/A" };
        for (var k = 0; k < 400; k++)
        {
            var e = k < 200 ? k / 400.0 : (400 - k) / 400.0;
            curve.Add(FormattableString.Invariant($"{k},{e},{(k < 200 ? 1 : -1) * 1e-3 * Math.Exp(-Math.Pow((e - 0.25) / 0.05, 2))}"));
        }
        File.WriteAllLines(Path.Combine(folder, "cv.csv"), curve);
        var study = Study($"name: s\n{Electrode}samples:\n- name: one\n  files: [ {{ technique: cycling, path: {CyclingFile("a.csv")} }} ]\n- name: two\n  cells: [ {{ electrode: {{ reference: Hg/HgO }}, files: [ {{ technique: voltammetry, path: cv.csv }} ] }} ]\n");
        Assert.Equal(0, CommandResult.Of("study", "run", study, "-o", Path.Combine(folder, "report")).ExitCode);
        var svg = File.ReadAllText(Path.Combine(folder, "report", "figures", "cv-overlay.svg"));
        Assert.Contains("vs Hg/HgO", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("not in the figure", File.ReadAllText(Path.Combine(folder, "report", "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: s\nsamples: []\n", "no samples")]
    [InlineData("name: s\nsampels: []\n", "'samples' is missing")]
    [InlineData("name: s\nsamples:\n- name: a\n  files: [ { technique: cyclng, path: a.csv } ]\n", "cycling")]
    [InlineData("name: s\nsamples:\n- name: a\n- name: a\n", "stands twice")]
    [InlineData("name: s\nsamples:\n- name: a\n  coating:\n    thickness: 7,5 nm\n", "decimal comma")]
    [InlineData("name: s\nsamples:\n- name: a\n  coating: { thickness: 7.5 }\n", "has no unit")]
    [InlineData("name: s\nelectrode: { aera: 1 cm2 }\nsamples: [ { name: a } ]\n", "did you mean 'area'?")]
    [InlineData("name: s\nsamples: [ { name: a, cells: [ { id: x, files: [], temprature: 25 degC } ] } ]\n", "did you mean 'temperature'?")]
    [InlineData("name: s\nname: t\nsamples: [ { name: a } ]\n", "stands twice")]
    public void A_wrong_study_file_is_refused_with_line_and_mend_and_nothing_is_written(string text, string mend)
    {
        var study = Study(text);
        var result = CommandResult.Of("study", "run", study, "-o", Path.Combine(folder, "report"));
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(mend, result.Error, StringComparison.Ordinal);
        Assert.Matches(@"study\.yaml:\d+:\d+", result.Error);
        Assert.Equal(["study.yaml"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void The_folder_of_ones_own_files_is_no_output()
    {
        var study = Study($"name: s\n{Electrode}samples:\n- name: one\n  files:\n  - {{ technique: cycling, path: {CyclingFile("a.csv")} }}\n");
        var before = Directory.GetFileSystemEntries(folder).Order().ToArray();
        var result = CommandResult.Of("study", "run", study, "-o", folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not a report", result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder).Order());
    }

    [Fact]
    public void A_build_sheet_says_the_same_as_a_study_file()
    {
        CyclingFile("a.csv");
        File.WriteAllText(Path.Combine(folder, "cells.csv"), "sample,cell,annealing,coatingThickness,activeMass,technique,path,role\nX,c1,450 degC,7.5 nm,90 mg,cycling,a.csv,formation\n,c2,,,80 mg,cycling,a.csv,formation\n");
        var sheet = StudyFile.Read(Study($"name: s\n{Electrode}samples: {{ table: cells.csv }}\n"));
        var sample = Assert.Single(sheet.Samples);
        Assert.Equal(["c1", "c2"], sample.Cells.Select(c => c.Id));
        Assert.Equal(90e-6, sample.Cells[0].Electrode.Mass.Value, 1e-12);
        Assert.Equal(80e-6, sample.Cells[1].Electrode.Mass.Value, 1e-12);
        Assert.Equal(723.15, sample.Coating!.Annealing!.Value.Value, 1e-9);
        Assert.Equal(7.5e-9, sample.Coating.Thickness!.Value.Value, 1e-18);
        File.WriteAllText(Path.Combine(folder, "cells.csv"), "sample,technique,path,mas\nX,cycling,a.csv,1 mg\n");
        Assert.Contains("'mas' is not a column", Assert.Throws<InputException>(() => StudyFile.Read(Path.Combine(folder, "study.yaml"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_study_file_is_valid_and_is_not_overwritten()
    {
        var made = CommandResult.Of("study", "new", Path.Combine(folder, "mine"), "--json");
        Assert.Equal(0, made.ExitCode);
        var path = made.Json.GetProperty("path").GetString()!;
        Assert.Equal("LNTO-450", StudyFile.Read(path).Samples[0].Name);
        Assert.Equal(1, CommandResult.Of("study", "new", Path.Combine(folder, "mine")).ExitCode);
    }

    [Fact]
    public void Files_are_found_by_pattern_in_natural_order()
    {
        foreach (var n in (int[])[10, 9, 1]) { File.WriteAllText(Path.Combine(folder, $"pulse_{n}.csv"), "x"); }
        Assert.Equal(["pulse_1.csv", "pulse_9.csv", "pulse_10.csv"], InputFiles.Find(folder, "pulse_*.csv"));
    }
}
