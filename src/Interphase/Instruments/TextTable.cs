using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// A text with one header row of named columns and rows of numbers under it, made into a measurement. Instruments whose
/// export is such a table differ in how the header row is found and in the names they use.
/// </summary>
internal static class TextTable
{
    /// <summary>How one instrument's table is read.</summary>
    public sealed record Layout
    {
        /// <summary>The line of the header, from 0.</summary>
        public required int HeaderLine { get; init; }

        /// <summary>The separator; a space means runs of spaces and tabs.</summary>
        public required char Separator { get; init; }

        /// <summary>Lines between the header and the first row.</summary>
        public int Skip { get; init; }

        /// <summary>Names of the instrument that come before the common ones, by <see cref="ColumnHeader.Key"/>.</summary>
        public IReadOnlyDictionary<string, (string Quantity, string Unit)>? Names { get; init; }

        /// <summary>Columns read in a way of their own (states, dates), by their header; the reader makes a number of a cell, null leaves the column out.</summary>
        public IReadOnlyDictionary<string, (string Name, string Unit, CellReader? Read)> Special { get; init; } = new Dictionary<string, (string, string, CellReader?)>();

        /// <summary>Where no unit in the header is as it should be for this instrument, and no reason to warn or refuse.</summary>
        public bool UnitsKnown { get; init; }

        /// <summary>Changes the columns before a series is made of them: signs by state, sums over steps.</summary>
        public Func<List<Column>, List<Warning>, List<Column>>? Mend { get; init; }
    }

    /// <summary>Reads the table.</summary>
    public static Measurement Read(FileContent file, string format, Layout layout, IReadOnlyList<MetadataEntry>? metadata = null, StartTime? start = null, string technique = "")
    {
        var text = file.TextBytes();
        var (headerAt, headerEnd) = LineAt(text.Span, layout.HeaderLine);
        var header = TextEncodings.Decode(text.Span[headerAt..headerEnd]).TrimEnd('\r', '\n');
        var (_, bodyAt) = layout.Skip == 0 ? (0, headerEnd) : LineAt(text.Span, layout.HeaderLine + layout.Skip);
        var body = text[bodyAt..];
        var names = Names(header, layout.Separator, body.Span);
        var headers = names.Select(n => ColumnHeader.Of(n, layout.Names)).ToArray();
        var comma = layout.Separator != ',' && HasDecimalComma(body.Span, layout.Separator);
        var warnings = new List<Warning>();
        var readers = Readers(names, headers, layout, body.Span, comma, warnings, out var clocks);

        var table = DelimitedText.Read(body.Span, (byte)layout.Separator, readers);
        if (table.Rows == 0) { throw file.AtLine(layout.HeaderLine + 1, "the table has a header but no rows", "export it again with its data"); }
        CheckRows(file, table, warnings);
        if (table.WidestRow > names.Count && layout.Separator != ' ')
        {
            warnings.Add(new("columns", $"a row has {table.WidestRow} cells under {names.Count} names; cells without a name are left out"));
        }
        var columns = Columns(file, layout, names, headers, readers, clocks, table, warnings);
        if (layout.Separator != ' ' && Array.FindIndex(headers, h => h.Quantity == ColumnNames.Current) is >= 0 and var at && columns.Find(c => c.Name == ColumnNames.Current)?.Values is { } current
            && CurrentResolution.Of(body.Span, layout.Separator, at, comma ? (byte)',' : (byte)'.', headers[at].Scale, current) is { } coarse)
        {
            warnings.Add(coarse);
        }
        if (layout.Mend is { } mend) { columns = mend(columns, warnings); }
        return Measure(file, format, columns, warnings, metadata, start, technique);
    }

    /// <summary>Refuses a table that was cut off in its last row, and says where rows are short.</summary>
    public static void CheckRows(FileContent file, DelimitedText table, List<Warning> warnings)
    {
        if (table.IsCutOff && table.Rows > 0) { throw new InputException($"the file is cut off inside row {table.Rows}", file.Path, "copy or export it again, or delete the last line"); }
        if (table.MayBeCutOff) { warnings.Add(new("series", "no line end follows the last row and its last number is shorter than the one above: the file may be cut off there")); }
        if (table.ShortRows > 0) { warnings.Add(new("columns", $"{table.ShortRows} rows have fewer cells than the header; the missing ones are left empty")); }
    }

