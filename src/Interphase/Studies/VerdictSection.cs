using Interphase.Characterisation;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>The report's section that puts the techniques together, one verdict a sample.</summary>
internal static class VerdictSection
{
    public static Section? Of(StudyResult result)
    {
        var verdicts = result.Verdicts;
        if (verdicts.Count == 0) { return null; }
        var blocks = new List<Block> { States(verdicts) };
        if (Evidence(verdicts) is { } evidence) { blocks.Add(evidence); }
        if (Annealing(result) is { } annealing) { blocks.Add(annealing); }
        if (verdicts.Any(v => v.Budget.Film.HasValue || v.Budget.Interface.HasValue)) { blocks.Add(BudgetTable(verdicts)); }
        if (Budget(result) is { } budget) { blocks.Add(budget); }
        blocks.Add(new Methods(
        [
            new Paragraph("The state is the one that all techniques allow: amorphous below a tenth of crystals, crystalline above 0.85, partly crystalline between. X-ray diffraction of the coating powder allows what its interval of crystallinity reaches, widened by what glass and crystals scatter differently (15 %). Micrographs allow what their share of area reaches, widened for the few grains and particles that are seen. Electron diffraction: its class. Thermal analysis: the annealing temperature against the crystallisation on heating, from 70 K before its first onset (hours do what minutes do at higher temperature) to 25 K beyond its end; or the rate law, where three heating rates and a hold are given. docs/sample-verdict.md says how often the joined verdict is wrong."),
            new Equation(@"R_{film} = \frac{t}{\sigma}") { Source = "t thickness of the coating, σ conductivity of its pellet", Where = [new("R_{film}", "areal resistance that the film alone would have")] },
        ]));
        return new Section("verdict", "What the coating is", blocks);
    }

    private static Table States(IReadOnlyList<SampleVerdict> verdicts) => new("verdict-states", "Verdict of each sample",
        [new("Sample"), new("Annealed at", "degC"), new("State"), new("Told by"), new("Crystallinity"), new("Coverage"), new("Thickness", "nm"), new("Thickness from"), new("Conductivity", "uS/cm")],
        [
            .. verdicts.Select(v => (IReadOnlyList<Reports.Cell>)
            [
                v.Sample.Name, v.Sample.Coating?.Annealing?.Value - 273.15 ?? double.NaN, VerdictFindings.Word(v), v.Telling.Count switch { 0 => "", 1 => "one technique", var n => $"{n} techniques" }, Given(v.Crystallinity), Given(v.Coverage), Given(v.Thickness.Scaled(1e9)), v.ThicknessFrom, Given(v.Conductivity.Scaled(1e4)),
            ]),
        ]);

    /// <summary>What was not measured is left empty.</summary>
    private static Reports.Cell Given(Estimate e) => e.HasValue ? e : "";

    private static Table? Evidence(IReadOnlyList<SampleVerdict> verdicts)
    {
        var rows = verdicts.SelectMany(v => v.Evidence.Select(e => (IReadOnlyList<Reports.Cell>)[v.Sample.Name, VerdictFindings.Name(e.Technique), e.Says, CoatingStates.Words(e.States)])).ToArray();
        return rows.Length == 0 ? null : new Table("verdict-evidence", "What each technique says", [new("Sample"), new("Technique"), new("Says"), new("Allows")], rows);
    }

    private static Table BudgetTable(IReadOnlyList<SampleVerdict> verdicts)
    {
        // What no sample has gets no column.
        var grown = verdicts.Any(v => v.Grown.HasValue || v.Growth.HasValue);
        return new("verdict-budget", "Resistance of the film and of the interface",
            [
                new("Sample"), new("Film t/σ", "ohm cm2"), new("Interface × electrode area", "ohm cm2"), new("times the film"), new("Interface × particle area", "ohm cm2"), new("times the film"), new("Particle area", "cm2"),
                .. grown ? new TableColumn[] { new("Grown layer", "nm"), new("Growth of the interface", "ohm") } : [],
            ],
            [
                .. verdicts.Where(v => v.Budget.Film.HasValue || v.Budget.Interface.HasValue).Select(v => (IReadOnlyList<Reports.Cell>)
                [
                    v.Sample.Name, v.Budget.Film.Scaled(1e4), v.Budget.OnElectrode.Scaled(1e4), v.Budget.TimesOnElectrode, v.Budget.OnParticles.Scaled(1e4), v.Budget.TimesOnParticles, v.Budget.ParticleArea.Scaled(1e4),
                    .. grown ? new[] { Given(v.Grown.Scaled(1e9)), Given(v.Growth) } : [],
                ]),
            ])
        { Note = "Errors of thickness, conductivity, resistance and areas are propagated; an area stated without an error is taken as exact. Were the current spread over the electrode's area, or over all particles, the interface would have so many times the film's own resistance." };
    }

