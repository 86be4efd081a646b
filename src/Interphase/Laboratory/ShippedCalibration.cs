using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interphase.Results;

namespace Interphase.Laboratory;

/// <summary>A number of the paper that a calibration which did not see it predicts.</summary>
/// <param name="Left">What was left out: a sample or a technique; empty where no calibration ever sees the number.</param>
/// <param name="Quantity">Its name.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Paper">The paper's number.</param>
/// <param name="Model">The prediction.</param>
/// <param name="StandardError">What the parameters leave open; NaN where not all of them are identified.</param>
/// <param name="Unit">Of all three.</param>
/// <param name="Status">reproduced or missed.</param>
/// <param name="Counts">False where the rest leaves no freedom to be wrong in.</param>
internal sealed record PredictedRow(string Left, string Quantity, string Sample, double Paper, double Model, double StandardError, string Unit, string Status, bool Counts);

/// <summary>The calibration that ships: what <c>interphase estimate paper -o calibration.json</c> wrote.</summary>
internal static class ShippedCalibration
{
    /// <summary>The document as it was written.</summary>
    public static JsonNode Document { get; } = Read();

    /// <summary>χ² at the best fit.</summary>
    public static double ChiSquared => Number(Document["chiSquared"]);

    /// <summary>Numbers less parameters.</summary>
    public static int DegreesOfFreedom => (int)Document["degreesOfFreedom"]!;

    /// <summary>Probability of a χ² at least as large, if the model were true and the errors right.</summary>
    public static double PValue => Number(Document["pValue"]);

    /// <summary>The predictions of the calibrations without a sample or a technique.</summary>
    public static IReadOnlyList<PredictedRow> Predictions { get; } =
    [
        .. Document["leaveOut"]!.AsArray().SelectMany(l => l!["rows"]!.AsArray().Select(r => new PredictedRow(
            (string)l["left"]!, (string)r!["quantity"]!, (string)r["sample"]!, Number(r["paper"]), Number(r["model"]), Number(r["standardError"]), (string)r["unit"]!, (string)r["status"]!, (bool)l["counts"]!))),
    ];

    /// <summary>A number of the document; null is NaN.</summary>
    public static double Number(JsonNode? node) => node is null ? double.NaN : (double)node;

    /// <summary>A parameter's value with its error and interval.</summary>
    public static Estimate Parameter(JsonNode p) => new(Number(p["value"]), Number(p["standardError"]), Number(p["lower95"]), Number(p["upper95"]));

    /// <summary>A number that entered, and what the best fit gives for it.</summary>
    public static (double Paper, double Model, double Error, string Unit) Target(string quantity, string sample) =>
        Of("targets", quantity, sample) is { } t ? (Number(t["paper"]), Number(t["model"]), Number(t["error"]), (string)t["unit"]!) : (double.NaN, double.NaN, double.NaN, "");

    /// <summary>The fit made to meet a number that the best one misses: its value there, χ² of all numbers, and those more than two errors off; null where there is none.</summary>
    public static (double Model, double ChiSquared, string FailsAt)? Met(string quantity, string sample) =>
        Of("met", quantity, sample) is { } m ? (Number(m["model"]), Number(m["chiSquared"]), (string)m["failsAt"]!) : null;

    private static JsonNode? Of(string list, string quantity, string sample) =>
        Document[list]?.AsArray().FirstOrDefault(t => (string)t!["quantity"]! == quantity && (string)t["sample"]! == sample);

    /// <summary>A parameter's standard error; NaN where the numbers do not tell it.</summary>
    public static double StandardError(string name) => Number(Document["parameters"]![IndexOf(name)]!["standardError"]);

    /// <summary>Correlation of two parameters.</summary>
    public static double Correlation(string a, string b) => Number(Document["correlation"]![IndexOf(a)]![IndexOf(b)]);

    private static int IndexOf(string name) => Document["parameters"]!.AsArray().Select((p, i) => (Name: (string)p!["name"]!, i)).Single(p => p.Name == name).i;

    private static JsonNode Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Interphase.lnto.calibration.json")!;
        using var document = JsonDocument.Parse(stream);
        return JsonSerializer.SerializeToNode(document.RootElement)!;
    }
}
