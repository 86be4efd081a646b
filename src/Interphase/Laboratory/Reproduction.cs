using Interphase.Results;
using Interphase.Studies;

namespace Interphase.Laboratory;

/// <summary>One number of the paper beside the model's, as the analysis read it from the virtual instruments' files.</summary>
/// <param name="Quantity">Its name.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Paper">The paper's number; NaN where it gives none.</param>
/// <param name="Model">The analysis' number; NaN where withheld.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Tolerance">The allowed difference as a share of the paper's number, fixed before comparing.</param>
/// <param name="ToleranceBasis">What that rests on, in words.</param>
/// <param name="Status">reproduced, missed, notExplained, byConstruction or noPaperValue.</param>
/// <param name="How">input, fitted, derived or predicted.</param>
/// <param name="Note">What a reader must know.</param>
public sealed record ReproductionRow(
    string Quantity, string Sample, double Paper, double Model, string Unit, double Tolerance, string ToleranceBasis, string Status, string How, string Note)
{
    /// <summary>Standard error of <see cref="Model"/> as the analysis gives it: its instrument's noise and its fit. NaN where it gives none.</summary>
    public double StandardError { get; init; } = double.NaN;

    /// <summary>Why there is none; empty where there is one.</summary>
    public string WithoutError { get; init; } = "";

    /// <summary>model/paper − 1.</summary>
    public double RelativeDifference => (Model / Paper) - 1;

    /// <summary>True where the paper's number entered the fit of the shared parameters.</summary>
    public bool FitTarget => PaperNumbers.Targets.Any(t => t.Quantity == Quantity && t.Sample == Sample);
}

/// <summary>The paper's study, run on the virtual laboratory's files, compared with the paper number by number.</summary>
public sealed record Reproduction(StudyResult Study, IReadOnlyList<ReproductionRow> Rows, IReadOnlyList<Finding> Findings)
{
    /// <summary>Makes the raw files, runs the study on them, and compares.</summary>
    /// <param name="folder">The report's folder, being written.</param>
    /// <param name="seed">Of the instruments' noise.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Stops between experiments and files.</param>
    public static Reproduction Run(string folder, int seed, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        PaperLaboratory.Write(folder, seed, progress: progress, cancellation: cancellation);
        var result = StudyRun.Run(StudyFile.Read(Path.Combine(folder, "study.yaml")), progress, cancellation);
        var rows = PaperNumbers.Quantities.SelectMany(q => PaperNumbers.Samples.Select(s => Row(q, s, result)).OfType<ReproductionRow>()).ToArray();
        rows = [.. rows, .. CoatingRows.Of(result)];
        var otherwise = Counterfactuals.Run(progress, cancellation);
        return new(result, rows, [.. ReproductionFindings.Of(new(result, rows, otherwise)), .. result.Findings]) { If = otherwise };
    }

    /// <summary>What the cells would do if one thing were otherwise.</summary>
    public required Counterfactuals If { get; init; }

    /// <summary>What figures, claims and findings are made of.</summary>
    internal PaperEvidence Evidence => new(Study, Rows, If);

    /// <summary>The paper's claims with their verdicts.</summary>
    public IReadOnlyList<PaperClaim> Claims => PaperClaims.Of(Evidence);

    /// <summary>χ² of the calibration's numbers as the analysis now reads them from the shipped cells' files.</summary>
    public double ChiSquared => PaperNumbers.Targets.Sum(t => Math.Pow((Rows.Single(r => r.Quantity == t.Quantity && r.Sample == t.Sample).Model - t.Value) / t.Error, 2));

    /// <summary>The document <c>--json</c> prints.</summary>
    public object Contract() => new
    {
        rows = Rows.Select(r => new
        {
            r.Quantity, r.Sample, r.Paper, r.Model, r.StandardError, r.Unit, r.RelativeDifference, r.Tolerance, r.ToleranceBasis, r.Status, r.How, r.FitTarget, r.Note,
        }),
        headline = Headline(),
        calibration = ReproductionCalibration.Contract(this),
        findings = Findings.Select(f => new { f.Id, f.Severity, f.Text, f.Evidence }),
        claims = Claims.Select(c => new { claim = c.Text, c.Verdict, text = c.Evidence, evidence = c.Numbers }),
        warnings = Rows.Where(r => r.WithoutError.Length > 0).GroupBy(r => r.WithoutError).Select(g => new Warning("rows.standardError", $"{string.Join(", ", g.Select(r => r.Quantity).Distinct())}: {g.Key}")).Concat(ReproductionCalibration.Warnings()),
    };

    /// <summary>The headline: predicted rows within tolerance, and what of the calibration misses.</summary>
    public string Headline() => ReproductionCalibration.Headline(this);

    /// <summary>What the report shows before the sections of the techniques.</summary>
    public ReportExtras Extras() => new(
        [.. PaperSections.Summary(this)],
        [ReproductionTables.Section(this), PaperClaims.Section(Claims)],
        [.. ReproductionFindings.Of(Evidence)],
        [.. PaperSections.Of(Evidence), ReproductionCalibration.Section(this), PaperSections.Assumptions()],
        [("reproduction.json", Json.Text(Contract()))]);

    private static ReproductionRow? Row(PaperQuantity q, string sample, StudyResult result)
    {
        var has = PaperNumbers.Values.TryGetValue((sample, q.Name), out var paper);
        var value = result.Comparison.FirstOrDefault(r => r.Quantity == q.Name && r.Unit == q.Unit)?.Values.FirstOrDefault(v => v.Sample == sample);
        if (!has && value is null) { return null; }
        if (!has) { paper = double.NaN; }
        var unit = q.Name == "apparentDiffusivity" ? PaperNumbers.MolarMassFactor : 1;
        var model = (value?.Value.Value ?? double.NaN) * unit;
        var how = PaperNumbers.HowOf(q, sample);
        var tolerance = PaperNumbers.ToleranceOf(q.Name, sample);
        var status = !has ? "noPaperValue" : double.IsNaN(model) ? "missed" : how == How.Input ? (tolerance.Holds(paper, model) ? "byConstruction" : "missed")
            : tolerance.Holds(paper, model) ? "reproduced" : q.Name is "onsetPotential" ? "notExplained" : "missed";
        var why = status is "missed" or "notExplained" && !double.IsNaN(model) ? PaperMisses.Why(q.Name, sample, paper, model) : "";
        var note = double.IsNaN(model) ? value?.Value.Reason ?? "the study gave no value" : string.Join("; ", new[] { why, q.Note }.Where(n => n.Length > 0));
        var error = value?.Value.StandardError * unit ?? double.NaN;
        return new(q.Name, sample, paper, model, q.Unit, has ? tolerance.Share(paper) : double.NaN, tolerance.Basis, status, how.ToString().ToLowerInvariant(), note)
        {
            // Charges of one record over each other: what the instrument does to both cancels, and nothing else is told of their error.
            StandardError = error > 0 ? error : double.NaN,
            WithoutError = error > 0 ? "" : error == 0 ? "a ratio of charges from one record, in which the instrument's errors cancel" : value?.Value.Reason ?? "the analysis gives none",
        };
    }
}
