using System.Globalization;
using Interphase.Files;
using Interphase.Units;

namespace Interphase.Cells;

/// <summary>One parameter of a cell as it was given.</summary>
/// <param name="Path">Keys joined by dots.</param>
/// <param name="Text">The value as a person reads it: with its unit, as a formula, or as a word.</param>
/// <param name="Value">The number in <paramref name="Unit"/>; NaN for formulas, tables and words.</param>
/// <param name="Unit">The unit it was given in; <c>1</c> for a pure number, empty for words.</param>
/// <param name="Basis"><c>geometric area</c> or <c>real area</c> where it is per area, else empty.</param>
/// <param name="Source">Where the value is from; null where the file does not say.</param>
/// <param name="Assumed">Whether it is a guess.</param>
/// <param name="IsDefault">Whether the file left it out.</param>
public sealed record CellParameter(string Path, string Text, double Value, string Unit, string Basis, string? Source, bool Assumed, bool IsDefault)
{
    /// <summary>Standard error of <see cref="Value"/> as it was given, in its unit; NaN where none was.</summary>
    public double StandardError { get; init; } = double.NaN;
}

/// <summary>The values of a cell file by path, changed by settings, and asked for one by one; remembers which were used.</summary>
internal sealed class CellValues
{
    private readonly Dictionary<string, Yaml> leaves = new(StringComparer.Ordinal);
    private readonly HashSet<string> set = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<CellParameter> parameters = [];
    private readonly string file;

    /// <exception cref="InputException">Unknown keys, in the file or in a setting.</exception>
    public CellValues(Yaml root, string file, IEnumerable<string> settings)
    {
        this.file = file;
        Walk(root, "");
        foreach (var setting in settings) { Set(setting); }
    }

    public IReadOnlyList<CellParameter> Parameters => parameters;

    /// <summary>Paths given in the file that nothing asked for.</summary>
    public IEnumerable<string> Unused => leaves.Keys.Where(k => !used.Contains(k)).Order(StringComparer.Ordinal);

    public bool Has(string path) => leaves.ContainsKey(path);

    public bool HasBelow(string path) => leaves.Keys.Any(k => k.StartsWith(path + ".", StringComparison.Ordinal));

    /// <summary>Number of entries of a list.</summary>
    public int Entries(string path)
    {
        var n = 0;
        while (leaves.Keys.Any(k => k.StartsWith($"{path}[{n.ToString(CultureInfo.InvariantCulture)}].", StringComparison.Ordinal))) { n++; }
        return n;
    }

    public InputException Error(string path, string what, string mend) => new(what, leaves.TryGetValue(path, out var y) ? Where(path, y) : $"{file}, {path}", mend);

    public string Word(string path, string? standard = null)
    {
        var key = CellKeys.Find(path)!;
        if (Take(path) is not { } y)
        {
            if (standard is null) { throw Missing(path, key); }
            parameters.Add(new(path, standard, double.NaN, "", "", null, false, true));
            return standard;
        }
        var (value, source, assumed) = Provenance(y, path);
        var text = Place(path, value, () => key.Unit.Length == 0 ? value.Text() : value.OneOf(key.Unit.Split(' ')));
        parameters.Add(new(path, text, double.NaN, "", "", source, assumed, false));
        return text;
    }

    public bool Switch(string path, bool standard)
    {
        if (Take(path) is not { } y)
        {
            parameters.Add(new(path, standard ? "true" : "false", double.NaN, "", "", null, false, true));
            return standard;
        }
        var (value, source, assumed) = Provenance(y, path);
        var on = Place(path, value, value.Boolean);
        parameters.Add(new(path, on ? "true" : "false", double.NaN, "", "", source, assumed, false));
        return on;
    }

    public int Count(string path, int standard)
    {
        var v = Number(path, standard);
        return v == Math.Floor(v) ? (int)v : throw Error(path, $"{path} is not a whole number", "write a whole number");
    }

    /// <summary>A number in SI; where it is left out the key's own default, and where that is no number an error.</summary>
    public double Number(string path)
    {
        var key = CellKeys.Find(path)!;
        if (leaves.ContainsKey(path)) { return Number(path, double.NaN); }
        if (!char.IsAsciiDigit(key.Default[0])) { throw Missing(path, key); }
        var q = Quantity.Parse(key.Default, key.Unit);
        Record(path, q, key, null, false, true);
        return q.Value;
    }

    /// <summary>A number in SI, or <paramref name="fallback"/> where it is left out.</summary>
    public double Number(string path, double fallback) => TryQuantity(path, CellKeys.Find(path)!.Unit)?.Value ?? fallback;

    /// <summary>A quantity in a unit of the key, or of any unit where <paramref name="unit"/> is empty; null where it is left out.</summary>
    public Quantity? TryQuantity(string path, string unit)
    {
        var key = CellKeys.Find(path)!;
        if (Take(path) is not { } y) { return null; }
        var (value, source, assumed) = Provenance(y, path);
        var q = Place(path, value, () => unit.Length == 0 ? Quantity.Parse(value.Text()) : value.Quantity(unit));
        CheckRange(path, value, key, q.Value);
        Record(path, q, key, source, assumed, false);
        return q;
    }

