using Interphase.Cells;

namespace Interphase.Simulation;

/// <summary>How a stretch of time ended.</summary>
internal readonly record struct StretchEnd(EndKind Kind, string Text);

/// <summary>
/// A cell that lives in time: holds a control until a time or one of several endings, with steps as long as the tolerance allows, and
/// places the end of the last step on the ending.
/// </summary>
internal sealed class TimeDomain
{
    private const string NoPower = "the cell cannot give this power in its present state";
    private const double FirstStep = 0.01;
    private const double LeastStep = 1e-12;
    private const int MostSteps = 200_000;

    private readonly Stepper stepper;
    private readonly Cell cell;

    public TimeDomain(Cell cell, CellSystem system)
    {
        this.cell = cell;
        System = system;
        stepper = new(system, cell.Numerics.RelativeTolerance, cell.Numerics.AbsoluteTolerance);
    }

    public CellSystem System { get; }

    /// <summary>Time since the beginning, s.</summary>
    public double Time { get; private set; }

    /// <summary>∫ I dt, C/m², discharge positive.</summary>
    public double Charge { get; private set; }

    /// <summary>∫ I V dt, J/m², discharge positive.</summary>
    public double Energy { get; private set; }

    /// <summary>Heat produced, J/m².</summary>
    public HeatRate Heat { get; private set; }

    /// <summary>Heat lost to the surroundings, J/m².</summary>
    public double HeatLost { get; private set; }

    /// <summary>Share of the terminal current that passes the particles by, in side reactions.</summary>
    public double ParasiticShare { get; set; }

    /// <summary>Current density at the terminals, A/m², discharge positive.</summary>
    public double TerminalCurrent => System.CurrentStart / (1 - ParasiticShare);

    /// <summary>∫ of the terminal current, C/m², discharge positive.</summary>
    public double TerminalCharge { get; private set; }

    /// <summary>dV/dt now, V/s.</summary>
    public double Drift { get; private set; }

