using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>Neware <c>.nda</c>: versions 5–8, 22, 23, 26, 29 and 130 (BTS 9.0 and 9.1).</summary>
internal static class NewareNda
{
    private const string Name = "neware-nda";
    private const int RecordSize = 86, OldRecordSize = 59, VersionAt = 14, Page91 = 1024, MostOdd = 16;

    public static readonly FileFormat Format = new(Name, "Neware BTS binary (.nda)", IsText: false,
        head => head.StartsWith("NEWARE") && head.Bytes.Length > VersionAt, Read);

    private static Measurement Read(FileContent file)
    {
        var b = file.Span;
        var version = b[VersionAt];
        var records = new NewareRecords(b.Length / RecordSize);
        var metadata = new List<MetadataEntry> { new("formatVersion", version.ToString(CultureInfo.InvariantCulture)) };
        var warnings = new List<Warning>();
        switch (version)
        {
            case >= 5 and <= 8: Old(file, records, warnings); break;
            case 22 or 23: Middle(file, records, [0xAA, 0, 1, 0, 0, 0], unix: true, warnings); break;
            case 26 or 29: Middle(file, records, [0x55, 0, 1, 0, 0, 0], unix: false, warnings); break;
            case 130 when b.Length > Page91 && b[Page91] == 0x55: New91(file, records, warnings); break;
            case 130 when b.Length > Page91 && b[Page91] == 0x12: New90(file, records, warnings); break;
            default: throw file.AtByte(VersionAt, $"version {version} of this format is not known", "export the test as csv or xlsx from BTSDA, and report the version, please");
        }
        if (version is 22 or 23 or 26 or 29 && b.Length > 156) { Mass(metadata, U32(b[152..]) / 1000.0); }
        if (version is 26 or 29 && b.Length > 2417 && Text(b[2317..2417]) is { Length: > 0 } remark) { metadata.Add(new(MetadataNames.Comments, remark)); }
        if (version == 130) { Footer(b, metadata); }
        return records.Measure(file, Name, metadata, warnings, version9: version == 130);
    }

    /// <summary>The active mass; exactly 1 mg is what the software fills in.</summary>
    internal static void Mass(List<MetadataEntry> metadata, double milligrams)
    {
        if (milligrams is > 0 and < 1e9) { metadata.Add(new(MetadataNames.ActiveMass, $"{milligrams.ToString("G7", CultureInfo.InvariantCulture)} mg", Quantity.Of(milligrams, "mg"), milligrams == 1)); }
    }

    private static void Footer(ReadOnlySpan<byte> b, List<MetadataEntry> metadata)
    {
        ReadOnlySpan<byte> mark = [0x06, 0x00, 0xF0, 0x1D, 0x81, 0x00, 0x03, 0x00, 0x61, 0x90, 0x71, 0x90, 0x02, 0x7F, 0xFF, 0x00];
        var at = b.LastIndexOf(mark);
        if (at < 0 || b.Length < at + mark.Length + 499) { return; }
        var footer = b.Slice(at + mark.Length, 499);
        Mass(metadata, BinaryPrimitives.ReadDoubleLittleEndian(footer[^8..]));
        if (Text(footer[363..^8]) is { Length: > 0 } remark) { metadata.Add(new(MetadataNames.Comments, remark)); }
    }

    private static string Text(ReadOnlySpan<byte> b)
    {
        var end = b.IndexOf((byte)0);
        if (end >= 0) { b = b[..end]; }
        var text = (CodePagesEncodingProvider.Instance.GetEncoding("gb2312") ?? Encoding.Latin1).GetString(b).Trim();
        return text.Any(char.IsControl) ? "" : text;
    }

    private static void Old(FileContent file, NewareRecords records, List<Warning> warnings)
    {
        var b = file.Span;
        var p = b.IndexOf((ReadOnlySpan<byte>)[0xFF, 0x01, 0x00, 0x00, 0x00]);
        if (p < 0) { throw NoRecords(file); }
        var (odd, first) = (0, p);
        for (; p + OldRecordSize <= b.Length; p += OldRecordSize)
        {
            var r = b.Slice(p, OldRecordSize);
            // The first and the last are marked FF and hold no measurement.
            if (r[0] != 0) { odd += r[0] == 0xFF && (p == first || p + (2 * OldRecordSize) > b.Length) ? 0 : 1; continue; }
            var current = I32(r[19..]) / 1e6;
            var (charge, energy) = (I64(r[31..]) / 1e6, I64(r[39..]) / 1e6);
            var charging = IsCharge(r[10], current);
            records.Add(U32(r[1..]), U32(r[5..]), double.NaN, r[9], r[10], U32(r[11..]), double.NaN, current, I32(r[15..]) / 1e4,
                charging ? charge : 0, charging ? 0 : charge, charging ? energy : 0, charging ? 0 : energy, I64(r[47..]));
        }
        Odd(odd, warnings);
        Rest(b.Length - p, warnings);
    }

    private static void Odd(int records, List<Warning> warnings)
    {
        if (records > 0) { warnings.Add(new("records", $"{records} records are of a kind that is not known and are left out")); }
    }

    private static bool IsCharge(byte type, double current) => type switch { 1 or 3 or 7 or 9 or 18 or 27 => true, 2 or 8 or 10 or 19 or 20 or 26 => false, _ => current >= 0 };

