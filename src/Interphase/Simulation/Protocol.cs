using Interphase.Cells;

namespace Interphase.Simulation;

/// <summary>What the cycler is told to do, step after step.</summary>
/// <param name="Items">Steps and repeats, in order.</param>
public sealed record Protocol(IReadOnlyList<ProtocolItem> Items);

/// <summary>A step or a repeat.</summary>
public abstract record ProtocolItem
{
    /// <summary>As the person wrote it.</summary>
    public string Text { get; init; } = "";

    /// <summary>Where it stands (<c>protocol.txt:3:1</c>), for errors.</summary>
    public string Where { get; init; } = "";
}

/// <summary>Items done several times.</summary>
/// <param name="Count">How often at most.</param>
/// <param name="Items">What is repeated.</param>
/// <param name="UntilCapacityBelow">Ends once the charge discharged in one pass falls below this share of that of the first pass; NaN: never.</param>
public sealed record Repeat(int Count, IReadOnlyList<ProtocolItem> Items, double UntilCapacityBelow = double.NaN) : ProtocolItem;

/// <summary>One step.</summary>
/// <param name="Action">What is held.</param>
/// <param name="Ends">What ends it: the first that happens.</param>
public sealed record ProtocolStep(StepAction Action, IReadOnlyList<StepEnd> Ends) : ProtocolItem;

/// <summary>What a step holds.</summary>
public abstract record StepAction;

/// <summary>A constant current, charge positive.</summary>
public sealed record HoldCurrent(CurrentAmount Current) : StepAction;

/// <summary>A constant power, W of the whole cell, charge positive.</summary>
public sealed record HoldPower(double Power) : StepAction;

/// <summary>A constant terminal potential, V.</summary>
public sealed record HoldPotential(double Potential) : StepAction;

/// <summary>No current.</summary>
public sealed record RestStep : StepAction;

/// <summary>A linear sweep from the present terminal potential to <paramref name="To"/> (V) at <paramref name="Rate"/> (V/s, positive).</summary>
public sealed record SweepPotential(double To, double Rate) : StepAction;

/// <summary>The impedance at the present state: frequencies (Hz) from <paramref name="From"/> to <paramref name="To"/>, evenly on a logarithmic scale.</summary>
public sealed record MeasureImpedance(double From, double To, int PerDecade) : StepAction
{
    /// <summary>The frequencies, Hz.</summary>
    public double[] Frequencies()
    {
        var n = Math.Max(1, (int)Math.Round(Math.Abs(Math.Log10(To / From)) * PerDecade));
        return [.. Enumerable.Range(0, n + 1).Select(i => i == n ? To : From * Math.Pow(To / From, (double)i / n))];
    }
}

/// <summary>A measured current over time, straight between its points.</summary>
/// <param name="Time">s, rising, from the start of the step.</param>
/// <param name="Current">A, charge positive.</param>
public sealed record ReplayCurrent(double[] Time, double[] Current) : StepAction;

/// <summary>What ends a step.</summary>
public abstract record StepEnd;

/// <summary>After a time, s.</summary>
public sealed record AfterTime(double Seconds) : StepEnd;

/// <summary>At a terminal potential, V, from whichever side the step comes.</summary>
public sealed record AtPotential(double Potential) : StepEnd;

/// <summary>Once the current has fallen to this size.</summary>
public sealed record AtCurrent(CurrentAmount Current) : StepEnd;

/// <summary>Once the terminal potential changes no faster than this, V/s.</summary>
public sealed record AtDrift(double VoltsPerSecond) : StepEnd;

/// <summary>After a charge, in either direction.</summary>
public sealed record AfterCharge(ChargeAmount Charge) : StepEnd;

/// <summary>At a mean stoichiometry of the contacted positive particles, from whichever side the step comes.</summary>
public sealed record AtStoichiometry(double Stoichiometry) : StepEnd;

/// <summary>What a current or charge is stated per.</summary>
public enum AmountBasis
{
    /// <summary>The whole cell: A, or C.</summary>
    Cell,

    /// <summary>Geometric area: A/m², or C/m².</summary>
    Area,

    /// <summary>Mass of active material: A/kg, or C/kg.</summary>
    Mass,

    /// <summary>Nominal capacity: multiples of 1C, or of the nominal capacity.</summary>
    Nominal,
}

/// <summary>A current in one of the ways a laboratory states it; charge positive where a sign matters.</summary>
public readonly record struct CurrentAmount(double Value, AmountBasis Basis)
{
    /// <summary>The current density, A/m².</summary>
    /// <exception cref="InputException">It is per mass and the cell's active mass is not known.</exception>
    public double PerArea(Cell cell) => Basis switch
    {
        AmountBasis.Cell => Value / cell.Area,
        AmountBasis.Area => Value,
        AmountBasis.Mass => Value * ChargeAmount.MassOf(cell) / cell.Area,
        _ => Value * cell.OneC / cell.Area,
    };
}

/// <summary>A charge in one of the ways a laboratory states it.</summary>
public readonly record struct ChargeAmount(double Value, AmountBasis Basis)
{
    /// <summary>The charge per area, C/m².</summary>
    /// <exception cref="InputException">It is per mass and the cell's active mass is not known.</exception>
    public double PerArea(Cell cell) => Basis switch
    {
        AmountBasis.Cell => Value / cell.Area,
        AmountBasis.Area => Value,
        AmountBasis.Mass => Value * MassOf(cell) / cell.Area,
        _ => Value * cell.NominalCapacity / cell.Area,
    };

    internal static double MassOf(Cell cell) => double.IsFinite(cell.ActiveMass) ? cell.ActiveMass
        : throw new InputException("a current or charge per mass needs the mass of active material", "positive.activeMaterial.density", "state the density in the cell file, or the current in A, mA/cm2 or as a C-rate");
}
