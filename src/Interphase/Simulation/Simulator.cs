using System.Diagnostics;
using Interphase.Cells;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Simulation;

/// <summary>Runs a protocol on a cell.</summary>
public static class Simulator
{
    /// <summary>
    /// Simulates a protocol. A run that comes to a physical limit or a numerical stop returns what it has with <see cref="SimulationResult.StoppedBy"/>.
    /// </summary>
    /// <param name="cell">The cell.</param>
    /// <param name="protocol">What the cycler does.</param>
    /// <param name="options">How it is recorded; null: at every time step of the solver.</param>
    /// <param name="progress">Told the step as it begins.</param>
    /// <param name="cancellation">Ends the run with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InputException">The cell or the protocol cannot be simulated; says why.</exception>
    public static SimulationResult Run(Cell cell, Protocol protocol, SimulationOptions? options = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(protocol);
        return new Execution(cell, options ?? new(), cancellation, progress).Run(protocol);
    }
}

/// <summary>One run of a protocol: turns steps into controls and endings, counts cycles, ages the cell.</summary>
internal sealed class Execution
{
    private const double Never = 1e12;

    /// <summary>A current that drives a full or empty surface by this, V, cannot be carried.</summary>
    private const double MostDriven = 10;

    private readonly Cell cell;
    private readonly SimulationOptions options;
    private readonly CancellationToken cancellation;
    private readonly IProgress<string>? progress;
    private readonly TimeDomain domain;
    private readonly Recorder recorder;
    private readonly Degradation degradation;
    private readonly List<StepResult> steps = [];
    private readonly List<SimulatedSpectrum> spectra = [];
    private readonly List<Warning> warnings = [];
    private int cycles;
    private bool lastWasDischarge = true;
    private string? stopped;

    public Execution(Cell cell, SimulationOptions options, CancellationToken cancellation, IProgress<string>? progress)
    {
        this.cell = cell;
        this.options = options;
        this.cancellation = cancellation;
        this.progress = progress;
        var system = new CellSystem(cell, cell.Temperature);
        domain = new(cell, system);
        recorder = new(cell, options);
        degradation = new(cell, system);
        if (cell.Numerics.DoubleLayerInTime && InImpedanceOnly().ToArray() is { Length: > 0 } only)
        {
            warnings.Add(new("cell.numerics.doubleLayerInTime", $"only double layers of particles live in time; part of the impedance alone: {string.Join(", ", only)}"));
        }
        if (options.From is not { } from)
        {
            system.Begin(new(ControlKind.Current, 0), 0, cell.Numerics.RelativeTolerance);
            return;
        }
        system.Load(from);
        degradation.Continue(from.Ageing);
        domain.Continue(from.NetDischarge);
        cycles = from.Cycles;
        lastWasDischarge = from.LastWasDischarge;
    }

    private CellSystem System => domain.System;

    private IEnumerable<string> InImpedanceOnly()
    {
        if (cell.Positive is FoilElectrode { ArealCapacitance: > 0 }) { yield return "positive.arealCapacitance"; }
        if (cell.Negative is FoilElectrode { ArealCapacitance: > 0 }) { yield return "negative.arealCapacitance"; }
        if (cell.Separator.GrainBoundary is { ArealCapacitance: > 0 }) { yield return "separator.grainBoundary.arealCapacitance"; }
        if (cell.Positive is PorousElectrode { Interface.Coating.Capacitance: > 0 }) { yield return "positive.interface.coating.relativePermittivity"; }
        if (cell.Negative is PorousElectrode { Interface.Coating.Capacitance: > 0 }) { yield return "negative.interface.coating.relativePermittivity"; }
    }