    /// <summary>A function; null where it is left out and not required.</summary>
    public MaterialFunction? TryFunction(string path, double maximumConcentration = double.NaN, double activationEnergy = 0, double reference = 298.15)
    {
        var key = CellKeys.Find(path)!;
        if (Take(path) is not { } y)
        {
            return char.IsAsciiDigit(key.Default[0]) ? MaterialFunction.Constant(Quantity.Parse(key.Default, key.Unit).Value)
                : key.Default.StartsWith("required", StringComparison.Ordinal) ? throw Missing(path, key) : null;
        }
        var (value, source, assumed) = Provenance(y, path);
        var f = Place(path, value, () =>
        {
            if (!value.IsMap)
            {
                var q = value.Quantity(key.Unit);
                CheckRange(path, value, key, q.Value);
                Record(path, q, key, source, assumed, false);
                return MaterialFunction.Constant(q.Value);
            }
            var (function, text, unit) = Formula(value, key, maximumConcentration);
            parameters.Add(new(path, text + (unit == "1" ? "" : " " + unit), double.NaN, unit, key.Basis, source, assumed, false));
            return function;
        });
        return f.WithActivation(activationEnergy, reference);
    }

    public MaterialFunction Function(string path, double maximumConcentration = double.NaN, double activationEnergy = 0, double reference = 298.15) =>
        TryFunction(path, maximumConcentration, activationEnergy, reference) ?? throw Missing(path, CellKeys.Find(path)!);

    private (MaterialFunction Function, string Text, string Unit) Formula(Yaml y, CellKey key, double maximumConcentration)
    {
        var table = y.Optional("table");
        var formula = table is null ? y.Required("expression") : null;
        var column = table is null ? null : y.Optional("column");
        var unitNode = y.Optional("unit");
        _ = (y.Optional("source"), y.Optional("assumed"));
        y.Close();
        var unit = unitNode?.Text() ?? (key.Unit == "1" ? "1" : throw y.Error("the unit is missing", $"add 'unit: {key.Unit}'"));
        var u = unit == "1" ? Unit.One : Unit.Parse(unit);
        if (u.Dimension != Unit.Parse(key.Unit).Dimension || u.Offset != 0) { throw y.Error($"'{unit}' is not a unit like '{key.Unit}'", $"give it in {key.Unit}"); }
        var straight = key.Path.EndsWith("openCircuitPotential", StringComparison.Ordinal);
        if (table is { IsMap: true }) { return (CellTable.Inline(table, key.Variables, maximumConcentration, u.Scale, straight), "table", unit); }
        if (table is not null)
        {
            var path = Path.Combine(Path.GetDirectoryName(file) ?? "", table.Text());
            try { return (CellTable.Read(path, column?.Text(), key.Variables, maximumConcentration, u.Scale, straight), $"table {table.Text()}", unit); }
            catch (InputException error) { throw error.At(table.Where); }
        }
        Expression e;
        try { e = Expression.Parse(formula!.Text()); }
        catch (InputException error) when (error.Where.StartsWith("column", StringComparison.Ordinal)) { throw error.At(formula!.Where); }
        foreach (var v in Enum.GetValues<Variable>())
        {
            var name = v switch { Variable.X => "x", Variable.C => "c", Variable.Ce => "ce", _ => "T" };
            if (e.DependsOn(v) && !key.Variables.Split(' ').Contains(name)) { throw formula!.Error($"'{name}' has no meaning here", $"this property may depend on {key.Variables.Replace(" ", ", ", StringComparison.Ordinal)}"); }
        }
        return (MaterialFunction.Of(e, maximumConcentration, u.Scale), formula!.Text(), unit);
    }

    /// <summary>A node, or what stands under its <c>value</c>, with source and assumption.</summary>
    private (Yaml Value, string? Source, bool Assumed) Provenance(Yaml y, string path)
    {
        if (!y.IsMap) { return (y, set.Contains(path) ? "set for this run" : null, false); }
        return Place(path, y, () =>
        {
            var source = y.Optional("source")?.Text();
            var assumed = y.Optional("assumed")?.Boolean() ?? false;
            if (y.Optional("value") is not { } value)
            {
                return y.Keys().Any(k => k is "expression" or "table") ? (y, source, assumed) : throw y.Error("'value' is missing", $"write {{ value: …, source: \"…\" }}");
            }
            y.Close();
            return (value, source, assumed);
        });
    }

    /// <summary>Errors inside a setting name the setting instead of a file.</summary>
    private T Place<T>(string path, Yaml y, Func<T> read)
    {
        try { return read(); }
        catch (InputException e) when (e.Where.Length == 0) { throw e.At(Where(path, y)); }
    }

