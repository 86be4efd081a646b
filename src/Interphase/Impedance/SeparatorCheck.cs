using Interphase.Results;
using Interphase.Units;

namespace Interphase.Impedance;

/// <summary>The intercept of a cell's spectrum with the real axis against what its separator must have, t/σ.</summary>
/// <param name="Intercept">Measured resistance times area, ohm m².</param>
/// <param name="Expected">Thickness over conductivity, ohm m².</param>
/// <param name="Ratio">Measured over expected.</param>
public sealed record SeparatorCheck(Estimate Intercept, Estimate Expected, Estimate Ratio)
{
    /// <summary>Within 20 %, or within two standard errors: pressed powders are not known better.</summary>
    public bool Agrees => Math.Abs(Ratio.Value - 1) <= Math.Max(0.2, 2 * Ratio.StandardError);

    /// <summary>Compares.</summary>
    /// <param name="resistance">Of the intercept, ohm.</param>
    /// <param name="area">m².</param>
    /// <param name="thickness">Of the separator, m.</param>
    /// <param name="conductivity">Of the separator, S/m.</param>
    public static SeparatorCheck Of(Estimate resistance, Quantity area, Quantity thickness, Quantity conductivity)
    {
        static double Relative(Quantity q) => (q.StandardError ?? 0) / q.Value;
        static Estimate With(double value, params double[] relative) => Estimate.Of(value, value * Math.Sqrt(relative.Sum(r => r * r)));
        var own = double.IsFinite(resistance.StandardError) ? resistance.StandardError / resistance.Value : 0;
        var (measured, expected) = (resistance.Value * area.Value, thickness.Value / conductivity.Value);
        return new(With(measured, own, Relative(area)), With(expected, Relative(thickness), Relative(conductivity)), With(measured / expected, own, Relative(area), Relative(thickness), Relative(conductivity)));
    }

    /// <summary>In a sentence.</summary>
    public string Words() => FormattableString.Invariant($"the intercept has {Intercept.Value * 1e4:G3} Ω cm²; a separator of this thickness and conductivity has {Expected.Value * 1e4:G3} Ω cm², so the intercept is {Ratio.Value:G3} times that. ")
        + (Agrees ? "The two agree." : Ratio.Value > 1 ? "There is more in the intercept than the separator: contacts, or an arc above the window; or the conductivity in the cell is lower, or the area smaller, than stated." : "The separator conducts better, is thinner, or is larger than stated.");
}
