using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>The Battery Data Format in, out, checked and repaired.</summary>
public class BdfTests
{
    private static readonly TimeSeries Series = new(
    [
        new(ColumnNames.Time, "s", [0, 0.1, 1e6 / 3], "t"), new(ColumnNames.Potential, "V", [3.7, 3.6000000000000001, double.NaN], "v"),
        new(ColumnNames.Current, "A", [0.1, -1.25e-7, 0], "i"), new(ColumnNames.AmbientTemperature, "K", [298.15, 298.15, 298.15], "T"),
        new(ColumnNames.NetCharge, "C", [0, 3600, -1], "q"), new("Power / W", "W", [1, 2, 3], "p"), new("something else", "1", [1, 2, 3], "x"),
    ]);

    [Theory]
    [InlineData("x.bdf.csv")]
    [InlineData("x.bdf.csv.gz")]
    [InlineData("x.bdf.json")]
    public void What_is_written_reads_back(string name)
    {
        var path = Path.Combine(SampleData.TemporaryFolder(), name);
        Bdf.Write(path, Series);
        var read = InstrumentFile.Read(path).Series!;
        foreach (var column in Series.Columns.SkipLast(1))
        {
            var same = read.Find(column.Name)!.Values;
            Assert.All(column.Values.Zip(same), p => Assert.True(double.IsNaN(p.First) ? double.IsNaN(p.Second) : Math.Abs(p.First - p.Second) <= 1e-12 * Math.Max(1, Math.Abs(p.First))));
        }
        Assert.Null(read.Find("something else"));
        Assert.True(name.EndsWith("json", StringComparison.Ordinal) || File.Exists(path));
    }

    [Fact]
    public void Labels_machine_names_and_deprecated_names_mean_the_same()
    {
        Assert.All(BdfColumns.All, c => Assert.Same(BdfColumns.Find(c.Label), BdfColumns.Find(c.Notation)));
        Assert.Equal("Step ID", BdfColumns.Find("step_index")!.Label);
        var m = ReadText("test_time_millisecond,voltage_volt,current_ampere\n0,3,1\n500,3.1,1\n");
        Assert.Equal([0, 0.5], m.Series!.Time.ToArray());
        Assert.Contains(m.Warnings, w => w.Path == "test_time_millisecond");
    }

