using System.Text;

namespace Interphase.Reports;

/// <summary>How units and numbers written for machines are printed for people.</summary>
public static class UnitText
{
    /// <summary><c>ohm cm2</c> → Ω cm², <c>uS/cm</c> → µS/cm, <c>degC</c> → °C, <c>mol.m-3</c> → mol m⁻³.</summary>
    public static string Print(string unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        if (unit == "1") { return ""; }
        var text = new StringBuilder();
        for (var i = 0; i < unit.Length;)
        {
            if (!char.IsLetter(unit[i]))
            {
                text.Append(unit[i] is '.' or '*' ? ' ' : unit[i]);
                i++;
                continue;
            }
            var end = i;
            while (end < unit.Length && char.IsLetter(unit[end])) { end++; }
            text.Append(Symbol(unit[i..end]));
            i = end;
            if (i + 1 < unit.Length && unit[i] == '-' && char.IsAsciiDigit(unit[i + 1])) { text.Append('⁻'); i++; }
            while (i < unit.Length && char.IsAsciiDigit(unit[i])) { text.Append(Superscripts[unit[i] - '0']); i++; }
        }
        return text.ToString();
    }

    /// <summary>An integer in superscript digits.</summary>
    public static string Superscript(int n)
    {
        var text = new StringBuilder();
        foreach (var c in n.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            text.Append(c == '-' ? '⁻' : Superscripts[c - '0']);
        }
        return text.ToString();
    }

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static string Symbol(string word) => word switch
    {
        "degC" => "°C",
        "degF" => "°F",
        "deg" => "°",
        "angstrom" => "Å",
        _ when word.EndsWith("ohm", StringComparison.Ordinal) && word.Length <= 4 => Micro(word[..^3]) + "Ω",
        _ when word.Length is 2 or 3 && word[0] == 'u' => "µ" + word[1..],
        _ => word,
    };

    private static string Micro(string prefix) => prefix == "u" ? "µ" : prefix;
}
