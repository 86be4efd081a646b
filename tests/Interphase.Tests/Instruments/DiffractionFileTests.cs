using System.IO.Compression;
using System.Text;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Tests.Instruments;

/// <summary>Bruker's formats, from files written here by their description.</summary>
public class DiffractionFileTests
{
    private static readonly double[] Counts = [.. Enumerable.Range(0, 60).Select(i => (double)(100 + (7 * i % 13)))];

    private static Measurement Read(byte[] bytes, string name) => InstrumentFile.Read(new MemoryStream(bytes), name);

    private static void HoldsTheScan(Measurement m, string format)
    {
        var d = m.Diffractogram!;
        Assert.Equal((format, 60), (m.Format, d.Count));
        Assert.Equal(Counts, d.Counts);
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(20 + (0.05 * i), d.TwoTheta[i], 1e-9));
        Assert.Equal(1, d.VariancePerCount);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Raw4_is_walked_record_by_record(int datum)
    {
        var m = Read(MadeScans.Raw4(Counts, datum), "a.raw");
        HoldsTheScan(m, "bruker-raw4");
        Assert.Equal((1.5406e-10, 1.54439e-10, 0.5), (m.Diffractogram!.Wavelength, m.Diffractogram.Wavelength2, m.Diffractogram.Ratio));
        Assert.Empty(m.Warnings);
    }

    [Fact]
    public void Raw4_takes_the_first_of_several_ranges_and_says_so()
    {
        var m = Read(MadeScans.Raw4(Counts, 4, ranges: 2), "a.raw");
        HoldsTheScan(m, "bruker-raw4");
        Assert.Contains(m.Warnings, w => w.Text.Contains("2 ranges", StringComparison.Ordinal));
    }

    [Fact]
    public void Scans_of_other_axes_are_refused()
    {
        Assert.Contains("Theta", Assert.Throws<InputException>(() => Read(MadeScans.Raw4(Counts, 4, drive: "Theta"), "a.raw")).Message, StringComparison.Ordinal);
        Assert.Contains("2θ", Assert.Throws<InputException>(() => Read(MadeScans.Brml(Counts, axis: "Phi"), "a.brml")).Message, StringComparison.Ordinal);
        Assert.Contains("THETA", Assert.Throws<InputException>(() => Read(MadeScans.Uxd(Counts, true, 1, "THETA"), "a.uxd")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Brml_columns_are_those_the_file_describes()
    {
        var m = Read(MadeScans.Brml(Counts), "a.brml");
        HoldsTheScan(m, "brml");
        Assert.Equal((1.5406e-10, 0.28), (m.Diffractogram!.Wavelength, m.Diffractogram.Radius));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 0.5)]
    [InlineData(false, 4)]
    public void Uxd_counts_or_rates_become_counts(bool angles, double seconds)
    {
        var m = Read(MadeScans.Uxd(Counts, angles, seconds, "COUPLED"), "a.uxd");
        HoldsTheScan(m, "uxd");
        Assert.Equal(seconds != 1, m.Warnings.Any(w => w.Text.Contains("per second", StringComparison.Ordinal)));
        Assert.Equal(1.54060e-10, m.Diffractogram!.Wavelength, 1e-16);
    }

    [Fact]
    public void Rates_without_the_time_of_a_step_are_asked_for_it() =>
        Assert.Contains("_STEPTIME", Assert.Throws<InputException>(() => Read(Encoding.ASCII.GetBytes("_DRIVE=COUPLED\n_START=10\n_STEPSIZE=0.02\n_CPS\n" + string.Join(' ', Counts)), "a.uxd")).Mend, StringComparison.Ordinal);

    /// <summary>Counts over an unknown time: the scatter of neighbours gives the variance 1/time of a rate.</summary>
    [Fact]
    public void The_noise_of_rates_is_judged_from_their_scatter()
    {
        var random = new Random(4);
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++) { text.Append(FormattableString.Invariant($"{10 + (0.02 * i):0.00} {MathNet.Numerics.Distributions.Poisson.Sample(random, 200 + (60 * Math.Sin(i / 300.0))) / 37.3:0.00000}\n")); }
        var m = Read(Encoding.ASCII.GetBytes(text.ToString()), "rates.xy");
        Assert.Equal(1 / 37.3, m.Diffractogram!.VariancePerCount, 0.08 / 37.3);
        Assert.Contains(m.Warnings, w => w.Path == "counts");
    }
}

/// <summary>Scans from 20° in steps of 0.05°, written as Bruker's programs write them.</summary>
internal static class MadeScans
{
    public static byte[] Raw4(double[] counts, int datum, int ranges = 1, string drive = "2Theta")
    {
        var stream = new MemoryStream();
        using var w = new BinaryWriter(stream);
        void Text(string text, int length)
        {
            var bytes = new byte[length];
            Encoding.Latin1.GetBytes(text, bytes);
            w.Write(bytes);
        }

        Text("RAW4.00", 61);
        w.Write(10); w.Write(44); w.Write(0); Text("SAMPLEID", 24); Text("lnto", 8);
        w.Write(30); w.Write(120); w.Write(new byte[64]);
        w.Write(1.5418); w.Write(1.5406); w.Write(1.54439); w.Write(1.39222); w.Write(0.5); w.Write(0.0);
        for (var r = 0; r < ranges; r++)
        {
            w.Write(0); w.Write(new byte[28]); Text("Locked Coupled", 24); w.Write(new byte[16]);
            w.Write(20.0); w.Write(0.05); w.Write(counts.Length); w.Write(1000f); w.Write(0); w.Write(40f); w.Write(40f); w.Write(0); w.Write(1.5406);
            w.Write(new byte[16]); w.Write(datum); w.Write(128); w.Write(new byte[16]);
            foreach (var (name, flag, at) in new[] { (drive == "2Theta" ? "Theta" : "2Theta", 0, 10.0), (drive, 1, 20.0) }) { w.Write(50); w.Write(64); w.Write(flag); Text(name, 24); w.Write(new byte[20]); w.Write(at); }
            foreach (var c in counts) { w.Write((float)c); w.Write(new byte[datum - 4]); }
        }
        w.Flush();
        return stream.ToArray();
    }

