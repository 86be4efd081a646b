using Interphase.Cells;

namespace Interphase.Tests.Simulation;

/// <summary>Cells of the reference solutions, built in code.</summary>
internal static class ReferenceCells
{
    public const double F = Constants.Faraday;

    private static readonly double[] A = [3.9939, -0.4647, 0.2653, 0.79, 2.0155, -2.3635, -5.4056, 4.2616, 5.5145, -4.2822];

    /// <summary>U = Σ A_k (2x−1)^k + S RT/F ln((1−x)/x), and its slope.</summary>
    public static double Ocp(double x, out double slope)
    {
        double y = (2 * x) - 1, u = 0, d = 0, p = 1;
        const double s = 7.2572 * Constants.Gas * 298.15 / F;
        for (var k = 0; k < A.Length; k++)
        {
            if (k > 0) { d += 2 * k * A[k] * p; p *= y; }
            u += A[k] * p;
        }
        slope = d - (s / (x * (1 - x)));
        return u + (s * Math.Log((1 - x) / x));
    }
}
