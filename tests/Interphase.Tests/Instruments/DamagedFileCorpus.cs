using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>
/// Files of every format that is read, to be damaged: the smallest real ones, large ones cut to their beginning, and files made from
/// the layout where no real one is at hand.
/// </summary>
internal static class DamagedFileCorpus
{
    /// <summary>A file by the name it is read under and its bytes.</summary>
    public sealed record Sample(string Name, Func<byte[]> Bytes);

    /// <summary>The files of each format.</summary>
    public static IReadOnlyDictionary<string, Sample[]> ByFormat { get; } = new Dictionary<string, Sample[]>
    {
        ["biologic-mpr"] = [Real("cycling/biologic/gcpl.issue_226.I.mpr"), Real("cycling/biologic/vsp_ocv_with.mpr"), Real("cycling/biologic/zir.mpr"), Real("cycling/biologic/peis.mpr"), Real("cycling/biologic/coc.issue_185.mpr"), Real("cycling/biologic/mb.issue_95.mpr"), Real("cycling/biologic/cva.issue_202.mpr"), Real("cycling/biologic/geis.issue_149.mpr")],
        ["biologic-mpt"] = [Real("cycling/biologic/gcpl.issue_226.I.mpt"), Real("cycling/biologic/mb.issue_95.de.mpt"), Real("cycling/biologic/vsp_ocv_with.mpt"), Real("cycling/biologic/zir.mpt"), Real("cycling/biologic/coc.issue_185.mpt"), Cut("cycling/biologic/ocv.mpt"), Cut("cycling/biologic/peis.mpt")],
        ["biologic-mps"] = [Real("cycling/biologic/jdb11-4_rateTest_NaCoO2.mps")],
        ["biologic-mpl"] = [Real("cycling/biologic/aurora_250116_kigr_gen6_01_02_GCPL.mpl")],
        ["neware-nda"] = [Real("cycling/neware/nda_v8.nda"), Records("cycling/neware/new_nda_file.nda", 86, 60), Records("cycling/neware/nda_v22.nda", 86, 60), Records("cycling/neware/TestFile.nda", 56, 300)],
        ["neware-ndax"] = [Real("cycling/neware/21_10_7_85.ndax"), Real("cycling/neware/46_1_5_60_bts16.ndax"), Real("cycling/neware/TESTCELL0001-Test_Data_Collection_Ndc17.ndax"), Real("cycling/neware/Unit27_Example_Data_File.ndax"), new("made.ndax", () => MadeCyclerFileTests.WholeRecords(5)), new("made.ndax", () => MadeCyclerFileTests.WholeRecords(2))],
        ["neware-csv"] = [Real("cycling/neware/21_10_7_85.btsda.csv"), Real("cycling/neware/46_1_5_60_bts16.btsda.csv"), Real("cycling/neware/nda_v8.btsda.csv")],
        ["neware-csv in levels"] = [Cut("cycling/neware/cellpy_nw_regular_export_ife_example.csv.gz")],
        ["arbin-res"] = [new("cycling/arbin/20160805_test001_45_cc_01.res", SmallDatabase)],
        ["arbin-csv"] = [Real("cycling/arbin/pyprobe_sample_data_arbin.csv"), Cut("cycling/arbin/beep_2017-05-09_test-TC-contact_CH33.csv"), Cut("cycling/arbin/batdata_arbin_example.csv.gz")],
        ["maccor"] = [Real("cycling/maccor/rovi_maccor_example.001"), Real("cycling/maccor/pyprobe_sample_data_maccor.csv"), Cut("cycling/maccor/cellpy_maccor_002.txt.gz"), Cut("cycling/maccor/beep_maccor_test_file_4267-66-6519.041")],
        ["landt-csv"] = [Cut("cycling/landt/SINTEF__LiGrR2032__Landt.csv.gz")],
        ["novonix"] = [Real("cycling/novonix/pyprobe_sample_data_novonix.csv")],
        ["basytec"] = [Real("cycling/basytec/pyprobe_sample_data_basytec.txt")],
        ["pec"] = [Cut("cycling/pec/cellpy_Test25209.csv")],
        ["digatron-csv"] = [Made("made.csv", "Step,Status,Timestamp,Program Duration#s,Step Duration#s,Cycle,Voltage#V,Current#A,AhCha#AH,AhDch#Ah,T1#degC\n" + Rows(40, i => $"2,CHA,2025-06-06 09:{10 + (i / 60)}:{i % 60:00}+00:00,{i},{i},1,{3 + (i * 0.01):F3},1.5,{i * 0.001:F4},0,23.5"))],
        ["battery-archive"] = [Real("cycling/batteryarchive/CALCE_CX2-33_timeseries.csv")],
        ["gamry-dta"] = [Real("cycling/gamry/unitpackage_gamry_cv.DTA"), Real("eis/real/gamry-parser/eispot_data.dta"), Real("eis/real/pyimpspec/data.dta")],
        ["zplot"] = [Real("eis/real/pyimpspec/data.z"), Real("eis/real/impedance.py/exampleDataZPlot.z")],
        ["zahner-ism"] = [Real("eis/real/Zahner-Analysis-Python/ComplexFitConfigurations/li-ion-battery.ism"), Real("eis/real/Zahner-Analysis-Python/ImpedanceVsVoltageSeriesFit/000_mvdc.ism")],
        ["zview-text"] = [Real("eis/real/impedance.py/exampleDataAutolab.txt")],
        ["versastudio-par"] = [Real("eis/real/impedance.py/exampleDataVersaStudio.par")],
        ["xlsx"] = [Real("eis/real/pyimpspec/data.xlsx"), new("made.xlsx", MadeCyclerFileTests.NewareWorkbook)],
        ["opendocument"] = [Made("made.fods", "<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"><office:body><office:spreadsheet><table:table table:name=\"a\">" + Row("freq_Hz", "Zre_ohm", "Zim_ohm") + string.Concat(Enumerable.Range(0, 20).Select(i => Row($"{1000 - (i * 10)}", $"{100 + i}", $"{-i - 1}"))) + "</table:table></office:spreadsheet></office:body></office:document>")],
        ["autolab-dfr"] = [Made("made.dfr", "Version 4.9\n 12\n0\n" + Rows(12, i => $"{1000.0 / (i + 1):E4}\n{100 + i}\n{5 + i}\n0.1\n0.001\n{i}\n0\n0\n0"))],
        ["ivium-idf"] = [Real("eis/real/pyimpspec/data.idf")],
        ["palmsens-session"] = [Real("eis/real/pyimpspec/data.pssession")],
        ["elins-i2b"] = [Real("eis/real/pyimpspec/data.i2b")],
        ["bdf"] = [Real("cycling/bdf/sample.bdf.csv"), Cut("cycling/landt/SINTEF__LiGrR2032__Landt.bdf.csv.gz"), Cut("cycling/bdf/SINTEF__SLPBA842124HV__Rate__Neware__Time_Bug.bdf.csv.gz")],
        ["bdf-json"] = [Made("made.bdf.json", $"{{\"Test Time / s\":[{string.Join(',', Enumerable.Range(0, 60))}],\"Voltage / V\":[{string.Join(',', Enumerable.Range(0, 60).Select(i => $"3.{i}"))}],\"Current / A\":[{string.Join(',', Enumerable.Repeat("null", 60))}]}}")],
        ["delimited-text"] = [Real("cycling/gitt/LGM50_3electrode/pulse_20.csv"), Real("eis/real/pyimpspec/data-semicolon.csv"), Real("eis/real/EISART/eis_button_sofc.csv"), Real("eis/real/pyimpspec/data.P00"), Cut("eis/real/impedance.py/exampleDataParstat.txt")],
        ["tiff"] = [Real("characterisation/edx/idp_tilt0_HAADF.tif")],
        ["png"] = [Real("characterisation/synthetic/edx/n01_full_particles.png"), Real("characterisation/synthetic/hrtem/d03_coat550_labels.png")],
        ["digital-micrograph"] = [Real("characterisation/em/dm_type1.dm3"), Real("characterisation/em/dm_type10.dm4")],
        ["fei-ser"] = [Real("characterisation/em/STO_stem.ser")],
        ["mrc"] = [Real("characterisation/em/temp.mrc")],
        ["bruker-raw"] = [Real("characterisation/xrd/LaB6_Jan2018.raw"), Real("characterisation/xrd/D5000_1.RAW")],
        ["uxd"] = [Made("made.uxd", "; made\n_FILEVERSION=1\n_DRIVE='COUPLED'\n_STEPTIME=1.0\n_STEPSIZE=0.02\n_START=10.0\n_COUNTS\n" + Rows(60, i => $"{100 + (i * i % 37)} {200 + i} {90 + i}"))],
        ["xrdml"] = [Real("characterisation/xrd/Li2CO3_0p9001-ZrO2_0p1000--2min.xrdml"), Real("characterisation/synthetic/xrd/x02_lnto450.xrdml")],
        ["rasx"] = [Real("characterisation/xrd/TwoTheta_scan_powder.rasx")],
        ["xy"] = [Cut("characterisation/xrd/D5000_1.xy"), Cut("characterisation/synthetic/xrd/x01_lnto350.xy"), Cut("characterisation/synthetic/xrd/x04_lnto450_glassholder.xye")],
        ["netzsch-text"] = [Real("characterisation/tgdsc/netzsch_tg209.txt")],
        ["netzsch-ngb"] = [new("made.ngb-ds3", () => MadeNgb.File(8, "blank.ngb-bs3", [150, 600, 3, 0.5, -0.1, 0.02], Ngb, Ngb))],
        ["thermal-jcamp"] = [Made("made.jdx", "##TITLE=made\n##DATA TYPE=TGA\n##NTUPLES=\n##VAR_NAME=  Temperature, Weight, Time\n##SYMBOL= X,Y,T\n##UNITS= °C,mg,s\n##DATA TABLE= (XYT..XYT), PEAKS\n" + Rows(60, i => $"{30 + (5 * i)} {12.5 - (i * 0.01):F3} {30 * i}"))],
        ["ta-text"] = [Made("made.txt", "Instrument\tSDT\nSize\t12.5\tmg\nExotherm\tUp\nNsig\t3\nSig1\tTime (min)\nSig2\tTemperature (°C)\nSig3\tWeight (mg)\nStartOfData\n" + Rows(60, i => $"{i * 0.5:F2}\t{25 + (i * 5)}\t{12.5 - (i * 0.01):F3}"))],
        ["perkinelmer-text"] = [Cut("characterisation/tgdsc/perkinelmer_coke_burnoff.txt")],
        ["mettler-text"] = [Cut("characterisation/tgdsc/mettler_toledo.txt")],
        ["thermal-csv"] = [Cut("characterisation/tgdsc/CUG_Wood_STA_N2_10K_R1.csv"), Cut("characterisation/tgdsc/HKPolyU_TGA_O2-21_10K_1.csv")],
        ["matrix-text"] = [Cut("characterisation/edx/idp_tilt0_Al.csv")],
    };

