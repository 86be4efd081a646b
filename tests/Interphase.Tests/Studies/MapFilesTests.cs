using Interphase.Laboratory;
using Interphase.Measurements;
using Interphase.Studies;
using Interphase.Tests.Characterisation;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>How the files of maps are named: one way for the command and the study.</summary>
public class MapFilesTests
{
    private readonly string folder = SampleData.TemporaryFolder();

    /// <summary>Maps of one made particle under names that do not say their elements.</summary>
    private void Maps()
    {
        foreach (var map in new VirtualParticle([[48, 48, 48]], 24, 3, 0) { Size = 96 }.Maps(new Random(4)))
        {
            var rows = Enumerable.Range(0, map.Height).Select(y => string.Join(',', Enumerable.Range(0, map.Width).Select(x => map.Counts[(y * map.Width) + x])));
            var name = map.Element switch { "Ni" => "particle run 1.csv", "Nb" => "shell.csv", var other => $"rest {other}.csv" };
            File.WriteAllText(Path.Combine(folder, name), string.Join('\n', rows));
        }
    }

    private StudyResult Run(string path) => StudyRun.Run(StudyFile.Parse($"name: s\nsamples:\n- name: A\n  specimens:\n  - {{ kind: coated-powder, technique: map, path: {path}, coating: Nb, particle: Ni, scale: 1 nm }}\n", "s.yaml", folder));

    [Theory]
    [InlineData("raw/a.csv", null, "raw/a.csv")]
    [InlineData("Nb=raw/a.csv", "Nb", "raw/a.csv")]
    [InlineData("P=a=b.csv", "P", "a=b.csv")]
    [InlineData(" Ni = a.csv", "Ni", "a.csv")]
    [InlineData("./Nb=a.csv", null, "./Nb=a.csv")]
    [InlineData("run1=a.csv", null, "run1=a.csv")]
    [InlineData("Nb=raw/*_1.csv", "Nb", "raw/*_1.csv")]
    public void The_element_stands_before_the_file(string written, string? element, string path) => Assert.Equal(new ElementFile(element, path), ElementFile.Parse(written));

    [Theory]
    [InlineData("nb=a.csv", "no symbol")]
    [InlineData("Abc=a.csv", "no symbol")]
    [InlineData("Nb=", "no file")]
    public void What_is_no_element_is_told(string written, string word) => Assert.Contains(word, Assert.Throws<InputException>(() => ElementFile.Parse(written)).Message, StringComparison.Ordinal);

    [Fact]
    public void Command_and_study_read_the_same_names_and_give_the_same_numbers()
    {
        Maps();
        var result = Run("[\"Ni=particle*.csv\", Nb=shell.csv]");
        Assert.Empty(result.Problems);
        Assert.Equal(["particle run 1.csv", "shell.csv"], result.Inputs.Select(i => i.Path));
        var study = result.Comparison.Single(r => r.Quantity == "shellThickness").Values.Single().Value;
        Assert.InRange(3.0, study.Lower95, study.Upper95);
        var command = CommandResult.Of("map", $"Ni={folder}/particle*.csv", $"Nb={folder}/shell.csv", "--coating", "Nb", "--particle", "Ni", "--scale", "1nm", "--json");
        Assert.Equal(0, command.ExitCode);
        Assert.Equal(study.Value, command.Json.GetProperty("shell").GetProperty("thickness_nm").GetDouble(), 1e-9);
    }

    [Fact]
    public void Errors_name_the_file_and_the_key()
    {
        Maps();
        var written = Assert.Throws<InputException>(() => Run("[Ni=particle*.csv, nb=shell.csv]"));
        Assert.Contains("samples[0].specimens[0].path", written.Where, StringComparison.Ordinal);
        Assert.Contains("nb=shell.csv", written.Where, StringComparison.Ordinal);
        // Two files for one element, none for a pattern, a name without element, an element nobody mapped: problems of the run, each with its file.
        void Fails(string path, string file, string word)
        {
            var problems = Run(path).Problems;
            Assert.Contains(problems, p => p.File.Contains(file, StringComparison.Ordinal) && p.Error.Contains(word, StringComparison.Ordinal));
        }
        Fails("[Nb=rest*.csv, Ni=particle*.csv]", "rest P.csv", "2 maps of Nb");
        Fails("[Nb=none*.csv, Ni=particle*.csv]", "none*.csv", "no file matches");
        Fails("[shell.csv, Ni=particle*.csv]", "shell.csv", "does not end in an element");
        Fails("[Ta=shell.csv, Ni=particle*.csv]", "shell.csv", "there is no map of Nb");
        Assert.Contains("not positive", Assert.Single(StudyRun.Run(StudyFile.Parse("name: s\nsamples:\n- name: A\n  specimens:\n  - { kind: coated-powder, technique: map, path: [Nb=shell.csv, Ni=particle*.csv], coating: Nb, particle: Ni, scale: 0 nm }\n", "s.yaml", folder)).Problems).Error, StringComparison.Ordinal);
    }
}