    public long Steps { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Current density now, A/m², discharge positive.</summary>
    public double Discharge => System.CurrentStart;

    /// <summary>Terminal potential now, V.</summary>
    public double Potential => System.PotentialStart;

    /// <summary>Puts the counters where an earlier run left them.</summary>
    public void Continue(double charge)
    {
        Charge = charge;
        TerminalCharge = charge;
    }

    /// <summary>
    /// Holds a control. <paramref name="record"/> is called at the start and after every step; times in <paramref name="stops"/> (rising,
    /// from the beginning) are stepped on exactly.
    /// </summary>
    public StretchEnd Hold(Control control, double duration, IReadOnlyList<Ending> endings, ReadOnlySpan<double> stops, Action record, CancellationToken cancellation, bool continues = false)
    {
        double start = Time, charge = TerminalCharge, end = Time + duration;
        Drift = double.PositiveInfinity;
        if (!continues && !System.Begin(control, Time, stepper.Tolerance))
        {
            var why = System.Limit(control.Kind != ControlKind.Current || control.Value >= 0);
            System.Revert();
            return why is not null ? new(EndKind.PhysicalLimit, why)
                : control.Kind == ControlKind.Power ? new(EndKind.PhysicalLimit, NoPower)
                : new(EndKind.NumericalStop, "no potentials and currents were found that belong to the state at the start of the step");
        }
        record();
        foreach (var e in endings)
        {
            if (e.What is not (Watched.Drift or Watched.Charge or Watched.Surface) && Excess(e, charge) >= 0) { return new(e.Kind, e.Text); }
        }
        var h = Math.Min(FirstStep, duration);
        var next = 0;
        var most = double.PositiveInfinity;
        for (var count = 0; ; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (end - Time <= 1e-9 * Math.Max(1, end)) { return new(EndKind.Protocol, "time"); }
            if (count > MostSteps) { return new(EndKind.NumericalStop, $"{MostSteps} time steps did not reach the end of the step"); }
            while (next < stops.Length && stops[next] <= Time + (1e-9 * Math.Max(1, Time))) { next++; }
            var target = next < stops.Length ? Math.Min(stops[next], end) : end;
            var remaining = target - Time;
            var hits = h >= 0.999 * remaining;
            var length = hits ? remaining : h > 0.6 * remaining ? remaining / 2 : h;
            var error = stepper.Try(Time, length, control);
            if (!(error <= 1))
            {
                Rejected++;
                System.Revert();
                h = double.IsNaN(error) ? length / 4 : length * Math.Max(0.1, 0.9 * Math.Pow(error, -1.0 / 3));
                most = 1;
                if (h >= LeastStep) { continue; }
                var why = System.Limit(System.CurrentStart >= 0);
                return why is not null ? new(EndKind.PhysicalLimit, why)
                    : control.Kind == ControlKind.Power && control.Value > 0 ? new(EndKind.PhysicalLimit, NoPower)
                    : new(EndKind.NumericalStop, $"the time step fell below {LeastStep} s at {Time:0.###} s");
            }
            var reached = Locate(control, ref length, endings, charge);
            if (length < 0)
            {
                System.Revert();
                h = -length / 4;
                continue;
            }
            Take(length, hits && reached is null ? target : Time + length);
            record();
            if (reached is not null) { return new(reached.Kind, Words(reached)); }
            var grow = Math.Min(most, Math.Clamp(0.9 * Math.Pow(Math.Max(error, 1e-9), -1.0 / 3), 0.2, 6));
            h = hits ? Math.Max(h, length * grow) : length * grow;
            most = double.PositiveInfinity;
        }
    }

    private string Words(Ending reached) => reached.What switch
    {
        Watched.Surface => System.Limit(System.CurrentStart >= 0) ?? reached.Text,
        Watched.Potential when Math.Abs(Potential - reached.Threshold) > 1e-4 =>
            $"{reached.Text}, passed to {Potential:0.####} V as a particle surface filled or emptied faster than time is resolved",
        _ => reached.Text,
    };

    private void Take(double length, double time)
    {
        System.Accept();
        Time = time;
        Charge += stepper.Charge;
        TerminalCharge += stepper.Charge / (1 - ParasiticShare);
        Energy += stepper.Energy / (1 - ParasiticShare);
        if (System.IsThermal)
        {
            Heat = new(Heat.Total + stepper.Heat.Total, Heat.Reaction + stepper.Heat.Reaction, Heat.Reversible + stepper.Heat.Reversible);
            HeatLost += stepper.HeatLost;
        }
        Drift = stepper.Drift;
        Steps++;
    }

    /// <summary>
    /// The first ending inside the step just tried; the step is then tried again with the length that ends on it (regula falsi with the
    /// Illinois rule, every third time bisection: a bracket that always shrinks, also where the potential falls like a wall).
    /// </summary>
    private Ending? Locate(Control control, ref double length, IReadOnlyList<Ending> endings, double charge)
    {
        Ending? reached = null;
        for (var round = 0; round <= endings.Count; round++)
        {
            Ending? crossed = null;
            foreach (var e in endings)
            {
                if (e != reached && After(e, charge) > (reached is null ? 0 : e.Tolerance)) { crossed = e; }
            }
            if (crossed is null) { return reached; }
            reached = crossed;
            double low = 0, lowValue = Math.Min(Excess(crossed, charge), -1e-300), high = length, highValue = After(crossed, charge);
            double beyond = highValue, solved = 0;
            var side = 0;
            var failed = false;
            for (var k = 0; k < 120 && beyond > crossed.Tolerance && high - low > 1e-14 * high; k++)
            {
                var share = k % 3 != 2 && double.IsFinite(lowValue) ? Math.Clamp(lowValue / (lowValue - highValue), 0.02, 0.98) : 0.5;
                var middle = low + ((high - low) * share);
                System.Revert();
                var error = stepper.Try(Time, middle, control);
                // Where a length has no solution the ending is sought beyond it: only lengths that were solved become the upper end.
                failed |= double.IsNaN(error);
                var value = double.IsNaN(error) ? lowValue : After(crossed, charge);
                if (value >= -crossed.Tolerance)
                {
                    high = middle;
                    highValue = value;
                    beyond = value;
                    if (side > 0) { lowValue /= 2; }
                    side = 1;
                }
                else
                {
                    low = middle;
                    lowValue = value;
                    if (!double.IsNaN(error)) { solved = middle; }
                    if (side < 0) { highValue /= 2; }
                    side = -1;
                }
            }
            System.Revert();
            if (failed && beyond > crossed.Tolerance)
            {
                // The ending hides behind lengths without a solution: come nearer by a step that was solved.
                length = solved > 0 && !double.IsNaN(stepper.Try(Time, solved, control)) ? solved : -high;
                return null;
            }
            length = double.IsNaN(stepper.Try(Time, high, control)) ? -high : high;
            if (length < 0) { return null; }
        }
        return reached;
    }

    /// <summary>How far beyond an ending the start of the step is; negative before it.</summary>
    private double Excess(Ending e, double charge) =>
        Signed(e, e.What switch
        {
            Watched.Potential => System.PotentialStart,
            Watched.Current => Math.Abs(TerminalCurrent),
            Watched.Drift => Math.Abs(Drift),
            Watched.Charge => Math.Abs(TerminalCharge - charge),
            Watched.Stoichiometry => MeanPositive(),
            Watched.Surface => System.Driven(),
            Watched.NegativeInventory => Charge,
            _ => -Charge,
        });

    /// <summary>The same at the end of the step just tried.</summary>
    private double After(Ending e, double charge) =>
        Signed(e, e.What switch
        {
            Watched.Potential => System.Potential,
            Watched.Current => Math.Abs(System.Current / (1 - ParasiticShare)),
            Watched.Drift => Math.Abs(stepper.Drift),
            Watched.Charge => Math.Abs(TerminalCharge + (stepper.Charge / (1 - ParasiticShare)) - charge),
            Watched.Stoichiometry => MeanPositive(),
            Watched.Surface => System.Driven(),
            Watched.NegativeInventory => Charge + stepper.Charge,
            _ => -(Charge + stepper.Charge),
        });

    private static double Signed(Ending e, double value) => e.Rising ? value - e.Threshold : e.Threshold - value;

    private double MeanPositive() => System.Positive?.MeanStoichiometry() ?? double.NaN;
}
