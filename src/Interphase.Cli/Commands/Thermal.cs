using System.CommandLine;
using Interphase.Characterisation;
using Interphase.Instruments;

namespace Interphase.Cli.Commands;

internal static class Thermal
{
    public static Command Create()
    {
        var files = FileArguments.Several("TG, DSC or TG-DSC exports; several heating rates of one material together");
        var exotherm = new Option<string>("--exotherm") { Description = "Which way is exothermic where the file does not say it: up or down" };
        var hold = new Option<string>("--hold") { Description = "Predict how much crystallises in a hold, for example '350 degC for 2 h' (needs three heating rates)" };
        return Frame.Command("thermal", "Steps of mass, exotherms told from combustion, and annealing windows",
            "interphase thermal gel-10K.txt\ninterphase thermal gel-5K.csv gel-10K.csv gel-20K.csv --exotherm up --hold '380 degC for 2 h'",
            (parse, _) =>
            {
                var options = ThermalOptions.Parse(parse.GetValue(exotherm), parse.GetValue(hold));
                var result = ThermalAnalysis.Analyse([.. parse.Files(files).Select(InstrumentFile.Read)], options);
                return new(result.Contract(), w => Write(w, result), result.Events.Count == 0 ? 2 : 0);
            }, files, exotherm, hold);
    }

    private static void Write(TextWriter output, ThermalResult result)
    {
        static string C(Results.Estimate e) => double.IsNaN(e.Value) ? "–" : double.IsNaN(e.StandardError) ? $"{e.Value - 273.15:0.0}" : $"{e.Value - 273.15:0.0} ± {Math.Max(e.StandardError, 0.05):0.0}";
        foreach (var run in result.Runs)
        {
            output.WriteLine($"{Path.GetFileName(run.File)}: heated at {run.Rate * 60:0.##} K/min, {run.From - 273.15:0}–{run.To - 273.15:0} °C");
            var table = new TextTable("event", "onset / °C", "peak / °C", "end / °C", "mass / %", "heat / J/g");
            foreach (var e in result.Events.Where(e => e.File == run.File && e.Heating == run.Heating))
            {
                var kind = e.Kind switch
                {
                    ThermalEventKind.MassLoss => e.MassChange.Value > 0 ? "mass gain" : e.Enthalpy.Value > 0 ? "mass loss, exothermic" : e.Enthalpy.HasValue ? "mass loss, endothermic" : "mass loss",
                    ThermalEventKind.BaselineStep => "baseline step",
                    _ => e.Kind.ToString().ToLowerInvariant(),
                };
                table.Row(kind, C(e.Onset), C(e.Peak), C(e.End),
                    e.MassChange.HasValue ? $"{100 * e.MassChange.Value:0.00} ± {Math.Max(100 * e.MassChange.StandardError, 0.005):0.00}" : "–",
                    e.Enthalpy.HasValue ? $"{e.Enthalpy.Value / 1000:0.0} ± {Math.Max(e.Enthalpy.StandardError / 1000, 0.05):0.0}" : "–");
            }
            table.Write(output);
            output.WriteLine();
        }
        if (result.Events.Count > 0) { output.WriteLine($"± is what the curve leaves open; it leaves out the {ThermalResult.LeftOut}."); }
        if (result.Windows.Count > 0)
        {
            var table = new TextTable("anneal for", "from / °C", "to / °C", "use / °C");
            foreach (var w in result.Windows) { table.Row(w.State, C(w.From), C(w.To), $"{w.Suggested - 273.15:0}"); }
            table.Write(output);
            foreach (var w in result.Windows) { output.WriteLine($"  {w.State}: {w.Why}"); }
        }
        if (result.Kissinger is { } k)
        {
            output.WriteLine($"activation energy (Kissinger): {k.ActivationEnergy.Value / 1000:0} ± {k.ActivationEnergy.StandardError / 1000:0} kJ/mol, Avrami exponent {k.Avrami.Value:0.00} ± {k.Avrami.StandardError:0.00}");
            if (result.HoldConversion.HasValue) { output.WriteLine($"a hold of {result.Options.HoldDuration / 3600:0.##} h at {result.Options.HoldTemperature - 273.15:0} °C crystallises {100 * result.HoldConversion.Value:0.#} % (95 %, with a furnace known to 5 K: {100 * result.HoldConversion.Lower95:0.#} to {100 * result.HoldConversion.Upper95:0.#} %)"); }
        }
        foreach (var w in result.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }
}
