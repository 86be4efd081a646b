using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// A spectrum as a distribution of relaxation times and what stands beside it:
/// Z = R∞ + jωL + Σ_a T_a (jω)^−a + Σ γ_k /(1 + jωτ_k), γ_k ≥ 0 on an even grid of log τ.
/// The tails a = 1, 0.8, 0.6, 0.4 (series capacitance and constant-phase elements) carry what blocks below the window.
/// Everything is relative: rows weighted by 1/|Z|, columns scaled by the largest |Z|, so that nothing depends on the unit of
/// resistance; and points are sorted by frequency, so that nothing depends on their order.
/// </summary>
internal sealed class RelaxationModel
{
    public static readonly double[] Tails = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4];

    private readonly double[] gram;
    private readonly double[] projection;
    private readonly NonNegativeLeastSquares solver;

    /// <param name="frequency">Hz, from high to low.</param>
    /// <param name="z">Ohm.</param>
    /// <param name="perDecade">Grid points a decade of τ.</param>
    /// <param name="extension">Decades of τ beyond either end of the window.</param>
    /// <param name="inductance">Whether L is in the model.</param>
    /// <param name="tails">Whether tails are in the model.</param>
    public RelaxationModel(double[] frequency, Complex[] z, double perDecade = 10, double extension = 1, bool inductance = true, bool tails = true)
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
        TailCount = tails ? Tails.Length : 0;
        HasInductance = inductance;
        var size = GridCount + 1 + (inductance ? 1 : 0) + TailCount;
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

    public int TailCount { get; }

    public bool HasInductance { get; }

    public int ResistanceIndex => GridCount;

    public int InductanceIndex => GridCount + 1;

    public int TailIndex => GridCount + 1 + (HasInductance ? 1 : 0);

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
        return p;
    }

    /// <summary>The fit at one strength of the penalty. <paramref name="start"/> is a guess of the set in use, updated to the solution.</summary>
    public RelaxationFit Fit(double[] penalty, double lambda, double[] start)
    {
        var g = new double[gram.Length];
        var l = new Vector<double>(lambda);
        var i = 0;
        for (; i <= g.Length - Vector<double>.Count; i += Vector<double>.Count) { (new Vector<double>(gram, i) + (l * new Vector<double>(penalty, i))).CopyTo(g, i); }
        for (; i < g.Length; i++) { g[i] = gram[i] + (lambda * penalty[i]); }
        solver.Solve(g, projection, start, Free);
        int[] active = [.. solver.Passive];
        Array.Sort(active);
        return new(this, g, penalty, lambda, active);
    }

    public double ProjectionOf(int k) => projection[k];
}
