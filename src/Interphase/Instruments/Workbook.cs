using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ExcelDataReader;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// A spreadsheet, <c>.xlsx</c>, <c>.xls</c> or OpenDocument's <c>.ods</c> and <c>.fods</c>. The sheets of a cycler's export (Arbin's <c>Channel_…</c>, Neware's <c>record</c>) are one series; else
/// every sheet with named columns is read as a table of its own.
/// </summary>
internal static partial class Workbook
{
    private const string Name = "xlsx";
    private const int MostCells = 20_000_000;

    public static readonly FileFormat Format = new(Name, "spreadsheet (.xlsx, .xls) of a cycler (Arbin, Neware, Maccor) or with named columns", IsText: false,
        head => (head.StartsWith("PK") && head.Bytes.Span.IndexOf("xl/"u8) >= 0) || IsCompound(head.Bytes.Span), f => Read(f, Excel(f)));

    public static readonly FileFormat OpenFormat = new("opendocument", "OpenDocument spreadsheet (.ods, .fods)", IsText: false,
        head => OpenDocument.IsPacked(head) || OpenDocument.IsFlat(head), f => Read(f, [.. OpenDocument.Sheets(f).Select(s => new Sheet(s.Name, s.Text))]) is var m && m.Format == Name ? m with { Format = "opendocument" } : m);

    /// <summary>Cyclers whose tables are known, and what their spreadsheets are called.</summary>
    private static readonly (FileFormat Format, string Name)[] Cyclers = [(ArbinText.Format, "arbin-xlsx"), (NewareText.Format, "neware-xlsx"), (MaccorText.Format, "maccor-xlsx")];

    /// <summary>A compound file with the stream of a workbook, whose name is in UTF-16.</summary>
    private static bool IsCompound(ReadOnlySpan<byte> b) => b is [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..];

    private static Measurement Read(FileContent file, List<Sheet> sheets)
    {
        foreach (var (format, name) in Cyclers)
        {
            if (sheets.Where(s => format.Recognises(s.Head)).ToList() is { Count: > 0 } records) { return Series(file, format, name, records, sheets); }
        }
        return Thermal(file, sheets) ?? Tables(file, sheets);
    }

    /// <summary>A thermal run, whose steps are sheets with the same columns; what sheets without columns say goes before.</summary>
    private static Measurement? Thermal(FileContent file, List<Sheet> sheets)
    {
        var steps = sheets.Where(s => ThermalText.Format.Recognises(s.Head)).ToList();
        if (steps.Count == 0) { return null; }
        var text = new StringBuilder();
        foreach (var other in sheets.Except(steps).Where(s => s.Text.Length < 1 << 14)) { text.Append(other.Text); }
        foreach (var step in steps) { text.Append(step.Text); }
        return ThermalText.Read(new(file.Path, Encoding.UTF8.GetBytes(text.ToString())), Name);
    }

    /// <summary>The sheets of one channel, which continue each other, as one table.</summary>
    private static Measurement Series(FileContent file, FileFormat format, string name, List<Sheet> records, List<Sheet> sheets)
    {
        static string Channel(Sheet s) => ChannelName().Match(s.Name) is { Success: true } m ? m.Groups[1].Value : s.Name;
        var first = records[0];
        var parts = records.Where(s => s.Header == first.Header && Channel(s) == Channel(first)).ToList();
        var text = new StringBuilder(parts.Sum(s => s.Text.Length));
        foreach (var part in parts) { text.Append(part == first ? part.Text : part.Text[(part.Text.IndexOf('\n', StringComparison.Ordinal) + 1)..]); }
        var m = format.Read(new(file.Path, Encoding.UTF8.GetBytes(text.ToString())));
        var left = records.Except(parts).Select(s => s.Name).ToArray();
        List<Warning> warnings = [.. m.Warnings];
        if (left.Length > 0) { warnings.Add(new("sheets", $"the sheets {string.Join(", ", left)} are of other channels or columns and are left out; save them as files of their own")); }
        return m with { Format = name, Warnings = warnings, Metadata = [.. m.Metadata, .. sheets.SelectMany(Labelled)] };
    }

    /// <summary>What Arbin's sheet of general information says: a row of names and a row of values.</summary>
    private static IEnumerable<MetadataEntry> Labelled(Sheet sheet)
    {
        var rows = sheet.Head.Lines.Take(20).Select(l => l.Split('\t')).ToArray();
        var at = Array.FindIndex(rows, r => r.Contains("Start DateTime") && r.Contains("Schedule File Name"));
        if (at < 0 || at + 1 >= rows.Length) { yield break; }
        for (var i = 0; i < Math.Min(rows[at].Length, rows[at + 1].Length); i++)
        {
            if (rows[at][i].Length > 0 && rows[at + 1][i].Length > 0)
            {
                yield return new(rows[at][i] switch { "Comments" => MetadataNames.Comments, "Software Version" => MetadataNames.Software, "Schedule File Name" => "schedule", "Creator" => "operator", var key => BiologicHeader.Camel(key) }, rows[at + 1][i]);
            }
        }
    }

