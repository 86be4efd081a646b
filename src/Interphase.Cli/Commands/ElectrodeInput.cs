using System.CommandLine;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary>The files and the electrode facts that cycling, titration and voltammetry take alike.</summary>
internal sealed class ElectrodeInput
{
    public readonly Argument<string[]> Files = FileArguments.Several("Instrument files; several are one series in order of time");
    public readonly Option<string?> Electrode = new("--electrode") { Description = "Electrode facts: a YAML file with area, activeMass, nominalCapacity …", HelpName = "ELECTRODE.yaml" };
    public readonly Option<string?> Mass = new("--mass") { Description = "Active mass, for example \"8.9 +- 0.1 mg\"", HelpName = "MASS" };
    public readonly Option<string?> Area = new("--area") { Description = "Geometric area, for example 0.785cm2", HelpName = "AREA" };
    public readonly Option<string?> Nominal = new("--nominal") { Description = "Nominal capacity: 145.8mAh/g, 1.02mAh or 1.3mAh/cm2", HelpName = "CAPACITY" };

    /// <summary>What the call says, over the electrode file, over what the instrument file says.</summary>
    public (TimeSeries Series, Electrode Electrode, IReadOnlyList<Measurement> Measurements, List<Warning> Warnings) Read(ParseResult parse)
    {
        var stated = Stated(parse);
        var (series, ordered, warnings) = Joined.Of([.. parse.Files(Files).Select(InstrumentFile.Read)]);
        return (series, stated.Over(Measurements.Electrode.Of(ordered[0])), ordered, [.. warnings]);
    }

    /// <summary>What the call says, over the electrode file.</summary>
    public Electrode Stated(ParseResult parse)
    {
        var nominal = Positive(parse.GetValue(Nominal), "--nominal", null);
        if (nominal is { } q && !new[] { "A.h", "A.h/g", "A.h/m2" }.Any(u => Unit.Parse(u).Dimension == q.Unit.Dimension))
        {
            throw new InputException($"'{q}' is not a capacity", "--nominal", "write it per active mass ('145.8mAh/g'), absolute ('1.02mAh') or per area ('1.3mAh/cm2')");
        }
        var facts = new Electrode { ActiveMass = Positive(parse.GetValue(Mass), "--mass", "mg"), Area = Positive(parse.GetValue(Area), "--area", "cm2"), NominalCapacity = nominal };
        return parse.GetValue(Electrode) is { } path ? facts.Over(Measurements.Electrode.Load(path)) : facts;
    }

    /// <summary>A positive quantity of an option, or null where it is not given.</summary>
    public static Quantity? Positive(string? text, string option, string? unit)
    {
        if (text is null) { return null; }
        Quantity q;
        try { q = unit is null ? Quantity.Parse(text) : Quantity.Parse(text, unit); }
        catch (InputException e) { throw e.At(option); }
        return q.Value > 0 ? q : throw new InputException($"'{text}' is not positive", option, "write a value above zero");
    }

    /// <summary>Warnings for people: one line for one text, and at most five of a kind (the JSON holds all).</summary>
    public static void Write(TextWriter output, IEnumerable<Warning> warnings)
    {
        var lines = warnings.GroupBy(w => w.Text).Select(g => (Kind: Kind(g.First().Path), Paths: Merged([.. g.Select(w => w.Path).Distinct()]), Text: g.Key)).ToArray();
        if (lines.Length > 0) { output.WriteLine(); }
        foreach (var kind in lines.GroupBy(l => l.Kind))
        {
            foreach (var (_, paths, text) in kind.Take(kind.Count() <= 6 ? 6 : 5)) { output.WriteLine($"warning ({paths}): {text}"); }
            if (kind.Count() > 6) { output.WriteLine($"warning ({kind.Key}): and {kind.Count() - 5} more of this kind (--json lists them)"); }
        }
    }

    private static string Kind(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[]");

    /// <summary>cycles[0].a, cycles[1].a, cycles[2].a as cycles[0–2].a.</summary>
    private static string Merged(string[] paths) => string.Join(", ", paths.GroupBy(Kind).Select(g =>
    {
        int[] numbers = [.. g.Select(p => System.Text.RegularExpressions.Regex.Match(p, @"\[(\d+)\]")).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].ValueSpan)).Order()];
        if (numbers.Length < 2) { return g.First(); }
        var runs = new List<(int From, int To)>();
        foreach (var n in numbers)
        {
            if (runs.Count > 0 && runs[^1].To == n - 1) { runs[^1] = (runs[^1].From, n); } else { runs.Add((n, n)); }
        }
        return g.Key.Replace("[]", $"[{string.Join(",", runs.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}–{r.To}"))}]", StringComparison.Ordinal);
    }));

    /// <summary>A number for a table; a dash where there is none.</summary>
    public static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format) : "–";
}
