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
        var standard = new CalibrationOptions();
        var classes = new Option<int>("--classes") { Description = "Contact classes of the simulated cells", HelpName = "N", DefaultValueFactory = _ => standard.Classes };
        var starts = new Option<int>("--starts") { Description = "Places from which every model is searched", HelpName = "N", DefaultValueFactory = _ => standard.Starts };
        var seed = new Option<int>("--seed") { Description = "Seed of those places", HelpName = "N", DefaultValueFactory = _ => standard.Seed };
        var only = new Option<bool>("--only-fit") { Description = "The full model alone, without intervals, simpler models and leave-outs" };
        var output = new Option<string?>("-o", "--output") { Description = "Write the result as JSON", HelpName = "FILE" };
        return Frame.Command("paper", "Fits the parameters the paper's cells share to its 14 numbers, with intervals, rejected simpler models and predictions of what is left out. Takes a quarter of an hour.",
            """
            interphase estimate paper -o calibration.json
            interphase estimate paper --only-fit --starts 3
            """,
            (parse, cancellation) =>
            {
                var options = new CalibrationOptions { Classes = parse.GetValue(classes), Starts = parse.GetValue(starts), Seed = parse.GetValue(seed), OnlyFit = parse.GetValue(only) };
                if (options.Classes is < 1 or > 200) { throw new InputException($"{options.Classes} contact classes are not possible", "--classes", "give 1 to 200"); }
                if (options.Starts is < 1 or > 48) { throw new InputException($"{options.Starts} starts are not possible", "--starts", "give 1 to 48"); }
                var progress = new TerminalProgress();
                var result = Calibration.Run(options, progress, cancellation);
                progress.Done();
                if (parse.GetValue(output) is { } file) { AtomicFile.WriteText(file, Results.Json.Text(result.Contract()) + "\n"); }
                return new Answer(result.Contract(), text => Print(text, result));
            },
            classes, starts, seed, only, output);
    }

    private static void Print(TextWriter text, Calibration c)
    {
        var fit = c.Best.Fit;
        var parameters = new TextTable("parameter", "value", "standard error", "95 %", "shipped", "unit", "identifiability");
        for (var i = 0; i < c.Best.Free.Count; i++)
        {
            var interval = c.Intervals.Count > 0 ? $"{NumberText.Print(c.Intervals[i].Lower, 3)} to {NumberText.Print(c.Intervals[i].Upper, 3)}" : "–";
            parameters.Row(c.Best.Parameters[i].Name, NumberText.Print(fit.Values[i], 4), NumberText.Print(fit.StandardErrors[i], 2), interval, NumberText.Print(PaperModel.Shipped[c.Best.Free[i]], 4), c.Best.Parameters[i].Unit, CalibrationWords.Identifiability(c, i));
        }
        parameters.Write(text);
        text.WriteLine(FormattableString.Invariant($"\nχ² = {fit.ChiSquared:F1} for {c.Best.DegreesOfFreedom} degrees of freedom, p = {c.PValue:G2}; {c.Options.Classes} contact classes"));
        text.WriteLine($"searches from neutral places ended at χ² = {string.Join(", ", c.Best.Searches.Select(x => NumberText.Print(x.ChiSquared, 3)))}; refined minima: {string.Join(", ", c.Best.Minima.Select(x => NumberText.Print(x.ChiSquared, 3)))}");
        foreach (var k in c.Convergence) { text.WriteLine(FormattableString.Invariant($"with {k.Classes} classes χ² = {k.Held:F2}, refitted {k.Refitted.Fit.ChiSquared:F2}")); }
        text.WriteLine(FormattableString.Invariant($"the shipped cells' values give χ² = {c.ShippedChiSquared:F1}: inside the {100 * c.ShippedConfidence:F0} % region of all parameters together\n"));
        var numbers = new TextTable("number", "sample", "paper", "model", "unit", "off");
        for (var i = 0; i < PaperModel.Targets.Count; i++)
        {
            var t = PaperModel.Targets[i];
            numbers.Row(t.Quantity, t.Sample, NumberText.Print(t.Value), NumberText.Print(c.Best.Model[i]), t.Unit, Percent(c.Best.Model[i], t.Value));
        }
        numbers.Write(text);
        if (c.Rejected.Count > 0) { text.WriteLine("\nRejected models"); }
        foreach (var r in c.Rejected) { text.WriteLine(FormattableString.Invariant($"  {CalibrationWords.NameOf(r.Variant)}: χ² = {r.Fit.ChiSquared:F0} for {r.DegreesOfFreedom} degrees of freedom; {CalibrationWords.FailsAt(r)}")); }
        if (c.LeaveOut.Count == 0) { return; }
        text.WriteLine("\nPredicted by calibrations that did not see it");
        var left = new TextTable("left out", "number", "sample", "paper", "predicted", "± from the fit", "unit", "off", "");
        foreach (var l in c.LeaveOut)
        {
            foreach (var r in l.Rows)
            {
                left.Row(l.Left, r.Target.Quantity, r.Target.Sample, NumberText.Print(r.Target.Value), NumberText.Print(r.Predicted), NumberText.Print(r.StandardError, 2), r.Target.Unit, Percent(r.Predicted, r.Target.Value), (r.Reproduced ? "reproduced" : "missed") + (l.Counts ? "" : ", not counted"));
            }
        }
        left.Write(text);
        foreach (var l in c.LeaveOut.Where(l => l.Note.Length > 0)) { text.WriteLine($"without {l.Left}: {l.Note}"); }
    }

    private static string Percent(double model, double paper) => FormattableString.Invariant($"{100 * ((model / paper) - 1):+0.0;-0.0;0.0} %");
}
