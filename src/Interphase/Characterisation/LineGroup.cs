using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>Where a line is sought, and as far as it was fitted before, its area and the share of the Lorentzian in its breadth.</summary>
internal readonly record struct LineSeed(double At, double Width, double Area = 0, double Lorentz = 0.5);

/// <summary>Neighbouring lines fitted together: Voigt doublets of one Lorentzian share over a polynomial that bends as halos do.</summary>
internal sealed class LineGroup
{
    private const double WidestLine = 3;
    private const int MostLines = 6;

    /// <summary>How far a real profile is from a Voigt doublet, as a part of its height: so much less the tops of strong lines count, lest their misfit spoils the weak ones beside them.</summary>
    private const double ProfileDoubt = 0.02;

    /// <summary>Degrees 2θ for which one more power of the angle follows any halo, whose breadth is 5° or more, and the tails of distant lines.</summary>
    private const double Bend = 2;

    private readonly Diffractogram pattern;
    private readonly double[] x;
    private readonly double[] y;
    private readonly double[] sigma;
    private readonly double[] variance;
    private readonly double[] amplitudes;
    private readonly double[] p;
    private readonly bool[] atBound;
    private readonly double step;
    private readonly int ground;

    /// <summary>What lines were last computed from in which columns: a step of the search changes one.</summary>
    private (double[][] Columns, double[] Parameters)? last;

