using Interphase.Characterisation;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Everything the techniques say of one sample's coating, put together.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="State">The one state that all techniques allow; null where they leave two, contradict each other, or say nothing.</param>
/// <param name="Possible">The states that all techniques allow; none where they contradict each other, or where no technique excludes any.</param>
/// <param name="Evidence">What each says.</param>
/// <param name="Crystallinity">Of the coating powder, 1.</param>
/// <param name="Coverage">Of the particles, 1.</param>
/// <param name="Thicknesses">All that were measured or stated, m, with where they come from.</param>
/// <param name="Conductivity">Of a pellet of the coating, S/m.</param>
/// <param name="Budget">The film's resistance beside that of the interface.</param>
/// <param name="Grown">Thickness of the layer grown on cycling, m.</param>
/// <param name="Growth">By how much the interface's resistance grew on cycling, Ω.</param>
public sealed record SampleVerdict(
    Sample Sample, CoatingState? State, IReadOnlyList<CoatingState> Possible, IReadOnlyList<StateEvidence> Evidence, Estimate Crystallinity, Estimate Coverage, IReadOnlyList<(Estimate Value, string From)> Thicknesses,
    Estimate Conductivity, ResistanceBudget Budget, Estimate Grown, Estimate Growth)
{
    /// <summary>The entries of the evidence that exclude a state.</summary>
    public IReadOnlyList<StateEvidence> Telling => [.. Evidence.Where(e => e.Tells)];

    /// <summary>The thickness that is used, m: the first there is.</summary>
    public Estimate Thickness => First(Thicknesses).Value;

    /// <summary>Where it comes from.</summary>
    public string ThicknessFrom => First(Thicknesses).From;

    private static (Estimate Value, string From) First(IReadOnlyList<(Estimate, string)> thicknesses) => thicknesses.Count > 0 ? thicknesses[0] : (Estimate.Withheld("not measured"), "");

    /// <summary>True where no state is allowed by all techniques.</summary>
    public bool Contradictory => Possible.Count == 0 && Telling.Count > 1;

    /// <summary>Verdicts of all samples that have a coating and something measured of it.</summary>
    internal static IReadOnlyList<SampleVerdict> Of(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison) =>
        [.. study.Samples.Where(s => s.Coating is not null).Select(s => Of(study, s, analyses, comparison)).Where(v => v.Evidence.Count > 0 || v.Conductivity.HasValue || v.Grown.HasValue || v.Coverage.HasValue)];

    private static SampleVerdict Of(Study study, Sample sample, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison)
    {
        var evidence = StateEvidence.Of(sample, analyses);
        IReadOnlyList<CoatingState> possible = evidence.Any(e => e.Tells) ? Joined(evidence) : [];
        Estimate Value(string quantity) => comparison.FirstOrDefault(r => r.Quantity == quantity)?.Values.FirstOrDefault(v => v.Sample == sample.Name)?.Value ?? Estimate.Withheld("not measured");
        (Estimate Value, string From)[] thicknesses = [.. Layers(sample, analyses, comparison)];
        var conductivity = Value("coatingConductivity").Scaled(1e-4);
        if (!conductivity.HasValue && sample.Coating!.Conductivity is { } stated) { conductivity = Stated(stated); }
        var (area, areaFrom) = ResistanceBudget.ParticlesOf(sample);
        var (fresh, aged) = (Value("interfaceResistance"), Aged(comparison, sample));
        return new(sample, possible is [var only] ? only : null, possible, evidence, Value("crystallinity"), Value("coatingCoverage"), thicknesses, conductivity,
            new(ResistanceBudget.FilmOf(First(thicknesses).Value, conductivity), fresh, ResistanceBudget.AreaOf(sample), area) { ParticleAreaFrom = areaFrom }, Value("interphaseThickness").Scaled(1e-9), Difference(aged, fresh));
    }

    /// <summary>The states that all evidence allows.</summary>
    internal static IReadOnlyList<CoatingState> Joined(IReadOnlyList<StateEvidence> evidence) => [.. CoatingStates.All.Where(s => evidence.All(e => e.States.Contains(s)))];

    private static Estimate Stated(Units.Quantity q) => q.StandardError is { } e ? Estimate.Of(q.Value, e) : Estimate.WithoutError(q.Value, "stated without an error");

    /// <summary>Thickness: of micrographs, of shells in maps, and as stated; the first is used. One micrograph's own error says nothing of other places; its spread along the edge does.</summary>
    private static IEnumerable<(Estimate Value, string From)> Layers(Sample sample, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison)
    {
        SampleValue? Measured(string quantity) => comparison.FirstOrDefault(r => r.Quantity == quantity)?.Values.FirstOrDefault(v => v.Sample == sample.Name && v.Value.HasValue);
        if (Measured("coatingThickness") is { } seen)
        {
            var images = seen.Replicates.Count(r => r.HasValue);
            var spread = analyses.Where(a => a.Work.Sample.Name == sample.Name).Select(a => a.Result).OfType<MicrographResult>().Select(r => r.Thickness?.StandardDeviation ?? double.NaN).FirstOrDefault(double.IsFinite);
            yield return images > 1 ? (seen.Value.Scaled(1e-9), $"mean of {images} micrographs")
                : (Estimate.Of(seen.Value.Value * 1e-9, Math.Sqrt(Square(seen.Value.StandardError * 1e-9) + Square(spread))), "one micrograph, its spread along the edge taken for the error");
        }
        if (Measured("shellThickness") is { } shell) { yield return (shell.Value.Scaled(1e-9), "shell in the element map"); }
        if (sample.Coating!.Thickness is { } stated) { yield return (Stated(stated), "stated in the study"); }
    }

    /// <summary>The interface's resistance after most cycles.</summary>
    private static Estimate Aged(IReadOnlyList<ComparisonRow> comparison, Sample sample) =>
        comparison.Where(r => r.Quantity.StartsWith("interfaceResistanceAfter", StringComparison.Ordinal)).OrderByDescending(r => r.Quantity.Length).ThenByDescending(r => r.Quantity, StringComparer.Ordinal)
            .Select(r => r.Values.FirstOrDefault(v => v.Sample == sample.Name)?.Value).FirstOrDefault(v => v is { HasValue: true }) ?? Estimate.Withheld("not measured after cycling");

    private static Estimate Difference(Estimate after, Estimate before) => after.HasValue && before.HasValue
        ? Estimate.Of(after.Value - before.Value, Math.Sqrt(Square(after.StandardError) + Square(before.StandardError))) : Estimate.Withheld("needs the interface's resistance before and after cycling");

    /// <summary>The square of an error; nothing where there is none.</summary>
    internal static double Square(double x) => double.IsFinite(x) ? x * x : 0;
}
