using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>The keys and units of pellet conductivities and of suggested circuits in JSON.</summary>
public static class PelletContract
{
    private const double PerCentimetre = 0.01;

    /// <summary>As <c>interphase eis conductivity --json</c> prints it; <c>standardError</c> of a spectrum is that of its conductivity, S/cm.</summary>
    public static object Contract(this PelletResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        object? Law(ArrheniusLaw? law) => law is null ? null : new
        {
            Energy_eV = law.Energy.Value, law.Energy.StandardError, law.Energy.Lower95, law.Energy.Upper95, law.Form,
            Prefactor = law.Prefactor.Value * PerCentimetre, PrefactorUnit = law.Form == ArrheniusForm.SigmaT ? "S K/cm" : "S/cm",
            ConductivityAt25degC_S_cm = law.At25.Value * PerCentimetre, law.Points, law.ReducedChiSquared,
        };
        object Part(Estimate resistance) => new
        {
            Resistance = resistance.Value, ResistanceStandardError = resistance.StandardError,
            Conductivity_S_cm = r.Geometry.Factor / resistance.Value * PerCentimetre,
            StandardError = r.Geometry.Factor / resistance.Value * PerCentimetre * Math.Sqrt(Math.Pow(resistance.StandardError / resistance.Value, 2) + Math.Pow(r.Geometry.RelativeError, 2)),
            resistance.Reason,
        };
        return new
        {
            Spectra = r.Spectra.Select(s => new
            {
                s.Fit.Spectrum.File, s.Fit.Spectrum.Index, s.Temperature,
                Resistance = s.Resistance.Value, ResistanceStandardError = s.Resistance.StandardError,
                Conductivity_S_cm = s.Conductivity.Value * PerCentimetre, StandardError = s.Conductivity.StandardError * PerCentimetre,
                Lower95 = s.Conductivity.Lower95 * PerCentimetre, Upper95 = s.Conductivity.Upper95 * PerCentimetre,
                s.Method,
                DenseConductivity_S_cm = r.Geometry.RelativeDensity is { } d ? s.Conductivity.Value * PerCentimetre / Math.Pow(d, 1.5) : double.NaN,
                Bulk = Part(s.BulkResistance), GrainBoundary = Part(s.GrainBoundaryResistance),
                Circuit = s.Fit.Circuit.ToString(),
                Arcs = s.Arcs.Select(a => new { a.Name, a.Resistance, a.Capacitance, a.TimeConstant, a.Origin, a.Reason }),
                s.Warnings,
            }),
            Activation = Law(r.Activation), BulkActivation = Law(r.BulkActivation), GrainBoundaryActivation = Law(r.GrainBoundaryActivation),
            r.Warnings,
        };
    }

    /// <summary>As <c>interphase eis suggest --json</c> prints it.</summary>
    public static object Contract(this IReadOnlyList<CircuitCandidate> candidates, double? area = null, double? thickness = null) => new
    {
        candidates.Select(c => c.Fit.Spectrum).First().File,
        Candidates = candidates.Select(c => new
        {
            Circuit = c.Fit.Circuit.ToString(), c.Fit.Bic, c.Weight, c.Fit.ReducedChiSquared,
            Parameters = c.Fit.Parameters.Select(p => new { p.Name, p.Value, p.Estimate.StandardError, p.Unit, p.Identifiable }),
            Arcs = ArcAssignment.Of(c.Fit, area, thickness).Select(a => new { a.Name, a.Resistance, a.Capacitance, a.TimeConstant, a.Origin, a.Reason }),
            c.Fit.Warnings,
        }),
    };
}