    public SimulationResult Run(Protocol protocol)
    {
        var watch = Stopwatch.StartNew();
        double lithium = Lithium(), charge = domain.Charge, trapped = degradation.State.Trapped;
        var all = Math.Max((System.Positive?.Capacity ?? 0) + (System.Negative?.Capacity ?? 0), 1e-300);
        var warmth = System.Temperature;
        Items(protocol.Items);
        // The charge goes from one electrode to the other: a porous pair keeps the sum, a single porous electrode takes what passed.
        var passed = (System.Positive is null ? 0 : 1) - (System.Negative is null ? 0 : 1);
        var balance = (Lithium() - lithium) - (passed * (domain.Charge - charge)) + (degradation.State.Trapped - trapped);
        if (recorder.Missing > 0)
        {
            warnings.Add(new("at", $"{recorder.Missing} of the times asked for lie after the end of the run at {domain.Time:0.###} s and are left out"));
        }
        return new()
        {
            Cell = cell,
            Series = recorder.Series(),
            Polarisation = recorder.Polarisation(),
            Steps = steps,
            Spectra = spectra,
            LithiumBalance = System.Positive is null && System.Negative is null ? 0 : balance / all,
            Statistics = new(domain.Steps, domain.Rejected, System.Iterations, System.Iterations, watch.Elapsed.TotalSeconds),
            StoppedBy = stopped,
            Heat = cell.Thermal is { } thermal ? Balance(thermal, warmth) : null,
            State = Save(),
            Warnings = warnings,
        };
    }

    private HeatBalance Balance(Thermal thermal, double before) => new(
        domain.Heat.Total * cell.Area, domain.Heat.Reaction * cell.Area, domain.Heat.Reversible * cell.Area, thermal.HeatCapacity * (System.Temperature - before), domain.HeatLost * cell.Area);

    /// <summary>Lithium of the electrodes less the charge that stands on their double layers: what only a current from outside changes, C/m².</summary>
    private double Lithium() => System.Domains.Sum(d => d.Lithium() - d.LayerCharge());

    private SimulationState Save() => new(System.Positive?.Save(), System.Negative?.Save(), [.. System.Salt], [.. System.DeltaPhi])
    {
        Potential = domain.Potential,
        Current = -domain.TerminalCurrent * cell.Area,
        Temperature = System.Temperature,
        PositiveStoichiometry = System.Positive?.MeanStoichiometry() ?? double.NaN,
        NegativeStoichiometry = System.Negative?.MeanStoichiometry() ?? double.NaN,
        Cycles = cycles,
        DischargeDensity = domain.Discharge,
        NetDischarge = domain.Charge,
        LastWasDischarge = lastWasDischarge,
        Ageing = degradation.State,
    };

    private void Items(IReadOnlyList<ProtocolItem> items)
    {
        foreach (var item in items)
        {
            if (stopped is not null) { return; }
            switch (item)
            {
                case Repeat repeat:
                    Times(repeat);
                    break;
                case ProtocolStep { Action: MeasureImpedance impedance } step:
                    Spectrum(step, impedance);
                    break;
                case ProtocolStep { Action: ReplayCurrent replay } step:
                    Replay(step, replay);
                    break;
                case ProtocolStep step:
                    Do(step);
                    break;
            }
        }
    }

    private void Times(Repeat repeat)
    {
        var first = double.NaN;
        for (var i = 0; i < repeat.Count && stopped is null; i++)
        {
            var from = steps.Count;
            Items(repeat.Items);
            var discharged = steps.Skip(from).Where(s => s.Charge < 0).Sum(s => -s.Charge);
            if (i == 0) { first = discharged; }
            if (discharged < repeat.UntilCapacityBelow * first) { return; }
        }
    }

    private void Do(ProtocolStep step)
    {
        progress?.Report(step.Text);
        var potential = domain.Potential;
        Control control;
        double natural = Never;
        var direction = 0;
        var natureText = "time";
        switch (step.Action)
        {
            case HoldCurrent hold:
                var i = -hold.Current.PerArea(cell);
                direction = -Math.Sign(i);
                CountCycle(direction);
                control = new(ControlKind.Current, i * (1 - degradation.ParasiticShare(direction, cycles)));
                break;
            case HoldPower power:
                direction = Math.Sign(power.Power);
                CountCycle(direction);
                control = new(ControlKind.Power, -power.Power / cell.Area);
                break;
            case HoldPotential hold:
                control = new(ControlKind.Potential, hold.Potential);
                break;
            case SweepPotential sweep:
                direction = Math.Sign(sweep.To - potential);
                CountCycle(direction);
                control = new(ControlKind.Potential, potential, direction * sweep.Rate, domain.Time);
                natural = Math.Abs(sweep.To - potential) / sweep.Rate;
                natureText = $"potential {sweep.To:0.######} V";
                break;
            default:
                control = new(ControlKind.Current, 0);
                break;
        }
        degradation.Advance(cycles, domain.Time);
        var charges = step.Action is HoldPotential or SweepPotential ? 0 : direction;
        domain.ParasiticShare = charges > 0 ? degradation.ParasiticShare(direction, cycles) : 0;
        var (endings, duration) = Ends(step, control, direction, natural);
        var text = duration < natural ? "time" : natureText;
        Begin(out var start, out var charge, out var energy, out var startTime);
        var end = domain.Hold(control, duration, endings, recorder.StopsFor(domain.Time, duration), () =>
        {
            if (double.IsNaN(start)) { start = domain.Potential; }
            recorder.Row(domain, steps.Count, cycles, domain.Time == startTime);
        }, cancellation);
        degradation.Side(domain.TerminalCharge - charge, domain.ParasiticShare);
        Finish(step, start, charge, energy, startTime, end with { Text = end is { Kind: EndKind.Protocol, Text: "time" } ? text : end.Text });
    }

