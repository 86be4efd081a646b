using Interphase.Characterisation;
using Interphase.Reports;
using MathNet.Numerics.Distributions;

namespace Interphase.Studies;

/// <summary>What one technique says of a coating's state.</summary>
/// <param name="Technique">The technique.</param>
/// <param name="Says">Its number or class, in words.</param>
/// <param name="States">The states it allows, in order; all three where it cannot tell.</param>
public sealed record StateEvidence(string Technique, string Says, IReadOnlyList<CoatingState> States)
{
    /// <summary>True where it excludes a state.</summary>
    public bool Tells => States.Count < CoatingStates.All.Count;

    /// <summary>By how much crystals of a share of area scatter more or less than glass does (standard deviation of the logarithm), and what a whole-pattern fit may mistake besides.</summary>
    private const double Scattering = 0.15, Misfit = 0.03;

    /// <summary>Area that crystallises as one, m²: a grain of 6 nm. And the variance of the crystalline share between particles, over that of a yes or no.</summary>
    private const double Grain = 3e-17, BetweenParticles = 0.03;

    /// <summary>Share of the grains whose planes a micrograph shows at least: those that lie on no zone, and those that the lens passes over, look amorphous.</summary>
    private const double Shown = 0.5;

    /// <summary>
    /// What separates a hold in a furnace from the heating that the windows are of, K: before the first onset, since hours do at lower temperature what
    /// minutes do (RT²/E·ln(tβE/RT²), 64 K for 250 kJ/mol, 2 h and 10 K/min); beyond the end, since an exotherm can end before the last glass is gone; and thermometers.
    /// </summary>
    private const double Before = 70, Beyond = 25, Thermometer = 10;

    /// <summary>What the techniques say of one sample, one entry a technique.</summary>
    internal static IReadOnlyList<StateEvidence> Of(Sample sample, IReadOnlyList<Analysis> analyses)
    {
        var own = analyses.Where(a => a.Work.Sample.Name == sample.Name).ToArray();
        IEnumerable<T> Results<T>(string technique, params string[] kinds) => own.Where(a => a.Technique == technique && kinds.Contains(a.Work.Specimen!.Kind)).Select(a => a.Result).OfType<T>();
        var evidence = new List<StateEvidence?> { Annealed(sample, analyses) };
        evidence.AddRange(Results<XrdResult>("xrd", "coating-powder").Select(x => OfPowder(x)));
        evidence.AddRange(Results<XrdResult>("xrd", "coating-powder").Select(OfStandard));
        evidence.AddRange(Results<XrdResult>("xrd", "coated-powder").Select(OfCoatedPowder));
        evidence.Add(OfMicrographs([.. Results<MicrographResult>("micrograph", "coating-powder", "coated-powder", "pellet")]));
        evidence.AddRange(Results<DiffractionResult>("diffraction", "coating-powder", "pellet").Select(d => OfPattern(d.State, core: false)));
        evidence.AddRange(Results<DiffractionResult>("diffraction", "coated-powder").Select(d => OfPattern(d.State, core: true)));
        return [.. evidence.OfType<StateEvidence>()];
    }

    /// <summary>X-ray diffraction of the coating's own powder: the share of lines in the pattern, freed of what crystals and glass scatter differently.</summary>
    internal static StateEvidence? OfPowder(XrdResult x)
    {
        var calibrated = x.CalibratedCrystallinity.HasValue;
        var c = calibrated ? x.CalibratedCrystallinity : x.Crystallinity;
        if (!c.HasValue) { return null; }
        var spread = calibrated ? 0 : 1.96 * Scattering;
        static double Share(double c, double log) => c * Math.Exp(log) / ((c * Math.Exp(log)) + 1 - c);
        var (low, high) = (Share(Math.Clamp(c.Lower95, 0, 1), -spread) - Misfit, Share(Math.Clamp(c.Upper95, 0, 1), spread) + Misfit);
        return new("xrd", $"crystallinity {NumberText.Print(c)}{(calibrated ? " on the line between both ends" : "")}", CoatingStates.Between(low, high));
    }

    /// <summary>The amorphous share of the powder's mass, by a weighed standard.</summary>
    internal static StateEvidence? OfStandard(XrdResult x) => x.AmorphousShare is { HasValue: true } glass
        ? new("xrd", $"amorphous share of the mass {NumberText.Print(glass)} by a weighed standard", CoatingStates.Between(1 - glass.Upper95, 1 - glass.Lower95)) : null;

    /// <summary>X-ray diffraction of coated particles: lines of the coating say that it has crystals, their absence says nothing of so thin a layer.</summary>
    internal static StateEvidence? OfCoatedPowder(XrdResult x)
    {
        if (x.Phases.Count == 0) { return null; }
        if (x.Phases.FirstOrDefault(p => p.Phase.IsNiobateTantalate) is { } coating) { return new("xrd", $"lines of {coating.Phase.Name} beside those of the particles", [CoatingState.Partial, CoatingState.Crystalline]); }
        var limit = x.Absent.Where(a => a.Phase.IsNiobateTantalate).Select(a => a.WeightLimit).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        return new("xrd", "no lines of a coating beside those of the particles, which says nothing of so thin a layer" + (double.IsFinite(limit) ? FormattableString.Invariant($" (by counting noise alone, grains of 15 nm would show from {100 * limit:0.0#} % of the mass)") : ""), CoatingStates.All);
    }

