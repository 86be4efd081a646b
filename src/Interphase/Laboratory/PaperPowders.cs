using Interphase.Characterisation;
using Interphase.Files;
using static Interphase.Laboratory.VirtualPowders;

namespace Interphase.Laboratory;

/// <summary>
/// The paper's powders on the virtual diffractometer and thermal analyser: the drying and crystallising gel, the three coatings,
/// and the coated cathode powders beside the bare one. The paper gives the exotherms and says the states in words; shares of
/// crystals, grain sizes and heats are assumed.
/// </summary>
internal static class PaperPowders
{
    /// <summary>Share of the scattering that is crystalline, and size of the grains, of each coating.</summary>
    public static readonly IReadOnlyList<(string Sample, double Crystalline, double Size)> Coatings = [("350", 0, 1e-8), ("450", 0.55, 1.2e-8), ("550", 0.94, 4e-8)];

    /// <summary>Peaks of the crystallisation, °C.</summary>
    public static readonly double[] Exotherms = [380, 410, 427];

    /// <summary>Change of the cathode's c axis that was put in, m: none.</summary>
    public const double LatticeShift = 0;

    public static IEnumerable<(string File, Action Do)> Experiments(string folder, Func<string, Gauss?> noise)
    {
        var powders = Path.Combine(folder, "raw", "powders");
        var begin = new DateTime(2026, 1, 5, 9, 0, 0);
        var (cathode, coating) = (CrystalPhase.Find("NMC532"), CrystalPhase.Find("LiNb0.5Ta0.5O3"));
        Grains Of(CrystalPhase phase, double area, double size) => new(phase, area, size, phase.A, phase.C);
        yield return ("powders/lab6.xy", () => AtomicFile.WriteText(Path.Combine(powders, "lab6.xy"), Columns(Scan([Of(CrystalPhase.Find("LaB6"), 60_000, double.PositiveInfinity)], 0, 0, 60, noise("lab6.xy")), "LaB6 line-profile standard")));
        yield return ("powders/nmc532.xrdml", () => AtomicFile.WriteText(Path.Combine(powders, "nmc532.xrdml"), Xrdml(Scan([Of(cathode, 40_000, 4e-7)], 0, -15e-6, 150, noise("nmc532.xrdml")), "bare NMC532")));
        yield return ("powders/gel.txt", () => AtomicFile.WriteText(Path.Combine(powders, "gel.txt"), Netzsch(Heating(
            [new(383, 14, 0.052, -1.4e5), new(525, 13, 0.11, -6e4), new(576, 10, 0.13, 3.5e5)],
            [.. Exotherms.Select((t, i) => new Heat(t + 273.15, new[] { 1.4e4, 1.6e4, 1.1e4 }[i], 3.6e5, 3))], 10.0 / 60, 12e-6, noise("gel.txt")), "LNTO gel dried at 80 C", begin)));
        foreach (var (sample, crystalline, size) in Coatings)
        {
            var raw = Path.Combine(folder, "raw", sample);
            yield return ($"{sample}/coating.xy", () => AtomicFile.WriteText(Path.Combine(raw, "coating.xy"),
                Columns(Scan(crystalline > 0 ? [Of(coating, 12_000 * crystalline, size)] : [], 12_000 * (1 - crystalline), 20e-6, 150, noise(sample + "coating.xy")), $"LNTO powder annealed at {sample} C")));
            // The coating is some two percent of the mass: hardly seen beside the cathode.
            yield return ($"{sample}/coated.xrdml", () => AtomicFile.WriteText(Path.Combine(raw, "coated.xrdml"),
                Xrdml(Scan([new(cathode, 40_000, 4e-7, cathode.A, cathode.C + LatticeShift), Of(coating, 400 * crystalline, size)], 400 * (1 - crystalline), (sample[0] - '4') * 35e-6, 150, noise(sample + "coated.xrdml")), $"NMC532 coated with LNTO annealed at {sample} C")));
        }
    }
}
