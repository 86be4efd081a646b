using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>One sample of a <see cref="JumpLine"/>.</summary>
/// <param name="Sample">Its name.</param>
/// <param name="Resistance">Of the spectrum, ohm: first arc, with the intercept where every sample's spectrum gives one.</param>
/// <param name="Jump">Potential jump over current density, ohm m².</param>
/// <param name="Place">The place of its colour.</param>
internal sealed record JumpPoint(string Sample, Estimate Resistance, Estimate Jump, int Place)
{
    /// <summary>The area on which both are true, m².</summary>
    public double Ratio => Jump.Value / Resistance.Value;

    /// <summary>Relative error of the ratio, with what two techniques on one cell differ by besides their own errors.</summary>
    public double Error => Math.Sqrt(Square(Jump) + Square(Resistance) + (JumpLine.BetweenTechniques * JumpLine.BetweenTechniques));

    private static double Square(Estimate e) => double.IsFinite(e.StandardError) ? Math.Pow(e.StandardError / e.Value, 2) : 0;
}

/// <summary>
/// The titration's potential jump per current density against the spectrum's resistance, over the samples. Where all lie on one
/// line through the origin within their errors, its slope is the area on which both are true; else there is no line.
/// </summary>
/// <param name="Points">One a sample, at least two.</param>
/// <param name="Area">Slope, m²; withheld with the reason where the points are on no line.</param>
/// <param name="ChiSquared">Of the ratios about their weighted mean.</param>
/// <param name="PValue">Chance of a greater one if there is a line.</param>
/// <param name="Stated">Geometric area of the study, m²; NaN where samples differ or none is stated.</param>
internal sealed record JumpLine(IReadOnlyList<JumpPoint> Points, Estimate Area, double ChiSquared, double PValue, double Stated)
{
    /// <summary>State of charge, temperature and the moment of reading are not the same in a titration and a spectrum: 5 %, beside the errors of both.</summary>
    public const double BetweenTechniques = 0.05;

    private const double Significance = 0.05;

    /// <summary>What of the spectrum the resistance is.</summary>
    public string Kind { get; init; } = "first arc";

    /// <summary>True where one line holds all points.</summary>
    public bool IsLine => Area.HasValue;

    private int Freedom => Points.Count - 1;

    /// <summary>Null for fewer than two points.</summary>
    public static JumpLine? Of(IReadOnlyList<JumpPoint> points, double stated)
    {
        if (points.Count < 2) { return null; }
        // Relative errors: the weights are of the mean ratio, so that a large ratio does not weigh less for being large.
        var weights = points.Select(p => 1 / (p.Error * p.Error)).ToArray();
        var mean = points.Zip(weights).Sum(p => p.First.Ratio * p.Second) / weights.Sum();
        var chi = points.Sum(p => Math.Pow((p.Ratio - mean) / (p.Error * mean), 2));
        var p = 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(points.Count - 1, chi);
        var least = points.MinBy(x => x.Ratio)!;
        var most = points.MaxBy(x => x.Ratio)!;
        var area = p >= Significance ? Estimate.Of(mean, mean * Math.Sqrt(Math.Max(1, chi / (points.Count - 1)) / weights.Sum()))
            : Estimate.Withheld(FormattableString.Invariant($"no line: from {1e4 * least.Ratio:G3} ({least.Sample}) to {1e4 * most.Ratio:G3} ({most.Sample}) Ω cm² per Ω, further apart than their errors with {100 * BetweenTechniques:0} % between two techniques (χ² = {chi:G3} for {points.Count - 1} degree{(points.Count > 2 ? "s" : "")} of freedom, p = {p:G1})"));
        return new(points, area, chi, p, stated);
    }

