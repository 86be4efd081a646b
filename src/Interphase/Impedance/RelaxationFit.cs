using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// A <see cref="RelaxationModel"/> fitted at one strength λ of the penalty, with the coefficients that are not at zero. Seen as
/// a Gaussian prior on those coefficients the penalty gives the fit an evidence (restricted likelihood; Harville 1977), by
/// which λ is chosen and alternatives are judged without any scale entering.
/// </summary>
internal sealed class RelaxationFit
{
    private readonly RelaxationModel model;
    private readonly double[][] factor;        // Cholesky factor of the normal equations of the active coefficients
    private readonly double[] half;            // factor⁻¹ × projection of the data

    public RelaxationFit(RelaxationModel model, double[] normal, double[] penalty, double lambda, int[] active)
    {
        this.model = model;
        Lambda = lambda;
        var size = model.Size;
        var all = Cholesky(active, (a, b) => normal[(a * size) + b], out var kept, out var logNormal);
        factor = all;
        Active = kept;
        _ = Cholesky([.. kept.Where(k => k < model.GridCount || k >= model.LoopIndex)], (a, b) => lambda * penalty[(a * size) + b], out var penalised, out var logPenalty);
        half = new double[kept.Length];
        for (var i = 0; i < half.Length; i++) { half[i] = model.ProjectionOf(kept[i]); }
        Forward(half);
        PenalisedSum = Math.Max(model.DataSquared - Vectors.Dot(half, half), 1e-30);
        Freedom = (2 * model.Count) - (kept.Length - penalised.Length);
        LogDeterminants = 0.5 * (logPenalty - logNormal);
        Evidence = LogDeterminants - (0.5 * Freedom * Math.Log(PenalisedSum));
        var c = (double[])half.Clone();
        Backward(c);
        Coefficient = new double[size];
        for (var i = 0; i < c.Length; i++) { Coefficient[kept[i]] = c[i]; }
    }

    public double Lambda { get; }

    /// <summary>Indices of the coefficients in use, ascending.</summary>
    public int[] Active { get; }

    /// <summary>All coefficients, zero where not in use.</summary>
    public double[] Coefficient { get; }

    /// <summary>|residual|² + λ·penalty at the optimum.</summary>
    public double PenalisedSum { get; }

    /// <summary>Rows less the coefficients without a penalty.</summary>
    public int Freedom { get; }

    /// <summary>Logarithm of the restricted likelihood, up to a constant.</summary>
    public double Evidence { get; }

    private double LogDeterminants { get; }

    /// <summary>Variance of the relative noise.</summary>
    public double Variance => PenalisedSum / Freedom;

    /// <summary>Relative residuals, real parts then imaginary parts.</summary>
    public double[] Residual()
    {
        var r = (double[])model.Data.Clone();
        foreach (var k in Active) { Vectors.AddScaled(r, model.Columns[k], -Coefficient[k]); }
        return r;
    }

    /// <summary>The part of a column the model sees: factor⁻¹ × its projections.</summary>
    public double[] HalfOf(double[] column)
    {
        var h = new double[Active.Length];
        for (var i = 0; i < h.Length; i++) { h[i] = Vectors.Dot(model.Columns[Active[i]], column); }
        Forward(h);
        return h;
    }

    /// <summary>
    /// Evidence when the <paramref name="columns"/> (with their <see cref="HalfOf"/>) are added to the model without a
    /// penalty, less what free columns gain by chance (Schwarz 1978), and the sum of squares that then remains.
    /// </summary>
    public (double Evidence, double Sum) With(double[][] columns, double[][] halves)
    {
        var gain = Gain(columns, halves, out var used);
        var sum = Math.Max(PenalisedSum - gain, 1e-30);
        return (LogDeterminants - (0.5 * Freedom * Math.Log(sum)) - (0.5 * used * Math.Log(2 * model.Count)), sum);
    }

    private double Gain(double[][] columns, double[][] halves, out int used)
    {
        double gain = 0;
        used = 0;
        var l = new double[columns.Length][];
        var w = new double[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            l[i] = new double[columns.Length];
            var u = Vectors.Dot(columns[i], model.Data) - Vectors.Dot(halves[i], half);
            double diagonal = 0;
            for (var j = 0; j <= i; j++)
            {
                if (j < i && l[j][j] == 0) { continue; }
                var c = Vectors.Dot(columns[i], columns[j]) - Vectors.Dot(halves[i], halves[j]);
                for (var k = 0; k < j; k++) { c -= l[i][k] * l[j][k]; }
                if (j < i)
                {
                    l[i][j] = c / l[j][j];
                    u -= l[i][j] * w[j];
                }
                else { diagonal = c; }
            }
            if (diagonal <= 1e-8 * Vectors.Dot(columns[i], columns[i])) { continue; }
            l[i][i] = Math.Sqrt(diagonal);
            w[i] = u / l[i][i];
            gain += w[i] * w[i];
            used++;
        }
        return gain;
    }

    /// <summary>Solves factorᵀ x = b in place.</summary>
    private void Backward(double[] x)
    {
        for (var i = x.Length - 1; i >= 0; i--)
        {
            var row = factor[i];
            var v = x[i] / row[i];
            x[i] = v;
            for (var k = 0; k < i; k++) { x[k] -= row[k] * v; }
        }
    }

    /// <summary>Solves factor x = b in place; |x|² is then bᵀ(normal)⁻¹b.</summary>
    public void Forward(double[] x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var row = factor[i];
            x[i] = (x[i] - Vectors.Dot(row.AsSpan(0, i), x.AsSpan(0, i))) / row[i];
        }
    }

    private static double[][] Cholesky(int[] rows, Func<int, int, double> element, out int[] kept, out double logDeterminant)
    {
        var l = new List<double[]>(rows.Length);
        var used = new List<int>(rows.Length);
        logDeterminant = 0;
        foreach (var a in rows)
        {
            var row = new double[used.Count + 1];
            for (var j = 0; j < used.Count; j++)
            {
                row[j] = (element(a, used[j]) - Vectors.Dot(row.AsSpan(0, j), l[j].AsSpan(0, j))) / l[j][j];
            }
            var diagonal = element(a, a);
            var left = diagonal - Vectors.Dot(row.AsSpan(0, used.Count), row.AsSpan(0, used.Count));
            if (left <= 1e-14 * diagonal) { continue; }
            row[^1] = Math.Sqrt(left);
            logDeterminant += Math.Log(left);
            l.Add(row);
            used.Add(a);
        }
        kept = [.. used];
        return [.. l];
    }
}