    /// <summary>A measurement from columns of known and unknown names.</summary>
    public static Measurement Measure(FileContent file, string format, List<Column> columns, List<Warning> warnings, IReadOnlyList<MetadataEntry>? metadata, StartTime? start, string technique)
    {
        double[]? Values(string name) => columns.Find(c => c.Name == name)?.Values;
        if (Values(ColumnNames.RealImpedance) is null && Values("impedanceMagnitude") is { } size && Values("impedancePhase") is { } phase)
        {
            if (phase.Any(p => Math.Abs(p) > 2 * Math.PI))
            {
                warnings.Add(new("impedancePhase", "the phase has no unit and is larger than a turn in rad; it is taken as degrees"));
                for (var i = 0; i < phase.Length; i++) { phase[i] *= Math.PI / 180; }
            }
            columns.Add(new(ColumnNames.RealImpedance, "ohm", [.. size.Zip(phase, (z, p) => z * Math.Cos(p))], "magnitude and phase"));
            columns.Add(new(ColumnNames.ImaginaryImpedance, "ohm", [.. size.Zip(phase, (z, p) => z * Math.Sin(p))], "magnitude and phase"));
        }
        var spectra = Array.Empty<ImpedanceSpectrum>();
        if (Values(ColumnNames.Frequency) is { } f && Values(ColumnNames.RealImpedance) is { } re && Values(ColumnNames.ImaginaryImpedance) is { } im)
        {
            spectra = ImaginarySign.Decided(ImpedanceRows.Split(f, re, im, null, Values(ColumnNames.Time), Values(ColumnNames.Potential), null, Values(ColumnNames.Temperature)), warnings);
        }
        CurrentSign.Decide(columns, warnings);
        start ??= StartOf(Values("clock"), Values(ColumnNames.Time));
        var hasSeries = Values(ColumnNames.Time) is not null;
        if (hasSeries && BiologicQuantities.BackwardSteps(Values(ColumnNames.Time)) is { } back) { warnings.Add(back); }
        if (!hasSeries && spectra.Length == 0)
        {
            throw new InputException($"no quantity could be recognised in the columns {string.Join(", ", columns.Take(12).Select(c => $"'{c.Name}'"))}", file.Path, "name the columns by quantity and unit, for example 'time/s,voltage/V,current/A' or 'freq_Hz,Zre_ohm,Zim_ohm'");
        }
        return new()
        {
            File = file.Path, Format = format, Technique = technique, Start = start, Metadata = metadata ?? [], Warnings = warnings,
            Series = hasSeries ? new TimeSeries(columns) : null,
            Spectra = [.. spectra.Select(s => s with { File = file.Path, Start = start })],
        };
    }

    /// <summary>When a test began by the clock of its first record.</summary>
    private static StartTime? StartOf(double[]? clock, double[]? time) =>
        clock is { Length: > 0 } && clock[0] is > 0 and < 4e9 ? new StartTime(DateTime.UnixEpoch.AddSeconds(clock[0] - (time is not null && time[0] >= 0 ? time[0] : 0)), null) : null;

    /// <summary>The line (from 0) among the first of a file for which a condition holds; −1 where there is none.</summary>
    public static int FindLine(FileHead head, Func<string, bool> isHeader, int searched = 200)
    {
        for (var i = 0; i < Math.Min(head.Lines.Count, searched); i++)
        {
            if (isHeader(head.Lines[i])) { return i; }
        }
        return -1;
    }

    /// <summary>The beginning of a file that is already loaded.</summary>
    public static FileHead HeadOf(FileContent file) => new(file.Path, file.Bytes[..Math.Min(file.Bytes.Length, 1 << 16)], file.Bytes.Length <= 1 << 16);

    /// <summary>Where a line begins and where the next one does.</summary>
    public static (int At, int Next) LineAt(ReadOnlySpan<byte> text, int line)
    {
        var p = 0;
        for (var i = 0; ; i++)
        {
            var length = text[p..].IndexOfAny((byte)'\n', (byte)'\r');
            var next = length < 0 ? text.Length : p + length + 1;
            if (length >= 0 && text[next - 1] == '\r' && next < text.Length && text[next] == '\n') { next++; }
            if (i == line || length < 0) { return (p, next); }
            p = next;
        }
    }

