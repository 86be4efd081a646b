using System.Numerics;
using Interphase.Impedance;
using Interphase.Reports;

namespace Interphase.Studies;

/// <summary>Figures of fitted spectra: Nyquist with equal axes and residuals, and Bode.</summary>
internal static class SpectrumFigures
{
    /// <summary>−Z″ against Z′; a second scale in ohm cm² where the area is known.</summary>
    public static Figure Nyquist(string id, string title, IReadOnlyList<CircuitFitResult> fits, IReadOnlyList<string> names, int colour, double? area) => new(id, title,
        $"Points: measured. Lines: {fits[0].Circuit}, weighted by {fits[0].Options.Weighting.ToString().ToLowerInvariant()}. Axes have equal scales.{(area is { } a ? FormattableString.Invariant($" Electrode area {a * 1e4:G4} cm².") : "")} Below: residuals of the fit.",
        [
            new Panel(new Axis("Z′", "ohm"), new Axis("−Z″", "ohm"),
            [
                .. fits.SelectMany((f, i) => new Series[]
                {
                    new XY(names[i], [.. f.Spectrum.Impedance.Select(z => z.Real)], [.. f.Spectrum.Impedance.Select(z => -z.Imaginary)])
                    { Colour = colour, Tone = Tone(i, fits.Count), Draw = Draw.Markers, Marker = Palette.MarkerAt(colour), PointText = [.. f.Spectrum.Frequency.Select(x => $"{NumberText.Print(x)} Hz")] },
                    Line($"{names[i]} fit", f, colour, Tone(i, fits.Count)),
                }),
            ]) { EqualAspect = true, RightY = area is { } cm ? new SecondScale("−Z″", "ohm cm2", cm * 1e4, 0) : null },
            new Panel(new Axis("Frequency", "Hz") { Log = true }, new Axis("Residual / |Z|", "%"),
            [
                .. fits.SelectMany((f, i) =>
                {
                    var residuals = f.Residuals();
                    double[] Part(Func<Complex, double> part) => [.. residuals.Select((r, k) => 100 * part(r) / f.Spectrum.Impedance[k].Magnitude)];
                    return new Series[]
                    {
                        new XY($"{names[i]} real", f.Spectrum.Frequency, Part(r => r.Real)) { Colour = colour, Tone = Tone(i, fits.Count), Draw = Draw.Markers, Marker = Marker.Circle },
                        new XY($"{names[i]} imaginary", f.Spectrum.Frequency, Part(r => r.Imaginary)) { Colour = colour, Tone = Tone(i, fits.Count), Draw = Draw.Markers, Marker = Marker.Square, Hollow = true },
                    };
                }),
            ]) { RelativeHeight = 0.4, Legend = false, Annotations = [new Rule(Along.Y, 0)] },
        ]);

    /// <summary>Modulus and phase against frequency.</summary>
    public static Figure Bode(string id, string title, IReadOnlyList<CircuitFitResult> fits, IReadOnlyList<string> names, int colour) => new(id, title, "Points: measured. Lines: the fitted circuit.",
        [
            new Panel(new Axis("Frequency", "Hz") { Log = true }, new Axis("|Z|", "ohm") { Log = true }, Pair(fits, names, colour, z => z.Magnitude)),
            new Panel(new Axis("Frequency", "Hz") { Log = true }, new Axis("−Phase", "deg"), Pair(fits, names, colour, z => -z.Phase * 180 / Math.PI)) { Legend = false },
        ]) { SharedX = true };

    private static List<Series> Pair(IReadOnlyList<CircuitFitResult> fits, IReadOnlyList<string> names, int colour, Func<Complex, double> of)
    {
        var series = new List<Series>();
        for (var i = 0; i < fits.Count; i++)
        {
            var f = fits[i];
            series.Add(new XY(names[i], f.Spectrum.Frequency, [.. f.Spectrum.Impedance.Select(of)]) { Colour = colour, Tone = Tone(i, fits.Count), Draw = Draw.Markers, Marker = Palette.MarkerAt(colour) });
            var grid = Grid(f);
            series.Add(new XY($"{names[i]} fit", grid, [.. f.Impedance(grid).Select(of)]) { Colour = colour, Tone = Tone(i, fits.Count) });
        }
        return series;
    }

    private static XY Line(string name, CircuitFitResult f, int colour, double? tone)
    {
        var z = f.Impedance(Grid(f));
        return new XY(name, [.. z.Select(x => x.Real)], [.. z.Select(x => -x.Imaginary)]) { Colour = colour, Tone = tone };
    }

    private static double[] Grid(CircuitFitResult f)
    {
        var (low, high) = (f.Spectrum.Frequency.Min(), f.Spectrum.Frequency.Max());
        var n = Math.Clamp((int)(20 * Math.Log10(high / low)), 2, 400);
        return [.. Enumerable.Range(0, n + 1).Select(i => low * Math.Pow(high / low, (double)i / n))];
    }

    private static double? Tone(int i, int n) => n < 2 ? null : i / (n - 1.0);
}
