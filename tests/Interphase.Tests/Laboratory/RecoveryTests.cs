using Interphase.Cells;
using Interphase.Laboratory;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Simulation;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Laboratory;

/// <summary>From noisy files the analysis reads what the virtual laboratory put in; the truth is taken from the simulator, which the analysis never sees.</summary>
public sealed class RecoveryTests : IDisposable
{
    /// <summary>The quick start's study without its titration: formation, impedance while charging, voltammetry and pellet of two cells.</summary>
    private static readonly string StudyText = string.Join('\n', File.ReadAllLines(Path.Combine(SampleData.Repository, "examples", "quickstart", "study.yaml")).Where(l => !l.Contains("gitt", StringComparison.Ordinal)));

    private readonly string folder = SampleData.TemporaryFolder();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private StudyResult Run(int seed, string name)
    {
        var place = Path.Combine(folder, name);
        PaperLaboratory.Write(place, seed, only: f => f[..3] is "450" or "550" && Path.GetFileName(f) is "formation.mpt" or "charging.mpt" or "cv.mpt" or "pellet.z");
        File.WriteAllText(Path.Combine(place, "study.yaml"), StudyText);
        return StudyRun.Run(StudyFile.Read(Path.Combine(place, "study.yaml")));
    }

    private static Estimate Value(StudyResult study, string quantity, string sample) => study.Comparison.Single(r => r.Quantity == quantity).Values.Single(v => v.Sample == sample).Value;

    private static Cell Quiet(string name) => Cell.Load(name, "positive.interface.slow.share=0");

    [Fact]
    public void The_same_seed_gives_the_same_results_and_another_one_other_digits_but_no_other_conclusion()
    {
        var (first, again, other) = (Run(1, "a"), Run(1, "b"), Run(2, "c"));
        Assert.Equal(Json.Text(first.Contract()), Json.Text(again.Contract()));
        Assert.Equal(first.Inputs.Select(i => i.Sha256), again.Inputs.Select(i => i.Sha256));

        var moved = first.Comparison.SelectMany(r => r.Values.Select(v => (r.Quantity, v.Sample, v.Value.Value))).Zip(other.Comparison.SelectMany(r => r.Values.Select(v => (r.Quantity, v.Sample, v.Value.Value)))).ToArray();
        Assert.All(moved, m => Assert.Equal((m.First.Quantity, m.First.Sample), (m.Second.Quantity, m.Second.Sample)));
        Assert.All(moved.Where(m => m.First.Quantity is "interfaceResistance" or "seriesResistance" or "coatingConductivity" or "cvPolarisation" or "chargeCapacity0.1C" or "dischargeCapacity0.1C"), m => Assert.NotEqual(m.First.Value, m.Second.Value));
        foreach (var m in moved.Where(m => PaperNumbers.Quantities.Any(q => q.Name == m.First.Quantity) && double.IsFinite(PaperNumbers.Of(m.First.Quantity, m.First.Sample))))
        {
            var (tolerance, paper) = (PaperNumbers.ToleranceOf(m.First.Quantity, m.First.Sample), PaperNumbers.Of(m.First.Quantity, m.First.Sample));
            Assert.Equal(tolerance.Holds(paper, m.First.Value), tolerance.Holds(paper, m.Second.Value));
        }
        Assert.Equal(first.Findings.Select(f => (f.Id, f.Severity)), other.Findings.Select(f => (f.Id, f.Severity)));

        foreach (var study in (StudyResult[])[first, other]) { Recovers(study); }
    }

    private static void Recovers(StudyResult study)
    {
        foreach (var (sample, name) in new[] { ("LNTO-450", "lnto-450"), ("LNTO-550", "lnto-550") })
        {
            var cell = Quiet(name);
            var loop = Simulator.Run(cell, ProtocolText.Parse("Charge at C/10 until 3.8 V\nDischarge at C/10 until 2.2 V", "truth"), new() { Record = false });
            double Capacity(int step) => Math.Abs(loop.Steps[step].Charge) / 3.6 / 15.36e-3; // the study's mass
            Assert.Equal(Capacity(0), Value(study, "chargeCapacity0.1C", sample).Value, 0.005 * Capacity(0));
            Assert.Equal(Capacity(1), Value(study, "dischargeCapacity0.1C", sample).Value, 0.005 * Capacity(1));

            var sweep = Simulator.Run(cell, ProtocolText.Parse(FormattableString.Invariant($"Sweep to 3.8 V at {PaperLaboratory.ScanRate} mV/s\nSweep to 2.2 V at {PaperLaboratory.ScanRate} mV/s"), "truth"), new() { SampleInterval = 20 });
            var (current, potential) = (sweep.Series.Current.ToArray(), sweep.Series.Potential.ToArray());
            var separation = potential[Array.IndexOf(current, current.Max())] - potential[Array.IndexOf(current, current.Min())];
            Assert.Equal(separation, Value(study, "cvPolarisation", sample).Value, 0.010);

            var spectra = Simulator.Run(cell, ProtocolText.Parse(string.Join('\n', new[] { "3.3", "3.4", "3.5", "3.6", "3.7", "3.8" }.Select(v => $"Charge at C/10 until {v} V\nRest for 2 h\nImpedance from 1 MHz to 10 mHz, 10 per decade")), "truth"), new() { Record = false }).Spectra;
            // Of the noiseless spectra, what coating and charge transfer resist at the lowest frequency.
            var arcs = spectra.Select(s => s.Split.Coating[^1].Real + s.Split.ChargeTransfer[^1].Real).Order().ToArray();
            var arc = (arcs[2] + arcs[3]) / 2;
            Assert.Equal(arc, Value(study, "interfaceResistance", sample).Value, 0.03 * arc);
            // And that is what was put in, but for lithium that still moves between particles after 2 h.
            var put = Counterfactuals.Resistance(cell) / cell.Area;
            Assert.Equal(put, Value(study, "interfaceResistance", sample).Value, 0.03 * put);
        }
    }

