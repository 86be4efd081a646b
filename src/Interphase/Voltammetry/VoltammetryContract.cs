namespace Interphase.Voltammetry;

/// <summary>The keys and units of the command line for voltammetry.</summary>
public static class VoltammetryContract
{
    /// <summary>As <c>cv --json</c> prints it.</summary>
    public static object Contract(this CyclicVoltammetry v)
    {
        ArgumentNullException.ThrowIfNull(v);
        return new
        {
            cycles = v.Cycles.Select(c => new
            {
                index = c.Index,
                file = c.File,
                vendorCycle = c.VendorIndex,
                scanRate = c.ScanRate,
                anodic = c.Anodic.Select(p => Peak(p, v.Area)).ToArray(),
                cathodic = c.Cathodic.Select(p => Peak(p, v.Area)).ToArray(),
                polarisation = c.Polarisation.Value,
                polarisationStandardError = c.Polarisation.StandardError,
                polarisationIrCorrected = c.PolarisationIrCorrected.Value,
                polarisationIrCorrectedStandardError = c.PolarisationIrCorrected.StandardError,
                midpointPotential = c.Midpoint.Value,
                midpointPotentialStandardError = c.Midpoint.StandardError,
                chargeRatio = c.ChargeRatio,
            }).ToArray(),
            rateDependence = new
            {
                b = v.RateDependence.B.Value,
                standardError = v.RateDependence.B.StandardError,
                lower95 = v.RateDependence.B.Lower95,
                upper95 = v.RateDependence.B.Upper95,
                direction = v.RateDependence.Forward > 0 ? "anodic" : "cathodic",
                anodic = new { b = v.RateDependence.Anodic.Value, standardError = v.RateDependence.Anodic.StandardError },
                cathodic = new { b = v.RateDependence.Cathodic.Value, standardError = v.RateDependence.Cathodic.StandardError },
                randlesSevcik = new { slope = v.RateDependence.Slope.Value, standardError = v.RateDependence.Slope.StandardError, diffusivity_cm2_s = v.RateDependence.Diffusivity.Value * 1e4, reason = v.RateDependence.Diffusivity.Reason },
                scanRates = v.RateDependence.Rates,
                peakCurrents = v.RateDependence.PeakCurrents,
            },
            convention = new
            {
                polarisation = "largest anodic less largest cathodic peak potential", chargeRatio = "cathodic / anodic charge of the cycle",
                current = "above the baseline carried on from the foot of the peak; standardError belongs to the potential",
            },
            reference = v.Reference.ToString(),
            warnings = v.Warnings,
        };
    }

    private static object Peak(VoltammetryPeak p, double area) => new
    {
        potential = p.Potential.Value, current = p.Current.Value, standardError = p.Potential.StandardError, kind = p.Kind, shoulder = p.IsShoulder,
        currentStandardError = p.Current.StandardError, rawCurrent = p.RawCurrent, currentDensity_mA_cm2 = p.Current.Value / area * 0.1, halfWidth = p.HalfWidth,
    };
}