    /// <summary>Seconds of <c>0d 00:00:00.00</c>, <c>1:02:03.5</c> or a plain number.</summary>
    public static double Duration(ReadOnlySpan<byte> cell, byte point)
    {
        cell = cell.Trim(" \t"u8);
        var negative = cell.Length > 0 && cell[0] == '-';
        if (negative) { cell = cell[1..]; }
        double seconds = 0;
        var day = cell.IndexOf((byte)'d');
        if (day > 0)
        {
            var days = DelimitedText.Number(cell[..day], point);
            seconds = days * 86400;
            cell = cell[(day + 1)..].TrimStart(" "u8);
        }
        if (cell.IndexOf((byte)':') < 0) { return day > 0 || negative ? double.NaN : DelimitedText.Number(cell, point); }
        double part = 0;
        for (var i = 0; i < 3 && !cell.IsEmpty; i++)
        {
            var colon = cell.IndexOf((byte)':');
            var value = DelimitedText.Number(colon < 0 ? cell : cell[..colon], point);
            if (!(value >= 0)) { return double.NaN; }
            part = (part * 60) + value;
            cell = colon < 0 ? default : cell[(colon + 1)..];
        }
        return cell.IsEmpty ? (negative ? -1 : 1) * (seconds + part) : double.NaN;
    }

    /// <summary>Seconds since 1970 of a date and time in one of the formats; NaN where it is none.</summary>
    public static CellReader Date(params string[] formats) => cell =>
    {
        if (cell.Length is < 6 or > 64) { return double.NaN; }
        Span<char> text = stackalloc char[cell.Length];
        for (var i = 0; i < cell.Length; i++) { text[i] = (char)cell[i]; }
        return DateTime.TryParseExact(text.Trim(" \t"), formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? (d - DateTime.UnixEpoch).TotalSeconds : double.NaN;
    };

    /// <summary>True where the numbers of the body have decimal commas.</summary>
    public static bool HasDecimalComma(ReadOnlySpan<byte> body, char separator)
    {
        if (separator == ',') { return false; }
        var some = body[..Math.Min(body.Length, 1 << 14)];
        var commas = 0;
        var points = 0;
        for (var i = 1; i + 1 < some.Length; i++)
        {
            if (!char.IsAsciiDigit((char)some[i + 1]) || !(char.IsAsciiDigit((char)some[i - 1]) || some[i - 1] == '-')) { continue; }
            if (some[i] == ',') { commas++; }
            if (some[i] == '.') { points++; }
        }
        return commas > points;
    }

    /// <summary>True where a number has both a comma and, three digits on, a point.</summary>
    private static bool HasThousands(ReadOnlySpan<byte> body)
    {
        while (body.IndexOf((byte)',') is >= 0 and var at)
        {
            if (at > 0 && at + 5 < body.Length && body[at + 4] == '.' && char.IsAsciiDigit((char)body[at - 1]) && char.IsAsciiDigit((char)body[at + 1]) && char.IsAsciiDigit((char)body[at + 5])) { return true; }
            body = body[(at + 1)..];
        }
        return false;
    }

    private static List<string> Names(string header, char separator, ReadOnlySpan<byte> body)
    {
        var names = separator == ' ' ? [.. header.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)] : DelimitedText.Split(header, separator);
        while (names.Count > 1 && names[^1].Length == 0) { names.RemoveAt(names.Count - 1); }
        if (separator == '\t' && names.Count(n => n.Length > 0) is var filled && filled < names.Count)
        {
            var (_, next) = LineAt(body, 0);
            if (body[..next].Count((byte)'\t') < filled) { names.RemoveAll(n => n.Length == 0); }
        }
        return names;
    }

    private static CellReader?[] Readers(List<string> names, ColumnHeader[] headers, Layout layout, ReadOnlySpan<byte> body, bool comma, List<Warning> warnings, out bool[] clocks)
    {
        var point = comma ? (byte)',' : (byte)'.';
        CellReader number = comma ? DelimitedText.Comma : layout.Separator == ',' || HasThousands(body) ? DelimitedText.Grouped : DelimitedText.Point;
        CellReader prefixed = cell => DelimitedText.Prefixed(cell, point);
        CellReader duration = cell => Duration(cell, point);
        var (_, next) = LineAt(body, 0);
        var firstRow = layout.Separator == ' ' ? [] : DelimitedText.Split(TextEncodings.Decode(body[..next]).TrimEnd('\r', '\n'), layout.Separator);
        var readers = new CellReader?[names.Count];
        clocks = new bool[names.Count];
        for (var i = 0; i < names.Count; i++)
        {
            clocks[i] = headers[i].Quantity is ColumnNames.Time or ColumnNames.StepTime && i < firstRow.Count && firstRow[i].Contains(':', StringComparison.Ordinal);
            readers[i] = layout.Special.TryGetValue(names[i], out var special) ? special.Read : clocks[i] ? duration : names[i].Length == 0 ? null
                : headers[i].Quantity is ColumnNames.Frequency or ColumnNames.RealImpedance or ColumnNames.ImaginaryImpedance or "impedanceMagnitude" or "impedancePhase" ? prefixed : number;
            if (clocks[i] && special.Read is null && Moment(firstRow[i], names[i]) is { } origin)
            {
                var name = names[i];
                readers[i] = cell => Moment(TextEncodings.Windows1252.GetString(cell), name) is { } d ? (d - origin).TotalSeconds : double.NaN;
                warnings.Add(new(headers[i].Quantity!, "time is given as dates; it is counted from the first row"));
            }
        }
        return readers;
    }

