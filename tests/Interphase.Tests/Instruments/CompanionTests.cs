using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Files beside the records: BioLogic's settings and log, Maccor's continuations, Arbin's spreadsheet.</summary>
public class CompanionTests
{
    [NeedsDataFact]
    public void Log_and_settings_say_what_the_raw_file_says()
    {
        var log = InstrumentFile.Read(SampleData.Path("cycling/biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpl"));
        var raw = InstrumentFile.Read(SampleData.Path("cycling/biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpr"));
        Assert.Equal("biologic-mpl", log.Format);
        Assert.Equal(raw.Start, log.Start);
        foreach (var name in new[] { MetadataNames.ActiveMass, MetadataNames.ElectrodeArea, MetadataNames.NominalCapacity, "characteristicMass" })
        {
            Assert.Equal(raw.Gives(name)!.Value.Value, log.Gives(name)!.Value.Value, 1e-6 * raw.Gives(name)!.Value.Value);
        }
        Assert.Null(log.Gives("molecularWeight"));
        Assert.Equal("mA, mA, mA, mA", log.Says("settings.unit Is"));
        Assert.Equal("0.000, 130.000, 130.000, 0.000", log.Says("settings.Is"));
        Assert.Contains("0709", raw.Says(MetadataNames.Instrument), StringComparison.Ordinal);
        Assert.Contains("0709", log.Says(MetadataNames.Instrument), StringComparison.Ordinal);

        var settings = InstrumentFile.Read(SampleData.Path("cycling/biologic/jdb11-4_rateTest_NaCoO2.mps"));
        Assert.Equal("Galvanostatic Cycling with Potential Limitation", settings.Technique);
        Assert.Null(settings.Gives(MetadataNames.ElectrodeArea));
        Assert.Equal(4.97e-6, settings.Gives("characteristicMass")!.Value.Value, 1e-12);
    }

    [NeedsDataFact]
    public void A_raw_file_without_log_takes_its_start_from_the_log_beside_it_and_says_so()
    {
        var folder = SampleData.TemporaryFolder();
        File.Copy(SampleData.Path("cycling/biologic/gcpl.pr_182.1.mpr"), Path.Combine(folder, "x.mpr"));
        Assert.Null(InstrumentFile.Read(Path.Combine(folder, "x.mpr")).Start);
        File.Copy(SampleData.Path("cycling/biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpl"), Path.Combine(folder, "x.mpl"));
        var m = InstrumentFile.Read(Path.Combine(folder, "x.mpr"));
        Assert.Equal(new DateTime(2025, 1, 16), m.Start!.Value.Clock.Date);
        Assert.Equal(6.52e-6, m.Gives(MetadataNames.ActiveMass)!.Value.Value, 1e-12);
        Assert.Contains(m.Warnings, w => w.Path == "metadata" && w.Text.Contains("start", StringComparison.Ordinal) && w.Text.Contains("x.mpl", StringComparison.Ordinal));
        Assert.DoesNotContain(m.Warnings, w => w.Path == "start");
        // A log of another measurement is not believed.
        File.Copy(SampleData.Path("cycling/biologic/ca.mpr"), Path.Combine(folder, "y.mpr"));
        File.Copy(Path.Combine(folder, "x.mpl"), Path.Combine(folder, "y.mpl"));
        var other = InstrumentFile.Read(Path.Combine(folder, "y.mpr"));
        Assert.Equal(new DateTime(2019, 4, 29), other.Start!.Value.Clock.Date);
        Assert.Contains(other.Warnings, w => w.Text.Contains("another start", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder, "y.mpl"), "BT-Lab LOG FILE\n");
        Assert.Contains(InstrumentFile.Read(Path.Combine(folder, "y.mpr")).Warnings, w => w.Text.Contains("cannot be read", StringComparison.Ordinal));
    }

    [NeedsDataFact]
    public void Continuations_of_a_Maccor_test_are_one_series_in_order_of_time()
    {
        var (first, second) = (InstrumentFile.Read(SampleData.Path("cycling/maccor/rovi_maccor_example.001")), InstrumentFile.Read(SampleData.Path("cycling/maccor/rovi_maccor_example.002")));
        Assert.Contains(first.Warnings, w => w.Text.Contains("rovi_maccor_example.002", StringComparison.Ordinal));
        Assert.DoesNotContain(second.Warnings, w => w.Text.Contains("continue", StringComparison.Ordinal));
        Assert.Equal(new DateTime(2016, 3, 31, 16, 5, 31), first.Start!.Value.Clock);
        // The second gives times of day only; their date is that of the test.
        Assert.Equal(new DateTime(2016, 4, 1, 16, 5, 31), second.Start!.Value.Clock);
        var (series, _, warnings) = Joined.Of([second, first]);
        Assert.Equal(first.Series!.Count + second.Series!.Count, series.Count);
        Assert.Equal(86400, series.Time[first.Series.Count], 1e-6);
        Assert.Equal(first.Series.Potential.ToArray(), series.Potential[..first.Series.Count].ToArray());
        Assert.Empty(warnings);
        Assert.Contains("NCM811", first.Says(MetadataNames.Comments), StringComparison.Ordinal);
    }

    [NeedsDataFact]
    public void Arbins_spreadsheet_is_a_cyclers_series_with_its_start()
    {
        var m = InstrumentFile.Read(SampleData.Path("cycling/arbin/navani_bs542_gr_li_Channel_11.xlsx"));
        Assert.Equal("arbin-xlsx", m.Format);
        Assert.Equal(4526, m.Series!.Count);
        Assert.Equal(1.001, m.Series.Time[0], 1e-9);
        Assert.Equal(2.637298583984375, m.Series.Potential[0]);
        // The first record was made 1.001 s after the start, by its clock at 44123.480400253473 days.
        Assert.Equal(DateTime.FromOADate(44123.480400253473).AddSeconds(-1.001), m.Start!.Value.Clock, TimeSpan.FromMilliseconds(2));
        Assert.Contains("slow_rate", m.Says("schedule"), StringComparison.Ordinal);
        Assert.Empty(m.Warnings);
    }
}
