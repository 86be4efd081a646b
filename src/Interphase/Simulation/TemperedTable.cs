using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// A tabulated property that follows the temperature. An Arrhenius factor and an entropic term are exact; a formula in T is tabulated
/// at temperatures 2.5 K apart and joined by cubics (1e-5 of the value for 50 kJ/mol). At the temperature it was made for it is a
/// table that all simulations share.
/// </summary>
internal sealed class TemperedTable
{
    private const double Apart = 2.5;

    private readonly List<Term> terms = [];
    private readonly (HermiteTable, double)[] blend = new (HermiteTable, double)[8];
    private readonly double made;
    private HermiteTable? own;

    private TemperedTable(double temperature) => made = temperature;

    /// <summary>The property at the temperature last set.</summary>
    public HermiteTable Table { get; private set; } = null!;

    /// <summary>U(x, T) = U(x) + (T − T_ref) dU/dT.</summary>
    public static TemperedTable Potential(MaterialFunction potential, MaterialFunction? entropic, double reference, double temperature)
    {
        var table = new TemperedTable(temperature);
        table.Add(potential, t => MaterialTables.Potential(potential, t), (_, _) => 1);
        if (entropic is not null) { table.Add(entropic, t => MaterialTables.Entropic(entropic, t), (_, t) => t - reference); }
        return table.Set(temperature);
    }

    /// <summary>A property with its Arrhenius factor; null where <paramref name="at"/> gives no table.</summary>
    public static TemperedTable? Of(MaterialFunction function, Func<double, HermiteTable?> at, double temperature)
    {
        if (at(temperature) is null) { return null; }
        var table = new TemperedTable(temperature);
        table.Add(function, t => at(t)!, (from, to) => function.ActivationFactor(to) / function.ActivationFactor(from));
        return table.Set(temperature);
    }

    /// <summary>The logarithm of a property, up to a constant.</summary>
    public static TemperedTable? OfLogarithm(MaterialFunction function, Func<double, HermiteTable?> at, double temperature)
    {
        if (at(temperature) is null) { return null; }
        var table = new TemperedTable(temperature);
        table.Add(function, t => at(t)!, (_, _) => 1);
        return table.Set(temperature);
    }

    /// <summary>Brings the table to a temperature.</summary>
    public TemperedTable Set(double temperature)
    {
        if (terms.Count == 1 && (temperature == made || terms[0] is { ByFormula: false, Fixed: true }))
        {
            Table = terms[0].At(made);
            return this;
        }
        var count = 0;
        foreach (var term in terms)
        {
            if (!term.ByFormula)
            {
                blend[count++] = (term.At(made), term.Weight(made, temperature));
                continue;
            }
            var first = Math.Floor(temperature / Apart) - 1;
            for (var i = 0; i < 4; i++)
            {
                var lagrange = 1.0;
                for (var k = 0; k < 4; k++) { lagrange *= k == i ? 1 : ((temperature / Apart) - first - k) / (i - k); }
                var node = (first + i) * Apart;
                blend[count++] = (term.At(node), lagrange * term.Weight(node, temperature));
            }
        }
        own ??= terms[0].At(made).Like();
        own.Blend(blend.AsSpan(0, count));
        Table = own;
        return this;
    }

    private void Add(MaterialFunction function, Func<double, HermiteTable> at, Func<double, double, double> weight) =>
        terms.Add(new(at, function.Expression?.DependsOn(Variable.T) == true, function.ActivationEnergy == 0, weight));

    /// <summary>A part of the sum: the table made for a temperature, and its weight from that temperature to another.</summary>
    private readonly record struct Term(Func<double, HermiteTable> At, bool ByFormula, bool Fixed, Func<double, double, double> Weight);
}
