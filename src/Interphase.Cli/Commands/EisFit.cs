using System.CommandLine;
using System.Globalization;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis fit</c>: a circuit fitted to every spectrum of the files.</summary>
internal static class EisFit
{
    public static Command Create()
    {
        var files = FileArguments.Several("Impedance files; several are one series in order of start time");
        var circuit = new Option<string>("--circuit", "-c") { Description = "The circuit, as R0-p(R1,CPE1)-Wo1 or as a Boukamp description R(RQ)W", Required = true };
        var weighting = new Option<string>("--weighting", "-w") { Description = "What residuals are divided by: the modulus of the data, its parts, nothing, or measured standard deviations", DefaultValueFactory = _ => "modulus" };
        weighting.AcceptOnlyFromAmong("modulus", "proportional", "unity", "sigma");
        var guess = new Option<string?>("--guess") { Description = "Starting values in SI, as R1=100,CPE1_0=1e-6; without any, the data give them" };
        var keep = new Option<string?>("--fix") { Description = "Values that are kept, as CPE1_1=1" };
        var limits = new Option<string?>("--limits") { Description = "Limits, as R1=1..100,CPE1_1=0.5..1" };
        var area = new Option<string?>("--area") { Description = "Electrode area, as 0.785cm2; adds values per area" };
        var separator = new Option<string?>("--separator") { Description = "Thickness and conductivity of the separator, as \"764 um, 2.8 mS/cm\"; the intercept R0 times the area is compared with it" };
        var link = new Option<string>("--link") { Description = "Fit a series at once: parameters vary smoothly along the axis, or resistances follow exp(Ea/kT)", DefaultValueFactory = _ => "none" };
        link.AcceptOnlyFromAmong("none", "smooth", "arrhenius");
        var axis = new Option<string?>("--axis") { Description = "Along what a smooth link runs; without it potential or temperature where the files say them, else the order" };
        axis.AcceptOnlyFromAmong("potential", "temperature", "time", "order");
        var temperature = EisTemperature.Option();
        var form = new Option<string>("--form") { Description = "The law of an Arrhenius link: R/T or R follows exp(Ea/kT)", DefaultValueFactory = _ => "sigmaT" };
        form.AcceptOnlyFromAmong("sigmaT", "sigma");
        return Frame.Command("fit", "Fits an equivalent circuit by complex nonlinear least squares; no guess is needed.",
            """
            interphase eis fit peis.mpr --circuit "R0-p(R1,CPE1)-CPE2"
            interphase eis fit peis_*.mpr --circuit "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3" --area 0.785cm2 --json
            interphase eis fit pellet_*C.csv --circuit "p(R1,CPE1)-p(R2,CPE2)-CPE3" --link arrhenius --temperature name
            """,
            (parse, _) =>
            {
                var model = Circuit.Parse(parse.GetValue(circuit)!);
                foreach (var (name, text) in Pairs(parse.GetValue(limits), "--limits"))
                {
                    var ends = text.Split("..");
                    if (ends.Length != 2) { throw new InputException($"'{text}' is not a range", "--limits", "write NAME=LOWER..UPPER, as R1=1..100"); }
                    model = At("--limits", () => model.WithLimits(name, Number(ends[0], "--limits", 0), Number(ends[1], "--limits", double.PositiveInfinity)));
                }
                foreach (var (name, text) in Pairs(parse.GetValue(guess), "--guess")) { model = At("--guess", () => model.WithGuess(name, Number(text, "--guess"))); }
                foreach (var (name, text) in Pairs(parse.GetValue(keep), "--fix")) { model = At("--fix", () => model.WithFixed(name, Number(text, "--fix"))); }
                var a = EisFiles.Quantity(parse.GetValue(area), "m2", "--area");
                if (a is { Value: <= 0 }) { throw new InputException("the area is not positive", "--area", "give it as in 0.785cm2"); }
                var (thickness, conductivity) = SeparatorOf(parse.GetValue(separator), a);
                var options = new FitOptions { Weighting = Enum.Parse<Weighting>(parse.GetValue(weighting)!, ignoreCase: true) };
                var spectra = EisTemperature.Of(EisFiles.Read(parse.Files(files)), parse.GetValue(temperature), out var source);
                // An aborted sweep must not cost the others; if nothing else is there, the fit itself says what is wrong.
                var wanted = model.Parameters.Count(p => !p.IsFixed);
                var aborted = spectra.Where(s => 2 * s.Count <= wanted).ToArray();
                if (aborted.Length == spectra.Count) { aborted = []; }
                Warning[] warnings = [.. source is null ? Array.Empty<Warning>() : [source], .. aborted.Select(s => new Warning("spectra", $"{s.File}, spectrum {s.Index + 1}: {s.Count} points cannot determine {wanted} parameters; left out"))];
                ImpedanceSpectrum[] whole = [.. spectra.Except(aborted)];
                var linked = At("--link", () => parse.GetValue(link) switch
                {
                    "smooth" => Smooth(whole, model, parse.GetValue(axis), options),
                    "arrhenius" => LinkedSeries.Arrhenius(whole, model, parse.GetValue(form) == "sigma" ? ArrheniusForm.Sigma : ArrheniusForm.SigmaT, options),
                    _ => null,
                });
                var results = linked?.Fits ?? CircuitSeries.Fit(whole, model, options);
                return new Answer(linked is null ? results.Contract(a?.Value, warnings, r => Check(r, a, thickness, conductivity)) : linked.Contract(a?.Value, warnings, r => Check(r, a, thickness, conductivity)), output =>
                {
                    foreach (var r in results)
                    {
                        Print(output, r, a);
                        if (Check(r, a, thickness, conductivity) is { } check) { output.WriteLine($"  Separator: {check.Words()}\n"); }
                    }
                    if (linked is not null) { Print(output, linked); }
                    foreach (var w in warnings) { output.WriteLine(w.Text); }
                });
            },
            files, circuit, weighting, guess, keep, limits, area, separator, link, axis, temperature, form);
    }

