using Interphase.Cells;
using Interphase.Simulation;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>Errors fall with mesh and tolerance as the method says.</summary>
public class ConvergenceTests
{
    [Fact]
    public void Second_order_in_the_particle()
    {
        double At(int shells) => Run(Reference(points: 2, shells: shells, tolerance: 1e-8), For(1, 600)).Steps[0].EndPotential;
        double exact = At(161), coarse = At(11), fine = At(21), finer = At(41);
        Assert.InRange(Math.Log2((coarse - exact) / (fine - exact)), 1.7, 2.6);
        Assert.InRange(Math.Log2((fine - exact) / (finer - exact)), 1.7, 2.6);
    }

    [Fact]
    public void Second_order_or_better_along_the_electrode()
    {
        Cell Cell(int points)
        {
            var cell = Reference(0.002, 0.5, 0.6, points, 12, 1e-8);
            return cell with { Positive = ((PorousElectrode)cell.Positive) with { Thickness = 120e-6, Interface = new() { ArealResistance = 0.002, ChargeTransferShare = 0.5 } } };
        }
        double At(int points) => Run(Cell(points), For(-1, 600)).Steps[0].EndPotential;
        double exact = At(128), coarse = Math.Abs(At(4) - exact), fine = Math.Abs(At(8) - exact), finer = Math.Abs(At(16) - exact);
        Assert.True(coarse / fine > 3.2 && fine / finer > 3.2, $"{coarse} {fine} {finer}");
    }

    [Fact]
    public void Third_order_in_time()
    {
        // Fixed steps of a smooth solution, started beyond its initial layer.
        var cell = Reference(start: 0.7, points: 2, shells: 12);
        double Potential(int steps)
        {
            var system = new CellSystem(cell, 298.15);
            var stepper = new Stepper(system, 1e-12, 1e-13);
            Assert.True(system.Begin(new(ControlKind.Current, -13), 0, 1e-11));
            const double rate = 5e-3, end = 1000;
            var control = new Control(ControlKind.Current, 0, -13 * rate);
            Assert.True(system.Begin(control, 0, 1e-11));
            for (var i = 0; i < steps; i++)
            {
                Assert.False(double.IsNaN(stepper.Try(i * end / steps, end / steps, control)));
                system.Accept();
            }
            return system.Potential;
        }
        double exact = Potential(640), coarse = Math.Abs(Potential(20) - exact), fine = Math.Abs(Potential(40) - exact), finer = Math.Abs(Potential(80) - exact);
        Assert.InRange(Math.Log2(coarse / fine), 2.4, 4.5);
        Assert.InRange(Math.Log2(fine / finer), 2.4, 4.5);
    }

    [Theory]
    [InlineData("liquid", "Current")]
    [InlineData("liquid", "Potential")]
    [InlineData("classes", "Current")]
    [InlineData("classes", "Power")]
    [InlineData("layers", "Potential")]
    public void A_time_step_allocates_nothing(string kind, string holds)
    {
        var held = Enum.Parse<ControlKind>(holds);
        var cell = kind == "liquid" ? Marquis(6, 4, 8) : Paper(213.5, classes: 6) with { Initial = new(0.6) };
        if (kind == "layers") { cell = cell with { Numerics = cell.Numerics with { DoubleLayerInTime = true } }; }
        var system = new CellSystem(cell, cell.Temperature);
        Assert.True(system.Begin(new(ControlKind.Current, 1), 0, 1e-6));
        var stepper = new Stepper(system, 1e-4, 1e-6);
        var control = new Control(held, held switch { ControlKind.Current => 5, ControlKind.Potential => system.Potential - 0.01, _ => 10 });
        Assert.True(system.Begin(control, 0, 1e-6));
        void Steps()
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.False(double.IsNaN(stepper.Try(0, 1, control)));
                system.Revert();
                Assert.False(double.IsNaN(stepper.Try(0, 0.5, control)));
                system.Accept();
            }
        }
        Steps();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1e-3, 3e-4)]
    [InlineData(1e-4, 5e-5)]
    [InlineData(1e-5, 1e-5)]
    public void Tolerance_buys_the_error_it_is_documented_with(double tolerance, double error)
    {
        double[] at = [10, 100, 1000, 3000];
        var exact = RunAt(Reference(chargeTransferShare: 0.5, start: 0.35, points: 2, tolerance: 1e-8), at, Until(-1, 2.82)).Series.Potential.ToArray();
        var got = RunAt(Reference(chargeTransferShare: 0.5, start: 0.35, points: 2, tolerance: tolerance), at, Until(-1, 2.82)).Series.Potential.ToArray();
        Assert.All(exact.Zip(got), p => Assert.InRange(p.First - p.Second, -error, error));
    }
}
