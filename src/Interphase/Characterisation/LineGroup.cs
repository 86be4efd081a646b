using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>Neighbouring lines fitted together: pseudo-Voigt doublets of one Lorentzian share over a straight line.</summary>
internal sealed class LineGroup
{
    private const double WidestLine = 3;
    private const int MostLines = 6;

    /// <summary>How far a real profile is from a pseudo-Voigt, as a part of its height.</summary>
    private const double ProfileDoubt = 0.02;

    /// <summary>What that leaves of the area, where it is too much in one place and too little in another.</summary>
    private const double AreaDoubt = 0.01;

    private readonly Diffractogram pattern;
    private readonly double[] x;
    private readonly double[] y;
    private readonly double[] sigma;
    private readonly double[] amplitudes;
    private readonly double[] p;
    private readonly bool[] atBound;
    private readonly double step;

    private LineGroup(IReadOnlyList<(double At, double Width)> seeds, Diffractogram pattern, double[] counts, double step)
    {
        var (from, to) = (seeds.Min(s => s.At - (4 * s.Width)), seeds.Max(s => s.At + (4 * s.Width)));
        var rows = Enumerable.Range(0, counts.Length).Where(i => pattern.TwoTheta[i] >= from && pattern.TwoTheta[i] <= to).ToArray();
        (this.pattern, this.step) = (pattern, step);
        (x, y) = ([.. rows.Select(i => pattern.TwoTheta[i])], [.. rows.Select(i => counts[i])]);
        sigma = [.. rows.Select((row, i) => Math.Sqrt(pattern.Variance(row, y[i])))];
        List<double> start = [0.5], lower = [0], upper = [1];
        foreach (var (at, width) in seeds)
        {
            start.AddRange([at, width]);
            lower.AddRange([at - (0.6 * width), 0.7 * step]);
            upper.AddRange([at + (0.6 * width), Math.Max(Math.Min(WidestLine, 8 * width), 1.01 * width)]);
        }
        var columns = Enumerable.Range(0, 2 + seeds.Count).Select(_ => new double[x.Length]).ToArray();
        (p, amplitudes, atBound) = (start.ToArray(), new double[columns.Length], new bool[start.Count]);
        for (var pass = 0; pass < 2; pass++)
        {
            var fit = LevenbergMarquardt.Minimise((q, r) =>
            {
                Columns(q, columns);
                var a = Solve(columns);
                for (var i = 0; i < r.Length; i++) { r[i] = (At(columns, a, i) - y[i]) / sigma[i]; }
            }, x.Length, p, [.. lower], [.. upper], pass == 0 ? 8 : 15, 1e-5);
            (p, atBound) = (fit.Parameters, fit.AtBound);
            Columns(p, columns);
            amplitudes = Solve(columns);
            for (var i = 0; i < x.Length; i++)
            {
                var whole = At(columns, amplitudes, i);
                var line = ProfileDoubt * (whole - amplitudes[0] - (amplitudes[1] * columns[1][i]));
                sigma[i] = Math.Sqrt(pattern.Variance(rows[i], whole) + (line * line));
            }
        }
        First = rows[0];
    }

    private int First { get; }

    private int Count => (p.Length - 1) / 2;

    /// <summary>Where the next fit of the same lines begins; those that came to nothing are left out.</summary>
    public IEnumerable<(double At, double Width)> Seeds => Enumerable.Range(0, Count).Where(l => amplitudes[2 + l] > 0).Select(l => (p[1 + (2 * l)], p[2 + (2 * l)]));

    /// <summary>Groups of lines whose windows touch; long chains are cut where the gap is widest.</summary>
    public static IEnumerable<LineGroup> Of(IReadOnlyList<(double At, double Width)> seeds, Diffractogram pattern, double[] counts, double step)
    {
        var chain = new List<(double At, double Width)>();
        var groups = new List<List<(double At, double Width)>>();
        foreach (var s in seeds)
        {
            if (chain.Count > 0 && s.At - chain[^1].At > 3 * (s.Width + chain[^1].Width)) { groups.AddRange(Cut(chain)); chain = []; }
            chain.Add(s);
        }
        if (chain.Count > 0) { groups.AddRange(Cut(chain)); }
        return groups.Select(g => new LineGroup(g, pattern, counts, step)).Where(g => g.x.Length > (3 * g.Count) + 3).ToArray();
    }

