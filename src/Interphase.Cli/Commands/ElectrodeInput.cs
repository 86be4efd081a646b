using System.CommandLine;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary>The files and the electrode facts that cycling, titration and voltammetry take alike.</summary>
internal sealed class ElectrodeInput
{
    public readonly Argument<string[]> Files = new("FILE") { Description = "Instrument files; several are one series in order of time", Arity = ArgumentArity.OneOrMore };
    public readonly Option<string?> Electrode = new("--electrode") { Description = "Electrode facts: a YAML file with area, activeMass, nominalCapacity …", HelpName = "ELECTRODE.yaml" };
    public readonly Option<string?> Mass = new("--mass") { Description = "Active mass, for example \"8.9 +- 0.1 mg\"", HelpName = "MASS" };
    public readonly Option<string?> Area = new("--area") { Description = "Geometric area, for example 0.785cm2", HelpName = "AREA" };
    public readonly Option<string?> Nominal = new("--nominal") { Description = "Nominal capacity: 145.8mAh/g, 1.02mAh or 1.3mAh/cm2", HelpName = "CAPACITY" };

    /// <summary>What the call says, over the electrode file, over what the instrument file says.</summary>
    public (TimeSeries Series, Electrode Electrode, IReadOnlyList<Measurement> Measurements, List<Warning> Warnings) Read(ParseResult parse)
    {
        var stated = Stated(parse);
        var (series, ordered, warnings) = Joined.Of([.. parse.GetValue(Files)!.Select(InstrumentFile.Read)]);
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

    public static void Write(TextWriter output, IEnumerable<Warning> warnings)
    {
        var any = false;
        foreach (var w in warnings)
        {
            if (!any) { output.WriteLine(); any = true; }
            output.WriteLine($"warning ({w.Path}): {w.Text}");
        }
    }

    /// <summary>A number for a table; a dash where there is none.</summary>
    public static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format) : "–";
}
