using Interphase.Characterisation;
using Interphase.Cycling;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Studies;
using Interphase.Titration;
using Interphase.Voltammetry;

namespace Interphase.Laboratory;

/// <summary>What figures, claims and findings are made of: the study's analyses, the rows of the comparison, and what would be otherwise.</summary>
internal sealed record PaperEvidence(StudyResult Study, IReadOnlyList<ReproductionRow> Rows, Counterfactuals If)
{
    public static readonly string[] Coated = ["LNTO-350", "LNTO-450", "LNTO-550"];

    public double Model(string quantity, string sample) => Rows.FirstOrDefault(r => r.Quantity == quantity && r.Sample == sample)?.Model ?? double.NaN;

    /// <summary>The sample's colour through the report.</summary>
    public int Place(string sample) => Study.Study.Samples.TakeWhile(s => s.Name != sample).Count();

    public CyclingSummary? Cycling(string sample, string role) => Result<CyclingTechnique.CyclingResult>(sample, "cycling", role)?.Summary;

    public Gitt? Titration(string sample) => Result<Gitt>(sample, "gitt");

    public VoltammetryCycle? Voltammogram(string sample) => Result<VoltammetryTechnique.VoltammetryResult>(sample, "voltammetry")?.Curves is { Cycles: [var first, ..] } ? first : null;

    public IReadOnlyList<CircuitFitResult> Spectra(string sample, string role = "") => Result<ImpedanceTechnique.ImpedanceResult>(sample, "impedance", role)?.Fits ?? [];

    public PelletResult? Pellet(string sample) => Result<PelletResult>(sample, "pellet-impedance");

    public ThermalResult? Thermal => Study.Analyses.Select(a => a.Result).OfType<ThermalResult>().FirstOrDefault();

    public ThermalCurve? Heating => Study.Analyses.FirstOrDefault(a => a.Result is ThermalResult)?.Work.Measurements[0].Thermal;

    public XrdResult? Diffraction(string sample, string kind) =>
        Study.Analyses.FirstOrDefault(a => a.Work.Sample.Name == sample && a.Technique == "xrd" && a.Work.Specimen?.Kind == kind)?.Result as XrdResult;

    /// <summary>A number the samples are compared by.</summary>
    public Estimate Compared(string sample, string quantity) =>
        Study.Analyses.Where(a => a.Work.Sample.Name == sample).SelectMany(a => a.Values).FirstOrDefault(v => v.Quantity == quantity)?.Value ?? Estimate.Withheld("it was not measured");

    /// <summary>What was measured of a specimen: images and maps.</summary>
    public IReadOnlyList<Measurement> Measured(string sample, string technique, string kind) =>
        Study.Analyses.FirstOrDefault(a => a.Work.Sample.Name == sample && a.Technique == technique && a.Work.Specimen?.Kind == kind)?.Work.Measurements ?? [];

    /// <summary>Active mass of a sample's cell, g.</summary>
    public double Grams(string sample) => 1e3 * Study.Study.Samples.First(s => s.Name == sample).Cells[0].Electrode.Mass.Value;

    private T? Result<T>(string sample, string technique, string role = "")
        where T : class =>
        Study.Analyses.FirstOrDefault(a => a.Work.Sample.Name == sample && a.Technique == technique && a.Work.Role == role)?.Result as T;
}
