namespace Interphase.Numerics;

/// <summary>Why a descent of a sum of squares stopped.</summary>
public enum StopReason
{
    /// <summary>No step promises a further decrease worth naming.</summary>
    Converged,

    /// <summary>The allowed iterations were used up.</summary>
    IterationLimit,

    /// <summary>No step lowers the sum, or rounding hides that it does.</summary>
    NoFurtherDecrease,
}
