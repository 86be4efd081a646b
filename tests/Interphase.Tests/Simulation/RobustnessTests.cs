using Interphase.Cells;
using Interphase.Simulation;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>Whatever the cell and the protocol: a run finishes or stops at a limit that has a name.</summary>
public class RobustnessTests
{
    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 1000)]
    public void Random_cells_under_random_protocols_finish_or_stop_at_a_named_limit(int seed, int pairs)
    {
        var random = new Random(seed);
        var problems = new List<string>();
        int finished = 0, limited = 0, located = 0, passed = 0;
        for (var i = 0; i < pairs; i++)
        {
            var cell = random.Next(8) == 0 ? RandomLiquid(random, out var words) : RandomCell(random, out words);
            var items = new List<ProtocolItem>();
            for (var k = random.Next(1, 20); k >= 0; k--) { items.Add(RandomStep(random)); }
            var run = Simulator.Run(cell, new(items), new() { Record = false });
            var numbers = run.Steps.SelectMany(s => (double[])[s.Duration, s.Charge, s.Energy, s.EndPotential]);
            if (numbers.Any(v => !double.IsFinite(v)) || !(Math.Abs(run.LithiumBalance) < 1e-9)) { problems.Add($"{i}: {words}: balance {run.LithiumBalance}"); }
            var last = run.Steps[^1];
            if (run.StoppedBy is null) { finished++; }
            else if (last.Kind == EndKind.PhysicalLimit) { limited++; }
            else { problems.Add($"{i}: {words}: {run.StoppedBy}"); }
            foreach (var s in run.Steps.Where(s => s.EndedBy.StartsWith("potential", StringComparison.Ordinal) && s.Duration > 0))
            {
                located++;
                if (s.EndedBy.Contains("passed to", StringComparison.Ordinal)) { passed++; continue; }
                var wanted = double.Parse(s.EndedBy.Split(' ')[1]);
                if (Math.Abs(wanted - s.EndPotential) > 1e-4) { problems.Add($"{i}: {words}: {s.Text} ended at {s.EndPotential}"); }
            }
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(20)) + $"\n{problems.Count} problems, {finished} finished, {limited} limited");
        Assert.InRange(finished, pairs / 2, pairs);
        Assert.InRange(passed, 0, located / 200);
    }

    [Fact]
    public void One_thousand_reversals()
    {
        var random = new Random(3);
        var items = Enumerable.Range(0, 1000).Select(i => (ProtocolItem)For(i % 2 == 0 ? 0.5 + random.NextDouble() : -0.5 - random.NextDouble(), random.Next(1, 900))).ToArray();
        var run = Run(Paper(213.5, classes: 4), items);
        Assert.Null(run.StoppedBy);
        Assert.Equal(1000, run.Steps.Count);
        Assert.InRange(run.LithiumBalance, -1e-10, 1e-10);
    }

    private static Cell RandomCell(Random r, out string words)
    {
        double Log(double a, double b) => a * Math.Pow(b / a, r.NextDouble());
        double contact = Log(1e-3, 1), d = Log(1e-17, 1e-12), film = r.Next(3) == 0 ? 0 : r.NextDouble(), share = r.Next(4) switch { 0 => 0, 1 => 1, _ => r.NextDouble() };
        var cell = Reference(points: r.Next(1, 5), shells: r.Next(4, 17), start: 0.3 + (0.68 * r.NextDouble()), tolerance: r.Next(2) == 0 ? 1e-3 : 1e-4);
        var p = (PorousElectrode)cell.Positive;
        var contactLaw = new Contact(r.Next(2) == 0 ? 0 : 1.5 * r.NextDouble(), r.Next(1, 5), 0.1 * r.NextDouble());
        var micro = r.Next(2) == 0;
        var face = micro
            ? new Interface { ExchangeCurrentDensity = r.Next(2) == 0 ? Number(Log(1e-3, 10) * contact) : Formula($"{Log(1e-3, 10) * contact}*x**0.5*(1-x)**0.5"), FilmResistance = film, Contact = contactLaw }
            : new Interface { ArealResistance = 0.002 / contact, ChargeTransferShare = share, Contact = contactLaw, Slow = r.Next(3) == 0 ? new(0.2 * r.NextDouble(), Log(1, 1e4)) : null };
        var ocp = r.Next(3) switch { 0 => LatticeGas, 1 => Formula("4.3 - 0.9*x"), _ => Nmc };
        var material = p.ActiveMaterial with { Diffusivity = r.Next(2) == 0 ? Number(d) : Formula($"1e-19 + {d}/(1 + exp((x - 0.92)/0.007))"), OpenCircuitPotential = ocp };
        words = $"contact {contact:g2} D {d:g2} film {film:g2} share {share:g2} micro {micro} x0 {cell.Initial.PositiveStoichiometry:0.00} K {contactLaw.Classes}";
        return cell with
        {
            Positive = p with { Interface = face, ActiveMaterial = material },
            Limits = r.Next(4) == 0 ? new(double.NegativeInfinity, double.PositiveInfinity) : new(2.5, 4.5),
        };
    }

    /// <summary>Two porous electrodes or a foil in a salt that may run dry.</summary>
    private static Cell RandomLiquid(Random r, out string words)
    {
        double Log(double a, double b) => a * Math.Pow(b / a, r.NextDouble());
        var cell = Marquis(r.Next(2, 6), r.Next(1, 4), r.Next(4, 12), r.Next(2) == 0 ? 1e-3 : 1e-4);
        double contact = Log(1e-2, 1), thickness = Log(30e-6, 200e-6), rest = Log(300, 2000), d = Log(1e-15, 1e-12);
        var foil = r.Next(2) == 0;
        PorousElectrode With(Electrode e) => (PorousElectrode)e is var p ? p with
        {
            Thickness = thickness,
            ActiveMaterial = p.ActiveMaterial with { Diffusivity = Number(d) },
            Interface = p.Interface with { FilmResistance = r.Next(2) == 0 ? 0 : 0.1 * r.NextDouble(), Contact = new(r.NextDouble(), r.Next(1, 4), 0), ExchangeCurrentDensity = Number(contact * Log(0.01, 10)) },
        } : null!;
        words = $"salt {rest:0} thickness {thickness:g2} D {d:g2} contact {contact:g2} foil {foil}";
        return cell with
        {
            Electrolyte = cell.Electrolyte with { Concentration = rest, TransferenceNumber = Formula("0.55 - 0.1*ce/1000"), ThermodynamicFactor = Formula("0.6 + 0.4*(ce/1000)**1.5") },
            Positive = With(cell.Positive),
            Negative = foil ? new FoilElectrode { Potential = 0, ExchangeCurrentDensity = Formula("20*(ce/1000)**0.5"), Inventory = 1e6 } : With(cell.Negative),
            Initial = new(0.6, foil ? double.NaN : 0.5),
            NominalCapacity = 24 * 3600 * thickness / 1e-4,
            Limits = r.Next(4) == 0 ? new(double.NegativeInfinity, double.PositiveInfinity) : new(2.5, 4.5),
        };
    }

    private static ProtocolStep RandomStep(Random r)
    {
        var rate = 5 * ((2 * r.NextDouble()) - 1);
        return r.Next(7) switch
        {
            0 => For(rate, 10 + (3000 * r.NextDouble())),
            1 => rate > 0 ? new ProtocolStep(new HoldCurrent(Rate(rate)), [new AtPotential(4.3), new AfterTime(2e5)]) { Text = "charge" }
                : new ProtocolStep(new HoldCurrent(Rate(rate)), [new AtPotential(2.8), new AfterTime(2e5)]) { Text = "discharge" },
            2 => Rest(3600 * r.NextDouble()),
            3 => Hold(3 + (1.2 * r.NextDouble()), 3000),
            4 => Sweep(3 + (1.3 * r.NextDouble()), Math.Pow(10, -5 + (4 * r.NextDouble()))),
            5 => new ProtocolStep(new RestStep(), [new AfterTime(7200), new AtDrift(1e-3 / 3600)]) { Text = "rest" },
            _ => new ProtocolStep(new HoldPower(rate * 13 * 3.8), [new AfterTime(600), new AtPotential(rate > 0 ? 4.4 : 2.6)]) { Text = "power" },
        };
    }
}
