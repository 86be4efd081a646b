using Interphase.Files;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Measurements;

/// <summary>The shape Li diffuses in.</summary>
public enum ParticleGeometry
{
    /// <summary>Spherical particles.</summary>
    Sphere,

    /// <summary>A slab, reached from one face.</summary>
    Slab,
}

/// <summary>How many electrodes the measured potential contains.</summary>
public enum CellConfiguration
{
    /// <summary>The potential is that of the cell: the counter electrode is included.</summary>
    TwoElectrode,

    /// <summary>The potential is that of the working electrode against a reference electrode.</summary>
    ThreeElectrode,
}

/// <summary>What the cell is built of.</summary>
public enum CellKind
{
    /// <summary>The electrode against a large lithium source.</summary>
    Half,

    /// <summary>Two insertion electrodes.</summary>
    Full,

    /// <summary>Two equal electrodes.</summary>
    Symmetric,
}

/// <summary>How the area of the interface between active material and electrolyte is known.</summary>
public enum InterfaceAreaSource
{
    /// <summary>Stated as an area.</summary>
    Stated,

    /// <summary>The geometric area of the electrode.</summary>
    Geometric,

    /// <summary>Equal spheres: 3 V/R.</summary>
    Spheres,

    /// <summary>Gas adsorption: area per mass times active mass.</summary>
    Bet,
}

/// <summary>What separates the electrodes.</summary>
/// <param name="Material">Its name.</param>
/// <param name="Mass">kg.</param>
/// <param name="Thickness">m.</param>
/// <param name="Conductivity">S/m.</param>
public sealed record Separator(string? Material, Quantity? Mass, Quantity? Thickness, Quantity? Conductivity);

/// <summary>
/// The facts about one electrode that files of instruments do not hold: mass, area, material. Every one may be missing; an
/// analysis that needs it says so. A cell's block lies <see cref="Over"/> its study's.
/// </summary>
public sealed record Electrode
{
    private static readonly string[] CapacityUnits = ["A.h/g", "A.h", "A.h/m2"];

    /// <summary>Nothing is known.</summary>
    public static readonly Electrode Unknown = new();

    /// <summary>Geometric area, m².</summary>
    public Quantity? Area { get; init; }

    /// <summary>Active mass as stated, kg; see <see cref="Mass"/>.</summary>
    public Quantity? ActiveMass { get; init; }

    /// <summary>Mass of the composite, kg.</summary>
    public Quantity? CompositeMass { get; init; }

    /// <summary>Mass share of (coated) active material in the composite.</summary>
    public Quantity? ActiveFraction { get; init; }

    /// <summary>Mass share of the coating in the coated active material.</summary>
    public Quantity? CoatingMassFraction { get; init; }

    /// <summary>Molar mass of the material as weighed, kg/mol of formula units with one site for lithium.</summary>
    public Quantity? MolarMass { get; init; }

    /// <summary>Molar volume of the material, m³/mol.</summary>
    public Quantity? MolarVolume { get; init; }

    /// <summary>Particle radius (sphere) or thickness (slab), m.</summary>
    public Quantity? ParticleRadius { get; init; }

    /// <summary>How the area of the interface is known; null where nothing is said.</summary>
    public InterfaceAreaSource? InterfaceAreaSource { get; init; }

    /// <summary>The stated area, m², or the area per mass, m²/kg, for <see cref="Measurements.InterfaceAreaSource.Bet"/>.</summary>
    public Quantity? InterfaceAreaValue { get; init; }

    /// <summary>The shape of the particles; null where nothing is said.</summary>
    public ParticleGeometry? Geometry { get; init; }

    /// <summary>What 1C means: per mass of active material, absolute, or per geometric area; see <see cref="NominalCharge"/>.</summary>
    public Quantity? NominalCapacity { get; init; }

    /// <summary>Stoichiometry of the positive electrode before the first record.</summary>
    public Quantity? InitialStoichiometry { get; init; }

    /// <summary>What potentials are measured against, where the file does not say it.</summary>
    public PotentialReference? Reference { get; init; }

    /// <summary>Two or three electrodes; null where nothing is said.</summary>
    public CellConfiguration? Configuration { get; init; }

