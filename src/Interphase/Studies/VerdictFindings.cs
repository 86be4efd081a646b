using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>What the joined verdicts say that no technique says alone: agreement, the budget of resistance, and what a grown layer conducts.</summary>
internal static class VerdictFindings
{
    public static IEnumerable<Finding> Of(IReadOnlyList<SampleVerdict> verdicts) => verdicts.SelectMany(v => new[] { Agreement(v), Budget(v), Growth(v) }).OfType<Finding>().Concat(Conduction(verdicts));

    public static string Word(SampleVerdict v) => v.Contradictory ? "contradictory" : v.Evidence.Count == 0 ? "not measured" : string.Join(" or ", v.Possible.Select(Word));

    public static string Word(CoatingState state) => state switch { CoatingState.Amorphous => "amorphous", CoatingState.Partial => "partly crystalline", _ => "crystalline" };

    /// <summary>Numbers that samples are compared by.</summary>
    public static IEnumerable<(string Quantity, string Unit, SampleVerdict Verdict, Estimate Value, string Method)> Values(IReadOnlyList<SampleVerdict> verdicts)
    {
        foreach (var v in verdicts)
        {
            if (v.Film.HasValue) { yield return ("coatingArealResistance", "ohm cm2", v, v.Film.Scaled(1e4), $"thickness over conductivity; thickness: {v.ThicknessFrom}"); }
            if (v.Film.HasValue && v.Interface.HasValue && double.IsFinite(v.GeometricArea)) { yield return ("interfaceArealResistance", "ohm cm2", v, v.Interface.Scaled(v.GeometricArea * 1e4), "interface resistance times the electrode's geometric area"); }
            if (v.Grown.HasValue && v.Growth is { HasValue: true, Value: > 0 } && double.IsFinite(v.ParticleArea)) { yield return ("interphaseConductivity", "S/cm", v, Layer(v).Scaled(1e-2), "thickness of the grown layer over the growth of the interface's resistance per particle area"); }
        }
    }

    /// <summary>Conductivity of a layer of the seen thickness that would add the seen resistance on the particles' area, S/m.</summary>
    private static Estimate Layer(SampleVerdict v)
    {
        var sigma = v.Grown.Value / (v.Growth.Value * v.ParticleArea);
        var relative = Math.Sqrt(Math.Pow(v.Grown.StandardError / v.Grown.Value, 2) + Math.Pow(v.Growth.StandardError / v.Growth.Value, 2));
        return Estimate.Of(sigma, sigma * relative);
    }

    private static Finding? Agreement(SampleVerdict v)
    {
        if (v.Evidence.Count < 2) { return null; }
        var said = string.Join("; ", v.Evidence.Select(e => $"{Name(e.Technique)}: {e.Says} ({string.Join(" or ", e.States.Select(Word))})"));
        if (!v.Contradictory) { return new($"state-{Slug.Of(v.Sample.Name)}", Severity.Note, $"{v.Sample.Name}: the coating is {Word(v)}; {v.Evidence.Count} techniques agree. {said}.", Evidence(v)); }
        // The two that are furthest apart.
        var (a, b) = v.Evidence.SelectMany((x, i) => v.Evidence.Skip(i + 1).Select(y => (x, y))).OrderByDescending(p => Apart(p.x, p.y)).First();
        return new($"state-{Slug.Of(v.Sample.Name)}", Severity.Contradiction,
            $"{v.Sample.Name}: the techniques contradict each other about the coating. {Name(a.Technique)} says {string.Join(" or ", a.States.Select(Word))} ({a.Says}), {Name(b.Technique)} says {string.Join(" or ", b.States.Select(Word))} ({b.Says}). {Explanation(v, a, b)}", Evidence(v));
    }

    private static double Apart(StateEvidence a, StateEvidence b) => a.States.Min(x => b.States.Min(y => Math.Abs(x - y)));

    /// <summary>What to check first, by the pair that disagrees.</summary>
    private static string Explanation(SampleVerdict v, StateEvidence a, StateEvidence b)
    {
        var pair = new[] { a.Technique, b.Technique };
        var (thermal, other) = a.Technique == "thermal" ? (a, b) : (b, a);
        if (thermal.Technique == "thermal")
        {
            return other.States.Max() > thermal.States.Max()
                ? "Either the annealing was hotter or longer than stated, or its hold crystallises below the onset of a heating ramp (heat at three rates and predict the hold)."
                : "Either the powder was not annealed as stated, or the exotherm taken for crystallisation is another reaction.";
        }
        return pair.Contains("micrograph") || pair.Contains("diffraction") ? "A micrograph sees some nanometres of some particles and its beam can crystallise an oxide; diffraction of a powder misses crystals below a few nanometres." : "Check that the files belong to this sample.";
    }

    private static IReadOnlyList<Evidence> Evidence(SampleVerdict v) =>
        [.. new (string, Estimate, string)[] { ("crystallinity", v.Crystallinity, "1") }.Where(e => e.Item2.HasValue).Select(e => new Evidence(e.Item1, e.Item2.Value, e.Item3)), .. v.Sample.Coating?.Annealing is { } t ? new[] { new Evidence("coating.annealing", t.Value - 273.15, "degC") } : []];

