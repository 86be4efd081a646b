using System.Buffers.Binary;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// TIFF of whole numbers of 1 to 64 bits and floats, grey, with a palette, or in colour; in strips or tiles, plain or packed by PackBits,
/// LZW or Deflate, with or without predictor; also BigTIFF. The first page that is no preview.
/// </summary>
internal static class Tiff
{
    private const int MostPages = 10000;

    public static FileFormat Format { get; } = new("tiff", "TIFF image", false, h => h.Bytes.Span is [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..], Read);

    private static Measurement Read(FileContent content)
    {
        var pages = TiffTags.Pages(content, MostPages);
        var page = pages.FirstOrDefault(p => (p.One(254, 0) & 5) == 0) ?? pages[0];
        var layout = Layout.Of(content, page);
        var pixels = new float[layout.Width * layout.Height];
        var coloured = 0;
        var palette = layout.Photometric == 3 ? page.All(320) ?? [] : [];
        var values = new double[layout.Samples];
        foreach (var block in layout.Blocks(content, page))
        {
            for (var y = block.Y; y < Math.Min(layout.Height, block.Y + block.Height); y++)
            {
                var row = block.Row(y - block.Y);
                TiffPacking.Undo(layout.Predictor, row, layout.Bits, layout.InBlock, page.IsLittle);
                for (var x = block.X; x < Math.Min(layout.Width, block.X + block.Width); x++)
                {
                    var at = (y * layout.Width) + x;
                    for (var s = 0; s < layout.InBlock; s++) { values[s] = layout.Value(row, ((x - block.X) * layout.InBlock) + s, page.IsLittle); }
                    if (layout.Samples > 1 && layout.InBlock == 1)
                    {
                        // Channels in planes of their own: the first gives the value, colours are added up to their mean.
                        if (block.Plane == 0) { pixels[at] = (float)(layout.Colours == 3 ? values[0] / 3 : values[0]); }
                        else if (block.Plane < layout.Colours) { pixels[at] += (float)(values[0] / 3); }
                        continue;
                    }
                    if (layout.Colours == 3)
                    {
                        if (values[0] != values[1] || values[0] != values[2]) { coloured++; }
                        pixels[at] = (float)((values[0] + values[1] + values[2]) / 3);
                    }
                    else if (palette.Length > 0)
                    {
                        var (i, n) = ((int)values[0], palette.Length / 3);
                        if (i >= n) { continue; }
                        if (palette[i] != palette[i + n] || palette[i] != palette[i + (2 * n)]) { coloured++; }
                        pixels[at] = (float)((palette[i] + palette[i + n] + palette[i + (2 * n)]) / 3);
                    }
                    else { pixels[at] = (float)(layout.Photometric == 0 && layout.Format == 1 && layout.Bits <= 32 ? Math.Pow(2, layout.Bits) - 1 - values[0] : values[0]); }
                }
            }
        }
        for (var i = 0; i < pixels.Length; i++)
        {
            if (!float.IsFinite(pixels[i])) { pixels[i] = 0; }
        }
        if (layout.Colours == 3 && layout.InBlock == 1) { coloured = pixels.Length; }
        var description = page.Text(270);
        // FEI and Thermo Fisher burn a bar with writing in below the scanned rows.
        var bar = page.Number(34682, "ResolutionY=") is { } rows && rows >= 0.8 * layout.Height && rows < layout.Height && page.Number(34682, "ResolutionX=") == layout.Width ? layout.Height - (int)rows : 0;
        if (bar > 0) { Array.Resize(ref pixels, layout.Width * (layout.Height - bar)); }
        var (size, sizeY, reciprocal) = TiffScale.Of(content, page);
        var metadata = description.Length > 0 ? new[] { new MetadataEntry(MetadataNames.Comments, description) } : [];
        var measurement = Images.Measurement(content, Format.Name, new(layout.Width, layout.Height - bar, pixels)
        {
            PixelSize = size, PixelHeight = sizeY, IsReciprocal = reciprocal, Bits = palette.Length > 0 ? 8 : layout.Bits, IsColour = layout.Colours == 3 || layout.Photometric == 3, Coloured = coloured / (double)pixels.Length,
        }, metadata);
        if (bar > 0) { measurement = measurement with { Warnings = [.. measurement.Warnings, new Warning("image", $"the bar of {bar} rows burnt in below the image is left out")] }; }
        var others = pages.Count(p => (p.One(254, 0) & 5) == 0) - 1;
        return others <= 0 ? measurement : measurement with { Warnings = [.. measurement.Warnings, new Warning("pages", $"the file holds {others + 1} images; the first was read")] };
    }

