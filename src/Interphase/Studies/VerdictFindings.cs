using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>What the joined verdicts say that no technique says alone: agreement, the budget of resistance, and what a grown layer conducts.</summary>
internal static class VerdictFindings
{
    public static IEnumerable<Finding> Of(IReadOnlyList<SampleVerdict> verdicts) => verdicts.SelectMany(v => new[] { Agreement(v), Thickness(v), BudgetFindings.Of(v), Growth(v) }).OfType<Finding>().Concat(Conduction(verdicts));

    public static string Word(SampleVerdict v) => v.Contradictory ? "contradictory" : v.Evidence.Count == 0 ? "not measured" : v.Possible.Count == 0 ? "not told" : CoatingStates.Words(v.Possible);

    /// <summary>Numbers that samples are compared by.</summary>
    public static IEnumerable<(string Quantity, string Unit, SampleVerdict Verdict, Estimate Value, string Method)> Values(IReadOnlyList<SampleVerdict> verdicts)
    {
        foreach (var v in verdicts)
        {
            var b = v.Budget;
            if (b.Film.HasValue) { yield return ("coatingArealResistance", "ohm cm2", v, b.Film.Scaled(1e4), $"thickness over conductivity; thickness: {v.ThicknessFrom}"); }
            if (b.Film.HasValue && b.Interface.HasValue) { yield return ("interfaceArealResistance", "ohm cm2", v, b.OnElectrode.Scaled(1e4), "interface resistance times the electrode's geometric area"); }
            if (b.TimesOnElectrode.HasValue) { yield return ("interfaceOverFilm", "1", v, b.TimesOnElectrode, "interface over film, both per area of the electrode"); }
            if (v.Grown.HasValue && v.Growth is { HasValue: true, Value: > 0 } && b.ParticleArea.HasValue) { yield return ("interphaseConductivity", "S/cm", v, Layer(v).Scaled(1e-2), "thickness of the grown layer over the growth of the interface's resistance per particle area"); }
        }
    }

    /// <summary>Conductivity of a layer of the seen thickness that would add the seen resistance on the particles' area, S/m.</summary>
    private static Estimate Layer(SampleVerdict v) => ResistanceBudget.Product((v.Grown, 1, "the layer's thickness"), (v.Growth, -1, "the growth of the interface"), (v.Budget.ParticleArea, -1, "the particles' area"));

