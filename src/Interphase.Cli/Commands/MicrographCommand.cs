using System.CommandLine;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Units;

namespace Interphase.Cli.Commands;

internal static class MicrographCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A micrograph: DM3, DM4, SER, MRC, TIFF or PNG" };
        var scale = new Option<string>("--scale") { Description = "Length of a pixel, for example 0.02nm; overrides the file" };
        var core = new Option<string>("--core") { Description = "Where the core is, in pixels from the top left: x,y,width,height" };
        var phase = new Option<string>("--core-phase") { Description = "What the core is, to check and calibrate the scale by its fringes: a shipped phase, a CIF, or none (default NMC532)" };
        return Frame.Command("micrograph", "Amorphous or crystalline, spacings and coating thickness from a high-resolution micrograph",
            "interphase micrograph coated.dm3\ninterphase micrograph coated.png --scale 0.02nm --core 0,0,256,512",
            (parse, _) =>
            {
                var options = new MicrographOptions { PixelSize = parse.GetValue(scale) is { } s ? Quantity.Parse(s, "nm").Value : null, Core = parse.GetValue(core) is { } c ? ImageArea.Parse(c) : null };
                if (parse.GetValue(phase) is { } p) { options = options with { CorePhase = MicrographOptions.PhaseOf(p) }; }
                if (options.PixelSize is <= 0) { throw new InputException("the length of a pixel is not positive", "--scale", "write it as in 0.02nm"); }
                var result = MicrographAnalysis.Analyse(InstrumentFile.Read(parse.GetValue(file)!), options);
                return new(result.Contract(), w => Write(w, result), result.State is not null || result.Thickness is not null ? 0 : 2);
            }, file, scale, core, phase);
    }

    private static void Write(TextWriter output, MicrographResult r)
    {
        output.WriteLine($"class          {r.State ?? "withheld"}{(double.IsNaN(r.PValue) ? "" : $" (p = {r.PValue:0.##E+0} that it is amorphous; {r.Flagged} of {r.Windows} windows show a lattice)")}");
        output.WriteLine($"crystalline    {(r.CrystallineFraction.HasValue ? $"{r.CrystallineFraction.Value:0.00} ± {r.CrystallineFraction.StandardError:0.00} of the area shows a lattice (95 % for what is crystalline: {r.CrystallineFraction.Lower95:0.00} to {r.CrystallineFraction.Upper95:0.00})" : "withheld")}");
        output.WriteLine(r.Thickness is not { } t ? "thickness      withheld"
            : t.Coverage == 0 ? "thickness      no coating thicker than 1 nm"
            : $"thickness      {t.Median.Value * 1e9:0.00} ± {t.Median.StandardError * 1e9:0.00} nm (s.d. along the edge {t.StandardDeviation * 1e9:0.00}, strips of 1 nm from {t.Min * 1e9:0.00} to {t.Max * 1e9:0.00}) over {t.Coverage:0%} of the edge");
        if (r.Halo.HasValue) { output.WriteLine($"halo           {r.Halo.Value * 1e9:0.000} nm"); }
        if (r.CoreSpacings.Count > 0) { output.WriteLine($"core           {string.Join(" and ", r.CoreSpacings.Select(d => $"{d.Value * 1e9:0.0000}"))} nm{Scale(r.CoreScale)}"); }
        if (r.Spacings.Count > 0)
        {
            var table = new TextTable("d / nm", "s.e.", "phase", "line");
            foreach (var s in r.Spacings) { table.Row($"{s.Spacing.Value * 1e9:0.0000}", $"{s.Spacing.StandardError * 1e9:0.0000}", s.Phase ?? "–", s.Line ?? ""); }
            table.Write(output);
        }
        foreach (var w in r.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }

    private static string Scale(CoreScale s) => s.Verdict switch
    {
        ScaleVerdict.Calibrated => $" are {string.Join(" and ", s.Lines)} of {s.Phase}: lengths are multiplied by {s.Factor.Value:0.0000} ± {s.Factor.StandardError:0.0000}",
        ScaleVerdict.Contradicted => " contradict the scale",
        _ => " do not tell whether the scale is right",
    };
}
