using System.CommandLine;
using Interphase.Files;
using Interphase.Studies;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase study run</c>: raw files in, a report out.</summary>
internal static class StudyRunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("STUDY.yaml") { Description = "The study file" };
        var output = new Option<string?>("-o", "--output") { Description = "Folder of the report: new, empty, or a previous report; default: STUDY-report beside the study file", HelpName = "DIR" };
        return Frame.Command("run", "Reads the raw files of a study, analyses them, compares the samples and writes the report.",
            """
            interphase study run my-study/study.yaml
            interphase study run my-study/study.yaml -o report --json
            """,
            (parse, cancellation) =>
            {
                var path = parse.GetValue(file)!;
                var study = StudyFile.Read(path);
                var directory = parse.GetValue(output) ?? Path.Combine(study.Folder, Path.GetFileNameWithoutExtension(path) + "-report");
                using var folder = ReportFolder.Open(directory);
                var progress = new TerminalProgress();
                var result = StudyRun.Run(study, progress, cancellation);
                progress.Report("writing the report");
                StudyReport.Write(result, folder);
                progress.Done();
                return new Answer(result.Contract(), text => Print(text, result, directory), result.Problems.Count > 0 || result.Inputs.Count <= 1 ? 2 : 0);
            },
            file, output);
    }

    internal static void Print(TextWriter text, StudyResult result, string directory)
    {
        var samples = result.Study.Samples.Select(s => s.Name).ToArray();
        var table = new TextTable(["", .. samples, "unit"]);
        foreach (var row in result.Comparison)
        {
            table.Row([row.Quantity, .. samples.Select(s => row.Values.FirstOrDefault(v => v.Sample == s) is { } v ? Reports.NumberText.Print(v.Value) : ""), row.Unit]);
        }
        if (result.Comparison.Count > 0) { table.Write(text); }
        else { text.WriteLine(result.Inputs.Count > 1 ? "No file gave a number to compare; the report says what each holds." : "Nothing could be given: no file of this study was read."); }
        foreach (var f in result.Findings) { text.WriteLine($"\n{f.Severity.ToString().ToLowerInvariant()}: {f.Text}"); }
        // A wrong folder would else fill the screen with one sentence.
        var missing = result.Problems.Where(p => p.Error.StartsWith(InputFiles.NoSuchFile, StringComparison.Ordinal)).ToArray();
        if (missing.Length > 3) { text.WriteLine($"\nfailed: {missing.Length} files are not there ({string.Join(", ", missing.Take(6).Select(p => p.File))}{(missing.Length > 6 ? " …" : "")}): check names and folder; they are looked for in {Path.GetFullPath(result.Study.Folder)}"); }
        foreach (var p in result.Problems.Where(p => missing.Length <= 3 || !missing.Contains(p))) { text.WriteLine($"\nfailed: {p.Error}"); }
        text.WriteLine($"\nReport: {Path.Combine(directory, "report.html")}");
    }
}
