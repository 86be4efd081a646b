using System.Numerics;
using Interphase.Measurements;
using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>Breadths of an instrument in degrees 2θ: Gauss² = U·tan²θ + V·tanθ + W (Caglioti 1958), Lorentz = X/cosθ.</summary>
public readonly record struct InstrumentProfile(double U, double V, double W, double X)
{
    /// <summary>A usual laboratory diffractometer; what is taken when no standard was measured.</summary>
    public static InstrumentProfile Usual { get; } = new(0.004, -0.003, 0.0040, 0.012) { BreadthError = 0.02, SlopeError = 0.03 };

    /// <summary>Standard error of the breadth, degrees 2θ.</summary>
    public double BreadthError { get; init; }

    /// <summary>Standard error of how the breadth grows with tanθ, degrees 2θ.</summary>
    public double SlopeError { get; init; }

    /// <summary>Full widths at half maximum of both parts at an angle, degrees.</summary>
    public (double Gauss, double Lorentz) At(double twoTheta)
    {
        var t = Math.Tan(twoTheta * Math.PI / 360);
        return (Math.Sqrt(Math.Max((U * t * t) + (V * t) + W, 1e-6)), X / Math.Cos(twoTheta * Math.PI / 360));
    }

    /// <summary>Full width at half maximum of the Voigt profile (Olivero and Longbothum 1977), degrees.</summary>
    public double FullWidth(double twoTheta)
    {
        var (g, l) = At(twoTheta);
        return (0.5346 * l) + Math.Sqrt((0.2166 * l * l) + (g * g));
    }
}

/// <summary>
/// The whole pattern: background + bounded halo + Voigt doublets at the positions of the cells, displaced with the sample.
/// Linear quantities (background, halo, intensity of each line) are solved inside a nonlinear search over the rest
/// (variable projection; Golub and Pereyra 1973); lines and halo may not be negative.
/// </summary>
internal sealed class PowderModel
{
    /// <summary>Parameters that belong to no phase: displacement (mm), decay of the air scatter (°), two halos (centre, width).</summary>
    public const int Common = 6;

    /// <summary>Parameters of a phase: the six constants of its cell (Å, °), size breadth Kλ/L (°), strain breadth 4ε (°).</summary>
    public const int PerPhase = UnitCell.Constants + 2;

    /// <summary>Where the two breadths stand among them.</summary>
    public const int Size = UnitCell.Constants, Strain = UnitCell.Constants + 1;

    public const double ScherrerK = 0.94;

    /// <summary>How far the lengths of a cell may be from their reference, as a fraction, and its angles, degrees; where all axes are free, two thirds of it, lest a phase become its relative.</summary>
    public const double CellRoom = 0.015, AngleRoom = 1;

    private const int Background = 3;
    private readonly double[] x;
    private readonly double[] y;
    private readonly double[] sigma;
    private readonly int[] rows;
    private readonly Diffractogram pattern;
    private readonly double[]? measuredBackground;
    private readonly double radius;

