using FsCheck;
using FsCheck.Fluent;
using Interphase.Cycling;
using Interphase.Files;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cycling;

public class CyclingSummaryTests
{
    private static readonly Electrode TenMilligrams = Electrode.Read(Yaml.Parse("{ activeMass: 10 mg, area: 1 cm2, nominalCapacity: 100 mAh/g, reference: Li }", "e"));

    private static CyclingSummary Analyse(TimeSeries s, Electrode? e = null, CyclingOptions? o = null) => CyclingSummary.Analyse(s, e ?? TenMilligrams, o ?? new());

    /// <summary>1 mAh nominal: 0.1C is 0.1 mA for 10 h.</summary>
    private static MadeSeries Linear(double resistance = 0) => new(q => 3 + (q / 3.6), resistance);

    [Fact]
    public void Capacity_energy_efficiency_rate_and_onset_are_those_of_the_closed_form()
    {
        var s = Linear(100).Rest(600).Apply(1e-4, 36000).Rest(3600).Apply(-1e-4, 32400).Rest(3600).Apply(1e-4, 32400).Rest(600).Apply(-1e-4, 32400).Rest(600).Series();
        var c = Analyse(s).Cycles[0];
        Assert.Equal(3.6, c.Charge!.Charge, 9);
        Assert.Equal(3.24, c.Discharge!.Charge, 9);
        Assert.Equal(0.9, c.CoulombicEfficiency, 9);
        // Twice the current times the resistance, at one state of charge.
        Assert.Equal(0.02, c.PolarisationAtHalf, 6);
        Assert.Equal(0.1, c.Rate, 9);
        Assert.Equal(3 + 0.5 + 0.01, c.Charge.MeanPotential, 3);
        Assert.Equal(4 - 0.45 - 0.01, c.Discharge.MeanPotential, 3);
        Assert.Equal(3.01 + 0.01, c.OnsetPotential, 6);
        Assert.Equal(0.9 * c.Discharge.MeanPotential / c.Charge.MeanPotential, c.EnergyEfficiency, 9);
        Assert.True(c.Complete);
    }

    [Fact]
    public void A_first_charge_of_a_partly_charged_cell_is_no_whole_cycle()
    {
        var s = Linear().Apply(1e-4, 6000).Rest(60).Apply(-1e-4, 36000).Apply(1e-4, 36000).Apply(-1e-4, 35000).Series();
        var r = Analyse(s);
        Assert.False(r.Cycles[0].Complete);
        Assert.Contains("partly charged", r.Cycles[0].WhyIncomplete, StringComparison.Ordinal);
        Assert.Equal(35.0 / 36, r.Cycles[1].CumulativeEfficiency, 6);
    }

