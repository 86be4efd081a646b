using System.CommandLine;
using Interphase.Impedance;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis validate</c>: the Kramers–Kronig relations tested on every spectrum of the files.</summary>
internal static class EisValidate
{
    public static Command Create()
    {
        var files = FileArguments.Several("Impedance files");
        var method = new Option<string>("--method") { Description = "What residuals are taken against: a linear model of RC elements (lin-kk) fitted to both parts (complex) or to one that predicts the other, or the modulus that the phase asks for (z-hit); the verdict is the same", DefaultValueFactory = _ => "lin-kk" };
        method.AcceptOnlyFromAmong("lin-kk", "complex", "real", "imaginary", "z-hit");
        var elements = new Option<int>("--elements") { Description = "RC elements of the linear model; without it as many as the data support" };
        var amplitude = new Option<string?>("--amplitude") { Description = "Amplitude of the excitation, against which a drift of the stored potential is judged; without it the file's, else 10 mV" };
        return Frame.Command("validate", "Tests the Kramers-Kronig relations: verdict, likely causes, and the frequencies to keep.",
            """
            interphase eis validate peis.mpr
            interphase eis validate peis_*.mpr --method imaginary --json
            interphase eis validate peis.mpr --method z-hit
            """,
            (parse, _) =>
            {
                var count = parse.GetValue(elements);
                if (count < 0) { throw new InputException($"{count} is not a number of elements", "--elements", "give a positive number, or leave it out"); }
                var options = new KramersKronigOptions
                {
                    Method = parse.GetValue(method) switch { "real" => KramersKronigMethod.Real, "imaginary" => KramersKronigMethod.Imaginary, "z-hit" => KramersKronigMethod.ZHit, _ => KramersKronigMethod.Complex },
                    Elements = count,
                    Amplitude = EisFiles.Quantity(parse.GetValue(amplitude), "V", "--amplitude")?.Value,
                };
                var results = EisFiles.Read(parse.Files(files)).Select(s => KramersKronig.Test(s, options)).ToList();
                return new Answer(results.Contract(), output =>
                {
                    foreach (var r in results) { Print(output, r); }
                }, results.All(r => r.Valid is null) ? 2 : 0);
            },
            files, method, elements, amplitude);
    }

    private static double Worst(KramersKronigResult r) => Math.Sqrt(r.ResidualsReal.Zip(r.ResidualsImaginary, (a, b) => (a * a) + (b * b)).Max());

    private static void Print(TextWriter output, KramersKronigResult r)
    {
        output.WriteLine($"{r.Spectrum.File}{(r.Spectrum.Index > 0 ? $", spectrum {r.Spectrum.Index + 1}" : "")}: {(r.Valid switch { true => "valid", false => "NOT valid", _ => "no verdict" })}");
        if (r.Valid is not null)
        {
            output.WriteLine($"  noise {r.NoisePercent:G3} % of |Z|; evidence against {r.Statistic:F1} (threshold {KramersKronig.Threshold:F1}); {(r.Options.Method == KramersKronigMethod.ZHit ? $"modulus against phase off by {100 * Worst(r):F1} % at most, chi-squared {r.ChiSquared:G3}" : $"linear model with {r.Elements} elements, mu {r.Mu:F2}, chi-squared {r.ChiSquared:G3}")}");
        }
        foreach (var s in r.Suspects) { output.WriteLine($"  {s.Kind}: {s.Text}"); }
        if (r.Valid == false && r.Keep is { } k) { output.WriteLine($"  keep {k.MinFrequency:G4} … {k.MaxFrequency:G4} Hz{(r.Suspects.Any(s => s.Kind is "outlier" or "mains") ? " without the single points named" : "")}"); }
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
    }
}
