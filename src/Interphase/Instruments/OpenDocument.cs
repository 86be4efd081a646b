using System.Globalization;
using System.Text;
using System.Xml;
using Interphase.Files;

namespace Interphase.Instruments;

/// <summary>Sheets of OpenDocument spreadsheets: <c>.ods</c> (packed) and <c>.fods</c> (one XML file).</summary>
internal static class OpenDocument
{
    private const string TableSpace = "urn:oasis:names:tc:opendocument:xmlns:table:1.0", OfficeSpace = "urn:oasis:names:tc:opendocument:xmlns:office:1.0", TextSpace = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
    private const int MostCells = 20_000_000;
    private const long LargestContent = 1L << 30;

    public static bool IsPacked(FileHead head) => head.StartsWith("PK") && head.Bytes.Span[..Math.Min(head.Bytes.Length, 128)].IndexOf("application/vnd.oasis.opendocument.spreadsheet"u8) >= 0;

    public static bool IsFlat(FileHead head) => head.Lines[0].TrimStart('\uFEFF').StartsWith("<?xml", StringComparison.Ordinal) && head.Text.Contains("office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"", StringComparison.Ordinal);

    /// <summary>Each sheet as text with tabs.</summary>
    /// <exception cref="InputException">The document is damaged or too large.</exception>
    public static List<(string Name, string Text)> Sheets(FileContent file)
    {
        const string damaged = "the spreadsheet is damaged", mend = "save it again, or export its sheets as csv";
        if (file.Span.StartsWith("PK"u8))
        {
            return PackedFile.Read(file.Bytes, file.Path, damaged, mend, archive =>
            {
                var content = archive.GetEntry("content.xml") ?? throw new InvalidDataException("it holds no content.xml");
                if (content.Length > LargestContent) { throw TooLarge(file.Path); }
                using var stream = content.Open();
                return Sheets(stream, file.Path);
            });
        }
        try { return Sheets(new MemoryStream(file.Bytes.ToArray()), file.Path); }
        catch (XmlException e) { throw new InputException(damaged, file.Path, mend, e); }
    }

    private static List<(string, string)> Sheets(Stream stream, string path)
    {
        var sheets = new List<(string, string)>();
        using var xml = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestContent });
        var (text, row) = (new StringBuilder(), new List<string>());
        string name = "";
        int repeatRow = 1, repeatCell = 1;
        long cells = 0;
        var (cell, said) = ((string?)null, new StringBuilder());
        while (xml.Read())
        {
            var start = xml.NodeType == XmlNodeType.Element;
            var end = xml.NodeType == XmlNodeType.EndElement || (start && xml.IsEmptyElement);
            if (xml.NamespaceURI == TableSpace && xml.LocalName == "table")
            {
                if (start) { (name, text) = (xml.GetAttribute("name", TableSpace) ?? "", new StringBuilder()); }
                if (end) { sheets.Add((name, text.ToString())); }
            }
            else if (xml.NamespaceURI == TableSpace && xml.LocalName == "table-row")
            {
                if (start) { (repeatRow, row) = (Repeated(xml, "number-rows-repeated"), []); }
                if (!end) { continue; }
                while (row.Count > 0 && row[^1].Length == 0) { row.RemoveAt(row.Count - 1); }
                // Sheets are filled up with a million empty rows.
                var times = row.Count == 0 ? 1 : repeatRow;
                if ((cells += (long)times * Math.Max(row.Count, 1)) > MostCells) { throw TooLarge(path); }
                for (var i = 0; i < times; i++) { text.Append(string.Join('\t', row)).Append('\n'); }
            }
            else if (xml.NamespaceURI == TableSpace && xml.LocalName is "table-cell" or "covered-table-cell")
            {
                if (start)
                {
                    repeatCell = Repeated(xml, "number-columns-repeated");
                    said.Clear();
                    cell = xml.GetAttribute("value-type", OfficeSpace) is "float" or "percentage" or "currency" ? xml.GetAttribute("value", OfficeSpace) : null;
                }
                if (!end) { continue; }
                var value = (cell ?? said.ToString()).Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ').Trim();
                if (value.Length == 0) { repeatCell = Math.Min(repeatCell, 1024); }
                if ((cells += repeatCell) > MostCells) { throw TooLarge(path); }
                for (var i = 0; i < repeatCell; i++) { row.Add(value); }
            }
            else if (xml.NodeType == XmlNodeType.Text) { said.Append(xml.Value); }
            else if (start && xml.NamespaceURI == TextSpace && xml.LocalName is "s" or "tab") { said.Append(' '); }
        }
        return sheets;
    }

    private static int Repeated(XmlReader xml, string attribute) =>
        int.TryParse(xml.GetAttribute(attribute, TableSpace), CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 1;

    private static InputException TooLarge(string path) => new("the spreadsheet is too large", path, "export its sheets as csv");
}
