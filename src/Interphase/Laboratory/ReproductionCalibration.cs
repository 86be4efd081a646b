using Interphase.Reports;
using Interphase.Results;
using Interphase.Studies;

namespace Interphase.Laboratory;

/// <summary>What the comparison says about its calibration: the headline, the document's part and the report's section.</summary>
internal static class ReproductionCalibration
{
    /// <summary>Everything of the paper that was predicted: by the calibrations that left it out, and rows that never enter one.</summary>
    public static IReadOnlyList<PredictedRow> Predicted(Reproduction r) =>
    [
        .. ShippedCalibration.Predictions,
        .. r.Rows.Where(x => x.How == "predicted" && !double.IsNaN(x.Paper)).Select(x => new PredictedRow("", x.Quantity, x.Sample, x.Paper, x.Model, double.NaN, x.Unit, x.Status, true)),
    ];

    /// <summary>N of M predicted rows within tolerance; K calibration residuals, χ², degrees of freedom, p.</summary>
    public static string Headline(Reproduction r)
    {
        var predicted = Predicted(r).Where(x => x.Counts).ToArray();
        var fitted = r.Rows.Where(x => x.FitTarget).ToArray();
        return FormattableString.Invariant($"{predicted.Count(x => x.Status == "reproduced")} of {predicted.Length} predicted rows within tolerance; {fitted.Length} calibration residuals, {fitted.Count(x => x.Status == "reproduced")} of them within the tolerance a measurement would be given: χ² = {ShippedCalibration.ChiSquared:F1} for {ShippedCalibration.DegreesOfFreedom} degrees of freedom, p = {ShippedCalibration.PValue:G2}. The shipped cells, read through the instruments, give χ² = {r.ChiSquared:F1}.");
    }

    /// <summary>The part of the document that <c>--json</c> prints.</summary>
    public static object Contract(Reproduction r)
    {
        var d = ShippedCalibration.Document;
        return new
        {
            parameters = d["parameters"],
            chiSquared = ShippedCalibration.ChiSquared,
            degreesOfFreedom = ShippedCalibration.DegreesOfFreedom,
            pValue = ShippedCalibration.PValue,
            rejectedModels = d["rejectedModels"],
            leaveOut = d["leaveOut"],
            met = d["met"],
            minima = d["minima"],
            convergence = d["convergence"],
            settings = d["settings"],
            shipped = new { chiSquared = ShippedCalibration.Number(d["shipped"]!["chiSquared"]), confidence = ShippedCalibration.Number(d["shipped"]!["confidence"]), chiSquaredAsRead = r.ChiSquared },
            assumed = Assumed().Select(p => new { name = p.Path, p.Value, p.Unit, p.Source }),
        };
    }

    /// <summary>What is null in that part, and why.</summary>
    public static IEnumerable<Warning> Warnings() =>
        ShippedCalibration.Document["warnings"]!.AsArray().Select(w => new Warning($"calibration.{(string)w!["path"]!}", (string)w["text"]!));

