using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>A line of a powder pattern as it is seen, whatever it belongs to; nothing is corrected for the height of the sample.</summary>
/// <param name="TwoTheta">Where the stronger wavelength has it, degrees.</param>
/// <param name="Spacing">Its spacing, m.</param>
/// <param name="Area">Area of both wavelengths together, counts × degrees; of all <see cref="Members"/> from the fit of the whole pattern, where a phase explains them.</param>
/// <param name="Height">Height of the stronger wavelength above what lies below it, counts.</param>
/// <param name="FullWidth">Full width at half maximum with the instrument's share, degrees.</param>
public sealed record ObservedLine(Estimate TwoTheta, Estimate Spacing, Estimate Area, Estimate Height, Estimate FullWidth)
{
    /// <summary>The fitted phase that explains it; null where none does.</summary>
    public string? Phase { get; init; }

    /// <summary>True where it lies in the fitted window and no phase explains it.</summary>
    public bool Unexplained { get; init; }

    /// <summary>What else it is, such as Kβ of a strong line; null where nothing is known.</summary>
    public string? Note { get; init; }

    /// <summary>Indices in that phase, of the strongest line that it holds.</summary>
    public (int H, int K, int L)? Index { get; init; }

    /// <summary>Indices of all lines of the phase that are not told apart from it, the strongest first; empty where <see cref="Area"/> is that of a profile fitted to this line alone.</summary>
    public IReadOnlyList<(int H, int K, int L)> Members { get; init; } = [];
}
