using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>
/// What the text files of EC-Lab and BT-Lab (<c>.mpt</c>, <c>.mps</c>, <c>.mpl</c>) say about cell, instrument and program in lines
/// <c>name : value</c> and in tables of one column a sequence, twenty characters wide.
/// </summary>
internal static partial class BiologicHeader
{
    private const int Width = 20;

    /// <summary>Names as the readers of the binary file have them.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["Mass of active material"] = MetadataNames.ActiveMass, ["Electrode surface area"] = MetadataNames.ElectrodeArea, ["Battery capacity"] = MetadataNames.NominalCapacity,
        ["Reference electrode"] = MetadataNames.ReferenceElectrode, ["Comments"] = MetadataNames.Comments, ["Device"] = MetadataNames.Instrument, ["Characteristic mass"] = "characteristicMass",
        ["Molecular weight of active material (at x = 0)"] = "molecularWeight", ["Atomic weight of intercalated ion"] = "ionWeight", ["Electrode material"] = "electrodeMaterial",
        ["Number of e- transfered per intercalated ion"] = "electronsPerIon", ["Electrolyte"] = "electrolyte", ["Volume (V)"] = "volume", ["Density"] = "density",
    };

    /// <summary>The entries of the lines; a table of sequences gives an entry for each parameter, <c>settings.Is</c>, with one value a sequence.</summary>
    public static List<MetadataEntry> Entries(IEnumerable<string> lines, bool comma)
    {
        var entries = new List<MetadataEntry>();
        var (table, techniques) = ("", 0);
        foreach (var line in lines)
        {
            if (line.StartsWith("Ns  ", StringComparison.Ordinal)) { table = techniques > 1 ? $"settings{techniques}." : "settings."; }
            if (table.Length > 0 && line.Length > Width && !line.Contains(" : ", StringComparison.Ordinal))
            {
                var cells = line[Width..].Chunk(Width).Select(c => new string(c).Trim());
                entries.Add(new(table + line[..Width].Trim(), string.Join(", ", cells.Where(c => c.Length > 0))));
                continue;
            }
            table = "";
            if (line.StartsWith("Technique : ", StringComparison.Ordinal)) { techniques++; continue; }
            if (One(line, comma) is not { } entry) { continue; }
            if (entry.Name == MetadataNames.Comments && entries.FindIndex(e => e.Name == entry.Name) is >= 0 and var at) { entries[at] = entries[at] with { Text = entries[at].Text + "\n" + entry.Text, IsDefault = false }; }
            else { entries.Add(entry); }
        }
        // The stoichiometry belongs to the mass and the molar mass: with their defaults it is the example's.
        if (entries.Exists(e => e.Name is MetadataNames.ActiveMass or "molecularWeight" && e.IsDefault))
        {
            for (var i = 0; i < entries.Count; i++) { if (entries[i].Name is "massAtX" or "initialX") { entries[i] = entries[i] with { IsDefault = true }; } }
        }
        return entries;
    }

    private static MetadataEntry? One(string line, bool comma)
    {
        if (line.StartsWith("EC-L", StringComparison.OrdinalIgnoreCase) || line.StartsWith("BT-L", StringComparison.OrdinalIgnoreCase))
        {
            return line.Contains("(software)", StringComparison.Ordinal) ? new(MetadataNames.Software, line.Trim()) : null;
        }
        if (line.TrimStart().StartsWith("at x = ", StringComparison.Ordinal)) { return Number("massAtX", line.TrimStart()["at x = ".Length..].Trim(), comma); }
        var colon = line.IndexOf(" : ", StringComparison.Ordinal);
        if (colon <= 0) { return null; }
        var (key, value) = (line[..colon].Trim(), line[(colon + 3)..].Trim());
        if (value.Length == 0) { return null; }
        if (key == "Acquisition started at" && value.StartsWith("xo = ", StringComparison.Ordinal)) { return Number("initialX", value["xo = ".Length..], comma); }
        return Number(Names.GetValueOrDefault(key) ?? Camel(key), value, comma);
    }

    private static MetadataEntry Number(string name, string value, bool comma)
    {
        var quantity = QuantityOf(value, comma);
        return new(name, value, quantity, IsDefault(name, value, quantity));
    }

    /// <summary>When the acquisition began.</summary>
    public static StartTime? StartOf(IReadOnlyList<MetadataEntry> entries) =>
        entries.FirstOrDefault(m => m.Name == "acquisitionStartedOn") is { } e && BiologicMpt.ParseDate(e.Text) is { } clock ? new StartTime(clock, null) : null;

    /// <summary>True where the numbers of these lines have decimal commas.</summary>
    public static bool HasDecimalComma(IEnumerable<string> lines)
    {
        var (commas, points) = (0, 0);
        foreach (var line in lines.Where(l => l.StartsWith("Electrode surface", StringComparison.Ordinal) || l.StartsWith("Characteristic", StringComparison.Ordinal) || l.StartsWith("Battery cap", StringComparison.Ordinal) || l.StartsWith("Mass of", StringComparison.Ordinal)))
        {
            commas += line.Count(c => c == ',');
            points += DigitsAroundPoint().Count(line);
        }
        return commas > points;
    }

    private static bool IsDefault(string name, string text, Quantity? quantity) => name switch
    {
        MetadataNames.ElectrodeArea => quantity is not { Value: > 0 } || Near(quantity.Value.Value, 1e-7),
        "characteristicMass" => quantity is not { Value: > 0 } || Near(quantity.Value.Value, 1e-6) || Near(quantity.Value.Value, 1e-9),
        MetadataNames.ActiveMass => quantity is not { Value: > 0 } || Near(quantity.Value.Value, 1e-9) || Near(quantity.Value.Value, 7e-3),
        "molecularWeight" => quantity is not { Value: > 0 } || Near(quantity.Value.Value, 1e-6) || Near(quantity.Value.Value, 0.09093),
        "ionWeight" => quantity is not { Value: > 0 } || Near(quantity.Value.Value, 1e-6),
        "volume" => quantity is not { Value: > 0 } || Near(quantity.Value.Value, 1e-9),
        "density" or MetadataNames.NominalCapacity => quantity is not { Value: > 0 },
        "electronsPerIon" => true,
        MetadataNames.ReferenceElectrode => text.StartsWith("(unspec", StringComparison.Ordinal),
        MetadataNames.Comments => text is "Li-ion 18650 1.35 A.h" or "GITT",
        _ => false,
    };

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6 * b;

    private static Quantity? QuantityOf(string value, bool comma)
    {
        var m = NumberAndUnit().Match(comma ? value.Replace(',', '.') : value);
        var unitText = m.Groups[2].Value is "cm²" or "cm\uFFFD" ? "cm2" : m.Groups[2].Value is "mm²" or "mm\uFFFD" ? "mm2" : m.Groups[2].Value is "cm³" ? "cm3" : m.Groups[2].Value.Length == 0 ? "1" : m.Groups[2].Value;
        return m.Success && Unit.TryParse(unitText, out var unit, out _) && double.TryParse(m.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v)
            ? new Quantity(unit.ToSi(v), null, unit) : null;
    }

    /// <summary>A name of several words as one (<c>Electrode material</c> → <c>electrodeMaterial</c>).</summary>
    public static string Camel(string key)
    {
        var words = Words().Matches(key).Select(m => m.Value).ToArray();
        return words.Length == 0 ? key : char.ToLowerInvariant(words[0][0]) + words[0][1..] + string.Concat(words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }

    [GeneratedRegex(@"^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(\S*)$")]
    private static partial Regex NumberAndUnit();

    [GeneratedRegex(@"\d\.\d")]
    private static partial Regex DigitsAroundPoint();

    [GeneratedRegex(@"[A-Za-z0-9]+")]
    private static partial Regex Words();
}
