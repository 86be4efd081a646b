namespace Interphase.Cycling;

/// <summary>The direction a cycle begins with.</summary>
public enum CycleBeginning
{
    /// <summary>Charge; discharge only in a half cell whose data begin with a full discharge.</summary>
    Auto,

    /// <summary>Charge: a leading discharge stands alone.</summary>
    Charge,

    /// <summary>Discharge: a leading charge stands alone.</summary>
    Discharge,
}

/// <summary>How cycles are made of the data.</summary>
public readonly record struct CyclingOptions()
{
    /// <summary>What a cycle begins with.</summary>
    public CycleBeginning Begins { get; init; } = CycleBeginning.Auto;

    /// <summary>Current below which the cell rests, A; null: found from the data.</summary>
    public double? RestCurrent { get; init; }

    /// <summary>The cycle retention refers to, from 1; null: the first complete cycle at the rate of the last.</summary>
    public int? ReferenceCycle { get; init; }

    /// <summary>Share of the nominal capacity after which the onset potential is read.</summary>
    public double OnsetShare { get; init; } = 0.01;

    /// <summary>Relative difference up to which two rates are the same.</summary>
    public double RateTolerance { get; init; } = 0.1;
}
