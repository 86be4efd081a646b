using System.Globalization;
using System.Text;
using ExcelDataReader;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>A spreadsheet <c>.xlsx</c> of impedance: every sheet with named columns is read as a table of its own.</summary>
internal static class Workbook
{
    private const string Name = "xlsx";
    private const int MostCells = 20_000_000;

    public static readonly FileFormat Format = new(Name, "spreadsheet (.xlsx) with named columns", IsText: false,
        head => head.StartsWith("PK") && head.Bytes.Span.IndexOf("xl/"u8) >= 0, Read);

    private static Measurement Read(FileContent file)
    {
        List<ImpedanceSpectrum> spectra = [];
        List<Warning> warnings = [];
        Measurement? series = null;
        foreach (var (sheet, text) in Sheets(file))
        {
            var content = new FileContent(file.Path, Encoding.UTF8.GetBytes(text));
            if (!NamedText.Format.Recognises(new FileHead(file.Path, content.Bytes[..Math.Min(content.Bytes.Length, 1 << 16)], content.Bytes.Length <= 1 << 16)))
            {
                warnings.Add(new(sheet, "the sheet has no header row that names quantities; it is left out"));
                continue;
            }
            var m = NamedText.Format.Read(content);
            warnings.AddRange(m.Warnings.Select(w => w with { Path = $"{sheet}: {w.Path}" }));
            spectra.AddRange(m.Spectra.Select(s => s with { Index = spectra.Count + s.Index }));
            series ??= m.Series is null ? null : m;
        }
        if (spectra.Count == 0 && series is null)
        {
            throw new InputException("no sheet has a header row that names quantities", file.Path, "name the columns by quantity and unit, for example 'freq_Hz', 'Zre_ohm', 'Zim_ohm'");
        }
        return new() { File = file.Path, Format = Name, Series = series?.Series, Spectra = spectra, Warnings = warnings };
    }

    /// <summary>Each sheet as text with tabs.</summary>
    private static List<(string Name, string Text)> Sheets(FileContent file)
    {
        var sheets = new List<(string, string)>();
        // The library asks for the Windows encoding even where the file has none of it.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            using var reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(file.Bytes.ToArray()));
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
                        text.Append(Convert.ToString(reader.GetValue(c), CultureInfo.InvariantCulture)?.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' '));
                    }
                    text.Append('\n');
                }
                sheets.Add((reader.Name, text.ToString()));
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
}
