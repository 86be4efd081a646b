using System.Globalization;
using System.Text.Json;
using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cells;

public class ShippedCellsTests
{
    public static TheoryData<string> Names => [.. CellFile.Shipped];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_cell_loads_and_fits_together(string name)
    {
        var cell = Cell.Load(name);
        Assert.Empty(cell.Problems.Select(p => p.Path + ": " + p.Text));
        Assert.True(cell.NominalCapacity > 0);
    }

    /// <summary>Every number that is neither a default nor a choice of mesh says where it is from.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_number_has_a_source(string name) =>
        Assert.Empty(Cell.Load(name).Parameters
            .Where(p => !p.IsDefault && p.Source is null && p.Unit.Length > 0 && !p.Path.StartsWith("numerics", StringComparison.Ordinal) && !p.Path.StartsWith("limits", StringComparison.Ordinal)
                && p.Path is not ("temperature" or "referenceTemperature" or "ageing.interphase.after"))
            .Select(p => p.Path));

    /// <summary>The arc in ohm is the paper's interfacial resistance: areal resistance over area.</summary>
    [Theory]
    [InlineData("lnto-350", 369, 402)]
    [InlineData("lnto-450", 124, 170)]
    [InlineData("lnto-550", 672, 800)]
    public void The_coated_cells_carry_the_measured_resistances(string name, double fresh, double after100)
    {
        var cell = Cell.Load(name);
        var i = ((PorousElectrode)cell.Positive).Interface;
        Assert.Equal(1.722e-4, cell.Area, 1e-10);
        Assert.Equal(fresh, i.ArealResistance / cell.Area, 0.01 * fresh);
        // The arc that is left after 100 cycles: grown, and carried by the particles that still have contact; the weakest have lost it.
        var ageing = cell.Ageing!;
        Assert.Equal(ContactLossOrder.Weakest, ageing.ContactLossOrder);
        var lost = 100 * ageing.ContactLossPerCycle / (1 - i.Contact.Isolated);
        var carries = 0.0;
        foreach (var k in ((PorousElectrode)cell.Positive).Classes().OrderBy(k => k.Conductance))
        {
            carries += Math.Max(0, k.Weight - lost) * k.Conductance;
            lost = Math.Max(0, lost - k.Weight);
        }
        Assert.Equal(after100, (i.ArealResistance + ageing.Interphase!.ResistanceAfter(100)) / cell.Area / carries, 0.005 * after100);
        Assert.Equal(0.381, i.ChargeTransferShare);
        Assert.Equal(new Contact(1.142, 48, 0.088), i.Contact);
        Assert.Equal(6.6e-4, ((FoilElectrode)cell.Negative).ArealResistance, 1e-12);
        Assert.Equal(8.917e-2, cell.ActiveMass / cell.Area, 1e-4);
        Assert.Equal(13, cell.OneC / cell.Area, 0.02);
        Assert.Equal(27.3e-4, cell.Separator.Thickness / cell.Separator.Electrolyte.Conductivity.Value(0, 0, 298.15), 5e-6);
    }

    [Fact]
    public void The_parallel_path_leaves_the_total_conductance_as_measured()
    {
        var classes = ((PorousElectrode)Cell.Load("lnto-550").Positive).Classes();
        Assert.Equal(96, classes.Count);
        Assert.Equal(1, classes.Sum(k => k.Weight), 1e-12);
        Assert.Equal(1, classes.Sum(k => k.Weight * k.Contact), 1e-12);
        Assert.Equal(1, classes.Sum(k => k.Weight * k.Conductance), 2e-3);
    }

    /// <summary>Real area per geometric area of the coated cells: 3 · 0.44/2 µm · 43.5 µm, less the isolated share.</summary>
    [Fact]
    public void The_real_area_follows_from_radius_and_fraction() =>
        Assert.Equal(28.71 * (1 - 0.088), ((PorousElectrode)Cell.Load("lnto-450").Positive).RealAreaRatio, 1e-2);

    [NeedsDataFact]
    public void The_open_circuit_potential_is_the_reference_table()
    {
        var u = ((PorousElectrode)Cell.Load("lnto-450").Positive).ActiveMaterial.OpenCircuitPotential;
        var rows = File.ReadLines(SampleData.Path("simulation/solid-state/O_ocp_table.csv")).Skip(1).Select(l => l.Split(',').Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.True(rows.Length > 10);
        foreach (var row in rows)
        {
            Assert.Equal(row[1], u.Value(row[0], 0, 298.15, out var slope, out _), 2e-6);
            Assert.Equal(row[2], slope, 1e-4 + (1e-6 * Math.Abs(row[2])));
        }
    }

    /// <summary>
    /// The calibrated cells give the capacities they were calibrated to, as found by an independent code: without the slow
    /// polarisation and the parasitic charge, which that code did not carry.
    /// </summary>
    [NeedsDataTheory]
    [InlineData("350")]
    [InlineData("450")]
    [InlineData("550")]
    public void The_coated_cells_give_their_calibrated_capacities(string annealing)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(SampleData.Path("simulation/solid-state/P_paper_cell_calibrated.json")));
        var expected = file.RootElement.GetProperty("results").GetProperty(annealing);
        var cell = Cell.Load("lnto-" + annealing, "positive.interface.slow.share=0", "ageing.interphase.parasiticShare=0", "numerics.electrodePoints=2");
        var steps = Simulator.Run(cell, ProtocolText.Parse("Charge at 1.3 A/m2; Discharge at 1.3 A/m2", "p")).Steps;
        var grams = cell.ActiveMass * 1000;
        Assert.Equal(expected.GetProperty("ch").GetDouble(), steps[0].Charge / 3.6 / grams, 0.2);
        Assert.Equal(expected.GetProperty("dis").GetDouble(), -steps[1].Charge / 3.6 / grams, 0.2);
    }

    [Fact]
    public void Marquis_has_its_published_open_circuit_potential_and_kinetics()
    {
        var cell = Cell.Load("marquis2019");
        PorousElectrode p = (PorousElectrode)cell.Positive, n = (PorousElectrode)cell.Negative;
        Assert.Equal(3.851821, p.ActiveMaterial.OpenCircuitPotential.Value(0.6, 0, 298.15) - n.ActiveMaterial.OpenCircuitPotential.Value(0.8, 0, 298.15), 1e-6);
        Assert.Equal(6e-7 * Math.Sqrt(1000 * 0.6 * 0.4) * 51217.9257309275, p.Interface.ExchangeCurrentDensity!.Value(0.6, 1000, 298.15), 1e-9);
        Assert.Equal(24, cell.OneC, 1e-12);
        Assert.Equal(Math.Pow(0.3, 1.5), p.Electrolyte.TransportEfficiency, 1e-15);
    }
}
