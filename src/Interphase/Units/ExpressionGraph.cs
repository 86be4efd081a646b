namespace Interphase.Units;

internal enum GraphOperation : byte
{
    Constant, X, Ce, T, Negate, Add, Multiply, Divide, Power, Exp, Log, Tanh, Cosh, Sinh, Sqrt,

    /// <summary>1/(1 + exp(a)), kept whole so that neither it nor its derivative overflows.</summary>
    Fermi,
}

/// <summary>
/// Formulas as a graph in which equal parts exist once, so that a value and its derivatives share their exponentials. Derivatives
/// are exact (by the rules of calculus). A node's arguments always stand before it.
/// </summary>
internal sealed class ExpressionGraph
{
    /// <summary>Integer powers up to this are products.</summary>
    private const int LargestProductPower = 64;
    private readonly List<(GraphOperation Operation, int A, int B, double Constant)> nodes = [];
    private readonly Dictionary<(GraphOperation, int, int, long), int> known = [];
    private readonly Dictionary<(int, GraphOperation), int> derivatives = [];

    public int Count => nodes.Count;

    public (GraphOperation Operation, int A, int B, double Constant) this[int i] => nodes[i];

    public bool IsConstant(int i, out double value)
    {
        value = nodes[i].Constant;
        return nodes[i].Operation == GraphOperation.Constant;
    }

    public int Constant(double value) => Intern(GraphOperation.Constant, -1, -1, value == 0 ? 0.0 : value);

    /// <summary>Adds a formula; <c>c</c> becomes x·<paramref name="maximumConcentration"/>.</summary>
    public int Add(ExpressionNode node, double maximumConcentration) => node.Operation switch
    {
        Operation.Number => Constant(node.Constant),
        Operation.Variable => node.Variable switch
        {
            Variable.X => Intern(GraphOperation.X, -1, -1, 0),
            Variable.C => Multiply(Intern(GraphOperation.X, -1, -1, 0), Constant(maximumConcentration)),
            Variable.Ce => Intern(GraphOperation.Ce, -1, -1, 0),
            _ => Intern(GraphOperation.T, -1, -1, 0),
        },
        Operation.Negate => Negate(Add(node.A, maximumConcentration)),
        Operation.Add => Sum(Add(node.A, maximumConcentration), Add(node.B, maximumConcentration)),
        Operation.Subtract => Sum(Add(node.A, maximumConcentration), Negate(Add(node.B, maximumConcentration))),
        Operation.Multiply => Multiply(Add(node.A, maximumConcentration), Add(node.B, maximumConcentration)),
        Operation.Divide => Divide(Add(node.A, maximumConcentration), Add(node.B, maximumConcentration)),
        Operation.Power => Power(Add(node.A, maximumConcentration), Add(node.B, maximumConcentration)),
        Operation.Exp => Function(GraphOperation.Exp, Add(node.A, maximumConcentration)),
        Operation.Log => Function(GraphOperation.Log, Add(node.A, maximumConcentration)),
        Operation.Tanh => Function(GraphOperation.Tanh, Add(node.A, maximumConcentration)),
        Operation.Cosh => Function(GraphOperation.Cosh, Add(node.A, maximumConcentration)),
        Operation.Sinh => Function(GraphOperation.Sinh, Add(node.A, maximumConcentration)),
        _ => Function(GraphOperation.Sqrt, Add(node.A, maximumConcentration)),
    };

    /// <summary>The derivative of a node with respect to X, Ce or T.</summary>
    public int Derivative(int i, GraphOperation variable)
    {
        if (derivatives.TryGetValue((i, variable), out var d)) { return d; }
        var (operation, a, b, _) = nodes[i];
        d = operation switch
        {
            GraphOperation.Constant => Constant(0),
            GraphOperation.X or GraphOperation.Ce or GraphOperation.T => Constant(operation == variable ? 1 : 0),
            GraphOperation.Negate => Negate(Derivative(a, variable)),
            GraphOperation.Add => Sum(Derivative(a, variable), Derivative(b, variable)),
            GraphOperation.Multiply => Sum(Multiply(Derivative(a, variable), b), Multiply(a, Derivative(b, variable))),
            GraphOperation.Divide => Divide(Sum(Derivative(a, variable), Negate(Multiply(i, Derivative(b, variable)))), b),
            GraphOperation.Power => DerivativeOfPower(i, a, b, variable),
            GraphOperation.Exp => Multiply(i, Derivative(a, variable)),
            GraphOperation.Log => Divide(Derivative(a, variable), a),
            GraphOperation.Tanh => Multiply(Sum(Constant(1), Negate(Multiply(i, i))), Derivative(a, variable)),
            GraphOperation.Cosh => Multiply(Function(GraphOperation.Sinh, a), Derivative(a, variable)),
            GraphOperation.Sinh => Multiply(Function(GraphOperation.Cosh, a), Derivative(a, variable)),
            GraphOperation.Sqrt => Divide(Derivative(a, variable), Multiply(Constant(2), i)),
            _ => Negate(Multiply(Multiply(i, Sum(Constant(1), Negate(i))), Derivative(a, variable))),
        };
        derivatives[(i, variable)] = d;
        return d;
    }

