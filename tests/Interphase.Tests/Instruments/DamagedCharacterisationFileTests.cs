using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Damaged patterns, thermal curves and images: one clear error or a reading; 2,000 cases a format.</summary>
public class DamagedCharacterisationFileTests
{
    private const int Cases = 2000;

    private static readonly double[] Counts = [.. Enumerable.Range(0, 40).Select(i => (double)(50 + (i % 7)))];

    /// <summary>Small whole files, one a format. Where a real file is shortened, its head is kept to the last whole line.</summary>
    private static byte[] Whole(string name) => name switch
    {
        "made.raw" => MadeScans.Raw4(Counts, 8, 2),
        "made.brml" => MadeScans.Brml(Counts),
        "made.uxd" => MadeScans.Uxd(Counts, false, 2, "COUPLED"),
        "made.rasx" => MadeScans.Rasx(Counts),
        "made.xy" => Text(string.Concat(Counts.Select((c, i) => $"{10 + i} {c}\n"))),
        "made.xye" => Text("# sample\n" + string.Concat(Counts.Select((c, i) => $"{10 + i} {c} {Math.Sqrt(c):0.00}\n"))),
        "made.xrdml" => Text($"<?xml version=\"1.0\"?><xrdMeasurements><xrdMeasurement><usedWavelength><kAlpha1>1.54</kAlpha1></usedWavelength><scan><dataPoints><positions axis=\"2Theta\" unit=\"deg\"><startPosition>10</startPosition><endPosition>50</endPosition></positions><intensities unit=\"counts\">{string.Join(' ', Counts)}</intensities></dataPoints></scan></xrdMeasurement></xrdMeasurements>"),
        "made-panalytical.csv" => Text("[Measurement conditions]\nK-Alpha1 wavelength,1.54\n[Scan points]\nAngle,Intensity\n" + string.Concat(Counts.Select((c, i) => $"{10 + i},{c}\n"))),
        "made-thermal.csv" => Text("Time (s),Temperature (K),Mass (mg),Heat Flow (mW)\n" + string.Concat(Counts.Select((c, i) => $"{i},{300 + i},{10 - (0.01 * i)},{c}\n"))),
        "made-map.csv" => Text(string.Concat(Enumerable.Range(0, 12).Select(_ => "1,2,3,0,5,1,2,3,0,5,1,2,4,4,0,1\n"))),
        "made.tif" => Tiff(),
        "netzsch.txt" => Head("tgdsc/netzsch_tg209.txt", 4000),
        "perkinelmer.txt" => Head("tgdsc/perkinelmer_coke_burnoff.txt", 12000),
        "mettler.txt" => Head("tgdsc/mettler_toledo.txt", 6000),
        "ta.txt" => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("CLOSED\t1\r\nVersion\tQ\r\nRun\t1\r\nInstrument\tSDT Q600\r\nSize\t8.40\tmg\r\nExotherm\tUp\r\nNsig\t4\r\nSig1\tTime (min)\r\nSig2\tTemperature (°C)\r\nSig3\tWeight (mg)\r\nSig4\tHeat Flow (mW)\r\nStartOfData\r\n" + string.Concat(Counts.Select((c, i) => $"{i}\t{25 + i}\t{8.4 - (0.01 * i)}\t{c}\r\n")))).ToArray(),
        "labels.png" => File.ReadAllBytes(SampleData.Path("characterisation/synthetic/edx/n01_full_particles.png")),
        "d5000.raw" => File.ReadAllBytes(SampleData.Path("characterisation/xrd/D5000_1.RAW")),
        _ => throw new ArgumentException(name),
    };

    [NeedsDataTheory]
    [InlineData("made.raw", "bruker-raw4")]
    [InlineData("made.brml", "brml")]
    [InlineData("made.uxd", "uxd")]
    [InlineData("made.rasx", "rasx")]
    [InlineData("made.xy", "xy")]
    [InlineData("made.xye", "xy")]
    [InlineData("made.xrdml", "xrdml")]
    [InlineData("made-panalytical.csv", "xy")]
    [InlineData("d5000.raw", "bruker-raw")]
    [InlineData("made-thermal.csv", "thermal-csv")]
    [InlineData("netzsch.txt", "netzsch-text")]
    [InlineData("perkinelmer.txt", "perkinelmer-text")]
    [InlineData("mettler.txt", "mettler-text")]
    [InlineData("ta.txt", "ta-text")]
    [InlineData("made-map.csv", "matrix-text")]
    [InlineData("made.tif", "tiff")]
    [InlineData("labels.png", "png")]
    public void Damage_gives_an_error_or_an_honest_reading(string name, string format)
    {
        var whole = Whole(name);
        Assert.Equal(format, InstrumentFile.Read(new MemoryStream(whole), name).Format);
        var cases = from kind in Gen.Choose(0, 4)
                    from at in Gen.Choose(0, whole.Length - 1)
                    from other in Gen.Choose(0, whole.Length - 1)
                    from value in Gen.Choose(0, 255)
                    select (kind, at, other, value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(20260101, 7), Prop.ForAll(Arb.From(cases), c =>
        {
            var damaged = Damage(whole, c.kind, c.at, c.other, c.value);
            try
            {
                var m = InstrumentFile.Read(new MemoryStream(damaged), name);
                if (m.Diffractogram is { } d) { Assert.All(d.TwoTheta.Concat(d.Counts), v => Assert.True(double.IsFinite(v))); }
                if (m.Thermal is { } t) { Assert.True(t.Temperature.Length == t.Time.Length && (t.Mass?.Length ?? t.Count) == t.Count && (t.HeatFlow?.Length ?? t.Count) == t.Count); }
                if (m.Micrograph is { } i) { Assert.Equal(i.Width * i.Height, i.Pixels.Length); }
            }
            catch (InputException e)
            {
                Assert.NotEmpty(e.What);
                Assert.NotEmpty(e.Mend);
                Assert.Contains(name, e.Where, StringComparison.Ordinal);
            }
            return true;
        }));
        // Bounded memory: a damaged file costs at most a fixed amount more than what it holds.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Cases * ((400L * whole.Length) + (3L << 20)), $"allocated {(GC.GetAllocatedBytesForCurrentThread() - before) >> 20} MiB");
    }

    private static byte[] Damage(byte[] whole, int kind, int at, int other, int value)
    {
        var damaged = (byte[])whole.Clone();
        switch (kind)
        {
            case 0: return whole[..at];
            case 1: damaged[at] = (byte)value; return damaged;
            case 2: return [.. whole[..at], .. whole[other..]];
            case 3: new Random(value).NextBytes(damaged.AsSpan(at, Math.Min(64, whole.Length - at))); return damaged;
            default:
                damaged[at % Math.Min(2048, whole.Length)] ^= (byte)(1 << (value & 7));
                damaged[other % Math.Min(2048, whole.Length)] ^= (byte)(1 << (value >> 5));
                return damaged;
        }
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Head(string file, int bytes)
    {
        var whole = File.ReadAllBytes(SampleData.Path("characterisation/" + file));
        return whole[..(Array.LastIndexOf(whole, (byte)'\n', Math.Min(bytes, whole.Length) - 1) + 1)];
    }

    /// <summary>16 × 12 pixels of 16 bits in one strip, little-endian.</summary>
    private static byte[] Tiff()
    {
        var stream = new MemoryStream();
        using var w = new BinaryWriter(stream);
        (ushort Tag, ushort Type, int Value)[] tags = [(256, 3, 16), (257, 3, 12), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 3, 12), (279, 4, 384)];
        w.Write("II"u8); w.Write((ushort)42); w.Write(8 + 384);
        for (var i = 0; i < 192; i++) { w.Write((ushort)i); }
        w.Write((ushort)tags.Length);
        foreach (var (tag, type, value) in tags) { w.Write(tag); w.Write(type); w.Write(1); w.Write(value); }
        w.Write(0);
        w.Flush();
        return stream.ToArray();
    }
}
