using System.Globalization;
using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Characterisation;

/// <summary>Lines of samples the program knows no phase of, and scans it was not made for.</summary>
public class ObservedLineTests
{
    private static readonly (double D, double Area)[] Known = [(4.1e-10, 300), (3.35e-10, 120), (3.30e-10, 60), (2.40e-10, 200), (2.05e-10, 40), (1.75e-10, 150), (1.50e-10, 90)];

    /// <summary>100 seeded patterns of seven lines, weak and thirty times as strong: every line is found, none else, and the intervals of spacing and area hold the truth in 90–98 %.</summary>
    [Fact]
    public void Lines_are_found_with_honest_errors()
    {
        MadePowder Made(int strength) => new MadePowder().Background(40, 100).Lines(Known.Select(k => (k.D, strength * k.Area)), 40e-9);
        var (weak, strong) = (Made(1), Made(30));
        int spacings = 0, areas = 0, all = 0, more = 0;
        Parallel.For(0, 100, seed =>
        {
            var lines = LineSearch.Find((seed % 2 == 0 ? weak : strong).Measure(seed).Diffractogram!).Lines;
            foreach (var (d, once) in Known)
            {
                var area = seed % 2 == 0 ? once : 30 * once;
                var line = lines.MinBy(l => Math.Abs(l.Spacing.Value - d))!;
                Assert.Equal(d, line.Spacing.Value, 0.004 * d);
                Interlocked.Increment(ref all);
                if (line.Spacing.Lower95 <= d && d <= line.Spacing.Upper95) { Interlocked.Increment(ref spacings); }
                if (line.Area.Lower95 <= area && area <= line.Area.Upper95) { Interlocked.Increment(ref areas); }
            }
            Interlocked.Add(ref more, lines.Count - Known.Length);
        });
        Assert.InRange(spacings / (double)all, 0.90, 0.98);
        Assert.InRange(areas / (double)all, 0.90, 0.98);
        Assert.InRange(more, 0, 2);
    }

    /// <summary>Anatase, a 3.785 and c 9.514 Å: its strong lines stand in the list of a real scan, and nothing else is claimed.</summary>
    [NeedsDataFact]
    public void A_sample_of_another_material_gets_its_lines_and_no_number_that_depends_on_a_phase()
    {
        var r = CommandResult.Of("xrd", SampleData.Path("characterisation/xrd/TiO2_nano_anatase.xy"), "--json");
        Assert.Equal(2, r.ExitCode);
        var lines = r.Json.GetProperty("lines").EnumerateArray().Select(l => (D: l.GetProperty("d_A").GetDouble(), Error: l.GetProperty("dStandardError").GetDouble(), Area: l.GetProperty("area").GetDouble())).ToArray();
        foreach (var (h, k, l) in new[] { (1, 0, 1), (0, 0, 4), (2, 0, 0), (1, 0, 5), (2, 1, 1), (2, 0, 4), (1, 1, 6), (2, 2, 0), (2, 1, 5) })
        {
            var d = 1 / Math.Sqrt((((h * h) + (k * k)) / (3.785 * 3.785)) + (l * l / (9.514 * 9.514)));
            Assert.Contains(lines, o => Math.Abs(o.D - d) < 0.003 * d);
        }
        Assert.Equal(3.52, lines.MaxBy(l => l.Area).D, 0.01);
        Assert.All(lines, l => Assert.InRange(l.Error, 1e-6, 0.02));
        Assert.Contains(r.Json.GetProperty("warnings").EnumerateArray(), w => w.GetProperty("text").GetString()!.Contains("does not describe", StringComparison.Ordinal));
        Assert.Contains("3.52", CommandResult.Of("xrd", SampleData.Path("characterisation/xrd/TiO2_nano_anatase.xy")).Output, StringComparison.Ordinal);
    }

    /// <summary>Broad lines that overlap, and a halo, are no lines of something else where the pattern of one phase is described.</summary>
    [NeedsDataTheory]
    [InlineData("x02_lnto450.xrdml", null)]
    [InlineData("x03_lnto550.raw", null)]
    [InlineData("x04_lnto450_glassholder.xye", "x04_empty_holder.xy")]
    [InlineData("x06_ln_composition.csv", null)]
    public void A_pattern_of_one_phase_has_no_lines_of_another(string file, string? holder)
    {
        static Measurement Read(string name) => InstrumentFile.Read(SampleData.Path("characterisation/synthetic/xrd/" + name));
        var r = XrdAnalysis.Analyse(Read(file), new() { Instrument = Read("x05_lab6_standard.xy"), Background = holder is null ? null : Read(holder) });
        Assert.Contains(r.Lines, l => l.Phase == "LiNb0.5Ta0.5O3");
        Assert.DoesNotContain(r.Lines, l => l.Unexplained);
    }

