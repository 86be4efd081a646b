using System.Text.Json.Nodes;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Turns a study's result into the report folder: page, figures, tables, results and provenance.</summary>
public static class StudyReport
{
    /// <summary>
    /// Writes <c>report.html</c>, <c>figures/*.svg</c>, <c>tables/*.csv</c>, <c>results.json</c> and <c>provenance.json</c>; the
    /// folder appears whole or not at all.
    /// </summary>
    /// <param name="result">What a study gave.</param>
    /// <param name="folder">Opened on the output; completed here.</param>
    /// <param name="settings">Facts of the run for the provenance (seed, command), as name and value.</param>
    /// <param name="extra">Further sections before those of the techniques, and files to put beside them; may be null.</param>
    /// <exception cref="InputException">The disk refuses.</exception>
    public static void Write(StudyResult result, ReportFolder folder, IReadOnlyDictionary<string, string>? settings = null, ReportExtras? extra = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(folder);
        var report = Of(result, extra);
        folder.Write("report.html", HtmlReport.Text(report));
        foreach (var figure in Figures(report)) { folder.Write($"figures/{figure.Id}.svg", SvgWriter.Text(figure)); }
        foreach (var table in Tables(report)) { folder.Write($"tables/{table.Id}.csv", CsvTable.Text(table)); }
        foreach (var (name, text) in extra?.Files ?? []) { folder.Write(name, text); }
        folder.Write("results.json", Json.Text(result.Contract()));
        folder.Complete(Provenance(result, settings));
    }

    /// <summary>The report as a model, before it is written.</summary>
    public static Report Of(StudyResult result, ReportExtras? extra = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var study = result.Study;
        var overview = new List<Block>();
        if (study.Synthetic) { overview.Add(new Paragraph("The raw files of this study were computed by a virtual laboratory. They show what the programme does; they are not measurements.")); }
        overview.AddRange(extra?.Overview ?? []);
        // What a caller compares with takes the place of the bare comparison, which stays at hand.
        if (result.Comparison.Count > 0) { overview.Add(extra is null ? ComparisonTable(result) : new Methods([ComparisonTable(result)], "The samples beside each other, as read")); }
        var findings = (extra?.Findings ?? []).Concat(result.Findings).ToArray();
        var grave = findings.Where(f => f.Severity > Severity.Note).ToArray();
        var notes = findings.Where(f => f.Severity == Severity.Note).ToArray();
        List<Block> found = [];
        if (grave.Length > 0) { found.Add(new Findings(grave)); }
        if (notes.Length > 0) { found.Add(new Methods([new Findings(notes)], "Notes")); }
        if (extra is null && found.Count > 0) { overview.AddRange([new Heading("Findings"), .. found]); }
        if (JumpLine.Of(study, result.Analyses, result.Comparison) is { } line) { (extra is null ? overview : found).Add(line.Figure()); }
        if (result.Problems.Count > 0)
        {
            overview.Add(new Table("problems", "Inputs that failed", [new("File"), new("Error")], [.. result.Problems.Select(p => (IReadOnlyList<Cell>)[p.File, p.Error])]));
        }
        if (study.Literature is { } literature && Literature.Table(Path.Combine(study.Folder, literature)) is var table) { overview.Add(extra is null ? table : new Methods([table], "Literature")); }
        var sections = new List<Section>(extra?.Leading ?? []);
        if (extra is not null && found.Count > 0) { sections.Add(new("findings", "Findings", found)); }
        sections.AddRange(extra?.Sections ?? []);
        if (VerdictSection.Of(result) is { } verdict) { sections.Add(verdict); }
        foreach (var technique in Techniques.All)
        {
            var own = result.Analyses.Where(a => a.Technique == technique.Name).ToArray();
            if (own.Length > 0) { sections.Add(technique.Show(own)); }
        }
        sections.Add(Inputs(result));
        return new Report(study.Name)
        {
            Subtitle = study.Description,
            Facts =
            [
                new("Samples", string.Join(", ", study.Samples.Select(s => s.Name))),
                new("Cells", study.Samples.Sum(s => s.Cells.Count).ToString()),
                new("Files", result.Inputs.Count.ToString()),
                new("Made by", $"Interphase {typeof(StudyReport).Assembly.GetName().Version?.ToString(3)}"),
            ],
            Overview = overview,
            Sections = sections,
        };
    }

