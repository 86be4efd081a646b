using System.Text.Json.Nodes;
using Interphase.Cells;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cells;

public class BpxTests
{
    private static string Pouch => SampleData.Path("simulation/bpx_nmc_pouch_cell.json");

    [NeedsDataFact]
    public void A_published_file_loads_as_it_is()
    {
        var cell = Cell.Load(Pouch);
        PorousElectrode p = (PorousElectrode)cell.Positive, n = (PorousElectrode)cell.Negative;
        Assert.Equal(0.016808 * 34, cell.Area, 1e-12);
        Assert.Equal(12.5, cell.OneC, 1e-12);
        Assert.Equal(new Limits(2.7, 4.2), cell.Limits);
        Assert.Equal(0.42424, cell.Initial.PositiveStoichiometry, 1e-12);
        Assert.Equal(0.75668, cell.Initial.NegativeStoichiometry, 1e-12);
        Assert.Equal(432072, 3 * p.ActiveMaterial.VolumeFraction / p.ActiveMaterial.ParticleRadius, 1e-6);
        Assert.Equal(0.128, n.Electrolyte.TransportEfficiency, 1e-12);
        Assert.Equal(0.1297 - 2.51 + 3.329, cell.Electrolyte.Conductivity.Value(0, 1000, 298.15), 1e-12);
        Assert.Equal(96485.33212 * 2.305e-5 * Math.Sqrt(0.25), p.Interface.ExchangeCurrentDensity!.Value(0.5, 1000, 298.15), 1e-9);
        // the file's own C/20 discharge begins at rest at 4.19 V
        var open = p.ActiveMaterial.OpenCircuitPotential.Value(cell.Initial.PositiveStoichiometry, 0, 298.15) - n.ActiveMaterial.OpenCircuitPotential.Value(cell.Initial.NegativeStoichiometry, 0, 298.15);
        Assert.Equal(4.194, open, 0.01);
        Assert.DoesNotContain(cell.Problems, q => q.IsError);
    }

