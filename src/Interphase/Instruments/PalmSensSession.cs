using System.Text.Json;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// PalmSens PSTrace <c>.pssession</c> (JSON, its keys in capitals or, before version 5.9, in small letters). Impedance: each measurement's
/// arrays Frequency, ZRe and ZIm; PSTrace stores −Z″ as ZIm. Else potential, current (µA) and time, in a cyclic voltammogram one pair of
/// arrays a scan under one array of times.
/// </summary>
internal static class PalmSensSession
{
    private const string Name = "palmsens-session", Potentials = "DataArrayPotentials", Currents = "DataArrayCurrents";
    private const double Even = 0.01;

    public static readonly FileFormat Format = new(Name, "PalmSens PSTrace session (.pssession)", IsText: true,
        head => head.Text.AsSpan(0, Math.Min(head.Text.Length, 400)).Contains("PalmSens.DataFiles.SessionFile", StringComparison.OrdinalIgnoreCase), Read);

    private static Measurement Read(FileContent file)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Text().TrimEnd('\0', '\uFEFF', ' ', '\r', '\n'));
            List<ImpedanceSpectrum> spectra = [];
            List<Warning> warnings = [];
            var metadata = new List<MetadataEntry>();
            (TimeSeries Series, StartTime? Start, string Title)? series = null;
            foreach (var m in (Of(document.RootElement, "Measurements") ?? throw new KeyNotFoundException("Measurements")).EnumerateArray())
            {
                var title = Of(m, "Title")?.GetString() ?? "";
                if (title.Length > 0) { metadata.Add(new(MetadataNames.Comments, title)); }
                StartTime? start = Of(m, "TimeStamp") is { ValueKind: JsonValueKind.Number } stamp && stamp.TryGetInt64(out var ticks) && ticks > 0 && ticks < DateTime.MaxValue.Ticks ? new(new DateTime(ticks), null) : null;
                var before = spectra.Count;
                var set = Of(m, "DataSet");
                if (set is { } whole) { Add(whole, start); }
                if (spectra.Count == before && Of(m, "EISDataList") is { ValueKind: JsonValueKind.Array } list)
                {
                    foreach (var e in list.EnumerateArray()) { if (Of(e, "DataSet") is { } inner) { Add(inner, start); } }
                }
                if (spectra.Count > before) { continue; }
                if (set is not { } arrays || Scans(arrays, file, warnings) is not { } columns)
                {
                    warnings.Add(new("series", $"'{title}' has no time of its points and is left out"));
                }
                else if (series is null) { series = (new(columns), start, title); }
                else { warnings.Add(new("series", $"'{title}' is a second series over time and is left out; save it as a session of its own")); }
            }
            if (spectra.Count == 0 && series is null) { throw new InputException("the session holds neither impedance nor a measurement over time", file.Path, "export its curves as csv with named columns"); }
            return new()
            {
                File = file.Path, Format = Name, Technique = spectra.Count > 0 ? "EIS" : series!.Value.Title, Metadata = metadata, Start = spectra.Count > 0 ? spectra[0].Start : series!.Value.Start,
                Series = series?.Series, Spectra = spectra, Warnings = warnings,
            };

            void Add(JsonElement set, StartTime? start)
            {
                double[]? f = Values(set, "Frequency"), re = Values(set, "ZRe"), im = Values(set, "ZIm");
                if (f is null || re is null || im is null || f.Length == 0) { return; }
                if (re.Length != f.Length || im.Length != f.Length) { throw new InputException($"frequency, ZRe and ZIm have {f.Length}, {re.Length} and {im.Length} values", file.Path, "export the session again"); }
                foreach (var s in ImpedanceRows.Split(f, re, [.. im.Select(x => -x)]))
                {
                    spectra.Add(s with { File = file.Path, Start = start, Index = spectra.Count });
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException("the session file is damaged", file.Path, "save it again in PSTrace", e);
        }
    }

    /// <summary>Time, potential, current and scan of all scans in their order; null where there is no time or no pair of potential and current.</summary>
    private static List<Column>? Scans(JsonElement set, FileContent file, List<Warning> warnings)
    {
        if (Of(set, "Values") is not { } arrays) { return null; }
        double[]? clock = null;
        List<(double[] Potential, double[] Current)> scans = [];
        Dictionary<string, double[]> waiting = [];
        foreach (var a in arrays.EnumerateArray())
        {
            var (type, name) = (Of(a, "Type")?.GetString() ?? "", Of(a, "Description")?.GetString() ?? "");
            if (type.EndsWith("DataArrayTime", StringComparison.OrdinalIgnoreCase)) { clock ??= Numbers(a); }
            // The potential stands before its current; in a cyclic voltammogram both have the name of the scan, else their own.
            if (type.EndsWith(Potentials, StringComparison.OrdinalIgnoreCase)) { waiting.TryAdd(name, Numbers(a)); }
            if (!type.EndsWith(Currents, StringComparison.OrdinalIgnoreCase)) { continue; }
            if (waiting.TryGetValue(name, out var potential) || (name == "current" && waiting.TryGetValue("potential", out potential))) { scans.Add((potential, Numbers(a))); }
        }
        if (clock is not { Length: > 1 } || scans.Count == 0) { return null; }
        foreach (var (potential, current) in scans)
        {
            if (potential.Length != current.Length) { throw new InputException($"potential and current have {potential.Length} and {current.Length} values", file.Path, "export the session again"); }
        }
        var total = scans.Sum(s => s.Potential.Length);
        var time = clock;
        if (time.Length != total)
        {
            var interval = (clock[^1] - clock[0]) / (clock.Length - 1);
            if (clock.Length > total || Enumerable.Range(1, clock.Length - 1).Any(i => !(Math.Abs(clock[i] - clock[i - 1] - interval) <= Even * interval)))
            {
                warnings.Add(new(ColumnNames.Time, $"the session has {clock.Length} times, not evenly spaced, for {total} points"));
                return null;
            }
            if (total > clock.Length) { warnings.Add(new(ColumnNames.Time, $"the session has times for {clock.Length} of {total} points; they are continued at the interval of {interval:G4} s")); }
            time = [.. Enumerable.Range(0, total).Select(i => i < clock.Length ? clock[i] : clock[0] + (i * interval))];
        }
        return
        [
            new(ColumnNames.Time, "s", time, "time"), new(ColumnNames.Potential, "V", [.. scans.SelectMany(s => s.Potential)], "potential", PotentialReference.Unknown),
            new(ColumnNames.Current, "A", [.. scans.SelectMany(s => s.Current.Select(i => i * 1e-6))], "current, µA"),
            new(ColumnNames.Cycle, "1", [.. scans.SelectMany((s, k) => Enumerable.Repeat(k + 1.0, s.Potential.Length))], "scan"),
        ];
    }

    private static double[]? Values(JsonElement set, string name)
    {
        if (Of(set, "Values") is not { } arrays) { return null; }
        foreach (var a in arrays.EnumerateArray())
        {
            if (Of(a, "Description")?.GetString() == name) { return Numbers(a); }
        }
        return null;
    }

    private static double[] Numbers(JsonElement array) =>
        [.. (Of(array, "DataValues") ?? throw new KeyNotFoundException("DataValues")).EnumerateArray().Select(v => (Of(v, "V") ?? throw new KeyNotFoundException("V")).GetDouble())];

    /// <summary>A property whatever the case of its key.</summary>
    private static JsonElement? Of(JsonElement e, string name) =>
        e.TryGetProperty(name, out var found) || e.TryGetProperty(name.ToLowerInvariant(), out found) ? found.ValueKind == JsonValueKind.Null ? null : found : null;
}
