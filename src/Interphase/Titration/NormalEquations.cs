namespace Interphase.Titration;

/// <summary>Weighted linear least squares of a few parameters, without allocation: rows are added, then solved by Cholesky.</summary>
internal readonly ref struct NormalEquations
{
    public const int Most = 4, Room = (Most * Most) + Most;
    private readonly Span<double> normal, right;

    /// <param name="workspace">Of <see cref="Room"/> numbers.</param>
    public NormalEquations(Span<double> workspace)
    {
        workspace.Clear();
        normal = workspace[..(Most * Most)];
        right = workspace[(Most * Most)..];
    }

    /// <summary>One observation: a row of the design, its value, its standard deviation.</summary>
    public void Add(ReadOnlySpan<double> row, double value, double sigma)
    {
        var w = 1 / (sigma * sigma);
        for (var a = 0; a < row.Length; a++)
        {
            right[a] += w * row[a] * value;
            for (var b = 0; b < row.Length; b++) { normal[(a * Most) + b] += w * row[a] * row[b]; }
        }
    }

    /// <summary>The parameters, <paramref name="n"/> of them.</summary>
    public double[] Solve(int n)
    {
        Span<double> l = stackalloc double[Most * Most];
        l.Clear();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var s = normal[(i * Most) + j];
                for (var c = 0; c < j; c++) { s -= l[(i * Most) + c] * l[(j * Most) + c]; }
                // Nearly dependent columns (no sample in one part) are held at zero.
                l[(i * Most) + j] = i == j ? Math.Sqrt(Math.Max(s, (1e-12 * normal[(i * Most) + i]) + 1e-30)) : s / l[(j * Most) + j];
            }
        }
        var x = new double[n];
        for (var i = 0; i < n; i++)
        {
            var s = right[i];
            for (var c = 0; c < i; c++) { s -= l[(i * Most) + c] * x[c]; }
            x[i] = s / l[(i * Most) + i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            var s = x[i];
            for (var c = i + 1; c < n; c++) { s -= l[(c * Most) + i] * x[c]; }
            x[i] = s / l[(i * Most) + i];
        }
        return x;
    }
}
