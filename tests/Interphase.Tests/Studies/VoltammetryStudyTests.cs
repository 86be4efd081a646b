using System.Text.Json;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>Voltammograms in a study: what the resistance makes of their polarisation, and what a scan-rate series says.</summary>
public class VoltammetryStudyTests
{
    private const double Peak = 2e-3;
    private readonly string folder = SampleData.TemporaryFolder();

    /// <summary>Bells of 2 mA at 3.75 V up and 3.55 V down; with another rate and factor the peak current is scaled.</summary>
    private string Voltammogram(string name = "cv.csv", double rate = 1e-3, double factor = 1, double separation = 0.2)
    {
        var rows = new List<string> { "time/s,voltage/V,current/A" };
        var t = 0.0;
        foreach (var sign in (int[])[1, -1])
        {
            for (var k = 0; k <= 500; k++)
            {
                var e = sign > 0 ? 3.2 + (0.9 * k / 500) : 4.1 - (0.9 * k / 500);
                var i = sign * factor * Peak * Math.Exp(-0.5 * Math.Pow((e - 3.65 - (sign * separation / 2)) / 0.03, 2));
                rows.Add(FormattableString.Invariant($"{t},{e},{i}"));
                t += 0.9 / 500 / rate;
            }
        }
        File.WriteAllLines(Path.Combine(folder, name), rows);
        return name;
    }

    /// <summary>R0 = 20 ohm, R1 = 15 ohm with 10 µF beside it, and a tail.</summary>
    private string Spectrum(string name = "z.csv")
    {
        var rows = new List<string> { "freq_Hz,Zre_ohm,Zim_ohm" };
        for (var k = 0; k <= 50; k++)
        {
            var f = Math.Pow(10, 5 - (0.12 * k));
            var w = 2 * Math.PI * f;
            var z = 20 + (15 / (1 + new System.Numerics.Complex(0, w * 15 * 1e-5))) + (1 / new System.Numerics.Complex(0, w * 0.05));
            rows.Add(FormattableString.Invariant($"{f},{z.Real},{z.Imaginary}"));
        }
        File.WriteAllLines(Path.Combine(folder, name), rows);
        return name;
    }

    private CommandResult Run(string files, string electrode = "area: 1 cm2, reference: { name: Li-In, potential: 0.62 V }")
    {
        var study = Path.Combine(folder, "study.yaml");
        File.WriteAllText(study, $"name: s\nelectrode: {{ {electrode} }}\nsamples:\n- name: one\n  cells:\n  - temperature: 25 degC\n    files:\n{string.Concat(files.Split('|').Select(f => $"    - {{ {f.Trim()} }}\n"))}");
        return CommandResult.Of("study", "run", study, "-o", Path.Combine(folder, "report"), "--json");
    }

    private static Dictionary<string, JsonElement> Values(CommandResult r) => r.Json.GetProperty("comparison").EnumerateArray().ToDictionary(q => q.GetProperty("quantity").GetString()!, q => q.GetProperty("values")[0]);

    private const string Impedance = "technique: impedance, path: z.csv, circuit: \"R0-p(R1,C1)-C2\", axis: potential, values: [ ";

