using Interphase.Cells;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>Heat produced per geometric area, W/m².</summary>
/// <param name="Total">All of it.</param>
/// <param name="Reaction">At the particles of porous electrodes: kinetics, films, slow polarisation.</param>
/// <param name="Reversible">With the entropy of the reactions; may be negative.</param>
internal readonly record struct HeatRate(double Total, double Reaction, double Reversible);

/// <summary>
/// One temperature for the whole cell:
/// <code>
/// C dT/dt = Q − h A (T − T_surroundings),   Q = Σ a j (T dU/dT − U) + U_foils − I V
/// </code>
/// What leaves neither at the terminals nor as chemical energy of the surfaces is heat, so that ohmic losses, kinetics and
/// concentration are all in it (Bernardi, Pawlikowski and Newman, J. Electrochem. Soc. 132 (1985) 5, without heat of mixing and phase change).
/// The temperature of a stage and its other unknowns are solved in turn; the coupling of a stage is weak.
/// </summary>
internal sealed partial class CellSystem
{
    private const int MostRounds = 12;

    /// <summary>Temperature that weighs as much as 1 V or a stoichiometry of 1, K.</summary>
    public const double TemperatureScale = 100;

    private readonly double[] temperatureSlope = new double[4];
    private double temperatureStart, temperatureKnown;

    /// <summary>Heat produced as the stage now has it.</summary>
    public HeatRate Heat { get; private set; }

    public HeatRate HeatStart { get; private set; }

    public double TemperatureStart => temperatureStart;

    /// <summary>Heat lost to the surroundings at a temperature, W/m².</summary>
    public double Loss(double at) => cell.Thermal is { } thermal ? thermal.HeatTransfer / cell.Area * (at - thermal.Surroundings) : 0;

    /// <summary>Brings every property to a temperature.</summary>
    private void SetTemperature(double to)
    {
        foreach (var d in Domains) { d.SetTemperature(to); }
        SetTransport(to);
    }

    /// <summary>Properties of the electrolyte and of everything in series at a temperature.</summary>
    private void SetTransport(double to)
    {
        temperature = to;
        facesStand = false;
        TwoThermal = 2 * Constants.Gas * to / Constants.Faraday;
        SeriesResistance = cell.SeriesResistance;
        if (cell.Separator.GrainBoundary is { } grain) { SeriesResistance += grain.ArealResistance / cell.Arrhenius(grain.ActivationEnergy, to); }
        if (!hasSalt)
        {
            for (var i = 0; i < points; i++) { kappa[i] = conductivityOf[i].Value(double.NaN, double.NaN, to) * efficiency[i]; }
            var path = cell.Separator.Electrolyte;
            SeriesResistance += cell.Separator.Thickness / (path.Conductivity.Value(double.NaN, double.NaN, to) * path.TransportEfficiency);
            return;
        }
        var e = cell.Electrolyte;
        for (var i = 0; i < points; i++) { conductivityTable[i] = conductivityTempered[i] is { } t && (i == 0 || t != conductivityTempered[i - 1]) ? t.Set(to).Table : conductivityTempered[i]?.Table; }
        diffusivityTable = diffusivityTempered?.Set(to).Table;
        transferenceTable = transferenceTempered?.Set(to).Table;
        factorTable = factorTempered?.Set(to).Table;
        restDiffusivity = e.Diffusivity!.Value(double.NaN, e.Concentration, to);
        restTransference = e.TransferenceNumber!.Value(double.NaN, e.Concentration, to);
        restFactor = e.ThermodynamicFactor?.Value(double.NaN, e.Concentration, to) ?? 1;
    }

    private bool SolveWithHeat(Thermal thermal, double tau, Control control, double time, double tolerance)
    {
        double capacity = thermal.HeatCapacity / cell.Area, transfer = thermal.HeatTransfer / cell.Area, near = 0.03 * tolerance * TemperatureScale;
        double After(double heat) => (temperatureKnown + (tau / capacity * (heat + (transfer * thermal.Surroundings)))) / (1 + (tau / capacity * transfer));
        var expected = After(Heat.Total);
        for (var round = 0; round < MostRounds; round++)
        {
            if (!(expected is > 100 and < 2000)) { return false; }
            if (Math.Abs(expected - temperature) > near || round == 0 && expected != temperature) { SetTemperature(expected); }
            if (!SolveIsothermal(tau, control, time, tolerance)) { return false; }
            Heat = Produced();
            expected = After(Heat.Total);
            if (Math.Abs(expected - temperature) > near) { continue; }
            Temperature = expected;
            return true;
        }
        return false;
    }

    /// <summary>Heat at the start of a step, and the slope of the temperature that belongs to it.</summary>
    private void BeginHeat()
    {
        if (cell.Thermal is not { } thermal) { return; }
        Heat = Produced();
        HeatStart = Heat;
        temperatureSlope[0] = (Heat.Total - Loss(temperatureStart)) / (thermal.HeatCapacity / cell.Area);
    }

    private HeatRate Produced()
    {
        double chemical = 0, reaction = 0, reversible = 0;
        foreach (var d in Domains)
        {
            var (own, at, entropic) = d.Heat(phi.AsSpan(d.IsPositive ? FirstPositive : 0, d.Points));
            chemical += own;
            reaction += at;
            reversible += entropic;
        }
        if (cell.Negative is FoilElectrode n) { chemical -= Current * n.Potential; }
        if (cell.Positive is FoilElectrode p) { chemical += Current * p.Potential; }
        return new(chemical - (Current * Potential) + reversible, reaction, reversible);
    }
}
