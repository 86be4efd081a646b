using System.Diagnostics;
using System.Globalization;

namespace Interphase.Benchmarks;

/// <summary>
/// Each impedance case once more as the least processor time of many runs, which other work on the machine disturbs least, beside its
/// target and what the tools of the field need for the same on two cores of 2.5 GHz. The whole process is timed by the clock.
/// </summary>
internal static class ImpedanceTable
{
    public static void Print(TextWriter output, string? command)
    {
        var circuits = new CircuitBenchmarks();
        var validation = new ValidationBenchmarks();
        circuits.Prepare();
        validation.Prepare();
        (string Name, string Target, string Others, Action Run)[] cases =
        [
            ("impedance of 57 points", "0.010", "impedance.py 1.06", () => circuits.Impedance()),
            ("documented example from its documented start", "2", "impedance.py 172", () => circuits.Documented()),
            ("the same without a guess, with intervals", "50", "–", () => circuits.Free()),
            ("series of 18 spectra, two arcs and a tail", "50", "impedance.py 5,100", () => circuits.Series()),
            ("the same linked smoothly", "–", "–", () => circuits.Linked()),
            ("Kramers–Kronig, 57 points", "20", "impedance.py 45–77, pyimpspec 3,640", () => validation.Valid()),
            ("relaxation times of 81 points, smoothness chosen", "50", "pyimpspec 370, pyDRTtools 1,560", () => validation.Times()),
            ("2,000 credible samples of 81 points", "2,000", "pyimpspec 96,000, pyDRTtools 417,000", () => validation.Samples()),
        ];
        output.WriteLine($"{"case",-52}{"ms",10}{"target",10}  others");
        foreach (var (name, target, others, run) in cases) { Row(output, name, Fastest(run), target, others); }
        if (command is null) { return; }
        var file = circuits.WriteExample(Path.Combine(Path.GetTempPath(), "interphase-benchmark.csv"));
        Row(output, "eis fit on one file, the whole process", Fastest(() => Run(command, "eis", "fit", file, "--circuit", "R0-p(R1,C1)-p(R2-Wo1,C2)"), 20, byClock: true), "300", "–");
    }

    private static void Row(TextWriter output, string name, double milliseconds, string target, string others) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-52}{milliseconds,10:G3}{target,10}  {others}"));

    /// <summary>The fastest of at least ten runs and three seconds, ms; short ones are timed together.</summary>
    private static double Fastest(Action run, int most = 100_000, bool byClock = false)
    {
        run();
        var first = Stopwatch.StartNew();
        run();
        var together = Math.Clamp((int)(0.002 / Math.Max(first.Elapsed.TotalSeconds, 1e-7)), 1, 1000);
        var (best, all) = (double.PositiveInfinity, Stopwatch.StartNew());
        for (var i = 0; i < most && (i < 10 || all.Elapsed.TotalSeconds < 3); i++)
        {
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            for (var k = 0; k < together; k++) { run(); }
            best = Math.Min(best, (byClock ? clock.Elapsed : Environment.CpuUsage.TotalTime - before).TotalMilliseconds / together);
        }
        return best;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [command, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }
}
