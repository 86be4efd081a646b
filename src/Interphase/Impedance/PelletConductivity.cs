using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Impedance;

/// <summary>A pellet between two electrodes.</summary>
/// <param name="Thickness">Thickness, with its standard error if known.</param>
/// <param name="Area">Area of a face, with its standard error if known.</param>
/// <param name="RelativeDensity">Density over theoretical density; null when unknown.</param>
public sealed record PelletGeometry(Quantity Thickness, Quantity Area, double? RelativeDensity = null)
{
    /// <summary>A round pellet.</summary>
    public static PelletGeometry Round(Quantity thickness, Quantity diameter, double? relativeDensity = null)
    {
        var area = Math.PI / 4 * diameter.Value * diameter.Value;
        return new(thickness, new(area, diameter.StandardError is { } e ? 2 * area * e / diameter.Value : null, Unit.Parse("m2")), relativeDensity);
    }

    /// <summary>Thickness over area, m⁻¹.</summary>
    public double Factor => Thickness.Value / Area.Value;

    /// <summary>Relative standard error of <see cref="Factor"/>; 0 where none was stated.</summary>
    public double RelativeError => Math.Sqrt(Square((Thickness.StandardError ?? 0) / Thickness.Value) + Square((Area.StandardError ?? 0) / Area.Value));

    private static double Square(double x) => x * x;
}

/// <summary>What a conductivity was read from.</summary>
public enum ConductivityMethod
{
    /// <summary>The intercept with the real axis: no arc lies in the window, and nothing blocks.</summary>
    Intercept,

    /// <summary>The arc of the grain interior only.</summary>
    Bulk,

    /// <summary>Bulk and grain boundary together.</summary>
    Total,

    /// <summary>Where the line of blocking electrodes meets the real axis: no arc lies in the window.</summary>
    Blocking,
}

/// <summary>The conductivity of a pellet at one temperature.</summary>
public sealed record PelletSpectrum
{
    /// <summary>The fit it was read from.</summary>
    public required CircuitFitResult Fit { get; init; }

    /// <summary>Temperature, K; null when nobody said it.</summary>
    public required double? Temperature { get; init; }

    /// <summary>What <see cref="Conductivity"/> was read from.</summary>
    public required ConductivityMethod Method { get; init; }

    /// <summary>Resistance, ohm; without the errors of the geometry.</summary>
    public required Estimate Resistance { get; init; }

    /// <summary>Conductivity, S/m, with the errors of fit and geometry.</summary>
    public required Estimate Conductivity { get; init; }

    /// <summary>Resistance of the grain interior, ohm; withheld where it is not apart from the grain boundaries.</summary>
    public required Estimate BulkResistance { get; init; }

    /// <summary>Resistance of the grain boundaries, ohm; withheld as above.</summary>
    public required Estimate GrainBoundaryResistance { get; init; }

    /// <summary>The arcs and what their capacitances say.</summary>
    public required IReadOnlyList<ArcMeaning> Arcs { get; init; }

    /// <summary>What is doubtful.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }
}

/// <summary>Conductivities at one or more temperatures.</summary>
public sealed record PelletResult
{
    /// <summary>In the order of the spectra given.</summary>
    public required IReadOnlyList<PelletSpectrum> Spectra { get; init; }

    /// <summary>The pellet.</summary>
    public required PelletGeometry Geometry { get; init; }

    /// <summary>Arrhenius law of <see cref="PelletSpectrum.Conductivity"/>; null with a warning where it cannot be given.</summary>
    public required ArrheniusLaw? Activation { get; init; }

    /// <summary>Of the bulk; null where it is known at fewer than three temperatures.</summary>
    public required ArrheniusLaw? BulkActivation { get; init; }

    /// <summary>Of the grain boundaries; null where they are known at fewer than three temperatures.</summary>
    public required ArrheniusLaw? GrainBoundaryActivation { get; init; }

    /// <summary>What is missing or doubtful.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }
}

/// <summary>Options of <see cref="PelletConductivity"/>.</summary>
public sealed record PelletOptions
{
    /// <summary>The circuit; null lets the evidence choose.</summary>
    public Circuit? Circuit { get; init; }

    /// <summary>Options of the fits.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>σT or σ against 1/T.</summary>
    public ArrheniusForm Form { get; init; } = ArrheniusForm.SigmaT;
}

/// <summary>Ionic conductivity of a pellet from its impedance.</summary>
public static class PelletConductivity
{
    /// <summary>An arc with more capacitance per area over thickness than this, F/m, is not the material's own.</summary>
    private const double LargestOwnCapacitance = 5e-7;

