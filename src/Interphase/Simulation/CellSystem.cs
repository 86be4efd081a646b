using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// The discretised equations of a cell and their solution within one implicit stage. Along the chain of finite volumes from the
/// negative collector to the positive one the unknowns of a point are Δφ = φ_s − φ_e (electrodes) and the salt concentration (binary
/// salt); with i_e + i_s = I
/// <code>
/// i_e = (∇Δφ + I/σ + K ∇ln ce) / (1/κ + 1/σ),   ∇·i_e = Σ a_k j_k(Δφ, ce),   K = (2RT/F)(1 − t₊)(1 + dln f/dln ce)
/// ε ∂ce/∂t = −∇·(−D ∇ce + t₊ i_e/F) + Σ a_k j_k/F
/// </code>
/// Particle and class unknowns are eliminated by <see cref="PorousDomain"/>; under potential or power control I is one more unknown
/// with a border row. I is per geometric area, discharge positive.
/// </summary>
internal sealed partial class CellSystem
{
    private const int MostIterations = 60;

    private readonly Cell cell;
    private double temperature;
    private readonly bool hasSalt;
    private readonly int points;
    private readonly PorousDomain?[] domain;
    private readonly int[] local;
    private readonly double[] step, porosity, efficiency;
    private readonly MaterialFunction[] conductivityOf;
    private readonly HermiteTable?[] conductivityTable;
    private readonly TemperedTable?[] conductivityTempered = [];
    private readonly TemperedTable? diffusivityTempered, transferenceTempered, factorTempered;
    private HermiteTable? diffusivityTable, transferenceTable, factorTable;
    private double restDiffusivity, restTransference, restFactor;
    private readonly double[] kappa, kappaSlope, diffusion, diffusionSlope, transference, transferenceSlope, factorK, factorSlope;
    private readonly double[] ionic, ionicPhi, ionicLeft, ionicRight, ionicCurrent;
    private readonly double[] ionicConductionLeft, ionicConductionRight;
    private readonly double[] flux, fluxLeft, fluxRight, fluxPhi, fluxCurrent, carried;
    private readonly double[] gradientPhi, gradientSalt, logRatio;
    private readonly double[] salt, saltStart, saltKnown;
    private readonly double[][] saltSlope = new double[4][];
    private readonly double[] phi, phiStart;
    private readonly BlockTridiagonal<double> blocks;
    private readonly bool electronicVaries;
    private readonly double[] phiRate;
    private double lastLength;
    private bool facesStand;
    private double contraction = 1;
    private double contractionStart = 1;

