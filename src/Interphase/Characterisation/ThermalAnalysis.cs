using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>What an event of a thermal curve is.</summary>
public enum ThermalEventKind
{
    /// <summary>A step of mass; its heat is that of decomposition, drying or combustion.</summary>
    MassLoss,

    /// <summary>Heat set free while the mass stands still.</summary>
    Crystallisation,

    /// <summary>Heat set free, where no balance tells what it belongs to.</summary>
    Exotherm,

    /// <summary>Heat taken up while the mass stands still.</summary>
    Endotherm,

    /// <summary>A step that does not return: a change of heat capacity.</summary>
    BaselineStep,
}

/// <summary>One event; temperatures in K, mass change as a fraction (negative for a loss), enthalpy in J/kg of initial mass, exothermic positive.</summary>
public sealed record ThermalEvent(string File, ThermalEventKind Kind, Estimate Onset, Estimate Peak, Estimate End, Estimate MassChange, Estimate Enthalpy)
{
    /// <summary>Temperature at which 99 % of a mass step is done, K; withheld for other kinds.</summary>
    public Estimate Done99 { get; init; } = Estimate.Withheld("no mass step");

    /// <summary>Change of mass as the balance read it, drift and buoyancy included; NaN for other kinds.</summary>
    public double MassChangeUncorrected { get; init; } = double.NaN;

    /// <summary>The enthalpy in J/kg of the mass that is left at the end of the heating, as heats of crystallisation of an oxide from its gel are compared; withheld for steps of mass and without a balance.</summary>
    public Estimate EnthalpyOfFinalMass { get; init; } = Estimate.Withheld("of the final mass only where the mass stands still and was weighed");

    /// <summary>Which heating of its file, counted from 1.</summary>
    public int Heating { get; init; } = 1;

    internal HeatPeak? Heat { get; init; }
}

/// <summary>A range of annealing temperatures, K, with the state it leaves and one temperature to use. A bound is as uncertain as the event it comes from; one where the run begins or ends has no error.</summary>
public sealed record AnnealingWindow(string State, Estimate From, Estimate To, double Suggested, string Why);

/// <summary>How thermal curves are analysed.</summary>
public readonly record struct ThermalOptions()
{
    /// <summary>Sign of the heat flow where the file does not say it; null takes positive as exothermic and warns.</summary>
    public bool? ExothermUp { get; init; }

    /// <summary>A hold whose transformed fraction is asked for, K; NaN for none.</summary>
    public double HoldTemperature { get; init; } = double.NaN;

    /// <summary>Its duration, s.</summary>
    public double HoldDuration { get; init; } = 7200;

    /// <summary>Options as a person writes them: the direction of exothermic (<c>up</c>, <c>down</c>) and a hold (<c>350 degC for 2 h</c>); null for what is not asked.</summary>
    /// <exception cref="InputException">A text is neither.</exception>
    public static ThermalOptions Parse(string? exotherm, string? hold)
    {
        var options = new ThermalOptions
        {
            ExothermUp = exotherm switch
            {
                null => null, "up" => true, "down" => false,
                var other => throw new InputException($"'{other}' is no direction", "exotherm", "write up or down"),
            },
        };
        if (hold is null) { return options; }
        var parts = hold.Split(" for ");
        if (parts.Length != 2) { throw new InputException($"'{hold}' is no hold", "hold", "write a temperature and a duration, as in '350 degC for 2 h'"); }
        var (temperature, duration) = (Units.Quantity.Parse(parts[0], "K").Value, Units.Quantity.Parse(parts[1], "s").Value);
        return temperature is >= 50 and <= 3500 && duration > 0
            ? options with { HoldTemperature = temperature, HoldDuration = duration }
            : throw new InputException($"'{hold}' is no hold", "hold", "write a temperature from 50 to 3500 K and a duration above zero, as in '350 degC for 2 h'");
    }
}

