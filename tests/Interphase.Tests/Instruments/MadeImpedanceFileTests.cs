using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Tests.Instruments;

/// <summary>Formats of which no real file may be kept here, written as their definitions say.</summary>
public class MadeImpedanceFileTests
{
    private static readonly double[] Frequency = [.. Enumerable.Range(0, 29).Select(k => 1e5 * Math.Pow(10, -k / 5.0))];
    private static readonly Complex[] Z = [.. Frequency.Select(f => 10 + (100 / (1 + new Complex(0, 2 * Math.PI * f * 1e-3))))];

    private static Measurement Read(byte[] bytes, string name) => InstrumentFile.Read(new MemoryStream(bytes), name);

    private static void IsTheSpectrum(ImpedanceSpectrum s)
    {
        Assert.Equal(Frequency.Length, s.Count);
        for (var i = 0; i < s.Count; i++)
        {
            Assert.Equal(1, s.Frequency[i] / Frequency[i], 6);
            Assert.InRange((s.Impedance[i] - Z[i]).Magnitude, 0, 1e-6 * Z[i].Magnitude);
        }
    }

    private static string N(double v) => v.ToString("E9", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData('.')]
    [InlineData(',')]
    public void Eco_Chemie_dfr(char point)
    {
        var text = string.Join("\r\n", (string[])["Version8.0", "", $"{Frequency.Length}", "0", .. Frequency.SelectMany((f, i) => new[] { N(f), N(Z[i].Real), N(-Z[i].Imaginary), N(0.31), N(2e-6), N(10 + i), "0", "0", "0" })]).Replace('.', point).Replace($"8{point}0", "8.0", StringComparison.Ordinal);
        var m = Read(Encoding.Latin1.GetBytes(text), "x.dfr");
        Assert.Equal("autolab-dfr", m.Format);
        IsTheSpectrum(Assert.Single(m.Spectra));
        Assert.Equal(0.31, m.Spectra[0].Potential!.Value, 9);
        var cut = Assert.Throws<InputException>(() => Read(Encoding.Latin1.GetBytes(text[..(text.Length / 2)]), "x.dfr"));
        Assert.Contains("cut off", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenDocument_packed_and_flat_with_a_sheet_a_spectrum()
    {
        const string spaces = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"";
        const string mime = "application/vnd.oasis.opendocument.spreadsheet";
        // shown rounded and in another language; the stored value counts
        string Cell(double v) => $"<table:table-cell office:value-type=\"float\" office:value=\"{v.ToString("R", CultureInfo.InvariantCulture)}\"><text:p>{v.ToString("F1", CultureInfo.InvariantCulture).Replace('.', ',')}</text:p></table:table-cell>";
        string Sheet(string name) => $"<table:table table:name=\"{name}\"><table:table-row>{string.Concat(new[] { "freq_Hz", "Zre_ohm", "Zim_ohm" }.Select(n => $"<table:table-cell office:value-type=\"string\"><text:p>{n}</text:p></table:table-cell>"))}<table:table-cell table:number-columns-repeated=\"1021\"/></table:table-row>"
            + string.Concat(Frequency.Select((f, i) => $"<table:table-row>{Cell(f)}{Cell(Z[i].Real)}{Cell(Z[i].Imaginary)}</table:table-row>"))
            + "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row></table:table>";
        var body = $"<office:body><office:spreadsheet>{Sheet("25 °C")}{Sheet("40 °C")}</office:spreadsheet></office:body>";
        var flat = $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document {spaces} office:mimetype=\"{mime}\">{body}</office:document>";
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var w = new StreamWriter(zip.CreateEntry("mimetype", CompressionLevel.NoCompression).Open())) { w.Write(mime); }
            using (var w = new StreamWriter(zip.CreateEntry("content.xml").Open())) { w.Write($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {spaces}>{body}</office:document-content>"); }
        }
        foreach (var (bytes, name) in new[] { (packed.ToArray(), "x.ods"), (Encoding.UTF8.GetBytes(flat), "x.fods") })
        {
            var m = Read(bytes, name);
            Assert.Equal(("opendocument", 2), (m.Format, m.Spectra.Count));
            Assert.All(m.Spectra, IsTheSpectrum);
            Assert.Throws<InputException>(() => Read(bytes[..(2 * bytes.Length / 3)], name));
        }
        // an entity that would swell is not expanded
        Assert.Throws<InputException>(() => Read(Encoding.UTF8.GetBytes(flat.Replace("?>\n", "?>\n<!DOCTYPE x [<!ENTITY a \"aaaa\">]>", StringComparison.Ordinal)), "x.fods"));
    }

    [Fact]
    public void Old_Excel()
    {
        var bytes = Compound(Biff5());
        var m = Read(bytes, "x.xls");
        IsTheSpectrum(Assert.Single(m.Spectra));
        Assert.Throws<InputException>(() => Read(bytes[..1500], "x.xls"));
    }

    [Theory]
    [InlineData("Z'' (Ohm)", 1, false)]
    [InlineData("Z'' (Ohm)", -1, true)]
    [InlineData("-Z'' (Ohm)", -1, false)]
    [InlineData("", -1, true)]
    [InlineData("", 1, false)]
    public void The_sign_of_the_imaginary_part_is_decided_and_said(string header, int sign, bool turned)
    {
        var rows = Frequency.Select((f, i) => $"{N(f)}\t{N(Z[i].Real)}\t{N(sign * Z[i].Imaginary)}");
        var m = Read(Encoding.UTF8.GetBytes(string.Join('\n', header.Length == 0 ? rows : rows.Prepend($"Frequency (Hz)\tZ' (Ohm)\t{header}")) + "\n"), "x.txt");
        IsTheSpectrum(Assert.Single(m.Spectra));
        Assert.Equal(turned, m.Warnings.Any(w => w.Text.Contains("sign is turned", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_inductance_is_not_taken_for_a_wrong_sign()
    {
        double[] f = [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6];
        var text = "freq_Hz,Zre_ohm,Zim_ohm\n" + string.Join('\n', f.Select(x => FormattableString.Invariant($"{x},0.01,{2 * Math.PI * x * 1e-7}"))) + "\n";
        var m = Read(Encoding.UTF8.GetBytes(text), "cable.csv");
        Assert.All(m.Spectra[0].Impedance, z => Assert.True(z.Imaginary > 0));
        Assert.Empty(m.Warnings);
    }

    /// <summary>A workbook stream of Excel 5: one sheet with labels and numbers.</summary>
    private static byte[] Biff5()
    {
        using var stream = new MemoryStream();
        void Record(ushort id, params byte[] data)
        {
            stream.Write([(byte)id, (byte)(id >> 8), (byte)data.Length, (byte)(data.Length >> 8), .. data]);
        }
        byte[] U16(int v) => [(byte)v, (byte)(v >> 8)];
        byte[] F64(double v) => BitConverter.GetBytes(v);
        Record(0x0809, [0, 5, 5, 0, 0, 0, 0, 0]);
        var at = (int)stream.Position + 4;
        Record(0x0085, [0, 0, 0, 0, 0, 0, 5, .. "Sheet"u8]);
        Record(0x000A);
        var sheet = (int)stream.Position;
        Record(0x0809, [0, 5, 0x10, 0, 0, 0, 0, 0]);
        Record(0x0200, [.. U16(0), .. U16(Frequency.Length + 1), .. U16(0), .. U16(3), 0, 0]);
        string[] names = ["freq_Hz", "Zre_ohm", "Zim_ohm"];
        for (var c = 0; c < 3; c++) { Record(0x0204, [.. U16(0), .. U16(c), 0, 0, .. U16(names[c].Length), .. Encoding.ASCII.GetBytes(names[c])]); }
        for (var i = 0; i < Frequency.Length; i++)
        {
            double[] row = [Frequency[i], Z[i].Real, Z[i].Imaginary];
            for (var c = 0; c < 3; c++) { Record(0x0203, [.. U16(i + 1), .. U16(c), 0, 0, .. F64(row[c])]); }
        }
        Record(0x000A);
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), sheet);
        return bytes;
    }

    /// <summary>A compound file with the one stream Book, long enough for the ordinary sectors.</summary>
    private static byte[] Compound(byte[] stream)
    {
        const int sector = 512;
        var count = Math.Max(8, (stream.Length + sector - 1) / sector);
        var file = new byte[sector * (3 + count)];
        var header = file.AsSpan(0, sector);
        ((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(header);
        void I32(Span<byte> to, int offset, int v) => BinaryPrimitives.WriteInt32LittleEndian(to[offset..], v);
        (header[24], header[26], header[28], header[29], header[30], header[32]) = (0x3E, 3, 0xFE, 0xFF, 9, 6);
        I32(header, 44, 1);
        I32(header, 48, 1);
        I32(header, 56, 4096);
        I32(header, 60, -2);
        I32(header, 68, -2);
        for (var i = 0; i < 109; i++) { I32(header, 76 + (4 * i), i == 0 ? 0 : -1); }
        var table = file.AsSpan(sector, sector);
        for (var i = 0; i < 128; i++) { I32(table, 4 * i, i == 0 ? -3 : i == 1 ? -2 : i < 2 + count - 1 ? i + 1 : i == 2 + count - 1 ? -2 : -1); }
        void Entry(int index, string name, byte kind, int child, int start, int size)
        {
            var e = file.AsSpan((2 * sector) + (128 * index), 128);
            Encoding.Unicode.GetBytes(name).CopyTo(e);
            BinaryPrimitives.WriteInt16LittleEndian(e[64..], (short)((2 * name.Length) + 2));
            (e[66], e[67]) = (kind, 1);
            I32(e, 68, -1);
            I32(e, 72, -1);
            I32(e, 76, child);
            I32(e, 116, start);
            I32(e, 120, size);
        }
        Entry(0, "Root Entry", 5, 1, -2, 0);
        Entry(1, "Book", 2, -1, 2, count * sector);
        stream.CopyTo(file.AsSpan(3 * sector));
        return file;
    }
}
