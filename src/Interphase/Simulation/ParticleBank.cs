using System.Numerics;
using System.Runtime.InteropServices;
using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// Diffusion in all particles of an electrode: every class at every point is a lane, and lanes are solved side by side.
/// <code>
/// w_i dx_i/dt = R⁻² [g_{i−1} (Φ_{i−1} − Φ_i) − g_i (Φ_i − Φ_{i+1})],   at the surface also − j/(F c_max R)
/// </code>
/// with the Kirchhoff potential Φ = ∫ D dx, whose differences are exact fluxes of the steady state. Within a stage of time step
/// weight τ the inner nodes are eliminated: the surface follows the current as x_s = p − q j.
/// </summary>
internal sealed class ParticleBank
{
    private readonly ParticleMesh mesh;
    private readonly int blocks;
    private readonly Vector<double>[] perRadius2;
    private readonly Vector<double>[] perFlux;
    private HermiteTable? kirchhoff;
    private double diffusivity;
    private readonly Vector<double>[] state, start, known, base0, follow, factor;
    private readonly Vector<double>[][] slope;
    private readonly Vector<double>[] potential, diffusivities;
    private readonly Vector<double>[] surfaceBase, surfaceGain, current, currentStart;
    private readonly Vector<double>[] inverse;
    private double factoredFor = double.NaN;

    /// <param name="mesh">Nodes of a particle.</param>
    /// <param name="radius">Radius of every lane, m.</param>
    /// <param name="maximumConcentration">mol/m³.</param>
    public ParticleBank(ParticleMesh mesh, ReadOnlySpan<double> radius, double maximumConcentration)
    {
        this.mesh = mesh;
        Lanes = radius.Length;
        blocks = (Lanes + Vector<double>.Count - 1) / Vector<double>.Count;
        Stride = blocks * Vector<double>.Count;
        perRadius2 = new Vector<double>[blocks];
        perFlux = new Vector<double>[blocks];
        for (var l = 0; l < Stride; l++)
        {
            var r = radius[Math.Min(l, Lanes - 1)];
            Flat(perRadius2)[l] = 1 / (r * r);
            Flat(perFlux)[l] = 1 / (Constants.Faraday * maximumConcentration * r);
        }
        Vector<double>[] Field() => new Vector<double>[blocks * mesh.Nodes];
        state = Field();
        start = Field();
        known = Field();
        base0 = Field();
        follow = Field();
        factor = Field();
        inverse = Field();
        potential = Field();
        diffusivities = Field();
        slope = [Field(), Field(), Field(), Field()];
        surfaceBase = new Vector<double>[blocks];
        surfaceGain = new Vector<double>[blocks];
        current = new Vector<double>[blocks];
        currentStart = new Vector<double>[blocks];
    }

    public int Lanes { get; }

    /// <summary>Distance from a node to the next one of the same lane.</summary>
    public int Stride { get; }

    public int Nodes => mesh.Nodes;

    public ParticleMesh Mesh => mesh;

    /// <summary>True where the inner equations do not depend on the state and need no iteration.</summary>
    public bool IsLinear => kirchhoff is null;

    /// <summary>Stoichiometry of each node (node-major), as the stage now has it.</summary>
    public Span<double> State => Flat(state);

    /// <summary>Stoichiometry at the start of the step.</summary>
    public Span<double> Start => Flat(start);

    /// <summary>Stoichiometry on the surface of each lane, as the stage now has it.</summary>
    public Span<double> Surface => Flat(state)[((Nodes - 1) * Stride)..];

    /// <summary>Stoichiometry on the surface at the start of the step.</summary>
    public Span<double> SurfaceStart => Flat(start)[((Nodes - 1) * Stride)..];

    /// <summary>p of x_s = p − q j.</summary>
    public Span<double> SurfaceBase => Flat(surfaceBase);

    /// <summary>q of x_s = p − q j, m²/A.</summary>
    public Span<double> SurfaceGain => Flat(surfaceGain);

    /// <summary>j of each lane, A/m² of real area, positive when lithium leaves.</summary>
    public Span<double> Current => Flat(current);

    private static Span<double> Flat(Vector<double>[] field) => MemoryMarshal.Cast<Vector<double>, double>(field.AsSpan());

    /// <summary>Sets how the particles diffuse: Φ(x), m²/s, or where it is null one diffusivity.</summary>
    public void Diffuse(HermiteTable? potential, double constant)
    {
        if (constant != diffusivity) { factoredFor = double.NaN; }
        (kirchhoff, diffusivity) = (potential, constant);
    }