    private void Replay(ProtocolStep step, ReplayCurrent replay)
    {
        progress?.Report(step.Text);
        var (endings, duration) = Ends(step, new(ControlKind.Current, 0), 0, replay.Time[^1] - replay.Time[0]);
        Begin(out var start, out var charge, out var energy, out var startTime);
        StretchEnd end = new(EndKind.Protocol, "end of the profile");
        for (var k = 0; k + 1 < replay.Time.Length; k++)
        {
            double length = replay.Time[k + 1] - replay.Time[k], a = -replay.Current[k] / cell.Area, b = -replay.Current[k + 1] / cell.Area;
            if (length <= 0) { continue; }
            length = Math.Min(length, startTime + duration - domain.Time);
            if (length <= 0) { end = new(EndKind.Protocol, "time"); break; }
            if (b != 0) { CountCycle(-Math.Sign(b)); }
            var control = new Control(ControlKind.Current, a, (b - a) / (replay.Time[k + 1] - replay.Time[k]), domain.Time);
            var stretch = domain.Hold(control, length, endings, recorder.StopsFor(domain.Time, length), () =>
            {
                if (double.IsNaN(start)) { start = domain.Potential; }
                recorder.Row(domain, steps.Count, cycles, domain.Time == startTime);
            }, cancellation, k > 0 && a == domain.Discharge);
            if (stretch is not { Kind: EndKind.Protocol, Text: "time" }) { end = stretch; break; }
        }
        Finish(step, start, charge, energy, startTime, end);
    }

    private void Begin(out double start, out double charge, out double energy, out double time)
    {
        start = double.NaN;
        charge = domain.TerminalCharge;
        energy = domain.Energy;
        time = domain.Time;
    }

    private void Finish(ProtocolStep step, double start, double charge, double energy, double time, StretchEnd end)
    {
        recorder.Row(domain, steps.Count, cycles, true);
        steps.Add(new(steps.Count, step.Text, Math.Max(cycles, 1), time, domain.Time - time, -(domain.TerminalCharge - charge) * cell.Area, -(domain.Energy - energy) * cell.Area,
            start, domain.Potential, end.Text, end.Kind) { EndTemperature = System.Temperature });
        if (domain.Time == time && end is { Kind: EndKind.Protocol } && step.Action is HoldCurrent or HoldPower && !warnings.Exists(w => w.Text.StartsWith(AtOnce(step), StringComparison.Ordinal)))
        {
            warnings.Add(new("steps", $"{AtOnce(step)} {steps.Count} it ended at once: its end, {end.Text}, is passed at {domain.Potential:0.####} V"));
        }
        if (end.Kind is EndKind.PhysicalLimit or EndKind.NumericalStop)
        {
            stopped = $"step {steps.Count} ({step.Text}) stopped at {domain.Time:0.###} s: {end.Text}";
            warnings.Add(new("steps", stopped));
        }
    }

    private static string AtOnce(ProtocolStep step) => $"'{step.Text}' passed no charge: in step";

    private void CountCycle(int direction)
    {
        if (direction > 0 && lastWasDischarge) { cycles++; }
        if (direction != 0) { lastWasDischarge = direction < 0; }
    }

