using System.Diagnostics;
using System.Globalization;

namespace Interphase.Benchmarks;

/// <summary>The command on micrographs of 4096 × 4096 pixels as a fresh process, file included: the least of some runs by the clock and in processor time. Target: 5 s on two cores.</summary>
internal static class MicrographTable
{
    public static void Print(TextWriter output, string command, int runs)
    {
        var folder = Directory.CreateTempSubdirectory("interphase-micrographs").FullName;
        try
        {
            output.WriteLine($"{"micrograph of 4096 × 4096",-44}{"s",8}{"cpu s",8}");
            foreach (var (name, edge, crystals) in new[] { ("amorphous coating", true, false), ("crystalline coating", true, true), ("crystals throughout", false, true) })
            {
                var pixels = LargeMicrographs.Make(edge, crystals);
                foreach (var (kind, write) in new (string, Action<string, float[]>)[] { ("DM4, 32 bit", LargeMicrographs.Dm4), ("TIFF, 16 bit", LargeMicrographs.Tiff), ("PNG, 8 bit", LargeMicrographs.Png) })
                {
                    var file = Path.Combine(folder, $"image.{kind[..3].ToLowerInvariant()}");
                    write(file, pixels);
                    var times = Enumerable.Range(0, runs).Select(_ => Run(command, file)).ToArray();
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name + ", " + kind,-44}{times.Min(t => t.Clock),8:0.00}{times.Min(t => t.Processor),8:0.00}"));
                }
            }
        }
        finally { Directory.Delete(folder, true); }
    }

    private static (double Clock, double Processor) Run(string command, string file)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [command, "micrograph", file, "--scale", $"{LargeMicrographs.Pixel.ToString(CultureInfo.InvariantCulture)}nm"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync();
        // The time of a process that is over is not kept: the last look is at most 10 ms early.
        double processor = 0;
        while (!process.WaitForExit(10))
        {
            try { process.Refresh(); processor = process.TotalProcessorTime.TotalSeconds; }
            catch (InvalidOperationException) { break; }
        }
        process.WaitForExit();
        var elapsed = clock.Elapsed.TotalSeconds;
        if (process.ExitCode == 1) { throw new InvalidOperationException($"the command failed on {file}: {output.GetAwaiter().GetResult()}"); }
        return (elapsed, processor);
    }
}
