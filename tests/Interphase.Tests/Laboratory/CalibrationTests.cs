using Interphase.Laboratory;

namespace Interphase.Tests.Laboratory;

/// <summary>The calibration finds what a synthetic paper was made with, and its books are right.</summary>
public class CalibrationTests
{
    [Fact]
    public void Parameters_of_a_synthetic_paper_are_recovered()
    {
        double[] truth = [1.0, 0.05, 0.5, 1.5, 0.915, 10, 0.03, 0.30];
        var numbers = PaperModel.Predict(truth, PaperVariant.ParallelPath, 6);
        var fit = Calibration.Of(PaperVariant.ParallelPath, 6, _ => true, [.. PaperModel.Parameters.Select(p => p.Start)], 1, 1, numbers);
        Assert.InRange(fit.Fit.ChiSquared, 0, 0.3);
        // The anode's resistance hardly matters; everything else lies within half of the error the numbers leave.
        Assert.All(Enumerable.Range(0, 8), i => Assert.InRange(Math.Abs(fit.Values[i] - truth[i]), 0, 0.6 * fit.Fit.StandardErrors[i]));
        Assert.Equal(truth[3], fit.Values[3], 0.1);
        Assert.Equal(truth[6], fit.Values[6], 0.003);
    }

    [Fact]
    public void Chi_squared_is_that_of_the_numbers_which_entered()
    {
        var fit = Calibration.Of(PaperVariant.UniformContact, 1, t => t.Sample != "LNTO-550", [.. PaperModel.Parameters.Select(p => p.Start)], 1, 1);
        Assert.Equal(6, fit.Free.Count);
        var sum = PaperModel.Targets.Select((t, i) => t.Sample == "LNTO-550" ? 0 : Math.Pow((fit.Model[i] - t.Value) / t.Error, 2)).Sum();
        Assert.Equal(sum, fit.Fit.ChiSquared, 1e-9 * sum);
    }

    [Fact]
    public void The_weights_are_those_stated()
    {
        Assert.Equal(14, PaperModel.Targets.Count);
        double Share(string quantity, string sample) => PaperModel.Targets.Single(t => t.Quantity == quantity && t.Sample == sample) is var t ? t.Error / t.Value : 0;
        Assert.Equal(0.04, Share("chargeCapacity0.1C", "LNTO-350"), 1e-12);
        Assert.Equal(0.03, Share("dischargeCapacity0.1C", "LNTO-450"), 1e-12);
        Assert.Equal(0.06 * 107.5 / 8.6, Share("dischargeCapacity1C", "LNTO-550"), 1e-12);
        Assert.Equal(0.10, Share("cvPolarisation", "LNTO-550"), 1e-12);
    }
}
