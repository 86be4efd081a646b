using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>The linear part of a pattern: amplitudes of given columns by weighted least squares, those that are bounded not negative.</summary>
internal static class WeightedColumns
{
    /// <summary>Amplitudes that fit best; columns that are not used, or are zero, get none.</summary>
    public static double[] Solve(double[][] columns, double[] y, double[] sigma, Func<int, bool> bounded, Func<int, bool>? used = null)
    {
        var m = columns.Length;
        var n = y.Length;
        var scaled = new double[m][];
        var norm = new double[m];
        for (var j = 0; j < m; j++)
        {
            scaled[j] = new double[n];
            for (var i = 0; i < n; i++) { scaled[j][i] = columns[j][i] / sigma[i]; }
            norm[j] = Math.Sqrt(Vectors.Dot(scaled[j], scaled[j]));
            if (norm[j] == 0 || used?.Invoke(j) == false) { norm[j] = double.PositiveInfinity; }
        }
        var target = new double[n];
        for (var i = 0; i < n; i++) { target[i] = y[i] / sigma[i]; }
        var gram = new double[m * m];
        var projection = new double[m];
        var free = new bool[m];
        for (var j = 0; j < m; j++)
        {
            projection[j] = Vectors.Dot(scaled[j], target) / norm[j];
            free[j] = !bounded(j);
            for (var k = 0; k <= j; k++) { gram[(j * m) + k] = gram[(k * m) + j] = double.IsInfinity(norm[j]) || double.IsInfinity(norm[k]) ? (j == k ? 1 : 0) : Vectors.Dot(scaled[j], scaled[k]) / (norm[j] * norm[k]); }
        }
        var solution = new double[m];
        Array.Fill(solution, 1);
        new NonNegativeLeastSquares(m).Solve(gram, projection, solution, free);
        for (var j = 0; j < m; j++) { solution[j] /= norm[j]; }
        return solution;
    }
}
