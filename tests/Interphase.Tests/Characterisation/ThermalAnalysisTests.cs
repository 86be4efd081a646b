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
        Assert.All(windows, w => Assert.InRange(w.Suggested, w.From.Value, w.To.Value));
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
    [InlineData("CUG_Wood_STA_N2_10K_R1.csv")]
    [InlineData("mettler_toledo.txt")]
    public void Heat_that_a_slow_loss_could_set_free_is_no_crystallisation(string file)
    {
        var r = ThermalAnalysis.Analyse([InstrumentFile.Read(Data("tgdsc/" + file))], new() { ExothermUp = true });
        Assert.DoesNotContain(r.Events, e => e.Kind == ThermalEventKind.Crystallisation);
        var found = r.Events.Where(e => e.Kind == ThermalEventKind.Exotherm).ToArray();
        Assert.All(found, e => Assert.True(-e.MassChange.Value * 35e6 > e.Enthalpy.Value && e.MassChange.Value < -0.005));
        if (file == "mettler_toledo.txt") { Assert.True(Assert.Single(r.Events, e => e.MassChange.Value < -0.005 && e.Peak.Value is > 473 and < 503).Enthalpy.Value > 0); }
        Assert.DoesNotContain(r.Windows, w => w.State != "amorphous");
        // Steps that cancel would fit the curve and say nothing of the material.
        Assert.All(r.Events.Where(e => e.Kind == ThermalEventKind.MassLoss), e => Assert.InRange(e.MassChange.Value, -0.85, -0.005));
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
        const double energy = 340e3, k0 = 1e24, n = 2.5, r = 8.314462618;
        double[] rates = [5 / 60.0, 10 / 60.0, 20 / 60.0];
        double[] t = [.. Enumerable.Range(0, 600).Select(i => 590 + (0.25 * i))];
        var peaks = rates.Select(b => Vertex(t, Exotherm(t, b, energy, n, PeakOf(b, energy, k0), 1e4, 1e-3))).ToArray();
        var k = Kissinger.Fit(rates, peaks, [0.1, 0.1, 0.1], r * peaks[1] * peaks[1] / (n * (energy + (2 * r * peaks[1]))));
        Assert.Equal(energy, k.ActivationEnergy.Value, 1000.0);
        Assert.Equal(n, k.Avrami.Value, 0.02);
        const double hold = 640, seconds = 7200;
        Assert.Equal(1 - Math.Exp(-Math.Pow(k0 * Math.Exp(-energy / (r * hold)) * seconds, n)), k.Transformed(hold, seconds).Value, 0.02);
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
        double start = Onset(t, one), start2 = Onset(t, two);
        int peak = 0, area = 0, peak2 = 0, all = 0, onset = 0, onset2 = 0, area2 = 0;
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
            if (found[1].Area.Lower95 <= 9e3 && 9e3 <= found[1].Area.Upper95) { area2++; }
            if (found[0].Onset.Lower95 <= start && start <= found[0].Onset.Upper95) { onset++; }
            if (found[1].Onset.Lower95 <= start2 && start2 <= found[1].Onset.Upper95) { onset2++; }
            Assert.Equal(top, found[0].Peak.Value, 1.0);
            Assert.Equal(top2, found[1].Peak.Value, 1.0);
        }
        Assert.Equal(200, all);
        Assert.InRange(peak / 200.0, 0.90, 0.98);
        Assert.InRange(peak2 / 200.0, 0.90, 0.98);
        Assert.InRange(area / 200.0, 0.90, 0.98);
        Assert.InRange(area2 / 200.0, 0.90, 0.98);
        Assert.InRange(onset / 200.0, 0.90, 0.98);
        Assert.InRange(onset2 / 200.0, 0.90, 0.98);
    }

    /// <summary>
    /// A gel as gels are: a step on the flank of the next, which burns, then three exotherms in a row close behind it; integrated independently of the
    /// fitted shapes. The intervals of all heats, of the windows' bounds and of the first onset, where a little is lost before the tangent says so, hold the truth.
    /// </summary>
    [Fact]
    public void A_step_on_a_flank_and_exotherms_in_a_row_are_all_found()
    {
        const double rate = 10 / 60.0, lag = 1.17;
        double[] t = [.. Enumerable.Range(0, 1100).Select(i => 313 + (0.4 * i))];
        (double Energy, double Order, double Peak, double Loss, double Heat)[] steps = [(95e3, 1.2, 380, 0.052, -160e3), (120e3, 1.5, 528, 0.11, -60e3), (160e3, 1.2, 583, 0.135, 420e3)];
        double[] heats = [12e3, 14e3, 10e3];
        double[][] peaks = [Exotherm(t, rate, 410e3, 2, 646.2, heats[0], lag), Exotherm(t, rate, 450e3, 2.2, 675.2, heats[1], lag), Exotherm(t, rate, 470e3, 2.2, 697.2, heats[2], lag)];
        var mass = t.Select(x => 1 + (0.002 * (x - 313) / 440)).ToArray();
        var heat = t.Select((x, i) => -80 - (0.14 * (x - 313)) + peaks.Sum(p => p[i])).ToArray();
        double firstOnset = double.NaN, organics = double.NaN;
        foreach (var s in steps)
        {
            var k0 = rate * s.Energy / (8.314462618 * s.Peak * s.Peak) * Math.Exp(s.Energy / (8.314462618 * s.Peak));
            double a = 0, sensor = 0, fastest = 0;
            const double h = 0.4 / 200;
            for (var i = 1; i < t.Length; i++)
            {
                for (var j = 0; j < 200; j++)
                {
                    var x = t[i - 1] + ((j + 0.5) * h);
                    var da = Math.Min(1 - a, k0 * Math.Exp(-s.Energy / (8.314462618 * x)) * Math.Pow(1 - a, s.Order) * h / rate);
                    if (s == steps[0] && da > fastest) { (fastest, firstOnset) = (da, x - (a * h / da)); }
                    if (s == steps[2] && a < 0.99 && a + da >= 0.99) { organics = x; }
                    a += da;
                    sensor += ((da / h * rate * s.Heat) - sensor) * h / lag;
                }
                mass[i] -= s.Loss * a;
                heat[i] += sensor;
            }
        }
        double[] bounds = [organics, Onset(t, peaks[0]), Onset(t, peaks[0]), End(t, peaks[2]), End(t, peaks[2])];
        const int runs = 40;
        var (ofHeats, ofBounds) = (0, 0);
        Parallel.For(0, runs, seed =>
        {
            var random = new Random(640000 + seed);
            var (grams, watts) = (new MathNet.Numerics.Distributions.Normal(0, 1.5e-4, random), new MathNet.Numerics.Distributions.Normal(0, 4, random));
            var r = ThermalAnalysis.Analyse(
            [
                new Measurement
                {
                    File = "x", Format = "test",
                    Thermal = new ThermalCurve([.. t.Select(x => (x - 313) / rate)], t) { Mass = [.. mass.Select(x => x + grams.Sample())], HeatFlow = [.. heat.Select(x => x + watts.Sample())], ExothermUp = true },
                },
            ]);
            ThermalEventKind[] expected = [.. Enumerable.Repeat(ThermalEventKind.MassLoss, 3), .. Enumerable.Repeat(ThermalEventKind.Crystallisation, 3)];
            Assert.Equal(expected, r.Events.Select(e => e.Kind));
            foreach (var (e, s) in r.Events.Zip(steps))
            {
                Assert.Equal(-s.Loss, e.MassChange.Value, 5 * e.MassChange.StandardError);
                Assert.Equal(s.Heat, e.Enthalpy.Value, 5 * e.Enthalpy.StandardError);
                Assert.True(e.Enthalpy.StandardError < 1e3);
            }
            foreach (var (e, p) in r.Events.Skip(3).Zip(peaks))
            {
                Assert.Equal(Vertex(t, p), e.Peak.Value, 1.0);
                Assert.Equal(e.Enthalpy.Value / mass[^1], e.EnthalpyOfFinalMass.Value, 0.002 * Math.Abs(e.Enthalpy.Value));
            }
            Assert.All(r.Events.Take(3), e => Assert.False(e.EnthalpyOfFinalMass.HasValue));
            Assert.Equal(["amorphous", "partial", "crystalline"], r.Windows.Select(w => w.State));
            Interlocked.Add(ref ofHeats, r.Events.Zip(steps.Select(s => s.Heat).Concat(heats)).Count(e => Holds(e.First.Enthalpy, e.Second)));
            Results.Estimate[] given = [.. r.Windows.SelectMany(w => new[] { w.From, w.To })];
            Assert.True(double.IsNaN(given[^1].StandardError));
            Interlocked.Add(ref ofBounds, given.Zip(bounds).Append((r.Events[0].Onset, firstOnset)).Count(b => Holds(b.Item1, b.Item2)));
        });
        Assert.InRange(ofHeats / (6.0 * runs), 0.90, 0.98);
        Assert.InRange(ofBounds / (6.0 * runs), 0.90, 0.98);
    }

    private static bool Holds(Results.Estimate e, double truth) => e.Lower95 <= truth && truth <= e.Upper95;

    /// <summary>Three runs at 5, 10 and 20 K/min of one crystallisation, with the thermometer's own scatter of 0.1 K a run.</summary>
    [Fact]
    public void Intervals_of_the_activation_energy_hold_the_truth()
    {
        double[] t = [.. Enumerable.Range(0, 260).Select(i => 640 + (0.5 * i))];
        const double energy = 380e3, n = 2.5, r = 8.314462618;
        double[] rates = [5 / 60.0, 10 / 60.0, 20 / 60.0];
        var k0 = rates[1] * energy / (r * 700 * 700) * Math.Exp(energy / (r * 700));
        // A sensor of 5 s lags by that many seconds' heating.
        var clean = rates.Select(b => Exotherm(t, b, energy, n, PeakOf(b, energy, k0), 20e3, 5 * b)).ToArray();
        int holds = 0, exponent = 0, shares = 0, furnaces = 0;
        double Share(double hold) => 1 - Math.Exp(-Math.Pow(k0 * Math.Exp(-energy / (r * hold)) * 7200, n));
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(90000 + seed);
            var (noise, thermometer) = (new MathNet.Numerics.Distributions.Normal(0, 3, random), new MathNet.Numerics.Distributions.Normal(0, 0.1, random));
            var peaks = rates.Select((b, i) =>
            {
                var shift = thermometer.Sample();
                return Assert.Single(HeatPeaks.Fit([.. t.Select(x => x + shift)], [.. t.Select((x, k) => 30 + (0.2 * (x - 640)) + clean[i][k] + noise.Sample())], b, []), p => !p.IsStep);
            }).ToArray();
            var found = Kissinger.Of(rates, peaks);
            if (found.ActivationEnergy.Lower95 <= energy && energy <= found.ActivationEnergy.Upper95) { holds++; }
            if (found.Avrami.Lower95 <= n && n <= found.Avrami.Upper95) { exponent++; }
            // What a hold does, at the temperature it says and in a furnace that is off as furnaces are.
            if (Holds(found.Transformed(650, 7200, 0), Share(650))) { shares++; }
            if (Holds(found.Transformed(650, 7200), Share(650 + MathNet.Numerics.Distributions.Normal.Sample(random, 0, Kissinger.Furnace)))) { furnaces++; }
        }
        Assert.InRange(shares / 200.0, 0.90, 0.98);
        Assert.InRange(furnaces / 200.0, 0.90, 0.98);
        Assert.InRange(holds / 200.0, 0.90, 0.98);
        Assert.InRange(exponent / 200.0, 0.90, 0.98);
    }

    /// <summary>Burning and drying of random size, place and heat on drifting baselines, on seeds that nothing was chosen on: what is called crystallisation there is false.</summary>
    [Fact]
    public void Combustion_and_noise_are_not_called_crystallisation()
    {
        const int runs = 150;
        var called = 0;
        for (var seed = 0; seed < runs; seed++)
        {
            var random = new Random(7310000 + seed);
            double Between(double low, double high) => low + ((high - low) * random.NextDouble());
            double[] t = [.. Enumerable.Range(0, 1000).Select(i => 310 + (0.6 * i))];
            var rate = 10 / 60.0;
            var (mass, heat) = (new double[t.Length], new double[t.Length]);
            var (bend, slope) = (Between(-60, 60), Between(-100, 100));
            var drift = Between(-2e-5, 2e-5);
            for (var i = 0; i < t.Length; i++)
            {
                var x = (t[i] - 610) / 300;
                (mass[i], heat[i]) = (1 + (drift * (t[i] - 310)), 50 + (slope * x) + (bend * x * x));
            }
            foreach (var at in new[] { Between(360, 420), Between(500, 560), Between(600, 700) })
            {
                var (w, order, loss, perKilogram) = (Between(6, 14), Between(0.8, 1.8), Between(0.02, 0.2), Between(-2.5e6, 8e6));
                var y = Array.ConvertAll(t, x => KineticShape.Rate(x, at, w, order));
                for (var i = 0; i < t.Length; i++) { mass[i] -= loss * KineticShape.Advance(t[i], at, w, order); }
                KineticShape.Lag(t, y, 1.2);
                for (var i = 0; i < t.Length; i++) { heat[i] += loss * perKilogram * y[i] * rate; }
            }
            var (grams, watts) = (new MathNet.Numerics.Distributions.Normal(0, 1e-4, random), new MathNet.Numerics.Distributions.Normal(0, 5, random));
            var m = new Measurement
            {
                File = "x", Format = "test",
                Thermal = new ThermalCurve([.. t.Select(x => (x - 310) / rate)], t) { Mass = [.. mass.Select(x => x + grams.Sample())], HeatFlow = [.. heat.Select(x => x + watts.Sample())], ExothermUp = true },
            };
            if (ThermalAnalysis.Analyse([m]).Events.Any(e => e.Kind == ThermalEventKind.Crystallisation)) { called++; }
        }
        Assert.InRange(called, 0, runs / 100);
    }

    /// <summary>Steps of no kinetic order: the reading without a model finds what the noise-free curve says by the same definition.</summary>
    [Fact]
    public void Intervals_of_steps_read_off_the_curve_hold_the_truth()
    {
        double[] t = [.. Enumerable.Range(0, 900).Select(i => 320 + (0.6 * i))];
        // Logistic humps with a shoulder, partly over each other.
        static double Clean(double x) => 1 - (0.3 / (1 + Math.Exp(-(x - 500) / 12))) - (0.08 / (1 + Math.Exp(-(x - 470) / 14))) - (0.25 / (1 + Math.Exp(-(x - 640) / 16)));
        double[] fine = [.. Enumerable.Range(0, 54000).Select(i => 320 + (0.01 * i))];
        double[] slope = [.. fine.Select(x => (Clean(x + 0.01) - Clean(x - 0.01)) / 0.02)];
        int Top(double from, double to) => Enumerable.Range(0, fine.Length).Where(i => fine[i] > from && fine[i] < to).MinBy(i => slope[i]);
        var (first, second) = (Top(480, 520), Top(620, 660));
        var valley = Enumerable.Range(first, second - first).MaxBy(i => slope[i]);
        // Peak, onset, end, change of the second step, whose start is the valley and whose end the last level.
        var (from, to) = (Clean(fine[valley]), Clean(859.4));
        var peak = fine[second];
        double[] truth = [peak + ((from - Clean(peak)) / slope[second]), peak, peak + ((to - Clean(peak)) / slope[second]), to - from];
        var holds = new int[4];
        const int runs = 200;
        for (var seed = 0; seed < runs; seed++)
        {
            var noise = new MathNet.Numerics.Distributions.Normal(0, 4e-4, new Random(55000 + seed));
            var steps = MassReadings.Of(t, [.. t.Select(x => Clean(x) + noise.Sample())]).Steps;
            Assert.Equal(2, steps.Count);
            var s = steps[1];
            Results.Estimate[] read = [s.Onset, s.Peak, s.End, s.Change];
            for (var k = 0; k < 4; k++) { if (read[k].Lower95 <= truth[k] && truth[k] <= read[k].Upper95) { holds[k]++; } }
        }
        Assert.All(holds, h => Assert.InRange(h / (double)runs, 0.90, 0.98));
    }

    /// <summary>A second loss that the end of the run cuts, as in a truncated file: where the organics are gone cannot be known.</summary>
    [Theory]
    [InlineData(0.3, false)]
    [InlineData(0.002, true)]
    public void A_loss_that_the_run_cuts_leaves_no_temperature_free_of_organics(double cut, bool given)
    {
        double[] t = [.. Enumerable.Range(0, 600).Select(i => 320 + (0.45 * i))];
        var (grams, watts) = (new MathNet.Numerics.Distributions.Normal(0, 1e-4, new Random(77)), new MathNet.Numerics.Distributions.Normal(0, 3, new Random(78)));
        var m = new Measurement
        {
            File = "x", Format = "test",
            Thermal = new ThermalCurve([.. t.Select(x => 6 * (x - 320))], t)
            {
                Mass = [.. t.Select(x => 1 - (0.05 * KineticShape.Advance(x, 400, 8, 1.2)) - (cut * KineticShape.Advance(x, 590, 10, 1.2)) + grams.Sample())],
                HeatFlow = [.. t.Select(_ => 20 + watts.Sample())], ExothermUp = true,
            },
        };
        var r = ThermalAnalysis.Analyse([m]);
        Assert.Equal(given, r.Windows.Any(w => w.State == "amorphous"));
        Assert.Equal(!given, r.Warnings.Any(w => w.Path == "windows" && w.Text.Contains("not as a whole step", StringComparison.Ordinal)));
        Assert.Equal(-0.05, Assert.Single(r.Events, e => e.Kind == ThermalEventKind.MassLoss).MassChange.Value, 0.005);
    }

    [Fact]
    public void Every_heating_of_a_programme_is_analysed_for_itself()
    {
        // 5 K/min to 600 K with one loss, a hold, cooling, then 20 K/min to 900 K with another.
        var (time, temperature, mass) = (new List<double>(), new List<double>(), new List<double>());
        void Go(double to, double perMinute, double seconds, Func<double, double> m)
        {
            var start = temperature.Count == 0 ? 320 : temperature[^1];
            var steps = perMinute == 0 ? (int)(seconds / 3) : (int)(Math.Abs(to - start) / perMinute * 20);
            for (var i = 1; i <= steps; i++)
            {
                time.Add(time.Count * 3.0);
                temperature.Add(start + ((to - start) * i / steps) + (0.02 * Math.Sin(0.7 * i)));
                mass.Add(m(temperature[^1]));
            }
        }

        double First(double t) => 1 - (0.2 * KineticShape.Advance(t, 480, 10, 1.3));
        Go(600, 5, 0, First);
        Go(600, 0, 1800, _ => 0.8);
        Go(330, 40, 0, _ => 0.8);
        Go(900, 20, 0, t => 0.8 - (0.1 * KineticShape.Advance(t, 720, 12, 1)));
        var r = ThermalAnalysis.Analyse([new Measurement { File = "x", Format = "test", Thermal = new ThermalCurve([.. time], [.. temperature]) { Mass = [.. mass] } }]);
        Assert.Equal([5.0, 20.0], r.Runs.Select(h => Math.Round(60 * h.Rate)));
        Assert.Equal(-0.2, Assert.Single(r.Events, e => e.Heating == 1).MassChange.Value, 0.005);
        Assert.Equal(-0.1, Assert.Single(r.Events, e => e.Heating == 2).MassChange.Value, 0.005);
    }

    private static double PeakOf(double rate, double energy, double k0)
    {
        var t = 700.0;
        for (var i = 0; i < 200; i++) { t = energy / (8.314462618 * Math.Log(k0 * 8.314462618 * t * t / (rate * energy))); }
        return t;
    }

    private static double Onset(double[] t, double[] y)
    {
        var fine = MathNet.Numerics.Interpolation.CubicSpline.InterpolateNaturalSorted(t, y);
        var top = t[Array.IndexOf(y, y.Max())];
        var steepest = Enumerable.Range(0, 20000).Select(i => top - 40 + (i * 0.002)).MaxBy(fine.Differentiate);
        return steepest - (fine.Interpolate(steepest) / fine.Differentiate(steepest));
    }

    /// <summary>The fall to 1 % of the height.</summary>
    private static double End(double[] t, double[] y)
    {
        var i = Array.IndexOf(y, y.Max());
        while (y[i] > 0.01 * y.Max()) { i++; }
        var (a, b) = (Math.Log(y[i - 1]), Math.Log(y[i]));
        return t[i - 1] + ((t[i] - t[i - 1]) * (a - Math.Log(0.01 * y.Max())) / (a - b));
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
        // The tangent at the fastest change, on the integrated curve.
        var spline = MathNet.Numerics.Interpolation.CubicSpline.InterpolateNaturalSorted(t, advance);
        var fastest = Enumerable.Range(0, 40000).Select(i => 460 + (i * 0.002)).MaxBy(spline.Differentiate);
        var (meets, ends) = (fastest - (spline.Interpolate(fastest) / spline.Differentiate(fastest)), fastest + ((1 - spline.Interpolate(fastest)) / spline.Differentiate(fastest)));
        int change = 0, done = 0, onset = 0, end = 0, top = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var noise = new MathNet.Numerics.Distributions.Normal(0, 3e-4, new Random(1000 + seed));
            var step = Assert.Single(MassSteps.Fit(t, [.. advance.Select(x => 1 - (0.12 * x) + noise.Sample())]).Steps);
            if (step.Change.Lower95 <= -0.12 && -0.12 <= step.Change.Upper95) { change++; }
            if (step.Done99.Lower95 <= done99 && done99 <= step.Done99.Upper95) { done++; }
            if (step.Onset.Lower95 <= meets && meets <= step.Onset.Upper95) { onset++; }
            if (step.End.Lower95 <= ends && ends <= step.End.Upper95) { end++; }
            if (step.Peak.Lower95 <= fastest && fastest <= step.Peak.Upper95) { top++; }
        }
        Assert.InRange(onset / 200.0, 0.90, 0.98);
        Assert.InRange(end / 200.0, 0.90, 0.98);
        Assert.InRange(top / 200.0, 0.90, 0.98);
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

    [Theory]
    [InlineData("up", "350")]
    [InlineData("up", "350 degC for -2 h")]
    [InlineData("up", "-400 degC for 2 h")]
    [InlineData("up", "350 degC for 0 s")]
    [InlineData("up", "350 degC for 2 mm")]
    [InlineData("sideways", null)]
    public void A_hold_or_direction_that_is_none_is_refused(string exotherm, string? hold) =>
        Assert.NotEmpty(Assert.Throws<InputException>(() => ThermalOptions.Parse(exotherm, hold)).Mend);

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
