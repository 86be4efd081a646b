using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interphase.Characterisation;

/// <summary>Running means one after another along rows or columns of a grid, sixteen of them side by side.</summary>
internal static class RunningMeans
{
    public const int Lanes = 16;

    /// <summary>Along the rows of one block of sixteen.</summary>
    public static void Rows(float[] values, int width, int height, int block, int[] reaches) => Run(values, block * Lanes * width, 1, width, width, Math.Min(Lanes, height - (block * Lanes)), reaches);

    /// <summary>Down the columns of one block of sixteen.</summary>
    public static void Columns(float[] values, int width, int height, int block, int[] reaches) => Run(values, block * Lanes, width, height, 1, Math.Min(Lanes, width - (block * Lanes)), reaches);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(float[] values, int start, int step, int count, int across, int lanes, int[] reaches)
    {
        var (from, to) = (ArrayPool<float>.Shared.Rent(count * Lanes), ArrayPool<float>.Shared.Rent(count * Lanes));
        if (lanes < Lanes) { Array.Clear(from, 0, count * Lanes); }
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * step);
            if (across == 1) { values.AsSpan(at, lanes).CopyTo(from.AsSpan(i * Lanes)); }
            else { for (var k = 0; k < lanes; k++) { from[(i * Lanes) + k] = values[at + (k * across)]; } }
        }
        foreach (var reach in reaches)
        {
            if (reach == 0) { continue; }
            Mean(from, to, count, reach);
            (from, to) = (to, from);
        }
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * step);
            if (across == 1) { from.AsSpan(i * Lanes, lanes).CopyTo(values.AsSpan(at)); }
            else { for (var k = 0; k < lanes; k++) { values[at + (k * across)] = from[(i * Lanes) + k]; } }
        }
        ArrayPool<float>.Shared.Return(from);
        ArrayPool<float>.Shared.Return(to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mean(float[] from, float[] to, int count, int reach)
    {
        for (var k = 0; k < Lanes; k += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (var i = 0; i < Math.Min(reach, count); i++) { sum += new Vector<float>(from, (i * Lanes) + k); }
            for (var i = 0; i < count; i++)
            {
                var n = Math.Min(count - 1, i + reach) - Math.Max(0, i - reach) + 1;
                if (i + reach < count) { sum += new Vector<float>(from, ((i + reach) * Lanes) + k); }
                if (i - reach - 1 >= 0) { sum -= new Vector<float>(from, ((i - reach - 1) * Lanes) + k); }
                (sum * (1f / n)).CopyTo(to, (i * Lanes) + k);
            }
        }
    }
}
