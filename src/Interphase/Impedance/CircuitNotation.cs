namespace Interphase.Impedance;

/// <summary>
/// Circuits as impedance.py writes them: <c>-</c> for series, <c>p(a,b)</c> for parallel, an element's letters with a number.
/// A transmission line takes its interface in brackets: <c>TLM1[p(R2,CPE2)]</c>. Read as well: brackets for parallel as AutoEIS
/// writes them, <c>R1-[P2,R3]</c>, and bars as EISFitpython does, <c>(R1|Q1)+Q2</c>; P and Q are constant phase elements.
/// </summary>
internal static class CircuitNotation
{
    private static readonly string[] OtherLettersOfCpe = ["P", "Q"];

    public static DraftNode Read(string source)
    {
        var text = new CircuitText(source);
        text.CheckLength();
        var root = Series(text);
        return text.Next == '\0' ? root : throw text.Error($"'{text.Next}' is not expected here", "join elements by '-', and parallel ones by p(a,b)");
    }

    public static string Write(Circuit circuit)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        string Node(CircuitNode node) => node switch
        {
            SeriesNode s => string.Join("-", s.Parts.Select(Node)),
            ParallelNode p => $"p({string.Join(",", p.Parts.Select(Node))})",
            ElementNode e => e.Label + (written.Add(e.Label) ? CircuitText.WriteBraces(e.Element.Parameters.Select((d, k) => (d.Symbol, circuit.Parameters[e.Offset + k]))) : ""),
            LineNode l => l.Label + (written.Add(l.Label) ? CircuitText.WriteBraces(TransmissionLine.Parameters.Select((d, k) => (d.Symbol, circuit.Parameters[l.Offset + k]))) : "") + $"[{Node(l.Interface)}]",
            _ => "",
        };
        return Node(circuit.Root);
    }

    /// <summary>Names a parameter may be called by within braces.</summary>
    public static string[][] NamesOf(IReadOnlyList<ElementParameter> parameters) => [.. parameters.Select(p => p.Symbol switch
    {
        "Q" => new[] { "Q", "Y" },
        "α" => ["α", "alpha", "n"],
        "γ" => ["γ", "gamma", "n"],
        "τ" => ["τ", "tau"],
        "φ" => ["φ", "phi"],
        var s => [s],
    })];

    private static DraftNode Series(CircuitText text)
    {
        text.Enter();
        var parts = new List<DraftNode> { Part(text) };
        while (text.Next is '-' or '+')
        {
            text.Position++;
            parts.Add(Part(text));
        }
        var beside = new List<DraftNode>();
        while (text.Take('|'))
        {
            if (parts.Count > 1) { throw text.Error("'|' and '+' stand side by side", "say by brackets which is meant, as in (R1+W1)|C1 or R1+(W1|C1)"); }
            beside.Add(Part(text));
        }
        if (beside.Count > 0 && text.Next is '-' or '+') { throw text.Error("'|' and '+' stand side by side", "say by brackets which is meant, as in (R1|C1)+W1"); }
        text.Leave();
        return beside.Count == 0 ? new DraftNode { Parts = parts } : new DraftNode { Parts = [.. parts, .. beside], IsParallel = true };
    }

    private static DraftNode Parallel(CircuitText text, char end, string mend)
    {
        var parts = new List<DraftNode> { Series(text) };
        while (text.Take(',')) { parts.Add(Series(text)); }
        text.Expect(end, mend);
        return parts.Count > 1 ? new DraftNode { Parts = parts, IsParallel = true } : parts[0];
    }

    private static DraftNode Part(CircuitText text)
    {
        if (text.Next == 'p' && text.StartsWith("p("))
        {
            text.Position += 2;
            var parallel = Parallel(text, ')', "close every 'p(' and separate its parts by commas");
            return parallel.IsParallel ? parallel : throw text.Error("a single part is not in parallel with anything", "write p(a,b), or leave out p( )");
        }
        if (text.Take('[')) { return Parallel(text, ']', "close every '[' and separate its parts by commas"); }
        if (text.Take('('))
        {
            var group = Series(text);
            text.Expect(')', text.Next == ',' ? "write p(a,b) or (a|b) for parallel parts" : "close every '('");
            return group;
        }
        _ = text.Next;
        var column = text.Column;
        var letters = text.TakeWhile(char.IsAsciiLetter);
        if (letters.Length == 0)
        {
            throw text.Error(text.Next == '\0' ? "an element is missing at the end" : $"an element is expected, not '{text.Next}'", "elements are letters and a number, as in R0, CPE1, Wo1");
        }
        var line = TransmissionLine.All.FirstOrDefault(l => l.Symbol == letters);
        if (OtherLettersOfCpe.Contains(letters, StringComparer.Ordinal)) { letters = "CPE"; }
        var element = CircuitElements.Of(letters);
        if (element is null && line is null)
        {
            throw text.Error($"'{letters}' is not an element", NearestName.Suggest(letters, CircuitElements.All.Select(e => e.Symbol).Concat(TransmissionLine.All.Select(l => l.Symbol))), column);
        }
        var number = text.TakeWhile(char.IsAsciiDigit);
        if (number.Length is 0 or > 6) { throw text.Error($"'{letters}' has no number", $"number it, as in {letters}1", column); }
        var node = new DraftNode { Element = element, Line = line, Label = letters + number, Column = column };
        text.Braces(NamesOf(element?.Parameters ?? TransmissionLine.Parameters), node.Settings);
        if (line is null) { return node; }
        text.Expect('[', $"give the interface's circuit in brackets, as in {node.Label}[p(R2,CPE2)]");
        node.Interface = Series(text);
        text.Expect(']', "close the bracket of the interface");
        return node;
    }
}
