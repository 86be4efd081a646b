using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Text exports of cyclers: recognised for what they are, in SI, and consistent within themselves and with each other.</summary>
public class CyclerTextTests
{
    [NeedsDataTheory]
    [InlineData("arbin/batdata_arbin_example.csv.gz", "arbin-csv")]
    [InlineData("arbin/beep_2017-05-09_test-TC-contact_CH33.csv", "arbin-csv")]
    [InlineData("arbin/pyprobe_sample_data_arbin.csv", "arbin-csv")]
    [InlineData("maccor/camp_example_rate.062.gz", "maccor")]
    [InlineData("maccor/cellpy_maccor_002.txt.gz", "maccor")]
    [InlineData("maccor/rovi_maccor_example.001", "maccor")]
    [InlineData("neware/cellpy_nw_regular_export_ife_example.csv.gz", "neware-csv")]
    [InlineData("landt/SINTEF__LiGrR2032__Landt.csv.gz", "landt-csv")]
    [InlineData("novonix/pyprobe_sample_data_novonix.csv", "novonix")]
    [InlineData("basytec/pyprobe_sample_data_basytec.txt", "basytec")]
    [InlineData("pec/cellpy_Test25209.csv", "pec")]
    [InlineData("batteryarchive/CALCE_CX2-33_timeseries.csv", "battery-archive")]
    public void Each_is_recognised_and_has_time_current_and_potential(string file, string format)
    {
        var m = InstrumentFile.Read(SampleData.Path("cycling/" + file));
        Assert.Equal(format, m.Format);
        Assert.NotNull(m.Start);
        var s = m.Series!;
        Assert.True(s.Count > 0);
        Assert.DoesNotContain(m.Warnings, w => w.Path is ColumnNames.Time or ColumnNames.Potential || (w.Path == ColumnNames.Current && format != "landt-csv"));
        Assert.Equal(format == "landt-csv", m.Warnings.Any(w => w.Text.Contains("printed in steps", StringComparison.Ordinal)));
        Assert.All(s.Potential.ToArray(), v => Assert.InRange(v, -5, 10));
        if (s.Find(ColumnNames.Temperature) is { } t) { Assert.All(t.Values.Where(v => !double.IsNaN(v)), v => Assert.InRange(v, 240, 400)); }
    }

    [NeedsDataTheory]
    [InlineData("arbin/batdata_arbin_example.csv.gz", 0.01)]
    [InlineData("maccor/camp_example_rate.062.gz", 0.01)]
    [InlineData("maccor/cellpy_maccor_002.txt.gz", 0.02)]
    [InlineData("neware/cellpy_nw_regular_export_ife_example.csv.gz", 0.01)]
    [InlineData("novonix/pyprobe_sample_data_novonix.csv", 0.01)]
    public void Capacity_is_the_integral_of_current(string file, double tolerance)
    {
        // Units and signs of current, time and capacity are wrong together or not at all.
        var s = InstrumentFile.Read(SampleData.Path("cycling/" + file)).Series!;
        double integral = 0, reported = 0, passed = 0;
        double Signed(int i) => s.Find(ColumnNames.NetCharge) is { } net ? net.Values[i] : s.Find(ColumnNames.ChargeCapacity)!.Values[i] - s.Find(ColumnNames.DischargeCapacity)!.Values[i];
        for (var i = 1; i < s.Count; i++)
        {
            var dt = s.Time[i] - s.Time[i - 1];
            var step = Signed(i) - Signed(i - 1);
            var charge = s.Current[i] * dt;
            // Rows where the accumulator is reset, or where the record before belongs to another current, say nothing.
            if (Math.Abs(s.Current[i] - s.Current[i - 1]) > 0.02 * Math.Abs(s.Current[i]) || Math.Sign(s.Current[i]) != Math.Sign(step) || dt <= 0) { continue; }
            integral += charge;
            reported += step;
            passed += Math.Abs(charge);
        }
        Assert.True(passed > 0);
        Assert.True(Math.Abs(integral - reported) <= tolerance * passed, $"{integral} C integrated, {reported} C reported, {passed} C passed");
    }

    [NeedsDataTheory]
    [InlineData("21_10_7_85")]
    [InlineData("46_1_5_60_bts16")]
    [InlineData("nw4-120-1-6-53")]
    public void Neware_text_and_binary_are_the_same_test(string stem)
    {
        var text = Directory.GetFiles(SampleData.Path("cycling/neware"), stem + ".btsda.csv*").Single();
        var (a, b) = (InstrumentFile.Read(text).Series!, InstrumentFile.Read(SampleData.Path($"cycling/neware/{stem}.ndax")).Series!);
        Assert.Equal(b.Count, a.Count);
        for (var i = 0; i < a.Count; i++)
        {
            Assert.Equal(b.Time[i], a.Time[i], 2e-3);
            Assert.Equal(b.Potential[i], a.Potential[i], 1e-4);
            Assert.Equal(b.Current[i], a.Current[i], 2e-5);
            Assert.Equal(b.Find(ColumnNames.ChargeCapacity)!.Values[i], a.Find(ColumnNames.ChargeCapacity)!.Values[i], 1e-3 + (1e-5 * b.Find(ColumnNames.ChargeCapacity)!.Values[i]));
        }
    }

