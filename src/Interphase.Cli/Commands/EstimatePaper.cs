using System.CommandLine;
using Interphase.Files;
using Interphase.Laboratory;
using Interphase.Reports;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase estimate paper</c>: the shared parameters of the paper's cells from its numbers.</summary>
internal static class EstimatePaper
{
    public static Command Create()
    {
        var classes = new Option<int>("--classes") { Description = "Contact classes of the simulated cells", HelpName = "N", DefaultValueFactory = _ => 24 };
        var starts = new Option<int>("--starts") { Description = "Places from which the models are fitted", HelpName = "N", DefaultValueFactory = _ => 2 };
        var seed = new Option<int>("--seed") { Description = "Seed of the starts", HelpName = "N", DefaultValueFactory = _ => 1 };
        var leave = new Option<bool>("--leave-out") { Description = "Calibrate without each sample and technique too, and predict it" };
        var output = new Option<string?>("-o", "--output") { Description = "Write the result as JSON", HelpName = "FILE" };
        return Frame.Command("paper", "Fits the parameters the paper's cells share to its 14 numbers, with uncertainty, rejected simpler models and predictions of what is left out.",
            """
            interphase estimate paper
            interphase estimate paper --classes 32 --starts 3 --leave-out -o calibration.json
            """,
            (parse, cancellation) =>
            {
                var (k, s) = (parse.GetValue(classes), parse.GetValue(starts));
                if (k is < 1 or > 200) { throw new InputException($"{k} contact classes are not possible", "--classes", "give 1 to 200"); }
                if (s is < 1 or > 50) { throw new InputException($"{s} starts are not possible", "--starts", "give 1 to 50"); }
                var progress = new TerminalProgress();
                var result = Calibration.Run(k, s, parse.GetValue(seed), parse.GetValue(leave), progress, cancellation);
                progress.Done();
                if (parse.GetValue(output) is { } file) { AtomicFile.WriteText(file, Results.Json.Text(result.Contract()) + "\n"); }
                return new Answer(result.Contract(), text => Print(text, result));
            },
            classes, starts, seed, leave, output);
    }

    private static void Print(TextWriter text, Calibration c)
    {
        var parameters = new TextTable("parameter", "value", "standard error", "unit", "identifiability");
        for (var i = 0; i < c.Best.Free.Count; i++)
        {
            parameters.Row(c.Best.Free[i].Name, NumberText.Print(c.Best.Fit.Values[i], 4), NumberText.Print(c.Best.Fit.StandardErrors[i], 2), c.Best.Free[i].Unit, Calibration.Identifiability(c.Best, i));
        }
        parameters.Write(text);
        text.WriteLine(FormattableString.Invariant($"\nχ² = {c.Best.Fit.ChiSquared:F1} for {c.DegreesOfFreedom} degrees of freedom, p = {c.PValue:G2}; from the starts {string.Join(", ", c.Best.Fit.StartingFrom.Select(x => x.ToString("F1", System.Globalization.CultureInfo.InvariantCulture)))}; {c.Classes} contact classes\n"));
        var numbers = new TextTable("number", "sample", "paper", "model", "unit", "off");
        for (var i = 0; i < PaperModel.Targets.Count; i++)
        {
            var t = PaperModel.Targets[i];
            numbers.Row(t.Quantity, t.Sample, NumberText.Print(t.Value), NumberText.Print(c.Best.Model[i]), t.Unit, FormattableString.Invariant($"{100 * ((c.Best.Model[i] / t.Value) - 1):+0.0;-0.0;0.0} %"));
        }
        numbers.Write(text);
        text.WriteLine("\nRejected models");
        foreach (var r in c.Rejected) { text.WriteLine(FormattableString.Invariant($"  {Calibration.NameOf(r.Variant)}: χ² = {r.Fit.ChiSquared:F0}; {Calibration.FailsAt(r)}")); }
        foreach (var l in c.LeaveOut)
        {
            text.WriteLine($"\nWithout {l.Left} ({l.Note}), predicted");
            foreach (var r in l.Rows) { text.WriteLine(FormattableString.Invariant($"  {r.Target.Quantity} of {r.Target.Sample}: {r.Predicted:G4} for {r.Target.Value:G4} {r.Target.Unit} ({100 * ((r.Predicted / r.Target.Value) - 1):+0;-0;0} %)")); }
        }
    }
}
