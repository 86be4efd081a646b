using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Voltammetry;

namespace Interphase.Studies;

/// <summary>Cyclic voltammetry of a study's cells; several files are one series over scan rates.</summary>
internal static class VoltammetryTechnique
{
    public static readonly Technique Technique = new("voltammetry", OfCells: true, Analyse, Show);

    internal sealed record VoltammetryResult(CyclicVoltammetry Curves, CellResistance? Resistance);

    private static Analysis Analyse(Work work)
    {
        var files = work.Measurements.Select(m => (m.File, Series: m.Series ?? throw new InputException("the file holds no rows over time", m.File, "name a voltammogram"))).ToArray();
        if (work.Electrode.Reference is { } reference) { files = [.. files.Select(f => (f.File, f.Series.Reference.Name is null ? f.Series.WithReference(reference) : f.Series))]; }
        var options = new VoltammetryOptions
        {
            Concentration = work.File?.Concentration?.Value, ConcentrationStandardError = work.File?.Concentration?.StandardError ?? 0,
            Electrons = work.File?.Electrons ?? 1, Temperature = work.Cell?.Temperature?.Value ?? new VoltammetryOptions().Temperature,
        };
        var measured = CyclicVoltammetry.Analyse([.. files.Select(f => (f.File, f.Series))], work.Electrode.Over(Electrode.Of(work.Measurements[0])), options);
        var resistance = CellResistance.Of(work, measured);
        var result = resistance is { Value.HasValue: true } r ? measured.Corrected(r.Value.Value, r.Value.StandardError)
            : measured with
            {
                Cycles = [.. measured.Cycles.Select(c => c with { PolarisationIrCorrected = c.Polarisation.HasValue ? Estimate.Withheld(Why(resistance)) : c.Polarisation })],
                Warnings = [.. measured.Warnings.Where(w => w.Path != "cycles[].polarisationIrCorrected"), new("cycles[].polarisationIrCorrected", Why(resistance))],
            };
        var settings = new
        {
            resistance_ohm = resistance?.Value.Value ?? double.NaN, resistanceStandardError = resistance?.Value.StandardError ?? double.NaN, resistanceFrom = resistance?.Source,
            concentration_mol_m3 = options.Concentration, options.Electrons, temperature_K = options.Temperature,
        };
        return new(work, new VoltammetryResult(result, resistance), result.Contract(), settings, [.. Values(result, resistance)]) { Findings = [.. Drop(work, result, resistance)] };
    }

    private static string Why(CellResistance? resistance) => resistance?.Value.Reason ?? "no resistance is stated (resistance: 124 ohm) and this cell has no impedance";

    /// <summary>What of the polarisation the resistance makes.</summary>
    private static IEnumerable<Finding> Drop(Work work, CyclicVoltammetry v, CellResistance? resistance)
    {
        if (resistance is not { Value: { HasValue: true } r } || v.Cycles.FirstOrDefault(c => c.PolarisationIrCorrected.HasValue) is not { } cycle) { yield break; }
        var (raw, left) = (cycle.Polarisation, cycle.PolarisationIrCorrected);
        var beyond = left.Value < -2 * left.StandardError;
        yield return new("cv-resistance", beyond ? Severity.Contradiction : Severity.Note,
            $"of the {NumberText.Print(raw)} V between the peaks of the voltammogram, I R makes {NumberText.Print(raw.Value - left.Value, 3)} V with {NumberText.Print(r)} Ω ({resistance.Source}); {NumberText.Print(left)} V are left." +
            (beyond ? " That is below zero: the resistance is not of this state, or an arc that shrinks under load was taken for ohmic." : ""),
            [new($"cycles[{cycle.Index - 1}].polarisation", raw.Value, "V"), new($"cycles[{cycle.Index - 1}].polarisationIrCorrected", left.Value, "V"), new("settings.resistance_ohm", r.Value, "ohm")]);
    }