    private static Measurement Tables(FileContent file, List<Sheet> sheets)
    {
        List<ImpedanceSpectrum> spectra = [];
        List<Warning> warnings = [];
        Measurement? series = null;
        foreach (var sheet in sheets)
        {
            if (!NamedText.Format.Recognises(sheet.Head))
            {
                warnings.Add(new(sheet.Name, "the sheet has no header row that names quantities; it is left out"));
                continue;
            }
            var m = NamedText.Format.Read(new(file.Path, Encoding.UTF8.GetBytes(sheet.Text)));
            warnings.AddRange(m.Warnings.Select(w => w with { Path = $"{sheet.Name}: {w.Path}" }));
            spectra.AddRange(m.Spectra.Select(s => s with { Index = spectra.Count + s.Index }));
            if (series is not null && m.Series is not null) { warnings.Add(new(sheet.Name, "a second series over time is left out; save it as a file of its own")); }
            series ??= m.Series is null ? null : m;
        }
        if (spectra.Count == 0 && series is null)
        {
            throw new InputException("no sheet has a header row that names quantities", file.Path, "name the columns by quantity and unit, for example 'freq_Hz', 'Zre_ohm', 'Zim_ohm'");
        }
        return new() { File = file.Path, Format = Name, Series = series?.Series, Spectra = spectra, Warnings = warnings };
    }

    /// <summary>A sheet as text with tabs.</summary>
    private sealed record Sheet(string Name, string Text)
    {
        public FileHead Head { get; } = new(Name, Encoding.UTF8.GetBytes(Text[..Math.Min(Text.Length, 1 << 15)]), Text.Length <= 1 << 15);

        public string Header => Head.Lines[0];
    }

    private static List<Sheet> Excel(FileContent file)
    {
        var sheets = new List<Sheet>();
        // The library asks for the Windows encoding even where the file has none of it.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            var stream = new MemoryStream(file.Bytes.ToArray());
            using var reader = IsCompound(file.Span) ? ExcelReaderFactory.CreateBinaryReader(stream) : ExcelReaderFactory.CreateOpenXmlReader(stream);
            long cells = 0;
            do
            {
                var text = new StringBuilder();
                while (reader.Read())
                {
                    cells += reader.FieldCount;
                    if (cells > MostCells) { throw new InputException("the spreadsheet is too large", file.Path, "export its sheets as csv"); }
                    var last = reader.FieldCount;
                    while (last > 0 && reader.GetValue(last - 1) is null) { last--; }
                    for (var c = 0; c < last; c++)
                    {
                        if (c > 0) { text.Append('\t'); }
                        Append(text, reader.GetValue(c));
                    }
                    text.Append('\n');
                }
                sheets.Add(new(reader.Name, text.ToString()));
            }
            while (reader.NextResult());
        }
#pragma warning disable CA1031 // a damaged archive makes the library throw many kinds of exception; all mean the same to a person
        catch (Exception e) when (e is not InputException and not OutOfMemoryException)
#pragma warning restore CA1031
        {
            throw new InputException("the spreadsheet is damaged", file.Path, "save it again, or export its sheets as csv", e);
        }
        return sheets;
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case double d: text.Append(CultureInfo.InvariantCulture, $"{d:R}"); break;
            case DateTime t when t.Year < 1904: Append(text, Elapsed(t)); break;
            case DateTime t: text.Append(CultureInfo.InvariantCulture, $"{t:yyyy-MM-dd HH:mm:ss.fff}"); break;
            case TimeSpan t: text.Append(CultureInfo.InvariantCulture, $"{Math.Floor(t.TotalHours):F0}:{t:mm\\:ss\\.fff}"); break;
            default: text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)?.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ')); break;
        }
    }

    /// <summary>A duration under a format of dates, in days from the library's zero: it adds one to numbers below 60, where Excel counts a day that was none.</summary>
    private static TimeSpan Elapsed(DateTime t) => t.ToOADate() is var days && days < 61 ? t - new DateTime(1899, 12, 31) : t - new DateTime(1899, 12, 30);

    /// <summary>Arbin's sheets are called by channel and part: <c>Channel_11_1</c>, <c>Channel-11_2</c>.</summary>
    [GeneratedRegex(@"^(Channel[_-].+)[_-]\d+$")]
    private static partial Regex ChannelName();
}
