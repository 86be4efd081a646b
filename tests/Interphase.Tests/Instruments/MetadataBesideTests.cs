using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Cycling;
using Interphase.Tests.Support;
using Interphase.Units;

namespace Interphase.Tests.Instruments;

/// <summary>What stands in the metadata file beside a table belongs to its measurement.</summary>
public sealed class MetadataBesideTests : IDisposable
{
    private readonly string folder = SampleData.TemporaryFolder();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Measurement Made()
    {
        var series = MadeSeries.Make([0, 10, 20, 30], [1e-3, 1e-3, -1e-3, -1e-3], [3.1, 3.2, 3.1, 3.0]);
        return new()
        {
            File = "made", Format = "made", Technique = "cycling", Start = new(new(2026, 1, 5, 9, 30, 0), TimeSpan.FromHours(1)),
            Series = series.With(series.Required(ColumnNames.Potential) with { Reference = new("Li-In", 0.62) }),
            Metadata = [new(MetadataNames.Comments, "not measured"), new(MetadataNames.ActiveMass, "7 mg", Quantity.Of(7, "mg"))],
        };
    }

    [Theory]
    [InlineData("a.bdf.csv")]
    [InlineData("a.bdf.csv.gz")]
    [InlineData("a.bdf.json")]
    public void What_a_conversion_wrote_beside_the_table_is_read_back(string name)
    {
        var path = Path.Combine(folder, name);
        Bdf.Write(path, Made());
        var read = InstrumentFile.Read(path);
        Assert.Equal("cycling", read.Technique);
        Assert.Equal(new("Li-In", 0.62), read.Series!.Reference);
        Assert.Equal("not measured", read.Metadata.Single(e => e.Name == MetadataNames.Comments).Text);
        Assert.Equal(7e-6, read.Metadata.Single(e => e.Name == MetadataNames.ActiveMass).Quantity!.Value.Value, 1e-15);
        Assert.Equal(0, Made().Start!.Value.CompareTo(read.Start!.Value));
        Assert.DoesNotContain(read.Warnings, w => w.Path == "metadata");
        Assert.Contains("not measured", CommandResult.Of("data", "info", path).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ broken", "no JSON")]
    [InlineData("[1, 2]", "no JSON object")]
    [InlineData("{ \"rows\": 9, \"metadata\": [{ \"name\": \"comments\", \"text\": \"of another file\" }] }", "9 rows")]
    public void A_file_that_is_broken_or_of_another_table_is_left_aside_and_said(string text, string said)
    {
        var path = Path.Combine(folder, "a.bdf.csv");
        Bdf.Write(path, Made());
        File.WriteAllText(Bdf.MetadataPath(path), text);
        var read = InstrumentFile.Read(path);
        Assert.DoesNotContain(read.Metadata, e => e.Name == MetadataNames.Comments);
        Assert.Contains(read.Warnings, w => w.Path == "metadata" && w.Text.Contains(said, StringComparison.Ordinal));
    }

    /// <summary>Entries that make no sense are passed over, whatever their kind.</summary>
    [Fact]
    public void Odd_entries_are_passed_over()
    {
        var path = Path.Combine(folder, "a.bdf.csv");
        Bdf.Write(path, Made());
        File.WriteAllText(Bdf.MetadataPath(path), """{ "start": "yesterday", "technique": 3, "columns": [7, { "name": "nothing", "reference": "Li" }], "metadata": [null, { "name": 4 }, { "name": "mass", "value": 3, "unit": "??" }] }""");
        var read = InstrumentFile.Read(path);
        Assert.Equal("mass", Assert.Single(read.Metadata).Name);
        Assert.Null(read.Metadata[0].Quantity);
    }
}