    public static byte[] Brml(double[] counts, string axis = "TwoTheta")
    {
        var xml = new StringBuilder("<?xml version=\"1.0\"?><RawData xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><TimeStampStarted>2024-03-12T15:02:00+02:00</TimeStampStarted><DataRoutes><DataRoute RouteFlag=\"Measured\"><ScanInformation><TimePerStep>1</TimePerStep></ScanInformation>");
        for (var i = 0; i < counts.Length; i++) { xml.Append(FormattableString.Invariant($"<Datum>1,1,{10 + (0.025 * i)},{20 + (0.05 * i):0.####},{counts[i]},25.1</Datum>")); }
        xml.Append("<DataViews><RawDataView xsi:type=\"FixedRawDataView\" Start=\"1\" Length=\"1\" LogicName=\"AbsorptionFactor\"/><RawDataView xsi:type=\"VaryingRawDataView\" Start=\"2\" Length=\"2\"><Varying><FieldDefinitions FieldName=\"Theta\" AxisId=\"Theta\"/><FieldDefinitions FieldName=\"A\" AxisId=\"").Append(axis)
            .Append("\"/></Varying></RawDataView><RawDataView xsi:type=\"RecordedRawDataView\" Start=\"4\" Length=\"1\"><Recording LogicName=\"Counter\"/></RawDataView><RawDataView xsi:type=\"FixedRawDataView\" Start=\"5\" Length=\"1\" LogicName=\"Temperature\"/></DataViews></DataRoute></DataRoutes>")
            .Append("<Tube><WaveLengthAlpha1 Unit=\"A\" Value=\"1.5406\"/><WaveLengthAlpha2 Unit=\"A\" Value=\"1.54439\"/><WaveLengthRatio Unit=\"\" Value=\"0.5\"/></Tube><Radius Unit=\"mm\" Value=\"280\"/></RawData>");
        return Zip("Experiment0/RawData0.xml", xml.ToString());
    }

    public static byte[] Uxd(double[] counts, bool angles, double seconds, string drive)
    {
        var rates = seconds != 1;
        var text = new StringBuilder(FormattableString.Invariant($"; made\n_FILEVERSION=2\n_SAMPLE='lnto'\n_WL1 = 1.540600\n_WL2 = 1.544390\n_DRIVE='{drive}'\n_STEPTIME={seconds}\n_STEPSIZE=0.050000\n_START=20.000000\n_{(angles ? "2THETA" : "")}{(rates ? "CPS" : "COUNTS")}\n"));
        for (var i = 0; i < counts.Length; i++) { text.Append(FormattableString.Invariant($"{(angles ? $"{20 + (0.05 * i):0.0000}  " : "")}{counts[i] / seconds:R}{(angles || i % 8 == 7 ? "\n" : "  ")}")); }
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    public static byte[] Rasx(double[] counts)
    {
        var text = new StringBuilder("\uFEFF");
        for (var i = 0; i < counts.Length; i++) { text.Append(FormattableString.Invariant($"{20 + (0.05 * i):0.0000}\t{counts[i]}\t1\n")); }
        return Zip("Data0/Profile0.txt", text.ToString());
    }

    private static byte[] Zip(string name, string text)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var w = new StreamWriter(zip.CreateEntry(name).Open());
            w.Write(text);
        }
        return stream.ToArray();
    }
}
