using Interphase.Cells;
using Interphase.Measurements;
using Interphase.Simulation;
using Interphase.Voltammetry;

namespace Interphase.Laboratory;

/// <summary>
/// What the cells would do if one thing were otherwise: the simulations a claim of the paper is judged by. They are direct, without
/// instruments, on a coarser mesh than the virtual laboratory's.
/// </summary>
public sealed record Counterfactuals
{
    /// <summary>The coated cells with their conductivities, S/m.</summary>
    public static readonly (string Sample, string Cell, double Conductivity)[] Coated =
        [("LNTO-350", "lnto-350", 13.2e-4), ("LNTO-450", "lnto-450", 38.7e-4), ("LNTO-550", "lnto-550", 2.43e-4)];

    /// <summary>Rate of the voltammetry that is usual for such cells, V/s.</summary>
    public const double UsualRate = 1e-4;

    private const string Radius = "positive.activeMaterial.particleRadius";

    private static readonly SimulationOptions Quiet = new() { Record = false };

    /// <summary>Capacities with one step made free of cost, by sample.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<WithoutStep>> Without { get; init; }

    /// <summary>Discharges at 0.1C and 1C with their split, by sample.</summary>
    public required IReadOnlyDictionary<string, PolarisedDischarge[]> Discharges { get; init; }

    /// <summary>Capacity at 1C over conductivity and spread of contact, of the 450 °C cell.</summary>
    public required ConductivityMap Map { get; init; }

    /// <summary>Conductivity that is enough at the fitted spread, S/m.</summary>
    public required Results.Estimate Enough { get; init; }

    /// <summary>The parameters whose errors it carries: those that the calibration knows of every cell, and the assumed radius with its usual range. The values are the cells' own.</summary>
    internal static readonly IReadOnlyList<UncertainParameter> Uncertain =
    [
        .. PaperModel.Parameters.Select((p, i) => new UncertainParameter(p.Name, PaperModel.Shipped[i], ShippedCalibration.StandardError(p.Name), p.Unit))
            .Where(p => double.IsFinite(p.Error) && !p.Path.Contains("populations", StringComparison.Ordinal) && !p.Path.StartsWith("voltammetry", StringComparison.Ordinal)),
        new(Radius, 2, 0.5, "um"),
    ];

    /// <summary>Discharge capacity at 0.1C with the growth of the resistance over 200 cycles alone, as a share of the fresh cell's, by sample.</summary>
    public required IReadOnlyDictionary<string, double> GrowthOnly { get; init; }

    /// <summary>Arc after 100 cycles, Ω, if contact were lost by any particles, the same share each cycle, as many as leave the paper's retention after 200, and the resistance did not grow; by sample.</summary>
    public required IReadOnlyDictionary<string, double> ArcOfAnyLoss { get; init; }

    /// <summary>Separation of the peaks at <see cref="UsualRate"/>, V, by sample.</summary>
    public required IReadOnlyDictionary<string, double> FastSweep { get; init; }

    /// <summary>The 550 °C cell if its resistance alone differed: capacity at 0.1C and at 1C, mAh/g.</summary>
    public required (double Slow, double Fast) ResistanceOnly { get; init; }

    /// <summary>Charge and discharge of 450 °C and 550 °C both at 1C: discharge capacity, mAh/g.</summary>
    public required (double At450, double At550) Symmetric { get; init; }

    /// <summary>Scaling: a cell of the 550 °C resistance at 0.1C, and the 450 °C cell at so much more current, mAh/g; both directions at the rate.</summary>
    public required (double Rate, double Resistant, double Fast) Scaling { get; init; }

    /// <summary>(ΔE_s/ΔE_t)² of one pulse at half discharge with all particles in equal contact and no slow polarisation, by sample.</summary>
    public required IReadOnlyDictionary<string, double> EvenTransients { get; init; }

