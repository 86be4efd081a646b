using System.Numerics;
using Interphase.Cells;
using Interphase.Numerics;

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
    private readonly double temperature;
    private readonly bool hasSalt;
    private readonly int points;
    private readonly PorousDomain?[] domain;
    private readonly int[] local;
    private readonly double[] step, porosity, efficiency;
    private readonly MaterialFunction[] conductivityOf;
    private readonly HermiteTable?[] conductivityTable;
    private readonly HermiteTable? diffusivityTable, transferenceTable, factorTable;
    private readonly double restDiffusivity, restTransference, restFactor;
    private readonly double[] kappa, kappaSlope, diffusion, diffusionSlope, transference, factorK;
    private readonly double[] ionic, ionicPhi, ionicLeft, ionicRight, ionicCurrent;
    private readonly double[] flux, fluxLeft, fluxRight, fluxPhi, fluxCurrent;
    private readonly double[] gradientPhi, gradientSalt, logRatio;
    private readonly double[] salt, saltStart, saltKnown;
    private readonly double[][] saltSlope = new double[4][];
    private readonly double[] phi, phiStart;
    private readonly BlockTridiagonal<double> blocks;
    private readonly bool electronicVaries;
    private double contraction = 1;
    private double contractionStart = 1;

    public CellSystem(Cell cell, double temperature)
    {
        this.cell = cell;
        this.temperature = temperature;
        TwoThermal = 2 * Constants.Gas * temperature / Constants.Faraday;
        hasSalt = cell.Electrolyte.Kind == ElectrolyteKind.BinarySalt;
        var n = cell.Numerics;
        if (cell.Negative is PorousElectrode negative) { Negative = new(cell, negative, n.ElectrodePoints, n.ParticlePoints, temperature, false); }
        if (cell.Positive is PorousElectrode positive) { Positive = new(cell, positive, n.ElectrodePoints, n.ParticlePoints, temperature, true); }
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
            if (hasSalt) { conductivityTable[i] = MaterialTables.OverSalt(phase.Conductivity, cell.Electrolyte.Concentration, temperature); }
        }
        (kappa, kappaSlope, diffusion, diffusionSlope, transference, factorK) = (Field(), Field(), Field(), Field(), Field(), Field());
        (ionic, ionicPhi, ionicLeft, ionicRight, ionicCurrent) = (Faces(), Faces(), Faces(), Faces(), Faces());
        (flux, fluxLeft, fluxRight, fluxPhi, fluxCurrent) = (Faces(), Faces(), Faces(), Faces(), Faces());
        (gradientPhi, gradientSalt, logRatio) = (Field(), Field(), Faces());
        (salt, saltStart, saltKnown) = (Field(), Field(), Field());
        (phi, phiStart) = (Field(), Field());
        for (var i = 0; i < 4; i++) { saltSlope[i] = Field(); }
        blocks = new(points);
        for (var i = 0; i < points; i++)
        {
            if (!hasSalt) { kappa[i] = conductivityOf[i].Value(double.NaN, double.NaN, temperature) * efficiency[i]; }
        }
        if (hasSalt)
        {
            var e = cell.Electrolyte;
            var rest = e.Concentration;
            diffusivityTable = MaterialTables.OverSalt(e.Diffusivity!, rest, temperature);
            restDiffusivity = e.Diffusivity!.Value(double.NaN, rest, temperature);
            transferenceTable = MaterialTables.OverSalt(e.TransferenceNumber!, rest, temperature);
            restTransference = e.TransferenceNumber!.Value(double.NaN, rest, temperature);
            factorTable = e.ThermodynamicFactor is null ? null : MaterialTables.OverSalt(e.ThermodynamicFactor, rest, temperature);
            restFactor = e.ThermodynamicFactor?.Value(double.NaN, rest, temperature) ?? 1;
            Array.Fill(salt, rest);
            Array.Fill(saltStart, rest);
        }
        else
        {
            var path = cell.Separator.Electrolyte;
            SeriesResistance = cell.Separator.Thickness / (path.Conductivity.Value(double.NaN, double.NaN, temperature) * path.TransportEfficiency);
        }
        SeriesResistance += cell.SeriesResistance;
        if (cell.Separator.GrainBoundary is { } grain) { SeriesResistance += grain.ArealResistance / cell.Arrhenius(grain.ActivationEnergy, temperature); }
        Positive?.Particles.Fill(cell.Initial.PositiveStoichiometry);
        Negative?.Particles.Fill(cell.Initial.NegativeStoichiometry);
        foreach (var d in Domains)
        {
            d.UpdateElectronic();
            d.RelaxLayers();
            electronicVaries |= d.Electrode.ElectronicConductivity.Value(0.3, double.NaN, temperature) != d.Electrode.ElectronicConductivity.Value(0.8, double.NaN, temperature);
        }
        for (var i = 0; i < points; i++)
        {
            if (domain[i] is { } d) { phi[i] = d.OpenCircuit(d.Particles.Surface[local[i] * d.Classes], out _); }
        }
    }

    public double TwoThermal { get; }

    public double Temperature => temperature;

    /// <summary>dV/dΔφ of each point, after <see cref="Linearise"/>.</summary>
    public ReadOnlySpan<double> GradientPhi => gradientPhi;

    /// <summary>dV/dce of each point, after <see cref="Linearise"/>.</summary>
    public ReadOnlySpan<double> GradientSalt => gradientSalt;

    public PorousDomain? Positive { get; }

    public PorousDomain? Negative { get; }

    public int FirstSeparator { get; }

    public int FirstPositive { get; }

    public int Points => points;

    /// <summary>Everything ohmic in series that is not part of the chain, Ω m².</summary>
    public double SeriesResistance { get; }

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

    /// <summary>Current density of 1C, A/m².</summary>
    public double OneC => cell.OneC / cell.Area;

    /// <summary>Salt concentration at rest, mol/m³.</summary>
    public double RestSalt => cell.Electrolyte.Concentration;

    public double Width(int point) => step[point];

    public double Conductivity(int point) => kappa[point];

    public long Iterations { get; private set; }

    public IEnumerable<PorousDomain> Domains
    {
        get
        {
            if (Negative is not null) { yield return Negative; }
            if (Positive is not null) { yield return Positive; }
        }
    }

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
        (Current, CurrentStart) = (state.DischargeDensity, state.DischargeDensity);
        (Potential, PotentialStart) = (state.Potential, state.Potential);
    }

    /// <summary>Stage preparation: what the stage starts from.</summary>
    public void Combine(double h, double a1, double a2, double a3)
    {
        Negative?.Combine(h, a1, a2, a3);
        Positive?.Combine(h, a1, a2, a3);
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
        if (!hasSalt) { return; }
        for (var i = 0; i < points; i++) { saltSlope[stage - 1][i] = (salt[i] - saltKnown[i]) / tau; }
    }

    public void Accept()
    {
        Negative?.Accept();
        Positive?.Accept();
        salt.CopyTo(saltStart, 0);
        (saltSlope[0], saltSlope[3]) = (saltSlope[3], saltSlope[0]);
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
        contraction = contractionStart;
    }

    /// <summary>A first guess at the place <paramref name="h"/> after the start of the step.</summary>
    public void Predict(double h)
    {
        if (Negative is { Particles.IsLinear: false }) { Negative.Particles.Predict(h); }
        if (Positive is { Particles.IsLinear: false }) { Positive.Particles.Predict(h); }
    }

    /// <summary>
    /// Potentials and currents that belong to the state and the control at this moment, and the slopes of the state: the start of a
    /// step after any change.
    /// </summary>
    public bool Begin(Control control, double time, double tolerance)
    {
        contraction = 1;
        if (control.Kind == ControlKind.Power && Potential > 0.1) { Current = control.At(time) / Potential; }
        if (!Solve(0, control, time, tolerance)) { return false; }
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

    /// <summary>
    /// Solves the stage: time weight <paramref name="tau"/> (0: the differential state stays, only potentials and currents are sought).
    /// False where Newton's method does not arrive.
    /// </summary>
    public bool Solve(double tau, Control control, double time, double tolerance)
    {
        var target = control.At(time);
        var free = control.Kind != ControlKind.Current;
        if (!free) { Current = target; }
        var linear = true;
        foreach (var d in Domains)
        {
            d.PrepareSlow(tau);
            d.PrepareLayers(tau);
            if (electronicVaries) { d.UpdateElectronic(); }
            linear &= d.Particles.IsLinear;
            if (tau == 0) { d.Particles.Freeze(); }
            else { d.Particles.Eliminate(tau); }
        }
        double before = 0, reach = 0.3, lastMove = 0;
        var rate = Math.Max(Math.Pow(contraction, 0.8), 0.03);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            Iterations++;
            if (iteration > 0 && !linear && tau > 0)
            {
                if (Negative is { Particles.IsLinear: false }) { Negative.Particles.Eliminate(tau); }
                if (Positive is { Particles.IsLinear: false }) { Positive.Particles.Eliminate(tau); }
            }
            Assemble(tau);
            if (!blocks.Solve(free)) { return false; }
            var potential = TerminalPotential(out var byCurrent);
            double[] change = blocks.Right, border = blocks.Border;
            double currentChange = 0, currentEffect = 0;
            if (free)
            {
                double along = 0, across = byCurrent;
                for (var i = 0; i < points; i++)
                {
                    along += (gradientPhi[i] * change[(2 * i) + 1]) + (gradientSalt[i] * change[2 * i]);
                    across += (gradientPhi[i] * border[(2 * i) + 1]) + (gradientSalt[i] * border[2 * i]);
                }
                currentChange = control.Kind == ControlKind.Potential
                    ? (target - potential - along) / across
                    : (target - (potential * Current) - (Current * along)) / (potential + (Current * across));
                if (!double.IsFinite(currentChange)) { return false; }
                currentEffect = Math.Abs(currentChange * across);
                for (var i = 0; i < 2 * points; i++) { change[i] += currentChange * border[i]; }
            }
            double move = 0, mostSalt = 0, share = 1;
            for (var i = 0; i < points; i++)
            {
                var here = change[(2 * i) + 1];
                if (Math.Abs(here) > Math.Abs(move)) { move = here; }
                if (!hasSalt) { continue; }
                mostSalt = Math.Max(mostSalt, Math.Abs(change[2 * i]) / cell.Electrolyte.Concentration);
                if (change[2 * i] < -0.8 * salt[i]) { share = Math.Min(share, -0.8 * salt[i] / change[2 * i]); }
            }
            var most = Math.Max(currentEffect, Math.Abs(move));
            if (!double.IsFinite(most) || !double.IsFinite(mostSalt)) { return false; }
            // Each step to the other side at most halves the last one; to the same side the reach grows.
            if (move * lastMove < 0) { reach = 0.5 * Math.Abs(lastMove); }
            if (Math.Abs(move) > reach)
            {
                share = Math.Min(share, reach / Math.Abs(move));
                reach *= 2;
            }
            lastMove = share * move;
            for (var i = 0; i < points; i++)
            {
                double deltaSalt = share * change[2 * i], deltaPhi = share * change[(2 * i) + 1];
                if (domain[i] is { } d)
                {
                    d.Shift(local[i], deltaPhi, deltaSalt);
                    phi[i] += deltaPhi;
                }
                if (hasSalt) { salt[i] += deltaSalt; }
            }
            Current += share * currentChange;
            var moved = 0.0;
            if (!linear && tau > 0)
            {
                if (Negative is { Particles.IsLinear: false }) { moved = Math.Max(moved, Negative.Particles.Follow()); }
                if (Positive is { Particles.IsLinear: false }) { moved = Math.Max(moved, Positive.Particles.Follow()); }
            }
            var size = Math.Max(Math.Max(most, mostSalt), moved);
            if (share < 1)
            {
                before = 0;
                continue;
            }
            if (before > 0)
            {
                rate = size / before;
                if (rate > 2 && iteration > 20) { return false; }
                rate = rate < 1 ? rate / (1 - rate) : 1e3;
            }
            before = size;
            if (rate * size <= 0.03 * tolerance || size < 1e-13)
            {
                contraction = Math.Min(1, rate);
                Finish(tau);
                return control.Kind != ControlKind.Power || Potential > 0;
            }
        }
        return false;
    }

    private void Finish(double tau)
    {
        foreach (var d in Domains)
        {
            if (tau > 0 && d.Particles.IsLinear) { d.Particles.Follow(); }
            if (tau > 0) { d.FollowSlow(); }
        }
        Faces();
        Potential = TerminalPotential(out _);
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

    private void SaltProperties()
    {
        for (var i = 0; i < points; i++)
        {
            var c = salt[i];
            if (conductivityTable[i] is { } table)
            {
                kappa[i] = Math.Max(table.At(c, out var slope), 1e-12) * efficiency[i];
                kappaSlope[i] = slope * efficiency[i];
            }
            else { kappa[i] = conductivityOf[i].Value(double.NaN, c, temperature) * efficiency[i]; }
            var d = restDiffusivity;
            double slopeD = 0;
            if (diffusivityTable is not null) { d = Math.Max(diffusivityTable.At(c, out slopeD), 1e-20); }
            diffusion[i] = d * efficiency[i];
            diffusionSlope[i] = slopeD * efficiency[i];
            transference[i] = transferenceTable?.At(c, out _) ?? restTransference;
            factorK[i] = TwoThermal * (1 - transference[i]) * (factorTable?.At(c, out _) ?? restFactor);
        }
    }

    /// <summary>Currents and salt fluxes through the faces, with their derivatives.</summary>
    private void Faces()
    {
        if (hasSalt) { SaltProperties(); }
        for (var f = 0; f <= points; f++)
        {
            var left = f > 0 ? domain[f - 1] : null;
            var right = f < points ? domain[f] : null;
            (ionicPhi[f], ionicLeft[f], ionicRight[f], ionicCurrent[f]) = (0, 0, 0, 0);
            var end = f == 0 || f == points;
            if (hasSalt && !end) { logRatio[f] = Math.Log(salt[f] / salt[f - 1]); }
            if (end && (left ?? right) is { } closed && (f == 0) != closed.IsPositive)
            {
                ionic[f] = 0;
                (flux[f], fluxLeft[f], fluxRight[f], fluxPhi[f], fluxCurrent[f]) = (0, 0, 0, 0, 0);
                continue;
            }
            if (end || left != right || left is null)
            {
                ionic[f] = Current;
                ionicCurrent[f] = 1;
            }
            else
            {
                double a = step[f - 1] / 2, b = step[f] / 2;
                var resistance = (a / kappa[f - 1]) + (b / kappa[f]);
                var electronic = (a / left.ElectronicConductivity[local[f - 1]]) + (b / left.ElectronicConductivity[local[f]]);
                var inverse = 1 / (resistance + electronic);
                var drive = phi[f] - phi[f - 1] + (Current * electronic);
                if (hasSalt) { drive += (factorK[f - 1] + factorK[f]) / 2 * logRatio[f]; }
                ionic[f] = drive * inverse;
                ionicPhi[f] = inverse;
                ionicCurrent[f] = electronic * inverse;
                if (hasSalt)
                {
                    var k = (factorK[f - 1] + factorK[f]) / 2 * inverse;
                    var r = ionic[f] * inverse;
                    ionicLeft[f] = (-k / salt[f - 1]) + (r * a * kappaSlope[f - 1] / (kappa[f - 1] * kappa[f - 1]));
                    ionicRight[f] = (k / salt[f]) + (r * b * kappaSlope[f] / (kappa[f] * kappa[f]));
                }
            }
            if (!hasSalt) { continue; }
            if (end)
            {
                flux[f] = Current / Constants.Faraday;
                fluxCurrent[f] = 1 / Constants.Faraday;
                (fluxLeft[f], fluxRight[f], fluxPhi[f]) = (0, 0, 0);
                continue;
            }
            double p = step[f - 1] / (2 * diffusion[f - 1]), q = step[f] / (2 * diffusion[f]);
            var conductance = 1 / (p + q);
            var difference = salt[f] - salt[f - 1];
            var t = (transference[f - 1] + transference[f]) / (2 * Constants.Faraday);
            var bend = difference * conductance * conductance;
            flux[f] = (-difference * conductance) + (t * ionic[f]);
            fluxLeft[f] = conductance - (bend * p * diffusionSlope[f - 1] / diffusion[f - 1]) + (t * ionicLeft[f]);
            fluxRight[f] = -conductance - (bend * q * diffusionSlope[f] / diffusion[f]) + (t * ionicRight[f]);
            fluxPhi[f] = t * ionicPhi[f];
            fluxCurrent[f] = t * ionicCurrent[f];
        }
    }

    /// <summary>Prepares the derivatives at the present state. Returns dV/dI at constant unknowns, Ω m².</summary>
    public double Linearise()
    {
        Faces();
        TerminalPotential(out var byCurrent);
        return byCurrent;
    }

    /// <summary>The linearised system of a binary salt for a unit of discharge current at complex frequency <paramref name="s"/>, after <see cref="Linearise"/>.</summary>
    public void Assemble(BlockTridiagonal<Complex> system, Complex s, Func<int, PointAdmittance> admittance)
    {
        system.Clear();
        const double perF = 1 / Constants.Faraday;
        for (var i = 0; i < points; i++)
        {
            var k = 4 * i;
            var y = domain[i] is null ? default : admittance(i);
            if (domain[i] is null) { system.Diagonal[k + 3] = 1; }
            else
            {
                system.Right[(2 * i) + 1] = -(ionicCurrent[i + 1] - ionicCurrent[i]);
                system.Diagonal[k + 3] = -ionicPhi[i + 1] - ionicPhi[i] - (step[i] * y.ByPhi);
                system.Lower[k + 3] = ionicPhi[i];
                system.Upper[k + 3] = ionicPhi[i + 1];
                system.Diagonal[k + 2] = ionicLeft[i + 1] - ionicRight[i] - (step[i] * y.BySalt);
                system.Lower[k + 2] = -ionicLeft[i];
                system.Upper[k + 2] = ionicRight[i + 1];
            }
            system.Right[2 * i] = fluxCurrent[i] - fluxCurrent[i + 1];
            system.Diagonal[k] = (s * porosity[i] * step[i]) - (fluxRight[i] - fluxLeft[i + 1] + (step[i] * y.BySalt * perF));
            system.Diagonal[k + 1] = -(fluxPhi[i] + fluxPhi[i + 1] + (step[i] * y.ByPhi * perF));
            system.Lower[k] = -fluxLeft[i];
            system.Lower[k + 1] = fluxPhi[i];
            system.Upper[k] = fluxRight[i + 1];
            system.Upper[k + 1] = fluxPhi[i + 1];
        }
    }

    private void Assemble(double tau)
    {
        Faces();
        blocks.Clear();
        double[] lower = blocks.Lower, diagonal = blocks.Diagonal, upper = blocks.Upper, right = blocks.Right, border = blocks.Border;
        for (var i = 0; i < points; i++)
        {
            var k = 4 * i;
            double reaction = 0, byPhi = 0, bySalt = 0;
            if (domain[i] is { } d)
            {
                var at = local[i];
                d.React(at, phi[i], salt[i]);
                reaction = step[i] * d.Reaction[at];
                byPhi = step[i] * d.Conductance[at];
                bySalt = step[i] * d.SaltConductance[at];
                // Charge: i(right) − i(left) − h Σ a j = 0; the unknowns are (salt, Δφ), the rows (salt, charge).
                right[(2 * i) + 1] = -(ionic[i + 1] - ionic[i] - reaction);
                border[(2 * i) + 1] = -(ionicCurrent[i + 1] - ionicCurrent[i]);
                diagonal[k + 3] = -ionicPhi[i + 1] - ionicPhi[i] - byPhi;
                lower[k + 3] = ionicPhi[i];
                upper[k + 3] = ionicPhi[i + 1];
                if (hasSalt)
                {
                    diagonal[k + 2] = ionicLeft[i + 1] - ionicRight[i] - bySalt;
                    lower[k + 2] = -ionicLeft[i];
                    upper[k + 2] = ionicRight[i + 1];
                }
            }
            else { diagonal[k + 3] = 1; }
            if (!hasSalt || tau == 0)
            {
                diagonal[k] = 1;
                continue;
            }
            var capacity = porosity[i] * step[i];
            const double perF = 1 / Constants.Faraday;
            right[2 * i] = -((capacity * (salt[i] - saltKnown[i])) - (tau * (flux[i] - flux[i + 1] + (reaction * perF))));
            border[2 * i] = tau * (fluxCurrent[i] - fluxCurrent[i + 1]);
            diagonal[k] = capacity - (tau * (fluxRight[i] - fluxLeft[i + 1] + (bySalt * perF)));
            diagonal[k + 1] = -tau * (fluxPhi[i] + fluxPhi[i + 1] + (byPhi * perF));
            lower[k] = -tau * fluxLeft[i];
            lower[k + 1] = tau * fluxPhi[i];
            upper[k] = tau * fluxRight[i + 1];
            upper[k + 1] = tau * fluxPhi[i + 1];
        }
    }

    /// <summary>
    /// The terminal potential of the unknowns as they stand, and its partial derivatives. At a collector Δφ is continued from the mean of
    /// the last volume with the slope −I/σ that the boundary has and the curvature (1/κ + 1/σ) Σ a j of the balance of charge:
    /// Δφ(end) = Δφ_mean − I h/2σ − h²/6 (1/κ + 1/σ) Σ a j, exact where the reaction is even.
    /// </summary>
    private double TerminalPotential(out double byCurrent)
    {
        Array.Clear(gradientPhi);
        Array.Clear(gradientSalt);
        FoilResistance = 0;
        var v = -SeriesResistance * Current;
        byCurrent = -SeriesResistance;
        for (var i = 0; i < points; i++)
        {
            var r = step[i] / (2 * kappa[i]);
            v -= r * (ionic[i] + ionic[i + 1]);
            byCurrent -= r * (ionicCurrent[i] + ionicCurrent[i + 1]);
            if (hasSalt) { gradientSalt[i] += r * (ionic[i] + ionic[i + 1]) * kappaSlope[i] / kappa[i]; }
            Along(i, -r);
            Along(i + 1, -r);
            if (!hasSalt || i == 0) { continue; }
            var k = (factorK[i - 1] + factorK[i]) / 2;
            v += k * logRatio[i];
            gradientSalt[i - 1] -= k / salt[i - 1];
            gradientSalt[i] += k / salt[i];
        }
        if (Positive is { } positive)
        {
            var r = positive.Step / (2 * positive.ElectronicConductivity[^1]);
            var bend = PositiveBend;
            v += phi[^1] - (r * Current) - (bend * positive.Reaction[^1]);
            byCurrent -= r;
            gradientPhi[^1] += 1 - (bend * positive.Conductance[^1]);
            gradientSalt[^1] -= bend * positive.SaltConductance[^1];
        }
        else { v += Foil((FoilElectrode)cell.Positive, points - 1, -1, ref byCurrent); }
        if (Negative is { } negative)
        {
            var r = negative.Step / (2 * negative.ElectronicConductivity[0]);
            var bend = NegativeBend;
            v -= phi[0] + (r * Current) - (bend * negative.Reaction[0]);
            byCurrent -= r;
            gradientPhi[0] -= 1 - (bend * negative.Conductance[0]);
            gradientSalt[0] += bend * negative.SaltConductance[0];
        }
        else { v -= Foil((FoilElectrode)cell.Negative, 0, 1, ref byCurrent); }
        return v;
    }

    /// <summary>Change of Δφ at a collector per reaction current of its volume, V m³/A.</summary>
    public double PositiveBend => Positive is not { } p ? 0 : p.Step * p.Step / 6 * ((1 / kappa[^1]) + (1 / p.ElectronicConductivity[^1]));

    /// <summary>The same at the negative collector.</summary>
    public double NegativeBend => Negative is not { } n ? 0 : n.Step * n.Step / 6 * ((1 / kappa[0]) + (1 / n.ElectronicConductivity[0]));

    private void Along(int face, double weight)
    {
        if (ionicPhi[face] == 0) { return; }
        gradientPhi[face] += weight * ionicPhi[face];
        gradientPhi[face - 1] -= weight * ionicPhi[face];
        if (!hasSalt) { return; }
        gradientSalt[face] += weight * ionicRight[face];
        gradientSalt[face - 1] += weight * ionicLeft[face];
    }

    /// <summary>Potential of a foil against the electrolyte beside it, V; anodic on discharge where <paramref name="sign"/> is +1.</summary>
    private double Foil(FoilElectrode foil, int point, int sign, ref double byCurrent)
    {
        double edge = double.NaN, concentration = 0;
        if (hasSalt)
        {
            // The foil feeds (1 − t₊) I/F of salt into the first volume: half a volume further the concentration is higher.
            edge = Math.Max(salt[point] + (sign * (1 - transference[point]) * Current * step[point] / (2 * Constants.Faraday * diffusion[point])), 1e-3 * salt[point]);
            concentration = -factorK[point] * Math.Log(edge / salt[point]);
            gradientSalt[point] -= sign * factorK[point] * ((1 / edge) - (1 / salt[point]));
            byCurrent -= factorK[point] * (1 - transference[point]) * step[point] / (2 * Constants.Faraday * diffusion[point] * edge);
        }
        double overpotential, slope;
        if (foil.ExchangeCurrentDensity is { } exchange)
        {
            var i0 = 2 * exchange.Value(double.NaN, edge, temperature);
            overpotential = TwoThermal * Math.Asinh(Current / i0);
            slope = TwoThermal / Math.Sqrt((i0 * i0) + (Current * Current));
        }
        else
        {
            slope = foil.ArealResistance / cell.Arrhenius(foil.ActivationEnergy, temperature);
            overpotential = slope * Current;
        }
        byCurrent -= slope;
        FoilResistance += slope;
        if (sign > 0) { NegativeFoilResistance = slope; }
        return foil.Potential + (sign * overpotential) - concentration;
    }
}