    /// <summary>Half, full or symmetric; null where nothing is said.</summary>
    public CellKind? Cell { get; init; }

    /// <summary>The counter electrode's material.</summary>
    public string? Counter { get; init; }

    /// <summary>The separator.</summary>
    public Separator? Separator { get; init; }

    /// <summary>Active mass, kg: as stated, or composite mass × active fraction × (1 − coating mass fraction).</summary>
    public Estimate Mass
    {
        get
        {
            if (ActiveMass is { } m) { return Estimate.Of(m.Value, m.StandardError ?? 0); }
            if (CompositeMass is not { } c) { return Estimate.Withheld("no active mass is stated (electrode.activeMass)"); }
            if (ActiveFraction is not { } f) { return Estimate.Withheld("a composite mass is stated but not its electrode.activeFraction"); }
            var uncoated = 1 - (CoatingMassFraction?.Value ?? 0);
            var value = c.Value * f.Value * uncoated;
            return Estimate.Of(value, value * Math.Sqrt(Square(c) + Square(f) + Math.Pow((CoatingMassFraction?.StandardError ?? 0) / uncoated, 2)));
        }
    }

    /// <summary>Nominal capacity as a charge, C.</summary>
    public Estimate NominalCharge
    {
        get
        {
            if (NominalCapacity is not { } q) { return Estimate.Withheld("no nominal capacity is stated (electrode.nominalCapacity)"); }
            var basis = q.Unit.Dimension == Unit.Parse("A.h").Dimension ? Estimate.Of(1, 0)
                : q.Unit.Dimension == Unit.Parse("A.h/g").Dimension ? Mass
                : Area is { } a ? Estimate.Of(a.Value, a.StandardError ?? 0) : Estimate.Withheld("the nominal capacity is per area and no electrode.area is stated");
            if (!basis.HasValue) { return basis; }
            var value = q.Value * basis.Value;
            return Estimate.Of(value, value * Math.Sqrt(Square(q) + Math.Pow(basis.StandardError / basis.Value, 2)));
        }
    }

    /// <summary>Amount of host formula units, mol.</summary>
    public Estimate Amount => MolarMass is not { } m ? Estimate.Withheld("no molar mass is stated (electrode.molarMass, of the material as weighed)")
        : Divide(Mass, m);

    /// <summary>Volume of the active material, m³: amount × molar volume.</summary>
    public Estimate Volume
    {
        get
        {
            if (MolarVolume is not { } v) { return Estimate.Withheld("no molar volume is stated (electrode.molarVolume)"); }
            var n = Amount;
            if (!n.HasValue) { return n; }
            var value = n.Value * v.Value;
            return Estimate.Of(value, value * Math.Sqrt(Square(v) + Math.Pow(n.StandardError / n.Value, 2)));
        }
    }

    /// <summary>
    /// Area of the interface between active material and electrolyte, m², by its stated source; where nothing is said, the
    /// geometric area (what the literature mostly uses; a diffusivity from it is apparent).
    /// </summary>
    public Estimate InterfaceArea
    {
        get
        {
            switch (InterfaceAreaSource ?? Measurements.InterfaceAreaSource.Geometric)
            {
                case Measurements.InterfaceAreaSource.Stated:
                    return Estimate.Of(InterfaceAreaValue!.Value.Value, InterfaceAreaValue.Value.StandardError ?? 0);
                case Measurements.InterfaceAreaSource.Bet:
                    var m = Mass;
                    if (!m.HasValue) { return m; }
                    var perMass = InterfaceAreaValue!.Value;
                    return Estimate.Of(m.Value * perMass.Value, m.Value * perMass.Value * Math.Sqrt(Square(perMass) + Math.Pow(m.StandardError / m.Value, 2)));
                case Measurements.InterfaceAreaSource.Spheres:
                    if (ParticleRadius is not { } r) { return Estimate.Withheld("the area of spheres needs electrode.particleRadius"); }
                    var v = Volume;
                    return v.HasValue ? Divide(Estimate.Of(3 * v.Value, 3 * v.StandardError), r) : v;
                default:
                    return Area is { } a ? Estimate.Of(a.Value, a.StandardError ?? 0) : Estimate.Withheld("no electrode.area is stated");
            }
        }
    }

