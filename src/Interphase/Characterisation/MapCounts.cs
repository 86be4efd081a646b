using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>Whether the values of a map are what a detector counted, as the whole analysis takes them.</summary>
internal static class MapCounts
{
    /// <summary>Counts that are said to be missing, where none is seen: by chance, once in e²⁵.</summary>
    private const double Missing = 25;

    /// <summary>Between neighbours, counts differ by so much of what counting makes of them at least; and so many standard deviations tell it.</summary>
    private const double Smooth = 0.75, Sure = 6;

    /// <summary>The counts themselves: a common factor of all values is taken out, with a warning.</summary>
    /// <exception cref="InputException">The values are cut off, stretched, filtered or averaged.</exception>
    public static ElementMap Of(ElementMap map, List<Warning> warnings)
    {
        var factor = 0;
        foreach (var c in map.Counts)
        {
            factor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(factor, c);
            if (factor == 1) { break; }
        }
        if (factor > 1 && map.Counts.Count(c => c > 0) > 20)
        {
            warnings.Add(new("counts", $"all values of the map of {map.Element} are multiples of {factor}: taken as counts multiplied by it"));
            map = map with { Counts = Array.ConvertAll(map.Counts, c => c / factor) };
        }
        InputException Refused(string what) => new(what, map.File.Length > 0 ? map.File : map.Element, "export raw counts as 16-bit TIFF or csv: not stretched, filtered, averaged, interpolated or freed of background");
        var highest = map.Counts.Max();
        if (highest == 0) { return map; }
        double At(int n) => map.Counts.Count(c => c == n);

        // Of a mixture of Poisson counts n·p(n)/p(n − 1) never falls with n: so many would lie above the highest. By chance one level may hold few.
        var (top, below) = (At(highest), Enumerable.Range(1, 3).Max(k => Math.Max(1, At(highest - k))));
        if (top > 5 && top * top / below * highest / (highest + 1) > Missing) { throw Refused($"the map ends at {highest * Math.Max(1, factor)} in {top} pixels, where counting would go on: it was cut off"); }

        // Counts leave no number out.
        var ordered = map.Counts.Order().ToArray();
        var levels = ordered[ordered.Length * 9 / 10];
        var low = ordered.TakeWhile(c => c <= levels).ToArray();
        if (levels >= 4 && low.Distinct().Count() < 0.8 * (levels + 1) * (1 - Math.Exp(-0.25 * low.Length / (levels + 1)))) { throw Refused("the values of the map leave numbers out, as counts that were multiplied do"); }

        double squares = 0, sums = 0, pairs = 0;
        for (var i = 0; i < map.Counts.Length; i++)
        {
            foreach (var j in new[] { (i + 1) % map.Width == 0 ? -1 : i + 1, i + map.Width })
            {
                if (j < 0 || j >= map.Counts.Length || map.Counts[i] + map.Counts[j] == 0) { continue; }
                squares += Math.Pow(map.Counts[i] - map.Counts[j], 2);
                sums += map.Counts[i] + map.Counts[j];
                pairs++;
            }
        }
        // Of Poisson counts the two are alike, whatever the means of the neighbours if these are alike, and the first is greater if not.
        if (pairs > 100 && 1 - (squares / sums) > Math.Max(1 - Smooth, Sure * Math.Sqrt(3 / pairs))) { throw Refused("neighbouring pixels of the map are more alike than counting leaves them: it was filtered, averaged or interpolated"); }
        return map;
    }
}
