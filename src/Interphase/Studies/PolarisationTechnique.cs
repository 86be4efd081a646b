using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>DC polarisation of pellets between ion-blocking electrodes: electronic conductivity, or the interval of the leak.</summary>
internal static class PolarisationTechnique
{
    public static readonly Technique Technique = new("polarisation", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var files = string.Join(", ", work.Measurements.Select(m => m.File));
        var geometry = PelletTechnique.Geometry(work.Specimen!, files);
        var series = work.Measurements.Select(m => m.Series ?? throw new InputException("the file holds no current over time", m.File, "name a file of current at constant potential")).ToList();
        PolarisationResult result;
        try { result = Polarisation.Analyse(series, geometry, new()); }
        catch (InputException e) when (e.Where.Length == 0) { throw e.At(files); }
        return new(work, result, result.Contract(), new { result.Options.Window, result.Options.Tolerance, area_cm2 = geometry.Area.Value * 1e4 },
            [new("electronicConductivity", "S/cm", result.Conductivity.Scaled(0.01), "steady currents at constant potential")])
        {
            Findings = result.Conductivity.HasValue ? [] : [new("electronic-leak", Severity.Note, FormattableString.Invariant($"no current became steady, so that the electronic conductivity is only known to be below {result.LeakUpper / 100:G2} S/cm."), [new("leak.upper_S_cm", result.LeakUpper / 100, "S/cm")])],
        };
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var blocks = new List<Block>();
        foreach (var a in analyses)
        {
            var series = a.Work.Measurements.Select(m => m.Series!).ToArray();
            blocks.Add(new Figure($"polarisation-{Slug.Of(a.Work.Sample.Name)}", $"Polarisation of {a.Work.Sample.Name}", "Current at constant potential over time; what flows when the ions rest is electronic.",
                [new Panel(new Axis("Time", "h"), new Axis("Current", "nA"), [.. series.Select((s, i) => (Series)new XY(series.Length == 1 ? a.Work.Sample.Name : $"{a.Work.Sample.Name} #{i + 1}", [.. s.Time.ToArray().Select(t => t / 3600)], [.. s.Current.ToArray().Select(c => c * 1e9)]) { Colour = a.Work.Place, Tone = SpectrumFigures.Tone(i, series.Length) })])]));
        }
        blocks.Add(new Table("polarisation-steps", "Steps of constant potential", [new("Sample"), new("Step"), new("Potential", "V"), new("Current", "nA"), new("Duration", "h"), new("Steady")],
            [.. analyses.SelectMany(a => ((PolarisationResult)a.Result).Steps.Select(s => (IReadOnlyList<Reports.Cell>)[a.Work.Sample.Name, s.Index + 1, s.Potential, Estimate.Of(s.Current * 1e9, s.StandardError * 1e9), s.Duration / 3600, s.Steady ? "yes" : "no"]))]));
        blocks.Add(new Table("polarisation-conductivity", "Electronic conductivity", [new("Sample"), new("Conductivity", "S/cm"), new("Leak from", "S/cm"), new("Leak to", "S/cm")],
            [.. analyses.Select(a => (IReadOnlyList<Reports.Cell>)[a.Work.Sample.Name, ((PolarisationResult)a.Result).Conductivity.Scaled(0.01), ((PolarisationResult)a.Result).LeakLower / 100, ((PolarisationResult)a.Result).LeakUpper / 100])]));
        foreach (var w in analyses.SelectMany(a => ((PolarisationResult)a.Result).Warnings.Select(w => $"{a.Work.Sample.Name}: {w.Text}")).Distinct()) { blocks.Add(new Paragraph(w)); }
        blocks.Add(new Methods([new Equation(@"\sigma_e = \frac{I}{U} \frac{t}{A}") { Source = "Hebb 1952; Wagner 1956: between electrodes that block ions the steady current is electronic" }]));
        return new Section("polarisation", "DC polarisation", blocks);
    }
}
