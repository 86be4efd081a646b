using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// A spectrum as a distribution of relaxation times and what stands beside it:
/// Z = R∞ + jωL + Σ_a T_a (jω)^−a + Σ γ_k /(1 + jωτ_k), γ_k ≥ 0 on an even grid of log τ.
/// The tails a = 1, 0.9 … 0.4 (series capacitance and constant-phase elements) carry what blocks below the window.
/// Everything is relative: rows weighted by 1/|Z|, columns scaled by the largest |Z|, so that nothing depends on the unit of
/// resistance; and points are sorted by frequency, so that nothing depends on their order.
/// </summary>
internal sealed class RelaxationModel
{
    public static readonly double[] AllTails = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4];

    private readonly double[] gram;
    private readonly double[] projection;
    private readonly NonNegativeLeastSquares solver;

    /// <param name="frequency">Hz, from high to low.</param>
    /// <param name="z">Ohm.</param>
    /// <param name="perDecade">Grid points a decade of τ.</param>
    /// <param name="extension">Decades of τ beyond either end of the window.</param>
    /// <param name="inductance">Whether L is in the model.</param>
    /// <param name="tails">Exponents of the tails in the model; <see cref="AllTails"/> when null.</param>
    /// <param name="loopsPerDecade">Relaxations of negative resistance a decade of the window (inductive loops); 0 for none.</param>
    public RelaxationModel(double[] frequency, Complex[] z, double perDecade = 10, double extension = 1, bool inductance = true, double[]? tails = null, int loopsPerDecade = 0)
    {
        Count = frequency.Length;
        var n = Count;
        double high = 2 * Math.PI * frequency[0], low = 2 * Math.PI * frequency[^1];
        Scale = z.Max(v => v.Magnitude);
        var decades = Math.Log10(high / low) + (2 * extension);
        GridCount = (int)Math.Ceiling(decades * perDecade) + 1;
        Step = decades * Math.Log(10) / (GridCount - 1);
        Tau = new double[GridCount];
        for (var k = 0; k < GridCount; k++) { Tau[k] = Math.Exp((k * Step) - (extension * Math.Log(10))) / high; }
        Tails = tails ?? AllTails;
        HasInductance = inductance;
        LoopCount = loopsPerDecade == 0 ? 0 : (int)Math.Ceiling(Math.Log10(high / low) * loopsPerDecade) + 1;
        var size = GridCount + 1 + (inductance ? 1 : 0) + TailCount + LoopCount;
        Columns = new double[size][];
        for (var k = 0; k < size; k++) { Columns[k] = new double[2 * n]; }
        Data = new double[2 * n];
        for (var i = 0; i < n; i++)
        {
            var omega = 2 * Math.PI * frequency[i];
            var weight = Scale / z[i].Magnitude;
            Data[i] = z[i].Real / z[i].Magnitude;
            Data[n + i] = z[i].Imaginary / z[i].Magnitude;
            for (var k = 0; k < GridCount; k++)
            {
                var x = omega * Tau[k];
                var d = weight / (1 + (x * x));
                Columns[k][i] = d;
                Columns[k][n + i] = -x * d;
            }
            Columns[ResistanceIndex][i] = weight;
            if (inductance) { Columns[InductanceIndex][n + i] = weight * omega / high; }
            for (var a = 0; a < TailCount; a++)
            {
                var t = weight * Complex.FromPolarCoordinates(Math.Pow(omega / low, -Tails[a]), -Tails[a] * Math.PI / 2);
                Columns[TailIndex + a][i] = t.Real;
                Columns[TailIndex + a][n + i] = t.Imaginary;
            }
            for (var k = 0; k < LoopCount; k++)
            {
                var x = omega / low * Math.Pow(high / low, -k / (LoopCount - 1.0));
                var d = weight / (1 + (x * x));
                Columns[LoopIndex + k][i] = -d;
                Columns[LoopIndex + k][n + i] = x * d;
            }
        }
        LowestOmega = low;
        HighestOmega = high;
        gram = new double[size * size];
        projection = new double[size];
        for (var a = 0; a < size; a++)
        {
            projection[a] = Vectors.Dot(Columns[a], Data);
            for (var b = 0; b <= a; b++) { gram[(a * size) + b] = gram[(b * size) + a] = Vectors.Dot(Columns[a], Columns[b]); }
        }
        DataSquared = Vectors.Dot(Data, Data);
        Free = new bool[size];
        Free[ResistanceIndex] = true;
        if (inductance) { Free[InductanceIndex] = true; }
        solver = new(size);
    }

    public int Count { get; }

    public int GridCount { get; }

    public double[] Tails { get; }

    public int TailCount => Tails.Length;

    public bool HasInductance { get; }

    public int ResistanceIndex => GridCount;

    public int InductanceIndex => GridCount + 1;

    public int TailIndex => GridCount + 1 + (HasInductance ? 1 : 0);

    public int LoopCount { get; }

    public int LoopIndex => TailIndex + TailCount;

    public int Size => Columns.Length;

    /// <summary>Distance of the grid in ln τ.</summary>
    public double Step { get; }

    /// <summary>s.</summary>
    public double[] Tau { get; }

    /// <summary>Ohm for each unit of a coefficient.</summary>
    public double Scale { get; }

    public double LowestOmega { get; }

    public double HighestOmega { get; }

    /// <summary>Weighted columns, real parts then imaginary parts.</summary>
    public double[][] Columns { get; }

    public double[] Data { get; }

    public double DataSquared { get; }

    public bool[] Free { get; }

    /// <summary>
    /// The penalty matrix: squared differences of the given order of γ on the grid, γ being zero beyond it, in units that do
    /// not depend on the distance of the grid.
    /// </summary>
    public double[] Penalty(int order)
    {
        double[] stencil = order switch { 0 => [1], 1 => [1, -1], _ => [1, -2, 1] };
        var p = new double[Size * Size];
        var unit = Math.Pow(Step, -2 * order);
        for (var k = -order; k < GridCount; k++)
        {
            for (var u = 0; u < stencil.Length; u++)
            {
                for (var v = 0; v < stencil.Length; v++)
                {
                    int a = k + u, b = k + v;
                    if (a >= 0 && b >= 0 && a < GridCount && b < GridCount) { p[(a * Size) + b] += stencil[u] * stencil[v] * unit; }
                }
            }
        }
        // A loop's line holds a resistance where the distribution holds one spread over a step.
        for (var k = LoopIndex; k < Size && order > 0; k++) { p[(k * Size) + k] = Step * Step; }
        return p;
    }

    /// <summary>AᵀA + λ·penalty.</summary>
    public double[] Normal(double[] penalty, double lambda)
    {
        var g = (double[])gram.Clone();
        if (lambda > 0) { Vectors.AddScaled(g, penalty, lambda); }
        return g;
    }

    /// <summary>The fit at one strength of the penalty. <paramref name="start"/> is a guess of the set in use, updated to the solution.</summary>
    public RelaxationFit Fit(double[] penalty, double lambda, double[] start)
    {
        var g = Normal(penalty, lambda);
        solver.Solve(g, projection, start, Free);
        int[] active = [.. solver.Passive];
        Array.Sort(active);
        return new(this, g, penalty, lambda, active);
    }

    /// <summary>
    /// Fits from smooth to rough in steps of 0.75 decades of λ, until the evidence has clearly passed its top.
    /// </summary>
    public List<RelaxationFit> Path(int order)
    {
        var penalty = Penalty(order);
        var start = new double[Size];
        var fits = new List<RelaxationFit>();
        var top = double.NegativeInfinity;
        for (var exponent = 2.0; exponent > -13; exponent -= 0.75)
        {
            var fit = Fit(penalty, Math.Pow(10, exponent), start);
            fits.Add(fit);
            top = Math.Max(top, fit.Evidence);
            if (fit.Evidence < top - 15) { break; }
        }
        return fits;
    }

    /// <summary>
    /// Coefficients drawn about the solution: the data and the prior are disturbed by their own noise and the problem is
    /// solved again with its bounds (perturb and optimise; Papandreou and Yuille 2010).
    /// </summary>
    public IEnumerable<double[]> Draw(RelaxationFit fit, double[] penalty, int count, int seed)
    {
        var normal = Normal(penalty, fit.Lambda);
        var factor = new double[Size * Size];
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var s = normal[(i * Size) + j] - Vectors.Dot(factor.AsSpan(i * Size, j), factor.AsSpan(j * Size, j));
                factor[(i * Size) + j] = i > j ? (factor[(j * Size) + j] > 0 ? s / factor[(j * Size) + j] : 0) : Math.Sqrt(Math.Max(s, 0));
            }
        }
        var random = new Random(seed);
        var deviation = Math.Sqrt(fit.Variance);
        var x = new double[Size];
        var disturbed = new double[Size];
        var z = new double[Size];
        for (var n = 0; n < count; n++)
        {
            for (var k = 0; k < Size; k++) { z[k] = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()); }
            for (var k = 0; k < Size; k++) { disturbed[k] = projection[k] + Vectors.Dot(factor.AsSpan(k * Size, k + 1), z.AsSpan(0, k + 1)); }
            fit.Coefficient.CopyTo(x, 0);
            solver.Solve(normal, disturbed, x, Free);
            yield return x;
        }
    }

    public double ProjectionOf(int k) => projection[k];
}
