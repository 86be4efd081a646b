using System.Numerics;
using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// A composite electrode as numbers: points along its thickness, at each point the particle classes, and the law that gives the
/// current of a class at a potential difference Δφ between network and electrolyte:
/// <code>
/// Δφ = U(x_s) + u + R j + (2RT/F) asinh( j / 2i₀(x_s, ce) ),   x_s = p − q j,   u = u₀ + u₁ j
/// </code>
/// A double layer in time takes C dv/dt beside j; within a stage that is a smaller film and another drive of the same law.
/// It is monotone in j; it is solved for every lane by Newton's method inside a bracket, so that it always has its root.
/// </summary>
internal sealed partial class PorousDomain
{
    /// <summary>
    /// A surface closer than this to empty or full stands at a wall: the potential goes on with a slope of (2RT/F)/Edge, so that a surface
    /// can be driven by volts but not filled further, whatever its open-circuit potential does at its ends.
    /// </summary>
    private const double Edge = MaterialTables.Edge;

    /// <summary>From a misfit of this, V, one more Newton step ends below 1 µV (misfit²/(4RT/F)); the outer iteration does the rest.</summary>
    private const double NearlySolved = 2e-4;

    /// <summary>In this time, s, double layers stay where they are, whatever the current.</summary>
    private const double Moment = 1e-9;

    private readonly Cell cell;
    private readonly TemperedTable potentialTable;
    private readonly TemperedTable? kirchhoffTable, exchangeTable, exchangeSaltTable;
    private HermiteTable potential;
    private HermiteTable? exchange, exchangeSalt;
    private readonly MaterialFunction? exchangeFunction;
    private readonly bool exchangeSeparates;
    private double exchangeAtRest;
    private double logExchangeAtRest;
    private readonly double restConcentration;
    private double temperature;
    private double addedResistance;
    private readonly double[] kept;
    private readonly double slowShare;
    private readonly double slowTime;
    private readonly double[] slow, slowStart, slowKnown, slowBase, slowGain;
    private readonly double[][] slowSlope = new double[4][];
    private readonly double[] sensitivity, saltSensitivity;
    private readonly double[] meanBefore, electronicSlope;
    private readonly double classWeight, areaRatio;
    private double electronicWeight;
    private readonly bool areal;
    private readonly bool layered;
    private readonly double[] layer, layerStart, layerKnown, layerFrom, layerWeight;
    private readonly double[][] layerSlope = new double[4][];
    private readonly double[] areaNew, conductance;