    [NeedsDataFact]
    public void Lines_of_a_phase_are_named_and_the_tube_s_weaker_lines_too()
    {
        var r = XrdAnalysis.Analyse(InstrumentFile.Read(SampleData.Path("characterisation/xrd/LaB6_Jan2018.raw")));
        foreach (var (h, k, l) in new[] { (1, 0, 0), (1, 1, 0), (1, 1, 1), (2, 0, 0), (2, 1, 0), (2, 1, 1), (2, 2, 0) }) { Assert.Contains(r.Lines, o => o.Phase == "LaB6" && o.Index == (h, k, l)); }
        Assert.Contains(r.Lines, o => o.Note?.StartsWith("Kβ", StringComparison.Ordinal) == true && Math.Abs(o.TwoTheta.Value - 27.38) < 0.05);
    }

    /// <summary>Silicon fixes the height of the sample; taken for a line of zirconia, it had moved the cell of Li2CO3 by 0.5 %.</summary>
    [NeedsDataFact]
    public void A_phase_whose_lines_are_not_in_its_ratios_is_not_taken_to_be_there()
    {
        var r = XrdAnalysis.Analyse(InstrumentFile.Read(SampleData.Path("characterisation/xrd/Li2CO3_0p9001-ZrO2_0p1000--8min.xrdml")));
        var phase = Assert.Single(r.Phases);
        Assert.Equal("Li2CO3", phase.Phase.Name);
        // Lines of zirconia that nothing explains pull at it; that is in its error.
        Assert.InRange(phase.A.StandardError * 1e10, 0.001, 0.02);
        Assert.InRange((phase.A.Value * 1e10) - 8.359, -2 * phase.A.StandardError * 1e10, 2 * phase.A.StandardError * 1e10);
        // (-111) of baddeleyite.
        Assert.Contains(r.Lines, l => l.Unexplained && Math.Abs((l.Spacing.Value * 1e10) - 3.16) < 0.02);
    }

    private static (double D, double Area)[] Of(CrystalPhase p, double area) => [.. p.Lines.Select(l => (p.Spacing(l.H, l.K, l.L, p.A, p.C), area * l.Intensity / p.Lines.Sum(o => o.Intensity)))];

    /// <summary>The same powder with molybdenum, cobalt and a synchrotron: cell and size are those of the powder.</summary>
    [Theory]
    [InlineData(0.709317, 0.713607, 0.497, 4)]
    [InlineData(1.788996, 1.792835, 0.497, 12)]
    [InlineData(0.8265, 0.8265, 0, 5)]
    public void Other_radiation_gives_the_same_powder(double first, double second, double ratio, double from)
    {
        var phase = CrystalPhase.Find("LiNb0.5Ta0.5O3");
        var made = new MadePowder(from, from + 80, 0.01) { Wavelength = first * 1e-10, Wavelength2 = second * 1e-10, Ratio = ratio }.Background(60, 50).Lines(Of(phase, 6000), 20e-9).Measure(1);
        var r = XrdAnalysis.Analyse(made);
        var found = Assert.Single(r.Phases);
        Assert.Equal("LiNb0.5Ta0.5O3", found.Phase.Name);
        Assert.InRange(20e-9, found.Size.Lower95, found.Size.Upper95);
        Assert.Equal(phase.C * 1e10, found.C.Value * 1e10, 0.01);
        Assert.Contains(r.Warnings, w => w.Text.Contains("radiation", StringComparison.Ordinal));
        // A file that is silent is taken for copper, and the option puts it right.
        var silent = made with { Diffractogram = new(made.Diffractogram!.TwoTheta, made.Diffractogram.Counts) };
        Assert.DoesNotContain(XrdAnalysis.Analyse(silent).Phases, p => p.A.HasValue && p.Phase == phase);
        Assert.Equal(found.C.Value, Assert.Single(XrdAnalysis.Analyse(silent, new() { Wavelength = first * 1e-10 }).Phases).C.Value, 1e-13);
    }

