using System.Text.Json;
using Interphase.Simulation;
using Interphase.Tests.Support;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>The full model of a liquid cell against COMSOL with the parameters of Marquis et al. (2019).</summary>
public class ComsolTests
{
    [NeedsDataTheory]
    [InlineData(0.1)]
    [InlineData(1.0)]
    public void Potential_agrees_with_COMSOL(double rate)
    {
        var rows = File.ReadAllLines(SampleData.Path("simulation/comsol_dfn_voltage.csv")).Where(l => char.IsAsciiDigit(l[0]))
            .Select(l => l.Split(',').Select(double.Parse).ToArray()).Where(r => r[0] == rate).ToArray();
        var run = RunAt(Marquis(40, 20, 40, 1e-6, 1e-8), rows.Column(1), For(-rate, rows[^1][1] + 100));
        var v = run.Series.Potential;
        Assert.Equal(rows.Length, v.Length);
        var last = (int)(0.98 * rows.Length);
        for (var i = 1; i < last; i++)
        {
            // Near its end the reference is not smooth: its points lie on straight pieces. What a parabola through its neighbours
            // misses is its own error and is allowed beside the 0.4 mV.
            var roughness = 0.0;
            for (var k = Math.Max(2, i - 4); k <= Math.Min(rows.Length - 3, i + 4); k++)
            {
                roughness = Math.Max(roughness, Math.Abs(rows[k - 2][2] - (4 * rows[k - 1][2]) + (6 * rows[k][2]) - (4 * rows[k + 1][2]) + rows[k + 2][2]) / 2);
            }
            Assert.InRange(Math.Abs(v[i] - rows[i][2]), 0, 4e-4 + (i > 0.9 * last ? roughness : 0));
        }
    }

    [NeedsDataFact]
    public void Concentrations_agree_with_COMSOL()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SampleData.Path("simulation/comsol_1C.json")));
        double[] Read(string key) => [.. json.RootElement.GetProperty(key).EnumerateArray().Select(e => e.GetDouble())];
        double[][] Table(string key) => [.. json.RootElement.GetProperty(key).EnumerateArray().Select(r => r.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        double[] time = Read("time"), x = Read("x"), xn = Read("x_n"), xp = Read("x_p");
        double[][] salt = Table("c_e"), surfaceN = Table("c_n_surf"), surfaceP = Table("c_p_surf");
        foreach (var at in (int[])[20, 60, 100, 140, 170])
        {
            var cell = Marquis(40, 20, 40, 1e-6, 1e-8);
            var run = Run(cell, For(-1, time[at]));
            Assert.Equal(1, run.State.Salt.Select((c, i) => c * Width(i) * (i is < 40 or >= 60 ? 0.3 : 1)).Sum() / (1000 * ((2 * 0.3 * 100e-6) + 25e-6)), 1e-10);
            for (var i = 0; i < run.State.Salt.Length; i++) { Near(run.State.Salt[i], Interpolate(x, salt, at, Centre(i)), 0); }
            // Behind the steps of the graphite potential the reference itself wavers: there 0.3 % of full.
            var late = at >= 140 ? 1 : 0;
            double[] n = Surface(run.State.Negative!.Stoichiometry), p = Surface(run.State.Positive!.Stoichiometry);
            for (var i = 0; i < 40; i++)
            {
                Near(n[i] * 24983.2619938437, Interpolate(xn, surfaceN, at, Centre(i)), late * 24983);
                Near(p[i] * 51217.9257309275, Interpolate(xp, surfaceP, at, Centre(60 + i)), late * 51218);
            }
        }

        static double Width(int i) => i is < 40 or >= 60 ? 2.5e-6 : 1.25e-6;
        static double Centre(int i) => i < 40 ? 2.5e-6 * (i + 0.5) : i < 60 ? 100e-6 + (1.25e-6 * (i - 40 + 0.5)) : 125e-6 + (2.5e-6 * (i - 60 + 0.5));
        static double[] Surface(double[] all) => all[^(all.Length / 40)..];
        static void Near(double value, double expected, double full) => Assert.InRange(value, expected - (0.003 * Math.Max(expected, full)), expected + (0.003 * Math.Max(expected, full)));
        static double Interpolate(double[] x, double[][] table, int at, double to)
        {
            var scale = x[^1] > 1e-3 ? 1e6 : 1;
            var k = Math.Clamp(Array.FindIndex(x, v => v / scale > to), 1, x.Length - 1);
            var share = ((to * scale) - x[k - 1]) / (x[k] - x[k - 1]);
            return table[k - 1][at] + (share * (table[k][at] - table[k - 1][at]));
        }
    }

    [Fact]
    public void Impedance_of_the_liquid_cell_is_its_response_to_a_small_oscillation()
    {
        var cell = Marquis(10, 10, 20, 1e-7, 1e-10);
        ImpedanceTests.AgreeWithOscillation(cell, 0.02, 0.05, 2e-3);
    }
}
