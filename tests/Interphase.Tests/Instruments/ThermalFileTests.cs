using System.Globalization;
using System.Text;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Tests.Instruments;

/// <summary>Thermal exports in the spellings that instruments, languages and spreadsheets give them; the curve is the same in all.</summary>
public class ThermalFileTests
{
    private const int Rows = 40;

    // The truth: 10 K/min from 300 K, 8 mg losing 0.02 mg a row, 2 mW of heat rising by 0.05 mW.
    private static double Kelvin(int i) => 300 + (5 * i);
    private static double Seconds(int i) => 30.0 * i;
    private static double Milligrams(int i) => 8 - (0.02 * i);
    private static double Milliwatts(int i) => 2 + (0.05 * i);

    private static string F(double x, string format = "0.00000") => x.ToString(format, CultureInfo.InvariantCulture);

    private static string Table(string before, string separator, Func<int, double[]> row, bool comma = false) =>
        before + string.Concat(Enumerable.Range(0, Rows).Select(i => string.Join(separator, row(i).Select(x => comma ? F(x).Replace('.', ',') : F(x))) + "\r\n"));

    private static double[] Common(int i) => [Kelvin(i) - 273.15, Seconds(i) / 60, Milliwatts(i) / 8, 100 * Milligrams(i) / 8];

    private static readonly Encoding Gbk = Made();

