namespace Interphase.Measurements;

/// <summary>Columns over time, all of one length; the time column is always there and non-decreasing unless a warning says otherwise.</summary>
public sealed class TimeSeries
{
    private readonly Dictionary<string, Column> byName;

    /// <summary>Takes columns of equal length.</summary>
    /// <exception cref="ArgumentException">Lengths differ, a name stands twice, or time is missing.</exception>
    public TimeSeries(IEnumerable<Column> columns)
    {
        Columns = [.. columns];
        byName = new(StringComparer.Ordinal);
        foreach (var c in Columns)
        {
            if (!byName.TryAdd(c.Name, c)) { throw new ArgumentException($"column '{c.Name}' stands twice", nameof(columns)); }
            if (c.Values.Length != Columns[0].Values.Length) { throw new ArgumentException($"column '{c.Name}' has another length", nameof(columns)); }
        }
        if (!byName.ContainsKey(ColumnNames.Time)) { throw new ArgumentException("a time series needs a time column", nameof(columns)); }
    }

    /// <summary>Every column, in the order of the file.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Columns[0].Values.Length;

    /// <summary>A column by name, or null.</summary>
    public Column? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Time since the start, s.</summary>
    public ReadOnlySpan<double> Time => byName[ColumnNames.Time].Values;

    /// <summary>Current, A, charge positive.</summary>
    /// <exception cref="InputException">The file holds no current.</exception>
    public ReadOnlySpan<double> Current => Required(ColumnNames.Current).Values;

    /// <summary>Cell voltage or working-electrode potential, V.</summary>
    /// <exception cref="InputException">The file holds no potential.</exception>
    public ReadOnlySpan<double> Potential => Required(ColumnNames.Potential).Values;

    /// <summary>What <see cref="Potential"/> is measured against.</summary>
    public PotentialReference Reference => Find(ColumnNames.Potential)?.Reference ?? PotentialReference.Unknown;

    /// <summary>A column that an analysis cannot do without.</summary>
    /// <exception cref="InputException">The file does not hold it.</exception>
    public Column Required(string name) => Find(name)
        ?? throw new InputException($"the file has no {name} column", "", $"export it with the columns {name} and time; it holds {string.Join(", ", Columns.Select(c => c.Name))}");

    /// <summary>The same series with a column put in place of the one of its name, or added.</summary>
    public TimeSeries With(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return byName.ContainsKey(column.Name)
            ? new(Columns.Select(c => c.Name == column.Name ? column : c))
            : new(Columns.Append(column));
    }

    /// <summary>The same series with its potential stated against a reference (the file did not say it, or the study says better).</summary>
    public TimeSeries WithReference(PotentialReference reference) =>
        Find(ColumnNames.Potential) is { } p ? With(p with { Reference = reference }) : this;

    /// <summary>Rows <paramref name="from"/> … <paramref name="to"/> − 1.</summary>
    public TimeSeries Rows(int from, int to) => new(Columns.Select(c => c with { Values = c.Values[from..to] }));
}
