using Interphase.Measurements;
using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>A window's spectrum, where it lies, and the sum of its squared taper.</summary>
internal sealed record SpectrumWindow(int X, int Y, float[] Power, double Weight);

/// <summary>Where a micrograph shows fringes: spectra of windows, the reflections of an area, and where a core may be.</summary>
internal static class FringeSearch
{
    private const int MostWindows = 1000;

    /// <summary>Reflections of the mean spectrum of an area.</summary>
    public static List<Spot> Reflections(FringeGrid grid, SpeckleTest test, ImageArea a)
    {
        var inside = new bool[grid.Width * grid.Height];
        for (var y = a.Y / grid.Cell; y < Math.Min(grid.Height, (a.Y + a.Height) / grid.Cell); y++)
        {
            for (var x = a.X / grid.Cell; x < Math.Min(grid.Width, (a.X + a.Width) / grid.Cell); x++) { inside[(y * grid.Width) + x] = true; }
        }
        var windows = Windows(grid, inside, test);
        if (windows.Count == 0) { return []; }
        var power = new float[test.Frequencies];
        foreach (var w in windows)
        {
            for (var i = 0; i < power.Length; i++) { power[i] += w.Power[i]; }
        }
        return test.Peaks(power, 12);
    }

    /// <summary>The strongest reflection and the strongest that is not parallel to it.</summary>
    public static List<Spot> Lattice(List<Spot> peaks)
    {
        if (peaks.Count == 0) { return []; }
        var first = peaks[0];
        return [first, .. peaks.Skip(1).Where(s => Math.Abs((s.Kx * first.Ky) - (s.Ky * first.Kx)) > 0.35 * s.Frequency * first.Frequency && s.Height > 0.03 * first.Height).Take(1)];
    }

    /// <summary>The quarter of the image opposite to its quietest side: the core, where the quiet side is vacuum.</summary>
    public static ImageArea Opposite(Micrograph image, FringeGrid grid, int least)
    {
        double Mean(int x0, int x1, int y0, int y1)
        {
            double sum = 0;
            for (var y = y0; y < y1; y++)
            {
                for (var x = x0; x < x1; x++) { sum += grid.Variance[(y * grid.Width) + x]; }
            }
            return sum / ((x1 - x0) * (double)(y1 - y0));
        }
        var (w, h) = (grid.Width, grid.Height);
        var sides = new[] { Mean(0, w / 4, 0, h), Mean(w - (w / 4), w, 0, h), Mean(0, w, 0, h / 4), Mean(0, w, h - (h / 4), h) };
        var (across, down) = (Math.Max(least, image.Width / 4), Math.Max(least, image.Height / 4));
        return Array.IndexOf(sides, sides.Min()) switch
        {
            0 => new(image.Width - across, 0, across, image.Height),
            1 => new(0, 0, across, image.Height),
            2 => new(0, image.Height - down, image.Width, down),
            _ => new(0, 0, image.Width, down),
        };
    }

    /// <summary>Spectra of all windows, half a window apart, whose middle lies inside; what lies outside is masked softly.</summary>
    public static List<SpectrumWindow> Windows(FringeGrid grid, bool[] inside, SpeckleTest test)
    {
        var size = test.Size;
        var taper = Enumerable.Range(0, size).Select(i => 0.5 * (1 - Math.Cos(2 * Math.PI * (i + 0.5) / size))).ToArray();
        var soft = grid.Smooth(Array.ConvertAll(inside, v => v ? 1f : 0), 0.2e-9);
        var places = Places(size / 2);
        for (var step = size / 2; places.Count > MostWindows; step += size / 4) { places = Places(step); }
        List<(int X, int Y)> Places(int step) => [.. from y in Steps(grid.Image.Height, step) from x in Steps(grid.Image.Width, step) where Share(x, y) > 0.7 select (x, y)];
        // Evenly from border to border.
        IEnumerable<int> Steps(int length, int step) => length < size ? [] : Enumerable.Range(0, 1 + Intervals(length, step)).Select(k => (int)((length - size) * (long)k / Math.Max(1, Intervals(length, step))));
        int Intervals(int length, int step) => length == size ? 0 : Math.Max(1, (int)Math.Round((length - size) / (double)step));
        double Share(int x0, int y0)
        {
            double sum = 0, all = 0;
            for (var y = size / 8; y < size; y += size / 4)
            {
                for (var x = size / 8; x < size; x += size / 4)
                {
                    var weight = taper[x] * taper[y];
                    all += weight;
                    sum += weight * soft[(Math.Min(grid.Height - 1, (y0 + y) / grid.Cell) * grid.Width) + Math.Min(grid.Width - 1, (x0 + x) / grid.Cell)];
                }
            }
            return sum / all;
        }
        var results = new SpectrumWindow[places.Count];
        Parallel.For(0, places.Count, () => (Transform: new PlaneTransform(size), Values: new double[size * size], Power: new double[size * size]), (k, _, w) =>
        {
            var (x0, y0) = places[k];
            double weight = 0;
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    var cell = (Math.Min(grid.Height - 1, (y0 + y) / grid.Cell) * grid.Width) + Math.Min(grid.Width - 1, (x0 + x) / grid.Cell);
                    var t = taper[x] * taper[y] * soft[cell];
                    weight += t * t;
                    w.Values[(y * size) + x] = t * grid.Fringe(x0 + x, y0 + y);
                }
            }
            results[k] = new(x0, y0, test.Spectrum(w.Transform, w.Values, w.Power), weight);
            return w;
        }, _ => { });
        return [.. results];
    }
}
