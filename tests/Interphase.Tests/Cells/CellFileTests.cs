using Interphase.Cells;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cells;

public class CellFileTests
{
    /// <summary>A cell that uses every key of the language at least once is too many models for one; these four cover them all.</summary>
    private const string Solid = """
        name: test
        geometry: { area: 1 cm2 }
        temperature: 40 degC
        referenceTemperature: 25 degC
        seriesResistance: 1 ohm cm2
        positive:
          kind: porous
          thickness: 40 um
          activeMaterial: { volumeFraction: 0.45, particleRadius: 2 um, maximumConcentration: 48239 mol/m3, density: 4.66 g/cm3, molarMass: 96.55 g/mol,
            diffusivity: 1e-15 m2/s, diffusivityActivationEnergy: 30 kJ/mol, openCircuitPotential: { expression: "4.3 - x", unit: V }, entropicCoefficient: { expression: "-1e-4*x", unit: V/K } }
          electrolyte: { volumeFraction: 0.44, tortuosityFactor: 3, conductivity: 2 mS/cm }
          electronicConductivity: { expression: "0.1*(1.1 - x)", unit: S/m }
          interface:
            arealResistance: 200 ohm cm2
            chargeTransferShare: 0.4
            activationEnergy: 40 kJ/mol
            doubleLayerCapacitance: 6 uF/cm2
            contact: { sigma: 1, classes: 12, isolated: 5 % }
            populations: [ { name: a, fraction: 0.8, relativeConductance: 0.5 }, { name: b, fraction: 0.2, relativeConductance: 3, particleRadius: 1 um } ]
            slow: { share: 0.05, timeConstant: 10 min }
        separator: { thickness: 0.7 mm, electrolyte: { volumeFraction: 0.9, tortuosityFactor: 1.1, conductivity: 3 mS/cm }, grainBoundary: { arealResistance: 5 ohm cm2, arealCapacitance: 1 nF/cm2, activationEnergy: 20 kJ/mol } }
        electrolyte: { kind: single-ion, conductivity: 2.8 mS/cm, conductivityActivationEnergy: 25 kJ/mol }
        negative: { kind: foil, potential: 0.62 V, arealResistance: 6.6 ohm cm2, activationEnergy: 30 kJ/mol, arealCapacitance: 1 mF/cm2, inventory: 10 mAh/cm2, capacity: 20 mAh/cm2 }
        initial: { stoichiometry: 0.9 }
        nominalCapacity: { specific: 145.8 mAh/g }
        ageing: { interphase: { law: linear, resistance: 46 ohm cm2, after: 30 d, parasiticShare: 0.6 %, parasiticLaw: parabolic }, contactLoss: 0.1 %, contactLossOrder: weakest, activeMaterialLoss: 0.05 % }
        limits: { lower: 2 V, upper: 3.8 V }
        thermal: { heatCapacity: 10 J/K, heatTransfer: 0.1 W/K, surroundings: 20 degC }
        numerics: { electrodePoints: 5, separatorPoints: 6, particlePoints: 7, relativeTolerance: 1e-3, absoluteTolerance: 1e-5, doubleLayerInTime: true }
        """;

