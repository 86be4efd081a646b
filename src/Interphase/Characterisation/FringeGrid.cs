using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>An image on cells of about 0.1 nm: its brightness, the variance of its fringes, and the amplitude of a reflection.</summary>
internal sealed class FringeGrid
{
    // Reflections are taken tile by tile, so that a tile stays near the processor and only those that are asked for cost time.
    private const int Tile = 64;

    public FringeGrid(Micrograph image, double pixel)
    {
        Image = image;
        Pixel = pixel;
        Cell = Math.Max(1, (int)Math.Round(0.1e-9 / pixel));
        (Width, Height, Length) = (image.Width / Cell, image.Height / Cell, Cell * pixel);
        var (mean, variance) = (new float[Width * Height], new float[Width * Height]);
        var n = (double)(Cell * Cell);
        Parallel.For(0, Height, row =>
        {
            for (var column = 0; column < Width; column++)
            {
                double sum = 0, square = 0;
                for (var y = row * Cell; y < (row + 1) * Cell; y++)
                {
                    var pixels = image.Pixels.AsSpan((y * image.Width) + (column * Cell), Cell);
                    foreach (double v in pixels) { sum += v; square += v * v; }
                }
                mean[(row * Width) + column] = (float)(sum / n);
                variance[(row * Width) + column] = (float)Math.Max(0, (square / n) - (sum / n * (sum / n)));
            }
        });
        Mean = Smooth(mean, 0.5e-9);
        for (var i = 0; i < mean.Length; i++) { variance[i] += (mean[i] - Mean[i]) * (mean[i] - Mean[i]); }
        Variance = variance;
    }

    public Micrograph Image { get; }

    /// <summary>Length of a pixel, m.</summary>
    public double Pixel { get; }

