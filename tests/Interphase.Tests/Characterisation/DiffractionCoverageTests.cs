using Interphase.Characterisation;
using Interphase.Laboratory;

namespace Interphase.Tests.Characterisation;

/// <summary>Patterns made electron by electron: off centre, elliptic or not, with and without beam stop, few and many electrons, saturated, with gain and readout noise.</summary>
public class DiffractionCoverageTests
{
    private const int Repeats = 45;

    // Seeds that no constant of the analysis was chosen on.
    private const int Fresh = 8_400_000;

    private static VirtualPattern Made(string kind, Random random)
    {
        double U(double a, double b) => a + ((b - a) * random.NextDouble());
        var first = U(24, 28);
        var made = new VirtualPattern
        {
            Size = 224, X = U(98, 126), Y = U(98, 126), Ellipse = (random.Next(2) * U(0.005, 0.04), U(0, 3.1)), Electrons = Math.Pow(10, U(4.8, 6)), Blur = U(0.6, 1.1), Beam = U(0.03, 0.2), Diffuse = (U(0.1, 0.4), U(15, 35)),
            Stop = random.Next(2) == 0 ? (0, 0) : (U(2, 5), U(0, 6.2)), Gain = random.Next(3) == 0 ? U(2, 20) : 1, Readout = random.Next(2) * U(0, 3), Saturation = random.Next(3) == 0 ? U(500, 4000) : double.PositiveInfinity,
        };
        (double, double, double)[] halos = [(first * U(1.1, 1.35), first * U(0.13, 0.22), U(0.25, 0.5)), (first * U(1.95, 2.3), first * U(0.25, 0.4), U(0.05, 0.25))];
        // A face-centred lattice: 111, 200, 220, 311, 331, 422 and beyond.
        double[] ratios = [1, 1.155, 1.633, 1.915, 2.309, 2.582, 2.828], strengths = [0.3, 0.2, 0.15, 0.1, 0.12, 0.15, 0.1];
        (double, double)[] Rings(double share) => [.. ratios.Zip(strengths, (r, s) => (first * r, share * s))];
        var turn = U(0, 3.1);
        (double, double, double, double, double) Lattice(double share, double at)
        {
            var (a, b, angle) = (first * U(0.8, 1.3), first * U(0.9, 1.6), U(1.2, 1.6));
            return (a * Math.Cos(at), a * Math.Sin(at), b * Math.Cos(at + angle), b * Math.Sin(at + angle), share);
        }

        return kind switch
        {
            "amorphous" => made with { Halos = halos },
            "rings" => made with { Rings = Rings(U(0.3, 0.5)), Grains = random.Next(2) * random.Next(300, 800), Texture = random.Next(2) * U(0, 0.5) },
            "spots" => made with { Lattices = random.Next(2) == 0 ? [Lattice(U(0.2, 0.5), turn)] : [Lattice(U(0.1, 0.25), turn), Lattice(U(0.1, 0.25), turn + U(0.2, 1))] },
            "crystal in glass" => made with { Halos = halos, Lattices = [Lattice(U(0.1, 0.25), turn)] },
            _ => made with { Halos = halos, Rings = Rings(U(0.15, 0.3)), Grains = random.Next(4, 10) },
        };
    }

    [Fact]
    public void Classes_are_told_apart_and_amorphous_from_crystalline_above_all()
    {
        string[] kinds = ["amorphous", "rings", "spots", "mixed", "crystal in glass"];
        var said = kinds.ToDictionary(k => k, _ => new string[Repeats], StringComparer.Ordinal);
        foreach (var kind in kinds)
        {
            Parallel.For(0, Repeats, seed =>
            {
                var random = new Random(Fresh + seed);
                try { said[kind][seed] = DiffractionAnalysis.Analyse(Made(kind, random).Measure(random), new()).State; }
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

    [Theory]
    [InlineData("rings", 200)]
    [InlineData("mixed", 100)]
    public void Intervals_of_spacing_centre_and_ellipse_hold_the_truth(string kind, int repeats)
    {
        int given = 0, spacing = 0, spacings = 0, centre = 0, ellipse = 0, ellipses = 0;
        Parallel.For(0, repeats, seed =>
        {
            var random = new Random(Fresh + 1000 + seed);
            var made = Made(kind, random);
            DiffractionResult r;
            try { r = DiffractionAnalysis.Analyse(made.Measure(random), new()); }
            catch (InputException) { return; } // how often that may be is in the other test
            Interlocked.Increment(ref given);
            if (r.CentreX.Lower95 <= made.X && made.X <= r.CentreX.Upper95) { Interlocked.Increment(ref centre); }
            if (r.CentreY.Lower95 <= made.Y && made.Y <= r.CentreY.Upper95) { Interlocked.Increment(ref centre); }
            if (r.Ellipticity.HasValue)
            {
                Interlocked.Increment(ref ellipses);
                if (r.Ellipticity.Lower95 <= made.Ellipse.Amount && made.Ellipse.Amount <= r.Ellipticity.Upper95) { Interlocked.Increment(ref ellipse); }
            }
            foreach (var (radius, _) in made.Rings)
            {
                var d = 1 / (radius * 0.05e9);
                if (r.Rings.Where(g => Math.Abs(g.Radius.Value - radius) < 1.2).ToArray() is not [var found]) { continue; }
                Interlocked.Increment(ref spacings);
                if (found.Match.Spacing.Lower95 <= d && d <= found.Match.Spacing.Upper95) { Interlocked.Increment(ref spacing); }
            }
        });
        var text = $"{given} of {repeats}: spacings {spacing} of {spacings}, centres {centre} of {2 * given}, ellipses {ellipse} of {ellipses}";
        Assert.True(given >= 0.95 * repeats && spacings > 5 * given, text);
        Assert.True(spacing >= 0.9 * spacings && centre >= 0.9 * 2 * given, text);
        // Few grains mostly tell no ellipse, and then it is withheld.
        if (kind == "rings") { Assert.True(ellipses >= 0.9 * repeats && ellipse >= 0.9 * ellipses, text); }
    }
}
