using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Tests.Measurements;

public class ElectrodeTests
{
    private const string Paper = """
        { area: 0.785 cm2, activeMass: 7.0 mg, molarMass: 96.55 g/mol, molarVolume: 20.73 cm3/mol, particleRadius: 2 um, interfaceArea: bet 0.3 m2/g,
          nominalCapacity: 145.8 mAh/g, initialStoichiometry: 0.985, reference: { name: Li-In, potential: 0.62 V } }
        """;

    private static Electrode Read(string text) => Electrode.Read(Yaml.Parse(text, "electrode.yaml"));

    [Fact]
    public void Every_key_of_the_contract_is_read_in_SI()
    {
        var e = Read(Paper);
        Assert.Equal(0.785e-4, e.Area!.Value.Value, 12);
        Assert.Equal(7e-6, e.Mass.Value, 12);
        Assert.Equal(7e-3 * 0.3, e.InterfaceArea.Value, 9);
        Assert.Equal(145.8e-3 * 3600 * 7e-3, e.NominalCharge.Value, 9);
        Assert.Equal(7e-3 / 96.55 * 20.73e-6, e.Volume.Value, 15);
        Assert.Equal("vs Li-In, 0.62 V vs Li", e.Reference!.ToString());
        Assert.Equal(0.985, e.InitialStoichiometry!.Value.Value);
        var rest = Read("{ compositeMass: 10 mg, activeFraction: 70 %, coatingMassFraction: 0.02, geometry: slab, configuration: three-electrode, cell: half, counter: Li-In, separator: { material: LGPS, thickness: 700 um, conductivity: 2.8 mS/cm } }");
        Assert.Equal(10e-6 * 0.7 * 0.98, rest.Mass.Value, 15);
        Assert.Equal((ParticleGeometry.Slab, CellConfiguration.ThreeElectrode, CellKind.Half), (rest.Geometry!.Value, rest.Configuration!.Value, rest.Cell!.Value));
        Assert.Equal(0.28, rest.Separator!.Conductivity!.Value.Value, 12);
    }

    [Fact]
    public void A_cells_block_lies_over_its_studys_and_one_kind_of_mass_displaces_the_other()
    {
        var study = Read(Paper);
        var cell = Read("{ compositeMass: 10 mg, activeFraction: 0.7 }").Over(study);
        Assert.Equal(7e-6, cell.Mass.Value, 12);
        Assert.Null(cell.ActiveMass);
        Assert.Equal(study.Area, cell.Area);
        Assert.Equal(InterfaceAreaSource.Bet, cell.InterfaceAreaSource);
        var geometric = Read("{ interfaceArea: geometric }").Over(study);
        Assert.Equal(0.785e-4, geometric.InterfaceArea.Value, 12);
        Assert.Equal(study with { }, Electrode.Unknown.Over(study));
    }

    [Fact]
    public void Spheres_have_three_times_their_volume_over_their_radius_and_errors_propagate()
    {
        var e = Read("{ activeMass: 7.0 +- 0.7 mg, molarMass: 96.55 g/mol, molarVolume: 20.73 cm3/mol, particleRadius: 2.0 +- 0.4 um, interfaceArea: spheres }");
        Assert.Equal(3 * e.Volume.Value / 2e-6, e.InterfaceArea.Value, 12);
        Assert.Equal(Math.Sqrt((0.1 * 0.1) + (0.2 * 0.2)), e.InterfaceArea.StandardError / e.InterfaceArea.Value, 10);
    }

    [Theory]
    [InlineData("{ activemass: 7 mg }", "activeMass")]
    [InlineData("{ activeMass: 7 }", "add one")]
    [InlineData("{ activeMass: 7 cm }", "mg")]
    [InlineData("{ activeMass: -7 mg }", "above zero")]
    [InlineData("{ activeMass: 7 mg, compositeMass: 10 mg }", "keep one")]
    [InlineData("{ interfaceArea: bte 0.3 m2/g }", "spheres")]
    [InlineData("{ initialStoichiometry: 98.5 }", "share")]
    [InlineData("{ nominalCapacity: 3 V }", "mAh/g")]
    [InlineData("{ reference: { potential: 0.62 V } }", "name")]
    public void A_wrong_block_is_refused_with_its_place_and_mend(string text, string mend)
    {
        var e = Assert.Throws<InputException>(() => Read(text));
        Assert.Contains("electrode.yaml:1:", e.Message, StringComparison.Ordinal);
        Assert.Contains(mend, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_withheld_with_the_key_that_would_mend_it()
    {
        Assert.Contains("electrode.activeMass", Electrode.Unknown.Mass.Reason, StringComparison.Ordinal);
        Assert.Contains("electrode.nominalCapacity", Electrode.Unknown.NominalCharge.Reason, StringComparison.Ordinal);
        Assert.Contains("electrode.area", Electrode.Unknown.InterfaceArea.Reason, StringComparison.Ordinal);
    }
}