    private const string Liquid = """
        name: liquid
        geometry: { area: 1 cm2 }
        positive: &porous
          kind: porous
          thickness: 40 um
          activeMaterial: { volumeFraction: 0.45, particleRadius: 2 um, maximumConcentration: 30000 mol/m3, diffusivity: 1e-14 m2/s, openCircuitPotential: { table: { x: [0, 0.5, 1], value: [4.3, 3.9, 3.5] }, unit: V } }
          electrolyte: { volumeFraction: 0.4, tortuosityFactor: 2 }
          electronicConductivity: 1 S/m
          interface:
            exchangeCurrentDensity: { expression: "1e-3*sqrt(ce*c)", unit: A/m2 }
            exchangeCurrentActivationEnergy: 30 kJ/mol
            filmResistance: 10 ohm cm2
            filmActivationEnergy: 20 kJ/mol
            coating: { thickness: 7.5 nm, conductivity: 38.7 uS/cm, relativePermittivity: 40, activationEnergy: 45 kJ/mol }
        separator: { thickness: 25 um }
        electrolyte: { kind: binary-salt, concentration: 1 mol/L, conductivity: 1 S/m, diffusivity: 3e-10 m2/s, diffusivityActivationEnergy: 17 kJ/mol, transferenceNumber: 0.3, thermodynamicFactor: 1.2 }
        negative: *porous
        initial: { stoichiometry: 0.4, negativeStoichiometry: 0.8 }
        nominalCapacity: { value: 2 mAh, source: "a guess", assumed: true }
        """;

    private const string Foils = """
        name: foils
        geometry: { area: 1 cm2 }
        positive: { kind: foil, potential: 0 V, exchangeCurrentDensity: 5 A/m2, exchangeCurrentActivationEnergy: 30 kJ/mol }
        separator: { thickness: 25 um }
        electrolyte: { conductivity: 1 mS/cm }
        negative: { potential: 0 V }
        nominalCapacity: 1 mAh
        """;

    [Fact]
    public void Every_documented_key_is_read_by_some_cell()
    {
        var cells = new[] { Solid, Liquid, Foils }.Select(t => CellFile.Parse(t, "test")).ToArray();
        Assert.All(cells, c => Assert.DoesNotContain(c.Problems, p => p.IsError));
        var read = cells.SelectMany(c => c.Parameters).Where(p => !p.IsDefault).Select(p => CellKeys.Canonical(p.Path)).ToHashSet();
        Assert.Equal([], CellKeys.All.Select(k => k.Path).Except(read));
    }

    [Fact]
    public void The_documentation_lists_every_key()
    {
        var page = File.ReadAllText(Path.Combine(SampleData.Repository, "docs", "cell-file.md"));
        var missing = CellKeys.All.Where(k => !page.Contains($"| `{k.Path.Replace("electrode.", "", StringComparison.Ordinal)}` | {k.Unit.Replace(" ", k.Kind == CellValueKind.Word || k.Kind == CellValueKind.Switch ? ", " : " ", StringComparison.Ordinal)} | {k.Default} | {k.Meaning}", StringComparison.Ordinal));
        Assert.Equal([], missing.Select(k => k.Path));
    }

