using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// The records of a Neware test as its binary files hold them, in SI, and the series made of them. Charge and energy count
/// from 0 in each step; total time is the sum of the steps.
/// </summary>
internal sealed class NewareRecords
{
    // The columns of a record, in the order of the arguments of Add.
    private const int Number = 0, Cycle = 1, Step = 2, Program = 3, Kind = 4, StepTime = 5, TotalTime = 6, Current = 7, Potential = 8, Charge = 9, Discharge = 10, ChargeEnergy = 11, DischargeEnergy = 12, Clock = 13;

    private readonly double[][] columns = new double[14][];

    /// <summary>Room for as many records as are expected.</summary>
    public NewareRecords(int expected = 16)
    {
        for (var c = 0; c < columns.Length; c++) { columns[c] = GC.AllocateUninitializedArray<double>(Math.Max(expected, 16)); }
    }

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Auxiliary columns by name, one value a record.</summary>
    public List<(string Name, string Unit, double[] Values)> Auxiliary { get; } = [];

    /// <summary>Ranges of current whose factor is not known.</summary>
    public SortedSet<int> UnknownRanges { get; } = [];

    /// <summary>The record numbers.</summary>
    public ReadOnlySpan<double> Index => columns[Number].AsSpan(0, Count);

    /// <summary>Adds a record. Current in A, charge positive; charge in C and energy in J of the step; NaN where the file has none.</summary>
    public void Add(double number, double cycleNumber, double stepNumber, double program, double kind, double seconds, double total, double amperes, double volts,
        double chargeOf, double dischargeOf, double chargeEnergy, double dischargeEnergy, double unix)
    {
        if (Count == columns[0].Length)
        {
            for (var c = 0; c < columns.Length; c++) { Array.Resize(ref columns[c], 2 * Count); }
        }
        var i = Count++;
        columns[Number][i] = number;
        columns[Cycle][i] = cycleNumber;
        columns[Step][i] = stepNumber;
        columns[Program][i] = program;
        columns[Kind][i] = kind;
        columns[StepTime][i] = seconds;
        columns[TotalTime][i] = total;
        columns[Current][i] = amperes;
        columns[Potential][i] = volts;
        columns[Charge][i] = chargeOf;
        columns[Discharge][i] = dischargeOf;
        columns[ChargeEnergy][i] = chargeEnergy;
        columns[DischargeEnergy][i] = dischargeEnergy;
        columns[Clock][i] = unix;
    }

    /// <summary>An auxiliary column of numbers looked up by record number; NaN where there is none.</summary>
    public double[] ByNumber(Func<double, double> value)
    {
        var values = new double[Count];
        for (var i = 0; i < values.Length; i++) { values[i] = value(columns[Number][i]); }
        return values;
    }

    /// <summary>The measurement.</summary>
    public Measurement Measure(FileContent file, string format, List<MetadataEntry> metadata, List<Warning> warnings, bool version9 = false)
    {
        for (var c = 0; c < columns.Length; c++) { if (columns[c].Length != Count) { Array.Resize(ref columns[c], Count); } }
        Sort(warnings);
        foreach (var range in UnknownRanges)
        {
            warnings.Add(new(ColumnNames.Current, $"the current range {range} is not known, so current and capacity of its records are left empty; please report it with the range the instrument shows"));
        }
        // Program steps repeat in a loop; executed steps are counted from their changes.
        if (columns[Step].All(double.IsNaN)) { columns[Step] = Executed(columns[Program], columns[StepTime]); }
        if (columns[StepTime].All(double.IsNaN)) { StepTimes(); }
        if (columns[TotalTime].All(double.IsNaN)) { Total(); }
        Column Of(int c, string name, string unit, string origin, PotentialReference? reference = null) => new(name, unit, columns[c], origin, reference);
        List<Column> series =
        [
            Of(TotalTime, ColumnNames.Time, "s", "total time"), Of(StepTime, ColumnNames.StepTime, "s", "step time"), Of(Cycle, ColumnNames.Cycle, "1", "cycle"),
            Of(Step, ColumnNames.Step, "1", "steps in their order"), Of(Program, ColumnNames.ProgramStep, "1", "step of the program"), Of(Kind, "step type", "1", "step type"),
            Of(Current, ColumnNames.Current, "A", "current"), Of(Potential, ColumnNames.Potential, "V", "voltage", PotentialReference.Unknown),
            Of(Charge, ColumnNames.ChargeCapacity, "C", "charge of the step"), Of(Discharge, ColumnNames.DischargeCapacity, "C", "discharge of the step"),
            Of(ChargeEnergy, ColumnNames.ChargeEnergy, "J", "energy charged in the step"), Of(DischargeEnergy, ColumnNames.DischargeEnergy, "J", "energy discharged in the step"),
            Of(Clock, "clock", "s", "the instrument's clock, seconds since 1970"), Of(Number, "record", "1", "record number"),
        ];
        series.RemoveAll(c => c.Values.Length > 0 && c.Name != ColumnNames.Current && c.Values.All(double.IsNaN));
        foreach (var (name, unit, values) in Auxiliary)
        {
            series.Add(new(series.Exists(c => c.Name == name) ? $"{name} {series.Count}" : name, unit, values, "auxiliary channel"));
        }
        var start = Count > 0 && columns[Clock][0] is > 0 and < 4e9 ? new StartTime(DateTime.UnixEpoch.AddSeconds(columns[Clock][0] - (double.IsNaN(columns[StepTime][0]) ? 0 : columns[StepTime][0])), null) : (StartTime?)null;
        if (Count == 0) { warnings.Add(new("series", "the file holds no records")); }
        var measured = Count == 0 ? null : new TimeSeries(series);
        if (measured is not null && BiologicQuantities.BackwardSteps(measured.Time) is { } back) { warnings.Add(back); }
        return new() { File = file.Path, Format = format, Technique = "cycling", Start = start, Metadata = metadata, Series = measured, Warnings = warnings, Native = measured is null ? null : () => NewareExport.Of(measured, version9) };
    }

    /// <summary>Records may stand out of order and twice; the number orders them and the first of a number stays.</summary>
    private void Sort(List<Warning> warnings)
    {
        var index = columns[Number];
        var ordered = true;
        for (var i = 1; i < Count && ordered; i++) { ordered = index[i] > index[i - 1]; }
        if (ordered) { return; }
        var seen = new HashSet<double>();
        var order = Enumerable.Range(0, Count).OrderBy(i => index[i]).Where(i => seen.Add(index[i])).ToArray();
        if (order.Length < Count) { warnings.Add(new("records", $"{Count - order.Length} records have the number of another one and are left out")); }
        for (var c = 0; c < columns.Length; c++) { columns[c] = Array.ConvertAll(order, i => columns[c][i]); }
        for (var a = 0; a < Auxiliary.Count; a++) { Auxiliary[a] = Auxiliary[a] with { Values = Array.ConvertAll(order, i => Auxiliary[a].Values[i]) }; }
        Count = order.Length;
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

    private void StepTimes()
    {
        var (counted, total, time) = (columns[Step], columns[TotalTime], columns[StepTime]);
        double before = 0;
        for (var i = 0; i < time.Length; i++)
        {
            if (i > 0 && counted[i] != counted[i - 1]) { before = total[i - 1]; }
            time[i] = total[i] - before;
        }
    }

    private void Total()
    {
        var (counted, total, time) = (columns[Step], columns[TotalTime], columns[StepTime]);
        double before = 0;
        for (var i = 0; i < total.Length; i++)
        {
            if (i > 0 && counted[i] != counted[i - 1]) { before += time[i - 1]; }
            total[i] = before + time[i];
        }
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
