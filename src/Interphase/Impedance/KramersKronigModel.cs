using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// The measurement model of the linear Kramers–Kronig test (Boukamp 1995; Schönleber et al. 2014):
/// Z = R∞ + jωL + 1/(jωC) + Σ R_k/(1 + jωτ_k) with fixed τ_k evenly spaced in log τ. R_k may be negative, so every
/// transformable spectrum is described and nothing else. Linear in its parameters; solved once by orthogonalisation
/// with the residuals weighted by 1/|Z|.
/// </summary>
internal sealed class KramersKronigModel
{
    private readonly double[][] basis;          // orthonormal columns, real parts then imaginary parts

    private KramersKronigModel(int elements, double[][] basis, double[] residual, double negativeShare)
    {
        Elements = elements;
        this.basis = basis;
        Residual = residual;
        NegativeShare = negativeShare;
        SumOfSquares = Vectors.Dot(residual, residual);
    }

    /// <summary>Number of RC elements.</summary>
    public int Elements { get; }

    /// <summary>Relative residuals (Z − model)/|Z|: all real parts, then all imaginary parts.</summary>
    public double[] Residual { get; }

    /// <summary>Σ of squared relative residuals.</summary>
    public double SumOfSquares { get; }

    /// <summary>Σ|R_k &lt; 0| / Σ|R_k ≥ 0|, which is 1 − μ.</summary>
    public double NegativeShare { get; }

    /// <summary>Parameters that the data determine.</summary>
    public int Rank => basis.Length;

    /// <summary>Orthonormal columns of the weighted model.</summary>
    public double[][] Basis => basis;

