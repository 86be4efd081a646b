using System.Globalization;
using System.IO.Compression;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>The Arbin database against a dump of the same tables made by another reader.</summary>
public class ArbinTests
{
    [NeedsDataFact]
    public void Every_record_is_the_dumps()
    {
        var m = InstrumentFile.Read(SampleData.Path("cycling/arbin/20160805_test001_45_cc_01.res"));
        var s = m.Series!;
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SampleData.Path("cycling/arbin/20160805_test001_45_cc_01.Channel_Normal_Table.csv.gz")), CompressionMode.Decompress));
        var names = reader.ReadLine()!.Split(',');
        var rows = new List<double[]>();
        while (reader.ReadLine() is { } line) { rows.Add([.. line.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture))]); }
        rows.Sort((a, b) => a[1].CompareTo(b[1]));
        Assert.Equal(10261, rows.Count);
        Assert.Equal(rows.Count, s.Count);
        foreach (var (theirs, ours, scale) in new[]
        {
            ("Test_Time", ColumnNames.Time, 1.0), ("Step_Time", ColumnNames.StepTime, 1), ("Step_Index", ColumnNames.ProgramStep, 1), ("Cycle_Index", ColumnNames.Cycle, 1), ("Current", ColumnNames.Current, 1),
            ("Voltage", ColumnNames.Potential, 1), ("Charge_Capacity", ColumnNames.ChargeCapacity, 3600), ("Discharge_Capacity", ColumnNames.DischargeCapacity, 3600), ("Charge_Energy", ColumnNames.ChargeEnergy, 3600),
            ("Discharge_Energy", ColumnNames.DischargeEnergy, 3600), ("dV/dt", "dV/dt", 1), ("Internal_Resistance", "Internal_Resistance", 1),
        })
        {
            var at = Array.IndexOf(names, theirs);
            var values = s.Find(ours)!.Values;
            // The dump prints singles with eight digits.
            for (var i = 0; i < rows.Count; i++) { Assert.True(Math.Abs(values[i] - (rows[i][at] * scale)) <= 1e-7 * Math.Abs(values[i]), $"{theirs} row {i}: {values[i]} vs {rows[i][at] * scale}"); }
        }
    }

    [NeedsDataFact]
    public void The_native_table_is_the_dump_to_its_printed_digits()
    {
        var table = InstrumentFile.Read(SampleData.Path("cycling/arbin/20160805_test001_45_cc_01.res")).Native!();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SampleData.Path("cycling/arbin/20160805_test001_45_cc_01.Channel_Normal_Table.csv.gz")), CompressionMode.Decompress));
        Assert.Equal(reader.ReadLine(), string.Join(',', table.Columns.Select(c => c.Name)));
        var rows = new List<double[]>();
        while (reader.ReadLine() is { } line) { rows.Add([.. line.Split(',').Select(c => double.Parse(c, CultureInfo.InvariantCulture))]); }
        rows.Sort((a, b) => a[1].CompareTo(b[1]));
        for (var c = 0; c < table.Columns.Count; c++)
        {
            // Singles are printed with eight digits, doubles with sixteen.
            var digits = table.Columns[c].Name is "Test_Time" or "Step_Time" or "DateTime" or "Charge_Capacity" ? 1e-15 : 1e-7;
            for (var r = 0; r < rows.Count; r++) { Assert.True(Math.Abs(table.Columns[c].Values[r] - rows[r][c]) <= digits * Math.Abs(rows[r][c]), $"{table.Columns[c].Name} row {r}: {table.Columns[c].Values[r]:R} vs {rows[r][c]:R}"); }
        }
    }

    [NeedsDataFact]
    public void Its_metadata_are_read()
    {
        var m = InstrumentFile.Read(SampleData.Path("cycling/arbin/20160805_test001_45_cc_01.res"));
        Assert.Equal(0.85283798e-6, m.Gives(MetadataNames.ActiveMass)!.Value.Value, 1e-10);
        Assert.Equal("20160805_sic006_45_cc_01-01-003", m.Says("testName"));
        Assert.Equal(new DateTime(2016, 8, 5), m.Start!.Value.Clock.Date);
        Assert.Null(m.Start.Value.UtcOffset);
    }
}
