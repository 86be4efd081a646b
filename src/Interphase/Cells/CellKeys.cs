namespace Interphase.Cells;

/// <summary>What may stand at a key.</summary>
public enum CellValueKind
{
    /// <summary>A number with a unit.</summary>
    Quantity,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A number with a unit, a formula or a table.</summary>
    Function,

    /// <summary>One of a few words, or a name.</summary>
    Word,

    /// <summary>true or false.</summary>
    Switch,
}

/// <summary>One key of the cell file.</summary>
/// <param name="Path">Keys joined by dots; <c>electrode</c> stands for <c>positive</c> and <c>negative</c>, <c>[]</c> for an entry of a list.</param>
/// <param name="Kind">What may stand there.</param>
/// <param name="Unit">A unit of its dimension; <c>1</c> for a pure number; for words the words, for functions the unit of the value.</param>
/// <param name="Default">What holds where it is left out; <c>required</c>, or <c>none</c>.</param>
/// <param name="Meaning">One sentence; says per which area.</param>
/// <param name="Basis"><c>geometric area</c>, <c>real area</c>, or empty.</param>
/// <param name="Range"><c>&gt; 0</c>, <c>&gt;= 0</c>, <c>0..1</c>, or empty.</param>
/// <param name="Variables">The variables a formula may use, parted by spaces.</param>
public sealed record CellKey(string Path, CellValueKind Kind, string Unit, string Default, string Meaning, string Basis = "", string Range = "", string Variables = "");

/// <summary>Every key of the cell file, written out by hand; <c>docs/cell-file.md</c> lists the same.</summary>
public static class CellKeys
{
    private const string Geometric = "geometric area", Real = "real area";

