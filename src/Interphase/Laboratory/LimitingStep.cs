using Interphase.Cells;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Simulation;

namespace Interphase.Laboratory;

/// <summary>One discharge with what polarised the cell.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Rate">In C.</param>
/// <param name="Capacity">Specific capacity at each record, mAh/g.</param>
/// <param name="Potential">Terminal potential, V.</param>
/// <param name="Split">Its parts; those of the discharge alone.</param>
public sealed record PolarisedDischarge(string Cell, double Rate, double[] Capacity, double[] Potential, PolarisationSplit Split)
{
    /// <summary>Mean of a part over the charge passed, V.</summary>
    public double Mean(double[] part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var (sum, all) = (0.0, Capacity[^1] - Capacity[0]);
        for (var i = 1; i < part.Length; i++) { sum += (part[i] + part[i - 1]) / 2 * (Capacity[i] - Capacity[i - 1]); }
        return all > 0 ? sum / all : double.NaN;
    }
}

/// <summary>A cell in which one step costs nothing, and what it then gives.</summary>
/// <param name="Step">Which; empty for the cell as it is.</param>
/// <param name="Slow">Discharge capacity at 0.1C, mAh/g.</param>
/// <param name="Fast">At 1C after a charge at 0.1C, mAh/g.</param>
public sealed record WithoutStep(string Step, double Slow, double Fast);

/// <summary>Capacity at 1C over conductivity of the coating and spread of contact.</summary>
/// <param name="Conductivity">S/m, rising.</param>
/// <param name="Spread">Standard deviation of ln m, rising.</param>
/// <param name="Capacity">mAh/g; [spread, conductivity].</param>
/// <param name="Without">Capacity with an interface that resists nothing, mAh/g, one a spread.</param>
/// <param name="Enough">Conductivity at which the capacity is <see cref="LimitingStep.EnoughShare"/> of that, S/m, one a spread; NaN where it lies outside the map.</param>
public sealed record ConductivityMap(double[] Conductivity, double[] Spread, double[,] Capacity, double[] Without, double[] Enough);

/// <summary>
/// Which step limits a cell: the polarisation split over a discharge, the capacities with one step made free of cost, and the
/// capacity over conductivity and contact, from which the conductivity that is enough is read.
/// </summary>
public static class LimitingStep
{
    /// <summary>A conductivity is called enough where the capacity at 1C is this share of what an interface without resistance leaves.</summary>
    public const double EnoughShare = 0.9;

    private const string Charge = "Charge at C/10 until 3.8 V", Slow = "Discharge at C/10 until 2.2 V", Fast = "Discharge at 1C until 2.2 V";

