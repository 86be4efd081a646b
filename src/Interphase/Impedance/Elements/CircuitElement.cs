using System.Numerics;

namespace Interphase.Impedance;

/// <summary>One parameter of an element.</summary>
/// <param name="Symbol">As in the formula, and in Boukamp descriptions.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Unit">Its SI unit.</param>
/// <param name="OhmPower">The power of the resistance unit in it: an impedance grows s-fold when each parameter grows s^OhmPower-fold.</param>
/// <param name="Upper">Its upper limit; the lower one is 0. Parameters without upper limit are fitted by their logarithm.</param>
public sealed record ElementParameter(string Symbol, string Meaning, string Unit, int OhmPower, double Upper = double.PositiveInfinity)
{
    /// <summary>True where it is fitted by its logarithm.</summary>
    public bool IsPositive => double.IsPositiveInfinity(Upper);
}

/// <summary>
/// A circuit element: its formula, the meaning, unit and limits of its parameters, and its impedance with the analytic
/// derivative to each parameter.
/// </summary>
public abstract class CircuitElement
{
    private protected CircuitElement(string symbol, string name, string formula, params ElementParameter[] parameters)
    {
        Symbol = symbol;
        Name = name;
        Formula = formula;
        Parameters = parameters;
    }

    /// <summary>Its letters in a circuit (<c>CPE</c>).</summary>
    public string Symbol { get; }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Its impedance, with ω = 2πf.</summary>
    public string Formula { get; }

    /// <summary>Its parameters, in order: <c>CPE1_0</c> is the first.</summary>
    public IReadOnlyList<ElementParameter> Parameters { get; }

    /// <summary>Impedance at every frequency of a grid; allocates nothing.</summary>
    /// <param name="grid">The frequencies.</param>
    /// <param name="p">One value a parameter, SI.</param>
    /// <param name="z">Receives the impedance, ohm; as long as the grid.</param>
    /// <param name="dz">Receives ∂Z/∂p, parameter after parameter, each as long as the grid; empty where it is not wanted.</param>
    public abstract void Evaluate(FrequencyGrid grid, ReadOnlySpan<double> p, Span<Complex> z, Span<Complex> dz);

    /// <summary>Parameters for which the element has about a given resistance at a given time constant; starts of fits.</summary>
    internal abstract void Typical(double resistance, double time, Span<double> p);
}
