namespace Interphase.Simulation;

/// <summary>How a run is recorded and from what it starts.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// Times, s from the start of the first step, rising, at which exactly the series is recorded; null: at every time step of the
    /// solver. At a step boundary the value after the change, except at the very end.
    /// </summary>
    public double[]? At { get; init; }

    /// <summary>Where finite: the series is recorded at these intervals from the start of each step and at its end, s.</summary>
    public double SampleInterval { get; init; } = double.NaN;

    /// <summary>Further times after the start of each step at which the series is recorded, s, rising.</summary>
    public double[] SampleAfterStart { get; init; } = [];

    /// <summary>False: no series is kept, only the steps.</summary>
    public bool Record { get; init; } = true;

    /// <summary>True: each row of the series is split into what polarises the cell.</summary>
    public bool Split { get; init; }

    /// <summary>The state to start from, of a cell with the same mesh; null: the cell's own initial state.</summary>
    public SimulationState? From { get; init; }
}
