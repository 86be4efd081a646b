using System.CommandLine;
using Interphase.Impedance;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis drt</c>: the distribution of relaxation times of every spectrum of the files.</summary>
internal static class EisDrt
{
    public static Command Create()
    {
        var files = FileArguments.Several("Impedance files");
        var method = new Option<string>("--method") { Description = "ridge: smooth and non-negative; nnls: lines; bayes: ridge with sampled credible bands", DefaultValueFactory = _ => "ridge" };
        method.AcceptOnlyFromAmong("ridge", "nnls", "bayes");
        var lambda = new Option<double?>("--lambda") { Description = "Strength of the smoothness; without it the evidence chooses" };
        var samples = new Option<int>("--samples") { Description = "Samples for credible bands", DefaultValueFactory = _ => 2000 };
        var seed = new Option<int>("--seed") { Description = "Seed of the samples", DefaultValueFactory = _ => 1 };
        return Frame.Command("drt", "Computes the distribution of relaxation times and the arcs it holds.",
            """
            interphase eis drt peis.mpr
            interphase eis drt peis.mpr --method bayes --json
            """,
            (parse, _) =>
            {
                var count = parse.GetValue(samples);
                if (count is < 100 or > 100_000) { throw new InputException($"{count} samples", "--samples", "choose 100 to 100000"); }
                var options = new RelaxationOptions { Method = Enum.Parse<RelaxationMethod>(parse.GetValue(method)!, ignoreCase: true), Lambda = parse.GetValue(lambda), Samples = count, Seed = parse.GetValue(seed) };
                var results = EisFiles.Read(parse.Files(files)).Select(s => RelaxationTimes.Compute(s, options)).ToList();
                return new Answer(results.Contract(), output =>
                {
                    foreach (var r in results) { Print(output, r); }
                });
            },
            files, method, lambda, samples, seed);
    }

    private static void Print(TextWriter output, RelaxationTimesResult r)
    {
        output.WriteLine($"{r.Spectrum.File}{(r.Spectrum.Index > 0 ? $", spectrum {r.Spectrum.Index + 1}" : "")}: {r.Circuit}, lambda {r.Lambda:G2}, residual {r.ResidualPercent:G2} %");
        output.WriteLine($"  R∞ {r.RInfinity:G4} ohm, inductance {r.Inductance:G2} H{(r.Tail ? ", blocking tail" : "")}");
        var table = new TextTable("  arc", "tau / s", "frequency / Hz", "resistance / ohm", "capacitance / F", "alpha");
        for (var k = 0; k < r.Peaks.Count; k++)
        {
            var p = r.Peaks[k];
            table.Row($"  {k + 1}", $"{p.Tau:G4}", $"{1 / (2 * Math.PI * p.Tau):G4}", Quantity.Print(p.Resistance, p.StandardError), $"{p.Capacitance:G3}", $"{p.Alpha:F3}");
        }
        if (r.Peaks.Count > 0) { table.Write(output); }
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
    }
}
