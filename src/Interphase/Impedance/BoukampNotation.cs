using System.Globalization;

namespace Interphase.Impedance;

/// <summary>
/// Boukamp's circuit description: <c>( )</c> parallel, <c>[ ]</c> series, elements without number, Q for the constant phase
/// element and Ha for Havriliak–Negami; <c>R{R=100/1/1000F:label}</c> as other programs extend it; Boukamp 1986.
/// A Warburg's value is Y₀ with Z = 1/(Y₀√(jω)), so A = 1/(√2 Y₀).
/// </summary>
internal static class BoukampNotation
{
    private static readonly (string Boukamp, string Own)[] Aliases = [("Q", "CPE"), ("Ha", "HN")];

    /// <summary>True unless the text has what only the other notation has: '-', 'p(' or a number after letters.</summary>
    public static bool Recognises(string text)
    {
        var inBraces = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '{' or '}') { inBraces = c == '{'; continue; }
            if (inBraces) { continue; }
            if (c is '-' or ',' or '+' or '|' || char.IsAsciiDigit(c) || (c == 'p' && i + 1 < text.Length && text[i + 1] == '(')) { return false; }
        }
        return true;
    }

    /// <summary>The description without the version that pyimpspec puts before it (<c>!V=1!</c>).</summary>
    public static string WithoutVersion(string text) => text.StartsWith("!V=", StringComparison.Ordinal) && text.IndexOf('!', 3) is > 0 and var end ? text[(end + 1)..] : text;

    public static DraftNode Read(string source)
    {
        var text = new CircuitText(source);
        text.CheckLength();
        var root = Parts(text, parallel: false);
        while (root is { IsParallel: false, Parts: [{ IsParallel: false, Parts: not null } only] }) { root = only; }
        if (text.Next != '\0') { throw text.Error($"'{text.Next}' closes nothing", "match every bracket"); }
        Number(root);
        return root;
    }

    public static string Write(Circuit circuit)
    {
        // Labels are written only where reading would number the elements otherwise.
        var bare = WriteWith(circuit, labels: false);
        return CircuitNotation.Write(Circuit.Parse(bare)) == CircuitNotation.Write(circuit) ? bare : WriteWith(circuit, labels: true);
    }

    private static string WriteWith(Circuit circuit, bool labels)
    {
        string Braces(string symbol, string label, IReadOnlyList<ElementParameter> definitions, int offset) => CircuitText.WriteBraces(
            definitions.Select((d, k) => (symbol == "W" ? "Y" : symbol == "CPE" ? (k == 0 ? "Y" : "n") : d.Symbol, circuit.Parameters[offset + k])),
            labels ? label[symbol.Length..] : null, symbol == "W" ? (_, v) => 1 / (Math.Sqrt(2) * v) : null);
        string Node(CircuitNode node, bool inSeries) => node switch
        {
            SeriesNode s => inSeries ? string.Concat(s.Parts.Select(p => Node(p, true))) : $"[{string.Concat(s.Parts.Select(p => Node(p, true)))}]",
            ParallelNode p => $"({string.Concat(p.Parts.Select(q => Node(q, false)))})",
            ElementNode e => Aliases.Where(a => a.Own == e.Element.Symbol).Select(a => a.Boukamp).FirstOrDefault(e.Element.Symbol) + Braces(e.Element.Symbol, e.Label, e.Element.Parameters, e.Offset),
            LineNode l => $"{l.Line.Symbol}{Braces(l.Line.Symbol, l.Label, TransmissionLine.Parameters, l.Offset)}<{Node(l.Interface, true)}>",
            _ => "",
        };
        return Node(circuit.Root, true);
    }

    private static DraftNode Parts(CircuitText text, bool parallel)
    {
        text.Enter();
        var parts = new List<DraftNode>();
        while (text.Next is not ('\0' or ')' or ']' or '>'))
        {
            if (text.Take('('))
            {
                parts.Add(Parts(text, true));
                text.Expect(')', "close every '('");
            }
            else if (text.Take('['))
            {
                parts.Add(Parts(text, false));
                text.Expect(']', "close every '['");
            }
            else { parts.Add(Element(text)); }
        }
        text.Leave();
        if (parts.Count == 0) { throw text.Error("brackets hold nothing", "put elements there, as in (RQ)"); }
        if (parallel && parts.Count < 2) { throw text.Error("a single part is not in parallel with anything", "put at least two parts between '(' and ')'"); }
        return new DraftNode { Parts = parts, IsParallel = parallel };
    }

    private static DraftNode Element(CircuitText text)
    {
        var column = text.Column;
        var symbols = CircuitElements.All.Select(e => (e.Symbol, e.Symbol)).Concat(Aliases).Concat(TransmissionLine.All.Select(l => (l.Symbol, l.Symbol)));
        var (written, own) = symbols.Where(s => text.StartsWith(s.Item1)).OrderByDescending(s => s.Item1.Length).FirstOrDefault();
        if (written is null)
        {
            throw text.Error($"no element begins with '{text.Next}'", $"known are {string.Join(", ", CircuitElements.All.Select(e => e.Symbol))} and Q", column);
        }
        text.Position += written.Length;
        var line = TransmissionLine.All.FirstOrDefault(l => l.Symbol == own);
        var node = new DraftNode { Element = CircuitElements.Of(own), Line = line, Column = column };
        var names = CircuitNotation.NamesOf(node.Element?.Parameters ?? TransmissionLine.Parameters);
        if (own == "W") { names = [["Y", "A"]]; }
        var label = text.Braces(names, node.Settings, own == "W" ? (_, name, v) => name == "Y" ? 1 / (Math.Sqrt(2) * v) : v : null);
        // A numeric label is the element's number; any other one becomes a number that no element has.
        node.Label = label is null ? own : own + (label.All(char.IsAsciiDigit) ? label : "_" + label);
        if (line is null) { return node; }
        text.Expect('<', $"give the interface's circuit, as in {written}<(RQ)>");
        node.Interface = Parts(text, false);
        text.Expect('>', "close the interface with '>'");
        return node;
    }

    /// <summary>
    /// Numbers elements without a label as people do: series resistance and inductance 0, one number an arc, others the next free one.
    /// Elements that share a label share their number.
    /// </summary>
    private static void Number(DraftNode root)
    {
        var taken = Leaves(root).Where(l => char.IsAsciiDigit(l.Label[^1])).Select(l => l.Label).ToHashSet(StringComparer.Ordinal);
        var labelled = new Dictionary<string, string>(StringComparer.Ordinal);
        string Free(string symbol, int number)
        {
            while (!taken.Add(symbol + number.ToString(CultureInfo.InvariantCulture))) { number++; }
            return symbol + number.ToString(CultureInfo.InvariantCulture);
        }
        var blocks = root.IsParallel ? [root] : root.Parts ?? [root];
        var arc = 0;
        foreach (var block in blocks.OrderBy(b => b.Element is not null))
        {
            var number = block.Element is null ? ++arc : block.Element.Symbol is "R" or "L" ? 0 : 1;
            foreach (var leaf in Leaves(block))
            {
                if (char.IsAsciiDigit(leaf.Label[^1]) && !leaf.Label.Contains('_', StringComparison.Ordinal)) { continue; }
                var symbol = leaf.Element?.Symbol ?? leaf.Line!.Symbol;
                if (leaf.Label == symbol) { leaf.Label = Free(symbol, number); continue; }
                if (!labelled.TryGetValue(leaf.Label, out var name)) { labelled[leaf.Label] = name = Free(symbol, number); }
                leaf.Label = name;
            }
        }
    }

    private static IEnumerable<DraftNode> Leaves(DraftNode node) => node.Parts is { } parts ? parts.SelectMany(Leaves)
        : node.Interface is { } inner ? Leaves(inner).Prepend(node) : [node];
}
