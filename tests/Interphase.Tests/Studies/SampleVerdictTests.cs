using System.Text;
using Interphase.Characterisation;
using Interphase.Numerics;
using Interphase.Results;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>One verdict a sample, from files written here whose truth is known: a series that agrees, and samples that contradict themselves.</summary>
public class SampleVerdictTests
{
    private readonly string folder = SampleData.TemporaryFolder();

    /// <summary>A pattern of LiNb0.5Ta0.5O3 (15 nm) on a halo: the share of the area in lines is the crystallinity.</summary>
    private string Pattern(string name, double crystallinity)
    {
        var phase = CrystalPhase.Find("LiNb0.5Ta0.5O3");
        var random = new Random(name.Length);
        var total = phase.Lines.Sum(l => l.Intensity);
        var text = new StringBuilder();
        for (var x = 10.0; x <= 80; x += 0.05)
        {
            var y = 60 + (120 * Math.Exp(-(x - 10) / 6));
            // Both have an area of 3500 counts × degrees.
            y += (1 - crystallinity) * 3500 * ((0.61 * Math.Exp(-2.772588722 * Math.Pow((x - 28.5) / 8.5, 2)) / (8.5 * 1.0645)) + (0.39 * Math.Exp(-2.772588722 * Math.Pow((x - 51.5) / 13, 2)) / (13 * 1.0645)));
            foreach (var (h, k, l, i) in crystallinity > 0 ? phase.Lines : [])
            {
                foreach (var (wave, weight) in new[] { (1.5405929e-10, 1 / 1.497), (1.5444274e-10, 0.497 / 1.497) })
                {
                    var theta = Math.Asin(wave / 2 / phase.Spacing(h, k, l, phase.A, phase.C));
                    y += crystallinity * 3500 * i / total * weight * Faddeeva.Voigt(x - (360 / Math.PI * theta), 0.07, 0.012 + (0.55 / Math.Cos(theta)));
                }
            }
            text.Append(FormattableString.Invariant($"{x:0.00} {MathNet.Numerics.Distributions.Poisson.Sample(random, y)}\n"));
        }
        File.WriteAllText(Path.Combine(folder, name), text.ToString());
        return name;
    }

    /// <summary>TG-DSC of a gel: a loss near 310 °C, crystallisation at 395 and 425 °C.</summary>
    private string Gel()
    {
        var noise = new MathNet.Numerics.Distributions.Normal(0, 1, new Random(3));
        var text = new StringBuilder("Time (s),Temperature (degC),Mass (%),Heat Flow (W/g)\n");
        for (var t = 40.0; t <= 600; t += 0.5)
        {
            var step = 1 / (1 + Math.Exp(-(t - 300) / 8));
            var heat = (0.9 * step * (1 - step)) + (0.25 * Math.Exp(-Math.Pow((t - 395) / 6, 2))) + (0.2 * Math.Exp(-Math.Pow((t - 425) / 6, 2)));
            text.Append(FormattableString.Invariant($"{(t - 40) * 6:0},{t},{100 - (14 * step) + (0.01 * noise.Sample()):0.0000},{heat + (0.002 * noise.Sample()):0.00000}\n"));
        }
        File.WriteAllText(Path.Combine(folder, "gel.csv"), text.ToString());
        return "gel.csv";
    }

    /// <summary>Pellet of 1 mm on 0.785 cm²: an arc and a blocking line; σ = 0.1 cm/(R·A).</summary>
    private string Pellet(string name, double siemensPerCentimetre) => Spectrum(name, 0.1 / (siemensPerCentimetre * 0.785), 20, 1e-10, true);

    private string Spectrum(string name, double resistance, double series, double capacitance, bool blocking)
    {
        var random = new Random(5);
        var noise = new MathNet.Numerics.Distributions.Normal(0, 0.002, random);
        var text = new StringBuilder("freq_Hz,Zre_ohm,Zim_ohm\n");
        for (var k = 0; k <= 60; k++)
        {
            var f = Math.Pow(10, 6.5 - (k / 10.0));
            var w = 2 * Math.PI * f;
            var z = series + (resistance / (1 + (System.Numerics.Complex.ImaginaryOne * w * resistance * capacitance)));
            if (blocking) { z += 1 / (1e-6 * System.Numerics.Complex.Pow(System.Numerics.Complex.ImaginaryOne * w, 0.95)); }
            var size = z.Magnitude;
            text.Append(FormattableString.Invariant($"{f:R},{z.Real + (size * noise.Sample()):R},{z.Imaginary + (size * noise.Sample()):R}\n"));
        }
        File.WriteAllText(Path.Combine(folder, name), text.ToString());
        return name;
    }

    /// <summary>A single particle of 400 nm radius in maps of 5 nm pixels, with a coating of 10 nm and a layer of P and S around it; niobium leaks into the map of S.</summary>
    private void Cycled(double layer)
    {
        var random = new Random(11);
        const int n = 200;
        var maps = new Dictionary<string, StringBuilder> { ["Ni"] = new(), ["Nb"] = new(), ["P"] = new(), ["S"] = new() };
        double Chord(double r, double radius) => 2 * Math.Sqrt(Math.Max((radius * radius) - (r * r), 0));
        for (var y = 0; y < n; y++)
        {
            foreach (var map in maps.Values) { if (y > 0) { map.Append('\n'); } }
            for (var x = 0; x < n; x++)
            {
                var r = 5 * Math.Sqrt(Math.Pow(x - 99.5, 2) + Math.Pow(y - 99.5, 2));
                var (core, coat, grown) = (Chord(r, 400), Chord(r, 410) - Chord(r, 400), Chord(r, 410 + layer) - Chord(r, 410));
                void Put(string e, double mean) => maps[e].Append(x > 0 ? "," : "").Append(MathNet.Numerics.Distributions.Poisson.Sample(random, mean));
                Put("Ni", 0.1 + (core * 0.02));
                Put("Nb", 0.1 + (coat * 0.05) + (core * 0.0005));
                Put("P", 0.1 + (grown * 0.015) + (core * 0.0005));
                Put("S", 0.1 + (grown * 0.03) + (core * 0.0005) + (coat * 0.02));
            }
        }
        foreach (var (element, text) in maps) { File.WriteAllText(Path.Combine(folder, $"cycled_{element}.csv"), text.ToString()); }
    }