    public PowderModel(Diffractogram pattern, double from, double to, IReadOnlyList<CrystalPhase> phases, InstrumentProfile? instrument, double[]? background, bool fixedIntensities = false)
    {
        (from, to) = (Math.Max(AtWavelength(from, pattern.Wavelength), pattern.TwoTheta[0]), Math.Min(AtWavelength(to, pattern.Wavelength), pattern.TwoTheta[^1]));
        var rows = Enumerable.Range(0, pattern.Count).Where(i => pattern.TwoTheta[i] >= from && pattern.TwoTheta[i] <= to).ToArray();
        (x, y) = ([.. rows.Select(i => pattern.TwoTheta[i])], [.. rows.Select(i => pattern.Counts[i])]);
        sigma = [.. rows.Select((row, i) => Math.Sqrt(pattern.Variance(row, y[i])))];
        this.rows = rows;
        measuredBackground = background is null ? null : [.. rows.Select(i => background[i])];
        (this.pattern, Phases, Instrument) = (pattern, phases, instrument);
        radius = (pattern.Radius ?? 0.2175) * 1000;
        Lines = [.. phases.SelectMany((p, k) => p.Lines.Select(l => (Phase: k, l.H, l.K, l.L, l.Intensity)).Where(l => Angle(p.Spacing(l.H, l.K, l.L, p.A, p.C)) is var t && t > from - 1 && t < to + 1))];
        var next = FirstLine;
        var shared = phases.Select(p => fixedIntensities || p.KeepsRatios ? next++ : -1).ToArray();
        columnOf = [.. Lines.Select(l => shared[l.Phase] >= 0 ? shared[l.Phase] : next++)];
        weightOf = [.. Lines.Select(l => shared[l.Phase] >= 0 ? l.Intensity / Lines.Where(o => o.Phase == l.Phase).Sum(o => o.Intensity) : 1)];
        Linear = next;
        linesOf = [.. phases.Select((_, k) => Enumerable.Range(0, Lines.Length).Where(l => Lines[l].Phase == k).ToArray())];
        columnsOf = [.. linesOf.Select(lines => lines.Select(l => columnOf[l]).Distinct().ToArray())];
        lastFrom = new double[phases.Count][];
    }

    /// <summary>Area of a line.</summary>
    public double Area(int line, double[] amplitudes) => amplitudes[columnOf[line]] * weightOf[line];

    /// <summary>Where the amplitude of a line stands.</summary>
    public int ColumnOf(int line) => columnOf[line];

    /// <summary>The column of each line and its share of that column: lines of one column keep their calculated ratios.</summary>
    private readonly int[] columnOf;

    private readonly double[] weightOf;

    /// <summary>Lines and columns of each phase, and what its lines were last computed from in which columns: most steps of a search leave them as they are.</summary>
    private readonly int[][] linesOf;

    private readonly int[][] columnsOf;
    private readonly double[][] lastFrom;
    private double[][]? last;

    public IReadOnlyList<CrystalPhase> Phases { get; }
    public InstrumentProfile? Instrument { get; }
    public (int Phase, int H, int K, int L, double Intensity)[] Lines { get; }
    public int Points => x.Length;
    public double[] X => x;
    public double[] Y => y;

    /// <summary>Standard deviation of each count, from the model once it was fitted.</summary>
    public double[] Sigma => sigma;
    public int Linear { get; }
    public const int FirstLine = Background + 2;
    /// <summary>The first parameter of a phase.</summary>
    public static int FirstOf(int phase) => Common + (PerPhase * phase);

    /// <summary>How far a constant of a cell may be from its reference.</summary>
    public static double Room(UnitCell cell, int constant) => constant > 2 ? AngleRoom : cell[constant] * CellRoom * (cell.Free.Contains(1) ? 2.0 / 3 : 1);

    /// <summary>The cell of a phase at the parameters.</summary>
    public UnitCell CellOf(int phase, ReadOnlySpan<double> p) => Phases[phase].Cell.Shaped(p.Slice(FirstOf(phase), UnitCell.Constants));

    public int FirstInstrument => Common + (PerPhase * Phases.Count);

