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
    [InlineData("{ area: 0.785 cm2, activeMass: 7 mg, nominalCapacity: 145 mAh/mg }", "far-below-nominal")]
    public void Facts_that_cannot_be_right_are_found_and_right_ones_are_not(string electrode, string id)
    {
        string[] ids = ["implausible-loading", "above-theoretical", "capacity-against-nominal", "far-below-nominal", "implausible-areal-capacity"];
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

    /// <summary>A cell charged and discharged in pulses, its rests half a loop above and below the curve, and the same charge and discharge slowly.</summary>
    private string BothDirections(double loop, double chargeShift)
    {
        // Equilibrium 3.2 V + 0.8 V per 0.36 C; 20 ohm; 30 s pulses of 1 mA with 600 s of rest, twelve up and twelve down.
        static double U(double q) => 3.2 + (0.8 * q / 0.36);
        var rows = new List<FormattableString> { $"0,{U(0)},0" };
        double t = 0, q = 0;
        for (var pulse = 0; pulse < 24; pulse++)
        {
            var sign = pulse < 12 ? 1 : -1;
            var branch = (sign * 0.5 * loop) + (sign > 0 ? chargeShift : 0);
            for (var k = 1; k <= 30; k++) { t++; q += sign * 1e-3; rows.Add($"{t},{U(q) + branch + (sign * 0.02)},{sign * 1e-3}"); }
            for (var k = 1; k <= 60; k++) { t += 10; rows.Add($"{t},{U(q) + branch},0"); }
        }
        var gitt = Csv("both.csv", "time/s,voltage/V,current/A", rows);
        rows = [$"0,{U(0)},0"];
        (t, q) = (0, 0);
        foreach (var sign in (int[])[1, -1])
        {
            for (var k = 1; k <= 360; k++) { t += 10; q += sign * 1e-3; rows.Add($"{t},{U(q) + (sign * ((0.5 * loop) + 0.010))},{sign * 1e-4}"); }
        }
        return $"{{ technique: gitt, path: {gitt} }}, {{ technique: cycling, path: {Csv("slow.csv", "time/s,voltage/V,current/A", rows)} }}";
    }

    [Theory]
    [InlineData(0.030, 0, Severity.Note)]
    [InlineData(0.030, 0.060, Severity.Contradiction)]
    public void Each_direction_of_a_titration_is_compared_with_its_own_curve_and_the_loop_is_given(double loop, double chargeShift, Severity severity)
    {
        var findings = Findings("{ area: 0.785 cm2 }", BothDirections(loop, chargeShift));
        var found = Assert.Single(findings, f => f.Id == "rests-against-curve-one");
        Assert.Equal(severity, found.Severity);
        double Evidence(string path) => Assert.Single(found.Evidence, e => e.Path == path).Value;
        Assert.Equal(0.010, Evidence("overpotential of the slowest discharge"), 0.001);
        Assert.Equal(0.010 - chargeShift, Evidence("overpotential of the slowest charge"), 0.001);
        Assert.Equal(loop + chargeShift, Evidence("gitt.hysteresis.value"), 0.001);
        Assert.Equal(chargeShift > 0, found.Text.Contains("after charge pulses lie more than 10 mV above", StringComparison.Ordinal));
        Assert.Contains(findings, f => f.Id == "gitt-hysteresis" && f.Severity == Severity.Note);
    }

    private static JumpPoint[] Paper(double error, double times = 1) =>
    [
        // 31.8, 91.6, 161.3 mV at 0.13 mA/cm² and 124, 369, 672 ohm (Wang et al. 2020).
        Point("450", 124, 31.8e-3 / 1.3, error), Point("350", 369, 91.6e-3 / 1.3, error), Point("550", 672, times * 161.3e-3 / 1.3, error),
    ];

    private static JumpPoint Point(string sample, double resistance, double jump, double error) => new(sample, Estimate.Of(resistance, error * resistance), Estimate.Of(jump, error * jump), 0);

    private static string[] Drawn(JumpLine line) => [.. line.Figure().Panels[0].Series.Select(s => s.Name)];

    [Fact]
    public void Jumps_and_resistances_of_the_paper_are_one_line_of_1_9_square_centimetres()
    {
        var line = JumpLine.Of(Paper(0.01), double.NaN)!;
        Assert.Equal(1.91, line.Area.Value * 1e4, 0.02);
        Assert.InRange(line.PValue, 0.05, 1);
        Assert.Equal(Severity.Note, line.Finding().Severity);
        Assert.Contains("one line", line.Finding().Text, StringComparison.Ordinal);
        Assert.Contains("one area", Drawn(line));
        Assert.Equal(Severity.Contradiction, JumpLine.Of(Paper(0.01), 0.785e-4)!.Finding().Severity);
        Assert.Null(JumpLine.Of(Paper(0.01)[..1], double.NaN));
    }

    [Fact]
    public void Points_that_are_on_no_line_have_none_drawn_and_the_caption_says_why()
    {
        var line = JumpLine.Of(Paper(0.01, 1.5), double.NaN)!;
        Assert.False(line.Area.HasValue);
        Assert.DoesNotContain("one area", Drawn(line));
        Assert.Equal(3, Drawn(line).Length);
        Assert.Contains("No line: from 1.91 (350) to 2.77 (550)", line.Figure().Caption, StringComparison.Ordinal);
        Assert.Contains("not one line", line.Finding().Text, StringComparison.Ordinal);
        Assert.Equal(Severity.Contradiction, line.Finding().Severity);
        // The same points known to 40 % only contradict no line.
        Assert.True(JumpLine.Of(Paper(0.4, 1.5), double.NaN)!.IsLine);
    }

    /// <summary>Three cycles of 1 mAh up and 0.9 mAh down, with the instrument's counters as the defect leaves them.</summary>
    private string Counted(Func<int, double, double> charged, Func<int, double, double> discharged)
    {
        var rows = new List<FormattableString>();
        double up = 0, down = 0;
        for (var k = 0; k < 3 * 1140; k++)
        {
            var (cycle, at) = (k / 1140, k % 1140);
            var rising = at < 600;
            if (rising) { up += 1e-4 * 60 / 3600; } else { down += 1e-4 * 60 / 3600; }
            rows.Add($"{60 * (k + 1)},{(rising ? 3 + (0.8 * at / 600) : 3.8 - (0.8 * (at - 600) / 540))},{(rising ? 1e-4 : -1e-4)},{charged(k, up)},{discharged(k, down)}");
        }
        return Csv("counted.bdf.csv", "Test Time / s,Voltage / V,Current / A,Charging Capacity / Ah,Discharging Capacity / Ah", rows);
    }

    [Theory]
    [InlineData("sound", Severity.Note, 0.001)]
    [InlineData("reset each cycle", Severity.Note, 0.003)]
    [InlineData("reset in the midst of a charge", Severity.Note, 0.003)]
    [InlineData("stood still", Severity.Contradiction, 0.45)] // a third of one charge: 0.9 against 1.35
    [InlineData("swapped", Severity.Contradiction, 0.2)]
    [InlineData("milliamp-hours as amp-hours", Severity.Contradiction, 0.001)]
    [InlineData("one column wrong", Severity.Contradiction, 0.4)]
    public void Counters_of_the_instrument_that_are_wrong_are_found_and_resets_are_not_taken_for_wrong(string defect, Severity severity, double off)
    {
        // Counters as they stand at the row of a reset are taken off afterwards.
        double upAtReset = 0, upBefore = 0, downBefore = 0;
        var file = defect switch
        {
            "sound" => Counted((_, up) => up, (_, down) => down),
            "reset each cycle" => Counted((k, up) => { if (k % 1140 == 0) { upBefore = up; } return up - upBefore; }, (k, down) => { if (k % 1140 == 0) { downBefore = down; } return down - downBefore; }),
            "reset in the midst of a charge" => Counted((k, up) => { if (k == 1140 + 300) { upAtReset = up; } return up - upAtReset; }, (_, down) => down),
            "stood still" => Counted((k, up) => up - (1e-4 / 3600 * 60 * Math.Clamp(k - 1240, 0, 200)), (_, down) => down),
            "swapped" => Counted((_, _) => 0, (_, _) => 0),
            "milliamp-hours as amp-hours" => Counted((_, up) => 1e3 * up, (_, down) => 1e3 * down),
            _ => Counted((_, up) => up, (_, down) => 0.5 * down),
        };
        if (defect == "swapped")
        {
            file = Counted((_, up) => up, (_, down) => down);
            var path = Path.Combine(folder, file);
            File.WriteAllText(path, File.ReadAllText(path).Replace("Charging Capacity / Ah,Discharging Capacity / Ah", "Discharging Capacity / Ah,Charging Capacity / Ah", StringComparison.Ordinal));
        }
        var found = Assert.Single(Findings("{ area: 1 cm2 }", $"{{ technique: cycling, path: {file} }}"), f => f.Id == "efficiency-against-counters");
        Assert.True(severity == found.Severity, found.Text);
        var (ours, theirs) = (found.Evidence[0].Value, found.Evidence[1].Value);
        Assert.Equal(0.9, ours, 0.003);
        Assert.InRange(Math.Abs(ours - theirs), severity == Severity.Note || defect.StartsWith("milli", StringComparison.Ordinal) ? 0 : 0.5 * off, 2 * off);
        if (defect.StartsWith("milli", StringComparison.Ordinal)) { Assert.Contains("1000", found.Text, StringComparison.Ordinal); }
    }
}