    private string Where(string path, Yaml y) => set.Contains(path) ? $"--set {path}" : y.Where;

    private void CheckRange(string path, Yaml y, CellKey key, double value)
    {
        var dots = key.Range.IndexOf("..", StringComparison.Ordinal);
        var (low, high) = dots < 0 ? (0, double.PositiveInfinity)
            : (double.Parse(key.Range[..dots], CultureInfo.InvariantCulture), double.Parse(key.Range[(dots + 2)..], CultureInfo.InvariantCulture));
        var right = key.Range switch { "" => true, "> 0" => value > 0, _ => value >= low && value <= high };
        if (!right)
        {
            var expected = key.Range switch { "> 0" => "positive", ">= 0" => "not negative", _ => $"between {key.Range.Replace("..", " and ", StringComparison.Ordinal)}" };
            throw new InputException($"{path} must be {expected}", Where(path, y), "correct the number or its unit");
        }
    }

    private void Record(string path, Quantity q, CellKey key, string? source, bool assumed, bool isDefault)
    {
        var unit = q.Unit == Unit.One ? "1" : q.Unit.Text;
        parameters.Add(new(path, q.ToString(), Clean(q.Unit.FromSi(q.Value)), unit, key.Basis, source, assumed, isDefault) { StandardError = q.StandardError is { } e ? Clean(e / Math.Abs(q.Unit.Scale)) : double.NaN });
    }

    /// <summary>Undoes the round-off of going to SI and back: the shortest number that is the same to 14 digits.</summary>
    private static double Clean(double v) => double.Parse(v.ToString("G14", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private Yaml? Take(string path)
    {
        used.Add(path);
        return leaves.GetValueOrDefault(path);
    }

    private InputException Missing(string path, CellKey key)
    {
        var dot = path.LastIndexOf('.');
        var name = path[(dot + 1)..];
        var unit = key.Kind is CellValueKind.Quantity or CellValueKind.Function && key.Unit != "1" ? " " + key.Unit : "";
        return new($"'{path}' is missing", file, $"add '{name}: …{unit}'" + (dot > 0 ? $" under {path[..dot]}" : ""));
    }

    private void Walk(Yaml y, string path)
    {
        var key = path.Length == 0 ? null : CellKeys.Find(path);
        if (key is not null && !(y.IsMap && CellKeys.IsBlock(path) && y.Keys().Any(k => CellKeys.Find($"{path}.{k}") is not null)))
        {
            leaves[path] = y;
            return;
        }
        if (y.IsList)
        {
            if (!CellKeys.IsBlock(path + "[]") || path.EndsWith(']')) { throw y.Error("a list does not belong here", "write keys with values"); }
            var entries = y.List();
            for (var i = 0; i < entries.Count; i++) { Walk(entries[i], $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]"); }
            return;
        }
        foreach (var name in y.Keys())
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            var child = y.Optional(name);
            if (CellKeys.Find(below) is null && !CellKeys.IsBlock(below) && !CellKeys.IsBlock(below + "[]"))
            {
                throw new InputException($"'{name}' is not a key here", child?.Where ?? y.Where, NearestName.Suggest(name, CellKeys.Below(path)));
            }
            if (child is not null) { Walk(child, below); }
        }
    }

    /// <summary>Paths that end in the same word, the likeliest first; else the nearest names.</summary>
    private static string Nearest(string path)
    {
        var word = path[(path.LastIndexOf('.') + 1)..];
        var same = CellKeys.Paths().Where(p => p == word || p.EndsWith("." + word, StringComparison.Ordinal)).OrderBy(p => NearestName.Distance(p, path)).Take(3).Select(p => $"'{p}'").ToArray();
        return same.Length > 0 ? $"did you mean {string.Join(" or ", same)}?" : NearestName.Suggest(path, CellKeys.Paths());
    }

    private void Set(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) { throw new InputException($"'{setting}' is no setting", "--set", "write path=value, as in --set positive.interface.arealResistance='300 ohm cm2'"); }
        var path = setting[..equals].Trim();
        if (CellKeys.Find(path) is null && !CellKeys.IsBlock(path) && !CellKeys.IsBlock(path + "[]") || path is "electrode" || path.StartsWith("electrode.", StringComparison.Ordinal))
        {
            throw new InputException($"'{path}' is not a parameter of a cell", "--set", Nearest(path));
        }
        foreach (var old in leaves.Keys.Where(k => k == path || k.StartsWith(path + ".", StringComparison.Ordinal) || k.StartsWith(path + "[", StringComparison.Ordinal)).ToArray()) { leaves.Remove(old); }
        var before = leaves.Keys.ToHashSet(StringComparer.Ordinal);
        Walk(Yaml.Parse(setting[(equals + 1)..], $"--set {path}"), path);
        set.UnionWith(leaves.Keys.Where(k => !before.Contains(k)));
    }
}
