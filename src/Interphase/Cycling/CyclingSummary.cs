using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Cycling;

/// <summary>What the numbers of a summary mean.</summary>
/// <param name="BeginsOn">What a cycle begins with.</param>
/// <param name="CoulombicEfficiency">The ratio.</param>
/// <param name="Rate">Which half the rate is of.</param>
/// <param name="Retention">What over what.</param>
/// <param name="Onset">How the onset potential is read.</param>
/// <param name="Integration">How charge is counted, and what its error holds.</param>
/// <param name="Potential">What potentials are measured against, and whether the counter electrode is in them.</param>
public sealed record CyclingConvention(string BeginsOn, string CoulombicEfficiency, string Rate, string Retention, string Onset, string Integration, string Potential);

/// <summary>
/// Steps and cycles found from the data's current, with capacity, energy, efficiency, rate and retention.
/// </summary>
public sealed record CyclingSummary
{
    /// <summary>Steps, in order.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>Cycles, in order.</summary>
    public required IReadOnlyList<Cycle> Cycles { get; init; }

    /// <summary>Discharge capacity of the last complete cycle over that of the reference cycle.</summary>
    public required Estimate Retention { get; init; }

    /// <summary>The cycle retention refers to; null where there is none.</summary>
    public int? ReferenceCycle { get; init; }

    /// <summary>What the numbers mean.</summary>
    public required CyclingConvention Convention { get; init; }

    /// <summary>Intervals without records that were not bridged.</summary>
    public IReadOnlyList<Pause> Pauses { get; init; } = [];

    /// <summary>What potentials are measured against.</summary>
    public required PotentialReference Reference { get; init; }

    /// <summary>Active mass, kg.</summary>
    public required Estimate Mass { get; init; }

    /// <summary>Geometric area, m²; NaN where it is not stated.</summary>
    public double Area { get; init; } = double.NaN;

    /// <summary>Nominal capacity, C.</summary>
    public required Estimate NominalCharge { get; init; }

    /// <summary>Options used.</summary>
    public CyclingOptions Options { get; init; }

    /// <summary>What is null or doubtful.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Analyses a series of charges and discharges.</summary>
    /// <param name="series">Needs time, current (charge positive) and potential.</param>
    /// <param name="electrode">Mass, area and nominal capacity, as far as known.</param>
    /// <param name="options">How cycles are made.</param>
    /// <exception cref="InputException">A column is missing, or no current flows.</exception>
    public static CyclingSummary Analyse(TimeSeries series, Electrode electrode, CyclingOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(electrode);
        var warnings = new List<Warning>();
        var ledger = ChargeLedger.Of(series, options.RestCurrent);
        var halves = HalfCycles.Of(series, ledger);
        if (halves.Count == 0)
        {
            throw new InputException("no current flows in this file", "current", "name a file with charge or discharge; a rest has no cycles");
        }
        var begins = Beginning(halves, electrode, options, warnings);
        var nominal = electrode.NominalCharge;
        var mass = electrode.Mass;
        var cycles = Judge(Pair(halves, begins), series);
        cycles = [.. cycles.Select(c => Quantify(c, series, nominal, begins, options))];
        cycles = Cumulate(cycles, begins, options.RateTolerance);
        var (retention, reference) = RetentionOf(cycles, options);

        if (!nominal.HasValue)
        {
            warnings.Add(new("cycles[].rate", $"no C-rate: {nominal.Reason}"));
            warnings.Add(new("cycles[].onsetPotential", $"no onset potential: {nominal.Reason}"));
        }
        if (!mass.HasValue)
        {
            warnings.Add(new("cycles[].chargeCapacity_mAh_g", $"no capacity per mass: {mass.Reason}"));
            warnings.Add(new("cycles[].dischargeCapacity_mAh_g", $"no capacity per mass: {mass.Reason}"));
        }
        if (!retention.HasValue) { warnings.Add(new("retention.value", retention.Reason!)); }
        Doubts(cycles, ledger, nominal, mass, warnings);
        var used = electrode.Reference ?? series.Reference;
        return new()
        {
            Steps = Step.Of(series, ledger), Cycles = cycles, Retention = retention, ReferenceCycle = reference, Pauses = ledger.Pauses, Reference = used,
            Mass = mass, Area = electrode.Area?.Value ?? double.NaN, NominalCharge = nominal, Options = options, Warnings = warnings,
            Convention = Describe(begins, used, electrode, options),
        };
    }