/// <summary>What thermal curves say.</summary>
public sealed record ThermalResult(IReadOnlyList<ThermalEvent> Events, IReadOnlyList<AnnealingWindow> Windows, Kissinger? Kissinger, Estimate HoldConversion,
    IReadOnlyList<ThermalHeating> Runs, IReadOnlyList<Warning> Warnings, ThermalOptions Options)
{
    /// <summary>What no curve tells of its own errors, and the standard errors therefore do not hold.</summary>
    public const string LeftOut = "calibration of the thermocouple (commonly 0.5 to 2 K) and of the heat flow (commonly 2 to 5 %)";
}

/// <summary>One heating: file, K/s, the first and last temperature in K, and the drift of the balance as a fraction per K.</summary>
public sealed record ThermalHeating(string File, double Rate, double From, double To, double MassDrift)
{
    /// <summary>Which heating of its file, counted from 1.</summary>
    public int Heating { get; init; } = 1;
}

/// <summary>Thermogravimetry and calorimetry: steps of mass, events of heat, and annealing temperatures.</summary>
public static class ThermalAnalysis
{
    /// <summary>Analyses one or several heating runs of one material.</summary>
    /// <exception cref="InputException">A file holds no heating, or neither mass nor heat flow.</exception>
    public static ThermalResult Analyse(IReadOnlyList<Measurement> measurements, ThermalOptions? settings = null)
    {
        ArgumentNullException.ThrowIfNull(measurements);
        var options = settings ?? new();
        var warnings = new List<Warning>();
        var runs = new List<(ThermalRun Run, IReadOnlyList<ThermalEvent> Events)>();
        var heatings = new List<ThermalHeating>();
        var all = new List<ThermalEvent>();
        foreach (var m in measurements)
        {
            warnings.AddRange(m.Warnings);
            var stated = m.Thermal?.ExothermUp;
            var found = ThermalRun.Of(m, stated ?? options.ExothermUp ?? true);
            if (m.Thermal!.HeatFlow is not null && stated is null && options.ExothermUp is null)
            {
                warnings.Add(new("events", $"{Path.GetFileName(m.File)} does not say which way is exothermic; positive is taken as exothermic (state it with --exotherm up or --exotherm down)"));
            }
            for (var h = 0; h < found.Count; h++)
            {
                var run = found[h];
                if (run.Rate > FastestOven) { warnings.Add(new("runs", FormattableString.Invariant($"{Path.GetFileName(m.File)} was heated at {run.Rate * 60:0} K/min by its column of time, faster than these instruments do: check the unit of time"))); }
                var steps = run.Mass is null ? null : MassSteps.Fit(run.Temperature, run.Mass);
                var told = new List<Warning>();
                var name = Path.GetFileName(m.File);
                if (run.Spikes > 0) { told.Add(new("events", $"{run.Spikes} single {(run.Spikes == 1 ? "reading" : "readings")} of {name} that stood out from the neighbours {(run.Spikes == 1 ? "is" : "are")} replaced by their median")); }
                foreach (var (from, to) in run.Gaps) { told.Add(new("events", FormattableString.Invariant($"{name} has no readings from {from - 273.15:0} to {to - 273.15:0} °C; what happens there is not seen"))); }
                IReadOnlyList<ThermalEvent> events = [.. Events(run, steps, told).Select(e => e with { Heating = h + 1 })];
                warnings.AddRange(found.Count == 1 ? told : told.Select(w => w with { Text = $"heating {h + 1}: {w.Text}" }));
                if (h == 0 || found.Count == 1) { runs.Add((run, events)); }
                else if (runs[^1].Events.Count == 0) { runs[^1] = (run, events); }
                all.AddRange(events);
                heatings.Add(new(run.File, run.Rate, run.Temperature[0], run.Temperature[^1], steps?.Drift ?? double.NaN) { Heating = h + 1 });
            }
            if (found.Count > 1) { warnings.Add(new("windows", $"{Path.GetFileName(m.File)} was heated {found.Count} times; windows and activation energies come from the first heating with an event")); }
        }
        var slowest = runs.OrderBy(r => r.Run.Rate).First();
        if (runs.Count > 1) { warnings.Add(new("windows", $"the windows come from the slowest heating, {slowest.Run.Rate * 60:0.#} K/min ({Path.GetFileName(slowest.Run.File)})")); }
        var windows = Windows(slowest.Run, slowest.Events, warnings);
        var kissinger = ActivationEnergy(runs, warnings);
        var hold = Estimate.Withheld("a hold is predicted from runs at three or more heating rates");
        if (!double.IsNaN(options.HoldTemperature))
        {
            if (kissinger is null) { warnings.Add(new("hold.conversion", "a hold is predicted from runs at three or more heating rates")); }
            else { hold = kissinger.Transformed(options.HoldTemperature, options.HoldDuration); }
        }
        return new(all, windows, kissinger, hold, heatings, warnings, options);
    }

