using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>
/// What no single technique can say: numbers withheld, potentials without a reference, and techniques that disagree. Each is a
/// sentence with the numbers it rests on.
/// </summary>
internal static class StudyFindings
{
    public static IReadOnlyList<Finding> Of(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison, IReadOnlyList<SampleVerdict> verdicts)
    {
        List<Finding> all =
        [
            .. OfAnalyses(analyses), .. VerdictFindings.Of(verdicts),
            .. SeparatorIntercept(study, comparison), .. ResistanceTimesConductivity(study, comparison), .. JumpAgainstImpedance(study, analyses, comparison),
            .. TechniqueFindings.Of(analyses, JumpLine.Of(study, analyses, comparison)),
            .. UnknownReferences(analyses), .. Withheld(comparison),
        ];
        return [.. all.OrderByDescending(f => f.Severity)];
    }

    /// <summary>One sentence for all cells it is true of; where their numbers differ, that of the first and the names of the others.</summary>
    private static IEnumerable<Finding> OfAnalyses(IReadOnlyList<Analysis> analyses) =>
        analyses.SelectMany(a => a.Findings.Select(f => (a.Work.Label, a.Technique, Finding: f))).GroupBy(f => (f.Technique, f.Finding.Id)).Select(g =>
        {
            var first = g.First();
            var labels = g.Select(f => f.Label).Distinct().ToArray();
            var same = g.All(f => f.Finding.Text == first.Finding.Text);
            var others = labels.Skip(1).ToArray();
            return first.Finding with
            {
                Id = first.Finding.Id,
                Severity = g.Max(f => f.Finding.Severity),
                Text = same ? $"{string.Join(", ", labels)}: {first.Finding.Text}" : $"{first.Label}: {first.Finding.Text}{(others.Length > 0 ? $" Likewise, with other numbers, {string.Join(", ", others)}." : "")}",
            };
        });

    /// <summary>The intercept of the spectra beside what the separator has by its thickness and conductivity.</summary>
    private static IEnumerable<Finding> SeparatorIntercept(Study study, IReadOnlyList<ComparisonRow> comparison)
    {
        foreach (var s in study.Samples)
        {
            if (s.Cells is not [{ Electrode: { Area: { } area, Separator: { Thickness: { } t, Conductivity: { } sigma } } }, ..] || Value(comparison, "seriesResistance", s.Name) is not { } r) { continue; }
            var check = Impedance.SeparatorCheck.Of(r, area, t, sigma);
            yield return new($"separator-intercept-{Slug.Of(s.Name)}", check.Agrees ? Severity.Note : Severity.Contradiction, $"{s.Name}: {check.Words()}",
                [new("seriesResistance", r.Value, "ohm"), new("electrode.separator.thickness", t.Value, "m"), new("electrode.separator.conductivity", sigma.Value, "S/m"), new("ratio", check.Ratio.Value, "1")]);
        }
    }

    /// <summary>If conductivity alone decided the interface, R·σ would be the same for all samples.</summary>
    private static IEnumerable<Finding> ResistanceTimesConductivity(Study study, IReadOnlyList<ComparisonRow> comparison)
    {
        var products = study.Samples.Select(s => (s.Name, R: Value(comparison, "interfaceResistance", s.Name), S: Value(comparison, "coatingConductivity", s.Name)))
            .Where(p => p.R is not null && p.S is not null)
            .Select(p => (p.Name, Product: p.R!.Value.Value * p.S!.Value.Value, Error: p.R.Value.Value * p.S.Value.Value * Math.Sqrt(Relative(p.R.Value) + Relative(p.S.Value)))).ToArray();
        if (products.Length < 2) { yield break; }
        var least = products.MinBy(p => p.Product);
        var most = products.MaxBy(p => p.Product);
        var differs = most.Product - least.Product > 3 * Math.Sqrt((most.Error * most.Error) + (least.Error * least.Error)) && most.Product > 1.2 * least.Product;
        yield return new("resistance-times-conductivity", differs ? Severity.Contradiction : Severity.Note,
            $"Interface resistance × coating conductivity is {string.Join(", ", products.Select(p => $"{NumberText.Print(Estimate.Of(p.Product, p.Error))} Ω µS/cm ({p.Name})"))}. " +
            (differs ? $"It is not one number: between {least.Name} and {most.Name} something besides the coating's conductivity differs." : "It is one number within the errors, as it must be if the coating's conductivity alone decides the interface."),
            [.. products.Select(p => new Evidence($"interfaceResistance × coatingConductivity of {p.Name}", p.Product, "ohm uS/cm"))]);
    }