    /// <summary>
    /// Chooses by evidence how many arcs lie in the window, takes bulk and grain boundary for the material's own and
    /// anything with an electrode's capacitance for the electrodes', and says what was read.
    /// </summary>
    /// <param name="spectra">Spectra with their temperatures where known.</param>
    /// <param name="geometry">The pellet.</param>
    /// <param name="options">Options.</param>
    /// <exception cref="InputException">A spectrum cannot be fitted, or the geometry is impossible.</exception>
    public static PelletResult Analyse(IReadOnlyList<ImpedanceSpectrum> spectra, PelletGeometry geometry, PelletOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        ArgumentNullException.ThrowIfNull(geometry);
        if (!(geometry.Thickness.Value > 0) || !(geometry.Area.Value > 0)) { throw new InputException("the pellet has no thickness or no area", "", "give both as positive lengths"); }
        var chosen = options ?? new PelletOptions();
        var warnings = new List<Warning>();
        var results = Fits(spectra, chosen).Select(f => OfSpectrum(f.Spectrum, f.Fit, f.Warnings, geometry)).ToArray();
        ArrheniusLaw? Law(string path, Func<PelletSpectrum, Estimate> resistance)
        {
            var points = results.Where(r => r.Temperature is not null && resistance(r).HasValue)
                .Select(r => (r.Temperature!.Value, geometry.Factor / resistance(r).Value, resistance(r).StandardError / resistance(r).Value)).ToArray();
            var unknown = results.Count(r => r.Temperature is null);
            if (unknown > 0 && path == "activation" && results.Length > 1) { warnings.Add(new(path, $"{unknown} of {results.Length} spectra have no temperature; give it by --temperature, or say that the file name holds it")); }
            if (points.Select(p => p.Item1).Distinct().Count() >= 3) { return ArrheniusLaw.Fit(points, chosen.Form, geometry.RelativeError); }
            if (results.Length > 1 || path == "activation") { warnings.Add(new(path, $"known at {points.Length} temperature(s); three are needed")); }
            return null;
        }
        return new()
        {
            Spectra = results, Geometry = geometry, Warnings = warnings,
            Activation = Law("activation", r => r.Resistance),
            BulkActivation = Law("bulkActivation", r => r.BulkResistance),
            GrainBoundaryActivation = Law("grainBoundaryActivation", r => r.GrainBoundaryResistance),
        };
    }

    private static PelletSpectrum OfSpectrum(ImpedanceSpectrum spectrum, CircuitFitResult fit, List<Warning> warnings, PelletGeometry geometry)
    {
        warnings.AddRange(fit.Warnings.Where(w => w.Path == "points"));
        double area = geometry.Area.Value, thickness = geometry.Thickness.Value;
        var arcs = ArcAssignment.Of(fit, area, thickness);
        var own = arcs.Where(a => a.Capacitance * thickness / area < LargestOwnCapacitance).ToArray();
        var series = fit.Circuit.Blocks.OfType<ElementNode>().Where(e => e.Element.Symbol == "R").Select(e => fit.Parameters[e.Offset].Name).Where(n => fit[n].Value > 1e-6 * (own.Sum(a => a.Resistance) + 1e-300)).ToArray();
        var tail = fit.Circuit.Blocks.OfType<ElementNode>().Any(e => e.Element.Symbol is "CPE" or "C");

        Estimate Sum(params IEnumerable<string> names) => SumOf(fit, [.. names]);
        var total = Sum(series.Concat(own.Select(a => a.Name)));
        Estimate bulk, boundary;
        ConductivityMethod method;
        const string NotApart = "bulk and grain boundary are not apart in the window";
        switch (series.Length > 0, own.Length)
        {
            case (_, 0):
                method = tail ? ConductivityMethod.Blocking : ConductivityMethod.Intercept;
                bulk = boundary = Estimate.Withheld(NotApart);
                break;
            case (true, 1):
                // The bulk arc lies above the window: its resistance is the intercept in front of the grain boundaries.
                method = ConductivityMethod.Total;
                (bulk, boundary) = (Sum(series), Sum(own[0].Name));
                break;
            case (false, 1):
                method = own[0].Origin == ArcOrigin.Bulk ? ConductivityMethod.Bulk : ConductivityMethod.Total;
                (bulk, boundary) = own[0].Origin == ArcOrigin.Bulk ? (total, Estimate.Withheld("no arc of grain boundaries in the window")) : (Estimate.Withheld(NotApart), Estimate.Withheld(NotApart));
                break;
            case (false, 2):
                method = ConductivityMethod.Total;
                (bulk, boundary) = (Sum(own[0].Name), Sum(own[1].Name));
                break;
            default:
                method = ConductivityMethod.Total;
                bulk = boundary = Estimate.Withheld($"{own.Length} arcs of the material and a series resistance: which is bulk is ambiguous");
                warnings.Add(new("method", $"{bulk.Reason}; their sum is the total"));
                break;
        }
        if (!total.HasValue) { warnings.Add(new("resistance", "no resistance of the material is seen: neither an intercept nor an arc")); }
        foreach (var arc in arcs.Where(a => !own.Contains(a))) { warnings.Add(new("resistance", $"{arc.Name} = {arc.Resistance:G4} ohm is left to the electrodes ({arc.Reason})")); }
        bulk = Vague(bulk);
        boundary = Vague(boundary);
        var value = geometry.Factor / total.Value;
        var error = Math.Sqrt(Math.Pow(total.StandardError / total.Value, 2) + Math.Pow(geometry.RelativeError, 2));
        return new()
        {
            Fit = fit, Temperature = spectrum.Temperature, Method = method, Resistance = total, Conductivity = Estimate.Of(value, value * error),
            BulkResistance = bulk, GrainBoundaryResistance = boundary, Arcs = arcs, Warnings = warnings,
        };
    }

