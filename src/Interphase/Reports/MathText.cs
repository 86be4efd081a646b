using System.Text;

namespace Interphase.Reports;

/// <summary>
/// Equations as MathML from a small part of TeX: letters, numbers, operators, <c>_</c>, <c>^</c>, <c>{…}</c>, <c>\frac</c>, <c>\sqrt</c>,
/// <c>\mathrm</c>, <c>\text</c>, <c>\left( … \right)</c>, Greek letters and the usual functions and signs. A word it does not know is an error.
/// </summary>
public static class MathText
{
    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal)
    {
        ["alpha"] = "α", ["beta"] = "β", ["gamma"] = "γ", ["delta"] = "δ", ["epsilon"] = "ε", ["varepsilon"] = "ε", ["zeta"] = "ζ", ["eta"] = "η", ["theta"] = "θ",
        ["kappa"] = "κ", ["lambda"] = "λ", ["mu"] = "μ", ["nu"] = "ν", ["xi"] = "ξ", ["pi"] = "π", ["rho"] = "ρ", ["sigma"] = "σ", ["tau"] = "τ",
        ["phi"] = "φ", ["varphi"] = "φ", ["chi"] = "χ", ["psi"] = "ψ", ["omega"] = "ω", ["Gamma"] = "Γ", ["Delta"] = "Δ", ["Theta"] = "Θ", ["Lambda"] = "Λ",
        ["Sigma"] = "Σ", ["Phi"] = "Φ", ["Psi"] = "Ψ", ["Omega"] = "Ω", ["infty"] = "∞", ["partial"] = "∂", ["nabla"] = "∇", ["hbar"] = "ℏ",
    };

    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["cdot"] = "·", ["times"] = "×", ["pm"] = "±", ["approx"] = "≈", ["sim"] = "∼", ["leq"] = "≤", ["geq"] = "≥", ["ll"] = "≪", ["gg"] = "≫", ["neq"] = "≠",
        ["propto"] = "∝", ["to"] = "→", ["int"] = "∫", ["sum"] = "∑", ["prod"] = "∏", ["prime"] = "′", ["in"] = "∈", ["equiv"] = "≡", ["ldots"] = "…", ["{"] = "{", ["}"] = "}", ["|"] = "‖",
    };

    private static readonly string[] Functions = ["exp", "ln", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "coth", "arcsinh", "erf", "erfc", "max", "min", "lim", "Re", "Im"];

    /// <summary>A <c>math</c> element; <paramref name="display"/> sets it apart from the text.</summary>
    /// <exception cref="FormatException">An unknown word or a brace that does not close; the message says where.</exception>
    public static string MathMl(string tex, bool display = false)
    {
        ArgumentNullException.ThrowIfNull(tex);
        var at = 0;
        var body = Row(tex, ref at, '\0');
        return $"<math xmlns=\"http://www.w3.org/1998/Math/MathML\"{(display ? " display=\"block\"" : "")}><semantics><mrow>{body}</mrow><annotation encoding=\"application/x-tex\">{RichText.Escape(tex)}</annotation></semantics></math>";
    }

    private const char Right = '\u0001';

    private static string Row(string tex, ref int at, char end)
    {
        var row = new StringBuilder();
        while (true)
        {
            while (at < tex.Length && tex[at] == ' ') { at++; }
            if (at >= tex.Length) { return end == '\0' ? row.ToString() : throw new FormatException($"'{(end == Right ? "\\right" : end.ToString())}' is missing at the end of '{tex}'"); }
            if (tex[at] == end) { at++; return row.ToString(); }
            if (tex.AsSpan(at).StartsWith("\\right"))
            {
                if (end != Right) { throw new FormatException($"\\right without \\left at {at} in '{tex}'"); }
                at += 6;
                return row.ToString();
            }
            row.Append(Scripted(tex, ref at));
        }
    }

    private static string Scripted(string tex, ref int at)
    {
        var nucleus = Atom(tex, ref at);
        string? low = null, high = null;
        while (at < tex.Length && tex[at] is '_' or '^' or '\'')
        {
            var mark = tex[at++];
            if (mark == '\'')
            {
                var primes = 1;
                while (at < tex.Length && tex[at] == '\'') { at++; primes++; }
                high = $"<mo>{(primes == 1 ? "′" : "″")}</mo>";
            }
            else if (mark == '_') { low = Atom(tex, ref at); }
            else { high = Atom(tex, ref at); }
        }
        return (low, high) switch
        {
            (null, null) => nucleus,
            (not null, null) => $"<msub>{nucleus}{low}</msub>",
            (null, not null) => $"<msup>{nucleus}{high}</msup>",
            _ => $"<msubsup>{nucleus}{low}{high}</msubsup>",
        };
    }

    private static string Atom(string tex, ref int at)
    {
        while (at < tex.Length && tex[at] == ' ') { at++; }
        if (at >= tex.Length) { throw new FormatException($"'{tex}' ends where something must follow"); }
        var c = tex[at];
        if (c == '{') { at++; return $"<mrow>{Row(tex, ref at, '}')}</mrow>"; }
        if (c == '\\') { at++; return Command(tex, ref at); }
        if (char.IsAsciiDigit(c))
        {
            var start = at;
            while (at < tex.Length && (char.IsAsciiDigit(tex[at]) || tex[at] == '.')) { at++; }
            return $"<mn>{tex[start..at]}</mn>";
        }
        at += char.IsHighSurrogate(c) && at + 1 < tex.Length ? 2 : 1;
        if (char.IsLetter(c)) { return $"<mi>{c}</mi>"; }
        return c is '(' or ')' or '[' or ']' or '|' ? $"<mo stretchy=\"false\">{c}</mo>" : $"<mo>{RichText.Escape(c == '-' ? "−" : c.ToString())}</mo>";
    }

    private static string Command(string tex, ref int at)
    {
        var start = at;
        while (at < tex.Length && char.IsAsciiLetter(tex[at])) { at++; }
        if (at == start && at < tex.Length) { at++; }
        var word = tex[start..at];
        switch (word)
        {
            case "frac":
                var top = Atom(tex, ref at);
                return $"<mfrac>{top}{Atom(tex, ref at)}</mfrac>";
            case "sqrt": return $"<msqrt>{Atom(tex, ref at)}</msqrt>";
            case "bar" or "overline": return $"<mover>{Atom(tex, ref at)}<mo>¯</mo></mover>";
            case "hat": return $"<mover>{Atom(tex, ref at)}<mo>^</mo></mover>";
            case "mathrm" or "text":
                while (at < tex.Length && tex[at] == ' ') { at++; }
                var close = at < tex.Length && tex[at] == '{' ? tex.IndexOf('}', at) : -1;
                if (close < 0) { throw new FormatException($"\\{word} must be followed by a text in braces in '{tex}'"); }
                var content = RichText.Escape(tex[(at + 1)..close]);
                at = close + 1;
                return word == "text" ? $"<mtext>{content.Replace(' ', '\u00a0')}</mtext>" : $"<mi mathvariant=\"normal\">{content}</mi>";
            case "left":
                var open = Delimiter(tex, ref at);
                var inner = Row(tex, ref at, Right);
                return $"<mrow><mo>{open}</mo>{inner}<mo>{Delimiter(tex, ref at)}</mo></mrow>";
            case "," or ";" or "quad" or " ": return $"<mspace width=\"{(word == "quad" ? "1em" : word == "," ? "0.17em" : "0.28em")}\"/>";
        }
        if (Letters.TryGetValue(word, out var letter)) { return $"<mi>{letter}</mi>"; }
        if (Signs.TryGetValue(word, out var sign)) { return $"<mo>{sign}</mo>"; }
        return Array.IndexOf(Functions, word) >= 0 ? $"<mi>{word}</mi>" : throw new FormatException($"\\{word} is not known in '{tex}'");
    }

    private static string Delimiter(string tex, ref int at)
    {
        if (at >= tex.Length) { throw new FormatException($"a bracket is missing at the end of '{tex}'"); }
        var c = tex[at++];
        return c == '.' ? "" : RichText.Escape(c.ToString());
    }
}
