using System.Runtime.CompilerServices;

namespace Interphase.Numerics;

/// <summary>Fourier transform of square real images whose edge is a power of two (Cooley and Tukey, Math. Comput. 19 (1965) 297), with its tables and workspace kept.</summary>
internal sealed class PlaneTransform
{
    private readonly int[] order;
    private readonly double[] cos, sin;
    private readonly double[] re, im, lineRe, lineIm;

    public PlaneTransform(int size)
    {
        if (size < 2 || (size & (size - 1)) != 0) { throw new ArgumentOutOfRangeException(nameof(size)); }
        Size = size;
        order = new int[size];
        for (var i = 1; i < size; i++) { order[i] = (order[i >> 1] >> 1) | ((i & 1) * (size >> 1)); }
        (cos, sin) = (new double[size / 2], new double[size / 2]);
        for (var i = 0; i < size / 2; i++) { (sin[i], cos[i]) = Math.SinCos(-2 * Math.PI * i / size); }
        (re, im, lineRe, lineIm) = (new double[size * size], new double[size * size], new double[size], new double[size]);
    }

    public int Size { get; }

    /// <summary>Squared modulus of the transform of <paramref name="values"/>; element [ky·size + kx], negative frequencies at the end.</summary>
    public void Power(ReadOnlySpan<double> values, Span<double> power)
    {
        var n = Size;
        for (var y = 0; y < n; y++)
        {
            for (var x = 0; x < n; x++) { (lineRe[order[x]], lineIm[order[x]]) = (values[(y * n) + x], 0); }
            Line();
            lineRe.CopyTo(re, y * n);
            lineIm.CopyTo(im, y * n);
        }
        // The image is real: the other half of the columns follows by symmetry.
        for (var x = 0; x <= n / 2; x++)
        {
            for (var y = 0; y < n; y++) { (lineRe[order[y]], lineIm[order[y]]) = (re[(y * n) + x], im[(y * n) + x]); }
            Line();
            for (var y = 0; y < n; y++)
            {
                var p = (lineRe[y] * lineRe[y]) + (lineIm[y] * lineIm[y]);
                power[(y * n) + x] = p;
                power[((n - y) % n * n) + ((n - x) % n)] = p;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Line()
    {
        var n = Size;
        for (int half = 1, stride = n / 2; half < n; half *= 2, stride /= 2)
        {
            for (var start = 0; start < n; start += 2 * half)
            {
                for (var k = 0; k < half; k++)
                {
                    var (a, b) = (start + k, start + k + half);
                    double c = cos[k * stride], s = sin[k * stride];
                    double r = (lineRe[b] * c) - (lineIm[b] * s), i = (lineRe[b] * s) + (lineIm[b] * c);
                    (lineRe[b], lineIm[b]) = (lineRe[a] - r, lineIm[a] - i);
                    lineRe[a] += r;
                    lineIm[a] += i;
                }
            }
        }
    }
}
