using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Studies;

/// <summary>Element maps of coated powders and of cycled electrodes: coverage, evenness, shell and grown layer.</summary>
internal static class MapTechnique
{
    public static readonly Technique Technique = new("map", OfCells: false, Analyse, Show);

    private sealed record Mapped(MapResult Result, IReadOnlyList<ElementMap> Maps, MapOptions Options);

    private static Analysis Analyse(Work work)
    {
        var settings = work.Specimen!.Settings;
        string[] List(string key) => settings.GetValueOrDefault(key, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var files = string.Join(", ", work.Measurements.Select(m => m.File));
        var options = new MapOptions
        {
            Coating = List("coating"), Particle = List("particle"), Interphase = List("interphase"),
            PixelSize = settings.TryGetValue("scale", out var s) ? Quantity.Parse(s, "m").Value : null,
            KFactor = CliffLorimer.Parse(settings.GetValueOrDefault("kFactor")),
        };
        if (options.Coating.Count == 0 || options.Particle.Count == 0) { throw new InputException("the elements of coating and particle are not named", files, "add 'coating: [Nb, Ta]' and 'particle: [Ni]' to this specimen"); }
        if (options.PixelSize is <= 0) { throw new InputException($"the size of a pixel, '{s}', is not positive", files, "write 'scale: 4 nm' at this specimen"); }
        ElementMap[] maps = [.. work.Measurements.Select(m => ElementMap.From(m, ElementMap.ElementOf(m)))];
        var result = MapAnalysis.Analyse(maps, options);
        return new(work, new Mapped(result, maps, options), result.Contract(), settings, [.. Values(result)]) { Findings = [.. Findings(work, result)] };
    }

    private static IEnumerable<ComparedValue> Values(MapResult r)
    {
        if (r.Shell is null)
        {
            yield return new("coatingCoverage", "1", r.Coverage, "share of the particles' area, counts as a mixture of bare and covered pixels");
            yield return new("coatingVariation", "1", r.Variation, "standard deviation over mean of the coating where there is one, without counting noise");
        }
        if (r.Ratio?.Composition is { Share.HasValue: true } at) { yield return new("coatingComposition", "%", at.Share.Scaled(100), $"share of {at.Element} in the atoms of the coating's two elements: counts and a Cliff–Lorimer factor"); }
        if (r.Shells.Mean.HasValue) { yield return new("shellThickness", "nm", r.Shells.Mean.Scaled(1e9), "shells of the particles that stand alone, mean by surface"); }
        if (r.Shell is not null) { yield return new("shellThickness", "nm", r.Shell.Thickness.Scaled(1e9), "shell of a single particle in projection"); }
        if (r.Interphase.HasValue) { yield return new("interphaseThickness", "nm", r.Interphase.Scaled(1e9), r.Shell is null ? "shells of the layer's elements around particles that stand alone, mean by surface" : "shell of the layer's elements around a single particle"); }
    }

    private static IEnumerable<Finding> Findings(Work work, MapResult r)
    {
        var bare = r.Particles.Where(p => p.Coated == false).ToArray();
        if (bare.Length > 0)
        {
            yield return new($"uncoated-particles-{Slug.Of(work.Sample.Name)}", Severity.Caution, $"{(bare.Length == 1 ? "particle" : "particles")} {string.Join(", ", bare.Select(p => p.Index))} of {r.Particles.Count} in the map {(bare.Length == 1 ? "is" : "are")} not coated.", [.. bare.Select(p => new Evidence($"particles[{p.Index}].coverage", p.Coverage.Value, "1"))]);
        }
        if (r.Shell is { Uncovered.Count: > 0 } s)
        {
            yield return new($"open-shell-{Slug.Of(work.Sample.Name)}", Severity.Caution, FormattableString.Invariant($"the shell is open over {s.Uncovered.Sum(a => a.To - a.From):0}° of the particle's rim."), [.. s.Uncovered.Select(a => new Evidence("shell.uncoveredArcs_deg", a.To - a.From, "deg"))]);
        }
        if (r.Ratio is { Constant: false } q)
        {
            yield return new($"two-compositions-{Slug.Of(work.Sample.Name)}", Severity.Caution, FormattableString.Invariant($"the ratio of the coating's elements is not one number over the map (p = {q.PValue:0.###}): more than one composition."), [new("ratio.pValue", q.PValue, "1")]);
        }
    }

    /// <summary>Four maps stand two by two, which leaves them larger than a row of three with one below.</summary>
    internal static int Columns(int maps) => maps == 4 ? 2 : Math.Min(3, maps);

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, ((Mapped)a.Result).Result, ((Mapped)a.Result).Maps, ((Mapped)a.Result).Options)).ToArray();
        var blocks = new List<Block>();
        foreach (var (work, r, maps, options) in all)
        {
            blocks.Add(new Figure($"map-{Slug.Of(work.Sample.Name)}-{Slug.Of(work.Specimen!.Kind)}-{Slug.Of(Path.GetFileNameWithoutExtension(maps[0].File))}", $"Element maps of {work.Sample.Name}, {work.Specimen.Kind.Replace('-', ' ')}",
                $"Counts a pixel{(Shrink(maps[0]) > 1 ? $", means over {Shrink(maps[0])} × {Shrink(maps[0])} pixels" : "")}; coating {string.Join(", ", options.Coating)}, particle {string.Join(", ", options.Particle)}{(options.Interphase.Count > 0 ? $", grown layer {string.Join(", ", options.Interphase)}" : "")}.",
                [.. maps.Select(m => Panel(m with { PixelSize = r.PixelSize }))])
            { Columns = Columns(maps.Count) });
        }
        static Reports.Cell Given(Estimate? e) => e is { HasValue: true } given ? given : "";
        blocks.Add(new Table("maps", "Coverage and layers", [new("Sample"), new("Coverage"), new("Variation"), new("Particles"), new("Not coated"), new("Coating", "nm"), new("Open rim", "deg"), new("Grown layer", "nm"), new("Ratio"), new("Moran's I") { Digits = 2 }],
        [
            .. all.Select(x => (IReadOnlyList<Reports.Cell>)
            [
                x.Work.Sample.Name, Given(x.Result.Coverage), Given(x.Result.Variation), (double)Math.Max(1, x.Result.Particles.Count), (double)x.Result.Particles.Count(p => p.Coated == false),
                Given((x.Result.Shell?.Thickness ?? x.Result.Shells.Mean).Scaled(1e9)), x.Result.Shell is { } s ? FormattableString.Invariant($"{s.Uncovered.Sum(a => a.To - a.From):0}") : "",
                Given(x.Result.Interphase.Scaled(1e9)), x.Result.Ratio is { } q ? q.Constant ? "one" : "varies" : "", x.Result.Texture is { } t ? t.MoransI : double.NaN,
            ]),
        ])
        { Note = "Coverage and variation are those of several particles; open rim that of a single particle; coating and grown layer are those of particles that stand alone, mean by surface." });
        if (all.Any(x => x.Result.Particles.Count > 0))
        {
            blocks.Add(new Methods([new Table("map-particles", "Particles", [new("Sample"), new("Particle"), new("Pixels"), new("Coverage"), new("Coated"), new("Coating", "nm"), new("Grown layer", "nm")],
                [.. all.SelectMany(x => x.Result.Particles.Select(p => (IReadOnlyList<Reports.Cell>)[x.Work.Sample.Name, (double)p.Index, (double)p.Pixels, Given(p.Coverage), p.Coated switch { true => "yes", false => "no", _ => "not told" }, Given(p.Shell.Scaled(1e9)), Given(p.Interphase.Scaled(1e9))]))])], "Each particle"));
        }
        if (all.Any(x => x.Result.Together.Any(t => t.Pearson.HasValue)))
        {
            blocks.Add(new Methods([new Table("map-colocalisation", "Elements in the same places", [new("Sample"), new("Elements"), new("Correlation")],
                [.. all.SelectMany(x => x.Result.Together.Where(t => t.Pearson.HasValue).Select(t => (IReadOnlyList<Reports.Cell>)[x.Work.Sample.Name, $"{t.First}, {t.Second}", t.Pearson]))])
            { Note = "Pearson's correlation over the pixels of the particles, freed of counting noise; elements whose counts vary no more than noise are left out." }], "Elements in the same places"));
        }
        if (all.SelectMany(x => x.Result.Overlaps).Where(o => o.Mapped).DistinctBy(o => (o.Lines, o.Text)).ToArray() is { Length: > 0 } overlaps)
        {
            blocks.Add(new Methods([new Table("map-overlaps", "Lines that a detector does not part", [new("Counts as"), new("Lines", "keV"), new("Taken up"), new("What becomes of it")],
                [.. overlaps.Select(o => (IReadOnlyList<Reports.Cell>)[o.Element, o.Lines, o.TakenUp ? "yes" : "no", o.Text])])], "Overlapping lines"));
        }
        blocks.AddRange(SampleNotes.Of(all.SelectMany(x => x.Result.Warnings.Where(w => !w.Path.StartsWith("shell", StringComparison.Ordinal) || x.Result.Particles.Count == 0).Select(w => (x.Work.Sample.Name, w.Text)))));
        blocks.Add(new Methods(
        [
            new Paragraph("Counts of the coating's lines are a mixture of bare pixels (Poisson) and covered pixels (Poisson over a log-normal thickness), so that the noise of counting is in neither coverage nor variation; continuum and overlapping lines go into the bare level. The shell of a single particle is the chord of a hollow sphere blurred by the probe. Patches: Moran's I over neighbouring pixels against 199 rearrangements."),
        ]));
        return new Section("map", "Element maps", blocks);
    }

    /// <summary>One map over its place in nanometres or micrometres, or in pixels where their size is not known.</summary>
    internal static Panel Panel(ElementMap m)
    {
        var size = (m.PixelSize ?? 1) * (m.PixelSize is null ? 1 : 1e9);
        var (across, up, unit, scale) = m.PixelSize is null ? ("Column", "Row", "px", 1.0) : m.Width * size > 2000 ? ("Position", "Position", "um", 1e-3) : ("Position", "Position", "nm", 1.0);
        return new(new Axis(across, unit), new Axis(up, unit), [Heat(m, size * scale)]) { Title = m.Element, EqualAspect = true, Legend = false };
    }

    private static int Shrink(ElementMap m) => Math.Max(1, (Math.Max(m.Width, m.Height) + 159) / 160);

    /// <summary>Mean counts over blocks small enough for a figure; the map's first row is the top.</summary>
    private static HeatMap Heat(ElementMap m, double pixel)
    {
        var k = Shrink(m);
        var (w, h) = (m.Width / k, m.Height / k);
        var z = new double[h, w];
        for (var y = 0; y < h * k; y++)
        {
            for (var x = 0; x < w * k; x++) { z[h - 1 - (y / k), x / k] += m.Counts[(y * m.Width) + x] / (double)(k * k); }
        }
        return new($"{m.Element} counts", [.. Enumerable.Range(0, w).Select(x => (x + 0.5) * k * pixel)], [.. Enumerable.Range(0, h).Select(y => (y + 0.5) * k * pixel)], z) { Min = 0 };
    }
}
