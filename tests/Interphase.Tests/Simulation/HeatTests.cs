using System.Text.Json.Nodes;
using Interphase.Cells;
using Interphase.Instruments;
using Interphase.Simulation;
using Interphase.Tests.Support;
using Interphase.Units;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>The lumped heat balance against closed forms, its limits and conservation.</summary>
public class HeatTests
{
    private const double Ambient = 298.15;

    /// <summary>A liquid cell with constant potentials: all that does not leave at the terminals is heat.</summary>
    private static Cell Flat(double heatTransfer, double heatCapacity = 800)
    {
        var cell = Marquis(6, 5, 8, 1e-5, 1e-7);
        PorousElectrode At(Electrode e, double u) => ((PorousElectrode)e) is var p ? p with { ActiveMaterial = p.ActiveMaterial with { OpenCircuitPotential = Number(u) } } : null!;
        return cell with { Positive = At(cell.Positive, 4), Negative = At(cell.Negative, 0.1), Thermal = new(heatCapacity, heatTransfer, Ambient) };
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(5, 1.0)]
    [InlineData(5, -2.0)]
    public void Heat_is_what_does_not_leave_at_the_terminals_and_it_is_stored_or_lost(double transfer, double rate)
    {
        var run = Run(Flat(transfer), For(rate, 600), Rest(300), For(-rate, 200));
        Assert.Null(run.StoppedBy);
        var heat = run.Heat!;
        var passed = run.Steps.Sum(s => s.Charge);
        var electric = run.Steps.Sum(s => s.Energy);
        Assert.Equal(electric - (3.9 * passed), heat.Produced, 1e-9 * heat.Produced);
        Assert.Equal(heat.Produced, heat.Stored + heat.Lost, 1e-10 * heat.Produced);
        Assert.True(heat is { Ohmic: > 0, Reaction: > 0, Reversible: 0 });
        Assert.Equal(heat.Stored, 800 * (run.State.Temperature - Ambient), 1e-9 * heat.Stored);
        if (transfer == 0) { Assert.Equal(0, heat.Lost); }
    }