    /// <summary>The film's own ionic resistance t/σ beside the measured interface.</summary>
    private static Finding? Budget(SampleVerdict v)
    {
        if (!v.Film.HasValue || !v.Interface.HasValue || !double.IsFinite(v.GeometricArea)) { return null; }
        var (real, basis) = double.IsFinite(v.ParticleArea) ? (v.ParticleArea, v.ParticleAreaFrom) : (v.GeometricArea, "the geometric area; that of the particles is larger");
        var measured = v.Interface.Value * real;
        return new($"coating-budget-{Slug.Of(v.Sample.Name)}", measured > 10 * v.Film.Value ? Severity.Contradiction : Severity.Note,
            $"{v.Sample.Name}: a film of {NumberText.Print(v.Thickness.Value * 1e9, 2)} nm ({v.ThicknessFrom}) with the pellet's conductivity has {NumberText.Print(v.Film.Value * 1e4, 2)} Ω cm²; the measured interface has {NumberText.Print(measured * 1e4, 2)} Ω cm² of particle area ({basis}), {NumberText.Print(measured / v.Film.Value, 2)} times as much. " +
            (measured > 10 * v.Film.Value ? "The interface's resistance is not that of the film's thickness." : "The film can be the interface's resistance."),
            [new("coating.thickness", v.Thickness.Value, "m"), new("coatingConductivity", v.Conductivity.Value * 1e4, "uS/cm"), new("interfaceResistance", v.Interface.Value, "ohm"), new("electrode.interfaceArea", real, "m2")]);
    }

    /// <summary>A layer grown on cycling beside the growth of the interface's resistance.</summary>
    private static Finding? Growth(SampleVerdict v)
    {
        if (!v.Grown.HasValue) { return null; }
        var name = $"interphase-growth-{Slug.Of(v.Sample.Name)}";
        if (!v.Growth.HasValue) { return new(name, Severity.Note, $"{v.Sample.Name}: after cycling a layer of {NumberText.Print(v.Grown.Scaled(1e9))} nm lies on the particles; what it adds to the interface's resistance is not known without impedance before and after cycling.", [new("interphaseThickness", v.Grown.Value * 1e9, "nm")]); }
        if (!(v.Growth.Value > 2 * v.Growth.StandardError)) { return new(name, Severity.Note, $"{v.Sample.Name}: after cycling a layer of {NumberText.Print(v.Grown.Scaled(1e9))} nm lies on the particles, but the interface's resistance did not grow ({NumberText.Print(v.Growth)} Ω).", [new("interphaseThickness", v.Grown.Value * 1e9, "nm"), new("growth", v.Growth.Value, "ohm")]); }
        var sigma = double.IsFinite(v.ParticleArea) ? Layer(v) : Estimate.Withheld("the particles' area is not known");
        return new(name, Severity.Note, $"{v.Sample.Name}: after cycling a layer of {NumberText.Print(v.Grown.Scaled(1e9))} nm lies on the particles and the interface's resistance has grown by {NumberText.Print(v.Growth)} Ω" +
            (sigma.HasValue ? $"; spread over the particles ({v.ParticleAreaFrom}) such a layer would conduct {NumberText.Print(sigma.Scaled(1e-2))} S/cm." : "; give the electrode's particle radius or interface area to state what the layer conducts."),
            [new("interphaseThickness", v.Grown.Value * 1e9, "nm"), new("growth", v.Growth.Value, "ohm")]);
    }

    /// <summary>The state against the conductivity: where the best conductor stands among the states.</summary>
    private static IEnumerable<Finding> Conduction(IReadOnlyList<SampleVerdict> verdicts)
    {
        var known = verdicts.Where(v => v.Conductivity.HasValue && v.Possible.Count > 0).ToArray();
        if (known.Length < 2) { yield break; }
        var best = known.MaxBy(v => v.Conductivity.Value)!;
        var next = known.Where(v => v != best).MaxBy(v => v.Conductivity.Value)!;
        var clear = best.Conductivity.Value - next.Conductivity.Value > 2 * Math.Sqrt(SampleVerdict.Square(best.Conductivity.StandardError) + SampleVerdict.Square(next.Conductivity.StandardError));
        yield return new("state-against-conductivity", Severity.Note,
            $"{best.Sample.Name} ({Word(best)}) conducts best, {NumberText.Print(best.Conductivity.Scaled(1e4))} µS/cm against {string.Join(", ", known.Where(v => v != best).OrderByDescending(v => v.Conductivity.Value).Select(v => $"{NumberText.Print(v.Conductivity.Scaled(1e4))} ({v.Sample.Name}, {Word(v)})"))}" +
            (clear ? "" : "; the first two do not differ beyond their errors") + $". That rests on {known.Length} samples{(known.Length < 5 ? ": an order, not a law" : "")}.",
            [.. known.Select(v => new Evidence($"coatingConductivity of {v.Sample.Name}", v.Conductivity.Value * 1e4, "uS/cm"))]);
    }

    public static string Name(string technique) => technique switch { "xrd" => "X-ray diffraction", "thermal" => "thermal analysis", "micrograph" => "the micrograph", "diffraction" => "electron diffraction", _ => technique };
}
