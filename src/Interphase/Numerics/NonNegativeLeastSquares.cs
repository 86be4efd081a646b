namespace Interphase.Numerics;

/// <summary>
/// Minimises |A x − b|² over x ≥ 0 from the normal equations AᵀA and Aᵀb, by the active-set method of Lawson and Hanson
/// (1974, ch. 23) in the form of Bro and de Jong (J. Chemometrics 11 (1997) 393). Some unknowns may be free of the bound.
/// The workspace belongs to the object: solve many right-hand sides or penalties of one size without allocating.
/// </summary>
/// <remarks>Scale the columns of A to like length first. Columns that depend on those already in use are left at zero.</remarks>
public sealed class NonNegativeLeastSquares
{
    private readonly int size;
    private readonly double[] factor;          // Cholesky factor of the passive rows, packed by rows of length size
    private readonly double[] trial;
    private readonly double[] gradient;
    private readonly int[] passive;
    private readonly bool[] isPassive;
    private readonly bool[] refused;

    /// <summary>A solver for <paramref name="size"/> unknowns.</summary>
    public NonNegativeLeastSquares(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        this.size = size;
        factor = new double[size * size];
        trial = new double[size];
        gradient = new double[size];
        passive = new int[size];
        isPassive = new bool[size];
        refused = new bool[size];
    }

    /// <summary>How many times the set of unknowns in use was changed in the last call.</summary>
    public int Iterations { get; private set; }

    /// <summary>True when the last call met the optimality conditions; false when it stopped at the limit of iterations.</summary>
    public bool Converged { get; private set; }

    /// <summary>The unknowns that are not at the bound, in the order in which they came into use.</summary>
    public ReadOnlySpan<int> Passive => passive.AsSpan(0, PassiveCount);

    private int PassiveCount { get; set; }

    /// <summary>Solves. On entry the positive entries of <paramref name="x"/> are the first guess of the set in use (warm start).</summary>
    /// <param name="gram">AᵀA, row by row, positive semidefinite.</param>
    /// <param name="projection">Aᵀb.</param>
    /// <param name="x">In: guess of the set; out: the solution.</param>
    /// <param name="free">True for unknowns that may be negative; empty when none may.</param>
    public void Solve(ReadOnlySpan<double> gram, ReadOnlySpan<double> projection, Span<double> x, ReadOnlySpan<bool> free = default)
    {
        if (gram.Length != size * size || projection.Length != size || x.Length != size || (free.Length != 0 && free.Length != size))
        {
            throw new ArgumentException("the sizes do not agree");
        }
        Array.Clear(isPassive);
        Array.Clear(refused);
        PassiveCount = 0;
        Iterations = 0;
        Converged = false;
        double scale = 0;
        for (var i = 0; i < size; i++) { scale = Math.Max(scale, Math.Abs(projection[i])); }
        var tolerance = 1e-13 * scale * size;
        for (var i = 0; i < size; i++)
        {
            if ((free.Length > 0 && free[i]) || x[i] > 0) { Enter(i, gram); }
            if (!isPassive[i]) { x[i] = 0; }
        }
        Descend(gram, projection, x, free);
        for (; Iterations < 20 * size; Iterations++)
        {
            var enter = -1;
            var best = tolerance;
            for (var i = 0; i < size; i++)
            {
                if (isPassive[i] || refused[i]) { continue; }
                var g = projection[i];
                var row = gram.Slice(i * size, size);
                for (var k = 0; k < PassiveCount; k++) { g -= row[passive[k]] * x[passive[k]]; }
                gradient[i] = g;
                if (g > best) { (best, enter) = (g, i); }
            }
            if (enter < 0) { Converged = true; return; }
            if (!Enter(enter, gram)) { refused[enter] = true; continue; }
            SolvePassive(projection);
            if (trial[PassiveCount - 1] <= 0)
            {
                // Rounding: the gradient promised an increase that the factor does not give.
                Leave(PassiveCount - 1, gram);
                refused[enter] = true;
                continue;
            }
            Array.Clear(refused);
            Descend(gram, projection, x, free);
        }
    }

