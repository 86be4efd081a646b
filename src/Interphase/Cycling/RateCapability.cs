using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Cycling;

/// <summary>Complete cycles that follow each other at one measured rate.</summary>
/// <param name="Rate">Mean C-rate of the discharge; NaN without a nominal capacity.</param>
/// <param name="Current">Mean discharge current, A, positive.</param>
/// <param name="ChargeRate">Mean C-rate of the charge.</param>
/// <param name="Capacity">Mean discharge capacity, C.</param>
/// <param name="StandardDeviation">Over its cycles, C; NaN for one cycle.</param>
/// <param name="Cycles">Their indices.</param>
/// <param name="ShareOfFirst">Capacity over that of the first group.</param>
public sealed record RateGroup(double Rate, double Current, double ChargeRate, double Capacity, double StandardDeviation, int[] Cycles, double ShareOfFirst);

/// <summary>Discharge capacity against rate. A return to an earlier rate is its own group, so that fading during the test shows.</summary>
public sealed record RateCapability(IReadOnlyList<RateGroup> Groups, CyclingSummary Summary, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Groups the cycles of a rate test by the rate measured from their current.</summary>
    /// <exception cref="InputException">As <see cref="CyclingSummary.Analyse"/>.</exception>
    public static RateCapability Analyse(TimeSeries series, Electrode electrode, CyclingOptions options) => Of(CyclingSummary.Analyse(series, electrode, options));

    /// <summary>The same from a summary.</summary>
    public static RateCapability Of(CyclingSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var groups = new List<List<Cycle>>();
        foreach (var c in summary.Cycles.Where(c => c is { Complete: true, Discharge: not null }))
        {
            if (groups.Count > 0 && CyclingSummary.Same(groups[^1][0].Discharge!.Current, c.Discharge!.Current, summary.Options.RateTolerance)) { groups[^1].Add(c); }
            else { groups.Add([c]); }
        }
        var first = groups.Count > 0 ? groups[0].Average(c => c.Discharge!.Charge) : double.NaN;
        var warnings = summary.Warnings.Select(w => w with { Path = w.Path.Replace("cycles[].dischargeCapacity", "rates[].capacity").Replace("cycles[].rate", "rates[].rate") }).ToList();
        if (groups.Any(g => g.Count == 1)) { warnings.Add(new("rates[].standardDeviation", "a rate with a single cycle has no standard deviation")); }
        if (groups.Count == 0) { warnings.Add(new("rates", "no cycle is complete")); }
        return new([.. groups.Select(g =>
        {
            var mean = g.Average(c => c.Discharge!.Charge);
            var deviation = g.Count > 1 ? Math.Sqrt(g.Sum(c => Math.Pow(c.Discharge!.Charge - mean, 2)) / (g.Count - 1)) : double.NaN;
            return new RateGroup(g.Average(c => c.Rate), g.Average(c => Math.Abs(c.Discharge!.Current)), g.Average(c => c.ChargeRate), mean, deviation, [.. g.Select(c => c.Index)], mean / first);
        })], summary, warnings);
    }
}
