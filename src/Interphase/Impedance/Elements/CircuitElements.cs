namespace Interphase.Impedance;

/// <summary>Every element, written out by hand. A new one is a class and a line here.</summary>
public static class CircuitElements
{
    /// <summary>All elements.</summary>
    public static readonly IReadOnlyList<CircuitElement> All =
    [
        new Resistor(), new Capacitor(), new Inductor(), new ConstantPhaseElement(), new ModifiedInductor(),
        new Warburg(), new ReflectingDiffusion(), new TransmittingDiffusion(), new Gerischer(), new FiniteGerischer(),
        new Relaxation(), new Zarc(), new HavriliakNegami(), new BlockingPore(), new PaaschElectrode(),
    ];

    /// <summary>The element of a symbol, or null.</summary>
    public static CircuitElement? Of(string symbol) => All.FirstOrDefault(e => e.Symbol == symbol);
}
