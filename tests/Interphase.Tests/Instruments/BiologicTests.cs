using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>The .mpr reader against the vendor's own text exports.</summary>
public class BiologicTests
{
    public static TheoryData<string> RawFiles() => Files("cycling/biologic", "eis/real");

    /// <summary>Columns that EC-Lab blanks on export although they are stored (harmonics at high frequency).</summary>
    private static bool IsBlanked(string name) => name.StartsWith("THD", StringComparison.Ordinal) || name.StartsWith("NSD", StringComparison.Ordinal)
        || name.StartsWith("NSR", StringComparison.Ordinal) || name.Contains(" h", StringComparison.Ordinal);

    [NeedsDataTheory]
    [MemberData(nameof(RawFiles))]
    public void Every_raw_file_reads(string file)
    {
        var m = InstrumentFile.Read(SampleData.Path(file));
        Assert.Equal("biologic-mpr", m.Format);
        Assert.DoesNotContain("technique 0x", m.Technique);
        Assert.DoesNotContain(m.Warnings, w => w.Path.StartsWith("column", StringComparison.Ordinal));
    }

    [NeedsDataTheory]
    [MemberData(nameof(RawFiles))]
    public void Every_column_of_the_vendors_export_is_equal(string file)
    {
        var path = SampleData.Path(file);
        foreach (var export in new[] { path[..^4] + ".mpt", path[..^4] + ".mpt.gz", path[..^4] + ".de.mpt", path[..^4] + ".txt" }.Where(File.Exists))
        {
            var raw = InstrumentFile.Read(path).Native!();
            var text = InstrumentFile.Read(export).Native!();
            var faults = new List<string>();
            foreach (var theirs in text.Columns)
            {
                var ours = raw.Columns.FirstOrDefault(c => c.Name == theirs.Name);
                if (ours is null) { faults.Add($"{theirs.Name}: missing"); continue; }
                if (ours.Values.Length != theirs.Values.Length) { faults.Add($"{theirs.Name}: {ours.Values.Length} rows, export {theirs.Values.Length}"); continue; }
                var bad = Enumerable.Range(0, ours.Values.Length).Where(i => !Close(ours.Values[i], theirs.Values[i]) && !(IsBlanked(theirs.Name) && theirs.Values[i] is 0 or -1)).ToArray();
                if (bad.Length > 0) { faults.Add($"{theirs.Name}: {bad.Length} of {ours.Values.Length}, first row {bad[0]}: {ours.Values[bad[0]]:G9} vs {theirs.Values[bad[0]]:G9}"); }
            }
            Assert.True(faults.Count == 0, $"{Path.GetFileName(export)}\n{string.Join('\n', faults)}");
        }
    }

    // Half a unit of the last digit a float is exported with.
    private static bool Close(double a, double b) => a == b || Math.Abs(a - b) <= 1e-6 * Math.Max(Math.Abs(a), Math.Abs(b));

    private static TheoryData<string> Files(params string[] folders)
    {
        var data = new TheoryData<string>();
        foreach (var f in folders.Where(_ => SampleData.Root is not null).SelectMany(f => Directory.GetFiles(SampleData.Path(f), "*.mpr", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
        {
            data.Add(Path.GetRelativePath(SampleData.Root!, f));
        }
        if (SampleData.Root is null) { data.Add("none"); }
        return data;
    }
}
