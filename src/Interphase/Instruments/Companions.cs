using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Files that instruments write beside their records: what the record file leaves out is taken from them, and said.</summary>
internal static class Companions
{
    private const long LargestSettings = 4 << 20;

    /// <summary>The measurement with what the files beside it add.</summary>
    public static Measurement Complete(Measurement m, string path) => m.Format switch
    {
        "biologic-mpr" or "biologic-mpt" => WithSettings(m, path),
        "maccor" => WithContinuation(m, path),
        "tiff" or "png" => ScaleBeside.Complete(m, path),
        "netzsch-ngb" => NetzschNgb.Complete(m, path),
        _ => MetadataBeside.Complete(m, path),
    };

    /// <summary>Start, cell data and program from the <c>.mpl</c> and <c>.mps</c> of the same name.</summary>
    private static Measurement WithSettings(Measurement m, string path)
    {
        var stem = PackedFile.Unpacked(path);
        foreach (var end in (string[])[".mpl", ".mps"])
        {
            var beside = new FileInfo(Path.ChangeExtension(stem, end));
            if (!beside.Exists || beside.Length is 0 or > LargestSettings) { continue; }
            Measurement settings;
            try
            {
                using var stream = beside.OpenRead();
                settings = InstrumentFile.Read(stream, beside.FullName);
            }
            catch (InputException e)
            {
                m = m with { Warnings = [.. m.Warnings, new Warning("metadata", $"{beside.Name} beside the file cannot be read and is left aside: {e.What}")] };
                continue;
            }
            if (settings.Format is not ("biologic-mps" or "biologic-mpl")) { continue; }
            if (m.Start is { } a && settings.Start is { } b && Math.Abs((a.Clock - b.Clock).TotalDays) > 2)
            {
                m = m with { Warnings = [.. m.Warnings, new Warning("metadata", $"{beside.Name} beside the file is of another start, {b}, and is left aside")] };
                continue;
            }
            var known = m.Metadata.Where(e => !e.IsDefault).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
            var added = settings.Metadata.Where(e => !known.Contains(e.Name) && !(e.IsDefault && m.Metadata.Any(o => o.Name == e.Name))).ToArray();
            var told = added.Where(e => e is { IsDefault: false, Name: MetadataNames.ActiveMass or MetadataNames.ElectrodeArea or MetadataNames.NominalCapacity or MetadataNames.ReferenceElectrode or "characteristicMass" }).Select(e => e.Name).ToList();
            if (m.Start is null && settings.Start is not null) { told.Insert(0, "start"); }
            m = m with
            {
                Start = m.Start ?? settings.Start, Technique = m.Technique.Length > 0 ? m.Technique : settings.Technique,
                Metadata = [.. m.Metadata.Where(e => !added.Any(o => o.Name == e.Name)), .. added],
                Spectra = [.. m.Spectra.Select(s => s with { Start = s.Start ?? settings.Start })],
                Warnings = [.. m.Warnings.Where(w => !(w.Path == "start" && settings.Start is not null)), .. told.Count == 0 ? [] : (Warning[])[new("metadata", $"{string.Join(", ", told)} {(told.Count == 1 ? "is" : "are")} taken from {beside.Name} beside the file")]],
            };
        }
        return m;
    }

    /// <summary>Maccor cuts long tests into <c>.001</c>, <c>.002</c>, …</summary>
    private static Measurement WithContinuation(Measurement m, string path)
    {
        var end = Path.GetExtension(path);
        if (end.Length != 4 || !int.TryParse(end.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var part)) { return m; }
        var next = Path.ChangeExtension(path, (part + 1).ToString("000", CultureInfo.InvariantCulture));
        return File.Exists(next) ? m with { Warnings = [.. m.Warnings, new Warning("series", $"{Path.GetFileName(next)} beside this file may continue its test; name both to read them as one series")] } : m;
    }
}
