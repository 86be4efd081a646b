using System.CommandLine;
using Interphase.Impedance;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis suggest</c>: circuits ranked by evidence.</summary>
internal static class EisSuggest
{
    private const int Shown = 6;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Impedance file" };
        var spectrum = new Option<int>("--spectrum") { Description = "Which spectrum of the file, from 1", DefaultValueFactory = _ => 1 };
        var area = new Option<string?>("--area") { Description = "Area, geometric for a pellet, real for an electrode; capacitances are then judged" };
        var thickness = new Option<string?>("--thickness") { Description = "Thickness of a pellet" };
        return Frame.Command("suggest", "Ranks equivalent circuits by the evidence of the data (BIC).",
            """
            interphase eis suggest peis.mpr
            interphase eis suggest pellet.mpr --thickness 0.8mm --area 0.785cm2 --json
            """,
            (parse, _) =>
            {
                var spectra = EisFiles.Read([parse.GetValue(file)!]);
                var index = parse.GetValue(spectrum);
                if (index < 1 || index > spectra.Count) { throw new InputException($"the file holds {spectra.Count} spectra", "--spectrum", $"give a number from 1 to {spectra.Count}"); }
                var a = EisFiles.Quantity(parse.GetValue(area), "m2", "--area")?.Value;
                var t = EisFiles.Quantity(parse.GetValue(thickness), "m", "--thickness")?.Value;
                if (a <= 0 || t <= 0) { throw new InputException("area and thickness must be positive", a <= 0 ? "--area" : "--thickness", "give it as in 0.785cm2 or 0.8mm"); }
                var candidates = CircuitSuggestion.Rank(spectra[index - 1]);
                return new Answer(candidates.Contract(a, t), output =>
                {
                    var table = new TextTable("circuit", "weight", "ΔBIC", "reduced chi-squared");
                    foreach (var c in candidates.Take(Shown)) { table.Row(c.Fit.Circuit.ToString(), c.Weight.ToString("F3"), (c.Fit.Bic - candidates[0].Fit.Bic).ToString("F1"), c.Fit.ReducedChiSquared.ToString("G3")); }
                    table.Write(output);
                    output.WriteLine();
                    output.WriteLine($"Arcs of {candidates[0].Fit.Circuit}:");
                    var arcs = new TextTable("", "resistance / ohm", "capacitance / F", "time / s", "origin");
                    foreach (var arc in ArcAssignment.Of(candidates[0].Fit, a, t)) { arcs.Row(arc.Name, arc.Resistance.ToString("G4"), arc.Capacitance.ToString("G3"), arc.TimeConstant.ToString("G3"), $"{Words(arc.Origin)} ({arc.Reason})"); }
                    arcs.Write(output);
                    foreach (var w in candidates[0].Fit.Warnings) { output.WriteLine($"  {w.Path}: {w.Text}"); }
                });
            },
            file, spectrum, area, thickness);
    }

    internal static string Words(ArcOrigin origin) => origin == ArcOrigin.GrainBoundary ? "grain boundary" : origin.ToString().ToLowerInvariant();
}