    private static Table ComparisonTable(StudyResult result)
    {
        var samples = result.Study.Samples.Select(s => s.Name).ToArray();
        return new Table("comparison", "Comparison of the samples", [new("Quantity"), new("Unit"), .. samples.Select(s => new TableColumn(s))],
            [
                .. result.Comparison.Select(r => (IReadOnlyList<Cell>)
                [
                    QuantityNames.Of(r.Quantity), UnitText.Print(r.Unit),
                    .. samples.Select(s => r.Values.FirstOrDefault(v => v.Sample == s) is { } v ? (Cell)v.Value : ""),
                ]),
            ])
        { Note = "± is one standard error: of the fit for one cell, of the mean for several. A withheld number shows its reason." };
    }

    private static Section Inputs(StudyResult result) => new("inputs", "Samples, cells and files",
    [
        new Table("cells", "Cells", [new("Sample"), new("Cell"), new("Active mass", "mg"), new("Area", "cm2"), new("Nominal capacity"), new("Potentials"), new("Temperature", "degC"), new("Stack pressure", "MPa")],
        [
            .. result.Study.Samples.SelectMany(s => s.Cells.Select(c => (IReadOnlyList<Cell>)
            [
                s.Name, c.Id, c.Electrode.Mass.Scaled(1e6), c.Electrode.Area is { } a ? Estimate.Of(a.Value * 1e4, (a.StandardError ?? 0) * 1e4) : Estimate.Withheld("not stated"),
                c.Electrode.NominalCapacity?.ToString() ?? "not stated", c.Electrode.Reference?.ToString() ?? "reference not stated", c.Temperature?.Value - 273.15 ?? double.NaN, c.StackPressure?.Value * 1e-6 ?? double.NaN,
            ])),
        ]),
        new Table("inputs", "Files read", [new("File"), new("Bytes"), new("SHA-256") { FileOnly = true }], [.. result.Inputs.Select(i => (IReadOnlyList<Cell>)[i.Path, (double)i.Bytes, i.Sha256])]),
    ]);

    private static JsonObject Provenance(StudyResult result, IReadOnlyDictionary<string, string>? settings) => new()
    {
        ["software"] = Json.Of(Software.Name),
        ["study"] = result.Study.File.Length > 0 ? Path.GetFileName(result.Study.File) : null,
        ["settings"] = Json.Of(settings ?? new Dictionary<string, string>()),
        ["inputs"] = Json.Of(result.Inputs),
    };

    private static IEnumerable<Block> Blocks(IEnumerable<Block> blocks) => blocks.SelectMany(b => b is Methods m ? Blocks(m.Blocks).Prepend(b) : [b]);

    private static IEnumerable<Block> Blocks(Report report) => Blocks(report.Overview.Concat(report.Sections.SelectMany(s => s.Blocks)));

    private static IEnumerable<Figure> Figures(Report report) => Blocks(report).OfType<FigureBlock>().Select(b => b.Figure);

    private static IEnumerable<Table> Tables(Report report) => Blocks(report).OfType<TableBlock>().Select(b => b.Table);
}

/// <summary>What a caller adds to a study's report.</summary>
/// <param name="Overview">Blocks at its start.</param>
/// <param name="Leading">Sections right after it, before that of the findings.</param>
/// <param name="Findings">Findings before those of the study; with them they stand in a section of their own.</param>
/// <param name="Sections">Sections before those of the techniques.</param>
/// <param name="Files">Further files, by relative name.</param>
public sealed record ReportExtras(IReadOnlyList<Block> Overview, IReadOnlyList<Section> Leading, IReadOnlyList<Finding> Findings, IReadOnlyList<Section> Sections, IReadOnlyList<(string Name, string Text)> Files);
