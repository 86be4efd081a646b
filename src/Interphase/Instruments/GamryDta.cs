using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>
/// Gamry <c>.DTA</c>: key lines, then tables. Several <c>CURVE</c> tables are the cycles of a voltammogram; <c>ZCURVE</c> holds
/// impedance; <c>OCVCURVE</c> the rest before it.
/// </summary>
internal static class GamryDta
{
    private const string Name = "gamry-dta";

    public static readonly FileFormat Format = new(Name, "Gamry Framework (.DTA)", IsText: true,
        head => head.StartsWith("EXPLAIN") && head.Lines.Skip(1).Take(3).Any(l => l.StartsWith("TAG", StringComparison.Ordinal)), Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["pt"] = ("point", "1"), ["t"] = (ColumnNames.Time, "s"), ["time"] = (ColumnNames.Time, "s"), ["vf"] = (ColumnNames.Potential, "V"), ["im"] = (ColumnNames.Current, "A"),
        ["vm"] = ("measuredPotential", "V"), ["temp"] = (ColumnNames.Temperature, "K"), ["cycle"] = (ColumnNames.Cycle, "1"), ["freq"] = (ColumnNames.Frequency, "Hz"),
        ["zreal"] = (ColumnNames.RealImpedance, "ohm"), ["zimag"] = (ColumnNames.ImaginaryImpedance, "ohm"), ["idc"] = (ColumnNames.Current, "A"), ["vdc"] = (ColumnNames.Potential, "V"),
    };

    private sealed record Table(string Title, string[] Headers, ColumnHeader[] Columns, double[][] Values, int Rows);

    private static Measurement Read(FileContent file)
    {
        var text = file.TextBytes().Span;
        var metadata = new List<MetadataEntry>();
        var warnings = new List<Warning>();
        var tables = new List<Table>();
        var comma = TextTable.HasDecimalComma(text, '\t');
        var p = 0;
        var line = 0;
        while (p < text.Length)
        {
            var at = ReadLine(text, ref p, ref line);
            var cells = at.Split('\t');
            if (cells.Length >= 2 && cells[1].Trim() == "TABLE")
            {
                tables.Add(ReadTable(file, text, ref p, ref line, cells, comma, warnings));
            }
            else if (cells.Length >= 3 && cells[1] == "NOTES" && int.TryParse(cells[2], out var notes) && notes is >= 0 and < 10000)
            {
                var said = new List<string>();
                for (var i = 0; i < notes && p < text.Length; i++) { said.Add(ReadLine(text, ref p, ref line).Trim()); }
                if (string.Join('\n', said).Trim() is { Length: > 0 } comments) { metadata.Add(new(MetadataNames.Comments, comments)); }
            }
            else if (cells.Length >= 2 && cells[0].Length > 0)
            {
                metadata.Add(Entry(cells, comma));
            }
        }
        string Says(string key) => metadata.Find(m => m.Name == key)?.Text ?? "";
        var technique = Says("tag");
        var start = Start(Says("date"), Says("time"));
        if (start is null) { warnings.Add(new("start", "the file gives no date and time that could be read")); }
        var sign = Sign(Says("convention"), warnings, tables);
        var spectra = new List<ImpedanceSpectrum>();
        foreach (var t in tables.Where(t => t.Title.StartsWith("ZCURVE", StringComparison.Ordinal)))
        {
            var columns = Columns(t, sign);
            double[]? V(string n) => columns.Find(c => c.Name == n)?.Values;
            if (V(ColumnNames.Frequency) is { } f && V(ColumnNames.RealImpedance) is { } re && V(ColumnNames.ImaginaryImpedance) is { } im)
            {
                spectra.AddRange(ImpedanceRows.Split(f, re, im, null, V(ColumnNames.Time), V(ColumnNames.Potential), null, V(ColumnNames.Temperature)));
            }
            else { warnings.Add(new(t.Title, "the table lacks frequency, real or imaginary part and is left out")); }
        }
        var series = Series(tables, sign, warnings);
        if (series is null && spectra.Count == 0) { throw file.AtLine(line, "the file holds no table with rows", "export it again; the measurement may have been stopped before its first point"); }
        return new()
        {
            File = file.Path, Format = Name, Technique = technique, Start = start, Metadata = metadata, Series = series, Warnings = warnings,
            Spectra = [.. spectra.Select((s, i) => s with { File = file.Path, Start = start, Index = i })],
        };
    }

