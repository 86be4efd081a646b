using Interphase.Cells;
using Interphase.Estimation;
using Interphase.Simulation;
using Interphase.Units;

namespace Interphase.Laboratory;

/// <summary>One number of the paper that the calibration aims at.</summary>
/// <param name="Quantity">As in the comparison.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Technique">formation, rate, titration or voltammetry.</param>
/// <param name="Value">The paper's number.</param>
/// <param name="Error">Standard deviation with which it enters χ².</param>
/// <param name="Unit">Of both.</param>
public sealed record CalibrationTarget(string Quantity, string Sample, string Technique, double Value, double Error, string Unit);

/// <summary>What distinguishes the samples in a model.</summary>
public enum PaperVariant
{
    /// <summary>Interface resistance, and a parallel path at 550 °C beside a coating that conducts as its pellet.</summary>
    ParallelPath,

    /// <summary>Interface resistance alone.</summary>
    ResistanceOnly,

    /// <summary>Interface resistance alone, and every particle in equal contact.</summary>
    UniformContact,

    /// <summary>Interface resistance in inverse proportion to the coating's conductivity, scaled to the 450 °C cell; impedance ignored.</summary>
    ConductivityOnly,
}

/// <summary>The 14 numbers of the paper that the shared parameters are fitted to, simulated directly, without instruments.</summary>
public static class PaperModel
{
    private const double DieArea = 0.7854e-4;

    private static readonly (string Sample, double Resistance, double Conductivity)[] Samples = [("LNTO-350", 369, 13.2), ("LNTO-450", 124, 38.7), ("LNTO-550", 672, 2.43)];

    /// <summary>The parameters that the samples share, and the share of the parallel path at 550 °C.</summary>
    public static readonly IReadOnlyList<FreeParameter> Parameters =
    [
        new("positive.interface.contact.sigma", "1", 1.142, 0.5, 2),
        new("positive.interface.contact.isolated", "1", 0.088, 0, 0.3),
        new("positive.interface.chargeTransferShare", "1", 0.381, 0.05, 0.9),
        new("geometry.area", "cm2", 1.722, 0.7, 3.5, true),
        new("positive.activeMaterial.diffusivity.collapse", "1", 0.9239, 0.88, 0.96),
        new("negative.arealResistance", "ohm cm2", 6.6, 1, 40, true),
        new("voltammetry.scanRate", "mV/s", 0.0263, 0.005, 0.2, true),
        new("positive.interface.populations.parallelPath.fraction", "1", 0.218, 0.02, 0.6),
    ];

    /// <summary>The numbers with their errors: 4 % charge, 3 % discharge, 6 % of 107.5 mAh/g at 1C, 6 % jump, 10 % polarisation.</summary>
    public static readonly IReadOnlyList<CalibrationTarget> Targets = [.. Samples.SelectMany(s => new[]
    {
        ("chargeCapacity0.1C", "formation", 0.04), ("dischargeCapacity0.1C", "formation", 0.03), ("dischargeCapacity1C", "rate", 0.06), ("irDrop", "titration", 0.06), ("cvPolarisation", "voltammetry", 0.10),
    }.Where(q => PaperNumbers.Values.ContainsKey((s.Sample, q.Item1))).Select(q =>
    {
        var value = PaperNumbers.Values[(s.Sample, q.Item1)];
        return new CalibrationTarget(q.Item1, s.Sample, q.Item2, value, q.Item3 * (q.Item1 == "dischargeCapacity1C" ? 107.5 : value), PaperNumbers.Quantities.First(x => x.Name == q.Item1).Unit);
    }))];

    /// <summary>Simulates the targets; a number that cannot be had is NaN.</summary>
    /// <param name="values">In the order of <see cref="Parameters"/>.</param>
    /// <param name="variant">What distinguishes the samples.</param>
    /// <param name="classes">Contact classes.</param>
    public static double[] Predict(double[] values, PaperVariant variant, int classes)
    {
        ArgumentNullException.ThrowIfNull(values);
        var numbers = Samples.ToDictionary(s => s.Sample, s => Numbers(Cell(s.Sample, values, variant, classes), values[6] * 1e-3, s.Sample != "LNTO-350"), StringComparer.Ordinal);
        return [.. Targets.Select(t => numbers[t.Sample][t.Quantity])];
    }