    public (double[] Start, double[] Lower, double[] Upper) Bounds(bool halo, bool freeCells, bool freeProfile, double displacement = 0, double breadth = 0.1)
    {
        // Halos lie at spacings, not at angles: their bounds are those of Cu Kα seen at this wavelength.
        double W(double centre, double width) => FromCopper(centre + (width / 2)) - FromCopper(centre - (width / 2));
        List<double> s = [displacement, 6, FromCopper(28.5), W(28.5, 8.5), FromCopper(51.5), W(51.5, 13)];
        List<double> lo = [-0.3, 2, FromCopper(20), W(28.5, 5), FromCopper(40), W(51.5, 8)], up = [0.3, 20, FromCopper(35), W(28.5, 12), FromCopper(60), W(51.5, 15)];
        if (measuredBackground is not null) { (lo[1], up[1]) = (6, 6); }
        if (!halo) { for (var i = 2; i < 6; i++) { (lo[i], up[i]) = (s[i], s[i]); } }
        foreach (var p in Phases)
        {
            for (var i = 0; i < UnitCell.Constants; i++)
            {
                var room = !freeCells || Array.IndexOf(p.Cell.Free, i) < 0 ? 0 : Room(p.Cell, i);
                s.Add(p.Cell[i]);
                lo.Add(p.Cell[i] - room);
                up.Add(p.Cell[i] + room);
            }
            // A search that starts at no strain may stay there.
            s.AddRange([breadth, freeProfile ? 0.05 : 0]);
            lo.AddRange([freeProfile ? 0 : breadth, 0]);
            up.AddRange([freeProfile ? 4 : breadth, freeProfile ? 4 : 0]);
        }
        if (Instrument is null)
        {
            s.AddRange([0.004, -0.003, 0.004, 0.012]);
            lo.AddRange([0, -0.05, 1e-4, 0]);
            up.AddRange([0.1, 0.02, 0.1, 0.2]);
            for (var k = 0; k < Phases.Count; k++)
            {
                var q = FirstOf(k);
                (lo[q + Size], up[q + Size], s[q + Size], up[q + Strain]) = (0, 0, 0, 0);
            }
        }
        return ([.. s], [.. lo], [.. up]);
    }

    /// <summary>Stronger wavelength, m.</summary>
    public double Wavelength => pattern.Wavelength;

    /// <summary>2θ at which this wavelength has what Cu Kα₁ has at an angle, degrees.</summary>
    public double FromCopper(double twoTheta) => AtWavelength(twoTheta, pattern.Wavelength);

    /// <summary>2θ at which a wavelength (m) has what Cu Kα₁ has at an angle, degrees; 180° where it cannot have it.</summary>
    public static double AtWavelength(double twoTheta, double wavelength) =>
        Math.Abs((wavelength / Diffractogram.CopperAlpha1) - 1) < 0.002 ? twoTheta : 360 / Math.PI * Math.Asin(Math.Min(1, Math.Sin(twoTheta * Math.PI / 360) * wavelength / Diffractogram.CopperAlpha1));

    /// <summary>2θ of a spacing (m) for the stronger wavelength, degrees; NaN beyond back reflection.</summary>
    public double Angle(double spacing) => 360 / Math.PI * Math.Asin(pattern.Wavelength / (2 * spacing));

    /// <summary>2θ of a spacing (m) as a displaced sample (mm) shows it.</summary>
    public double Displaced(double spacing, double displacement) => Angle(spacing) is var t ? t - (2 * displacement * Math.Cos(t * Math.PI / 360) / radius * 180 / Math.PI) : t;

    /// <summary>Position and breadths of a line at the parameters.</summary>
    public (double TwoTheta, double Gauss, double Lorentz) Line(int line, ReadOnlySpan<double> p, double wavelength)
    {
        var (phase, h, k, l, _) = Lines[line];
        var q = FirstOf(phase);
        var d = CellOf(phase, p).Spacing(h, k, l) * 1e-10;
        var theta = Math.Asin(Math.Min(wavelength / (2 * d), 1));
        var twoTheta = 360 / Math.PI * theta;
        var profile = Instrument ?? new(p[FirstInstrument], p[FirstInstrument + 1], p[FirstInstrument + 2], p[FirstInstrument + 3]);
        var (g, lorentz) = profile.At(twoTheta);
        // A sample below the axis of the goniometer (s > 0) shifts lines by −2s·cosθ/R.
        return (twoTheta - (2 * p[0] * Math.Cos(theta) / radius * 180 / Math.PI), g, lorentz + (p[q + Size] / Math.Cos(theta)) + (p[q + Strain] * Math.Tan(theta)));
    }

