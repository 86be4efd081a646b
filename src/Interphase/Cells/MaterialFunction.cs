using Interphase.Units;
using MathNet.Numerics.Interpolation;

namespace Interphase.Cells;

/// <summary>
/// A material property as a function of stoichiometry x, salt concentration ce (mol/m³) and temperature T (K), in SI, with exact
/// derivatives. It is made from a number, an expression or a table, and may be used by several threads at once.
/// </summary>
public sealed class MaterialFunction
{
    private readonly double constant = double.NaN;
    private readonly ExpressionProgram? values, withDerivatives, temperatureDerivative;
    private readonly CubicSpline? table;
    private readonly bool overConcentration;
    private readonly bool straightEnds;
    private double activationEnergy, referenceTemperature = 298.15;

    private MaterialFunction(double constant) => this.constant = constant;

    private MaterialFunction(Expression expression, double maximumConcentration, double scale)
    {
        Expression = expression;
        Scale = scale;
        MaximumConcentration = maximumConcentration;
        var graph = new ExpressionGraph();
        var f = graph.Multiply(graph.Add(expression.Root, maximumConcentration), graph.Constant(scale));
        values = ExpressionProgram.Compile(graph, f);
        withDerivatives = ExpressionProgram.Compile(graph, f, graph.Derivative(f, GraphOperation.X), graph.Derivative(f, GraphOperation.Ce));
        temperatureDerivative = ExpressionProgram.Compile(graph, graph.Derivative(f, GraphOperation.T));
        if (values.ConstantOutput(0) is { } number) { constant = number; }
        DependsOnStoichiometry = expression.DependsOn(Variable.X) || expression.DependsOn(Variable.C);
        DependsOnConcentration = expression.DependsOn(Variable.Ce);
        DependsOnTemperature = expression.DependsOn(Variable.T);
    }

    private MaterialFunction(IReadOnlyList<double> points, IReadOnlyList<double> values, bool overConcentration, bool straightEnds)
    {
        Table = (points, values);
        table = points.Count > 2 ? CubicSpline.InterpolatePchipSorted([.. points], [.. values])
            : CubicSpline.InterpolateHermiteSorted([.. points], [.. values], [.. Enumerable.Repeat((values[1] - values[0]) / (points[1] - points[0]), 2)]);
        this.overConcentration = overConcentration;
        this.straightEnds = straightEnds;
        DependsOnStoichiometry = !overConcentration;
        DependsOnConcentration = overConcentration;
    }

    private MaterialFunction(MaterialFunction other)
    {
        (constant, values, withDerivatives, temperatureDerivative) = (other.constant, other.values, other.withDerivatives, other.temperatureDerivative);
        (table, overConcentration, straightEnds, Table, Expression, Scale, MaximumConcentration) = (other.table, other.overConcentration, other.straightEnds, other.Table, other.Expression, other.Scale, other.MaximumConcentration);
        (DependsOnStoichiometry, DependsOnConcentration, DependsOnTemperature) = (other.DependsOnStoichiometry, other.DependsOnConcentration, other.DependsOnTemperature);
    }

    /// <summary>The formula it was made from, or null; its value times <see cref="Scale"/> is SI.</summary>
    public Expression? Expression { get; }

    /// <summary>The table it was made from (points rising, values in SI), or null.</summary>
    public (IReadOnlyList<double> Points, IReadOnlyList<double> Values)? Table { get; }

    /// <summary>Factor from the formula's unit to SI.</summary>
    public double Scale { get; } = 1;

    /// <summary>Concentration at x = 1 by which <c>c</c> of the formula follows from x, mol/m³.</summary>
    public double MaximumConcentration { get; } = double.NaN;

    /// <summary>Activation energy of the Arrhenius factor already contained in every value, J/mol.</summary>
    public double ActivationEnergy => activationEnergy;

    /// <summary>True where neither x, ce nor T matters.</summary>
    public bool IsConstant => values is null ? table is null && activationEnergy == 0 : values.ConstantOutput(0) is not null && activationEnergy == 0;

    /// <summary>Whether x matters.</summary>
    public bool DependsOnStoichiometry { get; }

    /// <summary>Whether ce matters.</summary>
    public bool DependsOnConcentration { get; }

    /// <summary>Whether T matters.</summary>
    public bool DependsOnTemperature { get; private init; }

    /// <summary>The same value everywhere.</summary>
    public static MaterialFunction Constant(double value) => new(value);

    /// <summary>A formula.</summary>
    /// <param name="expression">Of x, c, ce and T.</param>
    /// <param name="maximumConcentration">Concentration at x = 1, mol/m³, by which c follows from x; NaN where the formula has no c.</param>
    /// <param name="scale">Factor from the formula's unit to SI.</param>
    public static MaterialFunction Of(Expression expression, double maximumConcentration = double.NaN, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new(expression, maximumConcentration, scale);
    }

