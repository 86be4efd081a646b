using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// All spectra of a series at once: Σ_i χ²_i(θ_i)/s_i² + Σ_j λ_j |b_j|² over the courses of the parameters, by Levenberg and
/// Marquardt; the strengths λ_j follow by the generalised Fellner–Schall step, which climbs the restricted likelihood
/// (Wood and Fasiolo, Biometrics 73 (2017) 1071).
/// </summary>
internal sealed class LinkedDescent
{
    /// <summary>Spectra left to themselves are held this lightly to where they were; it only keeps what nothing determines finite.</summary>
    private const double Lightly = 1e-3;

    private const double LongestStep = 1.5;
    private const double Strongest = 1e12;
    private readonly LeastSquares[] problems;
    private readonly double[] variance;
    private readonly LinkedCourse[] courses;
    private readonly int[] first;
    private readonly double[] strength;
    private readonly double[] unknowns;
    private readonly double[,] matrix;
    private readonly double[] slope;
    private readonly int parameters;

    /// <param name="problems">One a spectrum, all of one circuit.</param>
    /// <param name="variance">Of one weighted residual of each.</param>
    /// <param name="courses">One a free parameter.</param>
    /// <param name="start">θ of each spectrum fitted alone.</param>
    /// <param name="trust">1/variance of each of these; 0 where nothing is known.</param>
    /// <param name="fromLine">Start on straight lines, which forgive spectra whose own minimum is another one; else near the start.</param>
    public LinkedDescent(LeastSquares[] problems, double[] variance, LinkedCourse[] courses, double[][] start, double[][] trust, bool fromLine)
    {
        (this.problems, this.variance, this.courses) = (problems, variance, courses);
        parameters = courses.Length;
        first = new int[parameters];
        for (var j = 1; j < parameters; j++) { first[j] = first[j - 1] + courses[j - 1].Count; }
        var n = first[^1] + courses[^1].Count;
        unknowns = new double[n];
        strength = new double[parameters];
        matrix = new double[n, n];
        slope = new double[n];
        for (var j = 0; j < parameters; j++)
        {
            double[] alone = [.. start.Select(t => t[j])];
            if (fromLine) { BeginOnLine(j, alone, [.. trust.Select(t => t[j] > 0)]); }
            else { BeginNear(j, alone, [.. trust.Select(t => t[j])]); }
        }
    }

    /// <summary>χ² of each spectrum, with its own weights.</summary>
    public double[] ChiSquared { get; private set; } = [];

    public int Iterations { get; private set; }

    public StopReason Reason { get; private set; } = StopReason.IterationLimit;

    /// <summary>Parameters the series has in effect: unknowns less what the courses take from them.</summary>
    public double EffectiveParameters { get; private set; }

    /// <summary>Standard deviation of a parameter's deviations from its line, and how many of them are in use.</summary>
    public (double Scatter, double InUse)[] Deviation { get; private set; } = [];

    private double[,] Covariance { get; set; } = new double[0, 0];

    public void Run(int most)
    {
        var damping = 1e-3;
        for (var round = 0; round < 60; round++)
        {
            var settled = Descend(most, round < 59 ? 1e-4 : 1e-9, ref damping);
            var change = Strengthen();
            if (change < 0.02 && settled) { break; }
        }
        Descend(most, 1e-10, ref damping);
        Strengthen(change: false);
    }

    /// <summary>θ of a spectrum.</summary>
    public double[] Theta(int i)
    {
        var theta = new double[parameters];
        for (var j = 0; j < parameters; j++) { theta[j] = Math.Clamp(Value(unknowns, i, j), problems[i].Lower[j], problems[i].Upper[j]); }
        return theta;
    }

    /// <summary>Covariance of θ of a spectrum, row by row.</summary>
    public double[] CovarianceOf(int i)
    {
        var c = new double[parameters * parameters];
        for (var j = 0; j < parameters; j++)
        {
            for (var l = 0; l <= j; l++)
            {
                double sum = 0;
                var (a, b) = (courses[j].Rows[i], courses[l].Rows[i]);
                for (var p = 0; p < a.Length; p++)
                {
                    if (a[p] == 0) { continue; }
                    for (var q = 0; q < b.Length; q++) { sum += a[p] * b[q] * Covariance[first[j] + p, first[l] + q]; }
                }
                c[(j * parameters) + l] = c[(l * parameters) + j] = sum;
            }
        }
        return c;
    }

    /// <summary>Level and slope of a parameter's line over the scaled axis, with their covariance.</summary>
    public (double Level, double Slope, double LevelVariance, double SlopeVariance, double Covariance) Line(int j) =>
        (unknowns[first[j]], unknowns[first[j] + 1], Covariance[first[j], first[j]], Covariance[first[j] + 1, first[j] + 1], Covariance[first[j], first[j] + 1]);

