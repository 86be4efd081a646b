using System.Numerics;
using Interphase.Cells;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// The impedance of a solid-state cell at rest, in closed form: no mesh, no time. With ν = L √(y (1/κ + 1/σ)) and
/// y = Σ a_k/[1/G_k + Z_D,k] + iωC_k
/// <code>
/// Z = L/(κ+σ) · [1 + (2 + (σ/κ + κ/σ) cosh ν)/(ν sinh ν)]      (composite with ions and electrons on the way; Newman and Tobias 1962, Devan et al. 2004)
/// Z_D = (−dU/dx) R/(F c_max D) · tanh s/(s − tanh s),  s = R √(iω/D)   (sphere; Jacobsen and West 1995)
/// </code>
/// </summary>
public static class CellImpedance
{
    /// <summary>The spectrum with all contacted particles at one stoichiometry.</summary>
    /// <param name="cell">A cell with a single-ion conductor, a porous positive and a foil negative electrode.</param>
    /// <param name="stoichiometry">Of the positive electrode.</param>
    /// <param name="frequencies">Hz.</param>
    /// <exception cref="InputException">The cell is another one: its impedance has no closed form.</exception>
    public static SimulatedSpectrum AtRest(Cell cell, double stoichiometry, double[] frequencies)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(frequencies);
        if (cell.Positive is not PorousElectrode electrode || cell.Negative is not FoilElectrode foil || cell.Electrolyte.Kind != ElectrolyteKind.SingleIon)
        {
            throw new InputException("the impedance of this cell has no closed form", cell.Name, "add an Impedance step to a protocol and simulate it");
        }
        var one = cell with { Numerics = cell.Numerics with { ElectrodePoints = 1, ParticlePoints = 3 }, Initial = new(stoichiometry) };
        var system = new CellSystem(one, cell.Temperature);
        var domain = system.Positive!;
        var potential = domain.OpenCircuit(stoichiometry, out var slope);
        var composite = new Composite(domain, stoichiometry, -slope, system.Conductivity(0));
        var n = frequencies.Length;
        Complex[] z = new Complex[n], electrolyte = new Complex[n], coating = new Complex[n], transfer = new Complex[n], diffusion = new Complex[n], counter = new Complex[n];
        var grain = cell.Separator.GrainBoundary;
        var grainResistance = grain is null ? 0 : grain.ArealResistance / cell.Arrhenius(grain.ActivationEnergy, cell.Temperature);
        system.Begin(new(ControlKind.Current, 0), 0, 1e-9);
        system.Linearise();
        for (var f = 0; f < n; f++)
        {
            var s = new Complex(0, 2 * Math.PI * frequencies[f]);
            var all = composite.At(s, out coating[f], out transfer[f], out diffusion[f]);
            all += system.SeriesResistance;
            if (grainResistance > 0) { all += (grainResistance / (1 + (s * grainResistance * grain!.ArealCapacitance))) - grainResistance; }
            counter[f] = system.FoilResistance / (1 + (s * system.FoilResistance * foil.ArealCapacitance)) / cell.Area;
            coating[f] /= cell.Area;
            transfer[f] /= cell.Area;
            diffusion[f] /= cell.Area;
            z[f] = (all / cell.Area) + counter[f];
            electrolyte[f] = z[f] - coating[f] - transfer[f] - diffusion[f] - counter[f];
        }
        var spectrum = new ImpedanceSpectrum(frequencies, z) { Potential = potential - foil.Potential, Reference = Recorder.Reference(cell), Temperature = cell.Temperature };
        return new(0, spectrum, new(electrolyte, coating, transfer, diffusion, counter));
    }

    /// <summary>tanh s/(s − tanh s) at s² = <paramref name="square"/>: the sphere, by its series where the difference would vanish.</summary>
    internal static Complex Sphere(Complex square)
    {
        if (Complex.Abs(square) < 1e-4) { return (3 / square) + 0.2 - (square / 175); }
        var s = Complex.Sqrt(square);
        if (s.Real > 40) { return 1 / (s - 1); }
        var t = Complex.Tanh(s);
        return t / (s - t);
    }

    /// <summary>A composite electrode at a uniform state.</summary>
    private sealed class Composite
    {
        private readonly PorousDomain domain;
        private readonly double length, kappa, sigma, diffusivity, factor;
        private readonly double[] transfer;
        private readonly LaneResponse[] lane;

        public Composite(PorousDomain domain, double stoichiometry, double minusSlope, double conductivity)
        {
            this.domain = domain;
            length = domain.Thickness;
            kappa = conductivity;
            sigma = domain.ElectronicConductivity[0];
            diffusivity = domain.Particles.DiffusivityAt(stoichiometry);
            factor = minusSlope / (Constants.Faraday * domain.Electrode.ActiveMaterial.MaximumConcentration * diffusivity);
            lane = new LaneResponse[domain.Classes];
            transfer = new double[domain.Classes];
            for (var k = 0; k < transfer.Length; k++)
            {
                var i0 = domain.ExchangeAt(k, stoichiometry, double.NaN, out _, out _);
                transfer[k] = double.IsFinite(i0) && i0 > 0 ? domain.TwoThermal / (2 * i0) : 0;
            }
        }

        public Complex At(Complex s, out Complex coating, out Complex charge, out Complex transport)
        {
            Complex y = default, sphere = default;
            var radius = double.NaN;
            for (var k = 0; k < lane.Length; k++)
            {
                if (!double.IsFinite(domain.SmallSignal[k])) { continue; }
                var r = domain.ParticleClasses[k].Radius;
                if (r != radius)
                {
                    radius = r;
                    sphere = factor * r * Sphere(s * (r * r / diffusivity));
                }
                lane[k] = LaneResponse.Of(domain, k, s, transfer[k], sphere);
                y += domain.Area[k] * lane[k].Whole;
            }
            var nu = length * Complex.Sqrt(y * ((1 / kappa) + (1 / sigma)));
            if (nu.Real < 0) { nu = -nu; }
            Complex z, square;
            if (nu.Real > 300)
            {
                z = length / (kappa + sigma) * (1 + (((sigma / kappa) + (kappa / sigma)) / nu));
                square = length * length * length / (nu * nu) * ((1 / (kappa * kappa)) + (1 / (sigma * sigma))) / (2 * nu);
            }
            else
            {
                Complex cosh = Complex.Cosh(nu), sinh = Complex.Sinh(nu);
                z = length / (kappa + sigma) * (1 + ((2 + (((sigma / kappa) + (kappa / sigma)) * cosh)) / (nu * sinh)));
                // ∫ η² dx at unit current: own squares of the two profiles, and their product.
                var own = (0.5 / (sinh * sinh)) + (cosh / sinh / (2 * nu));
                var mixed = ((0.5 * cosh) + (sinh / (2 * nu))) / (sinh * sinh);
                square = length * length * length / (nu * nu) * ((((1 / (kappa * kappa)) + (1 / (sigma * sigma))) * own) + (2 / (kappa * sigma) * mixed));
            }
            coating = charge = transport = default;
            for (var k = 0; k < lane.Length; k++)
            {
                if (double.IsFinite(domain.SmallSignal[k])) { lane[k].Add(domain.Area[k], square, ref coating, ref charge, ref transport); }
            }
            return z;
        }
    }
}
