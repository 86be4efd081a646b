using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>Whether the (003) spacing of a coated powder differs from that of the bare one.</summary>
internal static class LineShift003
{
    public static Verdict003? Of(Diffractogram pattern, RefinedPattern fit, XrdPhase[] found, XrdOptions options, InstrumentProfile instrument, List<Warning> warnings)
    {
        if (Array.FindIndex(found, p => p.Phase.Name == "NMC532") is not (>= 0 and var k)) { return null; }
        if (options.Reference is null)
        {
            warnings.Add(new("verdict003", "whether (003) moved is judged against the bare powder; give its scan with --reference"));
            return null;
        }
        var bare = ScanChecks.Powder(options.Reference, options.Wavelength);
        var reference = XrdAnalysis.Refine(bare, options with { Background = null }, [CrystalPhase.Find("NMC532")], instrument, null, true);
        // Places of c.
        var (q, q0) = (PowderModel.FirstOf(k) + 2, PowderModel.FirstOf(0) + 2);
        var delta = (fit.P[q] - reference.P[q0]) * 1e-10;
        var error = Math.Sqrt(Math.Pow(fit.Error(q), 2) + Math.Pow(reference.Error(q0), 2)) * 1e-10;
        var line = Array.FindIndex(fit.Model.Lines, l => l.Phase == k && (l.H, l.K, l.L) == (0, 0, 3));
        var line0 = Array.FindIndex(reference.Model.Lines, l => (l.H, l.K, l.L) == (0, 0, 3));
        var apparent = fit.Model.Line(line, fit.P, pattern.Wavelength).TwoTheta - reference.Model.Line(line0, reference.P, bare.Wavelength).TwoTheta;
        var lattice = fit.Model.Angle(fit.P[q] * 1e-10 / 3) - reference.Model.Angle(reference.P[q0] * 1e-10 / 3);
        var moved = Math.Abs(delta) > 3 * error && Math.Abs(delta) > 0.002e-10;
        return new(moved, Estimate.Of(delta, error), Math.Abs(delta) + (1.645 * error), apparent, apparent - lattice);
    }
}
