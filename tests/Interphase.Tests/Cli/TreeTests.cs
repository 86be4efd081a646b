using System.CommandLine;
using Interphase.Cli.Commands;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cli;

public class TreeTests
{
    public static TheoryData<string> Commands()
    {
        var data = new TheoryData<string>();
        void Walk(Command command, string path)
        {
            data.Add(path);
            foreach (var child in command.Subcommands) { Walk(child, $"{path} {child.Name}".Trim()); }
        }
        Walk(Tree.Create(), "");
        return data;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_help_with_an_example(string path)
    {
        var result = CommandResult.Of([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Usage", result.Output, StringComparison.Ordinal);
        var command = path.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate((Command)Tree.Create(), (c, name) => c.Subcommands.First(s => s.Name == name));
        if (command.Subcommands.Count == 0) { Assert.Contains($"interphase {path}", result.Output, StringComparison.Ordinal); }
    }

    [Fact]
    public void A_name_stands_once_among_its_siblings()
    {
        static void Check(Command c)
        {
            Assert.Equal(c.Subcommands.Count, c.Subcommands.Select(s => s.Name).Distinct().Count());
            foreach (var s in c.Subcommands) { Check(s); }
        }
        Check(Tree.Create());
    }

    [Fact]
    public void A_file_of_missing_values_gives_no_number()
    {
        var file = Path.Combine(SampleData.TemporaryFolder(), "n.csv");
        File.WriteAllText(file, "time/s,voltage/V,current/A\n0,1,NaN\n1,nan,2\n");
        foreach (var command in (string[][])[["cycling", "summary"], ["cycling", "rate"], ["gitt"]])
        {
            var result = CommandResult.Of([.. command, file]);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("no two rows with numbers", result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("stuudy run x", "did you mean 'study'?")]
    [InlineData("study rum x", "did you mean 'run'?")]
    [InlineData("study run x.yaml --jsn", "did you mean '--json'?")]
    [InlineData("study", "choose one of")]
    [InlineData("", "choose one of")]
    [InlineData("study run", "study run --help")]
    [InlineData("study run /nowhere.yaml", "no such file")]
    public void A_wrong_call_says_how_to_mend_it_on_one_line(string call, string mend)
    {
        var result = CommandResult.Of(call.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(mend, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }
}
