using System.Text.Json;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Impedance read from real files against what several independent tools read from the same files.</summary>
public class ImpedanceFileTests
{
    /// <summary>Files whose reference, where the tools agree, is the sum over all spectra of the file.</summary>
    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        if (SampleData.Root is null) { data.Add("none"); return data; }
        foreach (var f in Reference().EnumerateObject().Select(p => p.Name).Where(n => Path.GetExtension(n) is ".mpr" or ".mpt" or ".z" or ".dta" or ".DTA" or ".csv"))
        {
            if (!f.Contains("MissingFreq", StringComparison.Ordinal)) { data.Add(f); }
        }
        return data;
    }

    [NeedsDataTheory]
    [MemberData(nameof(Files))]
    public void Spectra_agree_with_what_other_tools_read(string file)
    {
        var spectra = InstrumentFile.Read(SampleData.Path("eis/real/" + file)).Spectra;
        Assert.NotEmpty(spectra);
        var total = (spectra.Sum(s => s.Count), spectra.Sum(s => s.Frequency.Sum()), spectra.Sum(s => s.Impedance.Sum(z => z.Real)), spectra.Sum(s => s.Impedance.Sum(z => z.Imaginary)));
        var theirs = Reference().GetProperty(file).EnumerateObject()
            .Select(tool => tool.Value.ValueKind switch { JsonValueKind.Object => [tool.Value], JsonValueKind.Array => tool.Value.EnumerateArray().ToArray(), _ => Array.Empty<JsonElement>() })
            .Where(a => a.Length > 0)
            .Select(a => (a.Sum(e => e.GetProperty("points").GetInt32()), Sum(a, "sum_f"), Sum(a, "sum_re"), Sum(a, "sum_im"))).ToArray();
        Assert.NotEmpty(theirs);
        Assert.Contains(theirs, t => t.Item1 == total.Item1 && Close(t.Item2, total.Item2) && Close(t.Item3, total.Item3) && Close(t.Item4, total.Item4));
    }

    [NeedsDataTheory]
    [InlineData("eis/real/pyimpspec/case-multiple-spectra.mpt", 3, 29)]
    [InlineData("eis/real/PyEIS/ex1.mpt", 2, 59)]
    [InlineData("eis/real/yadg/geis.issue_149.mpt", 4, 21)]
    [InlineData("eis/real/yadg/geis.issue_149.mpr", 4, 21)]
    public void Several_spectra_of_a_file_are_kept_apart(string file, int count, int points)
    {
        var spectra = InstrumentFile.Read(SampleData.Path(file)).Spectra;
        Assert.Equal(count, spectra.Count);
        Assert.All(spectra, s => Assert.Equal(points, s.Count));
        Assert.Equal(Enumerable.Range(0, count), spectra.Select(s => s.Index));
    }

    [NeedsDataTheory]
    [InlineData("cycling/biologic/mb.mpr")]
    [InlineData("cycling/biologic/mb.mpt.gz")]
    [InlineData("cycling/biologic/mb.issue_149.mpr")]
    public void Cycling_with_impedance_in_between_gives_both(string file)
    {
        var m = InstrumentFile.Read(SampleData.Path(file));
        Assert.NotNull(m.Series);
        Assert.NotEmpty(m.Spectra);
        var points = m.Series.Find(ColumnNames.Frequency)!.Values.Count(f => f > 0);
        Assert.Equal(points, m.Spectra.Sum(s => s.Count));
        Assert.True(points < m.Series.Count);
        // Impedance rows stand between rows of cycling, and every spectrum sweeps its frequency one way.
        Assert.All(m.Spectra, s => Assert.True(s.Count == 1 || IsOneWay(s.Frequency), $"spectrum {s.Index}"));
        Assert.All(m.Spectra, s => Assert.NotNull(s.Potential));
    }

    [NeedsDataFact]
    public void Columns_that_do_not_stand_under_their_names_are_refused()
    {
        var e = Assert.Throws<InputException>(() => InstrumentFile.Read(SampleData.Path("eis/real/impedance.py/exampleDataBioLogic_MissingFreq.mpt")));
        Assert.Contains("18 values under 17", e.Message);
    }

    [NeedsDataFact]
    public void Synthetic_spectra_read_as_written()
    {
        foreach (var file in Directory.GetFiles(SampleData.Path("eis/synthetic"), "*.csv", SearchOption.AllDirectories))
        {
            var s = Assert.Single(InstrumentFile.Read(file).Spectra);
            var rows = File.ReadAllLines(file).Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',').Select(double.Parse).ToArray()).ToArray();
            Assert.Equal(rows.Select(r => r[0]), s.Frequency);
            Assert.Equal(rows.Select(r => r[1]), s.Impedance.Select(z => z.Real));
            Assert.Equal(rows.Select(r => r[2]), s.Impedance.Select(z => z.Imaginary));
        }
    }

    private static bool IsOneWay(double[] f) => Enumerable.Range(1, f.Length - 1).All(i => f[i] <= f[i - 1]) || Enumerable.Range(1, f.Length - 1).All(i => f[i] >= f[i - 1]);

    private static double Sum(JsonElement[] spectra, string key) => spectra.Sum(e => e.GetProperty(key).GetDouble());

    private static bool Close(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Max(Math.Abs(a), Math.Abs(b));

    private static JsonElement Reference() => JsonDocument.Parse(File.ReadAllText(SampleData.Path("eis/real_parse_reference.json"))).RootElement;
}
