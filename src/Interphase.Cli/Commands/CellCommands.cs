using System.CommandLine;
using Interphase.Cells;
using Interphase.Results;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase cell show</c> and <c>cell validate</c>.</summary>
internal static class CellCommands
{
    public static readonly string CellHelp = $"A cell file, a BPX .json, or a shipped cell: {string.Join(", ", CellFile.Shipped)}";

    public static Command Show()
    {
        var cell = new Argument<string>("CELL") { Description = CellHelp };
        var bpx = new Option<bool>("--bpx") { Description = "Print the cell as BPX, where BPX can express it" };
        var yaml = new Option<bool>("--yaml") { Description = "Print the cell as a YAML file, to begin your own with" };
        var set = Setting();
        return Frame.Command("show", "Prints every parameter with unit, basis and source.", """
            interphase cell show lnto-450
            interphase cell show lnto-450 --yaml > my-cell.yaml
            interphase cell show marquis2019 --bpx
            """, (parse, _) =>
            {
                var settings = parse.GetValue(set) ?? [];
                if (parse.GetValue(bpx))
                {
                    var file = BpxExport.Of(Cell.Load(parse.GetRequiredValue(cell), settings));
                    return new Answer(file, output => output.WriteLine(Json.Text(file)));
                }
                var read = CellFile.Read(parse.GetRequiredValue(cell), settings);
                if (!parse.GetValue(yaml)) { return new Answer(read.Contract(), output => Print(output, read)); }
                if (settings.Length > 0) { throw new InputException("--yaml prints the description as it is, without what --set changes", "--set", "change the value in the file printed"); }
                return new Answer(read.Contract(), output => output.Write(CellFile.Text(parse.GetRequiredValue(cell))));
            }, cell, bpx, yaml, set);
    }

    public static Command Validate()
    {
        var cell = new Argument<string>("CELL") { Description = CellHelp };
        var set = Setting();
        return Frame.Command("validate", "Checks whether the parameters of a cell fit together.", """
            interphase cell validate my-cell.yaml
            """, (parse, _) =>
            {
                var read = CellFile.Read(parse.GetRequiredValue(cell), parse.GetValue(set) ?? []);
                return new Answer(read.Contract(), output =>
                {
                    Problems(output, read);
                    var guesses = read.Parameters.Count(p => p.Assumed);
                    output.WriteLine($"{read.Name}: {(read.Problems.Any(p => p.IsError) ? "cannot be simulated so" : read.Problems.Count > 0 ? "can be simulated" : "all fits together")}; {guesses} of {read.Parameters.Count(p => !p.IsDefault)} given parameters are assumed");
                });
            }, cell, set);
    }

    public static Option<string[]> Setting() => new("--set") { Description = "A parameter for this run, as positive.interface.arealResistance='300 ohm cm2'; may be repeated", AllowMultipleArgumentsPerToken = false };

    private static void Print(TextWriter output, Cell cell)
    {
        output.WriteLine(cell.Name);
        output.WriteLine();
        var width = cell.Parameters.Max(p => p.Path.Length);
        foreach (var p in cell.Parameters)
        {
            var basis = p.Basis.Length > 0 ? $" per {p.Basis}" : "";
            var origin = p.IsDefault ? "default" : (p.Assumed ? "assumed" : "") + (p.Source is null ? "" : (p.Assumed ? ": " : "") + p.Source);
            output.WriteLine($"{p.Path.PadRight(width)}  {p.Text}{(p.Text.EndsWith(basis, StringComparison.Ordinal) ? "" : basis)}{(origin.Length > 0 ? $"   [{origin}]" : "")}");
        }
        if (cell.Problems.Count > 0) { output.WriteLine(); }
        Problems(output, cell);
    }

    private static void Problems(TextWriter output, Cell cell)
    {
        foreach (var p in cell.Problems) { output.WriteLine($"{(p.IsError ? "error" : "note")}: {p.Path}: {p.Text}"); }
    }
}
