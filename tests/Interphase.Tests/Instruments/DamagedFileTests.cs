using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Damaged files of every format: one clear error or a reading that hides nothing; never a crash, a hang or runaway memory.</summary>
public class DamagedFileTests
{
    private const int CasesPerFormat = 2000;

    // Tables made of text that are large in memory for each byte of the file: images are one double a pixel, spreadsheets text first.
    private const long BytesPerByte = 400, BytesPerCase = 8 << 20;

    /// <summary>Formats of records over time, in which a changed byte may not cost a row unsaid. In a list of bare numbers it may.</summary>
    private static readonly string[] Strict =
    [
        "biologic-mpr", "biologic-mpt", "neware-nda", "neware-ndax", "neware-csv", "neware-csv in levels", "arbin-res", "arbin-csv", "maccor", "landt-csv", "novonix", "basytec", "pec", "digatron-csv", "battery-archive", "bdf", "bdf-json", "xlsx",
    ];

    public static TheoryData<string> Formats() => new(DamagedFileCorpus.ByFormat.Keys);

    [Fact]
    public void Every_format_that_is_read_is_damaged_here()
    {
        // Of these two there is neither a real file nor a short text that is one; their own tests damage what they make.
        string[] elsewhere = ["bruker-raw4", "brml"];
        Assert.Equal(FileFormats.All.Select(f => f.Name).Except(elsewhere).Order(), DamagedFileCorpus.ByFormat.Keys.Where(k => !k.Contains(' ', StringComparison.Ordinal)).Order());
    }

    [NeedsDataTheory]
    [MemberData(nameof(Formats))]
    public void Damage_gives_an_error_or_an_honest_reading(string format)
    {
        var samples = DamagedFileCorpus.ByFormat[format];
        foreach (var sample in samples)
        {
            var whole = sample.Bytes();
            var truth = InstrumentFile.Read(new MemoryStream(whole), sample.Name);
            Assert.StartsWith(truth.Format is "arbin-xlsx" or "neware-xlsx" ? "xlsx" : truth.Format, format, StringComparison.Ordinal);
            var cases = from kind in Gen.Choose(0, 4)
                        from at in Gen.Choose(0, whole.Length - 1)
                        from other in Gen.Choose(0, whole.Length - 1)
                        from value in Gen.Choose(0, 255)
                        select (kind, at, other, value);
            var count = (CasesPerFormat + samples.Length - 1) / samples.Length;
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(20260101, 7), Prop.ForAll(Arb.From(cases), c => IsHonest(format, sample.Name, whole, truth, c.kind, c.at, c.other, c.value)));
        }
    }

    /// <summary>
    /// An error that says what, where and how to mend; or a reading. A file that was cut gives the first rows of the whole one, or
    /// a warning that did not stand before; one with changed bytes gives as many rows as before, or a warning; spliced ones, which
    /// can be files in their own right, no more rows than both their parts hold.
    /// </summary>
    private static bool IsHonest(string format, string name, byte[] whole, Measurement truth, int kind, int at, int other, int value)
    {
        var damaged = Damage(whole, kind, at, other, value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measurement m;
        try
        {
            m = InstrumentFile.Read(new MemoryStream(damaged), name);
            _ = m.Native?.Invoke();
        }
        catch (InputException e)
        {
            Assert.NotEmpty(e.What);
            Assert.NotEmpty(e.Mend);
            Assert.Contains(name, e.Where, StringComparison.Ordinal);
            return true;
        }
        finally
        {
            var used = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(used < BytesPerCase + (BytesPerByte * damaged.Length), $"{used >> 20} MiB for {damaged.Length} bytes");
        }
        var (rows, trueRows) = (RowsOf(m), RowsOf(truth));
        Assert.True(HoldsSomething(m) || m.Warnings.Count > 0 || trueRows == 0);
        // What cannot be longer than its bytes is not longer; pixels can, being packed.
        Assert.True(m.Micrograph is not null || rows <= damaged.Length);
        if (m.Warnings.Any(w => !truth.Warnings.Contains(w)) || m.Format != truth.Format) { return true; }
        var said = $"kind {kind} at {at} of {whole.Length}, {other}, {value}: {rows} rows of {trueRows}";
        if (kind == 0) { Assert.True(IsPrefix(m, truth), said); }
        else if (kind == 2) { Assert.True(rows <= 2 * trueRows, said); }
        else if (Strict.Contains(format)) { Assert.True(rows == trueRows, said); }
        return true;
    }

    private static bool HoldsSomething(Measurement m) => m.Series is not null || m.Spectra.Count > 0 || m.Micrograph is not null || m.Diffractogram is not null || m.Thermal is not null || m.Metadata.Count > 0;

    private static int RowsOf(Measurement m) => (m.Series?.Count ?? m.Spectra.Sum(s => s.Count)) + (m.Thermal?.Count ?? 0) + (m.Diffractogram?.Count ?? 0) + (m.Micrograph is { } i ? i.Width * i.Height : 0);

    private static bool IsPrefix(Measurement m, Measurement truth)
    {
        // The cut may go through the digits of the last number, which is then another number: in the last row one column may differ.
        static bool Begins(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => a.Length <= b.Length && a[..^1].SequenceEqual(b[..(a.Length - 1)]);
        if (m.Series is { } s)
        {
            if (truth.Series is not { } t) { return false; }
            var both = s.Columns.Where(c => t.Find(c.Name) is not null).Select(c => (Cut: c.Values, Whole: t.Find(c.Name)!.Values)).ToArray();
            if (!both.All(c => Begins(c.Cut, c.Whole)) || both.Count(c => !c.Cut[^1].Equals(c.Whole[c.Cut.Length - 1])) > 1) { return false; }
        }
        if (m.Diffractogram is { } d && !(truth.Diffractogram is { } pattern && Begins(d.Counts, pattern.Counts))) { return false; }
        return RowsOf(m) <= RowsOf(truth);
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
