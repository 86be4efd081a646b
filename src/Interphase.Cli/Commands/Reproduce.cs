using System.CommandLine;
using Interphase.Laboratory;
using Interphase.Reports;
using Interphase.Studies;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase reproduce</c>: the paper, measured against the model, as a report.</summary>
internal static class Reproduce
{
    public static Command Create()
    {
        var output = new Option<string>("-o", "--output") { Description = "Folder of the report: new, empty, or a previous report", HelpName = "DIR", DefaultValueFactory = _ => "reproduction" };
        var seed = new Option<int>("--seed") { Description = "Seed of the virtual instruments' noise", HelpName = "N", DefaultValueFactory = _ => 1 };
        return Frame.Command("reproduce", "Simulates the paper's cells, writes what instruments would have recorded, analyses those files like anyone's, and compares with the paper.",
            """
            interphase reproduce
            interphase reproduce -o report --seed 2 --json
            """,
            (parse, cancellation) =>
            {
                var directory = parse.GetValue(output)!;
                using var folder = ReportFolder.Open(directory);
                var progress = new TerminalProgress();
                var result = Reproduction.Run(folder.Writing, parse.GetValue(seed), progress, cancellation);
                progress.Report("writing the report");
                StudyReport.Write(result.Study, folder, new Dictionary<string, string> { ["command"] = "reproduce", ["seed"] = $"{parse.GetValue(seed)}" }, result.Extras());
                progress.Done();
                return new Answer(result.Contract(), text => Print(text, result, directory), result.Study.Problems.Count > 0 ? 2 : 0);
            },
            output, seed);
    }

    private static void Print(TextWriter text, Reproduction result, string directory)
    {
        var table = new TextTable("quantity", "sample", "paper", "model", "unit", "difference", "status", "how");
        foreach (var r in result.Rows)
        {
            table.Row(r.Quantity, r.Sample, NumberText.Print(r.Paper), double.IsNaN(r.StandardError) ? NumberText.Print(r.Model) : Quantity.Print(r.Model, r.StandardError), r.Unit, double.IsFinite(r.RelativeDifference) ? $"{Math.Round(100 * r.RelativeDifference, 1):+0.0;-0.0;0.0} %" : "–", r.Status, r.How);
        }
        table.Write(text);
        text.WriteLine($"\n{result.Headline()}");
        foreach (var f in result.Findings) { text.WriteLine($"\n{f.Severity.ToString().ToLowerInvariant()}: {f.Text}"); }
        foreach (var p in result.Study.Problems) { text.WriteLine($"\nfailed: {p.Error}"); }
        text.WriteLine($"\nReport: {Path.Combine(directory, "report.html")}");
    }
}
