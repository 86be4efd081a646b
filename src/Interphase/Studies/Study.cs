using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Studies;

/// <summary>Samples, their files, and what to compare: a study file as read. Paths are as written, relative to <see cref="Folder"/>.</summary>
public sealed record Study
{
    /// <summary>The study file; empty when the study was put together in code.</summary>
    public string File { get; init; } = "";

    /// <summary>The folder paths are relative to.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>What the report is titled.</summary>
    public required string Name { get; init; }

    /// <summary>A sentence under the title; empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>True where the raw files were computed and not measured; the report says so on its first line.</summary>
    public bool Synthetic { get; init; }

    /// <summary>The materials compared, in the order of the file.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>What samples differ in, for axes and order: <c>annealing</c>, <c>thickness</c>, <c>conductivity</c> of the coating, or <c>name</c>.</summary>
    public string CompareBy { get; init; } = "name";

    /// <summary>A table of literature values to stand beside ours; null for none.</summary>
    public string? Literature { get; init; }
}

/// <summary>One material with its preparation.</summary>
/// <param name="Name">Its name, unique in the study.</param>
/// <param name="Coating">Its coating; null for a bare material.</param>
/// <param name="Specimens">Powders, pellets, cycled electrodes: measured materials that are no cell.</param>
/// <param name="Cells">Cells built from it.</param>
/// <param name="Simulate">What to simulate beside it; null for nothing.</param>
public sealed record Sample(string Name, Coating? Coating, IReadOnlyList<Specimen> Specimens, IReadOnlyList<CellBuild> Cells, SimulationRequest? Simulate = null);

/// <summary>A coating and how it was made.</summary>
/// <param name="Material">Its formula.</param>
/// <param name="Annealing">Annealing temperature, K.</param>
/// <param name="Thickness">Thickness, m.</param>
/// <param name="Conductivity">Ionic conductivity, S/m, where it is known from elsewhere.</param>
public sealed record Coating(string? Material, Quantity? Annealing, Quantity? Thickness, Quantity? Conductivity);

/// <summary>A measured piece of a sample that is no cell.</summary>
public sealed record Specimen
{
    /// <summary>coating-powder, pellet, coated-powder or cycled-electrode.</summary>
    public required string Kind { get; init; }

    /// <summary>pellet-impedance, polarisation, composite-impedance, xrd, thermal, micrograph, diffraction or map.</summary>
    public required string Technique { get; init; }

    /// <summary>Files or globs, as written; of maps, with the element before them or without.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The same, element and path apart.</summary>
    internal IReadOnlyList<ElementFile> Files => [.. Paths.Select(p => Technique == "map" ? ElementFile.Parse(p) : new ElementFile(null, p))];

    /// <summary>Thickness of a pellet, m.</summary>
    public Quantity? Thickness { get; init; }

    /// <summary>Area of a pellet, m².</summary>
    public Quantity? Area { get; init; }

    /// <summary>Diameter of a pellet, m.</summary>
    public Quantity? Diameter { get; init; }

    /// <summary>Temperature, K, in the order of the files; one for all, one for each, or none.</summary>
    public IReadOnlyList<Quantity> Temperatures { get; init; } = [];

    /// <summary>Relative density of a pellet, 1.</summary>
    public Quantity? RelativeDensity { get; init; }

    /// <summary>Further settings of the technique, as written (key, value); known keys per technique.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>A cell as built.</summary>
/// <param name="Id">Its name in the laboratory, unique in the sample.</param>
/// <param name="Electrode">Facts of its electrode: the study's block with the cell's own over it.</param>
/// <param name="Temperature">Temperature of its tests, K.</param>
/// <param name="StackPressure">Pressure, Pa.</param>
/// <param name="Files">Its measurements.</param>
public sealed record CellBuild(string Id, Electrode Electrode, Quantity? Temperature, Quantity? StackPressure, IReadOnlyList<CellFile> Files);

/// <summary>Measurements of a cell by one technique.</summary>
public sealed record CellFile
{
    /// <summary>cycling, gitt, voltammetry or impedance.</summary>
    public required string Technique { get; init; }

    /// <summary>Files or globs, as written.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>formation, rate, cycling, afterCycling or empty.</summary>
    public string Role { get; init; } = "";

    /// <summary>Equivalent circuit of impedance files; null lets the data choose.</summary>
    public string? Circuit { get; init; }

    /// <summary>Weighting of the circuit fit.</summary>
    public string Weighting { get; init; } = "modulus";

    /// <summary>How a series of spectra is fitted at once: <c>none</c>, <c>smooth</c> or <c>arrhenius</c>.</summary>
    public string Link { get; init; } = "none";

    /// <summary>What changes along a series of spectra: potential, cycle, temperature or time.</summary>
    public string? Axis { get; init; }

    /// <summary>Its values, in SI, in the order of the spectra; empty where the files say them.</summary>
    public IReadOnlyList<Quantity> Values { get; init; } = [];

    /// <summary>What voltammograms are corrected by; null: the intercept R0 of the cell's own impedance, where it was measured in the same state.</summary>
    public SeriesResistance? Resistance { get; init; }

    /// <summary>Concentration of the redox species of voltammograms, mol/m³.</summary>
    public Quantity? Concentration { get; init; }

    /// <summary>Electrons per formula in voltammograms; null: one.</summary>
    public int? Electrons { get; init; }

    /// <summary>Where in the study file this stands, for errors.</summary>
    public string Where { get; init; } = "";
}

/// <summary>The resistance whose I R is taken off the peaks of a voltammogram.</summary>
/// <param name="Value">As stated, ohm; null where it is read from the cell's impedance.</param>
/// <param name="Parameters">Circuit parameters of the cell's impedance whose sum it is (<c>R0</c>, <c>R1</c>); empty with a value, and for none.</param>
public sealed record SeriesResistance(Quantity? Value, IReadOnlyList<string> Parameters)
{
    /// <summary>The intercept: what is ohmic whatever the circuit calls the rest.</summary>
    public static readonly SeriesResistance Intercept = new(null, ["R0"]);

    /// <summary>As a study file says it.</summary>
    public override string ToString() => Value is { } v ? v.ToString() : Parameters.Count > 0 ? string.Join("+", Parameters) : "none";
}

/// <summary>A simulation beside the measurements: a cell and the protocols to run on it.</summary>
/// <param name="Cell">A shipped cell's name or a cell file.</param>
/// <param name="Protocols">Protocol texts or files.</param>
public sealed record SimulationRequest(string Cell, IReadOnlyList<string> Protocols);
