using Interphase.Cycling;
using Interphase.Results;
using Interphase.Titration;

namespace Interphase.Studies;

/// <summary>The rests of a titration in one direction against the slowest half cycle of the same cell in that direction, at the same charge.</summary>
/// <param name="Sign">+1 charge, −1 discharge.</param>
/// <param name="Cycle">The cycle the half is of.</param>
/// <param name="Overpotential">Curve against rest, V, positive where the curve lies beyond the rest in the direction of its current: median over the pulses.</param>
/// <param name="Compared">Pulses compared.</param>
/// <param name="Beyond">Pulses whose rest lies more than 10 mV on the wrong side.</param>
internal sealed record RestsAgainstCurve(int Sign, int Cycle, double Overpotential, int Compared, int Beyond)
{
    private const int FewestPulses = 5;
    private const double Tolerance = 0.010;

    /// <summary>How far apart the potentials may be at which titration and curve begin, V: charge is counted from there.</summary>
    private const double SameStart = 0.15;

    public bool IsWrong => 4 * Beyond > Compared;

    private string Half => Sign > 0 ? "charge" : "discharge";

    /// <summary>Null where the cell has no such curve or pulses, or the two did not begin at one state.</summary>
    public static RestsAgainstCurve? Of(Gitt gitt, IReadOnlyList<Cycle> cycles, int sign)
    {
        var pulses = gitt.Pulses.Where(p => Math.Sign(p.Current) == sign && !p.IsInterruption && p.RestPotential.HasValue).GroupBy(p => p.Series).FirstOrDefault(g => g.Count() >= FewestPulses)?.ToArray();
        var halves = cycles.Select(c => (c.Index, Half: sign > 0 ? c.Charge : c.Discharge)).Where(c => c.Half is { Curve.Charge.Length: > 20 }).ToArray();
        if (pulses is null || halves.Length == 0) { return null; }
        // Of cycles at one rate the first: the later ones have aged.
        var least = halves.Min(c => Math.Abs(c.Half!.Current));
        var slowest = halves.First(c => Math.Abs(c.Half!.Current) < 1.05 * least);
        var curve = slowest.Half!.Curve;
        if (!(Math.Abs(pulses[0].RestPotentialBefore.Value - curve.Potential[0]) <= SameStart)) { return null; }
        var zero = pulses[0].ChargeBefore;
        double[] over = [.. pulses.Select(p => (Pulse: p, Charge: sign * (p.ChargeAfter - zero))).Where(p => p.Charge < 0.9 * curve.Charge[^1])
            .Select(p => sign * (Cycling.Cycle.At(curve, p.Charge) - p.Pulse.RestPotential.Value)).Where(double.IsFinite)];
        return over.Length < FewestPulses ? null : new(sign, slowest.Index, over.Order().ElementAt(over.Length / 2), over.Length, over.Count(o => o < -Tolerance));
    }

    public string Words() => Math.Abs(Overpotential) < Tolerance
        ? FormattableString.Invariant($"the rests after {Half} pulses lie on the slowest {Half} (cycle {Cycle}) at the same charge, within {1e3 * Math.Abs(Overpotential):F0} mV in the middle of {Compared} pulses")
        : FormattableString.Invariant($"the rests after {Half} pulses lie {(Overpotential * Sign > 0 ? "below" : "above")} the slowest {Half} (cycle {Cycle}) at the same charge, by {1e3 * Math.Abs(Overpotential):F0} mV in the middle of {Compared} pulses");

    /// <summary>True where the rests lie on the curve within what may be on the wrong side.</summary>
    public bool IsClose => Math.Abs(Overpotential) < Tolerance;

    public string Doubt() => FormattableString.Invariant($"{Beyond} of {Compared} rests after {Half} pulses lie more than 10 mV {(Sign > 0 ? "above" : "below")} that curve, where an equilibrium cannot lie: the cell had aged or begun at another state of charge, or the two scales of potential differ.");

    public IEnumerable<Evidence> Evidence() =>
        [new($"overpotential of the slowest {Half}", Overpotential, "V"), new($"cycling.cycles[{Cycle - 1}].index", Cycle, "1"), new($"rests beyond the {Half} curve", Beyond, "1")];
}
