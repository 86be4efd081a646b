using System.Text.Json;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Battery Data Format, csv (labels or machine names, current or deprecated) and json.</summary>
public static class BdfFile
{
    private const string Name = "bdf";
    private const double TenYears = 10 * 365.25 * 86400;

    /// <summary>BDF csv.</summary>
    public static FileFormat Format { get; } = new(Name, "Battery Data Format, csv (.bdf.csv)", IsText: true,
        head => head.Lines.Count > 0 && head.Lines[0].Length < 65536 && IsHeader(head.Lines[0].Split(',')), ReadCsv);

    /// <summary>BDF json: an object with one array a column.</summary>
    public static FileFormat JsonFormat { get; } = new("bdf-json", "Battery Data Format, json with one array a column", IsText: true,
        head => head.Text.TrimStart().StartsWith("{\"", StringComparison.Ordinal) && FirstKey(head.Text) is { } key && BdfColumns.Find(key) is not null, ReadJson);

    /// <summary>Reads a BDF csv as it stands, for checks; <c>.gz</c> too.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static BdfTable Table(string path)
    {
        var content = InstrumentFile.Text(path);
        return BdfTable.Parse(path, content.TextBytes().Span);
    }

    private static bool IsHeader(string[] cells)
    {
        var known = cells.Select(c => BdfColumns.Find(c.Trim().Trim('"'))).OfType<BdfColumn>().ToArray();
        return known.Length >= 2 && known.Length * 2 >= cells.Length && known.Any(c => c.Name is ColumnNames.Time or ColumnNames.Frequency);
    }

    private static Measurement ReadCsv(FileContent file)
    {
        var table = BdfTable.Parse(file.Path, file.TextBytes().Span);
        if (table.Rows == 0) { throw file.AtLine(2, "the file has a header but no rows", "write it again with its data"); }
        var warnings = new List<Warning>();
        if (table.WidestRow > table.Headers.Count) { throw file.AtLine(2, $"a row has {table.WidestRow} cells under {table.Headers.Count} headers", "write the file again"); }
        if (table.ShortRows > 0) { warnings.Add(new("columns", $"{table.ShortRows} rows have fewer cells than the header; the missing ones are left empty")); }
        if (table.MayBeCutOff) { warnings.Add(new("series", "no line end follows the last row and its last number is shorter than the one above: the file may be cut off there")); }
        for (var i = 0; i < table.Headers.Count; i++)
        {
            if (table.Unreadable[i] > 0 && BdfColumns.Find(table.Headers[i])?.Notation != "step_type")
            {
                warnings.Add(new(table.Headers[i], $"{table.Unreadable[i]} cells are no numbers, first in row {table.FirstUnreadable[i] + 1}; they are left empty"));
            }
        }
        return Build(file, Name, table.Headers, table.Columns, warnings);
    }

    private static Measurement Build(FileContent file, string format, IReadOnlyList<string> headers, double[][] values, List<Warning> warnings)
    {
        var columns = new List<Column>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            var bdf = BdfColumns.Find(header);
            if (header.Length == 0 || bdf?.Notation == "step_type") { continue; }
            var factor = 1.0;
            if (BdfColumns.Deprecated.TryGetValue(header, out var now))
            {
                factor = now.Factor;
                warnings.Add(new(header, $"this name is deprecated; it is read as '{bdf!.Label}'"));
            }
            var name = bdf is null ? header : bdf.Name ?? bdf.Label;
            if (!taken.Add(name)) { warnings.Add(new(header, "a second column of this quantity is left out")); continue; }
            var v = values[i];
            var (scale, offset) = bdf?.Name is null ? (factor, 0) : (bdf.Scale * factor, bdf.Offset);
            if (scale != 1 || offset != 0) { for (var r = 0; r < v.Length; r++) { v[r] = (v[r] * scale) + offset; } }
            columns.Add(new(name, bdf?.Name is null ? bdf?.Unit ?? "1" : SiUnit(name), v, header, name is ColumnNames.Potential ? PotentialReference.Unknown : null));
        }
        if (columns.Find(c => c.Name == ColumnNames.Time) is { Values: { Length: > 1 } t } && t[^1] - t[0] > TenYears)
        {
            warnings.Add(new(ColumnNames.Time, $"the test would last {(t[^1] - t[0]) / 365.25 / 86400:F1} years: the time is probably in milliseconds under a seconds label; 'interphase data validate --repair' corrects it"));
        }
        return TextTable.Measure(file, format, columns, warnings, null, null, "");
    }

    private static string SiUnit(string name) => name switch
    {
        ColumnNames.Time or ColumnNames.UnixTime or ColumnNames.StepTime => "s",
        ColumnNames.Potential => "V",
        ColumnNames.Current => "A",
        ColumnNames.Temperature or ColumnNames.AmbientTemperature => "K",
        ColumnNames.Frequency => "Hz",
        ColumnNames.RealImpedance or ColumnNames.ImaginaryImpedance => "ohm",
        ColumnNames.StackPressure => "Pa",
        ColumnNames.NetCharge or ColumnNames.ChargeCapacity or ColumnNames.DischargeCapacity => "C",
        ColumnNames.ChargeEnergy or ColumnNames.DischargeEnergy => "J",
        _ => "1",
    };

    private static string? FirstKey(string text)
    {
        var from = text.IndexOf('"', StringComparison.Ordinal);
        var to = text.IndexOf('"', from + 1);
        return to > 0 ? text[(from + 1)..to] : null;
    }

    private static Measurement ReadJson(FileContent file)
    {
        var headers = new List<string>();
        var columns = new List<double[]>();
        try
        {
            var json = new Utf8JsonReader(file.TextBytes().Span);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                headers.Add(json.GetString()!);
                json.Read();
                if (json.TokenType != JsonTokenType.StartArray) { throw file.AtByte(json.TokenStartIndex, $"'{headers[^1]}' is not an array", "write one array of numbers a column"); }
                var values = new List<double>();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    values.Add(json.TokenType switch
                    {
                        JsonTokenType.Number => json.GetDouble(),
                        JsonTokenType.Null or JsonTokenType.String => double.NaN,
                        _ => throw file.AtByte(json.TokenStartIndex, $"'{headers[^1]}' holds something that is no number", "write one array of numbers a column"),
                    });
                }
                columns.Add([.. values]);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new InputException("the JSON is damaged", file.Path, $"write it again ({e.Message})", e);
        }
        if (columns.Count == 0 || columns[0].Length == 0) { throw new InputException("the file has no rows", file.Path, "write it again with its data"); }
        if (columns.Exists(c => c.Length != columns[0].Length)) { throw new InputException("the columns are of different lengths", file.Path, "write the same number of values for each column"); }
        return Build(file, "bdf-json", headers, [.. columns], []);
    }
}
