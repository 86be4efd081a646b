namespace Interphase.Simulation;

/// <summary>
/// What stands between the terminal potential and the equilibrium potential of the mean state, row by row of the series. Every
/// part is a potential, V, negative where it lowers the terminal potential; <see cref="Equilibrium"/> and the parts add up to the
/// terminal potential to round-off, in operation and at rest. <c>docs/physics.md</c> defines each part.
/// </summary>
public sealed record PolarisationSplit
{
    /// <summary>U₊(mean x₊) − U₋(mean x₋) over the contacted particles, V.</summary>
    public required double[] Equilibrium { get; init; }

    /// <summary>Ions through the separator with its grain boundaries and, of a binary salt, its concentration.</summary>
    public required double[] Separator { get; init; }

    /// <summary>Ions through the porous electrodes, with the concentration of a binary salt.</summary>
    public required double[] Electrolyte { get; init; }

    /// <summary>Electrons through the porous electrodes, and resistances in series outside.</summary>
    public required double[] Electronic { get; init; }

    /// <summary>Ohmic film and coating on the positive particles.</summary>
    public required double[] Coating { get; init; }

    /// <summary>Charge transfer at the positive electrode, with double layer and slow polarisation.</summary>
    public required double[] ChargeTransfer { get; init; }

    /// <summary>Diffusion in the positive particles: potential of the surface less that of the particle's own mean.</summary>
    public required double[] Diffusion { get; init; }

    /// <summary>Positive particles that are ahead of or behind the electrode's mean, for want of contact or by their place.</summary>
    public required double[] Unevenness { get; init; }

    /// <summary>The negative electrode: of a foil its overpotential, of a porous one all but its electrolyte and electrons.</summary>
    public required double[] CounterElectrode { get; init; }

    /// <summary>The parts by the names they have in results, the equilibrium potential not among them.</summary>
    public IReadOnlyList<(string Name, double[] Values)> Parts =>
    [
        ("separator", Separator), ("electrolyte", Electrolyte), ("electronic", Electronic), ("coating", Coating), ("chargeTransfer", ChargeTransfer),
        ("diffusion", Diffusion), ("unevenness", Unevenness), ("counterElectrode", CounterElectrode),
    ];
}

/// <summary>The parts at one moment, V.</summary>
internal readonly record struct PolarisationTerms(
    double Equilibrium, double Separator, double Electrolyte, double Electronic, double Coating, double ChargeTransfer, double Diffusion, double Unevenness, double CounterElectrode);
