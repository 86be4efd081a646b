namespace Interphase.Characterisation;

/// <summary>What the lines that are seen belong to: a fitted phase, a weaker wavelength of the tube, or nothing known.</summary>
internal static class LineOrigins
{
    /// <summary>How near lines are told as one, in full widths at half maximum.</summary>
    private const double Together = 0.7;

    /// <summary>The same lines with their origins.</summary>
    public static IEnumerable<ObservedLine> Of(IReadOnlyList<ObservedLine> lines, RefinedPattern fit)
    {
        var model = fit.Model;
        bool[] described = [.. model.Phases.Select((_, k) => fit.DescribesPhase(k))];
        var known = Enumerable.Range(0, model.Lines.Length).Where(l => described[model.Lines[l].Phase])
            .Select(l => (Line: l, At: model.Line(l, fit.P, model.Wavelength).TwoTheta, Area: model.Area(l, fit.Amplitudes))).Where(l => l.Area > 0).ToArray();
        var rest = Rest(fit, described);
        double Left(ObservedLine line, double width)
        {
            // Within its full width a line has three quarters (Gauss) to half (Lorentz) of its area.
            double sum = 0;
            for (var i = 1; i < rest.Length; i++) { if (Math.Abs(model.X[i] - line.TwoTheta.Value) < 0.5 * width) { sum += rest[i] * (model.X[i] - model.X[i - 1]); } }
            return sum / 0.6;
        }

        // Of lines of free intensity the whole pattern tells the area, with halo and neighbours beside it, far better than a profile over a ground of its own.
        var members = known.Where(k => !model.Phases[model.Lines[k.Line].Phase].KeepsRatios).ToLookup(k => lines.MinBy(l => Math.Abs(l.TwoTheta.Value - k.At)));
        foreach (var line in lines)
        {
            var (at, width) = (line.TwoTheta.Value, line.FullWidth.HasValue ? line.FullWidth.Value : 0.05);
            var near = known.Where(k => Math.Abs(k.At - at) < Math.Max(0.5 * width, 0.04)).ToArray();
            if (near.Length > 0 && near.Sum(k => k.Area) > 0.3 * line.Area.Value)
            {
                var (phase, h, k, l, _) = model.Lines[near.MaxBy(n => n.Area).Line];
                var own = members[line].Where(m => Math.Abs(m.At - at) < Math.Max(Together * width, 0.04)).OrderByDescending(m => m.Area).ToArray();
                yield return line with
                {
                    Phase = model.Phases[phase].Name, Index = (h, k, l),
                    Area = own.Length == 0 ? line.Area : fit.AreaOf([.. own.Select(m => m.Line)]),
                    Members = [.. own.Select(m => model.Lines[m.Line]).Where(m => m.Phase == phase).Select(m => (m.H, m.K, m.L))],
                };
                continue;
            }
            var note = Weaker(line, lines, model.Wavelength);
            var inside = at > model.X[0] && at < model.X[^1];
            // Where the whole pattern is described, a hump that leaves nothing over is no line of its own.
            if (note is null && inside && fit.Describes && Left(line, width) < 0.3 * line.Area.Value) { note = "halo, or overlap of known lines"; }
            yield return line with { Note = note, Unexplained = note is null && inside };
        }
    }

    /// <summary>Counts beyond background, halo and the phases that the pattern shows.</summary>
    private static double[] Rest(RefinedPattern fit, bool[] described)
    {
        var amplitudes = (double[])fit.Amplitudes.Clone();
        for (var k = 0; k < fit.Model.Phases.Count; k++)
        {
            if (!described[k]) { foreach (var j in fit.Model.ColumnsOf(k)) { amplitudes[j] = 0; } }
        }
        var known = fit.Model.Sum(fit.Columns, amplitudes);
        return [.. fit.Model.Y.Zip(known, (y, c) => y - c)];
    }

    /// <summary>Kβ, or tungsten on the anode, of a line at least twenty times as strong.</summary>
    private static string? Weaker(ObservedLine line, IReadOnlyList<ObservedLine> lines, double wavelength)
    {
        if (Radiation.Of(wavelength) is not { } anode) { return null; }
        foreach (var (name, weaker) in new[] { ("Kβ", anode.Beta), ("tungsten Lα", Radiation.TungstenAlpha) })
        {
            var origin = lines.Where(o => o.Area.Value > 20 * line.Area.Value && Math.Abs((360 / Math.PI * Math.Asin(Math.Min(1, Math.Sin(o.TwoTheta.Value * Math.PI / 360) * weaker / wavelength))) - line.TwoTheta.Value) < 0.06).MaxBy(o => o.Area.Value);
            if (origin is not null) { return $"{name} of the line at {origin.TwoTheta.Value:0.00}°"; }
        }
        return null;
    }
}
