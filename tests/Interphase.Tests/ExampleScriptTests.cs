using System.Diagnostics;
using Interphase.Tests.Support;

namespace Interphase.Tests;

/// <summary>The scripts under examples/ run as a reader would run them.</summary>
public class ExampleScriptTests
{
    private static string Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", Path.Combine(SampleData.Repository, "examples", script), "--", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) { start.Environment.Remove(variable); }
        // The library has been analysed when it was built; the scripts build it once more only to run on it.
        start.Environment["RunAnalyzers"] = "false";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(12)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the script hangs");
        }
        Assert.True(process.ExitCode == 0, output.Result + error.Result);
        return output.Result;
    }

    [Fact]
    public void The_scripts_run()
    {
        var folder = SampleData.TemporaryFolder();
        var spectrum = Path.Combine(folder, "arc.csv");
        var rows = new List<string> { "freq_Hz,Zre_ohm,Zim_ohm" };
        for (var f = 1e6; f > 0.05; f /= 1.2589254)
        {
            var z = 10 + (100 / (1 + System.Numerics.Complex.Pow(new(0, 2 * Math.PI * f * 1e-3), 0.9))) + (1 / (1e-2 * System.Numerics.Complex.Pow(new(0, 2 * Math.PI * f), 0.8)));
            rows.Add(FormattableString.Invariant($"{f:R},{z.Real:R},{z.Imaginary:R}"));
        }
        File.WriteAllLines(spectrum, rows);
        var fit = Run("fit-spectrum.cs", spectrum);
        Assert.Contains("R1 = 100 ", fit, StringComparison.Ordinal);
        Assert.Contains("R0 = 10 ", fit, StringComparison.Ordinal);

        var study = Path.Combine(folder, "study.yaml");
        File.WriteAllText(study, "name: s\nsamples:\n- name: one\n  files: [ { technique: impedance, path: arc.csv, circuit: \"R0-p(R1,CPE1)-CPE2\" } ]\n");
        Assert.Contains("interfaceResistance (ohm): one 100", Run("run-study.cs", study, Path.Combine(folder, "report")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "report", "report.html")));

        Assert.Contains("mAh/g, ended by", Run("simulate-cell.cs"), StringComparison.Ordinal);
    }
}