    /// <summary>The potential jump of a titration and the resistance of the spectrum must give one area.</summary>
    private static IEnumerable<Finding> JumpAgainstImpedance(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison)
    {
        foreach (var s in study.Samples)
        {
            if (Value(comparison, "irDrop", s.Name) is not { } drop || Value(comparison, "interfaceResistance", s.Name) is not { } r) { continue; }
            if (analyses.FirstOrDefault(a => a.Work.Sample.Name == s.Name && a.Technique == "gitt") is not { } gitt || GittTechnique.PulseCurrent(gitt) is not { } current || current == 0) { continue; }
            var dc = drop.Value * 1e-3 / Math.Abs(current);
            var series = Value(comparison, "seriesResistance", s.Name)?.Value ?? 0;
            var ratio = dc / (r.Value + series);
            yield return new($"jump-against-impedance-{Slug.Of(s.Name)}", ratio is > 1.3 or < 0.7 ? Severity.Contradiction : Severity.Note,
                $"{s.Name}: the potential jump of the titration is {NumberText.Print(dc, 3)} Ω at its current, {NumberText.Ratio(ratio)} times the {NumberText.Print(r.Value + series, 3)} Ω of intercept and first arc in the spectrum. " +
                (ratio is > 1.3 or < 0.7 ? "Either the two were not taken on the same area or state, or the jump holds a polarisation the spectrum does not." : "The two agree."),
                [new("irDrop", drop.Value, "mV"), new("gitt.current", current, "A"), new("interfaceResistance", r.Value, "ohm")]);
        }
    }

    private static IEnumerable<Finding> UnknownReferences(IReadOnlyList<Analysis> analyses)
    {
        var unknown = analyses.Where(a => a.Work.Cell is not null && a.Work.Electrode.Reference is null && a.Work.Measurements.Any(m => m.Series?.Reference.Name is null && m.Series?.Find(Measurements.ColumnNames.Potential) is not null))
            .Select(a => a.Work.Label).Distinct().ToArray();
        if (unknown.Length > 0)
        {
            yield return new("reference-unknown", Severity.Caution, $"What the potentials of {string.Join(", ", unknown)} are measured against is not said; they are not compared with any other scale. State it in the study: electrode.reference: {{ name: Li-In, potential: 0.62 V }}.", []);
        }
    }

    private static IEnumerable<Finding> Withheld(IReadOnlyList<ComparisonRow> comparison) =>
        comparison.SelectMany(r => r.Values.Where(v => !v.Value.HasValue).Select(v => (r.Quantity, v.Sample, v.Value.Reason))).GroupBy(v => (v.Quantity, v.Reason))
            .Select(g => new Finding($"withheld-{Slug.Of(g.Key.Quantity)}", Severity.Caution, $"{QuantityNames.Of(g.Key.Quantity)} is withheld for {string.Join(", ", g.Select(v => v.Sample))}: {g.Key.Reason ?? "no reason was recorded"}.", []));

    private static double Relative(Estimate e) => double.IsFinite(e.StandardError) ? Math.Pow(e.StandardError / e.Value, 2) : 0;

    private static Estimate? Value(IReadOnlyList<ComparisonRow> comparison, string quantity, string sample) =>
        comparison.FirstOrDefault(r => r.Quantity == quantity)?.Values.FirstOrDefault(v => v.Sample == sample)?.Value is { HasValue: true } e ? e : null;
}
