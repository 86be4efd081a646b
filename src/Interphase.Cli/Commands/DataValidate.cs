using System.CommandLine;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Cli.Commands;

/// <summary><c>data validate</c>: the rules of the Battery Data Format, and repairs that can be undone.</summary>
internal static class DataValidate
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A .bdf.csv file, .gz too" };
        var repair = new Option<string?>("--repair") { Description = "Write the repaired file here; what was changed stands in the .bdf.metadata.json beside it" };
        return Frame.Command("validate", "Check a file of the Battery Data Format", """
            interphase data validate cell.bdf.csv
            interphase data validate cell.bdf.csv --repair mended.bdf.csv
            """, (parse, _) => Act(parse.GetRequiredValue(file), parse.GetValue(repair)), file, repair);
    }

    private static Answer Act(string file, string? repair)
    {
        var table = BdfFile.Table(file);
        if (!table.Headers.Any(h => BdfColumns.Find(h) is not null))
        {
            throw new InputException("no column of the file has a BDF name", file, "convert it first: interphase data convert FILE -o OUT.bdf.csv");
        }
        var problems = BdfValidation.Check(table);
        var valid = problems.All(p => p.IsAdvice);
        var repairs = repair is null ? null : BdfRepair.Write(table, repair);
        return new(new
        {
            file, valid,
            problems = problems.Select(p => new { rule = p.Rule, message = p.Message, firstRow = p.FirstRow, count = p.Count, severity = p.IsAdvice ? "advice" : "error" }).ToArray(),
            repairs = repairs?.Select(r => new { rule = r.Rule, column = r.Column, action = r.Action, rows = r.Undo.Sum(u => u.Count) }).ToArray(),
            output = repair,
        }, text =>
        {
            text.WriteLine($"{file}: {(valid ? "valid" : "not valid")}, {table.Rows} rows");
            foreach (var p in problems) { text.WriteLine($"  {(p.IsAdvice ? "advice" : "error")}  {p.Rule}: {p.Message}{(p.FirstRow > 0 ? $" (first at row {p.FirstRow}, {p.Count} in all)" : "")}"); }
            foreach (var r in repairs ?? []) { text.WriteLine($"  repaired  {r.Column}: {r.Action}{(r.Undo.Count > 0 ? $" ({r.Undo.Sum(u => u.Count)} rows)" : "")}"); }
            if (repair is not null) { text.WriteLine($"written: {repair}, changes in {Bdf.MetadataPath(repair)}"); }
        });
    }
}
