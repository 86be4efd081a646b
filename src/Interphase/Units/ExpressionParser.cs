using System.Globalization;

namespace Interphase.Units;

/// <summary>Reads the language of <see cref="Expression"/> by recursive descent.</summary>
internal sealed class ExpressionParser(string text)
{
    private const int LongestText = 8000;
    private const int DeepestNesting = 100;
    private static readonly string[] Functions = ["exp", "log", "tanh", "cosh", "sinh", "sqrt", "pow"];
    private static readonly string[] Variables = ["x", "c", "ce", "T"];
    private int at;
    private int depth;

    public ExpressionNode Parse()
    {
        if (text.Length > LongestText) { throw new InputException($"the formula has {text.Length} characters", "", $"keep it under {LongestText}, or give a table"); }
        Skip();
        if (at == text.Length) { throw Error("the formula is empty", "write one, as in '3.9 - 0.4*x'"); }
        var root = Sum();
        return at == text.Length ? root : throw Unexpected();
    }

    private ExpressionNode Sum()
    {
        var left = Product();
        while (at < text.Length && text[at] is '+' or '-')
        {
            var operation = text[at] == '+' ? Operation.Add : Operation.Subtract;
            Advance(1);
            left = ExpressionNode.Binary(operation, left, Product());
        }
        return left;
    }

    private ExpressionNode Product()
    {
        var left = Signed();
        while (at < text.Length && text[at] is '*' or '/')
        {
            var operation = text[at] == '*' ? Operation.Multiply : Operation.Divide;
            Advance(1);
            left = ExpressionNode.Binary(operation, left, Signed());
        }
        return left;
    }

    private ExpressionNode Signed()
    {
        if (++depth > DeepestNesting) { throw Error("the formula is nested too deeply", "simplify it, or give a table"); }
        try
        {
            if (at < text.Length && text[at] == '+') { Advance(1); return Signed(); }
            if (at < text.Length && text[at] == '-') { Advance(1); return ExpressionNode.Unary(Operation.Negate, Signed()); }
            var root = Operand();
            if (at + 1 >= text.Length || text[at] != '*' || text[at + 1] != '*') { return root; }
            Advance(2);
            return ExpressionNode.Binary(Operation.Power, root, Signed());
        }
        finally { depth--; }
    }

    private ExpressionNode Operand()
    {
        if (at == text.Length) { throw Error("the formula ends where a value is expected", "complete it"); }
        var start = at;
        var c = text[at];
        if (c == '(')
        {
            Advance(1);
            var inner = Sum();
            Expect(')', start);
            return inner;
        }
        if (char.IsAsciiDigit(c) || c == '.') { return Number(); }
        if (!char.IsAsciiLetter(c)) { throw Unexpected(); }
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.')) { at++; }
        var name = text[start..at];
        Skip();
        if (Array.IndexOf(Variables, name) is >= 0 and var v) { return ExpressionNode.Of((Variable)v); }
        if (Array.IndexOf(Functions, name) < 0)
        {
            throw ErrorAt(start, $"'{name}' is neither a variable nor a function", NearestName.Suggest(name, Variables.Concat(Functions)));
        }
        if (at == text.Length || text[at] != '(') { throw ErrorAt(start, $"'{name}' needs its argument in brackets", $"write {name}(…)"); }
        var open = at;
        Advance(1);
        var a = Sum();
        if (name == "pow")
        {
            if (at == text.Length || text[at] != ',') { throw ErrorAt(start, "pow needs two arguments", "write pow(base, exponent)"); }
            Advance(1);
            a = ExpressionNode.Binary(Operation.Power, a, Sum());
        }
        Expect(')', open);
        return name == "pow" ? a : ExpressionNode.Unary(Enum.Parse<Operation>(name, ignoreCase: true), a);
    }

    private ExpressionNode Number()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) { at++; }
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            var exponent = at + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-') { exponent++; }
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                at = exponent;
                while (at < text.Length && char.IsAsciiDigit(text[at])) { at++; }
            }
        }
        var number = text[start..at];
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            throw ErrorAt(start, $"'{number}' is not a finite number", "write it as in 1.5e-3");
        }
        if (at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_'))
        {
            throw Error($"'{text[at]}' follows a number", $"write a sign between them, as in {number}*{text[at]}");
        }
        Skip();
        return ExpressionNode.Number(value);
    }

    private void Expect(char c, int opened)
    {
        if (at == text.Length) { throw ErrorAt(opened, "a bracket is not closed", $"add '{c}'"); }
        if (text[at] != c) { throw Unexpected(); }
        Advance(1);
    }

    private void Advance(int n)
    {
        at += n;
        Skip();
    }

    private void Skip()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) { at++; }
    }

    private InputException Unexpected() => text[at] switch
    {
        '^' => Error("'^' is not an operator", "write ** for a power"),
        ',' => Error("a comma is not expected", "write decimal points; only pow takes two arguments"),
        ')' => Error("')' closes nothing", "remove it, or add '('"),
        var c => Error($"'{c}' is not expected", "write + - * / ** between values"),
    };

    private InputException Error(string what, string mend) => ErrorAt(at, what, mend);

    private InputException ErrorAt(int position, string what, string mend) => new(what, $"column {(position + 1).ToString(CultureInfo.InvariantCulture)} of '{(text.Length > 120 ? text[..120] + "…" : text)}'", mend);
}
