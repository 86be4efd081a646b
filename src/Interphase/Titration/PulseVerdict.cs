using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Titration;

/// <summary>Whether the diffusivity of a pulse can be stood by, and if not, why not.</summary>
internal static class PulseVerdict
{
    public static GittPulse Judge(GittPulse pulse, IReadOnlyList<FoundPulse> train, int k, ParticleFit.Answer? fit, string why, double noise, DiffusionFacts facts)
    {
        var reasons = new List<string>();
        var full = Estimate.Withheld(train.Count < 3 ? "fewer than three like pulses follow each other: there is no equilibrium curve to fit on" : why);
        if (fit is not null)
        {
            var time = fit.Fit.DiffusionTime;
            var r2 = facts.Radius.Value * facts.Radius.Value;
            var radiusError = 2 * facts.Radius.StandardError / facts.Radius.Value;
            var error = Math.Sqrt((fit.StandardError * fit.StandardError) + (radiusError * radiusError));
            full = facts.Radius.HasValue ? new(r2 / time.Value, r2 / time.Value * error, r2 / Math.Exp(Widen(fit.LogTime, fit.Upper, radiusError)), r2 / Math.Exp(Widen(fit.LogTime, fit.Lower, radiusError))) : facts.Radius;
        }
        pulse = pulse with
        {
            Fit = fit?.Fit, DimensionlessTime = fit is null ? double.NaN : pulse.Duration / fit.Fit.DiffusionTime.Value, Diffusivity = pulse.Diffusivity with { FullSphere = full },
        };
        Plateau(pulse, facts, noise, reasons);
        if (!pulse.RestPotential.HasValue) { reasons.Add("no rest follows the pulse"); }
        if (!full.HasValue) { reasons.Add(full.Reason!); }
        if (fit is not null)
        {
            if (pulse.DimensionlessTime > 1) { reasons.Add(FormattableString.Invariant($"the pulse is long against R²/D (Dτ/R² = {pulse.DimensionlessTime:G3}): diffusion had become stationary and cannot be told from a resistance")); }
            if (Math.Abs(fit.Remaining) > 0.5) { reasons.Add(FormattableString.Invariant($"the rest is far from finished: {100 * Math.Abs(fit.Remaining):F0} % of the change of the rest potential is still to relax, too much to correct")); }
            if (fit.ChiPolarisation < Math.Max(1.2, fit.ChiBoth * Math.Max(1.3, 1 + (12.0 / fit.Bins)))) { reasons.Add("a slow polarisation of the interface explains the transient as well as diffusion does"); }
            else if (fit.Fit.SlowAmplitude != 0 && Math.Abs(fit.BothAgainstOne) > Math.Log(3)) { reasons.Add(FormattableString.Invariant($"diffusion alone does not fit, and with a slow polarisation of the interface beside it D changes by a factor {Math.Exp(Math.Abs(fit.BothAgainstOne)):G2}")); }
            if (Math.Abs(fit.PulseAgainstRest) > Math.Log(2.5)) { reasons.Add(FormattableString.Invariant($"the pulse and its rest disagree about D: by a factor {Math.Exp(Math.Abs(fit.PulseAgainstRest)):G2}")); }
            if (fit.Upper - fit.Lower > Math.Log(9)) { reasons.Add(FormattableString.Invariant($"the data do not fix D: its 95 % interval spans a factor {Math.Exp(fit.Upper - fit.Lower):G2}")); }
            if (fit.Misfit > 0.05) { reasons.Add(FormattableString.Invariant($"the model misses the data: by {100 * fit.Misfit:F1} % of the change of the rest potential")); }
        }
        return reasons.Count == 0 ? pulse with { Chosen = full, Method = "fullSphere" } : pulse with { Reasons = reasons };
    }

    /// <summary>Short interruptions of a long current (ICI) rather than pulses between rests.</summary>
    public static bool Interrupts(IReadOnlyList<FoundPulse> train) => train.Count >= 3 && train.Select(p => p.Rest / p.Duration).Order().ElementAt(train.Count / 2) <= 0.25;

