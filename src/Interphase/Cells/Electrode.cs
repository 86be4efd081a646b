namespace Interphase.Cells;

/// <summary>A porous composite or a foil.</summary>
public abstract record Electrode;

/// <summary>A composite of active particles and electrolyte between separator and current collector.</summary>
public sealed record PorousElectrode : Electrode
{
    /// <summary>Thickness, m.</summary>
    public required double Thickness { get; init; }

    /// <summary>The particles.</summary>
    public required ActiveMaterial ActiveMaterial { get; init; }

    /// <summary>The ionic path through the electrode.</summary>
    public required ElectrolytePhase Electrolyte { get; init; }

    /// <summary>Effective electronic conductivity of the electrode, S/m, of stoichiometry x and T.</summary>
    public required MaterialFunction ElectronicConductivity { get; init; }

    /// <summary>What stands between particle and electrolyte.</summary>
    public required Interface Interface { get; init; }

    /// <summary>
    /// The particles as parallel paths: every population times every contact class. Weights are shares of the contacted
    /// active volume and sum to 1; Σ weight·contact = 1 and Σ weight·contact·relativeConductance = 1.
    /// </summary>
    public IReadOnlyList<ParticleClass> Classes() => Interface.Classes(ActiveMaterial.ParticleRadius);

    /// <summary>Active volume fraction that carries current: without the isolated share.</summary>
    public double ContactedVolumeFraction => ActiveMaterial.VolumeFraction * (1 - Interface.Contact.Isolated);

    /// <summary>Real area of the contacted particles per geometric area: a L = Σ 3 ε w_k/R_k · L.</summary>
    public double RealAreaRatio => Thickness * Classes().Sum(k => 3 * ContactedVolumeFraction * k.Weight / k.Radius);
}

/// <summary>A planar electrode at a constant potential: lithium metal, or an alloy on a two-phase plateau (Li-In).</summary>
public sealed record FoilElectrode : Electrode
{
    /// <summary>Potential versus Li⁺/Li, V.</summary>
    public required double Potential { get; init; }

    /// <summary>Linear resistance, Ω m²; used where <see cref="ExchangeCurrentDensity"/> is null.</summary>
    public double ArealResistance { get; init; }

    /// <summary>Butler–Volmer kinetics (i = 2 i₀ sinh(Fη/2RT)) instead of the linear resistance, A/m² of geometric area, of ce and T.</summary>
    public MaterialFunction? ExchangeCurrentDensity { get; init; }

    /// <summary>Capacitance in parallel with the resistance, F/m².</summary>
    public double ArealCapacitance { get; init; }

    /// <summary>Activation energy of the linear resistance, J/mol.</summary>
    public double ActivationEnergy { get; init; }

    /// <summary>Lithium that can be taken out before the plateau ends, C/m²; infinite where none was stated.</summary>
    public double Inventory { get; init; } = double.PositiveInfinity;

    /// <summary>Charge between the two ends of the plateau, C/m²: capacity − inventory can be put in. Infinite where none was stated.</summary>
    public double Capacity { get; init; } = double.PositiveInfinity;
}

/// <summary>The particles of a porous electrode. Functions are of stoichiometry x (lithium per site, c = x·c_max), ce and T.</summary>
public sealed record ActiveMaterial
{
    /// <summary>Volume of the particles per volume of electrode.</summary>
    public required double VolumeFraction { get; init; }

    /// <summary>Radius, m.</summary>
    public required double ParticleRadius { get; init; }

    /// <summary>Lithium concentration at x = 1, mol/m³.</summary>
    public required double MaximumConcentration { get; init; }

    /// <summary>Density, kg/m³; NaN where specific capacities are not asked for.</summary>
    public double Density { get; init; } = double.NaN;

    /// <summary>Molar mass per lithium site, kg/mol; NaN where not stated.</summary>
    public double MolarMass { get; init; } = double.NaN;

    /// <summary>Lithium diffusivity, m²/s, its activation included.</summary>
    public required MaterialFunction Diffusivity { get; init; }

    /// <summary>Open-circuit potential versus Li⁺/Li at the reference temperature, V.</summary>
    public required MaterialFunction OpenCircuitPotential { get; init; }

    /// <summary>dU/dT, V/K; null: zero. U(x, T) = U(x) + (T − T_ref) dU/dT.</summary>
    public MaterialFunction? EntropicCoefficient { get; init; }
}
