using Interphase.Cycling;
using Interphase.Results;

namespace Interphase.Titration;

/// <summary>The keys and units of the command line for titrations.</summary>
public static class GittContract
{
    private const double SquareCentimetres = 1e4;

    /// <summary>As <c>gitt --json</c> prints it.</summary>
    public static object Contract(this Gitt g)
    {
        ArgumentNullException.ThrowIfNull(g);
        return new
        {
            pulses = g.Pulses.Select(p => new
            {
                index = p.Index,
                series = p.Series,
                start = p.Start,
                duration = p.Duration,
                rest = p.Rest,
                current = p.Current,
                direction = p.Current > 0 ? StepKind.Charge : StepKind.Discharge,
                depthOfDischarge = p.DepthOfDischarge,
                stoichiometry = p.Stoichiometry,
                restPotential = p.RestPotential.Value,
                restPotentialStandardError = p.RestPotential.StandardError,
                restPotentialBefore = p.RestPotentialBefore.Value,
                restDrift_mV_h = p.RestDrift.Value * 3.6e6,
                restDriftStandardError_mV_h = p.RestDrift.StandardError * 3.6e6,
                irDropStart = Drop(p.IrDropStart),
                irDropEnd = Drop(p.IrDropEnd),
                overpotential = p.Overpotential,
                deltaEs = p.DeltaEs.Value,
                deltaEsStandardError = p.DeltaEs.StandardError,
                deltaEt = p.DeltaEt.Value,
                dimensionlessTime = p.DimensionlessTime,
                diffusivity_cm2_s = new
                {
                    seedEq1 = p.Diffusivity.SeedEq1.Value * SquareCentimetres,
                    seedEq1PulseTau = p.Diffusivity.SeedEq1PulseTau.Value * SquareCentimetres,
                    sqrtTime = p.Diffusivity.SqrtTime.Value * SquareCentimetres,
                    sphere = p.Diffusivity.Sphere.Value * SquareCentimetres,
                    relaxation = p.Diffusivity.Relaxation.Value * SquareCentimetres,
                    fullSphere = p.Diffusivity.FullSphere.Value * SquareCentimetres,
                    ici = p.Diffusivity.Ici.Value * SquareCentimetres,
                    standardError = new
                    {
                        seedEq1 = p.Diffusivity.SeedEq1.StandardError * SquareCentimetres,
                        seedEq1PulseTau = p.Diffusivity.SeedEq1PulseTau.StandardError * SquareCentimetres,
                        sqrtTime = p.Diffusivity.SqrtTime.StandardError * SquareCentimetres,
                        sphere = p.Diffusivity.Sphere.StandardError * SquareCentimetres,
                        relaxation = p.Diffusivity.Relaxation.StandardError * SquareCentimetres,
                        fullSphere = p.Diffusivity.FullSphere.StandardError * SquareCentimetres,
                        ici = p.Diffusivity.Ici.StandardError * SquareCentimetres,
                    },
                },
                chosen = p.Chosen is { } c ? new { method = p.Method, value_cm2_s = c.Value * SquareCentimetres, standardError = c.StandardError * SquareCentimetres, lower95 = c.Lower95 * SquareCentimetres, upper95 = c.Upper95 * SquareCentimetres } : null,
                withheld = p.Chosen is null,
                reasons = p.Reasons,
            }).ToArray(),
            mean_cm2_s = g.Mean.Value * SquareCentimetres,
            meanStandardError_cm2_s = g.Mean.StandardError * SquareCentimetres,
            median_cm2_s = g.Median * SquareCentimetres,
            series = g.Series.Select(s => new { index = s.Index, direction = s.Direction, pulses = s.Pulses, mean_cm2_s = s.Mean.Value * SquareCentimetres, median_cm2_s = s.Median * SquareCentimetres }).ToArray(),
            hysteresis = new { value = g.Hysteresis.Value.Value, standardError = g.Hysteresis.Value.StandardError, min = g.Hysteresis.Least, max = g.Hysteresis.Most, points = g.Hysteresis.Points, reason = g.Hysteresis.Value.Reason },
            surface = new { area_cm2 = g.Surface.Area.Value * SquareCentimetres, standardError = g.Surface.Area.StandardError * SquareCentimetres, source = g.Surface.Source, apparent = g.Surface.IsApparent },
            potential = g.PotentialColumn,
            depthOfDischargeBasis = g.DepthBasis,
            noise = g.Noise,
            findings = g.Findings,
            warnings = g.Warnings,
        };
    }

    private static object Drop(IrDrop d) => new { value = d.Value, sampledAt = d.SampledAt, extrapolated = d.Extrapolated, standardError = d.StandardError };
}