    /// <summary>Charges at 0.1C and discharges at a rate, with the split of each record of the discharge.</summary>
    public static PolarisedDischarge Discharge(Cell cell, double rate)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var charged = Simulator.Run(cell, ProtocolText.Parse(Charge, "limiting step"), new() { Record = false });
        var run = Simulator.Run(cell, ProtocolText.Parse(FormattableString.Invariant($"Discharge at {rate}C until 2.2 V"), "limiting step"), new() { From = charged.State, Split = true });
        var charge = run.Series.Required(ColumnNames.NetCharge).Values;
        return new(cell.Name, rate, [.. charge.Select(q => Specific(cell, charge[0] - q))], run.Series.Potential.ToArray(), run.Polarisation!);
    }

    /// <summary>The cell as it is, and with each step of the positive half and the way to it free of cost.</summary>
    public static IReadOnlyList<WithoutStep> Without(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        const double nothing = 1e-6;
        var positive = (PorousElectrode)cell.Positive;
        var face = positive.Interface;
        Cell With(PorousElectrode electrode) => cell with { Positive = electrode };
        Cell Facing(Interface other) => With(positive with { Interface = other });
        (string, Cell)[] cells =
        [
            ("", cell),
            ("coating and charge transfer", Facing(face with { ArealResistance = nothing * face.ArealResistance })),
            ("coating alone", Facing(face with { ArealResistance = face.ChargeTransferShare * face.ArealResistance, ChargeTransferShare = 1 - nothing })),
            ("charge transfer alone", Facing(face with { ArealResistance = (1 - face.ChargeTransferShare) * face.ArealResistance, ChargeTransferShare = nothing })),
            ("uneven contact", Facing(face with { Contact = new(0, 1, face.Contact.Isolated), Populations = [] })),
            ("isolated particles", Facing(face with { Contact = face.Contact with { Isolated = 0 } })),
            ("diffusion in the particles", With(positive with { ActiveMaterial = positive.ActiveMaterial with { Diffusivity = MaterialFunction.Constant(4e-12) } })),
            ("electrolyte", cell with
            {
                Separator = cell.Separator with { Electrolyte = cell.Separator.Electrolyte with { Conductivity = MaterialFunction.Constant(1e6) } },
                Positive = positive with { Electrolyte = positive.Electrolyte with { Conductivity = MaterialFunction.Constant(1e6) } },
            }),
            ("electrons", With(positive with { ElectronicConductivity = MaterialFunction.Constant(1e6) })),
            ("counter electrode", cell with { Negative = (FoilElectrode)cell.Negative with { ArealResistance = 0 } }),
        ];
        return [.. cells.AsParallel().AsOrdered().Select(c => Capacities(c.Item2, c.Item1))];
    }

    /// <summary>
    /// Capacity at 1C where the interface conducts in proportion to the coating: R = R_known σ_known/σ, every particle along the same
    /// path.
    /// </summary>
    /// <param name="cell">The cell whose interface is known; its populations are left out.</param>
    /// <param name="known">Conductivity of its coating, S/m.</param>
    /// <param name="conductivity">S/m, rising.</param>
    /// <param name="spread">Standard deviations of ln m, rising.</param>
    public static ConductivityMap Map(Cell cell, double known, double[] conductivity, double[] spread)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(conductivity);
        ArgumentNullException.ThrowIfNull(spread);
        var positive = (PorousElectrode)cell.Positive;
        var columns = conductivity.Length + 1;
        var found = Enumerable.Range(0, spread.Length * columns).AsParallel().AsOrdered().Select(k =>
        {
            var (row, column) = (k / columns, k % columns);
            var face = positive.Interface;
            face = face with
            {
                ArealResistance = face.ArealResistance * (column < conductivity.Length ? known / conductivity[column] : 1e-6), Populations = [],
                Contact = spread[row] > 0 ? face.Contact with { Sigma = spread[row] } : new(0, 1, face.Contact.Isolated),
            };
            return After(cell with { Positive = positive with { Interface = face } }, Fast);
        }).ToArray();
        var capacity = new double[spread.Length, conductivity.Length];
        double[] without = new double[spread.Length], enough = new double[spread.Length];
        for (var row = 0; row < spread.Length; row++)
        {
            for (var column = 0; column < conductivity.Length; column++) { capacity[row, column] = found[(row * columns) + column]; }
            without[row] = found[(row * columns) + conductivity.Length];
            enough[row] = Crossing(conductivity, [.. Enumerable.Range(0, conductivity.Length).Select(c => capacity[row, c])], EnoughShare * without[row]);
        }
        return new(conductivity, spread, capacity, without, enough);
    }

    /// <summary>
    /// The conductivity that is enough at the cell's own contact, S/m. Its error carries the parameters' errors on, in the logarithm:
    /// var ln σ = Σ d_i ρ_ij d_j, with d_i half of what ln σ changes between the parameter one standard error lower and one higher.
    /// </summary>
    /// <param name="cell">As for <see cref="Map"/>.</param>
    /// <param name="known">Conductivity of its coating, S/m.</param>
    /// <param name="conductivity">S/m, rising.</param>
    /// <param name="moved">The cell with each uncertain parameter one standard error lower and one higher.</param>
    /// <param name="correlation">ρ, of those parameters.</param>
    public static Estimate Enough(Cell cell, double known, double[] conductivity, IReadOnlyList<(Cell Lower, Cell Higher)> moved, double[,] correlation)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(moved);
        ArgumentNullException.ThrowIfNull(correlation);
        double Of(Cell c) => Map(c, known, conductivity, [((PorousElectrode)c.Positive).Interface.Contact.Sigma]).Enough[0];
        var value = Of(cell);
        if (double.IsNaN(value)) { return Estimate.Withheld("it lies outside the conductivities tried"); }
        // In the logarithm, since the answer is one of order of magnitude.
        double[] d = [.. moved.Select(m => 0.5 * Math.Log(Of(m.Higher) / Of(m.Lower)))];
        var variance = 0.0;
        for (var i = 0; i < d.Length; i++) { for (var j = 0; j < d.Length; j++) { variance += d[i] * correlation[i, j] * d[j]; } }
        var error = Math.Sqrt(Math.Max(0, variance));
        return new(value, value * error, value * Math.Exp(-1.96 * error), value * Math.Exp(1.96 * error), double.IsNaN(error) ? "with a parameter one standard error off it lies outside the conductivities tried" : null);
    }

    private static WithoutStep Capacities(Cell cell, string step) => new(step, After(cell, Slow), After(cell, Fast));

    private static double After(Cell cell, string discharge)
    {
        var run = Simulator.Run(cell, ProtocolText.Parse($"{Charge}\n{discharge}", "limiting step"), new() { Record = false });
        return run.Steps.Count > 1 ? Specific(cell, Math.Abs(run.Steps[1].Charge)) : 0;
    }

    private static double Specific(Cell cell, double coulombs) => coulombs / 3.6 / (cell.ActiveMass * 1e3);

    /// <summary>Where a curve over a logarithmic axis first reaches a level from below.</summary>
    private static double Crossing(double[] x, double[] y, double level)
    {
        for (var i = 1; i < x.Length; i++)
        {
            if (y[i - 1] < level && y[i] >= level) { return x[i - 1] * Math.Pow(x[i] / x[i - 1], (level - y[i - 1]) / (y[i] - y[i - 1])); }
        }
        return double.NaN;
    }
}
