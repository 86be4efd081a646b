using System.Numerics;
using Interphase.Cells;
using Interphase.Simulation;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>What must hold exactly, whatever the mesh or up to its known order.</summary>
public class ExactCheckTests
{
    private const double Thermal = 0.025692579121493725;

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 9)]
    [InlineData(16, 20)]
    public void Charge_balance_on_any_mesh(int points, int shells)
    {
        var cell = Paper(213.5, classes: 5, points: points, shells: shells);
        var run = Run(cell, Until(0.3, 3.8), Hold(3.75, 3000), Rest(1000), Sweep(3.2, 1e-3), Until(-1, 2.2));
        var e = (PorousElectrode)cell.Positive;
        var sites = Faraday * e.ActiveMaterial.MaximumConcentration * e.ContactedVolumeFraction * e.Thickness * cell.Area;
        Assert.Equal(0.985 - (run.Steps.Sum(s => s.Charge) / sites), run.State.PositiveStoichiometry, 1e-11);
        Assert.InRange(run.LithiumBalance, -1e-11, 1e-11);
    }

    [Fact]
    public void Weppner_Huggins_returns_the_diffusivity_of_a_short_pulse_and_its_known_bias_of_a_long_one()
    {
        const double d = 4e-15, radius = 2e-6;
        foreach (var (t, expected) in ((double, double)[])[(0.01, 0.8328533989), (0.3, 0.3158123582)])
        {
            foreach (var resistance in (double[])[0, 0.02])
            {
                var pulse = t * radius * radius / d;
                var cell = ReferenceSolutionTests.SingleParticle(d, radius, 48000, 200) with { SeriesResistance = resistance };
                var current = 1e-4 * Faraday * 48000 * 0.5 * 1e-5 / pulse;
                var run = RunAt(cell, [0, 0.5 * pulse], new ProtocolStep(new HoldCurrent(new(-current, AmountBasis.Area)), [new AfterTime(pulse)]), Rest(300 * radius * radius / d / 10));
                double start = 4, after = run.Series.Potential[0], end = run.Steps[0].EndPotential, rest = run.Steps[1].EndPotential;
                // Eq. (1) for a sphere whose characteristic length is volume over surface, R/3; the jump at the start is excluded.
                var apparent = 4 / (Math.PI * pulse) * Math.Pow(radius / 3 * (rest - start) / (end - after), 2);
                Assert.InRange(apparent / d / expected, 0.995, 1.005);
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Interface_alone_scales_with_current_times_resistance(double share)
    {
        Cell With(double resistance) => Paper(213.5, classes: 6, points: 1, shells: 4, tolerance: 1e-6) is var c ? c with
        {
            Positive = ((PorousElectrode)c.Positive) with
            {
                ActiveMaterial = ((PorousElectrode)c.Positive).ActiveMaterial with { Diffusivity = Number(1e-8) },
                ElectronicConductivity = Number(1e9),
                Electrolyte = new(1, 1, Number(1e9)),
                Interface = ((PorousElectrode)c.Positive).Interface with { ArealResistance = resistance, ChargeTransferShare = share },
            },
            Separator = new(1e-9, new(1, 1, Number(1e9))),
            Negative = new FoilElectrode { Potential = 0.62 },
        } : null!;
        var slow = Run(With(0.02), Until(0.1, 3.8), Until(-0.1, 2.2));
        var fast = Run(With(0.002), Until(1, 3.8), Until(-1, 2.2));
        Assert.Equal(slow.Steps[0].Charge, fast.Steps[0].Charge, 3e-5 * slow.Steps[0].Charge);
        Assert.Equal(slow.Steps[1].Charge, fast.Steps[1].Charge, 3e-5 * slow.Steps[0].Charge);
    }

    [Fact]
    public void Equal_classes_are_one_class()
    {
        Cell With(Interface f) => Reference(start: 0.6) is var c ? c with { Positive = ((PorousElectrode)c.Positive) with { Interface = f } } : null!;
        var one = Run(With(new() { ArealResistance = 0.01, ChargeTransferShare = 0.4 }), For(-1, 1500));
        var many = Run(With(new() { ArealResistance = 0.01, ChargeTransferShare = 0.4, Contact = new(0, 7, 0), Populations = [new("a", 0.3, 1), new("b", 0.7, 1)] }), For(-1, 1500));
        Assert.Equal(one.Steps[0].EndPotential, many.Steps[0].EndPotential, 1e-9);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(1.0)]
    public void Small_signal_conductance_does_not_depend_on_the_share_of_kinetics(double share)
    {
        var cell = Jump(0.02, share, new Contact(1.2, 24, 0));
        Assert.Equal(0.02, Resistance(cell, 1e-3), 2e-7);
    }

    [Fact]
    public void Pure_kinetics_follow_the_hyperbolic_sine()
    {
        var cell = Jump(0.02, 1, Contact.Uniform);
        foreach (var current in (double[])[-300, -20, 1, 40, 250])
        {
            var jump = Resistance(cell, current) * current;
            Assert.Equal(current, 2 * Thermal / 0.02 * Math.Sinh(jump / (2 * Thermal)), 1e-6 * Math.Abs(current));
        }
    }

    [Fact]
    public void Well_conducting_electrode_is_a_single_particle()
    {
        var cell = Reference(0.01, 0.5, 0.6, 8, 30, 1e-6);
        var p = (PorousElectrode)cell.Positive;
        cell = cell with { Positive = p with { ElectronicConductivity = Number(1e7), Electrolyte = new(1, 1, Number(1e7)) } };
        var run = Run(cell, For(-1, 900));
        var surface = ReferenceSolutionTests.SurfaceOf(run);
        var u = Nmc.Value(surface, double.NaN, 298.15);
        var eta = (0.5 * 0.01 * -13) + (2 * Thermal * Math.Asinh(0.5 * 0.01 * -13 / (2 * Thermal)));
        Assert.Equal(u + eta - (13 * 0.0042), run.Steps[0].EndPotential, 2e-6);
    }

    [Theory]
    [InlineData(64, 2e-4)]
    [InlineData(256, 2e-5)]
    public void First_instant_has_the_hyperbolic_distribution_of_the_transmission_line(int points, double tolerance)
    {
        const double length = 4.35e-5, kappa = 0.041, sigma = 0.1, resistance = 1e-4;
        var y = 1 / (resistance * length);
        var nu = length * Math.Sqrt(y * ((1 / kappa) + (1 / sigma)));
        var line = length / (kappa + sigma) * (1 + ((2 + (((sigma / kappa) + (kappa / sigma)) * Math.Cosh(nu))) / (nu * Math.Sinh(nu))));
        var cell = Reference(resistance, 0, 0.6, points, 5);
        Assert.Equal(line + 0.0042, Resistance(cell, 13), tolerance * line);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 16)]
    [InlineData(33, 7)]
    public void Linearised_impedance_at_rest_is_the_closed_form_on_any_mesh(int points, int shells)
    {
        var cell = Reference(start: 0.5, points: points, shells: shells);
        cell = cell with
        {
            Positive = ((PorousElectrode)cell.Positive) with { Interface = new() { ArealResistance = 0.0097, ChargeTransferShare = 0.4, DoubleLayerCapacitance = 0.06, Contact = new(1.1, 8, 0.05), Slow = new(0.05, 100) } },
            Negative = new FoilElectrode { Potential = 0.62, ArealResistance = 1e-3, ArealCapacitance = 10 },
            Separator = new(1e-4, new(1, 1, Number(0.3)), new GrainBoundary(2e-4, 1e-5)),
        };
        var linear = Run(cell, Spectrum(1e6, 1e-5, 4)).Spectra[0];
        var closed = CellImpedance.AtRest(cell, 0.5, linear.Spectrum.Frequency);
        void Same(Complex[] a, Complex[] b)
        {
            for (var i = 0; i < a.Length; i++) { Assert.InRange((a[i] - b[i]).Magnitude / linear.Spectrum.Impedance[i].Magnitude, 0, 1e-9); }
        }
        Same(linear.Spectrum.Impedance, closed.Spectrum.Impedance);
        Same(linear.Split.Electrolyte, closed.Split.Electrolyte);
        Same(linear.Split.Coating, closed.Split.Coating);
        Same(linear.Split.ChargeTransfer, closed.Split.ChargeTransfer);
        Same(linear.Split.Diffusion, closed.Split.Diffusion);
        Same(linear.Split.CounterElectrode, closed.Split.CounterElectrode);
    }

    [Fact]
    public void Sphere_impedance_has_its_limits()
    {
        foreach (var w in (double[])[1e-7, 1e-5, 3e-5, 1e-4, 3e-4])
        {
            var square = new Complex(0, w);
            var s = Complex.Sqrt(square);
            var direct = Complex.Tanh(s) / (s - Complex.Tanh(s));
            Assert.InRange((CellImpedance.Sphere(square) - ((3 / square) + 0.2)).Magnitude, 0, 0.01 * w);
            if (w >= 1e-4) { Assert.InRange((CellImpedance.Sphere(square) - direct).Magnitude / direct.Magnitude, 0, 1e-10); }
        }
        var high = new Complex(0, 1e8);
        Assert.InRange((CellImpedance.Sphere(high) * Complex.Sqrt(high) - 1).Magnitude, 0, 1e-3);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.1)]
    public void Contact_distribution_leaves_the_jump_and_raises_the_slow_rise(double sigma)
    {
        var contact = new Contact(sigma, 400, 0);
        Assert.Equal(0.02, Resistance(Jump(0.02, 0, contact), 1), 1e-8);
        // With a linear potential every class ends at its own share of the rise: the arithmetic mean of the resistances remains.
        var electrode = (PorousElectrode)Jump(0.02, 0, contact).Positive;
        var cell = Jump(0.02, 0, contact) with
        {
            Positive = electrode with { ActiveMaterial = electrode.ActiveMaterial with { OpenCircuitPotential = Formula("4 - 4*x"), Diffusivity = Number(1e-8) } },
            Initial = new(0.5), Numerics = new() { ElectrodePoints = 1, ParticlePoints = 4, RelativeTolerance = 1e-7, AbsoluteTolerance = 1e-9 },
        };
        var m = contact.Multipliers();
        var run = Run(cell, new ProtocolStep(new HoldCurrent(new(-0.01, AmountBasis.Area)), [new AfterTime(2e5)]));
        var expected = 4 - (4 * run.State.PositiveStoichiometry) - (0.01 * 0.02 * m.Average(k => 1 / k));
        Assert.Equal(expected, run.Steps[0].EndPotential, 1e-7);
        Assert.InRange(m.Average(k => 1 / k) / Math.Exp(sigma * sigma), 0.9, 1.0);
        Assert.InRange(m.Average(k => k * k) / Math.Exp(sigma * sigma), 0.9, 1.0);
    }

    [Fact]
    public void Slow_sweep_follows_the_capacity_and_fast_sweep_Randles_Sevcik()
    {
        // Slow: I = F c_max ε L v/(−dU/dx).
        var cell = ReferenceSolutionTests.SingleParticle(1e-10, 1e-6, 48000, 6);
        var capacity = Faraday * 48000 * 0.5 * 1e-5;
        var slow = RunAt(cell with { Initial = new(0.9) }, [1e5], Sweep(3.94 + (1e-6 * 1e5), 1e-6), Sweep(4.2, 1e-6));
        var x = slow.Series.Potential[0] is var v ? 1 / (1 + Math.Exp((v - 4) / Thermal)) : 0;
        Assert.Equal(capacity * 1e-6 * x * (1 - x) / Thermal, slow.Series.Current[0], 2e-3 * capacity * 1e-6);
        // Fast: 0.4463 F c_max √(F v D/RT) per real area, on a particle much larger than the diffusion length.
        const double d = 1e-14, rate = 1.0, radius = 1e-4;
        var big = ReferenceSolutionTests.SingleParticle(d, radius, 48000, 600, 1e-5) with { Initial = new(1 - 1e-6) };
        var area = 3 * 0.5 * 1e-5 / radius;
        var run = Run(big, Sweep(4.4, rate));
        var peak = run.Series.Current.ToArray().Max() / area;
        Assert.InRange(peak / (Faraday * 48000 * Math.Sqrt(rate * d / Thermal)), 0.4463 * 0.99, 0.4463 * 1.01);
    }

    [Fact]
    public void Closed_sweep_returns_its_charge_and_rest_keeps_stoichiometry()
    {
        var cell = Paper(213.5, classes: 8);
        var run = Run(cell, Sweep(3.7, 1e-3), Sweep(2.9, 1e-3), Rest(3600));
        var e = (PorousElectrode)cell.Positive;
        var sites = Faraday * e.ActiveMaterial.MaximumConcentration * e.ContactedVolumeFraction * e.Thickness * cell.Area;
        Assert.Equal(0.985 - ((run.Steps[0].Charge + run.Steps[1].Charge) / sites), run.State.PositiveStoichiometry, 1e-11);
        Assert.Equal(0, run.Steps[2].Charge, 1e-15);
        var rest = Run(Reference(start: 0.6), For(-1, 600), Rest(1e6));
        Assert.Equal(Nmc.Value(rest.State.PositiveStoichiometry, double.NaN, 298.15), rest.Steps[1].EndPotential, 1e-7);
    }

    [Fact]
    public void Parallel_paths_return_the_measured_conductance()
    {
        var cell = Paper(1157.2, parallelPath: true);
        var classes = ((PorousElectrode)cell.Positive).Classes();
        Assert.Equal(1, classes.Sum(c => c.Weight * c.Contact * c.RelativeConductance), 1e-12);
        var bare = cell with { Separator = new(1e-9, new(1, 1, Number(1e9))), Negative = new FoilElectrode { Potential = 0.62 } };
        var p = (PorousElectrode)bare.Positive;
        bare = bare with { Positive = p with { ElectronicConductivity = Number(1e9), Electrolyte = new(1, 1, Number(1e9)) }, Initial = new(0.6), Numerics = bare.Numerics with { RelativeTolerance = 1e-9, AbsoluteTolerance = 1e-12 } };
        Assert.Equal(1157.2e-4, Resistance(bare, 1e-3), 5e-8);
    }

    /// <summary>Interface only: no resistance elsewhere.</summary>
    private static Cell Jump(double resistance, double share, Contact contact)
    {
        var cell = Reference(resistance, share, 0.6, 1, 5);
        var p = (PorousElectrode)cell.Positive;
        return cell with
        {
            Positive = p with { ElectronicConductivity = Number(1e9), Electrolyte = new(1, 1, Number(1e9)), Interface = p.Interface with { Contact = contact } },
            Negative = new FoilElectrode { Potential = 0 },
        };
    }

    /// <summary>Drop of the first instant over the current, Ω m².</summary>
    private static double Resistance(Cell cell, double current)
    {
        var run = Run(cell, new ProtocolStep(new HoldCurrent(new(-current, AmountBasis.Area)), [new AfterTime(1e-6)]));
        return (Nmc.Value(cell.Initial.PositiveStoichiometry, double.NaN, 298.15) - (cell.Negative as FoilElectrode)!.Potential - run.Steps[0].StartPotential) / current;
    }
}
