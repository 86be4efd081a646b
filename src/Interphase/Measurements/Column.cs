namespace Interphase.Measurements;

/// <summary>
/// One recorded quantity over the rows of a measurement, in SI.
/// </summary>
/// <param name="Name">One of <see cref="ColumnNames"/> where Interphase understands it, else the instrument's own name.</param>
/// <param name="Unit">SI unit as text; <c>1</c> for a pure number; for a column that is not understood the instrument's unit, unconverted.</param>
/// <param name="Values">One value a row; NaN where the instrument gave none.</param>
/// <param name="Origin">Where it came from: the instrument's column name, id, and what was converted.</param>
/// <param name="Reference">What a potential is measured against; null for other quantities.</param>
public sealed record Column(string Name, string Unit, double[] Values, string Origin, PotentialReference? Reference = null);

/// <summary>The names of the quantities Interphase understands. Anything else keeps its instrument's name.</summary>
public static class ColumnNames
{
    /// <summary>Time since the start of the measurement, s, non-decreasing.</summary>
    public const string Time = "time";

    /// <summary>Unix time (UTC), s.</summary>
    public const string UnixTime = "unixTime";

    /// <summary>Current, A, positive when the cell is charged (BDF).</summary>
    public const string Current = "current";

    /// <summary>Terminal voltage of the cell, or the working electrode's potential, V.</summary>
    public const string Potential = "potential";

    /// <summary>Potential of the counter electrode against the reference electrode, V.</summary>
    public const string CounterPotential = "counterPotential";

    /// <summary>Voltage between working and counter electrode where it is stored beside <see cref="Potential"/>, V.</summary>
    public const string CellVoltage = "cellVoltage";

    /// <summary>The set value of a potential, V.</summary>
    public const string ControlPotential = "controlPotential";

    /// <summary>The set value of a current, A.</summary>
    public const string ControlCurrent = "controlCurrent";

    /// <summary>The instrument's own cycle counter.</summary>
    public const string Cycle = "cycle";

    /// <summary>Executed steps, counted from the start of the test; never repeats.</summary>
    public const string Step = "step";

    /// <summary>The number of the step in the instrument's program (BioLogic Ns, Arbin Step_Index …); repeats in a loop.</summary>
    public const string ProgramStep = "programStep";

    /// <summary>Time since the start of the step, s.</summary>
    public const string StepTime = "stepTime";

    /// <summary>Charge passed since the start of the test, C; charge positive.</summary>
    public const string NetCharge = "netCharge";

    /// <summary>Charge of the charging kind as the instrument accumulates it, C, positive.</summary>
    public const string ChargeCapacity = "chargeCapacity";

    /// <summary>Charge of the discharging kind as the instrument accumulates it, C, positive.</summary>
    public const string DischargeCapacity = "dischargeCapacity";

    /// <summary>Energy charged as the instrument accumulates it, J, positive.</summary>
    public const string ChargeEnergy = "chargeEnergy";

    /// <summary>Energy discharged as the instrument accumulates it, J, positive.</summary>
    public const string DischargeEnergy = "dischargeEnergy";

    /// <summary>Temperature of the cell, K.</summary>
    public const string Temperature = "temperature";

    /// <summary>Temperature of the surroundings, K.</summary>
    public const string AmbientTemperature = "ambientTemperature";

    /// <summary>Pressure applied to the stack, Pa.</summary>
    public const string StackPressure = "stackPressure";

    /// <summary>Frequency of an impedance point, Hz.</summary>
    public const string Frequency = "frequency";

    /// <summary>Real part of the impedance, ohm.</summary>
    public const string RealImpedance = "realImpedance";

    /// <summary>Imaginary part of the impedance, ohm, negative when capacitive.</summary>
    public const string ImaginaryImpedance = "imaginaryImpedance";
}
