using System.Globalization;
using Interphase.Characterisation;
using Interphase.Results;
using Interphase.Studies;

namespace Interphase.Laboratory;

/// <summary>Rows of powders and particles: the paper says states and thicknesses in words, so that most have no number to compare with.</summary>
internal static class CoatingRows
{
    public static IEnumerable<ReproductionRow> Of(StudyResult study)
    {
        var evidence = new PaperEvidence(study, [], null!);
        foreach (var (sample, words) in new[] { ("LNTO-350", "amorphous"), ("LNTO-450", "partly crystallised"), ("LNTO-550", "crystalline") })
        {
            if (evidence.Diffraction(sample, "coating-powder") is { } powder)
            {
                yield return Without("state", sample, powder.Crystallinity, "1", $"share of the scattering in lines: read as {Words(powder)}, the paper says {words}; how much was assumed");
            }
            if (evidence.Diffraction(sample, "coated-powder")?.Verdict is { } verdict)
            {
                yield return Without("latticeShift", sample, verdict.DeltaC.Scaled(1e10), "angstrom", string.Create(CultureInfo.InvariantCulture, $"change of c against the bare powder: {(verdict.Moved ? "moved" : "not moved")}, at most {verdict.UpperBound95 * 1e10:G2} Å at 95 %; the paper says the (003) line does not move, without a number"));
            }
            yield return Without("thickness", sample, evidence.Compared(sample, "coatingThickness"), "nm", Put($"median along the edge of one particle in a micrograph; the paper says 5 to 10 nm, {PaperMicroscopes.Thickness * 1e9:0.#} nm were put in"));
            yield return Without("coatingCoverage", sample, evidence.Compared(sample, "coatingCoverage"), "1", Put($"share of four particles' area in element maps; the paper says covered, {PaperMicroscopes.Coverage} was put in"));
        }
        yield return Without("interphaseThickness", "LNTO-450", evidence.Compared("LNTO-450", "interphaseThickness"), "nm", Put($"layer with phosphorus and sulfur around one cycled particle; the paper says 50 to 70 nm without naming the sample, {PaperMicroscopes.Layer * 1e9:0} nm were put in"));
        if (evidence.Thermal is { } thermal)
        {
            var peaks = thermal.Events.Where(e => e.Kind == ThermalEventKind.Crystallisation).Select(e => e.Peak.Value - 273.15).Order().ToArray();
            var right = peaks.Length == PaperPowders.Exotherms.Length && peaks.Zip(PaperPowders.Exotherms, (a, b) => Math.Abs(a - b)).All(d => d < Reading);
            yield return new("exotherms", "LNTO-450", PaperPowders.Exotherms.Length, peaks.Length, "1", 0, string.Create(CultureInfo.InvariantCulture, $"as many, each within {Reading} K"), right ? "byConstruction" : "missed", "input",
                string.Create(CultureInfo.InvariantCulture, $"number of exotherms without loss of mass: at {string.Join(", ", peaks.Select(p => p.ToString("0.0", CultureInfo.InvariantCulture)))} °C, paper {string.Join(", ", PaperPowders.Exotherms)} °C; the gel is the same for all samples")) { WithoutError = "a count" };
        }
    }

    private static string Put(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>What two runs of one gel differ by, K.</summary>
    private const double Reading = 3;

    private static ReproductionRow Without(string quantity, string sample, Estimate model, string unit, string note) =>
        new(quantity, sample, double.NaN, model.Value, unit, double.NaN, "the paper gives no number", "noPaperValue", "input", note) { StandardError = model.StandardError, WithoutError = double.IsNaN(model.StandardError) ? model.Reason ?? "the analysis gives none" : "" };

    private static string Words(XrdResult r) => !(r.Crystallinity.Lower95 > 0.03) ? "amorphous" : r.Crystallinity.Value > 0.85 ? "crystalline" : "partly crystallised";
}
