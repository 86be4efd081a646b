using Interphase.Units;

namespace Interphase.Cells;

/// <summary>
/// The physical description of a cell that the simulator solves. All numbers are SI; areal quantities are per geometric
/// area unless their name says real (particle) area. Current is positive on charge, that is when lithium leaves the positive electrode.
/// </summary>
public sealed record Cell
{
    /// <summary>What the cell is called.</summary>
    public required string Name { get; init; }

    /// <summary>Geometric electrode area, m².</summary>
    public required double Area { get; init; }

    /// <summary>Temperature of the cell at the start, and of its surroundings, K.</summary>
    public double Temperature { get; init; } = 298.15;

    /// <summary>Temperature at which the parameters hold, K; activation energies lead from there to other temperatures.</summary>
    public double ReferenceTemperature { get; init; } = 298.15;

    /// <summary>The electrode that takes up lithium on discharge.</summary>
    public required Electrode Positive { get; init; }

    /// <summary>What lies between the electrodes.</summary>
    public required Separator Separator { get; init; }

    /// <summary>The ionic conductor.</summary>
    public required Electrolyte Electrolyte { get; init; }

    /// <summary>The electrode that takes up lithium on charge.</summary>
    public required Electrode Negative { get; init; }

    /// <summary>Further ohmic resistance in series (leads, contacts), Ω m² of geometric area.</summary>
    public double SeriesResistance { get; init; }

    /// <summary>The state before the first step.</summary>
    public required InitialState Initial { get; init; }

    /// <summary>What 1C means: the charge passed in one hour at 1C, C (A s) for the whole cell.</summary>
    public required double NominalCapacity { get; init; }

    /// <summary>How the cell changes with cycles or time; null: it does not.</summary>
    public Ageing? Ageing { get; init; }

    /// <summary>Potentials that end a step where the step names none in that direction.</summary>
    public Limits Limits { get; init; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Heat balance of the whole cell; null: the temperature stays.</summary>
    public Thermal? Thermal { get; init; }

    /// <summary>Mesh and tolerances.</summary>
    public Numerics Numerics { get; init; } = new();

    /// <summary>The parameters as they were given, where the cell was read from a file.</summary>
    public IReadOnlyList<CellParameter> Parameters { get; init; } = [];

    /// <summary>What does not fit together, where the cell was read from a file.</summary>
    public IReadOnlyList<CellProblem> Problems { get; init; } = [];

    /// <summary>
    /// Reads a shipped cell by its name (<see cref="CellFile.Shipped"/>), or a file: YAML, or BPX where it ends in <c>.json</c>.
    /// </summary>
    /// <param name="nameOrPath">Name or path.</param>
    /// <param name="settings">Changes, each <c>path=value</c> with unit.</param>
    /// <exception cref="InputException">The file is wrong, or the parameters do not fit together; says where.</exception>
    public static Cell Load(string nameOrPath, params IReadOnlyList<string> settings)
    {
        var cell = CellFile.Read(nameOrPath, settings);
        var errors = cell.Problems.Where(p => p.IsError).ToArray();
        return errors.Length == 0 ? cell
            : throw new InputException(string.Join("; ", errors.Select(e => $"{e.Path}: {e.Text}")), nameOrPath, "correct the parameters; 'interphase cell validate' lists all that does not fit");
    }

    /// <summary>Mass of active material in the positive electrode, kg (isolated particles included); NaN where it is a foil or its density is not known.</summary>
    public double ActiveMass => Positive is PorousElectrode p ? Area * p.Thickness * p.ActiveMaterial.VolumeFraction * p.ActiveMaterial.Density : double.NaN;

    /// <summary>Current of 1C, A.</summary>
    public double OneC => NominalCapacity / 3600;

    /// <summary>exp(E/R (1/T_ref − 1/T)): the factor on a conductance or diffusivity at <paramref name="temperature"/> (a resistance is divided by it).</summary>
    public double Arrhenius(double activationEnergy, double temperature) =>
        activationEnergy == 0 ? 1 : Math.Exp(activationEnergy / Constants.Gas * ((1 / ReferenceTemperature) - (1 / temperature)));
}

/// <summary>The state before the first step.</summary>
/// <param name="PositiveStoichiometry">Lithium per site of the positive active material; NaN for a foil.</param>
/// <param name="NegativeStoichiometry">The same of a porous negative electrode; NaN for a foil.</param>
public sealed record InitialState(double PositiveStoichiometry, double NegativeStoichiometry = double.NaN);

/// <summary>Cell potentials, V, that end a step where the step names no potential of its own in that direction.</summary>
public sealed record Limits(double Lower, double Upper);

/// <summary>Lumped heat balance: heatCapacity dT/dt = heat produced − heatTransfer (T − T_surroundings), for the whole cell.</summary>
/// <param name="HeatCapacity">J/K.</param>
/// <param name="HeatTransfer">W/K.</param>
/// <param name="Surroundings">Temperature around the cell, K.</param>
public sealed record Thermal(double HeatCapacity, double HeatTransfer, double Surroundings);

/// <summary>Mesh and tolerances; the errors they give are in <c>docs/numerics.md</c>.</summary>
public sealed record Numerics
{
    /// <summary>Finite volumes along the thickness of each porous electrode.</summary>
    public int ElectrodePoints { get; init; } = 4;

    /// <summary>Finite volumes across the separator (only a binary salt needs them).</summary>
    public int SeparatorPoints { get; init; } = 4;

    /// <summary>Shells of each particle.</summary>
    public int ParticlePoints { get; init; } = 16;

    /// <summary>Relative tolerance of a time step.</summary>
    public double RelativeTolerance { get; init; } = 1e-4;

    /// <summary>Absolute tolerance of a time step on stoichiometry and, in V, on potential.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-6;

    /// <summary>Whether double layers of particles are part of the time domain; all capacitances always are part of the impedance.</summary>
    public bool DoubleLayerInTime { get; init; }
}