    /// <summary>The curves one after another; where no cycle is stored, the curves are the cycles. Without curves, the rest before an impedance.</summary>
    private static TimeSeries? Series(List<Table> tables, double sign, List<Warning> warnings)
    {
        var curves = tables.FindAll(t => t.Title.StartsWith("CURVE", StringComparison.Ordinal) && t.Rows > 0);
        if (curves.Count == 0) { curves = tables.FindAll(t => t.Title.StartsWith("OCVCURVE", StringComparison.Ordinal) && t.Rows > 0); }
        if (curves.Count == 0) { curves = tables.FindAll(t => t.Title.StartsWith("ZCURVE", StringComparison.Ordinal) && t.Rows > 0); }
        if (curves.Count == 0) { return null; }
        var parts = curves.Select(c => Columns(c, sign)).ToArray();
        var names = parts[0].Select(c => c.Name).Where(n => parts.All(q => q.Exists(c => c.Name == n))).ToArray();
        var joined = names.Select(n =>
        {
            var first = parts[0].Find(c => c.Name == n)!;
            return parts.Length == 1 ? first : first with { Values = [.. parts.SelectMany(q => q.Find(c => c.Name == n)!.Values)] };
        }).ToList();
        if (!names.Contains(ColumnNames.Time)) { return null; }
        if (!names.Contains(ColumnNames.Cycle))
        {
            joined.Add(new(ColumnNames.Cycle, "1", [.. parts.SelectMany((q, i) => Enumerable.Repeat((double)i, q[0].Values.Length))], "one cycle a curve"));
        }
        if (!names.Contains(ColumnNames.Current) && curves[0].Title.StartsWith("OCV", StringComparison.Ordinal))
        {
            joined.Add(new(ColumnNames.Current, "A", new double[joined[0].Values.Length], "open circuit"));
        }
        if (joined.Find(c => c.Name == ColumnNames.Temperature) is { } t)
        {
            // Gamry writes -327 degC where no thermocouple is connected.
            if (t.Values.All(v => !(v > 0))) { joined.Remove(t); }
        }
        var series = new TimeSeries(joined);
        if (BiologicQuantities.BackwardSteps(series.Time) is { } back) { warnings.Add(back); }
        return series;
    }

    private static List<Column> Columns(Table table, double sign)
    {
        var columns = new List<Column>();
        for (var i = 0; i < table.Columns.Length; i++)
        {
            var h = table.Columns[i];
            var name = h.Quantity ?? table.Headers[i];
            if (columns.Exists(c => c.Name == name)) { name = table.Headers[i]; }
            if (columns.Exists(c => c.Name == name) || table.Values[i].Length == 0) { continue; }
            var values = h.Quantity is null || (h.Scale == 1 && h.Offset == 0) ? table.Values[i] : Array.ConvertAll(table.Values[i], v => (v * h.Scale) + h.Offset);
            if (name == ColumnNames.Current && sign < 0) { values = Array.ConvertAll(values, v => -v); }
            columns.Add(new(name, h.Unit, values, $"{table.Title} {table.Headers[i]}", name == ColumnNames.Potential ? PotentialReference.Unknown : null));
        }
        return columns;
    }

    /// <summary>
    /// The current convention is a setting: 1 anodic positive, 0 cathodic positive. Older files do not say it; there anodic
    /// positive is the default of the software.
    /// </summary>
    private static double Sign(string convention, List<Warning> warnings, List<Table> tables)
    {
        if (convention.Trim() == "0")
        {
            warnings.Add(new(ColumnNames.Current, "the file counts cathodic current positive; its sign is turned so that charge is positive"));
            return -1;
        }
        if (convention.Length == 0 && tables.Exists(t => t.Title.StartsWith("CURVE", StringComparison.Ordinal)))
        {
            warnings.Add(new(ColumnNames.Current, "the file does not say its current convention; anodic current is taken as positive"));
        }
        return 1;
    }

