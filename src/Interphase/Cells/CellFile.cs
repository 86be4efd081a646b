using Interphase.Files;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cells;

/// <summary>Reads the cell file: exactly the keys of <see cref="CellKeys"/>.</summary>
public static class CellFile
{
    /// <summary>Names of the cells that come with Interphase.</summary>
    public static readonly IReadOnlyList<string> Shipped = ["lnto-350", "lnto-450", "lnto-550", "nmc532-liquid", "marquis2019", "li-in-symmetric"];

    /// <summary>Reads a shipped cell by its name, or a file (YAML, or BPX where it ends in <c>.json</c>).</summary>
    /// <param name="nameOrPath">Name or path.</param>
    /// <param name="settings">Changes, each <c>path=value</c> with unit.</param>
    /// <exception cref="InputException">Unknown keys, wrong units, values out of range; says where.</exception>
    public static Cell Read(string nameOrPath, params IReadOnlyList<string> settings)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (File.Exists(nameOrPath) && !IsBpx(nameOrPath)) { return Build(Yaml.Load(nameOrPath), nameOrPath, settings); }
        var cell = Parse(Text(nameOrPath), nameOrPath, settings);
        return File.Exists(nameOrPath) ? cell with { Problems = [.. cell.Problems, .. Bpx.NotRead(nameOrPath, cell.Thermal is null)] } : cell;
    }

    /// <summary>The description as YAML text, to begin one's own with: a shipped cell by its name, a file as it is, BPX rewritten in our keys.</summary>
    /// <param name="nameOrPath">Name or path.</param>
    /// <exception cref="InputException">Neither a file nor a shipped cell, or BPX that cannot be read.</exception>
    public static string Text(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (File.Exists(nameOrPath)) { return IsBpx(nameOrPath) ? Bpx.ToCellFile(nameOrPath) : File.ReadAllText(nameOrPath); }
        return Shipped.Contains(nameOrPath) ? ShippedText(nameOrPath)
            : throw new InputException($"'{nameOrPath}' is neither a file nor a shipped cell", nameOrPath, NearestName.Suggest(nameOrPath, Shipped));
    }

    private static bool IsBpx(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) && Bpx.Recognises(path);

    /// <summary>Reads a description given as text; <paramref name="name"/> stands for the file in errors.</summary>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static Cell Parse(string text, string name, params IReadOnlyList<string> settings) => Build(Yaml.Parse(text, name), name, settings);

    internal static string ShippedText(string name)
    {
        using var stream = typeof(CellFile).Assembly.GetManifestResourceStream($"cells/{name}.yaml") ?? throw new InvalidOperationException($"no shipped cell {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Cell Build(Yaml root, string file, IReadOnlyList<string> settings)
    {
        var v = new CellValues(root, file, settings);
        var name = v.Word("name");
        var area = v.Number("geometry.area");
        var temperature = v.Number("temperature");
        var reference = v.Number("referenceTemperature");
        var conduction = v.Number("electrolyte.conductivityActivationEnergy");
        var electrolyte = ReadElectrolyte(v, conduction, reference);
        var positive = ReadElectrode(v, "positive", "porous", electrolyte, conduction, reference);
        var separator = new Separator(v.Number("separator.thickness"), Phase(v, "separator.electrolyte", electrolyte, conduction, reference),
            v.HasBelow("separator.grainBoundary") ? new(v.Number("separator.grainBoundary.arealResistance"), v.Number("separator.grainBoundary.arealCapacitance"), v.Number("separator.grainBoundary.activationEnergy")) : null);
        var negative = ReadElectrode(v, "negative", "foil", electrolyte, conduction, reference);
        var cell = new Cell
        {
            Name = name,
            Area = area,
            Temperature = temperature,
            ReferenceTemperature = reference,
            SeriesResistance = v.Number("seriesResistance"),
            Positive = positive,
            Negative = negative,
            Separator = separator,
            Electrolyte = electrolyte,
            Initial = new(positive is PorousElectrode ? v.Number("initial.stoichiometry") : double.NaN, negative is PorousElectrode ? v.Number("initial.negativeStoichiometry") : double.NaN),
            NominalCapacity = double.NaN,
            Ageing = v.HasBelow("ageing") ? ReadAgeing(v) : null,
            Limits = new(v.Number("limits.lower", double.NegativeInfinity), v.Number("limits.upper", double.PositiveInfinity)),
            Thermal = v.HasBelow("thermal") ? new(v.Number("thermal.heatCapacity"), v.Number("thermal.heatTransfer"), v.Number("thermal.surroundings", temperature)) : null,
            Numerics = new()
            {
                ElectrodePoints = v.Count("numerics.electrodePoints", 4),
                SeparatorPoints = v.Count("numerics.separatorPoints", 4),
                ParticlePoints = v.Count("numerics.particlePoints", 16),
                RelativeTolerance = v.Number("numerics.relativeTolerance"),
                AbsoluteTolerance = v.Number("numerics.absoluteTolerance"),
                DoubleLayerInTime = v.Switch("numerics.doubleLayerInTime", false),
            },
        };
        cell = cell with { NominalCapacity = ReadCapacity(v, cell) };
        var idle = v.Unused.Select(path => new CellProblem(path, $"{path} has no effect: {WhyIdle(path, cell)}", false));
        return cell with { Parameters = [.. v.Parameters.OrderBy(p => CellKeys.Order(p.Path))], Problems = [.. CellChecks.Of(cell), .. idle] };
    }

    private static double ReadCapacity(CellValues v, Cell cell)
    {
        if (!v.Has("nominalCapacity.specific")) { return v.Number("nominalCapacity"); }
        if (v.Has("nominalCapacity")) { throw v.Error("nominalCapacity", "nominalCapacity is given twice", "keep either the absolute or the specific one"); }
        var specific = v.Number("nominalCapacity.specific");
        return double.IsFinite(cell.ActiveMass) ? specific * cell.ActiveMass
            : throw v.Error("nominalCapacity.specific", "a specific capacity needs the mass of active material", "add positive.activeMaterial.density, or give nominalCapacity in A.h");
    }

    private static Electrolyte ReadElectrolyte(CellValues v, double conduction, double reference)
    {
        var salt = v.Word("electrolyte.kind", "single-ion") == "binary-salt";
        return new()
        {
            Kind = salt ? ElectrolyteKind.BinarySalt : ElectrolyteKind.SingleIon,
            Conductivity = v.Function("electrolyte.conductivity", double.NaN, conduction, reference),
            Concentration = salt ? v.Number("electrolyte.concentration") : double.NaN,
            Diffusivity = salt ? v.Function("electrolyte.diffusivity", double.NaN, v.Number("electrolyte.diffusivityActivationEnergy"), reference) : null,
            TransferenceNumber = salt ? v.Function("electrolyte.transferenceNumber") : null,
            ThermodynamicFactor = salt ? v.Function("electrolyte.thermodynamicFactor") : null,
        };
    }

    private static ElectrolytePhase Phase(CellValues v, string path, Electrolyte electrolyte, double conduction, double reference) => new(
        v.Number(path + ".volumeFraction"), v.Number(path + ".tortuosityFactor"),
        (electrolyte.Kind == ElectrolyteKind.SingleIon ? v.TryFunction(path + ".conductivity", double.NaN, conduction, reference) : null) ?? electrolyte.Conductivity);

    private static Electrode ReadElectrode(CellValues v, string side, string standard, Electrolyte electrolyte, double conduction, double reference)
    {
        if (v.Word(side + ".kind", standard) == "foil") { return ReadFoil(v, side, reference); }
        var material = side + ".activeMaterial.";
        var maximum = v.Number(material + "maximumConcentration");
        return new PorousElectrode
        {
            Thickness = v.Number(side + ".thickness"),
            ActiveMaterial = new()
            {
                VolumeFraction = v.Number(material + "volumeFraction"),
                ParticleRadius = v.Number(material + "particleRadius"),
                MaximumConcentration = maximum,
                Density = v.Number(material + "density", double.NaN),
                MolarMass = v.Number(material + "molarMass", double.NaN),
                Diffusivity = v.Function(material + "diffusivity", maximum, v.Number(material + "diffusivityActivationEnergy"), reference),
                OpenCircuitPotential = v.Function(material + "openCircuitPotential", maximum),
                EntropicCoefficient = v.Has(material + "entropicCoefficient") ? v.Function(material + "entropicCoefficient", maximum) : null,
            },
            Electrolyte = Phase(v, side + ".electrolyte", electrolyte, conduction, reference),
            ElectronicConductivity = v.Function(side + ".electronicConductivity", maximum),
            Interface = ReadInterface(v, side + ".interface", maximum, reference),
        };
    }

    private static FoilElectrode ReadFoil(CellValues v, string side, double reference)
    {
        var butlerVolmer = v.Has(side + ".exchangeCurrentDensity");
        if (butlerVolmer && v.Has(side + ".arealResistance")) { throw v.Error(side + ".arealResistance", "the foil's reaction is given twice", "keep either arealResistance or exchangeCurrentDensity"); }
        return new()
        {
            Potential = v.Number(side + ".potential"),
            ArealResistance = butlerVolmer ? 0 : v.Number(side + ".arealResistance"),
            ActivationEnergy = butlerVolmer ? 0 : v.Number(side + ".activationEnergy"),
            ExchangeCurrentDensity = butlerVolmer ? v.Function(side + ".exchangeCurrentDensity", double.NaN, v.Number(side + ".exchangeCurrentActivationEnergy"), reference) : null,
            ArealCapacitance = v.Number(side + ".arealCapacitance"),
            Inventory = v.Number(side + ".inventory", double.PositiveInfinity),
            Capacity = v.Number(side + ".capacity", double.PositiveInfinity),
        };
    }

    private static Interface ReadInterface(CellValues v, string path, double maximum, double reference)
    {
        var areal = v.Has(path + ".arealResistance");
        var microscopic = new[] { "exchangeCurrentDensity", "filmResistance", "coating.thickness" }.FirstOrDefault(k => v.Has($"{path}.{k}"));
        if (areal && microscopic is not null)
        {
            throw v.Error($"{path}.{microscopic}", $"the interface is given twice: arealResistance and {microscopic}", "keep either arealResistance (as measured) or the microscopic parameters");
        }
        if (!areal && !v.Has(path + ".exchangeCurrentDensity"))
        {
            throw v.Error(path, "the interface has neither arealResistance nor exchangeCurrentDensity", "give one of the two");
        }
        var shared = new Interface
        {
            DoubleLayerCapacitance = v.Number(path + ".doubleLayerCapacitance"),
            Contact = ReadContact(v, path + ".contact"),
            Populations = [.. Enumerable.Range(0, v.Entries(path + ".populations")).Select(i => $"{path}.populations[{i}]").Select(p => new Population(
                v.Word(p + ".name"), v.Number(p + ".fraction"), v.Number(p + ".relativeConductance"), v.TryQuantity(p + ".particleRadius", "um")?.Value))],
            Slow = v.HasBelow(path + ".slow") ? new(v.Number(path + ".slow.share"), v.Number(path + ".slow.timeConstant")) : null,
        };
        return areal
            ? shared with
            {
                ArealResistance = v.Number(path + ".arealResistance"),
                ChargeTransferShare = v.Number(path + ".chargeTransferShare"),
                ActivationEnergy = v.Number(path + ".activationEnergy"),
            }
            : shared with
            {
                ExchangeCurrentDensity = v.Function(path + ".exchangeCurrentDensity", maximum, v.Number(path + ".exchangeCurrentActivationEnergy"), reference),
                FilmResistance = v.Number(path + ".filmResistance"),
                FilmActivationEnergy = v.Number(path + ".filmActivationEnergy"),
                Coating = v.HasBelow(path + ".coating")
                    ? new(v.Number(path + ".coating.thickness"), v.Number(path + ".coating.conductivity"), v.Number(path + ".coating.relativePermittivity"), v.Number(path + ".coating.activationEnergy")) : null,
            };
    }

    private static Contact ReadContact(CellValues v, string path)
    {
        var sigma = v.Number(path + ".sigma");
        return new(sigma, sigma > 0 ? v.Count(path + ".classes", 48) : 1, v.Number(path + ".isolated"));
    }

    private static Ageing ReadAgeing(CellValues v)
    {
        InterphaseGrowth? growth = null;
        if (v.HasBelow("ageing.interphase"))
        {
            var after = v.TryQuantity("ageing.interphase.after", "") ?? new Quantity(1, null, Unit.One);
            var inTime = after.Unit.Dimension == Unit.Parse("s").Dimension;
            if (!inTime && after.Unit.Dimension != Dimension.None) { throw v.Error("ageing.interphase.after", "'after' is neither a number of cycles nor a time", "write it as in 'after: 100' or 'after: 30 d'"); }
            growth = new()
            {
                Law = Law(v.Word("ageing.interphase.law", "parabolic")),
                Resistance = v.Number("ageing.interphase.resistance"),
                After = after.Value,
                InTime = inTime,
                ParasiticShare = v.Number("ageing.interphase.parasiticShare"),
                ParasiticLaw = Law(v.Word("ageing.interphase.parasiticLaw", "linear")),
            };
        }
        return new()
        {
            Interphase = growth, ContactLossPerCycle = v.Number("ageing.contactLoss"), ActiveMaterialLossPerCycle = v.Number("ageing.activeMaterialLoss"),
            ContactLossOrder = v.Word("ageing.contactLossOrder", "any") == "weakest" ? ContactLossOrder.Weakest : ContactLossOrder.Any,
        };

        static GrowthLaw Law(string word) => word == "linear" ? GrowthLaw.Linear : GrowthLaw.Parabolic;
    }

    /// <summary>Why a known key was not asked for.</summary>
    private static string WhyIdle(string path, Cell cell)
    {
        foreach (var (side, electrode) in new[] { ("positive.", cell.Positive), ("negative.", cell.Negative) })
        {
            if (!path.StartsWith(side, StringComparison.Ordinal)) { continue; }
            if (electrode is FoilElectrode f)
            {
                return f.ExchangeCurrentDensity is not null && path.EndsWith("ctivationEnergy", StringComparison.Ordinal) ? "the foil's reaction is given by exchangeCurrentDensity"
                    : path.EndsWith("exchangeCurrentActivationEnergy", StringComparison.Ordinal) ? "the foil has no exchangeCurrentDensity" : "the electrode is a foil";
            }
            if (path.Contains(".contact.classes", StringComparison.Ordinal)) { return "contact.sigma is 0, so all particles are alike"; }
            if (path.EndsWith("electrolyte.conductivity", StringComparison.Ordinal)) { return "a binary salt has one conductivity in the whole cell"; }
            return path.Contains(".interface.", StringComparison.Ordinal)
                ? (((PorousElectrode)electrode).Interface.IsAreal ? "the interface is given by arealResistance" : "the interface is given microscopically") : "the electrode is porous";
        }
        return path switch
        {
            "separator.electrolyte.conductivity" => "a binary salt has one conductivity in the whole cell",
            "initial.stoichiometry" => "the positive electrode is a foil",
            "initial.negativeStoichiometry" => "the negative electrode is a foil",
            _ => "the electrolyte is a single-ion conductor",
        };
    }
}
