using System.Text.Json;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Characterisation;

public class ThermalAnalysisTests
{
    private const double C = 273.15;
    private static string Data(string name) => SampleData.Path("characterisation/" + name);

    [NeedsDataTheory]
    [InlineData("t01_lnto_precursor_air_10K.txt")]
    [InlineData("t02_overlap.txt")]
    [InlineData("t03_no_crystallisation.txt")]
    [InlineData("t04_kissinger_05K.csv")]
    [InlineData("t04_kissinger_20K.csv")]
    [InlineData("t05_drift_spikes.csv")]
    public void Synthetic_runs_give_their_truth(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Data("synthetic/tgdsc/truth_tgdsc.json")));
        var truth = document.RootElement.GetProperty(file);
        var tolerance = truth.GetProperty("tol");
        double Tolerance(string key, double otherwise) => tolerance.TryGetProperty(key, out var v) ? v.GetDouble() : otherwise;
        var result = ThermalAnalysis.Analyse([InstrumentFile.Read(Data("synthetic/tgdsc/" + file))]);

        var peaks = result.Events.Where(e => e.Kind == ThermalEventKind.Crystallisation).ToArray();
        var expected = truth.GetProperty("crystallisation_peaks").EnumerateArray().ToArray();
        Assert.Equal(expected.Length, peaks.Length);
        foreach (var (e, t) in peaks.Zip(expected))
        {
            Assert.Equal(t.GetProperty("peak_C").GetDouble(), e.Peak.Value - C, 1.0);
            Assert.Equal(t.GetProperty("onset_C").GetDouble(), e.Onset.Value - C, 2.0);
            Assert.Equal(t.GetProperty("enthalpy_J_g").GetDouble(), e.Enthalpy.Value / 1000, Tolerance("enthalpy_rel", 0.1) * t.GetProperty("enthalpy_J_g").GetDouble());
        }
        var steps = result.Events.Where(e => e.Kind == ThermalEventKind.MassLoss).ToArray();
        var losses = truth.GetProperty("mass_steps").EnumerateArray().ToArray();
        Assert.Equal(losses.Length, steps.Length);
        foreach (var (e, t) in steps.Zip(losses))
        {
            Assert.Equal(-t.GetProperty("mass_loss_pct").GetDouble(), 100 * e.MassChange.Value, Tolerance("mass_pct", 0.4) / 2);
            Assert.Equal(t.GetProperty("dtg_peak_C").GetDouble(), e.Peak.Value - C, 1.0);
            Assert.Equal(t.GetProperty("T_99pct_C").GetDouble(), e.Done99.Value - C, 1.5);
            Assert.Equal(t.GetProperty("enthalpy_J_g").GetDouble(), e.Enthalpy.Value / 1000, Math.Max(5, 0.03 * Math.Abs(t.GetProperty("enthalpy_J_g").GetDouble())));
        }
    }

    [NeedsDataFact]
    public void The_precursor_gets_three_windows_with_the_temperatures_of_the_study()
    {
        var windows = ThermalAnalysis.Analyse([InstrumentFile.Read(Data("synthetic/tgdsc/t01_lnto_precursor_air_10K.txt"))]).Windows;
        Assert.Equal(["amorphous", "partial", "crystalline"], windows.Select(w => w.State));
        Assert.Equal(350 + C, windows[0].Suggested, 5.0);
        Assert.All(windows, w => Assert.InRange(w.Suggested, w.From, w.To));
    }

    [NeedsDataFact]
    public void Combustion_and_a_step_of_heat_capacity_are_no_crystallisation()
    {
        var events = ThermalAnalysis.Analyse([InstrumentFile.Read(Data("synthetic/tgdsc/t03_no_crystallisation.txt"))]).Events;
        Assert.DoesNotContain(events, e => e.Kind is ThermalEventKind.Crystallisation or ThermalEventKind.Endotherm);
        Assert.Equal(505 + C, Assert.Single(events, e => e.Kind == ThermalEventKind.BaselineStep).Peak.Value, 3.0);
        Assert.True(events.Last(e => e.Kind == ThermalEventKind.MassLoss).Enthalpy.Value > 0);
    }

    /// <summary>Wood chars and a polymer degrades slowly under weak heat: neither crystallises, and every exotherm that is named carries a loss that could set it free.</summary>
    [NeedsDataTheory]
    [InlineData("CUG_Wood_STA_N2_10K_R1.csv", 0)]
    [InlineData("mettler_toledo.txt", 1)]
    public void Heat_that_a_slow_loss_could_set_free_is_no_crystallisation(string file, int exotherms)
    {
        var r = ThermalAnalysis.Analyse([InstrumentFile.Read(Data("tgdsc/" + file))], new() { ExothermUp = true });
        Assert.DoesNotContain(r.Events, e => e.Kind == ThermalEventKind.Crystallisation);
        var found = r.Events.Where(e => e.Kind == ThermalEventKind.Exotherm).ToArray();
        Assert.True(found.Length >= exotherms);
        Assert.All(found, e => Assert.True(-e.MassChange.Value * 35e6 > e.Enthalpy.Value && e.MassChange.Value < -0.005));
        Assert.DoesNotContain(r.Windows, w => w.State != "amorphous");
        Assert.All(r.Events, e => Assert.True(e.Onset.Value >= r.Runs[0].From && e.End.Value <= r.Runs[0].To));
    }

    [NeedsDataFact]
    public void Three_rates_give_the_activation_energy_behind_the_sensors_lag()
    {
        var files = new[] { "05", "10", "20" }.Select(r => InstrumentFile.Read(Data($"synthetic/tgdsc/t04_kissinger_{r}K.csv"))).ToArray();
        var energy = ThermalAnalysis.Analyse(files).Kissinger!.ActivationEnergy;
        Assert.InRange(340e3, energy.Lower95, energy.Upper95);
        Assert.Equal(340e3, energy.Value, 0.05 * 340e3);
        Assert.Null(ThermalAnalysis.Analyse(files[..2]).Kissinger);
    }

    [Fact]
    public void A_hold_transforms_what_the_rate_law_says()
    {
        const double energy = 340e3, k0 = 1e24, n = 2.5;
        double[] rates = [5 / 60.0, 10 / 60.0, 20 / 60.0];
        // Kissinger's equation solved for the peak.
        var peaks = rates.Select(b =>
        {
            var t = 700.0;
            for (var i = 0; i < 200; i++) { t = energy / (8.314462618 * Math.Log(k0 * 8.314462618 * t * t / (b * energy))); }
            return t;
        }).ToArray();
        var k = Kissinger.Fit(rates, peaks, [0.1, 0.1, 0.1], 8.314462618 * peaks[1] * peaks[1] / (n * energy));
        Assert.Equal(energy, k.ActivationEnergy.Value, 20.0);
        Assert.Equal(n, k.Avrami, 0.02);
        const double hold = 640, seconds = 7200;
        Assert.Equal(1 - Math.Exp(-Math.Pow(k0 * Math.Exp(-energy / (8.314462618 * hold)) * seconds, n)), k.Transformed(hold, seconds), 0.02);
    }

    /// <summary>200 seeded runs from an independent integration of the rate law: 95 % intervals hold the truth 90–98 % of the time.</summary>
    [Fact]
    public void Intervals_of_peaks_hold_the_truth()
    {
        double[] t = [.. Enumerable.Range(0, 300).Select(i => 620 + (0.5 * i))];
        const double rate = 10 / 60.0;
        var one = Exotherm(t, rate, 420e3, 2, 665, 12e3, 1.17);
        var two = Exotherm(t, rate, 460e3, 2.2, 700, 9e3, 1.17);
        double top = t[Array.IndexOf(one, one.Max())], top2 = t[Array.IndexOf(two, two.Max())];
        (top, top2) = (Vertex(t, one), Vertex(t, two));
        int peak = 0, area = 0, peak2 = 0, all = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var noise = new MathNet.Numerics.Distributions.Normal(0, 4, new Random(seed));
            double[] heat = [.. t.Select((x, i) => 30 + (0.2 * (x - 620)) + one[i] + two[i] + noise.Sample())];
            var found = HeatPeaks.Fit(t, heat, rate, []).Where(p => !p.IsStep).ToArray();
            if (found.Length < 2) { continue; }
            all++;
            if (found[0].Peak.Lower95 <= top && top <= found[0].Peak.Upper95) { peak++; }
            if (found[1].Peak.Lower95 <= top2 && top2 <= found[1].Peak.Upper95) { peak2++; }
            if (found[0].Area.Lower95 <= 12e3 && 12e3 <= found[0].Area.Upper95) { area++; }
        }
        Assert.Equal(200, all);
        Assert.InRange(peak / 200.0, 0.90, 0.98);
        Assert.InRange(peak2 / 200.0, 0.90, 0.98);
        Assert.InRange(area / 200.0, 0.90, 0.98);
    }

    [Fact]
    public void Intervals_of_mass_steps_hold_the_truth()
    {
        double[] t = [.. Enumerable.Range(0, 350).Select(i => 320 + i * 1.0)];
        // Order n by direct integration of dα/dT = (k/β)(1 − α)ⁿ.
        var advance = new double[t.Length];
        const double energy = 120e3, order = 1.3, r = 8.314462618, tp = 500, rate = 10 / 60.0;
        var k0 = rate * energy / (r * tp * tp) * Math.Exp(energy / (r * tp));
        double a = 0, done99 = double.NaN;
        for (var i = 1; i < t.Length; i++)
        {
            for (var s = 0; s < 200; s++)
            {
                var x = t[i - 1] + ((s + 0.5) / 200);
                a += k0 * Math.Exp(-energy / (r * x)) * Math.Pow(1 - a, order) / rate / 200;
                if (double.IsNaN(done99) && a >= 0.99) { done99 = t[i - 1] + ((s + 1) / 200.0); }
            }
            advance[i] = a;
        }
        int change = 0, done = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var noise = new MathNet.Numerics.Distributions.Normal(0, 3e-4, new Random(1000 + seed));
            var step = Assert.Single(MassSteps.Fit(t, [.. advance.Select(x => 1 - (0.12 * x) + noise.Sample())]).Steps);
            if (step.Change.Lower95 <= -0.12 && -0.12 <= step.Change.Upper95) { change++; }
            if (step.Done99.Lower95 <= done99 && done99 <= step.Done99.Upper95) { done++; }
        }
        Assert.InRange(change / 200.0, 0.90, 0.98);
        Assert.InRange(done / 200.0, 0.90, 0.98);
    }

    [NeedsDataTheory]
    [InlineData("netzsch_sta449.txt", "netzsch-text", 7000, 304.211, 1.0, double.NaN)]
    [InlineData("netzsch_tg209.txt", "netzsch-text", 270, 300.291, 0.9998948, double.NaN)]
    [InlineData("perkinelmer_coke_burnoff.txt", "perkinelmer-text", 4700, 303.26, 0.999374929, double.NaN)]
    [InlineData("mettler_toledo.txt", "mettler-text", 2252, 309.775, 0.9999141, double.NaN)]
    [InlineData("CUG_Wood_STA_N2_10K_R1.csv", "thermal-csv", 661, 313.055, 1.0, 28)]
    [InlineData("HKPolyU_DSC_O2-21_10K_1.csv", "thermal-csv", 1004, 302.027, double.NaN, 4028.013941)]
    public void Exports_of_instruments_are_read(string file, string format, int rows, double firstTemperature, double firstMass, double firstHeat)
    {
        var m = InstrumentFile.Read(Data("tgdsc/" + file));
        Assert.Equal(format, m.Format);
        Assert.InRange(m.Thermal!.Count, rows - 30, rows + 60);
        Assert.Equal(firstTemperature, m.Thermal.Temperature[0], 1e-6);
        if (!double.IsNaN(firstMass)) { Assert.Equal(firstMass, m.Thermal.Mass![0], 1e-6); }
        if (!double.IsNaN(firstHeat)) { Assert.Equal(firstHeat, m.Thermal.HeatFlow![0], 1e-6); }
    }

    [NeedsDataFact]
    public void The_command_prints_the_contract()
    {
        var answer = CommandResult.Of("thermal", Data("synthetic/tgdsc/t02_overlap.txt"), "--json");
        Assert.Equal(0, answer.ExitCode);
        var e = answer.Json.GetProperty("events").EnumerateArray().Last();
        Assert.Equal("crystallisation", e.GetProperty("kind").GetString());
        Assert.Equal(434.1, e.GetProperty("peak_degC").GetDouble(), 1.0);
        Assert.Equal(JsonValueKind.Null, e.GetProperty("massChange_percent").ValueKind);
        Assert.Equal("amorphous", answer.Json.GetProperty("windows")[0].GetProperty("state").GetString());
        Assert.Equal(1, CommandResult.Of("thermal", Data("xrd/D5000_1.RAW")).ExitCode);
    }

    [Fact]
    public void A_run_that_never_heats_is_refused()
    {
        double[] t = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        var m = new Measurement { File = "x", Format = "test", Thermal = new ThermalCurve(t, [.. t.Select(_ => 400.0)]) { Mass = [.. t.Select(_ => 1.0)] } };
        Assert.Contains("heating", Assert.Throws<InputException>(() => ThermalAnalysis.Analyse([m])).Message, StringComparison.Ordinal);
    }

    private static double Vertex(double[] t, double[] y)
    {
        var i = Array.IndexOf(y, y.Max());
        return t[i] - (0.5 * (y[i + 1] - y[i - 1]) / (y[i + 1] - (2 * y[i]) + y[i - 1]) * (t[1] - t[0]));
    }

    /// <summary>α = 1 − exp(−(∫k dt)ⁿ) by small steps, then the first-order sensor by small steps, W/kg on the grid.</summary>
    private static double[] Exotherm(double[] t, double rate, double energy, double n, double peak, double enthalpy, double lag)
    {
        const double r = 8.314462618;
        const int fine = 200;
        var a = rate * energy / (r * peak * peak) * Math.Exp(energy / (r * peak));
        double integral = 0, before = 0, sensor = 0;
        var y = new double[t.Length];
        for (var i = 1; i < t.Length; i++)
        {
            var h = (t[i] - t[i - 1]) / fine;
            for (var s = 0; s < fine; s++)
            {
                integral += a * Math.Exp(-energy / (r * (t[i - 1] + ((s + 0.5) * h)))) * h / rate;
                var alpha = 1 - Math.Exp(-Math.Pow(integral, n));
                sensor += (((alpha - before) / h * rate * enthalpy) - sensor) * h / lag;
                before = alpha;
            }
            y[i] = sensor;
        }
        return y;
    }
}
