using System.Text.Json;
using Interphase.Laboratory;
using Interphase.Results;
using Interphase.Studies;
using Interphase.Tests.Characterisation;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>Raw files of every technique of characterisation, made from a known coating, through one study: what was put in comes out, and what is missing or contradicts is said.</summary>
public class CharacterisationStudyTests
{
    private readonly MadeStudy made = new();

    private static string Sample(string name, int annealing, params string[] specimens) =>
        $"- name: {name}\n  coating: {{ material: LiNb0.5Ta0.5O3, annealing: {annealing} degC }}\n  specimens:\n{string.Concat(specimens.Select(s => $"  - {{ {s} }}\n"))}";

    private static string Image(string file) => $"kind: coated-powder, technique: micrograph, path: {file}, scale: 0.05 nm";

    private static readonly VirtualPattern Camera = new() { Size = 224, X = 108, Y = 115, Diffuse = (0.2, 25) };

    private static readonly (double, double, double)[] Halos = [(31, 5, 0.3), (54, 9, 0.1)];

    private static readonly (double, double)[] Rings = [(26, 0.12), (30, 0.08), (42.5, 0.06), (50, 0.04), (60, 0.05)];

    private static StateEvidence Evidence(SampleVerdict v, string technique) => Assert.Single(v.Evidence, e => e.Technique == technique);

    private static string Text(StudyResult r, string id) => Assert.Single(r.Findings, f => f.Id == id).Text;