    private static IEnumerable<List<(double At, double Width)>> Cut(List<(double At, double Width)> chain)
    {
        if (chain.Count <= MostLines) { return [chain]; }
        var at = Enumerable.Range(1, chain.Count - 1).MaxBy(i => (chain[i].At - chain[i - 1].At) / (chain[i].Width + chain[i - 1].Width) * Math.Min(i, chain.Count - i));
        return Cut(chain[..at]).Concat(Cut(chain[at..]));
    }

    /// <summary>2θ of the second wavelength for a line at 2θ of the first, degrees.</summary>
    public static double Second(double twoTheta, Diffractogram pattern) => 360 / Math.PI * Math.Asin(Math.Clamp(Math.Sin(twoTheta * Math.PI / 360) * pattern.Wavelength2 / pattern.Wavelength, -1, 1));

    /// <summary>Adds the lines, without what lies below them.</summary>
    public void AddTo(double[] model)
    {
        var columns = Enumerable.Range(0, 2 + Count).Select(_ => new double[x.Length]).ToArray();
        Columns(p, columns);
        for (var i = 0; i < x.Length; i++) { for (var l = 0; l < Count; l++) { model[First + i] += amplitudes[2 + l] * columns[2 + l][i]; } }
    }

    /// <summary>Lines that are there beyond doubt, with errors from the joint covariance of the group.</summary>
    public IEnumerable<ObservedLine> Lines()
    {
        var columns = Enumerable.Range(0, 2 + Count).Select(_ => new double[x.Length]).ToArray();
        Columns(p, columns);
        var chi = Enumerable.Range(0, x.Length).Sum(i => Math.Pow((At(columns, amplitudes, i) - y[i]) / sigma[i], 2));
        // What came to nothing has no covariance.
        var linear = Enumerable.Range(0, columns.Length).Where(j => j < 2 || amplitudes[j] > 0).ToArray();
        var jacobian = linear.Select(j => columns[j].Select((v, i) => v / sigma[i]).ToArray()).ToList();
        var free = Enumerable.Range(0, p.Length).Where(k => !atBound[k] && (k == 0 ? amplitudes.Skip(2).Any(a => a > 0) : amplitudes[2 + ((k - 1) / 2)] > 0)).ToArray();
        foreach (var k in free)
        {
            var (h, q) = (1e-4 * Math.Max(k == 0 ? 0.1 : p[k % 2 == 1 ? k + 1 : k], 1e-3), (double[])p.Clone());
            q[k] += h;
            var (up, down) = (columns.Select(_ => new double[x.Length]).ToArray(), columns.Select(_ => new double[x.Length]).ToArray());
            Columns(q, up);
            q[k] -= 2 * h;
            Columns(q, down);
            jacobian.Add([.. Enumerable.Range(0, x.Length).Select(i => (At(up, amplitudes, i) - At(down, amplitudes, i)) / (2 * h * sigma[i]))]);
        }
        // What lies below the lines may be bent, as by a halo: what that would change (one step of Gauss and Newton) is part of the errors.
        var last = jacobian.Count;
        jacobian.Add([.. columns[1].Select((u, i) => u * u / sigma[i])]);
        var norm = jacobian.Select(c => Math.Max(Math.Sqrt(Vectors.Dot(c, c)), 1e-300)).ToArray();
        var m = Matrix<double>.Build.Dense(jacobian.Count, jacobian.Count, (i, j) => (Vectors.Dot(jacobian[i], jacobian[j]) / (norm[i] * norm[j])) + (i == j ? 1e-10 : 0));
        var inverse = m.SubMatrix(0, last, 0, last).Inverse();
        double[] residual = [.. Enumerable.Range(0, x.Length).Select(i => (y[i] - At(columns, amplitudes, i)) / sigma[i])];
        var whole = m.Inverse();
        var bent = whole * Vector<double>.Build.Dense(jacobian.Count, i => Vectors.Dot(jacobian[i], residual) / norm[i]);
        var scale = Math.Max(1, chi / Math.Max(1, x.Length - last));
        double Error(int i) => Math.Sqrt(Math.Max(inverse[i, i] * scale, 0)) / norm[i];
        // The step that noise alone makes is the error that the bend adds.
        double Bent(int i) => i < 0 ? 0 : Math.Sqrt(Math.Max(0, (bent[i] * bent[i]) - (scale * (whole[i, i] - inverse[i, i])))) / norm[i];
        int Place(int k) => Array.IndexOf(free, k) is >= 0 and var i ? linear.Length + i : -1;
        double Nonlinear(int k) => Place(k) is >= 0 and var i ? Error(i) : double.NaN;
        for (var l = 0; l < Count; l++)
        {
            var (area, at, width) = (amplitudes[2 + l], p[1 + (2 * l)], p[2 + (2 * l)]);
            // Beside a line fifty times as strong, what a pseudo-Voigt leaves of that one is no line.
            if (area <= 0 || Enumerable.Range(0, Count).Any(o => area < 0.02 * amplitudes[2 + o] && Math.Abs(p[1 + (2 * o)] - at) < 6 * p[2 + (2 * o)])) { continue; }
            var (areaError, error, widthError) = (Error(Array.IndexOf(linear, 2 + l)), Nonlinear(1 + (2 * l)), Nonlinear(2 + (2 * l)));
            // Narrower than the step: it is there, but its breadth is not known.
            var narrow = width < 0.71 * step;
            if (narrow) { (error, widthError) = (Math.Max(double.IsNaN(error) ? 0 : error, 0.29 * step), 0.29 * step); }
            // A line as wide as it may be is a part of the background, and one that ran from its seed another's shoulder.
            if (!(area > 4 * areaError) || double.IsNaN(error) || double.IsNaN(widthError) || error > Math.Max(0.5 * width, step) || at < 1) { continue; }
            var theta = at * Math.PI / 360;
            var spacing = pattern.Wavelength / (2 * Math.Sin(theta));
            var height = area / (1 + pattern.Ratio) * Profile(0, width, p[0]);
            if (height < 3 * Math.Sqrt(pattern.Variance(First, Math.Max(1, amplitudes[0]))) / Math.Sqrt(Math.Max(1, width / step))) { continue; }
            (areaError, error, widthError) = (WilliamsonHall.Both(WilliamsonHall.Both(areaError, Bent(Array.IndexOf(linear, 2 + l))), AreaDoubt * area),
                WilliamsonHall.Both(error, Bent(Place(1 + (2 * l)))), WilliamsonHall.Both(widthError, narrow ? 0 : Bent(Place(2 + (2 * l)))));
            yield return new(Estimate.Of(at, error), Estimate.Of(spacing, spacing / Math.Tan(theta) * error * Math.PI / 360), Estimate.Of(area, areaError),
                Estimate.Of(height, height * Math.Min(1, Math.Sqrt(Math.Pow(areaError / area, 2) + Math.Pow(widthError / width, 2)))), narrow ? Estimate.Withheld("narrower than a step of the scan") : Estimate.Of(width, widthError));
        }
    }

