using System.CommandLine;
using Interphase.Impedance;
using Interphase.Instruments;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase polarisation</c>: electronic conductivity from steady currents.</summary>
internal static class PolarisationCommand
{
    public static Command Create()
    {
        var files = FileArguments.Several("Current at constant potential over time, of one pellet");
        var size = new PelletSize();
        return Frame.Command("polarisation", "DC polarisation between ion-blocking electrodes: electronic conductivity and the interval of the leak.",
            """
            interphase polarisation dc.mpr --thickness "0.80 +- 0.02 mm" --diameter 10mm
            interphase polarisation dc_*.csv --thickness 0.8mm --area 0.785cm2 --json
            """,
            (parse, _) =>
            {
                var geometry = size.Of(parse);
                var names = parse.Files(files);
                var series = names.Select(f => InstrumentFile.Read(f).Series ?? throw new InputException("the file holds no current over time", f, "'interphase data info' shows what it holds")).ToList();
                PolarisationResult result;
                try { result = Polarisation.Analyse(series, geometry, new()); }
                catch (InputException e) when (e.Where.Length == 0) { throw e.At(string.Join(", ", names)); }
                return new Answer(result.Contract(), output => Print(output, result), result.Conductivity.HasValue ? 0 : 2);
            },
            files, size.Thickness, size.Diameter, size.Area);
    }

    private static void Print(TextWriter output, PolarisationResult r)
    {
        var table = new TextTable("step", "potential / V", "current / A", "duration / s", "");
        foreach (var s in r.Steps) { table.Row($"{s.Index + 1}", $"{s.Potential:F4}", Quantity.Print(s.Current, s.StandardError), $"{s.Duration:F0}", s.Steady ? "steady" : "not steady"); }
        table.Write(output);
        output.WriteLine(r.Conductivity.HasValue
            ? $"electronic conductivity {Quantity.Print(r.Conductivity.Value / 100, r.Conductivity.StandardError / 100)} S/cm"
            : $"electronic conductivity withheld: {r.Conductivity.Reason}");
        output.WriteLine($"leak between {r.LeakLower / 100:G3} and {r.LeakUpper / 100:G3} S/cm");
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
    }
}