    public CellSystem(Cell cell, double temperature)
    {
        this.cell = cell;
        this.temperature = temperature;
        hasSalt = cell.Electrolyte.Kind == ElectrolyteKind.BinarySalt;
        var n = cell.Numerics;
        if (cell.Negative is PorousElectrode negative) { Negative = new(cell, negative, n.ElectrodePoints, n.ParticlePoints, temperature, false); }
        if (cell.Positive is PorousElectrode positive) { Positive = new(cell, positive, n.ElectrodePoints, n.ParticlePoints, temperature, true); }
        Domains = [.. new[] { Negative, Positive }.OfType<PorousDomain>()];
        var separatorPoints = hasSalt ? n.SeparatorPoints : 0;
        FirstSeparator = Negative?.Points ?? 0;
        FirstPositive = FirstSeparator + separatorPoints;
        points = FirstPositive + (Positive?.Points ?? 0);
        domain = new PorousDomain?[points];
        local = new int[points];
        double[] Field() => new double[points];
        double[] Faces() => new double[points + 1];
        step = Field();
        porosity = Field();
        efficiency = Field();
        conductivityOf = new MaterialFunction[points];
        conductivityTable = new HermiteTable?[points];
        for (var i = 0; i < points; i++)
        {
            domain[i] = i < FirstSeparator ? Negative : i >= FirstPositive ? Positive : null;
            local[i] = i < FirstSeparator ? i : i >= FirstPositive ? i - FirstPositive : i - FirstSeparator;
            var phase = domain[i]?.Electrode.Electrolyte ?? cell.Separator.Electrolyte;
            step[i] = domain[i]?.Step ?? (cell.Separator.Thickness / separatorPoints);
            porosity[i] = phase.VolumeFraction;
            efficiency[i] = phase.TransportEfficiency;
            conductivityOf[i] = phase.Conductivity;
        }
        (kappa, kappaSlope, diffusion, diffusionSlope, transference, transferenceSlope, factorK, factorSlope) = (Field(), Field(), Field(), Field(), Field(), Field(), Field(), Field());
        (ionic, ionicPhi, ionicLeft, ionicRight, ionicCurrent) = (Faces(), Faces(), Faces(), Faces(), Faces());
        (ionicConductionLeft, ionicConductionRight) = (Faces(), Faces());
        (flux, fluxLeft, fluxRight, fluxPhi, fluxCurrent, carried) = (Faces(), Faces(), Faces(), Faces(), Faces(), Faces());
        (gradientPhi, gradientSalt, logRatio) = (Field(), Field(), Faces());
        (salt, saltStart, saltKnown) = (Field(), Field(), Field());
        (phi, phiStart, phiRate) = (Field(), Field(), Field());
        for (var i = 0; i < 4; i++) { saltSlope[i] = Field(); }
        blocks = new(points);
        if (hasSalt)
        {
            var e = cell.Electrolyte;
            var rest = e.Concentration;
            TemperedTable? Tempered(MaterialFunction f) => TemperedTable.Of(f, t => MaterialTables.OverSalt(f, rest, t), temperature);
            var conductivities = conductivityOf.Distinct().ToDictionary(f => f, Tempered);
            conductivityTempered = [.. conductivityOf.Select(f => conductivities[f])];
            diffusivityTempered = Tempered(e.Diffusivity!);
            transferenceTempered = Tempered(e.TransferenceNumber!);
            factorTempered = e.ThermodynamicFactor is { } factor ? Tempered(factor) : null;
            Array.Fill(salt, rest);
            Array.Fill(saltStart, rest);
        }
        SetTransport(temperature);
        (Temperature, temperatureStart) = (temperature, temperature);
        Positive?.Particles.Fill(cell.Initial.PositiveStoichiometry);
        Negative?.Particles.Fill(cell.Initial.NegativeStoichiometry);
        foreach (var d in Domains)
        {
            d.PrepareElectronic(0);
            d.UpdateElectronic();
            d.RelaxLayers();
            electronicVaries |= d.Electrode.ElectronicConductivity.Value(0.3, double.NaN, temperature) != d.Electrode.ElectronicConductivity.Value(0.8, double.NaN, temperature);
        }
        for (var i = 0; i < points; i++)
        {
            if (domain[i] is { } d) { phi[i] = d.OpenCircuit(d.Particles.Surface[local[i] * d.Classes], out _); }
        }
    }

    public double TwoThermal { get; private set; }

    /// <summary>Temperature of the cell, K, as the stage now has it.</summary>
    public double Temperature { get; private set; }

    public PorousDomain? Positive { get; }

    public PorousDomain? Negative { get; }

    public int FirstSeparator { get; }

    public int FirstPositive { get; }

    public int Points => points;

    /// <summary>Everything ohmic in series that is not part of the chain, Ω m².</summary>
    public double SeriesResistance { get; private set; }

    /// <summary>Small-signal resistance of the foils at the current, Ω m².</summary>
    public double FoilResistance { get; private set; }

    /// <summary>The negative foil's part of it, Ω m².</summary>
    public double NegativeFoilResistance { get; private set; }

    /// <summary>Discharge current density, A/m², as the stage now has it.</summary>
    public double Current { get; private set; }

    /// <summary>Terminal potential, V, as the stage now has it.</summary>
    public double Potential { get; private set; }

    public double CurrentStart { get; private set; }

    public double PotentialStart { get; private set; }

    public ReadOnlySpan<double> Salt => salt;

    public ReadOnlySpan<double> DeltaPhi => phi;

