namespace Interphase.Numerics;

/// <summary>Small dense symmetric systems, in place, without allocation.</summary>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle by its factor; false where the matrix is not positive definite.</summary>
    public static bool Factor(double[,] a)
    {
        var n = a.GetLength(0);
        for (var j = 0; j < n; j++)
        {
            var s = a[j, j];
            for (var k = 0; k < j; k++) { s -= a[j, k] * a[j, k]; }
            if (!(s > 1e-14 * Math.Abs(a[j, j])) || !double.IsFinite(s)) { return false; }
            var d = a[j, j] = Math.Sqrt(s);
            for (var i = j + 1; i < n; i++)
            {
                var t = a[i, j];
                for (var k = 0; k < j; k++) { t -= a[i, k] * a[j, k]; }
                a[i, j] = t / d;
            }
        }
        return true;
    }

    /// <summary>Solves with the factor, in place of the right-hand side.</summary>
    public static void Solve(double[,] factor, double[] b)
    {
        var n = b.Length;
        for (var i = 0; i < n; i++)
        {
            var s = b[i];
            for (var k = 0; k < i; k++) { s -= factor[i, k] * b[k]; }
            b[i] = s / factor[i, i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            var s = b[i];
            for (var k = i + 1; k < n; k++) { s -= factor[k, i] * b[k]; }
            b[i] = s / factor[i, i];
        }
    }
}