    /// <summary>How the values lie: checked once, so that reading needs no further doubt.</summary>
    private sealed record Layout(int Width, int Height, int Bits, int Samples, int Format, int Photometric, int Compression, int Predictor, bool Planar)
    {
        /// <summary>Three for colours, else one: the samples that make a value.</summary>
        public int Colours => Photometric == 2 && Samples >= 3 ? 3 : 1;

        /// <summary>Samples that stand beside each other.</summary>
        public int InBlock => Planar ? 1 : Samples;

        public static Layout Of(FileContent content, TiffTags tags)
        {
            var bits = tags.All(258) is { Length: > 0 } all ? all : [1.0];
            var layout = new Layout(tags.One(256, 0), tags.One(257, 0), (int)bits[0], tags.One(277, 1), tags.One(339, 1), tags.One(262, 1), tags.One(259, 1), tags.One(259, 1) is 5 or 8 or 32946 ? tags.One(317, 1) : 1, tags.One(284, 1) == 2);
            if (TiffPacking.Refused(layout.Compression) is { } how) { throw new InputException($"the TIFF {how}", content.Path, "save it uncompressed, or with LZW, Deflate or PackBits"); }
            var known = layout.Format switch { 1 => layout.Bits is 1 or 2 or 4 or 8 or 12 or 16 or 32 or 64, 2 => layout.Bits is 8 or 16 or 32 or 64, 3 => layout.Bits is 16 or 32 or 64, _ => false };
            if (!known || bits.Any(b => b != bits[0]) || layout.Samples is < 1 or > 16 || layout.Photometric > 3 || layout.Predictor is < 1 or > 3
                || (layout.Predictor == 2 && layout.Bits < 8) || (layout.Predictor == 2 && layout.Bits == 12) || (layout.Predictor == 3 && layout.Format != 3) || (tags.One(266, 1) == 2 && (layout.Compression != 1 || layout.Bits < 8)))
            {
                throw new InputException($"a TIFF of {layout.Bits} bits, {layout.Samples} samples, sample format {layout.Format} and colour scheme {layout.Photometric} is not read", content.Path, "save it as 8, 16 or 32 bit grey values");
            }
            // Packed, a byte stands for no more than 1,400, so that a short file cannot claim a huge image.
            Images.Check(content, layout.Width, layout.Height, layout.Compression == 1 ? Math.Max(1, layout.Bits / 8 * layout.Samples) : 1, layout.Compression == 1 ? content.Bytes.Length * (layout.Bits < 8 ? 8L : 1) : 1400L * content.Bytes.Length);
            return layout;
        }