    public bool HasSalt => hasSalt;

    /// <summary>Whether the temperature is a state.</summary>
    public bool IsThermal => cell.Thermal is not null;

    /// <summary>Current density of 1C, A/m².</summary>
    public double OneC => cell.OneC / cell.Area;

    /// <summary>Salt concentration at rest, mol/m³.</summary>
    public double RestSalt => cell.Electrolyte.Concentration;

    public double Width(int point) => step[point];

    public double Conductivity(int point) => kappa[point];

    public long Iterations { get; private set; }

    /// <summary>The porous electrodes, the negative one first.</summary>
    public PorousDomain[] Domains { get; }

    /// <summary>Salt in the electrolyte, mol/m².</summary>
    public double SaltInventory()
    {
        var sum = 0.0;
        for (var i = 0; i < points; i++) { sum += porosity[i] * step[i] * salt[i]; }
        return sum;
    }

    /// <summary>Puts a saved state in place.</summary>
    public void Load(SimulationState state)
    {
        if (state.DeltaPhi.Length != points) { throw new ArgumentException("the state belongs to another mesh", nameof(state)); }
        if (Positive is not null) { Positive.Load(state.Positive!); }
        if (Negative is not null) { Negative.Load(state.Negative!); }
        state.Salt.CopyTo(salt, 0);
        state.Salt.CopyTo(saltStart, 0);
        state.DeltaPhi.CopyTo(phi, 0);
        state.DeltaPhi.CopyTo(phiStart, 0);
        facesStand = false;
        (Current, CurrentStart) = (state.DischargeDensity, state.DischargeDensity);
        (Potential, PotentialStart) = (state.Potential, state.Potential);
        if (cell.Thermal is null) { return; }
        (Temperature, temperatureStart) = (state.Temperature, state.Temperature);
        SetTemperature(state.Temperature);
    }

    /// <summary>Stage preparation: what the stage starts from.</summary>
    public void Combine(double h, double a1, double a2, double a3)
    {
        Negative?.Combine(h, a1, a2, a3);
        Positive?.Combine(h, a1, a2, a3);
        lastLength = h;
        temperatureKnown = temperatureStart + (h * ((a1 * temperatureSlope[0]) + (a2 * temperatureSlope[1]) + (a3 * temperatureSlope[2])));
        if (!hasSalt) { return; }
        for (var i = 0; i < points; i++)
        {
            saltKnown[i] = saltStart[i] + (h * ((a1 * saltSlope[0][i]) + (a2 * saltSlope[1][i]) + (a3 * saltSlope[2][i])));
        }
    }

    public void KeepSlope(int stage, double tau)
    {
        Negative?.KeepSlope(stage, tau);
        Positive?.KeepSlope(stage, tau);
        temperatureSlope[stage - 1] = (Temperature - temperatureKnown) / tau;
        if (!hasSalt) { return; }
        for (var i = 0; i < points; i++) { saltSlope[stage - 1][i] = (salt[i] - saltKnown[i]) / tau; }
    }

    public void Accept()
    {
        Negative?.Accept();
        Positive?.Accept();
        salt.CopyTo(saltStart, 0);
        (saltSlope[0], saltSlope[3]) = (saltSlope[3], saltSlope[0]);
        temperatureStart = Temperature;
        temperatureSlope[0] = temperatureSlope[3];
        HeatStart = Heat;
        if (hasSalt) { for (var i = 0; i < points; i++) { phiRate[i] = (phi[i] - phiStart[i]) / lastLength; } }
        phi.CopyTo(phiStart, 0);
        CurrentStart = Current;
        PotentialStart = Potential;
        contractionStart = contraction;
    }

    public void Revert()
    {
        Negative?.Revert();
        Positive?.Revert();
        saltStart.CopyTo(salt, 0);
        phiStart.CopyTo(phi, 0);
        Current = CurrentStart;
        Potential = PotentialStart;
        Temperature = temperatureStart;
        Heat = HeatStart;
        facesStand = false;
        contraction = contractionStart;
    }

