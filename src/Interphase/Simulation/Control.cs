namespace Interphase.Simulation;

/// <summary>What the cycler holds.</summary>
internal enum ControlKind
{
    /// <summary>The current.</summary>
    Current,

    /// <summary>The terminal potential.</summary>
    Potential,

    /// <summary>The power.</summary>
    Power,
}

/// <summary>
/// What the cycler holds, a straight line in time: value(t) = Value + Rate·(t − Origin). Per geometric area, discharge positive (A/m²,
/// W/m²); potentials in V.
/// </summary>
internal readonly record struct Control(ControlKind Kind, double Value, double Rate = 0, double Origin = 0)
{
    public double At(double time) => Value + (Rate * (time - Origin));
}