    [Theory]
    [InlineData("Test Time / s,Voltage / V\n0,1\n1,2\n", "requiredColumn")]
    [InlineData("Test Time / s,Voltage / V,Current / A\n0,1,1\n2,1,1\n1,1,1\n", "timeBackwards")]
    [InlineData("Test Time / s,Voltage / V,Current / A\n0,1,1\n1,x,1\n", "notANumber")]
    [InlineData("Test Time / s,Voltage / V,Current / A\n0,1,1\n1,,1\n", "missingValue")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n0,1,1,6.283185307179586\n1,1,1,6.283185307179586\n", "cycleCount")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n0,1,1,2\n1,1,1,1\n", "cycleCount")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Step Count / 1\n0,1,1,2\n1,1,1,4\n", "stepCount")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Step Count / 1,Step Record Index / 1\n0,1,1,1,1\n1,1,1,1,3\n", "stepRecordIndex")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Unix Time / s\n0,1,1,100\n1000,1,1,101\n2000,1,1,102\n", "timeUnit")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Unix Time / s\n0,1,1,100\n10,1,1,110\n20,1,1,150\n", "elapsedTime")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Charging Capacity / Ah,Discharging Capacity / Ah,Net Capacity / Ah\n0,1,1,1,0.5,0.5\n1,1,1,1,0.5,0.4\n", "identity")]
    [InlineData("Test Time / s,Voltage / V,Current / A,Charging Capacity / Ah\n0,1,1,1\n1,1,1,0.5\n", "accumulator")]
    [InlineData("Test Time / s,Test Time / s,Voltage / V,Current / A\n0,0,1,1\n1,1,1,1\n", "duplicateColumn")]
    [InlineData("Test Time / s,Voltage / V,Current / A\n0,1,1,7\n1,1,1\n", "raggedRow")]
    public void Each_rule_is_named(string text, string rule)
    {
        var problems = BdfValidation.Check(BdfTable.Parse("x", System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(rule, Assert.Single(problems).Rule);
    }

    [NeedsDataTheory]
    [InlineData("cycling/bdf/DLR__LiLNMOHydra0b__POCV__Basytec.bdf.csv.gz", "timeUnit", 1, 17860)]
    [InlineData("cycling/bdf/SINTEF__SLPBA842124HV__Rate__Neware__Time_Bug.bdf.csv.gz", "timeBackwards", 723, 19)]
    [InlineData("cycling/bdf/SINTEF__SLPBA842124HV__Rate__Neware__Time_Bug.bdf.csv.gz", "deprecatedName", 0, 1)]
    [InlineData("cycling/landt/SINTEF__LiGrR2032__Landt.bdf.csv.gz", "accumulator", 22463, 1)]
    public void Defects_of_real_files_are_named(string file, string rule, int firstRow, int count)
    {
        var json = CommandResult.Of("data", "validate", SampleData.Path(file), "--json").Json;
        var problem = json.GetProperty("problems").EnumerateArray().First(p => p.GetProperty("rule").GetString() == rule);
        Assert.Equal(firstRow, problem.GetProperty("firstRow").GetInt32());
        Assert.Equal(count, problem.GetProperty("count").GetInt32());
        Assert.False(json.GetProperty("valid").GetBoolean());
    }

    [NeedsDataTheory]
    [InlineData("cycling/bdf/DLR__LiLNMOHydra0b__POCV__Basytec.bdf.csv.gz")]
    [InlineData("cycling/bdf/SINTEF__SLPBA842124HV__Rate__Neware__Time_Bug.bdf.csv.gz")]
    public void A_repair_makes_the_file_valid_and_can_be_undone(string file)
    {
        var output = Path.Combine(SampleData.TemporaryFolder(), "mended.bdf.csv");
        var original = BdfFile.Table(SampleData.Path(file));
        var steps = BdfRepair.Write(original, output);
        var mended = BdfFile.Table(output);
        Assert.DoesNotContain(BdfValidation.Check(mended), p => !p.IsAdvice);
        Assert.True(CommandResult.Of("data", "validate", output, "--json").Json.GetProperty("valid").GetBoolean());
        for (var i = 0; i < original.Headers.Count; i++)
        {
            var label = BdfColumns.Find(original.Headers[i])!.Label;
            var values = (double[])mended.Find(BdfColumns.Find(label)!.Notation)!.Clone();
            foreach (var undo in steps.Where(s => s.Column == label).Reverse().SelectMany(s => s.Undo))
            {
                for (var r = undo.FirstRow - 1; r < undo.FirstRow - 1 + undo.Count; r++) { values[r] = undo.Original ?? ((values[r] - undo.Added) / undo.Factor); }
            }
            for (var r = 0; r < values.Length; r++) { Assert.Equal(original.Columns[i][r], values[r], 1e-9 * Math.Max(1, Math.Abs(values[r]))); }
        }
        Assert.Contains("sha256", File.ReadAllText(Bdf.MetadataPath(output)));
    }

    [Fact]
    public void A_clock_that_restarts_is_continued()
    {
        var table = BdfTable.Parse("x", "Test Time / s,Voltage / V,Current / A\n0,1,1\n10,1,1\n0,1,1\n5,1,1\n1,1,1\n2,1,1\n"u8);
        var (repaired, _) = BdfRepair.Repair(table);
        Assert.Equal([0, 10, 10, 15, 15, 16], repaired.Columns[0].Values);
    }

    [NeedsDataTheory]
    [InlineData("cycling/biologic/mb.mpr")]
    [InlineData("cycling/biologic/mb.issue_149.mpr")]
    [InlineData("cycling/biologic/coc.issue_185.mpr")]
    [InlineData("cycling/biologic/jdb11-4_rateTest_NaCoO2.mpr")]
    [InlineData("cycling/biologic/cv.mpr")]
    [InlineData("cycling/gamry/F4CA_1M_KOH_10mVs.DTA.gz")]
    public void Converted_files_are_valid_and_hold_the_same_numbers(string file)
    {
        var output = Path.Combine(SampleData.TemporaryFolder(), "out.bdf.csv");
        var json = CommandResult.Of("data", "convert", SampleData.Path(file), "-o", output, "--json").Json;
        var source = InstrumentFile.Read(SampleData.Path(file)).Series!;
        Assert.Equal(source.Count, json.GetProperty("rows").GetInt32());
        Assert.DoesNotContain(BdfValidation.Check(BdfFile.Table(output)), p => !p.IsAdvice);
        var read = InstrumentFile.Read(output).Series!;
        Assert.Equal(source.Time.ToArray(), read.Time.ToArray());
        Assert.Equal(source.Current.ToArray(), read.Current.ToArray());
        Assert.Equal(source.Potential.ToArray(), read.Potential.ToArray());
        Assert.True(File.Exists(Bdf.MetadataPath(output)));
    }

    private static Measurement ReadText(string text) => InstrumentFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "x.csv");
}
