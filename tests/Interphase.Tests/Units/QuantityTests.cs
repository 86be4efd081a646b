using FsCheck;
using FsCheck.Fluent;
using Interphase.Units;

namespace Interphase.Tests.Units;

public class QuantityTests
{
    [Theory]
    [InlineData("8.9 mg/cm2", 0.089)]
    [InlineData("38.7 uS/cm", 38.7e-4)]
    [InlineData("38.7 µS/cm", 38.7e-4)]
    [InlineData("2.8 mS/cm", 0.28)]
    [InlineData("0.785cm2", 0.785e-4)]
    [InlineData("10mm", 0.01)]
    [InlineData("25 degC", 298.15)]
    [InlineData("-25degC", 248.15)]
    [InlineData("13 A.h", 13 * 3600.0)]
    [InlineData("145.8 mAh/g", 145.8 * 3.6 * 1000)]
    [InlineData("213.5 ohm cm2", 213.5e-4)]
    [InlineData("213.5 Ω cm²", 213.5e-4)]
    [InlineData("20.73 cm3/mol", 20.73e-6)]
    [InlineData("0.1 mV/h", 1e-4 / 3600)]
    [InlineData("96.55 g/mol", 0.09655)]
    [InlineData("6 uF/cm2", 0.06)]
    [InlineData("50 MPa", 50e6)]
    [InlineData("70 %", 0.7)]
    [InlineData("8.314 J.mol-1.K-1", 8.314)]
    [InlineData("0.3 m2/g", 300)]
    [InlineData("1e-5 S/m", 1e-5)]
    [InlineData("0.587 eV", 0.587 * 1.602176634e-19)]
    public void A_quantity_is_read_into_SI(string text, double si) =>
        Assert.Equal(si, Quantity.Parse(text).Value, Math.Abs(si) * 1e-12);

    [Fact]
    public void The_uncertainty_is_carried_in_SI_and_a_temperature_difference_has_no_offset()
    {
        Assert.Equal(2e-5, Quantity.Parse("0.80 +- 0.02 mm").StandardError!.Value, 1e-12);
        Assert.Equal(2e-5, Quantity.Parse("0.80 ± 0.02 mm").StandardError!.Value, 1e-12);
        Assert.Equal(0.5, Quantity.Parse("25 +- 0.5 degC").StandardError!.Value, 1e-12);
    }

    [Theory]
    [InlineData("8,9 mg", "decimal comma")]
    [InlineData("1,234.5 mg", "decimal comma")]
    [InlineData("", "not a quantity")]
    [InlineData("mg", "not a quantity")]
    [InlineData("5 furlong", "'furlong' is not a unit")]
    [InlineData("5 m//s", "operators")]
    [InlineData("5 m/", "ends with an operator")]
    [InlineData("1e999 m", "too large")]
    [InlineData("5 m 7", "'7' is not part of a unit")]
    [InlineData("NaN m", "not a quantity")]
    public void What_is_no_quantity_is_refused_with_the_reason(string text, string reason)
    {
        var e = Assert.Throws<InputException>(() => Quantity.Parse(text));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decimal_comma_is_refused_with_the_mend_named() =>
        Assert.Equal("write a decimal point: '8.9 mg'", Assert.Throws<InputException>(() => Quantity.Parse("8,9 mg")).Mend);

    [Fact]
    public void A_missing_unit_and_a_wrong_dimension_are_told_apart()
    {
        Assert.Contains("has no unit", Assert.Throws<InputException>(() => Quantity.Parse("0.785", "cm2")).Message, StringComparison.Ordinal);
        Assert.Contains("not a unit like", Assert.Throws<InputException>(() => Quantity.Parse("0.785 cm", "cm2")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(38.712, 0.42, "38.71 +- 0.42")]
    [InlineData(1234.5, 56, "1234 +- 56")]
    [InlineData(1.23456e-10, 2.3e-12, "(1.235 +- 0.023)e-10")]
    [InlineData(0, 0.1, "0.00 +- 0.10")]
    public void A_value_is_printed_to_the_digits_its_error_supports(double value, double error, string expected) =>
        Assert.Equal(expected, Quantity.Print(value, error));

    [Fact]
    public void What_is_printed_reads_back()
    {
        var units = new[] { "mm", "uS/cm", "ohm cm2", "mAh/g", "degC", "1", "F/m2", "g/cm3" };
        var cases = from v in Gen.Choose(-1_000_000, 1_000_000) from e in Gen.Choose(1, 1000) from u in Gen.Elements(units) select (v: v / 100.0, e: e / 100.0, u);
        Check.One(Config.QuickThrowOnFailure.WithReplay(1, 3), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var unit = Unit.Parse(c.u);
            var q = new Quantity(unit.ToSi(c.v), c.e * unit.Scale, unit);
            var back = Quantity.Parse(q.ToString());
            return Math.Abs(back.Value - q.Value) <= 0.51 * Math.Pow(10, Math.Floor(Math.Log10(c.e)) - 1) * unit.Scale * 1.01
                && back.Unit.Dimension == unit.Dimension;
        }));
    }

    [Fact]
    public void A_unit_times_its_inverse_is_a_pure_number()
    {
        foreach (var text in new[] { "mS", "ohm", "kPa", "nF", "mol", "um", "h", "eV", "uWh", "Ah" })
        {
            var u = Unit.Parse($"{text}/{text}");
            Assert.Equal(Dimension.None, u.Dimension);
            Assert.Equal(1, u.Scale, 1e-12);
            Assert.Equal(1, Unit.Parse($"{text}2.{text}-2").Scale, 1e-12);
        }
        Assert.Equal(Unit.Parse("ohm").Dimension, Unit.Parse("V/A").Dimension);
        Assert.Equal(Unit.Parse("F").Dimension, Unit.Parse("A s/V").Dimension);
        Assert.Equal(Unit.Parse("W").Dimension, Unit.Parse("V A").Dimension);
        Assert.Equal(Unit.Parse("J").Dimension, Unit.Parse("N m").Dimension);
    }
}
