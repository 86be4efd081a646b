using System.Text.Json;
using Interphase.Cells;
using Interphase.Tests.Support;

namespace Interphase.Tests.Cells;

public class CellCommandTests
{
    [Fact]
    public void Show_lists_every_parameter_with_unit_basis_and_source()
    {
        var r = CommandResult.Of("cell", "show", "lnto-450", "--json");
        Assert.Equal(0, r.ExitCode);
        var all = r.Json.GetProperty("parameters").EnumerateArray().ToDictionary(p => p.GetProperty("path").GetString()!);
        var areal = all["positive.interface.arealResistance"];
        Assert.Equal(213.5, areal.GetProperty("value").GetDouble());
        Assert.Equal("ohm cm2", areal.GetProperty("unit").GetString());
        Assert.Equal("geometric area", areal.GetProperty("basis").GetString());
        Assert.Contains("124 ohm", areal.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.False(areal.GetProperty("assumed").GetBoolean());
        Assert.Equal("real area", all["positive.interface.doubleLayerCapacitance"].GetProperty("basis").GetString());
        Assert.True(all["geometry.area"].GetProperty("assumed").GetBoolean());
        Assert.Equal(JsonValueKind.String, all["positive.activeMaterial.diffusivity"].GetProperty("value").ValueKind);
        Assert.Equal("m2/s", all["positive.activeMaterial.diffusivity"].GetProperty("unit").GetString());
        Assert.Equal("default", all["referenceTemperature"].GetProperty("source").GetString());
        Assert.Empty(r.Json.GetProperty("problems").EnumerateArray());
    }

    [Fact]
    public void Show_for_people_says_what_is_assumed_and_per_which_area()
    {
        var text = CommandResult.Of("cell", "show", "lnto-550").Output;
        Assert.Contains("1157.2 ohm cm2 per geometric area", text, StringComparison.Ordinal);
        Assert.Contains("[assumed", text, StringComparison.Ordinal);
        Assert.Contains("positive.interface.populations[1].relativeConductance", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_gives_a_verdict_with_problems()
    {
        var r = CommandResult.Of("cell", "validate", "lnto-450", "--set", "positive.electrolyte.volumeFraction=0.7", "--json");
        Assert.Equal(0, r.ExitCode);
        Assert.False(r.Json.GetProperty("valid").GetBoolean());
        Assert.Equal("positive.electrolyte.volumeFraction", r.Json.GetProperty("problems")[0].GetProperty("path").GetString());
        Assert.Equal(1, CommandResult.Of("cell", "validate", "nowhere.yaml").ExitCode);
    }

    [Fact]
    public void Show_writes_BPX_where_it_can()
    {
        Assert.Equal("1.1.0", CommandResult.Of("cell", "show", "marquis2019", "--bpx").Json.GetProperty("Header").GetProperty("BPX").GetString());
        var refused = CommandResult.Of("cell", "show", "lnto-450", "--bpx");
        Assert.Equal(1, refused.ExitCode);
        Assert.Empty(refused.Output);
    }

    [Theory]
    [InlineData("lnto-450")]
    [InlineData("marquis2019")]
    public void Show_prints_a_file_that_reads_back_as_the_same_cell(string name)
    {
        var text = CommandResult.Of("cell", "show", name, "--yaml").Output;
        Assert.Equal(CellFile.Read(name).Parameters.Select(p => (p.Path, p.Text)), CellFile.Parse(text, "mine.yaml").Parameters.Select(p => (p.Path, p.Text)));
        var changed = CommandResult.Of("cell", "show", name, "--yaml", "--set", "temperature=40 degC");
        Assert.Equal((1, ""), (changed.ExitCode, changed.Output));
    }
}