    /// <summary>An interruption is judged by its own form. Where the radius is known the square root of time gives way to the particle's exact response, of which it is the beginning.</summary>
    public static GittPulse JudgeInterruption(GittPulse pulse, IReadOnlyList<FoundPulse> train, DiffusionFacts facts)
    {
        var ici = pulse.Diffusivity.Ici;
        var (reasons, method) = (new List<string>(), "ici");
        if (!ici.HasValue) { reasons.Add(ici.Reason!); }
        else
        {
            if (facts.Radius.HasValue)
            {
                method = "iciParticle";
                var exact = OfParticle(ici.Value, pulse.Rest, facts);
                // Two parts in a hundred stand for what a window of a few seconds leaves to the shape of the response.
                var relative = Math.Sqrt(Math.Pow(ici.StandardError / ici.Value, 2) + Math.Pow(2 * facts.Radius.StandardError / facts.Radius.Value, 2) + (0.02 * 0.02));
                ici = new(exact, exact * relative, exact * Math.Exp(-1.96 * relative), exact * Math.Exp(1.96 * relative));
                var r2 = facts.Radius.Value * facts.Radius.Value;
                var elapsed = ici.Value * (pulse.Start + pulse.Duration - train[0].Start) / r2;
                if (elapsed < 0.3) { reasons.Add(FormattableString.Invariant($"the profile inside the particle is still building up (D t/R² = {elapsed:G2} since the current began)")); }
                if (ici.Value * ClassicalForms.InterruptionWindow(pulse.Rest).To / r2 is > 0.05 and var t) { reasons.Add(FormattableString.Invariant($"the interruption is long against R²/D (D t/R² = {t:G2})")); }
            }
            if (!(ici.Upper95 / ici.Lower95 < 9)) { reasons.Add(FormattableString.Invariant($"the data do not fix D: its 95 % interval spans a factor {ici.Upper95 / ici.Lower95:G2}")); }
        }
        pulse = pulse with { IsInterruption = true };
        return reasons.Count == 0 ? pulse with { Chosen = ici, Method = method } : pulse with { Reasons = reasons };
    }

    /// <summary>D for which the particle's response has the slope against √t, over the drift under current, that the planar form was made of.</summary>
    private static double OfParticle(double planar, double rest, DiffusionFacts facts)
    {
        var target = facts.Length.Value * Math.Sqrt(4 / (Math.PI * planar));
        var (from, to) = ClassicalForms.InterruptionWindow(rest);
        double[] t = [.. Enumerable.Range(0, 17).Select(k => from + ((to - from) * k / 16))];
        double[] root = [.. t.Select(Math.Sqrt)];
        var r2 = facts.Radius.Value * facts.Radius.Value;
        var (low, high) = (Math.Log(0.05), Math.Log(1e9));
        for (var i = 0; i < 60; i++)
        {
            var tau = Math.Exp(0.5 * (low + high));
            double[] response = [.. t.Select(v => tau * SurfaceResponse.Excess(facts.Geometry, v / tau))];
            var slope = Transients.Line(root, response, 0, 0).Slope.Value;
            if (slope < target) { low = Math.Log(tau); } else { high = Math.Log(tau); }
        }
        return r2 / Math.Exp(0.5 * (low + high));
    }

    /// <summary>Where the fit fails for most pulses of a train, what it says of the few others is chance.</summary>
    public static IEnumerable<GittPulse> JudgeTogether(IReadOnlyList<GittPulse> train)
    {
        var failed = train.Count(p => p.Chosen is null && p.Fit is not null);
        return train.Count < 5 || failed <= 0.6 * train.Count ? train
            : train.Select(p => p.Chosen is null ? p : p with { Chosen = null, Method = null, Reasons = [FormattableString.Invariant($"the fit fails for {failed} of the {train.Count} pulses of its series: that it holds here may be chance")] });
    }

    private static double Widen(double middle, double end, double radiusError) => middle + (Math.Sign(end - middle) * Math.Sqrt(((end - middle) * (end - middle)) + Math.Pow(1.96 * radiusError, 2)));

    /// <summary>On a flat equilibrium curve D has no meaning: below half the slope of the most attractive solid solution (4RT/F per site is the ideal one).</summary>
    private static void Plateau(GittPulse p, DiffusionFacts facts, double noise, List<string> reasons)
    {
        if (!p.DeltaEs.HasValue) { return; }
        if (Math.Abs(p.DeltaEs.Value) < 3 * Math.Max(p.DeltaEs.StandardError, 0.3 * noise)) { reasons.Add(FormattableString.Invariant($"plateau: the rest potential changes by {1e3 * Math.Abs(p.DeltaEs.Value):G2} mV, within three standard errors")); return; }
        if (facts.Amount.HasValue)
        {
            var slope = Math.Abs(p.DeltaEs.Value * facts.Amount.Value * Constants.Faraday / (p.Current * p.Duration));
            if (slope < 0.05) { reasons.Add(FormattableString.Invariant($"plateau: the equilibrium potential changes by only {slope:G2} V per unit of stoichiometry, half of what even an ideal solution has: two phases")); }
        }
    }
}
