using Interphase.Characterisation;
using Interphase.Measurements;

namespace Interphase.Tests.Characterisation;

public class FringeGridTests
{
    private static FringeGrid Grid(int width, int height, Func<int, int, double> value, double pixel = 0.05e-9)
    {
        var pixels = new float[width * height];
        for (var i = 0; i < pixels.Length; i++) { pixels[i] = (float)value(i % width, i / width); }
        return new(new(width, height, pixels), pixel);
    }

    [Fact]
    public void AWaveHasHalfItsAmplitudeAndNoTurnOfPhaseInEveryTile()
    {
        const double kx = 0.13, ky = -0.09;
        // 290 × 270 cells: three by three tiles, the last ones narrow.
        var grid = Grid(580, 540, (x, y) => 500 + (40 * Math.Cos((2 * Math.PI * ((kx * x) + (ky * y))) + 0.7)));
        var (re, im) = grid.Reflection(kx, ky, 0.5e-9);
        const double expected = 20;
        for (var y = 20; y < grid.Height - 20; y++)
        {
            for (var x = 20; x < grid.Width - 20; x++)
            {
                var i = (y * grid.Width) + x;
                Assert.InRange(Math.Sqrt((re[i] * re[i]) + (im[i] * im[i])), 0.98 * expected, 1.02 * expected);
                Assert.InRange(Math.Atan2(im[i], re[i]), 0.68, 0.72);
            }
        }
    }

    [Fact]
    public void TilesTakenAloneAreThoseOfTheWhole()
    {
        var random = new Random(5);
        var grid = Grid(600, 560, (_, _) => 300 + (30 * random.NextDouble()));
        var (re, im) = grid.Reflection(0.11, 0.05, 0.3e-9);
        var (some, other) = (new float[re.Length], new float[re.Length]);
        grid.Reflection(0.11, 0.05, 0.3e-9, [4, 8], some, other);
        for (var i = 0; i < re.Length; i++)
        {
            var used = grid.TileOf(i) is 4 or 8;
            Assert.Equal(used ? re[i] : 0, some[i]);
            Assert.Equal(used ? im[i] : 0, other[i]);
        }
    }

    [Fact]
    public void SmoothingIsThreeRunningMeansOverWhatIsThere()
    {
        var random = new Random(7);
        var grid = Grid(74, 94, (_, _) => 0.0);
        var values = Enumerable.Range(0, grid.Width * grid.Height).Select(_ => (float)random.NextDouble()).ToArray();
        var smooth = grid.Smooth(values, 0.3e-9);
        // Widths of 5, 5 and 7 cells have the variance (24 + 24 + 48)/12 = 8, of 5, 7 and 7 ten; nine is asked for, and the first found stays.
        Assert.Equal(Math.Sqrt(8) * 0.1e-9, grid.Smoothing(0.3e-9), 1e-15);
        var direct = Array.ConvertAll(values, v => (double)v);
        foreach (var reach in new[] { 3, 2, 2 })
        {
            direct = Mean(direct, grid.Width, grid.Height, reach, 0);
            direct = Mean(direct, grid.Width, grid.Height, 0, reach);
        }
        for (var i = 0; i < direct.Length; i++) { Assert.Equal(direct[i], smooth[i], 2e-6); }
    }

    private static double[] Mean(double[] values, int width, int height, int across, int down) => [.. Enumerable.Range(0, values.Length).Select(i =>
    {
        var near = from y in Enumerable.Range((i / width) - down, (2 * down) + 1)
                   from x in Enumerable.Range((i % width) - across, (2 * across) + 1)
                   where y >= 0 && y < height && x >= 0 && x < width
                   select values[(y * width) + x];
        return near.Average();
    })];
}
