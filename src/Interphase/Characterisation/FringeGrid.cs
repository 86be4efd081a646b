using System.Buffers;
using System.Numerics;
using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>An image on cells of about 0.1 nm: its brightness, the variance of its fringes, and the amplitude of a reflection.</summary>
internal sealed class FringeGrid
{
    /// <summary>Columns smoothed together.</summary>
    private const int Lanes = 16;

    public FringeGrid(Micrograph image, double pixel)
    {
        Image = image;
        Pixel = pixel;
        Cell = Math.Max(1, (int)Math.Round(0.1e-9 / pixel));
        (Width, Height, Length) = (image.Width / Cell, image.Height / Cell, Cell * pixel);
        var (mean, square) = (new double[Width * Height], new double[Width * Height]);
        Parallel.For(0, Height, row =>
        {
            for (var y = row * Cell; y < (row + 1) * Cell; y++)
            {
                for (var x = 0; x < Width * Cell; x++)
                {
                    double v = image.Pixels[(y * image.Width) + x];
                    mean[(row * Width) + (x / Cell)] += v;
                    square[(row * Width) + (x / Cell)] += v * v;
                }
            }
        });
        var n = (double)(Cell * Cell);
        for (var i = 0; i < mean.Length; i++) { mean[i] /= n; square[i] /= n; }
        Mean = Smooth(mean, 0.5e-9);
        Variance = [.. Enumerable.Range(0, mean.Length).Select(i => Math.Max(0, square[i] - (2 * mean[i] * Mean[i]) + (Mean[i] * Mean[i])))];
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
    public double[] Mean { get; }

    /// <summary>Mean square deviation of the pixels of a cell from the smoothed brightness.</summary>
    public double[] Variance { get; }

    /// <summary>A pixel less the smoothed brightness around it.</summary>
    public double Fringe(int x, int y) => Image.Pixels[(y * Image.Width) + x] - Mean[(Math.Min(Height - 1, y / Cell) * Width) + Math.Min(Width - 1, x / Cell)];

    /// <summary>Complex amplitude of one reflection (of its positive frequency), smoothed over <paramref name="sigma"/> metres.</summary>
    public (double[] Re, double[] Im) Reflection(double kx, double ky, double sigma)
    {
        var (re, im) = (new double[Width * Height], new double[Width * Height]);
        var turn = Complex.FromPolarCoordinates(1, -2 * Math.PI * kx);
        Parallel.For(0, Height, row =>
        {
            for (var y = row * Cell; y < (row + 1) * Cell; y++)
            {
                var phase = Complex.FromPolarCoordinates(1, -2 * Math.PI * ky * y);
                for (var x = 0; x < Width * Cell; x++, phase *= turn)
                {
                    var i = (row * Width) + (x / Cell);
                    var v = Image.Pixels[(y * Image.Width) + x] - Mean[i];
                    re[i] += v * phase.Real;
                    im[i] += v * phase.Imaginary;
                }
            }
        });
        (re, im) = (Smooth(re, sigma), Smooth(im, sigma));
        for (var i = 0; i < re.Length; i++) { re[i] /= Cell * Cell; im[i] /= Cell * Cell; }
        return (re, im);
    }

    /// <summary>Gaussian smoothing by three running means (Wells, IEEE Trans. Pattern Anal. 8 (1986) 234); at the rim over what is there.</summary>
    public double[] Smooth(double[] values, double sigma)
    {
        var result = (double[])values.Clone();
        foreach (var reach in Reaches(sigma / Length))
        {
            Parallel.For(0, Height, y => Run(result, y * Width, 1, Width, 1, reach));
            Parallel.For(0, (Width + Lanes - 1) / Lanes, b => Run(result, b * Lanes, Width, Height, Math.Min(Lanes, Width - (b * Lanes)), reach));
        }
        return result;
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

    /// <summary>Running means along lines that lie side by side: whole cache lines are read where the stride is long.</summary>
    private static void Run(double[] values, int start, int stride, int count, int lanes, int reach)
    {
        if (reach == 0) { return; }
        var copy = ArrayPool<double>.Shared.Rent(count * lanes);
        for (var i = 0; i < count; i++) { values.AsSpan(start + (i * stride), lanes).CopyTo(copy.AsSpan(i * lanes)); }
        Span<double> sum = stackalloc double[lanes];
        sum.Clear();
        for (var i = 0; i < Math.Min(reach, count); i++)
        {
            for (var k = 0; k < lanes; k++) { sum[k] += copy[(i * lanes) + k]; }
        }
        for (var i = 0; i < count; i++)
        {
            var n = Math.Min(count - 1, i + reach) - Math.Max(0, i - reach) + 1;
            for (var k = 0; k < lanes; k++)
            {
                if (i + reach < count) { sum[k] += copy[((i + reach) * lanes) + k]; }
                if (i - reach - 1 >= 0) { sum[k] -= copy[((i - reach - 1) * lanes) + k]; }
                values[start + (i * stride) + k] = sum[k] / n;
            }
        }
        ArrayPool<double>.Shared.Return(copy);
    }
}