    public PorousDomain(Cell cell, PorousElectrode electrode, int points, int shells, double temperature, bool isPositive)
    {
        this.cell = cell;
        Electrode = electrode;
        IsPositive = isPositive;
        Points = points;
        this.temperature = temperature;
        Thickness = electrode.Thickness;
        Step = Thickness / points;
        var material = electrode.ActiveMaterial;
        var face = electrode.Interface;
        ParticleClasses = electrode.Classes();
        Classes = ParticleClasses.Count;
        var lanes = points * Classes;
        double[] Lanes() => new double[lanes];
        kept = new double[Classes];
        Array.Fill(kept, 1);
        var radius = Lanes();
        (Area, Film, ExchangeCurrent, SmallSignal, Capacitance, CoatingResistance, CoatingCapacitance) = (Lanes(), Lanes(), Lanes(), Lanes(), Lanes(), Lanes(), Lanes());
        (areaNew, conductance, sensitivity, saltSensitivity) = (Lanes(), Lanes(), Lanes(), Lanes());
        for (var l = 0; l < lanes; l++)
        {
            var k = ParticleClasses[l % Classes];
            radius[l] = k.Radius;
            areaNew[l] = 3 * electrode.ContactedVolumeFraction * k.Weight / k.Radius;
            Capacitance[l] = face.DoubleLayerCapacitance * k.Contact;
            conductance[l] = Math.Max(k.Conductance, 0);
            if (face.Coating is { } coating && !face.IsAreal) { CoatingCapacitance[l] = coating.Capacitance * k.Contact; }
        }
        restConcentration = cell.Electrolyte.Kind == ElectrolyteKind.BinarySalt ? cell.Electrolyte.Concentration : double.NaN;
        exchangeFunction = face.IsAreal ? null : face.ExchangeCurrentDensity;
        potentialTable = TemperedTable.Potential(material.OpenCircuitPotential, material.EntropicCoefficient, cell.ReferenceTemperature, temperature);
        potential = potentialTable.Table;
        kirchhoffTable = TemperedTable.Of(material.Diffusivity, t => MaterialTables.Kirchhoff(material.Diffusivity, t), temperature);
        if (exchangeFunction is { } i0)
        {
            exchangeTable = TemperedTable.OfLogarithm(i0, t => MaterialTables.LogExchangeCurrent(i0, restConcentration, t), temperature);
            if (!double.IsNaN(restConcentration)) { exchangeSaltTable = TemperedTable.OfLogarithm(i0, t => MaterialTables.LogExchangeOverSalt(i0, restConcentration, t), temperature); }
        }
        Particles = new(new(shells), radius, material.MaximumConcentration);
        slowShare = face.Slow?.Share ?? 0;
        slowTime = face.Slow?.TimeConstant ?? 1;
        (slow, slowStart, slowKnown, slowBase, slowGain) = (Lanes(), Lanes(), Lanes(), Lanes(), Lanes());
        areal = face.IsAreal;
        layered = cell.Numerics.DoubleLayerInTime && face.DoubleLayerCapacitance > 0;
        double[] Layers() => new double[layered ? lanes : 0];
        (layer, layerStart, layerKnown, layerFrom, layerWeight) = (Layers(), Layers(), Layers(), Layers(), Layers());
        for (var i = 0; i < 4; i++) { (slowSlope[i], layerSlope[i]) = (Lanes(), Layers()); }
        double[] Field() => new double[points];
        (Conductance, SaltConductance, Reaction, ElectronicConductivity, meanBefore, electronicSlope) = (Field(), Field(), Field(), Field(), Field(), Field());
        classWeight = ParticleClasses.Sum(k => k.Weight);
        areaRatio = electrode.RealAreaRatio;
        SetTemperature(temperature);
        exchangeSeparates = exchangeFunction is null || Separates(exchangeFunction);
    }

    public PorousElectrode Electrode { get; }

    public bool IsPositive { get; }

    public int Points { get; }

    public double Thickness { get; }

    /// <summary>Width of a finite volume along the thickness, m.</summary>
    public double Step { get; }

    public double TwoThermal { get; private set; }

    private double Wall => TwoThermal / Edge;

    public IReadOnlyList<ParticleClass> ParticleClasses { get; }

    public int Classes { get; }

    public ParticleBank Particles { get; }

    /// <summary>Real area per volume of electrode of each lane, 1/m.</summary>
    public double[] Area { get; }

    /// <summary>Ohmic resistance of each lane per real area, Ω m².</summary>
    public double[] Film { get; }

    /// <summary>Exchange current density of each lane per real area, A/m² (at rest, where it depends on the state).</summary>
    public double[] ExchangeCurrent { get; }

    /// <summary>Small-signal resistance of each lane per real area at rest, Ω m².</summary>
    public double[] SmallSignal { get; }

    /// <summary>Capacitance of each lane per real area, F/m².</summary>
    public double[] Capacitance { get; }

    /// <summary>Resistance of the coating's bulk per real area, Ω m²; part of <see cref="Film"/>.</summary>
    public double[] CoatingResistance { get; }

    /// <summary>Capacitance across it, F/m².</summary>
    public double[] CoatingCapacitance { get; }

    /// <summary>Share and time constant of the slow polarisation.</summary>
    public (double Share, double Time) SlowPolarisation => (slowShare, slowTime);

    /// <summary>Σ a j of each point, with what charges double layers, A/m³.</summary>
    public double[] Reaction { get; }

    /// <summary>Its derivative with respect to Δφ, S/m³.</summary>
    public double[] Conductance { get; }

    /// <summary>Its derivative with respect to the salt concentration.</summary>
    public double[] SaltConductance { get; }

    /// <summary>Effective electronic conductivity of each point, S/m.</summary>
    public double[] ElectronicConductivity { get; }

    private bool HasSlow => slowShare != 0;

    public ReadOnlySpan<double> Slow => slow;