    public void Fill(double stoichiometry)
    {
        Flat(state).Fill(stoichiometry);
        Flat(start).Fill(stoichiometry);
    }

    /// <summary>Diffusivity at a stoichiometry, m²/s.</summary>
    public double DiffusivityAt(double x)
    {
        if (kirchhoff is null) { return diffusivity; }
        kirchhoff.At(x, out var d);
        return d;
    }

    /// <summary>Mean stoichiometry of a lane.</summary>
    public double Mean(int lane) => Mean(lane, true);

    /// <summary>Mean stoichiometry of a lane now, or as the stage knows it without its current.</summary>
    public double Mean(int lane, bool now)
    {
        var sum = 0.0;
        var x = Flat(now ? state : known);
        for (var i = 0; i < Nodes; i++) { sum += mesh.Volume[i] * x[(i * Stride) + lane]; }
        return 3 * sum;
    }

    /// <summary>−d(mean stoichiometry)/dt of a lane per current, m²/A s.</summary>
    public double Drain(int lane) => 3 * Flat(perFlux)[lane];

    /// <summary>The state becomes the start of the next step; its slope is that of stage 4.</summary>
    public void Accept()
    {
        state.CopyTo(start, 0);
        current.CopyTo(currentStart, 0);
        (slope[0], slope[3]) = (slope[3], slope[0]);
    }

    /// <summary>Back to the start of the step.</summary>
    public void Revert()
    {
        start.CopyTo(state, 0);
        currentStart.CopyTo(current, 0);
    }

    /// <summary>The state becomes the start of a step whose slope <see cref="Differentiate"/> will give.</summary>
    public void Restart()
    {
        state.CopyTo(start, 0);
        current.CopyTo(currentStart, 0);
    }

    /// <summary>The slope at the start of the step, from diffusion and the currents.</summary>
    public void Differentiate()
    {
        Evaluate(start);
        var f = slope[0];
        for (var b = 0; b < blocks; b++)
        {
            var flux = Vector<double>.Zero;
            for (var i = 0; i < Nodes; i++)
            {
                var k = (i * blocks) + b;
                var outer = i < Nodes - 1 ? mesh.Conductance[i] * perRadius2[b] * (potential[k] - potential[k + blocks]) : current[b] * perFlux[b];
                f[k] = (flux - outer) / new Vector<double>(mesh.Volume[i]);
                flux = outer;
            }
        }
    }

    /// <summary>What a stage starts from: start + h (a₁ f₁ + a₂ f₂ + a₃ f₃).</summary>
    public void Combine(double h, double a1, double a2, double a3)
    {
        Vector<double> w1 = new(h * a1), w2 = new(h * a2), w3 = new(h * a3);
        Vector<double>[] f1 = slope[0], f2 = slope[1], f3 = slope[2];
        for (var k = 0; k < known.Length; k++) { known[k] = start[k] + (w1 * f1[k]) + (w2 * f2[k]) + (w3 * f3[k]); }
    }

    /// <summary>Zero time weight: the surface stays where it is, whatever the current.</summary>
    public void Freeze()
    {
        state.AsSpan((Nodes - 1) * blocks).CopyTo(surfaceBase);
        Array.Clear(surfaceGain);
    }

    /// <summary>The slope of stage <paramref name="stage"/> (2–4) from its state.</summary>
    public void KeepSlope(int stage, double tau)
    {
        var f = slope[stage - 1];
        Vector<double> w = new(1 / tau);
        for (var k = 0; k < f.Length; k++) { f[k] = (state[k] - known[k]) * w; }
    }

    /// <summary>A first guess of the state at a later place of the step; only used to linearise, so that it may be crude.</summary>
    public void Predict(double h)
    {
        Vector<double> w = new(h), low = new(1e-6), high = new(1 - 1e-6), limit = new(0.1);
        var f = slope[0];
        for (var k = 0; k < f.Length; k++)
        {
            var move = Vector.Min(Vector.Max(w * f[k], -limit), limit);
            state[k] = Vector.Min(Vector.Max(start[k] + move, low), high);
        }
    }

