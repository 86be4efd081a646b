using Interphase.Characterisation;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Thermal analysis of coating precursors; several heating rates of one specimen together.</summary>
internal static class ThermalTechnique
{
    public static readonly Technique Technique = new("thermal", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var settings = work.Specimen!.Settings;
        var result = ThermalAnalysis.Analyse(work.Measurements, ThermalOptions.Parse(settings.GetValueOrDefault("exotherm"), settings.GetValueOrDefault("hold")));
        return new(work, result, result.Contract(), settings, [.. Values(result)]);
    }

    private static IEnumerable<ComparedValue> Values(ThermalResult r)
    {
        var exotherms = r.Events.Where(e => e.Kind is ThermalEventKind.Crystallisation or ThermalEventKind.Exotherm).OrderBy(e => e.Peak.Value).ToArray();
        if (exotherms.FirstOrDefault(e => e.Kind == ThermalEventKind.Crystallisation) is { } c) { yield return new("crystallisationPeak", "degC", Celsius(Repeated(c.Peak)), "first exotherm without a loss of mass; the error holds the 0.1 K to which a thermocouple repeats, not its calibration"); }
        if (r.Kissinger is { } k) { yield return new("crystallisationEnergy", "kJ/mol", k.ActivationEnergy.Scaled(1e-3), "Kissinger over the heating rates"); }
    }

    private static Estimate Repeated(Estimate e) => Estimate.Of(e.Value, Math.Sqrt((e.StandardError * e.StandardError) + (Kissinger.Repeatability * Kissinger.Repeatability)));

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var all = analyses.Select(a => (a.Work, Result: (ThermalResult)a.Result)).ToArray();
        var blocks = new List<Block>();
        foreach (var (work, r) in all)
        {
            var curves = work.Measurements.Where(m => m.Thermal is not null).ToArray();
            var panels = new List<Panel>();
            if (curves.Any(m => m.Thermal!.Mass is not null))
            {
                panels.Add(new Panel(new Axis("Temperature", "degC"), new Axis("Mass", "%"), [.. curves.Where(m => m.Thermal!.Mass is not null).Select((m, i) => (Series)new XY(Path.GetFileName(m.File), [.. m.Thermal!.Temperature.Select(t => t - 273.15)], [.. m.Thermal.Mass!.Select(x => 100 * x)]) { Colour = work.Place, Tone = SpectrumFigures.Tone(i, curves.Length) })]));
            }
            if (curves.Any(m => m.Thermal!.HeatFlow is not null))
            {
                panels.Add(new Panel(new Axis("Temperature", "degC"), new Axis("Heat flow", "W/g"), [.. curves.Where(m => m.Thermal!.HeatFlow is not null).Select((m, i) => (Series)new XY(Path.GetFileName(m.File), [.. m.Thermal!.Temperature.Select(t => t - 273.15)], [.. m.Thermal.HeatFlow!.Select(x => 1e-3 * x)]) { Colour = work.Place, Tone = SpectrumFigures.Tone(i, curves.Length) })])
                {
                    Legend = false,
                    Annotations = [.. r.Events.Where(e => e.Kind != ThermalEventKind.MassLoss && e.Peak.HasValue && e.File == r.Events[0].File).Select(e => (Annotation)new Rule(Along.X, e.Peak.Value - 273.15, FormattableString.Invariant($"{e.Peak.Value - 273.15:0}")))],
                });
            }
            if (panels.Count > 0) { blocks.Add(new Figure($"thermal-{Slug.Of(work.Sample.Name)}", $"Thermal analysis of {work.Sample.Name}", $"{(panels.Count > 1 ? "Mass and heat flow" : curves.Any(m => m.Thermal!.Mass is not null) ? "Mass" : "Heat flow")} while heating{(curves.FirstOrDefault(m => m.Thermal!.ExothermUp is not null)?.Thermal!.ExothermUp is { } up ? up ? ", exothermic up" : ", exothermic down" : "")}{(curves.Any(m => m.Thermal!.HeatFlow is not null) ? "; lines mark the events without a loss of mass, with their temperature" : "")}.", panels) { SharedX = true }); }
        }
        blocks.Add(new Table("thermal-events", "Events", [new("Sample"), new("File"), new("Event"), new("Onset", "degC"), new("Peak", "degC"), new("End", "degC"), new("Mass change", "%"), new("Heat", "J/g")],
            [.. all.SelectMany(x => x.Result.Events.Select(e => (IReadOnlyList<Reports.Cell>)[x.Work.Sample.Name, Path.GetFileName(e.File), Words(e.Kind), Celsius(e.Onset), Celsius(e.Peak), Celsius(e.End), e.MassChange.Scaled(100), e.Enthalpy.Scaled(1e-3)]))]));
        blocks.Add(new Paragraph($"± is what the curve leaves open; it leaves out the {ThermalResult.LeftOut}."));
        if (all.Any(x => x.Result.Windows.Count > 0))
        {
            blocks.Add(new Table("thermal-windows", "Annealing windows", [new("Sample"), new("State"), new("From", "degC"), new("To", "degC"), new("Suggested", "degC"), new("Why")],
                [.. all.SelectMany(x => x.Result.Windows.Select(w => (IReadOnlyList<Reports.Cell>)[x.Work.Sample.Name, w.State, Celsius(w.From), Celsius(w.To), w.Suggested - 273.15, w.Why]))]));
        }
        blocks.AddRange(SampleNotes.Of(all.SelectMany(x => x.Result.Warnings.Select(w => (x.Work.Sample.Name, w.Text)))));
        blocks.Add(new Methods([new Paragraph("Exotherms that go with a loss of mass are combustion, those without crystallisation; docs/thermal.md says how onsets, areas and windows are found.")]));
        return new Section("thermal", "Thermal analysis", blocks);
    }

    private static string Words(ThermalEventKind kind) => kind switch { ThermalEventKind.MassLoss => "mass loss", ThermalEventKind.BaselineStep => "baseline step", _ => kind.ToString().ToLowerInvariant() };

    private static Estimate Celsius(Estimate e) => e.HasValue ? new(e.Value - 273.15, e.StandardError, e.Lower95 - 273.15, e.Upper95 - 273.15, e.Reason) : e;
}