    [NeedsDataFact]
    public void Landt_text_and_the_reference_made_from_it_are_the_same_test()
    {
        var (a, b) = (InstrumentFile.Read(SampleData.Path("cycling/landt/SINTEF__LiGrR2032__Landt.csv.gz")).Series!, InstrumentFile.Read(SampleData.Path("cycling/landt/SINTEF__LiGrR2032__Landt.bdf.csv.gz")).Series!);
        Assert.Equal(b.Time.ToArray(), a.Time.ToArray());
        Assert.Equal(b.Potential.ToArray(), a.Potential.ToArray());
        Assert.Equal(b.Current.ToArray(), a.Current.ToArray());
        Assert.Equal(b.Find(ColumnNames.DischargeCapacity)!.Values, a.Find(ColumnNames.DischargeCapacity)!.Values);
    }

    [NeedsDataFact]
    public void Maccor_current_takes_its_sign_from_the_state_or_says_that_it_has_none()
    {
        var s = InstrumentFile.Read(SampleData.Path("cycling/maccor/camp_example_rate.062.gz")).Series!;
        var state = s.Find("state")!.Values;
        Assert.All(Enumerable.Range(0, s.Count).Where(i => state[i] == 'C'), i => Assert.True(s.Current[i] >= 0));
        Assert.All(Enumerable.Range(0, s.Count).Where(i => state[i] == 'D'), i => Assert.True(s.Current[i] <= 0));
        Assert.Contains(Enumerable.Range(0, s.Count), i => s.Current[i] < -1e-4);
        var unsigned = InstrumentFile.Read(SampleData.Path("cycling/maccor/pyprobe_sample_data_maccor.csv"));
        Assert.Null(unsigned.Series!.Find(ColumnNames.Current));
        Assert.Contains(unsigned.Warnings, w => w.Path == ColumnNames.Current);
    }

    [NeedsDataFact]
    public void Gamry_cycles_scan_rate_and_sign_are_kept()
    {
        var m = InstrumentFile.Read(SampleData.Path("cycling/gamry/F4CA_1M_KOH_10mVs.DTA.gz"));
        Assert.Equal(0.01, m.Gives(MetadataNames.ScanRate)!.Value.Value, 1e-6);
        var s = m.Series!;
        var half = s.Count / 2;
        Assert.Equal(0.01, Math.Abs(s.Potential[half / 2] - s.Potential[half / 4]) / (s.Time[half / 2] - s.Time[half / 4]), 2e-4);
        // A reduction on the way down is negative.
        Assert.True(s.Potential[half / 2] < s.Potential[half / 4] && s.Current[half / 2] < 0);
        var turned = InstrumentFile.Read(new MemoryStream("EXPLAIN\nTAG\tCV\nCONVENTION\tIQUANT\t0\tx\nCURVE1\tTABLE\t2\n\tPt\tT\tVf\tIm\n\t#\ts\tV vs. Ref.\tA\n\t0\t0\t1\t2\n\t1\t1\t1\t-3\nCURVE2\tTABLE\t1\n\tPt\tT\tVf\tIm\n\t#\ts\tV\tA\n\t0\t2\t1\t4\n"u8.ToArray()), "x.DTA");
        Assert.Equal([-2, 3, -4], turned.Series!.Current.ToArray());
        Assert.Equal([0, 0, 1], turned.Series.Find(ColumnNames.Cycle)!.Values);
        Assert.Contains(turned.Warnings, w => w.Path == ColumnNames.Current);
    }

    [NeedsDataFact]
    public void Three_electrode_pulses_keep_each_electrode_apart()
    {
        var s = InstrumentFile.Read(SampleData.Path("cycling/gitt/LGM50_3electrode/pulse_01.csv")).Series!;
        var (cell, counter) = (s.Find(ColumnNames.CellVoltage)!.Values, s.Find(ColumnNames.CounterPotential)!.Values);
        for (var i = 0; i < s.Count; i++) { Assert.Equal(cell[i], s.Potential[i] - counter[i], 1e-4); }
        Assert.Null(s.Reference.Name);
    }

    [Theory]
    [InlineData("time/s,voltage/V,current/mA\n0,3,1\n1,3,1\n", 1e-3)]
    [InlineData("Time (h);E (mV);I (µA)\n0;3000;1\n0,0002777777777778;3000;1\n", 1e-6)]
    [InlineData("t_s\tEwe_V\tI_A\n0\t3\t1\n1\t3\t1\n", 1)]
    [InlineData("# a comment\n# another\nTest Time [min],Potential [V],Current [nA]\n0,3,1\n0.0166666666666667,3,1\n", 1e-9)]
    public void Units_in_any_usual_spelling_reach_SI(string text, double current)
    {
        var s = InstrumentFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "x.csv").Series!;
        Assert.Equal(1, s.Time[1], 1e-9);
        Assert.Equal(3, s.Potential[0], 1e-12);
        Assert.Equal(current, s.Current[0], current * 1e-12);
    }

    [Theory]
    [InlineData("freq_Hz,Zre_ohm,Zim_ohm\n10,1,-2\n1,2,-3\n", -2)]
    [InlineData("f/Hz;Re(Z)/Ohm;-Im(Z)/Ohm\n10;1;2\n1;2;3\n", -2)]
    [InlineData("Frequency (kHz),Z' (mOhm),Z'' (mOhm)\n0.01,1000,-2000\n0.001,2000,-3000\n", -2)]
    [InlineData("freq/Hz\t|Z|/Ohm\tPhase(Z)/deg\n10\t2.23606797749979\t-63.43494882292201\n1\t3\t-10\n", -2)]
    public void Imaginary_part_is_negative_when_capacitive_however_it_is_written(string text, double imaginary)
    {
        var s = Assert.Single(InstrumentFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "x.csv").Spectra);
        Assert.Equal(10, s.Frequency[0], 1e-9);
        Assert.Equal(1, s.Impedance[0].Real, 1e-9);
        Assert.Equal(imaginary, s.Impedance[0].Imaginary, 1e-9);
    }
}
