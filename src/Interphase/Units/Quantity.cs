using System.Globalization;
using System.Text.RegularExpressions;

namespace Interphase.Units;

/// <summary>
/// A value with its standard error and the unit it was written in: <c>8.9 mg/cm2</c>, <c>0.80 +- 0.02 mm</c>, <c>25 degC</c>.
/// </summary>
/// <param name="Value">In SI.</param>
/// <param name="StandardError">One standard error in SI; null where none was stated.</param>
/// <param name="Unit">The unit as written, used when printing.</param>
public readonly partial record struct Quantity(double Value, double? StandardError, Unit Unit)
{
    /// <summary>A quantity given in a unit.</summary>
    public static Quantity Of(double value, string unit)
    {
        var u = Unit.Parse(unit);
        return new(u.ToSi(value), null, u);
    }

    /// <summary>The value in another unit of the same dimension.</summary>
    /// <exception cref="InputException">The dimensions differ.</exception>
    public double In(string unit)
    {
        var u = Unit.Parse(unit);
        return u.Dimension == Unit.Dimension ? u.FromSi(Value)
            : throw new InputException($"{this} cannot be given in {unit}", "", $"use a unit of the same dimension as {Unit.Text}");
    }

    /// <summary>Reads <c>NUMBER [+- NUMBER] UNIT</c>; the unit may be left out only for a pure number.</summary>
    /// <exception cref="InputException">No number, a decimal comma, or an unknown unit.</exception>
    public static Quantity Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var m = Pattern().Match(text);
        if (!m.Success)
        {
            throw DecimalComma().IsMatch(text)
                ? new InputException($"'{text}' has a decimal comma", "", $"write a decimal point: '{text.Replace(',', '.')}'")
                : new InputException($"'{text}' is not a quantity", "", "write NUMBER [+- NUMBER] UNIT, as in '0.80 +- 0.02 mm'");
        }
        var value = Number(m.Groups["value"].Value, text);
        var unitText = m.Groups["unit"].Value;
        var unit = unitText.Length == 0 ? Unit.One : Unit.Parse(unitText);
        double? error = m.Groups["error"].Success ? Math.Abs(Number(m.Groups["error"].Value, text)) * Math.Abs(unit.Scale) : null;
        return new(unit.ToSi(value), error, unit);
    }

    /// <summary>Reads a quantity that must have the dimension of <paramref name="expected"/> (any unit of it).</summary>
    /// <exception cref="InputException">As <see cref="Parse(string)"/>, or the unit is missing or of another dimension.</exception>
    public static Quantity Parse(string text, string expected)
    {
        var q = Parse(text);
        var e = Unit.Parse(expected);
        if (q.Unit.Dimension == e.Dimension) { return q; }
        throw q.Unit == Unit.One
            ? new InputException($"'{text}' has no unit", "", $"add one, for example '{text.Trim()} {expected}'")
            : new InputException($"'{text}' is in '{q.Unit.Text}', which is not a unit like '{expected}'", "", $"give it in {expected} or a multiple of it");
    }

    /// <summary>As written: value, error and unit, the value rounded to what its error supports.</summary>
    public override string ToString()
    {
        var unit = Unit == Unit.One || Unit.Text == "1" ? "" : " " + Unit.Text;
        return Print(Unit.FromSi(Value), StandardError / Math.Abs(Unit.Scale)) + unit;
    }

    /// <summary>A number with its standard error, both rounded to two digits of the error; without an error to four digits.</summary>
    public static string Print(double value, double? standardError)
    {
        if (double.IsNaN(value)) { return "–"; }
        if (standardError is not { } e || !double.IsFinite(e) || e <= 0) { return value.ToString("G6", CultureInfo.InvariantCulture); }
        var decimals = 1 - (int)Math.Floor(Math.Log10(e));
        if (decimals is >= 0 and <= 8 && Math.Abs(value) < 1e7)
        {
            var format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
            return $"{value.ToString(format, CultureInfo.InvariantCulture)} +- {e.ToString(format, CultureInfo.InvariantCulture)}";
        }
        var exponent = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(value), e)));
        var power = Math.Pow(10, exponent);
        var digits = Math.Clamp(exponent + decimals, 0, 12);
        var f = "F" + digits.ToString(CultureInfo.InvariantCulture);
        return $"({(value / power).ToString(f, CultureInfo.InvariantCulture)} +- {(e / power).ToString(f, CultureInfo.InvariantCulture)})e{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    private static double Number(string s, string whole)
    {
        var v = double.Parse(s, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(v) ? v : throw new InputException($"the number in '{whole}' is too large", "", "write a finite number");
    }

    private const string NumberPattern = @"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?";

    [GeneratedRegex(@"^\s*(?<value>" + NumberPattern + @")\s*(?:(?:\+-|\+/-|±)\s*(?<error>" + NumberPattern + @")\s*)?(?<unit>[^\d\s,;+-][^,;]*)?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\d,\d")]
    private static partial Regex DecimalComma();
}
