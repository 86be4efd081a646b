namespace Interphase.Cycling;

/// <summary>Potential over the charge of one half of a cycle, for a figure.</summary>
/// <param name="Charge">C passed since the half began, positive.</param>
/// <param name="Potential">V.</param>
public sealed record HalfCycleCurve(double[] Charge, double[] Potential)
{
    /// <summary>No rows.</summary>
    public static readonly HalfCycleCurve Empty = new([], []);
}

/// <summary>One half of a cycle: all rows of one direction up to the next reversal.</summary>
/// <param name="FirstRow">First row.</param>
/// <param name="LastRow">Last row.</param>
/// <param name="Charge">C, positive.</param>
/// <param name="ChargeStandardError">C: from the unknown switching time between rows. The gain of the instrument is not in it.</param>
/// <param name="Energy">J, positive.</param>
/// <param name="Current">Charge-weighted median current, A, signed.</param>
/// <param name="EndPotential">Potential of the last row that carries current, V.</param>
/// <param name="Curve">Potential over charge.</param>
public sealed record HalfCycle(int FirstRow, int LastRow, double Charge, double ChargeStandardError, double Energy, double Current, double EndPotential, HalfCycleCurve Curve)
{
    /// <summary>Energy per charge: the mean potential by charge, V.</summary>
    public double MeanPotential => Charge > 0 ? Energy / Charge : double.NaN;
}

/// <summary>A charge with the discharge that follows it (or the reverse where the convention says so).</summary>
public sealed record Cycle
{
    /// <summary>From 1, in the order of the data.</summary>
    public required int Index { get; init; }

    /// <summary>The instrument's own cycle counter at its first row; NaN where there is none.</summary>
    public double VendorIndex { get; init; } = double.NaN;

    /// <summary>The charging half; null where it is missing.</summary>
    public HalfCycle? Charge { get; init; }

    /// <summary>The discharging half; null where it is missing.</summary>
    public HalfCycle? Discharge { get; init; }

    /// <summary>Increase of the instrument's own charge counter over the cycle, C; NaN where there is none.</summary>
    public double VendorCharge { get; init; } = double.NaN;

    /// <summary>Increase of the instrument's own discharge counter over the cycle, C; NaN where there is none.</summary>
    public double VendorDischarge { get; init; } = double.NaN;

    /// <summary>Efficiency of the cycle by the convention of the summary.</summary>
    public double CoulombicEfficiency { get; init; } = double.NaN;

    /// <summary>Its standard error from the switching times.</summary>
    public double CoulombicEfficiencyStandardError { get; init; } = double.NaN;

    /// <summary>The same ratio of the charges summed over all complete cycles up to this one.</summary>
    public double CumulativeEfficiency { get; init; } = double.NaN;

    /// <summary>Energy of the discharge over that of the charge, whatever the cycle begins with.</summary>
    public double EnergyEfficiency { get; init; } = double.NaN;

    /// <summary>Potential after 1 % of the nominal capacity of the charge, V.</summary>
    public double OnsetPotential { get; init; } = double.NaN;

    /// <summary>C-rate of the discharge (of the charge where there is no discharge).</summary>
    public double Rate { get; init; } = double.NaN;

    /// <summary>C-rate of the charge.</summary>
    public double ChargeRate { get; init; } = double.NaN;

    /// <summary>Discharge capacity over that of the first complete cycle at the same rate.</summary>
    public double Retention { get; init; } = double.NaN;

    /// <summary>Both halves are there and reached the end the other cycles reach.</summary>
    public bool Complete { get; init; }

    /// <summary>Why not, where it is not.</summary>
    public string? WhyIncomplete { get; init; }

    /// <summary>Mean charge potential minus mean discharge potential, V.</summary>
    public double Polarisation => (Charge?.MeanPotential ?? double.NaN) - (Discharge?.MeanPotential ?? double.NaN);

    /// <summary>Charge potential minus discharge potential at one state, that after half of the discharge, V; NaN where one half is missing or the charge does not reach it.</summary>
    public double PolarisationAtHalf => Charge is { } up && Discharge is { } down && up.LastRow < down.LastRow ? At(up.Curve, up.Charge - (0.5 * down.Charge)) - At(down.Curve, 0.5 * down.Charge)
        : Charge is { } after && Discharge is { } before ? At(after.Curve, 0.5 * before.Charge) - At(before.Curve, 0.5 * before.Charge) : double.NaN;

    /// <summary>Potential after a charge of a half, V; NaN beyond it.</summary>
    internal static double At(HalfCycleCurve curve, double charge)
    {
        var (q, e) = (curve.Charge, curve.Potential);
        for (var i = 0; i < q.Length; i++)
        {
            if (q[i] < charge) { continue; }
            return i == 0 || q[i] == q[i - 1] ? e[i] : e[i - 1] + ((e[i] - e[i - 1]) * (charge - q[i - 1]) / (q[i] - q[i - 1]));
        }
        return double.NaN;
    }
}