    /// <summary>200 K/min, in K/s.</summary>
    private const double FastestOven = 200 / 60.0;

    /// <summary>The share of the mass below which there is nothing left to crystallise.</summary>
    private const double LeastLeft = 0.05;

    private static List<ThermalEvent> Events(ThermalRun run, MassSteps? steps, List<Warning> warnings)
    {
        var events = new List<ThermalEvent>();
        var none = Estimate.Withheld("the mass stands still");
        if (steps is { AreReadings: true })
        {
            warnings.Add(new("events", $"no model of steps fits the mass of {Path.GetFileName(run.File)}, so they are read off the curve between the minima of its derivative; the balance's drift is in them"));
        }
        else if (steps is { Steps.Count: > 0 } && steps.Residual > Math.Max(3 * steps.Noise, 5e-5))
        {
            warnings.Add(new("events", $"the mass of {Path.GetFileName(run.File)} departs from the fitted steps by {steps.Residual * 100:0.###} % of the initial mass; standard errors are widened by that misfit"));
        }
        if (steps is { Dropped.Count: > 0 })
        {
            warnings.Add(new("events", $"the mass of {Path.GetFileName(run.File)} also changes near {Places(steps.Dropped)} °C, but not as a whole step inside the run; no event is given for that"));
        }
        var quiet = new List<HeatPeak>();
        foreach (var (from, to) in run.HeatFlow is null ? [] : Quiet(run, steps))
        {
            var tails = (steps?.Steps ?? []).Select(s => Tail(run.Temperature[from..to], s)).Where(t => t.Max() > 1e-6).ToArray();
            foreach (var peak in HeatPeaks.Fit(run.Temperature[from..to], run.HeatFlow![from..to], run.Rate, tails))
            {
                if (peak.Onset.Value < run.Temperature[from] || peak.End.Value > run.Temperature[to - 1])
                {
                    warnings.Add(new("events", FormattableString.Invariant($"the heat flow of {Path.GetFileName(run.File)} also departs from its baseline near {peak.Peak.Value - 273.15:0} °C, at an end of the stretch without a step of mass; no event is given for it")));
                    continue;
                }
                quiet.Add(peak);
                var change = Creeping(run, peak);
                var left = run.Mass is null ? 1 : MassReadings.Level(run.Temperature, run.Mass, peak.Peak.Value);
                var kind = peak.IsStep ? ThermalEventKind.BaselineStep
                    : peak.Height < 0 ? ThermalEventKind.Endotherm
                    : steps is null || change.HasValue || left < LeastLeft ? ThermalEventKind.Exotherm : ThermalEventKind.Crystallisation;
                if (peak is { IsStep: false, Height: > 0 } && left < LeastLeft) { warnings.Add(new("events", FormattableString.Invariant($"the exotherm of {Path.GetFileName(run.File)} at {peak.Peak.Value - 273.15:0} °C comes when {100 * left:0.#} % of the mass is left: it is not called crystallisation"))); }
                if (kind == ThermalEventKind.Exotherm && change.HasValue) { warnings.Add(new("events", FormattableString.Invariant($"the exotherm of {Path.GetFileName(run.File)} at {peak.Peak.Value - 273.15:0} °C goes with a slow change of mass of {100 * change.Value:0.00} %, which could set free as much heat: it is not called crystallisation"))); }
                var final = run.Mass is null ? double.NaN : MassReadings.Level(run.Temperature, run.Mass, run.Temperature[^1]);
                events.Add(new(run.File, kind, peak.Onset, peak.Peak, peak.End, change.HasValue ? change : none, peak.Area) { Heat = peak });
                if (!peak.IsStep && !change.HasValue && final > LeastLeft) { events[^1] = events[^1] with { EnthalpyOfFinalMass = peak.Area.Scaled(1 / final) }; }
            }
        }
        var heats = StepHeats.Of(run, steps, quiet);
        for (var i = 0; i < heats.Count; i++)
        {
            var s = steps!.Steps[i];
            events.Add(new(run.File, ThermalEventKind.MassLoss, s.Onset, s.Peak, s.End, s.Change, heats[i]) { Done99 = s.Done99, MassChangeUncorrected = s.Uncorrected });
        }
        if (steps is null && events.Count > 0)
        {
            warnings.Add(new("events", $"{Path.GetFileName(run.File)} holds no mass, so combustion cannot be told from crystallisation; add the balance's signal"));
        }
        return [.. events.OrderBy(e => e.Peak.Value)];
    }

