namespace Interphase.Measurements;

/// <summary>What a thermobalance or calorimeter recorded while the temperature was driven; all arrays of one length.</summary>
/// <param name="Time">Seconds since the start.</param>
/// <param name="Temperature">Sample temperature, K.</param>
public sealed record ThermalCurve(double[] Time, double[] Temperature)
{
    /// <summary>Mass as a fraction of <see cref="InitialMass"/> (or of the first point, where that is unknown); null without a balance.</summary>
    public double[]? Mass { get; init; }

    /// <summary>Heat flow in W per kg of initial mass, with the sign of the file; null where not recorded or not convertible.</summary>
    public double[]? HeatFlow { get; init; }

    /// <summary>Initial mass, kg; null where the file does not say it.</summary>
    public double? InitialMass { get; init; }

    /// <summary>True where the file says that exothermic is positive, false where it says negative, null where it is silent.</summary>
    public bool? ExothermUp { get; init; }

    /// <summary>Number of points.</summary>
    public int Count => Time.Length;
}
