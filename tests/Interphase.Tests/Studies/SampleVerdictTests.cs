using Interphase.Results;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>One verdict a sample, from files written here whose truth is known: a series that agrees, and samples that contradict themselves.</summary>
public class SampleVerdictTests
{
    private readonly MadeStudy made = new();

    private static string Sample(string name, int annealing, string xrd, string pellet, string more = "") =>
        $"- name: {name}\n  coating: {{ material: LiNb0.5Ta0.5O3, annealing: {annealing} degC, thickness: 7.5 +- 0.5 nm }}\n  specimens:\n  - {{ kind: coating-powder, technique: xrd, path: {xrd} }}\n  - {{ kind: pellet, technique: pellet-impedance, path: {pellet}, thickness: 1.00 +- 0.01 mm, area: 0.785 cm2, temperature: 25 degC }}\n{more}";

    [Fact]
    public void A_series_that_agrees_gets_its_states_its_order_and_its_budget()
    {
        made.Gel();
        var cell = "  cells:\n  - id: c\n    files:\n    - { technique: impedance, path: " + made.Spectrum("cell.csv", 124, 10, 1e-6, false) + ", circuit: \"R0-p(R1,C1)\" }\n";
        var result = StudyRun.Run(StudyFile.Read(made.Study(
            Sample("A-350", 350, made.Pattern("a.xy", 0), made.Pellet("pa.csv", 13.2e-6), "  - { kind: coating-powder, technique: thermal, path: gel.csv, exotherm: up }\n")
            + Sample("B-410", 410, made.Pattern("bb.xy", 0.5), made.Pellet("pb.csv", 38.7e-6), cell)
            + Sample("C-550", 550, made.Pattern("ccc.xy", 0.97), made.Pellet("pc.csv", 2.43e-6)))));
        Assert.Empty(result.Problems);
        Assert.Equal([CoatingState.Amorphous, CoatingState.Partial, CoatingState.Crystalline], result.Verdicts.Select(v => v.State));
        Assert.All(result.Verdicts, v => Assert.Equal(["thermal", "xrd"], v.Evidence.Select(e => e.Technique)));
        Assert.All(result.Verdicts, v => Assert.False(v.Contradictory));
        Assert.All(result.Findings.Where(f => f.Id.StartsWith("state-", StringComparison.Ordinal)), f => Assert.Equal(Severity.Note, f.Severity));
        Assert.Contains("B-410 (partly crystalline) conducts best", result.Findings.Single(f => f.Id == "state-against-conductivity").Text, StringComparison.Ordinal);

        // 7.5 nm at 38.7 µS/cm is 0.0194 Ω cm²; the interface has 124 Ω on 0.785 cm².
        var b = result.Verdicts[1];
        Assert.Equal(7.5e-7 / 38.7e-6, b.Budget.Film.Value * 1e4, 0.02 * 7.5e-7 / 38.7e-6);
        Assert.InRange(7.5e-7 / 38.7e-6, b.Budget.Film.Lower95 * 1e4, b.Budget.Film.Upper95 * 1e4);
        Assert.Equal(124 * 0.785, result.Comparison.Single(r => r.Quantity == "interfaceArealResistance").Values.Single().Value.Value, 1.5);
        var budget = result.Findings.Single(f => f.Id == "coating-budget-b-410");
        Assert.Equal(Severity.Contradiction, budget.Severity);
        Assert.Contains("spheres", budget.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Crystals_at_a_temperature_where_the_precursor_is_amorphous_are_a_contradiction()
    {
        made.Gel();
        var result = StudyRun.Run(StudyFile.Read(made.Study(
            Sample("A-350", 350, made.Pattern("a.xy", 0.95), made.Pellet("pa.csv", 13.2e-6), "  - { kind: coating-powder, technique: thermal, path: gel.csv, exotherm: up }\n")
            + Sample("C-550", 550, made.Pattern("ccc.xy", 0), made.Pellet("pc.csv", 2.43e-6)))));
        Assert.All(result.Verdicts, v => Assert.True(v.Contradictory));
        Assert.All(result.Verdicts, v => Assert.Null(v.State));
        var hot = result.Findings.Single(f => f.Id == "state-a-350");
        Assert.Equal(Severity.Contradiction, hot.Severity);
        Assert.Contains("hotter or longer", hot.Text, StringComparison.Ordinal);
        Assert.Contains("not annealed as stated", result.Findings.Single(f => f.Id == "state-c-550").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_grown_on_cycling_is_joined_with_the_growth_of_the_interface()
    {
        made.Cycled(60);
        var maps = "  - { kind: cycled-electrode, technique: map, path: \"cycled_*.csv\", coating: Nb, particle: Ni, interphase: [P, S], scale: 5 nm }\n";
        var cell = $"  cells:\n  - id: c\n    files:\n    - {{ technique: impedance, path: {made.Spectrum("fresh.csv", 124, 10, 1e-6, false)}, circuit: \"R0-p(R1,C1)\" }}\n    - {{ technique: impedance, path: {made.Spectrum("aged.csv", 300, 10, 1e-6, false)}, circuit: \"R0-p(R1,C1)\", role: afterCycling, axis: cycle, values: [100] }}\n";
        var report = Path.Combine(made.Folder, "report");
        var answer = CommandResult.Of("study", "run", made.Study(Sample("B-450", 450, made.Pattern("bb.xy", 0.5), made.Pellet("pb.csv", 38.7e-6), maps + cell)), "-o", report, "--json");
        Assert.True(answer.ExitCode == 0, answer.Error + answer.Output);
        var verdict = answer.Json.GetProperty("verdicts")[0];
        Assert.Equal("partial", verdict.GetProperty("state").GetString());
        Assert.InRange(verdict.GetProperty("interphase_nm").GetDouble(), 55, 65);
        Assert.Equal(176, verdict.GetProperty("growth_ohm").GetDouble(), 6.0);
        // Spheres of 2 µm: 3·m/(ρ r); the layer's conductivity is thickness over growth and area.
        var area = verdict.GetProperty("particleArea_cm2").GetDouble();
        Assert.Equal(3 * 7e-3 / (96.55 / 20.73) / 2e-4, area, 0.01 * area);
        var conductivity = answer.Json.GetProperty("comparison").EnumerateArray().Single(r => r.GetProperty("quantity").GetString() == "interphaseConductivity").GetProperty("values")[0];
        Assert.Equal(60e-7 / (176 * area), conductivity.GetProperty("value").GetDouble(), 0.1 * 60e-7 / (176 * area));
        foreach (var file in (string[])["tables/verdict-states.csv", "tables/verdict-budget.csv", "figures/verdict-budget.svg", "figures/map-b-450-cycled-electrode-cycled-nb.svg"]) { Assert.True(File.Exists(Path.Combine(report, file)), file); }
    }
}
