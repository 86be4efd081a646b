using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using Interphase.Files;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Variants of formats as other laboratories' files have them, written here from what those files show.</summary>
public class FormatVariantTests
{
    private static Measurement Read(byte[] bytes, string name) => InstrumentFile.Read(new MemoryStream(bytes), name);

    private static Measurement Read(string text, string name = "x.csv") => Read(Encoding.UTF8.GetBytes(text), name);

    private static string Lines(int count, Func<int, FormattableString> row) => string.Concat(Enumerable.Range(0, count).Select(i => FormattableString.Invariant(row(i)) + "\n"));

    [Fact]
    public void A_table_that_counts_discharging_as_positive_is_turned_and_one_without_sign_is_called_so()
    {
        const string head = "time/s,voltage/V,current/A,Charge Capacity/Ah,Discharge Capacity/Ah\n";
        // 40 rows of discharge, then 40 of charge
        string Table(double inDischarge, double inCharge) => head + Lines(80, i => $"{i},{3 + (i * 0.001)},{(i < 40 ? inDischarge : inCharge)},{Math.Max(0, i - 39)},{Math.Min(i, 39)}");
        var right = Read(Table(-1, 1));
        Assert.Equal(-1, right.Series!.Current[5]);
        Assert.DoesNotContain(right.Warnings, w => w.Path == ColumnNames.Current);
        var reversed = Read(Table(1, -1));
        Assert.Equal(right.Series.Current.ToArray(), reversed.Series!.Current.ToArray());
        Assert.Contains(reversed.Warnings, w => w.Path == ColumnNames.Current && w.Text.Contains("turned", StringComparison.Ordinal));
        var unsigned = Read(Table(1, 1));
        Assert.Null(unsigned.Series!.Find(ColumnNames.Current));
        Assert.Contains(unsigned.Warnings, w => w.Path == ColumnNames.Current && w.Text.Contains("without sign", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5,577,644.47", 5577644.47)]
    [InlineData("-1,499.8856", -1499.8856)]
    [InlineData("1,000", 1000)]
    [InlineData("12.5", 12.5)]
    [InlineData("1,00", double.NaN)]
    [InlineData("1,2345.6", double.NaN)]
    [InlineData(",123", double.NaN)]
    [InlineData("1.5,000", double.NaN)]
    public void Thousands_may_be_set_apart(string cell, double value) => Assert.Equal(value, DelimitedText.Grouped(Encoding.ASCII.GetBytes(cell)));

    [Theory]
    [InlineData("727.384m", 0.727384)]
    [InlineData("1.5k", 1500)]
    [InlineData("7.075", 7.075)]
    [InlineData("7x", double.NaN)]
    [InlineData("m", double.NaN)]
    public void Numbers_may_carry_the_prefix_of_their_unit(string cell, double value) => Assert.Equal(value, DelimitedText.Prefixed(Encoding.ASCII.GetBytes(cell), (byte)'.'), 1e-12);

    [Fact]
    public void Maccor_tables_with_set_apart_thousands_hold_every_row()
    {
        string N(double v) => v.ToString("#,##0.####", CultureInfo.InvariantCulture);
        var text = "Today's Date:\t20 May 2019\nProcedure:\tP\nRec\tCycle\tStep\tTest Time (sec)\tStep Time (sec)\tCapacity\tEnergy\tCurrent\tVoltage\tMD\tES\tDPT Time\tAux #1\t Units\t\n"
            + string.Concat(Enumerable.Range(0, 2000).Select(i => $"{N(i + 1)}\t1\t{(i < 1000 ? 1 : 2)}\t{N(i * 10.5)}\t{N(i % 1000 * 10.5)}\t0.5\t1\t0.1000\t3.5\t{(i < 1000 ? "C" : "D")}\t1\t05/17/2019 11:49:11 AM\t25.1\t C  \t\n"));
        var m = Read(text, "x.txt");
        Assert.Equal("maccor", m.Format);
        Assert.Equal(2000, m.Series!.Count);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => i * 10.5), m.Series.Time.ToArray().Select(t => Math.Round(t, 6)));
        Assert.Equal(0.1, m.Series.Current[999]);
        Assert.Equal(-0.1, m.Series.Current[1000]);
        Assert.Empty(m.Warnings);
    }

    [Fact]
    public void Maccor_in_thousandths_gives_the_potential_in_millivolt()
    {
        var m = Read("Rec#\tCyc#\tStep\tTestTime\tStepTime\tmAmp-hr\tmWatt-hr\tmAmps\tVolts\tState\tES\tDPt Time\n1\t0\t1\t  0d 00:00:00.00\t  0d 00:00:00.00\t0\t0\t2.5\t1853.8186\tC\t0\t08/23/2021 6:04:18 PM\n2\t0\t1\t  0d 00:01:00.00\t  0d 00:01:00.00\t0.04\t0.07\t2.5\t1854\tC\t1\t08/23/2021 6:05:18 PM\n", "x.txt");
        Assert.Equal([0, 60], m.Series!.Time.ToArray());
        Assert.Equal(2.5e-3, m.Series.Current[0], 1e-15);
        Assert.Equal(1.8538186, m.Series.Potential[0], 1e-12);
        Assert.Equal(0.144, m.Series.Find(ColumnNames.ChargeCapacity)!.Values[1], 1e-12);
        Assert.Equal(new DateTime(2021, 8, 23, 18, 4, 18), m.Start!.Value.Clock);
    }

    [Fact]
    public void Neware_cumulative_time_is_the_total_time_and_date_formats_in_spreadsheets_are_durations()
    {
        var flat = Read("DataPoint,Cycle Index,Step Index,Step Type,Time,Cumulative Time,Current(A),Voltage(V)\n1,1,1,Rest,00:00:00,00:00:00,0,3\n2,1,2,CC Chg,00:00:00,00:01:00,0.1,3\n3,1,2,CC Chg,00:00:30,00:01:30,0.1,3\n");
        Assert.Equal("neware-csv", flat.Format);
        Assert.Equal([0, 60, 90], flat.Series!.Time.ToArray());
        Assert.Equal([0, 0, 30], flat.Series.Find(ColumnNames.StepTime)!.Values);

        // Cells of a format mm:ss hold days.
        var workbook = MadeCyclerFileTests.Xlsx(("record", [["Date", "Time", "Total Time", "Cycle Index", "Step Index", "Current(mA)", "Voltage(V)"], ["45351.5", "@0", "@0", "1", "2", "4", "3.7"], ["45351.6", "@0.5", "@2.25", "1", "2", "4", "3.7"]]));
        var m = Read(workbook, "x.xlsx");
        Assert.Equal("neware-xlsx", m.Format);
        Assert.Equal(0, m.Series!.Time[0], 1e-3);
        Assert.Equal(2.25 * 86400, m.Series.Time[1], 1e-3);
        Assert.Equal(43200, m.Series.Find(ColumnNames.StepTime)!.Values[1], 1e-3);
    }

    [Fact]
    public void Neware_exports_the_balance_of_a_profile_step_and_chambers_give_set_point_and_humidity()
    {
        // Two records of a step of type 17, with charge and discharge in it; form of version 29.
        var file = new byte[4096];
        "NEWARE"u8.CopyTo(file);
        file[14] = 29;
        var at = 2500;
        for (var i = 0; i < 3; i++, at += 86)
        {
            var r = file.AsSpan(at, 86);
            r[0] = 0x55;
            BinaryPrimitives.WriteUInt32LittleEndian(r[2..], (uint)i + 1);
            (r[10], r[12]) = (1, 17);
            BinaryPrimitives.WriteInt64LittleEndian(r[14..], i * 1000L);
            BinaryPrimitives.WriteInt32LittleEndian(r[22..], 35000);
            BinaryPrimitives.WriteInt64LittleEndian(r[38..], 1000);
            BinaryPrimitives.WriteInt64LittleEndian(r[46..], 700L * i);
            BinaryPrimitives.WriteUInt16LittleEndian(r[70..], 2024);
            (r[72], r[73]) = (5, 6);
            BinaryPrimitives.WriteInt32LittleEndian(r[78..], 1000);
        }
        var m = Read(file[..at], "x.nda");
        Assert.Equal([100, 30, -40], m.Native!().Columns.Single(c => c.Name == "Capacity(mAs)").Values.Select(v => Math.Round(v, 9)));
        Assert.All(m.Native!().Columns.Single(c => c.Name == "Step Type").Text!, t => Assert.Equal("SIM", t));

        var archive = Read(MadeCyclerFileTests.WholeRecords(2, chamber: true), "x.ndax").Series!;
        Assert.Equal(2.4464, archive.Find("auxiliary voltage")!.Values[0], 1e-12);
        Assert.Equal(298.05, archive.Find("set temperature")!.Values[0], 1e-9);
        Assert.Equal(41.5, archive.Find("humidity")!.Values[0], 1e-9);
    }

    [Fact]
    public void A_Novonix_test_that_was_started_again_gives_its_last_run_and_says_so()
    {
        const string head = "[Summary]\nNovonix HPC data file\nNovonix\nMass (g): ****\n[End Summary]\n[Protocol]\n[End Protocol]\n[Data]\nDate and Time,Cycle Number,Step Number,Run Time (h), Step Time (h),Current (A),Potential (V),Capacity (Ah)\n";
        string Run(int rows, int hour) => head + Lines(rows, i => $"1/3/2019 {hour}:00:0{i} PM,1,0,{i * 0.5},{i * 0.5},0.1,3.5,0");
        var m = Read(Run(3, 1) + Run(4, 2));
        Assert.Equal("novonix", m.Format);
        Assert.Equal([0, 1800, 3600, 5400], m.Series!.Time.ToArray());
        Assert.Contains(m.Warnings, w => w.Path == "series" && w.Text.Contains("3 rows", StringComparison.Ordinal));
        Assert.Equal(new DateTime(2019, 1, 3, 14, 0, 0), m.Start!.Value.Clock);
        // A spreadsheet has put every row into quotes.
        var quoted = Read(head.Replace("Date and", "\"Date and", StringComparison.Ordinal).Replace("Capacity (Ah)\n", "Capacity (Ah)\"\n", StringComparison.Ordinal) + Lines(3, i => $"\"2022-04-11 10:58:0{i} AM,1,0,{i},{i},0.1,3.5,0\""));
        Assert.Equal([0, 3600, 7200], quoted.Series!.Time.ToArray());
    }

    private static readonly double[] Frequency = [.. Enumerable.Range(0, 12).Select(k => 1e4 * Math.Pow(10, -k / 3.0))];
    private static readonly Complex[] Z = [.. Frequency.Select(f => 10 + (100 / (1 + new Complex(0, 2 * Math.PI * f * 1e-3))))];

    private static void IsTheSpectrum(Measurement m, string format)
    {
        Assert.Equal(format, m.Format);
        var s = Assert.Single(m.Spectra);
        Assert.Equal(Frequency.Length, s.Count);
        for (var i = 0; i < s.Count; i++)
        {
            Assert.Equal(1, s.Frequency[i] / Frequency[i], 6);
            Assert.InRange((s.Impedance[i] - Z[i]).Magnitude, 0, 1e-5 * Z[i].Magnitude);
        }
    }

    [Fact]
    public void Spectra_of_ZPlotW_Ivium_12_VersaStudio_and_engineering_prefixes()
    {
        int[] points = [.. Enumerable.Range(0, 12)];
        IsTheSpectrum(Read("\"ZPlotW Data File: Version 3.2c\"\n\"Sweep Frequency: Control Voltage\"\n\"  Freq(Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range\"\n"
            + Lines(12, i => $"{Frequency[i]:E8}, 1E-2, 0, {i}, {Z[i].Real:E8}, {Z[i].Imaginary:E8}, 0, 0, 5"), "x.z"), "zview-text");

        var ivium = "\u0001\u0002Version=12\nMethod=Impedance\nTechnique=Constant I\nprimary_data     3         \n12        \n" + Lines(12, i => $"{Z[i].Real:E8}  {Z[i].Imaginary:E8} {Frequency[i]:E8} ");
        IsTheSpectrum(Read(Encoding.Latin1.GetBytes(ivium), "x.idf"), "ivium-idf");

        var par = "<Application>\nName=VersaStudio\nVersion=2.52.3.0\n</Application>\n<Action0>\nWorking Electrode Area (cm2)=1\nMass (g)=0.002\nName=Common\n</Action0>\n<Action1>\nName=Potentiostatic EIS\n</Action1>\n<Experiment>\nTimeAcquired=9:15:45 AM\nDateAcquired=Thursday, July 19, 2018\n</Experiment>\n<Segment1>\nType=2\nDefinition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Frequency(Hz), Z Real, Z Imag, AC Amplitude, 0\n"
            + Lines(12, i => $"0,{i},0.1,1E-6,{i},{Frequency[i]:E8},{Z[i].Real:E8},{Z[i].Imaginary:E8},0.02");
        var versa = Read(par + "</Segment1>\n<Graph1>\nA=1\n</Graph1>\n", "x.par");
        IsTheSpectrum(versa, "versastudio-par");
        Assert.Empty(versa.Warnings);
        Assert.Equal("Potentiostatic EIS", versa.Technique);
        Assert.Equal(new DateTime(2018, 7, 19, 9, 15, 45), versa.Start!.Value.Clock);
        Assert.Equal(2e-6, versa.Gives(MetadataNames.ActiveMass)!.Value.Value, 1e-15);
        Assert.Null(versa.Gives(MetadataNames.ElectrodeArea));
        Assert.Contains("cut off", Assert.Throws<InputException>(() => Read(par, "x.par")).What);

        string Engineering(double v) => v < 1 ? FormattableString.Invariant($"{v * 1e3:F6}m") : v >= 1000 ? FormattableString.Invariant($"{v / 1e3:F9}k") : FormattableString.Invariant($"{v:F9}");
        IsTheSpectrum(Read("Frequency;Impedance;Phase\n" + string.Concat(points.Select(i => $"{Engineering(Frequency[i])};{Engineering(Z[i].Magnitude)};{(Z[i].Phase * 180 / Math.PI).ToString("F8", CultureInfo.InvariantCulture)}\n"))), "delimited-text");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PalmSens_sessions_with_keys_in_small_letters_and_voltammograms(bool small)
    {
        static string Array(string type, string name, IEnumerable<double> values) => FormattableString.Invariant($"{{\"Type\":\"PalmSens.Data.{type}\",\"Description\":\"{name}\",\"DataValues\":[{string.Join(',', values.Select(v => $"{{\"V\":{v.ToString("R", CultureInfo.InvariantCulture)}}}"))}]}}");
        string Session(params string[] arrays)
        {
            var text = $"{{\"Type\":\"PalmSens.DataFiles.SessionFile\",\"Measurements\":[{{\"Title\":\"T\",\"TimeStamp\":638881863659064152,\"DataSet\":{{\"Values\":[{string.Join(',', arrays)}]}}}}]}}";
            return small ? System.Text.RegularExpressions.Regex.Replace(text, "\"(\\w+)\":", m => m.Value.ToLowerInvariant()) : text;
        }
        IsTheSpectrum(Read(Session(Array("DataArray", "Frequency", Frequency), Array("DataArray", "ZRe", Z.Select(z => z.Real)), Array("DataArray", "ZIm", Z.Select(z => -z.Imaginary))), "x.pssession"), "palmsens-session");

