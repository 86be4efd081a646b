using Interphase.Cells;
using Interphase.Simulation;

namespace Interphase.Tests.Simulation;

public class PolarisationSplitTests
{
    private static SimulationResult Run(Cell cell, string protocol) => Simulator.Run(cell, ProtocolText.Parse(protocol, "test"), new() { Split = true });

    private static double Sum(PolarisationSplit split, int row) => split.Parts.Sum(p => p.Values[row]);

    public static TheoryData<string> Cells => ["single class", "many classes", "parallel path with slow polarisation", "liquid full cell", "double layers in time, film apart", "symmetric foils"];

    private static (Cell Cell, string Protocol) Case(string name)
    {
        const string pulse = "Charge at C/5 for 30 min\nRest for 20 min\nDischarge at C/2 for 10 min\nRest for 10 min\nSweep to 3.5 V at 2 mV/s\nHold at 3.5 V for 5 min";
        var paper = ReferenceCells.Paper(1157, parallelPath: true, classes: 6, points: 4);
        var positive = (PorousElectrode)paper.Positive;
        Cell With(Interface face) => paper with { Positive = positive with { Interface = face } };
        return name switch
        {
            "single class" => (ReferenceCells.Reference(chargeTransferShare: 0.5), pulse.Replace("3.5 V", "4.0 V", StringComparison.Ordinal)),
            "many classes" => (ReferenceCells.Paper(213, classes: 12, points: 4), pulse),
            "parallel path with slow polarisation" => (With(positive.Interface with { Slow = new(0.06, 600) }), pulse),
            "double layers in time, film apart" => (With(new() { ExchangeCurrentDensity = ReferenceCells.Number(0.02), FilmResistance = 0.5, DoubleLayerCapacitance = 0.06, Contact = new(0.8, 5, 0.1) }) with { Numerics = paper.Numerics with { DoubleLayerInTime = true } }, pulse),
            "symmetric foils" => (Cell.Load("li-in-symmetric"), "Discharge at 1 mA/cm2 for 5 min\nRest for 5 min"),
            _ => (ReferenceCells.Marquis(10, 6, 10), "Discharge at 1C for 20 min\nRest for 20 min\nCharge at 2C for 5 min"),
        };
    }

    /// <summary>Full and half cells, one class and many, under current, at rest and under potential control: nothing is left over.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void The_parts_add_up_to_the_terminal_potential_at_every_record(string name)
    {
        var (cell, protocol) = Case(name);
        var run = Run(cell, protocol);
        Assert.Null(run.StoppedBy);
        var split = run.Polarisation!;
        Assert.Equal(run.Series.Count, split.Equilibrium.Length);
        for (var i = 0; i < run.Series.Count; i++) { Assert.Equal(run.Series.Potential[i], split.Equilibrium[i] + Sum(split, i), 1e-10); }
    }

    /// <summary>What is known in closed form: an ohmic separator and foil, a film and Butler–Volmer kinetics at an even current.</summary>
    [Fact]
    public void Parts_that_are_known_are_what_they_are_known_to_be()
    {
        const double areal = 0.0097389352, share = 0.5, foil = 0.0042;
        var cell = ReferenceCells.Reference(areal, share);
        var positive = (PorousElectrode)cell.Positive;
        // So good a network and electrolyte that the current is even over the thickness.
        cell = cell with
        {
            Separator = new(1e-3, new(1, 1, ReferenceCells.Number(0.5))),
            Positive = positive with { ElectronicConductivity = ReferenceCells.Number(1e6), Electrolyte = new(0.44, 3, ReferenceCells.Number(1e6)) },
        };
        var run = Run(cell, "Discharge at 1C for 10 min");
        var split = run.Polarisation!;
        var (current, thermal) = (13.0, 2 * 8.31446261815324 * 298.15 / 96485.33212);
        var last = run.Series.Count - 1;
        Assert.Equal(-current * 1e-3 / 0.5, split.Separator[last], 1e-9);
        Assert.Equal(-current * foil, split.CounterElectrode[last], 1e-9);
        Assert.Equal(-current * areal * (1 - share), split.Coating[last], 1e-7);
        Assert.Equal(-thermal * Math.Asinh(share * areal * current / thermal), split.ChargeTransfer[last], 1e-7);
        Assert.Equal(0, split.Unevenness[last], 1e-7);
        Assert.True(split.Diffusion[last] < -1e-3);
    }

    /// <summary>The film's part is current times its share of what impedance measures, whatever the contact (Millman), and nothing at rest.</summary>
    [Fact]
    public void However_uneven_the_contact_the_films_part_is_its_ohms_times_the_current()
    {
        const double areal = 213e-4;
        var cell = ReferenceCells.Paper(areal * 1e4, classes: 16, points: 3);
        var run = Run(cell, "Charge at C/10 for 2 h\nRest for 1 h");
        var split = run.Polarisation!;
        var film = 1 - ((PorousElectrode)cell.Positive).Interface.ChargeTransferShare;
        var step = run.Series.Required(Interphase.Measurements.ColumnNames.Step).Values;
        for (var i = 0; i < run.Series.Count; i++) { Assert.Equal(run.Series.Current[i] / cell.Area * areal * film, split.Coating[i], 1e-7); }
        // What is left at rest is uneven lithium, which levels out.
        var rest = Enumerable.Range(0, step.Length).Where(i => step[i] == 1 && run.Series.Current[i] == 0).ToArray();
        Assert.True(Math.Abs(split.Unevenness[rest[0]]) > 1e-3);
        Assert.True(Math.Abs(split.Unevenness[rest[^1]] + split.Diffusion[rest[^1]]) < Math.Abs(split.Unevenness[rest[0]] + split.Diffusion[rest[0]]));
    }
}
