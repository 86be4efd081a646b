using Interphase.Cells;
using Interphase.Simulation;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>Double layers that live in time.</summary>
public class DoubleLayerTests
{
    [Theory]
    [InlineData(1.0, 0.0, 4)]
    [InlineData(8.0, 0.0, 4)]
    [InlineData(60.0, 0.0, 20)]
    [InlineData(8.0, 0.5, 4)]
    public void Layers_across_a_measured_interface_answer_an_oscillation_as_the_impedance_says(double frequency, double rate, int periods) =>
        ImpedanceTests.AgreeWithOscillation(Measured(5, 24, 1e-8), frequency, rate, 3e-3, periods);

    [Theory]
    [InlineData(1.0)]
    [InlineData(20.0)]
    public void Layers_behind_a_film_do_so_too(double frequency) => ImpedanceTests.AgreeWithOscillation(Microscopic(12, 1e-8), frequency, 0.5, 3e-3);

    [Fact]
    public void Layers_do_so_beside_a_salt()
    {
        var cell = Marquis(12, 8, 20, 1e-8, 1e-10);
        PorousElectrode With(Electrode e) => (PorousElectrode)e with { Interface = ((PorousElectrode)e).Interface with { DoubleLayerCapacitance = 0.2 } };
        cell = cell with { Positive = With(cell.Positive), Negative = With(cell.Negative), Numerics = cell.Numerics with { DoubleLayerInTime = true } };
        ImpedanceTests.AgreeWithOscillation(cell, 10, 0, 5e-3);
    }

    [Fact]
    public void A_current_step_begins_with_the_ohmic_jump_only()
    {
        // Electrolyte, electrons and film: the limit of the impedance at high frequency. Without layers the arc is part of the jump.
        double Excess(bool layers)
        {
            var cell = Microscopic(16, 1e-6);
            cell = cell with { Numerics = cell.Numerics with { DoubleLayerInTime = layers } };
            var run = Run(cell, Rest(10), Spectrum(1e12, 1e11), For(1, 60));
            var ohmic = run.Spectra[0].Spectrum.Impedance[0].Real;
            return ((run.Steps[2].StartPotential - run.Steps[1].EndPotential) / cell.OneC / ohmic) - 1;
        }
        Assert.InRange(Excess(true), -1e-5, 1e-5);
        Assert.InRange(Excess(false), 0.1, double.PositiveInfinity);
    }

    [Fact]
    public void The_layer_charges_with_its_own_time_constant_and_leaves_the_rest_as_it_was()
    {
        var cell = Single();
        var without = cell with { Numerics = cell.Numerics with { DoubleLayerInTime = false } };
        // One particle class at one place, a linear interface: V(t) − V(0) = I R (1 − exp(−t/RC)).
        var porous = (PorousElectrode)cell.Positive;
        double resistance = porous.Interface.ArealResistance, time = resistance * porous.Interface.DoubleLayerCapacitance * porous.RealAreaRatio;
        double[] at = [0, 0.3 * time, time, 3 * time];
        var run = Simulator.Run(cell, new([For(0.01, 60)]), new() { At = at });
        var v = run.Series.Potential.ToArray();
        var full = 0.01 * cell.OneC / cell.Area * resistance;
        for (var i = 1; i < at.Length; i++) { Assert.Equal(1 - Math.Exp(-at[i] / time), (v[i] - v[0]) / full, 2e-3); }
        double[] later = [40, 50];
        var a = Simulator.Run(cell, new([For(0.01, 60)]), new() { At = later }).Series.Potential.ToArray();
        var b = Simulator.Run(without, new([For(0.01, 60)]), new() { At = later }).Series.Potential.ToArray();
        Assert.Equal(b[0], a[0], 2e-6);
        Assert.Equal(b[1], a[1], 2e-6);
    }

    [Fact]
    public void Charge_on_the_layers_is_kept_in_the_balance_and_in_a_state()
    {
        var cell = Measured(12, 16, 1e-4);
        var whole = Run(cell, For(1, 600), For(-1, 0.005), Rest(1));
        Assert.InRange(Math.Abs(whole.LithiumBalance), 0, 1e-10);
        // A run cut while the layers relax goes on as if it had not been.
        var first = Run(cell, For(1, 600), For(-1, 0.005));
        var second = Simulator.Run(cell, new([Rest(1)]), new() { From = first.State });
        Assert.InRange(Math.Abs(second.LithiumBalance), 0, 1e-10);
        Assert.Equal(whole.Steps[2].StartPotential, second.Steps[0].StartPotential, 1e-9);
        Assert.Equal(whole.Steps[2].EndPotential, second.Steps[0].EndPotential, 1e-6);
    }

    [Fact]
    public void Capacitances_that_have_no_part_in_time_are_named()
    {
        var cell = Paper(213.5, classes: 2);
        cell = cell with { Numerics = cell.Numerics with { DoubleLayerInTime = true } };
        Assert.Contains(Run(cell, Rest(1)).Warnings, w => w.Text.Contains("negative.arealCapacitance", StringComparison.Ordinal));
        Assert.DoesNotContain(Run(Measured(2, 16, 1e-3), Rest(1)).Warnings, w => w.Path.EndsWith("doubleLayerInTime", StringComparison.Ordinal));
    }

    private static Cell Measured(int classes, int shells, double tolerance)
    {
        var cell = Paper(213.5, classes: classes, points: 6, shells: shells, tolerance: tolerance);
        return cell with
        {
            Negative = new FoilElectrode { Potential = 0.62, ArealResistance = 1e-3 },
            Numerics = cell.Numerics with { DoubleLayerInTime = true },
        };
    }

    private static Cell Microscopic(int points, double tolerance)
    {
        var cell = Measured(1, 20, tolerance);
        var porous = (PorousElectrode)cell.Positive;
        return cell with
        {
            Positive = porous with { Interface = new() { ExchangeCurrentDensity = Number(0.05), FilmResistance = 0.3, DoubleLayerCapacitance = 0.1, Contact = new(0.8, 3, 0) } },
            Numerics = cell.Numerics with { ElectrodePoints = points },
        };
    }

    /// <summary>One class, one volume of no ohmic resistance, a flat potential and fast diffusion: a resistor beside a capacitor.</summary>
    private static Cell Single()
    {
        var cell = Measured(1, 16, 1e-6);
        var porous = (PorousElectrode)cell.Positive;
        return cell with
        {
            Initial = new(0.5),
            Positive = porous with
            {
                ActiveMaterial = porous.ActiveMaterial with { Diffusivity = Number(1e-8), OpenCircuitPotential = Formula("4 - 0.001*x") },
                Electrolyte = new(0.44, 1, Number(1e6)),
                ElectronicConductivity = Number(1e6),
                Interface = new() { ArealResistance = 0.02, ChargeTransferShare = 0, DoubleLayerCapacitance = 0.06 },
            },
        };
    }
}
