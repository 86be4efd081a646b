using Interphase.Measurements;

namespace Interphase.Tests.Cycling;

/// <summary>Series with known truth: constant currents over a linear or given potential–charge curve.</summary>
internal sealed class MadeSeries
{
    private readonly List<double> time = [0], current = [0], potential = [];
    private readonly Func<double, double> equilibrium;
    private readonly double resistance;
    private double charge;

    /// <param name="equilibrium">Potential at a state of charge in C.</param>
    /// <param name="resistance">Ohm.</param>
    public MadeSeries(Func<double, double> equilibrium, double resistance = 0)
    {
        this.equilibrium = equilibrium;
        this.resistance = resistance;
        potential.Add(equilibrium(0));
    }

    public MadeSeries Apply(double i, double duration, double dt = 10)
    {
        var start = time[^1];
        var from = charge;
        var n = Math.Max(1, (int)Math.Round(duration / dt));
        for (var k = 1; k <= n; k++)
        {
            var t = duration * k / n;
            charge = from + (i * t);
            time.Add(start + t);
            current.Add(i);
            potential.Add(equilibrium(charge) + (i * resistance));
        }
        return this;
    }

    public MadeSeries Rest(double duration, double dt = 60) => Apply(0, duration, dt);

    /// <summary>The clock runs on, nothing is recorded, nothing flows.</summary>
    public MadeSeries Pause(double duration)
    {
        time.Add(time[^1] + duration);
        current.Add(current[^1]);
        potential.Add(potential[^1]);
        return this;
    }

    public TimeSeries Series() => Make([.. time], [.. current], [.. potential]);

    public static TimeSeries Make(double[] time, double[] current, double[] potential, PotentialReference? reference = null) => new(
    [
        new(ColumnNames.Time, "s", time, "made"), new(ColumnNames.Current, "A", current, "made"), new(ColumnNames.Potential, "V", potential, "made", reference),
    ]);
}
