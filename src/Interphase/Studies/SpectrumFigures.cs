using System.Numerics;
using Interphase.Impedance;
using Interphase.Reports;

namespace Interphase.Studies;

/// <summary>Figures of fitted spectra: Nyquist with equal axes and residuals, Bode, Kramers–Kronig residuals and relaxation times.</summary>
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
                    Line(fits.Count == 1 ? $"{names[i]} fit" : "", f, colour, Tone(i, fits.Count)),
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

    /// <summary>Residuals of the linear Kramers–Kronig test; what a single violated spectrum must do without is shaded.</summary>
    public static Figure KramersKronig(string id, string title, IReadOnlyList<KramersKronigResult> tests, IReadOnlyList<string> names, int colour) => new(id, title,
        "Difference between the measured impedance and a series of RC elements, which obeys the Kramers–Kronig relations. Discs: real part, squares: imaginary part. The verdict rests on the structure of these residuals, not on their size.",
        [
            new Panel(new Axis("Frequency", "Hz") { Log = true }, new Axis("Residual / |Z|", "%"),
            [
                .. tests.SelectMany((t, i) => new Series[]
                {
                    new XY($"{names[i]} real", t.Spectrum.Frequency, [.. t.ResidualsReal.Select(r => 100 * r)]) { Colour = colour, Tone = Tone(i, tests.Count), Draw = Draw.Markers, Marker = Marker.Circle },
                    new XY($"{names[i]} imaginary", t.Spectrum.Frequency, [.. t.ResidualsImaginary.Select(r => 100 * r)]) { Colour = colour, Tone = Tone(i, tests.Count), Draw = Draw.Markers, Marker = Marker.Square, Hollow = true },
                }),
            ])
            {
                RelativeHeight = 0.6, Legend = tests.Count <= 4,
                Annotations = [new Rule(Along.Y, 0), .. tests is [{ Valid: false, Keep: { } keep } only] ? Refused(only.Spectrum.Frequency, keep) : []],
            },
        ]);

    /// <summary>Distributions of relaxation times, with 95 % bands of the first and the last and the arcs of the first named. A result is null where there is none.</summary>
    public static Figure RelaxationTimes(string id, string title, IReadOnlyList<RelaxationTimesResult?> results, IReadOnlyList<string> names, int colour, double? area)
    {
        var rows = Enumerable.Range(0, results.Count).Where(i => results[i] is not null).ToArray();
        var first = results[rows[0]]!;
        return new(id, title,
            $"Non-negative distribution over ln τ, its smoothness chosen by the evidence; a blocking tail, where there is one, is not part of it. Bands: 95 %, {(rows.Length > 1 ? "of the first and the last spectrum" : "from the curvature of the likelihood")}. Named: the arcs {(rows.Length > 1 ? $"of {names[rows[0]]} " : "")}whose resistance is determined, with the origin their capacitance suggests.",
            [
                new Panel(new Axis("τ", "s") { Log = true }, new Axis("γ", "ohm") { FromZero = true },
                [
                    .. rows.Where(i => i == rows[0] || i == rows[^1]).Select(i => (Series)new Band("", results[i]!.Tau, results[i]!.Lower95, results[i]!.Upper95) { Colour = colour, Tone = Tone(i, results.Count) }),
                    .. rows.Select(i => (Series)new XY(names[i], results[i]!.Tau, results[i]!.Gamma) { Colour = colour, Tone = Tone(i, results.Count) }),
                ])
                {
                    Annotations =
                    [
                        .. first.Peaks.Where(p => p.StandardError < 0.5 * p.Resistance && p.Tau >= first.Tau[0] && p.Tau <= first.Tau[^1]).Select(p => new Note(p.Tau,
                            first.Gamma[Enumerable.Range(0, first.Tau.Length).MinBy(k => Math.Abs(Math.Log(first.Tau[k] / p.Tau)))],
                            $"{NumberText.Print(p.Resistance, 3)} Ω{(area is null ? "" : $", {Words(ArcAssignment.Origin(p.Capacitance, area, null).Origin)}")}")),
                    ],
                },
            ]);
    }

    /// <summary>An origin as figures and tables name it.</summary>
    public static string Words(ArcOrigin origin) => origin == ArcOrigin.GrainBoundary ? "grain boundary" : origin.ToString().ToLowerInvariant();

    private static IEnumerable<Annotation> Refused(double[] frequency, FrequencyWindow keep)
    {
        if (keep.MinFrequency > frequency.Min()) { yield return new Region(Along.X, frequency.Min(), keep.MinFrequency, "refused"); }
        if (keep.MaxFrequency < frequency.Max()) { yield return new Region(Along.X, keep.MaxFrequency, frequency.Max(), "refused"); }
    }

    private static List<Series> Pair(IReadOnlyList<CircuitFitResult> fits, IReadOnlyList<string> names, int colour, Func<Complex, double> of)
    {
        var series = new List<Series>();
        for (var i = 0; i < fits.Count; i++)
        {
            var f = fits[i];
            series.Add(new XY(names[i], f.Spectrum.Frequency, [.. f.Spectrum.Impedance.Select(of)]) { Colour = colour, Tone = Tone(i, fits.Count), Draw = Draw.Markers, Marker = Palette.MarkerAt(colour) });
            var grid = Grid(f);
            series.Add(new XY(fits.Count == 1 ? $"{names[i]} fit" : "", grid, [.. f.Impedance(grid).Select(of)]) { Colour = colour, Tone = Tone(i, fits.Count) });
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

    /// <summary>The place of a spectrum or curve on the ramp of its series; none where it stands alone.</summary>
    internal static double? Tone(int i, int n) => n < 2 ? null : i / (n - 1.0);
}
