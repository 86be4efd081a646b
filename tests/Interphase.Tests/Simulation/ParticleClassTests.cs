using System.Numerics;
using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Units;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>Populations of different radius and conductance against closed forms, and the cell that has no particles.</summary>
public class ParticleClassTests
{
    [Fact]
    public void Populations_relax_each_with_its_own_radius_and_film()
    {
        // Film only, fast diffusion, straight potential, no other resistance: x_k follows exp(−t/τ_k), τ_k = F c R_k ρ/(3 g_k |U′|).
        const double slope = 0.9, film = 0.2, volts = 3.4, start = 0.6;
        (double Fraction, double Conductance, double Radius)[] populations = [(0.3, 0.5, 1e-6), (0.5, 1.0, 2e-6), (0.2, 1.75, 5e-6)];
        var cell = Reference(start: start, points: 1, shells: 6, tolerance: 1e-7);
        var p = (PorousElectrode)cell.Positive;
        cell = cell with
        {
            Negative = new FoilElectrode { Potential = 0 },
            Numerics = cell.Numerics with { AbsoluteTolerance = 1e-9 },
            Positive = p with
            {
                ElectronicConductivity = Number(1e7),
                Electrolyte = p.Electrolyte with { Conductivity = Number(1e7) },
                ActiveMaterial = p.ActiveMaterial with { Diffusivity = Number(1e-7), OpenCircuitPotential = Formula("4 - 0.9*x") },
                Interface = new() { FilmResistance = film, Populations = [.. populations.Select((q, i) => new Population($"p{i}", q.Fraction, q.Conductance, q.Radius))] },
            },
        };
        var end = (4 - volts) / slope;
        double[] at = [1, 300, 1000, 5000];
        var current = RunAt(cell, at, Hold(volts, 5000)).Series.Current;
        for (var i = 0; i < at.Length; i++)
        {
            var expected = populations.Sum(q =>
            {
                var tau = Faraday * p.ActiveMaterial.MaximumConcentration * q.Radius * film / q.Conductance / (3 * slope);
                return Faraday * p.ActiveMaterial.MaximumConcentration * 0.44 * p.Thickness * q.Fraction * (start - end) / tau * Math.Exp(-at[i] / tau);
            });
            Assert.Equal(expected, current[i], (1e-4 * Math.Abs(expected)) + 1e-5);
        }
    }

    [Fact]
    public void Symmetric_Li_In_is_two_foils_and_a_pellet()
    {
        var cell = Cell.Load("li-in-symmetric");
        var run = Simulator.Run(cell, ProtocolText.Parse("Charge at 1 mA/cm2 for 1 min\nImpedance from 1 MHz to 10 mHz, 5 per decade", "p"));
        const double pellet = 764e-6 / 0.28, foil = 6.6e-4;
        // Charging drives the terminal potential up by i (R + 2 r).
        Assert.Equal(10 * (pellet + (2 * foil)), run.Steps[0].EndPotential, 1e-9);
        var z = run.Spectra[0].Spectrum;
        for (var i = 0; i < z.Frequency.Length; i++)
        {
            var expected = (pellet + (2 * foil / (1 + (new Complex(0, 2 * Math.PI * z.Frequency[i]) * foil * 10)))) / cell.Area;
            Assert.InRange((z.Impedance[i] - expected).Magnitude / expected.Magnitude, 0, 1e-9);
        }
        Assert.Contains("exhausted", Simulator.Run(cell, ProtocolText.Parse("Charge at 1 mA/cm2 for 20 h", "p")).StoppedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void Arcs_over_temperature_have_the_energy_barrier_as_their_slope()
    {
        double Arc(double celsius)
        {
            var cell = Cell.Load("lnto-450", $"temperature={celsius} degC", "positive.interface.activationEnergy=45 kJ/mol", "positive.interface.contact.classes=4");
            var s = Simulator.Run(cell, ProtocolText.Parse("Charge at C/10 until stoichiometry 0.7\nRest for 2 h\nImpedance from 10 kHz to 0.1 Hz", "p")).Spectra[0].Split;
            return s.Coating[0..].Zip(s.ChargeTransfer, (a, b) => (a + b).Real).Max();
        }
        double[] celsius = [15, 25, 35, 45];
        var x = celsius.Select(c => 1 / (Constants.Gas * (c + 273.15))).ToArray();
        var y = celsius.Select(c => Math.Log(Arc(c))).ToArray();
        double mx = x.Average(), my = y.Average();
        var slope = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
        // The ohmic share has the barrier as well, kinetics that and the thermal voltage.
        Assert.Equal(45e3, slope, 0.02 * 45e3);
    }
}
