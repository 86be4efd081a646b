namespace Interphase.Numerics;

/// <summary>Local least-squares parabolas (Savitzky and Golay, Anal. Chem. 36, 1964, 1627), for data at any spacing.</summary>
public static class SavitzkyGolay
{
    /// <summary>
    /// Value, first and second derivative at each point from a parabola through the points within
    /// <paramref name="halfWidth"/> of it (at least seven points).
    /// </summary>
    public static (double[] Value, double[] First, double[] Second) Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double halfWidth)
    {
        var n = x.Length;
        var value = new double[n];
        var first = new double[n];
        var second = new double[n];
        int from = 0, to = 0;
        for (var i = 0; i < n; i++)
        {
            while (x[from] < x[i] - halfWidth) { from++; }
            while (to < n && x[to] <= x[i] + halfWidth) { to++; }
            var (a, b) = (Math.Max(0, Math.Min(from, i - 3)), Math.Min(n, Math.Max(to, i + 4)));
            double s1 = 0, s2 = 0, s3 = 0, s4 = 0, t0 = 0, t1 = 0, t2 = 0, s0 = b - a;
            var scale = Math.Max(x[b - 1] - x[i], x[i] - x[a]);
            for (var k = a; k < b; k++)
            {
                var u = (x[k] - x[i]) / scale;
                var u2 = u * u;
                s1 += u; s2 += u2; s3 += u2 * u; s4 += u2 * u2;
                t0 += y[k]; t1 += y[k] * u; t2 += y[k] * u2;
            }
            var m00 = (s2 * s4) - (s3 * s3);
            var m01 = (s2 * s3) - (s1 * s4);
            var m02 = (s1 * s3) - (s2 * s2);
            var det = (s0 * m00) + (s1 * m01) + (s2 * m02);
            var m11 = (s0 * s4) - (s2 * s2);
            var m12 = (s1 * s2) - (s0 * s3);
            var m22 = (s0 * s2) - (s1 * s1);
            value[i] = ((m00 * t0) + (m01 * t1) + (m02 * t2)) / det;
            first[i] = ((m01 * t0) + (m11 * t1) + (m12 * t2)) / det / scale;
            second[i] = 2 * ((m02 * t0) + (m12 * t1) + (m22 * t2)) / det / (scale * scale);
        }
        return (value, first, second);
    }
}