    private double Value(double[] x, int i, int j)
    {
        var row = courses[j].Rows[i];
        return courses[j].Offset[i] + Vectors.Dot(row, x.AsSpan(first[j], row.Length));
    }

    /// <summary>
    /// The line of repeated medians (Siegel, Biometrika 69 (1982) 242), which half of the spectra may contradict, and deviations
    /// of two percent, which the data may ask to be larger.
    /// </summary>
    private void BeginOnLine(int j, double[] theta, bool[] known)
    {
        const double Deviation = 0.02;
        var course = courses[j];
        strength[j] = 1 / (Deviation * Deviation);
        int[] use = [.. Enumerable.Range(0, theta.Length).Where(i => known[i])];
        if (use.Length < 3) { use = [.. Enumerable.Range(0, theta.Length)]; }
        double X(int i) => course.Rows[i][1];
        double Y(int i) => theta[i] - course.Offset[i];
        var s = Median.Of([.. use.Select(i => Median.Of([.. use.Where(k => X(k) != X(i)).Select(k => (Y(k) - Y(i)) / (X(k) - X(i)))]))]);
        unknowns[first[j]] = Median.Of([.. use.Select(i => Y(i) - (s * X(i)))]);
        unknowns[first[j] + 1] = s;
    }

    /// <summary>The course nearest to what the spectra said alone; its deviations set the first strength.</summary>
    private void BeginNear(int j, double[] theta, double[] trust)
    {
        var course = courses[j];
        var n = course.Count;
        var a = new double[n, n];
        var b = new double[n];
        var floor = 1e-9 * trust.Max();
        for (var i = 0; i < theta.Length; i++)
        {
            var (row, w) = (course.Rows[i], Math.Max(trust[i], floor));
            for (var p = 0; p < n; p++)
            {
                b[p] += w * row[p] * (theta[i] - course.Offset[i]);
                for (var q = 0; q <= p; q++) { a[p, q] += w * row[p] * row[q]; }
            }
        }
        for (var p = 0; p < n; p++) { a[p, p] += 1e-12 + (1e-9 * a[p, p]) + (p >= course.FirstDeviation && p < n - course.Own ? 1 : 0); }
        if (Cholesky.Factor(a)) { Cholesky.Solve(a, b); }
        b.CopyTo(unknowns, first[j]);
        double squares = 0;
        for (var p = course.FirstDeviation; p < n - course.Own; p++) { squares += b[p] * b[p]; }
        strength[j] = course.Deviations == 0 ? 0 : Math.Min(course.Deviations / Math.Max(squares, 1e-12), Strongest);
    }

    private double Cost(double[] x, bool withSlopes)
    {
        double sum = 0;
        var theta = new double[parameters];
        var chi = new double[problems.Length];
        var (g, h) = (new double[parameters], new double[parameters * parameters]);
        if (withSlopes)
        {
            Array.Clear(matrix);
            Array.Clear(slope);
        }
        for (var i = 0; i < problems.Length; i++)
        {
            var p = problems[i];
            var outside = new double[parameters];
            for (var j = 0; j < parameters; j++)
            {
                var v = Value(x, i, j);
                theta[j] = Math.Clamp(v, p.Lower[j], p.Upper[j]);
                outside[j] = v - theta[j];
            }
            chi[i] = withSlopes ? p.Curvature(theta, g, h) : p.Cost(theta);
            sum += chi[i] / variance[i];
            if (!withSlopes) { continue; }
            for (var j = 0; j < parameters; j++)
            {
                // At a limit a further step outwards changes nothing.
                if (outside[j] * g[j] < 0) { Silence(j, g, h); }
            }
            Add(i, g, h);
        }
        for (var j = 0; j < parameters; j++)
        {
            var c = courses[j];
            for (var k = c.FirstDeviation; k < c.Count; k++)
            {
                var w = k < c.Count - c.Own ? strength[j] : Lightly;
                var at = first[j] + k;
                // What is left to itself stays near zero offset, which is where it was.
                sum += w * x[at] * x[at];
                if (withSlopes) { slope[at] += w * x[at]; matrix[at, at] += w; }
            }
        }
        ChiSquared = chi;
        return sum;
    }

    private void Silence(int j, double[] g, double[] h)
    {
        g[j] = 0;
        for (var l = 0; l < parameters; l++) { h[(j * parameters) + l] = h[(l * parameters) + j] = 0; }
    }

    private void Add(int i, double[] g, double[] h)
    {
        for (var j = 0; j < parameters; j++)
        {
            var a = courses[j].Rows[i];
            for (var p = 0; p < a.Length; p++)
            {
                if (a[p] == 0) { continue; }
                slope[first[j] + p] += a[p] * g[j] / variance[i];
                for (var l = 0; l <= j; l++)
                {
                    var w = a[p] * h[(j * parameters) + l] / variance[i];
                    if (w == 0) { continue; }
                    var b = courses[l].Rows[i];
                    for (var q = 0; q < b.Length; q++) { matrix[first[j] + p, first[l] + q] += w * b[q]; }
                }
            }
        }
    }

