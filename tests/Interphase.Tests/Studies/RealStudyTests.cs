using System.Diagnostics;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>One command and one report over real files of several laboratories and instruments.</summary>
public class RealStudyTests
{
    private readonly string folder = SampleData.TemporaryFolder();

    [NeedsDataFact]
    public void A_study_of_real_files_gives_every_technique_its_section()
    {
        var electrode = "area: 102.7 cm2, activeMass: 10 g, molarMass: 97.28 g/mol, molarVolume: 20.3 cm3/mol, particleRadius: 5.22 um, configuration: three-electrode";
        var study = Path.Combine(folder, "study.yaml");
        File.WriteAllText(study, $$"""
            name: Real files of several laboratories
            samples:
              - name: LPSCl
                specimens:
                  - { technique: pellet-impedance, path: "{{SampleData.Path("eis/real/hybrid-drt/PEIS_LPSCl_IonBlocking_-25C.mpr")}}", thickness: 1.0 +- 0.02 mm, diameter: 10 mm, temperature: -25 degC }
                files:
                  - { technique: impedance, path: "{{SampleData.Path("eis/real/hybrid-drt/PEIS_SSB.mpr")}}", circuit: "L0-R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)-CPE4" }
              - name: full cell
                cells:
                  - electrode: { activeMass: 12 mg, nominalCapacity: 150 mAh/g }
                    files: [ { technique: cycling, path: "{{SampleData.Path("cycling/biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpr")}}" } ]
              - name: steel in KOH
                files: [ { technique: voltammetry, path: "{{SampleData.Path("cycling/gamry/F4CA_1M_KOH_*.DTA.gz")}}" } ]
              - name: LG M50
                cells:
                  - electrode: { {{electrode}} }
                    files: [ { technique: gitt, path: "{{SampleData.Path("cycling/gitt/LGM50_3electrode/pulse_*.csv")}}" } ]
            """);
        var result = CommandResult.Of("study", "run", study, "-o", Path.Combine(folder, "report"), "--json");
        Assert.True(result.ExitCode == 0, result.Error + (result.ExitCode == 2 ? result.Json.GetProperty("problems").ToString() : ""));
        var html = File.ReadAllText(Path.Combine(folder, "report", "report.html"));
        foreach (var section in (string[])["pellet", "cycling", "voltammetry", "impedance", "gitt"]) { Assert.Contains($"id=\"s-{section}\"", html, StringComparison.Ordinal); }
        // The reference optimum of this spectrum and circuit: R1 54.5 ± 1.5, R2 665 ± 26, R0 not identifiable.
        var impedance = result.Json.GetProperty("comparison").EnumerateArray().ToDictionary(r => r.GetProperty("quantity").GetString()!, r => r.GetProperty("values")[0]);
        Assert.Equal(54.5, impedance["interfaceResistance"].GetProperty("value").GetDouble(), 1.5);
        Assert.Equal(665, impedance["secondArcResistance"].GetProperty("value").GetDouble(), 26.0);
        Assert.True(impedance["seriesResistance"].GetProperty("withheld").GetBoolean());
    }

    [NeedsDataFact]
    public void Without_a_circuit_the_evidence_chooses_and_the_report_shows_what_the_spectrum_holds()
    {
        var study = Path.Combine(folder, "chosen.yaml");
        var file = SampleData.Path("eis/synthetic/overlap/ratio100_a0.95_noise0.1.csv");
        File.WriteAllText(study, $$"""
            name: A spectrum
            electrode: { area: 1 cm2 }
            samples:
              - name: two arcs
                files: [ { technique: impedance, path: "{{file}}" } ]
            """);
        var report = Path.Combine(folder, "chosen");
        var result = CommandResult.Of("study", "run", study, "-o", report, "--json");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var impedance = result.Json.GetProperty("comparison").EnumerateArray().ToDictionary(r => r.GetProperty("quantity").GetString()!, r => r.GetProperty("values")[0].GetProperty("value").GetDouble());
        Assert.Equal(100, impedance["interfaceResistance"], 3.0);
        Assert.Equal(100, impedance["secondArcResistance"], 3.0);
        Assert.Contains("names no circuit", File.ReadAllText(Path.Combine(report, "report.html")), StringComparison.Ordinal);
        foreach (var end in (string[])["kramers-kronig", "relaxation-times"]) { Assert.Single(Directory.GetFiles(Path.Combine(report, "figures"), $"*-{end}.svg")); }
        Assert.Equal(3, File.ReadAllLines(Path.Combine(report, "tables", "impedance-capacitances.csv")).Length);
    }

    [Fact]
    public void Killing_a_run_leaves_the_previous_report_whole()
    {
        var rows = new List<string> { "time/s,voltage/V,current/A" };
        for (var i = 0; i <= 200_000; i++) { rows.Add(FormattableString.Invariant($"{i},{3 + (0.8 * (i % 3600) / 3600)},{(i / 3600 % 2 == 0 ? 0.01 : -0.01)}")); }
        File.WriteAllLines(Path.Combine(folder, "a.csv"), rows);
        var study = Path.Combine(folder, "study.yaml");
        File.WriteAllText(study, "name: s\nelectrode: { activeMass: 100 mg, nominalCapacity: 100 mAh/g }\nsamples:\n- name: one\n  files: [ { technique: cycling, path: a.csv } ]\n");
        var report = Path.Combine(folder, "report");
        Assert.Equal(0, CommandResult.Of("study", "run", study, "-o", report).ExitCode);
        var before = Directory.GetFiles(report, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllText);
        foreach (var wait in (int[])[150, 300, 450, 600])
        {
            using var run = Process.Start(new ProcessStartInfo("dotnet", [typeof(Interphase.Cli.Entry).Assembly.Location, "study", "run", study, "-o", report]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            run.WaitForExit(wait);
            run.Kill(entireProcessTree: true);
            run.WaitForExit();
            using (ReportFolder.Open(report)) { } // what the killed run left is finished or undone here
            Assert.Equal(before.Keys.Order(), Directory.GetFiles(report, "*", SearchOption.AllDirectories).Order());
            Assert.Equal(before[Path.Combine(report, "results.json")], File.ReadAllText(Path.Combine(report, "results.json")));
            Assert.False(Directory.Exists(report + ".partial"));
            Assert.False(Directory.Exists(report + ".previous"));
        }
    }
}
