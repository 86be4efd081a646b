using Interphase.Cells;
using Interphase.Estimation;
using Interphase.Simulation;
using Interphase.Units;
using Interphase.Voltammetry;

namespace Interphase.Laboratory;

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
    private static readonly (string Sample, double Resistance, double Conductivity)[] Samples =
    [
        .. new[] { "LNTO-350", "LNTO-450", "LNTO-550" }.Select(s => (s, PaperNumbers.Values[(s, "interfaceResistance")], PaperNumbers.Values[(s, "coatingConductivity")])),
    ];

    private static readonly Cell Like = Cells.Cell.Load("lnto-450");

    /// <summary>The parameters that the samples share, and the share of the parallel path at 550 °C.</summary>
    public static readonly IReadOnlyList<FreeParameter> Parameters =
    [
        new("positive.interface.contact.sigma", "1", 0.5, 2),
        new("positive.interface.contact.isolated", "1", 0, 0.3),
        new("positive.interface.chargeTransferShare", "1", 0.05, 0.9),
        new("geometry.area", "cm2", 0.7, 3.5, true),
        new("positive.activeMaterial.diffusivity.collapse", "1", 0.88, 0.96),
        new("negative.arealResistance", "ohm cm2", 1, 40, true),
        new("voltammetry.scanRate", "mV/s", 0.005, 0.2, true),
        new("positive.interface.populations.parallelPath.fraction", "1", 0.02, 0.6),
    ];

    /// <summary>What the shipped cells carry, in the order of <see cref="Parameters"/>.</summary>
    public static readonly IReadOnlyList<double> Shipped = [1.142, 0.088, 0.381, 1.722, 0.9239, 6.6, PaperLaboratory.ScanRate, 0.218];

    /// <summary>The numbers that the calibration aims at.</summary>
    public static IReadOnlyList<CalibrationTarget> Targets => PaperNumbers.Targets;

    /// <summary>Which parameters a variant knows.</summary>
    internal static int[] FreeIn(PaperVariant variant) =>
        [.. Enumerable.Range(0, Parameters.Count).Where(i => !(i == 0 && variant == PaperVariant.UniformContact) && !(i == 7 && variant != PaperVariant.ParallelPath))];

    /// <summary>Simulates the targets; a number that cannot be had is NaN.</summary>
    /// <param name="values">In the order of <see cref="Parameters"/>.</param>
    /// <param name="variant">What distinguishes the samples.</param>
    /// <param name="classes">Contact classes.</param>
    /// <param name="wanted">Which of the targets are asked for, others may come back NaN; null: all.</param>
    public static double[] Predict(double[] values, PaperVariant variant, int classes, Func<CalibrationTarget, bool>? wanted = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        var asked = Targets.Where(wanted ?? (_ => true)).ToArray();
        var numbers = new Dictionary<(string Sample, string Quantity), double>();
        foreach (var (sample, _, _) in Samples)
        {
            var techniques = asked.Where(t => t.Sample == sample).Select(t => t.Technique).ToHashSet(StringComparer.Ordinal);
            if (techniques.Count == 0) { continue; }
            foreach (var (quantity, value) in Numbers(Cell(sample, values, variant, classes), values[6] * 1e-3, techniques)) { numbers[(sample, quantity)] = value; }
        }
        return [.. Targets.Select(t => numbers.TryGetValue((t.Sample, t.Quantity), out var v) ? v : double.NaN)];
    }

    /// <summary>χ² of the targets' numbers.</summary>
    public static double ChiSquared(IReadOnlyList<double> model) => Targets.Select((t, i) => Math.Pow((model[i] - t.Value) / t.Error, 2)).Sum();

    /// <summary>The resistance a variant gives a sample's interface, Ω.</summary>
    internal static double ArcOf(string sample, PaperVariant variant)
    {
        var (own, reference) = (Samples.Single(s => s.Sample == sample), Samples.Single(s => s.Sample == "LNTO-450"));
        return variant == PaperVariant.ConductivityOnly ? reference.Resistance * reference.Conductivity / own.Conductivity : own.Resistance;
    }

    /// <summary>The cell of a sample. Areal resistance is the arc's ohms times the area; the loading per area is kept.</summary>
    internal static Cell Cell(string sample, double[] p, PaperVariant variant, int classes)
    {
        var conductivity = Samples.Single(s => s.Sample == sample).Conductivity;
        var reference = Samples.Single(s => s.Sample == "LNTO-450");
        var resistance = ArcOf(sample, variant);
        var area = p[3] * 1e-4;
        var positive = (PorousElectrode)Like.Positive;
        var intact = resistance / reference.Resistance * conductivity / reference.Conductivity;
        var uniform = variant == PaperVariant.UniformContact;
        return Like with
        {
            Area = area, NominalCapacity = Like.NominalCapacity * area / Like.Area, Ageing = null,
            Numerics = Like.Numerics with { ElectrodePoints = 1, RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-5 },
            Negative = (FoilElectrode)Like.Negative with { ArealResistance = p[5] * 1e-4 },
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

    private static IEnumerable<(string Quantity, double Value)> Numbers(Cell cell, double scanRate, HashSet<string> techniques)
    {
        var quiet = new SimulationOptions { Record = false };
        double Capacity(StepResult s) => Math.Abs(s.Charge) / 3.6 / (cell.ActiveMass * 1e3);
        SimulationResult Run(string text, SimulationOptions options) => Simulator.Run(cell, ProtocolText.Parse(text, "calibration"), options);

        if (techniques.Contains("voltammetry"))
        {
            var sweep = Run(FormattableString.Invariant($"Sweep to 3.8 V at {scanRate * 1e3:G6} mV/s\nSweep to 2.2 V at {scanRate * 1e3:G6} mV/s"), new() { SampleInterval = 4e-3 / scanRate });
            yield return ("cvPolarisation", Separation(sweep.Series));
        }
        if (!techniques.Overlaps(["formation", "rate", "titration"])) { yield break; }
        var charge = Run("Charge at C/10 until 3.8 V", quiet);
        var discharge = Run("Discharge at C/10 until 2.2 V", quiet with { From = charge.State });
        yield return ("chargeCapacity0.1C", Capacity(charge.Steps[0]));
        yield return ("dischargeCapacity0.1C", Capacity(discharge.Steps[0]));
        if (techniques.Contains("titration"))
        {
            var half = FormattableString.Invariant($"Rest for 2 h\nDischarge at C/10 for {Math.Max(discharge.Steps[0].Duration / 2, 1):F1} s\nRest for 2 h\nDischarge at C/10 for 5 min\nRest for 1 s");
            var jump = Run(half, quiet with { From = charge.State });
            yield return ("irDrop", jump.Steps.Count == 5 ? (jump.Steps[4].EndPotential - jump.Steps[3].EndPotential) * 1e3 : double.NaN);
        }
        if (techniques.Contains("rate"))
        {
            var fast = Run("Charge at C/10 until 3.8 V\nDischarge at 1C until 2.2 V", quiet with { From = discharge.State });
            yield return ("dischargeCapacity1C", fast.Steps.Count > 1 ? Capacity(fast.Steps[1]) : 0);
        }
    }

    /// <summary>
    /// Separation of the largest peaks as the analysis of voltammograms reads them, V: what a cell is calibrated to is what the
    /// instruments will read. A current that still rises at the edge counts with the edge, so that a search finds its way back.
    /// </summary>
    private static double Separation(Measurements.TimeSeries series) =>
        CyclicVoltammetry.Analyse(series, Measurements.Electrode.Unknown, new()).Cycles is [{ MainAnodic: { } anodic, MainCathodic: { } cathodic }, ..] ? anodic.Potential.Value - cathodic.Potential.Value : double.NaN;
}
