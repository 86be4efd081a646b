using Interphase.Measurements;
using MathNet.Numerics;

namespace Interphase.Titration;

/// <summary>
/// How far the surface of a particle runs ahead of its mean while a constant flux enters it, as a function of T = D t/R²:
/// excess(T) in units of (charge rate) × R²/D.
///   sphere:  [1/5 − 2 Σ exp(−λ² T)/λ²]/3, tan λ = λ;          short times [e^T (1 + erf √T) − 1 − 3T]/3
///   slab:    1/3 − (2/π²) Σ exp(−n² π² T)/n²;                 short times 2 √(T/π) − T
/// (H. S. Carslaw and J. C. Jaeger, Conduction of Heat in Solids, 1959, §9.8 and §3.8.) The short-time forms leave out terms of order exp(−1/T).
/// </summary>
public static class SurfaceResponse
{
    private const double Switch = 0.05, End = 2.5;
    private const int PerDecade = 60;
    private const double Lowest = -10;

    private static readonly double[] Roots = TangentRoots(14);
    private static readonly double[] SphereTable = Tabulate(ParticleGeometry.Sphere), SlabTable = Tabulate(ParticleGeometry.Slab);

    /// <summary>The exact excess at T ≥ 0.</summary>
    public static double Excess(ParticleGeometry geometry, double T)
    {
        if (!(T > 0)) { return 0; }
        double sum = 0;
        if (geometry == ParticleGeometry.Slab)
        {
            if (T < Switch) { return (2 * Math.Sqrt(T / Math.PI)) - T; }
            for (var n = 1; n <= 14; n++) { sum += Math.Exp(-n * n * Math.PI * Math.PI * T) / (n * n); }
            return (1.0 / 3) - (2 / (Math.PI * Math.PI) * sum);
        }
        if (T < Switch) { return ((Math.Exp(T) * (1 + SpecialFunctions.Erf(Math.Sqrt(T)))) - 1 - (3 * T)) / 3; }
        foreach (var root in Roots) { sum += Math.Exp(-root * root * T) / (root * root); }
        return (0.2 - (2 * sum)) / 3;
    }

    /// <summary>The excess from a table (relative error below 1e-6).</summary>
    internal static double Fast(ParticleGeometry geometry, double T)
    {
        if (!(T > 0)) { return 0; }
        if (T >= End) { return geometry == ParticleGeometry.Sphere ? 1.0 / 15 : 1.0 / 3; }
        var position = (Math.Log10(T) - Lowest) * PerDecade;
        if (position < 1) { return (geometry == ParticleGeometry.Sphere ? 2.0 / 3 : 2) * Math.Sqrt(T / Math.PI); }
        var table = geometry == ParticleGeometry.Sphere ? SphereTable : SlabTable;
        var k = (int)position;
        var u = position - k;
        var (a, b, c, d) = (table[k - 1], table[k], table[k + 1], table[k + 2]);
        return Math.Sqrt(T) * (b + (0.5 * u * (c - a + (u * ((2 * a) - (5 * b) + (4 * c) - d + (u * ((3 * (b - c)) + d - a)))))));
    }

    private static double[] Tabulate(ParticleGeometry geometry)
    {
        var n = (int)((Math.Log10(End) - Lowest) * PerDecade) + 4;
        return [.. Enumerable.Range(0, n).Select(k => Math.Pow(10, Lowest + ((double)k / PerDecade))).Select(T => Excess(geometry, T) / Math.Sqrt(T))];
    }

    private static double[] TangentRoots(int count)
    {
        var roots = new double[count];
        for (var n = 0; n < count; n++)
        {
            // tan λ = λ as λ = (n + 1)π + arctan λ: a contraction.
            var root = (n + 1.5) * Math.PI;
            for (var k = 0; k < 60; k++) { root = ((n + 1) * Math.PI) + Math.Atan(root); }
            roots[n] = root;
        }
        return roots;
    }
}
