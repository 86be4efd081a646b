using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>What a coating is, from amorphous to crystalline.</summary>
public enum CoatingState
{
    /// <summary>No crystals are seen.</summary>
    Amorphous,

    /// <summary>Crystals beside an amorphous part.</summary>
    Partial,

    /// <summary>Hardly an amorphous part is left.</summary>
    Crystalline,
}

/// <summary>What one technique says of a coating's state.</summary>
/// <param name="Technique">The technique.</param>
/// <param name="Says">Its number or class, in words.</param>
/// <param name="States">The states it allows, in order; two neighbours where it cannot tell them apart.</param>
public sealed record StateEvidence(string Technique, string Says, IReadOnlyList<CoatingState> States);

/// <summary>Everything the techniques say of one sample's coating, put together.</summary>
/// <param name="Sample">The sample.</param>
/// <param name="State">The one state that all techniques allow; null where they leave two, contradict each other, or say nothing.</param>
/// <param name="Possible">The states that all techniques allow.</param>
/// <param name="Evidence">What each says.</param>
/// <param name="Crystallinity">Of the coating powder, 1.</param>
/// <param name="Coverage">Of the particles, 1.</param>
/// <param name="Thickness">m.</param>
/// <param name="ThicknessFrom">Where the thickness comes from.</param>
/// <param name="Conductivity">Of a pellet of the coating, S/m.</param>
/// <param name="Film">Thickness over conductivity, Ω m².</param>
/// <param name="Interface">Resistance of the interface in a cell, Ω.</param>
/// <param name="GeometricArea">Area of the electrode, m²; NaN where not stated.</param>
/// <param name="ParticleArea">Area of its particles, m²; NaN where not known.</param>
/// <param name="Grown">Thickness of the layer grown on cycling, m.</param>
/// <param name="Growth">By how much the interface's resistance grew on cycling, Ω.</param>
public sealed record SampleVerdict(
    Sample Sample, CoatingState? State, IReadOnlyList<CoatingState> Possible, IReadOnlyList<StateEvidence> Evidence, Estimate Crystallinity, Estimate Coverage, Estimate Thickness, string ThicknessFrom,
    Estimate Conductivity, Estimate Film, Estimate Interface, double GeometricArea, double ParticleArea, Estimate Grown, Estimate Growth)
{
    /// <summary>True where no state is allowed by all techniques.</summary>
    public bool Contradictory => Evidence.Count > 1 && Possible.Count == 0;

    /// <summary>Where the particles' area comes from.</summary>
    public string ParticleAreaFrom { get; init; } = "";

    private const double Amorphous = 0.10, Crystalline = 0.85;

    /// <summary>How far from the end of an annealing window its state is no certainty, K: the window is of a heating ramp, the annealing a hold.</summary>
    private const double Margin = 25;

    private static readonly CoatingState[] All = [CoatingState.Amorphous, CoatingState.Partial, CoatingState.Crystalline];

    /// <summary>Verdicts of all samples that have a coating and something measured of it.</summary>
    internal static IReadOnlyList<SampleVerdict> Of(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison) =>
        [.. study.Samples.Where(s => s.Coating is not null).Select(s => Of(study, s, analyses, comparison)).Where(v => v.Evidence.Count > 0 || v.Conductivity.HasValue || v.Grown.HasValue || v.Coverage.HasValue)];

    private static SampleVerdict Of(Study study, Sample sample, IReadOnlyList<Analysis> analyses, IReadOnlyList<ComparisonRow> comparison)
    {
        var own = analyses.Where(a => a.Work.Sample.Name == sample.Name).ToArray();
        var evidence = own.SelectMany(Says).ToList();
        if (Annealed(study, sample, analyses) is { } thermal) { evidence.Insert(0, thermal); }
        var possible = evidence.Count == 0 ? [] : All.Where(s => evidence.All(e => e.States.Contains(s))).ToArray();
        Estimate Value(string quantity) => comparison.FirstOrDefault(r => r.Quantity == quantity)?.Values.FirstOrDefault(v => v.Sample == sample.Name)?.Value ?? Estimate.Withheld("not measured");
        var (thickness, from) = Layer(sample, own);
        var conductivity = Value("coatingConductivity").Scaled(1e-4);
        if (!conductivity.HasValue && sample.Coating!.Conductivity is { } stated) { conductivity = stated.StandardError is { } e ? Estimate.Of(stated.Value, e) : Estimate.WithoutError(stated.Value, "as stated"); }
        var electrode = sample.Cells.Select(c => c.Electrode).FirstOrDefault(e => e.Area is not null);
        var (area, areaFrom) = Particles(electrode);
        var (fresh, aged) = (Value("interfaceResistance"), Aged(comparison, sample));
        return new(sample, possible is [var only] ? only : null, possible, evidence, Value("crystallinity"), Value("coatingCoverage"), thickness, from,
            conductivity, Quotient(thickness, conductivity), fresh, electrode?.Area?.Value ?? double.NaN, area, Value("interphaseThickness").Scaled(1e-9), Difference(aged, fresh))
        { ParticleAreaFrom = areaFrom };
    }

    /// <summary>What an analysis allows.</summary>
    private static IEnumerable<StateEvidence> Says(Analysis a)
    {
        switch (a.Result)
        {
            case XrdResult x when a.Work.Specimen!.Kind == "coating-powder" && x.Crystallinity.HasValue:
                var c = x.CalibratedCrystallinity.HasValue ? x.CalibratedCrystallinity : x.Crystallinity;
                yield return new("xrd", FormattableString.Invariant($"crystallinity {c.Value:0.00} ± {c.StandardError:0.00}"), c.Upper95 < Amorphous ? [CoatingState.Amorphous] : c.Lower95 > Crystalline ? [CoatingState.Crystalline]
                    : [.. All.Where(s => s == CoatingState.Partial || (s == CoatingState.Amorphous && c.Lower95 < Amorphous / 2) || (s == CoatingState.Crystalline && c.Upper95 > Crystalline))]);
                break;
            case XrdResult x when a.Work.Specimen!.Kind == "coated-powder" && x.Phases.FirstOrDefault(p => p.Phase.IsNiobateTantalate) is { } coating && x.Phases.Count > 1:
                yield return new("xrd", $"{coating.Phase.Name} is seen on the particles", [CoatingState.Partial, CoatingState.Crystalline]);
                break;
        }
        // Micrographs and diffraction patterns are judged by the class that their result states.
        if (a.Technique is "micrograph" or "diffraction" && Json.Of(a.Contract)["class"]?.ToString() is { } word && Classes.TryGetValue(word, out var states)) { yield return new(a.Technique, word, states); }
    }

    private static readonly Dictionary<string, CoatingState[]> Classes = new(StringComparer.Ordinal)
    {
        ["amorphous"] = [CoatingState.Amorphous], ["sparse"] = [CoatingState.Partial], ["polycrystalline"] = [CoatingState.Partial, CoatingState.Crystalline], ["crystalline"] = [CoatingState.Crystalline],
        ["mixed"] = [CoatingState.Partial], ["rings"] = [CoatingState.Partial, CoatingState.Crystalline], ["spots"] = [CoatingState.Crystalline],
    };

    /// <summary>What the annealing windows of the precursor say of the temperature that was used; near an end of a window, the neighbour too.</summary>
    private static StateEvidence? Annealed(Study study, Sample sample, IReadOnlyList<Analysis> analyses)
    {
        if (sample.Coating?.Annealing is not { } annealing) { return null; }
        var all = analyses.Where(a => a.Result is ThermalResult { Windows.Count: > 1 }).ToArray();
        var run = all.FirstOrDefault(a => a.Work.Sample.Name == sample.Name) ?? all.FirstOrDefault(a => a.Work.Sample.Coating?.Material == sample.Coating.Material);
        if (run?.Result is not ThermalResult result) { return null; }
        var t = annealing.Value;
        var states = new List<CoatingState>();
        foreach (var w in result.Windows)
        {
            var state = w.State switch { "amorphous" => CoatingState.Amorphous, "partial" => CoatingState.Partial, _ => CoatingState.Crystalline };
            if ((t > w.From - Margin || state == CoatingState.Amorphous) && (t < w.To + Margin || state == CoatingState.Crystalline)) { states.Add(state); }
        }
        var inside = result.Windows.FirstOrDefault(w => t >= w.From && t <= w.To);
        return new("thermal", FormattableString.Invariant($"{t - 273.15:0} °C lies {(inside is null ? "outside all windows" : $"in the {inside.State} window ({inside.From - 273.15:0}–{inside.To - 273.15:0} °C)")}{(run.Work.Sample.Name == sample.Name ? "" : $" of {run.Work.Sample.Name}'s precursor")}"), states);
    }

    /// <summary>Thickness: of the micrograph, else of the shell in the map, else as stated.</summary>
    private static (Estimate, string) Layer(Sample sample, Analysis[] own)
    {
        foreach (var a in own.Where(a => a.Technique == "micrograph"))
        {
            if (Json.Of(a.Contract)["thickness_nm"] is { } t && t["median"] is { } median) { return (Estimate.Of((double)median * 1e-9, ((double?)t["standardDeviation"] ?? double.NaN) * 1e-9), "micrograph, median and spread"); }
        }
        if (own.SelectMany(a => a.Values).FirstOrDefault(v => v.Quantity == "shellThickness") is { } shell) { return (shell.Value.Scaled(1e-9), "shell in the element map"); }
        return sample.Coating!.Thickness is { } stated
            ? (stated.StandardError is { } e ? Estimate.Of(stated.Value, e) : Estimate.WithoutError(stated.Value, "as stated"), "stated in the study") : (Estimate.Withheld("not measured"), "");
    }

    /// <summary>The film covers the particles: their area is what the study states, else that of spheres of the stated radius.</summary>
    private static (double Area, string From) Particles(Electrode? e)
    {
        if (e is null) { return (double.NaN, ""); }
        if (e.InterfaceAreaSource is InterfaceAreaSource.Stated or InterfaceAreaSource.Bet && e.InterfaceArea.HasValue) { return (e.InterfaceArea.Value, "the stated interface area"); }
        var spheres = (e with { InterfaceAreaSource = InterfaceAreaSource.Spheres }).InterfaceArea;
        return spheres.HasValue ? (spheres.Value, "spheres of the stated radius") : (double.NaN, "");
    }

    /// <summary>The interface's resistance after most cycles.</summary>
    private static Estimate Aged(IReadOnlyList<ComparisonRow> comparison, Sample sample) =>
        comparison.Where(r => r.Quantity.StartsWith("interfaceResistanceAfter", StringComparison.Ordinal)).OrderByDescending(r => r.Quantity.Length).ThenByDescending(r => r.Quantity, StringComparer.Ordinal)
            .Select(r => r.Values.FirstOrDefault(v => v.Sample == sample.Name)?.Value).FirstOrDefault(v => v is { HasValue: true }) ?? Estimate.Withheld("not measured after cycling");

    private static Estimate Quotient(Estimate a, Estimate b)
    {
        if (!a.HasValue || !b.HasValue) { return Estimate.Withheld("needs the thickness and the conductivity of the coating"); }
        var relative = Math.Sqrt(Square(a.StandardError / a.Value) + Square(b.StandardError / b.Value));
        return Estimate.Of(a.Value / b.Value, a.Value / b.Value * relative);
    }

    private static Estimate Difference(Estimate after, Estimate before) => after.HasValue && before.HasValue
        ? Estimate.Of(after.Value - before.Value, Math.Sqrt(Square(after.StandardError) + Square(before.StandardError))) : Estimate.Withheld("needs the interface's resistance before and after cycling");

    /// <summary>The square of an error; nothing where there is none.</summary>
    internal static double Square(double x) => double.IsFinite(x) ? x * x : 0;
}
