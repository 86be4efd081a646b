using Interphase.Results;
using Interphase.Studies;
using Interphase.Tests.Support;
using Interphase.Tests.Titration;

namespace Interphase.Tests.Studies;

/// <summary>Each finding with a study that has the defect, and with one that has not.</summary>
public class TechniqueFindingsTests
{
    private readonly string folder = SampleData.TemporaryFolder();

    private IReadOnlyList<Finding> Findings(string electrode, string files)
    {
        var path = Path.Combine(folder, "study.yaml");
        File.WriteAllText(path, $"name: s\nelectrode: {electrode}\nsamples:\n- name: one\n  files: [ {files} ]\n");
        return StudyRun.Run(StudyFile.Read(path)).Findings;
    }

    private string Csv(string name, string header, IEnumerable<FormattableString> rows)
    {
        File.WriteAllLines(Path.Combine(folder, name), rows.Select(FormattableString.Invariant).Prepend(header));
        return name;
    }

    /// <summary>1 mAh in ten hours up and down.</summary>
    private string Cycling()
    {
        var rows = new List<FormattableString>();
        for (var i = 0; i <= 600; i++) { rows.Add($"{60 * i},{3 + (0.8 * i / 600)},0.0001"); }
        for (var i = 1; i <= 600; i++) { rows.Add($"{36000 + (60 * i)},{3.8 - (0.8 * i / 600)},-0.0001"); }
        return Csv("cycle.csv", "time/s,voltage/V,current/A", rows);
    }

    [Theory]
    [InlineData("{ area: 0.785 cm2, activeMass: 7 mg, molarMass: 96.55 g/mol, nominalCapacity: 145 mAh/g }", "")]
    [InlineData("{ area: 78.5 cm2, activeMass: 1 mg }", "implausible-loading")]
    [InlineData("{ area: 0.785 cm2, activeMass: 2 mg, molarMass: 96.55 g/mol }", "above-theoretical")]
    [InlineData("{ area: 0.785 cm2, activeMass: 7 mg, nominalCapacity: 0.6 mA.h }", "capacity-against-nominal")]
    [InlineData("{ area: 1 mm2, activeMass: 0.5 mg }", "implausible-areal-capacity")]
    public void Facts_that_cannot_be_right_are_found_and_right_ones_are_not(string electrode, string id)
    {
        string[] ids = ["implausible-loading", "above-theoretical", "capacity-against-nominal", "implausible-areal-capacity"];
        var found = Findings(electrode, $"{{ technique: cycling, path: {Cycling()} }}").Where(f => ids.Contains(f.Id)).ToArray();
        if (id.Length == 0) { Assert.Empty(found); return; }
        Assert.Contains(found, f => f.Id == id && f.Severity == Severity.Contradiction && f.Evidence.Count >= 2);
    }

    [NeedsDataTheory]
    [InlineData("maccor/cellpy_maccor_002.txt.gz", Severity.Note)]
    [InlineData("biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpr", Severity.Note)]
    public void Efficiencies_stand_beside_the_instruments_counters(string file, Severity severity)
    {
        var found = Findings("{ area: 1 cm2 }", $"{{ technique: cycling, path: \"{SampleData.Path("cycling/" + file)}\" }}");
        Assert.Equal(severity, Assert.Single(found, f => f.Id == "efficiency-against-counters").Severity);
    }

    [Theory]
    [InlineData(0, Severity.Note)]
    [InlineData(0.05, Severity.Contradiction)]
    public void Rests_lie_above_the_slow_discharge_or_something_is_wrong(double shift, Severity severity)
    {
        var made = new MadeTitration { Pulses = 12, InitialStoichiometry = 0.4, Sampling = 10 };
        var t = made.Series();
        var titration = Csv("gitt.csv", "time/s,voltage/V,current/A", Enumerable.Range(0, t.Count).Select(i => (FormattableString)$"{t.Time[i]},{t.Potential[i] - shift},{t.Current[i]}"));
        // The same cell, slowly: the equilibrium curve less 5 mV over the same charge.
        var rows = new List<FormattableString> { $"0,{MadeTitration.Smooth(0.4) - 0.005},0" };
        var current = 1e-5;
        for (var k = 1; k <= 700; k++)
        {
            var x = 0.4 + (current * 60 * k / (MadeTitration.Faraday * MadeTitration.Amount));
            rows.Add($"{60 * k},{MadeTitration.Smooth(x) - 0.005},{-current}");
        }
        var slow = Csv("slow.csv", "time/s,voltage/V,current/A", rows);
        var found = Findings("{ area: 0.785 cm2, activeMass: 6.4 mg, molarMass: 91.66 g/mol, molarVolume: 20.73 cm3/mol, particleRadius: 2 um, nominalCapacity: 150 mAh/g }",
            $"{{ technique: gitt, path: {titration} }}, {{ technique: cycling, path: {slow} }}");
        Assert.Equal(severity, Assert.Single(found, f => f.Id == "rests-against-curve-one").Severity);
    }

    [Fact]
    public void Jumps_and_resistances_of_the_paper_are_one_line_of_1_9_square_centimetres()
    {
        // 31.8, 91.6, 161.3 mV at 0.13 mA/cm² and 124, 369, 672 ohm (Wang et al. 2020).
        (string, double, double, double, int)[] points = [("450", 124, 31.8e-3 / 1.3, 0.02, 0), ("350", 369, 91.6e-3 / 1.3, 0.02, 1), ("550", 672, 161.3e-3 / 1.3, 0.02, 2)];
        var line = JumpLine.Of(points, double.NaN)!;
        Assert.Equal(1.91, line.Area.Value * 1e4, 0.02);
        Assert.Equal(Severity.Note, line.Finding().Severity);
        Assert.Contains("one line", line.Finding().Text, StringComparison.Ordinal);
        Assert.Equal(Severity.Contradiction, JumpLine.Of(points, 0.785e-4)!.Finding().Severity);
        points[2].Item3 *= 2;
        Assert.Contains("not one line", JumpLine.Of(points, double.NaN)!.Finding().Text, StringComparison.Ordinal);
        Assert.Null(JumpLine.Of(points[..1], double.NaN));
    }
}
