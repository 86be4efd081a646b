using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>
/// The titration's potential jump per current density against the spectrum's resistance, over the samples: a line through the
/// origin whose slope is the area on which both are true.
/// </summary>
/// <param name="Points">Sample, resistance of the spectrum (ohm), jump over current density (ohm m²), its relative error, the place of its colour.</param>
/// <param name="Area">Slope, m².</param>
/// <param name="Stated">Geometric area of the study, m²; NaN where samples differ or none is stated.</param>
internal sealed record JumpLine(IReadOnlyList<(string Sample, double Resistance, double Areal, double Error, int Place)> Points, Estimate Area, double Stated)
{
    /// <summary>Relative weights: each sample's ratio counts alike.</summary>
    public static JumpLine? Of(IReadOnlyList<(string Sample, double Resistance, double Areal, double Error, int Place)> points, double stated)
    {
        if (points.Count < 2) { return null; }
        double[] ratios = [.. points.Select(p => p.Areal / p.Resistance)];
        var mean = ratios.Average();
        var scatter = Math.Sqrt(ratios.Sum(r => (r - mean) * (r - mean)) / (ratios.Length - 1) / ratios.Length);
        var given = Math.Sqrt(points.Sum(p => Math.Pow(p.Error * p.Areal / p.Resistance, 2))) / points.Count;
        return new(points, Estimate.Of(mean, Math.Max(scatter, given)), stated);
    }

    public static JumpLine? Of(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison)
    {
        var points = new List<(string, double, double, double, int)>();
        var areas = new List<double>();
        foreach (var (s, place) in study.Samples.Select((s, i) => (s, i)))
        {
            if (Value("irDrop") is not { } drop || Value("interfaceResistance") is not { Value: > 0 } r || s.Cells.Select(c => c.Electrode.Area).FirstOrDefault(a => a is not null) is not { } area) { continue; }
            if (analyses.FirstOrDefault(a => a.Work.Sample.Name == s.Name && a.Technique == "gitt") is not { } gitt || GittTechnique.PulseCurrent(gitt) is not { } current || current == 0) { continue; }
            areas.Add(area.Value);
            points.Add((s.Name, r.Value, drop.Value * 1e-3 * area.Value / Math.Abs(current), Math.Sqrt(Square(drop) + Square(r)), place));

            Estimate? Value(string quantity) => comparison.FirstOrDefault(c => c.Quantity == quantity)?.Values.FirstOrDefault(v => v.Sample == s.Name)?.Value is { HasValue: true } e ? e : null;
        }
        return Of(points, areas.Distinct().Count() == 1 ? areas[0] : double.NaN);
        static double Square(Estimate e) => double.IsFinite(e.StandardError) ? Math.Pow(e.StandardError / e.Value, 2) : 0;
    }

    public Finding Finding()
    {
        var ratios = Points.Select(p => p.Areal / p.Resistance).ToArray();
        var isLine = ratios.Max() < 1.15 * ratios.Min();
        var disagrees = double.IsFinite(Stated) && Math.Abs(Area.Value - Stated) > Math.Max(3 * Area.StandardError, 0.15 * Stated);
        var text = $"Potential jump per current density against the resistance of the spectrum gives {string.Join(", ", Points.Select(p => $"{NumberText.Print(1e4 * p.Areal / p.Resistance, 3)} ({p.Sample})"))} Ω cm² per Ω. " +
            (isLine ? $"It is one line of {NumberText.Print(Area.Scaled(1e4))} cm²: the jump is that resistance, on that area{(double.IsFinite(Stated) ? disagrees ? $", not on the stated {NumberText.Print(1e4 * Stated, 3)} cm²: the area is another, or the jump holds as much again that the spectrum does not show" : ", as stated" : "")}."
                : "It is not one line: the jump holds something besides that resistance, and not the same in all samples.");
        return new("jump-line", isLine && !disagrees ? Severity.Note : Severity.Contradiction, text, [.. Points.Select(p => new Evidence($"irDrop × area / current of {p.Sample}", 1e4 * p.Areal, "ohm cm2")), new("area of the line", 1e4 * Area.Value, "cm2")]);
    }

    public Figure Figure() => new("jump-line", "Potential jump and impedance", $"Jump of the titration over its current density against the interface resistance of the spectrum. Line through the origin: {NumberText.Print(Area.Scaled(1e4))} Ω cm² per Ω.",
    [
        new Panel(new Axis("Interface resistance", "ohm") { FromZero = true }, new Axis("Jump over current density", "ohm cm2") { FromZero = true },
        [
            .. Points.Select(p => (Series)new XY(p.Sample, [p.Resistance], [1e4 * p.Areal]) { Colour = p.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(p.Place) }),
            new XY("one area", [0, 1.05 * Points.Max(p => p.Resistance)], [0, 1.05e4 * Area.Value * Points.Max(p => p.Resistance)]) { Colour = Palette.Neutral, Dash = Dash.Dashed },
        ]),
    ]) { Width = FigureWidth.Single };
}
