namespace Interphase.Titration;

/// <summary>How a titration is read.</summary>
public readonly record struct GittOptions()
{
    /// <summary>Current below which the cell rests, A; null: found from the data.</summary>
    public double? RestCurrent { get; init; }

    /// <summary>The IR drop is read at the first sample at or after this time from the switch, s; 0: the first sample at full current.</summary>
    public double IrTime { get; init; }

    /// <summary>The full fit leaves out what is nearer to a switch, s: double layers and the instrument's rise.</summary>
    public double FitFrom { get; init; } = 1;
}
