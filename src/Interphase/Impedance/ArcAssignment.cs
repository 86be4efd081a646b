namespace Interphase.Impedance;

/// <summary>Where an arc may come from.</summary>
public enum ArcOrigin
{
    /// <summary>The capacitance allows more than one origin.</summary>
    Ambiguous,

    /// <summary>The interior of the grains.</summary>
    Bulk,

    /// <summary>Grain boundaries.</summary>
    GrainBoundary,

    /// <summary>A thin layer or charge transfer at an interface.</summary>
    Interface,

    /// <summary>An electrode: double layer and storage.</summary>
    Electrode,
}

/// <summary>An arc of a fitted circuit with what its capacitance says.</summary>
/// <param name="Name">The arc's resistance (<c>R1</c>).</param>
/// <param name="Resistance">Ohm.</param>
/// <param name="Capacitance">Effective capacitance, F.</param>
/// <param name="TimeConstant">s.</param>
/// <param name="Origin">What the capacitance per geometry suggests.</param>
/// <param name="Reason">The number it rests on.</param>
public sealed record ArcMeaning(string Name, double Resistance, double Capacitance, double TimeConstant, ArcOrigin Origin, string Reason);

/// <summary>
/// Arcs named by capacitance. A parallel resistance and constant phase element has the effective capacitance
/// (R^(1−α) Q)^(1/α) (Hsu and Mansfeld 2001). Per area over thickness of a pellet bulk has about 1e-12 F/cm and grain
/// boundaries 1e-11 to 1e-8; interfaces and electrodes have more, per area (Irvine, Sinclair and West 1990). Between the
/// ranges the answer is <see cref="ArcOrigin.Ambiguous"/>.
/// </summary>
public static class ArcAssignment
{
    /// <summary>(R^(1−α) Q)^(1/α), F.</summary>
    public static double EffectiveCapacitance(double resistance, double q, double alpha) =>
        Math.Pow(Math.Pow(resistance, 1 - alpha) * q, 1 / alpha);

    /// <summary>The arcs of a fit, fastest first.</summary>
    /// <param name="result">The fit.</param>
    /// <param name="area">Area, m²: geometric for a pellet, real for an electrode; null when unknown.</param>
    /// <param name="thickness">Thickness of the pellet, m; null for a cell.</param>
    public static IReadOnlyList<ArcMeaning> Of(CircuitFitResult result, double? area = null, double? thickness = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var p = result.Values;
        var arcs = new List<ArcMeaning>();
        foreach (var block in result.Circuit.Blocks)
        {
            if (ResistanceAndCapacitance(block, p) is not { } found || result.Parameters[found.Index].IsAbsent) { continue; }
            var (origin, reason) = Origin(found.Capacitance, area, thickness);
            arcs.Add(new(result.Parameters[found.Index].Name, p[found.Index], found.Capacitance, p[found.Index] * found.Capacitance, origin, reason));
        }
        return [.. arcs.OrderBy(a => a.TimeConstant)];
    }

    /// <summary>The origin a capacitance suggests.</summary>
    public static (ArcOrigin Origin, string Reason) Origin(double capacitance, double? area, double? thickness)
    {
        if (area is not { } a) { return (ArcOrigin.Ambiguous, "no area was given"); }
        var perArea = capacitance / (a * 1e4);
        if (thickness is { } t)
        {
            var specific = capacitance * (t * 100) / (a * 1e4);
            var text = $"{specific:G2} F/cm per area over thickness";
            if (specific < 5e-12) { return (ArcOrigin.Bulk, text); }
            if (specific < 2e-11) { return (ArcOrigin.Ambiguous, $"{text}: bulk or grain boundary"); }
            if (specific < 2e-8) { return (ArcOrigin.GrainBoundary, text); }
            if (perArea < 1e-7) { return (ArcOrigin.Ambiguous, $"{text}: grain boundary or interface"); }
        }
        var surface = $"{perArea:G2} F/cm2";
        return perArea switch
        {
            < 1e-8 => (ArcOrigin.Ambiguous, $"{surface}: too little for an interface"),
            < 3e-5 => (ArcOrigin.Interface, surface),
            < 3e-4 => (ArcOrigin.Ambiguous, $"{surface}: interface or electrode"),
            _ => (ArcOrigin.Electrode, surface),
        };
    }

    internal static (int Index, double Capacitance)? ResistanceAndCapacitance(CircuitNode block, ReadOnlySpan<double> p)
    {
        if (block is ElementNode e)
        {
            return e.Element.Symbol switch
            {
                "K" => (e.Offset, p[e.Offset + 1] / p[e.Offset]),
                "Zarc" => (e.Offset, p[e.Offset + 1] / p[e.Offset]),
                _ => null,
            };
        }
        if (block is not ParallelNode) { return null; }
        var leaves = Circuit.Leaves(block).OfType<ElementNode>().ToArray();
        if (leaves.FirstOrDefault(l => l.Element.Symbol == "R") is not { } r) { return null; }
        foreach (var c in leaves)
        {
            if (c.Element.Symbol == "C") { return (r.Offset, p[c.Offset]); }
            if (c.Element.Symbol == "CPE") { return (r.Offset, EffectiveCapacitance(p[r.Offset], p[c.Offset], Math.Max(p[c.Offset + 1], 0.05))); }
        }
        return null;
    }
}