    private static (Quantity? Thickness, Quantity? Conductivity) SeparatorOf(string? text, Quantity? area)
    {
        if (text is null) { return (null, null); }
        if (area is null) { throw new InputException("the separator needs the area it is compared over", "--separator", "give --area too"); }
        var parts = text.Split(',');
        if (parts.Length != 2) { throw new InputException($"'{text}' is not a thickness and a conductivity", "--separator", "write it as \"764 um, 2.8 mS/cm\""); }
        var (t, s) = (EisFiles.Quantity(parts[0], "m", "--separator")!.Value, EisFiles.Quantity(parts[1], "S/m", "--separator")!.Value);
        return t.Value > 0 && s.Value > 0 ? (t, s) : throw new InputException("thickness and conductivity must be positive", "--separator", "write it as \"764 um, 2.8 mS/cm\"");
    }

    private static SeparatorCheck? Check(CircuitFitResult r, Quantity? area, Quantity? thickness, Quantity? conductivity) =>
        area is { } a && thickness is { } t && conductivity is { } s && r.Parameters.FirstOrDefault(p => p.Name == "R0") is { Identifiable: true } series ? SeparatorCheck.Of(series.Estimate, a, t, s) : null;

    /// <summary>Along what was asked for, else along what the files say and what changes over the series.</summary>
    private static LinkedSeriesResult Smooth(ImpedanceSpectrum[] spectra, Circuit circuit, string? axis, FitOptions options)
    {
        bool Changes(Func<ImpedanceSpectrum, double?> of) => spectra.All(s => of(s) is not null) && spectra.Select(of).Distinct().Count() == spectra.Length;
        axis ??= Changes(s => s.Potential) ? "potential" : Changes(s => s.Temperature) ? "temperature" : "order";
        return LinkedSeries.Smooth(spectra, circuit, [.. spectra.Select((s, i) => axis switch { "potential" => s.Potential, "temperature" => s.Temperature, "time" => EisFiles.Clock(spectra, i), _ => i } ?? double.NaN)], axis, options);
    }