    [Fact]
    public void What_was_put_into_three_coatings_comes_out_of_the_study()
    {
        made.Gel();
        var (i350, t350) = made.Micrograph("350.tif", new() { Field = 320, Thickness = 5e-9 }, 31);
        var (i450, t450) = made.Micrograph("450.tif", new() { Field = 320, Thickness = 5.5e-9, GrainRadius = 1.8e-9, GrainShare = 0.5, Touching = true }, 32);
        var (i550, t550) = made.Micrograph("550.tif", new() { Field = 320, Thickness = 5.5e-9, GrainRadius = 1.8e-9, GrainShare = 1, Touching = true }, 33);
        var covered = made.Maps("whole", 0, 5);
        var holes = made.Maps("holes", 9, 6);
        string Maps(string stem) => $"kind: coated-powder, technique: map, path: [\"Nb={stem} nb.csv\", \"Ni={stem} n?.csv\"], coating: Nb, particle: Ni, scale: 40 nm";
        Assert.Contains("2 maps of", Assert.Single(StudyRun.Run(StudyFile.Read(made.Study(Sample("X", 350, Maps("whole"))))).Problems).Error, StringComparison.Ordinal); // n? is both
        string Both(string stem) => Maps(stem).Replace("n?.csv", "ni.csv", StringComparison.Ordinal);
        var pattern = "kind: coating-powder, technique: diffraction, scale: 0.05 nm-1, path: ";
        string Cell(string file, double ohm) => $"  cells:\n  - id: c\n    files:\n    - {{ technique: impedance, path: {made.Spectrum(file, ohm, 10, 1e-6, false)}, circuit: \"R0-p(R1,C1)\" }}\n";
        string Pellet(string file, double sigma) => $"kind: pellet, technique: pellet-impedance, path: {made.Pellet(file, sigma)}, thickness: 1.00 +- 0.01 mm, area: 0.785 +- 0.005 cm2, temperature: 25 degC";
        var study = made.Study(
            Sample("A-350", 350, "kind: coating-powder, technique: thermal, path: gel.csv, exotherm: up", $"kind: coating-powder, technique: xrd, path: {made.Pattern("350.xy", 0)}", Image(i350), pattern + made.ElectronPattern("350-ed.tif", Camera with { Halos = Halos }, 1), Both("whole"), Pellet("p350.csv", 13.2e-6)) + Cell("c350.csv", 369)
            + Sample("B-450", 450, $"kind: coating-powder, technique: xrd, path: {made.Pattern("450.xy", 0.5)}", Image(i450), pattern + made.ElectronPattern("450-ed.tif", Camera with { Halos = Halos, Rings = Rings, Grains = 8 }, 2), Both("holes"), Pellet("p450.csv", 38.7e-6)) + Cell("c450.csv", 124)
            + Sample("C-550", 550, $"kind: coating-powder, technique: xrd, path: {made.Pattern("550.xy", 0.98)}", Image(i550), pattern + made.ElectronPattern("550-ed.tif", Camera with { Rings = Rings, Grains = 500 }, 3), Pellet("p550.csv", 2.43e-6)) + Cell("c550.csv", 672));
        var report = Path.Combine(made.Folder, "report");
        var answer = CommandResult.Of("study", "run", study, "-o", report, "--json");
        Assert.True(answer.ExitCode == 0, answer.Error + answer.Output);
        var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(report, "results.json"))).RootElement;
        var verdicts = json.GetProperty("verdicts").EnumerateArray().ToArray();
        Assert.Equal(["amorphous", "partial", "crystalline"], verdicts.Select(v => v.GetProperty("state").GetString()));
        foreach (var v in verdicts)
        {
            Assert.Equal(["thermal", "xrd", "micrograph", "diffraction"], v.GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("technique").GetString()));
            Assert.False(v.GetProperty("contradictory").GetBoolean());
        }
        // Each class and number is what that technique's own command says of the file.
        var classes = json.GetProperty("samples").EnumerateArray().Select(s => s.GetProperty("analyses").EnumerateArray().ToDictionary(a => a.GetProperty("technique").GetString()!, a => a.GetProperty("result").Clone())).ToArray();
        Assert.Equal(["amorphous", "polycrystalline"], classes[..2].Select(c => c["micrograph"].GetProperty("class").GetString()));
        Assert.Contains(classes[2]["micrograph"].GetProperty("class").GetString(), (string[])["polycrystalline", "crystalline"]);
        Assert.Equal(["amorphous", "mixed", "rings"], classes.Select(c => c["diffraction"].GetProperty("class").GetString()));
        var alone = CommandResult.Of("micrograph", Path.Combine(made.Folder, i450), "--scale", "0.05nm", "--json").Json;
        Assert.Equal(alone.GetProperty("crystallineFraction").GetProperty("value").GetDouble(), classes[1]["micrograph"].GetProperty("crystallineFraction").GetProperty("value").GetDouble());
        // Thickness along the edge that was drawn, share of crystals that was drawn, coverage that was drawn.
        foreach (var (v, c, truth) in verdicts.Zip(classes, new[] { t350, t450, t550 }))
        {
            var along = Enumerable.Range(0, 120).Select(i => truth.Thickness(0.1e-9 * i) * 1e9).Order().ToArray();
            Assert.Equal(along[60], v.GetProperty("thickness_nm").GetDouble(), 0.35);
            Assert.InRange(v.GetProperty("thicknessStandardError").GetDouble(), 0.05, 0.8);
            var share = c["micrograph"].GetProperty("crystallineFraction");
            // Grains that lie as the core's planes are left out, so that of a full film a part is missed, and more is never seen than there is.
            Assert.InRange(share.GetProperty("value").GetDouble(), 0.5 * truth.CrystallineFraction, truth.CrystallineFraction + 0.1);
        }
        foreach (var (c, truth) in new[] { (classes[0], covered), (classes[1], holes) }) 
        {
            var coverage = c["map"].GetProperty("coverage");
            Assert.Equal(truth, coverage.GetProperty("value").GetDouble(), 0.01 + (2.5 * coverage.GetProperty("standardError").GetDouble()));
            Assert.InRange(coverage.GetProperty("standardError").GetDouble(), 0, 0.1);
        }
        Assert.True(holes < 0.8 && covered == 1);
        // The budget: each film is thinner than the interface it stands for, in the order of the conductivities.
        foreach (var (v, sigma, ohm) in new[] { (verdicts[0], 13.2e-6, 369.0), (verdicts[1], 38.7e-6, 124.0), (verdicts[2], 2.43e-6, 672.0) })
        {
            var film = v.GetProperty("thickness_nm").GetDouble() * 1e-7 / sigma;
            var ratio = v.GetProperty("budget").GetProperty("timesOnElectrode");
            Assert.InRange(ohm * 0.785 / film, ratio.GetProperty("lower95").GetDouble(), ratio.GetProperty("upper95").GetDouble());
        }
        Assert.Equal("B-450", json.GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("id").GetString() == "state-against-conductivity").GetProperty("text").GetString()![..5]);
    }

    [Fact]
    public void Crystals_in_images_of_a_powder_that_diffracts_as_glass_are_a_contradiction_and_named()
    {
        string[] images = [.. Enumerable.Range(0, 3).Select(i => Image(made.Micrograph($"{i}.tif", new() { GrainRadius = 2e-9, GrainShare = 0.6, Touching = true }, 40 + i).File))];
        var result = StudyRun.Run(StudyFile.Read(made.Study(Sample("A", 350, [$"kind: coating-powder, technique: xrd, path: {made.Pattern("a.xy", 0)}", .. images]))));
        Assert.Empty(result.Problems);
        var v = Assert.Single(result.Verdicts);
        Assert.True(v.Contradictory);
        Assert.Null(v.State);
        Assert.StartsWith("3 images: all polycrystalline", Evidence(v, "micrograph").Says, StringComparison.Ordinal);
        Assert.Equal([CoatingState.Amorphous], Evidence(v, "xrd").States);
        Assert.DoesNotContain(CoatingState.Amorphous, Evidence(v, "micrograph").States);
        var finding = Assert.Single(result.Findings, f => f.Id == "state-a");
        Assert.Equal(Severity.Contradiction, finding.Severity);
        foreach (var word in (string[])["X-ray diffraction", "micrograph", "beam can crystallise"]) { Assert.Contains(word, finding.Text, StringComparison.OrdinalIgnoreCase); }
    }

    [Fact]
    public void A_scan_of_coated_particles_says_nothing_of_a_coating_it_cannot_see()
    {
        var result = StudyRun.Run(StudyFile.Read(made.Study(
            Sample("thin", 550, $"kind: coated-powder, technique: xrd, path: {made.CoatedPowder("thin.xy", 0.0005)}")
            + Sample("thick", 550, $"kind: coated-powder, technique: xrd, path: {made.CoatedPowder("thick.xy", 0.15)}"))));
        Assert.Empty(result.Problems);
        var (thin, thick) = (result.Verdicts[0], result.Verdicts[1]);
        Assert.False(Evidence(thin, "xrd").Tells);
        Assert.Contains("says nothing of so thin a layer", Evidence(thin, "xrd").Says, StringComparison.Ordinal);
        Assert.Null(thin.State);
        Assert.Empty(thin.Possible);
        Assert.False(thin.Contradictory);
        Assert.Contains("does not tell the coating's state", Text(result, "state-thin"), StringComparison.Ordinal);
        Assert.Equal([CoatingState.Partial, CoatingState.Crystalline], thick.Possible);
        Assert.Contains("X-ray diffraction alone", Text(result, "state-thick"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hold_of_hours_is_judged_by_the_rate_law_where_there_is_one()
    {
        var files = made.Heatings("gel");
        var xrd = $"kind: coating-powder, technique: xrd, path: {made.Pattern("a.xy", 0.97)}";
        StudyResult Run(string thermal) => StudyRun.Run(StudyFile.Read(made.Study(Sample("A", 345, "kind: coating-powder, technique: thermal, " + thermal, xrd))));
        // Half an hour at 345 °C, 50 K under the peak on heating, transforms nearly all (300 kJ/mol, n = 2.5).
        var law = Run($"path: \"{files}\", hold: 345 degC for 3 h");
        Assert.Contains("by the rate law", Evidence(law.Verdicts[0], "thermal").Says, StringComparison.Ordinal);
        Assert.DoesNotContain(CoatingState.Amorphous, Evidence(law.Verdicts[0], "thermal").States);
        Assert.Equal(CoatingState.Crystalline, law.Verdicts[0].State);
        // By the window of one heating alone that is a contradiction, and the reason is offered.
        var window = Run("path: gel-20.txt");
        Assert.Equal([CoatingState.Amorphous, CoatingState.Partial], Evidence(window.Verdicts[0], "thermal").States);
        Assert.True(window.Verdicts[0].Contradictory);
        Assert.Contains("hold crystallises below the onset", Text(window, "state-a"), StringComparison.Ordinal);
    }

    [Fact]
    public void One_technique_alone_is_said_to_be_alone()
    {
        var result = StudyRun.Run(StudyFile.Read(made.Study(
            Sample("X", 350, $"kind: coating-powder, technique: xrd, path: {made.Pattern("a.xy", 0)}")
            + Sample("Y", 350, Image(made.Micrograph("y.tif", new(), 50).File))
            + Sample("V", 350, [.. Enumerable.Range(0, 3).Select(i => Image(made.Micrograph($"v{i}.tif", new(), 51 + i).File))])
            + Sample("Z", 350, $"kind: coated-powder, technique: diffraction, scale: 0.05 nm-1, path: {made.ElectronPattern("z.tif", Camera with { Lattices = [(25, 4, -5, 30, 0.4)] }, 4)}")
            + Sample("W", 350))));
        Assert.Empty(result.Problems);
        Assert.Equal(["X", "Y", "V", "Z"], result.Verdicts.Select(v => v.Sample.Name));
        Assert.Equal(CoatingState.Amorphous, result.Verdicts[0].State);
        Assert.Contains("X-ray diffraction alone", Text(result, "state-x"), StringComparison.Ordinal);
        // One image of 135 nm² without a crystal says little of the rest; three of them that it is not crystalline.
        Assert.Empty(result.Verdicts[1].Possible);
        Assert.Contains("does not tell", Text(result, "state-y"), StringComparison.Ordinal);
        Assert.Equal([CoatingState.Amorphous, CoatingState.Partial], result.Verdicts[2].Possible);
        Assert.Null(result.Verdicts[2].State);
        Assert.Contains("amorphous or partly crystalline by microscopy alone", Text(result, "state-v"), StringComparison.Ordinal);
        // Spots from a coated particle may be those of its core.
        Assert.False(Evidence(result.Verdicts[3], "diffraction").Tells);
        Assert.Empty(result.Verdicts[3].Possible);
        Assert.Contains("does not tell", Text(result, "state-z"), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_without_scale_and_broken_files_are_problems_beside_what_was_read()
    {
        var (file, _) = made.Micrograph("a.tif", new(), 60);
        var whole = File.ReadAllBytes(Path.Combine(made.Folder, file));
        File.WriteAllBytes(Path.Combine(made.Folder, "cut.tif"), whole[..(whole.Length / 2)]);
        var study = made.Study(Sample("A", 350, $"kind: coated-powder, technique: micrograph, path: {file}", Image("cut.tif"), $"kind: coating-powder, technique: xrd, path: {made.Pattern("a.xy", 0)}", "kind: coating-powder, technique: diffraction, path: none.dm3"));
        var answer = CommandResult.Of("study", "run", study, "-o", Path.Combine(made.Folder, "report"), "--json");
        Assert.Equal(2, answer.ExitCode);
        var problems = answer.Json.GetProperty("problems").EnumerateArray().ToDictionary(p => p.GetProperty("file").GetString()!, p => p.GetProperty("error").GetString()!);
        Assert.Equal(["a.tif", "cut.tif", "none.dm3"], problems.Keys.Order());
        Assert.Contains("scale", problems["a.tif"], StringComparison.Ordinal);
        Assert.Contains("no such file", problems["none.dm3"], StringComparison.Ordinal);
        var verdict = Assert.Single(answer.Json.GetProperty("verdicts").EnumerateArray());
        Assert.Equal("amorphous", verdict.GetProperty("state").GetString());
        Assert.Equal(["xrd"], verdict.GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("technique").GetString()));
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("thickness_nm").ValueKind);
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("film_ohm_cm2").ValueKind);
        Assert.Contains("cut.tif", File.ReadAllText(Path.Combine(made.Folder, "report", "report.html")), StringComparison.Ordinal);
    }
}
