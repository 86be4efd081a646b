using System.Globalization;
using Interphase.Characterisation;
using Interphase.Results;
using Interphase.Studies;

namespace Interphase.Laboratory;

/// <summary>Rows of the powders: the paper says states in words, so that most have no number to compare with.</summary>
internal static class PowderRows
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
            yield return Without("thickness", sample, Estimate.Withheld("no virtual instrument measures it"), "nm", "the paper says 5 to 10 nm; no virtual instrument measures it, 7.5 nm is put in");
        }
        if (evidence.Thermal is { } thermal)
        {
            var peaks = thermal.Events.Where(e => e.Kind == ThermalEventKind.Crystallisation).Select(e => e.Peak.Value - 273.15).Order().ToArray();
            var right = peaks.Length == PaperPowders.Exotherms.Length && peaks.Zip(PaperPowders.Exotherms, (a, b) => Math.Abs(a - b)).All(d => d < Reading);
            yield return new("exotherms", "LNTO-450", PaperPowders.Exotherms.Length, peaks.Length, "1", 0, string.Create(CultureInfo.InvariantCulture, $"as many, each within {Reading} K"), right ? "byConstruction" : "missed", "input",
                string.Create(CultureInfo.InvariantCulture, $"number of exotherms without loss of mass: at {string.Join(", ", peaks.Select(p => p.ToString("0.0", CultureInfo.InvariantCulture)))} °C, paper {string.Join(", ", PaperPowders.Exotherms)} °C; the gel is the same for all samples")) { WithoutError = "a count" };
        }
    }

    /// <summary>What two runs of one gel differ by, K.</summary>
    private const double Reading = 3;

    private static ReproductionRow Without(string quantity, string sample, Estimate model, string unit, string note) =>
        new(quantity, sample, double.NaN, model.Value, unit, double.NaN, "the paper gives no number", "noPaperValue", "input", note) { StandardError = model.StandardError, WithoutError = double.IsNaN(model.StandardError) ? model.Reason ?? "the analysis gives none" : "" };

    private static string Words(XrdResult r) => !(r.Crystallinity.Lower95 > 0.03) ? "amorphous" : r.Crystallinity.Value > 0.85 ? "crystalline" : "partly crystallised";
}
