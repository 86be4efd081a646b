using Interphase.Measurements;
using Interphase.Results;
using MathNet.Numerics;

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

        if (LeftOut(map.Counts, highest) > Missing) { throw Refused("the values of the map leave numbers out, as counts that were multiplied do"); }

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

    /// <summary>
    /// How many pixels should have values that none has. Of a mixture of Poisson counts r(n) = n·p(n)/p(n − 1) never falls with n: from two
    /// levels a′ &lt; a below, p(n) is at least p(a)·a!/n!·R^(n − a) with R the geometric mean of r between them, and likewise from two above.
    /// So a gap between two kinds of pixels, however wide, is none that counting leaves.
    /// </summary>
    private static double LeftOut(int[] counts, int highest)
    {
        const int enough = 20, furthest = 10;
        var at = new int[highest + 1];
        foreach (var c in counts) { at[c]++; }
        int[] seen = [.. Enumerable.Range(0, at.Length).Where(n => at[n] > 0)];
        // Logarithm of the least expected at n from two seen levels, the nearer of which is b.
        double From(int b, int further, int n)
        {
            if (at[b] < enough || at[further] < enough || Math.Abs(n - b) > furthest || Math.Abs(further - b) > furthest) { return double.NegativeInfinity; }
            var mean = (Math.Log((double)at[further] / at[b]) + SpecialFunctions.FactorialLn(further) - SpecialFunctions.FactorialLn(b)) / (further - b);
            return Math.Log(at[b]) + SpecialFunctions.FactorialLn(b) - SpecialFunctions.FactorialLn(n) + (mean * (n - b));
        }

        var missing = 0.0;
        for (var k = 1; k < seen.Length; k++)
        {
            for (var n = seen[k - 1] + 1; n < seen[k]; n++)
            {
                var below = k > 1 ? From(seen[k - 1], seen[k - 2], n) : double.NegativeInfinity;
                var above = k + 1 < seen.Length ? From(seen[k], seen[k + 1], n) : double.NegativeInfinity;
                missing += Math.Exp(Math.Max(below, above));
            }
        }
        return missing;
    }
}
