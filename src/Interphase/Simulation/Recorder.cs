using Interphase.Cells;
using Interphase.Measurements;

namespace Interphase.Simulation;

/// <summary>Collects the rows of the series: all of them, or those at the times asked for.</summary>
internal sealed class Recorder(Cell cell, SimulationOptions options)
{
    private readonly List<double> time = [], current = [], potential = [], step = [], cycle = [], charge = [], temperature = [];
    private readonly List<PolarisationTerms> terms = [];
    private double[] stops = [];
    private int nextStop;
    private int asked;

    /// <summary>Times of requested rows that no step reached.</summary>
    public int Missing => options.At is { } at ? at.Length - asked : 0;

    /// <summary>The times the next step must land on: rising, from the beginning.</summary>
    public ReadOnlySpan<double> StopsFor(double start, double duration)
    {
        if (options.At is { } at)
        {
            stops = at;
            return at.AsSpan(Math.Min(asked, at.Length));
        }
        if (!options.Record || (!double.IsFinite(options.SampleInterval) && options.SampleAfterStart.Length == 0)) { return []; }
        // A step without a length of its own is watched for at most so many samples.
        const int most = 1_000_000;
        var list = new List<double>(options.SampleAfterStart.Where(t => t > 0 && t < duration).Select(t => start + t));
        if (double.IsFinite(options.SampleInterval))
        {
            var count = (int)Math.Min(Math.Min(duration, 1e7) / options.SampleInterval, most);
            for (var i = 1; i <= count; i++) { list.Add(start + (i * options.SampleInterval)); }
        }
        list.Sort();
        stops = [.. list];
        nextStop = 0;
        return stops;
    }

    /// <summary>A row at the moment of the solver; <paramref name="edge"/> where a step begins or ends.</summary>
    public void Row(TimeDomain domain, int stepIndex, int cycleIndex, bool edge)
    {
        if (!options.Record) { return; }
        var t = domain.Time;
        if (options.At is { } at)
        {
            var tolerance = 1e-9 * Math.Max(1, domain.Time);
            if (asked < at.Length && Math.Abs(at[asked] - t) <= tolerance) { asked++; }
            else if (!(edge && time.Count > 0 && Math.Abs(time[^1] - t) <= tolerance)) { return; }
            while (asked < at.Length && at[asked] <= t + tolerance) { asked++; }
            if (time.Count > 0 && Math.Abs(time[^1] - t) <= tolerance) { RemoveLast(); }
        }
        else if (stops.Length > 0 && !edge)
        {
            while (nextStop < stops.Length && stops[nextStop] < domain.Time - (1e-9 * Math.Max(1, domain.Time))) { nextStop++; }
            if (nextStop >= stops.Length || stops[nextStop] > domain.Time + (1e-9 * Math.Max(1, domain.Time))) { return; }
        }
        if (edge && options.At is null && time.Count > 0 && time[^1] == t && step[^1] == stepIndex) { return; }
        time.Add(t);
        current.Add(-domain.TerminalCurrent * cell.Area);
        potential.Add(domain.Potential);
        step.Add(stepIndex);
        cycle.Add(cycleIndex);
        charge.Add(-domain.TerminalCharge * cell.Area);
        temperature.Add(domain.System.Temperature);
        if (options.Split) { terms.Add(domain.System.Polarisation()); }
    }

    /// <summary>What the terminal potential of a cell is measured against.</summary>
    public static PotentialReference Reference(Cell cell) => cell.Negative is FoilElectrode foil
        ? new(foil.Potential == 0 ? "Li" : Math.Abs(foil.Potential - 0.62) < 0.03 ? "Li-In" : "the negative foil", foil.Potential)
        : new("the negative electrode", null);

    public TimeSeries Series()
    {
        Column Of(string name, string unit, List<double> values, PotentialReference? r = null) => new(name, unit, [.. values], "simulated", r);
        return new(
        [
            Of(ColumnNames.Time, "s", time), Of(ColumnNames.Current, "A", current), Of(ColumnNames.Potential, "V", potential, Reference(cell)),
            Of(ColumnNames.Cycle, "1", cycle), Of(ColumnNames.Step, "1", step), Of(ColumnNames.NetCharge, "C", charge), Of(ColumnNames.Temperature, "K", temperature),
        ]);
    }

    /// <summary>The split of the rows; null where it was not asked for.</summary>
    public PolarisationSplit? Polarisation()
    {
        if (!options.Split) { return null; }
        double[] Of(Func<PolarisationTerms, double> part) => [.. terms.Select(part)];
        return new()
        {
            Equilibrium = Of(t => t.Equilibrium), Separator = Of(t => t.Separator), Electrolyte = Of(t => t.Electrolyte), Electronic = Of(t => t.Electronic), Coating = Of(t => t.Coating),
            ChargeTransfer = Of(t => t.ChargeTransfer), Diffusion = Of(t => t.Diffusion), Unevenness = Of(t => t.Unevenness), CounterElectrode = Of(t => t.CounterElectrode),
        };
    }

    private void RemoveLast()
    {
        if (options.Split) { terms.RemoveAt(terms.Count - 1); }
        foreach (var list in (List<double>[])[time, current, potential, step, cycle, charge, temperature]) { list.RemoveAt(list.Count - 1); }
    }
}
