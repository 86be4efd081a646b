using Interphase.Cells;
using Interphase.Simulation;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>Each law of ageing alone, and what it does not do.</summary>
public class AgeingTests
{
    private const double Grown = 20e-4;

    private static readonly Cell Fresh = Paper(213.5, classes: 6, tolerance: 1e-4);

    private static readonly ProtocolItem[] Cycle = [Until(0.2, 3.8), Until(-0.2, 2.2)];

    [Theory]
    [InlineData(GrowthLaw.Parabolic, 0.5)]
    [InlineData(GrowthLaw.Linear, 0.25)]
    public void Resistance_grows_by_its_law_and_takes_no_charge(GrowthLaw law, double afterOneOfFour)
    {
        var aged = Fresh with { Ageing = new() { Interphase = new() { Resistance = Grown, After = 4, Law = law } } };
        double Coating(Cell c, int cycles) => Aged(c, cycles).Spectra[0].Split.Coating[0].Real * Fresh.Area;
        double fresh = Coating(Fresh, 1), one = Coating(aged, 1), four = Coating(aged, 4);
        Assert.InRange((four - fresh) / Grown, 0.97, 1.08);
        Assert.InRange((one - fresh) / (four - fresh) / afterOneOfFour, 0.96, 1.04);
        var run = Aged(aged, 3);
        Assert.Equal(0, run.State.Ageing.Parasitic);
        Assert.Equal(1, run.State.Ageing.Contacted * run.State.Ageing.Active);
    }

    [Fact]
    public void Growth_may_count_time_instead_of_cycles()
    {
        var aged = Fresh with { Initial = new(0.6), Ageing = new() { Interphase = new() { Resistance = Grown, After = 1e6, InTime = true } } };
        double After(double seconds) => Simulator.Run(aged, new([Rest(seconds), Rest(1), Spectrum(0.05, 0.5, 1)]), new()).Spectra[0].Split.Coating[0].Real * Fresh.Area;
        double start = After(1e-3), quarter = After(2.5e5), whole = After(1e6);
        Assert.InRange((quarter - start) / (whole - start), 0.48, 0.52);
        Assert.InRange((whole - start) / Grown, 0.95, 1.08);
    }

