namespace Interphase.Impedance;

/// <summary>
/// Parts of one form in one series or parallel group are interchangeable: the same spectrum follows when their parameters
/// are exchanged. They are named by time constant, the fastest first.
/// </summary>
internal static class ArcOrder
{
    /// <summary>True where two parts have one form, share nothing and a person said nothing about them.</summary>
    public static bool AreInterchangeable(Circuit circuit, CircuitNode a, CircuitNode b)
    {
        if (a is ElementNode { Element.Symbol: "R" } || Form(a) != Form(b)) { return false; }
        int[] pa = Circuit.ParametersOf(a), pb = Circuit.ParametersOf(b);
        if (pa.Length != pb.Length || pa.Intersect(pb).Any() || pa.Concat(pb).Any(i => circuit.Parameters[i].IsNamed)) { return false; }
        var used = Circuit.Leaves(circuit.Root).Select(OffsetOf).ToArray();
        return pa.Concat(pb).All(i => used.Count(o => o == i) <= 1);
    }

    /// <summary>Groups of interchangeable parts, each in the order of their numbers.</summary>
    public static List<CircuitNode[]> Groups(Circuit circuit)
    {
        var groups = new List<CircuitNode[]>();
        void Visit(CircuitNode node)
        {
            var parts = node switch { SeriesNode s => s.Parts, ParallelNode p => p.Parts, LineNode l => [l.Interface], _ => [] };
            var left = parts.ToList();
            while (left.Count > 0)
            {
                var group = left.Where(p => ReferenceEquals(p, left[0]) || AreInterchangeable(circuit, left[0], p)).ToArray();
                left.RemoveAll(group.Contains);
                if (group.Length > 1) { groups.Add([.. group.OrderBy(NumberOf)]); }
            }
            foreach (var p in parts) { Visit(p); }
        }
        Visit(circuit.Root);
        return groups;
    }

    /// <summary>Renamed parameters, and where each renamed part went.</summary>
    public sealed record Renamed(double[] Parameters, IReadOnlyList<(CircuitNode From, CircuitNode To)> Moves)
    {
        /// <summary>The part whose name a part now bears.</summary>
        public CircuitNode NewPlace(CircuitNode part) => Moves.FirstOrDefault(m => ReferenceEquals(m.From, part)).To ?? part;
    }

    /// <summary>The parameters with interchangeable parts renamed so that 1 is the fastest; parts that are not there come last.</summary>
    public static Renamed Fastest(Circuit circuit, double[] parameters, IReadOnlyList<CircuitNode> absent)
    {
        var p = (double[])parameters.Clone();
        var moves = new List<(CircuitNode, CircuitNode)>();
        foreach (var group in Groups(circuit))
        {
            var times = group.Select(g => absent.Any(a => ReferenceEquals(a, g)) ? double.PositiveInfinity : TimeConstant(g, p)).ToArray();
            if (!times.Any(double.IsNaN)) { Permute(group, [.. Enumerable.Range(0, group.Length).OrderBy(i => times[i])], p, moves); }
        }
        return new(p, moves);
    }

    /// <summary>
    /// The parameters with interchangeable parts renamed to be nearest to another set, in logarithms of sizes and times.
    /// NaN in the reference does not count; groups of which it says nothing stay as they are.
    /// </summary>
    public static Renamed Nearest(Circuit circuit, double[] parameters, double[] reference)
    {
        var p = (double[])parameters.Clone();
        var moves = new List<(CircuitNode, CircuitNode)>();
        foreach (var group in Groups(circuit))
        {
            var places = group.Select(Circuit.ParametersOf).ToArray();
            if (group.Length > 5 || places.All(q => q.All(i => double.IsNaN(reference[i])))) { continue; }
            static double Known(double difference) => double.IsNaN(difference) ? 0 : Math.Abs(difference);
            double Cost(int[] order) => order.Select((from, to) => places[to].Select((index, k) =>
                Known(Coordinate(circuit, index, p[places[from][k]]) - Coordinate(circuit, index, reference[index]))).Sum()
                + Known(Math.Log(TimeConstant(group[from], p) / TimeConstant(group[to], reference)))).Sum();
            Permute(group, Orders(group.Length).MinBy(Cost)!, p, moves);
        }
        return new(p, moves);
    }

    /// <summary>The time constant of a part, s; NaN where it has none.</summary>
    public static double TimeConstant(CircuitNode node, ReadOnlySpan<double> p)
    {
        double resistance = double.NaN, own = double.NaN;
        foreach (var leaf in Circuit.Leaves(node))
        {
            if (leaf is not ElementNode e) { continue; }
            if (e.Element.Symbol == "R" && double.IsNaN(resistance)) { resistance = p[e.Offset]; }
            for (var k = 0; k < e.Element.Parameters.Count; k++)
            {
                if (e.Element.Parameters[k].Unit == "s" && double.IsNaN(own)) { own = p[e.Offset + k]; }
            }
        }
        foreach (var leaf in Circuit.Leaves(node))
        {
            if (leaf is not ElementNode e || double.IsNaN(resistance)) { continue; }
            switch (e.Element.Symbol)
            {
                case "C": return resistance * p[e.Offset];
                case "CPE": return Math.Pow(resistance * p[e.Offset], 1 / Math.Max(p[e.Offset + 1], 0.05));
                case "L": return p[e.Offset] / resistance;
            }
        }
        return own;
    }

    internal static string Form(CircuitNode node) => node switch
    {
        ElementNode e => e.Element.Symbol,
        LineNode l => $"{l.Line.Symbol}[{Form(l.Interface)}]",
        SeriesNode s => $"({string.Join("-", s.Parts.Select(Form))})",
        ParallelNode p => $"p({string.Join(",", p.Parts.Select(Form))})",
        _ => "",
    };

    private static double Coordinate(Circuit circuit, int index, double value) =>
        circuit.Parameters[index].Definition.IsPositive && !double.IsNaN(value) ? Math.Log(Math.Max(value, 1e-30)) : value;

    private static int OffsetOf(CircuitNode leaf) => leaf switch { ElementNode e => e.Offset, LineNode l => l.Offset, _ => -1 };

    private static int NumberOf(CircuitNode node) => Circuit.Leaves(node).Select(l => l switch { ElementNode e => e.Label, LineNode n => n.Label, _ => "" })
        .Select(label => int.Parse(label.AsSpan(label.AsSpan().IndexOfAnyInRange('0', '9')))).Min();

    private static void Permute(CircuitNode[] group, int[] order, double[] p, List<(CircuitNode, CircuitNode)> moves)
    {
        var places = group.Select(Circuit.ParametersOf).ToArray();
        var old = (double[])p.Clone();
        for (var to = 0; to < group.Length; to++)
        {
            moves.Add((group[order[to]], group[to]));
            for (var k = 0; k < places[to].Length; k++) { p[places[to][k]] = old[places[order[to]][k]]; }
        }
    }

    private static IEnumerable<int[]> Orders(int n)
    {
        if (n == 1) { yield return [0]; yield break; }
        foreach (var shorter in Orders(n - 1))
        {
            for (var at = 0; at < n; at++) { yield return [.. shorter[..at], n - 1, .. shorter[at..]]; }
        }
    }
}
