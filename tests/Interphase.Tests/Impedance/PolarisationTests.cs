using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Tests.Support;
using Interphase.Units;

namespace Interphase.Tests.Impedance;

public class PolarisationTests
{
    private static readonly PelletGeometry Pellet = PelletGeometry.Round(Quantity.Parse("0.80 +- 0.02 mm"), Quantity.Parse("10 mm"));

    /// <summary>Electronic conductance plus ions that relax, held at each potential in turn.</summary>
    private static TimeSeries Held(double[] potentials, double conductance, double relaxation, double hold, double offset = 0)
    {
        var random = new Random(3);
        List<double> t = [], e = [], i = [];
        double start = 0;
        foreach (var u in potentials)
        {
            for (var k = 0; k < 400; k++)
            {
                var x = hold * k / 400;
                t.Add(start + x);
                e.Add(u);
                i.Add(offset + (conductance * u * (1 + (20 * Math.Exp(-x / relaxation)) + (2e-3 * GeneratedSpectra.Normal(random)))));
            }
            start += hold;
        }
        return new([new(ColumnNames.Time, "s", [.. t], ""), new(ColumnNames.Potential, "V", [.. e], ""), new(ColumnNames.Current, "A", [.. i], "")]);
    }

    [Fact]
    public void Steady_currents_at_several_potentials_give_the_conductivity_and_its_error()
    {
        var r = Polarisation.Analyse([Held([0.1, 0.2, 0.3], 2e-9, 300, 7200, offset: 5e-11)], Pellet, new());
        var truth = 2e-9 * 0.8e-3 / (Math.PI * 25e-6);
        Assert.Equal(3, r.Steps.Count);
        Assert.All(r.Steps, s => Assert.True(s.Steady));
        Assert.InRange(r.Conductivity.Value / truth, 0.995, 1.005);
        Assert.InRange(r.Conductivity.StandardError / truth, 0.025, 0.03);       // the thickness has 2.5 %
        Assert.InRange(truth, r.LeakLower, r.LeakUpper);
    }

    [Fact]
    public void A_current_that_still_decays_gives_no_conductivity_but_a_bound()
    {
        var r = Polarisation.Analyse([Held([0.1], 2e-9, 3000, 3600)], Pellet, new());
        Assert.False(r.Conductivity.HasValue);
        Assert.NotNull(r.Conductivity.Reason);
        Assert.Contains(r.Warnings, w => w.Path == "conductivity_S_cm");
        var truth = 2e-9 * 0.8e-3 / (Math.PI * 25e-6);
        Assert.Equal(0, r.LeakLower);
        Assert.InRange(r.LeakUpper, truth, 50 * truth);
    }

    [Fact]
    public void Without_a_held_potential_nothing_is_given()
    {
        double[] t = [.. Enumerable.Range(0, 100).Select(k => (double)k)];
        var ramp = new TimeSeries([new(ColumnNames.Time, "s", t, ""), new(ColumnNames.Potential, "V", [.. t.Select(x => 0.01 * x)], ""), new(ColumnNames.Current, "A", [.. t.Select(x => 1e-9 * x)], "")]);
        Assert.Throws<InputException>(() => Polarisation.Analyse([ramp], Pellet, new()));
    }

    [Fact]
    public void The_command_reads_a_file_and_prints_the_contract()
    {
        var s = Held([0.1, 0.2], 2e-9, 300, 7200);
        var file = Path.Combine(SampleData.TemporaryFolder(), "dc.csv");
        File.WriteAllLines(file, ["time/s,voltage/V,current/A", .. Enumerable.Range(0, s.Count).Select(k => FormattableString.Invariant($"{s.Time[k]:R},{s.Potential[k]:R},{s.Current[k]:R}"))]);
        var r = CommandResult.Of("polarisation", file, "--thickness", "0.8 mm", "--diameter", "10 mm", "--json");
        Assert.Equal(0, r.ExitCode);
        Assert.Equal(2, r.Json.GetProperty("steadyCurrents").GetArrayLength());
        Assert.InRange(r.Json.GetProperty("conductivity_S_cm").GetDouble(), 2.0e-10, 2.08e-10);
        Assert.True(r.Json.GetProperty("standardError").GetDouble() > 0);
    }
}
