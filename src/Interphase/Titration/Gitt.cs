using Interphase.Cycling;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;
using MathNet.Numerics.Statistics;

namespace Interphase.Titration;

/// <summary>The interface area a diffusivity was made with.</summary>
/// <param name="Area">m².</param>
/// <param name="Source">Where it came from, in words.</param>
/// <param name="IsApparent">True where D must be called apparent: the area is the geometric one.</param>
public sealed record GittSurface(Estimate Area, string Source, bool IsApparent);

/// <summary>Pulses of one direction, length and current that follow each other.</summary>
/// <param name="Index">From 1.</param>
/// <param name="Direction">Charge or discharge.</param>
/// <param name="Pulses">How many.</param>
/// <param name="Mean">Mean of the chosen values, m²/s; its standard error is that of the mean over pulses.</param>
/// <param name="Median">Median of the chosen values, m²/s.</param>
public sealed record GittSeries(int Index, StepKind Direction, int Pulses, Estimate Mean, double Median);

/// <summary>
/// A galvanostatic intermittent titration: every pulse, every recognised form of the diffusivity, audited.
/// </summary>
public sealed record Gitt
{
    /// <summary>Pulses in order.</summary>
    public required IReadOnlyList<GittPulse> Pulses { get; init; }

    /// <summary>Series of like pulses.</summary>
    public required IReadOnlyList<GittSeries> Series { get; init; }

    /// <summary>The interface area.</summary>
    public required GittSurface Surface { get; init; }

    /// <summary>Mean over the chosen values of the only series, m²/s; withheld where there are several.</summary>
    public required Estimate Mean { get; init; }

    /// <summary>Median over the same, m²/s.</summary>
    public required double Median { get; init; }

    /// <summary>Charge rests less discharge rests at the same charge; withheld for a titration in one direction.</summary>
    public required RestHysteresis Hysteresis { get; init; }

    /// <summary>What was found about the whole titration.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What is null or doubtful.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>The trace, for a figure: time, current, potential.</summary>
    public required TimeSeries Trace { get; init; }

    /// <summary>The column the potential was taken from, and its reference.</summary>
    public required string PotentialColumn { get; init; }

    /// <summary>How depth of discharge is normalised.</summary>
    public required string DepthBasis { get; init; }

    /// <summary>Noise of single samples of the potential, V.</summary>
    public double Noise { get; init; }

    /// <summary>Options used.</summary>
    public GittOptions Options { get; init; }

