using System.Globalization;

namespace Interphase.Units;

/// <summary>The variables of an expression.</summary>
public enum Variable
{
    /// <summary><c>x</c>: stoichiometry.</summary>
    X,

    /// <summary><c>c</c>: lithium concentration in the solid, mol/m³.</summary>
    C,

    /// <summary><c>ce</c>: salt concentration, mol/m³.</summary>
    Ce,

    /// <summary><c>T</c>: temperature, K.</summary>
    T,
}

/// <summary>
/// A formula in the variables x, c, ce and T: <c>+ - * / **</c> with the precedence of Python (unary minus below <c>**</c>, which
/// groups to the right), and exp, log (natural), tanh, cosh, sinh, sqrt, pow(a, b). Nothing else is executed.
/// </summary>
public sealed class Expression : IEquatable<Expression>
{
    private Expression(ExpressionNode root) => Root = root;

    internal ExpressionNode Root { get; }

    /// <summary>Reads a formula.</summary>
    /// <exception cref="InputException">It is no formula; the error names the column (counted from 1).</exception>
    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(new ExpressionParser(text).Parse());
    }

    /// <summary>A number.</summary>
    public static Expression Constant(double value) => new(ExpressionNode.Number(value));

    /// <summary>Whether a variable occurs.</summary>
    public bool DependsOn(Variable variable) => Root.DependsOn(variable);

    /// <summary>The value, in the order of operations as written.</summary>
    public double Value(double x = double.NaN, double c = double.NaN, double ce = double.NaN, double temperature = double.NaN) => Root.Value(x, c, ce, temperature);

    /// <summary>The formula with a variable replaced by another formula.</summary>
    public Expression Substitute(Variable variable, Expression by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return new(Root.Substitute(variable, by.Root));
    }

    /// <summary>This formula times a number.</summary>
    public Expression Times(double factor) => factor == 1 ? this : new(ExpressionNode.Binary(Operation.Multiply, ExpressionNode.Number(factor), Root));

    /// <summary>The formula in the language it is read in; reading it again gives an equal formula.</summary>
    public override string ToString() => Root.Print(0);

    /// <inheritdoc/>
    public bool Equals(Expression? other) => other is not null && Root.SameAs(other.Root);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Expression);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}

internal enum Operation : byte
{
    Number, Variable, Negate, Add, Subtract, Multiply, Divide, Power, Exp, Log, Tanh, Cosh, Sinh, Sqrt,
}

/// <summary>A node of a formula's tree.</summary>
internal sealed class ExpressionNode
{
    private ExpressionNode(Operation operation, double constant, Variable variable, ExpressionNode? a, ExpressionNode? b) =>
        (Operation, Constant, Variable, A, B) = (operation, constant, variable, a!, b!);

    public Operation Operation { get; }

    public double Constant { get; }

    public Variable Variable { get; }

    public ExpressionNode A { get; }

    public ExpressionNode B { get; }

    private bool IsBinary => Operation is >= Operation.Add and <= Operation.Power;

    public static ExpressionNode Number(double value) => new(Operation.Number, value, default, null, null);

    public static ExpressionNode Of(Variable variable) => new(Operation.Variable, 0, variable, null, null);

    public static ExpressionNode Unary(Operation operation, ExpressionNode a) => new(operation, 0, default, a, null);

    public static ExpressionNode Binary(Operation operation, ExpressionNode a, ExpressionNode b) => new(operation, 0, default, a, b);

    public bool DependsOn(Variable v) => Operation switch
    {
        Operation.Number => false,
        Operation.Variable => Variable == v,
        _ => A.DependsOn(v) || (IsBinary && B.DependsOn(v)),
    };

    public double Value(double x, double c, double ce, double t) => Operation switch
    {
        Operation.Number => Constant,
        Operation.Variable => Variable switch { Variable.X => x, Variable.C => c, Variable.Ce => ce, _ => t },
        Operation.Negate => -A.Value(x, c, ce, t),
        Operation.Add => A.Value(x, c, ce, t) + B.Value(x, c, ce, t),
        Operation.Subtract => A.Value(x, c, ce, t) - B.Value(x, c, ce, t),
        Operation.Multiply => A.Value(x, c, ce, t) * B.Value(x, c, ce, t),
        Operation.Divide => A.Value(x, c, ce, t) / B.Value(x, c, ce, t),
        Operation.Power => Math.Pow(A.Value(x, c, ce, t), B.Value(x, c, ce, t)),
        Operation.Exp => Math.Exp(A.Value(x, c, ce, t)),
        Operation.Log => Math.Log(A.Value(x, c, ce, t)),
        Operation.Tanh => Math.Tanh(A.Value(x, c, ce, t)),
        Operation.Cosh => Math.Cosh(A.Value(x, c, ce, t)),
        Operation.Sinh => Math.Sinh(A.Value(x, c, ce, t)),
        _ => Math.Sqrt(A.Value(x, c, ce, t)),
    };

    public ExpressionNode Substitute(Variable v, ExpressionNode by) => Operation switch
    {
        Operation.Number => this,
        Operation.Variable => Variable == v ? by : this,
        _ => new(Operation, 0, default, A.Substitute(v, by), IsBinary ? B.Substitute(v, by) : null),
    };

    public bool SameAs(ExpressionNode other) => Operation == other.Operation && Operation switch
    {
        Operation.Number => Constant.Equals(other.Constant),
        Operation.Variable => Variable == other.Variable,
        _ => A.SameAs(other.A) && (!IsBinary || B.SameAs(other.B)),
    };

    /// <summary>Prints with the brackets that an outer operator of the given binding needs: 1 sum, 2 product, 3 minus sign, 4 power, 5 none.</summary>
    public string Print(int outer)
    {
        var (text, own) = Operation switch
        {
            Operation.Number => (Constant.ToString("R", CultureInfo.InvariantCulture), Constant < 0 || double.IsNegative(Constant) ? 3 : 5),
            Operation.Variable => (Variable switch { Variable.X => "x", Variable.C => "c", Variable.Ce => "ce", _ => "T" }, 5),
            Operation.Negate => ("-" + A.Print(3), 3),
            Operation.Add => ($"{A.Print(1)} + {B.Print(2)}", 1),
            Operation.Subtract => ($"{A.Print(1)} - {B.Print(2)}", 1),
            Operation.Multiply => ($"{A.Print(2)}*{B.Print(3)}", 2),
            Operation.Divide => ($"{A.Print(2)}/{B.Print(3)}", 2),
            Operation.Power => ($"{A.Print(5)}**{B.Print(3)}", 4),
            _ => ($"{Operation.ToString().ToLowerInvariant()}({A.Print(0)})", 5),
        };
        return own < outer ? $"({text})" : text;
    }
}
