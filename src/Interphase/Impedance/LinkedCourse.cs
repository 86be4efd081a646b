using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Impedance;

/// <summary>
/// The course of one parameter along a series, θ_i = o_i + a + s·x_i + Σ_m Z_im b_m with b ~ N(0, 1/λ): a straight line and
/// deviations from it whose size the data decide. For a smooth course Z turns b into the second divided differences of θ; for a
/// law with scatter Z is the unit matrix. A spectrum may be left to itself.
/// </summary>
internal sealed class LinkedCourse
{
    /// <summary>More deviations than these of a smooth course are finer than any series shows.</summary>
    private const int MostDeviations = 24;

    private LinkedCourse(double[] offset, double[][] rows, int deviations, int own)
    {
        Offset = offset;
        Rows = rows;
        Deviations = deviations;
        Own = own;
    }

    /// <summary>What is added whatever the unknowns are.</summary>
    public double[] Offset { get; }

    /// <summary>One row a spectrum, one column an unknown: level and slope, deviations, then spectra left to themselves.</summary>
    public double[][] Rows { get; }

    public int Deviations { get; }

    /// <summary>Number of spectra left to themselves.</summary>
    public int Own { get; }

    public int Count => Rows[0].Length;

    public int FirstDeviation => Count - Own - Deviations;

    /// <param name="x">Place of each spectrum on the axis.</param>
    /// <param name="offset">Added to the course.</param>
    /// <param name="smooth">Deviations are smooth; false: each spectrum has its own.</param>
    /// <param name="alone">Spectra that are left to themselves.</param>
    public static LinkedCourse Of(double[] x, double[] offset, bool smooth, bool[] alone)
    {
        double[] places = [.. x.Where((_, i) => !alone[i]).Distinct().Order()];
        var middle = places.Length == 0 ? 0 : (places[0] + places[^1]) / 2;
        var width = places.Length < 2 ? 1 : (places[^1] - places[0]) / 2;
        var z = places.Length < 3 ? new double[places.Length][] : smooth ? Smooth(places) : Unit(places.Length);
        var deviations = places.Length < 3 ? 0 : z[0].Length;
        var line = Math.Min(2, Math.Max(places.Length, 1));
        var own = alone.Count(a => a);
        var rows = new double[x.Length][];
        var next = line + deviations;
        for (var i = 0; i < x.Length; i++)
        {
            var row = rows[i] = new double[line + deviations + own];
            if (alone[i]) { row[next++] = 1; continue; }
            row[0] = 1;
            if (line > 1) { row[1] = (x[i] - middle) / width; }
            if (deviations > 0) { z[Array.BinarySearch(places, x[i])].CopyTo(row, line); }
        }
        return new(offset, rows, deviations, own);
    }

    private static double[][] Unit(int n) => [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(k => k == i ? 1.0 : 0).ToArray())];

    /// <summary>Z = Dᵀ(DDᵀ)⁻¹ with the second divided differences D, of a long series its largest singular directions.</summary>
    private static double[][] Smooth(double[] x)
    {
        var n = x.Length;
        var scale = (x[^1] - x[0]) / (n - 1);
        var d = Matrix<double>.Build.Dense(n - 2, n);
        for (var i = 0; i < n - 2; i++)
        {
            double left = (x[i + 1] - x[i]) / scale, right = (x[i + 2] - x[i + 1]) / scale;
            var root = Math.Sqrt((left + right) / 2);
            d[i, i] = root * 2 / (left * (left + right));
            d[i, i + 2] = root * 2 / (right * (left + right));
            d[i, i + 1] = -d[i, i] - d[i, i + 2];
        }
        var z = d.Transpose() * (d * d.Transpose()).Inverse();
        if (n - 2 > MostDeviations)
        {
            var svd = z.Svd();
            z = svd.U.SubMatrix(0, n, 0, MostDeviations) * Matrix<double>.Build.DenseOfDiagonalVector(svd.S.SubVector(0, MostDeviations));
        }
        return z.ToRowArrays();
    }
}
