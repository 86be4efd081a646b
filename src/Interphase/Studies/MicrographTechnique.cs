using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Studies;

/// <summary>High-resolution micrographs of coatings.</summary>
internal static class MicrographTechnique
{
    public static readonly Technique Technique = new("micrograph", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var measurement = work.Only("micrograph");
        var settings = work.Specimen!.Settings;
        var options = new MicrographOptions
        {
            PixelSize = settings.TryGetValue("scale", out var scale) ? Quantity.Parse(scale, "nm").Value : null,
            Core = settings.TryGetValue("core", out var core) ? ImageArea.Parse(core) : null,
        };
        if (settings.TryGetValue("corePhase", out var phase)) { options = options with { CorePhase = MicrographOptions.PhaseOf(phase) }; }
        var result = MicrographAnalysis.Analyse(measurement, options);
        return new(work, result, result.Contract(), settings, work.Specimen.Kind == "cycled-electrode" ? [] : [.. Values(result)]);
    }

    private static IEnumerable<ComparedValue> Values(MicrographResult r)
    {
        if (r.Thickness is { Coverage: > 0 } t) { yield return new("coatingThickness", "nm", t.Median.Scaled(1e9), FormattableString.Invariant($"median over {t.Strips.Count} strips of 1 nm along the edge in one micrograph")); }
        yield return new("crystallineAreaFraction", "1", r.CrystallineFraction, "area in which a reflection stands out of the halo");
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, Result: (MicrographResult)a.Result)).ToArray();
        var blocks = new List<Block>();
        foreach (var (work, r) in all)
        {
            blocks.Add(Figure($"micrograph-{Slug.Of(work.Sample.Name)}-{Slug.Of(Path.GetFileNameWithoutExtension(work.Measurements[0].File))}", work, r));
        }
        blocks.Add(new Table("micrographs", "Micrographs", [new("Sample"), new("File"), new("State"), new("p (amorphous)"), new("Crystalline area"), new("Thickness", "nm"), new("s.d. along the edge", "nm"), new("Least", "nm"), new("Greatest", "nm"), new("Edge coated")],
            [
                .. all.Select(x => (IReadOnlyList<Reports.Cell>)
                [
                    x.Work.Sample.Name, Path.GetFileName(x.Work.Measurements[0].File), x.Result.State ?? "withheld", x.Result.PValue, x.Result.CrystallineFraction,
                    x.Result.Thickness is { Coverage: > 0 } t ? t.Median.Scaled(1e9) : Estimate.Withheld("no coating between core and vacuum was measured"),
                    (x.Result.Thickness?.StandardDeviation ?? double.NaN) * 1e9, (x.Result.Thickness?.Min ?? double.NaN) * 1e9, (x.Result.Thickness?.Max ?? double.NaN) * 1e9, x.Result.Thickness?.Coverage ?? double.NaN,
                ]),
            ]) { Note = "Errors are those of measuring this edge and of the scale, one standard error. The scale is calibrated by the fringes of the core where these are known, else taken as stated, with 2 %." });
        if (all.Any(x => x.Result.Spacings.Count > 0)) { blocks.Add(SpacingTable("micrograph-spacings", all.Select(x => (x.Work, x.Result.Spacings)))); }
        foreach (var w in all.SelectMany(x => x.Result.Warnings.Select(w => $"{x.Work.Sample.Name}: {w.Text}")).Distinct()) { blocks.Add(new Paragraph(w)); }
        blocks.Add(new Methods([new Paragraph("Windows of the coating are judged against speckle: of a random object the power at a frequency is exponentially distributed about its expectation, whatever lens and detector do. The inner edge is the midpoint of the core's in-phase lattice amplitude, the outer one the onset of the texture, centred on the Fresnel fringe; docs/micrograph.md has the formulas.")]));
        return new Section("micrograph", "Micrographs", blocks);
    }

    internal static Table SpacingTable(string id, IEnumerable<(Work Work, IReadOnlyList<LatticeSpacing> Spacings)> all) =>
        new(id, "Spacings", [new("Sample"), new("d", "nm"), new("Phase"), new("Line")],
            [.. all.SelectMany(x => x.Spacings.Select(s => (IReadOnlyList<Reports.Cell>)[x.Work.Sample.Name, s.Spacing.Scaled(1e9), s.Phase ?? "none shipped", s.Line ?? ""]))]);

    private static Figure Figure(string id, Work work, MicrographResult r)
    {
        var image = work.Measurements[0].Micrograph!;
        var picture = r.Picture;
        var scale = picture.Pixel * 1e9;
        var bin = Math.Max(1, (int)Math.Round(picture.Pixel / (image.PixelSize ?? picture.Pixel)));
        var step = Math.Max(1, (int)Math.Ceiling(Math.Max(image.Width, image.Height) / 640.0));
        var (grey, width, height) = Grey(image, step);
        var length = scale / bin * step;
        var top = length * height;
        var edges = picture.Edges;
        var view = new Panel(new Axis("x", "nm") { Visible = false }, new Axis("y", "nm") { Visible = false },
        [
            new Picture("image", grey, width, height, length),
            new XY("core", [.. edges.Select(e => e.InnerX * 1e9)], [.. edges.Select(e => top - (e.InnerY * 1e9))]) { Colour = 1 },
            new XY("vacuum", [.. edges.Select(e => e.OuterX * 1e9)], [.. edges.Select(e => top - (e.OuterY * 1e9))]) { Colour = 2 },
            new XY("crystalline", [.. Crystalline(picture).Select(p => p.X)], [.. Crystalline(picture).Select(p => top - p.Y)]) { Draw = Draw.Markers, Colour = 3, Hollow = true },
        ]) { EqualAspect = true };
        var panels = new List<Panel> { view };
        if (picture.Frequency.Length > 0)
        {
            panels.Add(new Panel(new Axis("Spatial frequency", "nm-1"), new Axis("Power") { Log = true },
            [
                new XY("highest of any window", [.. picture.Frequency.Select(f => f * 1e-9)], picture.Highest) { Colour = work.Place },
                new XY("expected of an amorphous film", [.. picture.Frequency.Select(f => f * 1e-9)], picture.Halo) { Colour = Palette.Neutral, Dash = Dash.Dashed },
            ]));
        }
        if (r.Thickness is { Coverage: > 0 } t)
        {
            var (from, to) = (Math.Floor(t.Strips.Min() * 1e10 * 0.5) / 5, Math.Ceiling(t.Strips.Max() * 1e10 * 0.5) / 5);
            var bins = Math.Max(1, (int)Math.Round((to - from) / 0.2));
            panels.Add(new Panel(new Axis("Thickness", "nm"), new Axis("Strips of 1 nm") { FromZero = true },
                [new Bars("strips", [.. Enumerable.Range(0, bins).Select(k => from + (0.2 * (k + 0.5)))], [.. Enumerable.Range(0, bins).Select(k => (double)t.Strips.Count(s => Math.Min(bins - 1, (int)((s * 1e9 - from) / 0.2)) == k))]) { Colour = work.Place }]) { Legend = false });
        }
        return new Figure(id, $"Micrograph of {work.Sample.Name}", "The image with the edges found and marks where a reflection stands out; the highest power of any window beside what an amorphous film would show; the thickness of the coating in strips along the edge.", panels);
    }

    private static IEnumerable<(double X, double Y)> Crystalline(MicrographPicture p)
    {
        var every = Math.Max(4, p.Columns / 60);
        for (var i = 0; i < p.Map.Length; i++)
        {
            var (x, y) = (i % p.Columns, i / p.Columns);
            if (p.Map[i] == 2 && x % every == 0 && y % every == 0) { yield return ((x + 0.5) * p.Cell * 1e9, (y + 0.5) * p.Cell * 1e9); }
        }
    }

    /// <summary>Reduced to what a figure shows, from the half per cent darkest to the half per cent brightest.</summary>
    internal static (byte[] Grey, int Width, int Height) Grey(Micrograph image, int step, bool logarithmic = false)
    {
        var (width, height) = (image.Width / step, image.Height / step);
        var values = new double[width * height];
        for (var y = 0; y < height * step; y++)
        {
            for (var x = 0; x < width * step; x++) { values[(y / step * width) + (x / step)] += image[x, y] / step / step; }
        }
        if (logarithmic)
        {
            var least = values.Min();
            for (var i = 0; i < values.Length; i++) { values[i] = Math.Log(1 + values[i] - least); }
        }
        var sorted = values.Order().ToArray();
        var (low, high) = (sorted[sorted.Length / 200], sorted[^((sorted.Length / 200) + 1)]);
        return ([.. values.Select(v => high > low ? (byte)Math.Clamp(255 * (v - low) / (high - low), 0, 255) : (byte)128)], width, height);
    }
}
