using Interphase.Characterisation;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Studies;

/// <summary>Electron diffraction patterns of coatings.</summary>
internal static class DiffractionTechnique
{
    public static readonly Technique Technique = new("diffraction", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var measurement = work.Only("pattern");
        var settings = work.Specimen!.Settings;
        var options = new DiffractionOptions { PixelSize = settings.TryGetValue("scale", out var scale) ? Quantity.Parse(scale, "nm-1").Value : null };
        options = options.WithEllipse(settings.GetValueOrDefault("ellipticity"), settings.GetValueOrDefault("ellipticityDirection"));
        if (CrystalPhase.List(settings.GetValueOrDefault("phases"), work.Study.Folder) is { Count: > 0 } phases) { options = options with { Phases = phases }; }
        var result = DiffractionAnalysis.Analyse(measurement, options);
        return new(work, result, result.Contract(), settings, []);
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, Result: (DiffractionResult)a.Result)).ToArray();
        var blocks = new List<Block>();
        foreach (var (work, r) in all)
        {
            var image = work.Measurements[0].Micrograph!;
            var step = Math.Max(1, (int)Math.Ceiling(Math.Max(image.Width, image.Height) / 512.0));
            var (grey, width, height) = MicrographTechnique.Grey(image, step, logarithmic: true);
            var unit = r.PixelSize is { } k ? k * 1e-9 : 1;
            blocks.Add(new Figure($"diffraction-{Slug.Of(work.Sample.Name)}-{Slug.Of(Path.GetFileNameWithoutExtension(work.Measurements[0].File))}", $"Electron diffraction of {work.Sample.Name}",
                "The pattern (logarithm of intensity) with its centre and, in circles, the spots that lie on a lattice, and the median intensity by the distance from it; lines mark rings and shells of spots.",
                [
                    new Panel(new Axis("x", r.PixelSize is null ? "px" : "nm-1") { Visible = false }, new Axis("y") { Visible = false },
                    [
                        new Picture("pattern", grey, width, height, unit * step),
                        .. Spots(r, unit, height * step),
                        new XY("centre", [(r.CentreX.Value + 0.5) * unit], [((height * step) - r.CentreY.Value - 0.5) * unit]) { Draw = Draw.Markers, Marker = Marker.Cross, Colour = 1 },
                    ]) { EqualAspect = true, Legend = false },
                    new Panel(r.PixelSize is null ? new Axis("Distance", "px") : new Axis("Spatial frequency", "nm-1"), new Axis("Median intensity") { Log = true }, [new XY("median", [.. r.Radius.Select(x => x * unit)], r.Profile) { Colour = work.Place }])
                    {
                        Legend = false, Annotations = [.. r.Rings.Select(g => (Annotation)new Rule(Along.X, g.Radius.Value * unit, g.Match.Line ?? ""))],
                    },
                ]));
        }
        blocks.Add(new Table("diffraction-patterns", "Patterns", [new("Sample"), new("File"), new("Class"), new("Ellipticity"), new("Rings")],
            [.. all.Select(x => (IReadOnlyList<Reports.Cell>)[x.Work.Sample.Name, Path.GetFileName(x.Work.Measurements[0].File), x.Result.State, x.Result.Ellipticity, (double)x.Result.Rings.Count])]));
        if (all.Any(x => x.Result.Lattices.Count > 0)) { blocks.Add(Lattices(all.SelectMany(x => x.Result.Lattices.Select(l => (x.Work.Sample.Name, l))))); }
        if (all.Any(x => x.Result.Rings.Any(g => g.Match.Spacing.HasValue))) { blocks.Add(MicrographTechnique.SpacingTable("diffraction-spacings", all.Select(x => (x.Work, (IReadOnlyList<LatticeSpacing>)[.. x.Result.Rings.Select(g => g.Match)])))); }
        foreach (var w in all.SelectMany(x => x.Result.Warnings.Select(w => $"{x.Work.Sample.Name}: {w.Text}")).Distinct()) { blocks.Add(new Paragraph(w)); }
        blocks.Add(new Methods([new Paragraph("The centre is that of the pattern's own symmetry, refined with the ellipse on its strongest continuous ring; docs/diffraction.md says how rings, spots and class are found.")]));
        return new Section("diffraction", "Electron diffraction", blocks);
    }

    private static IEnumerable<XY> Spots(DiffractionResult r, double unit, int height) => r.Lattices.Select((l, i) =>
        new XY($"lattice {i + 1}", [.. l.Spots.Select(s => (r.CentreX.Value + s.X + 0.5) * unit)], [.. l.Spots.Select(s => (height - r.CentreY.Value - s.Y - 0.5) * unit)]) { Draw = Draw.Markers, Marker = Marker.Circle, Colour = 2 + i });

    private static Table Lattices(IEnumerable<(string Sample, DiffractionLattice Lattice)> lattices) => new("diffraction-lattices", "Lattices of spots",
        [new("Sample"), new("Spots"), new("d1", "nm"), new("d2", "nm"), new("Angle", "deg"), new("Phase and zone"), new("d1 off", "%") { Digits = 2 }, new("d2 off", "%") { Digits = 2 }, new("Angle off", "deg") { Digits = 2 }, new("Zones that agree")],
        [
            .. lattices.Select(x => (IReadOnlyList<Reports.Cell>)
            [
                x.Sample, (double)x.Lattice.Spots.Count, x.Lattice.First.Scaled(1e9), x.Lattice.Second.Scaled(1e9), x.Lattice.AngleDegrees,
                x.Lattice.Zone is { } z ? $"{z.Phase} [{z.Zone.U} {z.Zone.V} {z.Zone.W}]" : x.Lattice.Fits.Count == 0 ? "none of these phases" : $"not told: {string.Join(", ", x.Lattice.Fits.Select(f => f.Phase).Distinct())}",
                100 * (x.Lattice.Zone?.FirstOff ?? double.NaN), 100 * (x.Lattice.Zone?.SecondOff ?? double.NaN), x.Lattice.Zone?.AngleOffDegrees ?? double.NaN, (double)x.Lattice.Fits.Count,
            ]),
        ])
    { Note = "d off and angle off: measured less the phase's." };
}