    private static IEnumerable<ComparedValue> Values(CyclicVoltammetry v, CellResistance? resistance)
    {
        if (v.Cycles.Count == 0) { yield break; }
        var first = v.Cycles[0];
        var kinds = first.Anodic.Concat(first.Cathodic).Select(p => p.Kind).Distinct().ToArray();
        yield return new("cvPolarisation", "V", first.Polarisation, FormattableString.Invariant($"anodic less cathodic peak of the first cycle at {first.ScanRate * 1e3:G3} mV/s{(kinds.Any(k => k != PeakKind.Peak) ? "; one of them is a plateau or the window's edge" : "")}"));
        if (resistance is not null)
        {
            yield return new("cvPolarisationIrCorrected", "V", resistance.Value.HasValue ? first.PolarisationIrCorrected : Estimate.Withheld(Why(resistance)), $"the same less I R of both peaks; {(resistance.Value.HasValue ? $"{NumberText.Print(resistance.Value)} Ω, " : "")}{resistance.Source}");
        }
        var rates = v.RateDependence;
        if (rates.B.HasValue) { yield return new("cvRateExponent", "1", rates.B, $"slope of log {Forward(rates)} peak current against log scan rate over {rates.Rates.Length} rates"); }
        if (v.Options.Concentration is { } c) { yield return new("cvDiffusivity", "cm2/s", rates.Diffusivity.Scaled(1e4), FormattableString.Invariant($"slope of {Forward(rates)} peak current against √(scan rate), {v.Options.Electrons} electron{(v.Options.Electrons > 1 ? "s" : "")}, {c:G4} mol/m3, {v.Options.Temperature - 273.15:F0} °C, planar and reversible")); }
    }

    private static string Forward(RateDependence rates) => rates.Forward > 0 ? "anodic" : "cathodic";

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, Result: ((VoltammetryResult)a.Result).Curves, ((VoltammetryResult)a.Result).Resistance, Area: a.Work.Electrode.Area?.Value)).ToArray();
        var perArea = all.All(x => x.Area is not null);
        double Scale(double? area) => perArea ? 0.1 / area!.Value : 1e3; // A → mA/cm², or mA
        var unit = perArea ? "mA/cm2" : "mA";
        var reference = Work.ScaleOf([.. all.Select(x => (x.Work, x.Result.Reference))]);
        var blocks = new List<Block>();
        blocks.AddRange(all.Where(x => x.Work.ToScale(x.Result.Reference, reference, out _) is null).Select(x => new Paragraph($"{x.Work.Label} is not in the figure: its potentials are {x.Result.Reference} and cannot be put beside those {reference}.")));
        var drawn = all.Select(x => (x.Work, x.Result, x.Area, Shift: x.Work.ToScale(x.Result.Reference, reference, out _))).Where(x => x.Shift is not null).Select(x => (x.Work, x.Result, x.Area, Shift: x.Shift!.Value)).ToArray();
        blocks.Add(
            new Figure("cv-overlay", "Cyclic voltammograms", "First cycle of each cell, or one cycle at each scan rate; markers are the largest peak of each branch, hollow where they are plateaus or the window's edge.",
            [
                new Panel(new Axis($"Potential {reference}", "V"), new Axis("Current", unit),
                [
                    .. drawn.SelectMany(x =>
                    {
                        var cycles = x.Result.Cycles.GroupBy(c => c.File).Select(g => g.First()).OrderBy(c => c.ScanRate).ToArray();
                        return cycles.Select((c, i) => (Series)new XY(cycles.Length == 1 ? x.Work.Label : FormattableString.Invariant($"{x.Work.Label} {c.ScanRate * 1e3:G3} mV/s"), [.. c.Potential.Select(e => e + x.Shift)], [.. c.Current.Select(v => v * Scale(x.Area))]) { Colour = x.Work.Place, Tone = cycles.Length > 1 ? i / (cycles.Length - 1.0) : null });
                    }),
                    .. drawn.SelectMany(x => new[] { true, false }.Select(real =>
                    {
                        var peaks = x.Result.Cycles.GroupBy(c => c.File).Select(g => g.First()).SelectMany(c => new[] { Largest(c.Anodic), Largest(c.Cathodic) }).OfType<VoltammetryPeak>().Where(p => p.Kind == PeakKind.Peak == real).ToArray();
                        return (Series)new XY($"{x.Work.Label} {(real ? "peaks" : "plateau or edge")}", [.. peaks.Select(p => p.Potential.Value + x.Shift)], [.. peaks.Select(p => p.RawCurrent * Scale(x.Area))]) { Colour = x.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(x.Work.Place), Hollow = !real };
                    })).Where(s => ((XY)s).X.Length > 0),
                ]),
            ]));
        var rates = all.Where(x => x.Result.RateDependence.B.HasValue).ToArray();
        if (rates.Length > 0)
        {
            blocks.Add(new Figure("cv-rate", "Peak current against scan rate", $"Forward peaks above their baseline; the slope of each line is b ({string.Join(", ", rates.Select(x => $"{NumberText.Print(x.Result.RateDependence.B)} for {x.Work.Label}, {Forward(x.Result.RateDependence)}"))}): 0.5 for diffusion, 1 for a surface process.",
                [new Panel(new Axis("Scan rate", "mV/s") { Log = true }, new Axis("Peak current", unit) { Log = true },
                [
                    .. rates.SelectMany(x => new Series[]
                    {
                        new XY(x.Work.Label, [.. x.Result.RateDependence.Rates.Select(r => r * 1e3)], [.. x.Result.RateDependence.PeakCurrents.Select(i => Math.Abs(i) * Scale(x.Area))]) { Colour = x.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(x.Work.Place) },
                        new XY("", [.. x.Result.RateDependence.Rates.Select(r => r * 1e3)], [.. x.Result.RateDependence.Rates.Select(r => x.Result.RateDependence.PowerLaw(r) * Scale(x.Area))]) { Colour = x.Work.Place, Dash = Dash.Dashed },
                    }),
                ])]) { Width = FigureWidth.Single });
        }
        var series = all.Where(x => x.Result.Cycles.Select(c => c.File).Distinct().Count() > 1).ToArray();
        if (series.Length > 0)
        {
            blocks.Add(new Table("cv-rates", "Dependence on the scan rate", [new("Sample"), new("Rates"), new("b, anodic"), new("b, cathodic"), new("d i_{p}/d√v, forward, A (V/s)^{−1/2}"), new("D by Randles and Ševčík", "cm2/s"), new("Why no D")],
                [.. series.Select(x => (IReadOnlyList<Reports.Cell>)[x.Work.Label, x.Result.RateDependence.Rates.Length, x.Result.RateDependence.Anodic, x.Result.RateDependence.Cathodic, x.Result.RateDependence.Slope, x.Result.RateDependence.Diffusivity.Scaled(1e4), x.Result.RateDependence.Diffusivity.HasValue ? "" : x.Result.RateDependence.Diffusivity.Reason ?? ""])]));
        }
        blocks.Add(new Table("cv-peaks", "Peaks", [new("Sample"), new("Cycle"), new("Scan rate", "mV/s"), new("Branch"), new("Kind"), new("Potential", "V"), new("Current", unit), new("Polarisation", "V"), new("Less I R", "V"), new("Midpoint", "V"), new("Charge ratio")],
            [
                .. all.SelectMany(x => x.Result.Cycles.GroupBy(c => c.File).SelectMany(g => g.Take(3)).SelectMany(c => c.Anodic.Select(p => (Branch: "anodic", Peak: p)).Concat(c.Cathodic.Select(p => (Branch: "cathodic", Peak: p))).Select(p => (IReadOnlyList<Reports.Cell>)
                [
                    x.Work.Label, c.Index, c.ScanRate * 1e3, p.Branch, p.Peak.Kind switch { PeakKind.Peak => p.Peak.IsShoulder ? "shoulder" : "peak", PeakKind.Plateau => "plateau", _ => "window edge" },
                    p.Peak.Potential, p.Peak.Current.Scaled(Scale(x.Area)), c.Polarisation, c.PolarisationIrCorrected, c.Midpoint, c.ChargeRatio,
                ]))),
            ]) { Note = $"At most three cycles of each file. I R: {string.Join("; ", all.Select(x => $"{x.Work.Label}, {(x.Resistance is { Value.HasValue: true } r ? $"{NumberText.Print(r.Value)} Ω, {r.Source}" : Why(x.Resistance))}"))}." });
        blocks.Add(new Methods(
        [
            new Equation(@"i_p = 0.4463\, n F A c \sqrt{\frac{n F v D}{R T}}") { Source = "Randles and Ševčík, reversible couple, planar diffusion; used only where the slope b is near 0.5 and the study states a concentration" },
            new Paragraph("Scan rate and cycles are taken from the recorded potential. A peak's potential comes from a cubic through its top after a baseline is subtracted; where the top is flatter than the noise allows, it is called a plateau, and at the end of the window an edge. In a two-electrode cell the counter electrode's polarisation is part of the separation."),
        ]));
        return new Section("voltammetry", "Cyclic voltammetry", blocks);
    }

    private static VoltammetryPeak? Largest(IReadOnlyList<VoltammetryPeak> peaks) => peaks.MaxBy(p => Math.Abs(p.RawCurrent));
}
