using System.Numerics;
using System.Runtime.InteropServices;

namespace Interphase.Numerics;

/// <summary>Inner loops over contiguous numbers, in the machine's vector width.</summary>
internal static class Vectors
{
    /// <summary>Σ aᵢ bᵢ over the length of <paramref name="a"/>.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var x = MemoryMarshal.Cast<double, Vector<double>>(a);
        var y = MemoryMarshal.Cast<double, Vector<double>>(b[..a.Length]);
        var sum = Vector<double>.Zero;
        for (var i = 0; i < x.Length; i++) { sum += x[i] * y[i]; }
        var s = Vector.Sum(sum);
        for (var i = x.Length * Vector<double>.Count; i < a.Length; i++) { s += a[i] * b[i]; }
        return s;
    }

    /// <summary>a ← a + scale·b.</summary>
    public static void AddScaled(Span<double> a, ReadOnlySpan<double> b, double scale)
    {
        var x = MemoryMarshal.Cast<double, Vector<double>>(a);
        var y = MemoryMarshal.Cast<double, Vector<double>>(b[..a.Length]);
        var factor = new Vector<double>(scale);
        for (var i = 0; i < x.Length; i++) { x[i] += factor * y[i]; }
        for (var i = x.Length * Vector<double>.Count; i < a.Length; i++) { a[i] += scale * b[i]; }
    }
}
