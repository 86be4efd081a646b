using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>A pattern after refinement: the model at its best parameters, with the joint covariance of all that was free.</summary>
internal sealed record RefinedPattern(PowderModel Model, LeastSquaresFit Fit, double[] Amplitudes, double[][] Columns, double[,] Covariance, int[] Index, double Reduced)
{
    /// <summary>The bounds it was refined in, and whether a halo was sought.</summary>
    public required (double[] Lower, double[] Upper, bool Halo) Room { get; init; }

    public double[] P => Fit.Parameters;

    public bool Has(int parameter) => Array.IndexOf(Index, parameter) >= 0;

    public double Error(int parameter) => Array.IndexOf(Index, parameter) is >= 0 and var i ? Math.Sqrt(Covariance[i, i]) : double.NaN;

    /// <summary>True where a cell ran to the end of what it may be: the lines are those of something else.</summary>
    public bool CellAtBound(int phase)
    {
        var (q, cell) = (PowderModel.FirstOf(phase), Model.Phases[phase].Cell);
        return cell.Free.Any(i => Math.Abs(P[q + i] - cell[i]) > 0.999 * PowderModel.Room(cell, i));
    }

    /// <summary>Share of what rises above the background that the model misses, beyond what counting noise leaves (0.8 σ a point).</summary>
    public double Unexplained
    {
        get
        {
            var (all, ground) = (Model.Sum(Columns, Amplitudes), Model.Sum(Columns[..3], Amplitudes[..3]));
            double missed = 0, above = 0;
            for (var i = 0; i < all.Length; i++)
            {
                missed += Math.Abs(Model.Y[i] - all[i]) - (0.8 * Model.Sigma[i]);
                above += Math.Max(Model.Y[i], 0) - ground[i];
            }
            return Math.Clamp(missed / Math.Max(above, 1e-9), 0, 1);
        }
    }

    /// <summary>The same for the lines of one phase: what is missed where they lie, weighted by them; 1 where it has none.</summary>
    public double Missed(int phase)
    {
        var own = new double[Model.Points];
        foreach (var j in Model.ColumnsOf(phase)) { for (var i = 0; i < own.Length; i++) { own[i] += Amplitudes[j] * Columns[j][i]; } }
        var all = Model.Sum(Columns, Amplitudes);
        double missed = 0, square = 0;
        for (var i = 0; i < own.Length; i++)
        {
            missed += (Math.Abs(Model.Y[i] - all[i]) - (0.8 * Model.Sigma[i])) * own[i];
            square += own[i] * own[i];
        }
        return square > 0 ? Math.Clamp(missed / square, 0, 1) : 1;
    }

    /// <summary>Whether the model describes the pattern: what it leaves unexplained is the smaller part of what rises above the background.</summary>
    public bool Describes => Unexplained <= MostUnexplained;

    /// <summary>
    /// Whether it describes the lines of a phase, so that their cell and breadth may be told whatever else the pattern holds. Where much
    /// else is in the pattern, lines of free intensity find something to fit nearly anywhere: there their ratios must be like the calculated ones.
    /// </summary>
    public bool DescribesPhase(int phase) => Missed(phase) <= MostUnexplained && HasRatios(phase);

    /// <summary>Whether the lines of a phase are in its ratios, or the pattern is described, where texture may have changed them.</summary>
    public bool HasRatios(int phase) => Describes || Likeness(phase) > LeastLikeness;

    /// <summary>Bhattacharyya coefficient of the areas of a phase's lines and the calculated ones: 1 where they are in the same ratios.</summary>
    public double Likeness(int phase)
    {
        var lines = Enumerable.Range(0, Model.Lines.Length).Where(l => Model.Lines[l].Phase == phase).ToArray();
        var (areas, calculated) = (lines.Sum(l => Model.Area(l, Amplitudes)), lines.Sum(l => Model.Lines[l].Intensity));
        return areas > 0 ? lines.Sum(l => Math.Sqrt(Model.Area(l, Amplitudes) / areas * Model.Lines[l].Intensity / calculated)) : 0;
    }

    public const double LeastLikeness = 0.9;

    /// <summary>Share that may be unexplained.</summary>
    public const double MostUnexplained = 0.3;

    /// <summary>A function of the parameters and amplitudes, with the standard error that their covariance gives it.</summary>
    public Estimate Of(Func<double[][], double[], double> function)
    {
        var value = function(Columns, Amplitudes);
        var m = Index.Length;
        var gradient = new double[m];
        var scratch = Model.Allocate();
        for (var k = 0; k < m; k++)
        {
            var i = Index[k];
            if (i < P.Length)
            {
                var h = 1e-3 * Math.Max(Math.Abs(P[i]), 1e-3);
                var p = (double[])P.Clone();
                p[i] += h;
                Model.Columns(p, scratch);
                gradient[k] = (function(scratch, Amplitudes) - value) / h;
            }
            else
            {
                var a = (double[])Amplitudes.Clone();
                var h = 1e-4 * a[i - P.Length];
                a[i - P.Length] += h;
                gradient[k] = (function(Columns, a) - value) / h;
            }
        }
        return Estimate.Of(value, ErrorOf(gradient));
    }

    /// <summary>A function of the nonlinear parameters alone, likewise.</summary>
    public Estimate OfParameters(Func<double[], double> function)
    {
        var gradient = Index.Select(i =>
        {
            if (i >= P.Length) { return 0; }
            var (h, p) = (1e-6 * Math.Max(Math.Abs(P[i]), 1e-3), (double[])P.Clone());
            p[i] += h;
            var up = function(p);
            p[i] -= 2 * h;
            return (up - function(p)) / (2 * h);
        }).ToArray();
        return Estimate.Of(function(P), ErrorOf(gradient));
    }

