using System.Text.Json.Nodes;
using Interphase.Laboratory;

namespace Interphase.Tests.Laboratory;

/// <summary>The calibration that ships says what the model says, and what the shipped cells carry.</summary>
public class ShippedCalibrationTests
{
    /// <summary>What the tolerance of the time steps leaves open: 0.01 standard deviations a number, and so of χ².</summary>
    private const double Numerics = 0.01, OfSum = 0.05;

    private static readonly JsonNode Document = ShippedCalibration.Document;

    private static int Classes => (int)Document["settings"]!["classes"]!;

    private static JsonArray List(string name) => Document[name]!.AsArray();

    private static double Of(JsonNode? node) => ShippedCalibration.Number(node);

    private static double[] Values(JsonNode fit) => [.. fit["parameters"]!.AsArray().Select(p => Of(p!["value"]))];

    private static double Sum(double[] model, Func<CalibrationTarget, bool> enters) => PaperModel.Targets.Select((t, i) => enters(t) ? Math.Pow((model[i] - t.Value) / t.Error, 2) : 0).Sum();

    [Fact]
    public void Simulating_again_at_its_values_gives_its_numbers_and_its_sum_of_squares()
    {
        var model = PaperModel.Predict(Values(Document), PaperVariant.ParallelPath, Classes);
        Assert.All(PaperModel.Targets.Zip(List("targets")), p =>
        {
            Assert.Equal((p.First.Quantity, p.First.Sample), ((string)p.Second!["quantity"]!, (string)p.Second["sample"]!));
            Assert.Equal(p.First.Value, Of(p.Second["paper"]));
            Assert.Equal(p.First.Error, Of(p.Second["error"]), 1e-12);
        });
        Assert.All(model.Zip(List("targets")), p => Assert.Equal(Of(p.Second!["model"]), p.First, Numerics * Of(p.Second["error"])));
        Assert.Equal(ShippedCalibration.ChiSquared, PaperModel.ChiSquared(model), OfSum);
        Assert.Equal(PaperModel.Targets.Count - PaperModel.Parameters.Count, ShippedCalibration.DegreesOfFreedom);
    }

    /// <summary>The cells keep their values because the calibration cannot tell them from its own: each inside its interval, all inside the joint region, no step from them is better than the best.</summary>
    [Fact]
    public void The_shipped_cells_carry_values_inside_the_calibrations_intervals()
    {
        Assert.All(Enumerable.Range(0, PaperModel.Parameters.Count), i =>
        {
            var p = List("parameters")[i]!;
            Assert.Equal(PaperModel.Parameters[i].Name, (string)p["name"]!);
            Assert.Equal(PaperModel.Shipped[i], Of(p["shipped"]));
            Assert.InRange(PaperModel.Shipped[i], Of(p["lower95"]), Of(p["upper95"]));
            Assert.InRange(Of(p["value"]), Of(p["lower95"]), Of(p["upper95"]));
        });
        var shipped = PaperModel.ChiSquared(PaperModel.Predict([.. PaperModel.Shipped], PaperVariant.ParallelPath, Classes));
        Assert.Equal(shipped, Of(Document["shipped"]!["chiSquared"]), OfSum);
        Assert.True(shipped > ShippedCalibration.ChiSquared);
        Assert.InRange(Of(Document["shipped"]!["confidence"]), 0, 0.95);
    }

    /// <summary>A fitted value in a cell file has the error of the calibration, to the digits written.</summary>
    [Theory]
    [InlineData("lnto-350", 4)]
    [InlineData("lnto-450", 4)]
    [InlineData("lnto-550", 5)]
    public void The_shipped_cells_state_the_calibrations_errors(string name, int fitted)
    {
        var found = Interphase.Cells.Cell.Load(name).Parameters.Where(p => double.IsFinite(p.StandardError) && !p.Path.Contains("populations[0]", StringComparison.Ordinal)).ToArray();
        Assert.Equal(fitted, found.Length);
        Assert.All(found, p =>
        {
            var path = p.Path.Replace("populations[1]", "populations.parallelPath", StringComparison.Ordinal);
            var own = List("parameters").Single(x => (string)x!["name"]! == path)!;
            Assert.Equal(Of(own["shipped"]), p.Value, 1e-12);
            Assert.Equal(Of(own["standardError"]), p.StandardError, 0.05 * p.StandardError);
        });
    }

    /// <summary>Every minimum that the numbers hardly tell from the best lies inside the intervals, and χ² does not depend on the number of classes beyond 24 by more than the numbers tell.</summary>
    [Fact]
    public void Intervals_cover_other_minima_and_the_classes_are_enough()
    {
        Assert.NotEmpty(List("minima"));
        foreach (var m in List("minima").Where(m => Of(m!["chiSquared"]) < ShippedCalibration.ChiSquared + Calibration.Rise95))
        {
            for (var i = 0; i < PaperModel.Parameters.Count; i++) { Assert.InRange(Of(m!["values"]![i]), Of(List("parameters")[i]!["lower95"]), Of(List("parameters")[i]!["upper95"])); }
        }
        Assert.True(Classes >= 32);
        var refitted = List("convergence").Where(c => c!["refitted"] is not null).Select(c => Of(c!["refitted"]!["chiSquared"])).ToArray();
        Assert.True(refitted.Length >= 3);
        Assert.InRange(refitted.Max() - refitted.Min(), 0, Calibration.Rise95 / 2);
    }

