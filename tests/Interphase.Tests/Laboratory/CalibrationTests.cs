using Interphase.Laboratory;

namespace Interphase.Tests.Laboratory;

/// <summary>The calibration finds what a synthetic paper was made with, and its books are right.</summary>
public class CalibrationTests
{
    private const int Few = 6, Enough = 24;

    private static PaperSearch Search(IReadOnlyList<double>? numbers = null) => new(numbers, default) { SearchClasses = Enough, Classes = Enough, Design = 40, Seed = 1 };

    /// <summary>Numbers made by the model itself, begun from places that know nothing of the truth.</summary>
    [Fact]
    public void Parameters_of_a_synthetic_paper_are_recovered_from_neutral_places()
    {
        double[] truth = [1.0, 0.05, 0.5, 1.5, 0.915, 10, 0.03, 0.30];
        var search = Search(PaperModel.Predict(truth, PaperVariant.ParallelPath, Enough));
        var fit = search.Fit(search.Spread(PaperVariant.ParallelPath), _ => true, 3);
        Assert.InRange(fit.Fit.ChiSquared, 0, 0.5);
        Assert.Equal(6, fit.DegreesOfFreedom);
        Assert.All(Enumerable.Range(0, 8), i => Assert.True(fit.Fit.AtBound[i] || Math.Abs(fit.Values[i] - truth[i]) < 1.96 * fit.Fit.StandardErrors[i], $"{PaperModel.Parameters[i].Name} {fit.Values[i]} for {truth[i]}"));
        Assert.Equal(truth[0], fit.Values[0], 0.1);
        Assert.Equal(truth[3], fit.Values[3], 0.1);
        Assert.Equal(truth[6], fit.Values[6], 0.003);
    }

    /// <summary>What was left out neither enters χ² nor pulls the parameters; what is fitted without it differs from what is fitted to all.</summary>
    [Fact]
    public void A_left_out_sample_does_not_enter_and_the_fit_is_made_anew()
    {
        double[] changed = [.. PaperModel.Targets.Select(t => t.Sample == "LNTO-350" ? 3 * t.Value : t.Value)];
        bool Enters(CalibrationTarget t) => t.Sample != "LNTO-350";
        double[] from = [.. PaperModel.Shipped];
        var without = Search().Refine(PaperVariant.ParallelPath, Enters, from, Few);
        Assert.Equal(without.Values, Search(changed).Refine(PaperVariant.ParallelPath, Enters, from, Few).Values);
        Assert.Equal(10 - 8, without.DegreesOfFreedom);
        var sum = PaperModel.Targets.Select((t, i) => Enters(t) ? Math.Pow((without.Model[i] - t.Value) / t.Error, 2) : 0).Sum();
        Assert.Equal(sum, without.Fit.ChiSquared, 1e-9 * sum);
        var all = Search().Refine(PaperVariant.ParallelPath, _ => true, from, Few);
        Assert.True(Enumerable.Range(0, 8).Max(i => Math.Abs(all.Values[i] - without.Values[i]) / (PaperModel.Parameters[i].Upper - PaperModel.Parameters[i].Lower)) > 0.01);
        Assert.Equal(all.Values, Search().Refine(PaperVariant.ParallelPath, _ => true, from, Few).Values);
    }

    /// <summary>The paper's numbers, the calibration's targets and the comparison's rows are one list.</summary>
    [Fact]
    public void Targets_are_the_papers_numbers_with_the_errors_stated()
    {
        Assert.Equal(14, PaperModel.Targets.Count);
        Assert.All(PaperModel.Targets, t => Assert.Equal(PaperNumbers.Values[(t.Sample, t.Quantity)], t.Value));
        double Share(string quantity, string sample) => PaperModel.Targets.Single(t => t.Quantity == quantity && t.Sample == sample) is var t ? t.Error / t.Value : 0;
        Assert.Equal(0.04, Share("chargeCapacity0.1C", "LNTO-350"), 1e-12);
        Assert.Equal(0.03, Share("dischargeCapacity0.1C", "LNTO-450"), 1e-12);
        Assert.Equal(0.06 * 107.5 / 8.6, Share("dischargeCapacity1C", "LNTO-550"), 1e-12);
        Assert.Equal(0.06, Share("irDrop", "LNTO-550"), 1e-12);
        Assert.Equal(0.10, Share("cvPolarisation", "LNTO-550"), 1e-12);
    }

    [Theory]
    [InlineData("dischargeCapacity0.1C", "LNTO-450", "Fitted")]
    [InlineData("dischargeCapacity0.5C", "LNTO-450", "Derived")] // 1C of the same rate test entered
    [InlineData("dischargeCapacity1C", "LNTO-350", "Predicted")] // the paper gives no rate test of it
    [InlineData("initialCoulombicEfficiency", "LNTO-450", "Derived")]
    [InlineData("initialCoulombicEfficiency", "liquid", "Predicted")]
    [InlineData("secondArcResistance", "LNTO-450", "Derived")] // the first arc of the same spectrum was put in
    [InlineData("retention200Cycles", "LNTO-350", "Input")]
    [InlineData("meanCoulombicEfficiency", "LNTO-350", "Derived")]
    public void A_number_counts_as_predicted_only_where_its_samples_technique_did_not_enter(string quantity, string sample, string how) =>
        Assert.Equal(how, PaperNumbers.HowOf(PaperNumbers.Quantities.Single(q => q.Name == quantity), sample).ToString());

    /// <summary>The model of the calibration is that of the shipped cells: its own cell differs in nothing that the numbers can see.</summary>
    [Theory]
    [InlineData("LNTO-350", "lnto-350")]
    [InlineData("LNTO-450", "lnto-450")]
    [InlineData("LNTO-550", "lnto-550")]
    public void The_calibrations_cell_is_the_shipped_cell(string sample, string shipped)
    {
        var own = PaperModel.Cell(sample, [.. PaperModel.Shipped], PaperVariant.ParallelPath, 48);
        var other = Interphase.Cells.Cell.Load(shipped);
        Assert.Equal(other.Area, own.Area, 1e-12);
        Assert.Equal(other.NominalCapacity, own.NominalCapacity, 1e-9 * other.NominalCapacity);
        var (a, b) = ((Interphase.Cells.PorousElectrode)own.Positive, (Interphase.Cells.PorousElectrode)other.Positive);
        Assert.Equal(b.Interface.ArealResistance, a.Interface.ArealResistance, 1e-3 * b.Interface.ArealResistance);
        Assert.Equal(b.Interface.ChargeTransferShare, a.Interface.ChargeTransferShare);
        Assert.Equal(b.Interface.Contact, a.Interface.Contact);
        Assert.Equal(b.Interface.Populations.Count, a.Interface.Populations.Count);
        Assert.All(b.Interface.Populations.Zip(a.Interface.Populations), p => Assert.Equal(p.First.RelativeConductance, p.Second.RelativeConductance, 0.003 * p.First.RelativeConductance));
        Assert.Equal(((Interphase.Cells.FoilElectrode)other.Negative).ArealResistance, ((Interphase.Cells.FoilElectrode)own.Negative).ArealResistance, 1e-9);
    }
}
