namespace Interphase.Units;

/// <summary>Exponents of the SI base units metre, kilogram, second, ampere, kelvin and mole.</summary>
public readonly record struct Dimension(sbyte Length, sbyte Mass, sbyte Time, sbyte Current, sbyte Temperature, sbyte Amount)
{
    /// <summary>A pure number.</summary>
    public static readonly Dimension None;

    /// <summary>Dimension of a product.</summary>
    public static Dimension operator *(Dimension a, Dimension b) => Combine(a, b, 1);

    /// <summary>Dimension of a quotient.</summary>
    public static Dimension operator /(Dimension a, Dimension b) => Combine(a, b, -1);

    /// <summary>Dimension of an integer power.</summary>
    public Dimension Power(int n) => Combine(None, this, n);

    private static Dimension Combine(Dimension a, Dimension b, int n) => new(
        (sbyte)(a.Length + (n * b.Length)), (sbyte)(a.Mass + (n * b.Mass)), (sbyte)(a.Time + (n * b.Time)),
        (sbyte)(a.Current + (n * b.Current)), (sbyte)(a.Temperature + (n * b.Temperature)), (sbyte)(a.Amount + (n * b.Amount)));
}