    [Theory]
    [InlineData(GrowthLaw.Linear, 0.02)]
    [InlineData(GrowthLaw.Parabolic, 0.00635674)]
    public void Parasitic_charge_lowers_the_efficiency_and_adds_no_resistance(GrowthLaw law, double shareInThirdCycle)
    {
        var aged = Fresh with { Ageing = new() { Interphase = new() { ParasiticShare = 0.02, ParasiticLaw = law } } };
        SimulationResult with = Aged(aged, 3), without = Aged(Fresh, 3);
        double Efficiency(SimulationResult r) => -r.Steps[5].Charge / r.Steps[4].Charge;
        Assert.Equal(1 - shareInThirdCycle, Efficiency(with) / Efficiency(without), 5e-4);
        Assert.Equal(without.Spectra[0].Split.Coating[0].Real, with.Spectra[0].Split.Coating[0].Real, 1e-3 * without.Spectra[0].Split.Coating[0].Real);
        Assert.InRange(with.LithiumBalance, -1e-10, 1e-10);
    }

    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0, 0.05)]
    [InlineData(0.03, 0.04)]
    public void Lost_contact_and_lost_material_take_capacity_in_proportion(double contact, double material)
    {
        // At so small a current every contacted particle follows, and capacity counts contacted material.
        var cell = Reference(1e-4, 0, 0.9, 2, 8) with { Limits = new(3.0, 4.3) };
        var aged = cell with { Ageing = new() { ContactLossPerCycle = contact, ActiveMaterialLossPerCycle = material } };
        ProtocolItem[] slow = [Until(0.02, 4.2), Until(-0.02, 3.2)];
        var run = Run(aged, [.. Enumerable.Repeat(slow, 4).SelectMany(s => s)]);
        Assert.Null(run.StoppedBy);
        double first = run.Steps[3].Charge, last = run.Steps[7].Charge;
        Assert.Equal((1 - (3 * contact)) * (1 - (3 * material)) / ((1 - contact) * (1 - material)), last / first, 2e-3);
        Assert.InRange(run.LithiumBalance, -1e-10, 1e-10);
    }

    /// <summary>The same share of particles lost: in proportion the arc rises by 1/(1 − share), whatever the spread; by the weakest only by what those carried, the log-normal's Φ(Φ⁻¹(share) − σ). Lithium stays in the balance.</summary>
    [Theory]
    [InlineData(0.8, 0.10)]
    [InlineData(0.8, 0.25)]
    [InlineData(1.3, 0.25)]
    public void The_weakest_contacts_are_lost_with_less_of_the_conductance(double sigma, double share)
    {
        var positive = (PorousElectrode)Fresh.Positive;
        var uneven = Fresh with { Positive = positive with { Interface = positive.Interface with { Contact = new(sigma, 48, 0), ChargeTransferShare = 1e-3 } } };
        SimulationResult Lost(ContactLossOrder order, double perCycle) => Aged(uneven with { Ageing = new() { ContactLossPerCycle = perCycle, ContactLossOrder = order } }, 2);
        static double Arc(SimulationResult r) => r.Spectra[0].Split.Coating[^1].Real + r.Spectra[0].Split.ChargeTransfer[^1].Real;
        SimulationResult none = Lost(ContactLossOrder.Any, 0), any = Lost(ContactLossOrder.Any, share / 2), weakest = Lost(ContactLossOrder.Weakest, share / 2);
        Assert.Null(weakest.StoppedBy);
        var normal = new MathNet.Numerics.Distributions.Normal();
        Assert.Equal(1 / (1 - share), Arc(any) / Arc(none), 0.02);
        Assert.Equal(1 / (1 - normal.CumulativeDistribution(normal.InverseCumulativeDistribution(share) - sigma)), Arc(weakest) / Arc(none), 0.02);
        Assert.InRange(weakest.LithiumBalance, -1e-10, 1e-10);
    }

    /// <summary>At so small a current every particle follows, so that it does not matter to the capacity which of them are lost.</summary>
    [Fact]
    public void Which_particles_are_lost_does_not_matter_where_all_follow()
    {
        var cell = Reference(1e-4, 0.5, 0.9, 2, 8) with { Limits = new(3.0, 4.3) };
        var positive = (PorousElectrode)cell.Positive;
        cell = cell with { Positive = positive with { Interface = positive.Interface with { Contact = new(0.8, 12, 0) } } };
        ProtocolItem[] slow = [Until(0.02, 4.2), Until(-0.02, 3.2)];
        double Last(ContactLossOrder order) => Run(cell with { Ageing = new() { ContactLossPerCycle = 0.07, ContactLossOrder = order } }, [.. Enumerable.Repeat(slow, 4).SelectMany(s => s)]).Steps[7].Charge;
        Assert.Equal(Last(ContactLossOrder.Any), Last(ContactLossOrder.Weakest), 3e-3 * Math.Abs(Last(ContactLossOrder.Any)));
    }

    [Fact]
    public void Age_is_carried_from_run_to_run()
    {
        var aged = Fresh with { Ageing = new() { ContactLossPerCycle = 0.01, Interphase = new() { Resistance = Grown, After = 4, ParasiticShare = 0.01 } } };
        var whole = Run(aged, [.. Enumerable.Repeat(Cycle, 4).SelectMany(c => c)]);
        var half = Run(aged, [.. Cycle, .. Cycle]);
        var rest = Simulator.Run(aged, new([.. Cycle, .. Cycle]), new() { From = half.State });
        Assert.Equal(whole.Steps[^1].Charge, rest.Steps[^1].Charge, 1e-6 * Math.Abs(whole.Steps[^1].Charge));
        Assert.Equal(4, rest.State.Cycles);
        Assert.Equal(whole.State.Ageing.Parasitic, rest.State.Ageing.Parasitic, 1e-6 * whole.State.Ageing.Parasitic);
    }

    private static SimulationResult Aged(Cell cell, int cycles) => Run(cell, [.. Enumerable.Repeat(Cycle, cycles).SelectMany(c => c), Until(0.2, 3.5), Spectrum(0.05, 0.5, 1)]);
}
