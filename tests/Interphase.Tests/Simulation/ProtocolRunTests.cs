using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Units;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>What a protocol does to a cell: ends, limits, repeats, recording, ageing.</summary>
public class ProtocolRunTests
{
    private static readonly Cell Cell = Paper(213.5, classes: 6, tolerance: 1e-4);

    [Fact]
    public void Every_kind_of_end_is_met()
    {
        var current = Rate(0.1);
        ProtocolStep Step(StepAction action, params StepEnd[] ends) => new(action, ends) { Text = "step" };
        var run = Run(Cell,
            Step(new HoldCurrent(current), new AfterCharge(new(20 * 3.6e3, AmountBasis.Mass))),
            Step(new HoldCurrent(current), new AtStoichiometry(0.7)),
            Step(new HoldCurrent(current), new AtPotential(3.5), new AfterTime(1e6)),
            Step(new HoldPotential(3.5), new AtCurrent(Rate(0.02))),
            Step(new RestStep(), new AtDrift(1e-3 / 3600), new AfterTime(1e7)),
            Step(new HoldPower(-2e-4), new AfterTime(60)),
            Step(new HoldCurrent(new(-1e-4, AmountBasis.Cell)), new AfterTime(50)));
        Assert.Null(run.StoppedBy);
        Assert.Equal(20 * 3.6e3 * Cell.ActiveMass, run.Steps[0].Charge, 1e-8);
        Assert.Equal(3.5, run.Steps[2].EndPotential, 1e-4);
        Assert.All(run.Series.Potential.ToArray(), v => Assert.True(double.IsFinite(v)));
        Assert.Equal(-2e-4 * 60, run.Steps[5].Energy, 1e-6);
        Assert.Equal(-1e-4 * 50, run.Steps[6].Charge, 1e-12);
        Assert.StartsWith("drift", run.Steps[4].EndedBy, StringComparison.Ordinal);
        var hold = Run(Cell, Until(0.1, 3.5), Step(new HoldPotential(3.5), new AtCurrent(Rate(0.02))));
        Assert.Equal(0.02 * Cell.OneC, hold.State.Current, 1e-4 * Cell.OneC);
        var half = Run(Cell, Step(new HoldCurrent(current), new AtStoichiometry(0.7)));
        Assert.Equal(0.7, half.State.PositiveStoichiometry, 1e-6);
    }

    [Fact]
    public void Limits_of_the_cell_end_a_step_that_names_no_potential_and_the_run_goes_on()
    {
        var run = Run(Cell, For(0.1, 1e6), For(-0.1, 1e6), Until(0.1, 3.85), Rest(10));
        Assert.Equal(EndKind.CellLimit, run.Steps[0].Kind);
        Assert.Equal(3.8, run.Steps[0].EndPotential, 1e-4);
        Assert.Equal(2.2, run.Steps[1].EndPotential, 1e-4);
        Assert.Equal(3.85, run.Steps[2].EndPotential, 1e-4);
        Assert.Equal(4, run.Steps.Count);
        Assert.Equal([1, 1, 2, 2], run.Steps.Select(s => s.Cycle));
    }

    [Fact]
    public void Physical_limits_have_names()
    {
        var foil = (FoilElectrode)Cell.Negative;
        var empty = Run(Cell with { Negative = foil with { Inventory = 20 * 36 } }, Until(0.1, 3.8), Until(-0.1, 2.2), For(-0.1, 1e5));
        Assert.Null(empty.StoppedBy);
        var exhausted = Run(Cell with { Negative = foil with { Inventory = 36 }, Initial = new(0.5) }, Until(-0.1, 2.2));
        Assert.Contains("exhausted", exhausted.StoppedBy, StringComparison.Ordinal);
        Assert.Equal(-36 * Cell.Area, exhausted.Steps[0].Charge, 1e-6 * Cell.Area * 36);
        var free = Cell with { Limits = new(double.NegativeInfinity, double.PositiveInfinity) };
        var full = Run(free, For(-0.3, 1e6), Rest(10));
        Assert.Contains("positive particle surface full at", full.StoppedBy, StringComparison.Ordinal);
        Assert.Single(full.Steps);
        Assert.True(full.Series.Count > 3);
    }

