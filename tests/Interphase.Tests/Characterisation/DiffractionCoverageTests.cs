using Interphase.Characterisation;
using Interphase.Laboratory;
using Interphase.Results;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

/// <summary>Patterns made electron by electron: off centre, elliptic or not, with and without beam stop, few and many electrons, saturated, with gain and readout noise.</summary>
public class DiffractionCoverageTests
{
    private const int Repeats = 45;

    // Of fewer, more than 98 % hold by chance where 95 % should.
    private const int Many = 150;

    // Seeds that no constant of the analysis was chosen on.
    private const int Fresh = 8_400_000;

    [Fact]
    public void Classes_are_told_apart_and_amorphous_from_crystalline_above_all()
    {
        var kinds = MadePattern.Kinds;
        var said = kinds.ToDictionary(k => k, _ => new string[Repeats], StringComparer.Ordinal);
        foreach (var kind in kinds)
        {
            Parallel.For(0, Repeats, seed =>
            {
                var random = new Random(Fresh + seed);
                try { said[kind][seed] = DiffractionAnalysis.Analyse(MadePattern.Of(kind, random).Measure(random), new()).State; }
                catch (InputException) { said[kind][seed] = "refused"; }
            });
        }
        var text = string.Join("; ", kinds.Select(k => $"{k}: {string.Join(", ", said[k].GroupBy(s => s).Select(g => $"{g.Key} {g.Count()}"))}"));
        Assert.True(said["amorphous"].Count(s => s is "amorphous") >= 0.9 * Repeats, text);
        Assert.True(kinds.Skip(1).All(k => !said[k].Contains("amorphous")), text);
        Assert.True(kinds.Sum(k => said[k].Count(s => s == "refused")) <= 0.03 * kinds.Length * Repeats, text);
        // Of those that are answered; how many are not is bounded above.
        Assert.True(kinds.All(k => said[k].Count(s => s == (k == "crystal in glass" ? "mixed" : k)) >= 0.9 * said[k].Count(s => s != "refused")), text);
    }

    /// <summary>
    /// Of every quantity that has an interval, 90 to 98 % of the intervals hold the truth. Rings and halos tell the ellipse of a camera, up to 4 %;
    /// where nothing tells it, cameras are as they are assumed to be, or, of every other crystal, up to 4 % and given as measured elsewhere.
    /// </summary>
    [Theory]
    [InlineData("amorphous", 80)]
    [InlineData("rings", 120)]
    [InlineData("mixed", 80)]
    [InlineData("spots", 120)]
    public void Intervals_of_every_quantity_hold_the_truth(string kind, int repeats)
    {
        var told = kind is "rings" or "amorphous";
        var held = new Dictionary<string, (int Held, int All)>(StringComparer.Ordinal);
        var answered = 0;
        Parallel.For(0, repeats, seed =>
        {
            var random = new Random(Fresh + 1000 + seed);
            var given = kind == "spots" && seed % 2 == 0;
            var made = MadePattern.Of(kind, random, assumed: !told && !given);
            var options = new DiffractionOptions { Phases = [] };
            if (given)
            {
                // What a pattern of rings would have said, off in both components by its error.
                var (log, twice, off) = (Math.Log(1 + made.Ellipse.Amount), 2 * made.Ellipse.Direction, new Normal(0, 0.0005, random));
                var (cos, sin) = ((log * Math.Cos(twice)) + off.Sample(), (log * Math.Sin(twice)) + off.Sample());
                options = options with { Ellipticity = Estimate.Of(Math.Exp(Math.Sqrt((cos * cos) + (sin * sin))) - 1, 0.0005), EllipseDegrees = Math.Atan2(sin, cos) * 90 / Math.PI };
            }
            DiffractionResult r;
            try { r = DiffractionAnalysis.Analyse(made.Measure(random), options); }
            catch (InputException) { return; } // how often that may be is in the other test
            lock (held)
            {
                answered++;
                foreach (var (what, estimate, truth) in Compared(made, r).Where(c => c.Estimate.HasValue && (!given || c.Quantity is "lattice" or "angle")))
                {
                    var quantity = given ? $"{what} in the ellipse given" : what;
                    var (hits, all) = held.GetValueOrDefault(quantity);
                    held[quantity] = (hits + (estimate.Lower95 <= truth && truth <= estimate.Upper95 ? 1 : 0), all + 1);
                }
            }
        });
        var text = $"{answered} of {repeats}: {string.Join(", ", held.Select(h => $"{h.Key} {h.Value.Held} of {h.Value.All}"))}";
        Assert.True(answered >= 0.95 * repeats, text);
        string[] expected = [.. told ? ["centre", "ellipticity", "direction"] : new[] { "centre" }, .. kind == "amorphous" ? [] : new[] { "spacing" }, .. kind == "spots" ? ["lattice", "angle", "lattice in the ellipse given", "angle in the ellipse given"] : Array.Empty<string>()];
        Assert.All(expected, quantity => Assert.True(held.GetValueOrDefault(quantity) is var (hits, all) && all >= (quantity == "direction" ? 0.3 : kind == "spots" ? 0.4 : 0.85) * repeats && hits >= 0.9 * all && (all < Many || hits <= 0.98 * all), $"{quantity}: {text}"));
        // A pattern that is half rings or spots and half round may not invent an ellipse.
        Assert.True(told || held.GetValueOrDefault("ellipticity").All <= 0.05 * repeats, text);
    }

