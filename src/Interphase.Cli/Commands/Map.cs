using System.CommandLine;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Cli.Commands;

internal static class Map
{
    public static Command Create()
    {
        var files = FileArguments.Several("Maps of counts (16-bit TIFF or csv); the element from the prefix, else from the last _ or - part of the name", "[ELEMENT=]FILE");
        var coating = new Option<string>("--coating") { Description = "Elements of the coating, joined by commas", Required = true };
        var particle = new Option<string>("--particle") { Description = "Elements of the particle, joined by commas", Required = true };
        var interphase = new Option<string>("--interphase") { Description = "Elements of a layer grown on cycling, for example P,S" };
        var scale = new Option<string>("--scale") { Description = "Size of a pixel, for example 2nm; overrides the files" };
        var kFactor = new Option<string>("--k-factor") { Description = "Cliff–Lorimer factor of the coating's two elements, for their composition: Ta/Nb=1.35 +- 0.10 (thin specimens)" };
        return Frame.Command("map", "Coverage, uniformity, uncoated particles and shell thickness from element maps",
            "interphase map coat_Nb.tif coat_Ta.tif coat_Ni.tif --coating Nb,Ta --particle Ni\ninterphase map Nb=a.csv Ta=b.csv Ni=c.csv --coating Nb,Ta --particle Ni --scale 4nm\ninterphase map coat_*.tif --coating Nb,Ta --particle Ni --k-factor 'Ta/Nb=1.35 +- 0.10'",
            (parse, _) =>
            {
                static string[] List(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                var maps = parse.GetRequiredValue(files).SelectMany(Load).ToArray();
                var options = new MapOptions
                {
                    Coating = List(parse.GetValue(coating)), Particle = List(parse.GetValue(particle)), Interphase = List(parse.GetValue(interphase)),
                    PixelSize = parse.GetValue(scale) is { } s ? Quantity.Parse(s, "nm").Value : null,
                    KFactor = CliffLorimer.Parse(parse.GetValue(kFactor)),
                };
                if (options.Coating.Count == 0 || options.Particle.Count == 0) { throw new InputException("no element is named", "--coating, --particle", "write symbols joined by commas, as in Nb,Ta"); }
                if (options.PixelSize is <= 0) { throw new InputException("the size of a pixel is not positive", "--scale", "write it as in 2nm"); }
                var result = MapAnalysis.Analyse(maps, options);
                return new(result.Contract(), w => Write(w, result), result.Coverage.HasValue || result.Shell is not null ? 0 : 2);
            }, files, coating, particle, interphase, scale, kFactor);
    }

    private static IEnumerable<ElementMap> Load(string written)
    {
        var file = ElementFile.Parse(written);
        foreach (var path in FileArguments.Expand(file.Path))
        {
            var measurement = file.Name(InstrumentFile.Read(path));
            yield return ElementMap.From(measurement, ElementMap.ElementOf(measurement));
        }
    }

    private static void Write(TextWriter output, MapResult result)
    {
        static string E(Results.Estimate e, double unit, string format) => e.HasValue ? $"{(e.Value * unit).ToString(format)} ± {(e.StandardError * unit).ToString(format)}" : "withheld";
        output.WriteLine($"coverage       {E(result.Coverage, 1, "0.000")} of the particles' area");
        output.WriteLine($"uniformity     {E(result.Variation, 1, "0.00")} coefficient of variation of the coating where there is one");
        if (result.Texture is { } t) { output.WriteLine($"texture        {(t.PValue < 0.01 ? "patches" : "no patches")}: Moran's I {t.MoransI:0.000} (p = {t.PValue:0.###}{(double.IsNaN(t.Corrected) ? "" : $"; {t.Corrected:0.00} without counting noise")})"); }
        if (result.Ratio is { } r) { output.WriteLine($"composition    {(r.Constant ? "one ratio of the coating's elements" : "the ratio of the coating's elements varies")} (p = {r.PValue:0.###}), counts {E(r.Ratio, 1, "0.00")}"); }
        if (result.Ratio?.Composition is { } composition) { output.WriteLine($"               {composition.Element} is {(double.IsNaN(composition.Share.StandardError) && composition.Share.HasValue ? $"{100 * composition.Share.Value:0.0} % (without an error: {composition.Share.Reason})" : $"{E(composition.Share, 100, "0.0")} %")} of the coating's atoms"); }
        if (result.Together.Where(p => p.Pearson.HasValue).ToArray() is { Length: > 0 } pairs) { output.WriteLine($"together       {string.Join(", ", pairs.Select(p => $"{p.First}–{p.Second} {E(p.Pearson, 1, "0.00")}"))} (correlation without counting noise)"); }
        if (result.Shell is { } s)
        {
            output.WriteLine($"shell          {E(s.Thickness, 1e9, "0.0")} nm on {(s.IsRound ? "a core of radius" : "an irregular core of the area of a circle of")} {E(s.CoreRadius, 1e9, "0.0")} nm");
            output.WriteLine(s.Uncovered.Count == 0 ? "               closed all round" : $"               open over {string.Join(", ", s.Uncovered.Select(a => $"{a.To - a.From:0}° (from {a.From:0}° to {a.To:0}°)"))}");
        }
        static string Between(double spread) => double.IsNaN(spread) ? "" : $" (s.d. between particles {spread * 1e9:0.0})";
        if (result.Shells.Mean.HasValue) { output.WriteLine($"shells         {E(result.Shells.Mean, 1e9, "0.0")} nm{Between(result.Shells.Between)}, mean by surface"); }
        if (result.Interphase.HasValue) { output.WriteLine($"interphase     {E(result.Interphase, 1e9, "0.0")} nm{Between(result.InterphaseBetween)}"); }
        foreach (var o in result.Overlaps.Where(o => o.Mapped)) { output.WriteLine($"overlap        {o.Lines} keV: {o.Text}"); }
        if (result.Overlaps.Where(o => !o.Mapped).ToArray() is { Length: > 0 } unmapped)
        {
            output.WriteLine($"overlap        not mapped: {string.Join("; ", unmapped.Select(o => o.Lines))} keV: patches of {string.Join(", ", unmapped.Select(o => o.Other).Distinct())} in specimen, grid or stub would count as coating or layer");
        }
        if (result.Particles.Count > 0)
        {
            var table = new TextTable("particle", "pixels", "coverage", "shell / nm", "interphase / nm", "");
            foreach (var p in result.Particles) { table.Row($"{p.Index}", $"{p.Pixels}", E(p.Coverage, 1, "0.00"), p.Shell.HasValue ? E(p.Shell, 1e9, "0.0") : "–", p.Interphase.HasValue ? E(p.Interphase, 1e9, "0.0") : "–", p.Coated switch { true => "coated", false => "not coated", _ => p.Coverage.HasValue ? "not told by its counts" : "" }); }
            table.Write(output);
        }
        foreach (var w in result.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }
}