    [Fact]
    public void Repeat_stops_once_capacity_has_fallen()
    {
        var aged = Cell with { Ageing = new() { ContactLossPerCycle = 0.03 } };
        var run = Run(aged, new Repeat(50, [Until(0.2, 3.8), Until(-0.2, 2.2)], 0.8));
        var q = run.Steps.Where(s => s.Charge < 0).Select(s => -s.Charge).ToArray();
        Assert.InRange(q.Length, 3, 12);
        Assert.True(q[^1] < 0.8 * q[0] && q[^2] >= 0.8 * q[0]);
        Assert.InRange(run.LithiumBalance, -1e-10, 1e-10);
    }

    [Fact]
    public void Recording_at_given_times_keeps_the_value_after_a_change()
    {
        double[] at = [0, 100, 600, 900, 1200];
        var run = RunAt(Cell, [.. at, 5000], For(0.1, 600), Rest(600));
        Assert.Equal(at, run.Series.Time.ToArray());
        Assert.Equal(0, run.Series.Current[2]);
        Assert.Equal(run.Steps[1].StartPotential, run.Series.Potential[2]);
        Assert.Equal(run.Steps[1].EndPotential, run.Series.Potential[4]);
        Assert.Contains(run.Warnings, w => w.Path == "at");
        // What is asked for does not change what happens.
        var free = Run(Cell, For(0.1, 600), Rest(600));
        Assert.Equal(free.Steps[1].EndPotential, run.Steps[1].EndPotential, 2e-5);
    }

    [Fact]
    public void A_run_can_go_on_from_the_state_of_another()
    {
        var whole = Run(Cell, Until(0.2, 3.7), Until(-0.2, 2.5), Until(0.2, 3.6));
        var first = Run(Cell, Until(0.2, 3.7), Until(-0.2, 2.5));
        var second = Simulator.Run(Cell, new([Until(0.2, 3.6)]), new() { From = first.State });
        Assert.Equal(whole.Steps[2].Charge, second.Steps[0].Charge, 1e-9 * whole.Steps[2].Charge);
        Assert.Equal(2, second.Steps[0].Cycle);
    }

    [Fact]
    public void Replayed_current_gives_the_same_potential()
    {
        var steps = Run(Cell, For(0.2, 1000), For(-0.1, 500));
        double a = 0.2 * Cell.OneC, b = -0.1 * Cell.OneC;
        var replay = Run(Cell, new ProtocolStep(new ReplayCurrent([0, 1000, 1000.001, 1500.001], [a, a, b, b]), []));
        Assert.Equal(steps.Steps[1].EndPotential, replay.Steps[0].EndPotential, 1e-5);
        Assert.Equal(steps.Steps.Sum(s => s.Charge), replay.Steps[0].Charge, 1e-6);
    }

    [Fact]
    public void A_step_that_is_over_before_it_begins_says_so()
    {
        var run = Run(Cell, Until(-0.1, 3.8), Rest(10), Until(-0.1, 3.8));
        Assert.Null(run.StoppedBy);
        Assert.Equal(0, run.Steps[0].Charge);
        Assert.Contains("ended at once", Assert.Single(run.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lithium_is_kept_over_a_thousand_cycles()
    {
        var cell = Paper(213.5, classes: 3, points: 1, shells: 6);
        var run = Simulator.Run(cell, new([new Repeat(1000, [Until(2, 3.8), Until(-2, 2.2)])]), new() { Record = false });
        Assert.Null(run.StoppedBy);
        Assert.Equal(2000, run.Steps.Count);
        Assert.InRange(run.LithiumBalance, -1e-10, 1e-10);
    }

    [Fact]
    public void Warmer_cell_has_the_conductances_its_activation_energies_say()
    {
        const double energy = 40e3;
        var p = (PorousElectrode)Cell.Positive;
        var cell = Cell with { Positive = p with { Interface = p.Interface with { ActivationEnergy = energy } }, Temperature = 333.15, Initial = new(0.6) };
        double Arc(Cell c) => CellImpedance.AtRest(c, 0.6, [0.05]).Split is var s ? (s.Coating[0] + s.ChargeTransfer[0]).Real : 0;
        var expected = Math.Exp(energy / Constants.Gas * ((1 / 298.15) - (1 / 333.15)));
        Assert.Equal(expected, Arc(Cell with { Initial = new(0.6) }) / Arc(cell), 0.03 * expected);
    }
}
