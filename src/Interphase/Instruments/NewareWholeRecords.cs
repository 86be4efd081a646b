using System.Buffers.Binary;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Tables of versions 2 and 5 of a <c>.ndax</c>: whole records, like those of a <c>.nda</c> of version 29, in pages of 512 (from byte 5)
/// or 4096 bytes (from byte 132) after a page of header.
/// </summary>
internal static class NewareWholeRecords
{
    private const byte Data = 0x55, Auxiliary = 0x65, AuxiliaryWithSetPoint = 0x74;

    /// <summary>Page, first record in it, distance of records, and where the number of a record stands after its marker.</summary>
    private readonly record struct Layout(int Page, int Payload, int Size, int Number);

    private static Layout Of(byte version) => version == 2 ? new(512, 5, 94, 8) : new(4096, 132, 87, 1);

    /// <summary>The records of the main table, with the temperatures of the auxiliary ones.</summary>
    public static NewareRecords Read(byte[] table, IReadOnlyDictionary<string, byte[]> parts, List<Warning> warnings)
    {
        var records = new NewareRecords();
        var layout = Of(table[2]);
        var odd = 0;
        foreach (var at in Starts(table, layout))
        {
            if (table[at] != Data) { odd += table[at] == 0 ? 0 : 1; continue; }
            var r = table.AsSpan(at + layout.Number, 79);
            var range = I32(r[74..]);
            var factor = NewareRecords.Multiplier(range);
            if (factor is null) { records.UnknownRanges.Add(range); }
            var k = (factor ?? double.NaN) * 1e-3;
            records.Add(U32(r), U32(r[4..]) + 1, double.NaN, r[8], r[9], I64(r[15..]) / 1e3, double.NaN, I32(r[27..]) * k, I32(r[23..]) / 1e4,
                I64(r[35..]) * k, I64(r[43..]) * k, I64(r[51..]) * k, I64(r[59..]) * k, NewareNda.Clock(r[67..]));
        }
        if (odd > 0) { warnings.Add(new("records", $"{odd} records are of a kind that is not known and are left out")); }
        if (table.Length % layout.Page != 0) { warnings.Add(new("records", $"data.ndc ends inside a page of {layout.Page} bytes: it is cut off")); }
        foreach (var (name, auxiliary) in parts.Where(p => p.Value.Length > 2 && p.Value[0] == 5 && p.Value[2] is 2 or 5).OrderBy(p => p.Key, StringComparer.Ordinal)) { Channels(auxiliary, records); }
        return records;
    }

    private static void Channels(byte[] table, NewareRecords records)
    {
        var layout = Of(table[2]);
        var measured = new Dictionary<uint, (double Volts, double Kelvin, double SetPoint, double Humidity)>();
        var chamber = false;
        foreach (var at in Starts(table, layout))
        {
            if (table[at] is not (Auxiliary or AuxiliaryWithSetPoint)) { continue; }
            var r = table.AsSpan(at + layout.Number, 79);
            chamber |= table[at] == AuxiliaryWithSetPoint;
            measured.TryAdd(U32(r), (I32(r[23..]) / 1e4, Tenths(r[33..]) + 273.15, Tenths(r[35..]) + 273.15, Tenths(r[37..])));
        }
        if (measured.Count == 0) { return; }
        var none = (double.NaN, double.NaN, double.NaN, double.NaN);
        void Add(string name, string unit, Func<(double Volts, double Kelvin, double SetPoint, double Humidity), double> value) =>
            records.Auxiliary.Add((name, unit, records.ByNumber(i => value(measured.GetValueOrDefault((uint)i, none)))));
        Add(ColumnNames.Temperature, "K", m => m.Kelvin);
        Add("auxiliary voltage", "V", m => m.Volts);
        if (!chamber) { return; }
        Add("set temperature", "K", m => m.SetPoint);
        Add("humidity", "%", m => m.Humidity);
    }

    private static double Tenths(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadInt16LittleEndian(b) / 10.0;

    private static IEnumerable<int> Starts(byte[] table, Layout layout)
    {
        for (var page = layout.Page; page + layout.Page <= table.Length; page += layout.Page)
        {
            for (var at = page + layout.Payload; at + layout.Size <= page + layout.Page; at += layout.Size) { yield return at; }
        }
    }

    private static uint U32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadUInt32LittleEndian(b);

    private static int I32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadInt32LittleEndian(b);

    private static double I64(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadInt64LittleEndian(b);
}
