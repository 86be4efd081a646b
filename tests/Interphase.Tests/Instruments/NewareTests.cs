using System.Globalization;
using System.IO.Compression;
using Interphase.Files;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Neware's binary files against the exports of the vendor's own software, on every row.</summary>
public class NewareTests
{
    [NeedsDataTheory]
    [InlineData("nda_v8.nda", 21)]
    [InlineData("nda_v22.nda", 1380)]
    [InlineData("new_nda_file.nda", 438)]
    [InlineData("TestFile.nda", 6670)]
    [InlineData("21_10_7_85.ndax", 141)]
    [InlineData("46_1_5_60_bts16.ndax", 84)]
    [InlineData("Unit27_Example_Data_File.ndax", 301)]
    [InlineData("TESTCELL0001-Test_Data_Collection_Ndc17.ndax", 80)]
    [InlineData("nw4-120-1-6-53.ndax", 18700)]
    public void Every_row_of_the_vendors_export_is_the_same(string file, int atLeast)
    {
        var path = SampleData.Path("cycling/neware/" + file);
        var m = InstrumentFile.Read(path);
        var s = m.Series!;
        var theirs = Export(Path.ChangeExtension(path, null) + ".btsda.csv");
        Assert.True(s.Count >= atLeast);
        Assert.Equal(theirs["Voltage(mV)"].Length, s.Count);
        var faults = new List<string>();
        void Compare(string name, double[]? ours, double[] expected, double tolerance)
        {
            if (ours is null) { faults.Add($"{name}: missing"); return; }
            var bad = Enumerable.Range(0, expected.Length).Where(i => !(Math.Abs(ours[i] - expected[i]) <= Math.Max(tolerance, 1e-6 * Math.Abs(expected[i])))).ToArray();
            if (bad.Length > 0) { faults.Add($"{name}: {bad.Length} of {expected.Length}, row {bad[0]}: {ours[bad[0]]:R} vs {expected[bad[0]]:R}; worst {bad.Max(i => Math.Abs(ours[i] - expected[i])):G3}"); }
        }
        double[]? Of(string name, double scale) => s.Find(name)?.Values.Select(v => v * scale).ToArray();
        Compare("voltage", Of(ColumnNames.Potential, 1e3), theirs["Voltage(mV)"], 0.051);
        Compare("current", Of(ColumnNames.Current, 1e6), theirs["Current(uA)"], 12);
        Compare("total time", Of(ColumnNames.Time, 1), theirs["Total Time"], 0.0011);
        Compare("step time", Of(ColumnNames.StepTime, 1), theirs["Time"], 0.0011);
        Compare("cycle", Of(ColumnNames.Cycle, 1), theirs["Cycle Index"], 0);
        Compare("step", Of(ColumnNames.Step, 1), theirs["Step Count"], 0);
        Compare("program step", Of(ColumnNames.ProgramStep, 1), theirs["Step Index"], 0);
        var (charge, discharge) = (Of(ColumnNames.ChargeCapacity, 1e3)!, Of(ColumnNames.DischargeCapacity, 1e3)!);
        // The instrument's own single-precision sums are not known to better than their steps.
        var scale = theirs["Capacity(mAs)"].Max();
        // One file is exported in whole mA·s; the newest form exports discharge with its sign.
        var expected = theirs["Capacity(mAs)"].Select(Math.Abs).ToArray();
        Compare("capacity", [.. charge.Zip(discharge, Math.Max)], expected, Math.Max(expected.All(c => c == Math.Round(c)) ? 0.5 : 0.06, 2e-6 * scale));
        if (theirs.TryGetValue("T1", out var t) || theirs.TryGetValue("T1(?)", out t)) { Compare("temperature", [.. s.Find(ColumnNames.Temperature)!.Values.Select(v => v - 273.15)], t, 0.051); }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [NeedsDataTheory]
    [InlineData("nda_v8.nda")]
    [InlineData("nda_v22.nda")]
    [InlineData("new_nda_file.nda")]
    [InlineData("TestFile.nda")]
    [InlineData("21_10_7_85.ndax")]
    [InlineData("46_1_5_60_bts16.ndax")]
    [InlineData("Unit27_Example_Data_File.ndax")]
    [InlineData("TESTCELL0001-Test_Data_Collection_Ndc17.ndax")]
    [InlineData("nw4-120-1-6-53.ndax")]
    public void The_native_table_has_the_exports_columns_and_numbers(string file)
    {
        var path = SampleData.Path("cycling/neware/" + file);
        var ours = InstrumentFile.Read(path).Native!().Columns.ToDictionary(c => c.Name);
        var export = Path.ChangeExtension(path, null) + ".btsda.csv";
        var theirs = Export(export);
        Assert.Equal(theirs.Keys.Where(k => k[0] is not ('T' or 'V') || k is "Time" or "Total Time" or "Voltage(mV)").Order(), ours.Keys.Where(k => k[0] is not ('T' or 'V') || k is "Time" or "Total Time" or "Voltage(mV)").Order());
        var types = Words(export, 2);
        Assert.Equal(types, ours["Step Type"].Text!);
        foreach (var (name, tolerance) in new[] { ("Cycle Index", 0.0), ("Step Index", 0), ("Step Count", 0), ("Time", 0.0011), ("Total Time", 0.0011), ("Current(uA)", 12), ("Voltage(mV)", 0.051) })
        {
            var expected = theirs[name];
            for (var i = 0; i < expected.Length; i++) { Assert.True(Math.Abs(ours[name].Values[i] - expected[i]) <= Math.Max(tolerance, 1e-6 * Math.Abs(expected[i])), $"{name} row {i}: {ours[name].Values[i]:R} vs {expected[i]:R}"); }
        }
        foreach (var name in new[] { "Capacity(mAs)", "Energy(mWs)" })
        {
            // The instrument's own sums are singles, and one file is exported in whole units.
            var expected = theirs[name];
            var tolerance = Math.Max(expected.All(c => c == Math.Round(c)) ? 0.5 : 0.25, 2e-6 * expected.Max(Math.Abs));
            for (var i = 0; i < expected.Length; i++) { Assert.True(Math.Abs(ours[name].Values[i] - expected[i]) <= tolerance, $"{name} row {i}: {ours[name].Values[i]:R} vs {expected[i]:R}"); }
        }
    }

    private static List<string> Words(string path, int column)
    {
        using var stream = File.Exists(path) ? File.OpenRead(path) : (Stream)new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var words = new List<string>();
        while (reader.ReadLine() is { } line) { words.Add(line.Split(',')[column]); }
        return words;
    }

    [NeedsDataFact]
    public void An_archive_without_records_says_so()
    {
        var m = InstrumentFile.Read(SampleData.Path("cycling/neware/empty.ndax"));
        Assert.Null(m.Series);
        Assert.Contains(m.Warnings, w => w.Text.Contains("no records", StringComparison.Ordinal));
    }

    [NeedsDataFact]
    public void Time_never_runs_backwards()
    {
        foreach (var file in Directory.GetFiles(SampleData.Path("cycling/neware"), "*.nda*").Where(f => f.EndsWith(".nda", StringComparison.Ordinal) || f.EndsWith(".ndax", StringComparison.Ordinal)))
        {
            if (InstrumentFile.Read(file).Series is not { } s) { continue; }
            for (var i = 1; i < s.Count; i++) { Assert.True(s.Time[i] >= s.Time[i - 1], $"{file} row {i}"); }
        }
    }

    private static Dictionary<string, double[]> Export(string path)
    {
        using var stream = File.Exists(path) ? File.OpenRead(path) : (Stream)new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var names = DelimitedText.Split(reader.ReadLine()!, ',');
        var columns = names.Select(_ => new List<double>()).ToArray();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            for (var i = 0; i < cells.Length; i++) { columns[i].Add(double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : double.NaN); }
        }
        return names.Select((n, i) => (n, columns[i].ToArray())).ToDictionary(p => p.n, p => p.Item2);
    }
}