    /// <summary>A first guess at the place <paramref name="h"/> after the start of the step.</summary>
    public void Predict(double h)
    {
        if (Negative is { Particles.IsLinear: false }) { Negative.Particles.Predict(h); }
        if (Positive is { Particles.IsLinear: false }) { Positive.Particles.Predict(h); }
        if (!hasSalt) { return; }
        // A salt changes slowly and smoothly: its slope is known, and Δφ goes on as in the last step.
        facesStand = false;
        for (var i = 0; i < points; i++)
        {
            salt[i] = Math.Max(saltStart[i] + (h * saltSlope[0][i]), 0.3 * saltStart[i]);
            phi[i] = phiStart[i] + (h * phiRate[i]);
        }
    }

    /// <summary>From the solution of stage 2 a first guess at the end of the step.</summary>
    public void Extend()
    {
        if (!hasSalt) { return; }
        facesStand = false;
        const double more = (1 - Esdirk3.C2) / Esdirk3.C2;
        for (var i = 0; i < points; i++)
        {
            salt[i] += Math.Max(more * (salt[i] - saltStart[i]), -0.5 * salt[i]);
            phi[i] += more * (phi[i] - phiStart[i]);
        }
    }

    /// <summary>
    /// Potentials and currents that belong to the state and the control at this moment, and the slopes of the state: the start of a
    /// step after any change.
    /// </summary>
    public bool Begin(Control control, double time, double tolerance)
    {
        contraction = 1;
        facesStand = false;
        if (control.Kind == ControlKind.Power && Potential > 0.1) { Current = control.At(time) / Potential; }
        if (cell.Thermal is not null) { SetTemperature(temperatureStart); }
        if (!Solve(0, control, time, tolerance)) { return false; }
        BeginHeat();
        Array.Clear(phiRate);
        Negative?.Restart();
        Positive?.Restart();
        salt.CopyTo(saltStart, 0);
        phi.CopyTo(phiStart, 0);
        CurrentStart = Current;
        PotentialStart = Potential;
        contractionStart = contraction;
        if (hasSalt)
        {
            for (var i = 0; i < points; i++)
            {
                var source = domain[i] is { } d ? step[i] * d.Reaction[local[i]] / Constants.Faraday : 0;
                saltSlope[0][i] = (flux[i] - flux[i + 1] + source) / (porosity[i] * step[i]);
            }
        }
        return true;
    }

    /// <summary>By how many volts a full or empty particle surface is driven further.</summary>
    public double Driven() => Math.Max(Positive?.Driven().Volts ?? 0, Negative?.Driven().Volts ?? 0);

    /// <summary>Why the last <see cref="Solve"/> did not arrive, where physics says so; else null.</summary>
    public string? Limit(bool discharging)
    {
        foreach (var d in Domains)
        {
            var surface = d.Particles.Surface;
            int fullest = 0, emptiest = 0;
            for (var l = 0; l < d.Particles.Lanes; l++)
            {
                if (surface[l] > surface[fullest]) { fullest = l; }
                if (surface[l] < surface[emptiest]) { emptiest = l; }
            }
            var name = d.IsPositive ? "positive" : "negative";
            var fills = discharging == d.IsPositive;
            if (fills && surface[fullest] > 0.999) { return $"{name} particle surface full at {d.DepthOf(fullest) * 1e6:0.#} µm"; }
            if (!fills && surface[emptiest] < 0.001) { return $"{name} particle surface empty at {d.DepthOf(emptiest) * 1e6:0.#} µm"; }
        }
        if (!hasSalt) { return null; }
        var least = 0;
        for (var i = 1; i < points; i++) { least = saltStart[i] < saltStart[least] ? i : least; }
        if (saltStart[least] > 0.02 * cell.Electrolyte.Concentration) { return null; }
        var place = -step[0] / 2;
        for (var i = 0; i <= least; i++) { place += (i > 0 ? step[i - 1] / 2 : step[0] / 2) + (step[i] / 2); }
        return $"electrolyte without salt at {place * 1e6:0.#} µm from the negative end";
    }
}