    /// <summary>
    /// Change of mass under a peak of heat, where it exceeds what balances drift (0.3 % in 100 K) and noise, and what it could set free or take up
    /// by burning (35 kJ per gram lost) exceeds the heat; else withheld.
    /// </summary>
    private static Estimate Creeping(ThermalRun run, HeatPeak peak)
    {
        const double drift = MassReadings.Drift, heat = 35e6;
        if (run.Mass is null || peak.IsStep) { return Estimate.Withheld("the mass stands still"); }
        var t = run.Temperature;
        var rows = Enumerable.Range(0, t.Length).Where(i => t[i] >= peak.Onset.Value && t[i] <= peak.End.Value).ToArray();
        if (rows.Length < 6) { return Estimate.Withheld("too few points"); }
        var (slope, error) = Slope([.. rows.Select(i => t[i])], [.. rows.Select(i => run.Mass[i])]);
        var width = peak.End.Value - peak.Onset.Value;
        return Math.Abs(slope) - drift > 3 * error && Math.Abs(slope) * width * heat > Math.Abs(peak.Area.Value) ? Estimate.Of(slope * width, error * width) : Estimate.Withheld("the mass stands still");
    }

    private static (double Slope, double StandardError) Slope(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        var xx = x.Sum(v => (v - mx) * (v - mx));
        var slope = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / xx;
        var residual = x.Zip(y, (a, b) => b - my - (slope * (a - mx))).Sum(r => r * r);
        return (slope, Math.Sqrt(residual / Math.Max(1, x.Length - 2) / xx));
    }

    /// <summary>Stretches of at least 30 K in which no step of mass is under way (each from its first to its last per cent).</summary>
    private static IEnumerable<(int From, int To)> Quiet(ThermalRun run, MassSteps? steps)
    {
        var t = run.Temperature;
        var from = 0;
        // The sensor needs its first kelvins to follow the programme.
        while (from < t.Length && t[from] < t[0] + 5) { from++; }
        foreach (var s in (steps?.Steps ?? []).OrderBy(s => s.Starts))
        {
            var to = from;
            while (to < t.Length && t[to] < s.Starts) { to++; }
            if (to - from > 30 && t[to - 1] - t[from] >= 30) { yield return (from, to); }
            while (from < t.Length && t[from] < s.Done99.Value + 4) { from++; }
        }
        if (t.Length - from > 30 && t[^1] - t[from] >= 30) { yield return (from, t.Length); }
    }

    private static double[] Tail(double[] temperature, MassStep step)
    {
        var y = Array.ConvertAll(temperature, t => step.Rate(t));
        KineticShape.Lag(temperature, y, 1);
        return y;
    }