    /// <summary>Crystallinity and conductivity over annealing temperature, on the windows of the thermal analysis.</summary>
    private static Figure? Annealing(StudyResult result)
    {
        var at = result.Verdicts.Where(v => v.Sample.Coating?.Annealing is not null && (v.Crystallinity.HasValue || v.Conductivity.HasValue)).ToArray();
        if (at.Length < 2) { return null; }
        var windows = result.Analyses.Select(a => a.Result).OfType<ThermalResult>().FirstOrDefault(t => t.Windows.Count > 1)?.Windows ?? [];
        // The middle window is shaded; its neighbours begin at lines.
        IReadOnlyList<Annotation> regions = [.. windows.Select(w => w.State == "partial" ? (Annotation)new Region(Along.X, w.From.Value - 273.15, w.To.Value - 273.15, w.State) : new Rule(Along.X, w.From.Value - 273.15, w.State))];
        var (from, to) = (at.Min(T), at.Max(T));
        var axis = new Axis("Annealing temperature", "degC") { Min = from - 30, Max = to + 30 };
        int Place(SampleVerdict v) => result.Study.Samples.TakeWhile(s => s.Name != v.Sample.Name).Count();
        XY Point(SampleVerdict v, Estimate e) => new(v.Sample.Name, [T(v)], [e.Value]) { Colour = Place(v), Draw = Draw.Markers, Marker = Palette.MarkerAt(Place(v)), YError = [double.IsFinite(e.StandardError) ? e.StandardError : 0], PointText = [VerdictFindings.Word(v)] };
        var panels = new List<Panel>();
        if (at.Any(v => v.Crystallinity.HasValue)) { panels.Add(new Panel(axis, new Axis("Crystallinity") { Min = -0.05, Max = 1.05 }, [.. at.Where(v => v.Crystallinity.HasValue).Select(v => Point(v, v.Crystallinity))]) { Annotations = regions }); }
        if (at.Any(v => v.Conductivity.HasValue)) { panels.Add(new Panel(axis, new Axis("Conductivity", "uS/cm") { Log = true }, [.. at.Where(v => v.Conductivity.HasValue).Select(v => Point(v, v.Conductivity.Scaled(1e4)))]) { Annotations = panels.Count == 0 ? regions : [.. regions.Select(r => r with { Label = "" })], Legend = panels.Count == 0 }); }
        return new Figure("verdict-annealing", "State and conductivity over annealing temperature", $"Crystallinity of the coating powder and conductivity of its pellet with one standard error{(windows.Count > 0 ? "; shaded: where the precursor crystallises while heated, between the windows in which it is amorphous and crystalline" : "")}.", panels) { SharedX = true };

        static double T(SampleVerdict v) => v.Sample.Coating!.Annealing!.Value.Value - 273.15;
    }

    private static Figure? Budget(StudyResult result)
    {
        var both = result.Verdicts.Where(v => v.Budget.Film.HasValue && (v.Budget.OnElectrode.HasValue || v.Budget.OnParticles.HasValue)).ToArray();
        if (both.Length == 0) { return null; }
        double[] places = [.. Enumerable.Range(0, both.Length).Select(i => (double)i)];
        XY Points(string name, int colour, Func<ResistanceBudget, Estimate> value) => new(name, places, [.. both.Select(v => value(v.Budget).Value * 1e4)])
        {
            Colour = colour, Draw = Draw.Markers, Marker = Palette.MarkerAt(colour),
            YError = [.. both.Select(v => double.IsFinite(value(v.Budget).StandardError) ? value(v.Budget).StandardError * 1e4 : 0)],
        };
        List<Series> series = [Points("film, t/σ", 0, b => b.Film)];
        if (both.Any(v => v.Budget.OnElectrode.HasValue)) { series.Add(Points("interface × electrode area", 1, b => b.OnElectrode)); }
        if (both.Any(v => v.Budget.OnParticles.HasValue)) { series.Add(Points("interface × particle area", 2, b => b.OnParticles)); }
        return new Figure("verdict-budget", "Where the interface's resistance could come from", "What the film alone would have, beside the measured interface on the area of the electrode and of the particles, with one standard error. A gap says that something besides the film's thickness resists.",
            [new Panel(new Axis("Sample") { Categories = [.. both.Select(v => v.Sample.Name)] }, new Axis("Areal resistance", "ohm cm2") { Log = true }, series)]);
    }
}