        // Two scans under the times of the first.
        var m = Read(Session(Array("DataArrayTime", "time", [0, 0.1, 0.2]), Array("DataArrayPotentials", "scan1", [1, 2, 3]), Array("DataArrayCurrents", "scan1", [10, 20, 30]), Array("DataArrayPotentials", "scan2", [3, 2]), Array("DataArrayCurrents", "scan2", [-10, -20])), "x.pssession");
        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4], m.Series!.Time.ToArray().Select(t => Math.Round(t, 12)));
        Assert.Equal([1, 2, 3, 3, 2], m.Series.Potential.ToArray());
        Assert.Equal([1, 1, 1, 2, 2], m.Series.Find(ColumnNames.Cycle)!.Values);
        Assert.Equal(-20e-6, m.Series.Current[4], 1e-18);
        Assert.Contains(m.Warnings, w => w.Path == ColumnNames.Time);
        Assert.Throws<InputException>(() => Read(Session(Array("DataArrayTime", "time", [0, 0.1, 5]), Array("DataArrayPotentials", "scan1", [1, 2, 3, 4]), Array("DataArrayCurrents", "scan1", [1, 2, 3, 4])), "x.pssession"));
    }

    [Fact]
    public void Texts_in_UTF_16_may_end_in_a_second_mark_and_EC_Labs_may_have_an_empty_second_line()
    {
        var text = "File date:,2023-10-27\n\nfreq / Hz,neg. Phase / °,Z' / Ohm,Z'' / Ohm\n" + Lines(12, i => $"{Frequency[i]:E8},0,{Z[i].Real:E8},{-Z[i].Imaginary:E8}");
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text), 0xFF, 0xFE, 0x0A];
        IsTheSpectrum(Read(bytes, "x.csv"), "delimited-text");
        Assert.Equal([0, 1], Read("BT-Lab ASCII FILE\n\nNb header lines : 4\ntime/s\tEwe/V\tI/mA\n0,0\t3,5\t1,0\n1,0\t3,5\t1,0\n", "x.mpt").Series!.Time.ToArray());
    }

    [Fact]
    public void Times_given_as_dates_are_counted_from_the_first()
    {
        var m = Read("time/s;Ecell/V;I/mA\n05/05/2021 23:59:50.500;3.8;1\n05/06/2021 00:00:10.500;3.9;1\n");
        Assert.Equal([0, 20], m.Series!.Time.ToArray());
        Assert.Equal([0, 1.5], Read("time\tvoltage/V\tcurrent/A\n2024-12-06 10:06:54.25\t1\t0\n2024-12-06 10:06:55.75\t1\t0\n", "x.txt").Series!.Time.ToArray());
        Assert.Equal([0, 3600], Read("Date_Time,Test_Time(s),Step_Time(s),Step_Index,Cycle_Index,Voltage(V),Current(A)\n10-19-2020 11:31:46.500,0,0,1,1,3,0\n10-19-2020 12:31:46.500,3600,3600,1,1,3,0\n").Series!.Find("clock")!.Values.Select(v => Math.Round(v - 1603107106.5, 3)));
    }

    [Theory]
    [InlineData("Date_Time,Test Time (s),Cycle Index,Step Index,Current (A),Voltage (V),Charge Capacity (Ah),Discharge Capacity (Ah),V_Max_On_Cycle (V),Coulombic Efficiency (%)\n,1,1,1,0,3,1,1,4,99\n,2,2,1,0,3,1,1,4,99\n", "statistics")]
    [InlineData("TesterID:\tTester #2\nComment:\n\nCycle\tTest Time\tCurrent\tVoltage\n1\t2\t3\t4\n", "statistics")]
    [InlineData("<?xml version=\"1.0\"?>\n<?maccor-application progid=\"Maccor Procedure File\"?>\n<MaccorTestProcedure>\n", "procedure")]
    [InlineData(",test_id,device_id,schedule_file_name\n0,1,2,x\n", "table of tests")]
    [InlineData("Cyclic Voltammetry: CV i vs E,\nDate and time measurement:,2023-06-29 17:44:23\nV,µA,V,µA\n1,2,3,4\n", "side by side")]
    public void Tables_without_records_are_named(string text, string what) => Assert.Contains(what, Assert.Throws<InputException>(() => Read(text)).What);

    [Fact]
    public void A_current_printed_too_coarsely_for_its_charge_is_said()
    {
        string Table(string current) => "time/s,voltage/V,current/mA\n" + Lines(40, i => $"{i},3.5,{(i == 0 ? "0.0" : current)}");
        var coarse = Assert.Single(Read(Table("0.2")).Warnings, w => w.Path == ColumnNames.Current);
        Assert.Contains("0.0001 A", coarse.Text, StringComparison.Ordinal);
        Assert.Contains("25 %", coarse.Text, StringComparison.Ordinal);
        Assert.Empty(Read(Table("20.0")).Warnings);
        // Shortest numbers do not say how finely they were measured.
        Assert.Empty(Read(Table("2")).Warnings);
    }

    [Fact]
    public void A_file_in_an_archive_of_its_own_is_read_and_of_several_one_must_be_named()
    {
        var table = Encoding.UTF8.GetBytes("time/s,voltage/V,current/A\n0,3,1\n1,3,1\n");
        Assert.Equal([0, 1], Read(MadeCyclerFileTests.Zip(("a.csv", table), ("__MACOSX/._a.csv", [1])), "x.zip").Series!.Time.ToArray());
        Assert.Contains("2 files", Assert.Throws<InputException>(() => Read(MadeCyclerFileTests.Zip(("a.csv", table), ("b.csv", table)), "x.zip")).What);
        Assert.Throws<InputException>(() => Read(MadeCyclerFileTests.Zip(("a.zip", MadeCyclerFileTests.Zip(("a.csv", table)))), "x.zip"));
        var whole = MadeCyclerFileTests.Zip(("a.csv", table));
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i] ^= 0x55;
            try { Read(damaged, "x.zip"); }
            catch (InputException e) { Assert.NotEmpty(e.Mend); }
        }
    }

    [Theory]
    [InlineData("time/s,voltage/V,current/A\n", "no rows")]
    [InlineData("\n", "no format")]
    public void Tables_without_rows_say_so(string text, string what) => Assert.Contains(what, Assert.Throws<InputException>(() => Read(text)).What);

    /// <summary>Long texts are read in blocks of lines, short ones as a whole: both ways give the same.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_long_EC_Lab_text_reads_as_its_parts_do(bool comma)
    {
        const string head = "EC-Lab ASCII FILE\r\nNb header lines : 4\r\n\r\nmode\ttime/s\tEwe/V\tI/mA\t(Q-Qo)/mA.h\t\r\n";
        string Row(int i) => FormattableString.Invariant($"1\t{i * 0.5:F3}\t{3 + (i % 1000 * 1e-3):F4}\t{0.25 + (i % 7):F6}\t{i * 1e-5:F7}\t\r\n").Replace('.', comma ? ',' : '.');
        const int rows = 60_000;
        var text = head + string.Concat(Enumerable.Range(0, rows).Select(Row));
        Assert.True(text.Length > 1 << 21);
        foreach (var cut in new[] { 0, 3 })
        {
            // Without its last characters the last number may be another one.
            var m = Read(text[..^(2 + cut)], "x.mpt");
            Assert.Equal(rows, m.Series!.Count);
            for (var i = 0; i < rows - 1; i++)
            {
                if (m.Series.Time[i] != i * 0.5 || Math.Abs(m.Series.Current[i] - ((0.25 + (i % 7)) * 1e-3)) > 1e-15) { Assert.Fail($"row {i}"); }
            }
            Assert.Equal(0.25 + 1, m.Native!().Columns.Single(c => c.Name == "I/mA").Values[1]);
        }
        Assert.Contains("zero byte", Assert.Throws<InputException>(() => Read(text.Remove(1 << 21, 1).Insert(1 << 21, "\0"), "x.mpt")).What);
        Assert.Contains(Read(text.Remove(1 << 21, 1).Insert(1 << 21, "\u0001"), "x.mpt").Warnings, w => w.Path == "file");
        Assert.Contains("cut off", Assert.Throws<InputException>(() => Read(text[..^20], "x.mpt")).What);
    }
}