    private int DerivativeOfPower(int i, int a, int b, GraphOperation variable)
    {
        var da = Derivative(a, variable);
        var db = Derivative(b, variable);
        var byBase = IsConstant(da, out var zero) && zero == 0 ? da : Multiply(Multiply(b, Power(a, Sum(b, Constant(-1)))), da);
        var byExponent = IsConstant(db, out zero) && zero == 0 ? db : Multiply(Multiply(i, Function(GraphOperation.Log, a)), db);
        return Sum(byBase, byExponent);
    }

    public int Negate(int a) => IsConstant(a, out var v) ? Constant(-v)
        : nodes[a].Operation == GraphOperation.Negate ? nodes[a].A : Intern(GraphOperation.Negate, a, -1, 0);

    public int Sum(int a, int b)
    {
        if (IsConstant(a, out var u)) { (a, b) = (b, a); }
        if (!IsConstant(b, out u)) { return Intern(GraphOperation.Add, a, b, 0); }
        return u == 0 ? a : IsConstant(a, out var v) ? Constant(u + v) : Intern(GraphOperation.Add, a, b, 0);
    }

    public int Multiply(int a, int b)
    {
        if (IsConstant(a, out var u)) { (a, b) = (b, a); }
        if (!IsConstant(b, out u)) { return Intern(GraphOperation.Multiply, a, b, 0); }
        return u switch
        {
            0 => Constant(0),
            1 => a,
            -1 => Negate(a),
            _ => IsConstant(a, out var v) ? Constant(u * v) : Intern(GraphOperation.Multiply, a, b, 0),
        };
    }

    private int Divide(int a, int b)
    {
        if (IsConstant(b, out var v))
        {
            if (v == 1) { return a; }
            if (IsConstant(a, out var u)) { return Constant(u / v); }
        }
        else if (nodes[b].Operation == GraphOperation.Add && IsConstant(nodes[b].B, out var one) && one == 1 && nodes[nodes[b].A].Operation == GraphOperation.Exp)
        {
            return Multiply(a, Intern(GraphOperation.Fermi, nodes[nodes[b].A].A, -1, 0));
        }
        return IsConstant(a, out v) && v == 0 ? a : Intern(GraphOperation.Divide, a, b, 0);
    }

    private int Power(int a, int b)
    {
        if (!IsConstant(b, out var n)) { return IsConstant(a, out var v) && v == 1 ? a : Intern(GraphOperation.Power, a, b, 0); }
        if (IsConstant(a, out var u)) { return Constant(Math.Pow(u, n)); }
        if (n == 0) { return Constant(1); }
        if (Math.Abs(n) <= LargestProductPower && 2 * n == Math.Floor(2 * n))
        {
            if (n < 0) { return Divide(Constant(1), Power(a, Constant(-n))); }
            if (n == 0.5) { return Function(GraphOperation.Sqrt, a); }
            if (n != Math.Floor(n)) { return Multiply(Power(a, Constant(n - 0.5)), Function(GraphOperation.Sqrt, a)); }
            if (n == 1) { return a; }
            var half = Power(a, Constant(Math.Floor(n / 2)));
            return n % 2 == 0 ? Multiply(half, half) : Multiply(Multiply(half, half), a);
        }
        return Intern(GraphOperation.Power, a, b, 0);
    }

    private int Function(GraphOperation operation, int a) => IsConstant(a, out var v)
        ? Constant(operation switch
        {
            GraphOperation.Exp => Math.Exp(v),
            GraphOperation.Log => Math.Log(v),
            GraphOperation.Tanh => Math.Tanh(v),
            GraphOperation.Cosh => Math.Cosh(v),
            GraphOperation.Sinh => Math.Sinh(v),
            _ => Math.Sqrt(v),
        })
        : Intern(operation, a, -1, 0);

    private int Intern(GraphOperation operation, int a, int b, double constant)
    {
        if (operation is GraphOperation.Add or GraphOperation.Multiply && a > b && nodes[b].Operation != GraphOperation.Constant) { (a, b) = (b, a); }
        var key = (operation, a, b, BitConverter.DoubleToInt64Bits(constant));
        if (known.TryGetValue(key, out var i)) { return i; }
        nodes.Add((operation, a, b, constant));
        return known[key] = nodes.Count - 1;
    }
}
