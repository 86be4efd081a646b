using System.Numerics;
using Interphase.Cells;
using Interphase.Simulation;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>
/// The frequency domain is the time domain linearised exactly. An implicit step of length τ that begins where its own solution would be
/// the present state answers a small change of current with Z(s) at s = 1/τ, without drift, transients or periods to wait for.
/// </summary>
public class LinearisationTests
{
    private static readonly MaterialFunction Transference = Formula("0.55 - 0.25*ce/1000"), Factor = Formula("0.4 + 0.9*(ce/1000)**1.5");

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void A_salt_whose_transference_and_activity_change(double rate)
    {
        var cell = Marquis(8, 6, 10);
        Agree(cell with { Electrolyte = cell.Electrolyte with { TransferenceNumber = Transference, ThermodynamicFactor = Factor } }, rate);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    public void A_salt_before_a_foil_whose_kinetics_depend_on_it(double rate)
    {
        var cell = Marquis(8, 6, 10);
        Agree(cell with
        {
            Electrolyte = cell.Electrolyte with { TransferenceNumber = Transference, ThermodynamicFactor = Factor },
            Negative = new FoilElectrode { Potential = 0, ExchangeCurrentDensity = Formula("20*(ce/1000)**0.5") },
        }, rate);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    public void A_conductivity_that_follows_the_stoichiometry(double rate)
    {
        var cell = Reference(0.002, 0.5, 0.6, 6, 12);
        Agree(cell with { Positive = ((PorousElectrode)cell.Positive) with { Thickness = 120e-6, ElectronicConductivity = Formula("0.02*exp(8*(0.6 - x))") } }, rate);
    }

    [Fact]
    public void All_of_it_together()
    {
        var cell = Marquis(6, 5, 8);
        var positive = (PorousElectrode)cell.Positive;
        Agree(cell with
        {
            Electrolyte = cell.Electrolyte with { TransferenceNumber = Transference, ThermodynamicFactor = Factor },
            Positive = positive with
            {
                ElectronicConductivity = Formula("0.4*exp(3*(0.6 - x))"),
                ActiveMaterial = positive.ActiveMaterial with { Diffusivity = Formula("1e-13*exp(-2*x)") },
                Interface = positive.Interface with { FilmResistance = 2e-3, Slow = new(0.2, 30), Contact = new(0.8, 3, 0.05), Populations = [new("a", 0.5, 0.5, 6e-6), new("b", 0.5, 1.5)] },
            },
        }, 0.7);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_paper_cell_with_classes(bool parallelPath)
    {
        // Along a single-ion electrode the impedance is exact within a volume, the time domain not: here both conduct too well to differ.
        var cell = Paper(parallelPath ? 1157.2 : 213.5, parallelPath, classes: 5, points: 3, shells: 12);
        var positive = (PorousElectrode)cell.Positive;
        Agree(cell with { Positive = positive with { ElectronicConductivity = Number(100), Electrolyte = positive.Electrolyte with { Conductivity = Number(100) } } }, -0.2, single: true);
    }

    private static void Agree(Cell cell, double rate, bool single = false)
    {
        // Capacitances beside the particles' states are the impedance's alone and have no part in the step.
        if (cell.Positive is PorousElectrode p) { cell = cell with { Positive = p with { Interface = p.Interface with { DoubleLayerCapacitance = 0 } } }; }
        if (cell.Negative is FoilElectrode f) { cell = cell with { Negative = f with { ArealCapacitance = 0 } }; }
        var state = Run(cell, single ? For(0.1, 7200) : Rest(1), For(rate == 0 ? -1 : rate, 500), For(rate, 30)).State;
        var system = new CellSystem(cell, cell.Temperature);
        system.Load(state);
        var current = -rate * cell.OneC / cell.Area;
        Assert.True(system.Begin(new(ControlKind.Current, current), 0, 1e-12));
        foreach (var tau in (double[])[1e-2, 1, 30, 1000])
        {
            system.Revert();
            var linear = new LinearisedCell(cell, system).At(1 / tau, out _);
            Assert.Equal(0, linear.Imaginary, 1e-12);
            var change = 2e-5 * cell.OneC / cell.Area;
            double After(double extra)
            {
                system.Combine(tau, -1, 0, 0);
                Assert.True(system.Solve(tau, new(ControlKind.Current, current + extra), 0, 1e-11));
                var v = system.Potential;
                system.Revert();
                return v;
            }
            var answer = -(After(change) - After(-change)) / (2 * change);
            Assert.InRange(answer / linear.Real, 1 - 1e-6, 1 + 1e-6);
        }
    }
}