    private static void Middle(FileContent file, NewareRecords records, ReadOnlySpan<byte> first, bool unix, List<Warning> warnings)
    {
        var b = file.Span;
        var p = b.IndexOf(first);
        if (p < 0) { throw NoRecords(file); }
        var auxiliary = new Dictionary<uint, (double Volts, double Kelvin)>();
        var odd = 0;
        for (; p + RecordSize <= b.Length; p += RecordSize)
        {
            var r = b.Slice(p, RecordSize);
            if (r[0] == 0x65)
            {
                auxiliary[U32(r[2..])] = (I32(r[22..]) / 1e4, (BinaryPrimitives.ReadInt16LittleEndian(r[34..]) / 10.0) + 273.15);
                continue;
            }
            if (r[0] != 0x55) { odd += r[0] is 0xAA or 0 ? 0 : 1; continue; }
            var number = U32(r[2..]);
            var range = I32(r[78..]);
            var factor = NewareRecords.Multiplier(range);
            if (factor is null) { records.UnknownRanges.Add(range); }
            var k = (factor ?? double.NaN) * 1e-3;
            var clock = unix ? I64(r[70..]) : Clock(r[70..]);
            records.Add(number, U32(r[6..]) + 1, double.NaN, BinaryPrimitives.ReadUInt16LittleEndian(r[10..]), r[12], I64(r[14..]) / 1e3, double.NaN, I32(r[26..]) * k, I32(r[22..]) / 1e4,
                I64(r[38..]) * k, I64(r[46..]) * k, I64(r[54..]) * k, I64(r[62..]) * k, clock);
        }
        Odd(odd, warnings);
        if (auxiliary.Count > 0)
        {
            records.Auxiliary.Add((ColumnNames.Temperature, "K", records.ByNumber(i => auxiliary.TryGetValue((uint)i, out var a) ? a.Kelvin : double.NaN)));
            records.Auxiliary.Add(("auxiliary voltage", "V", records.ByNumber(i => auxiliary.TryGetValue((uint)i, out var a) ? a.Volts : double.NaN)));
        }
        Rest(b.Length - p, warnings);
    }

    internal static double Clock(ReadOnlySpan<byte> b)
    {
        var year = BinaryPrimitives.ReadUInt16LittleEndian(b);
        var (month, day, hour, minute, second) = (b[2], b[3], b[4], b[5], b[6]);
        return year is >= 1970 and < 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60
            ? (new DateTime(year, month, day, hour, minute, second) - DateTime.UnixEpoch).TotalSeconds : double.NaN;
    }

    private static void New91(FileContent file, NewareRecords records, List<Warning> warnings)
    {
        var b = file.Span;
        var mark = b.Slice(Page91, 2);
        var size = b.Length > Page91 + 2 ? b[(Page91 + 2)..].IndexOf(mark) + 2 : 0;
        if (size is not (52 or 56)) { throw file.AtByte(Page91, $"records of {size} bytes are not known", "export the test as csv or xlsx from BTSDA, and report it, please"); }
        var temperatures = new List<double>();
        var p = Page91;
        var odd = 0;
        for (; p + size <= b.Length; p += size)
        {
            if (!b[p..].StartsWith(mark))
            {
                // A damaged record has others after it; after the last one there is something else.
                var next = 1;
                while (next <= MostOdd && p + ((next + 1) * size) <= b.Length && !b[(p + (next * size))..].StartsWith(mark)) { next++; }
                if (next > MostOdd || p + ((next + 1) * size) > b.Length) { break; }
                odd += next;
                p += (next - 1) * size;
                continue;
            }
            var r = b.Slice(p, size);
            var (charge, energy) = (F32(r[28..]) / 1e3, F32(r[32..]) / 1e3);
            var total = U32(r[12..]) + (U32(r[16..]) / 1e9);
            records.Add(U32(r[8..]), U32(r[36..]) + 1, double.NaN, r[2], r[3], double.NaN, total, F32(r[20..]) / 1e3, F32(r[24..]),
                Math.Max(charge, 0), Math.Max(-charge, 0), Math.Max(energy, 0), Math.Max(-energy, 0), U32(r[44..]) + (U32(r[48..]) / 1e9));
            if (size == 56) { temperatures.Add(F32(r[52..]) + 273.15); }
        }
        Odd(odd, warnings);
        if (temperatures.Count > 0) { records.Auxiliary.Add((ColumnNames.Temperature, "K", [.. temperatures])); }
    }

    private static void New90(FileContent file, NewareRecords records, List<Warning> warnings)
    {
        const int size = 88;
        var b = file.Span;
        var p = b.IndexOf((ReadOnlySpan<byte>)[0x12, 0x50, 0x00, 0x07, 0x55, 0x81, 0x01, 0x06]);
        if (p < 0) { throw NoRecords(file); }
        for (; p + size <= b.Length; p += size)
        {
            var r = b.Slice(p, size);
            if (r[4] is 0x58 or 0x59) { continue; }
            if (r[4] != 0x55) { break; }
            var (charge, energy) = (F32(r[60..]) / 1e3, F32(r[64..]) / 1e3);
            records.Add(U32(r[16..]), double.NaN, double.NaN, r[9], r[10], I64(r[28..]) / 1e6, double.NaN, F32(r[40..]) / 1e3, F32(r[36..]),
                Math.Max(charge, 0), Math.Max(-charge, 0), Math.Max(energy, 0), Math.Max(-energy, 0), I64(r[68..]) / 1e6);
        }
        warnings.Add(new(ColumnNames.Cycle, "this form stores no cycle number"));
    }

    private static void Rest(int bytes, List<Warning> warnings)
    {
        if (bytes > 0) { warnings.Add(new("records", $"{bytes} bytes after the last whole record are left out; the file may be cut off")); }
    }

    private static InputException NoRecords(FileContent file) => file.AtByte(VersionAt, "no first record was found", "the file may be empty or damaged; copy it again");

    private static uint U32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadUInt32LittleEndian(b);

    private static int I32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadInt32LittleEndian(b);

    private static double I64(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadInt64LittleEndian(b);

    private static double F32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadSingleLittleEndian(b);
}
