using System.Numerics;
using Interphase.Cells;
using Interphase.Numerics;

namespace Interphase.Simulation;

/// <summary>
/// The impedance of a cell: the equations of the time domain linearised at the present state, on the same mesh, with d/dt → iω. Inner
/// nodes of the particles are eliminated lane by lane, the lanes of a point are parallel paths, and one block-tridiagonal system along
/// the cell remains for each frequency. Capacitances are always part of it: of a measured areal interface across the whole of it, of a
/// microscopic one across charge transfer and diffusion, with the coating's own across the coating.
/// </summary>
internal static class FrequencyDomain
{
    /// <summary>Impedance (Ω of the whole cell) at frequencies (Hz), and its parts.</summary>
    public static (Complex[] Impedance, ImpedanceSplit Split) Spectrum(Cell cell, CellSystem system, double[] frequencies)
    {
        var n = frequencies.Length;
        Complex[] z = new Complex[n], electrolyte = new Complex[n], coating = new Complex[n], transfer = new Complex[n], diffusion = new Complex[n], counter = new Complex[n];
        var linear = new LinearisedCell(cell, system);
        for (var f = 0; f < n; f++)
        {
            var all = linear.At(2 * Math.PI * frequencies[f], out var parts);
            z[f] = all / cell.Area;
            coating[f] = parts.Coating / cell.Area;
            transfer[f] = parts.Transfer / cell.Area;
            diffusion[f] = parts.Diffusion / cell.Area;
            counter[f] = parts.Counter / cell.Area;
            electrolyte[f] = z[f] - coating[f] - transfer[f] - diffusion[f] - counter[f];
        }
        return (z, new(electrolyte, coating, transfer, diffusion, counter));
    }
}

/// <summary>A cell linearised at its present state.</summary>
internal sealed class LinearisedCell
{
    private readonly Cell cell;
    private readonly CellSystem system;
    private readonly LinearisedElectrode? positive, negative;
    private readonly BlockTridiagonal<Complex> blocks;
    private readonly double byCurrent;

    public LinearisedCell(Cell cell, CellSystem system)
    {
        this.cell = cell;
        this.system = system;
        byCurrent = system.Linearise();
        positive = system.Positive is { } p ? new(p, system, system.FirstPositive) : null;
        negative = system.Negative is { } m ? new(m, system, 0) : null;
        blocks = new(system.Points);
    }

    /// <summary>Impedance at an angular frequency, Ω m², and its parts.</summary>
    public Complex At(double omega, out ImpedanceParts parts)
    {
        var s = new Complex(0, omega);
        positive?.At(omega);
        negative?.At(omega);
        system.Assemble(blocks, s, point => point >= system.FirstPositive ? positive!.Of(point - system.FirstPositive) : point < system.FirstSeparator ? negative!.Of(point) : default);
        blocks.Solve(false);
        var v = (Complex)byCurrent;
        for (var i = 0; i < system.Points; i++) { v += (system.GradientSalt[i] * blocks.Right[2 * i]) + (system.GradientPhi[i] * blocks.Right[(2 * i) + 1]); }
        var z = -v;
        if (cell.Separator.GrainBoundary is { ArealResistance: > 0 } grain)
        {
            var r = grain.ArealResistance / cell.Arrhenius(grain.ActivationEnergy, system.Temperature);
            z += (r / (1 + (s * r * grain.ArealCapacitance))) - r;
        }
        parts = default;
        if (system.FoilResistance > 0)
        {
            var c = (cell.Negative as FoilElectrode)?.ArealCapacitance ?? 0;
            var r = cell.Negative is FoilElectrode ? system.NegativeFoilResistance : 0;
            var own = r / (1 + (s * r * c));
            z += own - r;
            parts.Counter += own;
            if (cell.Positive is FoilElectrode other)
            {
                r = system.FoilResistance - r;
                var second = r / (1 + (s * r * other.ArealCapacitance));
                z += second - r;
                parts.Transfer += second;
            }
        }
        positive?.Add(blocks.Right, ref parts, false);
        negative?.Add(blocks.Right, ref parts, true);
        return z;
    }
}

/// <summary>Parts of an areal impedance, Ω m².</summary>
internal record struct ImpedanceParts(Complex Coating, Complex Transfer, Complex Diffusion, Complex Counter);

/// <summary>Admittance of all lanes of a point: S/m³ per Δφ, and the same per salt concentration.</summary>
internal readonly record struct PointAdmittance(Complex ByPhi, Complex BySalt);

