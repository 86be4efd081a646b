using System.Globalization;
using System.Text.Json;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>
/// The metadata file beside a table that has no room for any: <c>x.bdf.metadata.json</c> beside <c>x.bdf.csv</c>, as
/// <see cref="Bdf"/> writes it, and <c>x.metadata.json</c> beside <c>x.csv</c>. What it says of technique, start, reference,
/// masses and comments is taken over; what the table itself says goes before it.
/// </summary>
internal static class MetadataBeside
{
    private const long Largest = 4 << 20;

    /// <summary>The measurement with what the file beside it says.</summary>
    public static Measurement Complete(Measurement m, string path)
    {
        var stem = PackedFile.Unpacked(path);
        var beside = new FileInfo(m.Format.StartsWith("bdf", StringComparison.Ordinal) ? Bdf.MetadataPath(path) : Path.ChangeExtension(stem, ".metadata.json"));
        if (!beside.Exists || beside.Length is 0 or > Largest) { return m; }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(beside.FullName));
            return document.RootElement.ValueKind == JsonValueKind.Object ? With(m, document.RootElement) : Aside(m, beside, "it is no JSON object");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException) { return Aside(m, beside, "it is no JSON that can be read"); }
    }

    private static Measurement Aside(Measurement m, FileInfo beside, string why) =>
        m with { Warnings = [.. m.Warnings, new Warning("metadata", $"{beside.Name} beside the file is left aside: {why}")] };

    private static Measurement With(Measurement m, JsonElement told)
    {
        // Of another table: a file renamed or copied beside this one.
        if (told.TryGetProperty("rows", out var rows) && rows.TryGetInt32(out var count) && m.Series is { } read && read.Count != count)
        {
            return m with { Warnings = [.. m.Warnings, new Warning("metadata", string.Create(CultureInfo.InvariantCulture, $"the metadata file beside the file is of {count} rows and is left aside"))] };
        }
        var known = m.Metadata.Where(e => !e.IsDefault).Select(e => e.Name).ToHashSet(StringComparer.Ordinal);
        var entries = Items(told, "metadata").Select(Entry).OfType<MetadataEntry>().Where(e => !known.Contains(e.Name)).ToArray();
        var series = m.Series;
        foreach (var c in Items(told, "columns"))
        {
            if (Text(c, "name") is { } name && Text(c, "reference") is { } reference && series?.Find(name) is { } column && column.Reference is null or { Name: null })
            {
                series = series!.With(series.Required(name) with { Reference = ReferenceOf(reference) });
            }
        }
        return m with
        {
            Technique = m.Technique.Length > 0 ? m.Technique : Text(told, "technique") ?? "",
            Start = m.Start ?? StartOf(Text(told, "start")),
            Metadata = [.. m.Metadata.Where(e => !entries.Any(o => o.Name == e.Name)), .. entries],
            Series = series,
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement e, string name) =>
        e.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null;

    private static MetadataEntry? Entry(JsonElement e)
    {
        if (Text(e, "name") is not { Length: > 0 } name) { return null; }
        var isDefault = e.TryGetProperty("isDefault", out var d) && d.ValueKind == JsonValueKind.True;
        var quantity = e.TryGetProperty("value", out var v) && v.ValueKind == JsonValueKind.Number && Text(e, "unit") is { } unit && Unit.TryParse(unit, out _, out _) ? Quantity.Of(v.GetDouble(), unit) : (Quantity?)null;
        return new(name, Text(e, "text") ?? "", quantity, isDefault);
    }

    /// <summary>As an axis prints it: <c>vs Li-In, 0.62 V vs Li</c>.</summary>
    private static PotentialReference ReferenceOf(string text)
    {
        var name = text.StartsWith("vs ", StringComparison.Ordinal) ? text[3..].Split(',')[0] : text;
        return name == "reference unknown" ? PotentialReference.Unknown : References.Of(name);
    }

    private static StartTime? StartOf(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new(at.DateTime, text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal) ? at.Offset : null) : null;
}
