namespace Interphase.Numerics;

/// <summary>Errors from parts that are left out in turn (Tukey 1958).</summary>
internal static class Jackknife
{
    /// <summary>Standard error of an estimate from what it is without each of its parts: √((n − 1)/n · Σ(xᵢ − x̄)²).</summary>
    public static double StandardError(IReadOnlyCollection<double> without)
    {
        var mean = without.Average();
        return Math.Sqrt((without.Count - 1.0) / without.Count * without.Sum(x => (x - mean) * (x - mean)));
    }
}