/// <summary>The lanes of an electrode linearised at its state.</summary>
internal sealed class LinearisedElectrode
{
    private readonly PorousDomain domain;
    private readonly int first;
    private readonly ParticleMesh mesh;
    private readonly double[] diffusivity, openSlope, exchangeSlope, transfer, saltSource;
    private readonly LaneResponse[] lane;
    private readonly PointAdmittance[] points;

    public LinearisedElectrode(PorousDomain domain, CellSystem system, int first)
    {
        this.domain = domain;
        this.first = first;
        mesh = domain.Particles.Mesh;
        var lanes = domain.Particles.Lanes;
        diffusivity = new double[mesh.Nodes * lanes];
        openSlope = new double[lanes];
        exchangeSlope = new double[lanes];
        transfer = new double[lanes];
        saltSource = new double[lanes];
        lane = new LaneResponse[lanes];
        points = new PointAdmittance[domain.Points];
        Span<double> x = domain.Particles.State, j = domain.Particles.Current;
        for (var l = 0; l < lanes; l++)
        {
            for (var i = 0; i < mesh.Nodes; i++) { diffusivity[(i * lanes) + l] = domain.Particles.DiffusivityAt(x[(i * domain.Particles.Stride) + l]); }
            var surface = domain.Particles.Surface[l];
            domain.OpenCircuit(surface, out openSlope[l]);
            var i0 = domain.ExchangeAt(l, surface, system.Salt[first + (l / domain.Classes)], out var logSlope, out var logSalt);
            if (!double.IsFinite(i0) || i0 == 0) { continue; }
            var ratio = j[l] / (2 * i0);
            var root = Math.Sqrt(1 + (ratio * ratio));
            transfer[l] = domain.TwoThermal / (2 * i0 * root);
            exchangeSlope[l] = domain.TwoThermal * ratio / root * logSlope;
            saltSource[l] = domain.TwoThermal * ratio / root * logSalt;
        }
    }

    public PointAdmittance Of(int point) => points[point];

    public void At(double omega)
    {
        var s = new Complex(0, omega);
        for (var p = 0; p < domain.Points; p++)
        {
            Complex byPhi = default, bySalt = default;
            for (var l = p * domain.Classes; l < (p + 1) * domain.Classes; l++)
            {
                if (!double.IsFinite(domain.SmallSignal[l])) { continue; }
                // Surface response x_s = −H j: the open-circuit potential and the exchange current follow it.
                lane[l] = LaneResponse.Of(domain, l, s, transfer[l], (exchangeSlope[l] - openSlope[l]) * SurfaceResponse(l, omega));
                byPhi += domain.Area[l] * lane[l].Whole;
                if (saltSource[l] != 0) { bySalt += domain.Area[l] * lane[l].BySalt(saltSource[l]); }
            }
            points[p] = new(byPhi, bySalt);
        }
    }

    /// <summary>Adds the parts of the impedance at unit current: Σ area·h·z·i² over the elements.</summary>
    public void Add(Complex[] solution, ref ImpedanceParts parts, bool counter)
    {
        Complex coating = default, charge = default, transport = default;
        for (var l = 0; l < lane.Length; l++)
        {
            if (!double.IsFinite(domain.SmallSignal[l])) { continue; }
            var phi = solution[(2 * (first + (l / domain.Classes))) + 1];
            lane[l].Add(domain.Area[l] * domain.Step, phi * phi, ref coating, ref charge, ref transport);
        }
        if (counter) { parts.Counter += coating + charge + transport; }
        else
        {
            parts.Coating += coating;
            parts.Transfer += charge;
            parts.Diffusion += transport;
        }
    }

    /// <summary>−δx_s/δj of a lane, m²/A.</summary>
    private Complex SurfaceResponse(int index, double omega)
    {
        var lanes = lane.Length;
        var radius = domain.ParticleClasses[index % domain.Classes].Radius;
        var perRadius2 = 1 / (radius * radius);
        double inner = 0, previous = 0;
        Complex follow = default;
        for (var i = 0; i < mesh.Nodes; i++)
        {
            var d = diffusivity[(i * lanes) + index];
            var outer = i < mesh.Nodes - 1 ? mesh.Conductance[i] * perRadius2 : 0;
            var diagonal = new Complex((inner + outer) * d, omega * mesh.Volume[i]) - (inner * previous * follow);
            if (i == mesh.Nodes - 1) { return 1 / (diagonal * Constants.Faraday * domain.Electrode.ActiveMaterial.MaximumConcentration * radius); }
            follow = outer * diffusivity[((i + 1) * lanes) + index] / diagonal;
            previous = d;
            inner = outer;
        }
        return default;
    }
}
