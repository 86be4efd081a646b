using System.Text.Json;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Instruments;

/// <summary>Every impedance file of the sample data: as many spectra and points as it holds, or refused with the reason.</summary>
public class RealImpedanceTests
{
    private static readonly string[] NotImpedance =
    [
        "EISFitpython/Example3/Batch_EISfit_Report.txt", "EISFitpython/Example3/Arrhenius_Analysis_Report.txt", "EISFitpython/Example3/Effective_Capacitance_Values.txt",
        "EISFitpython/Example4/Single-chi_Report.txt", "hybrid-drt/sample_info.txt", "impedance.py/exampleDataBioLogic_MissingFreq.mpt",
    ];

    [NeedsDataTheory]
    [InlineData("impedance.py/exampleDataAutolab.txt", 1, 41)]
    [InlineData("impedance.py/exampleDataVersaStudio.par", 1, 61)]
    [InlineData("impedance.py/exampleDataParstat.txt", 1, 31)]
    [InlineData("impedance.py/exampleDataPowersuite.txt", 1, 30)]
    [InlineData("impedance.py/exampleDataCHInstruments.txt", 1, 73)]
    [InlineData("pyimpspec/data.P00", 1, 29)]
    [InlineData("pyimpspec/data.i2b", 1, 29)]
    [InlineData("pyimpspec/data.idf", 1, 29)]
    [InlineData("pyimpspec/data.pssession", 1, 29)]
    [InlineData("pyimpspec/data.xlsx", 4, 29)]
    [InlineData("Zahner-Analysis-Python/ComplexFitConfigurations/li-ion-battery.ism", 1, 128)]
    [InlineData("Zahner-Analysis-Python/ImpedanceVsVoltageSeriesFit/000_mvdc.ism", 1, 38)]
    [InlineData("Zahner-Analysis-Python/ImpedanceVsVoltageSeriesFit/300_mvdc.ism", 1, 38)]
    [InlineData("pyDRTtools/zarc_data.txt", 1, 81)]
    [InlineData("EISFitpython/Example_header.txt", 1, 50)]
    public void Spectra_and_points_are_those_of_the_file(string file, int spectra, int points)
    {
        var m = InstrumentFile.Read(SampleData.Path("eis/real/" + file));
        Assert.Equal(spectra, m.Spectra.Count);
        Assert.All(m.Spectra, s => Assert.Equal(points, s.Count));
        using var reference = JsonDocument.Parse(File.ReadAllText(SampleData.Path("eis/real_parse_reference.json")));
        foreach (var tool in reference.RootElement.GetProperty(file).EnumerateObject())
        {
            var theirs = tool.Value.ValueKind switch { JsonValueKind.Object => [tool.Value], JsonValueKind.Array => tool.Value.EnumerateArray().ToArray(), _ => Array.Empty<JsonElement>() };
            for (var k = 0; k < theirs.Length; k++)
            {
                var s = m.Spectra[k];
                double Of(string key) => theirs[k].GetProperty(key).GetDouble();
                Assert.Equal(1, s.Frequency.Sum() / Of("sum_f"), 6);
                Assert.Equal(0, (s.Impedance.Sum(z => z.Real) - Of("sum_re")) / s.Impedance.Sum(z => z.Magnitude), 4);
                Assert.Equal(0, (s.Impedance.Sum(z => z.Imaginary) - Of("sum_im")) / s.Impedance.Sum(z => z.Magnitude), 4);
            }
        }
    }

