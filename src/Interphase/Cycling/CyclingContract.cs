using Interphase.Results;

namespace Interphase.Cycling;

/// <summary>The keys and units of the command line for cycling.</summary>
public static class CyclingContract
{
    private const double MilliampHour = 3.6;

    /// <summary>As <c>cycling summary --json</c> prints it.</summary>
    public static object Contract(this CyclingSummary s)
    {
        ArgumentNullException.ThrowIfNull(s);
        var grams = s.Mass.Value * 1e3;
        var massError = s.Mass.StandardError / s.Mass.Value;
        return new
        {
            cycles = s.Cycles.Select(c => new
            {
                index = c.Index,
                chargeCapacity_mAh = Capacity(c.Charge, 1),
                dischargeCapacity_mAh = Capacity(c.Discharge, 1),
                chargeCapacity_mAh_g = Capacity(c.Charge, grams),
                dischargeCapacity_mAh_g = Capacity(c.Discharge, grams),
                chargeCapacity_mAh_cm2 = Capacity(c.Charge, s.Area * 1e4),
                dischargeCapacity_mAh_cm2 = Capacity(c.Discharge, s.Area * 1e4),
                chargeEnergy_mWh = (c.Charge?.Energy ?? double.NaN) / MilliampHour,
                dischargeEnergy_mWh = (c.Discharge?.Energy ?? double.NaN) / MilliampHour,
                chargeEnergy_mWh_g = (c.Charge?.Energy ?? double.NaN) / MilliampHour / grams,
                dischargeEnergy_mWh_g = (c.Discharge?.Energy ?? double.NaN) / MilliampHour / grams,
                standardError = new
                {
                    chargeCapacity_mAh = (c.Charge?.ChargeStandardError ?? double.NaN) / MilliampHour,
                    dischargeCapacity_mAh = (c.Discharge?.ChargeStandardError ?? double.NaN) / MilliampHour,
                    chargeCapacity_mAh_g = Error(c.Charge, grams, massError),
                    dischargeCapacity_mAh_g = Error(c.Discharge, grams, massError),
                    coulombicEfficiency = c.CoulombicEfficiencyStandardError,
                },
                coulombicEfficiency = c.CoulombicEfficiency,
                cumulativeEfficiency = c.CumulativeEfficiency,
                energyEfficiency = c.EnergyEfficiency,
                meanChargePotential = c.Charge?.MeanPotential ?? double.NaN,
                meanDischargePotential = c.Discharge?.MeanPotential ?? double.NaN,
                polarisation = c.Polarisation,
                polarisationAtHalf = c.PolarisationAtHalf,
                onsetPotential = c.OnsetPotential,
                rate = c.Rate,
                chargeRate = c.ChargeRate,
                retention = c.Retention,
                complete = c.Complete,
                vendor = new { cycle = c.VendorIndex, chargeCapacity_mAh = c.VendorCharge / MilliampHour, dischargeCapacity_mAh = c.VendorDischarge / MilliampHour },
            }).ToArray(),
            retention = new { value = s.Retention.Value, standardError = s.Retention.StandardError, referenceCycle = s.ReferenceCycle },
            steps = s.Steps.Select(p => new
            {
                index = p.Index, kind = p.Kind, control = p.Control, start = p.Start, duration = p.Duration, charge_mAh = p.Charge / MilliampHour,
                current = p.Current, endPotential = p.EndPotential, vendorStep = p.VendorStep,
            }).ToArray(),
            convention = s.Convention,
            reference = s.Reference.ToString(),
            warnings = s.Warnings,
        };
    }

    /// <summary>As <c>cycling rate --json</c> prints it.</summary>
    public static object Contract(this RateCapability r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            rates = r.Groups.Select(g => new
            {
                rate = g.Rate, current = g.Current, capacity_mAh_g = g.Capacity / MilliampHour / (r.Summary.Mass.Value * 1e3), capacity_mAh = g.Capacity / MilliampHour,
                standardDeviation = g.StandardDeviation / MilliampHour / (r.Summary.Mass.Value * 1e3), chargeRate = g.ChargeRate, cycles = g.Cycles,
                shareOfFirst = g.ShareOfFirst,
            }).ToArray(),
            convention = r.Summary.Convention,
            warnings = r.Warnings,
        };
    }

    /// <summary>As <c>cycling dqdv --json</c> prints it.</summary>
    public static object Contract(this DifferentialCapacity d)
    {
        ArgumentNullException.ThrowIfNull(d);
        return new
        {
            cycles = d.Branches.GroupBy(b => b.Cycle).Select(g => new
            {
                index = g.Key,
                branches = g.Select(b => new
                {
                    direction = b.Kind, potential = b.Potential, dQdV = b.Value, smoothing = b.Width,
                    peaks = b.Peaks.Select(p => new { potential = p.Potential.Value, height = p.Height.Value, standardError = p.Potential.StandardError, heightStandardError = p.Height.StandardError, heightBias = p.HeightBias, fullWidth = p.FullWidth }).ToArray(),
                }).ToArray(),
            }).ToArray(),
            reference = d.Reference.ToString(),
            convention = DifferentialCapacity.Convention,
            warnings = d.Warnings,
        };
    }

    private static double Capacity(HalfCycle? half, double per) => (half?.Charge ?? double.NaN) / MilliampHour / per;

    private static double Error(HalfCycle? half, double grams, double massError) => half is null ? double.NaN
        : half.Charge / MilliampHour / grams * Math.Sqrt(Math.Pow(half.ChargeStandardError / half.Charge, 2) + (massError * massError));
}
