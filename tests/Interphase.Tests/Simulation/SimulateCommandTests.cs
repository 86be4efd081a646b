using System.Text.Json;
using Interphase.Instruments;
using Interphase.Tests.Support;

namespace Interphase.Tests.Simulation;

public class SimulateCommandTests
{
    private static readonly string[] Coarse = ["--set", "positive.interface.contact.classes=4", "--set", "numerics.electrodePoints=1"];

    [Fact]
    public void A_cycle_is_simulated_and_written_as_BDF()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "cycle.bdf.csv");
        var r = CommandResult.Of(["simulate", "lnto-450", "Charge at C/10 until 3.8 V; Rest for 10 min; Discharge at C/10 until 2.2 V", "-o", file, .. Coarse, "--json"]);
        Assert.Equal((0, ""), (r.ExitCode, r.Error));
        var steps = r.Json.GetProperty("steps").EnumerateArray().ToArray();
        Assert.Equal(["Charge at C/10 until 3.8 V", "Rest for 10 min", "Discharge at C/10 until 2.2 V"], steps.Select(s => s.GetProperty("text").GetString()));
        Assert.Equal([0, 1, 2], steps.Select(s => s.GetProperty("index").GetInt32()));
        Assert.Equal(3.8, steps[0].GetProperty("endPotential").GetDouble(), 1e-4);
        Assert.Equal(600, steps[1].GetProperty("duration").GetDouble(), 1e-6);
        // charge is current times time: C/10 of 145.8 mAh/g
        Assert.Equal(14.58 * steps[0].GetProperty("duration").GetDouble() / 3600, steps[0].GetProperty("capacity_mAh_g").GetDouble(), 1.5);
        Assert.True(steps[0].GetProperty("charge_Ah").GetDouble() > 0 && steps[2].GetProperty("charge_Ah").GetDouble() < 0);
        Assert.True(Math.Abs(r.Json.GetProperty("lithiumBalance").GetDouble()) < 1e-9);
        Assert.True(r.Json.GetProperty("statistics").GetProperty("newtonIterations").GetInt32() > 0);

        var series = InstrumentFile.Read(file).Series!;
        Assert.True(series.Count > 20);
        Assert.Equal(steps.Sum(s => s.GetProperty("duration").GetDouble()), series.Time[^1], 1e-3);
        Assert.Equal(2.2, series.Potential[^1], 1e-4);
    }

    [Fact]
    public void Recording_follows_the_times_asked_for()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "at.bdf.csv");
        var r = CommandResult.Of(["simulate", "lnto-450", "Rest for 1 min; Charge at C/10 for 1 min", "-o", file, "--at", "120,0,60,30,500", .. Coarse, "--json"]);
        Assert.Equal(0, r.ExitCode);
        var series = InstrumentFile.Read(file).Series!;
        Assert.Equal([0, 30, 60, 120], series.Time.ToArray());
        // at a boundary the value after the change, except at the very end
        Assert.Equal(0, series.Current[1]);
        Assert.True(series.Current[2] > 0 && series.Current[3] > 0);
        Assert.Contains(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("path").GetString() == "at");
    }

    /// <summary>Split parts add up to the spectrum.</summary>
    [Fact]
    public void A_spectrum_is_given_with_its_parts()
    {
        var r = CommandResult.Of(["simulate", "lnto-450", "Charge at C/10 for 1 h; Rest for 10 min; Impedance from 100 kHz to 100 mHz, 5 per decade", .. Coarse, "--json"]);
        Assert.Equal(0, r.ExitCode);
        var s = Assert.Single(r.Json.GetProperty("spectra").EnumerateArray());
        Assert.Equal(2, s.GetProperty("step").GetInt32());
        var real = Numbers(s.GetProperty("real"));
        Assert.Equal(31, real.Length);
        var split = s.GetProperty("split");
        Assert.Equal(["electrolyte", "coating", "chargeTransfer", "diffusion", "counterElectrode"], split.EnumerateObject().Select(p => p.Name));
        var parts = split.EnumerateObject().Select(p => Numbers(p.Value.GetProperty("real"))).ToArray();
        for (var i = 0; i < real.Length; i++) { Assert.Equal(real[i], parts.Sum(p => p[i]), 1e-9 * real[i]); }
        Assert.True(Numbers(s.GetProperty("imaginary")).Max() < 1e-9);

        static double[] Numbers(JsonElement e) => [.. e.EnumerateArray().Select(v => v.GetDouble())];
    }

    [Fact]
    public void A_run_that_stops_at_a_physical_limit_exits_with_2_and_keeps_what_it_has()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "stopped.bdf.csv");
        var r = CommandResult.Of(["simulate", "lnto-450", "Rest for 1 min; Discharge at C/10 until 2.2 V; Rest for 1 h", "-o", file, "--set", "negative.inventory=0.1 mAh/cm2", "--set", "initial.stoichiometry=0.5", .. Coarse, "--json"]);
        Assert.Equal(2, r.ExitCode);
        Assert.Equal(2, r.Json.GetProperty("steps").GetArrayLength());
        Assert.Contains("foil", r.Json.GetProperty("steps")[1].GetProperty("endedBy").GetString(), StringComparison.Ordinal);
        Assert.True(InstrumentFile.Read(file).Series!.Count > 10);
    }

    [Fact]
    public void A_step_cut_short_by_the_cells_limits_is_told()
    {
        var r = CommandResult.Of(["simulate", "lnto-450", "Charge at C/2 for 20 h", .. Coarse, "--json"]);
        Assert.Equal(2, r.ExitCode);
        Assert.Contains(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("text").GetString()!.Contains("upper limit 3.8 V", StringComparison.Ordinal));
        Assert.Equal(0, CommandResult.Of(["simulate", "lnto-450", "Charge at C/2", .. Coarse]).ExitCode);
    }

    [Theory]
    [InlineData("Charge at C/10 untill 3.8 V", "protocol:1:16")]
    [InlineData("Rest for 1 h", "--at", "--at", "1,x")]
    [InlineData("Rest for 1 h", "out.txt", "-o", "out.txt")]
    [InlineData("Rest for 1 h", "did you mean", "--set", "positive.thicknes=1 um")]
    public void A_wrong_call_exits_with_1_and_says_where(string protocol, string says, params string[] more)
    {
        var r = CommandResult.Of(["simulate", "lnto-450", protocol, .. more]);
        Assert.Equal((1, ""), (r.ExitCode, r.Output));
        Assert.Contains(says, r.Error, StringComparison.Ordinal);
    }
}