    private string Study(string samples)
    {
        var path = Path.Combine(folder, "study.yaml");
        File.WriteAllText(path, "name: Coatings\nelectrode: { area: 0.785 cm2, activeMass: 7 mg, molarVolume: 20.73 cm3/mol, molarMass: 96.55 g/mol, particleRadius: 2 um, interfaceArea: spheres, reference: { name: Li-In, potential: 0.62 V } }\nsamples:\n" + samples + "compare: { by: annealing }\n");
        return path;
    }

    private static string Sample(string name, int annealing, string xrd, string pellet, string more = "") =>
        $"- name: {name}\n  coating: {{ material: LiNb0.5Ta0.5O3, annealing: {annealing} degC, thickness: 7.5 nm }}\n  specimens:\n  - {{ kind: coating-powder, technique: xrd, path: {xrd} }}\n  - {{ kind: pellet, technique: pellet-impedance, path: {pellet}, thickness: 1.00 +- 0.01 mm, area: 0.785 cm2, temperature: 25 degC }}\n{more}";

    [Fact]
    public void A_series_that_agrees_gets_its_states_its_order_and_its_budget()
    {
        Gel();
        var cell = "  cells:\n  - id: c\n    files:\n    - { technique: impedance, path: " + Spectrum("cell.csv", 124, 10, 1e-6, false) + ", circuit: \"R0-p(R1,C1)\" }\n";
        var result = StudyRun.Run(StudyFile.Read(Study(
            Sample("A-350", 350, Pattern("a.xy", 0), Pellet("pa.csv", 13.2e-6), "  - { kind: coating-powder, technique: thermal, path: gel.csv, exotherm: up }\n")
            + Sample("B-410", 410, Pattern("bb.xy", 0.5), Pellet("pb.csv", 38.7e-6), cell)
            + Sample("C-550", 550, Pattern("ccc.xy", 0.97), Pellet("pc.csv", 2.43e-6)))));
        Assert.Empty(result.Problems);
        Assert.Equal([CoatingState.Amorphous, CoatingState.Partial, CoatingState.Crystalline], result.Verdicts.Select(v => v.State));
        Assert.All(result.Verdicts, v => Assert.Equal(["thermal", "xrd"], v.Evidence.Select(e => e.Technique)));
        Assert.All(result.Verdicts, v => Assert.False(v.Contradictory));
        Assert.All(result.Findings.Where(f => f.Id.StartsWith("state-", StringComparison.Ordinal)), f => Assert.Equal(Severity.Note, f.Severity));
        Assert.Contains("B-410 (partly crystalline) conducts best", result.Findings.Single(f => f.Id == "state-against-conductivity").Text, StringComparison.Ordinal);

        // 7.5 nm at 38.7 µS/cm is 0.0194 Ω cm²; the interface has 124 Ω on 0.785 cm².
        var b = result.Verdicts[1];
        Assert.Equal(7.5e-7 / 38.7e-6, b.Film.Value * 1e4, 0.02 * 7.5e-7 / 38.7e-6);
        Assert.InRange(7.5e-7 / 38.7e-6, b.Film.Lower95 * 1e4, b.Film.Upper95 * 1e4);
        Assert.Equal(124 * 0.785, result.Comparison.Single(r => r.Quantity == "interfaceArealResistance").Values.Single().Value.Value, 1.5);
        var budget = result.Findings.Single(f => f.Id == "coating-budget-b-410");
        Assert.Equal(Severity.Contradiction, budget.Severity);
        Assert.Contains("spheres", budget.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Crystals_at_a_temperature_where_the_precursor_is_amorphous_are_a_contradiction()
    {
        Gel();
        var result = StudyRun.Run(StudyFile.Read(Study(
            Sample("A-350", 350, Pattern("a.xy", 0.95), Pellet("pa.csv", 13.2e-6), "  - { kind: coating-powder, technique: thermal, path: gel.csv, exotherm: up }\n")
            + Sample("C-550", 550, Pattern("ccc.xy", 0), Pellet("pc.csv", 2.43e-6)))));
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
        Cycled(60);
        var maps = "  - { kind: cycled-electrode, technique: map, path: \"cycled_*.csv\", coating: Nb, particle: Ni, interphase: [P, S], scale: 5 nm }\n";
        var cell = $"  cells:\n  - id: c\n    files:\n    - {{ technique: impedance, path: {Spectrum("fresh.csv", 124, 10, 1e-6, false)}, circuit: \"R0-p(R1,C1)\" }}\n    - {{ technique: impedance, path: {Spectrum("aged.csv", 300, 10, 1e-6, false)}, circuit: \"R0-p(R1,C1)\", role: afterCycling, axis: cycle, values: [100] }}\n";
        var report = Path.Combine(folder, "report");
        var answer = CommandResult.Of("study", "run", Study(Sample("B-450", 450, Pattern("bb.xy", 0.5), Pellet("pb.csv", 38.7e-6), maps + cell)), "-o", report, "--json");
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
