using FsCheck;
using FsCheck.Fluent;
using Interphase.Instruments;

namespace Interphase.Tests.Instruments;

/// <summary>One image in every layout of TIFF that is read gives the same values.</summary>
public class TiffTests
{
    private static double[] Values(int width, int height, double most, bool signed, bool fraction)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, width * height).Select(i => (i % 7 == 0 ? Math.Min(3, most - 1) : fraction ? Math.Round(random.NextDouble() * most * 8) / 8 : random.Next((int)most)) * (signed && i % 3 == 0 ? -1 : 1))];
    }

    public static TheoryData<int, int, int> Kinds()
    {
        var kinds = new TheoryData<int, int, int>();
        foreach (var (bits, format) in new[] { (8, 1), (8, 2), (16, 1), (16, 2), (32, 1), (32, 2), (32, 3), (64, 1), (64, 3), (16, 3), (1, 1), (4, 1), (12, 1) })
        {
            foreach (var compression in new[] { 1, 5, 8, 32773 }) { kinds.Add(bits, format, compression); }
        }
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_layout_holds_the_same_image(int bits, int format, int compression)
    {
        var values = Values(37, 23, format == 3 ? 200 : Math.Min(Math.Pow(2, bits - (format == 2 ? 1 : 0)), 1e6), format == 2, format == 3);
        foreach (var little in (bool[])[true, false])
        {
            foreach (var big in (bool[])[false, true])
            {
                foreach (var tile in (int[])[0, 16])
                {
                    foreach (var predictor in compression is 5 or 8 ? bits is 1 or 4 or 12 ? [1] : format == 3 ? [1, 2, 3] : (int[])[1, 2] : [1])
                    {
                        foreach (var pages in (bool[])[false, true])
                        {
                            var made = new MadeTiff(37, 23, values) { Bits = bits, Format = format, Compression = compression, Little = little, Big = big, TileWidth = tile, Rows = tile > 0 ? 16 : 5, Predictor = predictor, Pages = pages };
                            var read = InstrumentFile.Read(new MemoryStream(made.Bytes()), "made.tif");
                            Assert.Equal((37, 23), (read.Micrograph!.Width, read.Micrograph.Height));
                            Assert.Equal(values.Select(v => (float)v), read.Micrograph.Pixels);
                            Assert.Equal(pages, read.Warnings.Any(w => w.Path == "pages"));
                        }
                    }
                }
            }
        }
    }

    /// <summary>Long enough for every width of code and for a table that fills up and is begun again.</summary>
    [Fact]
    public void A_long_strip_of_LZW_is_unpacked_through_full_tables()
    {
        var random = new Random(8);
        var values = Enumerable.Range(0, 300 * 200).Select(i => (double)(i / 300 < 100 ? random.Next(256) : random.Next(3))).ToArray();
        var read = InstrumentFile.Read(new MemoryStream(new MadeTiff(300, 200, values) { Bits = 8, Compression = 5, Rows = 200 }.Bytes()), "made.tif");
        Assert.Equal(values.Select(v => (float)v), read.Micrograph!.Pixels);
    }

    [Fact]
    public void Tiles_whose_places_stand_under_the_tags_of_strips_are_tiles()
    {
        var values = Values(37, 23, 60000, false, false);
        Assert.Equal(values.Select(v => (float)v), InstrumentFile.Read(new MemoryStream(new MadeTiff(37, 23, values) { TileWidth = 16, Rows = 16, TilesAsStrips = true }.Bytes()), "made.tif").Micrograph!.Pixels);
    }

    [Fact]
    public void A_unit_without_a_resolution_is_no_scale()
    {
        var image = InstrumentFile.Read(new MemoryStream(new MadeTiff(8, 8, Values(8, 8, 1000, false, false)) { Compression = 5, Description = "ImageJ=1.53\nunit=nm\n" }.Bytes()), "made.tif");
        Assert.Contains(image.Warnings, w => w.Path == "scale");
    }

    /// <summary>What each program writes for pixels of 0.05 (and 0.06) nm.</summary>
    [Theory]
    [InlineData("imagej")]
    [InlineData("ome")]
    [InlineData("fei")]
    [InlineData("gatan")]
    [InlineData("zeiss")]
    [InlineData("olympus")]
    [InlineData("resolution")]
    public void Scales_of_vendors_are_read(string vendor)
    {
        var made = new MadeTiff(8, 8, Values(8, 8, 1000, false, false));
        made = vendor switch
        {
            "imagej" => made with { Description = "ImageJ=1.53\nunit=nm\n", Further = new Dictionary<int, (int, ulong[])> { [282] = MadeTiff.Ratio(20, 1), [283] = MadeTiff.Ratio(20, 1) } },
            "ome" => made with { Description = "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image><Pixels PhysicalSizeX=\"0.05\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"0.5\" PhysicalSizeYUnit=\"Å\"/></Image></OME>" },
            "fei" => made with { Further = new Dictionary<int, (int, ulong[])> { [34682] = MadeTiff.Text("[Scan]\r\nPixelWidth=5e-11\r\nPixelHeight=5e-11\r\n") } },
            "gatan" => made with { Further = new Dictionary<int, (int, ulong[])> { [65003] = MadeTiff.Text("nm"), [65009] = MadeTiff.Float(0.05), [65010] = MadeTiff.Float(0.05) } },
            "zeiss" => made with { Further = new Dictionary<int, (int, ulong[])> { [34118] = MadeTiff.Text("\r\n0\r\nAP_WD\r\nWD = 5.6 mm\r\nAP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size = 50 pm\r\n") } },
            "olympus" => made with { Further = new Dictionary<int, (int, ulong[])> { [33560] = (4, [0]) } },
            _ => made with { Further = new Dictionary<int, (int, ulong[])> { [282] = MadeTiff.Ratio(200_000_000, 1), [283] = MadeTiff.Ratio(200_000_000, 1), [296] = (3, [3]) } },
        };
        var bytes = made.Bytes();
        if (vendor == "olympus")
        {
            // The block lies behind the file's other parts; its place is the value of the tag.
            var block = new byte[96];
            "SIS0"u8.CopyTo(block);
            block[58] = 1;
            block[60] = 1;
            BitConverter.GetBytes((uint)(bytes.Length + 68)).CopyTo(block, 64);
            BitConverter.GetBytes((short)-9).CopyTo(block, 78);
            BitConverter.GetBytes(0.05).CopyTo(block, 80);
            BitConverter.GetBytes(0.05).CopyTo(block, 88);
            for (var i = 8; i + 12 < bytes.Length; i++)
            {
                if (BitConverter.ToUInt16(bytes, i) == 33560 && bytes[i + 2] == 4) { BitConverter.GetBytes((uint)bytes.Length).CopyTo(bytes, i + 8); }
            }
            bytes = [.. bytes, .. block];
        }
        var image = InstrumentFile.Read(new MemoryStream(bytes), "made.tif").Micrograph!;
        Assert.Equal(5e-11, image.PixelSize!.Value, 1e-16);
        Assert.Equal(5e-11, image.PixelHeight!.Value, 1e-16);
        Assert.False(image.IsReciprocal);
    }

    [Fact]
    public void A_resolution_of_print_is_no_scale()
    {
        var made = new MadeTiff(8, 8, Values(8, 8, 1000, false, false)) { Further = new Dictionary<int, (int, ulong[])> { [282] = MadeTiff.Ratio(300, 1), [296] = (3, [2]) } };
        Assert.Null(InstrumentFile.Read(new MemoryStream(made.Bytes()), "made.tif").Micrograph!.PixelSize);
    }

    [Fact]
    public void The_bar_that_is_burnt_in_below_an_image_is_left_out()
    {
        var values = Values(8, 10, 1000, false, false);
        var made = new MadeTiff(8, 10, values) { Further = new Dictionary<int, (int, ulong[])> { [34682] = MadeTiff.Text("[Scan]\r\nPixelWidth=5e-11\r\n[Image]\r\nResolutionX=8\r\nResolutionY=9\r\n") } };
        var read = InstrumentFile.Read(new MemoryStream(made.Bytes()), "made.tif");
        Assert.Equal((8, 9), (read.Micrograph!.Width, read.Micrograph.Height));
        Assert.Equal(values.Take(72).Select(v => (float)v), read.Micrograph.Pixels);
        Assert.Contains(read.Warnings, w => w.Path == "image");
    }

    [Theory]
    [InlineData(".txt", "[SemImageFile]\r\nPixelSize=9.921875\r\n", 9.921875e-9)]
    [InlineData(".txt", "$CM_FORMAT JEOL\r\n$$SM_MICRON_BAR 200\r\n$$SM_MICRON_MARKER 1um\r\n", 5e-9)]
    [InlineData(".hdr", "[MAIN]\r\nPixelSizeX=5.0e-009\r\nPixelSizeY=5.0e-009\r\n", 5e-9)]
    [InlineData(".txt", "Notes of Monday\r\n", double.NaN)]
    public void The_scale_is_taken_from_the_text_beside_an_image(string end, string text, double pixel)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "made.tif");
            File.WriteAllBytes(path, new MadeTiff(8, 8, Values(8, 8, 1000, false, false)).Bytes());
            File.WriteAllText(Path.ChangeExtension(path, end), text);
            var read = InstrumentFile.Read(path);
            if (double.IsNaN(pixel)) { Assert.Null(read.Micrograph!.PixelSize); return; }
            Assert.Equal(pixel, read.Micrograph!.PixelSize!.Value, 1e-6 * pixel);
            Assert.Contains(read.Warnings, w => w.Text.Contains("made" + end, StringComparison.Ordinal));
        }
        finally { folder.Delete(recursive: true); }
    }

    [Fact]
    public void A_numbered_heading_of_a_matrix_is_no_row_of_counts()
    {
        var rows = Enumerable.Range(0, 20).Select(y => $"{y}," + string.Join(',', Enumerable.Range(0, 20).Select(x => (x * y) + 5)));
        var text = "0," + string.Join(',', Enumerable.Range(1, 20)) + "\n" + string.Join('\n', rows);
        var image = InstrumentFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "map_Nb.csv").Micrograph!;
        Assert.Equal((20, 20), (image.Width, image.Height));
        Assert.Equal((5f, 7f), (image[0, 0], image[1, 2]));
    }

    [Theory]
    [InlineData(7, "JPEG")]
    [InlineData(4, "fax")]
    [InlineData(50000, "50000")]
    public void What_is_not_unpacked_is_named(int compression, string word)
    {
        var e = Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(new MadeTiff(8, 8, new double[64]) { Compression = compression }.Bytes()), "made.tif"));
        Assert.Contains(word, e.What, StringComparison.Ordinal);
        Assert.Contains("LZW", e.Mend, StringComparison.Ordinal);
    }

    /// <summary>A few bytes that claim a huge image are refused before it is made.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_short_file_claims_no_huge_image(int compression)
    {
        var bytes = (new MadeTiff(16, 16, new double[256]) { Compression = compression } with { Bits = 8 }).Bytes();
        // Width and height are the second and third entries; find their tags and make them large.
        for (var i = 8; i + 12 < bytes.Length; i++)
        {
            if (bytes[i] is 0 or 1 && bytes[i + 1] == 1 && bytes[i + 2] is 3 or 4 && bytes[i + 3] == 0 && bytes[i + 4] == 1) { (bytes[i + 2], bytes[i + 8], bytes[i + 9]) = (4, 0xFF, 0x3F); }
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(bytes), "made.tif"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Theory]
    [InlineData(5, 2, 0, false)]
    [InlineData(5, 1, 16, true)]
    [InlineData(8, 2, 16, false)]
    [InlineData(32773, 1, 0, false)]
    public void Damage_gives_an_error_or_an_image(int compression, int predictor, int tile, bool big)
    {
        var whole = new MadeTiff(37, 23, Values(37, 23, 60000, false, false)) { Compression = compression, Predictor = predictor, TileWidth = tile, Rows = tile > 0 ? 16 : 5, Big = big, Pages = true }.Bytes();
        var cases = from kind in Gen.Choose(0, 3) from at in Gen.Choose(4, whole.Length - 1) from other in Gen.Choose(4, whole.Length - 1) from value in Gen.Choose(0, 255) select (kind, at, other, value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int number = 2000;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(number).WithReplay(20260103, 5), Prop.ForAll(Arb.From(cases), c =>
        {
            var bytes = c.kind == 0 ? whole[..c.at] : (byte[])whole.Clone();
            switch (c.kind)
            {
                case 1: bytes[c.at] = (byte)c.value; break;
                case 2: (bytes[c.at], bytes[c.other]) = (0xFF, (byte)c.value); break;
                case 3: new Random(c.value).NextBytes(bytes.AsSpan(c.at, Math.Min(4, whole.Length - c.at))); break;
            }
            try
            {
                var m = InstrumentFile.Read(new MemoryStream(bytes), "made.tif");
                Assert.True(m.Micrograph is null || (m.Micrograph.Pixels.Length == m.Micrograph.Width * m.Micrograph.Height && m.Micrograph.Pixels.All(float.IsFinite)));
            }
            catch (InputException e) { Assert.NotEmpty(e.Mend); }
            return true;
        }));
        // Packed bytes may stand for 1,400 each.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < number * (((4 * 1400L) + 600) * whole.Length), $"allocated {(GC.GetAllocatedBytesForCurrentThread() - before) >> 20} MiB");
    }
}
