using System.CommandLine;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Cli.Commands;

/// <summary><c>data convert</c>: any file to the Battery Data Format, or to the vendor's own table.</summary>
internal static class DataConvert
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An instrument file of any known format" };
        var output = new Option<string>("--output", "-o") { Description = "The file to write: .bdf.csv, .csv.gz or .json", Required = true };
        var native = new Option<bool>("--native") { Description = "Instead of BDF, the vendor's own export names and units, with the columns its software derives" };
        return Frame.Command("convert", "Convert a file to the Battery Data Format", """
            interphase data convert gcpl.mpr -o gcpl.bdf.csv
            interphase data convert gcpl.mpr -o gcpl.csv --native
            """, (parse, _) => Act(parse.GetRequiredValue(file), parse.GetRequiredValue(output), parse.GetValue(native)), file, output, native);
    }

    private static Answer Act(string file, string output, bool native)
    {
        if (Path.GetFullPath(file) == Path.GetFullPath(output)) { throw new InputException("the output would replace its source", output, "name another file with -o"); }
        if (Directory.Exists(output)) { throw new InputException("the output is a folder", output, "name a file, for example cell.bdf.csv"); }
        var json = output.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var csv = output.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || output.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);
        if (!json && !csv) { throw new InputException("the format of the output is not known by its ending", output, "end it with .bdf.csv, .csv.gz or .json"); }
        if (native && json) { throw new InputException("the vendor's table is written as csv only", output, "end it with .csv or .csv.gz"); }
        var m = InstrumentFile.Read(file);
        int rows;
        if (native)
        {
            var table = m.Native?.Invoke() ?? throw new InputException($"{m.Format} has no table of the vendor's software to reproduce", file, "leave out --native");
            Bdf.WriteNative(output, table);
            rows = table.Columns.Count == 0 ? 0 : table.Columns[0].Text?.Length ?? table.Columns[0].Values.Length;
        }
        else
        {
            rows = Bdf.Write(output, m);
        }
        IReadOnlyList<Warning> warnings = m.Warnings;
        return new(new { file, rows, output, format = native ? "native" : "bdf", metadata = native ? null : Bdf.MetadataPath(output), warnings }, text =>
        {
            text.WriteLine($"{file} ({m.Format}) → {output}, {rows} rows");
            if (!native) { text.WriteLine($"metadata: {Bdf.MetadataPath(output)}"); }
            foreach (var w in warnings) { text.WriteLine($"warning: {w.Path}: {w.Text}"); }
        });
    }
}