    private static List<AnnealingWindow> Windows(ThermalRun run, IReadOnlyList<ThermalEvent> events, List<Warning> warnings)
    {
        const double c = 273.15;
        var crystallisation = events.Where(e => e.Kind == ThermalEventKind.Crystallisation).ToArray();
        if (run.HeatFlow is null || run.Mass is null)
        {
            warnings.Add(new("windows", "annealing windows need mass and heat flow of one run"));
            return [];
        }
        var (start, last) = (Estimate.WithoutError(run.Temperature[0], "the run begins there"), Estimate.WithoutError(run.Temperature[^1], "the run ends there"));
        var losses = events.Where(e => e.Kind == ThermalEventKind.MassLoss).ToArray();
        if (crystallisation.Length == 0)
        {
            warnings.Add(new("windows", $"no crystallisation is seen up to {last.Value - c:0} °C; only where the mass stands still before that is said"));
            if (losses.MaxBy(e => e.Done99.Value)?.Done99 is not { } gone || gone.Value >= last.Value || StillLosing(gone.Value, last.Value)) { return []; }
            return [new("amorphous", gone, Estimate.Withheld("no crystallisation is seen"), c + (Math.Ceiling((gone.Value - c + 10) / 10) * 10), "the last step of mass is 99 % done; the heat flow shows no crystallisation")];
        }
        var first = crystallisation.MinBy(e => e.Onset.Value)!.Onset;
        var end = crystallisation.MaxBy(e => e.End.Value)!.End;
        var organics = losses.Where(e => e.Peak.Value < first.Value).MaxBy(e => e.Done99.Value)?.Done99 ?? start;
        var windows = new List<AnnealingWindow>();
        if (organics.Value < first.Value && !StillLosing(organics.Value, first.Value))
        {
            windows.Add(new("amorphous", organics, first, Round(0.5 * (organics.Value + first.Value), organics, first), "organics are gone and the first crystallisation has not begun"));
        }
        else if (organics.Value >= first.Value) { warnings.Add(new("windows", "crystallisation begins before the organics are gone: no temperature leaves a clean amorphous coating")); }
        windows.Add(new("partial", first, end, Round(0.5 * (first.Value + end.Value), first, end), "between the first onset and the last end of crystallisation in this heating"));
        windows.Add(new("crystalline", end, last, Round(Math.Min(end.Value + 100, (0.5 * (end.Value + last.Value)) + 50), end, last), "well above the last end of crystallisation; higher only coarsens the grains"));
        warnings.Add(new("windows", $"the windows hold for heating at {run.Rate * 60:0.#} K/min; a hold crystallises at lower temperature (give runs at three rates and --hold)"));
        return windows;

        // A loss that is no whole step, or is cut by the end of the run: where it ends is not seen, so that no temperature is free of organics.
        bool StillLosing(double from, double to)
        {
            const double least = 0.005, settled = 4;
            var lost = MassReadings.Level(run.Temperature, run.Mass, from + settled) - MassReadings.Level(run.Temperature, run.Mass, to - settled) - (MassReadings.Drift * (to - from));
            if (!(lost > least)) { return false; }
            warnings.Add(new("windows", FormattableString.Invariant($"another {100 * lost:0.0} % of the mass is lost between {from - c:0} and {to - c:0} °C, not as a whole step: where the organics are gone is not seen, and no amorphous window is given")));
            return true;
        }

        static double Round(double t, Estimate low, Estimate high)
        {
            var r = c + (Math.Round((t - c) / 10) * 10);
            return r > low.Value && r < high.Value ? r : t;
        }
    }

