using System.CommandLine;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis conductivity</c>: a pellet's conductivity and its activation.</summary>
internal static class EisConductivity
{
    public static Command Create()
    {
        var files = FileArguments.Several("Impedance files of one pellet");
        var size = new PelletSize();
        var temperature = EisTemperature.Option();
        var density = new Option<double?>("--relative-density") { Description = "Density over theoretical density; adds the dense material's conductivity (Bruggeman)" };
        var form = new Option<string>("--form") { Description = "What is plotted against 1/T", DefaultValueFactory = _ => "sigmaT" };
        form.AcceptOnlyFromAmong("sigmaT", "sigma");
        var leads = new Option<string?>("--short") { Description = "Spectrum of the empty, short-circuited holder; it is subtracted" };
        var circuit = new Option<string?>("--circuit", "-c") { Description = "The circuit; without it the evidence chooses" };
        return Frame.Command("conductivity", "Ionic conductivity of a pellet, bulk and grain boundary apart where the window shows them; an activation energy from several temperatures.",
            """
            interphase eis conductivity pellet.mpr --thickness "0.80 +- 0.02 mm" --diameter 10mm --temperature 25degC
            interphase eis conductivity pellet_*C.mpr --thickness 0.8mm --diameter 10mm --temperature name
            """,
            (parse, _) =>
            {
                var share = parse.GetValue(density);
                if (share is <= 0 or > 1) { throw new InputException("the relative density is not between 0 and 1", "--relative-density", "give it as in 0.85"); }
                var geometry = size.Of(parse, share);
                var spectra = EisTemperature.Of(EisFiles.Read(parse.Files(files)), parse.GetValue(temperature), out var source);
                var outside = new List<Warning>();
                if (parse.GetValue(leads) is { } holder)
                {
                    var empty = EisFiles.Read([holder])[0];
                    spectra = spectra.ConvertAll(s => ShortCircuit.Subtract(s, empty, outside));
                }
                var result = PelletConductivity.Analyse(spectra, geometry, new PelletOptions
                {
                    Circuit = parse.GetValue(circuit) is { } c ? Circuit.Parse(c) : null,
                    Form = parse.GetValue(form) == "sigma" ? ArrheniusForm.Sigma : ArrheniusForm.SigmaT,
                });
                if (source is not null) { outside.Add(source); }
                result = result with { Warnings = [.. result.Warnings, .. outside] };
                var none = result.Spectra.All(s => !s.Conductivity.HasValue);
                return new Answer(result.Contract(), output => Print(output, result), none ? 2 : 0);
            },
            files, size.Thickness, size.Diameter, size.Area, temperature, density, form, leads, circuit);
    }

    private static void Print(TextWriter output, PelletResult r)
    {
        var g = r.Geometry;
        output.WriteLine($"Pellet: thickness {Quantity.Print(g.Thickness.Value * 1e3, g.Thickness.StandardError * 1e3)} mm, area {Quantity.Print(g.Area.Value * 1e4, g.Area.StandardError * 1e4)} cm2{(g.RelativeDensity is { } d ? $", relative density {d}" : "")}");
        string Conductivity(Estimate resistance) => resistance.HasValue ? Quantity.Print(g.Factor / resistance.Value / 100, g.Factor / resistance.Value / 100 * resistance.StandardError / resistance.Value) : "–";
        var table = new TextTable("file", "T / degC", "resistance / ohm", "conductivity / S/cm", "method", "bulk / S/cm", "grain boundary / S/cm", "circuit");
        foreach (var s in r.Spectra)
        {
            table.Row(Path.GetFileName(s.Fit.Spectrum.File), s.Temperature is { } k ? (k - 273.15).ToString("F1") : "–", Quantity.Print(s.Resistance.Value, s.Resistance.StandardError),
                Quantity.Print(s.Conductivity.Value / 100, s.Conductivity.StandardError / 100), s.Method.ToString().ToLowerInvariant(), Conductivity(s.BulkResistance), Conductivity(s.GrainBoundaryResistance), s.Fit.Circuit.ToString());
        }
        table.Write(output);
        if (g.RelativeDensity is { } share)
        {
            foreach (var s in r.Spectra) { output.WriteLine($"Dense material (Bruggeman): {Quantity.Print(s.Conductivity.Value / 100 / Math.Pow(share, 1.5), s.Conductivity.StandardError / 100 / Math.Pow(share, 1.5))} S/cm, {Path.GetFileName(s.Fit.Spectrum.File)}"); }
        }
        foreach (var (name, law) in new[] { ("", r.Activation), (" of the bulk", r.BulkActivation), (" of grain boundaries", r.GrainBoundaryActivation) })
        {
            if (law is null) { continue; }
            output.WriteLine($"Activation energy{name}: {Quantity.Print(law.Energy.Value, law.Energy.StandardError)} eV ({(law.Form == ArrheniusForm.SigmaT ? "ln sigma T" : "ln sigma")} against 1/T, {law.Points} temperatures); at 25 degC {Quantity.Print(law.At25.Value / 100, law.At25.StandardError / 100)} S/cm");
        }
        foreach (var s in r.Spectra)
        {
            foreach (var w in s.Warnings) { output.WriteLine($"  {Path.GetFileName(s.Fit.Spectrum.File)}, {w.Path}: {w.Text}"); }
        }
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
    }
}