    /// <summary>Standard error of what changes so with all that was free.</summary>
    private double ErrorOf(double[] gradient)
    {
        var variance = 0.0;
        for (var j = 0; j < gradient.Length; j++)
        {
            for (var k = 0; k < gradient.Length; k++) { variance += gradient[j] * Covariance[j, k] * gradient[k]; }
        }
        return Math.Sqrt(Math.Max(variance, 0));
    }

    /// <summary>Area of some lines together, with the error that the joint covariance gives it; those that came to nothing have none.</summary>
    public Estimate AreaOf(IReadOnlyCollection<int> lines) => Estimate.Of(lines.Sum(l => Model.Area(l, Amplitudes)), Math.Sqrt(CovarianceOf([lines])[0, 0]));

    /// <summary>Joint covariance of the areas of groups of lines.</summary>
    public double[,] CovarianceOf(IReadOnlyList<IReadOnlyCollection<int>> groups)
    {
        var places = groups.Select(g => g.Select(l => (Place: Array.IndexOf(Index, P.Length + Model.ColumnOf(l)), Line: l)).Where(l => l.Place >= 0)
            .Select(l => (l.Place, Part: Model.Area(l.Line, Amplitudes) / Amplitudes[Model.ColumnOf(l.Line)])).ToArray()).ToArray();
        var covariance = new double[groups.Count, groups.Count];
        for (var i = 0; i < groups.Count; i++)
        {
            for (var j = 0; j < groups.Count; j++) { covariance[i, j] = places[i].Sum(a => places[j].Sum(b => a.Part * b.Part * Covariance[a.Place, b.Place])); }
        }
        return covariance;
    }

    /// <summary>Area of a phase's lines over all angles.</summary>
    public double Area(int phase, double[] amplitudes) => Model.ColumnsOf(phase).Sum(c => amplitudes[c]);

    /// <summary>Mass of a phase for a unit area of its lines: density over Σ|F|²LP/V² of the lines in the window.</summary>
    public double MassPerArea(CrystalPhase phase) =>
        phase.Density / (phase.Strength / 100 * phase.Lines.Where(l => Model.Displaced(phase.Spacing(l.H, l.K, l.L, phase.A, phase.C), P[0]) is var t && t > Model.X[0] && t < Model.X[^1]).Sum(l => l.Intensity));

    /// <summary>
    /// What the pattern shows at the lines of a phase that was not fitted (grains of 15 nm, calculated intensities), as a share of the area of lines and
    /// halo; the search asks for far more than an amount that is merely significant, so that this need not be nothing.
    /// </summary>
    public Estimate Trace(CrystalPhase phase)
    {
        // Halo, cell and breadths were fitted without it and may have taken up part of it: they stay free beside it, to first order.
        var (shape, _) = Model.Jacobian(P, [.. Index.Where(i => i < P.Length)], Amplitudes);
        var (error, value) = Amplitude(PatternOf(phase, 0.55 * Model.Wavelength / Measurements.Diffractogram.CopperAlpha1), shape);
        var (lines, halo) = Model.Areas(Columns, Amplitudes);
        return lines + halo > 0 ? Estimate.Of(value, error).Scaled(1 / (lines + halo)) : Estimate.Withheld("there is neither a line nor a halo");
    }

    /// <summary>What a phase that was not found does not exceed: three standard errors, or at 95 % what the pattern shows at its lines.</summary>
    public static double Limit(Estimate trace) => Math.Max(3 * trace.StandardError, trace.Value + (1.645 * trace.StandardError));

    /// <summary>A phase with calculated intensities at the refined displacement, of unit area.</summary>
    public double[] PatternOf(CrystalPhase phase, double breadth)
    {
        var column = new double[Model.Points];
        var weight = phase.Lines.Sum(l => l.Intensity);
        foreach (var (h, k, l, intensity) in phase.Lines)
        {
            var at = Model.Displaced(phase.Spacing(h, k, l, phase.A, phase.C), P[0]);
            for (var i = 0; i < column.Length; i++) { column[i] += intensity / weight * Faddeeva.Voigt(Model.X[i] - at, 0.07, breadth); }
        }
        return column;
    }

    /// <summary>Amplitude of one more column beside everything that is in use, and its standard error; <paramref name="shape"/> is what else may change beside it, in standard deviations.</summary>
    public (double Error, double Value) Amplitude(double[] extra, IReadOnlyList<double[]>? shape = null)
    {
        double[] Weighted(double[] column) => [.. column.Select((v, i) => v / Model.Sigma[i])];
        double[][] used = [.. (shape ?? []).Select(c => Math.Sqrt(Vectors.Dot(c, c)) is var norm ? Array.ConvertAll(c, v => v / norm) : c), .. Enumerable.Range(0, Columns.Length).Where(j => Amplitudes[j] != 0).Select(j => Weighted(Columns[j])), Weighted(extra)];
        var a = Matrix<double>.Build.Dense(extra.Length, used.Length, (i, j) => used[j][i]);
        var b = Vector<double>.Build.Dense(extra.Length, i => Model.Y[i] / Model.Sigma[i]);
        var inverse = a.TransposeThisAndMultiply(a).PseudoInverse();
        var x = inverse * a.TransposeThisAndMultiply(b);
        return (Math.Sqrt(Math.Max(inverse[used.Length - 1, used.Length - 1], 0) * Math.Max(1, Reduced)), x[used.Length - 1]);
    }
}
