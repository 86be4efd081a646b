using Interphase.Files;

namespace Interphase.Tests.Files;

public class YamlTests
{
    [Fact]
    public void A_value_is_found_by_its_key_and_errors_say_line_column_and_path()
    {
        var root = Yaml.Parse("name: a\nelectrode:\n  area: 0.785\n", "s.yaml");
        Assert.Equal("a", root.Required("name").Text());
        var e = Assert.Throws<InputException>(() => root.Required("electrode").Required("area").Quantity("m2"));
        Assert.Contains("s.yaml:3:9, electrode.area", e.Message, StringComparison.Ordinal);
        Assert.Contains("has no unit", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_key_is_an_error_with_the_nearest_name()
    {
        var root = Yaml.Parse("thikness: 1 mm\n", "s.yaml");
        root.Optional("thickness");
        var e = Assert.Throws<InputException>(root.Close);
        Assert.Equal("'thikness' is not a key here (s.yaml:1:1): did you mean 'thickness'?", e.Message);
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "stands twice")]
    [InlineData("a: [1, 2\n", "not YAML")]
    [InlineData("", "empty")]
    [InlineData("a: 1\n---\nb: 2\n", "several")]
    [InlineData("a\0b", "binary")]
    [InlineData("a:\n\tb: 1", "not YAML")]
    [InlineData("a: &x [*x]\nb: *y", "not YAML")]
    public void What_is_no_single_YAML_document_is_refused(string text, string reason)
    {
        var e = Assert.Throws<InputException>(() => Yaml.Parse(text, "s.yaml"));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Contains("s.yaml", e.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_before_it_can_exhaust_the_stack()
    {
        Assert.Throws<InputException>(() => Yaml.Parse(new string('[', 100_000), "s.yaml"));
        Assert.Throws<InputException>(() => Yaml.Parse(string.Concat(Enumerable.Repeat("- ", 50_000)) + "a", "s.yaml"));
    }

    [Theory]
    [InlineData("a: x", "number")]
    [InlineData("a: 1,5", "number")]
    [InlineData("a: .nan", "number")]
    [InlineData("a: [1]", "single value")]
    public void A_wrong_type_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InputException>(() => Yaml.Parse(text, "s").Required("a").Number()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("no such file", Assert.Throws<InputException>(() => Yaml.Load("/nowhere/x.yaml")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("thikness", "thickness", 1)]
    [InlineData("area", "aera", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("same", "same", 0)]
    public void Distance_counts_edits(string a, string b, int d)
    {
        Assert.Equal(d, NearestName.Distance(a, b));
        Assert.Equal(d, NearestName.Distance(b, a));
    }
}
