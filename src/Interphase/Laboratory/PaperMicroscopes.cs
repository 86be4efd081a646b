using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Laboratory;

/// <summary>
/// The paper's particles under virtual microscopes: the edge of a coated particle and its diffraction, element maps of the powder, and of
/// a particle after cycling. The paper says states and thicknesses in words; grains, roughness and coverage are assumed. Images are counted
/// electron by electron or photon by photon in a noiseless laboratory too: what is read from them rests on that noise.
/// </summary>
internal static class PaperMicroscopes
{
    /// <summary>Mean thickness of the coating, m; the paper has 5 to 10 nm.</summary>
    public const double Thickness = 7.5e-9;

    /// <summary>Thickness of the layer with phosphorus and sulfur on a cycled particle, m; the paper has 50 to 70 nm.</summary>
    public const double Layer = 60e-9;

    /// <summary>Share of the powder's surface that is coated.</summary>
    public const double Coverage = 0.97;

    /// <summary>Pixel of the cycled particle's maps, m.</summary>
    private const double Fine = 10e-9;

    /// <summary>Radius and share of the coating's grains in projection, and what diffracts: in rings (share, grains a ring) or a halo.</summary>
    private static readonly (string Sample, double Radius, double Share, double Rings, int Grains)[] Coatings = [("350", 0, 0, 0, 0), ("450", 2.2e-9, 0.35, 0.12, 40), ("550", 4e-9, 0.9, 0.4, 60)];

    public static IEnumerable<(string File, Action Do)> Experiments(string folder, Func<string, int> seed)
    {
        foreach (var (sample, radius, share, rings, grains) in Coatings)
        {
            var raw = Path.Combine(folder, "raw", sample);
            yield return ($"{sample}/edge.tif", () => Write(raw, "edge.tif", new VirtualMicrograph { Field = 512, Thickness = Thickness, InnerEdge = -4e-9, GrainRadius = radius, GrainShare = share }.Make(seed(sample + "edge.tif")).Image.Micrograph!));
            yield return ($"{sample}/pattern.tif", () => Write(raw, "pattern.tif", Pattern(rings, grains).Measure(new Random(seed(sample + "pattern.tif"))).Micrograph!));
            yield return ($"{sample}/map_Ni.tif", () => WriteMaps(raw, "map", VirtualPowderMap.Make(seed(sample + "map"), 1 - Coverage, 0.25).Maps));
        }
        // A particle of 0.3 µm: of a larger one no electron comes through.
        yield return ("450/cycled_Ni.tif", () => WriteMaps(Path.Combine(folder, "raw", "450"), "cycled",
            [.. new VirtualParticle([[28, 28, 0]], 300e-9 / 2 / Fine, Thickness / Fine, Layer / Fine) { Size = 56, Dose = 2 }.Maps(new Random(seed("450cycled"))).Select(m => m with { PixelSize = Fine })]));
    }

    private static VirtualPattern Pattern(double rings, int grains) => new()
    {
        Size = 256, X = 128, Y = 128, Electrons = 1.5e6, Stop = (5, 0.7), Grains = grains,
        Halos = rings > 0.3 ? [] : [(65, 8, 0.5 - rings), (115, 14, 0.15)],
        // Spacings of (012), (104), (110), (024) and (116) of LiNb0.5Ta0.5O3.
        Rings = rings > 0 ? [.. new[] { (0.3748, 0.4), (0.2732, 0.2), (0.2576, 0.15), (0.1874, 0.12), (0.1717, 0.13) }.Select(r => (1 / r.Item1 / 0.05, rings * r.Item2))] : [],
    };

    private static void Write(string folder, string name, Micrograph image) =>
        Write(folder, name, RawFiles.Tiff(image.Width, image.Height, image.Pixels, image.PixelSize!.Value, image.IsReciprocal));

    private static void Write(string folder, string name, byte[] file) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(file));

    private static void WriteMaps(string folder, string name, IReadOnlyList<ElementMap> maps)
    {
        foreach (var m in maps) { Write(folder, $"{name}_{m.Element}.tif", RawFiles.Tiff(m.Width, m.Height, [.. m.Counts.Select(c => (float)c)], m.PixelSize!.Value, reciprocal: false)); }
    }
}
