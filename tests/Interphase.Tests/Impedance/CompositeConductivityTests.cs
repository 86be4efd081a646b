using System.Globalization;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Tests.Support;
using Interphase.Units;

namespace Interphase.Tests.Impedance;

public class CompositeConductivityTests
{
    private static readonly PelletGeometry Geometry = PelletGeometry.Round(Quantity.Parse("0.60 +- 0.01 mm"), Quantity.Parse("10 mm"));
    private static readonly double[] Frequency = Spectra.Decades(1e6, 1e-3, 8);

    /// <summary>The closed form of Kaiser et al. written out again: two rails of 200 and 900 ohm, contacted on both sides on one of them.</summary>
    private static ImpedanceSpectrum Line(double contacted, double other, int seed)
    {
        var random = new Random(seed);
        return GeneratedSpectra.Noisy(Frequency, (f, _) =>
        {
            var zeta = GeneratedSpectra.Tail(f, 2e-2, 0.92);
            var half = System.Numerics.Complex.Sqrt((contacted + other) / zeta) / 2;
            return (contacted * other / (contacted + other)) + (contacted * contacted / (contacted + other) * System.Numerics.Complex.Tanh(half) / half);
        }, 0.003, random);
    }

    [Theory]
    [InlineData(CompositeContacts.IonBlocking)]
    [InlineData(CompositeContacts.ElectronBlocking)]
    public void Both_rails_are_found_between_blocking_contacts(CompositeContacts contacts)
    {
        // the contacted rail is the one that conducts at zero frequency
        var r = CompositeConductivity.Analyse(Line(200, 900, 3), Geometry, new() { Contacts = contacts });
        var (direct, other) = contacts == CompositeContacts.IonBlocking ? (r.ElectronicResistance, r.IonicResistance) : (r.IonicResistance, r.ElectronicResistance);
        Assert.InRange(direct.Value, 198, 202);
        Assert.InRange(other.Value, 870, 930);
        Assert.InRange(r.Ionic.Value * r.IonicResistance.Value / Geometry.Factor, 0.999999, 1.000001);
        // 1.7 % of the thickness is in the error
        Assert.True(r.Ionic.StandardError / r.Ionic.Value > 0.016);
        Assert.Contains(r.Warnings, w => w.Path == "series");
    }

    [Fact]
    public void A_symmetric_cell_shows_the_ionic_rail_of_one_composite()
    {
        var random = new Random(4);
        var s = GeneratedSpectra.Noisy(Frequency, (f, _) =>
        {
            var zeta = GeneratedSpectra.Tail(f, 2e-3, 0.95);
            var root = System.Numerics.Complex.Sqrt(150 / zeta);
            return 12 + (2 * 150 / root / System.Numerics.Complex.Tanh(root));
        }, 0.003, random);
        var r = CompositeConductivity.Analyse(s, Geometry, new() { Contacts = CompositeContacts.Symmetric });
        Assert.InRange(r.IonicResistance.Value, 147, 153);
        Assert.False(r.ElectronicResistance.HasValue);
    }

    [Fact]
    public void A_rail_the_window_does_not_show_is_withheld()
    {
        // the slow end only: nothing of the fast limit, where the rails are in parallel
        var whole = Line(200, 900, 5);
        var r = CompositeConductivity.Analyse(whole.Where(i => whole.Frequency[i] < 0.003), Geometry, new() { Contacts = CompositeContacts.IonBlocking });
        Assert.False(r.IonicResistance.HasValue);
        Assert.Contains(r.Warnings, w => w.Path == "ionicConductivity_S_cm");
    }