    private static CyclingConvention Describe(int begins, PotentialReference reference, Electrode electrode, CyclingOptions options) => new(
        begins > 0 ? "charge" : "discharge",
        begins > 0 ? "discharge / charge of the same cycle" : "charge / discharge of the same cycle, because the cycle begins on discharge",
        "of the discharge, from its charge-weighted median current",
        "discharge capacity of the last complete cycle over that of the reference cycle",
        FormattableString.Invariant($"potential after {100 * options.OnsetShare:G3} % of the nominal capacity of the charge"),
        "trapezoid on the data inside a step; a switch belongs to the later row; pauses not bridged; standard errors hold the unknown switching times, tapers the rows do not resolve and the stated mass error, not the gain of the instrument",
        $"{reference}; {(electrode.Configuration == CellConfiguration.ThreeElectrode ? "working electrode against a reference electrode" : "two electrodes: the counter electrode is included")}");

    /// <summary>+1 where cycles begin on charge.</summary>
    private static int Beginning(List<(int Sign, HalfCycle Half)> halves, Electrode electrode, CyclingOptions options, List<Warning> warnings)
    {
        if (options.Begins != CycleBeginning.Auto) { return options.Begins == CycleBeginning.Charge ? 1 : -1; }
        if (halves[0].Sign > 0) { return 1; }
        var usual = Median.Of([.. halves.Select(h => h.Half.Charge)]);
        if (electrode.Cell == CellKind.Half && halves[0].Half.Charge > 0.5 * usual)
        {
            warnings.Add(new("convention", "the half cell begins with a full discharge: cycles begin on discharge and the coulombic efficiency is charge / discharge"));
            return -1;
        }
        warnings.Add(new("cycles[0].chargeCapacity_mAh", "the data begin with a discharge: it stands alone as cycle 1, and cycles begin on charge; state electrode.cell: half, or --begins discharge, if a cycle should begin with it"));
        return 1;
    }

    private static List<Cycle> Pair(List<(int Sign, HalfCycle Half)> halves, int begins)
    {
        var cycles = new List<Cycle>();
        foreach (var (sign, half) in halves)
        {
            if (sign == begins || cycles.Count == 0) { cycles.Add(new() { Index = cycles.Count + 1 }); }
            cycles[^1] = sign > 0 ? cycles[^1] with { Charge = half } : cycles[^1] with { Discharge = half };
        }
        return cycles;
    }

    /// <summary>Complete: both halves, each ended where most halves of its direction end. Where they share no end (a test by capacity), only the last can be cut short.</summary>
    private static List<Cycle> Judge(List<Cycle> cycles, TimeSeries series)
    {
        var (chargeEnd, dischargeEnd) = (CommonEnd([.. cycles.Select(c => c.Charge)]), CommonEnd([.. cycles.Select(c => c.Discharge)]));
        return [.. cycles.Select((c, k) =>
        {
            var why = c.Charge is null ? "no charge" : c.Discharge is null ? "no discharge"
                // A charge that gives back far less than the discharge took began in a partly charged cell; no side reaction does that.
                : k == 0 && c.Charge.LastRow < c.Discharge.LastRow && c.Charge.Charge < 0.8 * c.Discharge.Charge
                    ? FormattableString.Invariant($"the first charge passed only {100 * c.Charge.Charge / c.Discharge.Charge:F0} % of the discharge after it: the cell was partly charged when the data begin")
                : chargeEnd is { } up && Math.Abs(c.Charge.EndPotential - up.At) > up.Within ? Stopped("charge", c.Charge.EndPotential, up.At)
                : dischargeEnd is { } low && Math.Abs(c.Discharge.EndPotential - low.At) > low.Within ? Stopped("discharge", c.Discharge.EndPotential, low.At)
                : k == cycles.Count - 1 && k > 0 && IsShort(c, cycles[k - 1], series) ? "the data end before its last half had the capacity of the cycle before" : null;
            return c with { Complete = why is null, WhyIncomplete = why };
        })];
        static string Stopped(string half, double at, double usual) => FormattableString.Invariant($"the {half} stopped at {at:F3} V, the others at {usual:F3} V");
    }

    private static bool IsShort(Cycle last, Cycle before, TimeSeries series)
    {
        var isDischargeLast = last.Discharge!.LastRow > last.Charge!.LastRow;
        var (half, previous) = isDischargeLast ? (last.Discharge, before.Discharge) : (last.Charge, before.Charge);
        return half.LastRow >= series.Count - 1 && previous is not null && half.Charge < 0.5 * previous.Charge
            && Math.Abs(half.EndPotential - previous.EndPotential) > 0.02;
    }