    public static JumpLine? Of(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison)
    {
        var points = new List<(JumpPoint Point, Estimate? Intercept)>();
        var areas = new List<double>();
        foreach (var (s, place) in study.Samples.Select((s, i) => (s, i)))
        {
            if (Value("irDrop") is not { } drop || Value("interfaceResistance") is not { Value: > 0 } r || s.Cells.Select(c => c.Electrode.Area).FirstOrDefault(a => a is not null) is not { } area) { continue; }
            if (analyses.FirstOrDefault(a => a.Work.Sample.Name == s.Name && a.Technique == "gitt") is not { } gitt || GittTechnique.PulseCurrent(gitt) is not { } current || current == 0) { continue; }
            areas.Add(area.Value);
            points.Add((new(s.Name, r, drop.Scaled(1e-3 * area.Value / Math.Abs(current)), place), Value("seriesResistance")));

            Estimate? Value(string quantity) => comparison.FirstOrDefault(c => c.Quantity == quantity)?.Values.FirstOrDefault(v => v.Sample == s.Name)?.Value is { HasValue: true } e ? e : null;
        }
        // The jump holds the intercept too.
        var withIntercept = points.TrueForAll(p => p.Intercept is { Value: >= 0 });
        var line = Of([.. points.Select(p => withIntercept ? p.Point with { Resistance = Sum(p.Point.Resistance, p.Intercept!.Value) } : p.Point)], areas.Distinct().Count() == 1 ? areas[0] : double.NaN);
        return line is null ? null : line with { Kind = withIntercept ? "intercept and first arc" : "first arc" };
        static Estimate Sum(Estimate a, Estimate b) => Estimate.Of(a.Value + b.Value, Math.Sqrt(Math.Pow(double.IsFinite(a.StandardError) ? a.StandardError : 0, 2) + Math.Pow(double.IsFinite(b.StandardError) ? b.StandardError : 0, 2)));
    }

    public Finding Finding()
    {
        var disagrees = IsLine && double.IsFinite(Stated) && Math.Abs(Area.Value - Stated) > Math.Max(3 * Area.StandardError, 0.15 * Stated);
        var text = $"Potential jump per current density against the resistance of the spectrum ({Kind}) gives {string.Join(", ", Points.Select(p => $"{NumberText.Print(1e4 * p.Ratio, 3)} ({p.Sample})"))} Ω cm² per Ω. " +
            (IsLine ? $"It is one line of {NumberText.Print(Area.Scaled(1e4))} cm²: the jump is that resistance, on that area{(double.IsFinite(Stated) ? disagrees ? $", not on the stated {NumberText.Print(1e4 * Stated, 3)} cm²: the area is another, or the jump holds as much again that the spectrum does not show" : ", as stated" : "")}."
                : $"It is not one line ({Misfit()}): the jump holds something besides that resistance, and not the same in all samples.");
        return new("jump-line", IsLine && !disagrees ? Severity.Note : Severity.Contradiction, text,
            [.. Points.Select(p => new Evidence($"irDrop × area / current of {p.Sample}", 1e4 * p.Jump.Value, "ohm cm2")), .. IsLine ? [new Evidence("area of the line", 1e4 * Area.Value, "cm2")] : Array.Empty<Evidence>(), new("chi-squared of the line", ChiSquared, "1"), new("p of the line", PValue, "1")]);
    }

    private string Misfit() => FormattableString.Invariant($"χ² = {ChiSquared:G3} for {Freedom} degree{(Freedom > 1 ? "s" : "")} of freedom, p = {PValue:G1}");

    public Figure Figure() => new("jump-line", "Potential jump and impedance",
        $"Jump of the titration over its current density against the resistance of the spectrum ({Kind}), with one standard error of each. {(IsLine ? $"Line through the origin: {NumberText.Print(Area.Scaled(1e4))} Ω cm² per Ω ({Misfit()}, with {100 * BetweenTechniques:0} % between the techniques)" : char.ToUpperInvariant(Area.Reason![0]) + Area.Reason[1..])}.",
    [
        new Panel(new Axis($"Resistance of the spectrum, {Kind}", "ohm") { FromZero = true }, new Axis("Jump over current density", "ohm cm2") { FromZero = true },
        [
            .. Points.Select(p => (Series)new XY(p.Sample, [p.Resistance.Value], [1e4 * p.Jump.Value]) { Colour = p.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(p.Place), XError = [p.Resistance.StandardError], YError = [1e4 * p.Jump.StandardError] }),
            .. IsLine ? [new XY("one area", [0, 1.05 * Points.Max(p => p.Resistance.Value)], [0, 1.05e4 * Area.Value * Points.Max(p => p.Resistance.Value)]) { Colour = Palette.Neutral, Dash = Dash.Dashed }] : Array.Empty<Series>(),
        ]),
    ]) { Width = FigureWidth.Single };
}
