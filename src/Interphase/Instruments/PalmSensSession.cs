using System.Text.Json;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>PalmSens PSTrace <c>.pssession</c> (JSON), impedance: each measurement's arrays Frequency, ZRe and ZIm. PSTrace stores −Z″ as ZIm.</summary>
internal static class PalmSensSession
{
    private const string Name = "palmsens-session";

    public static readonly FileFormat Format = new(Name, "PalmSens PSTrace session (.pssession), impedance", IsText: true,
        head => head.Text.AsSpan(0, Math.Min(head.Text.Length, 400)).Contains("PalmSens.DataFiles.SessionFile", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent file)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Text().TrimEnd('\0', '\uFEFF', ' ', '\r', '\n'));
            List<ImpedanceSpectrum> spectra = [];
            var metadata = new List<MetadataEntry>();
            foreach (var m in document.RootElement.GetProperty("Measurements").EnumerateArray())
            {
                if (m.TryGetProperty("Title", out var title) && title.GetString() is { Length: > 0 } said) { metadata.Add(new(MetadataNames.Comments, said)); }
                StartTime? start = m.TryGetProperty("TimeStamp", out var stamp) && stamp.ValueKind == JsonValueKind.Number && stamp.TryGetInt64(out var ticks) && ticks > 0 && ticks < DateTime.MaxValue.Ticks ? new(new DateTime(ticks), null) : null;
                var before = spectra.Count;
                if (m.TryGetProperty("DataSet", out var set)) { Add(set, start); }
                if (spectra.Count > before || !m.TryGetProperty("EISDataList", out var list) || list.ValueKind != JsonValueKind.Array) { continue; }
                foreach (var e in list.EnumerateArray())
                {
                    if (e.TryGetProperty("DataSet", out var inner)) { Add(inner, start); }
                }
            }
            if (spectra.Count == 0) { throw new InputException("the session holds no impedance", file.Path, "export its curves as csv with named columns"); }
            return new() { File = file.Path, Format = Name, Technique = "EIS", Metadata = metadata, Start = spectra[0].Start, Spectra = spectra, Warnings = new List<Warning>() };

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

    private static double[]? Values(JsonElement set, string name)
    {
        if (!set.TryGetProperty("Values", out var arrays)) { return null; }
        foreach (var a in arrays.EnumerateArray())
        {
            if (a.GetProperty("Description").GetString() == name) { return [.. a.GetProperty("DataValues").EnumerateArray().Select(v => v.GetProperty("V").GetDouble())]; }
        }
        return null;
    }
}