    /// <summary>A date and time with the year first, or, under EC-Lab's own name of the column, the month.</summary>
    private static DateTime? Moment(string cell, string name) =>
        DateTime.TryParseExact(cell.Trim(), ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? d : name == "time/s" ? BiologicMpt.ParseDate(cell) : null;

    private static List<Column> Columns(FileContent file, Layout layout, List<string> names, ColumnHeader[] headers, CellReader?[] readers, bool[] clocks, DelimitedText table, List<Warning> warnings)
    {
        var columns = new List<Column>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var threeElectrodes = names.Any(n => ColumnHeader.Key(n).StartsWith("positiveelectrodepotential", StringComparison.Ordinal));
        for (var i = 0; i < names.Count; i++)
        {
            if (readers[i] is null) { continue; }
            var values = table.Columns[i];
            if (layout.Special.TryGetValue(names[i], out var special))
            {
                if (table.Unreadable[i] == table.Rows) { warnings.Add(new(names[i], "holds nothing that is understood and is left out")); continue; }
                if (table.Unreadable[i] > 0) { warnings.Add(new(special.Name, $"{table.Unreadable[i]} cells of '{names[i]}' are not understood, first in row {table.FirstUnreadable[i] + 1}; they are left empty")); }
                if (taken.Add(special.Name)) { columns.Add(new(special.Name, special.Unit, values, names[i])); }
                continue;
            }
            var h = headers[i];
            if (table.Unreadable[i] == table.Rows) { warnings.Add(new(names[i], "holds no numbers and is left out")); continue; }
            if (table.Unreadable[i] > 0) { warnings.Add(new(h.Quantity ?? names[i], $"{table.Unreadable[i]} cells of '{names[i]}' are no numbers, first in row {table.FirstUnreadable[i] + 1}; they are left empty")); }
            var quantity = h.Quantity;
            if (threeElectrodes && quantity == ColumnNames.Potential && !ColumnHeader.Key(names[i]).StartsWith("positive", StringComparison.Ordinal)) { quantity = ColumnNames.CellVoltage; }
            if (quantity is null || !taken.Add(quantity))
            {
                var name = names[i];
                for (var n = 2; !taken.Add(name); n++) { name = $"{names[i]} ({n})"; }
                columns.Add(new(name, h.Unit, values, names[i]));
                continue;
            }
            if (!h.HasUnit && h.Unit != "1" && !layout.UnitsKnown && !clocks[i])
            {
                if (quantity is ColumnNames.Current or ColumnNames.ChargeCapacity or ColumnNames.DischargeCapacity or ColumnNames.NetCharge or ColumnNames.ChargeEnergy or ColumnNames.DischargeEnergy or ColumnNames.StackPressure)
                {
                    throw file.AtLine(layout.HeaderLine + 1, $"the column '{names[i]}' has no unit", $"name it with its unit, for example '{names[i]}/{(quantity == ColumnNames.Current ? "mA" : "mA.h")}'");
                }
                if (quantity is ColumnNames.Temperature or ColumnNames.AmbientTemperature)
                {
                    columns.Add(new(names[i], "1", values, names[i]));
                    warnings.Add(new(names[i], "the header gives no unit of temperature; the numbers are given as they stand"));
                    continue;
                }
                warnings.Add(new(quantity, $"the header '{names[i]}' gives no unit; {h.Unit} is taken"));
            }
            for (var r = 0; r < values.Length && !clocks[i]; r++) { values[r] = (values[r] * h.Scale) + h.Offset; }
            columns.Add(new(quantity, h.Unit, values, names[i], quantity is ColumnNames.Potential or ColumnNames.CounterPotential ? PotentialReference.Unknown : null));
        }
        return columns;
    }
}
