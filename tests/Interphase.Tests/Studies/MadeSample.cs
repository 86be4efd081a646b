using Interphase.Characterisation;
using Interphase.Laboratory;
using Interphase.Measurements;
using Interphase.Studies;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Studies;

/// <summary>
/// A coating whose crystalline share follows from a rate law and a furnace, and what four instruments record of it: a scan of its powder (crystals
/// and glass scatter differently), a heating of its precursor, micrographs of few particles (not every grain shows its planes), and a pattern of
/// selected area. Ranges are wide and none of them is that of a constant of the analysis.
/// </summary>
internal sealed record MadeSample(double Share, double Annealing, IReadOnlyDictionary<string, StateEvidence?> Evidence)
{
    public static readonly string[] Techniques = ["thermal", "xrd", "micrograph", "diffraction"];

    public CoatingState Truth => CoatingStates.Of(Share);

    /// <summary>The <paramref name="seed"/>-th sample; its state is drawn with equal chances.</summary>
    public static MadeSample Of(int seed)
    {
        var random = new Random(seed);
        double U(double a, double b) => a + ((b - a) * random.NextDouble());
        double Log(double a, double b) => Math.Exp(U(Math.Log(a), Math.Log(b)));
        // An expected share around its mean, as grains and particles scatter; the ends stay what they are.
        double Near(double mean, double kappa) => mean is <= 1e-3 or >= 1 - 1e-3 ? mean : Beta.Sample(random, mean * kappa, (1 - mean) * kappa);

        // One to three exotherms, and in half of the materials a part of the glass that is left beyond them and goes only slowly.
        var (energy, order, hold) = (U(250e3, 500e3), U(1.5, 3), 3600 * U(1, 4));
        var peaks = new List<double> { U(640, 690) };
        while (peaks.Count < 3 && random.Next(3) > 0) { peaks.Add(peaks[^1] + U(18, 40)); }
        double[] weights = [.. peaks.Select(_ => U(0.5, 1.5))];
        var (left, fade) = (random.Next(2) * U(0.1, 0.6), U(10, 60));
        const double rate = 10 / 60.0, gas = 8.314462618;
        double Transformed(double t)
        {
            var done = peaks.Zip(weights, (p, w) => w * (1 - Math.Exp(-Math.Pow(hold * rate * energy / (gas * p * p) * Math.Exp(energy / gas * ((1 / p) - (1 / t))), order)))).Sum() / weights.Sum();
            return done * (1 - (left * Math.Exp(-Math.Max(0, t - peaks[^1]) / fade)));
        }

        var wanted = CoatingStates.All[random.Next(3)];
        double share, set;
        do
        {
            set = U(peaks[0] - 150, peaks[^1] + 150);
            share = Transformed(set + (5 * Gaussian()));
        }
        while (CoatingStates.Of(share) != wanted);
        double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        var heating = VirtualPowders.Heating([new(383, 14, 0.052, -1.4e5), new(U(500, 530), 13, 0.11, -6e4), new(U(555, 575), 10, 0.13, 3.5e5)],
            [.. peaks.Zip(weights, (p, w) => new VirtualPowders.Heat(p, 1.3e4 * w, energy, order))], rate, 12e-6, new Gauss(seed));
        var evidence = new Dictionary<string, StateEvidence?>(StringComparer.Ordinal)
        {
            ["thermal"] = Told(() => ThermalAnalysis.Analyse([new() { File = "gel", Format = "made", Thermal = heating with { ExothermUp = true } }]) is { Windows.Count: > 1 } r ? StateEvidence.OfAnnealing(r, set) : null),
        };

        var (area, background, stronger) = (Log(3000, 15000), U(60, 250), Math.Exp(U(0.1, 0.2) * Gaussian()));
        var phase = CrystalPhase.Find("LiNb0.5Ta0.5O3");
        var scan = VirtualPowders.Scan(share > 0 ? [new(phase, area * share * stronger, Log(4e-9, 60e-9), phase.A * U(0.998, 1.002), phase.C * U(0.998, 1.002))] : [], area * (1 - share), 4e-5 * Gaussian(), background, new Gauss(seed + 1));
        evidence["xrd"] = Told(() => StateEvidence.OfPowder(XrdAnalysis.Analyse(new() { File = "scan", Format = "made", Diffractogram = scan })));

        var between = Log(20, 150);
        var shown = U(0.65, 1);
        evidence["micrograph"] = Told(() => StateEvidence.OfMicrographs([.. Enumerable.Range(0, random.Next(1, 4)).Select(i =>
        {
            var here = Near(share, between) * shown;
            var radius = share > 0.5 && random.Next(2) == 0 ? U(4e-9, 10e-9) : U(1.5e-9, 3e-9);
            // Less than a grain in a field is a grain in few fields.
            var grain = Math.PI * radius * radius / Math.Pow(256 * 0.05e-9, 2);
            if (here < grain) { here = random.NextDouble() * grain < here ? 1e-6 : 0; }
            return MicrographAnalysis.Analyse(new VirtualMicrograph { GrainRadius = here > 0 ? radius : 0, GrainShare = here, Touching = true, Atoms = random.Next(2) == 0, Defocus = -U(30, 80) * 1e-9, Dose = U(200, 900), Lattice = U(0.7, 1.3) }.Make((seed * 10) + i).Image, new());
        })]));

        var there = Near(share, Log(40, 300));
        var scattered = U(0.25, 0.5);
        var ring = U(24, 28);
        double[] ratios = [1, 1.372, 1.455, 1.627, 1.666, 2.0, 2.182, 2.29], strengths = [0.3, 0.15, 0.1, 0.03, 0.05, 0.12, 0.15, 0.1];
        var grains = random.Next(3) switch { 0 => 0, 1 => random.Next(200, 800), _ => random.Next(5, 60) };
        evidence["diffraction"] = Told(() => StateEvidence.OfPattern(DiffractionAnalysis.Analyse(new VirtualPattern
        {
            Size = 224, X = U(98, 126), Y = U(98, 126), Ellipse = (random.Next(2) * U(0.005, 0.03), U(0, 3.1)), Electrons = Log(1e5, 1e6), Blur = U(0.6, 1.1), Beam = U(0.03, 0.2), Diffuse = (U(0.1, 0.4), U(15, 35)), Grains = grains,
            Halos = [(ring * U(1.1, 1.35), ring * U(0.13, 0.22), Math.Max(1e-9, scattered * (1 - there) * 0.8)), (ring * U(1.95, 2.3), ring * U(0.25, 0.4), Math.Max(1e-9, scattered * (1 - there) * 0.2))],
            Rings = [.. ratios.Zip(strengths, (r, s) => (ring * r, Math.Max(1e-9, scattered * there * s)))],
        }.Measure(random), new()).State, core: false));
        return new(share, set, evidence);
    }

    /// <summary>What a technique says; nothing where it refuses the file, as a study would.</summary>
    private static StateEvidence? Told(Func<StateEvidence?> technique)
    {
        try { return technique(); }
        catch (InputException) { return null; }
    }
}
