using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>Maps taken one after the other may have moved: the particles' outlines tell by how much.</summary>
internal static class MapDrift
{
    /// <summary>Pixels by which a map is tried, and on both sides of an outline that are told from each other.</summary>
    private const int Furthest = 8, Rings = 10;

    /// <summary>A drift is taken as one where the logarithm of the likelihood grows by so much, and by so large a part of what it loses the other way: holes and patches move the best place by less than a pixel, where it is a tenth; of a drift of one pixel, a third.</summary>
    private const double Sure = 20, Clear = 0.25;

    /// <summary>
    /// The maps with those that drifted moved onto the particle's by whole pixels, all cut to what they have in common; where that begins, in
    /// pixels of the maps that were given. Where a map lies right, its counts depend on the distance from the particles' outline most: a
    /// place is as likely as the Poisson counts are with one mean at each distance, which serves particles, shells and layers on them alike,
    /// and an open shell or a bare particle has no say.
    /// </summary>
    public static (IReadOnlyList<ElementMap> Maps, int Left, int Top) Correct(IReadOnlyList<ElementMap> maps, IReadOnlyList<ElementMap> tried, string onto, ParticleMask mask, List<Warning> warnings)
    {
        var (width, height) = (maps[0].Width, maps[0].Height);
        if (width < 4 * Furthest || height < 4 * Furthest) { return (maps, 0, 0); }
        var rings = mask.Rings(width, height, Rings);
        var moved = maps.Select(m => tried.Contains(m) ? Of(m, rings) : (X: 0, Y: 0)).ToArray();
        for (var k = 0; k < maps.Count; k++)
        {
            var (x, y) = moved[k];
            if ((x, y) == (0, 0)) { continue; }
            if (Math.Max(Math.Abs(x), Math.Abs(y)) == Furthest)
            {
                warnings.Add(new("drift", $"the map of {maps[k].Element} does not follow the particles' outlines in that of {onto}: see whether both are of one field of view"));
                moved[k] = (0, 0);
                continue;
            }
            warnings.Add(new("drift", $"the map of {maps[k].Element} had drifted by {x} pixels across and {y} down against that of {onto}; it was moved back, to half a pixel"));
        }
        if (moved.All(d => d == (0, 0))) { return (maps, 0, 0); }
        var (left, right) = (Math.Max(0, -moved.Min(d => d.X)), Math.Min(width, width - moved.Max(d => d.X)));
        var (top, bottom) = (Math.Max(0, -moved.Min(d => d.Y)), Math.Min(height, height - moved.Max(d => d.Y)));
        var (w, h) = (right - left, bottom - top);
        return ([.. maps.Select((m, k) => m with { Width = w, Height = h, Counts = [.. Enumerable.Range(0, w * h).Select(i => m.Counts[((top + (i / w) + moved[k].Y) * width) + left + (i % w) + moved[k].X])] })], left, top);
    }

    private static (int X, int Y) Of(ElementMap map, int[] rings)
    {
        var (width, height) = (map.Width, map.Height);
        var known = new Dictionary<(int, int), double>();
        double Likely(int dx, int dy)
        {
            if (known.TryGetValue((dx, dy), out var already)) { return already; }
            double[] counts = new double[(2 * Rings) + 1], pixels = new double[(2 * Rings) + 1];
            for (var y = Furthest; y < height - Furthest; y++)
            {
                for (var x = Furthest; x < width - Furthest; x++)
                {
                    var ring = rings[((y - dy) * width) + x - dx];
                    counts[ring] += map.Counts[(y * width) + x];
                    pixels[ring]++;
                }
            }
            return known[(dx, dy)] = counts.Zip(pixels, (c, n) => c > 0 ? c * Math.Log(c / n) : 0).Sum();
        }

        var at = (X: 0, Y: 0);
        for (var step = 4; step >= 1; step /= 2)
        {
            for (var again = true; again;)
            {
                again = false;
                var from = at;
                for (var k = 0; k < 9; k++)
                {
                    var (x, y) = (from.X + (((k % 3) - 1) * step), from.Y + (((k / 3) - 1) * step));
                    if (Math.Max(Math.Abs(x), Math.Abs(y)) <= Furthest && Likely(x, y) > Likely(at.X, at.Y)) { (at, again) = ((x, y), true); }
                }
            }
        }
        var gain = Likely(at.X, at.Y) - Likely(0, 0);
        return gain > Sure && gain > Clear * (Likely(0, 0) - Likely(-at.X, -at.Y)) ? at : (0, 0);
    }
}