    private void Columns(ReadOnlySpan<double> q, double[][] columns)
    {
        var (middle, half) = (0.5 * (x[0] + x[^1]), 0.5 * (x[^1] - x[0]));
        for (var l = 0; l < Count; l++)
        {
            var (at, width) = (q[1 + (2 * l)], q[2 + (2 * l)]);
            var second = Second(at, pattern);
            for (var i = 0; i < x.Length; i++)
            {
                columns[2 + l][i] = (Profile(x[i] - at, width, q[0]) + (pattern.Ratio > 0 ? pattern.Ratio * Profile(x[i] - second, width, q[0]) : 0)) / (1 + pattern.Ratio);
            }
        }
        for (var i = 0; i < x.Length; i++) { (columns[0][i], columns[1][i]) = (1, (x[i] - middle) / half); }
    }

    /// <summary>Pseudo-Voigt profile of unit area.</summary>
    private static double Profile(double u, double width, double lorentz)
    {
        var square = u / width * (u / width);
        // Beyond five breadths the Gaussian is 10⁻³⁰ of its height.
        return ((lorentz * 0.6366197723675814 / (1 + (4 * square))) + (square > 25 ? 0 : (1 - lorentz) * 0.9394372786996513 * Math.Exp(-2.772588722239781 * square))) / width;
    }

    private static double At(double[][] columns, double[] a, int i)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++) { sum += a[j] * columns[j][i]; }
        return sum;
    }

    private double[] Solve(double[][] columns) => WeightedColumns.Solve(columns, y, sigma, j => j >= 2);
}
