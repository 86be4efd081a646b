using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Laboratory;
using Interphase.Tests.Support;

namespace Interphase.Tests.Characterisation;

public class DiffractionAnalysisTests
{
    private static string Data(string file) => SampleData.Path("characterisation/" + file);

    private static DiffractionResult Analyse(string file) => DiffractionAnalysis.Analyse(InstrumentFile.Read(Data(file)), new());

    [NeedsDataTheory]
    [InlineData("e01_amorphous", "amorphous", 251.2, 258.8, 0.0)]
    [InlineData("e02_rings", "rings", 259.9, 253.1, 0.012)]
    [InlineData("e03_spots", "spots", 254.0, 256.6, double.NaN)]
    [InlineData("e04_mixed", "mixed", 250.5, 260.4, double.NaN)]
    public void Patterns_are_centred_and_classed(string file, string state, double x, double y, double ellipticity)
    {
        var r = Analyse($"synthetic/ed/{file}.tif");
        Assert.Equal(state, r.State);
        Assert.Equal(x, r.CentreX.Value, 0.2);
        Assert.Equal(y, r.CentreY.Value, 0.2);
        if (double.IsFinite(ellipticity)) { Assert.Equal(ellipticity, r.Ellipticity.Value, 0.002); }
        if (state == "amorphous") { Assert.Empty(r.Rings); }
        else { Assert.Contains(r.Rings, g => Math.Abs((g.Match.Spacing.Value * 1e9) - 0.2732) < 0.001); }
        if (state is "rings" or "mixed") { foreach (var d in new[] { 0.3748, 0.2576, 0.2123, 0.1874 }) { Assert.Contains(r.Rings, g => Math.Abs((g.Match.Spacing.Value * 1e9) - d) < 0.0006 && g.Match.Line is not null); } }
    }

    /// <summary>Spots of a crystal whose zone is named bear the indices that they have there, whose planes are spaced as they are, in the zone.</summary>
    [NeedsDataFact]
    public void Spots_of_a_named_zone_bear_its_indices()
    {
        var r = Analyse("synthetic/ed/e03_spots.tif");
        var zone = r.Lattices[0].Zone!;
        var phase = CrystalPhase.Find(zone.Phase);
        Assert.Equal("LiNb0.5Ta0.5O3", phase.Name);
        Assert.True(r.Rings.Count >= 10);
        Assert.All(r.Rings, g =>
        {
            Assert.Equal(phase.Name, g.Match.Phase);
            int[] i = [.. g.Match.Line!.Contains(' ', StringComparison.Ordinal) ? g.Match.Line.Split(' ').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)) : g.Match.Line.Select(c => c - '0')];
            Assert.Equal(phase.Spacing(i[0], i[1], i[2], phase.A, phase.C), g.Match.Spacing.Value, 0.002 * g.Match.Spacing.Value);
            Assert.Equal(0, (i[0] * zone.Zone.U) + (i[1] * zone.Zone.V) + (i[2] * zone.Zone.W));
        });
    }

    [NeedsDataFact]
    public void Real_rings_of_bismuth_are_found_beside_the_beam_stop()
    {
        var r = Analyse("ed/bismuth_rings.dm3");
        Assert.Equal("rings", r.State);
        Assert.Equal(99.5, r.CentreX.Value, 1.0);
        Assert.Equal(141.5, r.CentreY.Value, 1.0);
        foreach (var radius in new[] { 27, 38, 67, 77, 103 }) { Assert.Contains(r.Rings, g => Math.Abs(g.Radius.Value - radius) < 1.5); }
        Assert.Contains(r.Warnings, w => w.Path == "rings.d_nm");
    }

    [NeedsDataFact]
    public void A_pattern_without_its_centre_and_an_image_are_refused()
    {
        Assert.Contains("centre", Assert.Throws<InputException>(() => Analyse("ed/ring_segment.dm3")).What);
        Assert.Contains("micrograph", Assert.Throws<InputException>(() => Analyse("em/STO_stem.ser")).Mend);
    }

    /// <summary>What a pattern of rings prints of its camera is taken by a pattern of spots, whose errors shrink with it; a ratio, a length without direction and a direction alone are refused.</summary>
    [NeedsDataFact]
    public void The_ellipse_of_rings_is_taken_for_spots()
    {
        var rings = CommandResult.Of("diffraction", Data("synthetic/ed/e02_rings.tif")).Output;
        var printed = System.Text.RegularExpressions.Regex.Match(rings, "--ellipticity '(.*)' --ellipticity-direction (.*)\\n");
        Assert.True(printed.Success, rings);
        double Error(params string[] more) => CommandResult.Of(["diffraction", Data("synthetic/ed/e03_spots.tif"), "--json", .. more]).Json.GetProperty("lattices")[0].GetProperty("standardError")[0].GetDouble();
        Assert.True(Error("--ellipticity", printed.Groups[1].Value, "--ellipticity-direction", printed.Groups[2].Value.Trim()) < 0.3 * Error());
        foreach (var wrong in new[] { new[] { "--ellipticity", "1.012", "--ellipticity-direction", "3" }, ["--ellipticity", "0.012"], ["--ellipticity-direction", "3"], ["--ellipticity", "0.01", "--ellipticity-direction", "north"] })
        {
            Assert.Equal(1, CommandResult.Of(["diffraction", Data("synthetic/ed/e03_spots.tif"), .. wrong]).ExitCode);
        }
    }

    /// <summary>Spots whose tops are cut lie in the middle of what is left of them, and that they are cut is told.</summary>
    [Fact]
    public void Clipped_spots_are_told_and_stay_in_place()
    {
        var made = new VirtualPattern { Size = 192, X = 95.3, Y = 96.4, Electrons = 6e5, Blur = 1.6, Beam = 0.02, Diffuse = (0.1, 20), Lattices = [(24, 3, -4, 30, 0.8)], Saturation = 150 };
        var r = DiffractionAnalysis.Analyse(made.Measure(new Random(5)), new() { Phases = [] });
        var l = Assert.Single(r.Lattices);
        Assert.Contains(r.Warnings, w => w.Text.Contains("saturated", StringComparison.Ordinal));
        Assert.InRange(1 / (Math.Sqrt(585) * made.Pixel), l.First.Lower95, l.First.Upper95);
        Assert.InRange(1 / (Math.Sqrt(916) * made.Pixel), l.Second.Lower95, l.Second.Upper95);
        Assert.Equal(95.3, r.CentreX.Value, 0.15);
        Assert.DoesNotContain(DiffractionAnalysis.Analyse((made with { Saturation = double.PositiveInfinity }).Measure(new Random(5)), new() { Phases = [] }).Warnings, w => w.Text.Contains("saturated", StringComparison.Ordinal));
    }

    [NeedsDataFact]
    public void The_command_answers_by_its_contract()
    {
        var r = CommandResult.Of("diffraction", Data("synthetic/ed/e04_mixed.tif"), "--json");
        Assert.Equal(0, r.ExitCode);
        Assert.Equal("mixed", r.Json.GetProperty("class").GetString());
        Assert.Equal(2, r.Json.GetProperty("centre").GetArrayLength());
        foreach (var key in new[] { "d_nm", "standardError", "phase", "hkl" }) { Assert.True(r.Json.GetProperty("rings")[0].TryGetProperty(key, out _)); }
    }
}