    private (List<Ending> Endings, double Duration) Ends(ProtocolStep step, Control control, int direction, double duration)
    {
        var endings = new List<Ending>();
        bool above = false, below = false;
        foreach (var end in step.Ends)
        {
            switch (end)
            {
                case AfterTime time:
                    duration = Math.Min(duration, time.Seconds);
                    break;
                case AtPotential at:
                    var rising = direction > 0 || (direction == 0 && at.Potential > domain.Potential);
                    above |= rising;
                    below |= !rising;
                    endings.Add(new(Watched.Potential, at.Potential, rising, $"potential {at.Potential:0.######} V", EndKind.Protocol));
                    break;
                case AtCurrent at:
                    var i = Math.Abs(at.Current.PerArea(cell));
                    endings.Add(new(Watched.Current, i, false, at.Current.Basis == AmountBasis.Nominal ? $"current {at.Current.Value:0.######}C" : $"current {i * cell.Area:g6} A", EndKind.Protocol));
                    break;
                case AtDrift at:
                    endings.Add(new(Watched.Drift, at.VoltsPerSecond, false, $"drift {at.VoltsPerSecond * 3.6e6:g6} mV/h", EndKind.Protocol));
                    break;
                case AfterCharge at:
                    endings.Add(new(Watched.Charge, at.Charge.PerArea(cell), true, $"charge {at.Charge.PerArea(cell) * cell.Area / 3600:g6} A.h", EndKind.Protocol));
                    break;
                case AtStoichiometry at:
                    var now = System.Positive?.MeanStoichiometry() ?? double.NaN;
                    endings.Add(new(Watched.Stoichiometry, at.Stoichiometry, direction == 0 ? at.Stoichiometry > now : direction < 0, $"stoichiometry {at.Stoichiometry:0.######}", EndKind.Protocol));
                    break;
            }
        }
        var drives = step.Action is HoldCurrent or HoldPower or ReplayCurrent;
        if (drives && direction >= 0 && !above && double.IsFinite(cell.Limits.Upper)) { endings.Add(new(Watched.Potential, cell.Limits.Upper, true, $"upper limit {cell.Limits.Upper:0.######} V", EndKind.CellLimit)); }
        if (drives && direction <= 0 && !below && double.IsFinite(cell.Limits.Lower)) { endings.Add(new(Watched.Potential, cell.Limits.Lower, false, $"lower limit {cell.Limits.Lower:0.######} V", EndKind.CellLimit)); }
        if (step.Action is HoldCurrent or HoldPower or ReplayCurrent) { endings.Add(new(Watched.Surface, MostDriven, true, "particle surfaces full or empty", EndKind.PhysicalLimit)); }
        Plateau(endings, cell.Negative as FoilElectrode, Watched.NegativeInventory, Watched.PositiveInventory, "negative");
        Plateau(endings, cell.Positive as FoilElectrode, Watched.PositiveInventory, Watched.NegativeInventory, "positive");
        if (duration >= Never && endings.All(e => e.Kind == EndKind.PhysicalLimit) && !drives)
        {
            throw new InputException($"the step '{step.Text}' has no end", step.Where, "add 'for 1 h' or 'until …', or limits to the cell");
        }
        return (endings, duration);
    }

    private static void Plateau(List<Ending> endings, FoilElectrode? foil, Watched taken, Watched given, string name)
    {
        if (foil is null) { return; }
        if (double.IsFinite(foil.Inventory)) { endings.Add(new(taken, foil.Inventory, true, $"lithium of the {name} foil exhausted: its plateau ends", EndKind.PhysicalLimit)); }
        if (double.IsFinite(foil.Capacity - foil.Inventory)) { endings.Add(new(given, foil.Capacity - foil.Inventory, true, $"{name} foil full: its plateau ends", EndKind.PhysicalLimit)); }
    }

    private void Spectrum(ProtocolStep step, MeasureImpedance impedance)
    {
        progress?.Report(step.Text);
        Begin(out var start, out var charge, out var energy, out var time);
        var frequencies = impedance.Frequencies();
        var (z, split) = FrequencyDomain.Spectrum(cell, System, frequencies);
        spectra.Add(new(steps.Count, new ImpedanceSpectrum(frequencies, z) { Time = time, Potential = domain.Potential, Reference = Recorder.Reference(cell), Temperature = System.Temperature, Index = spectra.Count }, split));
        start = domain.Potential;
        steps.Add(new(steps.Count, step.Text, Math.Max(cycles, 1), time, 0, charge - domain.TerminalCharge, energy - domain.Energy, start, start, "done", EndKind.Protocol) { EndTemperature = System.Temperature });
    }
}