    [Fact]
    public void Numbers_arrive_in_SI()
    {
        var c = CellFile.Parse(Solid, "test");
        var p = (PorousElectrode)c.Positive;
        var n = (FoilElectrode)c.Negative;
        Assert.Equal(1e-4, c.Area, 1e-18);
        Assert.Equal(313.15, c.Temperature, 1e-9);
        Assert.Equal(4e-5, p.Thickness, 1e-18);
        Assert.Equal(0.02, p.Interface.ArealResistance, 1e-15);
        Assert.Equal(0.06, p.Interface.DoubleLayerCapacitance, 1e-15);
        Assert.Equal(new Contact(1, 12, 0.05), p.Interface.Contact);
        Assert.Equal(600, p.Interface.Slow!.TimeConstant);
        Assert.Equal(1e-6, p.Interface.Populations[1].ParticleRadius!.Value, 1e-18);
        Assert.Equal(24, p.Classes().Count);
        Assert.Equal(360000, n.Inventory, 1e-6);
        Assert.Equal(720000, n.Capacity, 1e-6);
        Assert.Equal(new Limits(2, 3.8), c.Limits);
        Assert.Equal(new Thermal(10, 0.1, 293.15), c.Thermal);
        Assert.Equal((30 * 86400.0, true, GrowthLaw.Linear, GrowthLaw.Parabolic), (c.Ageing!.Interphase!.After, c.Ageing.Interphase.InTime, c.Ageing.Interphase.Law, c.Ageing.Interphase.ParasiticLaw));
        Assert.Equal(4.6e-3, c.Ageing.Interphase.ResistanceAfter(30 * 86400), 1e-15);
        Assert.Equal(0.001, c.Ageing.ContactLossPerCycle, 1e-15);
        Assert.Equal(ContactLossOrder.Weakest, c.Ageing.ContactLossOrder);
        Assert.Equal(145.8 * 3.6e3 * 1e-4 * 4e-5 * 0.45 * 4660, c.NominalCapacity, 1e-9);
        Assert.Equal(new Interphase.Cells.Numerics { ElectrodePoints = 5, SeparatorPoints = 6, ParticlePoints = 7, RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-5, DoubleLayerInTime = true }, c.Numerics);
        Assert.Equal(0.2, p.Electrolyte.Conductivity.Value(0, 0, 298.15), 1e-12);
        Assert.Equal(0.2 * c.Arrhenius(25000, 313.15), p.Electrolyte.Conductivity.Value(0, 0, 313.15), 1e-12);
        Assert.Equal(1e-15 * Math.Exp(30000 / 8.31446261815324 * ((1 / 298.15) - (1 / 313.15))), p.ActiveMaterial.Diffusivity.Value(0.5, 0, 313.15), 1e-26);
        var l = CellFile.Parse(Liquid, "test");
        Assert.Equal(1000, l.Electrolyte.Concentration, 1e-9);
        Assert.Equal(1e-3 * Math.Sqrt(1000 * 15000), ((PorousElectrode)l.Positive).Interface.ExchangeCurrentDensity!.Value(0.5, 1000, 298.15), 1e-9);
        Assert.Equal(7.5e-9 / 3.87e-3, ((PorousElectrode)l.Positive).Interface.Coating!.Resistance, 1e-15);
        Assert.Equal(7.2, l.NominalCapacity, 1e-9);
    }