    [NeedsDataFact]
    public void Export_and_import_give_the_same_physics()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "again.json");
        var first = Cell.Load(Pouch);
        File.WriteAllText(file, BpxExport.Of(first).ToJsonString());
        Same(first, Cell.Load(file));
    }

    [Fact]
    public void The_shipped_DFN_cell_survives_the_round_trip()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "marquis.json");
        var first = Cell.Load("marquis2019");
        var written = BpxExport.Of(first);
        Assert.Contains("capacitance", (string)written["Header"]!["Description"]!, StringComparison.Ordinal);
        Assert.Equal("1.1.0", (string)written["Header"]!["BPX"]!);
        File.WriteAllText(file, written.ToJsonString());
        Same(first, Cell.Load(file));
    }

    [Theory]
    [InlineData("lnto-450", "single-ion")]
    [InlineData("lnto-450", "positive.interface.contact")]
    [InlineData("nmc532-liquid", "negative is a foil")]
    public void A_cell_BPX_has_no_words_for_is_refused_with_the_reason(string cell, string reason) =>
        Assert.Contains(reason, Assert.Throws<InputException>(() => BpxExport.Of(Cell.Load(cell))).What, StringComparison.Ordinal);

    [Theory]
    [InlineData("Parameterisation/Positive electrode/Thickness [m]", "null", "'Thickness [m]' is missing")]
    [InlineData("Parameterisation/Positive electrode/Thickness [m]", "\"thin\"", "is not a number")]
    [InlineData("Parameterisation/Positive electrode/OCP [V]", "\"4 - y\"", "'y'")]
    [InlineData("Parameterisation/Positive electrode/Particle", "{}", "blended")]
    [InlineData("Parameterisation/Separator", "null", "'Separator' is missing")]
    public void A_damaged_file_is_refused_with_the_place(string path, string value, string what)
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "damaged.json");
        JsonNode root = BpxExport.Of(Cell.Load("marquis2019"));
        var keys = path.Split('/');
        var at = keys[..^1].Aggregate(root, (node, key) => node[key]!);
        at[keys[^1]] = JsonNode.Parse(value);
        File.WriteAllText(file, root.ToJsonString());
        var e = Assert.Throws<InputException>(() => Cell.Load(file));
        Assert.Contains(what, e.What, StringComparison.Ordinal);
        Assert.Contains("damaged.json", e.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_and_activation_energies_are_carried_over()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "tables.json");
        var root = BpxExport.Of(Cell.Load("marquis2019"));
        var positive = root["Parameterisation"]!["Positive electrode"]!;
        positive["OCP [V]"] = JsonNode.Parse("""{ "x": [0.0, 0.5, 1.0], "y": [4.4, 4.0, 3.0] }""");
        positive["Diffusivity activation energy [J.mol-1]"] = 15000;
        File.WriteAllText(file, root.ToJsonString());
        var material = ((PorousElectrode)Cell.Load(file).Positive).ActiveMaterial;
        Assert.Equal(4.0, material.OpenCircuitPotential.Value(0.5, 0, 298.15), 1e-12);
        Assert.Equal(1e-13 * Math.Exp(15000 / 8.31446261815324 * ((1 / 298.15) - (1 / 318.15))), material.Diffusivity.Value(0.5, 0, 318.15), 1e-24);
        Same(Cell.Load(file), Again(Cell.Load(file)));

        static Cell Again(Cell cell)
        {
            var copy = Path.Combine(SampleData.TemporaryFolder(), "copy.json");
            File.WriteAllText(copy, BpxExport.Of(cell).ToJsonString());
            return Cell.Load(copy);
        }
    }

    [Fact]
    public void What_is_not_read_is_said()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "more.json");
        var root = BpxExport.Of(Cell.Load("marquis2019"));
        root["Parameterisation"]!["User-defined"] = JsonNode.Parse("{ \"Hysteresis\": 0.02 }");
        File.WriteAllText(file, root.ToJsonString());
        Assert.Equal("Parameterisation/User-defined", Assert.Single(Cell.Load(file).Problems).Path);
    }

    private static void Same(Cell a, Cell b)
    {
        Assert.Equal(a.Area, b.Area, 1e-12 * a.Area);
        Assert.Equal(a.NominalCapacity, b.NominalCapacity, 1e-9 * a.NominalCapacity);
        Assert.Equal(a.Limits, b.Limits);
        Assert.Equal(a.Initial.PositiveStoichiometry, b.Initial.PositiveStoichiometry, 1e-12);
        Assert.Equal(a.Initial.NegativeStoichiometry, b.Initial.NegativeStoichiometry, 1e-12);
        Assert.Equal(a.Separator.Thickness, b.Separator.Thickness, 1e-15);
        Assert.Equal(a.Separator.Electrolyte.TransportEfficiency, b.Separator.Electrolyte.TransportEfficiency, 1e-12);
        foreach (var t in new[] { 283.15, 318.15 })
        {
            foreach (var ce in new[] { 200.0, 1000, 1900 })
            {
                Close(a.Electrolyte.Conductivity.Value(0, ce, t), b.Electrolyte.Conductivity.Value(0, ce, t));
                Close(a.Electrolyte.Diffusivity!.Value(0, ce, t), b.Electrolyte.Diffusivity!.Value(0, ce, t));
                foreach (var x in new[] { 0.1, 0.45, 0.8 })
                {
                    foreach (var (e, f) in new[] { (a.Positive, b.Positive), (a.Negative, b.Negative) })
                    {
                        PorousElectrode p = (PorousElectrode)e, q = (PorousElectrode)f;
                        Close(p.Interface.ExchangeCurrentDensity!.Value(x, ce, t), q.Interface.ExchangeCurrentDensity!.Value(x, ce, t));
                        Close(p.ActiveMaterial.Diffusivity.Value(x, 0, t), q.ActiveMaterial.Diffusivity.Value(x, 0, t));
                        Close(p.ActiveMaterial.OpenCircuitPotential.Value(x, 0, t), q.ActiveMaterial.OpenCircuitPotential.Value(x, 0, t));
                        Close(p.ActiveMaterial.EntropicCoefficient?.Value(x, 0, t) ?? 0, q.ActiveMaterial.EntropicCoefficient?.Value(x, 0, t) ?? 0);
                        Close(p.ActiveMaterial.VolumeFraction, q.ActiveMaterial.VolumeFraction);
                        Close(p.Electrolyte.TransportEfficiency, q.Electrolyte.TransportEfficiency);
                        Close(p.ElectronicConductivity.Value(x, 0, t), q.ElectronicConductivity.Value(x, 0, t));
                    }
                }
            }
        }
        static void Close(double x, double y) => Assert.Equal(x, y, 1e-9 * Math.Abs(x));
    }
}
