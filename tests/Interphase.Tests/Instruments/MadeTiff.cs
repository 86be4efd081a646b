using System.Buffers.Binary;
using System.IO.Compression;

namespace Interphase.Tests.Instruments;

/// <summary>Writes one grey image as TIFF in any of the layouts that are read; written from the specification (TIFF 6.0), with packers of its own.</summary>
internal sealed record MadeTiff(int Width, int Height, double[] Values)
{
    public bool Little { get; init; } = true;

    public bool Big { get; init; }

    public int Bits { get; init; } = 16;

    /// <summary>1 unsigned, 2 signed, 3 float.</summary>
    public int Format { get; init; } = 1;

    /// <summary>1 none, 5 LZW, 8 Deflate, 32773 PackBits.</summary>
    public int Compression { get; init; } = 1;

    public int Predictor { get; init; } = 1;

    /// <summary>Rows of a strip; with a tile width, rows of a tile.</summary>
    public int Rows { get; init; } = 5;

    /// <summary>0 for strips.</summary>
    public int TileWidth { get; init; }

    /// <summary>The places of tiles under the tags of strips, as old writers put them.</summary>
    public bool TilesAsStrips { get; init; }

    /// <summary>A preview before the image and another image after it.</summary>
    public bool Pages { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Further tags: type and values (2 bytes of text, 4 whole, 5 ratio with the denominator in the upper half, 12 float).</summary>
    public IReadOnlyDictionary<int, (int Type, ulong[] Values)> Further { get; init; } = new Dictionary<int, (int, ulong[])>();

    public static (int, ulong[]) Text(string text) => (2, [.. System.Text.Encoding.Latin1.GetBytes(text + "\0").Select(b => (ulong)b)]);

    public static (int, ulong[]) Float(double value) => (12, [BitConverter.DoubleToUInt64Bits(value)]);

    public static (int, ulong[]) Ratio(uint top, uint under) => (5, [top | ((ulong)under << 32)]);

    public byte[] Bytes()
    {
        using var file = new MemoryStream();
        void Put(ulong value, int size)
        {
            Span<byte> b = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(b, value);
            b = b[..size];
            if (!Little) { b.Reverse(); }
            file.Write(b);
        }

        file.Write(Little ? "II"u8 : "MM"u8);
        Put(Big ? 43u : 42u, 2);
        if (Big) { Put(8, 2); Put(0, 2); }
        var link = file.Position;
        Put(0, Big ? 8 : 4);
        var pages = Pages ? new (int Kind, MadeTiff Image)[] { (1, this with { Width = 2, Height = 1, Values = [1, 2] }), (0, this), (0, this with { Values = [.. Values.Select(v => 0.0)] }) } : [(0, this)];
        foreach (var (kind, image) in pages)
        {
            var (offsets, lengths) = (new List<ulong>(), new List<ulong>());
            foreach (var block in image.Blocks())
            {
                offsets.Add((ulong)file.Position);
                lengths.Add((ulong)block.Length);
                file.Write(block);
            }
            var text = System.Text.Encoding.Latin1.GetBytes(Description + "\0");
            var tags = new SortedDictionary<int, (int Type, ulong[] Values)>
            {
                [254] = (4, [(ulong)kind]), [256] = (3, [(ulong)image.Width]), [257] = (4, [(ulong)image.Height]), [258] = (3, [(ulong)Bits]), [259] = (3, [(ulong)Compression]), [262] = (3, [1]),
                [270] = (2, [.. text.Select(b => (ulong)b)]), [277] = (3, [1]), [317] = (3, [(ulong)Predictor]), [339] = (3, [(ulong)Format]),
            };
            var (o, l) = TileWidth > 0 && !TilesAsStrips ? (324, 325) : (273, 279);
            (tags[o], tags[l]) = ((Big ? 16 : 4, [.. offsets]), (4, [.. lengths]));
            if (TileWidth > 0) { (tags[322], tags[323]) = ((3, [(ulong)TileWidth]), (3, [(ulong)Rows])); }
            else { tags[278] = (4, [(ulong)Rows]); }
            foreach (var (tag, value) in Further) { tags[tag] = value; }
            // Values that do not fit beside their tag lie before the directory.
            var room = Big ? 8 : 4;
            static int Size(int type) => type switch { 2 => 1, 3 => 2, 5 or 12 or 16 => 8, _ => 4 };
            var elsewhere = new Dictionary<int, ulong>();
            foreach (var (tag, (type, values)) in tags.Where(t => Size(t.Value.Type) * t.Value.Values.Length > room))
            {
                elsewhere[tag] = (ulong)file.Position;
                foreach (var v in values) { Put(v, Size(type)); }
            }
            var here = file.Position;
            file.Position = link;
            Put((ulong)here, room);
            file.Position = here;
            Put((ulong)tags.Count, Big ? 8 : 2);
            foreach (var (tag, (type, values)) in tags)
            {
                Put((ulong)tag, 2); Put((ulong)type, 2); Put((ulong)values.Length, room);
                if (elsewhere.TryGetValue(tag, out var place)) { Put(place, room); continue; }
                var start = file.Position;
                foreach (var v in values) { Put(v, Size(type)); }
                while (file.Position < start + room) { file.WriteByte(0); }
            }
            link = file.Position;
            Put(0, room);
        }
        return file.ToArray();
    }

    private IEnumerable<byte[]> Blocks()
    {
        var width = TileWidth > 0 ? TileWidth : Width;
        for (var y = 0; y < Height; y += Rows)
        {
            for (var x = 0; x < Width; x += width)
            {
                var rows = TileWidth > 0 ? Rows : Math.Min(Rows, Height - y);
                using var plain = new MemoryStream();
                for (var r = 0; r < rows; r++)
                {
                    var row = new byte[((width * Bits) + 7) / 8];
                    for (var c = 0; c < width; c++) { Store(row, c, y + r < Height && x + c < Width ? Values[((y + r) * Width) + x + c] : 7); }
                    Predict(row);
                    plain.Write(row);
                }
                yield return Pack(plain.ToArray());
            }
        }
    }

    private void Store(byte[] row, int column, double value)
    {
        if (Bits < 8 || Bits == 12)
        {
            for (var k = 0; k < Bits; k++)
            {
                var bit = (column * Bits) + k;
                if ((((int)value >> (Bits - 1 - k)) & 1) == 1) { row[bit / 8] |= (byte)(128 >> (bit % 8)); }
            }
            return;
        }
        var raw = (Format, Bits) switch { (3, 16) => BitConverter.HalfToUInt16Bits((Half)value), (3, 32) => BitConverter.SingleToUInt32Bits((float)value), (3, _) => BitConverter.DoubleToUInt64Bits(value), _ => unchecked((ulong)(long)value) };
        for (var k = 0; k < Bits / 8; k++) { row[(column * Bits / 8) + (Little ? k : (Bits / 8) - 1 - k)] = (byte)(raw >> (8 * k)); }
    }

    private void Predict(byte[] row)
    {
        var size = Bits / 8;
        if (Predictor == 3)
        {
            var n = row.Length / size;
            var parted = new byte[row.Length];
            for (var i = 0; i < n; i++)
            {
                for (var k = 0; k < size; k++) { parted[(k * n) + i] = row[(i * size) + (Little ? size - 1 - k : k)]; }
            }
            for (var i = parted.Length - 1; i > 0; i--) { parted[i] -= parted[i - 1]; }
            parted.CopyTo(row, 0);
        }
        else if (Predictor == 2)
        {
            ulong At(int i) => Enumerable.Range(0, size).Aggregate(0UL, (sum, k) => sum | ((ulong)row[(i * size) + (Little ? k : size - 1 - k)] << (8 * k)));
            for (var i = (row.Length / size) - 1; i > 0; i--)
            {
                var difference = At(i) - At(i - 1);
                for (var k = 0; k < size; k++) { row[(i * size) + (Little ? k : size - 1 - k)] = (byte)(difference >> (8 * k)); }
            }
        }
    }

    private byte[] Pack(byte[] plain)
    {
        using var packed = new MemoryStream();
        switch (Compression)
        {
            case 8:
                using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) { stream.Write(plain); }
                break;
            case 32773:
                for (var i = 0; i < plain.Length;)
                {
                    var run = 1;
                    while (run < 128 && i + run < plain.Length && plain[i + run] == plain[i]) { run++; }
                    if (run > 2) { packed.WriteByte((byte)(1 - run)); packed.WriteByte(plain[i]); i += run; continue; }
                    var literal = 1;
                    while (literal < 128 && i + literal < plain.Length && !(i + literal + 2 < plain.Length && plain[i + literal] == plain[i + literal + 1] && plain[i + literal] == plain[i + literal + 2])) { literal++; }
                    packed.WriteByte((byte)(literal - 1));
                    packed.Write(plain, i, literal);
                    i += literal;
                }
                break;
            case 5: Lzw(plain, packed); break;
            default: packed.Write(plain); break;
        }
        return packed.ToArray();
    }

    private static void Lzw(byte[] plain, MemoryStream packed)
    {
        var (held, bits) = (0, 0);
        void Put(int code, int width)
        {
            (bits, held) = ((bits << width) | code, held + width);
            while (held >= 8)
            {
                packed.WriteByte((byte)(bits >> (held - 8)));
                held -= 8;
                bits &= (1 << held) - 1;
            }
        }

        var table = new Dictionary<(int, byte), int>();
        int width = 9, next = 258, current = -1;
        Put(256, 9);
        foreach (var b in plain)
        {
            if (current < 0) { current = b; continue; }
            if (table.TryGetValue((current, b), out var longer)) { current = longer; continue; }
            Put(current, width);
            table[(current, b)] = next++;
            width = next > 2047 ? 12 : next > 1023 ? 11 : next > 511 ? 10 : 9;
            if (next == 4095)
            {
                Put(256, 12);
                table.Clear();
                (next, width) = (258, 9);
            }
            current = b;
        }
        Put(current, width);
        next++;
        Put(257, next > 2047 ? 12 : next > 1023 ? 11 : next > 511 ? 10 : 9);
        if (held > 0) { packed.WriteByte((byte)(bits << (8 - held))); }
    }
}
