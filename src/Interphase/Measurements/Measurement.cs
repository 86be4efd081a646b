using Interphase.Results;
using Interphase.Units;

namespace Interphase.Measurements;

/// <summary>
/// What an instrument recorded: one file, in SI, with its metadata, where each column came from, and what was not understood.
/// A reader fills the parts the file holds: a time series, spectra, or an image, pattern or curve.
/// </summary>
public sealed record Measurement
{
    /// <summary>The file it was read from.</summary>
    public required string File { get; init; }

    /// <summary>The file format, one of the names in the list of formats (<c>biologic-mpr</c>).</summary>
    public required string Format { get; init; }

    /// <summary>The technique in the instrument's words (<c>GCPL</c>, <c>PEIS</c>); empty when the file does not say.</summary>
    public string Technique { get; init; } = "";

    /// <summary>When it began, where the file says so.</summary>
    public StartTime? Start { get; init; }

    /// <summary>Everything the file says about cell, instrument and settings, in the order of the file.</summary>
    public IReadOnlyList<MetadataEntry> Metadata { get; init; } = [];

    /// <summary>Rows over time; null where the file holds none.</summary>
    public TimeSeries? Series { get; init; }

    /// <summary>Impedance spectra, kept apart, in the order of the file.</summary>
    public IReadOnlyList<ImpedanceSpectrum> Spectra { get; init; } = [];

    /// <summary>Mass and heat flow over temperature; null where the file holds none.</summary>
    public ThermalCurve? Thermal { get; init; }

    /// <summary>A powder diffraction scan; null where the file holds none.</summary>
    public Diffractogram? Diffractogram { get; init; }

    /// <summary>An image, a diffraction pattern or a map; null where the file holds none.</summary>
    public Micrograph? Micrograph { get; init; }

    /// <summary>What was not understood or is doubtful, by column or metadata name.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>
    /// Makes the table the vendor's own software exports: header names exactly as there, values in its units, every stored
    /// column and every one it derives. Null where the format has no such export. Computed on demand.
    /// </summary>
    public Func<NativeTable>? Native { get; init; }

    /// <summary>The text of a metadata entry, or null.</summary>
    public string? Says(string name) => Metadata.FirstOrDefault(m => m.Name == name)?.Text;

    /// <summary>The quantity of a metadata entry that carries information (not an instrument's default), or null.</summary>
    public Quantity? Gives(string name) => Metadata.FirstOrDefault(m => m.Name == name && !m.IsDefault)?.Quantity;
}

/// <summary>One thing a file says. Names are camelCase; the ones Interphase uses are in <see cref="MetadataNames"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">As the file has it.</param>
/// <param name="Quantity">As a quantity, where it is one.</param>
/// <param name="IsDefault">True where it is the software's default value and therefore no information.</param>
public sealed record MetadataEntry(string Name, string Text, Quantity? Quantity = null, bool IsDefault = false);

/// <summary>Metadata that analyses use.</summary>
public static class MetadataNames
{
    /// <summary>Mass of active material.</summary>
    public const string ActiveMass = "activeMass";

    /// <summary>Geometric area of the electrode.</summary>
    public const string ElectrodeArea = "electrodeArea";

    /// <summary>Nominal capacity of the cell.</summary>
    public const string NominalCapacity = "nominalCapacity";

    /// <summary>The reference electrode.</summary>
    public const string ReferenceElectrode = "referenceElectrode";

    /// <summary>Scan rate of a voltammogram.</summary>
    public const string ScanRate = "scanRate";

    /// <summary>The element whose line a map counts.</summary>
    public const string Element = "element";

    /// <summary>What the person wrote.</summary>
    public const string Comments = "comments";

    /// <summary>Instrument and its serial number.</summary>
    public const string Instrument = "instrument";

    /// <summary>Software and version.</summary>
    public const string Software = "software";
}

/// <summary>A table in an instrument's own names and units.</summary>
public sealed record NativeTable(IReadOnlyList<NativeColumn> Columns);

/// <summary>A column of a <see cref="NativeTable"/>: numbers, or text where the export has text.</summary>
public sealed record NativeColumn(string Name, double[] Values, string[]? Text = null);
