using System.Numerics;
using Interphase.Files;

namespace Interphase.Impedance;

/// <summary>
/// An equivalent circuit: elements in series and in parallel, with what a person said about their parameters.
/// </summary>
public sealed class Circuit
{
    private const int MostElements = 40;

    internal Circuit(CircuitNode root, IReadOnlyList<CircuitParameter> parameters)
    {
        Root = root;
        Parameters = parameters;
    }

    /// <summary>The whole circuit.</summary>
    public CircuitNode Root { get; }

    /// <summary>Its parameters, in the order in which the circuit names them; a shared one stands once.</summary>
    public IReadOnlyList<CircuitParameter> Parameters { get; }

    /// <summary>
    /// Reads a circuit as impedance.py writes it (<c>R0-p(R1,CPE1)-Wo1</c>) or a Boukamp description (<c>R(RQ)([RW]C)</c>);
    /// also with AutoEIS's brackets (<c>R1-[P2,R3]</c>) and EISFitpython's bars (<c>(R1|Q1)+Q2</c>).
    /// In both, braces after an element give values, limits and fixed values: <c>R1{R=10/1/100}</c>, <c>CPE1{Q=1e-6,n=0.9F}</c>.
    /// The same name twice shares the parameters.
    /// </summary>
    /// <exception cref="InputException">The text is no circuit; the message points at the column.</exception>
    public static Circuit Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = BoukampNotation.WithoutVersion(text.Trim());
        var draft = BoukampNotation.Recognises(text) ? BoukampNotation.Read(text) : CircuitNotation.Read(text);
        return Of(draft, text);
    }

    /// <summary>The parameter of a name as its position.</summary>
    /// <exception cref="InputException">No such parameter; the nearest names are suggested.</exception>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].Name == name) { return i; }
        }
        // CPE1_0 is also understood as CPE1_Q, and an only parameter as R1_0
        for (var i = 0; i < Parameters.Count; i++)
        {
            var p = Parameters[i];
            if ($"{p.Name.Split('_')[0]}_{p.Definition.Symbol}" == name || $"{p.Name}_0" == name) { return i; }
        }
        throw new InputException($"the circuit {this} has no parameter '{name}'", "", NearestName.Suggest(name, Parameters.Select(p => p.Name)));
    }

    /// <summary>The circuit with a guess for a parameter; the fit starts there.</summary>
    /// <exception cref="InputException">No such parameter, or the value lies outside its limits.</exception>
    public Circuit WithGuess(string name, double value) => With(name, p => p with { Value = value, IsFixed = false });

    /// <summary>The circuit with a parameter kept at a value.</summary>
    /// <exception cref="InputException">As <see cref="WithGuess"/>.</exception>
    public Circuit WithFixed(string name, double value) => With(name, p => p with { Value = value, IsFixed = true });

    /// <summary>The circuit with limits for a parameter.</summary>
    /// <exception cref="InputException">As <see cref="WithGuess"/>.</exception>
    public Circuit WithLimits(string name, double lower, double upper) => With(name, p => p with { Lower = lower, Upper = upper });

    /// <summary>The same circuit with nothing said about its parameters.</summary>
    public Circuit Bare() => new(Root, [.. Parameters.Select(p => p with { Value = null, Lower = 0, Upper = p.Definition.Upper, IsFixed = false })]);

    /// <summary>The same circuit with limits and fixed values, but nothing guessed.</summary>
    internal Circuit WithoutGuesses() => new(Root, [.. Parameters.Select(p => p.IsFixed ? p : p with { Value = null })]);

    /// <summary>Impedance at frequencies.</summary>
    /// <param name="frequency">Hz.</param>
    /// <param name="parameters">One value for each of <see cref="Parameters"/>, SI.</param>
    /// <returns>Ohm, one for each frequency.</returns>
    public Complex[] Impedance(ReadOnlySpan<double> frequency, ReadOnlySpan<double> parameters)
    {
        var model = new CircuitModel(this, new FrequencyGrid(frequency));
        model.Evaluate(parameters, withDerivatives: false);
        return model.Impedance.ToArray();
    }

    /// <summary>As impedance.py writes it, with braces where a person said something about a parameter.</summary>
    public override string ToString() => CircuitNotation.Write(this);

    /// <summary>As a Boukamp description.</summary>
    public string ToDescription() => BoukampNotation.Write(this);

    /// <summary>The top-level parts in series.</summary>
    internal IReadOnlyList<CircuitNode> Blocks => Root is SeriesNode s ? s.Parts : [Root];

    /// <summary>Elements and lines of a part, in order; for a shared element every occurrence.</summary>
    internal static IEnumerable<CircuitNode> Leaves(CircuitNode node) => node switch
    {
        ElementNode => [node],
        LineNode l => Leaves(l.Interface).Prepend(l),
        SeriesNode s => s.Parts.SelectMany(Leaves),
        ParallelNode p => p.Parts.SelectMany(Leaves),
        _ => [],
    };

    /// <summary>Positions of the parameters of a part, each once.</summary>
    internal static int[] ParametersOf(CircuitNode node) => [.. Leaves(node).SelectMany(l => l switch
    {
        ElementNode e => Enumerable.Range(e.Offset, e.Element.Parameters.Count),
        LineNode n => Enumerable.Range(n.Offset, TransmissionLine.Parameters.Count),
        _ => [],
    }).Distinct()];

    /// <summary>The circuit without some of its top-level parts; values of the rest are kept. Null where nothing would be left.</summary>
    internal Circuit? Without(Predicate<CircuitNode> leftOut, out int[] kept)
    {
        var parts = Blocks.Where(b => !leftOut(b)).ToArray();
        var old = parts.SelectMany(ParametersOf).Distinct().ToArray();
        kept = old;
        if (parts.Length == 0) { return null; }
        CircuitNode Move(CircuitNode node) => node switch
        {
            ElementNode e => e with { Offset = Array.IndexOf(old, e.Offset) },
            LineNode l => l with { Offset = Array.IndexOf(old, l.Offset), Interface = Move(l.Interface) },
            SeriesNode s => new SeriesNode([.. s.Parts.Select(Move)]),
            ParallelNode p => new ParallelNode([.. p.Parts.Select(Move)]),
            _ => node,
        };
        var moved = parts.Select(Move).ToArray();
        return new(moved.Length == 1 ? moved[0] : new SeriesNode(moved), [.. old.Select(i => Parameters[i])]);
    }

    private Circuit With(string name, Func<CircuitParameter, CircuitParameter> change)
    {
        var index = IndexOf(name);
        var changed = change(Parameters[index]);
        Check(changed, changed.Name);
        return new(Root, [.. Parameters.Select((p, i) => i == index ? changed : p)]);
    }

    private static void Check(CircuitParameter p, string where)
    {
        if (!(p.Lower >= 0) || !(p.Upper <= p.Definition.Upper) || !(p.Lower <= p.Upper))
        {
            throw new InputException($"{p.Name} cannot lie between {p.Lower} and {p.Upper}", where, $"its limits are 0 and {p.Definition.Upper}, the lower one first");
        }
        if (p.Value is not { } v) { return; }
        if (!double.IsFinite(v) || v < 0 || v > p.Definition.Upper || (v == 0 && p.Definition.IsPositive && !p.IsFixed))
        {
            throw new InputException($"{p.Name} = {v} is not possible", where, p.Definition.IsPositive ? "give a positive number in SI units" : $"give a number between 0 and {p.Definition.Upper}");
        }
        if (v == 0 && p.Definition.OhmPower != 1) { throw new InputException($"{p.Name} = 0 is not possible", where, "leave the element out of the circuit instead"); }
        if (!p.IsFixed && (v < p.Lower || v > p.Upper)) { throw new InputException($"{p.Name} = {v} lies outside its limits {p.Lower} to {p.Upper}", where, "change the guess or the limits"); }
    }

    /// <summary>Lays out the parameters of a draft.</summary>
    private static Circuit Of(DraftNode draft, string text)
    {
        var parameters = new List<CircuitParameter>();
        var offsets = new Dictionary<string, int>(StringComparer.Ordinal);
        var elements = 0;
        CircuitNode Build(DraftNode d)
        {
            if (d.Parts is { } parts)
            {
                CircuitNode[] built = [.. parts.Select(Build)];
                if (built.Length == 1) { return built[0]; }
                return d.IsParallel ? new ParallelNode(built) : new SeriesNode([.. built.SelectMany(b => b is SeriesNode s ? s.Parts : [b])]);
            }
            if (++elements > MostElements) { throw new InputException($"the circuit has more than {MostElements} elements", $"'{Shorten(text)}', column {d.Column}", "no spectrum supports that many; use a smaller circuit"); }
            var definitions = d.Element?.Parameters ?? TransmissionLine.Parameters;
            var fresh = !offsets.TryGetValue(d.Label, out var offset);
            if (fresh)
            {
                offset = parameters.Count;
                offsets[d.Label] = offset;
                for (var k = 0; k < definitions.Count; k++)
                {
                    parameters.Add(new(definitions.Count == 1 ? d.Label : $"{d.Label}_{k}", definitions[k], null, 0, definitions[k].Upper, false));
                }
            }
            foreach (var (k, setting) in d.Settings)
            {
                var p = parameters[offset + k];
                var set = p with { Value = setting.Value ?? p.Value, Lower = setting.Lower ?? p.Lower, Upper = setting.Upper ?? p.Upper, IsFixed = setting.IsFixed || p.IsFixed };
                if (!fresh && p.IsNamed && set != p) { throw new InputException($"{p.Name} is given two values", $"'{Shorten(text)}', column {d.Column}", "give a shared parameter once"); }
                Check(set, $"'{Shorten(text)}', column {d.Column}");
                parameters[offset + k] = set;
            }
            return d.Element is { } e ? new ElementNode(e, d.Label, offset) : new LineNode(d.Line!, d.Label, offset, Build(d.Interface!));
        }
        return new(Build(draft), parameters);
    }

    internal static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "…";
}

/// <summary>A part as read, before parameters are laid out.</summary>
internal sealed class DraftNode
{
    public List<DraftNode>? Parts { get; init; }

    public bool IsParallel { get; init; }

    public CircuitElement? Element { get; init; }

    public TransmissionLine? Line { get; init; }

    public DraftNode? Interface { get; set; }

    public string Label { get; set; } = "";

    public int Column { get; init; }

    public List<(int Parameter, ParameterSetting Setting)> Settings { get; init; } = [];
}

/// <summary>What braces say about a parameter.</summary>
internal readonly record struct ParameterSetting(double? Value, double? Lower, double? Upper, bool IsFixed);