    /// <summary>In volt, peak: BioLogic's measured |Ewe| near its 10 mV, root mean squares of others times √2.</summary>
    [NeedsDataTheory]
    [InlineData("yadg/peis.mpr", 0.0095, 0.0115)]
    [InlineData("hybrid-drt/PEIS_LPSCl_IonBlocking_-25C.txt", 0.0141, 0.0142)]
    [InlineData("gamry-parser/eispot_data.dta", 0.014142, 0.014143)]
    [InlineData("pyimpspec/data.dta", 0.014142, 0.014143)]
    [InlineData("impedance.py/exampleDataCHInstruments.txt", 0.025, 0.025)]
    [InlineData("impedance.py/exampleDataVersaStudio.par", 0.028284, 0.028285)]
    [InlineData("EISFitpython/Example-3-4/s04147-140deg.txt", 0.049497, 0.049498)]
    public void The_amplitude_of_the_excitation_is_read_where_it_is_stored(string file, double from, double to)
    {
        var s = InstrumentFile.Read(SampleData.Path("eis/real/" + file)).Spectra[0];
        Assert.Equal(s.Count, s.PointAmplitude!.Length);
        Assert.InRange(s.PointAmplitude.Order().ElementAt(s.Count / 2), from, to);
    }

    [NeedsDataFact]
    public void Every_file_is_read_or_refused_with_the_reason()
    {
        var root = SampleData.Path("eis/real");
        using var reference = JsonDocument.Parse(File.ReadAllText(SampleData.Path("eis/real_parse_reference.json")));
        var read = 0;
        var agreed = 0;
        foreach (var path in Directory.GetFiles(root, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is not (".json" or ".md")))
        {
            var name = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (NotImpedance.Contains(name)) { Assert.Throws<InputException>(() => InstrumentFile.Read(path)); continue; }
            var spectra = InstrumentFile.Read(path).Spectra;
            Assert.True(spectra.Count > 0 && spectra.All(s => s.Count >= 10), name);
            read++;
            // where any other tool reads the file, one of them finds as many points, apart or run together
            var theirs = reference.RootElement.GetProperty(name).EnumerateObject().Select(t => t.Value)
                .Where(v => v.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                .Select(v => v.ValueKind == JsonValueKind.Object ? v.GetProperty("points").GetInt32() : v.EnumerateArray().Sum(s => s.GetProperty("points").GetInt32())).ToArray();
            if (theirs.Length == 0) { continue; }
            Assert.True(theirs.Contains(spectra.Sum(s => s.Count)), $"{name}: {spectra.Sum(s => s.Count)} points, others {string.Join(", ", theirs)}");
            agreed++;
        }
        Assert.InRange(read, 68, 89);
        Assert.True(agreed >= 55, $"{agreed} compared");
    }

    [NeedsDataTheory]
    [InlineData("Zahner-Analysis-Python/ImpedanceVsVoltageSeriesFit/000_mvdc.ism")]
    [InlineData("pyimpspec/data.idf")]
    [InlineData("pyimpspec/data.i2b")]
    [InlineData("pyimpspec/data.P00")]
    [InlineData("pyimpspec/data.xlsx")]
    [InlineData("pyimpspec/data.pssession")]
    [InlineData("impedance.py/exampleDataAutolab.txt")]
    [InlineData("impedance.py/exampleDataCHInstruments.txt")]
    public void A_damaged_file_is_read_or_refused_but_never_fails_otherwise(string file)
    {
        var whole = File.ReadAllBytes(SampleData.Path("eis/real/" + file));
        var random = new Random(20);
        for (var i = 0; i < 120; i++)
        {
            var bytes = (byte[])whole.Clone();
            switch (i % 3)
            {
                case 0: bytes = bytes[..random.Next(1, bytes.Length)]; break;
                case 1:
                    for (var k = 0; k < 1 + (i / 10); k++) { bytes[random.Next(bytes.Length)] = (byte)random.Next(256); }
                    break;
                default:
                    int from = random.Next(bytes.Length), to = random.Next(bytes.Length);
                    bytes = [.. bytes[..from], .. bytes[to..]];
                    break;
            }
            if (bytes.Length == 0) { continue; }
            try
            {
                using var stream = new MemoryStream(bytes);
                foreach (var s in InstrumentFile.Read(stream, "damaged" + Path.GetExtension(file)).Spectra)
                {
                    Assert.All(s.Frequency, f => Assert.True(f > 0 && double.IsFinite(f)));
                    Assert.All(s.Impedance, z => Assert.True(double.IsFinite(z.Real) && double.IsFinite(z.Imaginary)));
                }
            }
            catch (InputException e) { Assert.NotEmpty(e.Mend); }
        }
    }
}