    /// <summary>All columns of the linear part, each unweighted; lines have unit area over all angles, and may each be broader by so many degrees.</summary>
    public void Columns(ReadOnlySpan<double> p, double[][] columns, double[]? broader = null)
    {
        var n = x.Length;
        var (middle, half) = (0.5 * (x[0] + x[^1]), 0.5 * (x[^1] - x[0]));
        for (var i = 0; i < n; i++)
        {
            columns[0][i] = 1;
            columns[1][i] = (x[i] - middle) / half;
            columns[2][i] = measuredBackground is { } b ? b[i] : Math.Exp(-(x[i] - x[0]) / p[1]);
        }
        for (var h = 0; h < 2; h++) { Halo(p[2 + (2 * h)], p[3 + (2 * h)]).CopyTo(columns[3 + h], 0); }
        var same = broader is null && ReferenceEquals(columns, last);
        for (var k = 0; k < Phases.Count; k++)
        {
            double[] from = [p[0], .. p.Slice(FirstOf(k), PerPhase), .. p[FirstInstrument..]];
            if (same && from.AsSpan().SequenceEqual(lastFrom[k])) { continue; }
            lastFrom[k] = from;
            foreach (var j in columnsOf[k]) { Array.Clear(columns[j]); }
            foreach (var l in linesOf[k]) { AddLine(l, p, broader is null ? 0 : broader[l], weightOf[l], columns[columnOf[l]]); }
        }
        last = broader is null ? columns : null;
    }

    /// <summary>Adds a line of both wavelengths, its Lorentzian broader by so much (degrees), of an area.</summary>
    public void AddLine(int line, ReadOnlySpan<double> p, double broader, double area, double[] column)
    {
        var (at, gauss, lorentz) = Line(line, p, pattern.Wavelength);
        Add((at, gauss, lorentz + broader), area / (1 + pattern.Ratio), column);
        if (!(pattern.Ratio > 0)) { return; }
        (at, gauss, lorentz) = Line(line, p, pattern.Wavelength2);
        Add((at, gauss, lorentz + broader), area * pattern.Ratio / (1 + pattern.Ratio), column);
    }

    /// <summary>What the sample adds to the breadth of a line at the parameters, degrees.</summary>
    public double Own(int line, ReadOnlySpan<double> p)
    {
        var (q, theta) = (FirstOf(Lines[line].Phase), Line(line, p, pattern.Wavelength).TwoTheta * Math.PI / 360);
        return (p[q + Size] / Math.Cos(theta)) + (p[q + Strain] * Math.Tan(theta));
    }

    /// <summary>A halo of unit height.</summary>
    public double[] Halo(double centre, double width) => Array.ConvertAll(x, t => Math.Exp(-2.772588722239781 * Math.Pow((t - centre) / width, 2)));

    /// <summary>Columns of a phase.</summary>
    public IReadOnlyList<int> ColumnsOf(int phase) => columnsOf[phase];

    public double[][] Allocate() => [.. Enumerable.Range(0, Linear).Select(_ => new double[x.Length])];

    /// <summary>The linear part that fits best at given nonlinear parameters.</summary>
    public double[] Solve(double[][] columns, bool halo = true) => WeightedColumns.Solve(columns, y, sigma, j => j >= 2, j => halo || j is not (3 or 4));

    /// <summary>Nonlinear search; the weights come from the counts first and then from the model, so that low counts do not pull.</summary>
    public (LeastSquaresFit Fit, double[] Amplitudes, double[][] Columns) Fit(double[] start, double[] lower, double[] upper, bool halo, int passes, int iterations)
    {
        var columns = Allocate();
        LeastSquaresFit? fit = null;
        for (var pass = 0; pass < passes; pass++)
        {
            fit = LevenbergMarquardt.Minimise((p, r) =>
            {
                Columns(p, columns);
                var a = Solve(columns, halo);
                Residual(columns, a, r);
            }, x.Length, start, lower, upper, iterations, 1e-6);
            start = fit.Parameters;
            Columns(start, columns);
            var model = Sum(columns, Solve(columns, halo));
            for (var i = 0; i < x.Length; i++) { sigma[i] = Math.Sqrt(pattern.Variance(rows[i], model[i])); }
        }
        return (fit!, Solve(columns, halo), columns);
    }

