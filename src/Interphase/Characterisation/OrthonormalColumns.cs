using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>The columns of a linear fit, made orthonormal one by one, so that what a further column would explain is found without solving again.</summary>
internal sealed class OrthonormalColumns
{
    private readonly List<double[]> basis = [];

    /// <summary>Takes a column in; one that the others already make is left out.</summary>
    public void Add(double[] column)
    {
        var before = Vectors.Dot(column, column);
        Remove(column);
        Remove(column);
        var left = Vectors.Dot(column, column);
        if (left <= 1e-10 * before) { return; }
        var s = 1 / Math.Sqrt(left);
        for (var i = 0; i < column.Length; i++) { column[i] *= s; }
        basis.Add(column);
    }

    /// <summary>Takes from <paramref name="y"/> what the columns explain of it.</summary>
    public void Remove(double[] y)
    {
        foreach (var b in basis) { Vectors.AddScaled(y, b, -Vectors.Dot(b, y)); }
    }

    /// <summary>
    /// By how much one more column lowers the squared misfit of <paramref name="rest"/>, from which the others are removed already, and with what factor;
    /// nothing where the others make the column but for two per cent. The column is used up.
    /// </summary>
    public (double Gain, double Size) Gain(double[] column, double[] rest)
    {
        var before = Vectors.Dot(column, column);
        Remove(column);
        var left = Vectors.Dot(column, column);
        if (left < 0.02 * before) { return (0, 0); }
        var product = Vectors.Dot(column, rest);
        return (product * product / left, product / left);
    }
}