    /// <summary>Open-circuit potential versus lithium at a stoichiometry, V.</summary>
    public double OpenCircuit(double x, out double slope)
    {
        x = Math.Clamp(x, Edge, 1 - Edge);
        var u = potential.At(Math.Log(x / (1 - x)), out var d);
        slope = d / (x * (1 - x));
        return u;
    }

    /// <summary>Exchange current density of a lane at a state, and d ln i₀/dx, d ln i₀/dce.</summary>
    public double ExchangeAt(int lane, double x, double ce, out double logSlope, out double logSaltSlope)
    {
        logSlope = 0;
        logSaltSlope = 0;
        if (exchangeFunction is null) { return ExchangeCurrent[lane]; }
        x = Math.Clamp(x, Edge, 1 - Edge);
        var v = exchangeFunction.Value(x, ce, temperature, out var dx, out var dce);
        logSlope = dx / v;
        logSaltSlope = double.IsNaN(ce) ? 0 : dce / v;
        return v * ExchangeCurrent[lane] / exchangeAtRest;
    }

    /// <summary>Prepares the electronic conductivity for a stage of time weight <paramref name="tau"/>: the mean stoichiometry of a point follows from its currents.</summary>
    public void PrepareElectronic(double tau)
    {
        electronicWeight = tau;
        for (var i = 0; i < Points; i++)
        {
            var sum = 0.0;
            for (var k = 0; k < Classes; k++) { sum += ParticleClasses[k].Weight * Particles.Mean((i * Classes) + k, tau == 0); }
            meanBefore[i] = sum / classWeight;
        }
    }

    /// <summary>Electronic conductivity from the mean stoichiometry of each point.</summary>
    public void UpdateElectronic()
    {
        var j = Particles.Current;
        for (var i = 0; i < Points; i++)
        {
            var taken = 0.0;
            for (var k = 0; k < Classes; k++) { taken += ParticleClasses[k].Weight * Particles.Drain((i * Classes) + k) * j[(i * Classes) + k]; }
            var x = Math.Clamp(meanBefore[i] - (electronicWeight * taken / classWeight), Edge, 1 - Edge);
            ElectronicConductivity[i] = Electrode.ElectronicConductivity.Value(x, restConcentration, temperature, out electronicSlope[i], out _);
        }
    }

    /// <summary>Change of a point's electronic conductivity with the current of one of its lanes at complex frequency <paramref name="s"/>.</summary>
    public Complex ElectronicAnswer(int lane, Complex s) =>
        -electronicSlope[lane / Classes] * ParticleClasses[lane % Classes].Weight / classWeight * Particles.Drain(lane) / s;

    public void Combine(double h, double a1, double a2, double a3)
    {
        Particles.Combine(h, a1, a2, a3);
        for (var l = 0; l < layer.Length; l++)
        {
            layerKnown[l] = layerStart[l] + (h * ((a1 * layerSlope[0][l]) + (a2 * layerSlope[1][l]) + (a3 * layerSlope[2][l])));
        }
        if (!HasSlow) { return; }
        for (var l = 0; l < slow.Length; l++)
        {
            slowKnown[l] = slowStart[l] + (h * ((a1 * slowSlope[0][l]) + (a2 * slowSlope[1][l]) + (a3 * slowSlope[2][l])));
        }
    }

    public void KeepSlope(int stage, double tau)
    {
        Particles.KeepSlope(stage, tau);
        for (var l = 0; l < layer.Length; l++) { layerSlope[stage - 1][l] = (layer[l] - layerKnown[l]) / tau; }
        if (!HasSlow) { return; }
        for (var l = 0; l < slow.Length; l++) { slowSlope[stage - 1][l] = (slow[l] - slowKnown[l]) / tau; }
    }

    public void Accept()
    {
        Particles.Accept();
        layer.CopyTo(layerStart, 0);
        (layerSlope[0], layerSlope[3]) = (layerSlope[3], layerSlope[0]);
        slow.CopyTo(slowStart, 0);
        (slowSlope[0], slowSlope[3]) = (slowSlope[3], slowSlope[0]);
    }

    public void Revert()
    {
        Particles.Revert();
        layerStart.CopyTo(layer, 0);
        slowStart.CopyTo(slow, 0);
    }

