using Interphase.Results;

namespace Interphase.Measurements;

/// <summary>
/// Several files of one cell as one series in order of their start times; where a file does not say when it began, by time
/// columns that follow each other, else in the order given.
/// </summary>
public static class Joined
{
    /// <summary>Counters start anew in each file, so that they mean nothing in the joined series.</summary>
    private static readonly string[] Counters =
    [
        ColumnNames.NetCharge, ColumnNames.ChargeCapacity, ColumnNames.DischargeCapacity, ColumnNames.ChargeEnergy, ColumnNames.DischargeEnergy, ColumnNames.Cycle, ColumnNames.Step,
    ];

    private static readonly string[] Needed = [ColumnNames.Time, ColumnNames.Current, ColumnNames.Potential];

    /// <summary>The series of one measurement, or of several put behind each other; and what was assumed.</summary>
    /// <exception cref="InputException">There is none, a file holds no series, or files overlap in time.</exception>
    public static (TimeSeries Series, IReadOnlyList<Measurement> Ordered, IReadOnlyList<Warning> Warnings) Of(IReadOnlyList<Measurement> measurements)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        if (measurements.Count == 0) { throw new InputException("no file is named", "", "name at least one"); }
        foreach (var m in measurements)
        {
            if (m.Series is null || m.Series.Count == 0) { throw new InputException("the file holds no rows over time", m.File, "name a file with time, current and potential"); }
            try { foreach (var name in Needed) { m.Series.Required(name); } }
            catch (InputException e) { throw e.At(m.File); }
            if (Usable(m.Series) < 2) { throw new InputException("the file has no two rows with numbers for time, current and potential", m.File, "export it again; missing values stand where numbers should"); }
        }
        if (measurements.Count == 1) { return (measurements[0].Series!, measurements, []); }
        var warnings = new List<Warning>();
        List<Measurement> ordered;
        Func<Measurement, double> offset;
        if (measurements.All(m => m.Start is not null))
        {
            ordered = [.. measurements.OrderBy(m => m.Start!.Value).ThenBy(m => m.Series!.Time[0])];
            var first = ordered[0].Start!.Value.Clock;
            offset = m => (m.Start!.Value.Clock - first).TotalSeconds;
            // Files cut from one test keep its clock: their time columns then count from one start already.
            if (ordered.All(m => m.Start!.Value == ordered[0].Start!.Value)) { offset = _ => 0; }
        }
        else
        {
            ordered = [.. measurements.OrderBy(m => m.Series!.Time[0])];
            offset = _ => 0;
            if (Enumerable.Range(1, ordered.Count - 1).Any(k => ordered[k].Series!.Time[0] < ordered[k - 1].Series!.Time[^1] - 1e-6))
            {
                ordered = [.. measurements];
                warnings.Add(new("files", "the files do not say when they began and their times overlap: they are taken in the order given, without pauses between them"));
                var starts = new Dictionary<Measurement, double>(ReferenceEqualityComparer.Instance);
                double end = 0;
                foreach (var m in ordered)
                {
                    starts[m] = end - m.Series!.Time[0];
                    end += m.Series.Time[^1] - m.Series.Time[0];
                }
                offset = m => starts[m];
            }
        }
        for (var k = 1; k < ordered.Count; k++)
        {
            var (end, start) = (ordered[k - 1].Series!.Time[^1] + offset(ordered[k - 1]), ordered[k].Series!.Time[0] + offset(ordered[k]));
            if (start < end - 1) { throw new InputException(FormattableString.Invariant($"{ordered[k].File} begins {end - start:G4} s before {ordered[k - 1].File} ends"), "time", "name files of one cell that follow each other"); }
        }
        var columns = ordered[0].Series!.Columns.Where(c => !Counters.Contains(c.Name) && ordered.All(m => m.Series!.Find(c.Name)?.Unit == c.Unit));
        return (new(columns.Select(c => c with
        {
            Values = [.. ordered.SelectMany(m => c.Name == ColumnNames.Time ? m.Series!.Find(c.Name)!.Values.Select(v => v + offset(m)) : m.Series!.Find(c.Name)!.Values)],
            Reference = ordered.All(m => m.Series!.Find(c.Name)!.Reference == c.Reference) ? c.Reference : PotentialReference.Unknown,
        })), ordered, warnings);
    }

    /// <summary>Rows in which every quantity an analysis needs is a number.</summary>
    private static int Usable(TimeSeries series)
    {
        var columns = Needed.Select(series.Required).ToArray();
        return Enumerable.Range(0, series.Count).Count(i => columns.All(c => double.IsFinite(c.Values[i])));
    }
}