    private static void Print(TextWriter output, LinkedSeriesResult r)
    {
        output.WriteLine($"{(r.Link == SeriesLink.Smooth ? $"Linked: parameters vary smoothly along {r.Axis}" : $"Linked: resistances follow {(r.Form == ArrheniusForm.SigmaT ? "T exp(Ea/kT)" : "exp(Ea/kT)")}, the rest is smooth in temperature")}; {r.EffectiveParameters:F1} parameters in effect where {r.AloneParameters:F0} would be free; chi-squared over noise {r.ChiSquared:F1}, unlinked {r.AloneChiSquared:F1}");
        if (r.Activations.Count > 0)
        {
            var table = new TextTable("", "Ea / eV", "at 25 degC / ohm", "scatter about the law");
            foreach (var a in r.Activations) { table.Row(a.Parameter, Quantity.Print(a.Energy.Value, a.Energy.StandardError), Quantity.Print(a.At25.Value, a.At25.StandardError), a.Scatter > 0 ? $"{100 * a.Scatter:F1} %" : "none"); }
            table.Write(output);
        }
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
    }

    private static void Print(TextWriter output, CircuitFitResult r, Quantity? area)
    {
        var at = new List<string>();
        if (r.Spectrum.Potential is { } e) { at.Add($"{e:F3} V {r.Spectrum.Reference}"); }
        if (r.Spectrum.Temperature is { } t) { at.Add($"{t - 273.15:F1} degC"); }
        output.WriteLine($"{r.Spectrum.File}{(r.Spectrum.Index > 0 ? $", spectrum {r.Spectrum.Index + 1}" : "")}{(at.Count > 0 ? $" ({string.Join(", ", at)})" : "")}");
        output.WriteLine($"{r.Circuit}, weighted by {r.Options.Weighting.ToString().ToLowerInvariant()}: {r.Points} points, chi-squared {r.ChiSquared:G5}, reduced {r.ReducedChiSquared:G3}");
        var table = area is null ? new TextTable("", "value", "95 % limits", "unit", "") : new TextTable("", "value", "95 % limits", "unit", area is null ? "" : "per area", "unit", "");
        foreach (var p in r.Parameters)
        {
            var value = p.IsAbsent ? "–" : Quantity.Print(p.Value, p.Estimate.StandardError < 0.5 * p.Value ? p.Estimate.StandardError : null);
            var limits = p.IsAbsent || p.IsFixed ? "" : $"{Limit(p.Estimate.Lower95)} … {Limit(p.Estimate.Upper95)}";
            var word = p.IsAbsent ? "not there" : p.IsFixed ? "fixed" : p.Identifiable ? "" : "not identifiable";
            if (area is not { } a) { table.Row(p.Name, value, limits, p.Unit, word); continue; }
            var perArea = p.OhmPower == 0 || p.IsAbsent ? "" : Quantity.Print(p.Value * Math.Pow(a.Value * 1e4, p.OhmPower), null);
            table.Row(p.Name, value, limits, p.Unit, perArea, perArea.Length == 0 ? "" : p.OhmPower > 0 ? $"{p.Unit} cm2" : $"{p.Unit} cm-2", word);
        }
        table.Write(output);
        if (area is { } judged && ArcAssignment.Of(r, judged.Value) is { Count: > 0 } arcs)
        {
            output.WriteLine($"  arcs: {string.Join("; ", arcs.Select(arc => $"{arc.Name} {arc.Capacitance:G3} F, {arc.TimeConstant:G3} s, {EisSuggest.Words(arc.Origin)} ({arc.Reason})"))}");
        }
        foreach (var w in r.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
        output.WriteLine();
    }

    private static string Limit(double x) => double.IsNaN(x) ? "open" : x.ToString("G4", CultureInfo.InvariantCulture);

    private static T At<T>(string option, Func<T> act)
    {
        try { return act(); }
        catch (InputException e) { throw e.At(option); }
    }

    private static IEnumerable<(string Name, string Text)> Pairs(string? text, string option)
    {
        if (text is null) { yield break; }
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0) { throw new InputException($"'{pair}' is not NAME=VALUE", option, "write pairs separated by commas, as R1=100,CPE1_1=0.9"); }
            yield return (pair[..at].Trim(), pair[(at + 1)..].Trim());
        }
    }

    private static double Number(string text, string option, double ifEmpty = double.NaN)
    {
        if (text.Length == 0 && !double.IsNaN(ifEmpty)) { return ifEmpty; }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v
            : throw new InputException($"'{text}' is not a number", option, "write numbers in SI units with a decimal point");
    }
}
