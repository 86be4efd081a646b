using System.CommandLine;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Results;
using Interphase.Units;

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
        var weighed = new Option<string>("--standard") { Description = "Crystalline powder mixed in, with its share of the mixture's mass: what is amorphous follows; 'Al2O3=20 +- 0.2 %', Si, LaB6 or a CIF" };
        var wavelength = new Option<string>("--wavelength") { Description = "Wavelength, where the file does not say it: 1.789 angstrom; that of an anode stands for its Kα doublet" };
        return Frame.Command("xrd", "Crystallinity, cell, crystallite size and the (003) verdict from a fit of the whole pattern",
            """
            interphase xrd lnto-450.xrdml --instrument lab6.xy
            interphase xrd lnto-450.xrdml --amorphous lnto-350.xy --crystalline lnto-550.raw
            interphase xrd lnto-nmc.raw --reference nmc-bare.xy
            interphase xrd spiked.xrdml --standard "Al2O3=20 +- 0.2 %"
            interphase xrd powder.xy --wavelength "0.7093 angstrom"
            interphase xrd lnto.brml --phases LiNb0.5Ta0.5O3,Li3TaO4.cif
            interphase xrd lnto-nmc.raw --candidates Li3TaO4.cif,LiNb3O8.cif
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
                    Standard = InternalStandard.Parse(parse.GetValue(weighed)),
                    Wavelength = parse.GetValue(wavelength) is { } w ? Wavelength(w) : null,
                    Crystalline = parse.GetValue(crystalline) is { } c ? InstrumentFile.Read(c) : null,
                };
                var result = XrdAnalysis.Analyse(InstrumentFile.Read(parse.GetValue(file)!), options);
                return new(result.Contract(), w => Write(w, result), result.Nothing ? 2 : 0);
            }, file, phases, candidates, instrument, background, reference, amorphous, crystalline, weighed, wavelength);
    }

    private static double Wavelength(string text) => Quantity.Parse(text, "angstrom").Value is > 0.1e-10 and < 10e-10 and var w ? w
        : throw new InputException($"a wavelength of {text} is not one of X-ray diffraction", "--wavelength", "write it as in \"1.5406 angstrom\"");

    private static string E(Estimate e, double unit, string format) => !e.HasValue ? "–" : double.IsNaN(e.StandardError) ? (e.Value * unit).ToString(format) : $"{(e.Value * unit).ToString(format)} ± {(e.StandardError * unit).ToString(format)}";

    /// <summary>A strain that cannot be told lets a size be larger than its error says, and never smaller: both ends are given.</summary>
    private static string Interval(Estimate size) => $"{size.Value * 1e9:0.0} ({size.Lower95 * 1e9:0.0} {(double.IsNaN(size.Upper95) ? "or more" : $"to {size.Upper95 * 1e9:0.0}")})";

    private static string Angles(XrdPhase p) => p.Phase.FreeAngles.Count == 0 ? "–" : string.Join(", ", p.Phase.FreeAngles.Select(n => $"{n} {E(n == "α" ? p.Alpha : n == "β" ? p.Beta : p.Gamma, 1, "0.000")}"));

    private static void Write(TextWriter output, XrdResult result)
    {
        output.WriteLine($"crystallinity  {(result.Crystallinity.HasValue ? $"{result.Crystallinity.Value:0.000} ± {result.Crystallinity.StandardError:0.000}" : "withheld")} ({(result.Calculated.Length == 0 ? "no whole-pattern fit of" : "area of lines over lines and halo,")} {result.TwoTheta[0]:0}–{result.TwoTheta[^1]:0}°)");
        if (result.CalibratedCrystallinity.HasValue) { output.WriteLine($"calibrated     {result.CalibratedCrystallinity.Value:0.000} ± {result.CalibratedCrystallinity.StandardError:0.000} (between the amorphous and the crystalline end)"); }
        if (result.AmorphousShare is { } glass) { output.WriteLine($"amorphous      {(glass.HasValue ? $"{E(glass, 100, "0.0")} % of the sample's mass (95 %: {100 * glass.Lower95:0.0} to {100 * glass.Upper95:0.0} %)" : "withheld")}"); }
        if (result.Displacement.HasValue) { output.WriteLine($"displacement   {E(result.Displacement, 1e6, "0.0")} µm"); }
        if (result.Phases.Count > 0)
        {
            var (b, angles) = (result.Phases.Any(p => p.Phase.HasB), result.Phases.Any(p => p.Phase.FreeAngles.Count > 0));
            var table = new TextTable(["phase", "a / Å", .. b ? ["b / Å"] : Array.Empty<string>(), "c / Å", .. angles ? ["angles / °"] : Array.Empty<string>(), "size / nm", "strain / %", "x(Ta)", "share of lines", "mass / %", .. result.AmorphousShare is null ? Array.Empty<string>() : ["of the sample / %"]]);
            foreach (var p in result.Phases)
            {
                table.Row([p.Phase.Name, E(p.A, 1e10, "0.00000"), .. b ? [p.Phase.HasB ? E(p.B, 1e10, "0.00000") : "–"] : Array.Empty<string>(), p.Phase.Cubic ? "–" : E(p.C, 1e10, "0.00000"), .. angles ? [Angles(p)] : Array.Empty<string>(), p.Resolvable ? Interval(p.Size) : "not resolvable", E(p.Strain, 100, "0.000"), E(p.TantalumFraction, 1, "0.00"), E(p.ShareOfLines, 1, "0.000"), E(p.WeightFraction, 100, "0.0"), .. result.AmorphousShare is null ? Array.Empty<string>() : [p.ShareOfSample is { } own ? E(own, 100, "0.0") : "weighed in"]]);
            }
            table.Write(output);
            foreach (var p in result.Phases.Where(p => p.WilliamsonHall is not null))
            {
                var w = p.WilliamsonHall!;
                output.WriteLine($"Williamson–Hall {p.Phase.Name}: size {(w.Size.HasValue ? $"{E(w.Size, 1e9, "0.0")} nm" : "not resolvable")}, strain {(w.Strain.HasValue ? $"{E(w.Strain, 100, "0.000")} %" : "not resolvable")} ({w.Lines.Count} lines, reduced χ² {w.ReducedChiSquared:0.0})");
            }
        }
        if (result.Verdict is { } v)
        {
            output.WriteLine(v.Moved ? $"(003) moved: Δc = {E(v.DeltaC, 1e10, "0.0000")} Å" : $"(003) not moved: Δc = {E(v.DeltaC, 1e10, "0.0000")} Å, |Δc| < {v.UpperBound95 * 1e10:0.0000} Å at 95 %");
            output.WriteLine($"  seen shift {v.ApparentShift:0.0000}°, of which {v.DisplacementShift:0.0000}° from the height of the sample");
        }
        if (result.Lines.Count > 0)
        {
            var strongest = result.Lines.Max(l => l.Area.Value);
            var shown = result.Lines.OrderByDescending(l => l.Area.Value).Take(10).OrderBy(l => l.TwoTheta.Value).ToArray();
            output.WriteLine($"lines          {result.Lines.Count} seen{(shown.Length < result.Lines.Count ? $", the strongest {shown.Length} of them" : "")} (d not corrected for the height of the sample):");
            var table = new TextTable("2θ / °", "d / Å", "area / %", "FWHM / °", "belongs to");
            foreach (var l in shown) { table.Row(E(l.TwoTheta, 1, "0.0000"), E(l.Spacing, 1e10, "0.00000"), E(l.Area, 100 / strongest, "0.0"), E(l.FullWidth, 1, "0.000"), Origin(l)); }
            table.Write(output);
        }
        if (!double.IsNaN(result.ReducedChiSquared)) { output.WriteLine($"reduced χ² {result.ReducedChiSquared:0.00}, {result.Iterations} iterations ({result.Stop.ToString().ToLowerInvariant()}){(result.Described ? "" : ": the model does not describe the pattern")}"); }
        foreach (var w in result.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }

    private static string Origin(ObservedLine l) => l.Phase is { } phase ? $"{phase} ({string.Join(' ', l.Index!.Value.H, l.Index.Value.K, l.Index.Value.L)})" : l.Note ?? (l.Unexplained ? "?" : "");
}
