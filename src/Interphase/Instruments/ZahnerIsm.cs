using System.Buffers.Binary;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Zahner Thales impedance <c>.ism</c>, big-endian: six bytes of version, six of the index of the last point, then the arrays
/// frequency (Hz), modulus (ohm), phase (rad) and time (s since 1980) in double precision, significance in 16-bit integers
/// (thousandths), and texts with their length before them.
/// </summary>
internal static class ZahnerIsm
{
    private const string Name = "zahner-ism";
    private const int Header = 12;
    private const int MostPoints = 1_000_000;
    private static readonly string[] Texts = ["date", "system", "potential", "current", "temperature", "time", "comment1", "comment2", "comment3", "comment4"];

    public static readonly FileFormat Format = new(Name, "Zahner Thales impedance (.ism)", IsText: false, head =>
        head.Bytes.Span is [0, 0, 0xFF, 0xFF, 0xFF, >= 0xF0, 0, 0, ..] && head.Bytes.Length > Header, Read);

    private static Measurement Read(FileContent file)
    {
        var b = file.Span;
        var count = ((long)BinaryPrimitives.ReadUInt32BigEndian(b[8..]) | ((long)BinaryPrimitives.ReadUInt16BigEndian(b[6..]) << 32)) + 1;
        if (count > MostPoints || b.Length < Header + (34 * count))
        {
            throw file.AtByte(b.Length, $"the file is cut off: it announces {count} points", "copy it again from the instrument's computer");
        }
        var n = (int)count;
        var body = b[Header..];
        double[] Array(ReadOnlySpan<byte> bytes, int which)
        {
            var a = new double[n];
            for (var i = 0; i < n; i++) { a[i] = BinaryPrimitives.ReadDoubleBigEndian(bytes[(8 * ((which * n) + i))..]); }
            return a;
        }
        double[] frequency = Array(body, 0), modulus = Array(body, 1), phase = Array(body, 2), time = Array(body, 3);
        for (var i = 0; i < n; i++)
        {
            if (!(frequency[i] is > 0 and < 1e12) || !(modulus[i] is >= 0 and < 1e18) || !(Math.Abs(phase[i]) < 100))
            {
                throw file.AtByte(Header + (8L * i), $"point {i + 1} is damaged", "copy the file again from the instrument's computer");
            }
        }
        List<Warning> warnings = [];
        StartTime? start = null;
        // Simulated and edited files count from zero; measured ones from 1980.
        var first = time.Min();
        if (first is > 1e8 and < 4e9) { start = new(new DateTime(1980, 1, 1).AddSeconds(first), null); }
        else { warnings.Add(new("start", "the file gives no date that could be read")); }
        for (var i = 0; i < n; i++) { time[i] -= first; }
        List<Column> columns =
        [
            new(ColumnNames.Frequency, "Hz", frequency, "frequency"), new(ColumnNames.RealImpedance, "ohm", [.. modulus.Zip(phase, (z, p) => z * Math.Cos(p))], "modulus and phase"),
            new(ColumnNames.ImaginaryImpedance, "ohm", [.. modulus.Zip(phase, (z, p) => z * Math.Sin(p))], "modulus and phase"),
        ];
        // Points are stored by frequency; their times say in which order they were measured.
        var measured = Enumerable.Range(1, n - 1).All(i => time[i] >= time[i - 1]);
        if (measured) { columns.Add(new(ColumnNames.Time, "s", time, "time")); }
        var metadata = new List<MetadataEntry>();
        var at = Header + (34 * n);
        foreach (var text in Texts)
        {
            if (at + 2 > b.Length) { break; }
            var length = BinaryPrimitives.ReadInt16BigEndian(b[at..]);
            if (length < 0 || at + 2 + length > b.Length) { break; }
            // Thales swaps the case of its texts.
            var said = new string([.. Encoding.Latin1.GetString(b.Slice(at + 2, length)).Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))]).Trim();
            if (said.Length > 0) { metadata.Add(new(text, said)); }
            at += 2 + length;
        }
        var m = TextTable.Measure(file, Name, columns, warnings, metadata, start, "impedance");
        return measured ? m : m with { Spectra = [.. m.Spectra.Select(s => s.Count == n ? s with { PointTime = time, Time = 0 } : s)] };
    }
}
