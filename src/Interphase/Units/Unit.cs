using System.Diagnostics.CodeAnalysis;

namespace Interphase.Units;

/// <summary>
/// A unit as written, with its dimension and how to reach SI: SI = value × <see cref="Scale"/> + <see cref="Offset"/>.
/// A space, <c>.</c> or <c>*</c> multiplies, <c>/</c> divides the factor that follows it, a trailing integer is a power:
/// <c>F/m2</c>, <c>ohm m2</c>, <c>A.h</c>, <c>J.mol-1.K-1</c>.
/// </summary>
public sealed record Unit(string Text, Dimension Dimension, double Scale, double Offset = 0)
{
    /// <summary>The unit of a pure number.</summary>
    public static readonly Unit One = new("1", Dimension.None, 1);

    private static readonly Dimension Metre = new(1, 0, 0, 0, 0, 0), Kilogram = new(0, 1, 0, 0, 0, 0), Second = new(0, 0, 1, 0, 0, 0),
        Ampere = new(0, 0, 0, 1, 0, 0), Kelvin = new(0, 0, 0, 0, 1, 0), Mole = new(0, 0, 0, 0, 0, 1);
    private static readonly Dimension Volt = new(2, 1, -3, -1, 0, 0), Joule = new(2, 1, -2, 0, 0, 0), Coulomb = new(0, 0, 1, 1, 0, 0);

    /// <summary>Units that take the prefixes p n u µ m c k M G.</summary>
    private static readonly Dictionary<string, (Dimension Dimension, double Scale)> Prefixable = new(StringComparer.Ordinal)
    {
        ["m"] = (Metre, 1), ["g"] = (Kilogram, 1e-3), ["s"] = (Second, 1), ["A"] = (Ampere, 1), ["K"] = (Kelvin, 1), ["mol"] = (Mole, 1),
        ["V"] = (Volt, 1), ["W"] = (Joule / Second, 1), ["J"] = (Joule, 1), ["C"] = (Coulomb, 1), ["F"] = (Coulomb / Volt, 1),
        ["ohm"] = (Volt / Ampere, 1), ["S"] = (Ampere / Volt, 1), ["H"] = (Volt * Second / Ampere, 1), ["Hz"] = (Dimension.None / Second, 1),
        ["Pa"] = (Joule / Metre.Power(3), 1), ["N"] = (Joule / Metre, 1), ["bar"] = (Joule / Metre.Power(3), 1e5), ["eV"] = (Joule, 1.602176634e-19),
        ["l"] = (Metre.Power(3), 1e-3), ["L"] = (Metre.Power(3), 1e-3),
        ["Ah"] = (Coulomb, 3600), ["Wh"] = (Joule, 3600), ["cal"] = (Joule, 4.184),
    };

    private static readonly Dictionary<string, (Dimension Dimension, double Scale)> Plain = new(StringComparer.Ordinal)
    {
        ["1"] = (Dimension.None, 1), ["%"] = (Dimension.None, 0.01), ["ppm"] = (Dimension.None, 1e-6),
        ["min"] = (Second, 60), ["h"] = (Second, 3600), ["hour"] = (Second, 3600), ["hours"] = (Second, 3600), ["d"] = (Second, 86400), ["day"] = (Second, 86400), ["days"] = (Second, 86400),
        ["minute"] = (Second, 60), ["minutes"] = (Second, 60), ["second"] = (Second, 1), ["seconds"] = (Second, 1),
        ["angstrom"] = (Metre, 1e-10), ["rad"] = (Dimension.None, 1), ["deg"] = (Dimension.None, Math.PI / 180), ["t"] = (Kilogram, 1000),
    };

    private static readonly Dictionary<char, double> Prefixes = new()
    {
        ['f'] = 1e-15, ['p'] = 1e-12, ['n'] = 1e-9, ['u'] = 1e-6, ['m'] = 1e-3, ['c'] = 1e-2, ['k'] = 1e3, ['M'] = 1e6, ['G'] = 1e9,
    };

    /// <summary>Value in this unit → SI.</summary>
    public double ToSi(double value) => (value * Scale) + Offset;