    /// <summary>The report's section.</summary>
    public static Section Section(Reproduction r)
    {
        var d = ShippedCalibration.Document;
        var shipped = d["shipped"]!;
        var counted = Predicted(r).Where(x => x.Counts).ToArray();
        return new("calibration", "What was fitted, and what that predicts",
        [
            new Table("calibration-parameters", "Fitted parameters",
                [new("Parameter"), new("Path") { FileOnly = true }, new("Fitted"), new("95 % from"), new("95 % to"), new("In the cells"), new("Unit"), new("What the numbers tell")],
                [
                    .. d["parameters"]!.AsArray().Select(p => (IReadOnlyList<Reports.Cell>)
                    [
                        string.Join(' ', ((string)p!["name"]!).Split('.')[^2..]), (string)p["name"]!, ShippedCalibration.Parameter(p), ShippedCalibration.Number(p["lower95"]), ShippedCalibration.Number(p["upper95"]), ShippedCalibration.Number(p["shipped"]), UnitText.Print((string)p["unit"]!), (string)p["identifiability"]!,
                    ]),
                ])
            {
                Note = "Standard errors are from the curvature at the least χ²; intervals are where χ², lowered over all other parameters, rises by 3.84, and cover every minimum nearer than that. "
                    + FormattableString.Invariant($"The cells keep values of an earlier calibration: χ² = {ShippedCalibration.Number(shipped["chiSquared"]):F1}, inside the {100 * ShippedCalibration.Number(shipped["confidence"]):F0} % region of all parameters together."),
            },
            new Table("calibration-met", "What it would cost to meet a number that the best fit misses",
                [new("Quantity"), new("Sample"), new("Paper"), new("Best fit"), new("Made to meet it"), new("χ² then"), new("Then more than two standard deviations off")],
                [
                    .. d["met"]!.AsArray().Select(m => (IReadOnlyList<Reports.Cell>)
                    [
                        $"{QuantityNames.Of((string)m!["quantity"]!)}, {UnitText.Print((string)m["unit"]!)}", (string)m["sample"]!, ShippedCalibration.Number(m["paper"]), Math.Round(ShippedCalibration.Target((string)m["quantity"]!, (string)m["sample"]!).Model, 3), Math.Round(ShippedCalibration.Number(m["model"]), 3), ShippedCalibration.Number(m["chiSquared"]), (string)m["failsAt"]! is { Length: > 0 } off ? off : "none",
                    ]),
                ])
            { Note = FormattableString.Invariant($"Numbers more than one and a half standard deviations off. The fit is made again with that number counted tenfold; χ², {ShippedCalibration.ChiSquared:F1} at the best fit, is of all numbers with their own deviations.") },
            new Table("calibration-rejected", "Simpler models, each refitted to the same numbers",
                [new("Model"), new("χ²"), new("Degrees of freedom"), new("More than two standard deviations off")],
                [
                    ["interface resistance, parallel path at 550 °C (kept)", ShippedCalibration.ChiSquared, ShippedCalibration.DegreesOfFreedom, "–"],
                    .. d["rejectedModels"]!.AsArray().Select(m => (IReadOnlyList<Reports.Cell>)[(string)m!["name"]!, ShippedCalibration.Number(m["chiSquared"]), ShippedCalibration.Number(m["degreesOfFreedom"]), (string)m["failsAt"]!]),
                ]),
            new Table("calibration-predicted", "Predicted by calibrations that did not see it",
                [new("Left out"), new("Quantity"), new("Sample"), new("Paper"), new("Predicted"), new("Unit"), new("Difference", "%") { Digits = 2 }, new("Status"), new("Counted")],
                [
                    .. Predicted(r).Select(x => (IReadOnlyList<Reports.Cell>)
                    [
                        x.Left.Length > 0 ? x.Left : "never enters", QuantityNames.Of(x.Quantity), x.Sample, x.Paper, double.IsNaN(x.StandardError) ? x.Model : Estimate.Of(x.Model, x.StandardError), UnitText.Print(x.Unit), 100 * ((x.Model / x.Paper) - 1), x.Status, x.Counts ? "yes" : "no",
                    ]),
                ])
            {
                Note = string.Join(" ", d["leaveOut"]!.AsArray().Where(l => ((string)l!["note"]!).Length > 0).Select(l => $"Without {(string)l!["left"]!}: {(string)l["note"]!}.")) + " Errors are what the fitted parameters leave open; without one, not every parameter is identified by the rest.",
            },
            new Table("calibration-assumed", "Assumed and fitted values in the cells", [new("Parameter"), new("Value"), new("Unit"), new("Source")], [.. Assumed().Select(p => (IReadOnlyList<Reports.Cell>)[p.Path, p.Value, UnitText.Print(p.Unit), p.Source ?? ""])]),
        ])
        { Intro = FormattableString.Invariant($"{PaperModel.Parameters.Count} parameters fitted to {PaperModel.Targets.Count} numbers carry them within what replicate cells scatter (χ² = {ShippedCalibration.ChiSquared:F1} for {ShippedCalibration.DegreesOfFreedom} degrees of freedom, p = {ShippedCalibration.PValue:G2}), and no simpler model does. Fitted without a sample or a technique, the same model meets {counted.Count(x => x.Status == "reproduced")} of {counted.Length} of what it did not see: a description more than a prediction.") };
    }

    /// <summary>What of the 550 °C cell, which has every parameter of the others, was assumed or fitted.</summary>
    private static IEnumerable<Cells.CellParameter> Assumed() => Cells.Cell.Load("lnto-550").Parameters.Where(p => p.Assumed && double.IsFinite(p.Value));
}