    [Theory]
    [InlineData("", "3.65 V", 20)]                           // nothing said: the intercept of the cell's own spectrum
    [InlineData(", resistance: R0+R1", "3.65 V", 35)]
    [InlineData(", resistance: 30 +- 1 ohm", "3.0 V", 30)]   // stated: whatever the spectrum is of
    [InlineData(", resistance: 30 ohm", null, 30)]
    public void The_polarisation_less_I_R_stands_beside_the_raw_one_and_says_where_R_is_from(string resistance, string? at, double ohm)
    {
        Voltammogram();
        Spectrum();
        var result = Run($"technique: voltammetry, path: cv.csv{resistance}{(at is null ? "" : $"|{Impedance}{at} ]")}");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var values = Values(result);
        Assert.Equal(0.2, values["cvPolarisation"].GetProperty("value").GetDouble(), 0.004);
        Assert.Equal(0.2 - (ohm * 2 * Peak), values["cvPolarisationIrCorrected"].GetProperty("value").GetDouble(), 0.004);
        Assert.Contains(resistance.Contains("ohm", StringComparison.Ordinal) ? "as stated" : "own impedance", values["cvPolarisationIrCorrected"].GetProperty("method").GetString(), StringComparison.Ordinal);
        var analysis = result.Json.GetProperty("samples")[0].GetProperty("analyses").EnumerateArray().Single(a => a.GetProperty("technique").GetString() == "voltammetry");
        Assert.Equal(ohm, analysis.GetProperty("settings").GetProperty("resistance_ohm").GetDouble(), 0.01 * ohm);
        Assert.Equal(values["cvPolarisationIrCorrected"].GetProperty("value").GetDouble(), analysis.GetProperty("result").GetProperty("cycles")[0].GetProperty("polarisationIrCorrected").GetDouble(), 1e-9);
        Assert.Contains(result.Json.GetProperty("findings").EnumerateArray(), f => f.GetProperty("id").GetString() == "cv-resistance" && f.GetProperty("severity").GetString() == "note");
    }

    [Theory]
    [InlineData("3.0 V", "", "none between the peaks")]
    [InlineData(null, "", "do not say at which potential")]
    public void A_spectrum_of_another_state_or_of_none_known_corrects_nothing(string? at, string role, string reason)
    {
        Voltammogram();
        Spectrum();
        var impedance = at is null ? "technique: impedance, path: z.csv, circuit: \"R0-p(R1,C1)-C2\"" : $"{Impedance}{at} ]{role}";
        var value = Values(Run($"technique: voltammetry, path: cv.csv|{impedance}"))["cvPolarisationIrCorrected"];
        Assert.True(value.GetProperty("withheld").GetBoolean());
        Assert.Contains(reason, value.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_impedance_or_with_spectra_after_cycling_only_there_is_no_corrected_polarisation()
    {
        Voltammogram();
        Spectrum();
        Assert.DoesNotContain("cvPolarisationIrCorrected", Values(Run("technique: voltammetry, path: cv.csv")).Keys);
        Assert.DoesNotContain("cvPolarisationIrCorrected", Values(Run($"technique: voltammetry, path: cv.csv|{Impedance}3.65 V ], role: afterCycling")).Keys);
        Assert.DoesNotContain("cvPolarisationIrCorrected", Values(Run($"technique: voltammetry, path: cv.csv, resistance: none|{Impedance}3.65 V ]")).Keys);
    }

    [Fact]
    public void More_I_R_than_polarisation_is_a_contradiction()
    {
        Voltammogram();
        var finding = Run("technique: voltammetry, path: cv.csv, resistance: 100 ohm").Json.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("id").GetString() == "cv-resistance");
        Assert.Equal("contradiction", finding.GetProperty("severity").GetString());
    }

    [Theory]
    [InlineData("technique: voltammetry, path: cv.csv, resistence: 3 ohm", 1, "did you mean 'resistance'?")]
    [InlineData("technique: voltammetry, path: cv.csv, resistance: R0-R1", 1, "'R0+R1'")]
    [InlineData("technique: voltammetry, path: cv.csv, resistance: -3 ohm", 1, "not positive")]
    [InlineData("technique: voltammetry, path: cv.csv, concentration: 3", 1, "has no unit")]
    [InlineData("technique: voltammetry, path: cv.csv, electrons: 0", 1, "not positive")]
    [InlineData("technique: cycling, path: cv.csv, concentration: 3 mol/m3", 1, "concentration")]
    [InlineData("technique: voltammetry, path: cv.csv, concentration: 3 mol/m3|technique: voltammetry, path: cv.csv, concentration: 4 mol/m3", 1, "one series over scan rates")]
    [InlineData("technique: voltammetry, path: cv.csv, resistance: R0", 2, "no impedance before cycling")]
    [InlineData("technique: voltammetry, path: cv.csv, resistance: R7|technique: impedance, path: z.csv, circuit: \"R0-p(R1,C1)-C2\"", 2, "has no R7")]
    public void What_cannot_be_meant_is_refused_with_how_to_mend_it(string files, int exit, string mend)
    {
        Voltammogram();
        Spectrum();
        var result = Run(files);
        Assert.Equal(exit, result.ExitCode);
        Assert.Contains(mend, exit == 1 ? result.Error : result.Json.GetProperty("problems").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void A_scan_rate_series_gives_its_exponent_and_a_diffusivity_only_where_it_is_a_half(double b)
    {
        double[] rates = [1e-3, 2e-3, 5e-3, 1e-2];
        foreach (var v in rates) { Voltammogram(FormattableString.Invariant($"cv_{1e3 * v:0}.csv"), v, Math.Pow(v / 1e-3, b)); }
        // i = 0.4463 n F A c √(n F v D/(R T)), solved for D: 2 mA at 1 mV/s on 1 cm², 1 mol/l, 25 °C.
        var d = Math.Pow(Peak / (0.4463 * 96485.33212 * 1e-4 * 1000), 2) * 8.314462618 * 298.15 / (96485.33212 * 1e-3);
        var result = Run("technique: voltammetry, path: \"cv_*.csv\", concentration: 1 +- 0.05 mol/l");
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var values = Values(result);
        Assert.Equal(b, values["cvRateExponent"].GetProperty("value").GetDouble(), 0.01);
        var found = values["cvDiffusivity"];
        if (b > 0.9)
        {
            Assert.Contains("square root", found.GetProperty("reason").GetString(), StringComparison.Ordinal);
            return;
        }
        Assert.Equal(1e4 * d, found.GetProperty("value").GetDouble(), 0.04 * 1e4 * d);
        Assert.InRange(found.GetProperty("standardError").GetDouble(), 0.09 * 1e4 * d, 0.2 * 1e4 * d); // twice the 5 % of the concentration
        Assert.Contains(Path.Combine(folder, "report", "figures", "cv-rate.svg"), Directory.GetFiles(Path.Combine(folder, "report", "figures")));
        // Said at one file of the series, it holds for all.
        var listed = Values(Run(string.Join('|', rates.Select((v, k) => FormattableString.Invariant($"technique: voltammetry, path: cv_{1e3 * v:0}.csv{(k == 1 ? ", concentration: 1 mol/l" : "")}")))));
        Assert.Equal(found.GetProperty("value").GetDouble(), listed["cvDiffusivity"].GetProperty("value").GetDouble(), 1e-12);
    }
}