    /// <summary>SI → value in this unit.</summary>
    public double FromSi(double si) => (si - Offset) / Scale;

    /// <summary>Reads a unit.</summary>
    /// <exception cref="InputException">The text is no unit; the message names the part that is not understood.</exception>
    public static Unit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var unit, out var fault)
            ? unit
            : throw new InputException($"'{text}' is not a unit: {fault}", "", "write it as in 'mg/cm2', 'ohm m2', 'A.h', 'uS/cm' or 'degC'");
    }

    /// <summary>Reads a unit; false with the part that is not understood in <paramref name="fault"/>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Unit? unit, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        unit = null;
        fault = "";
        var s = Normalise(text);
        if (s is "degC" or "celsius") { unit = new Unit(text.Trim(), Kelvin, 1, 273.15); return true; }
        if (s is "degF") { unit = new Unit(text.Trim(), Kelvin, 5.0 / 9, 273.15 - (32 * 5.0 / 9)); return true; }
        if (s.Length == 0) { fault = "it is empty"; return false; }
        var dimension = Dimension.None;
        double scale = 1;
        var divide = false;
        var expectFactor = true;
        for (var i = 0; i < s.Length;)
        {
            var c = s[i];
            if (c is ' ' or '.' or '*' or '/')
            {
                if (c == '/')
                {
                    if (divide || (expectFactor && dimension != Dimension.None)) { fault = "two operators follow each other"; return false; }
                    divide = true;
                    expectFactor = true;
                }
                else if (c != ' ')
                {
                    if (expectFactor) { fault = $"'{c}' has nothing before it"; return false; }
                    expectFactor = true;
                }
                i++;
                continue;
            }
            var start = i;
            if (c == '1' && (i + 1 == s.Length || s[i + 1] is ' ' or '/' or '.' or '*')) { i++; divide = false; expectFactor = false; continue; }
            while (i < s.Length && (char.IsLetter(s[i]) || s[i] == '%')) { i++; }
            var symbol = s[start..i];
            if (symbol.Length == 0) { fault = $"'{c}' is not part of a unit"; return false; }
            var digits = i;
            if (i < s.Length && s[i] == '^') { i++; digits = i; }
            if (i < s.Length && s[i] is '-' or '+' && i + 1 < s.Length && char.IsAsciiDigit(s[i + 1])) { i++; }
            while (i < s.Length && char.IsAsciiDigit(s[i])) { i++; }
            var power = 1;
            if (i > digits && (!int.TryParse(s[digits..i], out power) || power == 0 || Math.Abs(power) > 9)) { fault = $"'{s[digits..i]}' is not a power"; return false; }
            if (!TrySymbol(symbol, out var d, out var f)) { fault = $"'{symbol}' is not a unit Interphase knows"; return false; }
            if (divide) { power = -power; }
            dimension *= d.Power(power);
            scale *= Math.Pow(f, power);
            divide = false;
            expectFactor = false;
        }
        if (expectFactor || divide) { fault = "it ends with an operator"; return false; }
        unit = new Unit(text.Trim(), dimension, scale);
        return true;
    }

    private static string Normalise(string text) => text.Trim()
        .Replace('µ', 'u').Replace('μ', 'u').Replace("Ω", "ohm").Replace("Ω", "ohm").Replace("Ohm", "ohm")
        .Replace("Å", "angstrom").Replace("Å", "angstrom").Replace("°C", "degC").Replace("℃", "degC")
        .Replace("·", ".").Replace("⋅", ".").Replace("²", "2").Replace("³", "3").Replace("⁻", "-").Replace("¹", "1");

    private static bool TrySymbol(string symbol, out Dimension dimension, out double scale)
    {
        if (Plain.TryGetValue(symbol, out var plain) || Prefixable.TryGetValue(symbol, out plain))
        {
            (dimension, scale) = plain;
            return true;
        }
        if (symbol.Length > 1 && Prefixes.TryGetValue(symbol[0], out var prefix) && Prefixable.TryGetValue(symbol[1..], out var unit))
        {
            (dimension, scale) = (unit.Dimension, unit.Scale * prefix);
            return true;
        }
        (dimension, scale) = (default, 1);
        return false;
    }
}