        /// <summary>Strips or tiles, unpacked one after the other.</summary>
        public IEnumerable<Block> Blocks(FileContent content, TiffTags tags)
        {
            // Old writers put the places of tiles where those of strips belong.
            var tiled = tags.All(322) is not null && tags.All(323) is not null;
            var (offsets, lengths) = (tiled ? tags.All(324) ?? tags.All(273) : tags.All(273), tiled ? tags.All(325) ?? tags.All(279) : tags.All(279));
            if (offsets is null) { throw new InputException("the TIFF does not say where its values are", content.Path, "save it again"); }
            var (width, height) = tiled ? (tags.One(322, 0), tags.One(323, 0)) : (Width, Math.Min(Height, tags.One(278, Height) is var r && r > 0 ? r : Height));
            if (width < 1 || height < 1 || width > Width + 8192 || height > Height + 8192) { throw new InputException("the tiles of the TIFF have no size that can be meant", content.Path, "copy the file again"); }
            var (across, down) = ((Width + width - 1) / width, (Height + height - 1) / height);
            var rowBytes = (((long)width * InBlock * Bits) + 7) / 8;
            if (rowBytes * height > int.MaxValue / 2 || (Compression != 1 && rowBytes * height > Math.Max(1L << 24, 1400L * content.Bytes.Length))) { throw new InputException("a strip of the TIFF is larger than can be meant", content.Path, "copy the file again"); }
            var bytes = new byte[rowBytes * height];
            for (var n = 0; n < (long)across * down * (Planar ? Samples : 1); n++)
            {
                var (plane, inPlane) = (n / (across * down), n % (across * down));
                var (x, y) = (inPlane % across * width, inPlane / across * height);
                var rows = tiled ? height : Math.Min(height, Height - y);
                var size = (int)(rowBytes * rows);
                var from = n < offsets.Length ? (long)offsets[n] : -1;
                var most = content.Bytes.Length - from;
                var packed = lengths is not null && n < lengths.Length && Compression != 1 ? Math.Min((long)lengths[n], most) : most;
                if (Compression == 5 && from >= 0 && packed >= 2 && content.Span[(int)from] == 0 && (content.Span[(int)from + 1] & 1) == 1) { throw new InputException("the TIFF is compressed by the LZW of before 1992", content.Path, "save it again with a present program"); }
                if (from < 0 || packed < 0 || !TiffPacking.Unpack(Compression, content.Bytes.Slice((int)from, (int)packed), bytes, size))
                {
                    throw content.AtByte(Math.Max(from, 0), Compression == 1 ? $"row {y} lies outside the file" : $"the packed values from row {y} on are damaged or cut off", "copy the file again");
                }
                yield return new(x, y, width, rows, plane, bytes, (int)rowBytes);
            }
        }

        public double Value(ReadOnlySpan<byte> row, int index, bool little)
        {
            if (Bits < 8 || Bits == 12)
            {
                var value = 0;
                for (var k = (long)index * Bits; k < ((long)index + 1) * Bits; k++) { value = (value << 1) | ((row[(int)(k >> 3)] >> (int)(7 - (k & 7))) & 1); }
                return value;
            }
            var v = row[(index * Bits / 8)..];
            return (Bits, Format) switch
            {
                (8, 2) => (sbyte)v[0],
                (8, _) => v[0],
                (16, 2) => little ? BinaryPrimitives.ReadInt16LittleEndian(v) : BinaryPrimitives.ReadInt16BigEndian(v),
                (16, 3) => (double)(little ? BinaryPrimitives.ReadHalfLittleEndian(v) : BinaryPrimitives.ReadHalfBigEndian(v)),
                (16, _) => little ? BinaryPrimitives.ReadUInt16LittleEndian(v) : BinaryPrimitives.ReadUInt16BigEndian(v),
                (32, 3) => little ? BinaryPrimitives.ReadSingleLittleEndian(v) : BinaryPrimitives.ReadSingleBigEndian(v),
                (32, 2) => little ? BinaryPrimitives.ReadInt32LittleEndian(v) : BinaryPrimitives.ReadInt32BigEndian(v),
                (32, _) => little ? BinaryPrimitives.ReadUInt32LittleEndian(v) : BinaryPrimitives.ReadUInt32BigEndian(v),
                (_, 3) => little ? BinaryPrimitives.ReadDoubleLittleEndian(v) : BinaryPrimitives.ReadDoubleBigEndian(v),
                (_, 2) => little ? BinaryPrimitives.ReadInt64LittleEndian(v) : BinaryPrimitives.ReadInt64BigEndian(v),
                _ => little ? BinaryPrimitives.ReadUInt64LittleEndian(v) : BinaryPrimitives.ReadUInt64BigEndian(v),
            };
        }
    }

    /// <summary>A strip or tile: where its first value lies, its size, and its bytes until the next is unpacked.</summary>
    private readonly record struct Block(int X, int Y, int Width, int Height, int Plane, byte[] Bytes, int RowBytes)
    {
        public Span<byte> Row(int y) => Bytes.AsSpan(y * RowBytes, RowBytes);
    }
}
