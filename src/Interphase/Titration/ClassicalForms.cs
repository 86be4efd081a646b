using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Titration;

/// <summary>The closed forms in use, each as its authors write it, with its errors propagated: σ_D/D = 2 √[(σ_Es/ΔE_s)² + (σ_slope/slope)² + (σ_L/L)²].</summary>
internal static class ClassicalForms
{
    public static GittPulse Of(TimeSeries s, IReadOnlyList<FoundPulse> train, int k, double noise, DiffusionFacts facts, GittOptions options)
    {
        var p = train[k];
        var tau = p.Duration;
        var (before, driftBefore) = Transients.RestEnd(s, p.RestFirst, p.First - 1, noise);
        var hasRest = p.RestLast > p.Last;
        var missing = Estimate.Withheld("no rest follows the pulse");
        var (after, drift) = hasRest ? Transients.RestEnd(s, p.Last + 1, p.RestLast, noise) : (missing, missing);
        var full = p.First;
        while (full < p.Last && Math.Abs(s.Current[full]) < 0.95 * Math.Abs(p.Current)) { full++; }
        var window = tau / 30;
        var lastRead = p.Last;
        while (lastRead > p.First && !double.IsFinite(s.Potential[lastRead])) { lastRead--; }
        var atEnd = s.Potential[lastRead];
        var start = Transients.Jump(s, full, p.Last, p.Start, before.Value, options.IrTime, window, noise);
        var end = hasRest ? Transients.Jump(s, p.Last + 1, p.RestLast, p.End, atEnd, options.IrTime, window, noise) : IrDrop.None;
        var deltaEs = hasRest ? Estimate.Of(after.Value - before.Value, Math.Sqrt(Square(after.StandardError) + Square(before.StandardError))) : missing;
        var direction = atEnd > before.Value ? 1 : -1;
        var deltaEt = Estimate.Of(atEnd - before.Value - (direction * start.Value), Math.Sqrt((2 * noise * noise) + Square(before.StandardError)));
        var (_, slope) = Transients.AgainstRoot(s, full, p.Last, p.Start, tau / 30, tau / 3, Math.Sqrt, noise);
        var (_, relaxation) = hasRest
            ? Transients.AgainstRoot(s, p.Last + 1, p.RestLast, p.End, tau / 30, Math.Min(tau, p.Rest), t => Math.Sqrt(t + tau) - Math.Sqrt(t), noise) : (missing, missing);
        return new()
        {
            Index = 0, Series = 0, FirstRow = p.First, LastRow = p.Last, RestLastRow = p.RestLast, Start = p.Start, Duration = tau, Rest = p.Rest, Current = p.Current,
            RestPotentialBefore = before, RestPotential = after, RestDrift = drift, RestDriftBefore = driftBefore, IrDropStart = start, IrDropEnd = end,
            Overpotential = atEnd - after.Value, DeltaEs = deltaEs, DeltaEt = deltaEt,
            Diffusivity = new(
                OfDifferences(4 / (Math.PI * p.Rest), deltaEs, deltaEt, facts.Length),
                OfDifferences(4 / (Math.PI * tau), deltaEs, deltaEt, facts.Length),
                OfDifferences(4 / (Math.PI * tau * tau), deltaEs, slope, facts.Length),
                facts.Geometry == ParticleGeometry.Sphere ? OfDifferences(4 / (9 * Math.PI * tau * tau), deltaEs, slope, facts.Radius) : Estimate.Withheld("the particles are slabs"),
                OfDifferences(4 / (Math.PI * tau * tau), deltaEs, relaxation, facts.Length),
                Ici(s, train, k, noise, facts),
                Estimate.Withheld("not fitted")),
        };
    }

    /// <summary>Interruptions during a slow charge: the drift under current from the intercepts of the interruptions before and after; what the two halves differ by is in its error.</summary>
    private static Estimate Ici(TimeSeries s, IReadOnlyList<FoundPulse> train, int k, double noise, DiffusionFacts facts)
    {
        var p = train[k];
        if (p.Rest > 0.25 * p.Duration) { return Estimate.Withheld("not an intermittent interruption: the rest is not short against the current"); }
        if (k == 0 || k + 1 >= train.Count) { return Estimate.Withheld("the first and the last interruption have no neighbour on one side"); }
        if (train[k + 1].RestLast <= train[k + 1].Last) { return Estimate.Withheld("no rest follows the next pulse"); }
        var (before, _) = Interruption(s, train[k - 1], noise);
        var (here, slope) = Interruption(s, p, noise);
        var (after, _) = Interruption(s, train[k + 1], noise);
        var (backward, forward) = ((here.Value - before.Value) / p.Duration, (after.Value - here.Value) / train[k + 1].Duration);
        var over = p.Duration + train[k + 1].Duration;
        var rate = (after.Value - before.Value) / over;
        var error = Math.Sqrt((Square(before.StandardError) + Square(after.StandardError)) / (over * over) + Square((forward - backward) / 6));
        return OfDifferences(4 / Math.PI, Estimate.Of(rate, error), slope, facts.Length);
    }

    /// <summary>The part of an interruption whose potential is taken against √t, s after its beginning.</summary>
    public static (double From, double To) InterruptionWindow(double rest) => (Math.Min(1, 0.2 * rest), Math.Min(5, rest));

    private static (Estimate Intercept, Estimate Slope) Interruption(TimeSeries s, FoundPulse p, double noise)
    {
        var (from, to) = InterruptionWindow(p.Rest);
        return Transients.AgainstRoot(s, p.Last + 1, p.RestLast, p.End, from, to, Math.Sqrt, noise);
    }

    private static Estimate OfDifferences(double factor, Estimate deltaEs, Estimate under, Estimate length)
    {
        if (!length.HasValue) { return length; }
        if (!deltaEs.HasValue) { return deltaEs; }
        if (!under.HasValue || double.IsNaN(under.Value)) { return Estimate.Withheld(under.Reason ?? "no sample"); }
        if (under.Value == 0) { return Estimate.Withheld("the potential does not change"); }
        var ratio = deltaEs.Value / under.Value;
        var value = factor * Square(length.Value * ratio);
        var relative = 2 * Math.Sqrt(Square(deltaEs.StandardError / deltaEs.Value) + Square(under.StandardError / under.Value) + Square(length.StandardError / length.Value));
        // D is a square: an interval in its logarithm never turns negative.
        return new(value, value * relative, value * Math.Exp(-1.96 * relative), value * Math.Exp(1.96 * relative));
    }

    private static double Square(double v) => v * v;
}