    private static readonly (double[], double[], double[], double[]) Ngb = ([.. Enumerable.Range(0, 60).Select(i => 0.5 * i)], [.. Enumerable.Range(0, 60).Select(i => 30 + (5.0 * i))], [.. Enumerable.Range(0, 60).Select(i => 0.1 * i)], [.. Enumerable.Range(0, 60).Select(i => -0.01 * i)]);

    private static Sample Real(string path) => new(path, () => File.ReadAllBytes(SampleData.Path(path)));

    private static Sample Made(string name, string text) => new(name, () => Encoding.UTF8.GetBytes(text));

    private static string Rows(int count, FormattableRow row) => string.Concat(Enumerable.Range(0, count).Select(i => FormattableString.Invariant(row(i)) + "\n"));

    private delegate FormattableString FormattableRow(int index);

    private static string Row(params string[] cells) => $"<table:table-row>{string.Concat(cells.Select(c => double.TryParse(c, CultureInfo.InvariantCulture, out _) ? $"<table:table-cell office:value-type=\"float\" office:value=\"{c}\"><text:p>{c}</text:p></table:table-cell>" : $"<table:table-cell office:value-type=\"string\"><text:p>{c}</text:p></table:table-cell>"))}</table:table-row>\n";

    /// <summary>The whole lines in the first 12 kB of a text.</summary>
    private static Sample Cut(string path) => new(path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path, () =>
    {
        const int most = 12_000;
        using Stream file = File.OpenRead(SampleData.Path(path));
        using var text = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var bytes = new byte[most];
        var count = text.ReadAtLeast(bytes, most, throwOnEndOfStream: false);
        return count < most ? bytes[..count] : bytes[..(bytes.AsSpan().LastIndexOf((byte)'\n') + 1)];
    });

    /// <summary>The beginning of a binary file, with so many whole records.</summary>
    private static Sample Records(string path, int size, int count) => new(path, () =>
    {
        var bytes = File.ReadAllBytes(SampleData.Path(path));
        var first = size == 56 ? 1024 : Math.Max(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x55, 0, 1, 0, 0, 0]), bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xAA, 0, 1, 0, 0, 0]));
        return bytes[..(first + (size * count))];
    });

    /// <summary>Arbin's database with three data pages of the table of records left, so that it is read quickly.</summary>
    private static byte[] SmallDatabase()
    {
        const int page = 4096;
        var bytes = File.ReadAllBytes(SampleData.Path("cycling/arbin/20160805_test001_45_cc_01.res"));
        var owners = Enumerable.Range(0, bytes.Length / page).Where(p => bytes[p * page] == 1).GroupBy(p => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((p * page) + 4)));
        foreach (var pages in owners.OrderByDescending(g => g.Count()).Take(1))
        {
            foreach (var p in pages.Skip(3)) { bytes[p * page] = 0; }
            var left = pages.Take(3).Sum(p => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan((p * page) + 12)));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(((int)pages.Key * page) + 16), left);
        }
        return bytes;
    }
}
