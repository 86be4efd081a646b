using System.Numerics;
using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// The impedance of a cell: the equations of the time domain linearised at the present state, with d/dt → iω. Particles are solved lane
/// by lane (in closed form where their lithium is even), the lanes of a point are parallel paths, and along the cell remains a
/// transmission line (single-ion conductor, exact within each volume) or a block-tridiagonal system (binary salt). Capacitances are always part of it: of a measured areal interface across the whole of it, of a
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
            var all = linear.At(new(0, 2 * Math.PI * frequencies[f]), out var parts);
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
    private readonly bool chain;
    private readonly PointAdmittance[] points;

    public LinearisedCell(Cell cell, CellSystem system)
    {
        this.cell = cell;
        this.system = system;
        byCurrent = system.Linearise();
        positive = system.Positive is { } p ? new(p, system, system.FirstPositive) : null;
        negative = system.Negative is { } m ? new(m, system, 0) : null;
        chain = system.HasSalt || system.ConductionAnswers;
        blocks = new(chain ? system.Points : 0);
        points = new PointAdmittance[system.Points];
    }

    /// <summary>Impedance at a complex frequency, Ω m², and its parts.</summary>
    public Complex At(Complex s, out ImpedanceParts parts)
    {
        parts = default;
        positive?.At(s);
        negative?.At(s);
        var z = chain ? Chain(s, ref parts)
            : system.SeriesResistance + system.FoilResistance + (positive?.Line(system, ref parts, false) ?? 0) + (negative?.Line(system, ref parts, true) ?? 0);
        if (cell.Separator.GrainBoundary is { ArealResistance: > 0 } grain)
        {
            var r = grain.ArealResistance / cell.Arrhenius(grain.ActivationEnergy, system.Temperature);
            z += (r / (1 + (s * r * grain.ArealCapacitance))) - r;
        }
        parts.Counter += Foil(cell.Negative, system.NegativeFoilResistance, s, ref z);
        parts.Transfer += Foil(cell.Positive, system.FoilResistance - system.NegativeFoilResistance, s, ref z);
        return z;
    }

    private static Complex Foil(Electrode electrode, double resistance, Complex s, ref Complex z)
    {
        if (electrode is not FoilElectrode foil) { return default; }
        var own = resistance / (1 + (s * resistance * foil.ArealCapacitance));
        z += own - resistance;
        return own;
    }

    /// <summary>A binary salt, or a conductivity that answers: the block system along the cell, at unit current.</summary>
    private Complex Chain(Complex s, ref ImpedanceParts parts)
    {
        if (negative is not null) { negative.Points.CopyTo(points); }
        if (positive is not null) { positive.Points.CopyTo(points.AsSpan(system.FirstPositive)); }
        system.Assemble(blocks, s, points);
        blocks.Solve(false);
        var solution = blocks.Right;
        var v = byCurrent + system.TerminalAnswer(solution, points);
        positive?.Add(solution, ref parts, false);
        negative?.Add(solution, ref parts, true);
        return -v;
    }
}

/// <summary>Parts of an areal impedance, Ω m².</summary>
internal record struct ImpedanceParts(Complex Coating, Complex Transfer, Complex Diffusion, Complex Counter);

/// <summary>The lanes of an electrode linearised at its state.</summary>
internal sealed class LinearisedElectrode
{
    private readonly PorousDomain domain;
    private readonly int first;
    private readonly ParticleMesh mesh;
    private readonly double[] diffusivity, openSlope, exchangeSlope, transfer, saltSource;
    private readonly LaneResponse[] lane;
    private readonly PointAdmittance[] points;
    private readonly Complex[] rightSlope, rightOffset;
    private readonly bool[] uniform;
    private readonly bool conductionAnswers;

