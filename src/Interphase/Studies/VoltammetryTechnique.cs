using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Voltammetry;

namespace Interphase.Studies;

/// <summary>Cyclic voltammetry of a study's cells; several files are one series over scan rates.</summary>
internal static class VoltammetryTechnique
{
    public static readonly Technique Technique = new("voltammetry", OfCells: true, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var files = work.Measurements.Select(m => (m.File, Series: m.Series ?? throw new InputException("the file holds no rows over time", m.File, "name a voltammogram"))).ToArray();
        if (work.Electrode.Reference is { } reference) { files = [.. files.Select(f => (f.File, f.Series.Reference.Name is null ? f.Series.WithReference(reference) : f.Series))]; }
        var options = new VoltammetryOptions();
        var result = CyclicVoltammetry.Analyse([.. files.Select(f => (f.File, f.Series))], work.Electrode.Over(Electrode.Of(work.Measurements[0])), options);
        return new(work, result, result.Contract(), new { }, [.. Values(result)]);
    }

    private static IEnumerable<ComparedValue> Values(CyclicVoltammetry v)
    {
        if (v.Cycles.Count == 0) { yield break; }
        var first = v.Cycles[0];
        var kinds = first.Anodic.Concat(first.Cathodic).Select(p => p.Kind).Distinct().ToArray();
        yield return new("cvPolarisation", "V", first.Polarisation, FormattableString.Invariant($"anodic less cathodic peak of the first cycle at {first.ScanRate * 1e3:G3} mV/s{(kinds.Any(k => k != PeakKind.Peak) ? "; one of them is a plateau or the window's edge" : "")}"));
        if (v.RateDependence.Anodic.HasValue) { yield return new("cvRateExponent", "1", v.RateDependence.Anodic, $"slope of log peak current against log scan rate over {v.RateDependence.Rates.Distinct().Count()} rates"); }
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, Result: (CyclicVoltammetry)a.Result, Area: a.Work.Electrode.Area?.Value)).ToArray();
        var perArea = all.All(x => x.Area is not null);
        double Scale(double? area) => perArea ? 0.1 / area!.Value : 1e3; // A → mA/cm², or mA
        var unit = perArea ? "mA/cm2" : "mA";
        var reference = all[0].Work.ToScale(all[0].Result.Reference, out _) is not null && all[0].Work.Scale.Name is not null ? all[0].Work.Scale : all[0].Result.Reference;
        var blocks = new List<Block>();
        blocks.AddRange(all.Where(x => x.Work.ToScale(x.Result.Reference, out _) is null).Select(x => new Paragraph($"{x.Work.Label} is not in the figure: its potentials are {x.Result.Reference} and cannot be put beside those {reference}.")));
        var drawn = all.Select(x => (x.Work, x.Result, x.Area, Shift: x.Work.ToScale(x.Result.Reference, out _))).Where(x => x.Shift is not null).Select(x => (x.Work, x.Result, x.Area, Shift: x.Shift!.Value)).ToArray();
        blocks.Add(
            new Figure("cv-overlay", "Cyclic voltammograms", "First cycle of each cell, or one cycle at each scan rate; markers are the largest peak of each branch, hollow where they are plateaus or the window's edge.",
            [
                new Panel(new Axis($"Potential {reference}", "V"), new Axis("Current", unit),
                [
                    .. drawn.SelectMany(x =>
                    {
                        var cycles = x.Result.Cycles.GroupBy(c => c.File).Select(g => g.First()).ToArray();
                        return cycles.Select((c, i) => (Series)new XY(cycles.Length == 1 ? x.Work.Label : FormattableString.Invariant($"{x.Work.Label} {c.ScanRate * 1e3:G3} mV/s"), [.. c.Potential.Select(e => e + x.Shift)], [.. c.Current.Select(v => v * Scale(x.Area))]) { Colour = x.Work.Place, Tone = cycles.Length > 1 ? i / (cycles.Length - 1.0) : null });
                    }),
                    .. drawn.SelectMany(x => new[] { true, false }.Select(real =>
                    {
                        var peaks = x.Result.Cycles.GroupBy(c => c.File).Select(g => g.First()).SelectMany(c => new[] { Largest(c.Anodic), Largest(c.Cathodic) }).OfType<VoltammetryPeak>().Where(p => p.Kind == PeakKind.Peak == real).ToArray();
                        return (Series)new XY($"{x.Work.Label} {(real ? "peaks" : "plateau or edge")}", [.. peaks.Select(p => p.Potential.Value + x.Shift)], [.. peaks.Select(p => p.RawCurrent * Scale(x.Area))]) { Colour = x.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(x.Work.Place), Hollow = !real };
                    })).Where(s => ((XY)s).X.Length > 0),
                ]),
            ]));
        var rates = all.Where(x => x.Result.RateDependence.Rates.Distinct().Count() > 2).ToArray();
        if (rates.Length > 0)
        {
            blocks.Add(new Figure("cv-rate", "Peak current against scan rate", "The slope of the line is b: 0.5 for diffusion, 1 for a surface process.",
                [new Panel(new Axis("Scan rate", "mV/s") { Log = true }, new Axis("Peak current", "mA") { Log = true },
                    [.. rates.Select(x => (Series)new XY(x.Work.Label, [.. x.Result.RateDependence.Rates.Select(r => r * 1e3)], [.. x.Result.RateDependence.PeakCurrents.Select(i => Math.Abs(i) * 1e3)]) { Colour = x.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(x.Work.Place) })])]) { Width = FigureWidth.Single });
        }
        blocks.Add(new Table("cv-peaks", "Peaks", [new("Sample"), new("Cycle"), new("Scan rate", "mV/s"), new("Branch"), new("Kind"), new("Potential", "V"), new("Current", unit), new("Polarisation", "V"), new("Midpoint", "V"), new("Charge ratio")],
            [
                .. all.SelectMany(x => x.Result.Cycles.GroupBy(c => c.File).SelectMany(g => g.Take(3)).SelectMany(c => c.Anodic.Select(p => (Branch: "anodic", Peak: p)).Concat(c.Cathodic.Select(p => (Branch: "cathodic", Peak: p))).Select(p => (IReadOnlyList<Reports.Cell>)
                [
                    x.Work.Label, c.Index, c.ScanRate * 1e3, p.Branch, p.Peak.Kind switch { PeakKind.Peak => p.Peak.IsShoulder ? "shoulder" : "peak", PeakKind.Plateau => "plateau", _ => "window edge" },
                    p.Peak.Potential, p.Peak.Current.Scaled(Scale(x.Area)), c.Polarisation, c.Midpoint, c.ChargeRatio,
                ]))),
            ]) { Note = "At most three cycles of each file." });
        blocks.Add(new Methods(
        [
            new Equation(@"i_p = 0.4463\, F A c \sqrt{\frac{F v D}{R T}}") { Source = "Randles and Ševčík, one electron, planar diffusion; used only where the slope b is near 0.5" },
            new Paragraph("Scan rate and cycles are taken from the recorded potential. A peak's potential comes from a parabola through its top after a baseline is subtracted; where the top is flatter than the noise allows, it is called a plateau, and at the end of the window an edge. In a two-electrode cell the counter electrode's polarisation is part of the separation."),
        ]));
        return new Section("voltammetry", "Cyclic voltammetry", blocks);
    }

    private static VoltammetryPeak? Largest(IReadOnlyList<VoltammetryPeak> peaks) => peaks.MaxBy(p => Math.Abs(p.RawCurrent));
}