    /// <summary>The cell of a sample. Areal resistance is the arc's ohms times the area; the loading per area is kept.</summary>
    internal static Cell Cell(string sample, double[] p, PaperVariant variant, int classes)
    {
        var like = Cells.Cell.Load("lnto-450");
        var (_, resistance, conductivity) = Samples.Single(s => s.Sample == sample);
        var reference = Samples.Single(s => s.Sample == "LNTO-450");
        if (variant == PaperVariant.ConductivityOnly) { resistance = reference.Resistance * reference.Conductivity / conductivity; }
        var area = p[3] * 1e-4;
        var positive = (PorousElectrode)like.Positive;
        var intact = resistance / reference.Resistance * conductivity / reference.Conductivity;
        var uniform = variant == PaperVariant.UniformContact;
        return like with
        {
            Area = area, NominalCapacity = like.NominalCapacity * area / like.Area, Ageing = null,
            Numerics = like.Numerics with { ElectrodePoints = 2, RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-5 },
            Negative = (FoilElectrode)like.Negative with { ArealResistance = p[5] * 1e-4 },
            Positive = positive with
            {
                ActiveMaterial = positive.ActiveMaterial with { Diffusivity = Diffusivity(p[4]) },
                Interface = positive.Interface with
                {
                    ArealResistance = resistance * area, ChargeTransferShare = p[2], Slow = null,
                    Contact = uniform ? new(0, 1, p[1]) : new(p[0], classes, p[1]),
                    Populations = variant == PaperVariant.ParallelPath && sample == "LNTO-550" ? [new("intact", 1 - p[7], intact), new("parallelPath", p[7], (1 - ((1 - p[7]) * intact)) / p[7])] : [],
                },
            },
        };
    }

    private static MaterialFunction Diffusivity(double collapse) =>
        MaterialFunction.Of(Expression.Parse(FormattableString.Invariant($"1e-19 + 4e-15/(1 + exp((x - {collapse:G17})/0.0071))")));

    private static Dictionary<string, double> Numbers(Cell cell, double scanRate, bool rate)
    {
        var quiet = new SimulationOptions { Record = false };
        double Capacity(StepResult s) => Math.Abs(s.Charge) / 3.6 / (cell.ActiveMass * 1e3);
        SimulationResult Run(string text, SimulationOptions options) => Simulator.Run(cell, ProtocolText.Parse(text, "calibration"), options);

        var charge = Run("Charge at C/10 until 3.8 V", quiet);
        var discharge = Run("Discharge at C/10 until 2.2 V", quiet with { From = charge.State });
        var half = FormattableString.Invariant($"Rest for 2 h\nDischarge at C/10 for {Math.Max(discharge.Steps[0].Duration / 2, 1):F1} s\nRest for 2 h\nDischarge at C/10 for 5 min\nRest for 1 s");
        var jump = Run(half, quiet with { From = charge.State });
        var fast = rate ? Run("Charge at C/10 until 3.8 V\nDischarge at 1C until 2.2 V", quiet with { From = discharge.State }) : null;
        var sweep = Run(FormattableString.Invariant($"Sweep to 3.8 V at {scanRate * 1e3:G6} mV/s\nSweep to 2.2 V at {scanRate * 1e3:G6} mV/s"), new() { SampleInterval = 4e-3 / scanRate });
        return new(StringComparer.Ordinal)
        {
            ["chargeCapacity0.1C"] = Capacity(charge.Steps[0]), ["dischargeCapacity0.1C"] = Capacity(discharge.Steps[0]),
            ["dischargeCapacity1C"] = fast is null ? double.NaN : fast.Steps.Count > 1 ? Capacity(fast.Steps[1]) : 0,
            ["irDrop"] = jump.Steps.Count == 5 ? (jump.Steps[4].EndPotential - jump.Steps[3].EndPotential) * 1e3 : double.NaN,
            ["cvPolarisation"] = Top(sweep, 1) - Top(sweep, -1),
        };
    }

    /// <summary>Potential of the largest current in one direction, by a parabola through its three highest points.</summary>
    private static double Top(SimulationResult sweep, int sign)
    {
        var current = sweep.Series.Current.ToArray();
        var potential = sweep.Series.Potential.ToArray();
        if (current.Length < 3) { return double.NaN; }
        var k = Enumerable.Range(0, current.Length).MaxBy(i => sign * current[i]);
        if (k == 0 || k == current.Length - 1) { return potential[k]; }
        var (a, b, c) = (current[k - 1], current[k], current[k + 1]);
        var bend = a - (2 * b) + c;
        var shift = bend == 0 ? 0 : Math.Clamp(0.5 * (a - c) / bend, -0.5, 0.5);
        return potential[k] + (shift * (potential[k + 1] - potential[k - 1]) / 2);
    }
}