    /// <summary>
    /// A table over x, or over ce, joined by a monotone cubic (Fritsch and Carlson 1980): no overshoot, continuous slope. Outside it
    /// the end values hold, or with <paramref name="straightEnds"/> the end slopes.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer than two points, or points that do not rise.</exception>
    public static MaterialFunction Of(IReadOnlyList<double> points, IReadOnlyList<double> values, bool overConcentration = false, bool straightEnds = false)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(values);
        if (points.Count < 2 || points.Count != values.Count) { throw new ArgumentException("a table needs two points or more and a value for each"); }
        for (var i = 1; i < points.Count; i++)
        {
            if (!(points[i] > points[i - 1])) { throw new ArgumentException($"the table's points must rise; number {i + 1} does not"); }
        }
        return new(points, values, overConcentration, straightEnds);
    }

    /// <summary>This property times exp(E/R (1/T_ref − 1/T)).</summary>
    public MaterialFunction WithActivation(double energy, double reference) => energy == 0 ? this
        : new(this) { activationEnergy = energy, referenceTemperature = reference, DependsOnTemperature = true };

    /// <summary>The value.</summary>
    public double Value(double x, double ce, double temperature)
    {
        var factor = Factor(temperature);
        if (table is not null) { return factor * AtTable(overConcentration ? ce : x, out _); }
        if (values is null) { return factor * constant; }
        double f = 0;
        values.Run(1, new(in x), new(in ce), temperature, new Span<double>(ref f));
        return factor * f;
    }

    /// <summary>The value with its derivatives with respect to x and ce.</summary>
    public double Value(double x, double ce, double temperature, out double dx, out double dce)
    {
        var factor = Factor(temperature);
        dx = 0;
        dce = 0;
        if (table is not null)
        {
            var v = factor * AtTable(overConcentration ? ce : x, out var slope);
            if (overConcentration) { dce = factor * slope; } else { dx = factor * slope; }
            return v;
        }
        if (withDerivatives is null) { return factor * constant; }
        double f = 0;
        withDerivatives.Run(1, new(in x), new(in ce), temperature, new Span<double>(ref f), new Span<double>(ref dx), new Span<double>(ref dce));
        dx *= factor;
        dce *= factor;
        return factor * f;
    }

    /// <summary>The derivative with respect to T.</summary>
    public double TemperatureDerivative(double x, double ce, double temperature)
    {
        double d = 0;
        temperatureDerivative?.Run(1, new(in x), new(in ce), temperature, new Span<double>(ref d));
        d *= Factor(temperature);
        return activationEnergy == 0 ? d : d + (Value(x, ce, temperature) * activationEnergy / (Constants.Gas * temperature * temperature));
    }

    /// <summary>Values and, unless the span is empty, derivatives with respect to x at many stoichiometries; allocates nothing.</summary>
    public void OverStoichiometry(ReadOnlySpan<double> x, double ce, double temperature, Span<double> values, Span<double> dx) =>
        OverBoth(x, new(in ce), temperature, values, dx, []);

    /// <summary>Values and, unless the span is empty, derivatives with respect to ce at many salt concentrations; allocates nothing.</summary>
    public void OverConcentration(ReadOnlySpan<double> ce, double temperature, Span<double> values, Span<double> dce) =>
        OverBoth([0.0], ce, temperature, values, [], dce);

    /// <summary>
    /// Values and, unless the spans are empty, derivatives with respect to x and ce at many pairs (a span of length 1 stands for the
    /// same value everywhere); allocates nothing.
    /// </summary>
    public void OverBoth(ReadOnlySpan<double> x, ReadOnlySpan<double> ce, double temperature, Span<double> values, Span<double> dx, Span<double> dce)
    {
        if (x.IsEmpty || ce.IsEmpty) { return; }
        var n = Math.Max(x.Length, ce.Length);
        var factor = Factor(temperature);
        if (table is not null)
        {
            var points = overConcentration ? ce : x;
            for (var i = 0; i < n; i++)
            {
                values[i] = factor * AtTable(points.Length == 1 ? points[0] : points[i], out var slope);
                if (!dx.IsEmpty) { dx[i] = overConcentration ? 0 : factor * slope; }
                if (!dce.IsEmpty) { dce[i] = overConcentration ? factor * slope : 0; }
            }
            return;
        }
        if (withDerivatives is null)
        {
            values[..n].Fill(factor * constant);
            if (!dx.IsEmpty) { dx[..n].Clear(); }
            if (!dce.IsEmpty) { dce[..n].Clear(); }
            return;
        }
        if (dx.IsEmpty && dce.IsEmpty) { this.values!.Run(n, x, ce, temperature, values); }
        else { withDerivatives.Run(n, x, ce, temperature, values, dx, dce); }
        if (factor == 1) { return; }
        foreach (ref var v in values[..n]) { v *= factor; }
        if (!dx.IsEmpty) { foreach (ref var v in dx[..n]) { v *= factor; } }
        if (!dce.IsEmpty) { foreach (ref var v in dce[..n]) { v *= factor; } }
    }

    /// <summary>The Arrhenius factor contained in every value at a temperature.</summary>
    internal double ActivationFactor(double temperature) => Factor(temperature);

    private double Factor(double temperature) => activationEnergy == 0 ? 1
        : Math.Exp(activationEnergy / Constants.Gas * ((1 / referenceTemperature) - (1 / temperature)));

    private double AtTable(double u, out double slope)
    {
        var points = Table!.Value.Points;
        var first = points[0];
        var last = points[^1];
        var inside = Math.Clamp(u, first, last);
        slope = table!.Differentiate(inside);
        var value = table.Interpolate(inside);
        if (inside == u) { return value; }
        if (!straightEnds) { slope = 0; return value; }
        return value + (slope * (u - inside));
    }
}
