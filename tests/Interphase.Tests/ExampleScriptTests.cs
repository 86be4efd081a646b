using System.Diagnostics;
using System.Globalization;
using Interphase.Tests.Studies;
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

        var made = new MadeStudy();
        var (edge, _) = made.Micrograph("edge.tif", new() { Field = 320, Thickness = 5e-9 }, 31);
        var coating = Run("coating.cs", Path.Combine(made.Folder, made.Pattern("powder.xy", 0.5)), Path.Combine(made.Folder, edge), "0.05");
        Assert.Contains("LiNb0.5Ta0.5O3", coating, StringComparison.Ordinal);
        Assert.Equal(0.5, double.Parse(coating.Split(' ')[1], CultureInfo.InvariantCulture), 0.03);
        Assert.Contains("the edge is amorphous", coating, StringComparison.Ordinal);
        Assert.Equal(5, double.Parse(coating.Split("amorphous, ")[1].Split(' ')[0], CultureInfo.InvariantCulture), 0.3);

        Assert.Contains("mAh/g, ended by", Run("simulate-cell.cs"), StringComparison.Ordinal);
    }
}