    /// <summary>All keys, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<CellKey> All =
    [
        Word("name", "", "required", "What the cell is called."),
        Number("geometry.area", "cm2", "required", "Geometric area of the electrodes.", range: "> 0"),
        Number("temperature", "degC", "25 degC", "Temperature at the start, and around the cell.", range: "> 0"),
        Number("referenceTemperature", "degC", "25 degC", "Temperature at which the parameters hold; activation energies lead from there elsewhere.", range: "> 0"),
        Number("seriesResistance", "ohm cm2", "0 ohm cm2", "Further ohmic resistance in series: leads, contacts.", Geometric, ">= 0"),

        Word("electrode.kind", "porous foil", "porous (positive), foil (negative)", "A composite of particles, or a planar electrode at a constant potential."),
        Number("electrode.thickness", "um", "required", "Thickness of the composite.", range: "> 0"),
        Number("electrode.activeMaterial.volumeFraction", "1", "required", "Active particles per volume of electrode.", range: "0..1"),
        Number("electrode.activeMaterial.particleRadius", "um", "required", "Radius of the particles.", range: "> 0"),
        Number("electrode.activeMaterial.maximumConcentration", "mol/m3", "required", "Lithium per volume of particle at stoichiometry 1.", range: "> 0"),
        Number("electrode.activeMaterial.density", "g/cm3", "none", "Density of the particles; specific capacities and currents per mass need it.", range: "> 0"),
        Number("electrode.activeMaterial.molarMass", "g/mol", "none", "Mass per mole of lithium sites; only checks density against maximumConcentration.", range: "> 0"),
        Function("electrode.activeMaterial.diffusivity", "m2/s", "required", "Diffusivity of lithium in the particles.", "x c T", range: "> 0"),
        Number("electrode.activeMaterial.diffusivityActivationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on the diffusivity."),
        Function("electrode.activeMaterial.openCircuitPotential", "V", "required", "Open-circuit potential versus Li at the reference temperature.", "x c"),
        Function("electrode.activeMaterial.entropicCoefficient", "V/K", "0 V/K", "Its change with temperature.", "x c"),
        Number("electrode.electrolyte.volumeFraction", "1", "required", "Electrolyte per volume of electrode.", range: "0..1"),
        Number("electrode.electrolyte.tortuosityFactor", "1", "required", "Effective property = property · volumeFraction / tortuosityFactor.", range: "> 0"),
        Function("electrode.electrolyte.conductivity", "mS/cm", "that of `electrolyte`", "Conductivity of the electrolyte in this electrode (single-ion conductor only).", "ce T", range: "> 0"),
        Function("electrode.electronicConductivity", "S/m", "required", "Effective electronic conductivity of the electrode.", "x c T", range: "> 0"),
        Number("electrode.interface.arealResistance", "ohm cm2", "none", "Small-signal resistance of all contacted particles in parallel: EIS arc times geometric area.", Geometric, "> 0"),
        Number("electrode.interface.chargeTransferShare", "1", "1", "Share of arealResistance that is Butler–Volmer; the rest is ohmic.", range: "0..1"),
        Number("electrode.interface.activationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on 1/arealResistance."),
        Function("electrode.interface.exchangeCurrentDensity", "A/m2", "none", "Exchange current density i0 of j = 2 i0 sinh(Fη/2RT).", "x c ce T", Real, "> 0"),
        Number("electrode.interface.exchangeCurrentActivationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on exchangeCurrentDensity."),
        Number("electrode.interface.filmResistance", "ohm cm2", "0 ohm cm2", "Ohmic film on the particles.", Real, ">= 0"),
        Number("electrode.interface.filmActivationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on 1/filmResistance."),
        Number("electrode.interface.coating.thickness", "nm", "required in coating", "Thickness of the coating.", range: "> 0"),
        Number("electrode.interface.coating.conductivity", "uS/cm", "required in coating", "Ionic conductivity of the coating.", range: "> 0"),
        Number("electrode.interface.coating.relativePermittivity", "1", "0", "Permittivity of the coating over that of vacuum; gives its capacitance.", range: ">= 0"),
        Number("electrode.interface.coating.activationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on the coating's conductivity."),
        Number("electrode.interface.doubleLayerCapacitance", "uF/cm2", "0 uF/cm2", "Double layer; class k carries it times its contact.", Real, ">= 0"),
        Number("electrode.interface.contact.sigma", "1", "0", "Standard deviation of ln(contact): log-normal, mean 1.", range: ">= 0"),
        Count("electrode.interface.contact.classes", "1 (48 where sigma > 0)", "Classes of equal probability, for each population.", "1..1000"),
        Number("electrode.interface.contact.isolated", "1", "0", "Share of the active material without contact; it counts in the mass.", range: "0..1"),
        Word("electrode.interface.populations[].name", "", "required in populations", "What the population is called."),
        Number("electrode.interface.populations[].fraction", "1", "required in populations", "Its share of the contacted particles; they sum to 1.", range: "0..1"),
        Number("electrode.interface.populations[].relativeConductance", "1", "required in populations", "Its conductance over the electrode's mean; Σ fraction·relativeConductance = 1.", range: "> 0"),
        Number("electrode.interface.populations[].particleRadius", "um", "that of `activeMaterial`", "Its own particle radius.", range: "> 0"),
        Number("electrode.interface.slow.share", "1", "required in slow", "Slow polarisation: timeConstant du/dt = share·j/G − u.", range: ">= 0"),
        Number("electrode.interface.slow.timeConstant", "s", "required in slow", "Time constant of the slow polarisation.", range: "> 0"),
        Number("electrode.potential", "V", "required", "Potential of the foil versus Li.", range: ""),
        Number("electrode.arealResistance", "ohm cm2", "0 ohm cm2", "Linear resistance of the foil's reaction.", Geometric, ">= 0"),
        Number("electrode.activationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on 1/arealResistance of the foil."),
        Function("electrode.exchangeCurrentDensity", "A/m2", "none", "Butler–Volmer kinetics of the foil instead of arealResistance.", "ce T", Geometric, "> 0"),
        Number("electrode.exchangeCurrentActivationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on exchangeCurrentDensity of the foil."),
        Number("electrode.arealCapacitance", "mF/cm2", "0 mF/cm2", "Capacitance in parallel with the foil's reaction.", Geometric, ">= 0"),
        Number("electrode.inventory", "mAh/cm2", "unlimited", "Lithium that can be taken out of the foil before its plateau ends.", Geometric, ">= 0"),
        Number("electrode.capacity", "mAh/cm2", "unlimited", "Charge between the two ends of the plateau: capacity − inventory can be put in.", Geometric, "> 0"),

        Number("separator.thickness", "um", "required", "Thickness of the separator.", range: "> 0"),
        Number("separator.electrolyte.volumeFraction", "1", "1", "Electrolyte per volume of separator.", range: "0..1"),
        Number("separator.electrolyte.tortuosityFactor", "1", "1", "As in the electrodes.", range: "> 0"),
        Function("separator.electrolyte.conductivity", "mS/cm", "that of `electrolyte`", "Conductivity of the electrolyte in the separator (single-ion conductor only).", "ce T", range: "> 0"),
        Number("separator.grainBoundary.arealResistance", "ohm cm2", "0 ohm cm2", "Grain boundaries, in series with the bulk.", Geometric, ">= 0"),
        Number("separator.grainBoundary.arealCapacitance", "nF/cm2", "0 nF/cm2", "In parallel with the grain boundaries' resistance.", Geometric, ">= 0"),
        Number("separator.grainBoundary.activationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on 1/arealResistance of the grain boundaries."),

        Word("electrolyte.kind", "single-ion binary-salt", "single-ion", "Only lithium moves (a solid), or a salt in a solvent."),
        Function("electrolyte.conductivity", "mS/cm", "required", "Bulk conductivity.", "ce T", range: "> 0"),
        Number("electrolyte.conductivityActivationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on every conductivity of the electrolyte."),
        Number("electrolyte.concentration", "mol/m3", "required for a binary salt", "Salt concentration at rest.", range: "> 0"),
        Function("electrolyte.diffusivity", "m2/s", "required for a binary salt", "Diffusivity of the salt.", "ce T", range: "> 0"),
        Number("electrolyte.diffusivityActivationEnergy", "kJ/mol", "0 kJ/mol", "Arrhenius factor on the salt's diffusivity."),
        Function("electrolyte.transferenceNumber", "1", "required for a binary salt", "Transference number of the cation.", "ce T"),
        Function("electrolyte.thermodynamicFactor", "1", "1", "1 + d ln f/d ln c of the salt.", "ce T", range: "> 0"),

        Number("initial.stoichiometry", "1", "required for a porous positive electrode", "Lithium per site of the positive electrode.", range: "0..1"),
        Number("initial.negativeStoichiometry", "1", "required for a porous negative electrode", "Lithium per site of the negative electrode.", range: "0..1"),
        Number("nominalCapacity", "A.h", "required", "What 1C means, for the whole cell …", range: "> 0"),
        Number("nominalCapacity.specific", "mAh/g", "instead of nominalCapacity", "… or per mass of active material of the positive electrode.", range: "> 0"),

        Word("ageing.interphase.law", "parabolic linear", "parabolic", "Growth of the interphase's resistance: ∝ √n or ∝ n."),
        Number("ageing.interphase.resistance", "ohm cm2", "0 ohm cm2", "Resistance added to the interface of the positive electrode after `after`.", Geometric, ">= 0"),
        Number("ageing.interphase.after", "", "1", "A number of cycles, or a time.", range: "> 0"),
        Number("ageing.interphase.parasiticShare", "1", "0", "Share of the charging current that oxidises the electrolyte, in the first cycle.", range: "0..1"),
        Word("ageing.interphase.parasiticLaw", "parabolic linear", "linear", "Linear keeps that share, parabolic lets it fall as √n − √(n−1)."),
        Number("ageing.contactLoss", "1", "0", "Share of all active material that loses contact in each cycle.", range: "0..1"),
        Word("ageing.contactLossOrder", "any weakest", "any", "Which particles lose it: any, in proportion; or those with the weakest contact first."),
        Number("ageing.activeMaterialLoss", "1", "0", "Share of the active material present at the start that is lost in each cycle.", range: "0..1"),

        Number("limits.lower", "V", "none", "Cell potential that ends a step which names none in that direction."),
        Number("limits.upper", "V", "none", "The same above."),
        Number("thermal.heatCapacity", "J/K", "required in thermal", "Heat capacity of the whole cell.", range: "> 0"),
        Number("thermal.heatTransfer", "W/K", "required in thermal", "Heat given to the surroundings per kelvin.", range: ">= 0"),
        Number("thermal.surroundings", "degC", "that of `temperature`", "Temperature around the cell.", range: "> 0"),

        Count("numerics.electrodePoints", "4", "Finite volumes along each porous electrode.", "1..1000"),
        Count("numerics.separatorPoints", "4", "Finite volumes across the separator (binary salt).", "1..1000"),
        Count("numerics.particlePoints", "16", "Shells of each particle.", "2..1000"),
        Number("numerics.relativeTolerance", "1", "1e-4", "Relative tolerance of a time step.", range: "> 0"),
        Number("numerics.absoluteTolerance", "1", "1e-6", "Absolute tolerance of a time step on stoichiometry and, in V, on potential.", range: "> 0"),
        new("numerics.doubleLayerInTime", CellValueKind.Switch, "true false", "false", "Whether the double layers of particles are part of the time domain; all capacitances always are part of the impedance."),
    ];

