using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Tests.Reports;

public class TableTests
{
    [Fact]
    public void Csv_has_units_full_precision_intervals_and_reasons()
    {
        var table = new Table("t", "T", [new("Sample"), new("D_{app}", "cm2/s"), new("n")],
            [["a", Estimate.Of(1.0 / 3, 0.1), 2.0], ["b", Estimate.Withheld("too \"long\", by far"), double.NaN]]);
        var lines = CsvTable.Text(table).Split('\n');
        Assert.Equal("Sample,D_app / cm2/s,D_app standard error / cm2/s,D_app lower 95 % / cm2/s,D_app upper 95 % / cm2/s,D_app reason,n", lines[0]);
        Assert.StartsWith("a,0.3333333333333333,0.1,", lines[1], StringComparison.Ordinal);
        Assert.Equal("b,,,,,\"too \"\"long\"\", by far\",", lines[2]);
        Assert.Equal("", lines[3]);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("-3.5", "-3.5")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("plain", "plain")]
    public void Csv_texts_are_quoted_and_never_formulas(string text, string field) =>
        Assert.Equal(field + ",1\n", CsvTable.Text(new("t", "T", [new("a"), new("b")], [[text, 1.0]]))["a,b\n".Length..]);

    [Theory]
    [InlineData(38.7, 0.42, "38.7 ± 0.4")]
    [InlineData(38.7, 0.16, "38.70 ± 0.16")]
    [InlineData(672, 31, "672 ± 31")]
    [InlineData(672, 21, "672 ± 21")]
    [InlineData(-0.00004, 0.01, "0.000 ± 0.010")]
    [InlineData(1.36e-10, 5e-12, "(1.36 ± 0.05) × 10⁻¹⁰")]
    [InlineData(99.96, 0.5, "100.0 ± 0.5")]
    [InlineData(5, 0, "5")]
    [InlineData(-12.5, double.NaN, "−12.5")]
    public void Numbers_have_the_digits_that_their_error_supports(double value, double error, string printed) =>
        Assert.Equal(printed, NumberText.Print(new Estimate(value, error, double.NaN, double.NaN)));

    [Theory]
    [InlineData(0.000012346, "1.235 × 10⁻⁵")]
    [InlineData(123456.7, "1.235 × 10⁵")]
    [InlineData(0.99999, "1")]
    [InlineData(1234, "1234")]
    [InlineData(double.NaN, "–")]
    public void Numbers_without_error_have_four_digits(double value, string printed) => Assert.Equal(printed, NumberText.Print(value));

    [Theory]
    [InlineData(1.004, "1.0")]
    [InlineData(0.9496, "0.95")]
    [InlineData(0.996, "1.0")]
    [InlineData(3812, "3800")]
    [InlineData(9.96, "10")]
    public void Ratios_have_two_digits(double value, string printed) => Assert.Equal(printed, NumberText.Ratio(value));

    [Fact]
    public void A_missing_number_says_withheld_when_it_has_a_reason() => Assert.Equal("withheld", NumberText.Print(Estimate.Withheld("why")));

    [Theory]
    [InlineData("ohm cm2", "Ω cm²")]
    [InlineData("uS/cm", "µS/cm")]
    [InlineData("degC", "°C")]
    [InlineData("mol.m-3", "mol m⁻³")]
    [InlineData("kohm", "kΩ")]
    [InlineData("mAh/g", "mAh/g")]
    [InlineData("1", "")]
    public void Units_are_printed_for_people(string unit, string printed) => Assert.Equal(printed, UnitText.Print(unit));
}
