using System.Text.Json.Nodes;
using Interphase.Studies;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

public class ReportFolderTests
{
    private readonly string folder = SampleData.TemporaryFolder();

    private static JsonObject Provenance() => new() { ["software"] = new JsonObject { ["name"] = "Interphase" } };

    private static void WriteReport(string target, string text)
    {
        using var report = ReportFolder.Open(target);
        report.Write("report.html", text);
        report.Write("tables/a.csv", "x");
        report.Complete(Provenance());
    }

    private string Target => Path.Combine(folder, "out");

    private string Text => File.ReadAllText(Path.Combine(Target, "report.html"));

    [Fact]
    public void A_report_appears_whole_and_leaves_nothing_beside_it()
    {
        WriteReport(Target, "one");
        Assert.Equal("one", Text);
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder));
        Assert.Equal(["provenance.json", "report.html", "tables"], Directory.GetFileSystemEntries(Target).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_report_replaces_a_previous_one_and_drops_its_files()
    {
        using (var report = ReportFolder.Open(Target)) { report.Write("figures/old.svg", "x"); report.Complete(Provenance()); }
        WriteReport(Target, "two");
        Assert.Equal("two", Text);
        Assert.False(Directory.Exists(Path.Combine(Target, "figures")));
    }

    [Fact]
    public void A_run_that_does_not_complete_leaves_the_previous_report()
    {
        WriteReport(Target, "one");
        using (var report = ReportFolder.Open(Target)) { report.Write("report.html", "half"); }
        Assert.Equal("one", Text);
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void What_a_killed_run_left_is_cleared_at_the_next_start()
    {
        WriteReport(Target, "one");
        Directory.CreateDirectory(Target + ".partial");
        File.WriteAllText(Path.Combine(Target + ".partial", ".interphase-writing"), "");
        File.WriteAllText(Path.Combine(Target + ".partial", "report.html"), "half");
        WriteReport(Target, "two");
        Assert.Equal("two", Text);
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_swap_killed_between_its_renames_is_finished()
    {
        WriteReport(Target, "one");
        WriteReport(Target + "2", "two");
        Directory.Move(Target, Target + ".previous");
        Directory.Move(Target + "2", Target + ".partial");
        ReportFolder.Open(Target).Dispose();
        Assert.Equal("two", Text);
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_swap_killed_before_the_new_report_was_whole_is_undone()
    {
        WriteReport(Target, "one");
        Directory.Move(Target, Target + ".previous");
        ReportFolder.Open(Target).Dispose();
        Assert.Equal("one", Text);
        Assert.Equal([Target], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void A_folder_of_ones_own_files_is_refused_and_untouched()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "thesis.docx"), "mine");
        var e = Assert.Throws<InputException>(() => ReportFolder.Open(Target));
        Assert.Contains("not a report", e.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Target, "thesis.docx")));
    }

    [Fact]
    public void A_foreign_provenance_file_does_not_make_a_folder_ours()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "provenance.json"), "{\"software\": \"other\"}");
        Assert.Throws<InputException>(() => ReportFolder.Open(Target));
    }

    [Fact]
    public void Ones_own_file_put_into_a_previous_report_is_not_lost()
    {
        WriteReport(Target, "one");
        File.WriteAllText(Path.Combine(Target, "tables", "mine.csv"), "mine");
        var e = Assert.Throws<InputException>(() => ReportFolder.Open(Target));
        Assert.Contains("tables/mine.csv", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Someone_elses_folder_called_partial_is_refused()
    {
        Directory.CreateDirectory(Target + ".partial");
        File.WriteAllText(Path.Combine(Target + ".partial", "mine"), "mine");
        Assert.Throws<InputException>(() => ReportFolder.Open(Target));
        Assert.True(File.Exists(Path.Combine(Target + ".partial", "mine")));
    }

    [Fact]
    public void Two_runs_into_one_folder_exclude_each_other()
    {
        using var first = ReportFolder.Open(Target);
        Assert.Throws<InputException>(() => ReportFolder.Open(Target));
    }
}
