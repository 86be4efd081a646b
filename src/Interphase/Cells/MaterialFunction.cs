namespace Interphase.Cells;

/// <summary>
/// A material property as a function of stoichiometry x, salt concentration ce (mol/m³) and temperature T (K), in SI, with exact
/// derivatives. It may be used by several threads at once.
/// </summary>
public sealed class MaterialFunction
{
    private readonly double constant;

    private MaterialFunction(double constant) => this.constant = constant;

    /// <summary>The same value everywhere.</summary>
    public static MaterialFunction Constant(double value) => new(value);

    /// <summary>The value.</summary>
    public double Value(double x, double ce, double temperature) => constant;

    /// <summary>The value with its derivatives with respect to x and ce.</summary>
    public double Value(double x, double ce, double temperature, out double dx, out double dce)
    {
        dx = 0;
        dce = 0;
        return constant;
    }

    /// <summary>Values and derivatives with respect to x at many stoichiometries; allocates nothing.</summary>
    public void OverStoichiometry(ReadOnlySpan<double> x, double ce, double temperature, Span<double> values, Span<double> dx)
    {
        values[..x.Length].Fill(constant);
        dx[..x.Length].Clear();
    }

    /// <summary>Values and derivatives with respect to ce at many salt concentrations; allocates nothing.</summary>
    public void OverConcentration(ReadOnlySpan<double> ce, double temperature, Span<double> values, Span<double> dce)
    {
        values[..ce.Length].Fill(constant);
        dce[..ce.Length].Clear();
    }

    /// <summary>Values and derivatives with respect to x and ce at many pairs; allocates nothing.</summary>
    public void OverBoth(ReadOnlySpan<double> x, ReadOnlySpan<double> ce, double temperature, Span<double> values, Span<double> dx, Span<double> dce)
    {
        values[..x.Length].Fill(constant);
        dx[..x.Length].Clear();
        dce[..x.Length].Clear();
    }
}
