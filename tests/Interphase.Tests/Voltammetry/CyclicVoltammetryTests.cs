using Interphase.Files;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Tests.Cycling;
using Interphase.Tests.Support;
using Interphase.Voltammetry;

namespace Interphase.Tests.Voltammetry;

public class CyclicVoltammetryTests
{
    private static readonly Electrode Unit = Electrode.Read(Yaml.Parse("{ area: 1 cm2, reference: Li }", "e"));

    /// <summary>Sweeps between 3.0 and 4.2 V at a rate; the current is a function of potential and direction.</summary>
    private static TimeSeries Sweep(Func<double, int, double> current, int cycles = 2, double rate = 1e-4, double noise = 0, double step = 1e-3, double rest = 100)
    {
        var (t, i, e) = (new List<double>(), new List<double>(), new List<double>());
        var random = new Random(3);
        double now = 0;
        void Add(double potential, double value)
        {
            t.Add(now);
            e.Add(potential);
            i.Add(value + (noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
        }
        for (var k = 0; k < rest; k++) { Add(3, 0); now += 1; }
        var n = (int)Math.Round(1.2 / step);
        for (var c = 0; c < cycles; c++)
        {
            for (var k = 0; k < n; k++) { Add(3 + (k * step), current(3 + (k * step), 1)); now += step / rate; }
            for (var k = 0; k < n; k++) { Add(4.2 - (k * step), current(4.2 - (k * step), -1)); now += step / rate; }
        }
        return MadeSeries.Make([.. t], [.. i], [.. e]);
    }

    private static double Bell(double e, double at, double width) => Math.Exp(-0.5 * Math.Pow((e - at) / width, 2));

    /// <summary>Peaks at 3.75 and 3.55 V of 1 mA on a capacitive and ohmic baseline.</summary>
    private static double Redox(double e, int direction) => direction > 0 ? (1e-3 * Bell(e, 3.75, 0.05)) + 2e-5 + (2e-5 * (e - 3)) : (-1e-3 * Bell(e, 3.55, 0.05)) - 2e-5 + (2e-5 * (e - 3));

    [Theory]
    [InlineData(0)]
    [InlineData(5e-6)]
    [InlineData(2e-5)]
    public void Peaks_stand_where_they_are_above_their_baseline_within_the_stated_error(double noise)
    {
        var v = CyclicVoltammetry.Analyse(Sweep(Redox, noise: noise), Unit, new() { Resistance = 20 });
        Assert.Equal(2, v.Cycles.Count);
        foreach (var c in v.Cycles)
        {
            var (a, k) = (c.MainAnodic!, c.MainCathodic!);
            Assert.Equal((PeakKind.Peak, PeakKind.Peak), (a.Kind, k.Kind));
            Assert.InRange(Math.Abs(a.Potential.Value - 3.75), 0, Math.Max(3.5 * a.Potential.StandardError, 2e-4));
            Assert.InRange(Math.Abs(k.Potential.Value - 3.55), 0, Math.Max(3.5 * k.Potential.StandardError, 2e-4));
            Assert.InRange(a.Current.Value / 1e-3, 0.95, 1.05);
            Assert.InRange(k.Current.Value / -1e-3, 0.95, 1.05);
            Assert.Equal(0.20, c.Polarisation.Value, 0.004);
            Assert.Equal(3.65, c.Midpoint.Value, 0.002);
            Assert.Equal(1e-4, c.ScanRate, 8);
            Assert.Equal(0.20 - (20 * (a.RawCurrent - k.RawCurrent)), c.PolarisationIrCorrected.Value, 0.004);
            Assert.Equal(2.355 * 0.05, a.HalfWidth, 0.01);
        }
        // ∫ over the window of bell and baseline: 1.2533e-4 + 9.6e-6 cathodic, 1.2533e-4 + 3.84e-5 anodic.
        Assert.Equal((1.2533e-4 + 9.6e-6) / (1.2533e-4 + 3.84e-5), v.Cycles[1].ChargeRatio, 0.01);
    }

    [Fact]
    public void The_standard_error_of_a_peak_holds_its_scatter()
    {
        var z = Enumerable.Range(0, 40).Select(k =>
        {
            var shift = 1e-5 * k;
            var s = Sweep((e, d) => Redox(e - shift, d), cycles: 1, noise: 2e-5, rest: 50 + k);
            var p = CyclicVoltammetry.Analyse(s, Unit, new()).Cycles[0].MainAnodic!;
            return (p.Potential.Value - 3.75 - shift) / p.Potential.StandardError;
        }).ToArray();
        Assert.InRange(Math.Sqrt(z.Average(v => v * v)), 0.4, 1.8);
    }

    [Fact]
    public void An_edge_is_no_peak_and_the_polarisation_is_withheld_with_its_lower_bound()
    {
        var v = CyclicVoltammetry.Analyse(Sweep((e, d) => d > 0 ? 1e-3 * Math.Pow(e - 3, 3) : -1e-3 * Bell(e, 3.4, 0.05)), Unit, new());
        var c = v.Cycles[0];
        Assert.Equal(PeakKind.WindowEdge, Assert.Single(c.Anodic).Kind);
        Assert.False(c.Polarisation.HasValue);
        Assert.Contains(v.Warnings, w => w.Path == "cycles[0].polarisation" && w.Text.Contains("at least", StringComparison.Ordinal));
        Assert.Null(Json.Of(v.Contract())["cycles"]![0]!["polarisation"]);
    }

    [Fact]
    public void A_plateau_is_said_to_be_one()
    {
        var v = CyclicVoltammetry.Analyse(Sweep((e, d) => d > 0 ? 1e-3 * (Math.Tanh((e - 3.4) / 0.06) - (0.03 * (e - 3)) + 1) : -1e-3 * Bell(e, 3.4, 0.05)), Unit, new());
        Assert.Equal(PeakKind.Plateau, v.Cycles[0].MainAnodic!.Kind);
        Assert.Contains(v.Warnings, w => w.Text.Contains("plateau", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_peaks_and_a_shoulder_are_told_apart()
    {
        var two = CyclicVoltammetry.Analyse(Sweep((e, d) => d * 1e-3 * (Bell(e, 3.5, 0.04) + (0.6 * Bell(e, 3.9, 0.04)))), Unit, new()).Cycles[0];
        Assert.Equal([3.5, 3.9], two.Anodic.Select(p => Math.Round(p.Potential.Value, 3)));
        Assert.Equal([3.5, 3.9], two.Cathodic.Select(p => Math.Round(p.Potential.Value, 3)));
        var shoulder = CyclicVoltammetry.Analyse(Sweep((e, d) => d * 1e-3 * (Bell(e, 3.6, 0.04) + (0.35 * Bell(e, 3.7, 0.04)))), Unit, new()).Cycles[0];
        Assert.Single(shoulder.Anodic, p => !p.IsShoulder);
        Assert.Equal(3.7, Assert.Single(shoulder.Anodic, p => p.IsShoulder).Potential.Value, 0.03);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(0.7)]
    public void The_exponent_of_the_scan_rate_is_recovered(double b)
    {
        var files = new[] { 1e-4, 2e-4, 5e-4, 1e-3 }.Select(v => ($"{v}", Sweep((e, d) => Math.Pow(v / 1e-4, b) * Redox(e, d), rate: v))).ToArray();
        var r = CyclicVoltammetry.Analyse(files, Unit, new() { Concentration = 10 }).RateDependence;
        Assert.Equal(b, r.Anodic.Value, 0.01);
        Assert.Equal(b, r.Cathodic.Value, 0.01);
        Assert.InRange(b, r.Anodic.Lower95 - 0.01, r.Anodic.Upper95 + 0.01);
        // Randles–Ševčík by hand at 25 °C: ip/(A) = 2.69e5 A cm² √D c √v in mol/cm³ and cm².
        if (b == 0.5) { Assert.Equal(Math.Pow(r.SlopeAnodic.Value / (2.69e5 * 1e-5), 2), r.Diffusivity.Value * 1e4, 3e-3 * r.Diffusivity.Value * 1e4); }
        else { Assert.False(r.Diffusivity.HasValue); }
    }

    [Fact]
    public void A_potential_that_is_not_swept_is_an_error() =>
        Assert.Throws<InputException>(() => CyclicVoltammetry.Analyse(MadeSeries.Make([.. Enumerable.Range(0, 50).Select(k => (double)k)], new double[50], [.. Enumerable.Repeat(3.0, 50)]), Unit, new()));

    [NeedsDataFact]
    public void A_measured_scan_rate_series_shows_diffusion_and_its_scan_rates()
    {
        var files = new[] { 10, 25, 50, 100 };
        var args = files.Select(v => SampleData.Path($"cycling/gamry/F4CA_1M_KOH_{v}mVs.DTA.gz")).Prepend("cv").Append("--json").ToArray();
        var run = CommandResult.Of(args);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var cycles = run.Json.GetProperty("cycles").EnumerateArray().ToArray();
        Assert.Equal(4, cycles.Length);
        foreach (var (c, v) in cycles.Zip(files))
        {
            Assert.Equal(v * 1e-3, c.GetProperty("scanRate").GetDouble(), 2e-4 * v * 1e-3 * 10);
            Assert.InRange(c.GetProperty("polarisation").GetDouble(), 0.055, 0.11);
            Assert.Equal(-0.905, c.GetProperty("midpointPotential").GetDouble(), 0.005);
        }
        Assert.Equal(0.5, run.Json.GetProperty("rateDependence").GetProperty("cathodic").GetProperty("b").GetDouble(), 0.05);
    }

    [NeedsDataFact]
    public void Cycles_of_a_resistor_have_edges_and_no_peaks()
    {
        var series = InstrumentFile.Read(SampleData.Path("cycling/biologic/cv.issue_149.mpr")).Series!;
        var v = CyclicVoltammetry.Analyse(series, Electrode.Unknown, new());
        Assert.All(v.Cycles.SelectMany(c => c.Anodic.Concat(c.Cathodic)), p => Assert.Equal(PeakKind.WindowEdge, p.Kind));
        Assert.All(v.Cycles, c => Assert.Equal(0.05, c.ScanRate, 4));
        Assert.Equal(1, v.Cycles[1].ChargeRatio, 0.01);
    }
}