    /// <summary>Runs them.</summary>
    public static Counterfactuals Run(IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        var cells = Coated.ToDictionary(c => c.Sample, c => Coarse(c.Cell));
        Dictionary<string, T> Each<T>(string what, Func<string, Cell, T> of)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report($"what if: {what}");
            return cells.AsParallel().AsOrdered().Select(c => (c.Key, Value: of(c.Key, c.Value))).ToDictionary(p => p.Key, p => p.Value);
        }
        var (middle, worst) = (cells["LNTO-450"], cells["LNTO-550"]);
        var times = Resistance(worst) / Resistance(middle);
        var alone = With(worst, f => f with { Populations = [] });
        progress?.Report("what if: coatings of other conductivity");
        var conductivity = Enumerable.Range(0, 19).Select(i => 1e-4 * Math.Pow(10, i / 6.0)).ToArray();
        var spread = Enumerable.Range(0, 9).Select(i => 0.2 * i).ToArray();
        return new()
        {
            Without = Each("a step costs nothing", (_, c) => LimitingStep.Without(c)),
            Discharges = Each("what polarises", (s, _) => Coarse(Coated.Single(c => c.Sample == s).Cell, 96)).ToDictionary(p => p.Key, p => new[] { LimitingStep.Discharge(p.Value, 0.1), LimitingStep.Discharge(p.Value, 1) }),
            Map = LimitingStep.Map(middle, 38.7e-4, conductivity, spread),
            Enough = LimitingStep.Enough(middle, 38.7e-4, conductivity[6..], [.. Uncertain.Select(u => (Moved(u, -1), Moved(u, 1)))], Correlation()),
            GrowthOnly = Each("the resistance grows alone", (s, c) => Discharged(Grown(s, c, 200), 0.1, 0.1) / Discharged(c, 0.1, 0.1)),
            ArcOfAnyLoss = Each("any particles lose contact", ArcOfLoss),
            FastSweep = Each("voltammetry at the usual rate", (_, c) => Separation(c)),
            ResistanceOnly = (Discharged(alone, 0.1, 0.1), Discharged(alone, 0.1, 1)),
            Symmetric = (Discharged(middle, 1, 1), Discharged(worst, 1, 1)),
            Scaling = (0.1 * times, Discharged(With(middle, f => f with { ArealResistance = f.ArealResistance * times }), 0.1, 0.1), Discharged(middle, 0.1 * times, 0.1 * times)),
            EvenTransients = Each("every particle in equal contact", (_, c) => Transient(With(c, f => f with { Contact = new(0, 1, f.Contact.Isolated), Populations = [] }))),
        };
    }

    /// <summary>Ω m² of the interface.</summary>
    public static double Resistance(Cell cell) => ((PorousElectrode)cell.Positive).Interface.ArealResistance;

    private static readonly string[] Mesh =
        ["numerics.electrodePoints=1", "numerics.relativeTolerance=1e-3", "numerics.absoluteTolerance=1e-5", "positive.interface.slow.share=0"];

    private static Cell Coarse(string name, int classes = 24) => Cell.Load(name, [.. Mesh, $"positive.interface.contact.classes={classes}"]);

    /// <summary>The 450 °C cell with one parameter so many standard errors off, as the calibration makes it: the arc's ohms and the loading stay.</summary>
    private static Cell Moved(UncertainParameter p, int errors)
    {
        var value = p.Value + (errors * p.Error);
        if (p.Path == Radius) { return Cell.Load("lnto-450", [.. Mesh, "positive.interface.contact.classes=24", FormattableString.Invariant($"{Radius}={value} {p.Unit}")]); }
        double[] values = [.. PaperModel.Shipped];
        values[PaperModel.Parameters.Select((q, i) => (q.Name, i)).Single(q => q.Name == p.Path).i] = value;
        return PaperModel.Cell("LNTO-450", values, PaperVariant.ParallelPath, 24);
    }

    /// <summary>Of the fitted parameters as the calibration has it; the radius goes with none.</summary>
    private static double[,] Correlation()
    {
        var all = new double[Uncertain.Count, Uncertain.Count];
        for (var i = 0; i < Uncertain.Count; i++)
        {
            for (var j = 0; j < Uncertain.Count; j++)
            {
                var (a, b) = (Uncertain[i].Path, Uncertain[j].Path);
                all[i, j] = i == j ? 1 : a == Radius || b == Radius ? 0 : ShippedCalibration.Correlation(a, b);
            }
        }
        return all;
    }

    private static Cell With(Cell cell, Func<Interface, Interface> face)
    {
        var positive = (PorousElectrode)cell.Positive;
        return cell with { Positive = positive with { Interface = face(positive.Interface) } };
    }

    /// <summary>The cell as the paper's growth of the resistance leaves it, had it all been growth: ohmic, in proportion in every class, as √n.</summary>
    private static Cell Grown(string sample, Cell cell, double cycles)
    {
        var added = (PaperNumbers.Of("interfaceResistanceAfter100Cycles", sample) - PaperNumbers.Of("interfaceResistance", sample)) * cell.Area * Math.Sqrt(cycles / 100);
        return With(cell, f => f with { ArealResistance = f.ArealResistance + added, ChargeTransferShare = f.ChargeTransferShare * f.ArealResistance / (f.ArealResistance + added) }) with { Ageing = null };
    }

    private static double ArcOfLoss(string sample, Cell cell)
    {
        var wanted = PaperNumbers.Of("retention200Cycles", sample) / 100 * Discharged(cell, 0.1, 0.1);
        var (low, high) = (0.2, 1.0);
        for (var k = 0; k < 10; k++)
        {
            // The paths that are left carry the current of those that are gone.
            var share = 0.5 * (low + high);
            var left = Discharged(With(cell, f => f with { ArealResistance = f.ArealResistance / share, Contact = f.Contact with { Isolated = 1 - ((1 - f.Contact.Isolated) * share) } }), 0.1, 0.1);
            if (left > wanted) { high = share; } else { low = share; }
        }
        return Resistance(cell) / cell.Area / (1 - (0.5 * (1 - (0.5 * (low + high)))));
    }

    private static double Discharged(Cell cell, double charge, double discharge)
    {
        var run = Simulator.Run(cell with { Ageing = null }, ProtocolText.Parse(FormattableString.Invariant($"Charge at {charge}C until 3.8 V\nDischarge at {discharge}C until 2.2 V"), "what if"), Quiet);
        return run.Steps.Count > 1 ? Math.Abs(run.Steps[1].Charge) / 3.6 / (cell.ActiveMass * 1e3) : 0;
    }

    private static double Separation(Cell cell)
    {
        var run = Simulator.Run(cell, ProtocolText.Parse(FormattableString.Invariant($"Sweep to 3.8 V at {UsualRate * 1e3} mV/s\nSweep to 2.2 V at {UsualRate * 1e3} mV/s"), "what if"), new() { SampleInterval = 20 });
        return CyclicVoltammetry.Analyse([("what if", run.Series)], Measurements.Electrode.Unknown, new()).Cycles is [var first, ..] ? first.Polarisation.Value : double.NaN;
    }

    private static double Transient(Cell cell)
    {
        var charged = Simulator.Run(cell, ProtocolText.Parse("Charge at C/10 until 3.8 V", "what if"), Quiet);
        var whole = Simulator.Run(cell, ProtocolText.Parse("Discharge at C/10 until 2.2 V", "what if"), Quiet with { From = charged.State });
        var run = Simulator.Run(cell, ProtocolText.Parse(FormattableString.Invariant($"Rest for 2 h\nDischarge at C/10 for {whole.Steps[0].Duration / 2:F1} s\nRest for 2 h\nDischarge at C/10 for 5 min\nRest for 2 h"), "what if"),
            new() { SampleAfterStart = [0.1], From = charged.State });
        if (run.Steps.Count < 5) { return double.NaN; }
        var (step, potential) = (run.Series.Required(ColumnNames.Step).Values, run.Series.Potential.ToArray());
        var pulse = Enumerable.Range(0, step.Length).Where(i => (int)step[i] == 3).ToArray();
        // The jump is what the first sample, after 0.1 s, does not see.
        var first = pulse.First(i => run.Series.Time[i] - run.Steps[3].Start > 0.05);
        return Math.Pow((run.Steps[2].EndPotential - run.Steps[4].EndPotential) / (potential[first] - potential[pulse[^1]]), 2);
    }
}

/// <summary>A parameter with the error it is known to.</summary>
/// <param name="Path">In the cell file, or of the calibration.</param>
/// <param name="Value">Of the shipped cell.</param>
/// <param name="Error">One standard error.</param>
/// <param name="Unit">Of both.</param>
internal sealed record UncertainParameter(string Path, double Value, double Error, string Unit);