    /// <summary>
    /// Leaves out what lies far down the line of blocking electrodes: its slow imperfections say nothing about the pellet,
    /// but would cost the circuit its elements.
    /// </summary>
    private static ImpedanceSpectrum AboveElectrodes(ImpedanceSpectrum spectrum, List<Warning> warnings)
    {
        const double Below = 30;
        var order = Enumerable.Range(0, spectrum.Count).OrderBy(i => spectrum.Frequency[i]).ToArray();
        var blocking = order.TakeWhile(i => -spectrum.Impedance[i].Imaginary > spectrum.Impedance[i].Real).ToArray();
        if (blocking.Length == 0 || blocking.Length == spectrum.Count) { return spectrum; }
        var lowest = spectrum.Frequency[blocking[^1]] / Below;
        var kept = spectrum.Where(i => spectrum.Frequency[i] >= lowest);
        if (kept.Count == spectrum.Count || kept.Count < 12) { return spectrum; }
        warnings.Add(new("points", $"{spectrum.Count - kept.Count} points below {lowest:G3} Hz are left out: there the blocking electrodes alone are seen"));
        return kept;
    }

    /// <summary>
    /// One fit a spectrum. Whether the electrodes block is a matter of the pellet and decided by most of its spectra (a sum of
    /// their evidence would leave it to the one with the largest misfit); how many arcs lie in the window is one of each spectrum.
    /// </summary>
    private static IEnumerable<(ImpedanceSpectrum Spectrum, CircuitFitResult Fit, List<Warning> Warnings)> Fits(IReadOnlyList<ImpedanceSpectrum> spectra, PelletOptions options)
    {
        if (options.Circuit is { } circuit) { return spectra.Select(s => (s, CircuitFit.Fit(s, circuit, options.Fit), new List<Warning>())); }
        var all = spectra.Select(s =>
        {
            var warnings = new List<Warning>();
            var above = AboveElectrodes(s, warnings);
            return (Spectrum: s, Warnings: warnings, Blocking: Choose(CircuitSuggestion.Rank(above, options.Fit, ["-CPE9"], 2)), Open: Choose(CircuitSuggestion.Rank(above, options.Fit, [""], 3)));
        }).ToArray();
        var blocks = 2 * all.Count(f => f.Blocking.Bic <= f.Open.Bic) >= all.Length;
        return all.Select(f => (f.Spectrum, blocks ? f.Blocking : f.Open, f.Warnings));
    }

    /// <summary>The circuit with the lowest BIC; one whose arcs are too flat to be arcs gives way to one that is nearly as good.</summary>
    private static CircuitFitResult Choose(IReadOnlyList<CircuitCandidate> candidates)
    {
        const double FlattestArc = 0.6, FlattestTail = 0.3, Decisive = 10;
        var ranked = candidates.Select(c => c.Fit).ToArray();
        bool HasArcs(CircuitFitResult fit) => fit.Circuit.Blocks.All(b => Circuit.Leaves(b).OfType<ElementNode>().Where(e => e.Element.Symbol == "CPE")
            .All(e => fit.Parameters[e.Offset + 1].Value >= (b is ParallelNode ? FlattestArc : FlattestTail)));
        return ranked.TakeWhile(f => f.Bic < ranked[0].Bic + Decisive).FirstOrDefault(HasArcs) ?? ranked[0];
    }

    /// <summary>A resistance known no better than to a third is no number to compare.</summary>
    private static Estimate Vague(Estimate e) => e.HasValue && !(e.StandardError < e.Value / 3) ? Estimate.Withheld($"{e.Value:G3} ohm with a standard error of {e.StandardError:G2}: not apart from the other arc") : e;

    /// <summary>A sum of fitted parameters with its error from their covariance.</summary>
    private static Estimate SumOf(CircuitFitResult fit, string[] names)
    {
        if (names.Length == 0) { return Estimate.Withheld("nothing of that kind is in the circuit"); }
        var index = names.Select(fit.Circuit.IndexOf).ToArray();
        double value = 0, variance = 0;
        foreach (var i in index)
        {
            value += fit.Parameters[i].Value;
            foreach (var j in index)
            {
                var part = fit.Correlation[i, j] * fit.Parameters[i].Estimate.StandardError * fit.Parameters[j].Estimate.StandardError;
                if (!double.IsNaN(part)) { variance += part; }
            }
        }
        return Estimate.Of(value, Math.Sqrt(Math.Max(0, variance)));
    }
}