    public void Restart()
    {
        Particles.Restart();
        for (var l = 0; l < layer.Length; l++) { layerSlope[0][l] = (layer[l] - layerFrom[l]) / Moment; }
        layerStart.CopyTo(layer, 0);
        slow.CopyTo(slowStart, 0);
        Particles.Differentiate();
        var j = Particles.Current;
        for (var l = 0; l < slow.Length; l++) { slowSlope[0][l] = HasSlow ? ((slowShare * SmallSignal[l] * j[l]) - slow[l]) / slowTime : 0; }
    }

    /// <summary>Share of the particles contacted at the start that still carry current.</summary>
    public double ContactedShare { get; private set; } = 1;

    /// <summary>Ages the interface: an ohmic resistance added to the whole electrode as it was new (Ω m²), and the shares of particles still in contact and of material still there.</summary>
    public void Age(double addedResistance, double contacted, double active, ContactLossOrder order)
    {
        ContactedShare = contacted * active;
        Array.Fill(kept, ContactedShare);
        if (order == ContactLossOrder.Weakest)
        {
            var lost = (1 - contacted) * classWeight;
            foreach (var k in Enumerable.Range(0, Classes).OrderBy(k => ParticleClasses[k].Conductance))
            {
                var share = Math.Min(1, lost / ParticleClasses[k].Weight);
                kept[k] = (1 - share) * active;
                lost = Math.Max(0, lost - ParticleClasses[k].Weight);
            }
        }
        this.addedResistance = addedResistance;
        SetInterface();
    }

    /// <summary>How far the most driven surface stands in the wall, V, and which lane that is.</summary>
    public (double Volts, int Lane) Driven()
    {
        var (most, lane) = (0.0, -1);
        var x = Particles.Surface;
        for (var l = 0; l < Area.Length; l++)
        {
            var beyond = Math.Max(Edge - x[l], x[l] - 1 + Edge);
            if (beyond > most) { (most, lane) = (beyond, l); }
        }
        return (most * Wall, lane);
    }

    public ElectrodeState Save() => new([.. Particles.State], [.. slow], [.. Particles.Current], [.. layer]);

    public void Load(ElectrodeState state)
    {
        if (state.Stoichiometry.Length != Particles.State.Length) { throw new ArgumentException("the state belongs to another mesh or number of classes", nameof(state)); }
        state.Stoichiometry.CopyTo(Particles.State);
        state.Stoichiometry.CopyTo(Particles.Start);
        state.Slow.CopyTo(slow, 0);
        state.Slow.CopyTo(slowStart, 0);
        state.Current.CopyTo(Particles.Current);
        if (state.Layer.Length != layer.Length)
        {
            RelaxLayers();
            return;
        }
        state.Layer.CopyTo(layer, 0);
        state.Layer.CopyTo(layerStart, 0);
    }

    /// <summary>Mean stoichiometry of the contacted particles.</summary>
    public double MeanStoichiometry()
    {
        double sum = 0;
        for (var l = 0; l < Area.Length; l++) { sum += ParticleClasses[l % Classes].Weight * (kept[l % Classes] / ContactedShare) * Particles.Mean(l); }
        return sum / Points;
    }

    /// <summary>Lithium in the contacted particles per geometric area, C/m².</summary>
    public double Lithium() => MeanStoichiometry() * Capacity;

    /// <summary>The same at stoichiometry 1.</summary>
    public double Capacity => Thickness * Electrode.ContactedVolumeFraction * ContactedShare * Electrode.ActiveMaterial.MaximumConcentration * Constants.Faraday;

    /// <summary>Distance of a lane's point from the separator, m.</summary>
    public double DepthOf(int lane)
    {
        var point = lane / Classes;
        return Step * ((IsPositive ? point : Points - 1 - point) + 0.5);
    }

    private bool Separates(MaterialFunction f)
    {
        if (double.IsNaN(restConcentration)) { return true; }
        foreach (var x in (ReadOnlySpan<double>)[0.03, 0.3, 0.8, 0.99])
        {
            foreach (var ce in (ReadOnlySpan<double>)[0.05, 0.6, 2.5])
            {
                double a = f.Value(x, ce * restConcentration, temperature) * exchangeAtRest;
                double b = f.Value(x, restConcentration, temperature) * f.Value(0.5, ce * restConcentration, temperature);
                if (!(Math.Abs(a - b) <= 1e-10 * Math.Abs(b))) { return false; }
            }
        }
        return true;
    }
}
