using System.CommandLine;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Cli.Commands;

/// <summary><c>data info</c>: what a file is and holds.</summary>
internal static class DataInfo
{
    public static Command Create()
    {
        var files = FileArguments.Several("Files, .gz too, of BioLogic, Neware, Arbin, Maccor, Gamry, Landt, Novonix, Basytec, Digatron, PEC, Zahner, Ivium, PalmSens, ZPlot, ZView; the Battery Data Format; any table with named columns (csv, txt, xlsx)");
        return Frame.Command("info", "Recognise instrument files and say what they hold", """
            interphase data info gcpl.mpr
            interphase data info raw/*.mpt --json
            """, (parse, cancellation) => Act(parse.Files(files), cancellation), files);
    }

    private static Answer Act(string[] files, CancellationToken cancellation)
    {
        var measurements = new List<Measurement>();
        var errors = new List<(string File, InputException Error)>();
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            // Only what is said of a file is kept, so that many large files can be listed; one that cannot be read does not hide the others.
            try { measurements.Add(InstrumentFile.Read(file) with { Native = null }); }
            catch (InputException e) { errors.Add((file, e)); }
        }
        if (measurements.Count == 0) { throw errors[0].Error; }
        return new(measurements.Select(Contract).Concat(errors.Select(e => (object)new { file = e.File, error = e.Error.Message })).ToArray(), output =>
        {
            foreach (var m in measurements) { Write(output, m); }
            foreach (var (_, e) in errors) { output.WriteLine($"not read: {e.Message}"); }
        }, errors.Count > 0 ? 2 : 0);
    }

    private static object Contract(Measurement m) => new
    {
        file = m.File,
        format = m.Format,
        technique = m.Technique,
        start = m.Start?.ToString(),
        rows = Rows(m),
        columns = Columns(m).Select(c => new { name = c.Name, unit = c.Unit, origin = c.Origin, reference = c.Reference?.ToString() }).ToArray(),
        spectra = m.Spectra.Select(s => new { index = s.Index, points = s.Count, minFrequency = s.Frequency.Min(), maxFrequency = s.Frequency.Max(), time = s.Time, potential = s.Potential, temperature = s.Temperature }).ToArray(),
        metadata = Entries(m).ToDictionary(e => e.Name, e => new { text = e.Text, value = e.Quantity is { } q ? q.Unit.FromSi(q.Value) : (double?)null, unit = e.Quantity?.Unit.Text, isDefault = e.IsDefault }),
        warnings = m.Warnings,
    };

    private static int Rows(Measurement m) => m.Series?.Count ?? m.Thermal?.Count ?? m.Diffractogram?.Count ?? m.Micrograph?.Height ?? m.Spectra.Sum(s => s.Count);

    private static IEnumerable<Column> Columns(Measurement m) => m.Series?.Columns
        ?? (m.Thermal is { } t ? new Column?[] { new(ColumnNames.Time, "s", [], ""), new(ColumnNames.Temperature, "K", [], ""), t.Mass is null ? null : new("massFraction", "1", [], ""), t.HeatFlow is null ? null : new("heatFlow", "W/kg", [], "") }.OfType<Column>() : null)
        ?? (m.Diffractogram is not null ? new Column[] { new("twoTheta", "deg", [], ""), new("counts", "1", [], "") } : null)
        ?? (m.Spectra.Count == 0 ? [] :
        [
            new(ColumnNames.Frequency, "Hz", [], ""), new(ColumnNames.RealImpedance, "ohm", [], ""), new(ColumnNames.ImaginaryImpedance, "ohm", [], ""),
        ]);

    /// <summary>A name that stands several times gets a number, so that nothing a file says is lost.</summary>
    private static IEnumerable<MetadataEntry> Entries(Measurement m)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var e in m.Metadata)
        {
            var n = seen[e.Name] = seen.GetValueOrDefault(e.Name) + 1;
            yield return n == 1 ? e : e with { Name = $"{e.Name}{n}" };
        }
    }

    private static void Write(TextWriter output, Measurement m)
    {
        output.WriteLine(m.File);
        output.WriteLine($"  {m.Format}{(m.Technique.Length > 0 ? $", {m.Technique}" : "")}, {Rows(m)} rows{(m.Start is { } s ? $", started {s}{(s.UtcOffset is null ? " (time zone unknown)" : "")}" : "")}");
        if (m.Series is { } series)
        {
            var time = series.Time;
            output.WriteLine($"  time {time[0]:G6} … {time[^1]:G6} s");
        }
        if (m.Spectra.Count > 0) { output.WriteLine($"  {m.Spectra.Count} {(m.Spectra.Count == 1 ? "spectrum" : "spectra")}, {m.Spectra.Min(x => x.Frequency.Min()):G4} … {m.Spectra.Max(x => x.Frequency.Max()):G4} Hz"); }
        if (Columns(m).Any()) { output.WriteLine($"  columns: {string.Join(", ", Columns(m).Select(c => (c.Unit == "1" || c.Name.EndsWith(c.Unit, StringComparison.Ordinal) ? c.Name : $"{c.Name} ({c.Unit})") + (c.Reference is { } r ? $" [{r}]" : "")))}"); }
        var told = Entries(m).Where(e => e.Quantity is not null || e.Name is "size" or MetadataNames.Comments or MetadataNames.Software or MetadataNames.Instrument or MetadataNames.ReferenceElectrode).ToArray();
        foreach (var e in told.Where(e => !e.IsDefault)) { output.WriteLine($"  {e.Name}: {e.Text.Replace("\n", " / ", StringComparison.Ordinal)}"); }
        if (told.Any(e => e.IsDefault)) { output.WriteLine($"  defaults of the software, no information: {string.Join(", ", told.Where(e => e.IsDefault).Select(e => $"{e.Name} {e.Text.Replace("\n", " / ", StringComparison.Ordinal)}"))}"); }
        foreach (var w in m.Warnings) { output.WriteLine($"  warning: {w.Path}: {w.Text}"); }
    }
}