    /// <summary>True where the last step promised less than <paramref name="tolerance"/> of the cost.</summary>
    private bool Descend(int most, double tolerance, ref double damping)
    {
        var n = unknowns.Length;
        var cost = Cost(unknowns, true);
        for (var iteration = 0; iteration < most; iteration++)
        {
            Iterations++;
            while (true)
            {
                var a = (double[,])matrix.Clone();
                for (var p = 0; p < n; p++) { a[p, p] += (damping * matrix[p, p]) + 1e-12; }
                var step = new double[n];
                for (var p = 0; p < n; p++) { step[p] = -slope[p]; }
                if (!Cholesky.Factor(a)) { damping = Math.Max(damping * 10, 1e-6); continue; }
                Cholesky.Solve(a, step);
                double promised = 0, longest = 0;
                for (var p = 0; p < n; p++) { promised -= slope[p] * step[p]; }
                for (var i = 0; i < problems.Length; i++)
                {
                    for (var j = 0; j < parameters; j++)
                    {
                        var row = courses[j].Rows[i];
                        longest = Math.Max(longest, Math.Abs(Vectors.Dot(row, step.AsSpan(first[j], row.Length))));
                    }
                }
                if (promised <= tolerance * cost && damping < 0.1) { Reason = StopReason.Converged; return true; }
                if (damping > 1e12) { Reason = StopReason.NoFurtherDecrease; return true; }
                var scale = Math.Min(1, LongestStep / longest);
                double[] trial = [.. unknowns.Select((v, p) => v + (scale * step[p]))];
                var candidate = Cost(trial, false);
                if (double.IsFinite(candidate) && candidate < cost)
                {
                    trial.CopyTo(unknowns, 0);
                    damping = Math.Max(damping / 5, 1e-12);
                    break;
                }
                damping = Math.Max(damping * 4, 1e-9);
            }
            cost = Cost(unknowns, true);
        }
        Reason = StopReason.IterationLimit;
        return false;
    }

    /// <summary>λ_j ← (rank − λ_j tr V_j)/|b_j|², V the posterior covariance; returns the largest change of ln λ that matters.</summary>
    private double Strengthen(bool change = true)
    {
        _ = Cost(unknowns, true);
        var n = unknowns.Length;
        var a = (double[,])matrix.Clone();
        for (var p = 0; p < n; p++) { a[p, p] += 1e-10 * (1 + matrix[p, p]); }
        if (!Cholesky.Factor(a)) { return 0; }
        var inverse = Inverse(a);
        Covariance = inverse;
        double largest = 0;
        Deviation = new (double, double)[parameters];
        EffectiveParameters = 0;
        for (var j = 0; j < parameters; j++)
        {
            var c = courses[j];
            double squares = 0, trace = 0;
            for (var k = c.FirstDeviation; k < c.Count - c.Own; k++)
            {
                squares += unknowns[first[j] + k] * unknowns[first[j] + k];
                trace += inverse[first[j] + k, first[j] + k];
            }
            var inUse = Math.Clamp(c.Deviations - (strength[j] * trace), 0, c.Deviations);
            Deviation[j] = (c.Deviations == 0 ? 0 : 1 / Math.Sqrt(strength[j]), inUse);
            EffectiveParameters += c.FirstDeviation + c.Own + inUse;
            if (!change || c.Deviations == 0) { continue; }
            var next = Math.Clamp(Math.Max(inUse, 1e-9) / Math.Max(squares, 1e-30), 1e-6, Strongest);
            // A strength that has taken everything may rise for ever; that no longer matters.
            if (inUse > 0.01 || next < strength[j]) { largest = Math.Max(largest, Math.Abs(Math.Log(next / strength[j])) * Math.Min(1, inUse)); }
            strength[j] = next;
        }
        return largest;
    }

    private static double[,] Inverse(double[,] factor)
    {
        var n = factor.GetLength(0);
        var lower = new double[n, n];
        for (var c = 0; c < n; c++)
        {
            lower[c, c] = 1 / factor[c, c];
            for (var r = c + 1; r < n; r++)
            {
                double s = 0;
                for (var k = c; k < r; k++) { s -= factor[r, k] * lower[k, c]; }
                lower[r, c] = s / factor[r, r];
            }
        }
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double s = 0;
                for (var k = i; k < n; k++) { s += lower[k, i] * lower[k, j]; }
                inverse[i, j] = inverse[j, i] = s;
            }
        }
        return inverse;
    }
}
