namespace Interphase.Numerics;

/// <summary>
/// A smooth function of one variable on an even grid, as cubic Hermite pieces built from values and exact derivatives: fourth order,
/// and its derivative is the derivative of what it returns, which Newton's method needs. Beyond its ends it goes on as a straight line.
/// </summary>
internal sealed class HermiteTable
{
    private readonly double[] pieces;
    private readonly double origin;
    private readonly double perStep;
    private readonly int last;

    private HermiteTable(double[] pieces, double origin, double step)
    {
        this.pieces = pieces;
        this.origin = origin;
        perStep = 1 / step;
        last = (pieces.Length / 4) - 1;
    }

    /// <summary>Values and derivatives at <c>values.Length</c> even points from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public static HermiteTable Of(double from, double to, ReadOnlySpan<double> values, ReadOnlySpan<double> derivatives)
    {
        var n = values.Length - 1;
        var h = (to - from) / n;
        var pieces = new double[4 * n];
        for (var i = 0; i < n; i++)
        {
            double f0 = values[i], f1 = values[i + 1], d0 = derivatives[i] * h, d1 = derivatives[i + 1] * h;
            pieces[4 * i] = f0;
            pieces[(4 * i) + 1] = d0;
            pieces[(4 * i) + 2] = (3 * (f1 - f0)) - (2 * d0) - d1;
            pieces[(4 * i) + 3] = (2 * (f0 - f1)) + d0 + d1;
        }
        return new(pieces, from, h);
    }

    /// <summary>A table on the same grid, to be filled by <see cref="Blend"/>.</summary>
    public HermiteTable Like() => new(new double[pieces.Length], origin, 1 / perStep);

    /// <summary>Becomes the weighted sum of tables on its grid.</summary>
    public void Blend(ReadOnlySpan<(HermiteTable Table, double Weight)> terms)
    {
        Array.Clear(pieces);
        foreach (var (table, weight) in terms) { Vectors.AddScaled(pieces, table.pieces, weight); }
    }

    /// <summary>The value, and its derivative.</summary>
    public double At(double x, out double derivative)
    {
        var s = (x - origin) * perStep;
        var i = (int)s;
        if ((uint)i > (uint)last || s < 0) { return Beyond(s, out derivative); }
        var t = s - i;
        var k = i << 2;
        ref var p = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(pieces);
        double a = System.Runtime.CompilerServices.Unsafe.Add(ref p, k), b = System.Runtime.CompilerServices.Unsafe.Add(ref p, k + 1);
        double c = System.Runtime.CompilerServices.Unsafe.Add(ref p, k + 2), d = System.Runtime.CompilerServices.Unsafe.Add(ref p, k + 3);
        derivative = (b + (t * ((2 * c) + (3 * t * d)))) * perStep;
        return a + (t * (b + (t * (c + (t * d)))));
    }

    private double Beyond(double s, out double derivative)
    {
        var i = s < 0 ? 0 : last;
        var t = s < 0 ? 0.0 : 1.0;
        double b = pieces[(4 * i) + 1], c = pieces[(4 * i) + 2], d = pieces[(4 * i) + 3];
        var slope = b + (t * ((2 * c) + (3 * t * d)));
        derivative = slope * perStep;
        return pieces[4 * i] + (t * (b + (t * (c + (t * d))))) + (slope * (s - i - t));
    }
}