    private static Encoding Made()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(936);
    }

    public static TheoryData<string> Spellings => [.. Texts.Keys];

    private static readonly Dictionary<string, byte[]> Texts = new()
    {
        ["NETZSCH, German, decimal comma, latin-1"] = Encoding.Latin1.GetBytes(Table("#EXPORTTYPE:DATA ALL\r\n#DECIMAL:COMMA\r\n#SEPARATOR:SEMICOLON\r\n#PROBENMASSE /mg:8,0\r\n#EXO:-1\r\n##Temp./°C;Zeit/min;DSC/(mW/mg);Masse/%\r\n", ";", Common, true)),
        ["NETZSCH, saved as csv by a spreadsheet"] = Encoding.UTF8.GetBytes(Table("#EXPORTTYPE:,DATA ALL,,,\r\n#SAMPLE MASS /mg: ,8.0,,\r\n#EXO: ,-1,,\r\n,,,\r\n##Temp./C,Time/min,DSC/(mW/mg),Mass/%\r\n", ",", Common)),
        ["NETZSCH, Chinese, GBK"] = Gbk.GetBytes(Table("#EXPORTTYPE:DATA ALL\r\n#SAMPLE MASS /mg:8.0\r\n#EXO:-1\r\n##温度/℃;时间/min;DSC/(mW/mg);质量/%\r\n", ";", Common)),
        ["NETZSCH, uncalibrated with the sensitivity beside"] = Encoding.UTF8.GetBytes(Table("#EXPORTTYPE:DATA ALL\r\n#SAMPLE MASS /mg:8.0\r\n#EXO:-1\r\n##Temp./°C;Time/min;DSC/(uV/mg);Mass/%;Sensit./(uV/mW);Segment\r\n", ";", i => [.. Common(i)[..2], Common(i)[2] * 3.5, Common(i)[3], 3.5, 1])),
        ["French, tabs, UTF-16"] = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Table("Masse initiale: 8,0 mg\r\nExo: down\r\nTemps (s)\tTempérature (°C)\tMasse (mg)\tFlux de chaleur (mW)\r\n", "\t", i => [Seconds(i), Kelvin(i) - 273.15, Milligrams(i), Milliwatts(i)], true))],
        ["TRIOS with two steps"] = Encoding.UTF8.GetBytes("Instrument name\tDSC 2500\r\nSample mass\t8.0 mg\r\nExotherm\tDown\r\n[step]\r\nRamp 10.00 °C/min\r\n" + Table("Time\tTemperature\tHeat Flow\tWeight\r\nmin\t°C\tmW\tmg\r\n", "\t", i => [Seconds(i) / 60, Kelvin(i) - 273.15, Milliwatts(i), Milligrams(i)])),
        ["Setaram"] = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Table("Gel\r\nCreation Date : 08/01/2025\r\nExo: down\r\n\r\nTG :\r\n Initial Mass : 8.0 mg\r\n Molar Mass : N/A\r\n\r\nIndex;Time (s);Furnace Temperature (°C);Sample Temperature (°C);TG (mg);HeatFlow (mW)\r\n", ";", i => [i + 1, Seconds(i), Kelvin(i) - 270, Kelvin(i) - 273.15, 240.9 + Milligrams(i) - 8, Milliwatts(i)]))],
        ["kelvin and grams, units in their own row, empty column at the end"] = Encoding.UTF8.GetBytes("sample mass: 8.0 mg\nexo: down\n" + Table("Time,Temp,Mass,Heat Flow,\n[s],[K],[g],[mW],\n", ",", i => [Seconds(i), Kelvin(i), Milligrams(i) / 1000, Milliwatts(i)]).Replace("\r\n", ",\r\n", StringComparison.Ordinal)),
        ["microwatts, hours, UTF-8 mark"] = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Table("exo: down\nsample mass (mg): 8.0\ntime/h,T/K,m/mg,heat flow/µW\n", ",", i => [Seconds(i) / 3600, Kelvin(i), Milligrams(i), 1000 * Milliwatts(i)]))],
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Every_spelling_gives_the_same_curve(string spelling)
    {
        var m = InstrumentFile.Read(new MemoryStream(Texts[spelling]), "made.txt");
        var t = m.Thermal!;
        Assert.Equal(Rows, t.Count);
        Assert.Equal(8e-6, t.InitialMass!.Value, 1e-12);
        Assert.False(t.ExothermUp);
        for (var i = 0; i < Rows; i++)
        {
            Assert.Equal(Kelvin(i), t.Temperature[i], 1e-4);
            Assert.Equal(Seconds(i), t.Time[i], 0.05);
            Assert.Equal(Milligrams(i) / 8, t.Mass![i], 1e-6);
            Assert.Equal(Milliwatts(i) / 8e-3, t.HeatFlow![i], 0.5);
        }
    }

    [Theory]
    [InlineData("Temperature,Mass (mg),Time (s)\n", 330, "°C or K")]
    [InlineData("Temperature (°F),Mass (mg),Time (s)\n", 330, "°F")]
    [InlineData("Temperature (K),Mass (st),Time (s)\n", 330, "st")]
    [InlineData("Temperature (K),Mass (mg)\n", 330, "heating rate")]
    [InlineData("Temperature (K),HRR (W/g),Time (s)\n", 330, "heat release")]
    [InlineData("sample mass: 0 mg\nTemperature (K),Mass (mg),Time (s)\n", 330, "empty crucible")]
    public void What_cannot_be_known_is_asked_for(string header, double from, string said)
    {
        var text = header + string.Concat(Enumerable.Range(0, 30).Select(i => FormattableString.Invariant($"{from + i},{8 - (0.01 * i)},{6 * i}\n")));
        var e = Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "made.csv"));
        Assert.Contains(said, e.What + e.Mend, StringComparison.Ordinal);
        Assert.NotEmpty(e.Mend);
    }

    [Fact]
    public void A_time_that_could_be_seconds_or_minutes_is_not_guessed()
    {
        string Text(double perRow) => "Time,Temperature (K),Mass (mg)\n" + string.Concat(Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"{i},{300 + (perRow * i)},{8 - (0.01 * i)}\n")));
        Measurement Read(double perRow) => InstrumentFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Text(perRow))), "made.csv");
        Assert.Equal(39, Read(10 / 60.0).Thermal!.Time[^1], 1e-9);
        Assert.Equal(39 * 60, Read(10).Thermal!.Time[^1], 1e-9);
        Assert.Contains("seconds or minutes", Assert.Throws<InputException>(() => Read(100 / 60.0)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_rate_stands_in_for_a_column_of_time()
    {
        var text = "heating rate: 20 K/min\nTemperature (°C);Mass (%)\n" + string.Concat(Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"{30 + (5 * i)};{100 - i}\n")));
        var m = InstrumentFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "made.csv");
        Assert.Equal(39 * 5 / 20.0 * 60, m.Thermal!.Time[^1], 1e-9);
        Assert.Contains(m.Warnings, w => w.Path == "time");
    }

    /// <summary>Readings that a program lost are counted, and a stretch of them is named where the curve is analysed.</summary>
    [Theory]
    [InlineData("NaN")]
    [InlineData("---")]
    [InlineData("-inf")]
    [InlineData("#N/A")]
    [InlineData("")]
    public void Cells_without_a_number_are_counted(string cell)
    {
        var text = "Time (s),Temperature (K),Mass (mg)\n" + string.Concat(Enumerable.Range(0, 300).Select(i => FormattableString.Invariant($"{6 * i},{330 + i},") + (i is > 99 and < 120 ? cell : "8.5") + (i == 0 ? "1\n" : "\n")));
        var m = InstrumentFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "made.csv");
        Assert.Equal(280, m.Thermal!.Count);
        Assert.Contains(m.Warnings, w => w.Path == "Mass (mg)" && w.Text.StartsWith("20 cells", StringComparison.Ordinal));
        Assert.Contains(ThermalAnalysis.Analyse([m]).Warnings, w => w.Text.Contains("no readings from 156 to 177 °C", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_that_a_spreadsheet_regrouped_are_refused()
    {
        var text = "Time (s);Sample Temperature (°C);TG (mg)\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i};45.793.{100 + i};54.190.552\n"));
        Assert.Contains("decimal point", Assert.Throws<InputException>(() => InstrumentFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "made.csv")).What, StringComparison.Ordinal);
    }

    private static readonly double[] Calibration = [150, 600, 3, 0.5, -0.1, 0.02];

    private static (double[] Minutes, double[] Celsius, double[] Signal, double[] Mass) Run(double signal, double mass)
    {
        double[] t = [.. Enumerable.Range(0, 60).Select(i => 0.5 * i)];
        return (t, [.. t.Select(x => 30 + (10 * x))], [.. t.Select(x => signal * x)], [.. t.Select(x => mass * x)]);
    }

    [Fact]
    public void A_NETZSCH_measurement_gives_its_channels_in_SI()
    {
        var m = InstrumentFile.Read(new MemoryStream(MadeNgb.File(8, "blank.ngb-bs3", Calibration, Run(0.6, -0.05))), "made.ngb-ss3");
        var t = m.Thermal!;
        Assert.Equal("netzsch-ngb", m.Format);
        Assert.Equal(8e-6, t.InitialMass!.Value, 1e-12);
        Assert.True(t.ExothermUp);
        Assert.Contains(m.Metadata, e => e is { Name: "stage 1", Text: "to 800 °C at 10 K/min" });
        Assert.Contains(m.Warnings, w => w.Text.Contains("blank.ngb-bs3", StringComparison.Ordinal));
        for (var i = 0; i < t.Count; i++)
        {
            var x = 0.5 * i;
            Assert.Equal(60 * x, t.Time[i], 1e-9);
            Assert.Equal(303.15 + (10 * x), t.Temperature[i], 1e-3);
            Assert.Equal(1 - (0.05 * x / 8), t.Mass![i], 1e-9);
            var z = (30 + (10 * x) - 150) / 600;
            var sensitivity = (3 + (0.5 * z) - (0.1 * z * z) + (0.02 * z * z * z)) * Math.Exp(-z * z);
            Assert.Equal(0.6 * x / sensitivity / 8 * 1e3, t.HeatFlow![i], 1e-2);
        }
    }

    [Fact]
    public void The_correction_stored_with_a_NETZSCH_run_is_subtracted()
    {
        var t = InstrumentFile.Read(new MemoryStream(MadeNgb.File(8, "blank.ngb-bs3", Calibration, Run(0.6, -0.05), Run(0.2, 0.01))), "made.ngb-ds3").Thermal!;
        var plain = InstrumentFile.Read(new MemoryStream(MadeNgb.File(8, "blank.ngb-bs3", Calibration, Run(0.4, -0.06))), "made.ngb-ss3").Thermal!;
        for (var i = 0; i < t.Count; i++)
        {
            Assert.Equal(plain.Mass![i], t.Mass![i], 1e-7);
            Assert.Equal(plain.HeatFlow![i], t.HeatFlow![i], 1e-2);
        }
    }

    [Fact]
    public void A_correction_run_beside_the_measurement_is_subtracted_and_alone_is_no_measurement()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllBytes(Path.Join(folder.FullName, "run.ngb-ss3"), MadeNgb.File(8, "blank.ngb-bs3", Calibration, Run(0.6, -0.05)));
            var blank = Path.Join(folder.FullName, "blank.ngb-bs3");
            File.WriteAllBytes(blank, MadeNgb.File(-1000, "run.ngb-ss3", Calibration, Run(0.2, 0.01)));
            var m = InstrumentFile.Read(Path.Join(folder.FullName, "run.ngb-ss3"));
            Assert.Equal(1 - (0.06 * 29.5 / 8), m.Thermal!.Mass![^1], 1e-6);
            Assert.DoesNotContain(m.Warnings, w => w.Path == "mass");
            Assert.Contains("correction run", Assert.Throws<InputException>(() => InstrumentFile.Read(blank)).What, StringComparison.Ordinal);
        }
        finally { folder.Delete(recursive: true); }
    }
}