    private LineGroup(IReadOnlyList<LineSeed> seeds, IReadOnlyList<LineSeed> all, Diffractogram pattern, double[] counts, double step)
    {
        var (from, to) = (seeds.Min(s => s.At - (6 * s.Width)), seeds.Max(s => s.At + (6 * s.Width)));
        var rows = Enumerable.Range(0, counts.Length).Where(i => pattern.TwoTheta[i] >= from && pattern.TwoTheta[i] <= to).ToArray();
        (this.pattern, this.step) = (pattern, step);
        (x, y) = ([.. rows.Select(i => pattern.TwoTheta[i])], [.. rows.Select(i => counts[i])]);
        sigma = [.. rows.Select((row, i) => Math.Sqrt(pattern.Variance(row, y[i])))];
        // What the tails of others leave here.
        foreach (var o in all.Except(seeds)) { for (var i = 0; i < x.Length; i++) { y[i] -= Of(o, x[i], pattern); } }
        variance = new double[x.Length];
        List<double> start = [seeds[0].Lorentz], lower = [0], upper = [1];
        foreach (var (at, width, _, _) in seeds)
        {
            start.AddRange([at, width]);
            // A seed is at the top that the narrowest filter saw.
            var room = Math.Max(0.6 * width, 4 * step);
            lower.AddRange([at - room, 0.7 * step]);
            upper.AddRange([at + room, Math.Max(Math.Min(WidestLine, 8 * width), 1.01 * width)]);
        }
        ground = 3 + (int)((to - from) / Bend);
        (p, atBound) = (start.ToArray(), new bool[start.Count]);
        var columns = Allocate();
        amplitudes = new double[columns.Length];
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
                variance[i] = pattern.Variance(rows[i], counts[rows[i]] - y[i] + whole);
                var lines = whole;
                for (var j = 0; j < ground; j++) { lines -= amplitudes[j] * columns[j][i]; }
                sigma[i] = Math.Sqrt(variance[i] + Math.Pow(ProfileDoubt * lines, 2));
            }
        }
        First = rows[0];
    }

    private int First { get; }

    private int Count => (p.Length - 1) / 2;

    /// <summary>Where the next fit of the same lines begins; those that came to nothing, or are as wide as the ground, are left out.</summary>
    public IEnumerable<LineSeed> Seeds => Enumerable.Range(0, Count).Where(l => amplitudes[ground + l] > 0 && p[2 + (2 * l)] < 0.99 * WidestLine).Select(l => new LineSeed(p[1 + (2 * l)], p[2 + (2 * l)], amplitudes[ground + l], p[0]));

    /// <summary>Lines nearer than seven tenths of their breadth are one: a profile that is no Voigt, or two that cannot be told apart.</summary>
    public static List<LineSeed> Joined(IEnumerable<LineSeed> seeds)
    {
        var joined = new List<LineSeed>();
        foreach (var s in seeds.OrderBy(s => s.At))
        {
            if (joined.Count > 0 && joined[^1] is var b && s.At - b.At < 0.7 * Math.Max(s.Width, b.Width) && Math.Max(s.Width, b.Width) < 4 * Math.Min(s.Width, b.Width))
            {
                var area = s.Area + b.Area;
                joined[^1] = new(((s.At * s.Area) + (b.At * b.Area)) / area, ((s.Width * s.Area) + (b.Width * b.Area)) / area, area, s.Lorentz);
            }
            else { joined.Add(s); }
        }
        return joined;
    }

    /// <summary>Groups of lines whose windows touch; long chains are cut where the gap is widest.</summary>
    public static IEnumerable<LineGroup> Of(IReadOnlyList<LineSeed> seeds, Diffractogram pattern, double[] counts, double step)
    {
        var chain = new List<LineSeed>();
        var groups = new List<List<LineSeed>>();
        foreach (var s in seeds)
        {
            if (chain.Count > 0 && s.At - chain[^1].At > 3 * (s.Width + chain[^1].Width)) { groups.AddRange(Cut(chain)); chain = []; }
            chain.Add(s);
        }
        if (chain.Count > 0) { groups.AddRange(Cut(chain)); }
        return groups.Select(g => new LineGroup(g, seeds, pattern, counts, step)).Where(g => g.x.Length > (3 * g.Count) + g.ground + 1).ToArray();
    }

    private static IEnumerable<List<LineSeed>> Cut(List<LineSeed> chain)
    {
        if (chain.Count <= MostLines) { return [chain]; }
        var at = Enumerable.Range(1, chain.Count - 1).MaxBy(i => (chain[i].At - chain[i - 1].At) / (chain[i].Width + chain[i - 1].Width) * Math.Min(i, chain.Count - i));
        return Cut(chain[..at]).Concat(Cut(chain[at..]));
    }

    /// <summary>2θ of the second wavelength for a line at 2θ of the first, degrees.</summary>
    public static double Second(double twoTheta, Diffractogram pattern) => 360 / Math.PI * Math.Asin(Math.Clamp(Math.Sin(twoTheta * Math.PI / 360) * pattern.Wavelength2 / pattern.Wavelength, -1, 1));

    /// <summary>What a line has at an angle.</summary>
    public static double Of(LineSeed line, double x, Diffractogram pattern) => line.Area == 0 ? 0 : line.Area * Doublet(x, line.At, Second(line.At, pattern), line.Width, line.Lorentz, pattern.Ratio);

    /// <summary>Lines that are there beyond doubt, with errors from the joint covariance of the group, widened where residuals are no noise.</summary>
    public IEnumerable<ObservedLine> Lines()
    {
        var columns = Allocate();
        Columns(p, columns);
        // What came to nothing has no covariance.
        var linear = Enumerable.Range(0, columns.Length).Where(j => j < ground || amplitudes[j] > 0).ToArray();
        var jacobian = linear.Select(j => columns[j].Select((v, i) => v / sigma[i]).ToArray()).ToList();
        var free = Enumerable.Range(0, p.Length).Where(k => (k == 0 || !atBound[k]) && (k == 0 ? amplitudes.Skip(ground).Any(a => a > 0) : amplitudes[ground + ((k - 1) / 2)] > 0)).ToArray();
        var (up, down) = (Allocate(), Allocate());
        foreach (var k in free)
        {
            // A share at the end of its room is not known to be there.
            var (h, q) = (k == 0 ? 0.02 : 1e-4 * Math.Max(p[k % 2 == 1 ? k + 1 : k], 1e-3), (double[])p.Clone());
            q[k] = k == 0 ? Math.Min(1, p[k] + h) : p[k] + h;
            Columns(q, up);
            var from = q[k];
            q[k] = k == 0 ? Math.Max(0, p[k] - h) : p[k] - h;
            Columns(q, down);
            var range = from - q[k];
            jacobian.Add([.. Enumerable.Range(0, x.Length).Select(i => (At(up, amplitudes, i) - At(down, amplitudes, i)) / (range * sigma[i]))]);
        }
        // What lies below may bend more sharply: what two more powers would change (one step of Gauss and Newton), beyond what noise alone does, is part of the errors.
        var before = jacobian.Count;
        for (var j = ground; j < ground + 2; j++) { jacobian.Add([.. Enumerable.Range(0, x.Length).Select(i => Chebyshev(j, i) / sigma[i])]); }
        var norm = jacobian.Select(c => Math.Max(Math.Sqrt(Vectors.Dot(c, c)), 1e-300)).ToArray();
        var normal = Matrix<double>.Build.Dense(jacobian.Count, jacobian.Count, (i, j) => (Vectors.Dot(jacobian[i], jacobian[j]) / (norm[i] * norm[j])) + (i == j ? 1e-10 : 0));
        if (free is [0, ..])
        {
            // The share of the Lorentzian is between none and all.
            var k = linear.Length;
            normal[k, k] += 12 / (norm[k] * norm[k]);
        }
        double[] residual = [.. Enumerable.Range(0, x.Length).Select(i => (y[i] - At(columns, amplitudes, i)) / sigma[i])];
        var misfit = Misfit(residual);
        // What counting noise, as much larger as the misfit is where the line lies, makes of weights that are not its own.
        Matrix<double> Noise(Matrix<double> inverse) => inverse * Matrix<double>.Build.Dense(inverse.RowCount, inverse.RowCount, (i, j) =>
        {
            var sum = i == j && i == linear.Length && free is [0, ..] ? 12 / (norm[i] * norm[i]) : 0;
            for (var k = 0; k < x.Length; k++) { sum += jacobian[i][k] * jacobian[j][k] * misfit[k] * variance[k] / (sigma[k] * sigma[k]) / (norm[i] * norm[j]); }
            return sum;
        }) * inverse;
        var whole = normal.Inverse();
        var (noise, more) = (Noise(normal.SubMatrix(0, before, 0, before).Inverse()), Noise(whole));
        var bent = whole * Vector<double>.Build.Dense(jacobian.Count, i => Vectors.Dot(jacobian[i], residual) / norm[i]);
        double Error(int i) => Math.Sqrt(Math.Max(noise[i, i] + Math.Max(0, (bent[i] * bent[i]) - (more[i, i] - noise[i, i])), 0)) / norm[i];
        double Nonlinear(int k) => Array.IndexOf(free, k) is >= 0 and var i ? Error(linear.Length + i) : double.NaN;
        for (var l = 0; l < Count; l++)
        {
            var (area, at, width) = (amplitudes[ground + l], p[1 + (2 * l)], p[2 + (2 * l)]);
            // Beside a line fifty times as strong, what a Voigt profile leaves of that one is no line.
            if (area <= 0 || Enumerable.Range(0, Count).Any(o => area < 0.02 * amplitudes[ground + o] && Math.Abs(p[1 + (2 * o)] - at) < 6 * p[2 + (2 * o)])) { continue; }
            var (areaError, error, widthError) = (Error(Array.IndexOf(linear, ground + l)), Nonlinear(1 + (2 * l)), Nonlinear(2 + (2 * l)));
            // Narrower than the step: it is there, but its breadth is not known.
            var narrow = width < 0.71 * step;
            if (narrow) { (error, widthError) = (Math.Max(double.IsNaN(error) ? 0 : error, 0.29 * step), 0.29 * step); }
            // A line as wide as it may be is a part of the background, and one that ran from its seed another's shoulder.
            if (!(area > 4 * areaError) || double.IsNaN(error) || double.IsNaN(widthError) || error > Math.Max(0.5 * width, step) || at < 1) { continue; }
            var theta = at * Math.PI / 360;
            var spacing = pattern.Wavelength / (2 * Math.Sin(theta));
            var height = area / (1 + pattern.Ratio) * Profile(0, width, p[0]);
            if (height < 3 * Math.Sqrt(pattern.Variance(First, Math.Max(1, amplitudes[0]))) / Math.Sqrt(Math.Max(1, width / step))) { continue; }
            yield return new(Estimate.Of(at, error), Estimate.Of(spacing, spacing / Math.Tan(theta) * error * Math.PI / 360), Estimate.Of(area, areaError),
                Estimate.Of(height, height * Math.Min(1, Math.Sqrt(Math.Pow(areaError / area, 2) + Math.Pow(widthError / width, 2)))), narrow ? Estimate.Withheld("narrower than a step of the scan") : Estimate.Of(width, widthError));
        }
    }

    /// <summary>By what misfit exceeds counting noise (see <see cref="PowderModel.Scale"/>) at each point, from the part of the window that is nearest to one line.</summary>
    private double[] Misfit(double[] residual)
    {
        int[] nearest = [.. x.Select(t => Enumerable.Range(0, Count).MinBy(l => Math.Abs(p[1 + (2 * l)] - t)))];
        var misfit = new double[x.Length];
        for (var (from, to) = (0, 0); from < x.Length; from = to)
        {
            while (to < x.Length && nearest[to] == nearest[from]) { to++; }
            var own = Enumerable.Range(from, to - from).Select(i => residual[i] * sigma[i] / Math.Sqrt(variance[i])).ToArray();
            Array.Fill(misfit, PowderModel.Scale(own, own.Length), from, to - from);
        }
        return misfit;
    }

    /// <summary>Columns of ground and lines, those of the ground filled: Chebyshev polynomials of the angle.</summary>
    private double[][] Allocate()
    {
        var columns = Enumerable.Range(0, ground + Count).Select(_ => new double[x.Length]).ToArray();
        for (var j = 0; j < ground; j++) { for (var i = 0; i < x.Length; i++) { columns[j][i] = Chebyshev(j, i); } }
        return columns;
    }

    private double Chebyshev(int power, int row) => Math.Cos(power * Math.Acos(Math.Clamp(((2 * x[row]) - x[0] - x[^1]) / (x[^1] - x[0]), -1, 1)));

    private void Columns(ReadOnlySpan<double> q, double[][] columns)
    {
        var before = last is { } known && ReferenceEquals(known.Columns, columns) ? known.Parameters : null;
        for (var l = 0; l < Count; l++)
        {
            var (at, width) = (q[1 + (2 * l)], q[2 + (2 * l)]);
            if (before is not null && before[0] == q[0] && before[1 + (2 * l)] == at && before[2 + (2 * l)] == width) { continue; }
            var second = Second(at, pattern);
            for (var i = 0; i < x.Length; i++) { columns[ground + l][i] = Doublet(x[i], at, second, width, q[0], pattern.Ratio); }
        }
        last = (columns, q.ToArray());
    }

    private static double Doublet(double x, double at, double second, double width, double lorentz, double ratio) =>
        (Profile(x - at, width, lorentz) + (ratio > 0 ? ratio * Profile(x - second, width, lorentz) : 0)) / (1 + ratio);

    /// <summary>Voigt profile of unit area by its full width at half maximum and the share of the Lorentzian's (Olivero and Longbothum 1977).</summary>
    private static double Profile(double u, double width, double lorentz)
    {
        var rest = 1 - (0.5346 * lorentz);
        return Faddeeva.Voigt(u, width * Math.Sqrt(Math.Max((rest * rest) - (0.2166 * lorentz * lorentz), 1e-4)), width * lorentz);
    }

    private static double At(double[][] columns, double[] a, int i)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++) { sum += a[j] * columns[j][i]; }
        return sum;
    }

    private double[] Solve(double[][] columns) => WeightedColumns.Solve(columns, y, sigma, j => j >= ground);
}
