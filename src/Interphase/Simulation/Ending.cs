namespace Interphase.Simulation;

/// <summary>What is watched during a step.</summary>
internal enum Watched
{
    /// <summary>Terminal potential, V.</summary>
    Potential,

    /// <summary>|I|, A/m².</summary>
    Current,

    /// <summary>|dV/dt|, V/s.</summary>
    Drift,

    /// <summary>|∫ I dt| since the start of the step, C/m².</summary>
    Charge,

    /// <summary>Mean stoichiometry of the positive electrode.</summary>
    Stoichiometry,

    /// <summary>By how many volts a full or empty particle surface is driven further.</summary>
    Surface,

    /// <summary>Lithium taken out of the negative foil, C/m².</summary>
    NegativeInventory,

    /// <summary>Lithium taken out of the positive foil, C/m².</summary>
    PositiveInventory,
}

/// <summary>A step ends where the watched quantity reaches the threshold, from below (<paramref name="Rising"/>) or from above.</summary>
/// <param name="What">What is watched.</param>
/// <param name="Threshold">SI, currents and charges per geometric area.</param>
/// <param name="Rising">True where it ends at or above the threshold.</param>
/// <param name="Text">How the result says it.</param>
/// <param name="Kind">Whose end it is.</param>
internal sealed record Ending(Watched What, double Threshold, bool Rising, string Text, EndKind Kind)
{
    /// <summary>How near the threshold is near enough.</summary>
    public double Tolerance => What switch
    {
        Watched.Potential => 2e-5,
        Watched.Drift or Watched.Current => 1e-3 * Threshold,
        Watched.Stoichiometry => 1e-7,
        Watched.Surface => 1,
        _ => Math.Max(1e-9 * Math.Abs(Threshold), 1e-9),
    };
}

/// <summary>Whose end a step came to.</summary>
public enum EndKind
{
    /// <summary>The step's own time or condition.</summary>
    Protocol,

    /// <summary>A potential limit of the cell.</summary>
    CellLimit,

    /// <summary>A physical limit, named; the run stops there.</summary>
    PhysicalLimit,

    /// <summary>The solver could not go on, for a reason it names; the run stops there.</summary>
    NumericalStop,
}