    private static (double At, double Within)? CommonEnd(HalfCycle?[] halves)
    {
        double[] ends = [.. halves.Where(h => h is not null && double.IsFinite(h.EndPotential)).Select(h => h!.EndPotential)];
        if (ends.Length < 3) { return null; }
        var middle = Median.Of([.. ends]);
        var span = halves.Where(h => h is { Curve.Potential.Length: > 1 }).Select(h => h!.Curve.Potential.Max() - h.Curve.Potential.Min()).DefaultIfEmpty(1).Max();
        var within = Math.Max(0.01, 0.03 * span);
        return ends.Count(e => Math.Abs(e - middle) <= within) > 0.6 * ends.Length ? (middle, within) : null;
    }

    private static Cycle Quantify(Cycle c, TimeSeries series, Estimate nominal, int begins, CyclingOptions options)
    {
        var first = Math.Min(c.Charge?.FirstRow ?? int.MaxValue, c.Discharge?.FirstRow ?? int.MaxValue);
        var last = Math.Max(c.Charge?.LastRow ?? 0, c.Discharge?.LastRow ?? 0);
        c = c with
        {
            VendorIndex = series.Find(ColumnNames.Cycle)?.Values[first] ?? double.NaN,
            VendorCharge = Increase(series.Find(ColumnNames.ChargeCapacity)?.Values, first, last),
            VendorDischarge = Increase(series.Find(ColumnNames.DischargeCapacity)?.Values, first, last),
        };
        if (nominal.HasValue)
        {
            c = c with
            {
                Rate = Math.Abs((c.Discharge ?? c.Charge)!.Current) * 3600 / nominal.Value,
                ChargeRate = Math.Abs(c.Charge?.Current ?? double.NaN) * 3600 / nominal.Value,
                OnsetPotential = c.Charge is null ? double.NaN : Cycle.At(c.Charge.Curve, options.OnsetShare * nominal.Value),
            };
        }
        if (c is not { Charge: { Charge: > 0 } up, Discharge: { Charge: > 0 } down }) { return c; }
        var (over, under) = begins > 0 ? (down, up) : (up, down);
        var efficiency = over.Charge / under.Charge;
        return c with
        {
            CoulombicEfficiency = efficiency,
            CoulombicEfficiencyStandardError = efficiency * Math.Sqrt(Math.Pow(over.ChargeStandardError / over.Charge, 2) + Math.Pow(under.ChargeStandardError / under.Charge, 2)),
            EnergyEfficiency = down.Energy / up.Energy,
        };
    }

    private static List<Cycle> Cumulate(List<Cycle> cycles, int begins, double tolerance)
    {
        double up = 0, down = 0;
        var firsts = new List<(double Current, double Capacity)>();
        var result = new List<Cycle>(cycles.Count);
        foreach (var c in cycles)
        {
            if (!c.Complete || c.Charge is null || c.Discharge is null) { result.Add(c); continue; }
            up += c.Charge.Charge;
            down += c.Discharge.Charge;
            var current = Math.Abs(c.Discharge.Current);
            var first = firsts.FirstOrDefault(f => Same(f.Current, current, tolerance));
            if (first.Current == 0) { firsts.Add(first = (current, c.Discharge.Charge)); }
            result.Add(c with { CumulativeEfficiency = begins > 0 ? down / up : up / down, Retention = c.Discharge.Charge / first.Capacity });
        }
        return result;
    }

    private static (Estimate, int?) RetentionOf(List<Cycle> cycles, CyclingOptions options)
    {
        var complete = cycles.Where(c => c is { Complete: true, Discharge: not null }).ToList();
        if (complete.Count == 0) { return (Estimate.Withheld("no cycle is complete"), null); }
        var last = complete[^1];
        var reference = options.ReferenceCycle is { } index
            ? cycles.FirstOrDefault(c => c.Index == index && c.Discharge is not null) ?? throw new InputException($"cycle {index} has no discharge to refer to", "--reference", $"choose one of 1 … {cycles.Count}")
            : complete.First(c => Same(c.Discharge!.Current, last.Discharge!.Current, options.RateTolerance));
        if (reference.Index == last.Index) { return (Estimate.Withheld("only one complete cycle at that rate"), reference.Index); }
        var value = last.Discharge!.Charge / reference.Discharge!.Charge;
        // Beside the switching times each of the two cycles scatters as its neighbours do.
        var scatter = Scatter([.. complete.Where(c => Same(c.Discharge!.Current, last.Discharge.Current, options.RateTolerance)).Select(c => c.Discharge!.Charge)]);
        var error = value * Math.Sqrt(Relative(last.Discharge) + Relative(reference.Discharge));
        double Relative(HalfCycle h) => (Math.Pow(h.ChargeStandardError, 2) + (scatter * scatter)) / (h.Charge * h.Charge);
        return (Estimate.Of(value, error), reference.Index);
    }

