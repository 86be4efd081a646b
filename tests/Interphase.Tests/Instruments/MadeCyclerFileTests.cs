using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Formats of which no real file was at hand: files made here from their documented layout.</summary>
public class MadeCyclerFileTests
{
    private static Measurement Read(byte[] bytes, string name) => InstrumentFile.Read(new MemoryStream(bytes), name);

    private static Measurement Read(string text, string name) => Read(Encoding.UTF8.GetBytes(text), name);

    [Fact]
    public void Digatron_milliseconds_under_a_label_of_seconds_are_told_by_the_time_stamps()
    {
        const string head = "Step,Status,Timestamp,Program Duration#s,Step Duration#s,Cycle,Voltage#V,Current#A,AhCha#AH,AhDch#Ah,Tenv#degC,T1#degC\n";
        string Rows(double unit) => string.Concat(Enumerable.Range(0, 5).Select(i => FormattableString.Invariant($"2,{(i < 3 ? "CHA" : "DCH")},2025-06-06 09:10:{i * 10:00}+00:00,{i * 10 * unit},{i * 10 * unit},1,3.{i},{(i < 3 ? 1.5 : -1.5)},{i * 0.001},0,23.5,24.5\n")));
        foreach (var unit in new[] { 1.0, 1000.0 })
        {
            var m = Read(head + Rows(unit), "x.csv");
            Assert.Equal("digatron-csv", m.Format);
            Assert.Equal([0, 10, 20, 30, 40], m.Series!.Time.ToArray());
            Assert.Equal([0, 10, 20, 30, 40], m.Series.Find(ColumnNames.StepTime)!.Values);
            Assert.Equal(unit > 1, m.Warnings.Any(w => w.Path == ColumnNames.Time && w.Text.Contains("milliseconds", StringComparison.Ordinal)));
            Assert.Equal([1.5, 1.5, 1.5, -1.5, -1.5], m.Series.Current.ToArray());
            Assert.Equal(0.004 * 3600, m.Series.Find(ColumnNames.ChargeCapacity)!.Values[4], 1e-9);
            Assert.Equal(297.65, m.Series.Find(ColumnNames.Temperature)!.Values[0], 1e-9);
            Assert.Equal(1749201000, m.Series.Find(ColumnNames.UnixTime)!.Values[0]);
        }
        Assert.DoesNotContain(Read("Status,Program Duration#h,Voltage#V,Current#mA\nCHA,0,3,100\nCHA,1,3.1,100\n", "x.csv").Warnings, w => w.Path == ColumnNames.Current);
        Assert.Equal([0, 3600], Read("Status,Program Duration#h,Voltage#V,Current#mA\nCHA,0,3,100\nCHA,1,3.1,100\n", "x.csv").Series!.Time.ToArray());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("gb2312")]
    public void Neware_headers_in_Chinese_are_those_in_English(string encoding)
    {
        const string english = "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),Capacity(mAh),Energy(Wh),Date\n";
        const string chinese = "数据序号,循环号,工步号,工步类型,时间,总时间,电流(mA),电压(V),容量(mAh),能量(Wh),绝对时间\n";
        const string rest = "1,1,1,{0},00:00:00,00:00:00,0,3.5,0,0,2026-01-02 03:04:05\n2,1,2,{1},00:00:10,00:00:10,100,3.6,0.2778,0.001,2026-01-02 03:04:15\n3,1,3,{2},00:00:10,00:00:20,-100,3.4,0.2778,0.001,2026-01-02 03:04:25\n";
        var a = Read(english + string.Format(System.Globalization.CultureInfo.InvariantCulture, rest, "Rest", "CC Chg", "CC DChg"), "x.csv");
        var b = Read(CodePagesEncodingProvider.Instance.GetEncoding(encoding) is { } e ? e.GetBytes(chinese + Chinese(rest)) : Encoding.UTF8.GetBytes(chinese + Chinese(rest)), "x.csv");
        Assert.Equal("neware-csv", b.Format);
        foreach (var c in a.Series!.Columns) { Assert.Equal(c.Values, b.Series!.Find(c.Name)!.Values); }
        Assert.Equal([0, 0.2778 * 3.6, 0], b.Series!.Find(ColumnNames.ChargeCapacity)!.Values);
        Assert.Equal([0, 0, 0.2778 * 3.6], b.Series.Find(ColumnNames.DischargeCapacity)!.Values);
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5), b.Start!.Value.Clock);

        static string Chinese(string rows) => string.Format(System.Globalization.CultureInfo.InvariantCulture, rows, "搁置", "恒流充电", "恒流放电");
    }

    [Fact]
    public void Older_Neware_exports_have_no_total_time_and_it_is_the_sum_of_the_steps()
    {
        var m = Read("Record ID,Cycle ID,Step ID,Time(h:min:s.ms),Realtime,Voltage(V),Current(mA),Capacitance_Chg(mAh),Capacitance_DChg(mAh)\n1,1,1,00:00:00.000,2020-01-01 00:00:00,3,0,0,0\n2,1,1,00:01:00.000,2020-01-01 00:01:00,3,0,0,0\n3,1,2,00:00:30.500,2020-01-01 00:01:30,3.1,100,0.8,0\n", "x.csv");
        Assert.Equal([0, 60, 90.5], m.Series!.Time.ToArray());
        Assert.Equal(0.1, m.Series.Current[2], 1e-12);
        Assert.Equal(2.88, m.Series.Find(ColumnNames.ChargeCapacity)!.Values[2], 1e-12);
        Assert.Contains(m.Warnings, w => w.Path == ColumnNames.Time);
    }

    [Fact]
    public void Spreadsheets_of_Neware_and_Arbin_are_their_series()
    {
        var neware = Read(NewareWorkbook(), "x.xlsx");
        Assert.Equal("neware-xlsx", neware.Format);
        Assert.Equal([0, 120], neware.Series!.Time.ToArray());
        Assert.Equal([0, -0.01], neware.Series.Current.ToArray());
        Assert.Equal([0, 1.8], neware.Series.Find(ColumnNames.DischargeCapacity)!.Values);

        string[] header = ["Data_Point", "Test_Time(s)", "Date_Time", "Step_Time(s)", "Step_Index", "Cycle_Index", "Current(A)", "Voltage(V)", "Charge_Capacity(Ah)", "Discharge_Capacity(Ah)"];
        var arbin = Read(Xlsx(
            ("Channel_3_1", [header, ["1", "0", "45000.5", "0", "1", "1", "0.1", "3", "0", "0"], ["2", "60", "45000.5006944444", "60", "1", "1", "0.1", "3.1", "0.001", "0"]]),
            ("Channel_3_2", [header, ["3", "120", "45000.5013888889", "120", "1", "1", "0.1", "3.2", "0.002", "0"]]),
            ("Channel_4_1", [header, ["1", "0", "45000", "0", "1", "1", "9", "9", "9", "9"]]),
            ("Statistics_3", [["Data_Point", "Test_Time(s)", "Date_Time", "Step_Time(s)", "Step_Index", "Cycle_Index", "Current(A)", "Voltage(V)", "Vmax_On_Cycle(V)"], ["3", "120", "45000", "120", "1", "1", "0", "3", "4"]])), "x.xlsx");
        Assert.Equal("arbin-xlsx", arbin.Format);
        Assert.Equal([0, 60, 120], arbin.Series!.Time.ToArray());
        Assert.Equal([3, 3.1, 3.2], arbin.Series.Potential.ToArray());
        Assert.Equal(new DateTime(2023, 3, 15, 12, 0, 0), arbin.Start!.Value.Clock);
        Assert.Contains(arbin.Warnings, w => w.Text.Contains("Channel_4_1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Archives_with_whole_records_are_read_as_their_layout_says(byte version)
    {
        const int rows = 100;
        var m = Read(WholeRecords(version), "x.ndax");
        var s = m.Series!;
        Assert.Equal(rows, s.Count);
        for (var i = 0; i < rows; i++)
        {
            Assert.Equal(i, s.Time[i], 1e-9);
            Assert.Equal(3 + (i * 1e-4), s.Potential[i], 1e-12);
            Assert.Equal(5e-3, s.Current[i], 1e-12);
            Assert.Equal(5e-3 * i, s.Find(ColumnNames.ChargeCapacity)!.Values[i], 1e-9);
            Assert.Equal(298.15 + (i * 0.1), s.Find(ColumnNames.Temperature)!.Values[i], 1e-9);
        }
        Assert.Equal(new DateTime(2024, 5, 6, 7, 0, 0), m.Start!.Value.Clock);
        Assert.Equal(8.9e-6, m.Gives(MetadataNames.ActiveMass)!.Value.Value, 1e-15);
    }

    [Fact]
    public void Files_that_are_not_read_say_how_they_can_be()
    {
        Assert.Contains("to_csv", Assert.Throws<InputException>(() => Read("PAR1\u0015\u0004", "x.bdf.parquet")).Mend);
        Assert.Contains("one row a cycle", Assert.Throws<InputException>(() => Read("Cycle_Index,Start_Time,Min_Current (A),Max_Voltage (V)\n1,,0,4\n", "x.csv")).What);
    }

    /// <summary>An archive whose table holds whole records, with a temperature beside each, and set point and humidity where a chamber stands by.</summary>
    internal static byte[] WholeRecords(byte version, bool chamber = false)
    {
        const int rows = 100;
        var (page, payload, size, number) = version == 2 ? (512, 5, 94, 8) : (4096, 132, 87, 1);
        var perPage = (page - payload) / size;
        byte[] Table(byte kind, byte marker, Action<byte[], int, int> write)
        {
            var table = new byte[page * (2 + ((rows - 1) / perPage))];
            (table[0], table[2]) = (kind, version);
            for (var i = 0; i < rows; i++)
            {
                var at = (page * (1 + (i / perPage))) + payload + (i % perPage * size);
                table[at] = marker;
                BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(at + number), (uint)i + 1);
                write(table, at + number, i);
            }
            return table;
        }
        var data = Table(1, 0x55, (t, at, i) =>
        {
            t[at + 8] = 2;
            t[at + 9] = 1;
            BinaryPrimitives.WriteInt64LittleEndian(t.AsSpan(at + 15), i * 1000L);
            BinaryPrimitives.WriteInt32LittleEndian(t.AsSpan(at + 23), 30000 + i);
            BinaryPrimitives.WriteInt32LittleEndian(t.AsSpan(at + 27), 5000);
            BinaryPrimitives.WriteInt64LittleEndian(t.AsSpan(at + 35), 5000L * i);
            BinaryPrimitives.WriteInt64LittleEndian(t.AsSpan(at + 51), 15000L * i);
            BinaryPrimitives.WriteUInt16LittleEndian(t.AsSpan(at + 67), 2024);
            (t[at + 69], t[at + 70], t[at + 71], t[at + 72], t[at + 73]) = (5, 6, 7, (byte)(i / 60), (byte)(i % 60));
            BinaryPrimitives.WriteInt32LittleEndian(t.AsSpan(at + 74), 10);
        });
        var auxiliary = Table(5, chamber ? (byte)0x74 : (byte)0x65, (t, at, i) =>
        {
            BinaryPrimitives.WriteInt32LittleEndian(t.AsSpan(at + 23), 24464);
            BinaryPrimitives.WriteInt16LittleEndian(t.AsSpan(at + 33), (short)(250 + i));
            BinaryPrimitives.WriteInt16LittleEndian(t.AsSpan(at + 35), 249);
            BinaryPrimitives.WriteInt16LittleEndian(t.AsSpan(at + 37), 415);
        });
        return Zip(("data.ndc", data), ("data_AUX_1_1_1.ndc", auxiliary), ("VersionInfo.xml", "<root/>"u8.ToArray()), ("Step.xml", "<root><config><Head_Info><SCQ Value=\"8900\" /></Head_Info></config></root>"u8.ToArray()));
    }

    /// <summary>A workbook with the sheets of cycles and of records.</summary>
    internal static byte[] NewareWorkbook() => Xlsx(
        ("cycle", [["Cycle Index", "Chg. Cap.(mAh)"], ["1", "2"]]),
        ("record", [["DataPoint", "Cycle Index", "Step Index", "Step Type", "Time(min)", "Total Time(min)", "Current(mA)", "Voltage(V)", "Chg. Cap.(mAh)", "DChg. Cap.(mAh)", "Date"],
            ["1", "1", "1", "Rest", "0", "0", "0", "3.5", "0", "0", "2026-01-01 12:00:00"], ["2", "1", "2", "CC DChg", "1", "2", "-10", "3.4", "0", "0.5", "2026-01-01 12:02:00"]]));

    internal static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    /// <summary>The smallest workbook: numbers where a cell is one, numbers shown as minutes and seconds after an @, text otherwise.</summary>
    internal static byte[] Xlsx(params (string Name, string[][] Rows)[] sheets)
    {
        string Cell(string c) => double.TryParse(c, System.Globalization.CultureInfo.InvariantCulture, out _) ? $"<c><v>{c}</v></c>" : c.StartsWith('@') ? $"<c s=\"1\"><v>{c[1..]}</v></c>" : $"<c t=\"inlineStr\"><is><t>{c}</t></is></c>";
        byte[] Xml(string body) => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + body);
        var numbered = sheets.Select((s, i) => (s.Name, s.Rows, Number: i + 1)).ToArray();
        return Zip([
            ("[Content_Types].xml", Xml("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>")),
            ("_rels/.rels", Xml("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
            ("xl/workbook.xml", Xml($"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{string.Concat(numbered.Select(s => $"<sheet name=\"{s.Name}\" sheetId=\"{s.Number}\" r:id=\"rId{s.Number}\"/>"))}</sheets></workbook>")),
            ("xl/_rels/workbook.xml.rels", Xml($"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(numbered.Select(s => $"<Relationship Id=\"rId{s.Number}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{s.Number}.xml\"/>"))}<Relationship Id=\"rIdS\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>")),
            ("xl/styles.xml", Xml("<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"47\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>")),
            .. numbered.Select(s => ($"xl/worksheets/sheet{s.Number}.xml", Xml($"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{string.Concat(s.Rows.Select((r, i) => $"<row r=\"{i + 1}\">{string.Concat(r.Select(Cell))}</row>"))}</sheetData></worksheet>"))),
        ]);
    }
}
