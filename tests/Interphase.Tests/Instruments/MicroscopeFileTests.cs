using FsCheck;
using FsCheck.Fluent;
using Interphase.Instruments;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

public class MicroscopeFileTests
{
    private const int CasesPerFormat = 2000;

    private static string Data(string file) => SampleData.Path("characterisation/" + file);

    [NeedsDataTheory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("6")]
    [InlineData("7")]
    [InlineData("10")]
    [InlineData("11")]
    public void Both_versions_of_DigitalMicrograph_hold_the_same_image(string type)
    {
        var three = InstrumentFile.Read(Data($"em/dm_type{type}.dm3")).Micrograph!;
        var four = InstrumentFile.Read(Data($"em/dm_type{type}.dm4")).Micrograph!;
        Assert.Equal((2, 2), (three.Width, three.Height));
        Assert.Equal(three.Pixels, four.Pixels);
        Assert.True(three.Pixels.Distinct().Count() > 1);
    }

    [NeedsDataFact]
    public void Scales_of_microscope_files_are_read()
    {
        var oblong = InstrumentFile.Read(Data("em/dm_float32_nonsquare.dm3")).Micrograph!;
        Assert.Equal((128, 64), (oblong.Width, oblong.Height));
        Assert.Equal(1e-9, oblong.PixelSize!.Value, 1e-14);
        Assert.Equal(2e-10, oblong.PixelHeight!.Value, 1e-14);
        var series = InstrumentFile.Read(Data("em/STO_stem.ser")).Micrograph!;
        Assert.Equal((1024, 1024), (series.Width, series.Height));
        Assert.Equal(0.0100127e-9, series.PixelSize!.Value, 1e-15);
        var sections = InstrumentFile.Read(Data("em/temp.mrc")).Micrograph!;
        Assert.Equal((128, 128), (sections.Width, sections.Height));
        var pattern = InstrumentFile.Read(Data("ed/ring_segment.dm3")).Micrograph!;
        Assert.True(pattern.IsReciprocal);
        Assert.Equal(0.17443e9, pattern.PixelSize!.Value, 0.0001e9);
        var rings = InstrumentFile.Read(Data("ed/bismuth_rings.dm3")).Micrograph!;
        Assert.Equal((-100f, -5f), (rings.Pixels.Min(), rings.Pixels.Max()));
        Assert.Null(rings.PixelSize);
    }

    [NeedsDataFact]
    public void A_grey_image_saved_in_colour_is_told_from_a_coloured_one()
    {
        var soot = InstrumentFile.Read(Data("em/soot_hrtem.tif")).Micrograph!;
        Assert.True(soot.IsColour);
        Assert.InRange(soot.Coloured, 0.0001, 0.01);
        Assert.Equal(0, InstrumentFile.Read(Data("synthetic/hrtem/d04_bare.png")).Micrograph!.Coloured);
    }

    /// <summary>Files made small enough for thousands of cases; each damaged one gives an error with a place and a remedy, or an image no larger than its bytes allow.</summary>
    [NeedsDataTheory]
    [InlineData("em/dm_type2.dm3")]
    [InlineData("em/dm_type11.dm4")]
    [InlineData("em/temp.mrc")]
    [InlineData("ser")]
    [InlineData("synthetic/edx/n01_full_Nb.tif")]
    [InlineData("synthetic/hrtem/d01_coat350_labels.png")]
    public void Damaged_images_are_refused_or_read(string file)
    {
        var whole = file == "ser" ? SmallSeries() : File.ReadAllBytes(Data(file));
        var header = Math.Min(whole.Length, 1200);
        var cases = from kind in Gen.Choose(0, 4)
                    from at in Gen.Choose(0, whole.Length - 1)
                    from other in Gen.Choose(0, header - 1)
                    from value in Gen.Choose(0, 255)
                    select (kind, at, other, value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(CasesPerFormat).WithReplay(20260102, 3), Prop.ForAll(Arb.From(cases), c =>
        {
            var bytes = c.kind == 0 ? whole[..c.at] : (byte[])whole.Clone();
            switch (c.kind)
            {
                case 1: bytes[c.at] = (byte)c.value; break;
                case 2: bytes[c.other] = (byte)c.value; break;
                case 3: new Random(c.value).NextBytes(bytes.AsSpan(c.other, Math.Min(4, whole.Length - c.other))); break;
                case 4:
                    bytes[c.other] ^= (byte)(1 << (c.value & 7));
                    bytes[c.at % header] = 0xFF;
                    break;
            }
            try
            {
                var m = InstrumentFile.Read(new MemoryStream(bytes), file);
                Assert.True(m.Micrograph is null || m.Micrograph.Pixels.Length == m.Micrograph.Width * m.Micrograph.Height);
                Assert.True(m.Micrograph is null || m.Micrograph.Pixels.All(float.IsFinite));
            }
            catch (InputException e)
            {
                Assert.NotEmpty(e.Mend);
                Assert.Contains(file, e.Where, StringComparison.Ordinal);
            }
            return true;
        }));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < CasesPerFormat * ((40L * whole.Length) + (4L << 20)), $"allocated {(GC.GetAllocatedBytesForCurrentThread() - before) >> 20} MiB");
    }

    /// <summary>An FEI series of one image of 8 × 6 pixels.</summary>
    private static byte[] SmallSeries()
    {
        const int offsets = 30 + 25, element = offsets + 8;
        using var file = new MemoryStream();
        using var w = new BinaryWriter(file);
        w.Write((ushort)0x4949); w.Write((ushort)0x0197); w.Write((ushort)0x0210); w.Write(0x4122); w.Write(0x4152); w.Write(1); w.Write(1); w.Write(offsets); w.Write(0);
        while (file.Length < offsets) { w.Write((byte)0); }
        w.Write(element); w.Write(0);
        foreach (var _ in "xy") { w.Write(0.0); w.Write(2e-11); w.Write(0); }
        w.Write((short)2); w.Write(8); w.Write(6);
        for (var i = 0; i < 48; i++) { w.Write((ushort)(100 * i)); }
        return file.ToArray();
    }

    [Fact]
    public void Rows_of_a_series_begin_at_the_bottom()
    {
        var image = InstrumentFile.Read(new MemoryStream(SmallSeries()), "x.ser").Micrograph!;
        Assert.Equal((8, 6, 2e-11), (image.Width, image.Height, image.PixelSize!.Value));
        Assert.Equal(4000, image[0, 0]);
        Assert.Equal(0, image[0, 5]);
    }
}