    /// <summary>Eliminates the inner nodes for time weight <paramref name="tau"/>, linearised at the state: gives p and q of every lane.</summary>
    public void Eliminate(double tau)
    {
        if (IsLinear)
        {
            if (factoredFor != tau) { Factor(tau); }
            Forward();
            return;
        }
        Evaluate(state);
        Vector<double> weight = new(tau);
        var n = Nodes;
        for (var b = 0; b < blocks; b++)
        {
            var s = weight * perRadius2[b];
            var d = diffusivities[b];
            var e = potential[b] - (d * state[b]);
            Vector<double> innerFlux = Vector<double>.Zero, innerConductance = Vector<double>.Zero, lower = Vector<double>.Zero;
            Vector<double> before = Vector<double>.Zero, beforeFollow = Vector<double>.Zero;
            for (var i = 0; i < n - 1; i++)
            {
                var k = (i * blocks) + b;
                var dNext = diffusivities[k + blocks];
                var eNext = potential[k + blocks] - (dNext * state[k + blocks]);
                var g = mesh.Conductance[i] * s;
                var outerFlux = g * (e - eNext);
                var w = new Vector<double>(mesh.Volume[i]);
                var diagonal = w + ((innerConductance + g) * d) - (lower * beforeFollow);
                var right = (w * known[k]) + innerFlux - outerFlux + (lower * before);
                var invert = Vector<double>.One / diagonal;
                before = right * invert;
                beforeFollow = g * dNext * invert;
                base0[k] = before;
                follow[k] = beforeFollow;
                lower = g * d;
                innerConductance = g;
                innerFlux = outerFlux;
                d = dNext;
                e = eNext;
            }
            var last = ((n - 1) * blocks) + b;
            var wLast = new Vector<double>(mesh.Volume[n - 1]);
            var lastDiagonal = wLast + (innerConductance * d) - (lower * beforeFollow);
            var inv = Vector<double>.One / lastDiagonal;
            surfaceBase[b] = ((wLast * known[last]) + innerFlux + (lower * before)) * inv;
            surfaceGain[b] = weight * perFlux[b] * inv;
        }
    }

    /// <summary>The inner nodes that belong to the currents. Returns the largest distance from where they were linearised.</summary>
    public double Follow()
    {
        var largest = Vector<double>.Zero;
        for (var b = 0; b < blocks; b++)
        {
            var k = ((Nodes - 1) * blocks) + b;
            var x = surfaceBase[b] - (surfaceGain[b] * current[b]);
            largest = Vector.Max(largest, Vector.Abs(x - state[k]));
            state[k] = x;
            for (var i = Nodes - 2; i >= 0; i--)
            {
                k -= blocks;
                x = base0[k] + (follow[k] * x);
                largest = Vector.Max(largest, Vector.Abs(x - state[k]));
                state[k] = x;
            }
        }
        var most = 0.0;
        for (var i = 0; i < Vector<double>.Count; i++) { most = Math.Max(most, largest[i]); }
        return most;
    }

    private void Factor(double tau)
    {
        factoredFor = tau;
        for (var b = 0; b < blocks; b++)
        {
            var s = new Vector<double>(tau * diffusivity) * perRadius2[b];
            Vector<double> lower = Vector<double>.Zero, beforeFollow = Vector<double>.Zero, beforeInverse = Vector<double>.Zero;
            for (var i = 0; i < Nodes; i++)
            {
                var k = (i * blocks) + b;
                var upper = i < Nodes - 1 ? mesh.Conductance[i] * s : Vector<double>.Zero;
                var diagonal = new Vector<double>(mesh.Volume[i]) + lower + upper - (lower * beforeFollow);
                factor[k] = lower;
                inverse[k] = Vector<double>.One / diagonal;
                follow[k] = upper * inverse[k];
                beforeFollow = follow[k];
                lower = upper;
            }
            surfaceGain[b] = tau * perFlux[b] * inverse[((Nodes - 1) * blocks) + b];
        }
    }

    private void Forward()
    {
        for (var b = 0; b < blocks; b++)
        {
            var before = Vector<double>.Zero;
            for (var i = 0; i < Nodes; i++)
            {
                var k = (i * blocks) + b;
                before = ((mesh.Volume[i] * known[k]) + (factor[k] * before)) * inverse[k];
                base0[k] = before;
            }
            surfaceBase[b] = before;
            surfaceGain[b] = factoredFor * perFlux[b] * inverse[((Nodes - 1) * blocks) + b];
        }
    }

    private void Evaluate(Vector<double>[] at)
    {
        if (kirchhoff is null)
        {
            for (var k = 0; k < at.Length; k++) { potential[k] = diffusivity * at[k]; }
            return;
        }
        Span<double> x = Flat(at), f = Flat(potential), d = Flat(diffusivities);
        for (var k = 0; k < x.Length; k++) { f[k] = kirchhoff.At(x[k], out d[k]); }
    }
}