    public double[] Sum(double[][] columns, double[] amplitudes)
    {
        var model = new double[x.Length];
        for (var j = 0; j < columns.Length; j++)
        {
            if (amplitudes[j] == 0) { continue; }
            for (var i = 0; i < model.Length; i++) { model[i] += amplitudes[j] * columns[j][i]; }
        }
        return model;
    }

    public void Residual(double[][] columns, double[] amplitudes, Span<double> r)
    {
        var model = Sum(columns, amplitudes);
        for (var i = 0; i < r.Length; i++) { r[i] = (model[i] - y[i]) / sigma[i]; }
    }

    /// <summary>What nonlinear parameters change, in standard deviations a unit; those that change nothing, as the width of a halo that is not there, are left out.</summary>
    public (List<double[]> Derivatives, List<int> Index) Jacobian(double[] p, IReadOnlyList<int> free, double[] amplitudes)
    {
        var (derivatives, index, columns) = (new List<double[]>(), new List<int>(), Allocate());
        foreach (var k in free)
        {
            var h = 1e-5 * Math.Max(Math.Abs(p[k]), 1e-2);
            var q = (double[])p.Clone();
            q[k] = p[k] + h;
            Columns(q, columns);
            var up = Sum(columns, amplitudes);
            q[k] = p[k] - h;
            Columns(q, columns);
            var down = Sum(columns, amplitudes);
            for (var i = 0; i < up.Length; i++) { up[i] = (up[i] - down[i]) / (2 * h * sigma[i]); }
            if (Vectors.Dot(up, up) == 0) { continue; }
            index.Add(k);
            derivatives.Add(up);
        }
        return (derivatives, index);
    }

    /// <summary>
    /// What variances are multiplied by where residuals are no noise: χ² over its degrees of freedom where that exceeds 1, times what runs of
    /// one sign have more than those of noise, Σ_runs (Σ r)² over 2.27 Σ r² (after Bérar and Lelann, J. Appl. Cryst. 24 (1991) 1; runs of noise have 2 + 8/π points' worth over 2 points).
    /// </summary>
    public static double Scale(ReadOnlySpan<double> residual, int freedom)
    {
        double squares = 0, runs = 0, run = 0;
        foreach (var r in residual)
        {
            if (r * run < 0)
            {
                runs += run * run;
                run = 0;
            }
            run += r;
            squares += r * r;
        }
        runs += run * run;
        return Math.Max(1, squares / Math.Max(1, freedom)) * (squares > 0 ? Math.Max(1, runs / squares / (1 + (4 / Math.PI))) : 1);
    }

