using System.Globalization;

namespace Interphase.Impedance;

/// <summary>A circuit's text with a place in it; what both notations have in common: symbols, braces, errors that point at the column.</summary>
internal sealed class CircuitText(string text)
{
    private const int DeepestNesting = 30;
    private const int LongestText = 10_000;
    private int depth;

    public int Position { get; set; }

    public int Column => Position + 1;

    public char Next
    {
        get
        {
            while (Position < text.Length && char.IsWhiteSpace(text[Position])) { Position++; }
            return Position < text.Length ? text[Position] : '\0';
        }
    }

    public void CheckLength()
    {
        if (text.Trim().Length == 0) { throw new InputException("the circuit is empty", "", "write one, for example R0-p(R1,CPE1)"); }
        if (text.Length > LongestText) { throw new InputException("the circuit is too long to be one", $"{text.Length} characters", "write a circuit, for example R0-p(R1,CPE1)"); }
    }

    public InputException Error(string what, string mend, int? column = null) =>
        new(what, $"'{Circuit.Shorten(text)}', column {column ?? Column}", mend);

    public bool Take(char c)
    {
        if (Next != c) { return false; }
        Position++;
        return true;
    }

    public void Expect(char c, string mend)
    {
        if (!Take(c)) { throw Error(Next == '\0' ? $"'{c}' is missing at the end" : $"'{c}' is expected, not '{Next}'", mend); }
    }

    public void Enter()
    {
        if (++depth > DeepestNesting) { throw Error("the nesting is too deep", "use a simpler circuit"); }
    }

    public void Leave() => depth--;

    public string TakeWhile(Func<char, bool> accepts)
    {
        var start = Position;
        while (Position < text.Length && accepts(text[Position])) { Position++; }
        return text[start..Position];
    }

    public bool StartsWith(string s) => string.CompareOrdinal(text, Position, s, 0, s.Length) == 0;

    /// <summary>Reads <c>{R=1/0.1/10F, n=0.9:label}</c> if it stands here: value, lower and upper limit, F for fixed, and a label.</summary>
    public string? Braces(IReadOnlyList<string[]> names, List<(int, ParameterSetting)> settings, Func<int, string, double, double>? convert = null)
    {
        if (Next != '{') { return null; }
        Position++;
        string? label = null;
        while (!Take('}'))
        {
            if (Take(':'))
            {
                label = TakeWhile(c => c is not ('}' or ',')).Trim();
                if (label.Length is 0 or > 20 || !label.All(char.IsAsciiLetterOrDigit)) { throw Error("a label is expected after ':'", "use letters and digits"); }
                continue;
            }
            _ = Next;
            var column = Column;
            var name = TakeWhile(c => c is not ('=' or '}' or ',' or ':' or '/')).Trim();
            var k = names.ToList().FindIndex(n => n.Contains(name, StringComparer.Ordinal));
            if (k < 0) { throw Error($"'{name}' is not a parameter of this element", $"it has {string.Join(", ", names.Select(n => n[0]))}", column); }
            Expect('=', "write NAME=VALUE, as in R=100 or R=100/10/1000F");
            double?[] numbers = [null, null, null];
            var isFixed = false;
            var stood = 0;
            do
            {
                if (stood == 3) { throw Error("too many values", "write VALUE/LOWER/UPPER"); }
                column = Column;
                var word = TakeWhile(c => c is not ('/' or '}' or ',' or ':')).Trim();
                if (word.EndsWith('F') || word.EndsWith('f')) { isFixed |= !word.EndsWith("inf", StringComparison.Ordinal); word = word.EndsWith("inf", StringComparison.Ordinal) ? word : word[..^1]; }
                if (word.Length > 0 && word is not "inf")
                {
                    if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) || !double.IsFinite(v)) { throw Error($"'{word}' is not a number", "write a number in SI units", column); }
                    numbers[stood] = convert is null ? v : convert(k, name, v);
                }
                stood++;
            }
            while (Take('/'));
            if (convert is not null && numbers[1] > numbers[2]) { (numbers[1], numbers[2]) = (numbers[2], numbers[1]); }
            if (isFixed && numbers[0] is null) { throw Error("a fixed parameter needs its value", "write NAME=VALUEF", column); }
            settings.Add((k, new(numbers[0], numbers[1], numbers[2], isFixed)));
            if (Next is not ('}' or ':')) { Expect(',', "separate parameters by commas and close with '}'"); }
        }
        return label;
    }

    /// <summary>The braces of one element, empty where nothing was said.</summary>
    public static string WriteBraces(IEnumerable<(string Name, CircuitParameter Parameter)> parameters, string? label = null, Func<CircuitParameter, double, double>? convert = null)
    {
        var said = parameters.Where(p => p.Parameter.IsNamed).Select(p =>
        {
            string Number(double v) => (convert is null ? v : convert(p.Parameter, v)).ToString("R", CultureInfo.InvariantCulture);
            var q = p.Parameter;
            var value = q.Value is { } v ? Number(v) : "";
            double lower = q.Lower, upper = q.Upper;
            if (convert is not null && convert(q, 1) > convert(q, 2)) { (lower, upper) = (upper, lower); }
            var limits = q.Lower > 0 || q.Upper < q.Definition.Upper ? $"/{Limit(lower)}/{Limit(upper)}" : "";
            string Limit(double l) => l == 0 || double.IsInfinity(l) ? "" : Number(l);
            return $"{p.Name}={value}{limits}{(q.IsFixed ? "F" : "")}";
        });
        var text = string.Join(",", said) + (label is null ? "" : $":{label}");
        return text.Length == 0 ? "" : "{" + text + "}";
    }
}
