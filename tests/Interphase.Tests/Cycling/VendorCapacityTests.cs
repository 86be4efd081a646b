using Interphase.Cycling;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cycling;

/// <summary>The integral of the current against the charge the instrument itself counted.</summary>
public class VendorCapacityTests
{
    [NeedsDataTheory]
    [InlineData("cycling/biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpr", 3)]
    [InlineData("cycling/biologic/jdb11-4_rateTest_NaCoO2.mpr", 31)]
    public void Half_cycles_have_the_charge_of_the_instruments_counter(string file, int cycles)
    {
        var series = InstrumentFile.Read(SampleData.Path(file)).Series!;
        var counter = series.Required(ColumnNames.NetCharge).Values;
        // Without the counter and the step time, so that the rows alone must give the charge.
        var bare = new TimeSeries(series.Columns.Where(c => c.Name is ColumnNames.Time or ColumnNames.Current or ColumnNames.Potential));
        var summary = CyclingSummary.Analyse(bare, Electrode.Unknown, new());
        Assert.InRange(summary.Cycles.Count, cycles - 1, cycles + 1);
        foreach (var c in summary.Cycles)
        {
            foreach (var (half, sign) in new[] { (c.Charge, 1), (c.Discharge, -1) })
            {
                if (half is null) { continue; }
                var counted = sign * (counter[half.LastRow] - counter[Math.Max(0, half.FirstRow - 1)]);
                Assert.Equal(1, half.Charge / counted, 2e-3);
            }
        }
    }

    [NeedsDataTheory]
    [InlineData("arbin/20160805_test001_45_cc_01.res", 30, 0.001)]
    [InlineData("arbin/navani_bs542_gr_li_Channel_11.xlsx", 3, 0.0015)]
    [InlineData("arbin/batdata_arbin_example.csv.gz", 4, 0.0015)]
    [InlineData("maccor/cellpy_maccor_002.txt.gz", 4, 0.001)]
    [InlineData("maccor/camp_example_rate.062.gz", 34, 0.003)]
    [InlineData("neware/nda_v22.nda", 1, 0.006)]
    [InlineData("neware/TestFile.nda", 4, 0.001)]
    [InlineData("neware/46_1_5_60_bts16.ndax", 2, 0.001)]
    [InlineData("neware/TESTCELL0001-Test_Data_Collection_Ndc17.ndax", 2, 0.001)]
    [InlineData("neware/cellpy_nw_regular_export_ife_example.csv.gz", 40, 0.0035)]
    [InlineData("biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpr", 6, 0.001)]
    [InlineData("biologic/jdb11-4_rateTest_NaCoO2.mpr", 60, 0.001)]
    [InlineData("biologic/gcpl.issue_211.mpr", 10, 0.001)]
    [InlineData("biologic/gcpl.issue_211.mpt.gz", 10, 0.001)]
    [InlineData("biologic/gcpl.pr_182.1.mpr", 8, 0.001)]
    public void Every_half_cycle_and_efficiency_agrees_with_the_counters_the_file_holds(string file, int halves, double within)
    {
        var summary = CyclingSummary.Analyse(InstrumentFile.Read(SampleData.Path("cycling/" + file)).Series!, Electrode.Unknown, new());
        var most = summary.Cycles.Max(c => Math.Max(c.Charge?.Charge ?? 0, c.Discharge?.Charge ?? 0));
        // Halves below a twentieth of the largest last a few rows: their charge is that of the switches.
        var compared = summary.Cycles.SelectMany(c => new[] { (Half: c.Charge, Counted: c.VendorCharge), (Half: c.Discharge, Counted: c.VendorDischarge) }).Where(h => h.Half is { } half && half.Charge > 0.05 * most && h.Counted > 0).ToArray();
        Assert.True(compared.Length >= halves, $"{compared.Length} halves compared");
        Assert.All(compared, h => Assert.Equal(1, h.Half!.Charge / h.Counted, within));
        foreach (var c in summary.Cycles.Where(c => c is { Charge: { } u, Discharge: { } d } && Math.Min(u.Charge, d.Charge) > 0.05 * most && summary.Convention.BeginsOn == "charge"))
        {
            Assert.Equal(c.VendorDischarge / c.VendorCharge, c.CoulombicEfficiency, 2 * within * c.CoulombicEfficiency);
        }
    }

    [NeedsDataFact]
    public void A_current_rounded_too_coarsely_is_told_by_the_instruments_counter()
    {
        // This export rounds a current of 0.2 mA to one digit; the instrument counted with more.
        var summary = CyclingSummary.Analyse(InstrumentFile.Read(SampleData.Path("cycling/landt/SINTEF__LiGrR2032__Landt.csv.gz")).Series!, Electrode.Unknown, new());
        Assert.Contains(summary.Warnings, w => w.Path == "cycles[].vendor");
    }
}
