using System.Text.Json;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cycling;

/// <summary>Every analysis of time series over every shared cycler file: numbers that agree with each other, or a reason; never a fault.</summary>
public class EveryCyclerFileTests
{
    private static readonly string[][] Commands = [["cycling", "summary"], ["cycling", "rate"], ["cycling", "dqdv"], ["gitt"], ["cv"]];

    [NeedsDataFact]
    public void Each_command_gives_numbers_or_says_why_not()
    {
        var folder = SampleData.Path("cycling");
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length < 60_000 && Path.GetExtension(f) is not (".md" or ".mps" or ".mpl")).Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 50, $"{files.Length} files");
        var (given, refused) = (0, 0);
        var voltammograms = new List<string>();
        foreach (var file in files)
        {
            foreach (var command in Commands)
            {
                var run = CommandResult.Of([.. command, file, "--json"]);
                var what = $"{string.Join(' ', command)} {Path.GetFileName(file)}: {run.ExitCode} {run.Error}";
                if (run.ExitCode == 1)
                {
                    refused++;
                    Assert.Matches("^error: .+ \\(.+\\): .+", run.Error);
                    Assert.Empty(run.Output);
                    continue;
                }
                Assert.True(run.ExitCode is 0 or 2, what);
                given++;
                var json = run.Json;
                if (run.ExitCode == 2) { Assert.True(json.GetProperty("warnings").GetArrayLength() > 0, what); }
                if (command[0] == "cv") { voltammograms.Add(Path.GetFileName(file)); }
                if (command[^1] == "summary") { Consistent(json, what); }
            }
        }
        Assert.True(given > 100 && refused > 50, $"{given} given, {refused} refused");
        // Charges, rests and titrations are no voltammograms.
        Assert.All(voltammograms, f => Assert.Matches("^(F4CA|unitpackage_gamry_cv|cva?\\.|lsv|ixdat)", f));
        Assert.True(voltammograms.Count >= 6, string.Join(' ', voltammograms));
    }

    private static void Consistent(JsonElement summary, string what)
    {
        static double? Number(JsonElement e, string key) => e.GetProperty(key) is { ValueKind: JsonValueKind.Number } v ? v.GetDouble() : null;
        double steps = summary.GetProperty("steps").EnumerateArray().Sum(s => s.GetProperty("charge_mAh").GetDouble()), cycles = 0, largest = 0;
        foreach (var c in summary.GetProperty("cycles").EnumerateArray())
        {
            var (up, down) = (Number(c, "chargeCapacity_mAh"), Number(c, "dischargeCapacity_mAh"));
            Assert.True((up ?? 0) >= 0 && (down ?? 0) >= 0, what);
            cycles += (up ?? 0) - (down ?? 0);
            largest = Math.Max(largest, Math.Max(up ?? 0, down ?? 0));
            if (Number(c, "coulombicEfficiency") is { } efficiency) { Assert.True(Math.Abs(efficiency - (down!.Value / up!.Value)) < 1e-9 * efficiency || Math.Abs(efficiency - (up.Value / down.Value)) < 1e-9 * efficiency, what); }
            if (!c.GetProperty("complete").GetBoolean()) { Assert.Contains(summary.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("path").GetString() == $"cycles[{c.GetProperty("index").GetInt32() - 1}].complete"); }
        }
        // What flowed in the steps is what flowed in the cycles, but for pulses that part no halves.
        Assert.True(Math.Abs(steps - cycles) <= (0.01 * largest) + 1e-12, $"{what} {steps} {cycles} {largest}");
    }
}
