using System.Diagnostics;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Damaged files of every format: one clear error or a reading that hides nothing; never a crash, a hang or runaway memory.</summary>
public class DamagedFileTests
{
    private const int CasesPerFile = 350;

    /// <summary>Small real files, several of each format; the cases of one format add up to more than two thousand.</summary>
    public static TheoryData<string> Files() => new(
        SampleData.Root is null ? ["none"] :
        [
            "cycling/biologic/gcpl.issue_226.I.mpr", "cycling/biologic/vsp_ocv_with.mpr", "cycling/biologic/zir.mpr", "cycling/biologic/peis.mpr", "cycling/biologic/coc.issue_185.mpr", "cycling/biologic/mb.issue_95.mpr",
            "cycling/biologic/gcpl.issue_226.I.mpt", "cycling/biologic/mb.issue_95.de.mpt", "cycling/biologic/vsp_ocv_with.mpt", "cycling/biologic/zir.mpt", "cycling/biologic/coc.issue_185.mpt", "cycling/biologic/wait.mpt",
            "cycling/arbin/20160805_test001_45_cc_01.res", "cycling/neware/nda_v8.nda", "cycling/neware/new_nda_file.nda", "cycling/neware/21_10_7_85.ndax", "cycling/neware/46_1_5_60_bts16.ndax", "cycling/neware/TESTCELL0001-Test_Data_Collection_Ndc17.ndax",
            "cycling/gamry/unitpackage_gamry_cv.DTA", "eis/real/gamry-parser/eispot_data.dta", "eis/real/pyimpspec/data.dta",
            "eis/real/pyimpspec/data.z", "eis/real/impedance.py/exampleDataZPlot.z",
            "cycling/maccor/rovi_maccor_example.001", "cycling/novonix/pyprobe_sample_data_novonix.csv", "cycling/basytec/pyprobe_sample_data_basytec.txt", "cycling/arbin/pyprobe_sample_data_arbin.csv", "cycling/batteryarchive/CALCE_CX2-33_timeseries.csv",
            "cycling/neware/21_10_7_85.btsda.csv", "cycling/bdf/sample.bdf.csv", "cycling/gitt/LGM50_3electrode/pulse_20.csv", "eis/real/pyimpspec/data-semicolon.csv", "eis/real/EISART/eis_button_sofc.csv",
        ]);