    [Fact]
    public void Ohmic_and_reaction_heat_are_told_apart()
    {
        // Film 0.01 Ω m² in the electrode; foil 0.0042 and a well conducting rest.
        var cell = Reference(0.01, 0, 0.6, 4, 8) with { Thermal = new(1e9, 0, Ambient) };
        var p = (PorousElectrode)cell.Positive;
        cell = cell with { Positive = p with { ElectronicConductivity = Number(1e6), Electrolyte = p.Electrolyte with { Conductivity = Number(1e6) }, ActiveMaterial = p.ActiveMaterial with { Diffusivity = Number(1e-9) } } };
        var heat = Run(cell, For(-1, 1000)).Heat!;
        Assert.Equal(13 * 13 * 0.01 * 1000, heat.Reaction, 1e-4 * heat.Reaction);
        Assert.Equal(13 * 13 * 0.0042 * 1000, heat.Ohmic, 1e-4 * heat.Ohmic);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void Entropy_heats_one_way_and_cools_the_other(double rate)
    {
        const double entropy = -2e-4;
        var cell = Reference(0.001, 0, 0.6, 3, 8) with { Thermal = new(1e9, 0, Ambient) };
        var p = (PorousElectrode)cell.Positive;
        cell = cell with { Positive = p with { ActiveMaterial = p.ActiveMaterial with { EntropicCoefficient = Number(entropy) } } };
        // Charging takes lithium out of the electrode: its entropy counts with I T dU/dT.
        Assert.Equal(rate * 13 * 500 * Ambient * entropy, Run(cell, For(rate, 500)).Heat!.Reversible, 1e-6 * 13 * 500 * Ambient * Math.Abs(entropy));
    }

    [Fact]
    public void A_resting_cell_follows_Newton_s_law_of_cooling()
    {
        var cell = Reference(points: 1, shells: 4, tolerance: 1e-5) with { Temperature = 328.15, Thermal = new(500, 0.5, Ambient) };
        double[] at = [0, 100, 500, 1000, 3000, 8000];
        var t = RunAt(cell, at, Rest(8000)).Series.Required("temperature").Values;
        for (var i = 0; i < at.Length; i++) { Assert.Equal(Ambient + (30 * Math.Exp(-at[i] / 1000)), t[i], 0.01); }
    }

    [Fact]
    public void A_perfectly_cooled_cell_is_the_isothermal_one()
    {
        var cell = Marquis(6, 5, 8, 1e-6, 1e-8);
        double[] at = [1, 100, 1000, 3000];
        var still = RunAt(cell, at, For(-1, 3200)).Series.Potential.ToArray();
        var cooled = RunAt(cell with { Thermal = new(1000, 1e7, cell.Temperature) }, at, For(-1, 3200)).Series.Potential.ToArray();
        Assert.All(still.Zip(cooled), p => Assert.Equal(p.First, p.Second, 2e-6));
    }

    [Fact]
    public void Warmth_follows_the_heat_and_the_parameters_follow_the_warmth()
    {
        // A resistance that falls with temperature: after warming, the impedance is that of a cell which always was that warm.
        var cell = Paper(213.5, classes: 4, points: 2, shells: 10, tolerance: 1e-5);
        var p = (PorousElectrode)cell.Positive;
        cell = cell with
        {
            Positive = p with { Interface = p.Interface with { ActivationEnergy = 40e3 }, ActiveMaterial = p.ActiveMaterial with { EntropicCoefficient = Formula("1e-4*(x - 0.5)") } },
            Electrolyte = cell.Electrolyte with { Conductivity = cell.Electrolyte.Conductivity.WithActivation(25e3, Ambient) },
            Separator = cell.Separator with { Electrolyte = cell.Separator.Electrolyte with { Conductivity = cell.Separator.Electrolyte.Conductivity.WithActivation(25e3, Ambient) } },
            Thermal = new(0.05, 0, Ambient),
            Initial = new(0.9),
        };
        var run = Run(cell, For(2, 300), Spectrum(1e3, 1, 2));
        var warm = run.State.Temperature;
        Assert.InRange(warm, Ambient + 3, Ambient + 60);
        var always = Simulator.Run(cell with { Temperature = warm, Thermal = null }, new([Spectrum(1e3, 1, 2)]), new() { From = run.State });
        Assert.All(run.Spectra[0].Spectrum.Impedance.Zip(always.Spectra[0].Spectrum.Impedance), z => Assert.InRange((z.First - z.Second).Magnitude / z.Second.Magnitude, 0, 2e-5));
        var cold = Simulator.Run(cell with { Thermal = null }, new([Spectrum(1e3, 1, 2)]), new() { From = run.State });
        Assert.True(cold.Spectra[0].Spectrum.Impedance[^1].Real > 1.1 * run.Spectra[0].Spectrum.Impedance[^1].Real);
    }

    [Fact]
    public void A_formula_in_T_is_the_activation_energy_it_says()
    {
        var cell = Marquis(6, 5, 8, 1e-6, 1e-8) with { Thermal = new(2000, 0, Ambient) };
        var p = (PorousElectrode)cell.Positive;
        Cell With(MaterialFunction d, MaterialFunction salt, MaterialFunction i0) => cell with
        {
            Electrolyte = cell.Electrolyte with { Diffusivity = salt },
            Positive = p with { ActiveMaterial = p.ActiveMaterial with { Diffusivity = d }, Interface = p.Interface with { ExchangeCurrentDensity = i0 } },
        };
        const string law = "*exp(4000*(1/298.15 - 1/T))";
        var energy = 4000 * Constants.Gas;
        const string salt = "5.34e-10*exp(-0.65*ce/1000)", d = "1e-13*(1.2 - x)", i0 = "3e-2*ce**0.5*x**0.5*(1-x)**0.5";
        double[] at = [10, 300, 1000];
        var formula = RunAt(With(Formula(d + law), Formula(salt + law), Formula(i0 + law)), at, For(-3, 1000));
        var factor = RunAt(With(Formula(d).WithActivation(energy, Ambient), Formula(salt).WithActivation(energy, Ambient), Formula(i0).WithActivation(energy, Ambient)), at, For(-3, 1000));
        Assert.InRange(formula.State.Temperature, Ambient + 2, Ambient + 60);
        Assert.Equal(factor.State.Temperature, formula.State.Temperature, 1e-3);
        Assert.All(formula.Series.Potential.ToArray().Zip(factor.Series.Potential.ToArray()), v => Assert.Equal(v.First, v.Second, 2e-5));
    }

    [Fact]
    public void Tolerance_and_stopovers_do_not_change_the_temperature()
    {
        var cell = Marquis(6, 5, 8, 1e-7, 1e-9) with { Thermal = new(2000, 3, Ambient) };
        cell = cell with { Electrolyte = cell.Electrolyte with { Conductivity = cell.Electrolyte.Conductivity.WithActivation(30e3, Ambient) } };
        var exact = Run(cell, For(-2, 1200)).State;
        var coarse = Run(cell with { Numerics = cell.Numerics with { RelativeTolerance = 1e-4, AbsoluteTolerance = 1e-6 } }, For(-2, 1200)).State;
        Assert.Equal(exact.Temperature, coarse.Temperature, 0.02);
        var half = Run(cell, For(-2, 500)).State;
        var on = Simulator.Run(cell, new([For(-2, 700)]), new() { From = half });
        Assert.Equal(exact.Temperature, on.State.Temperature, 1e-3);
        Assert.Equal(exact.Potential, on.State.Potential, 1e-6);
        Assert.Equal(on.Heat!.Produced, on.Heat.Stored + on.Heat.Lost, 1e-9 * on.Heat.Produced);
    }

    [Fact]
    public void A_runaway_is_a_limit_and_not_a_hang()
    {
        var run = Run(Flat(0, 0.5), For(-3, 1000));
        Assert.NotNull(run.StoppedBy);
        Assert.DoesNotContain("NaN", run.StoppedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_writes_temperature_and_heat()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "warm.bdf.csv");
        var r = CommandResult.Of(["simulate", "marquis2019", "Discharge at 2C for 10 min", "-o", file, "--json", "--set", "thermal.heatCapacity=1 kJ/K", "--set", "thermal.heatTransfer=2 W/K", "--set", "numerics.electrodePoints=5", "--set", "numerics.particlePoints=8"]);
        Assert.Equal((0, ""), (r.ExitCode, r.Error));
        var heat = r.Json.GetProperty("heat");
        Assert.Equal(heat.GetProperty("produced_J").GetDouble(), heat.GetProperty("stored_J").GetDouble() + heat.GetProperty("lost_J").GetDouble(), 1e-6);
        var end = r.Json.GetProperty("steps")[0].GetProperty("endTemperature").GetDouble();
        Assert.Equal(heat.GetProperty("stored_J").GetDouble(), 1000 * (end - 298.15), 1e-6);
        Assert.DoesNotContain(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("path").GetString()!.StartsWith("cell", StringComparison.Ordinal));
        var column = InstrumentFile.Read(file).Series!.Required("temperature").Values;
        Assert.Equal(end, column[^1], 1e-6);
        Assert.Equal(298.15, column[0], 1e-6);
    }

    [NeedsDataFact]
    public void Heat_of_a_BPX_file_is_its_mass_and_surface()
    {
        var root = JsonNode.Parse(File.ReadAllText(SampleData.Path("simulation/bpx_nmc_pouch_cell.json")))!;
        var file = Path.Combine(SampleData.TemporaryFolder(), "heat.json");
        File.WriteAllText(file, root.ToJsonString());
        Assert.Null(Cell.Load(file).Thermal);
        Assert.Contains(Cell.Load(file).Problems, p => p.Text.Contains("heat transfer", StringComparison.Ordinal));
        Assert.DoesNotContain(Cell.Load(file, "thermal.heatCapacity=200 J/K", "thermal.heatTransfer=1 W/K").Problems, p => p.Text.Contains("heat transfer", StringComparison.Ordinal));
        root["State"] = JsonNode.Parse("""{ "Initial conditions": { "Initial state-of-charge": 1, "Initial temperature [K]": 303.15 }, "Thermal environment": { "Ambient temperature [K]": 293.15, "Heat transfer coefficient [W.m-2.K-1]": 12 } }""");
        File.WriteAllText(file, root.ToJsonString());
        var cell = Cell.Load(file, "numerics.electrodePoints=6", "numerics.particlePoints=8");
        Assert.Equal(913 * 1847 * 0.000128, cell.Thermal!.HeatCapacity, 1e-9);
        Assert.Equal(12 * 0.0379, cell.Thermal.HeatTransfer, 1e-12);
        Assert.Equal((303.15, 293.15), (cell.Temperature, cell.Thermal.Surroundings));
        var run = Run(cell, For(-1, 3000));
        Assert.InRange(run.State.Temperature, 294, 330);
        Assert.NotEqual(0, run.Heat!.Reversible);
        Assert.Equal(run.Heat.Produced, run.Heat.Stored + run.Heat.Lost, 1e-9 * run.Heat.Produced);
    }
}
