using System.Text.Json;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Tests.Cycling;
using Interphase.Tests.Support;
using Interphase.Titration;

namespace Interphase.Tests.Titration;

public class GittTests
{
    private static Gitt Analyse(MadeTitration made, string more = "") => Gitt.Analyse(made.Series(), MadeTitration.Electrode(more), new());

    private static (double Median, double Covered) Against(Gitt g, double truth)
    {
        var chosen = g.Pulses.Where(p => p.Chosen is not null).Select(p => p.Chosen!.Value).ToArray();
        var logs = chosen.Select(d => Math.Abs(Math.Log10(d.Value / truth))).Order().ToArray();
        return (logs[logs.Length / 2], (double)chosen.Count(d => d.Lower95 <= truth && truth <= d.Upper95) / chosen.Length);
    }

    public static TheoryData<string> Cases => [.. Made.Keys];

    private static readonly Dictionary<string, MadeTitration> Made = new()
    {
        ["clean"] = new(),
        ["noise 50 uV"] = new() { Noise = 5e-5 },
        ["noise 200 uV"] = new() { Noise = 2e-4 },
        ["quantum 400 uV"] = new() { Quantum = 4e-4 },
        ["sampled each 30 s"] = new() { Sampling = 30 },
        ["drift 0.5 mV/h"] = new() { Drift = -0.5e-3 / 3600 },
        ["rest of three pulses"] = new() { Rest = 900 },
        ["rest of one pulse"] = new() { Rest = 300 },
        ["kinetics and resistance"] = new() { ExchangeCurrent = 1e-4, Resistance = 300 },
        ["slow diffusion"] = new() { D = 1e-16 },
        ["slow polarisation"] = new() { SlowResistance = 60, SlowTime = 100, Noise = 2e-5 },
        ["everything at once"] = new() { Noise = 1e-4, Quantum = 1e-4, Drift = 3e-8, ExchangeCurrent = 1e-4, Rest = 1800, Sampling = 5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_stated_intervals_hold_the_truth_in_at_least_nine_of_ten_pulses(string name)
    {
        var made = Made[name];
        var g = Analyse(made);
        Assert.Equal(20, g.Pulses.Count);
        Assert.True(g.Pulses.Count(p => p.Chosen is not null) >= 18, string.Join("; ", g.Pulses.SelectMany(p => p.Reasons)));
        var (median, covered) = Against(g, made.D);
        Assert.True(covered >= 0.9, $"{covered:P0} covered");
        Assert.True(median <= 0.02, $"median |log10 D/Dtrue| = {median:F4}");
    }

    [Fact]
    public void A_slab_is_fitted_as_a_slab()
    {
        var made = new MadeTitration { Geometry = ParticleGeometry.Slab, Noise = 2e-5 };
        var (median, covered) = Against(Analyse(made, ", geometry: slab"), made.D);
        Assert.True(median <= 0.01 && covered >= 0.9);
    }

    [Theory]
    [InlineData("two phases", "plateau")]
    [InlineData("diffusion stationary", "long against")]
    [InlineData("polarisation instead of diffusion", "polarisation")]
    public void What_the_data_cannot_tell_is_withheld_with_the_reason(string name, string reason)
    {
        var g = Analyse(name switch
        {
            "two phases" => new() { Curve = MadeTitration.TwoPhase, Noise = 2e-5 },
            "diffusion stationary" => new() { D = 3e-13 },
            _ => new() { D = 2e-14, SlowResistance = 200, SlowTime = 60, Noise = 2e-5 },
        });
        Assert.All(g.Pulses, p => Assert.Null(p.Chosen));
        Assert.True(g.Pulses.Count(p => p.Reasons.Any(r => r.Contains(reason, StringComparison.Ordinal))) >= 18);
        var json = Json.Of(g.Contract());
        Assert.Null(json["pulses"]![3]!["chosen"]);
        Assert.Null(json["mean_cm2_s"]);
        Assert.Contains(g.Warnings, w => w.Path == "pulses[3].chosen");
        Assert.Contains(g.Warnings, w => w.Path == "mean_cm2_s");
    }

    [Fact]
    public void A_series_resistance_changes_the_jumps_and_no_diffusivity()
    {
        var (a, b) = (Analyse(new() { Resistance = 0, Pulses = 8 }), Analyse(new() { Resistance = 500, Pulses = 8 }));
        foreach (var (p, q) in a.Pulses.Zip(b.Pulses))
        {
            Assert.Equal(500 * MadeTitration.Current, q.IrDropStart.Value - p.IrDropStart.Value, 6);
            Assert.Equal(500 * MadeTitration.Current, q.IrDropEnd.Extrapolated - p.IrDropEnd.Extrapolated, 6);
            foreach (var form in new Func<DiffusivityForms, double>[] { f => f.SeedEq1.Value, f => f.SeedEq1PulseTau.Value, f => f.SqrtTime.Value, f => f.Sphere.Value, f => f.Relaxation.Value, f => f.FullSphere.Value })
            {
                Assert.Equal(1, form(q.Diffusivity) / form(p.Diffusivity), 3);
            }
        }
    }

    [Fact]
    public void The_closed_forms_are_their_own_formulas()
    {
        var g = Analyse(new() { Pulses = 6 });
        var p = g.Pulses[3];
        var length = MadeTitration.Amount * MadeTitration.MolarVolume / g.Surface.Area.Value;
        Assert.Equal(MadeTitration.Radius / 3, length, 12);
        Assert.Equal(1, 4 / (Math.PI * 7200) * Math.Pow(length * p.DeltaEs.Value / p.DeltaEt.Value, 2) / p.Diffusivity.SeedEq1.Value, 9);
        Assert.Equal(24, p.Diffusivity.SeedEq1PulseTau.Value / p.Diffusivity.SeedEq1.Value, 9);
        Assert.Equal(1, p.Diffusivity.SqrtTime.Value / p.Diffusivity.Sphere.Value, 9);
        // At D τ/R² = 0.075 the planar form reads low on a sphere by about (1 + √(πT)/2 + 2T/3)⁻² (with its window at 10–100 s less so).
        Assert.InRange(p.Diffusivity.SqrtTime.Value / 1e-15, 0.55, 0.85);
        Assert.InRange(p.Diffusivity.Relaxation.Value / 1e-15, 1.2, 1.7);
    }

    [Fact]
    public void Mass_area_and_radius_scale_as_the_formulas_say()
    {
        var made = new MadeTitration { Pulses = 5 };
        var s = made.Series();
        var geometric = Gitt.Analyse(s, MadeTitration.Electrode() with { InterfaceAreaSource = InterfaceAreaSource.Geometric }, new());
        var spheres = Gitt.Analyse(s, MadeTitration.Electrode(), new());
        var areas = Math.Pow(spheres.Surface.Area.Value / 0.785e-4, 2);
        Assert.Equal(areas, geometric.Pulses[2].Diffusivity.SeedEq1.Value / spheres.Pulses[2].Diffusivity.SeedEq1.Value, 6);
        Assert.Equal(1, geometric.Pulses[2].Diffusivity.FullSphere.Value / spheres.Pulses[2].Diffusivity.FullSphere.Value, 9);
        Assert.True(geometric.Surface.IsApparent && !spheres.Surface.IsApparent);
        Assert.Contains(geometric.Findings, f => f.Id == "gitt-apparent");
    }

    [Fact]
    public void Rests_stoichiometry_and_depth_of_discharge_follow_the_charge()
    {
        var made = new MadeTitration { Pulses = 10 };
        var g = Analyse(made);
        var step = MadeTitration.Current * 300 / (MadeTitration.Faraday * MadeTitration.Amount);
        foreach (var p in g.Pulses)
        {
            Assert.Equal(0.4 + (step * (p.Index - 0.5)), p.Stoichiometry, 6);
            Assert.Equal((p.Index - 0.5) / 10, p.DepthOfDischarge, 6);
            Assert.Equal(MadeTitration.Smooth(0.4 + (step * p.Index)), p.RestPotential.Value, 4);
            Assert.Equal((300.0, 7200.0), (Math.Round(p.Duration, 6), Math.Round(p.Rest, 6)));
        }
        Assert.All(Gitt.Analyse(made.Series(), MadeTitration.Electrode() with { InitialStoichiometry = null }, new()).Pulses, p => Assert.Equal(double.NaN, p.Stoichiometry));
    }

    [Fact]
    public void Alternating_directions_and_changing_lengths_are_never_one_series()
    {
        var alternating = Analyse(new() { Pulses = 8, Vary = k => (k % 2 == 0 ? -1 : 1, 300) });
        Assert.False(alternating.Mean.HasValue);
        Assert.All(alternating.Pulses, p => Assert.Null(p.Chosen));
        var lengths = Analyse(new() { Pulses = 8, Vary = k => (-1, k < 4 ? 300 : 600) });
        Assert.False(lengths.Mean.HasValue);
        Assert.Equal([4, 4], lengths.Series.Select(s => s.Pulses));
        Assert.All(lengths.Series, s => Assert.InRange(s.Median / 1e-15, 0.95, 1.05));
        Assert.Contains(lengths.Findings, f => f.Id == "gitt-series");
        var cut = Analyse(new() { Pulses = 8, Vary = k => (-1, k < 7 ? 300 : 120) });
        Assert.True(cut.Mean.HasValue);
        Assert.Null(cut.Pulses[7].Chosen);
    }

    [Fact]
    public void A_flipped_current_is_found()
    {
        var s = new MadeTitration { Pulses = 5 }.Series();
        var flipped = MadeSeries.Make(s.Time.ToArray(), [.. s.Current.ToArray().Select(i => -i)], s.Potential.ToArray());
        Assert.Contains(Gitt.Analyse(flipped, MadeTitration.Electrode(), new()).Findings, f => f is { Id: "gitt-sign", Severity: Severity.Contradiction });
    }

    [Fact]
    public void Missing_facts_withhold_what_needs_them_and_no_pulses_are_an_error()
    {
        var s = new MadeTitration { Pulses = 4 }.Series();
        var g = Gitt.Analyse(s, Electrode.Unknown, new());
        Assert.All(g.Pulses, p => Assert.Null(p.Chosen));
        Assert.True(double.IsFinite(g.Pulses[1].IrDropEnd.Value));
        Assert.Contains(g.Warnings, w => w.Path.EndsWith("seedEq1", StringComparison.Ordinal));
        Assert.Throws<InputException>(() => Gitt.Analyse(MadeSeries.Make([0, 1, 2], [0, 0, 0], [3, 3, 3]), Electrode.Unknown, new()));
    }

    [Fact]
    public void The_exit_code_says_whether_any_pulse_gave_what_was_asked()
    {
        var folder = SampleData.TemporaryFolder();
        var yaml = Path.Combine(folder, "electrode.yaml");
        File.WriteAllText(yaml, "{ area: 0.785 cm2, activeMass: 6.4 mg, molarMass: 91.66 g/mol, molarVolume: 20.73 cm3/mol, particleRadius: 2 um, interfaceArea: spheres }");
        string Write(string name, MadeTitration made, bool underCurrent = true)
        {
            var s = made.Series();
            var path = Path.Combine(folder, name);
            File.WriteAllLines(path, [.. Enumerable.Range(0, s.Count).Select(i => FormattableString.Invariant($"{s.Time[i]},{(underCurrent || s.Current[i] == 0 ? s.Potential[i] : double.NaN)},{s.Current[i]}")).Prepend("time/s,voltage/V,current/A")]);
            return path;
        }
        // In the middle of two phases every D is withheld, but the jumps stand.
        var made = new MadeTitration { Pulses = 6, Sampling = 5, Curve = MadeTitration.TwoPhase, InitialStoichiometry = 0.5 };
        var flat = Withheld(CommandResult.Of("gitt", Write("flat.csv", made), "--electrode", yaml, "--json"), 0);
        Assert.All(flat, p => Assert.Contains("plateau", p.GetProperty("reasons").ToString(), StringComparison.Ordinal));
        Assert.Equal(MadeTitration.Current * 150, Math.Abs(flat[2].GetProperty("irDropEnd").GetProperty("value").GetDouble()), 0.1 * MadeTitration.Current * 150);
        // Without potentials under current there is no jump either.
        var silent = Withheld(CommandResult.Of("gitt", Write("silent.csv", made, underCurrent: false), "--electrode", yaml, "--json"), 2);
        Assert.All(silent, p => Assert.Equal(JsonValueKind.Null, p.GetProperty("irDropEnd").GetProperty("value").ValueKind));
        Assert.Equal(0, CommandResult.Of("gitt", Write("good.csv", made with { Curve = MadeTitration.Smooth, InitialStoichiometry = 0.4 }), "--electrode", yaml).ExitCode);

        static JsonElement[] Withheld(CommandResult run, int exit)
        {
            Assert.True(exit == run.ExitCode, $"{run.ExitCode} {run.Error}");
            Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("mean_cm2_s").ValueKind);
            var pulses = run.Json.GetProperty("pulses").EnumerateArray().ToArray();
            Assert.Equal(6, pulses.Length);
            Assert.All(pulses, p =>
            {
                Assert.Equal(JsonValueKind.Null, p.GetProperty("chosen").ValueKind);
                Assert.True(p.GetProperty("withheld").GetBoolean());
                Assert.NotEmpty(p.GetProperty("reasons").EnumerateArray());
            });
            return pulses;
        }
        Directory.Delete(folder, true);
    }

    [NeedsDataTheory]
    [InlineData("syn1_planar_constD_clean", "particleRadius: 20 um, geometry: slab, interfaceArea: 0.7237180886 cm2")]
    [InlineData("syn2_sphere_constD_R_BV", "particleRadius: 2 um, interfaceArea: 21.7115426576 cm2")]
    public void The_shared_synthetic_titrations_are_recovered(string name, string particle)
    {
        var truth = JsonDocument.Parse(File.ReadAllText(SampleData.Path($"cycling/gitt/synthetic/{name}.truth.json"))).RootElement.GetProperty("pulses").EnumerateArray().Select(p => p.GetProperty("D_true_cm2_s").GetDouble()).ToArray();
        var folder = SampleData.TemporaryFolder();
        var yaml = Path.Combine(folder, "electrode.yaml");
        File.WriteAllText(yaml, $"electrode: {{ area: 0.785 cm2, activeMass: 6.4 mg, molarMass: 91.66 g/mol, molarVolume: 20.73 cm3/mol, {particle}, reference: {{ name: Li-In, potential: 0.62 V }} }}");
        var run = CommandResult.Of("gitt", SampleData.Path($"cycling/gitt/synthetic/{name}.bdf.csv.gz"), "--electrode", yaml, "--json");
        Directory.Delete(folder, true);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var pulses = run.Json.GetProperty("pulses").EnumerateArray().ToArray();
        Assert.Equal(truth.Length, pulses.Length);
        var logs = pulses.Zip(truth).Select(p => Math.Abs(Math.Log10(p.First.GetProperty("chosen").GetProperty("value_cm2_s").GetDouble() / p.Second))).Order().ToArray();
        Assert.True(logs[logs.Length / 2] <= 0.005);
        Assert.True(pulses.Zip(truth).All(p => p.First.GetProperty("chosen").GetProperty("lower95").GetDouble() <= p.Second && p.Second <= p.First.GetProperty("chosen").GetProperty("upper95").GetDouble()));
    }

    [NeedsDataFact]
    public void Measured_three_electrode_pulses_are_one_series_on_the_electrodes_own_potential()
    {
        var files = Enumerable.Range(1, 24).Select(k => InstrumentFile.Read(SampleData.Path($"cycling/gitt/LGM50_3electrode/pulse_{k:D2}.csv"))).Reverse().ToArray();
        var (series, _, _) = Joined.Of(files);
        var g = Gitt.Analyse(series, MadeTitration.Electrode(", configuration: three-electrode"), new());
        Assert.Equal(24, g.Pulses.Count);
        Assert.All(g.Pulses, p => Assert.Equal(1, p.Series));
        Assert.All(g.Pulses, p => Assert.Equal(900, p.Duration, 0.2));
        Assert.Equal(4.204, g.Pulses[0].RestPotential.Value, 0.002);
        Assert.Equal(3.755, g.Pulses[^1].RestPotential.Value, 0.003);
        Assert.Contains(g.Findings, f => f.Id == "gitt-own-potential");
        Assert.Contains(g.Findings, f => f.Id == "gitt-slow-polarisation");
        // What is stood by agrees among neighbours within its own interval: a factor of a few over the whole range.
        var chosen = g.Pulses.Where(p => p.Chosen is not null).Select(p => p.Chosen!.Value.Value).ToArray();
        Assert.InRange(chosen.Length, 8, 24);
        Assert.True(chosen.Max() / chosen.Min() < 10);
    }
}
