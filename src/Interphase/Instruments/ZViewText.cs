using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>ZView text as Autolab's frequency response analyser exports it: <c>Z60W Data File</c> or, from ZPlot, <c>ZPlotW Data File</c>, one quoted line of names, rows with commas.</summary>
internal static class ZViewText
{
    private const string Name = "zview-text";

    public static readonly FileFormat Format = new(Name, "ZView text, also from Autolab and ZPlot (Z60W, ZPlotW Data File)", IsText: true,
        head => head.Lines[0].TrimStart('"', '\uFEFF') is var first && (first.StartsWith("Z60W Data File", StringComparison.Ordinal) || first.StartsWith("ZPlotW Data File", StringComparison.Ordinal)), Read);

    private static Measurement Read(FileContent file)
    {
        var text = file.TextBytes().Span;
        var line = 0;
        while (true)
        {
            var (at, next) = TextTable.LineAt(text, line);
            if (at >= text.Length || line > 1000) { throw file.AtLine(line, "the line of column names is missing", "export the file again"); }
            line++;
            if (text[at..next].IndexOf("Freq"u8) < 0 || text[at..next].IndexOf("Z'"u8) < 0) { continue; }
            var table = DelimitedText.Read(text[next..], (byte)',', [.. Enumerable.Repeat<CellReader?>(DelimitedText.Point, 9)]);
            if (table.Rows == 0) { throw file.AtLine(line, "the file has no rows", "export it again with its data"); }
            List<Results.Warning> warnings = [];
            TextTable.CheckRows(file, table, warnings);
            List<Column> columns =
            [
                new(ColumnNames.Frequency, "Hz", table.Columns[0], "Freq (Hz)"), new("amplitude", "V", table.Columns[1], "Ampl"), new("bias", "V", table.Columns[2], "Bias"),
                new(ColumnNames.RealImpedance, "ohm", table.Columns[4], "Z'(a)"), new(ColumnNames.ImaginaryImpedance, "ohm", table.Columns[5], "Z''(b)"),
            ];
            // The time column is filled only by some programs.
            if (table.Columns[3].Any(t => t > 0)) { columns.Add(new(ColumnNames.Time, "s", table.Columns[3], "Time(Sec)")); }
            return TextTable.Measure(file, Name, columns, warnings, null, null, "impedance");
        }
    }
}