    /// <summary>Moves to the unconstrained optimum of the set in use, dropping unknowns that meet their bound on the way.</summary>
    private void Descend(ReadOnlySpan<double> gram, ReadOnlySpan<double> projection, Span<double> x, ReadOnlySpan<bool> free)
    {
        while (PassiveCount > 0)
        {
            SolvePassive(projection);
            var step = 1.0;
            for (var k = 0; k < PassiveCount; k++)
            {
                var i = passive[k];
                if (trial[k] > 0 || (free.Length > 0 && free[i])) { continue; }
                step = Math.Min(step, x[i] / (x[i] - trial[k]));
            }
            if (double.IsNaN(step)) { step = 0; }
            if (step >= 1)
            {
                for (var k = 0; k < PassiveCount; k++) { x[passive[k]] = trial[k]; }
                return;
            }
            for (var k = 0; k < PassiveCount; k++) { x[passive[k]] += step * (trial[k] - x[passive[k]]); }
            var first = PassiveCount;
            var count = 0;
            for (var k = 0; k < PassiveCount; k++)
            {
                var i = passive[k];
                if (!(free.Length > 0 && free[i]) && trial[k] <= 0 && x[i] <= 1e-14 * Math.Abs(trial[k]))
                {
                    x[i] = 0;
                    isPassive[i] = false;
                    first = Math.Min(first, k);
                }
                else { passive[count++] = i; }
            }
            if (first == PassiveCount) { return; }
            PassiveCount = count;
            Refactor(first, gram);
            Iterations++;
        }
    }

    private bool Enter(int i, ReadOnlySpan<double> gram)
    {
        passive[PassiveCount] = i;
        if (!FactorRow(PassiveCount, gram)) { return false; }
        isPassive[i] = true;
        PassiveCount++;
        return true;
    }

    private void Leave(int k, ReadOnlySpan<double> gram)
    {
        isPassive[passive[k]] = false;
        for (var j = k; j < PassiveCount - 1; j++) { passive[j] = passive[j + 1]; }
        PassiveCount--;
        Refactor(k, gram);
    }

    private void Refactor(int from, ReadOnlySpan<double> gram)
    {
        for (var k = from; k < PassiveCount; k++)
        {
            if (FactorRow(k, gram)) { continue; }
            isPassive[passive[k]] = false;
            for (var j = k; j < PassiveCount - 1; j++) { passive[j] = passive[j + 1]; }
            PassiveCount--;
            k--;
        }
    }

    private bool FactorRow(int k, ReadOnlySpan<double> gram)
    {
        var row = factor.AsSpan(k * size, k + 1);
        var g = gram.Slice(passive[k] * size, size);
        var diagonal = g[passive[k]];
        for (var j = 0; j < k; j++)
        {
            var other = factor.AsSpan(j * size, j + 1);
            row[j] = (g[passive[j]] - Vectors.Dot(row[..j], other[..j])) / other[j];
        }
        var left = diagonal - Vectors.Dot(row[..k], row[..k]);
        if (left <= 1e-14 * diagonal) { return false; }
        row[k] = Math.Sqrt(left);
        return true;
    }

    private void SolvePassive(ReadOnlySpan<double> projection)
    {
        for (var k = 0; k < PassiveCount; k++)
        {
            var row = factor.AsSpan(k * size, k + 1);
            trial[k] = (projection[passive[k]] - Vectors.Dot(row[..k], trial.AsSpan(0, k))) / row[k];
        }
        for (var k = PassiveCount - 1; k >= 0; k--)
        {
            trial[k] /= factor[(k * size) + k];
            for (var l = 0; l < k; l++) { trial[l] -= factor[(k * size) + l] * trial[k]; }
        }
    }
}