    private static readonly Dictionary<string, CellKey> ByPath = All.ToDictionary(k => k.Path, StringComparer.Ordinal);

    /// <summary>The key of a path as written (<c>positive.thickness</c>, <c>positive.interface.populations[1].name</c>), or null.</summary>
    public static CellKey? Find(string path) => ByPath.GetValueOrDefault(Canonical(path));

    /// <summary>Where a path stands in the order of the documentation, the positive electrode before the separator, the negative after the electrolyte.</summary>
    internal static (int, int, string) Order(string path)
    {
        var at = 0;
        while (at < All.Count && All[at].Path != Canonical(path)) { at++; }
        var block = path.Split('.')[0] switch { "positive" => 1, "separator" => 2, "electrolyte" => 3, "negative" => 4, "name" or "geometry" or "temperature" or "referenceTemperature" or "seriesResistance" => 0, _ => 5 };
        return (block, path.Contains('[', StringComparison.Ordinal) ? All.Count : at, path.Contains('[', StringComparison.Ordinal) ? path[..(path.IndexOf(']', StringComparison.Ordinal) + 1)] : "");
    }

    /// <summary>Whether keys lie below a path.</summary>
    internal static bool IsBlock(string path)
    {
        var prefix = Canonical(path) + ".";
        return All.Any(k => k.Path.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>The names that may stand directly below a path.</summary>
    internal static IEnumerable<string> Below(string path)
    {
        if (path.Length == 0) { return All.Select(k => k.Path.Split('.')[0]).SelectMany(k => k == "electrode" ? ["positive", "negative"] : new[] { k }).Distinct(); }
        var prefix = Canonical(path) + ".";
        return All.Where(k => k.Path.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k.Path[prefix.Length..].Split('.')[0].Replace("[]", "", StringComparison.Ordinal)).Distinct();
    }

    /// <summary>Every path a person may write, lists with their first entry.</summary>
    internal static IEnumerable<string> Paths() => All.SelectMany(k => k.Path.StartsWith("electrode.", StringComparison.Ordinal)
        ? ["positive" + k.Path[9..].Replace("[]", "[0]", StringComparison.Ordinal), "negative" + k.Path[9..].Replace("[]", "[0]", StringComparison.Ordinal)]
        : new[] { k.Path });

    internal static string Canonical(string path)
    {
        var generic = path;
        for (var open = generic.IndexOf('['); open >= 0; open = generic.IndexOf('[', open + 1))
        {
            var close = generic.IndexOf(']', open);
            if (close < 0) { return path; }
            generic = generic[..(open + 1)] + generic[close..];
        }
        return generic.StartsWith("positive", StringComparison.Ordinal) || generic.StartsWith("negative", StringComparison.Ordinal) ? "electrode" + generic[8..] : generic;
    }

    private static CellKey Number(string path, string unit, string standard, string meaning, string basis = "", string range = "") => new(path, CellValueKind.Quantity, unit, standard, meaning, basis, range);

    private static CellKey Function(string path, string unit, string standard, string meaning, string variables, string basis = "", string range = "") => new(path, CellValueKind.Function, unit, standard, meaning, basis, range, variables);

    private static CellKey Word(string path, string words, string standard, string meaning) => new(path, CellValueKind.Word, words, standard, meaning);

    private static CellKey Count(string path, string standard, string meaning, string range) => new(path, CellValueKind.Count, "1", standard, meaning, Range: range);
}