    /// <summary>Every number off by more than one and a half of its errors was tried to be met; what that gives and costs is what the model says at those parameters.</summary>
    [Fact]
    public void What_meeting_a_missed_number_costs_is_simulated()
    {
        Assert.Equal(PaperModel.Targets.Zip(List("targets")).Where(p => Math.Abs(Of(p.Second!["model"]) - p.First.Value) > 1.5 * p.First.Error).Select(p => (p.First.Quantity, p.First.Sample)), List("met").Select(m => ((string)m!["quantity"]!, (string)m["sample"]!)));
        foreach (var m in List("met"))
        {
            var model = PaperModel.Predict([.. m!["values"]!.AsArray().Select(Of)], PaperVariant.ParallelPath, Classes);
            var k = Enumerable.Range(0, PaperModel.Targets.Count).Single(i => PaperModel.Targets[i].Quantity == (string)m["quantity"]! && PaperModel.Targets[i].Sample == (string)m["sample"]!);
            Assert.Equal(Of(m["model"]), model[k], Numerics * PaperModel.Targets[k].Error);
            Assert.Equal(PaperModel.Targets[k].Value, model[k], 0.5 * PaperModel.Targets[k].Error);
            Assert.Equal(Of(m["chiSquared"]), PaperModel.ChiSquared(model), OfSum);
            Assert.True(Of(m["chiSquared"]) > ShippedCalibration.ChiSquared);
        }
    }

    [Fact]
    public void Simpler_models_are_rejected_by_their_own_best_fit()
    {
        PaperVariant[] variants = [PaperVariant.UniformContact, PaperVariant.ResistanceOnly, PaperVariant.ConductivityOnly];
        Assert.Equal(variants.Select(CalibrationWords.NameOf), List("rejectedModels").Select(m => (string)m!["name"]!));
        foreach (var (m, variant) in List("rejectedModels").Zip(variants))
        {
            var values = PaperSearch.Full(variant, Values(m!));
            var sum = PaperModel.ChiSquared(PaperModel.Predict(values, variant, Classes));
            Assert.Equal(Of(m!["chiSquared"]), sum, OfSum + (1e-3 * sum));
            // One more parameter has to earn a fall of χ² by more than 6.63 to be believed at 1 %; these fall short by far more.
            Assert.True(sum > ShippedCalibration.ChiSquared + 15);
            Assert.NotEmpty((string)m["failsAt"]!);
        }
    }

    /// <summary>A left-out number counts as predicted: its fit's χ² is that of all others, and the fit's parameters give the prediction.</summary>
    [Fact]
    public void Predictions_come_from_fits_that_did_not_see_the_number()
    {
        string[] left = ["LNTO-350", "LNTO-450", "LNTO-550", "formation", "rate", "titration", "voltammetry"];
        Assert.Equal(left.Order(), List("leaveOut").Select(l => (string)l!["left"]!).Order());
        foreach (var l in List("leaveOut").Where(l => l!["rows"]!.AsArray().Count > 0))
        {
            var name = (string)l!["left"]!;
            var variant = name == "LNTO-550" ? PaperVariant.ResistanceOnly : PaperVariant.ParallelPath;
            bool IsLeft(CalibrationTarget t) => t.Sample == name || t.Technique == name;
            var model = PaperModel.Predict(PaperSearch.Full(variant, Values(l)), variant, Classes);
            Assert.Equal(Sum(model, t => !IsLeft(t)), Of(l["chiSquared"]), OfSum);
            Assert.Equal(PaperModel.Targets.Where(IsLeft).Select(t => (t.Quantity, t.Sample)), l["rows"]!.AsArray().Select(r => ((string)r!["quantity"]!, (string)r["sample"]!)));
            Assert.All(l["rows"]!.AsArray(), r =>
            {
                var k = Enumerable.Range(0, PaperModel.Targets.Count).Single(i => PaperModel.Targets[i].Quantity == (string)r!["quantity"]! && PaperModel.Targets[i].Sample == (string)r["sample"]!);
                Assert.Equal(model[k], Of(r!["model"]), Numerics * PaperModel.Targets[k].Error);
                Assert.Equal("predicted", (string)r["how"]!);
                Assert.Equal(PaperNumbers.ToleranceOf(PaperModel.Targets[k].Quantity, PaperModel.Targets[k].Sample).Holds(PaperModel.Targets[k].Value, model[k]) ? "reproduced" : "missed", (string)r["status"]!);
            });
            Assert.Contains(Enumerable.Range(0, PaperModel.FreeIn(variant).Length), i => Math.Abs((Values(l)[i] / Values(Document)[PaperModel.FreeIn(variant)[i]]) - 1) > 0.01);
        }
        var no = List("leaveOut").Single(l => l!["rows"]!.AsArray().Count == 0)!;
        Assert.Equal("voltammetry", (string)no["left"]!);
        Assert.Contains("scan rate", (string)no["note"]!, StringComparison.Ordinal);
    }
}
