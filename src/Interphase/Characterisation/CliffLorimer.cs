using Interphase.Results;
using Interphase.Units;

namespace Interphase.Characterisation;

/// <summary>
/// What makes a ratio of counts one of masses: C_A/C_B = k_AB · I_A/I_B (Cliff and Lorimer, J. Microscopy 103 (1975) 203), for specimens so thin
/// that they absorb none of their own X-rays.
/// </summary>
/// <param name="Above">The element A above the line.</param>
/// <param name="Below">The element B below it.</param>
/// <param name="K">The factor k_AB of the microscope, with its error where known.</param>
public sealed record CliffLorimer(string Above, string Below, Quantity K)
{
    /// <summary>A factor as a person writes it, <c>Ta/Nb=1.35 +- 0.10</c>; null for null.</summary>
    /// <exception cref="InputException">The text is no such factor.</exception>
    public static CliffLorimer? Parse(string? text)
    {
        if (text is null) { return null; }
        InputException No() => new($"'{text}' is no factor of two elements", "k-factor", "write as in 'Ta/Nb=1.35 +- 0.10'");
        if (text.Split('=', StringSplitOptions.TrimEntries) is not [var elements, var value] || elements.Split('/', StringSplitOptions.TrimEntries) is not [var above, var below]
            || !ScatteringFactors.Knows(above) || !ScatteringFactors.Knows(below) || above == below) { throw No(); }
        var k = Quantity.Parse(value);
        return k.Unit.Dimension == Unit.One.Dimension && k.Value > 0 ? new(above, below, k) : throw No();
    }

    /// <summary>Share of the second element in the atoms of both, from the ratio of its counts to those of the first.</summary>
    internal Estimate Share(string first, string second, Estimate counts)
    {
        var straight = Above.Equals(second, StringComparison.OrdinalIgnoreCase) && Below.Equals(first, StringComparison.OrdinalIgnoreCase);
        if (!straight && !(Above.Equals(first, StringComparison.OrdinalIgnoreCase) && Below.Equals(second, StringComparison.OrdinalIgnoreCase))) { throw new InputException($"the factor is of {Above} and {Below}, the coating of {first} and {second}", "k-factor", $"write as in '{second}/{first}=1.35 +- 0.10'"); }
        if (!counts.HasValue) { return counts; }
        var atoms = (straight ? K.Value : 1 / K.Value) * ScatteringFactors.Mass(straight ? Below : Above) / ScatteringFactors.Mass(straight ? Above : Below);
        double At(double r) => atoms * Math.Max(0, r) / (1 + (atoms * Math.Max(0, r)));
        var share = At(counts.Value);
        if (K.StandardError is not { } error) { return Estimate.WithoutError(share, "the factor was given without an error"); }
        // The relative error of the ratio of atoms, and its interval over its logarithm, from those of counts and factor.
        double Wide(double limit) => Math.Sqrt(Math.Pow((limit / counts.Value) - 1, 2) + Math.Pow(1.96 * error / K.Value, 2));
        var relative = Math.Sqrt(Math.Pow(counts.StandardError / counts.Value, 2) + Math.Pow(error / K.Value, 2));
        return new(share, relative * share * (1 - share), At(counts.Value * Math.Exp(-Wide(counts.Lower95))), At(counts.Value * Math.Exp(Wide(counts.Upper95))));
    }
}
