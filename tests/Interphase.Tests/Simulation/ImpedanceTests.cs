using System.Numerics;
using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Tests.Support;
using Interphase.Units;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>The linearised cell against closed forms, against the time domain, and against the paper's arc.</summary>
public class ImpedanceTests
{
    [NeedsDataFact]
    public void Microscopic_interface_in_closed_form()
    {
        var lines = File.ReadAllLines(SampleData.Path("simulation/analytic_eis_composite_cathode.csv"));
        var rows = lines.Where(l => l[0] != '#' && !l.StartsWith('f')).Select(l => l.Split(',').Select(double.Parse).ToArray()).ToArray();
        var cell = new Cell
        {
            Name = "analytic", Area = 1, Initial = new(0.5), NominalCapacity = 3600,
            Positive = new PorousElectrode
            {
                Thickness = 60e-6,
                ActiveMaterial = new() { VolumeFraction = 0.45, ParticleRadius = 2.5e-6, MaximumConcentration = 48240, Diffusivity = Number(1e-14), OpenCircuitPotential = Formula("4 - 0.6*x") },
                Electrolyte = new(0.5, 1, Number(0.1)),
                ElectronicConductivity = Number(0.5),
                // A film of thickness 1 with conductivity 100 and a permittivity that gives 0.05 F/m².
                Interface = new() { ExchangeCurrentDensity = Number(1), DoubleLayerCapacitance = 0.2, Coating = new(1, 100, 0.05 / Constants.VacuumPermittivity) },
            },
            Separator = new(700e-6, new(1, 1, Number(0.28))),
            Electrolyte = new() { Kind = ElectrolyteKind.SingleIon, Conductivity = Number(0.28) },
            Negative = new FoilElectrode { Potential = 0.62, ArealResistance = 5e-4, ArealCapacitance = 0.2 },
        };
        var frequencies = rows.Column(0);
        var closed = CellImpedance.AtRest(cell, 0.5, frequencies).Spectrum.Impedance;
        for (var i = 0; i < rows.Length; i++)
        {
            var expected = new Complex(rows[i][1], rows[i][2]);
            Assert.InRange((closed[i] - expected).Magnitude / expected.Magnitude, 0, 1e-6);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void Spectrum_is_the_response_to_a_small_oscillation(double rate)
    {
        // At rest, and while current flows: the exact linearisation at that state.
        var cell = Paper(213.5, classes: 5, points: 3, shells: 30, tolerance: 1e-8);
        cell = cell with { Positive = ((PorousElectrode)cell.Positive) with { Interface = ((PorousElectrode)cell.Positive).Interface with { DoubleLayerCapacitance = 0, Slow = new(0.1, 50) } }, Negative = new FoilElectrode { Potential = 0.62, ArealResistance = 1e-3 } };
        AgreeWithOscillation(cell, rate == 0 ? 0.01 : 0.05, rate, 3e-3);
    }

    [Theory]
    [InlineData("lnto-350", 369)]
    [InlineData("lnto-450", 124)]
    [InlineData("lnto-550", 672)]
    public void Parts_add_up_and_the_arc_is_the_paper_s(string name, double expected)
    {
        foreach (var potential in (double[])[3.3, 3.8])
        {
            var s = Run(Cell.Load(name), Until(0.1, potential), Rest(7200), Spectrum(1e6, 1e-2)).Spectra[0];
            var z = s.Spectrum.Impedance;
            var sum = s.Split.Electrolyte.Select((v, i) => v + s.Split.Coating[i] + s.Split.ChargeTransfer[i] + s.Split.Diffusion[i] + s.Split.CounterElectrode[i]);
            Assert.All(sum.Zip(z), p => Assert.InRange((p.First - p.Second).Magnitude, 0, 1e-9 * p.Second.Magnitude));
            // The arc in ohm: the real part where −Z″ is least behind the apex, less the high-frequency end and the foil.
            var apex = Enumerable.Range(0, z.Length).Where(i => s.Spectrum.Frequency[i] > 0.5).MinBy(i => z[i].Imaginary);
            var valley = Enumerable.Range(apex, z.Length - apex).MaxBy(i => z[i].Imaginary);
            Assert.InRange((z[valley].Real - z[0].Real - s.Split.CounterElectrode[valley].Real) / expected, 0.95, 1.05);
            Assert.InRange((s.Split.Coating[valley] + s.Split.ChargeTransfer[valley]).Real / expected, 0.95, 1.05);
        }
    }

    [Fact]
    public void Apex_is_converged_in_the_number_of_classes()
    {
        double Apex(int classes)
        {
            var f = new MeasureImpedance(1e3, 0.1, 200).Frequencies();
            var z = CellImpedance.AtRest(Paper(213.5, classes: classes), 0.6, f).Spectrum.Impedance;
            return f[Enumerable.Range(0, f.Length).MinBy(i => z[i].Imaginary)];
        }
        Assert.InRange(Apex(48) / Apex(384), 0.97, 1.03);
    }

    /// <summary>Compares the impedance at one frequency with the response to a small current on top of a constant one.</summary>
    internal static void AgreeWithOscillation(Cell cell, double frequency, double rate, double tolerance, int periods = 4)
    {
        const int perPeriod = 80;
        var mean = rate * cell.OneC;
        var amplitude = 2e-3 * cell.OneC;
        ProtocolStep bring = For(rate == 0 ? 0.1 : rate, 1800), settle = rate == 0 ? Rest(36000) : For(rate, 10);
        var state = Simulator.Run(cell, new([bring, settle]), new() { Record = false }).State;
        var linear = Simulator.Run(cell, new([new ProtocolStep(new MeasureImpedance(frequency, frequency * 10, 1), [])]), new() { From = state }).Spectra[0].Spectrum.Impedance[0];
        double[] Potentials(double a)
        {
            var time = Enumerable.Range(0, (perPeriod * periods) + 1).Select(i => i / (frequency * perPeriod)).ToArray();
            var current = time.Select(t => mean + (a * Math.Sin(2 * Math.PI * frequency * t))).ToArray();
            var run = Simulator.Run(cell, new([new ProtocolStep(new ReplayCurrent(time, current), [])]), new() { From = state, At = time });
            return run.Series.Potential.ToArray();
        }
        double[] up = Potentials(amplitude), down = Potentials(-amplitude);
        Complex response = default;
        for (var i = perPeriod * (periods - 1); i < perPeriod * periods; i++)
        {
            // Half the difference removes the drift of the mean current and even harmonics.
            response += (up[i] - down[i]) / 2 * Complex.FromPolarCoordinates(1, -2 * Math.PI * i / perPeriod);
        }
        // The current is straight between its points: its fundamental is smaller than the sine by sinc².
        var sinc = Math.Sin(Math.PI / perPeriod) / (Math.PI / perPeriod);
        var z = response * 2 / perPeriod / (amplitude * sinc * sinc) * Complex.ImaginaryOne;
        // A transient of the first periods is left in slow diffusion; it falls with their number.
        Assert.InRange((z - linear).Magnitude / linear.Magnitude, 0, tolerance);
    }
}
