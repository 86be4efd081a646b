using System.CommandLine;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Results;

namespace Interphase.Cli.Commands;

internal static class Xrd
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Powder pattern (.xy, .xye, .csv, .xrdml, .raw, .brml, .rasx, .uxd)" };
        var phases = new Option<string>("--phases") { Description = $"Phases to fit, joined by commas (else searched): {string.Join(", ", CrystalPhase.All.Select(p => p.Name))}, or CIF files" };
        var candidates = new Option<string>("--candidates") { Description = "CIF files of phases to search for beside those, joined by commas" };
        var instrument = new Option<string>("--instrument") { Description = "Scan of a LaB6 standard: the breadth of the instrument" };
        var background = new Option<string>("--background") { Description = "Scan of the empty holder, counted for the same time" };
        var reference = new Option<string>("--reference") { Description = "Scan of the bare powder, for the (003) verdict" };
        var amorphous = new Option<string>("--amorphous") { Description = "Scan of the same powder fully amorphous (with --crystalline: calibrated crystallinity)" };
        var crystalline = new Option<string>("--crystalline") { Description = "Scan of the same powder fully crystalline" };
        return Frame.Command("xrd", "Crystallinity, cell, crystallite size and the (003) verdict from a fit of the whole pattern",
            """
            interphase xrd lnto-450.xrdml --instrument lab6.xy
            interphase xrd lnto-450.xrdml --amorphous lnto-350.xy --crystalline lnto-550.raw
            interphase xrd lnto-nmc.raw --reference nmc-bare.xy
            interphase xrd lnto.brml --phases LiNb0.5Ta0.5O3,Li3NbO4.cif
            interphase xrd lnto-nmc.raw --candidates Li3NbO4.cif,Li3TaO4.cif
            """,
            (parse, _) =>
            {
                var options = new XrdOptions
                {
                    Phases = CrystalPhase.List(parse.GetValue(phases)), Candidates = CrystalPhase.List(parse.GetValue(candidates)),
                    Instrument = parse.GetValue(instrument) is { } i ? InstrumentFile.Read(i) : null,
                    Background = parse.GetValue(background) is { } b ? InstrumentFile.Read(b) : null,
                    Reference = parse.GetValue(reference) is { } r ? InstrumentFile.Read(r) : null,
                    Amorphous = parse.GetValue(amorphous) is { } a ? InstrumentFile.Read(a) : null,
                    Crystalline = parse.GetValue(crystalline) is { } c ? InstrumentFile.Read(c) : null,
                };
                var result = XrdAnalysis.Analyse(InstrumentFile.Read(parse.GetValue(file)!), options);
                return new(result.Contract(), w => Write(w, result));
            }, file, phases, candidates, instrument, background, reference, amorphous, crystalline);
    }

    private static void Write(TextWriter output, XrdResult result)
    {
        static string E(Estimate e, double unit, string format) => !e.HasValue ? "–" : double.IsNaN(e.StandardError) ? (e.Value * unit).ToString(format) : $"{(e.Value * unit).ToString(format)} ± {(e.StandardError * unit).ToString(format)}";
        output.WriteLine($"crystallinity  {(result.Crystallinity.HasValue ? $"{result.Crystallinity.Value:0.000} ± {result.Crystallinity.StandardError:0.000}" : "withheld")} (area of lines over lines and halo, {result.TwoTheta[0]:0}–{result.TwoTheta[^1]:0}°)");
        if (result.CalibratedCrystallinity.HasValue) { output.WriteLine($"calibrated     {result.CalibratedCrystallinity.Value:0.000} ± {result.CalibratedCrystallinity.StandardError:0.000} (between the amorphous and the crystalline end)"); }
        output.WriteLine($"displacement   {E(result.Displacement, 1e6, "0")} µm");
        if (result.Phases.Count > 0)
        {
            var table = new TextTable("phase", "a / Å", "c / Å", "size / nm", "strain / %", "x(Ta)", "share of lines", "mass / %");
            foreach (var p in result.Phases)
            {
                table.Row(p.Phase.Name, E(p.A, 1e10, "0.0000"), p.Phase.Cubic ? "–" : E(p.C, 1e10, "0.0000"), p.Resolvable ? E(p.Size, 1e9, "0.0") : "not resolvable", E(p.Strain, 100, "0.000"), E(p.TantalumFraction, 1, "0.00"), E(p.ShareOfLines, 1, "0.000"), E(p.WeightFraction, 100, "0.0"));
            }
            table.Write(output);
        }
        if (result.Verdict is { } v)
        {
            output.WriteLine(v.Moved ? $"(003) moved: Δc = {E(v.DeltaC, 1e10, "0.0000")} Å" : $"(003) not moved: Δc = {E(v.DeltaC, 1e10, "0.0000")} Å, |Δc| < {v.UpperBound95 * 1e10:0.0000} Å at 95 %");
            output.WriteLine($"  seen shift {v.ApparentShift:0.0000}°, of which {v.DisplacementShift:0.0000}° from the height of the sample");
        }
        output.WriteLine($"reduced χ² {result.ReducedChiSquared:0.00}, {result.Iterations} iterations ({result.Stop.ToString().ToLowerInvariant()})");
        foreach (var w in result.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }
}