    [Fact]
    public void Charge_is_conserved_whatever_the_order_of_steps()
    {
        var steps = Gen.Choose(-20, 20).ArrayOf(12).Where(a => a.Any(i => i != 0));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(17, 29), Prop.ForAll(steps.ToArbitrary(), currents =>
        {
            var made = Linear();
            double expected = 0;
            foreach (var i in currents)
            {
                made.Apply(i * 1e-5, 3600, 7);
                expected += i * 1e-5 * 3600;
            }
            var r = Analyse(made.Series());
            var sum = r.Cycles.Sum(c => (c.Charge?.Charge ?? 0) - (c.Discharge?.Charge ?? 0));
            var ofSteps = r.Steps.Sum(p => p.Charge);
            return Math.Abs(sum - expected) < 1e-9 && Math.Abs(ofSteps - expected) < 1e-9;
        }));
    }

    [Fact]
    public void Capacity_per_mass_scales_with_the_inverse_mass_and_efficiency_does_not()
    {
        var s = Linear().Apply(1e-4, 36000).Apply(-1e-4, 30000).Series();
        var (a, b) = (Analyse(s), Analyse(s, TenMilligrams with { ActiveMass = Interphase.Units.Quantity.Of(20, "mg") }));
        var (ja, jb) = (Interphase.Results.Json.Of(a.Contract())["cycles"]![0]!, Interphase.Results.Json.Of(b.Contract())["cycles"]![0]!);
        Assert.Equal(2 * (double)jb["chargeCapacity_mAh_g"]!, (double)ja["chargeCapacity_mAh_g"]!, 9);
        Assert.Equal((double)ja["coulombicEfficiency"]!, (double)jb["coulombicEfficiency"]!);
        Assert.Equal(1, (double)ja["chargeCapacity_mAh"]!, 9);
        Assert.Equal(100, (double)ja["chargeCapacity_mAh_g"]!, 9);
    }

    [Fact]
    public void A_pause_is_never_bridged()
    {
        var whole = Linear().Apply(1e-4, 18000).Apply(1e-4, 18000).Apply(-1e-4, 36000).Series();
        var paused = Linear().Apply(1e-4, 18000).Pause(50000).Apply(1e-4, 18000).Apply(-1e-4, 36000).Series();
        var (a, b) = (Analyse(whole), Analyse(paused));
        Assert.Equal(a.Cycles[0].Charge!.Charge, b.Cycles[0].Charge!.Charge, 9);
        Assert.Equal(50000, Assert.Single(b.Pauses).Duration, 6);
        Assert.Contains(b.Warnings, w => w.Path == "pauses");
    }

    [Fact]
    public void Rests_of_any_length_do_not_change_capacities()
    {
        var none = Analyse(Linear().Apply(1e-4, 36000).Apply(-1e-4, 36000).Series()).Cycles[0];
        var rests = Analyse(Linear().Rest(100, 3).Apply(1e-4, 36000).Rest(1e5, 600).Apply(-1e-4, 36000).Rest(1e5, 600).Series()).Cycles[0];
        Assert.Equal(none.Charge!.Charge, rests.Charge!.Charge, 9);
        Assert.Equal(none.Discharge!.Charge, rests.Discharge!.Charge, 9);
    }

    [Fact]
    public void A_leading_discharge_stands_alone_unless_the_cell_is_a_half_cell_and_both_is_said()
    {
        var s = new MadeSeries(q => 4 + (q / 3.6)).Apply(-1e-4, 36000).Apply(1e-4, 32400).Apply(-1e-4, 32000).Apply(1e-4, 31000).Series();
        var full = Analyse(s);
        Assert.Equal("charge", full.Convention.BeginsOn);
        Assert.Null(full.Cycles[0].Charge);
        Assert.False(full.Cycles[0].Complete);
        Assert.Equal(32000.0 / 32400, full.Cycles[1].CoulombicEfficiency, 9);
        Assert.Contains(full.Warnings, w => w.Text.Contains("begin with a discharge", StringComparison.Ordinal));
        var half = Analyse(s, TenMilligrams with { Cell = CellKind.Half });
        Assert.Equal("discharge", half.Convention.BeginsOn);
        Assert.Equal(0.9, half.Cycles[0].CoulombicEfficiency, 9);
        Assert.Equal(2, half.Cycles.Count);
    }

    [Fact]
    public void Rates_are_measured_and_retention_refers_to_the_first_cycle_at_the_rate_of_the_last()
    {
        var made = Linear();
        foreach (var (rate, capacity) in new[] { (0.1, 1.0), (0.1, 0.99), (0.5, 0.8), (0.5, 0.78), (1, 0.5), (0.1, 0.9) })
        {
            made.Apply(1e-4, 36000 * capacity).Rest(600).Apply(-1e-3 * rate, 3600 / rate * capacity, 1).Rest(600);
        }
        var r = RateCapability.Analyse(made.Series(), TenMilligrams, new());
        Assert.Equal([0.1, 0.5, 1, 0.1], r.Groups.Select(g => Math.Round(g.Rate, 6)));
        Assert.Equal([1, 2], r.Groups[0].Cycles);
        Assert.Equal(3.6 * 0.79, r.Groups[1].Capacity, 6);
        Assert.Equal(1, r.Summary.ReferenceCycle);
        Assert.Equal(0.9, r.Summary.Retention.Value, 6);
    }

    [Fact]
    public void A_half_that_stops_where_the_others_do_not_is_incomplete()
    {
        var made = Linear();
        for (var k = 0; k < 5; k++) { made.Apply(1e-4, 36000).Rest(60).Apply(-1e-4, 36000).Rest(60); }
        var s = made.Apply(1e-4, 36000).Apply(-1e-4, 9000).Series();
        var r = Analyse(s);
        Assert.Equal([true, true, true, true, true, false], r.Cycles.Select(c => c.Complete));
        Assert.Equal(1, r.Retention.Value, 9);
        Assert.Contains(r.Warnings, w => w.Path == "cycles[5].complete");
    }

    [Fact]
    public void A_cell_that_dies_keeps_its_cycles_and_a_pulse_makes_none()
    {
        // 3.0 to 4.0 V whatever the capacity is, which falls by 30 % a cycle to 0.03 % of the first; 2 s pulses of the other sign in each half.
        var (time, current, potential) = (new List<double> { 0 }, new List<double> { 0 }, new List<double> { 3 });
        void Go(double i, double duration, double from, double to)
        {
            var start = time[^1];
            for (var k = 1; k <= 40; k++)
            {
                time.Add(start + (duration * k / 40));
                current.Add(i);
                potential.Add(from + ((to - from) * k / 40));
            }
        }
        const int cycles = 23;
        for (var c = 0; c < cycles; c++)
        {
            var seconds = 20000 * Math.Pow(0.7, c);
            Go(1e-3, 0.5 * seconds, 3.0, 3.5);
            if (c == 0) { Go(-1e-3, 2, 3.45, 3.44); }
            Go(1e-3, 0.5 * seconds, 3.5, 4.0);
            Go(-1e-3, seconds, 4.0, 3.0);
        }
        var s = Analyse(MadeSeries.Make([.. time], [.. current], [.. potential]));
        Assert.Equal(cycles, s.Cycles.Count);
        Assert.All(s.Cycles, c => Assert.True(c.Complete, c.WhyIncomplete));
        for (var c = 1; c < cycles; c++) { Assert.Equal(20 * Math.Pow(0.7, c), s.Cycles[c].Discharge!.Charge, 0.03 * 20 * Math.Pow(0.7, c)); }
    }

    [NeedsDataFact]
    public void A_measured_cell_that_dies_has_the_cycles_its_instrument_counted()
    {
        var series = InstrumentFile.Read(SampleData.Path("cycling/neware/nw4-120-1-6-53.ndax")).Series!;
        var s = Analyse(series);
        var counted = series.Required(ColumnNames.Cycle).Values.Where(double.IsFinite).Distinct().Count();
        Assert.Equal(150, counted);
        // The instrument's program shares one number between the last fast and the slow cycle of each of its ten blocks of sixteen.
        Assert.Equal(counted + 10, s.Cycles.Count);
        Assert.All(s.Cycles, c => Assert.True(Math.Abs(c.Discharge!.Charge - c.VendorDischarge) < 1e-3 * c.VendorDischarge));
        // Charges end in tapers of a few rows, which 10 s do not resolve: the stated errors hold what the counter says.
        var within = s.Cycles.Count(c => Math.Abs(c.Charge!.Charge - c.VendorCharge) < (1.96 * c.Charge.ChargeStandardError) + (1e-3 * c.VendorCharge));
        Assert.True(within >= 0.9 * s.Cycles.Count, $"{within} of {s.Cycles.Count}");
        // From a milliamp-hour to below a thousandth of it.
        Assert.True(s.Cycles.Min(c => c.Discharge?.Charge ?? double.MaxValue) < 1e-3 * s.Cycles.Max(c => c.Discharge?.Charge ?? 0) * 4);
    }

    [Fact]
    public void The_error_of_the_retention_holds_how_capacities_scatter()
    {
        // Forty cycles that fade by 0.2 % each and scatter by 0.5 %.
        static CyclingSummary Made(int seed)
        {
            var random = new Random(seed);
            var (time, current, potential) = (new List<double> { 0 }, new List<double> { 0 }, new List<double> { 3 });
            for (var half = 0; half < 80; half++)
            {
                var seconds = 3600 * (1 - (0.002 * (half / 2))) * (1 + (0.005 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
                var start = time[^1];
                for (var k = 1; k <= 60; k++) { time.Add(start + (seconds * k / 60)); current.Add(half % 2 == 0 ? 1e-3 : -1e-3); potential.Add(half % 2 == 0 ? 3 + (k / 60.0) : 4 - (k / 60.0)); }
            }
            return Analyse(MadeSeries.Make([.. time], [.. current], [.. potential]));
        }
        var made = Enumerable.Range(0, 60).Select(s => Made(s).Retention).ToArray();
        Assert.InRange(made.Count(r => Math.Abs(r.Value - 0.922) < 1.96 * r.StandardError), 51, 60);
        Assert.InRange(made.Average(r => r.StandardError), 0.005, 0.01); // 0.5 % in each of two cycles
    }

    [Fact]
    public void An_efficiency_above_one_in_most_cycles_is_a_warning()
    {
        var s = Linear().Apply(1e-4, 30000).Apply(-1e-4, 31000).Apply(1e-4, 30000).Apply(-1e-4, 31000).Apply(1e-4, 30000).Apply(-1e-4, 31000).Series();
        Assert.Contains(Analyse(s).Warnings, w => w.Path == "cycles[].coulombicEfficiency" && w.Text.Contains("above 100 %", StringComparison.Ordinal));
        Assert.DoesNotContain(Analyse(Linear().Apply(1e-4, 30000).Apply(-1e-4, 29000).Apply(1e-4, 29500).Apply(-1e-4, 29000).Series()).Warnings, w => w.Path == "cycles[].coulombicEfficiency");
    }

    [Fact]
    public void A_held_potential_is_its_own_step_and_belongs_to_the_charge()
    {
        var made = Linear().Apply(1e-3, 3600, 5);
        var series = made.Series();
        var (t, i, e) = (series.Time.ToArray().ToList(), series.Current.ToArray().ToList(), series.Potential.ToArray().ToList());
        for (var k = 1; k <= 400; k++) { t.Add(3600 + (5 * k)); i.Add(1e-3 * Math.Exp(-k / 100.0)); e.Add(e[719]); }
        var r = Analyse(MadeSeries.Make([.. t], [.. i], [.. e]));
        Assert.Equal([StepControl.ConstantCurrent, StepControl.ConstantPotential], r.Steps.Where(p => p.Kind == StepKind.Charge).Select(p => p.Control));
        Assert.Equal(1, r.Cycles[0].ChargeRate, 6);
        Assert.Equal(3.6 + (1e-3 * 500 * (1 - Math.Exp(-4))), r.Cycles[0].Charge!.Charge, 3);
    }

    [Fact]
    public void Without_mass_or_nominal_capacity_the_numbers_are_withheld_with_warnings()
    {
        var r = Analyse(Linear().Apply(1e-4, 36000).Apply(-1e-4, 36000).Series(), Electrode.Unknown);
        var json = Interphase.Results.Json.Of(r.Contract());
        Assert.Null(json["cycles"]![0]!["chargeCapacity_mAh_g"]);
        Assert.Null(json["cycles"]![0]!["rate"]);
        foreach (var key in new[] { "chargeCapacity_mAh_g", "rate", "onsetPotential" }) { Assert.Contains(r.Warnings, w => w.Path.EndsWith(key, StringComparison.Ordinal)); }
        Assert.Throws<InputException>(() => Analyse(Linear().Rest(1000).Series()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.1)]
    public void The_integral_of_differential_capacity_is_the_capacity_and_a_peak_is_where_it_is(double scale)
    {
        // Q(E) is a logistic step of width 10 mV at 3.6 V on a line: E(Q) is found by bisection.
        static double Q(double e) => (0.5 * (e - 3)) + (2 / (1 + Math.Exp(-(e - 3.6) / 0.010)));
        static double E(double q)
        {
            double a = 2.9, b = 4.5;
            for (var k = 0; k < 60; k++) { if (Q(0.5 * (a + b)) < q) { a = 0.5 * (a + b); } else { b = 0.5 * (a + b); } }
            return 0.5 * (a + b);
        }
        var s = new MadeSeries(E).Apply(1e-4 * scale, 24000 / scale, 20 / scale).Apply(-1e-4 * scale, 24000 / scale, 20 / scale).Series();
        var d = DifferentialCapacity.Analyse(s, TenMilligrams, new(), 0.003);
        Assert.Equal(2, d.Branches.Count);
        foreach (var b in d.Branches)
        {
            var area = 0.0;
            for (var k = 1; k < b.Value.Length; k++) { area += 0.5 * (b.Value[k] + b.Value[k - 1]) * (b.Potential[k] - b.Potential[k - 1]); }
            Assert.Equal(2.4, area, 2);
            var peak = Assert.Single(b.Peaks);
            Assert.Equal(3.6, peak.Potential.Value, 4);
            // The logistic density has its height 2/(4·10 mV) + 0.5 and second derivative −2/(8·(10 mV)³); the bias is stated to second order.
            Assert.Equal(50.5, peak.Height.Value - peak.HeightBias, 0.6);
            Assert.True(peak.HeightBias < -0.8);
        }
    }

    [Fact]
    public void The_standard_error_of_a_peak_holds_its_scatter_under_noise()
    {
        static double E(double q) => 3.6 + (0.02 * (q - 1.2)) + (0.05 * Math.Pow(q - 1.2, 3));
        var clean = new MadeSeries(E).Apply(1e-4, 24000, 20).Series();
        var random = new Random(5);
        var z = Enumerable.Range(0, 60).Select(_ =>
        {
            var noisy = clean.Potential.ToArray().Select(v => v + (0.5e-3 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))).ToArray();
            var b = DifferentialCapacity.Analyse(MadeSeries.Make(clean.Time.ToArray(), clean.Current.ToArray(), noisy), TenMilligrams, new(), 0.006).Branches[0];
            var p = b.Peaks.MinBy(p => Math.Abs(p.Potential.Value - 3.6))!;
            return (p.Potential.Value - 3.6) / p.Potential.StandardError;
        }).ToArray();
        var spread = Math.Sqrt(z.Average(v => v * v));
        Assert.InRange(spread, 0.4, 2);
    }
}
