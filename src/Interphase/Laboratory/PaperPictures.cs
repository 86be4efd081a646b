using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Studies;

namespace Interphase.Laboratory;

/// <summary>The paper's micrographs, diffraction patterns and element maps, as the virtual microscopes recorded them.</summary>
internal static class PaperPictures
{
    private const string PutIn = "What they show was put in: they check the analysis, and say nothing of the paper's powders.";

    /// <summary>Each with the paper's figures it stands for.</summary>
    public static IEnumerable<(string[] Of, Figure Figure)> All(PaperEvidence e)
    {
        var edges = PaperEvidence.Coated.SelectMany(s => e.Measured(s, "micrograph", "coated-powder").Select(m => View(s, m))).ToArray();
        var patterns = PaperEvidence.Coated.SelectMany(s => e.Measured(s, "diffraction", "coated-powder").Select(m => View(s, m))).ToArray();
        if (edges.Length + patterns.Length > 0)
        {
            yield return (["1d", "1e", "1f", "S2"], new("paper-1def", "Edge of a coated particle, and its diffraction (paper: Fig. 1d–f, S2)",
                $"Core to the left, vacuum to the right. Read: {string.Join("; ", PaperEvidence.Coated.Select(s => $"{s} {NumberText.Print(e.Compared(s, "coatingThickness").Value, 3)} nm"))}. The paper says 5 to 10 nm, amorphous, nanocrystals in an amorphous film, and crystalline. {PutIn}", [.. edges, .. patterns]) { Columns = 3 });
        }
        if (Maps(e, "LNTO-450", "coated-powder") is { Length: > 0 } powder)
        {
            yield return (["1g"], new("paper-1g", "Element maps of the coated powder, LNTO-450 (paper: Fig. 1g)", $"Counts a pixel. Read: {NumberText.Print(100 * e.Compared("LNTO-450", "coatingCoverage").Value, 3)} % of the particles' area covered. {PutIn}", powder) { Columns = MapTechnique.Columns(powder.Length) });
        }
        if (Maps(e, "LNTO-450", "cycled-electrode") is { Length: > 0 } cycled)
        {
            yield return (["S10"], new("paper-s10", "Element maps of a particle after cycling, LNTO-450 (paper: Fig. S10)", $"Counts a pixel. Read: a layer of {NumberText.Print(e.Compared("LNTO-450", "interphaseThickness").Value, 2)} nm with phosphorus and sulfur; the paper says 50 to 70 nm. {PutIn}", cycled) { Columns = MapTechnique.Columns(cycled.Length) });
        }
    }

    private static Panel View(string sample, Measurement measurement)
    {
        var image = measurement.Micrograph!;
        var step = Math.Max(1, image.Width / 384);
        var (grey, width, height) = MicrographTechnique.Grey(image, step, logarithmic: image.IsReciprocal);
        return new(new Axis("x", image.IsReciprocal ? "nm-1" : "nm") { Visible = false }, new Axis("y") { Visible = false }, [new Picture(sample, grey, width, height, image.PixelSize!.Value * (image.IsReciprocal ? 1e-9 : 1e9) * step) { ScaleBar = 5 }]) { Title = sample, EqualAspect = true, Legend = false };
    }

    private static Panel[] Maps(PaperEvidence e, string sample, string kind) =>
        [.. e.Measured(sample, "map", kind).Select(m => ElementMap.From(m, ElementMap.ElementOf(m))).Select(MapTechnique.Panel)];
}
