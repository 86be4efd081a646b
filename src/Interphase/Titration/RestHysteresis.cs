using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Titration;

/// <summary>
/// Rest potentials after charge pulses less those after discharge pulses at the same charge of the cell, V: what remains of a
/// loop when no current flows. Between two rests the discharge branch is a straight line.
/// </summary>
/// <param name="Value">Median over the rests of the charge branch, V, with the standard error of that median; withheld with the reason.</param>
/// <param name="Least">The least of them, V.</param>
/// <param name="Most">The greatest of them, V.</param>
/// <param name="Points">How many were compared.</param>
/// <param name="Drift">Median drift at the end of the rests compared, V/s: rests that have not ended widen the loop.</param>
public sealed record RestHysteresis(Estimate Value, double Least, double Most, int Points, double Drift)
{
    private const int FewestPulses = 3;

    internal static RestHysteresis Of(IReadOnlyList<GittPulse> pulses)
    {
        var (charge, discharge) = (Branch(pulses, +1), Branch(pulses, -1));
        if (charge.Length == 0 || discharge.Length == 0) { return Withheld($"rests of only one direction ({(charge.Length > 0 ? "charge" : discharge.Length > 0 ? "discharge" : "neither has three")})"); }
        var differences = new List<double>();
        var errors = new List<double>();
        foreach (var (q, e) in charge)
        {
            var next = Array.FindIndex(discharge, d => d.Charge >= q);
            if (next < 1) { continue; }
            var (a, b) = (discharge[next - 1], discharge[next]);
            var share = (q - a.Charge) / (b.Charge - a.Charge);
            differences.Add(e.RestPotential.Value - a.Pulse.RestPotential.Value - (share * (b.Pulse.RestPotential.Value - a.Pulse.RestPotential.Value)));
            errors.Add(Math.Sqrt(Square(e) + Math.Pow((1 - share) * a.Pulse.RestPotential.StandardError, 2) + Math.Pow(share * b.Pulse.RestPotential.StandardError, 2)));
        }
        if (differences.Count < FewestPulses) { return Withheld("the charge and the discharge pulses share fewer than three states of charge"); }
        var middle = differences.Median();
        var scatter = 1.4826 * differences.Select(d => Math.Abs(d - middle)).Median();
        var error = Math.Max(1.2533 * scatter, errors.Where(double.IsFinite).DefaultIfEmpty(0).Median()) / Math.Sqrt(differences.Count);
        var drifts = charge.Concat(discharge).Where(p => p.Pulse.RestDrift.HasValue).Select(p => Math.Abs(p.Pulse.RestDrift.Value)).ToArray();
        return new(Estimate.Of(middle, error), differences.Min(), differences.Max(), differences.Count, drifts.Length > 0 ? drifts.Median() : double.NaN);

        static double Square(GittPulse p) => Math.Pow(p.RestPotential.StandardError, 2);
        static RestHysteresis Withheld(string reason) => new(Estimate.Withheld(reason), double.NaN, double.NaN, 0, double.NaN);
    }

    /// <summary>Charge of the cell after each pulse of a direction with its rest, by rising charge; of the first series long enough.</summary>
    private static (double Charge, GittPulse Pulse)[] Branch(IReadOnlyList<GittPulse> pulses, int sign) =>
        [.. pulses.Where(p => Math.Sign(p.Current) == sign && !p.IsInterruption && p.RestPotential.HasValue).GroupBy(p => p.Series).FirstOrDefault(g => g.Count() >= FewestPulses)?
            .Select(p => (Charge: p.ChargeAfter, p)).OrderBy(p => p.Charge) ?? Enumerable.Empty<(double, GittPulse)>()];
}
