namespace Interphase.Impedance;

/// <summary>A part of a circuit.</summary>
public abstract record CircuitNode;

/// <summary>One element.</summary>
/// <param name="Element">What it is.</param>
/// <param name="Label">Its name in the circuit (<c>CPE1</c>).</param>
/// <param name="Offset">Where its parameters begin among those of the circuit; elements of one label share them.</param>
public sealed record ElementNode(CircuitElement Element, string Label, int Offset) : CircuitNode;

/// <summary>Parts in series.</summary>
public sealed record SeriesNode(IReadOnlyList<CircuitNode> Parts) : CircuitNode;

/// <summary>Parts in parallel.</summary>
public sealed record ParallelNode(IReadOnlyList<CircuitNode> Parts) : CircuitNode;

/// <summary>A transmission line with its interface.</summary>
public sealed record LineNode(TransmissionLine Line, string Label, int Offset, CircuitNode Interface) : CircuitNode;

/// <summary>A parameter of a circuit.</summary>
/// <param name="Name">As impedance.py names it: <c>R1</c>, <c>CPE1_0</c>.</param>
/// <param name="Definition">Meaning, unit and natural limits.</param>
/// <param name="Value">A guess, or the fixed value; null where the data shall decide.</param>
/// <param name="Lower">Lower limit.</param>
/// <param name="Upper">Upper limit.</param>
/// <param name="IsFixed">True where <paramref name="Value"/> is kept.</param>
public sealed record CircuitParameter(string Name, ElementParameter Definition, double? Value, double Lower, double Upper, bool IsFixed)
{
    /// <summary>True where a person said anything about it; arcs are then not renamed.</summary>
    public bool IsNamed => Value is not null || IsFixed || Lower > 0 || Upper < Definition.Upper;
}