    /// <summary>Reads a file that holds the keys at top level or under <c>electrode:</c>.</summary>
    /// <exception cref="InputException">It cannot be read, or a key or value is wrong.</exception>
    public static Electrode Load(string path)
    {
        var root = Yaml.Load(path);
        if (!root.IsMap || !root.Keys().Contains("electrode")) { return Read(root); }
        var electrode = root.Optional("electrode");
        root.Close();
        return electrode is null ? Unknown : Read(electrode);
    }

    /// <summary>Reads the keys of an <c>electrode:</c> block; an unknown key is an error.</summary>
    /// <exception cref="InputException">A key or value is wrong.</exception>
    public static Electrode Read(Yaml block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var electrode = new Electrode
        {
            Area = Positive(block, "area", "cm2"),
            ActiveMass = Positive(block, "activeMass", "mg"),
            CompositeMass = Positive(block, "compositeMass", "mg"),
            ActiveFraction = Within(block, "activeFraction", 1),
            CoatingMassFraction = Within(block, "coatingMassFraction", 1),
            MolarMass = Positive(block, "molarMass", "g/mol"),
            MolarVolume = Positive(block, "molarVolume", "cm3/mol"),
            ParticleRadius = Positive(block, "particleRadius", "um"),
            Geometry = block.Optional("geometry")?.OneOf("sphere", "slab") switch { "sphere" => ParticleGeometry.Sphere, "slab" => ParticleGeometry.Slab, _ => null },
            NominalCapacity = ReadCapacity(block.Optional("nominalCapacity")),
            InitialStoichiometry = Within(block, "initialStoichiometry", 2),
            Reference = ReadReference(block.Optional("reference")),
            Configuration = block.Optional("configuration")?.OneOf("two-electrode", "three-electrode") switch
            {
                "two-electrode" => CellConfiguration.TwoElectrode, "three-electrode" => CellConfiguration.ThreeElectrode, _ => null,
            },
            Cell = block.Optional("cell")?.OneOf("half", "full", "symmetric") switch { "half" => CellKind.Half, "full" => CellKind.Full, "symmetric" => CellKind.Symmetric, _ => null },
            Counter = block.Optional("counter")?.Text(),
            Separator = ReadSeparator(block.Optional("separator")),
        };
        if (electrode is { ActiveMass: not null, CompositeMass: not null })
        {
            throw block.Required("compositeMass").Error("activeMass and compositeMass are both given", "keep one of them");
        }
        var (source, value) = ReadInterfaceArea(block.Optional("interfaceArea"));
        block.Close();
        return electrode with { InterfaceAreaSource = source, InterfaceAreaValue = value };
    }

    /// <summary>What a file itself says about its electrode; an instrument's defaults are not taken for information.</summary>
    public static Electrode Of(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        Quantity? Says(string name, string unit) => measurement.Gives(name) is { Value: > 0 } q && q.Unit.Dimension == Unit.Parse(unit).Dimension ? q : null;
        return new()
        {
            Area = Says(MetadataNames.ElectrodeArea, "m2"),
            ActiveMass = Says(MetadataNames.ActiveMass, "kg"),
            NominalCapacity = Says(MetadataNames.NominalCapacity, "A.h"),
        };
    }

    /// <summary>This block laid over an outer one: what is said here wins, what is not said here is taken from there.</summary>
    public Electrode Over(Electrode outer)
    {
        ArgumentNullException.ThrowIfNull(outer);
        return new()
        {
            Area = Area ?? outer.Area,
            // One mass displaces the other, so that an inner activeMass never meets an outer compositeMass.
            ActiveMass = ActiveMass ?? (CompositeMass is null ? outer.ActiveMass : null),
            CompositeMass = CompositeMass ?? (ActiveMass is null ? outer.CompositeMass : null),
            ActiveFraction = ActiveFraction ?? outer.ActiveFraction,
            CoatingMassFraction = CoatingMassFraction ?? outer.CoatingMassFraction,
            MolarMass = MolarMass ?? outer.MolarMass,
            MolarVolume = MolarVolume ?? outer.MolarVolume,
            ParticleRadius = ParticleRadius ?? outer.ParticleRadius,
            InterfaceAreaSource = InterfaceAreaSource ?? outer.InterfaceAreaSource,
            InterfaceAreaValue = InterfaceAreaSource is null ? outer.InterfaceAreaValue : InterfaceAreaValue,
            Geometry = Geometry ?? outer.Geometry,
            NominalCapacity = NominalCapacity ?? outer.NominalCapacity,
            InitialStoichiometry = InitialStoichiometry ?? outer.InitialStoichiometry,
            Reference = Reference ?? outer.Reference,
            Configuration = Configuration ?? outer.Configuration,
            Cell = Cell ?? outer.Cell,
            Counter = Counter ?? outer.Counter,
            Separator = Separator ?? outer.Separator,
        };
    }

