using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// The records of a Neware test as its binary files hold them, in SI, and the series made of them. Charge and energy count
/// from 0 in each step; total time is the sum of the steps.
/// </summary>
internal sealed class NewareRecords
{
    private readonly List<double> index = [], cycle = [], step = [], programStep = [], type = [], stepTime = [], totalTime = [], current = [], potential = [],
        charged = [], discharged = [], energyCharged = [], energyDischarged = [], clock = [];

    /// <summary>Number of records.</summary>
    public int Count => index.Count;

    /// <summary>Auxiliary columns by name, one value a record.</summary>
    public List<(string Name, string Unit, double[] Values)> Auxiliary { get; } = [];

    /// <summary>Ranges of current whose factor is not known.</summary>
    public SortedSet<int> UnknownRanges { get; } = [];

    /// <summary>The record numbers.</summary>
    public IReadOnlyList<double> Index => index;

    /// <summary>Adds a record. Current in A, charge positive; charge in C and energy in J of the step; NaN where the file has none.</summary>
    public void Add(double number, double cycleNumber, double stepNumber, double program, double kind, double seconds, double total, double amperes, double volts,
        double chargeOf, double dischargeOf, double chargeEnergy, double dischargeEnergy, double unix)
    {
        index.Add(number);
        cycle.Add(cycleNumber);
        step.Add(stepNumber);
        programStep.Add(program);
        type.Add(kind);
        stepTime.Add(seconds);
        totalTime.Add(total);
        current.Add(amperes);
        potential.Add(volts);
        charged.Add(chargeOf);
        discharged.Add(dischargeOf);
        energyCharged.Add(chargeEnergy);
        energyDischarged.Add(dischargeEnergy);
        clock.Add(unix);
    }

    /// <summary>The measurement.</summary>
    public Measurement Measure(FileContent file, string format, List<MetadataEntry> metadata, List<Warning> warnings)
    {
        Sort();
        foreach (var range in UnknownRanges)
        {
            warnings.Add(new(ColumnNames.Current, $"the current range {range} is not known, so current and capacity of its records are left empty; please report it with the range the instrument shows"));
        }
        var counted = step.ToArray();
        // Program steps repeat in a loop; executed steps are counted from their changes.
        if (counted.All(double.IsNaN)) { counted = Executed([.. programStep], [.. stepTime]); }
        if (stepTime.All(double.IsNaN)) { StepTimes(counted); }
        var total = totalTime.Any(t => !double.IsNaN(t)) ? totalTime.ToArray() : Total(counted);
        var columns = new List<Column>
        {
            new(ColumnNames.Time, "s", total, "total time"), new(ColumnNames.StepTime, "s", [.. stepTime], "step time"), new(ColumnNames.Cycle, "1", [.. cycle], "cycle"),
            new(ColumnNames.Step, "1", counted, "steps in their order"), new(ColumnNames.ProgramStep, "1", [.. programStep], "step of the program"), new("step type", "1", [.. type], "step type"),
            new(ColumnNames.Current, "A", [.. current], "current"), new(ColumnNames.Potential, "V", [.. potential], "voltage", PotentialReference.Unknown),
            new(ColumnNames.ChargeCapacity, "C", [.. charged], "charge of the step"), new(ColumnNames.DischargeCapacity, "C", [.. discharged], "discharge of the step"),
            new(ColumnNames.ChargeEnergy, "J", [.. energyCharged], "energy charged in the step"), new(ColumnNames.DischargeEnergy, "J", [.. energyDischarged], "energy discharged in the step"),
            new("clock", "s", [.. clock], "the instrument's clock, seconds since 1970"), new("record", "1", [.. index], "record number"),
        };
        columns.RemoveAll(c => c.Values.Length > 0 && c.Name != ColumnNames.Current && c.Values.All(double.IsNaN));
        foreach (var (name, unit, values) in Auxiliary)
        {
            columns.Add(new(columns.Exists(c => c.Name == name) ? $"{name} {columns.Count}" : name, unit, values, "auxiliary channel"));
        }
        var start = Count > 0 && clock[0] is > 0 and < 4e9 ? new StartTime(DateTime.UnixEpoch.AddSeconds(clock[0] - (double.IsNaN(stepTime[0]) ? 0 : stepTime[0])), null) : (StartTime?)null;
        if (Count == 0) { warnings.Add(new("series", "the file holds no records")); }
        var series = Count == 0 ? null : new TimeSeries(columns);
        if (series is not null && BiologicQuantities.BackwardSteps(series.Time) is { } back) { warnings.Add(back); }
        return new() { File = file.Path, Format = format, Technique = "cycling", Start = start, Metadata = metadata, Series = series, Warnings = warnings };
    }

    /// <summary>Records may stand out of order and twice; the number orders them and the first of a number stays.</summary>
    private void Sort()
    {
        var ordered = true;
        for (var i = 1; i < index.Count && ordered; i++) { ordered = index[i] > index[i - 1]; }
        if (ordered) { return; }
        var seen = new HashSet<double>();
        var order = Enumerable.Range(0, index.Count).OrderBy(i => index[i]).Where(i => seen.Add(index[i])).ToArray();
        foreach (var list in new[] { index, cycle, step, programStep, type, stepTime, totalTime, current, potential, charged, discharged, energyCharged, energyDischarged, clock })
        {
            var sorted = Array.ConvertAll(order, i => list[i]);
            list.Clear();
            list.AddRange(sorted);
        }
    }

    private static double[] Executed(double[] program, double[] time)
    {
        var result = new double[program.Length];
        var n = 1;
        for (var i = 0; i < result.Length; i++)
        {
            if (i > 0 && (program[i] != program[i - 1] || time[i] < time[i - 1])) { n++; }
            result[i] = n;
        }
        return result;
    }

    private void StepTimes(double[] counted)
    {
        double before = 0;
        for (var i = 0; i < counted.Length; i++)
        {
            if (i > 0 && counted[i] != counted[i - 1]) { before = totalTime[i - 1]; }
            stepTime[i] = totalTime[i] - before;
        }
    }

    private double[] Total(double[] counted)
    {
        var result = new double[counted.Length];
        double before = 0;
        for (var i = 0; i < result.Length; i++)
        {
            if (i > 0 && counted[i] != counted[i - 1]) { before += stepTime[i - 1]; }
            result[i] = before + stepTime[i];
        }
        return result;
    }

    /// <summary>Factor from stored to mA of a range, null where it is not known.</summary>
    public static double? Multiplier(int range) => range switch
    {
        0 => 0,
        -100000000 => 10,
        -1000 or -2000 or -3000 or -5000 or -6000 or -10000 or -12000 or -15000 or -20000 or -30000 or -40000 or -50000 or -60000 or -100000 or -120000 or -200000 => 1e-2,
        -500 or -100 => 1e-3,
        -50 or -25 or -20 or -10 => 1e-4,
        -5 or -2 or -1 => 1e-5,
        1 or 2 or 5 => 1e-4,
        10 or 20 or 25 or 50 => 1e-3,
        100 or 200 or 250 or 500 => 1e-2,
        >= 1000 and <= 200000 => 1e-1,
        _ => null,
    };
}