    private static Finding? Agreement(SampleVerdict v)
    {
        var id = $"state-{Slug.Of(v.Sample.Name)}";
        static string Said(IEnumerable<StateEvidence> all) => string.Join("; ", all.Select(e => $"{Name(e.Technique)}: {e.Says} ({CoatingStates.Words(e.States)})"));
        switch (v.Telling.Count)
        {
            case 0 when v.Evidence.Count == 0: return null;
            case 0: return new(id, Severity.Caution, $"{v.Sample.Name}: what was measured does not tell the coating's state. {Said(v.Evidence)}.", Evidence(v));
            case 1: return new(id, Severity.Note, $"{v.Sample.Name}: the coating is {Word(v)} by {Name(v.Telling[0].Technique)} alone ({v.Telling[0].Says}); no other technique checks it.{(v.Evidence.Count > 1 ? $" {Capital(Said(v.Evidence.Where(e => !e.Tells)))}." : "")}", Evidence(v));
        }
        if (!v.Contradictory) { return new(id, Severity.Note, $"{v.Sample.Name}: the coating is {Word(v)}, as {v.Telling.Count} techniques together allow. {Capital(Said(v.Evidence))}.", Evidence(v)); }
        // The two that are furthest apart.
        var (a, b) = v.Telling.SelectMany((x, i) => v.Telling.Skip(i + 1).Select(y => (x, y))).OrderByDescending(p => Apart(p.x, p.y)).First();
        return new(id, Severity.Contradiction,
            $"{v.Sample.Name}: the techniques contradict each other about the coating. {Capital(Name(a.Technique))} says {CoatingStates.Words(a.States)} ({a.Says}), {Name(b.Technique)} says {CoatingStates.Words(b.States)} ({b.Says}). {Explanation(a, b)}", Evidence(v));
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static double Apart(StateEvidence a, StateEvidence b) => a.States.Min(x => b.States.Min(y => Math.Abs(x - y)));

    /// <summary>What to check first, by the pair that disagrees.</summary>
    private static string Explanation(StateEvidence a, StateEvidence b)
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

    /// <summary>Two ways to the thickness that do not agree.</summary>
    private static Finding? Thickness(SampleVerdict v)
    {
        var known = v.Thicknesses.Where(t => double.IsFinite(t.Value.StandardError)).ToArray();
        foreach (var other in known.Skip(1))
        {
            var (a, b) = (known[0].Value, other.Value);
            // Particles differ: a tenth is nothing to call a contradiction.
            if (!(Math.Abs(a.Value - b.Value) > 3 * Math.Sqrt(SampleVerdict.Square(a.StandardError) + SampleVerdict.Square(b.StandardError)) + (0.1 * a.Value))) { continue; }
            return new($"thickness-{Slug.Of(v.Sample.Name)}", Severity.Contradiction, $"{v.Sample.Name}: the coating is {NumberText.Print(a.Scaled(1e9))} nm thick ({known[0].From}), or {NumberText.Print(b.Scaled(1e9))} nm ({other.From}). Check the scales of the images and that all are of this sample; the first is used.",
                [new(known[0].From, a.Value * 1e9, "nm"), new(other.From, b.Value * 1e9, "nm")]);
        }
        return null;
    }

    /// <summary>A layer grown on cycling beside the growth of the interface's resistance.</summary>
    private static Finding? Growth(SampleVerdict v)
    {
        if (!v.Grown.HasValue) { return null; }
        var name = $"interphase-growth-{Slug.Of(v.Sample.Name)}";
        if (!v.Growth.HasValue) { return new(name, Severity.Note, $"{v.Sample.Name}: after cycling a layer of {NumberText.Print(v.Grown.Scaled(1e9))} nm lies on the particles; what it adds to the interface's resistance is not known without impedance before and after cycling.", [new("interphaseThickness", v.Grown.Value * 1e9, "nm")]); }
        if (!(v.Growth.Value > 2 * v.Growth.StandardError)) { return new(name, Severity.Note, $"{v.Sample.Name}: after cycling a layer of {NumberText.Print(v.Grown.Scaled(1e9))} nm lies on the particles, but the interface's resistance did not grow ({NumberText.Print(v.Growth)} Ω).", [new("interphaseThickness", v.Grown.Value * 1e9, "nm"), new("growth", v.Growth.Value, "ohm")]); }
        var sigma = Layer(v);
        return new(name, Severity.Note, $"{v.Sample.Name}: after cycling a layer of {NumberText.Print(v.Grown.Scaled(1e9))} nm lies on the particles and the interface's resistance has grown by {NumberText.Print(v.Growth)} Ω" +
            (sigma.HasValue ? $"; spread over the particles ({v.Budget.ParticleAreaFrom}) such a layer would conduct {NumberText.Print(sigma.Scaled(1e-2))} S/cm." : "; give the electrode's particle radius or interface area to state what the layer conducts."),
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
            $"{best.Sample.Name} ({Word(best)}{(double.IsFinite(best.Conductivity.StandardError) ? "" : ", stated")}) conducts best, {NumberText.Print(best.Conductivity.Scaled(1e4))} µS/cm against {string.Join(", ", known.Where(v => v != best).OrderByDescending(v => v.Conductivity.Value).Select(v => $"{NumberText.Print(v.Conductivity.Scaled(1e4))} ({v.Sample.Name}, {Word(v)}{(double.IsFinite(v.Conductivity.StandardError) ? "" : ", stated")})"))}" +
            (clear ? "" : "; the first two do not differ beyond their errors") + $". That rests on {known.Length} samples{(known.Length < 5 ? ": an order, not a law" : "")}.",
            [.. known.Select(v => new Evidence($"coatingConductivity of {v.Sample.Name}", v.Conductivity.Value * 1e4, "uS/cm"))]);
    }

    public static string Name(string technique) => technique switch { "xrd" => "X-ray diffraction", "thermal" => "thermal analysis", "micrograph" => "microscopy", "diffraction" => "electron diffraction", _ => technique };
}
