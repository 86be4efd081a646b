using Interphase.Laboratory;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

/// <summary>Patterns made electron by electron: off centre, elliptic or not, with and without beam stop, few and many electrons, saturated, with gain and readout noise.</summary>
internal static class MadePattern
{
    public static readonly string[] Kinds = ["amorphous", "rings", "spots", "mixed", "crystal in glass"];

    /// <summary>A pattern of a kind; its camera is round or stretched by up to 4 %, or by what the analysis assumes where nothing tells it, 0 ± 1 % of both components.</summary>
    public static VirtualPattern Of(string kind, Random random, bool assumed = false)
    {
        var made = Of(kind, random);
        if (!assumed) { return made; }
        var (cos, sin) = (Normal.Sample(random, 0, 0.01), Normal.Sample(random, 0, 0.01));
        return made with { Ellipse = (Math.Exp(Math.Sqrt((cos * cos) + (sin * sin))) - 1, Math.Atan2(sin, cos) / 2) };
    }

    private static VirtualPattern Of(string kind, Random random)
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
}
