using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Tests.Support;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>The reference solutions of an independent spectral code.</summary>
public class ReferenceSolutionTests
{
    [NeedsDataTheory]
    [InlineData(16, 20, 2e-4)]
    [InlineData(32, 40, 5e-5)]
    public void Constant_diffusivity_charge_at_1C(int points, int shells, double tolerance)
    {
        var rows = Rows("A_p2d_constD_1C_charge.csv");
        var run = RunAt(Reference(points: points, shells: shells), rows.Column(0), For(1, 1800));
        Agree(rows.Column(1), run, tolerance);
    }

    [NeedsDataTheory]
    [InlineData(16, 20, 2e-4, 0.5)]
    [InlineData(32, 60, 5e-5, 0.1)]
    public void Kinetics_and_film_discharge_at_1C_to_cut_off(int points, int shells, double tolerance, double stopTolerance)
    {
        var rows = Rows("C_bv_film_1C_discharge_to_cutoff.csv");
        var run = RunAt(Reference(chargeTransferShare: 0.5, start: 0.35, points: points, shells: shells), rows.Column(0)[..^1], Until(-1, 2.82));
        Agree(rows.Column(1)[..^1], run, tolerance);
        Assert.InRange(run.Steps[0].Duration, rows[^1][0] - stopTolerance, rows[^1][0] + stopTolerance);
        Assert.InRange(run.Steps[0].EndPotential, 2.82 - 1e-4, 2.82 + 1e-4);
    }

    [NeedsDataTheory]
    [InlineData(16, 20, 2e-4)]
    [InlineData(32, 40, 5e-5)]
    public void Titration_pulse_and_rest(int points, int shells, double tolerance)
    {
        var rows = File.ReadAllLines(SampleData.Path("simulation/solid-state/E_gitt_pulse.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        var times = rows.Select(r => double.Parse(r[1]) + (r[0] == "rest" ? 300 : 0)).ToArray();
        // At 300 s the step changes: the last value of the pulse is the end potential of its step.
        var run = RunAt(Reference(interfaceResistance: 0.0289811862, start: 0.6, points: points, shells: shells), [.. times.Where(t => t != 300)], For(-0.1, 300), Rest(7200));
        var expected = rows.Where((_, i) => times[i] != 300).Select(r => double.Parse(r[2])).ToArray();
        Agree(expected, run, tolerance);
        Assert.InRange(run.Steps[0].EndPotential, 3.7942192743898824 - tolerance, 3.7942192743898824 + tolerance);
        Assert.InRange(run.State.PositiveStoichiometry, 0.6043778480090097 - 1e-9, 0.6043778480090097 + 1e-9);
    }

    [NeedsDataTheory]
    [InlineData(20, 1.2e-3)]
    [InlineData(80, 8e-5)]
    public void Sphere_with_constant_flux(int shells, double tolerance)
    {
        const double d = 1e-14, radius = 2e-6, most = 48000, flux = 0.1;
        foreach (var row in Rows("H_sphere_constant_flux.csv").Where(r => r[0] >= 1e-3))
        {
            var cell = SingleParticle(d, radius, most, shells);
            var end = row[0] * radius * radius / d;
            var run = Run(cell, new ProtocolStep(new HoldCurrent(new(flux * 3 * 0.5 * 1e-5 / radius, AmountBasis.Area)), [new AfterTime(end)]));
            var surface = SurfaceOf(run);
            var theta = (0.5 - surface) * Faraday * most * d / (flux * radius);
            Assert.InRange(theta, row[1] - tolerance, row[1] + tolerance);
            Assert.Equal(3 * row[0], (0.5 - run.State.PositiveStoichiometry) * Faraday * most * d / (flux * radius), 1e-9 * Math.Max(1, row[0]));
        }
    }

    [NeedsDataFact]
    public void Open_circuit_table()
    {
        foreach (var row in Rows("O_ocp_table.csv"))
        {
            var rest = Run(Reference(start: row[0], points: 1, shells: 5), Rest(1));
            Assert.InRange(rest.Steps[0].EndPotential, row[1] - 2e-6, row[1] + 2e-6);
        }
    }

    [NeedsDataFact]
    public void Impedance_of_the_base_case()
    {
        var rows = Rows("G1_eis_cathode_base.csv");
        var cell = Reference(start: 0.5) with { Negative = new FoilElectrode { Potential = 0 } };
        cell = cell with { Positive = ((PorousElectrode)cell.Positive) with { Interface = new() { ArealResistance = 0.0097389352, ChargeTransferShare = 0, DoubleLayerCapacitance = 0.06 } } };
        var closed = CellImpedance.AtRest(cell, 0.5, rows.Column(0)).Spectrum.Impedance;
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = new System.Numerics.Complex(rows[i][1], rows[i][2]);
            Assert.InRange((closed[i] - expected).Magnitude / expected.Magnitude, 0, 1e-5);
        }
    }

    internal static double SurfaceOf(SimulationResult run)
    {
        var x = run.State.Positive!.Stoichiometry;
        var shells = run.Cell.Numerics.ParticlePoints;
        return x[(shells - 1) * (x.Length / shells)];
    }

    /// <summary>One particle size, no resistance anywhere, active fraction 0.5 over 10 µm.</summary>
    internal static Cell SingleParticle(double d, double radius, double most, int shells, double tolerance = 1e-7) => Reference() with
    {
        Positive = new PorousElectrode
        {
            Thickness = 1e-5,
            ActiveMaterial = new() { VolumeFraction = 0.5, ParticleRadius = radius, MaximumConcentration = most, Diffusivity = Number(d), OpenCircuitPotential = LatticeGas },
            Electrolyte = new(0.5, 1, Number(1e9)),
            ElectronicConductivity = Number(1e9),
            Interface = new() { ArealResistance = 1e-9, ChargeTransferShare = 0 },
        },
        Negative = new FoilElectrode { Potential = 0 },
        Initial = new(0.5),
        Numerics = new() { ElectrodePoints = 1, ParticlePoints = shells, RelativeTolerance = tolerance, AbsoluteTolerance = 1e-9 },
    };

    internal static double[][] Rows(string file) =>
        [.. File.ReadAllLines(SampleData.Path("simulation/solid-state/" + file)).Skip(1).Select(l => l.Split(',').Select(double.Parse).ToArray())];

    private static void Agree(double[] expected, SimulationResult run, double tolerance)
    {
        Assert.Null(run.StoppedBy);
        var v = run.Series.Potential;
        Assert.Equal(expected.Length, v.Length);
        for (var i = 0; i < v.Length; i++) { Assert.InRange(v[i], expected[i] - tolerance, expected[i] + tolerance); }
    }
}

internal static class RowsOfNumbers
{
    public static double[] Column(this double[][] rows, int column) => [.. rows.Select(r => r[column])];
}
