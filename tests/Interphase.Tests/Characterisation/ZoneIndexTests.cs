using Interphase.Characterisation;
using Interphase.Laboratory;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

/// <summary>Patterns of single crystals along random zones: shipped phases are recovered, other crystals are not called by their names. Seeds on which no constant was chosen.</summary>
public class ZoneIndexTests
{
    private const int Fresh = 8_800_000, Repeats = 20;

    private readonly record struct Point(int H, int K, int L, double X, double Y, double Strength);

    /// <summary>A cell given by reciprocal axes (1/nm) and what its centring allows.</summary>
    private sealed record Cell(double[][] Axes, Func<int, int, int, double> Strength);

    private static double[][] Orthogonal(double a, double b, double c) => [[1 / a, 0, 0], [0, 1 / b, 0], [0, 0, 1 / c]];

    private static double[][] Hexagonal(double a, double c) => [[1 / a, 1 / (a * Math.Sqrt(3)), 0], [0, 2 / (a * Math.Sqrt(3)), 0], [0, 0, 1 / c]];

    private static Cell Known(string name) => name switch
    {
        "NMC532" => new(Hexagonal(0.2870, 1.4240), (h, k, l) => (-h + k + l) % 3 == 0 ? 1 : 0),
        "Li2CO3" => new(Monoclinic(0.83593, 0.49725, 0.61975, 114.83), (h, k, l) => (h + k) % 2 == 0 && (k != 0 || l % 2 == 0) ? 1 : 0),
        _ => new(Hexagonal(0.515129, 1.38233), (h, k, l) => (-h + k + l) % 3 == 0 && (l % 2 == 0 || (h != 0 && k != 0 && h + k != 0)) ? 1 : 0),
    };

    private static double[][] Monoclinic(double a, double b, double c, double beta)
    {
        var (s, cos) = Math.SinCos(beta * Math.PI / 180);
        // a along x, b along y, c in the plane of x and z; rows of the inverse.
        return [[1 / a, 0, -cos / (a * s)], [0, 1 / b, 0], [0, 0, 1 / (c * s)]];
    }

    private static Cell Other(Random random)
    {
        double U() => 0.45 + (0.3 * random.NextDouble());
        var (a, b, c) = (U(), U(), U());
        return random.Next(5) switch
        {
            0 => new(Orthogonal(a, a, a), (h, k, l) => h % 2 == k % 2 && k % 2 == l % 2 ? 1 : 0),
            1 => new(Orthogonal(a, a, c), (_, _, _) => 1),
            2 => new(Orthogonal(a, b, c), (_, _, _) => 1),
            3 => new(Hexagonal(a, c), (_, _, _) => 1),
            _ => new(Orthogonal(a, a, a), (h, k, l) => (h + k + l) % 2 == 0 ? 1 : 0),
        };
    }

    /// <summary>A pattern of the cell along a random zone of small numbers whose plane holds enough spots; the zone with it.</summary>
    private static ((int U, int V, int W) Zone, List<Point> Points) Seen(Cell cell, Random random, double far)
    {
        while (true)
        {
            int u = random.Next(-2, 3), v = random.Next(-2, 3), w = random.Next(0, 3);
            if ((u, v, w) == (0, 0, 0) || (u % 2 == 0 && v % 2 == 0 && w % 2 == 0)) { continue; }
            var points = new List<(int H, int K, int L, double[] G)>();
            for (var h = -12; h <= 12; h++)
            {
                for (var k = -12; k <= 12; k++)
                {
                    for (var l = -24; l <= 24; l++)
                    {
                        if ((h, k, l) == (0, 0, 0) || (h * u) + (k * v) + (l * w) != 0 || cell.Strength(h, k, l) == 0) { continue; }
                        double[] g = [.. Enumerable.Range(0, 3).Select(i => (h * cell.Axes[0][i]) + (k * cell.Axes[1][i]) + (l * cell.Axes[2][i]))];
                        if (Math.Sqrt(g.Sum(x => x * x)) < far) { points.Add((h, k, l, g)); }
                    }
                }
            }
            if (points.Count < 14) { continue; }
            var first = points.MinBy(p => p.G.Sum(x => x * x)).G;
            var length = Math.Sqrt(first.Sum(x => x * x));
            double[] e1 = [.. first.Select(x => x / length)];
            double Along(double[] g) => g.Zip(e1, (x, y) => x * y).Sum();
            var across = points.Select(p => p.G.Zip(e1, (x, y) => x - (Along(p.G) * y)).ToArray()).MaxBy(d => d.Sum(x => x * x))!;
            var norm = Math.Sqrt(across.Sum(x => x * x));
            if (norm < 0.5) { continue; }
            return ((u, v, w), [.. points.Select(p => new Point(p.H, p.K, p.L, Along(p.G), p.G.Zip(across, (x, y) => x * y / norm).Sum(), Math.Exp(-Math.Sqrt(p.G.Sum(x => x * x)) / 4) * (0.2 + random.NextDouble())))]);
        }
    }

