using System.CommandLine;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Units;

namespace Interphase.Cli.Commands;

internal static class DiffractionCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An electron diffraction pattern: DM3, DM4, SER, MRC, TIFF or PNG" };
        var scale = new Option<string>("--scale") { Description = "Reciprocal length of a pixel, for example '0.0235 nm-1'; overrides the file" };
        var phases = new Option<string>("--phases") { Description = "Phases that rings and lattices of spots are compared with, joined by commas: names or CIF files (default: all that are shipped)" };
        var ellipticity = new Option<string>("--ellipticity") { Description = "Ellipse of the camera, as a pattern of rings tells it, for patterns that do not: long over short axis less one, '0.0120 +- 0.0003'" };
        var direction = new Option<string>("--ellipticity-direction") { Description = "Direction of its long axis in degrees, from the right, downwards" };
        return Frame.Command("diffraction", "Centre, rings and spots of an electron diffraction pattern, amorphous or crystalline",
            "interphase diffraction pattern.dm3\ninterphase diffraction pattern.tif --scale '0.0235 nm-1' --phases LiNb0.5Ta0.5O3,Li3NbO4.cif\ninterphase diffraction spots.dm3 --ellipticity '0.0120 +- 0.0003' --ellipticity-direction 31.5",
            (parse, _) =>
            {
                var options = new DiffractionOptions { PixelSize = parse.GetValue(scale) is { } s ? Quantity.Parse(s, "nm-1").Value : null };
                if (options.PixelSize is <= 0) { throw new InputException("the reciprocal length of a pixel is not positive", "--scale", "write it as in '0.02 nm-1'"); }
                options = options.WithEllipse(parse.GetValue(ellipticity), parse.GetValue(direction));
                if (CrystalPhase.List(parse.GetValue(phases)) is { Count: > 0 } named) { options = options with { Phases = named }; }
                var result = DiffractionAnalysis.Analyse(InstrumentFile.Read(parse.GetValue(file)!), options);
                return new(result.Contract(), w => Write(w, result));
            }, file, scale, phases, ellipticity, direction);
    }

    private const int Listed = 8;

    /// <summary>The ellipse as another call takes it.</summary>
    private static string Reuse(DiffractionResult r) => r.EllipseDegrees.HasValue
        ? FormattableString.Invariant($"--ellipticity '{r.Ellipticity.Value:0.00000} +- {r.Ellipticity.StandardError:0.00000}' --ellipticity-direction {r.EllipseDegrees.Value:0.00}")
        : FormattableString.Invariant($"--ellipticity '0 +- {Math.Max(r.Ellipticity.StandardError, r.Ellipticity.Upper95 / 2):0.00000}'");

    private static string Indices((int A, int B, int C) i) => $"[{i.A} {i.B} {i.C}]";

    private static void Write(TextWriter output, DiffractionResult r)
    {
        output.WriteLine($"class        {r.State}");
        output.WriteLine($"centre       {r.CentreX.Value:0.000}, {r.CentreY.Value:0.000} pixels (± {r.CentreX.StandardError:0.000})");
        output.WriteLine(r.Ellipticity.HasValue ? $"ellipticity  {r.Ellipticity.Value:0.0000} ({r.Ellipticity.Lower95:0.0000} to {r.Ellipticity.Upper95:0.0000}){(r.EllipseDegrees.HasValue ? $", long axis at {r.EllipseDegrees.Value:0.00} ± {r.EllipseDegrees.StandardError:0.00}°" : "")}" : "ellipticity  withheld");
        if (r.State == "rings" && r.Ellipticity.HasValue) { output.WriteLine($"             for patterns of spots of this camera: {Reuse(r)}"); }
        if (r.Rings.Count > 0)
        {
            var table = new TextTable("radius / px", "d / nm", "s.e.", "over the angle", "phase", "line");
            foreach (var g in r.Rings)
            {
                table.Row($"{g.Radius.Value:0.00}", g.Match.Spacing.HasValue ? $"{g.Match.Spacing.Value * 1e9:0.00000}" : "–", g.Match.Spacing.HasValue ? $"{g.Match.Spacing.StandardError * 1e9:0.00000}" : "", $"{g.Angular:0.00}", g.Match.Phase ?? "–", g.Match.Line ?? "");
            }
            table.Write(output);
        }
        foreach (var l in r.Lattices)
        {
            var spacing = l.First.HasValue ? FormattableString.Invariant($", {l.First.Value * 1e9:0.00000} ± {l.First.StandardError * 1e9:0.00000} and {l.Second.Value * 1e9:0.00000} ± {l.Second.StandardError * 1e9:0.00000} nm") : "";
            output.WriteLine($"lattice      {l.Spots.Count} spots{spacing} at {l.AngleDegrees.Value:0.00} ± {l.AngleDegrees.StandardError:0.00}°: {(l.Zone is { } z ? $"{z.Phase} along {Indices(z.Zone)}" : l.Fits.Count == 0 ? "no zone of these phases" : "zone not told")}");
            if (l.Fits.Count == 0) { continue; }
            var table = new TextTable("phase", "zone", "spots", "d off / %", "angle off / °");
            foreach (var f in l.Fits.Take(Listed)) { table.Row(f.Phase, Indices(f.Zone), $"{Indices(f.First)} {Indices(f.Second)}", $"{f.FirstOff * 100:0.0} {f.SecondOff * 100:0.0}", $"{f.AngleOffDegrees:0.0}"); }
            table.Write(output);
            if (l.Fits.Count > Listed) { output.WriteLine($"             and {l.Fits.Count - Listed} more (--json lists all)"); }
        }
        foreach (var w in r.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }
}
