using Interphase.Results;

namespace Interphase.Voltammetry;

/// <summary>What a maximum of the current is.</summary>
public enum PeakKind
{
    /// <summary>The current rises and falls.</summary>
    Peak,

    /// <summary>The current stays: within 10 % of its maximum to the end of the sweep, or over a quarter of it.</summary>
    Plateau,

    /// <summary>The current still rises where the sweep turns.</summary>
    WindowEdge,
}

/// <summary>A maximum of the current in one sweep.</summary>
/// <param name="Potential">V.</param>
/// <param name="Current">Above the baseline, A, signed (cathodic negative); its error holds noise and how far two baselines differ.</param>
/// <param name="RawCurrent">As measured, A.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsShoulder">True where the current does not fall between it and a larger peak.</param>
/// <param name="HalfWidth">Full width at half of its height above the baseline, V; NaN where the sweep does not show it.</param>
public sealed record VoltammetryPeak(Estimate Potential, Estimate Current, double RawCurrent, PeakKind Kind, bool IsShoulder, double HalfWidth);
