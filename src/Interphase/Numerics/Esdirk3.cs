namespace Interphase.Numerics;

/// <summary>
/// The coefficients of an implicit Runge–Kutta method of order 3 with an embedded one of order 2: explicit first stage, one diagonal
/// γ, both stiffly accurate, L-stable (Kværnø, BIT 44 (2004) 489, pair 3/2). Stage 4 is the step, stage 3 the embedded one.
/// </summary>
internal static class Esdirk3
{
    public const double Gamma = 0.43586652150845899942;

    public const double A31 = ((-4 * Gamma * Gamma) + (6 * Gamma) - 1) / (4 * Gamma);

    public const double A32 = ((-2 * Gamma) + 1) / (4 * Gamma);

    public const double A41 = ((6 * Gamma) - 1) / (12 * Gamma);

    public const double A42 = -1 / (((24 * Gamma) - 12) * Gamma);

    public const double A43 = ((-6 * Gamma * Gamma) + (6 * Gamma) - 1) / ((6 * Gamma) - 3);

    /// <summary>Place of stage 2 in the step; stages 3 and 4 stand at its end.</summary>
    public const double C2 = 2 * Gamma;
}