    /// <summary>Pixels along the edge of a cell.</summary>
    public int Cell { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Edge of a cell, m.</summary>
    public double Length { get; }

    /// <summary>Brightness smoothed over 0.5 nm.</summary>
    public float[] Mean { get; }

    /// <summary>Mean square deviation of the pixels of a cell from the smoothed brightness.</summary>
    public float[] Variance { get; }

    /// <summary>A pixel less the smoothed brightness around it.</summary>
    public float Fringe(int x, int y) => Image.Pixels[(y * Image.Width) + x] - Mean[(Math.Min(Height - 1, y / Cell) * Width) + Math.Min(Width - 1, x / Cell)];

    /// <summary>Complex amplitude of one reflection (of its positive frequency), smoothed over <paramref name="sigma"/> metres.</summary>
    public (float[] Re, float[] Im) Reflection(double kx, double ky, double sigma)
    {
        var (re, im) = (new float[Width * Height], new float[Width * Height]);
        Reflection(kx, ky, sigma, Enumerable.Range(0, Tiles), re, im);
        return (re, im);
    }

    /// <summary>Tiles of the grid, in each of which reflections are taken on their own.</summary>
    public int Tiles => TilesAcross * ((Height + Tile - 1) / Tile);

    private int TilesAcross => (Width + Tile - 1) / Tile;

    /// <summary>The tile a cell lies in.</summary>
    public int TileOf(int cell) => (cell / Width / Tile * TilesAcross) + (cell % Width / Tile);

    /// <summary>The same within some tiles; what lies in others is left as it was.</summary>
    public void Reflection(double kx, double ky, double sigma, IEnumerable<int> tiles, float[] re, float[] im)
    {
        var reaches = Reaches(sigma / Length);
        var margin = reaches.Sum();
        // A row of pixels turns by its own phase; columns turn alike in all rows.
        var (across, down) = (Turns(kx, Width * Cell), Turns(ky, Height * Cell));
        Parallel.ForEach(tiles, tile =>
        {
            var (x0, y0) = (tile % TilesAcross * Tile, tile / TilesAcross * Tile);
            var (x1, y1) = (Math.Min(Width, x0 + Tile), Math.Min(Height, y0 + Tile));
            // Cells beyond the tile from which the means reach into it.
            var (left, top) = (Math.Max(0, x0 - margin), Math.Max(0, y0 - margin));
            var (w, h) = (Math.Min(Width, x1 + margin) - left, Math.Min(Height, y1 + margin) - top);
            var (pool, size) = (ArrayPool<float>.Shared, w * h);
            var (a, b) = (pool.Rent(size), pool.Rent(size));
            Demodulate(left, top, w, h, across, down, a, b);
            foreach (var (part, result) in new[] { (a, re), (b, im) })
            {
                Smooth(part, w, h, reaches);
                for (var y = y0; y < y1; y++) { part.AsSpan(((y - top) * w) + x0 - left, x1 - x0).CopyTo(result.AsSpan((y * Width) + x0)); }
                pool.Return(part);
            }
        });
    }

    /// <summary>By how much the frequency of a reflection is off, cycles a pixel, from how its phase turns from each of these cells to the next to the right and below.</summary>
    public (double Kx, double Ky) Drift(float[] re, float[] im, IEnumerable<int> cells)
    {
        double xr = 0, xi = 0, yr = 0, yi = 0;
        foreach (var i in cells)
        {
            double r = re[i], m = im[i];
            xr += (re[i + 1] * r) + (im[i + 1] * m); xi += (im[i + 1] * r) - (re[i + 1] * m);
            yr += (re[i + Width] * r) + (im[i + Width] * m); yi += (im[i + Width] * r) - (re[i + Width] * m);
        }
        return (Math.Atan2(xi, xr) / (2 * Math.PI * Cell), Math.Atan2(yi, yr) / (2 * Math.PI * Cell));
    }

    private static (float[] Cos, float[] Sin) Turns(double k, int count)
    {
        var (cos, sin) = (new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            // Whole turns are taken off in double precision.
            var (s, c) = Math.SinCos(-2 * Math.PI * Math.IEEERemainder(k * i, 1));
            (cos[i], sin[i]) = ((float)c, (float)s);
        }
        return (cos, sin);
    }

    /// <summary>Mean over each cell of the fringes turned back by the phase of the reflection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Demodulate(int left, int top, int width, int height, (float[] Cos, float[] Sin) across, (float[] Cos, float[] Sin) down, float[] re, float[] im)
    {
        var n = width * Cell;
        var pool = ArrayPool<float>.Shared;
        var (means, even, odd) = (pool.Rent(n), pool.Rent(n), pool.Rent(n));
        var scale = 1f / (Cell * Cell);
        var lanes = Vector<float>.Count;
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++) { means.AsSpan(column * Cell, Cell).Fill(Mean[((top + row) * Width) + left + column]); }
            Array.Clear(even, 0, n);
            Array.Clear(odd, 0, n);
            for (var y = (top + row) * Cell; y < (top + row + 1) * Cell; y++)
            {
                var pixels = Image.Pixels.AsSpan((y * Image.Width) + (left * Cell), n);
                var (c, s) = (down.Cos[y], down.Sin[y]);
                var x = 0;
                for (; x <= n - lanes; x += lanes)
                {
                    var v = new Vector<float>(pixels[x..]) - new Vector<float>(means, x);
                    (new Vector<float>(even, x) + (v * c)).CopyTo(even, x);
                    (new Vector<float>(odd, x) + (v * s)).CopyTo(odd, x);
                }
                for (; x < n; x++)
                {
                    var v = pixels[x] - means[x];
                    even[x] += v * c;
                    odd[x] += v * s;
                }
            }
            for (var column = 0; column < width; column++)
            {
                float r = 0, i = 0;
                for (var x = column * Cell; x < (column + 1) * Cell; x++)
                {
                    var (c, s) = (across.Cos[(left * Cell) + x], across.Sin[(left * Cell) + x]);
                    r += (even[x] * c) - (odd[x] * s);
                    i += (even[x] * s) + (odd[x] * c);
                }
                re[(row * width) + column] = r * scale;
                im[(row * width) + column] = i * scale;
            }
        }
        pool.Return(means);
        pool.Return(even);
        pool.Return(odd);
    }

    /// <summary>Gaussian smoothing by three running means (Wells, IEEE Trans. Pattern Anal. 8 (1986) 234); at the rim over what is there.</summary>
    public float[] Smooth(float[] values, double sigma)
    {
        var result = (float[])values.Clone();
        var reaches = Reaches(sigma / Length);
        Parallel.For(0, (Height + RunningMeans.Lanes - 1) / RunningMeans.Lanes, b => RunningMeans.Rows(result, Width, Height, b, reaches));
        Parallel.For(0, (Width + RunningMeans.Lanes - 1) / RunningMeans.Lanes, b => RunningMeans.Columns(result, Width, Height, b, reaches));
        return result;
    }

    private static void Smooth(float[] values, int width, int height, int[] reaches)
    {
        for (var b = 0; b * RunningMeans.Lanes < height; b++) { RunningMeans.Rows(values, width, height, b, reaches); }
        for (var b = 0; b * RunningMeans.Lanes < width; b++) { RunningMeans.Columns(values, width, height, b, reaches); }
    }

    /// <summary>The standard deviation of that smoothing, m, which whole cells make differ a little from the one asked for.</summary>
    public double Smoothing(double sigma) => Length * Math.Sqrt(Reaches(sigma / Length).Sum(r => (((2.0 * r) + 1) * ((2.0 * r) + 1)) - 1) / 12);

    private static int[] Reaches(double sigma)
    {
        // Three means of widths 2r + 1 have the variance Σ((2r + 1)² − 1)/12.
        var narrow = Math.Max(0, (int)Math.Floor((Math.Sqrt((4 * sigma * sigma) + 1) - 1) / 2));
        int[] best = [narrow, narrow, narrow];
        for (var wide = 1; wide <= 3; wide++)
        {
            int[] other = [.. Enumerable.Range(0, 3).Select(k => narrow + (k < wide ? 1 : 0))];
            if (Math.Abs(Total(other) - (sigma * sigma)) < Math.Abs(Total(best) - (sigma * sigma))) { best = other; }
        }
        return best;

        static double Total(int[] reaches) => reaches.Sum(r => (((2.0 * r) + 1) * ((2.0 * r) + 1)) - 1) / 12;
    }
}