    private static Measurement Xrdml(string scan, string points, string wave = "<usedWavelength intended=\"K-Alpha\"><kAlpha1>1.540598</kAlpha1><kAlpha2>1.544426</kAlpha2><ratioKAlpha2KAlpha1>0.5</ratioKAlpha2KAlpha1></usedWavelength>", string type = "Scan", string more = "") =>
        InstrumentFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"<xrdMeasurements><xrdMeasurement measurementType=\"{type}\"{(type == "Area measurement" ? " measurementStepAxis=\"Omega\"" : "")}>{wave}<scan {scan}><dataPoints>{points}</dataPoints></scan>{more}</xrdMeasurement></xrdMeasurements>")), "x.xrdml");

    private static string Positions(string axis, double from, double to) => string.Create(CultureInfo.InvariantCulture, $"<positions axis=\"{axis}\"><startPosition>{from}</startPosition><endPosition>{to}</endPosition></positions>");

    private static string Counts(int n) => $"<counts>{string.Join(' ', Enumerable.Range(0, n).Select(i => 100 + (i * 7 % 13)))}</counts>";

    [Fact]
    public void Scans_that_are_no_powder_scan_are_refused_by_the_name_of_their_axis()
    {
        var rocking = Assert.Throws<InputException>(() => Xrdml("scanAxis=\"Omega\"", $"<positions axis=\"2Theta\"><commonPosition>34.5</commonPosition></positions>{Positions("Omega", 16, 18)}{Counts(100)}"));
        Assert.Contains("Omega", rocking.Message, StringComparison.Ordinal);
        var map = Xrdml("scanAxis=\"2Theta\"", $"{Positions("2Theta", 20, 80)}{Counts(3001)}", type: "Area measurement", more: "<scan scanAxis=\"2Theta\"/>");
        Assert.Contains(map.Warnings, w => w.Text.Contains("2 scans", StringComparison.Ordinal));
        var refused = Assert.Throws<InputException>(() => XrdAnalysis.Analyse(map));
        Assert.Contains("stepped over Omega", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offset_and_fixed_incidence_are_told()
    {
        string Warnings(string axis, double from, double to) => string.Join('\n', XrdAnalysis.Analyse(Xrdml($"scanAxis=\"{axis}\"", $"{Positions("2Theta", 20, 80)}{Positions("Omega", from, to)}{Counts(3001)}")).Warnings.Select(w => w.Text));
        Assert.DoesNotContain("scan axis", Warnings("Gonio", 10, 40), StringComparison.Ordinal);
        Assert.Contains("0.50° off half of 2θ (scan axis 2Theta-Omega)", Warnings("2Theta-Omega", 10.5, 40.5), StringComparison.Ordinal);
        Assert.Contains("fixed angle of incidence (scan axis 2Theta)", Warnings("2Theta", 1, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<usedWavelength intended=\"K-Alpha\"><ratioKAlpha2KAlpha1>0.5</ratioKAlpha2KAlpha1></usedWavelength>", 0.5)]
    [InlineData("<usedWavelength intended=\"K-Alpha 1\"><ratioKAlpha2KAlpha1>0.5</ratioKAlpha2KAlpha1></usedWavelength>", 0.5)]
    [InlineData("<usedWavelength intended=\"K-Alpha 1\"><ratioKAlpha2KAlpha1>0</ratioKAlpha2KAlpha1></usedWavelength>", 0)]
    [InlineData("<usedWavelength intended=\"K-Alpha 1\"/>", 0)]
    [InlineData("<usedWavelength intended=\"K-Alpha\"><ratioKAlpha2KAlpha1>0.5</ratioKAlpha2KAlpha1></usedWavelength><incidentBeamPath><monochromator name=\"Hybrid 2xGe(220)\"/></incidentBeamPath>", 0)]
    public void The_second_wavelength_is_there_where_optics_let_it_through(string wave, double ratio) =>
        Assert.Equal(ratio, Xrdml("scanAxis=\"Gonio\"", $"{Positions("2Theta", 20, 80)}{Counts(3001)}", wave).Diffractogram!.Ratio);

    /// <summary>Counts behind an attenuator are multiplied; intensities that were corrected already are not.</summary>
    [Fact]
    public void An_attenuator_is_taken_off_once()
    {
        double[] truth = [.. Enumerable.Range(0, 100).Select(i => 50 + Math.Round(90000 * Math.Exp(-Math.Pow((i - 50) / 6.0, 2))))];
        double[] factor = [.. truth.Select(c => c > 10000 ? 10.0 : 1)];
        string Text(IEnumerable<double> v) => string.Join(' ', v.Select(x => x.ToString(CultureInfo.InvariantCulture)));
        var detected = truth.Zip(factor, (c, f) => Math.Round(c / f)).ToArray();
        foreach (var (name, values) in new[] { ("counts", detected), ("intensities", truth), ("intensities", detected) })
        {
            var p = Xrdml("scanAxis=\"Gonio\"", $"{Positions("2Theta", 20, 80)}<beamAttenuationFactors>{Text(factor)}</beamAttenuationFactors><{name}>{Text(values)}</{name}>").Diffractogram!;
            Assert.All(p.Counts.Zip(truth), c => Assert.Equal(c.Second, c.First, 10.0));
            Assert.Equal(10 * p.VariancePerCount, p.Variance(50, 100) / 100);
        }
    }
}
