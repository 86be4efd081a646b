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
}
