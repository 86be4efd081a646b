using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>How much of a pattern is in lines.</summary>
internal static class CrystallinityResult
{
    /// <summary>Area of the lines (but for those of a weighed standard) over lines and halo, or why it cannot be told.</summary>
    public static Estimate Of(RefinedPattern fit, IReadOnlyList<CrystalPhase> phases, IReadOnlyList<ObservedLine> unknown, bool saturated, InternalStandard? standard, List<Warning> warnings)
    {
        const string name = "name its phases with --phases, as a CIF where they are not shipped";
        Estimate Withheld(string reason, string warning)
        {
            warnings.Add(new("crystallinity.value", warning));
            return Estimate.Withheld(reason);
        }

        if (fit.Model.Y.Any(c => c < 0)) { return Withheld("a background was subtracted from the counts", "a background was subtracted from the counts, and the halo with it"); }
        if (saturated) { return Withheld("the detector was saturated", "the detector was saturated, so that the area of the lines is not known"); }
        // A halo that is no Gaussian leaves something too; lines, and not χ² alone, tell that a pattern is not amorphous.
        if (phases.Count == 0 && (unknown.Count > 0 || (fit.Reduced > 2 && fit.Unexplained > 0.1)))
        {
            return Withheld("lines of no shipped phase", $"the model does not describe the pattern (reduced χ² {fit.Reduced:0.0}): it is neither amorphous{(unknown.Count > 0 ? $", for {unknown.Count} line{(unknown.Count == 1 ? " is" : "s are")} seen," : "")} nor of a shipped phase; {name}");
        }
        if (!fit.Describes)
        {
            return Withheld("lines of phases that were not fitted", $"the model does not describe the pattern (reduced χ² {fit.Reduced:0.0}): {100 * fit.Unexplained:0} % of what rises above the background belongs to no phase that was fitted; {name}");
        }
        if (phases.Count == 0)
        {
            var halo = fit.Of((c, a) => fit.Model.Areas(c, a).Halo);
            if (!(halo.Value > 3 * halo.StandardError)) { return Withheld("neither lines nor a halo", "the pattern shows neither lines nor a halo above its background"); }
            var trace = fit.Trace(XrdSearch.Coating);
            warnings.Add(new("crystallinity", $"no phase is seen; of crystalline Li(Nb,Ta)O3 with grains of 15 nm there is no more than {RefinedPattern.Limit(trace):0.000}"));
            return new(0, trace.StandardError, 0, Math.Max(1.96 * trace.StandardError, trace.Upper95));
        }
        if (!Enumerable.Range(0, phases.Count).Any(fit.DescribesPhase)) { return Withheld("the phases do not fit the lines", $"none of the fitted phases fits the lines that are there; {name}"); }
        // What was weighed in is not of the sample.
        var weighed = standard is null ? -1 : phases.ToList().FindIndex(p => p.Name == standard.Phase.Name);
        double Own(double[] amplitudes) => weighed < 0 ? 1 : 1 - (fit.Area(weighed, amplitudes) / phases.Select((_, k) => fit.Area(k, amplitudes)).Sum());
        var e = fit.Of((columns, amplitudes) => fit.Model.Areas(columns, amplitudes) is var (lines, halo) && lines * Own(amplitudes) is var own ? own / (own + halo) : 0);
        return e.Within(0, 1);
    }

    /// <summary>
    /// Hermans and Weidinger: between the ends of the series the area of the lines falls by k for each unit the halo gains, so that the
    /// crystalline fraction is A_lines/(A_lines + k·A_halo), whatever the two states scatter. It needs scans of equal mass, area and time.
    /// </summary>
    public static Estimate Calibrated(RefinedPattern fit, IReadOnlyList<CrystalPhase> phases, XrdOptions options, InstrumentProfile instrument, List<Warning> warnings)
    {
        if (options.Amorphous is null && options.Crystalline is null) { return Estimate.Withheld("no amorphous and crystalline ends were given"); }
        if (options.Amorphous is null || options.Crystalline is null) { throw new InputException("one end of the calibration is missing", "--amorphous, --crystalline", "give the scan of a fully amorphous and of a fully crystalline powder"); }
        var used = phases.Count > 0 ? phases : [XrdSearch.Coating];
        RefinedPattern End(Measurement m, IReadOnlyList<CrystalPhase> p)
        {
            var pattern = ScanChecks.Powder(m, options.Wavelength);
            return XrdAnalysis.Refine(pattern, options, p, instrument, options.Background is null ? null : XrdAnalysis.Smooth(ScanChecks.Powder(options.Background, options.Wavelength), pattern), true);
        }

        var (low, high) = (End(options.Amorphous, []), End(options.Crystalline, used));
        static Estimate Lines(RefinedPattern r) => r.Of((c, a) => r.Model.Areas(c, a).Lines);
        static Estimate Halo(RefinedPattern r) => r.Of((c, a) => r.Model.Areas(c, a).Halo);
        var (l, h, h0, l1, h1) = (Lines(fit), Halo(fit), Halo(low), Lines(high), Halo(high));
        if (!(h0.Value - h1.Value > 3 * Math.Sqrt((h0.StandardError * h0.StandardError) + (h1.StandardError * h1.StandardError))))
        {
            warnings.Add(new("crystallinity.calibrated", "the halo of the amorphous end does not exceed that of the crystalline end: the scans are not of one series"));
            return Estimate.Withheld("the ends are not of one series");
        }
        static double X(double l, double h, double h0, double l1, double h1) => l1 / (h0 - h1) is var k ? l / (l + (k * h)) : 0;
        double[] at = [l.Value, h.Value, h0.Value, l1.Value, h1.Value];
        double[] error = [l.StandardError, h.StandardError, h0.StandardError, l1.StandardError, h1.StandardError];
        var x = X(at[0], at[1], at[2], at[3], at[4]);
        var variance = 0.0;
        for (var i = 0; i < at.Length; i++)
        {
            var moved = (double[])at.Clone();
            moved[i] += Math.Max(error[i], 1e-9);
            variance += Math.Pow(X(moved[0], moved[1], moved[2], moved[3], moved[4]) - x, 2);
        }
        var between = (l.Value + (l1.Value / (h0.Value - h1.Value) * h.Value)) / (l1.Value / (h0.Value - h1.Value) * h0.Value);
        if (between is < 0.9 or > 1.1) { warnings.Add(new("crystallinity.calibrated", $"the pattern lies {100 * (between - 1):0} % off the line between its ends: mass, illuminated area or time were not the same")); }
        var e = Estimate.Of(x, Math.Sqrt(variance));
        return e.Within(0, 1);
    }
}