    /// <summary>Analyses a titration.</summary>
    /// <param name="series">Needs time, current and potential. In a three-electrode cell the electrode's own potential is used where the file holds it.</param>
    /// <param name="electrode">Mass, molar mass and volume, radius, area, stoichiometry; what is missing withholds what needs it.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="cancellation">Stops the fits.</param>
    /// <exception cref="InputException">A column is missing, or there are no pulses with rests.</exception>
    public static Gitt Analyse(TimeSeries series, Electrode electrode, GittOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(electrode);
        var warnings = new List<Warning>();
        var (own, column) = GittFindings.OwnPotential(series, electrode);
        if (electrode.Reference is { } reference && column == ColumnNames.Potential) { own = own.WithReference(reference); }
        var ledger = ChargeLedger.Of(own, options.RestCurrent);
        var found = PulseTrain.Find(own, ledger);
        if (!found.Any(p => p.RestLast > p.Last))
        {
            throw new InputException("there are no current pulses with a rest before and after", "current", "name a titration (pulses and rests); --rest-current says below which current the cell rests");
        }
        var (noise, quantum) = Transients.Noise(own, found.Where(p => p.RestLast > p.Last).Select(p => (p.Last + 1, p.RestLast)));
        var facts = DiffusionFacts.Of(electrode);
        var depth = Depth(own, ledger, electrode);
        var trains = PulseTrain.Trains(found);
        var pulses = new List<GittPulse>();
        foreach (var (train, index) in trains.Select((t, i) => (t, i + 1)))
        {
            var interrupts = PulseVerdict.Interrupts(train);
            var fit = train.Count >= 3 && !interrupts ? new ParticleFit(own, [.. found.Where(p => p.Last < train[0].First)], train, facts.Geometry, noise, quantum, options.FitFrom).Run(cancellation) : new (ParticleFit.Answer?, string)[train.Count];
            var judged = new List<GittPulse>();
            for (var k = 0; k < train.Count; k++)
            {
                var forms = ClassicalForms.Of(own, train, k, noise, facts, options);
                var pulse = forms with { Index = pulses.Count + k + 1, Series = index };
                var middle = 0.5 * (train[k].ChargeBefore + train[k].ChargeAfter);
                pulse = pulse with
                {
                    MeanCharge = middle,
                    DepthOfDischarge = (depth.Highest - middle) / depth.Span,
                    Stoichiometry = facts.InitialStoichiometry - (middle / (facts.Amount.Value * Constants.Faraday)),
                };
                judged.Add(interrupts ? PulseVerdict.JudgeInterruption(pulse, train, facts) : PulseVerdict.Judge(pulse, train, k, fit[k].Item1, fit[k].Item2, noise, facts));
            }
            pulses.AddRange(PulseVerdict.JudgeTogether(judged));
        }
        var summaries = trains.Select((t, i) => Summarise(i + 1, t, pulses)).ToList();
        var several = summaries.Count(s => s.Pulses >= 3) > 1 || (summaries.Count > 1 && summaries.All(s => s.Pulses < 3));
        var main = summaries.FirstOrDefault(s => s.Pulses >= 3);
        var surface = facts.Surface;
        var why = several ? "pulses differ in direction, length or current: they are not one series; see series" : main is null ? "fewer than three like pulses follow each other" : "every pulse is withheld";
        var mean = several || main is null || double.IsNaN(main.Median) ? Estimate.Withheld(why) : main.Mean;
        if (!mean.HasValue) { warnings.Add(new("mean_cm2_s", why)); warnings.Add(new("median_cm2_s", why)); }
        warnings.AddRange(facts.Warnings);
        foreach (var p in pulses.Where(p => p.Chosen is null)) { warnings.Add(new($"pulses[{p.Index - 1}].chosen", string.Join("; ", p.Reasons))); }
        foreach (var p in ledger.Pauses.Take(5)) { warnings.Add(new("pauses", FormattableString.Invariant($"a gap of {p.Duration:G4} s at row {p.Row + 1} is not bridged"))); }
        var hysteresis = RestHysteresis.Of(pulses);
        if (!hysteresis.Value.HasValue) { warnings.Add(new("hysteresis.value", $"no hysteresis: {hysteresis.Value.Reason}")); }
        return new()
        {
            Hysteresis = hysteresis, Pulses = pulses, Series = summaries, Surface = surface, Mean = mean, Median = mean.HasValue ? main!.Median : double.NaN, Trace = own, PotentialColumn = $"{column}, {own.Reference}",
            DepthBasis = depth.Basis, Noise = noise, Options = options, Warnings = warnings, Findings = GittFindings.Of(pulses, summaries, surface, electrode, column, own, facts, hysteresis),
        };
    }

    private static GittSeries Summarise(int index, List<FoundPulse> train, List<GittPulse> pulses)
    {
        double[] values = [.. pulses.Where(p => p.Series == index && p.Chosen is not null).Select(p => p.Chosen!.Value.Value)];
        var mean = values.Length == 0 ? Estimate.Withheld("every pulse is withheld")
            : values.Length == 1 ? Estimate.WithoutError(values[0], "a single pulse") : Estimate.Of(values.Mean(), values.StandardDeviation() / Math.Sqrt(values.Length));
        return new(index, train[0].Current > 0 ? StepKind.Charge : StepKind.Discharge, train.Count, mean, values.Length == 0 ? double.NaN : values.Median());
    }

    private static (double Highest, double Span, string Basis) Depth(TimeSeries s, ChargeLedger ledger, Electrode electrode)
    {
        double q = 0, high = 0, low = 0;
        for (var i = 0; i < s.Count; i++)
        {
            q += ledger.Charge[i];
            (low, high) = (Math.Min(low, q), Math.Max(high, q));
        }
        var nominal = electrode.NominalCharge;
        return nominal.HasValue && high - low < 0.5 * nominal.Value
            ? (high, nominal.Value, "nominal capacity (the titration passes less than half of it), from the most charged state of the data")
            : (high, high - low, "charge between the most and the least charged state of the data");
    }
}
