using System.CommandLine;
using Interphase.Impedance;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis validate</c>: the Kramers–Kronig relations tested on every spectrum of the files.</summary>
internal static class EisValidate
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("file") { Description = "Impedance files", Arity = ArgumentArity.OneOrMore };
        var method = new Option<string>("--method") { Description = "What the linear model is fitted to: both parts, or one from which the other is predicted", DefaultValueFactory = _ => "complex" };
        method.AcceptOnlyFromAmong("complex", "real", "imaginary");
        var elements = new Option<int>("--elements") { Description = "RC elements of the linear model; without it as many as the data support" };
        var amplitude = new Option<string?>("--amplitude") { Description = "Amplitude of the excitation, against which a drift of the stored potential is judged; without it the file's, else 10 mV" };
        return Frame.Command("validate", "Tests the Kramers-Kronig relations: verdict, likely causes, and the frequencies to keep.",
            """
            interphase eis validate peis.mpr
            interphase eis validate peis_*.mpr --method imaginary --json
            """,
            (parse, _) =>
            {
                var count = parse.GetValue(elements);
                if (count < 0) { throw new InputException($"{count} is not a number of elements", "--elements", "give a positive number, or leave it out"); }
                var options = new KramersKronigOptions
                {
                    Method = Enum.Parse<KramersKronigMethod>(parse.GetValue(method)!, ignoreCase: true),
                    Elements = count,
                    Amplitude = EisFiles.Quantity(parse.GetValue(amplitude), "V", "--amplitude")?.Value,
                };
                var results = EisFiles.Read(parse.GetValue(files)!).Select(s => KramersKronig.Test(s, options)).ToList();
                return new Answer(results.Contract(), output =>
                {
                    foreach (var r in results) { Print(output, r); }
                }, results.All(r => r.Valid is null) ? 2 : 0);
            },
            files, method, elements, amplitude);
    }

    private static void Print(TextWriter output, KramersKronigResult r)
    {
        output.WriteLine($"{r.Spectrum.File}{(r.Spectrum.Index > 0 ? $", spectrum {r.Spectrum.Index + 1}" : "")}: {(r.Valid switch { true => "valid", false => "NOT valid", _ => "no verdict" })}");
        if (r.Valid is not null)
        {
            output.WriteLine($"  noise {r.NoisePercent:G3} % of |Z|; evidence against {r.Statistic:F1} (threshold {KramersKronig.Threshold:F1}); linear model with {r.Elements} elements, mu {r.Mu:F2}, chi-squared {r.ChiSquared:G3}");
        }
        foreach (var s in r.Suspects) { output.WriteLine($"  {s.Kind}: {s.Text}"); }
        if (r.Valid == false && r.Keep is { } k) { output.WriteLine($"  keep {k.MinFrequency:G4} … {k.MaxFrequency:G4} Hz{(r.Suspects.Any(s => s.Kind is "outlier" or "mains") ? " without the single points named" : "")}"); }
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
    }
}
