using System.Globalization;
using Interphase.Results;

namespace Interphase.Reports;

/// <summary>How numbers are printed for people: a true minus, powers of ten with superscripts, as many digits as the error supports.</summary>
public static class NumberText
{
    /// <summary>A number with significant digits; powers of ten below 0.001 and from 100 000.</summary>
    public static string Print(double value, int digits = 4)
    {
        if (!double.IsFinite(value)) { return "–"; }
        if (value == 0) { return "0"; }
        var exponent = Exponent(value, digits);
        if (exponent is < -3 or >= 5 && !(value == Math.Round(value) && Math.Abs(value) < 1e7))
        {
            return $"{Trim(Fixed(value / Math.Pow(10, exponent), digits - 1))} × 10{UnitText.Superscript(exponent)}";
        }
        return value == Math.Round(value) && Math.Abs(value) < 1e7 ? Fixed(value, 0) : Trim(Fixed(value, digits - 1 - exponent));
    }

    /// <summary>
    /// <c>38.7 ± 0.4</c>: the standard error with one digit (two where it begins with 1 or 2), the value rounded alike, whole numbers left whole.
    /// Without an error but with an interval <c>38.7 (36 to 41)</c>; without either the value; <c>withheld</c> without a value.
    /// </summary>
    public static string Print(Estimate estimate, int digits = 4)
    {
        if (!estimate.HasValue) { return estimate.Reason is null ? "–" : "withheld"; }
        var (value, error) = (estimate.Value, estimate.StandardError);
        if (!double.IsFinite(error) || error <= 0)
        {
            return double.IsFinite(estimate.Lower95) && double.IsFinite(estimate.Upper95) && estimate.Lower95 < estimate.Upper95
                ? $"{Print(value, digits)} ({Print(estimate.Lower95, digits)} to {Print(estimate.Upper95, digits)})"
                : Print(value, digits);
        }
        var place = Place(error);
        var largest = Math.Max(Math.Abs(value), error);
        var exponent = (int)Math.Floor(Math.Log10(largest));
        if (exponent is < -3 or >= 5 || place > 1)
        {
            var power = Math.Pow(10, exponent);
            var decimals = Math.Clamp(exponent - place, 0, 12);
            return $"({Fixed(value / power, decimals)} ± {Fixed(error / power, decimals)}) × 10{UnitText.Superscript(exponent)}";
        }
        return $"{Fixed(value, Math.Max(0, -place))} ± {Fixed(error, Math.Max(0, -place))}";
    }

    /// <summary>How many times one is the other, always to two digits (<c>1.0</c>, <c>3800</c>): a ratio of two measurements is not known to more.</summary>
    public static string Ratio(double value)
    {
        if (!double.IsFinite(value) || value == 0) { return Print(value); }
        var last = Exponent(value, 2) - 1;
        return Fixed(Math.Round(value / Math.Pow(10, last)) * Math.Pow(10, last), Math.Max(0, -last));
    }

    /// <summary>With a fixed number of decimals and a true minus; never "−0.0".</summary>
    internal static string Fixed(double value, int decimals)
    {
        var text = Math.Abs(value).ToString("F" + Math.Clamp(decimals, 0, 15).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return value < 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? "−" + text : text;
    }

    /// <summary>Power of ten of the last digit that the error supports.</summary>
    private static int Place(double error)
    {
        var place = (int)Math.Floor(Math.Log10(error));
        var first = error / Math.Pow(10, place);
        if (first < 2.95) { return place - 1; }
        return place;
    }

    /// <summary>Power of ten after rounding to the digits, so that 9.9996 is 10.00 and not 9.1000.</summary>
    private static int Exponent(double value, int digits)
    {
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return Math.Round(Math.Abs(value) / Math.Pow(10, exponent), digits - 1) >= 10 ? exponent + 1 : exponent;
    }

    private static string Trim(string number) => number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;
}
