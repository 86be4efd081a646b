using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Tests.Support;
using Interphase.Units;

namespace Interphase.Tests.Impedance;

public class PelletConductivityTests
{
    [NeedsDataFact]
    public void Conductivity_and_activation_are_found_also_where_the_bulk_arc_has_left_the_window()
    {
        var cases = Spectra.Json("synthetic/truth.json").GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("set").GetString() == "pellet").ToArray();
        var geometry = PelletGeometry.Round(Quantity.Parse("0.80 +- 0.02 mm"), Quantity.Parse("10 mm"));
        var result = PelletConductivity.Analyse([.. cases.Select(c => Spectra.Table("synthetic/" + c.GetProperty("file").GetString()) with { Temperature = c.GetProperty("T_C").GetDouble() + 273.15 })], geometry);
        foreach (var (truth, found) in cases.Zip(result.Spectra))
        {
            var sigma = 100 * truth.GetProperty("sigma_total_S_cm").GetDouble();
            Assert.Equal(ConductivityMethod.Total, found.Method);
            Assert.InRange(found.Conductivity.Value, 0.98 * sigma, 1.02 * sigma);
            // the stated error is mostly that of the thickness
            Assert.InRange(found.Conductivity.StandardError / found.Conductivity.Value, 0.025, 0.027);
            if (found.BulkResistance.HasValue && truth.GetProperty("T_C").GetDouble() <= 45)
            {
                Assert.InRange(geometry.Factor / found.BulkResistance.Value, 0.97 * 100 * truth.GetProperty("sigma_bulk_S_cm").GetDouble(), 1.03 * 100 * truth.GetProperty("sigma_bulk_S_cm").GetDouble());
            }
        }
        Assert.InRange(result.BulkActivation!.Energy.Value, 0.355, 0.365);
        Assert.InRange(result.GrainBoundaryActivation!.Energy.Value, 0.415, 0.425);
        var total = ArrheniusLaw.Fit([.. cases.Select(c => (c.GetProperty("T_C").GetDouble() + 273.15, c.GetProperty("sigma_total_S_cm").GetDouble(), 0.001))], ArrheniusForm.SigmaT);
        Assert.Equal(total.Energy.Value, result.Activation!.Energy.Value, 0.002);
    }

    [NeedsDataFact]
    public void A_published_temperature_series_gives_its_published_activation_energies()
    {
        int[] temperatures = [140, 150, 160, 170, 180, 190, 200];
        var geometry = PelletGeometry.Round(Quantity.Parse("0.21 cm"), Quantity.Parse("0.8 cm"));
        var result = PelletConductivity.Analyse([.. temperatures.Select(t => Spectra.Table($"real/EISFitpython/Example-3-4/s04147-{t}deg.txt") with { Temperature = t + 273.15 })], geometry);
        // within the published errors alone, though published from unweighted points at temperatures rounded to 273 K
        void Agrees(ArrheniusLaw law, double energy, double error) =>
            Assert.True(Math.Abs(law.Energy.Value - energy) <= error, $"{law.Energy.Value:F4} ± {law.Energy.StandardError:F4}, published {energy} ± {error}");
        Agrees(result.Activation!, 0.8555, 0.0006);
        Agrees(result.BulkActivation!, 0.5869, 0.0163);
        Agrees(result.GrainBoundaryActivation!, 0.8919, 0.0025);
    }

    [Theory]
    [InlineData(ArrheniusForm.SigmaT)]
    [InlineData(ArrheniusForm.Sigma)]
    public void The_law_gives_back_energy_and_prefactor_with_true_errors(ArrheniusForm form)
    {
        var random = new Random(11);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var inside = 0;
        const int Trials = 400;
        for (var trial = 0; trial < Trials; trial++)
        {
            var points = Enumerable.Range(0, 8).Select(i =>
            {
                double t = 250 + (15 * i), error = 0.01 * (1 + i);
                var sigma = 3e4 * Math.Exp(-0.35 / (ArrheniusLaw.Boltzmann * t)) / (form == ArrheniusForm.SigmaT ? t : 1);
                return (t, sigma * Math.Exp(error * Gauss()), error);
            }).ToArray();
            var law = ArrheniusLaw.Fit(points, form);
            if (law.Energy.Lower95 <= 0.35 && 0.35 <= law.Energy.Upper95) { inside++; }
            Assert.InRange(law.Prefactor.Value, 1.5e4, 6e4);
        }
        Assert.InRange(inside / (double)Trials, 0.92, 0.99);
    }

    [Fact]
    public void Without_temperatures_there_is_no_activation_energy_and_it_is_said()
    {
        var circuit = Circuit.Parse("R0-CPE1");
        var spectra = Enumerable.Range(0, 3).Select(i => Spectra.Noisy(circuit, [50, 1e-5, 0.9], Spectra.Decades(1e5, 1, 8), 0.002, new Random(i))).ToArray();
        var result = PelletConductivity.Analyse(spectra, PelletGeometry.Round(Quantity.Parse("1 mm"), Quantity.Parse("10 mm")));
        Assert.Null(result.Activation);
        Assert.Contains(result.Warnings, w => w.Path == "activation" && w.Text.Contains("temperature", StringComparison.Ordinal));
        Assert.All(result.Spectra, s => Assert.Equal(ConductivityMethod.Blocking, s.Method));
        Assert.All(result.Spectra, s => Assert.InRange(s.Resistance.Value, 49.8, 50.2));
    }

    [Theory]
    [InlineData(1e-11, ArcOrigin.Bulk)]
    [InlineData(8e-11, ArcOrigin.Ambiguous)]
    [InlineData(2e-9, ArcOrigin.GrainBoundary)]
    [InlineData(5e-6, ArcOrigin.Interface)]
    [InlineData(1e-3, ArcOrigin.Electrode)]
    public void Capacitance_says_where_an_arc_comes_from(double capacitance, ArcOrigin expected) =>
        Assert.Equal(expected, ArcAssignment.Origin(capacitance, 0.785e-4, 0.8e-3).Origin);

    [Fact]
    public void Leads_and_holder_are_taken_off()
    {
        var pellet = Circuit.Parse("R0-p(R1,CPE1)-CPE2");
        double[] truth = [40, 60, 1e-8, 0.9, 1e-5, 0.88];
        var frequency = Spectra.Decades(1e6, 1, 10);
        var bare = pellet.Impedance(frequency, truth);
        // the holder is measured on other frequencies, and not quite as far down
        var holder = Circuit.Parse("L0-R0");
        var leads = new ImpedanceSpectrum(Spectra.Decades(3e6, 3, 17), holder.Impedance(Spectra.Decades(3e6, 3, 17), [2e-7, 1.5]));
        var measured = new ImpedanceSpectrum(frequency, [.. bare.Zip(holder.Impedance(frequency, [2e-7, 1.5]), (a, b) => a + b)]);
        var warnings = new List<Interphase.Results.Warning>();
        var cleaned = ShortCircuit.Subtract(measured, leads, warnings);
        Assert.Equal(56, cleaned.Count);
        Assert.Contains(warnings, w => w.Path == "points");
        for (var i = 0; i < cleaned.Count; i++) { Assert.True((cleaned.Impedance[i] - bare[i]).Magnitude < 2e-4 * bare[i].Magnitude); }
        Assert.Throws<InputException>(() => ShortCircuit.Subtract(measured, new ImpedanceSpectrum([1e9, 2e9], [1, 1]), warnings));
    }
}
