using System.CommandLine;
using Interphase.Impedance;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis composite</c>: effective conductivities of a composite electrode.</summary>
internal static class EisComposite
{
    public static Command Create()
    {
        var files = FileArguments.Several("Impedance files of a composite between blocking contacts, or of a symmetric cell");
        var size = new PelletSize();
        var contacts = new Option<string>("--contacts") { Description = "What touches the composite: electronic conductors (ion-blocking), ionic ones (electron-blocking), or two composites about a separator (symmetric)", Required = true };
        contacts.AcceptOnlyFromAmong("ion-blocking", "electron-blocking", "symmetric");
        var series = new Option<string?>("--series") { Description = "Resistance of leads and contacts, as 0.5ohm; it is taken off" };
        return Frame.Command("composite", "Effective ionic and electronic conductivity of a composite electrode by the transmission line.",
            """
            interphase eis composite cathode.mpr --contacts ion-blocking --thickness 0.6mm --diameter 10mm
            interphase eis composite symmetric.mpr --contacts symmetric --thickness 80um --area 0.785cm2 --json
            """,
            (parse, _) =>
            {
                var geometry = size.Of(parse);
                var options = new CompositeOptions { Contacts = CompositeConductivity.Of(parse.GetValue(contacts)!)!.Value, Series = EisFiles.Quantity(parse.GetValue(series), "ohm", "--series")?.Value ?? 0 };
                if (options.Series < 0) { throw new InputException("the series resistance is negative", "--series", "give it as in 0.5ohm"); }
                var results = EisFiles.Read(parse.Files(files)).Select(s => CompositeConductivity.Analyse(s, geometry, options)).ToList();
                return new Answer(results.Contract(options), output => Print(output, results), results.All(r => !r.Ionic.HasValue && !r.Electronic.HasValue) ? 2 : 0);
            },
            files, size.Thickness, size.Diameter, size.Area, contacts, series);
    }

    private static void Print(TextWriter output, List<CompositeSpectrum> results)
    {
        static string Said(Estimate e, double factor) => e.HasValue ? Quantity.Print(e.Value * factor, e.StandardError * factor) : "–";
        var table = new TextTable("file", "ionic rail / ohm", "ionic / S/cm", "electronic rail / ohm", "electronic / S/cm", "circuit");
        foreach (var r in results) { table.Row(Path.GetFileName(r.Fit.Spectrum.File), Said(r.IonicResistance, 1), Said(r.Ionic, 0.01), Said(r.ElectronicResistance, 1), Said(r.Electronic, 0.01), r.Fit.Circuit.ToString()); }
        table.Write(output);
        foreach (var r in results)
        {
            foreach (var w in r.Warnings) { output.WriteLine($"  {Path.GetFileName(r.Fit.Spectrum.File)}, {w.Path}: {w.Text}"); }
        }
    }
}