    /// <summary>What is left of a column of length 2N when the model has explained what it can.</summary>
    public void Project(double[] column)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var q in basis) { Vectors.AddScaled(column, q, -Vectors.Dot(q, column)); }
        }
    }

    /// <summary>
    /// Fits <paramref name="elements"/> RC elements to the points whose rows are kept. <paramref name="use"/> selects what is
    /// fitted: both parts, or one from which the other is then predicted.
    /// </summary>
    public static KramersKronigModel Fit(double[] omega, Complex[] z, int elements, double extension, bool capacitance, bool inductance, KramersKronigMethod use = KramersKronigMethod.Complex)
    {
        var n = omega.Length;
        var columns = Columns(omega, z, elements, extension, capacitance, inductance);
        var y = new double[2 * n];
        for (var i = 0; i < n; i++)
        {
            var magnitude = z[i].Magnitude;
            y[i] = z[i].Real / magnitude;
            y[n + i] = z[i].Imaginary / magnitude;
        }
        return use == KramersKronigMethod.Complex ? Whole(columns, y, elements) : OnePart(columns, y, elements, n, use == KramersKronigMethod.Real);
    }

    private static double[][] Columns(double[] omega, Complex[] z, int elements, double extension, bool capacitance, bool inductance)
    {
        var n = omega.Length;
        double low = omega[0], high = omega[0];
        foreach (var w in omega) { low = Math.Min(low, w); high = Math.Max(high, w); }
        var first = Math.Log(1 / high) - (extension * Math.Log(10));
        var last = Math.Log(1 / low) + (extension * Math.Log(10));
        var columns = new double[elements + 1 + (capacitance ? 1 : 0) + (inductance ? 1 : 0)][];
        for (var k = 0; k < columns.Length; k++) { columns[k] = new double[2 * n]; }
        for (var i = 0; i < n; i++)
        {
            var weight = 1 / z[i].Magnitude;
            for (var k = 0; k < elements; k++)
            {
                var x = omega[i] * Math.Exp(elements == 1 ? (first + last) / 2 : first + ((last - first) * k / (elements - 1)));
                var d = weight / (1 + (x * x));
                columns[k][i] = d;
                columns[k][n + i] = -x * d;
            }
            columns[elements][i] = weight;
            if (capacitance) { columns[elements + 1][n + i] = -weight * low / omega[i]; }
            if (inductance) { columns[^1][n + i] = weight * omega[i] / high; }
        }
        return columns;
    }

    private static KramersKronigModel Whole(double[][] columns, double[] y, int elements)
    {
        var (q, r, kept) = Orthogonalise(columns);
        var residual = (double[])y.Clone();
        var coefficient = new double[q.Length];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var k = 0; k < q.Length; k++)
            {
                var c = Vectors.Dot(q[k], residual);
                coefficient[k] += c;
                Vectors.AddScaled(residual, q[k], -c);
            }
        }
        return new(elements, q, residual, NegativeShareOf(Back(r, coefficient), kept, elements));
    }

    /// <summary>Fits the R_k to one part; the other is predicted, its own L, C or R∞ taken from what is left there.</summary>
    private static KramersKronigModel OnePart(double[][] columns, double[] y, int elements, int n, bool real)
    {
        int from = real ? 0 : n, other = n - from;
        var own = columns.Where(c => c.AsSpan(from, n).ContainsAnyExcept(0.0)).ToArray();
        var rest = columns.Where(c => !c.AsSpan(from, n).ContainsAnyExcept(0.0)).Select(c => c.AsSpan(other, n).ToArray()).ToArray();
        var (q, r, kept) = Orthogonalise([.. own.Select(c => c.AsSpan(from, n).ToArray())]);
        var left = y.AsSpan(from, n).ToArray();
        var coefficient = new double[q.Length];
        for (var k = 0; k < q.Length; k++)
        {
            coefficient[k] = Vectors.Dot(q[k], left);
            Vectors.AddScaled(left, q[k], -coefficient[k]);
        }
        var p = Back(r, coefficient);
        var predicted = y.AsSpan(other, n).ToArray();
        for (var k = 0; k < p.Length; k++)
        {
            var column = own[kept[k]];
            for (var i = 0; i < n; i++) { predicted[i] -= p[k] * column[other + i]; }
        }
        foreach (var c in Orthogonalise(rest).Q) { Vectors.AddScaled(predicted, c, -Vectors.Dot(c, predicted)); }
        var residual = new double[2 * n];
        left.CopyTo(residual, from);
        predicted.CopyTo(residual, other);
        return new(elements, q, residual, NegativeShareOf(p, kept, elements));
    }

    private static double NegativeShareOf(double[] p, int[] kept, int elements)
    {
        double negative = 0, positive = 0;
        for (var k = 0; k < p.Length; k++)
        {
            if (kept[k] >= elements) { continue; }
            if (p[k] < 0) { negative -= p[k]; }
            else { positive += p[k]; }
        }
        return positive > 0 ? negative / positive : negative > 0 ? double.PositiveInfinity : 0;
    }

    /// <summary>Gram–Schmidt, twice for orthogonality; columns that add nothing (1e-9 of their length) are left out.</summary>
    internal static (double[][] Q, double[][] R, int[] Kept) Orthogonalise(double[][] columns)
    {
        var q = new List<double[]>(columns.Length);
        var r = new List<double[]>(columns.Length);
        var kept = new List<int>(columns.Length);
        for (var j = 0; j < columns.Length; j++)
        {
            var v = (double[])columns[j].Clone();
            var length = Math.Sqrt(Vectors.Dot(v, v));
            var row = new double[q.Count + 1];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var k = 0; k < q.Count; k++)
                {
                    var c = Vectors.Dot(q[k], v);
                    row[k] += c;
                    Vectors.AddScaled(v, q[k], -c);
                }
            }
            var left = Math.Sqrt(Vectors.Dot(v, v));
            if (left <= 1e-9 * length) { continue; }
            row[^1] = left;
            for (var i = 0; i < v.Length; i++) { v[i] /= left; }
            q.Add(v);
            r.Add(row);
            kept.Add(j);
        }
        return ([.. q], [.. r], [.. kept]);
    }

    private static double[] Back(double[][] r, double[] c)
    {
        var p = (double[])c.Clone();
        for (var k = p.Length - 1; k >= 0; k--)
        {
            p[k] /= r[k][k];
            for (var i = 0; i < k; i++) { p[i] -= r[k][i] * p[k]; }
        }
        return p;
    }
}