    private static Kissinger? ActivationEnergy(List<(ThermalRun Run, IReadOnlyList<ThermalEvent> Events)> runs, List<Warning> warnings)
    {
        if (runs.Count < 2) { return null; }
        var strongest = runs.Select(r => (r.Run.Rate, Peak: r.Events.Where(e => e.Heat is { IsStep: false, Height: > 0 } && e.Kind is ThermalEventKind.Crystallisation or ThermalEventKind.Exotherm).OrderByDescending(e => e.Enthalpy.Value).FirstOrDefault()?.Heat))
            .Where(r => r.Peak is not null).OrderBy(r => r.Rate).ToArray();
        var distinct = strongest.Length == 0 ? 0 : 1 + strongest.Zip(strongest.Skip(1)).Count(p => p.Second.Rate > 1.15 * p.First.Rate);
        if (distinct < 3)
        {
            warnings.Add(new("kissinger", "an activation energy needs a crystallisation peak at three or more heating rates"));
            return null;
        }
        return Kissinger.Of([.. strongest.Select(s => s.Rate)], [.. strongest.Select(s => s.Peak!)]);
    }

    /// <summary>Temperatures (K) as words in °C; those within 50 K of the next are one place.</summary>
    private static string Places(IReadOnlyList<double> temperatures)
    {
        var places = new List<(double From, double To)>();
        foreach (var t in temperatures.Select(t => t - 273.15).Order())
        {
            if (places.Count > 0 && t - places[^1].To < 50) { places[^1] = (places[^1].From, t); }
            else { places.Add((t, t)); }
        }
        return string.Join(", ", places.Select(p => p.From == p.To ? FormattableString.Invariant($"{p.From:0}") : FormattableString.Invariant($"{p.From:0}–{p.To:0}")));
    }

    /// <summary>The contract's keys and units.</summary>
    public static object Contract(this ThermalResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        static double C(double kelvin) => kelvin - 273.15;
        return new
        {
            events = r.Events.Select(e => new
            {
                file = e.File, heating = e.Heating, kind = e.Kind,
                onset_degC = C(e.Onset.Value), onsetStandardError = e.Onset.StandardError,
                peak_degC = C(e.Peak.Value), standardError = e.Peak.StandardError,
                end_degC = C(e.End.Value), endStandardError = e.End.StandardError,
                done99_degC = C(e.Done99.Value), done99StandardError = e.Done99.StandardError,
                massChange_percent = 100 * e.MassChange.Value, massChangeStandardError = 100 * e.MassChange.StandardError, massChangeUncorrected_percent = 100 * e.MassChangeUncorrected,
                enthalpy_J_g = e.Enthalpy.Value / 1000, enthalpyStandardError = e.Enthalpy.StandardError / 1000,
                enthalpyOfFinalMass_J_g = e.EnthalpyOfFinalMass.Value / 1000, enthalpyOfFinalMassStandardError = e.EnthalpyOfFinalMass.StandardError / 1000,
            }),
            windows = r.Windows.Select(w => new { state = w.State, from_degC = C(w.From.Value), fromStandardError = w.From.StandardError, to_degC = C(w.To.Value), toStandardError = w.To.StandardError, suggested_degC = C(w.Suggested), why = w.Why }),
            kissinger = r.Kissinger is not { } k ? null : new
            {
                activationEnergy_kJ_mol = k.ActivationEnergy.Value / 1000, standardError = k.ActivationEnergy.StandardError / 1000,
                lower95 = k.ActivationEnergy.Lower95 / 1000, upper95 = k.ActivationEnergy.Upper95 / 1000, avramiExponent = k.Avrami.Value, avramiStandardError = k.Avrami.StandardError,
            },
            hold = double.IsNaN(r.Options.HoldTemperature) ? null : new { temperature_degC = C(r.Options.HoldTemperature), duration_s = r.Options.HoldDuration, temperatureStandardError_K = Kissinger.Furnace, conversion = r.HoldConversion.Value, lower95 = r.HoldConversion.Lower95, upper95 = r.HoldConversion.Upper95 },
            runs = r.Runs.Select(h => new { file = h.File, heating = h.Heating, heatingRate_K_min = h.Rate * 60, from_degC = C(h.From), to_degC = C(h.To), massDrift_percent_per_100K = h.MassDrift * 1e4 }),
            standardErrorsLeaveOut = ThermalResult.LeftOut,
            warnings = r.Warnings,
        };
    }
}
