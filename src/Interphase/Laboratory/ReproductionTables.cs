using Interphase.Reports;
using Interphase.Results;
using Interphase.Studies;

namespace Interphase.Laboratory;

/// <summary>The rows of the comparison as tables for a reader.</summary>
internal static class ReproductionTables
{
    /// <summary>The comparison: numbers of the paper first, then why rows miss, then what the model gives beyond the paper.</summary>
    public static Section Section(Reproduction r)
    {
        var told = r.Rows.Where(x => !double.IsNaN(x.Paper)).ToArray();
        return new("paper-and-model", "The paper beside the model",
        [
            Beside("reproduction", "Every number of the paper", told, "Tolerances were fixed beforehand from what replicate cells scatter. 'Model' is what the analysis read from the virtual instruments' files; ± is one standard error of that reading, where the analysis has one. Put in: the row only checks the analysis. Fitted: the number entered the fit of the shared parameters. Derived: another number of the same technique and sample did. Predicted: none did."),
            Misses(told),
            new Methods([Beside("reproduction-beyond", "What the model gives and the paper does not", [.. r.Rows.Where(x => double.IsNaN(x.Paper))], "")], "Numbers the paper does not give"),
        ]);
    }

    /// <summary>How the numbers fare, in a sentence.</summary>
    public static string Answer(Reproduction r)
    {
        var told = r.Rows.Where(x => !double.IsNaN(x.Paper)).ToArray();
        var fitted = told.Where(x => x.How == "fitted").ToArray();
        var predicted = ReproductionCalibration.Predicted(r).Where(x => x.Counts).ToArray();
        return FormattableString.Invariant($"Of {told.Length} numbers of the paper {told.Count(x => x.How == "input")} were put in and come back ({told.Count(x => x.Status == "byConstruction")} within tolerance), {fitted.Length} were fitted ({fitted.Count(x => x.Status == "reproduced")} met), and {told.Length - fitted.Length - told.Count(x => x.How == "input")} follow from those ({told.Count(x => x.How is "derived" or "predicted" && x.Status == "reproduced")} met). Asked to predict what it had not seen, the model meets {predicted.Count(x => x.Status == "reproduced")} of {predicted.Length}: it describes these cells more than it explains them.");
    }

    private static Table Beside(string id, string title, IReadOnlyList<ReproductionRow> rows, string note) => new(id, title,
        [new("Quantity"), new("Sample"), new("Paper"), new("Model"), new("Difference", "%"), new("Tolerance") { FileOnly = true }, new("Verdict"), new("Comes about"), new("Unit") { FileOnly = true }, new("Note") { FileOnly = true }],
        [
            .. rows.Select(r => (IReadOnlyList<Cell>)
            [
                WithUnit(r), r.Sample, r.Paper, double.IsNaN(r.StandardError) ? r.Model : Estimate.Of(r.Model, r.StandardError), Math.Round(100 * r.RelativeDifference, 1), r.ToleranceBasis, Words(r.Status), Words(r.How), r.Unit, r.Note,
            ]),
        ])
    { Note = note };

    private static Table Misses(IReadOnlyList<ReproductionRow> told) => new("reproduction-misses", "Where the model misses, and why as far as is known", [new("Quantity"), new("Sample"), new("Paper"), new("Model") { Digits = 3 }, new("Why")],
        [.. told.Where(r => r.Status is "missed" or "notExplained").Select(r => (IReadOnlyList<Cell>)[WithUnit(r), r.Sample, r.Paper, r.Model, r.Note])]);

    private static string WithUnit(ReproductionRow r) => r.Unit == "1" ? QuantityNames.Of(r.Quantity) : $"{QuantityNames.Of(r.Quantity)}, {UnitText.Print(r.Unit)}";

    private static string Words(string word) => word switch { "byConstruction" => "as put in", "notExplained" => "not explained", "noPaperValue" => "–", "input" => "put in", _ => word };
}