    /// <summary>Micrographs together: the share of the area that shows a lattice, and how far what is seen stands for the rest.</summary>
    internal static StateEvidence? OfMicrographs(IReadOnlyList<MicrographResult> all)
    {
        var told = all.Where(r => r.State is not null && r.CrystallineFraction.HasValue).ToArray();
        if (told.Length == 0) { return null; }
        double[] areas = [.. told.Select(r => r.Picture.Map.Count(m => m > 0) * r.Picture.Cell * r.Picture.Cell)];
        var area = areas.Sum();
        var share = told.Zip(areas, (r, a) => r.CrystallineFraction.Value * a).Sum() / area;
        var error = Math.Sqrt(told.Zip(areas, (r, a) => Math.Pow(r.CrystallineFraction.StandardError * a / area, 2)).Sum());
        var (low, high) = Elsewhere(share, error, area, told.Length);
        var seen = FormattableString.Invariant($"{area * 1e18:0} nm² of coating");
        var says = told.Length == 1 ? $"{told[0].State}" : $"{told.Length} images: {string.Join(", ", told.GroupBy(r => r.State).Select(g => told.Length == g.Count() ? $"all {g.Key}" : $"{g.Count()} {g.Key}"))}";
        return new("micrograph", says + FormattableString.Invariant($", crystalline share {share:0.00} ± {error:0.00} of {seen}"), CoatingStates.Between(low, high));
    }

    /// <summary>The crystalline share of the sample by that of some area: grains and particles fall in by chance (Jeffreys' interval, for as many grains as fit), and not all show their planes.</summary>
    private static (double Low, double High) Elsewhere(double share, double error, double area, int images)
    {
        var n = 1 / ((Grain / area) + (BetweenParticles / images));
        var k = Math.Clamp(share, 0, 1) * n;
        var low = k > 0.5 ? Beta.InvCDF(k + 0.5, n - k + 0.5, 0.025) : 0;
        var high = n - k > 0.5 ? Beta.InvCDF(k + 0.5, n - k + 0.5, 0.975) : 1;
        (low, high) = (share - Math.Sqrt(Math.Pow(share - low, 2) + Math.Pow(1.96 * error, 2)), share + Math.Sqrt(Math.Pow(high - share, 2) + Math.Pow(1.96 * error, 2)));
        return (low, high / Shown);
    }

    /// <summary>An electron diffraction pattern, by its class; the spots of a core's crystal say nothing of what lies on it.</summary>
    internal static StateEvidence OfPattern(string state, bool core) => new("diffraction", core && state is ("mixed" or "spots") ? $"{state}, which may be the particle's own crystal" : state, state switch
    {
        "amorphous" => [CoatingState.Amorphous],
        "mixed" or "spots" when core => CoatingStates.All,
        // A halo hides between rings, and rings of few grains look mixed: how much of it is glass no class tells.
        _ => [CoatingState.Partial, CoatingState.Crystalline],
    });

    /// <summary>What the thermal analysis of the precursor says of the temperature that was used: its own run, else that of a sample of the same material.</summary>
    private static StateEvidence? Annealed(Sample sample, IReadOnlyList<Analysis> analyses)
    {
        if (sample.Coating?.Annealing is not { } annealing) { return null; }
        var all = analyses.Where(a => a.Result is ThermalResult { Windows.Count: > 1 }).ToArray();
        var run = all.FirstOrDefault(a => a.Work.Sample.Name == sample.Name) ?? all.FirstOrDefault(a => sample.Coating.Material is { } m && a.Work.Sample.Coating?.Material == m);
        if (run?.Result is not ThermalResult result) { return null; }
        var evidence = OfAnnealing(result, annealing.Value);
        return run.Work.Sample.Name == sample.Name ? evidence : evidence with { Says = $"{evidence.Says}, by the precursor of {run.Work.Sample.Name}" };
    }

    /// <summary>The state that an annealing temperature (K) leaves: by the rate law where three heating rates gave it and the hold's length is stated, else by the windows.</summary>
    internal static StateEvidence OfAnnealing(ThermalResult result, double t)
    {
        const double c = 273.15;
        var peaks = result.Events.Count(e => e.Kind == ThermalEventKind.Crystallisation && e.File == result.Events.First(o => o.Kind == ThermalEventKind.Crystallisation).File);
        if (result.Kissinger is { } law && !double.IsNaN(result.Options.HoldTemperature))
        {
            var seconds = result.Options.HoldDuration;
            var share = law.Transformed(t, seconds);
            var (low, high) = (share.Lower95, share.Upper95);
            // The law is that of the strongest exotherm: others may come before or after it.
            if (peaks > 1) { (low, high) = (high < CoatingStates.First ? 0 : Math.Min(low, 0.5), high < CoatingStates.First ? 0.5 : 1); }
            return new("thermal", FormattableString.Invariant($"{t - c:0} °C for {seconds / 3600:0.##} h transforms {100 * share.Value:0} % by the rate law of three heatings"), CoatingStates.Between(low, high));
        }
        var partial = result.Windows.First(w => w.State == "partial");
        var (first, end) = (partial.From.Value, partial.To.Value);
        IReadOnlyList<CoatingState> states =
        [
            .. CoatingStates.All.Where(s => s switch
            {
                CoatingState.Amorphous => t < first + Thermometer,
                CoatingState.Partial => t > first - Before && t < end + Beyond,
                _ => t > end - Before,
            }),
        ];
        var organics = result.Windows.FirstOrDefault(w => w.State == "amorphous")?.From.Value;
        return new("thermal", FormattableString.Invariant($"{t - c:0} °C, where heating crystallises it at {first - c:0}–{end - c:0} °C{(t < organics ? $" and organics are gone only at {organics - c:0} °C" : "")}"), states);
    }
}