    private static double Square(Quantity q) => Math.Pow((q.StandardError ?? 0) / q.Value, 2);

    private static Estimate Divide(Estimate a, Quantity b) => !a.HasValue ? a
        : Estimate.Of(a.Value / b.Value, a.Value / b.Value * Math.Sqrt(Square(b) + Math.Pow(a.StandardError / a.Value, 2)));

    private static Quantity? Positive(Yaml block, string key, string unit)
    {
        if (block.Optional(key) is not { } node) { return null; }
        var q = node.Quantity(unit);
        return q.Value > 0 ? q : throw node.Error($"'{node.Text()}' is not positive", "write a value above zero");
    }

    private static Quantity? Within(Yaml block, string key, double most)
    {
        if (block.Optional(key) is not { } node) { return null; }
        var q = node.Quantity("1");
        return q.Value >= 0 && q.Value <= most ? q : throw node.Error($"'{node.Text()}' is not between 0 and {most}", "write a share, as in 0.7 or 70 %");
    }

    private static Quantity? ReadCapacity(Yaml? node)
    {
        if (node is null) { return null; }
        Quantity q;
        try { q = Quantity.Parse(node.Text()); }
        catch (InputException e) { throw e.At(node.Where); }
        if (!CapacityUnits.Any(u => Unit.Parse(u).Dimension == q.Unit.Dimension))
        {
            throw node.Error($"'{node.Text()}' is not a capacity", "write it per active mass ('145.8 mAh/g'), absolute ('1.02 mAh') or per area ('1.3 mAh/cm2')");
        }
        return q.Value > 0 ? q : throw node.Error($"'{node.Text()}' is not positive", "write a value above zero");
    }

    private static PotentialReference? ReadReference(Yaml? node)
    {
        if (node is null) { return null; }
        if (node.IsText) { return node.Text() == "Li" ? PotentialReference.Lithium : new(node.Text(), null); }
        var name = node.Required("name").Text();
        var potential = node.Optional("potential")?.Quantity("V");
        node.Close();
        return new(name, potential?.Value ?? (name == "Li" ? 0 : null), potential?.StandardError);
    }

    private static Separator? ReadSeparator(Yaml? node)
    {
        if (node is null) { return null; }
        var separator = new Separator(node.Optional("material")?.Text(), Positive(node, "mass", "mg"), Positive(node, "thickness", "um"), Positive(node, "conductivity", "mS/cm"));
        node.Close();
        return separator;
    }

    private static (InterfaceAreaSource?, Quantity?) ReadInterfaceArea(Yaml? node)
    {
        if (node is null) { return (null, null); }
        var text = node.Text().Trim();
        if (text == "geometric") { return (Measurements.InterfaceAreaSource.Geometric, null); }
        if (text == "spheres") { return (Measurements.InterfaceAreaSource.Spheres, null); }
        var bet = text.StartsWith("bet ", StringComparison.OrdinalIgnoreCase);
        if (!bet && (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '.' or '+' or '-')))
        {
            throw node.Error($"'{text}' is no interface area", "write an area ('21 cm2'), 'geometric', 'spheres', or 'bet 0.3 m2/g'");
        }
        Quantity q;
        try { q = bet ? Quantity.Parse(text[4..], "m2/g") : Quantity.Parse(text, "cm2"); }
        catch (InputException e) { throw e.At(node.Where); }
        if (q.Value <= 0) { throw node.Error($"'{text}' is not positive", "write a value above zero"); }
        return (bet ? Measurements.InterfaceAreaSource.Bet : Measurements.InterfaceAreaSource.Stated, q);
    }
}