    /// <summary>Estimates with their truth: of spacings those of rings or spots that no other is near.</summary>
    private static IEnumerable<(string Quantity, Estimate Estimate, double Truth)> Compared(VirtualPattern made, DiffractionResult r)
    {
        yield return ("centre", r.CentreX, made.X);
        yield return ("centre", r.CentreY, made.Y);
        yield return ("ellipticity", r.Ellipticity, made.Ellipse.Amount);
        // Of a round camera no direction is true.
        if (made.Ellipse.Amount > 0)
        {
            var degrees = made.Ellipse.Direction * 180 / Math.PI;
            yield return ("direction", r.EllipseDegrees, degrees + (180 * Math.Round((r.EllipseDegrees.Value - degrees) / 180)));
        }
        double[] radii = [.. made.Rings.Select(g => g.Radius), .. made.Lattices.SelectMany(l => Points(l).Select(p => Math.Sqrt((p.X * p.X) + (p.Y * p.Y)))).Distinct()];
        foreach (var radius in radii.Where(a => made.Rings.Count > 0 || radii.Count(b => Math.Abs(a - b) < 4) == 1))
        {
            if (r.Rings.Where(g => Math.Abs(g.Radius.Value - radius) < 1.2).ToArray() is [var found]) { yield return ("spacing", found.Match.Spacing, 1 / (radius * made.Pixel)); }
        }
        foreach (var lattice in r.Lattices)
        {
            var near = made.Lattices.Select(Shape).MinBy(t => Math.Abs((lattice.First.Value * t.A * made.Pixel) - 1) + Math.Abs((lattice.Second.Value * t.B * made.Pixel) - 1) + (Math.Abs(lattice.AngleDegrees.Value - t.Degrees) / 60));
            yield return ("lattice", lattice.First, 1 / (near.A * made.Pixel));
            yield return ("lattice", lattice.Second, 1 / (near.B * made.Pixel));
            yield return ("angle", lattice.AngleDegrees, near.Degrees);
        }
    }

    /// <summary>Half of a lattice's inner points: the others are opposite.</summary>
    private static IEnumerable<(double X, double Y)> Points((double Ax, double Ay, double Bx, double By, double Share) l) =>
        from h in Enumerable.Range(-6, 13) from k in Enumerable.Range(-6, 13) where h > 0 || (h == 0 && k > 0) select ((h * l.Ax) + (k * l.Bx), (h * l.Ay) + (k * l.By));

    /// <summary>Lengths of the two shortest vectors that span a lattice, and the angle between them.</summary>
    private static (double A, double B, double Degrees) Shape((double Ax, double Ay, double Bx, double By, double Share) l)
    {
        var points = Points(l).OrderBy(p => (p.X * p.X) + (p.Y * p.Y)).ToArray();
        var (first, second) = (points[0], points.Skip(1).First(p => Math.Abs((p.X * points[0].Y) - (p.Y * points[0].X)) > 1));
        double a = Math.Sqrt((first.X * first.X) + (first.Y * first.Y)), b = Math.Sqrt((second.X * second.X) + (second.Y * second.Y));
        return (a, b, Math.Acos(Math.Abs((first.X * second.X) + (first.Y * second.Y)) / (a * b)) * 180 / Math.PI);
    }
}
