using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Powder diffraction of coatings and coated powders.</summary>
internal static class XrdTechnique
{
    public static readonly Technique Technique = new("xrd", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var measurement = work.Only("pattern");
        var settings = work.Specimen!.Settings;
        Measurement? Other(string key) => settings.TryGetValue(key, out var path) ? InstrumentFile.Read(Path.Combine(work.Study.Folder, path)) : null;
        var options = new XrdOptions
        {
            Phases = CrystalPhase.List(settings.GetValueOrDefault("phases"), work.Study.Folder), Candidates = CrystalPhase.List(settings.GetValueOrDefault("candidates"), work.Study.Folder),
            Instrument = Other("instrument"), Background = Other("background"), Reference = Other("reference"), Amorphous = Other("amorphous"), Crystalline = Other("crystalline"),
            Standard = InternalStandard.Parse(settings.GetValueOrDefault("standard"), work.Study.Folder),
        };
        var result = XrdAnalysis.Analyse(measurement, options);
        return new(work, result, result.Contract(), settings, [.. Values(work, result)]);
    }

    private static IEnumerable<ComparedValue> Values(Work work, XrdResult r)
    {
        // On particles the lines are those of the particles; the coating's crystallinity is that of its own powder.
        if (work.Specimen!.Kind == "coating-powder")
        {
            yield return r.CalibratedCrystallinity.HasValue ? new("crystallinity", "1", r.CalibratedCrystallinity, "on the line between the amorphous and the crystalline end of the series")
                : new("crystallinity", "1", r.Crystallinity, "area of lines over lines and halo in the whole-pattern fit");
        }
        if (r.AmorphousShare is { } glass) { yield return new("amorphousShare", "%", glass.Scaled(100), "mass of the sample that no crystalline phase accounts for, by a weighed standard"); }
        if (r.Verdict is { } v) { yield return new("latticeShift", "angstrom", v.DeltaC.Scaled(1e10), $"c less that of the bare powder; {(v.Moved ? "moved" : FormattableString.Invariant($"not moved, by {v.UpperBound95 * 1e10:G2} Å at most"))}"); }
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, Result: (XrdResult)a.Result)).ToArray();
        var blocks = new List<Block>();
        foreach (var (work, r) in all)
        {
            blocks.Add(Pattern(work, r));
        }
        blocks.Add(new Table("xrd-phases", "Phases", [new("Sample"), new("Specimen"), new("Crystallinity"), new("Phase"), new("a", "angstrom"), new("b", "angstrom"), new("c", "angstrom"), new("β", "deg"), new("Crystallite size", "nm"), new("Size, Williamson–Hall", "nm"), new("Microstrain, Williamson–Hall", "%"), new("Share of lines"), new("Share of mass")],
            [
                .. all.SelectMany(x => x.Result.Phases.Count == 0
                    ? [[x.Work.Sample.Name, x.Work.Specimen!.Kind, x.Result.Crystallinity, "none found", double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, "", "", double.NaN, double.NaN]]
                    : x.Result.Phases.Select(p => (IReadOnlyList<Reports.Cell>)
                    [
                        x.Work.Sample.Name, x.Work.Specimen!.Kind, x.Result.Crystallinity, p.Phase.Name, p.A.Scaled(1e10), p.Phase.HasB ? p.B.Scaled(1e10) : (Reports.Cell)"", p.Phase.Cubic ? Estimate.Withheld("cubic") : p.C.Scaled(1e10), p.Phase.FreeAngles.Contains("β") ? p.Beta : (Reports.Cell)"",
                        p.Resolvable ? p.Size.Scaled(1e9) : Estimate.Withheld("not resolvable: the lines are as narrow as the instrument's"), p.WilliamsonHall is { } size ? size.Size.Scaled(1e9) : (Reports.Cell)"", p.WilliamsonHall is { } strain ? strain.Strain.Scaled(100) : (Reports.Cell)"", p.ShareOfLines.Value, p.WeightFraction.HasValue ? p.WeightFraction : (Reports.Cell)"",
                    ])),
            ]));
        if (Breadths(all) is { } breadths) { blocks.Add(breadths); }
        blocks.AddRange(SampleNotes.Of(all.SelectMany(x => x.Result.Warnings.Select(w => (x.Work.Sample.Name, w.Text)))));
        blocks.Add(new Methods([new Paragraph("Background, bounded halo, lines with the Kα doublet and the instrument's breadth, cell and displacement of the sample are refined together; docs/xrd.md has the formulas.")]));
        return new Section("xrd", "X-ray diffraction", blocks);
    }

    /// <summary>Breadths of single lines over the angle, with the line through them, for every phase whose size or strain they tell.</summary>
    private static Figure? Breadths(IReadOnlyList<(Work Work, XrdResult Result)> all)
    {
        var series = new List<Series>();
        foreach (var (work, name, hall) in all.SelectMany(x => x.Result.Phases.Select(p => (x.Work, p.Phase.Name, p.WilliamsonHall))).Where(x => x.WilliamsonHall is { } h && (h.Size.HasValue || h.Strain.HasValue)))
        {
            LineBreadth[] lines = [.. hall!.Lines.Where(l => 3 * l.Breadth.StandardError < l.Breadth.Value)];
            var (half, at) = (lines.Select(l => l.TwoTheta * Math.PI / 360).ToArray(), new[] { 0.0, Math.Sin(hall.Lines[^1].TwoTheta * Math.PI / 360) });
            series.Add(new XY($"{work.Sample.Name} {work.Specimen!.Kind.Replace('-', ' ')}, {name}", [.. half.Select(Math.Sin)], [.. lines.Zip(half, (l, t) => l.Breadth.Value * Math.Cos(t))])
            {
                Colour = work.Place, Draw = Draw.Markers, Hollow = work.Specimen.Kind == "coated-powder",
                YError = [.. lines.Zip(half, (l, t) => l.Breadth.StandardError * Math.Cos(t))], PointText = [.. lines.Select(l => $"({l.H} {l.K} {l.L})")],
            });
            series.Add(new XY("", at, [.. at.Select(s => hall.Line.Intercept + (hall.Line.Slope * s))]) { Colour = work.Place, Dash = work.Specimen.Kind == "coated-powder" ? Dash.Dashed : Dash.Solid });
        }
        return series.Count == 0 ? null : new("williamson-hall", "Breadths of the lines over the angle",
            "Breadth β of the sample's part of each line that stands alone, times cosθ, over sinθ (Williamson and Hall 1953). Where the line meets the axis it is the size (Kλ/L), its slope is the microstrain (4ε). Hollow: coated powder. Lines whose error exceeds a third of their breadth, and phases as narrow as the instrument, are not drawn.",
            [new Panel(new Axis("sin θ"), new Axis("β cos θ", "deg"), [.. series])]);
    }

    private static Figure Pattern(Work work, XrdResult r)
    {
        var measured = new XY("measured", r.TwoTheta, r.Observed) { Colour = work.Place, Draw = Draw.Line };
        var (id, title) = ($"xrd-{Slug.Of(work.Sample.Name)}-{Slug.Of(work.Specimen!.Kind)}", $"Diffraction of {work.Sample.Name}, {work.Specimen.Kind.Replace('-', ' ')}");
        if (r.Calculated.Length == 0) { return new(id, title, "Measured scan; it is too short for a fit of the whole pattern.", [new Panel(new Axis("2θ", "deg"), new Axis("Counts"), [measured])]); }
        return new(id, title, "Measured pattern, the whole-pattern fit, its amorphous part, and what the fit leaves.",
        [
            new Panel(new Axis("2θ", "deg"), new Axis("Counts"), [measured, new XY("fit", r.TwoTheta, r.Calculated) { Colour = Palette.Neutral }, new XY("amorphous and background", r.TwoTheta, r.Amorphous) { Colour = Palette.Neutral, Dash = Dash.Dashed }]),
            new Panel(new Axis("2θ", "deg"), new Axis("Difference"), [new XY("difference", r.TwoTheta, [.. r.Observed.Zip(r.Calculated, (o, c) => o - c)]) { Colour = work.Place }]) { RelativeHeight = 0.3, Legend = false },
        ]) { SharedX = true };
    }
}
