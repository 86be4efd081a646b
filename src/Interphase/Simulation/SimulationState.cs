namespace Interphase.Simulation;

/// <summary>The state of a simulated cell between two runs. Times, charges and cycles go on from it.</summary>
public sealed class SimulationState
{
    internal SimulationState(ElectrodeState? positive, ElectrodeState? negative, double[] salt, double[] deltaPhi)
    {
        Positive = positive;
        Negative = negative;
        Salt = salt;
        DeltaPhi = deltaPhi;
    }

    /// <summary>Terminal potential, V.</summary>
    public double Potential { get; internal init; }

    /// <summary>Current, A, charge positive.</summary>
    public double Current { get; internal init; }

    /// <summary>Temperature, K.</summary>
    public double Temperature { get; internal init; }

    /// <summary>Mean stoichiometry of the contacted positive particles; NaN for a foil.</summary>
    public double PositiveStoichiometry { get; internal init; }

    /// <summary>Mean stoichiometry of the contacted negative particles; NaN for a foil.</summary>
    public double NegativeStoichiometry { get; internal init; }

    /// <summary>Charge–discharge cycles begun.</summary>
    public int Cycles { get; internal init; }

    internal ElectrodeState? Positive { get; }

    internal ElectrodeState? Negative { get; }

    internal double[] Salt { get; }

    internal double[] DeltaPhi { get; }

    internal double DischargeDensity { get; init; }

    internal double NetDischarge { get; init; }

    internal bool LastWasDischarge { get; init; }

    internal AgeingState Ageing { get; init; } = AgeingState.New;
}

/// <summary>Particles of an electrode: stoichiometry node-major, slow polarisation, current and (where it lives in time) double layer of each lane.</summary>
internal sealed record ElectrodeState(double[] Stoichiometry, double[] Slow, double[] Current, double[] Layer);

/// <summary>What ageing has done to the positive electrode.</summary>
/// <param name="Cycles">Cycles counted.</param>
/// <param name="Seconds">Time counted, s.</param>
/// <param name="Contacted">Share of the particles contacted at the start that still are.</param>
/// <param name="Active">Share of the active material that still is.</param>
/// <param name="Trapped">Lithium in particles lost since the start, C/m².</param>
/// <param name="Parasitic">Charge that went into side reactions, C/m².</param>
internal sealed record AgeingState(double Cycles, double Seconds, double Contacted, double Active, double Trapped, double Parasitic)
{
    public static readonly AgeingState New = new(0, 0, 1, 1, 0, 0);
}