    [Fact]
    public void The_command_and_the_study_give_the_same()
    {
        var folder = SampleData.TemporaryFolder();
        var s = Line(200, 900, 6);
        File.WriteAllLines(Path.Combine(folder, "cathode.csv"), ["freq_Hz,Zre_ohm,Zim_ohm", .. s.Frequency.Select((f, i) => string.Create(CultureInfo.InvariantCulture, $"{f:R},{s.Impedance[i].Real:R},{s.Impedance[i].Imaginary:R}"))]);
        var command = CommandResult.Of("eis", "composite", Path.Combine(folder, "cathode.csv"), "--contacts", "ion-blocking", "--thickness", "0.6mm", "--diameter", "10mm", "--json");
        Assert.Equal(0, command.ExitCode);
        var ionic = command.Json.GetProperty("spectra")[0].GetProperty("ionicConductivity_S_cm").GetDouble();
        Assert.InRange(ionic, 0.95 * 0.06 / 0.7854 / 900, 1.05 * 0.06 / 0.7854 / 900);
        // current that falls to a steady 2 nA at 0.1 V: a leak of 20 nS
        File.WriteAllLines(Path.Combine(folder, "dc.csv"), ["time/s,voltage/V,current/A", .. Enumerable.Range(0, 400).Select(i => FormattableString.Invariant($"{i * 60},0.1,{2e-9 + (5e-8 * Math.Exp(-i / 15.0))}"))]);
        File.WriteAllText(Path.Combine(folder, "study.yaml"), """
            name: Composite
            samples:
              - name: cathode
                specimens:
                  - { technique: composite-impedance, path: cathode.csv, thickness: 0.6 mm, diameter: 10 mm, contacts: ion-blocking }
                  - { technique: polarisation, path: dc.csv, thickness: 0.6 mm, diameter: 10 mm }
            """);
        var study = CommandResult.Of("study", "run", Path.Combine(folder, "study.yaml"), "-o", Path.Combine(folder, "out"), "--json");
        Assert.Equal(0, study.ExitCode);
        double Compared(string quantity) => study.Json.GetProperty("comparison").EnumerateArray().Single(c => c.GetProperty("quantity").GetString() == quantity).GetProperty("values")[0].GetProperty("value").GetDouble();
        Assert.Equal(ionic, Compared("effectiveIonicConductivity"), 1e-6 * ionic);
        var leak = 2e-8 * 0.06 / (Math.PI / 4);
        Assert.InRange(Compared("electronicConductivity"), 0.97 * leak, 1.03 * leak);
        Assert.Contains("DC polarisation", File.ReadAllText(Path.Combine(folder, "out", "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_intercept_is_compared_with_the_separator()
    {
        // 764 um of 2.8 mS/cm: 27.3 ohm cm2
        var check = SeparatorCheck.Of(Estimate.Of(35, 0.5), Quantity.Parse("0.785 cm2"), Quantity.Parse("764 um"), Quantity.Parse("2.8 +- 0.1 mS/cm"));
        Assert.Equal(27.2857, check.Expected.Value * 1e4, 0.001);
        Assert.Equal(35 * 0.785 / 27.2857, check.Ratio.Value, 0.0001);
        Assert.True(check.Agrees);
        Assert.False(SeparatorCheck.Of(Estimate.Of(70, 0.5), Quantity.Parse("0.785 cm2"), Quantity.Parse("764 um"), Quantity.Parse("2.8 +- 0.1 mS/cm")).Agrees);
    }

    [NeedsDataFact]
    public void The_command_compares_the_intercept_with_the_separator()
    {
        string[] call = ["eis", "fit", SampleData.Path("eis/synthetic/paper_series/LNTO-450_3.5V.csv"), "--circuit", "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "--separator", "764 um, 2.8 mS/cm", "--json"];
        var s = CommandResult.Of([.. call, "--area", "0.785cm2"]).Json.GetProperty("spectra")[0];
        Assert.InRange(s.GetProperty("separator").GetProperty("ratio").GetDouble(), 1.0, 1.1);
        Assert.Equal(2, s.GetProperty("arcs").GetArrayLength());
        Assert.Contains("--area", CommandResult.Of(call).Error, StringComparison.Ordinal);
    }
}