    private static Table ReadTable(FileContent file, ReadOnlySpan<byte> text, ref int p, ref int line, string[] title, bool comma, List<Warning> warnings)
    {
        var name = title[0].Trim();
        var begin = line;
        var names = ReadLine(text, ref p, ref line).Split('\t').Skip(1).Select(s => s.Trim()).ToArray();
        var units = ReadLine(text, ref p, ref line).Split('\t').Skip(1).Select(s => s.Trim()).ToArray();
        if (names.Length == 0 || units.Length == 0) { throw file.AtLine(begin, $"the table {name} has no column names and units", "copy or export the file again"); }
        var from = p;
        // Rows begin with white space; the next key does not.
        while (p < text.Length && text[p] is (byte)'\t' or (byte)' ' or (byte)'\r' or (byte)'\n') { p += TextTable.LineAt(text[p..], 0).Next; }
        var body = text[from..p];
        line += body.Count((byte)'\n');
        CellReader number = comma ? DelimitedText.Comma : DelimitedText.Point;
        var isText = names.Select(n => n is "Over").ToArray();
        var plain = body.IndexOf("\n "u8) >= 0 || (body.Length > 0 && body[0] == ' ');
        var readers = isText.Select(t => t ? null : number).ToArray();
        var table = plain ? DelimitedText.Read(body, (byte)' ', readers) : DelimitedText.Read(body, (byte)'\t', [null, .. readers]);
        TextTable.CheckRows(file, table, warnings);
        var values = plain ? table.Columns : table.Columns[1..];
        for (var c = 0; c < names.Length; c++)
        {
            var bad = table.Unreadable[plain ? c : c + 1];
            if (bad > 0) { warnings.Add(new($"{name}.{names[c]}", $"{bad} cells are no numbers, first in row {table.FirstUnreadable[plain ? c : c + 1] + 1}; they are left empty")); }
        }
        if (title.Length > 2 && int.TryParse(title[2], out var announced) && announced != table.Rows)
        {
            warnings.Add(new(name, $"the table announces {announced} rows and holds {table.Rows}: the measurement was stopped early or the file is cut off"));
        }
        var headers = names.Select((n, i) => ColumnHeader.Of(i < units.Length && units[i].Length > 0 ? $"{n} [{units[i].Replace("V vs. Ref.", "V", StringComparison.Ordinal)}]" : n, Names)).ToArray();
        return new(name, names, headers, values, table.Rows);
    }

    private static MetadataEntry Entry(string[] cells, bool comma)
    {
        var key = cells[0].Trim();
        var kind = cells[1].Trim();
        if (cells.Length == 2) { return new(key == "TAG" ? "tag" : key, kind); }
        var value = cells[2].Trim();
        double? number = double.TryParse(comma ? value.Replace(',', '.') : value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : null;
        return (key, number) switch
        {
            ("AREA", { } a) => new(MetadataNames.ElectrodeArea, $"{value} cm2", Quantity.Of(a, "cm2"), a is 1 or <= 0),
            ("SCANRATE", { } r) => new(MetadataNames.ScanRate, $"{value} mV/s", Quantity.Of(r, "mV/s")),
            ("PSTAT", _) => new(MetadataNames.Instrument, $"Gamry {value}"),
            ("FRAMEWORKVERSION", _) => new(MetadataNames.Software, $"Gamry Framework {value}"),
            ("DATE" or "TIME" or "TITLE" or "TAG" or "CONVENTION", _) => new(key.ToLowerInvariant(), value),
            ("VINIT" or "VLIMIT1" or "VLIMIT2" or "VFINAL" or "VDC" or "EOC", { } e) => new(key, $"{value} V", Quantity.Of(e, "V")),
            _ => new(key, value),
        };
    }

    private static StartTime? Start(string date, string time)
    {
        // US order with slashes; day first with dots. 01-01-2022 style is month first.
        string[] dates = ["M/d/yyyy", "d.M.yyyy", "M-d-yyyy", "yyyy-MM-dd", "d/M/yyyy"];
        string[] times = ["H:mm:ss", "h:mm:ss tt"];
        return DateTime.TryParseExact($"{date.Trim()} {time.Trim()}", [.. dates.SelectMany(d => times.Select(t => $"{d} {t}"))], CultureInfo.InvariantCulture, DateTimeStyles.None, out var when) ? new StartTime(when, null) : null;
    }

    private static string ReadLine(ReadOnlySpan<byte> text, ref int p, ref int line)
    {
        var (_, next) = TextTable.LineAt(text[p..], 0);
        var s = TextEncodings.Decode(text.Slice(p, next)).TrimEnd('\r', '\n');
        p += next;
        line++;
        return s;
    }
}