    [NeedsDataTheory]
    [MemberData(nameof(Files))]
    public void Damage_gives_an_error_or_an_honest_reading(string file)
    {
        var whole = File.ReadAllBytes(SampleData.Path(file));
        var rows = RowsOf(InstrumentFile.Read(new MemoryStream(whole), file));
        var cases = from kind in Gen.Choose(0, 4)
                    from at in Gen.Choose(0, whole.Length - 1)
                    from other in Gen.Choose(0, whole.Length - 1)
                    from value in Gen.Choose(0, 255)
                    select (kind, at, other, value);
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(CasesPerFile).WithReplay(20260101, 7), Prop.ForAll(Arb.From(cases), c =>
        {
            var damaged = Damage(whole, c.kind, c.at, c.other, c.value);
            try
            {
                var m = InstrumentFile.Read(new MemoryStream(damaged), file);
                _ = m.Native?.Invoke();
                Assert.True(m.Series is not null || m.Spectra.Count > 0 || m.Warnings.Count > 0 || rows == 0);
                // What cannot be longer than its bytes is not longer.
                Assert.True(RowsOf(m) <= damaged.Length);
                return true;
            }
            catch (InputException e)
            {
                Assert.NotEmpty(e.What);
                Assert.NotEmpty(e.Mend);
                Assert.Contains(file, e.Where, StringComparison.Ordinal);
                return true;
            }
        }));
        // Bounded memory: a damaged file costs at most a fixed multiple of what it holds.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < CasesPerFile * ((400L * whole.Length) + (20L << 20)), $"allocated {(GC.GetAllocatedBytesForCurrentThread() - before) >> 20} MiB");
    }

    [NeedsDataTheory]
    [InlineData("cycling/biologic/gcpl.issue_226.I.mpr")]
    [InlineData("cycling/biologic/peis.mpr")]
    [InlineData("cycling/biologic/vsp_ocv_with.mpr")]
    public void A_raw_file_cut_anywhere_inside_a_module_is_refused(string file)
    {
        var whole = File.ReadAllBytes(SampleData.Path(file));
        var ends = BiologicMpr.Modules(new FileContent(file, whole)).Select(m => m.Offset + m.Length).ToHashSet();
        for (var length = 1; length < whole.Length; length++)
        {
            if (ends.Contains(length)) { continue; }
            var cut = length;
            Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(whole, 0, cut), file));
        }
    }

    [NeedsDataFact]
    public void A_compressed_file_cut_anywhere_gives_an_error_or_fewer_rows_with_a_warning_or_error()
    {
        var whole = File.ReadAllBytes(SampleData.Path("cycling/gamry/F4CA_1M_KOH_10mVs.DTA.gz"));
        for (var length = 1; length < whole.Length; length += 997)
        {
            var cut = length;
            Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(whole, 0, cut), "x.DTA.gz"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\n")]
    [InlineData("a")]
    [InlineData("time/s,voltage/V,current/A\n")]
    [InlineData("EC-Lab ASCII FILE")]
    [InlineData("EC-Lab ASCII FILE\r\nNb header lines : 999999999\r\n")]
    [InlineData("EC-Lab ASCII FILE\r\nNb header lines : 3\r\nnames\r\n")]
    [InlineData("EXPLAIN\nTAG\tCV\n")]
    [InlineData("EXPLAIN\nTAG\tCV\nCURVE1\tTABLE")]
    [InlineData("ZPLOT2 ASCII\n")]
    [InlineData("ZPLOT2 ASCII\nEnd Comments\n")]
    [InlineData("{\"Test Time / s\": [1, 2], \"Voltage / V\": [1]}")]
    [InlineData("{\"Test Time / s\": [1, {}]}")]
    [InlineData("{\"Test Time / s\": [1, 2")]
    [InlineData("<html><body>404</body></html>")]
    [InlineData("time,current\n0,1\n1,1\n")]
    public void Texts_without_data_are_refused(string text)
    {
        var e = Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "x.txt"));
        Assert.Contains("x.txt", e.Where);
    }

    [Fact]
    public void What_is_not_a_number_is_left_empty_and_counted()
    {
        var m = InstrumentFile.Read(new MemoryStream("time/s,voltage/V,current/mA\n0,1,NaN\n1,inf,2\n2,abc,3\n3,1e999,\n"u8.ToArray()), "x.csv");
        Assert.Equal(4, m.Series!.Count);
        Assert.Equal(0.003, m.Series.Current[2], 12);
        Assert.True(double.IsNaN(m.Series.Current[0]));
        Assert.All(m.Series.Potential[1..].ToArray(), v => Assert.True(double.IsNaN(v)));
        Assert.Contains(m.Warnings, w => w.Path == ColumnNames.Potential && w.Text.Contains("3 cells", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gigabyte_of_zeros_is_refused_in_bounded_memory()
    {
        var path = Path.Combine(SampleData.TemporaryFolder(), "zeros.mpr");
        foreach (var start in new[] { "", "EC-Lab ASCII FILE\r\nNb header lines : 3\r\nmode\ttime/s\tEwe/V\r\n", "BIO-LOGIC MODULAR FILE", "EXPLAIN\nTAG\tCV\n" })
        {
            using (var f = File.Create(path))
            {
                f.Write(System.Text.Encoding.ASCII.GetBytes(start));
                f.SetLength(1L << 30);
            }
            Assert.Throws<InputException>(() => InstrumentFile.Read(path));
        }
        File.Delete(path);
        var packed = new MemoryStream();
        using (var gz = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gz.Write("time/s,voltage/V,current/A\n0,1,1\n"u8);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++) { gz.Write(zeros); }
        }
        packed.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => InstrumentFile.Read(packed, "x.csv.gz"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20);
    }

    [Fact]
    public void Paths_that_lead_nowhere_say_so()
    {
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => InstrumentFile.Read("/nowhere/x.mpr")).Message);
        Assert.Contains("folder", Assert.Throws<InputException>(() => InstrumentFile.Read(Path.GetTempPath())).Message);
    }

    private static int RowsOf(Measurement m) => (m.Series?.Count ?? 0) + m.Spectra.Sum(s => s.Count);

    private static byte[] Damage(byte[] whole, int kind, int at, int other, int value)
    {
        switch (kind)
        {
            case 0: return whole[..at];
            case 1:
                var flipped = (byte[])whole.Clone();
                flipped[at] = (byte)value;
                return flipped;
            case 2: return [.. whole[..at], .. whole[other..]];
            case 3:
                var noisy = (byte[])whole.Clone();
                new Random(value).NextBytes(noisy.AsSpan(at, Math.Min(64, whole.Length - at)));
                return noisy;
            default:
                var bits = (byte[])whole.Clone();
                bits[at % Math.Min(2048, whole.Length)] ^= (byte)(1 << (value & 7));
                bits[other % Math.Min(2048, whole.Length)] ^= (byte)(1 << (value >> 5));
                return bits;
        }
    }
}
