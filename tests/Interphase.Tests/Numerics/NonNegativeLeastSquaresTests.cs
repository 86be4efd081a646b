using FsCheck;
using FsCheck.Fluent;
using Interphase.Numerics;
using Interphase.Tests.Impedance;

namespace Interphase.Tests.Numerics;

public class NonNegativeLeastSquaresTests
{
    private static (double[] Gram, double[] Projection) Problem(int rows, int size, Random random)
    {
        var a = new double[rows, size];
        var b = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            b[i] = GeneratedSpectra.Normal(random);
            for (var k = 0; k < size; k++) { a[i, k] = GeneratedSpectra.Normal(random); }
        }
        var gram = new double[size * size];
        var projection = new double[size];
        for (var k = 0; k < size; k++)
        {
            for (var i = 0; i < rows; i++)
            {
                projection[k] += a[i, k] * b[i];
                for (var l = 0; l < size; l++) { gram[(k * size) + l] += a[i, k] * a[i, l]; }
            }
        }
        return (gram, projection);
    }

    /// <summary>Kuhn–Tucker: nothing negative, no descent possible, and no gradient where the bound is not met.</summary>
    [Fact]
    public void Every_solution_meets_the_optimality_conditions() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(4711, 17), Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var size = random.Next(1, 25);
            var (gram, projection) = Problem(random.Next(1, 40), size, random);
            var free = Enumerable.Range(0, size).Select(_ => random.NextDouble() < 0.1).ToArray();
            var x = Enumerable.Range(0, size).Select(_ => random.NextDouble() < 0.3 ? 1.0 : 0).ToArray();
            var solver = new NonNegativeLeastSquares(size);
            solver.Solve(gram, projection, x, free);
            if (!solver.Converged) { return false; }
            for (var k = 0; k < size; k++)
            {
                var g = projection[k];
                for (var l = 0; l < size; l++) { g -= gram[(k * size) + l] * x[l]; }
                var ok = free[k] ? Math.Abs(g) < 1e-7 : x[k] > 0 ? Math.Abs(g) < 1e-7 : x[k] == 0 && g < 1e-7;
                if (!ok) { return false; }
            }
            return true;
        }));

    [Fact]
    public void Sparse_positive_truth_is_recovered_from_correlated_columns()
    {
        const int size = 30;
        var gram = new double[size * size];
        var projection = new double[size];
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < size; k++) { gram[(i * size) + k] = Math.Exp(-Math.Abs(i - k) / 3.0); }
            projection[i] = (2 * gram[(i * size) + 5]) + (3 * gram[(i * size) + 20]);
        }
        var x = new double[size];
        new NonNegativeLeastSquares(size).Solve(gram, projection, x);
        Assert.Equal(2, x[5], 9);
        Assert.Equal(3, x[20], 9);
        Assert.Equal(5, x.Sum(), 9);
    }
}