    private static DiffractionResult Analyse(List<Point> points, Random random, bool scaled = true, IReadOnlyList<CrystalPhase>? phases = null)
    {
        double U(double a, double b) => a + ((b - a) * random.NextDouble());
        const double pixel = 0.09;
        var (turn, total) = (U(0, 6.2), points.Sum(p => p.Strength));
        var made = new VirtualPattern
        {
            Size = 256, X = U(118, 138), Y = U(118, 138), Ellipse = (0.008 * random.NextDouble(), U(0, 3.1)), Electrons = Math.Pow(10, U(5.3, 6)), Blur = U(0.7, 1.1), Diffuse = (U(0.1, 0.3), U(15, 30)), Stop = random.Next(2) == 0 ? (0, 0) : (U(2, 4), U(0, 6.2)),
            Pixel = pixel * 1e9 * (1 + (0.007 * Normal.Sample(random, 0, 1))),
            Spots = [.. points.Select(p => (((p.X * Math.Cos(turn)) - (p.Y * Math.Sin(turn))) / pixel, ((p.X * Math.Sin(turn)) + (p.Y * Math.Cos(turn))) / pixel, 0.5 * p.Strength / total))],
        };
        var m = made.Measure(random);
        if (!scaled) { m = m with { Micrograph = m.Micrograph! with { PixelSize = null, PixelHeight = null } }; }
        return DiffractionAnalysis.Analyse(m, phases is null ? new() : new() { Phases = phases });
    }

    /// <summary>Length of a direction of the cell, nm²: the same for zones that symmetry makes alike.</summary>
    private static double Along(Cell cell, (int U, int V, int W) zone)
    {
        var direct = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowArrays(cell.Axes).Inverse();
        var r = direct * MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense([zone.U, zone.V, zone.W]);
        return r.DotProduct(r);
    }

    private static string Family(string phase) => ZoneIndex.Family(phase, CrystalPhase.All);

    [Theory]
    [InlineData("LiNb0.5Ta0.5O3")]
    [InlineData("NMC532")]
    [InlineData("Li2CO3")]
    public void Zones_of_shipped_phases_are_recovered(string name)
    {
        int lattices = 0, held = 0, zones = 0, named = 0, wrong = 0;
        Parallel.For(0, Repeats, seed =>
        {
            var random = new Random(Fresh + seed);
            var cell = Known(name);
            var (zone, points) = Seen(cell, random, 10);
            var r = Analyse(points, random);
            if (r.Lattices is not [var l]) { return; }
            Interlocked.Increment(ref lattices);
            var fits = l.Fits.Where(f => Family(f.Phase) == Family(name)).ToArray();
            if (fits.Length > 0) { Interlocked.Increment(ref held); }
            if (fits.Any(f => Math.Abs(Along(cell, f.Zone) - Along(cell, zone)) < 1e-6)) { Interlocked.Increment(ref zones); }
            if (l.Zone is not { } z) { return; }
            Interlocked.Increment(ref named);
            if (Family(z.Phase) != Family(name)) { Interlocked.Increment(ref wrong); }
            // The spots' indices are those that were put in, but for symmetry: each has the length of its reflection.
            foreach (var s in l.Spots)
            {
                var (h, k, n) = s.Indices!.Value;
                var g = Enumerable.Range(0, 3).Select(i => (h * cell.Axes[0][i]) + (k * cell.Axes[1][i]) + (n * cell.Axes[2][i])).Sum(x => x * x);
                Assert.Equal(1, Math.Sqrt((s.X * s.X) + (s.Y * s.Y)) * 0.09 / Math.Sqrt(g), 0.05);
            }
        });
        var text = $"of {Repeats} one lattice {lattices}, true phase among the fits {held}, true zone {zones}, named {named}, wrongly {wrong}";
        Assert.True(lattices >= 0.9 * Repeats && held >= 0.95 * lattices && zones >= 0.9 * lattices && wrong == 0, text);
    }

    [Fact]
    public void Other_crystals_are_seldom_called_by_the_names_of_shipped_phases()
    {
        int lattices = 0, named = 0;
        Parallel.For(0, 2 * Repeats, seed =>
        {
            var random = new Random(Fresh + 10_000 + seed);
            var (_, points) = Seen(Other(random), random, 10);
            if (Analyse(points, random).Lattices is not [var l, ..]) { return; }
            Interlocked.Increment(ref lattices);
            if (l.Zone is not null) { Interlocked.Increment(ref named); }
        });
        Assert.True(lattices >= 1.6 * Repeats && named <= 0.1 * lattices, $"{named} of {lattices} lattices named");
    }

    [Fact]
    public void One_phase_that_is_named_is_told_without_a_scale_too()
    {
        var random = new Random(Fresh + 20_000);
        var (_, points) = Seen(Known("NMC532"), random, 10);
        var l = Assert.Single(Analyse(points, random, scaled: false, [CrystalPhase.Find("NMC532")]).Lattices);
        Assert.False(l.First.HasValue);
        Assert.NotEmpty(l.Fits);
        Assert.All(l.Fits, f => Assert.InRange(Math.Abs(f.FirstOff), 0, 0.02));
    }
}