    /// <summary>Covariance of all parameters that are free (nonlinear first, then linear), scaled where the residuals are no noise.</summary>
    public (double[,] Covariance, int[] Index, double ReducedChiSquared) Covariance(LeastSquaresFit fit, double[] amplitudes, double[] lower, double[] upper)
    {
        var n = x.Length;
        var p = fit.Parameters;
        // A halo or a background at the end of its room is not known to be there: it may be anywhere in it, evenly.
        bool Roomy(int k) => k is > 0 and < Common;
        var (jacobian, index) = Jacobian(p, [.. Enumerable.Range(0, p.Length).Where(k => upper[k] > lower[k] && (!fit.AtBound[k] || Roomy(k)))], amplitudes);
        double[] held = [.. index.Select(k => fit.AtBound[k] ? 12 / Math.Pow(upper[k] - lower[k], 2) : 0)];
        var columns = Allocate();
        Columns(p, columns);
        for (var j = 0; j < columns.Length; j++)
        {
            if (amplitudes[j] == 0) { continue; }
            index.Add(p.Length + j);
            jacobian.Add([.. columns[j].Select((v, i) => v / sigma[i])]);
        }
        var m = index.Count;
        var normal = new double[m, m];
        for (var j = 0; j < m; j++)
        {
            for (var k = 0; k <= j; k++) { normal[j, k] = normal[k, j] = Vectors.Dot(jacobian[j], jacobian[k]); }
            if (j < held.Length) { normal[j, j] += held[j]; }
        }
        var d = new double[m];
        for (var j = 0; j < m; j++) { d[j] = Math.Sqrt(normal[j, j]); }
        var scaled = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(m, m, (j, k) => (normal[j, k] / (d[j] * d[k])) + (j == k ? 1e-12 : 0));
        var inverse = scaled.Inverse();
        var residual = new double[n];
        Residual(columns, amplitudes, residual);
        var reduced = Vectors.Dot(residual, residual) / Math.Max(1, n - m);
        var scale = Scale(residual, n - m);
        var covariance = new double[m, m];
        for (var j = 0; j < m; j++)
        {
            for (var k = 0; k < m; k++) { covariance[j, k] = inverse[j, k] / (d[j] * d[k]) * scale; }
        }
        return (covariance, [.. index], reduced);
    }

    /// <summary>Areas of all lines and of the halo within the fitted range, counts × degrees.</summary>
    public (double Lines, double Halo) Areas(double[][] columns, double[] amplitudes)
    {
        double lines = 0, halo = 0;
        for (var j = 3; j < columns.Length; j++)
        {
            if (amplitudes[j] == 0) { continue; }
            var area = 0.0;
            for (var i = 1; i < x.Length; i++) { area += 0.5 * (columns[j][i] + columns[j][i - 1]) * (x[i] - x[i - 1]); }
            if (j < FirstLine) { halo += amplitudes[j] * area; }
            else { lines += amplitudes[j] * area; }
        }
        return (lines, halo);
    }

    private void Add((double TwoTheta, double Gauss, double Lorentz) line, double weight, double[] column)
    {
        if (!double.IsFinite(line.TwoTheta)) { return; }
        // Far out a Voigt profile is its Lorentzian with a correction of the order σ²/x², right to 2·10⁻⁵ beyond twelve breadths.
        var (half, variance) = (0.5 * line.Lorentz, line.Gauss * line.Gauss / 5.545177444479562);
        var near = 12 * (line.Gauss + line.Lorentz);
        var (from, to) = (Below(line.TwoTheta - near), Below(line.TwoTheta + near));
        for (var i = from; i < to; i++) { column[i] += weight * Faddeeva.Voigt(x[i] - line.TwoTheta, line.Gauss, line.Lorentz); }
        Far(x.AsSpan(0, from), column.AsSpan(0, from), line.TwoTheta, weight * half / Math.PI, half * half, 3 * variance);
        Far(x.AsSpan(to), column.AsSpan(to), line.TwoTheta, weight * half / Math.PI, half * half, 3 * variance);
    }

    /// <summary>Adds scale/(u² + half²)·(1 + correction/u²), several points at once.</summary>
    private static void Far(ReadOnlySpan<double> x, Span<double> column, double at, double scale, double half, double correction)
    {
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var u = new Vector<double>(x[i..]) - new Vector<double>(at);
            var square = u * u;
            (new Vector<double>(column[i..]) + (scale * (square + new Vector<double>(correction)) / ((square + new Vector<double>(half)) * square))).CopyTo(column[i..]);
        }
        for (; i < x.Length; i++)
        {
            var square = (x[i] - at) * (x[i] - at);
            column[i] += scale * (square + correction) / ((square + half) * square);
        }
    }

    /// <summary>How many points lie below an angle.</summary>
    private int Below(double twoTheta) => Array.BinarySearch(x, twoTheta) is var i && i < 0 ? ~i : i;
}
