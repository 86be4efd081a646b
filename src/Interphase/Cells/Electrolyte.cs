namespace Interphase.Cells;

/// <summary>What moves the charge between the electrodes.</summary>
public enum ElectrolyteKind
{
    /// <summary>Only lithium moves (t₊ = 1): a solid; no concentration field.</summary>
    SingleIon,

    /// <summary>A salt in a solvent: concentrated-solution theory.</summary>
    BinarySalt,
}

/// <summary>The ionic conductor. Functions are of salt concentration ce (mol/m³) and T, their activation included.</summary>
public sealed record Electrolyte
{
    /// <summary>Single-ion conductor or binary salt.</summary>
    public required ElectrolyteKind Kind { get; init; }

    /// <summary>Bulk conductivity, S/m; regions may have their own.</summary>
    public required MaterialFunction Conductivity { get; init; }

    /// <summary>Salt concentration at rest, mol/m³ (binary salt).</summary>
    public double Concentration { get; init; } = double.NaN;

    /// <summary>Salt diffusivity, m²/s (binary salt).</summary>
    public MaterialFunction? Diffusivity { get; init; }

    /// <summary>Transference number of the cation (binary salt).</summary>
    public MaterialFunction? TransferenceNumber { get; init; }

    /// <summary>Thermodynamic factor 1 + d ln f/d ln c (binary salt).</summary>
    public MaterialFunction? ThermodynamicFactor { get; init; }
}

/// <summary>The electrolyte in a region: effective property = property · volumeFraction / tortuosityFactor.</summary>
/// <param name="VolumeFraction">Electrolyte volume per volume of the region.</param>
/// <param name="TortuosityFactor">τ of κ_eff = κ ε/τ.</param>
/// <param name="Conductivity">Conductivity of the electrolyte in this region, S/m (the region's own, or the cell's).</param>
public sealed record ElectrolytePhase(double VolumeFraction, double TortuosityFactor, MaterialFunction Conductivity)
{
    /// <summary>ε/τ, the factor on conductivity and diffusivity.</summary>
    public double TransportEfficiency => VolumeFraction / TortuosityFactor;
}

/// <summary>What lies between the electrodes.</summary>
/// <param name="Thickness">m.</param>
/// <param name="Electrolyte">The ionic path across it.</param>
/// <param name="GrainBoundary">Its grain boundaries; null: none.</param>
public sealed record Separator(double Thickness, ElectrolytePhase Electrolyte, GrainBoundary? GrainBoundary = null);

/// <summary>Grain boundaries of the separator: a resistance (Ω m²) with a capacitance (F/m²) in parallel, in series with its bulk.</summary>
public sealed record GrainBoundary(double ArealResistance, double ArealCapacitance, double ActivationEnergy = 0);