    /// <summary>From cycle to cycle, without the trend: second differences, by their median; zero for fewer than five.</summary>
    private static double Scatter(double[] capacities) => capacities.Length < 5 ? 0
        : Median.Of([.. Enumerable.Range(1, capacities.Length - 2).Select(i => Math.Abs(capacities[i - 1] - (2 * capacities[i]) + capacities[i + 1]))]) / 0.6745 / Math.Sqrt(6);

    private static void Doubts(List<Cycle> cycles, ChargeLedger ledger, Estimate nominal, Estimate mass, List<Warning> warnings)
    {
        foreach (var c in cycles.Where(c => !c.Complete)) { warnings.Add(new($"cycles[{c.Index - 1}].complete", $"cycle {c.Index} is incomplete: {c.WhyIncomplete}")); }
        foreach (var c in cycles.Where(c => nominal.HasValue && c.Charge is not null && double.IsNaN(c.OnsetPotential)))
        {
            warnings.Add(new($"cycles[{c.Index - 1}].onsetPotential", $"the charge of cycle {c.Index} is shorter than the onset share of the nominal capacity"));
        }
        foreach (var p in ledger.Pauses.Take(20))
        {
            warnings.Add(new("pauses", p.Duration < 0 ? FormattableString.Invariant($"the clock jumps back by {-p.Duration:G4} s at row {p.Row + 1}; no charge is counted there")
                : FormattableString.Invariant($"a pause of {p.Duration:G4} s at row {p.Row + 1} is not bridged")));
        }
        if (ledger.Pauses.Count > 20) { warnings.Add(new("pauses", $"and {ledger.Pauses.Count - 20} more pauses")); }
        var whole = cycles.Where(c => c.Complete && double.IsFinite(c.CoulombicEfficiency)).ToList();
        var beyond = whole.Count(c => c.CoulombicEfficiency > 1.01 + (2 * c.CoulombicEfficiencyStandardError));
        if (beyond > 0.5 * whole.Count && beyond >= 2)
        {
            warnings.Add(new("cycles[].coulombicEfficiency", $"the efficiency is above 100 % in {beyond} of {whole.Count} complete cycles: more charge comes back than went in, so cycles begin on the wrong half, the current has an offset, or the cell takes charge from elsewhere"));
        }
        var off = cycles.Where(c => (c.Charge is { } u && Math.Abs(c.VendorCharge - u.Charge) > 0.01 * u.Charge) || (c.Discharge is { } d && Math.Abs(c.VendorDischarge - d.Charge) > 0.01 * d.Charge)).ToList();
        if (off.Count > 0)
        {
            warnings.Add(new("cycles[].vendor", $"the instrument's own capacity counters differ by more than 1 % from the integral of the current in {off.Count} of {cycles.Count} cycles (first: cycle {off[0].Index})"));
        }
        var most = cycles.Max(c => Math.Max(c.Charge?.Charge ?? 0, c.Discharge?.Charge ?? 0));
        if (nominal.HasValue && most > 3 * nominal.Value) { warnings.Add(new("nominalCapacity", "a half cycle passes more than three times the nominal capacity: mass or nominal capacity cannot be right")); }
        if (mass.HasValue && most / mass.Value > 4000 * 3600) { warnings.Add(new("cycles[].chargeCapacity_mAh_g", "more than 4000 mAh/g: the active mass cannot be right")); }
    }

    /// <summary>Sum of the increases of a counter that may be reset; NaN where there is no counter.</summary>
    private static double Increase(double[]? counter, int first, int last)
    {
        if (counter is null) { return double.NaN; }
        double sum = 0;
        for (var i = Math.Max(1, first); i <= last; i++)
        {
            var d = counter[i] - counter[i - 1];
            sum += d > 0 ? d : d < 0 && counter[i] > 0 && counter[i] < 0.5 * counter[i - 1] ? counter[i] : 0;
        }
        return sum;
    }

    internal static bool Same(double a, double b, double tolerance) => Math.Abs(Math.Abs(a) - Math.Abs(b)) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b));
}