    public LinearisedElectrode(PorousDomain domain, CellSystem system, int first)
    {
        this.domain = domain;
        this.first = first;
        conductionAnswers = system.ConductionAnswers;
        mesh = domain.Particles.Mesh;
        var lanes = domain.Particles.Lanes;
        diffusivity = new double[mesh.Nodes * lanes];
        openSlope = new double[lanes];
        exchangeSlope = new double[lanes];
        transfer = new double[lanes];
        saltSource = new double[lanes];
        lane = new LaneResponse[lanes];
        points = new PointAdmittance[domain.Points];
        (rightSlope, rightOffset) = (new Complex[domain.Points], new Complex[domain.Points]);
        uniform = new bool[lanes];
        Span<double> x = domain.Particles.State, j = domain.Particles.Current;
        for (var l = 0; l < lanes; l++)
        {
            for (var i = 0; i < mesh.Nodes; i++) { diffusivity[(i * lanes) + l] = domain.Particles.DiffusivityAt(x[(i * domain.Particles.Stride) + l]); }
            var surface = domain.Particles.Surface[l];
            uniform[l] = true;
            for (var i = 0; i < mesh.Nodes; i++) { uniform[l] &= Math.Abs(x[(i * domain.Particles.Stride) + l] - surface) < 1e-9; }
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

    public ReadOnlySpan<PointAdmittance> Points => points;

    public void At(Complex s)
    {
        for (var p = 0; p < domain.Points; p++)
        {
            Complex byPhi = default, bySalt = default, conductionByPhi = default, conductionBySalt = default;
            for (var l = p * domain.Classes; l < (p + 1) * domain.Classes; l++)
            {
                if (!double.IsFinite(domain.SmallSignal[l])) { continue; }
                // Surface response x_s = −H j: the open-circuit potential and the exchange current follow it.
                lane[l] = LaneResponse.Of(domain, l, s, transfer[l], (exchangeSlope[l] - openSlope[l]) * SurfaceResponse(l, s));
                byPhi += domain.Area[l] * lane[l].Whole;
                if (saltSource[l] != 0) { bySalt += domain.Area[l] * lane[l].BySalt(saltSource[l]); }
                if (!conductionAnswers) { continue; }
                var follows = domain.ElectronicAnswer(l, s);
                conductionByPhi += follows * lane[l].Faradaic;
                if (saltSource[l] != 0) { conductionBySalt += follows * lane[l].FaradaicBySalt(saltSource[l]); }
            }
            points[p] = new(byPhi, bySalt, conductionByPhi, conductionBySalt);
        }
    }

    /// <summary>Adds the parts of the impedance at unit current: Σ area·h·z·i² over the elements.</summary>
    public void Add(Complex[] solution, ref ImpedanceParts parts, bool counter)
    {
        for (var p = 0; p < domain.Points; p++)
        {
            var phi = solution[(2 * (first + p)) + 1];
            Add(p, domain.Step * phi * phi, ref parts, counter);
        }
    }

    /// <summary>
    /// A single-ion conductor: impedance of the electrode at unit current. Within each finite volume the line η″ = y ρ η,
    /// ρ = 1/κ + 1/σ, is solved exactly, so that the mesh limits only how finely the state is known.
    /// </summary>
    public Complex Line(CellSystem system, ref ImpedanceParts parts, bool counter)
    {
        var n = domain.Points;
        var h = domain.Step;
        Complex a = default, b = default;
        var carriedBefore = 0.0;
        // From collector to separator: i_e − i_p = a η + b at the left end of each volume, i_p the current ions would carry without reaction.
        for (var k = n - 1; k >= 0; k--)
        {
            var (rho, carried) = Volume(system, k, out var t, out var sech, out var z);
            if (k == n - 1) { b = -carried; }
            else { b += carriedBefore - carried; }
            carriedBefore = carried;
            var divisor = 1 - (z * t * a);
            rightSlope[k] = a;
            rightOffset[k] = b;
            b = b * sech / divisor;
            a = ((-t / z) + a) / divisor;
        }
        var eta = (1 - carriedBefore - b) / a;
        Complex v = default;
        for (var k = 0; k < n; k++)
        {
            var (rho, carried) = Volume(system, k, out var t, out var sech, out var z);
            var right = ((eta * sech) + (z * t * rightOffset[k])) / (1 - (z * t * rightSlope[k]));
            var point = PointOf(k);
            v -= (((right - eta) / rho) + (carried * h)) / system.Conductivity(first + point);
            var rightGradient = rho * ((rightSlope[k] * right) + rightOffset[k]);
            var square = z * z;
            // k² = ρ²/z²; from (η η′)′ = 2k²η² + c with c = η′² − k²η² constant.
            var k2 = rho * rho / square;
            var leftGradient = Gradient(eta, right, rightGradient, t, sech, rho / z);
            var constant = (rightGradient * rightGradient) - (k2 * right * right);
            var integral = (k2 * h * h).Magnitude < 1e-6
                ? h / 3 * ((eta * eta) + (eta * right) + (right * right))
                : ((right * rightGradient) - (eta * leftGradient) - (constant * h)) / (2 * k2);
            Add(point, integral, ref parts, counter);
            eta = right;
        }
        return -(v + eta);
    }

    private static Complex Gradient(Complex left, Complex right, Complex rightGradient, Complex t, Complex sech, Complex wave) =>
        // η′(left) from η(left) and η′(right): η′_r = k sinh η_l + cosh η′_l.
        (rightGradient * sech) - (wave * t * left);

    private int PointOf(int fromSeparator) => domain.IsPositive ? fromSeparator : domain.Points - 1 - fromSeparator;

    /// <summary>ρ and i_p of a volume counted from the separator, and tanh, 1/cosh and √(ρ/y) of its line.</summary>
    private (double Rho, double Carried) Volume(CellSystem system, int fromSeparator, out Complex tanh, out Complex sech, out Complex z)
    {
        var p = PointOf(fromSeparator);
        double kappa = system.Conductivity(first + p), sigma = domain.ElectronicConductivity[p], rho = (1 / kappa) + (1 / sigma);
        z = Complex.Sqrt(rho / points[p].ByPhi);
        var nu = domain.Step * rho / z;
        if (nu.Real < 0) { (nu, z) = (-nu, -z); }
        if (nu.Real > 300) { (tanh, sech) = (1, 0); }
        else { (tanh, sech) = (Complex.Tanh(nu), 1 / Complex.Cosh(nu)); }
        return (rho, 1 / (sigma * rho));
    }

    private void Add(int point, Complex square, ref ImpedanceParts parts, bool counter)
    {
        Complex coating = default, charge = default, transport = default;
        for (var l = point * domain.Classes; l < (point + 1) * domain.Classes; l++)
        {
            if (double.IsFinite(domain.SmallSignal[l])) { lane[l].Add(domain.Area[l], square, ref coating, ref charge, ref transport); }
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
    private Complex SurfaceResponse(int index, Complex s)
    {
        var lanes = lane.Length;
        var radius = domain.ParticleClasses[index % domain.Classes].Radius;
        var perRadius2 = 1 / (radius * radius);
        if (uniform[index])
        {
            var d = diffusivity[index];
            return CellImpedance.Sphere(s * (radius * radius / d)) * (radius / (Constants.Faraday * domain.Electrode.ActiveMaterial.MaximumConcentration * d));
        }
        double inner = 0, previous = 0;
        Complex follow = default;
        for (var i = 0; i < mesh.Nodes; i++)
        {
            var here = diffusivity[(i * lanes) + index];
            var outer = i < mesh.Nodes - 1 ? mesh.Conductance[i] * perRadius2 : 0;
            var diagonal = ((inner + outer) * here) + (s * mesh.Volume[i]) - (inner * previous * follow);
            if (i == mesh.Nodes - 1) { return 1 / (diagonal * Constants.Faraday * domain.Electrode.ActiveMaterial.MaximumConcentration * radius); }
            follow = outer * diffusivity[((i + 1) * lanes) + index] / diagonal;
            previous = here;
            inner = outer;
        }
        return default;
    }
}