    [Theory]
    [InlineData("  thickness: 40 um", "  thikness: 40 um", "did you mean 'thickness'")]
    [InlineData("  thickness: 40 um", "", "add 'thickness: … um' under positive")]
    [InlineData("thickness: 40 um", "thickness: 40 mV", "give it in um")]
    [InlineData("thickness: 40 um", "thickness: 40", "add one")]
    [InlineData("thickness: 40 um", "thickness: -40 um", "correct")]
    [InlineData("volumeFraction: 0.45", "volumeFraction: 45", "correct")]
    [InlineData("kind: single-ion", "kind: singleion", "did you mean 'single-ion'")]
    [InlineData("\"4.3 - x\"", "\"4.3 - y\"", "'x'")]
    [InlineData("\"4.3 - x\"", "\"4.3 - ce\"", "x, c")]
    [InlineData("{ expression: \"4.3 - x\", unit: V }", "{ expression: \"4.3 - x\" }", "add 'unit: V'")]
    [InlineData("{ expression: \"4.3 - x\", unit: V }", "{ expression: \"4.3 - x\", unit: A }", "give it in V")]
    [InlineData("{ expression: \"4.3 - x\", unit: V }", "{ table: nowhere.csv, unit: V }", "folder of the cell file")]
    [InlineData("{ expression: \"4.3 - x\", unit: V }", "{ table: { x: [0, 0], value: [1, 2] }, unit: V }", "sort")]
    [InlineData("arealResistance: 200 ohm cm2", "arealResistance: 200 ohm cm2\n    filmResistance: 1 ohm cm2", "keep either")]
    [InlineData("arealResistance: 200 ohm cm2", "", "give one of the two")]
    [InlineData("area: 1 cm2", "area: { value: 1 cm2, sorce: x }", "did you mean 'source'")]
    [InlineData("after: 30 d", "after: 30 V", "after: 100")]
    [InlineData("inventory: 10 mAh/cm2", "exchangeCurrentDensity: 1 A/m2", "keep either")]
    public void A_wrong_file_is_answered_with_what_to_do(string from, string to, string mend)
    {
        Assert.Contains(from, Solid, StringComparison.Ordinal);
        var e = Assert.Throws<InputException>(() => CellFile.Parse(Solid.Replace(from, to, StringComparison.Ordinal), "test.yaml"));
        Assert.Contains(mend, e.Mend, StringComparison.Ordinal);
        Assert.Contains("test.yaml", e.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("volumeFraction: 0.45", "volumeFraction: 0.6", "positive.electrolyte.volumeFraction", true)]
    [InlineData("relativeConductance: 3", "relativeConductance: 4", "positive.interface.populations", true)]
    [InlineData("fraction: 0.8", "fraction: 0.7", "positive.interface.populations", true)]
    [InlineData("maximumConcentration: 48239", "maximumConcentration: 35380", "positive.activeMaterial.maximumConcentration", false)]
    [InlineData("\"4.3 - x\"", "\"4.3 + x\"", "positive.activeMaterial.openCircuitPotential", false)]
    [InlineData("\"4.3 - x\"", "\"log(x - 0.95)\"", "positive.activeMaterial.openCircuitPotential", true)]
    [InlineData("stoichiometry: 0.9", "stoichiometry: 1", "initial.stoichiometry", true)]
    [InlineData("lower: 2 V", "lower: 4 V", "limits.lower", true)]
    [InlineData("inventory: 10", "inventory: 30", "negative.inventory", true)]
    [InlineData("specific: 145.8", "specific: 300", "nominalCapacity", false)]
    [InlineData("potential: 0.62 V,", "potential: 0.62 V, thickness: 1 um,", "negative.thickness", false)]
    [InlineData("conductivity: 2.8 mS/cm,", "conductivity: 2.8 mS/cm, concentration: 1 mol/L,", "electrolyte.concentration", false)]
    [InlineData("stoichiometry: 0.9", "stoichiometry: 0.9, negativeStoichiometry: 0.2", "initial.negativeStoichiometry", false)]
    public void What_does_not_fit_together_is_said(string from, string to, string path, bool isError)
    {
        Assert.Empty(CellFile.Parse(Solid, "test").Problems);
        var cell = CellFile.Parse(Solid.Replace(from, to, StringComparison.Ordinal), "test");
        Assert.Contains(cell.Problems, p => p.Path == path && p.IsError == isError);
    }

    [Fact]
    public void Settings_reach_every_key_and_keep_units()
    {
        var c = Cell.Load("lnto-450", "positive.interface.arealResistance=300 ohm cm2", "positive.interface.slow={ share: 0.2, timeConstant: 60 s }", "positive.activeMaterial.diffusivity={ expression: \"1e-15*x\", unit: m2/s }",
            "positive.interface.populations=[ { name: a, fraction: 1, relativeConductance: 1 } ]", "thermal.heatCapacity=5 J/K", "thermal.heatTransfer=0.1 W/K");
        var i = ((PorousElectrode)c.Positive).Interface;
        Assert.Equal(0.03, i.ArealResistance, 1e-15);
        Assert.Equal(new SlowPolarisation(0.2, 60), i.Slow);
        Assert.Equal("a", Assert.Single(i.Populations).Name);
        Assert.Equal(5e-16, ((PorousElectrode)c.Positive).ActiveMaterial.Diffusivity.Value(0.5, 0, 298), 1e-28);
        Assert.Equal(5, c.Thermal!.HeatCapacity);
        Assert.Equal("set for this run", c.Parameters.Single(p => p.Path == "positive.interface.arealResistance").Source);
        Assert.Equal(0.5, ((PorousElectrode)Cell.Load("lnto-550", "positive.interface.populations[0].fraction=0.782", "positive.interface.chargeTransferShare=0.5").Positive).Interface.ChargeTransferShare);
    }

    [Theory]
    [InlineData("positive.interface.arealResistence=300 ohm cm2", "'positive.interface.arealResistance'")]
    [InlineData("positive.thickness", "path=value")]
    [InlineData("electrode.thickness=1 um", "thickness")]
    [InlineData("positive.thickness=1 V", "um")]
    public void A_wrong_setting_is_answered_with_the_nearest_path(string setting, string mend)
    {
        var e = Assert.Throws<InputException>(() => Cell.Load("lnto-450", setting));
        Assert.Contains(mend, e.Mend, StringComparison.Ordinal);
        Assert.Contains("--set", e.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_cannot_be_simulated_is_refused_with_all_its_errors()
    {
        var e = Assert.Throws<InputException>(() => Cell.Load("lnto-450", "positive.activeMaterial.volumeFraction=0.7", "initial.stoichiometry=0"));
        Assert.Contains("positive.electrolyte.volumeFraction", e.What, StringComparison.Ordinal);
        Assert.Contains("initial.stoichiometry", e.What, StringComparison.Ordinal);
    }

    /// <summary>Damage anywhere in the file is either harmless or refused; nothing else is thrown.</summary>
    [Fact]
    public void A_damaged_file_is_read_or_refused_with_a_reason()
    {
        var random = new Random(20261121);
        string[] pieces = ["", "x", "-1", "{", "}", "[", "]", ":", "null", "1e400", "\"", "&a", "*a", "1 V", "{ value: 1 }", "\n", "0", "  "];
        var refused = 0;
        for (var i = 0; i < 1500; i++)
        {
            var at = random.Next(Solid.Length);
            var length = random.Next(12);
            var text = Solid[..at] + pieces[random.Next(pieces.Length)] + Solid[Math.Min(Solid.Length, at + length)..];
            try { CellFile.Parse(text, "test"); }
            catch (InputException e)
            {
                Assert.NotEmpty(e.Mend);
                refused++;
            }
        }
        Assert.InRange(refused, 500, 1500);
    }

    [Fact]
    public void Lists_where_none_belongs_are_refused()
    {
        Assert.Throws<InputException>(() => CellFile.Parse(Solid.Replace("populations: [", "populations: [ [ { name: x } ], ", StringComparison.Ordinal), "test"));
        Assert.Throws<InputException>(() => CellFile.Parse(Solid.Replace("limits: { lower: 2 V, upper: 3.8 V }", "limits: [ 2 V ]", StringComparison.Ordinal), "test"));
    }

    [Fact]
    public void A_table_beside_the_cell_file_is_read_with_its_units()
    {
        var folder = SampleData.TemporaryFolder();
        File.WriteAllText(Path.Combine(folder, "ocp.csv"), "# measured\nx, U / mV, other\n0.2, 4300, 1\n0.5, 3900, 1\n0.8, 3700, 1\n0.99, 3500, 1\n");
        var file = Path.Combine(folder, "cell.yaml");
        File.WriteAllText(file, Solid.Replace("{ expression: \"4.3 - x\", unit: V }", "{ table: ocp.csv, column: U / mV, unit: mV }", StringComparison.Ordinal));
        var u = ((PorousElectrode)Cell.Load(file).Positive).ActiveMaterial.OpenCircuitPotential;
        Assert.Equal(3.9, u.Value(0.5, 0, 298), 1e-12);
        Assert.InRange(u.Value(0.6, 0, 298), 3.7, 3.9);
        var e = Assert.Throws<InputException>(() => Cell.Load(file, "initial.stoichiometry=0.995"));
        Assert.Contains("does not reach", e.What, StringComparison.Ordinal);
        Assert.Contains("'other'", Assert.Throws<InputException>(() => Cell.Load(file, "positive.activeMaterial.openCircuitPotential={ table: ocp.csv, column: othr, unit: mV }")).Mend, StringComparison.Ordinal);
    }
}
