namespace Interphase.Impedance;

/// <summary>How residuals are weighted; χ² is the weighted sum of their squares.</summary>
public enum Weighting
{
    /// <summary>1/|Z|² of the data: errors proportional to the modulus.</summary>
    Modulus,

    /// <summary>1/Z′² for the real and 1/Z″² for the imaginary part of the data.</summary>
    Proportional,

    /// <summary>1: errors of one size in ohm.</summary>
    Unity,

    /// <summary>1/σ² of measured standard deviations.</summary>
    Sigma,
}

/// <summary>Options of a circuit fit.</summary>
public readonly record struct FitOptions()
{
    /// <summary>How residuals are weighted.</summary>
    public Weighting Weighting { get; init; } = Weighting.Modulus;

    /// <summary>Look for the lowest minimum from several starts; false: only the minimum that the guess leads to.</summary>
    public bool Search { get; init; } = true;

    /// <summary>Confidence limits by profile likelihood where the covariance is not trustworthy; false: always by covariance.</summary>
    public bool Profile { get; init; } = true;

    /// <summary>Leave out the high-frequency points with Z″ &gt; 0 where the circuit has nothing inductive.</summary>
    public bool LeaveOutInductivePoints { get; init; } = true;

    /// <summary>Iterations allowed for one descent.</summary>
    public int MostIterations { get; init; } = 300;

    /// <summary>Seed of the random starts of nested circuits.</summary>
    public int Seed { get; init; } = 1;
}