    /// <summary>A short titration of each cell: the jump 1 s after a pulse, from the file of the potentiostat.</summary>
    [Theory]
    [InlineData("lnto-350")]
    [InlineData("lnto-450")]
    [InlineData("lnto-550")]
    public void The_jump_after_a_pulse_is_read_within_two_percent(string name)
    {
        var cell = Cell.Load(name);
        var run = Simulator.Run(cell, ProtocolText.Parse("Charge at C/10 until 3.7 V\nRest for 2 h\nDischarge at C/10 for 1 h\nRest for 2 h\nrepeat 3:\n  Discharge at C/10 for 5 min\n  Rest for 2 h", "truth"), new() { SampleAfterStart = [0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 150, 300, 600, 1200, 2400, 3600, 5400, 7000] });
        var (time, step, potential) = (run.Series.Time.ToArray(), run.Series.Required(ColumnNames.Step).Values, run.Series.Potential.ToArray());
        var path = Path.Combine(folder, $"{name}.mpt");
        File.WriteAllText(path, RawFiles.Mpt("Galvanostatic Intermittent Titration Technique", VirtualInstrument.Potentiostat.Record(run.Series, 11), new(2026, 1, 5), "potentiostat"));
        var electrode = Path.Combine(folder, "electrode.yaml");
        File.WriteAllText(electrode, "area: 1.722 cm2\nactiveMass: 15.36 mg\nmolarMass: 96.55 g/mol\nmolarVolume: 20.73 cm3/mol\nparticleRadius: 2 um\ninterfaceArea: geometric\nreference: { name: Li-In, potential: 0.62 V }\n");
        var read = CommandResult.Of("gitt", path, "--electrode", electrode, "--ir-time", "1 s", "--json");
        Assert.True(read.ExitCode == 0, read.Error);
        var pulses = read.Json.GetProperty("pulses").EnumerateArray().Where(p => Math.Abs(p.GetProperty("duration").GetDouble() - 300) < 1).ToArray();
        Assert.Equal(3, pulses.Length);
        for (var k = 0; k < 3; k++)
        {
            var rest = 5 + (2 * k);
            var first = Enumerable.Range(0, time.Length).Single(i => (int)step[i] == rest && Math.Abs(time[i] - run.Steps[rest].Start - 1) < 1e-6);
            var truth = potential[first] - run.Steps[rest - 1].EndPotential;
            Assert.Equal(truth, pulses[k].GetProperty("irDropEnd").GetProperty("value").GetDouble(), 0.02 * truth);
        }
    }

    /// <summary>The gel's exotherms within 2 K and the coatings' shares of crystals within 0.03, from noisy files.</summary>
    [Fact]
    public void Powders_are_read_as_they_were_made()
    {
        PaperLaboratory.Write(folder, 5, only: f => f.StartsWith("powders", StringComparison.Ordinal) || f.EndsWith("coating.xy", StringComparison.Ordinal));
        var events = CommandResult.Of("thermal", Path.Combine(folder, "raw/powders/gel.txt"), "--json").Json.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("kind").GetString() == "crystallisation").Select(e => e.GetProperty("peak_degC").GetDouble()).ToArray();
        Assert.Equal(PaperPowders.Exotherms.Length, events.Length);
        Assert.All(events.Zip(PaperPowders.Exotherms), p => Assert.Equal(p.Second, p.First, 2.0));
        foreach (var (sample, crystalline, _) in PaperPowders.Coatings)
        {
            var read = CommandResult.Of("xrd", Path.Combine(folder, $"raw/{sample}/coating.xy"), "--instrument", Path.Combine(folder, "raw/powders/lab6.xy"), "--json").Json.GetProperty("crystallinity").GetProperty("value").GetDouble();
            Assert.Equal(crystalline, read, 0.03);
        }
    }
}
