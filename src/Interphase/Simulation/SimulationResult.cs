using System.Numerics;
using Interphase.Cells;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Simulation;

/// <summary>What a run gave. Everything computed until the end or the stop is in it.</summary>
public sealed record SimulationResult
{
    /// <summary>The cell that was simulated.</summary>
    public required Cell Cell { get; init; }

    /// <summary>Time, current, potential, step, cycle, charge and temperature over time; charge positive.</summary>
    public required TimeSeries Series { get; init; }

    /// <summary>What polarises the cell at each row of the series; null where it was not asked for.</summary>
    public PolarisationSplit? Polarisation { get; init; }

    /// <summary>The steps done, in the order of execution.</summary>
    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>The impedance spectra, in the order they were taken.</summary>
    public required IReadOnlyList<SimulatedSpectrum> Spectra { get; init; }

    /// <summary>How far the lithium of the electrodes is from the charge passed, as a share of the lithium at the start.</summary>
    public required double LithiumBalance { get; init; }

    /// <summary>Where the heat went; null where the cell has no heat balance and its temperature stays.</summary>
    public HeatBalance? Heat { get; init; }

    /// <summary>What the solver did.</summary>
    public required SolverStatistics Statistics { get; init; }

    /// <summary>Why the run stopped short of its protocol; null where it did not.</summary>
    public string? StoppedBy { get; init; }

    /// <summary>The state at the end; a further run can start from it.</summary>
    public required SimulationState State { get; init; }

    /// <summary>What is doubtful.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];
}

/// <summary>One executed step.</summary>
/// <param name="Index">Its place among the executed steps, from 0.</param>
/// <param name="Text">As the protocol says it.</param>
/// <param name="Cycle">The cycle it belongs to, from 1; a cycle begins on charge.</param>
/// <param name="Start">Time of its start, s.</param>
/// <param name="Duration">s.</param>
/// <param name="Charge">∫ I dt, C, charge positive.</param>
/// <param name="Energy">∫ I V dt, J, charge positive.</param>
/// <param name="StartPotential">Terminal potential just after the step began, V.</param>
/// <param name="EndPotential">Terminal potential at its end, V.</param>
/// <param name="EndedBy">What ended it.</param>
/// <param name="Kind">Whose end that was.</param>
public sealed record StepResult(
    int Index, string Text, int Cycle, double Start, double Duration, double Charge, double Energy, double StartPotential, double EndPotential, string EndedBy, EndKind Kind)
{
    /// <summary>Temperature of the cell at its end, K.</summary>
    public double EndTemperature { get; init; } = double.NaN;
}

/// <summary>A simulated spectrum, and the parts it is made of; they add up to it.</summary>
/// <param name="Step">Place of the step among the executed ones.</param>
/// <param name="Spectrum">Ohm of the whole cell.</param>
/// <param name="Split">The parts, ohm.</param>
public sealed record SimulatedSpectrum(int Step, ImpedanceSpectrum Spectrum, ImpedanceSplit Split);

/// <summary>
/// Parts of an impedance, ohm. Each is Σ z (i/I)² over the elements of its kind, with i the complex current through the element:
/// Tellegen's theorem makes the sum exact for any network.
/// </summary>
/// <param name="Electrolyte">Ions and electrons on their way: separator with grain boundaries, composite, and what is left of a salt's concentration field.</param>
/// <param name="Coating">Ohmic film and coating.</param>
/// <param name="ChargeTransfer">Charge transfer with the double layer, and slow polarisation.</param>
/// <param name="Diffusion">Diffusion in the particles.</param>
/// <param name="CounterElectrode">The negative electrode.</param>
public sealed record ImpedanceSplit(Complex[] Electrolyte, Complex[] Coating, Complex[] ChargeTransfer, Complex[] Diffusion, Complex[] CounterElectrode);

/// <summary>The heat of a run, J of the whole cell: produced = stored + lost.</summary>
/// <param name="Produced">All heat produced.</param>
/// <param name="Reaction">Of it at the particles: kinetics, films and slow polarisation.</param>
/// <param name="Reversible">Of it with the entropy of the reactions; negative where they cool.</param>
/// <param name="Stored">Heat capacity times the rise of temperature.</param>
/// <param name="Lost">Given to the surroundings.</param>
public sealed record HeatBalance(double Produced, double Reaction, double Reversible, double Stored, double Lost)
{
    /// <summary>Of the heat produced on the way through electrolyte, electrons, foils and contacts.</summary>
    public double Ohmic => Produced - Reaction - Reversible;
}

/// <summary>What the solver did.</summary>
/// <param name="Steps">Accepted time steps.</param>
/// <param name="Rejected">Time steps tried again with a shorter length.</param>
/// <param name="NewtonIterations">Newton iterations of all stages.</param>
/// <param name="Jacobians">Jacobians built: one an iteration.</param>
/// <param name="WallTime">s.</param>
public sealed record SolverStatistics(long Steps, long Rejected, long NewtonIterations, long Jacobians, double WallTime);
