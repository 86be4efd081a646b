using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// What EC-Lab and BT-Lab write beside the records: the settings (<c>.mps</c>: cell, safety limits, every technique with its
/// parameters) and the log (<c>.mpl</c>: start, instrument, settings, events).
/// </summary>
internal static class BiologicSettingsFile
{
    private const string Settings = "biologic-mps", Log = "biologic-mpl";

    public static readonly FileFormat SettingsFormat = new(Settings, "BioLogic settings (.mps)", IsText: true, head => Begins(head.Text, "SETTING FILE"), file => Read(file, Settings));

    public static readonly FileFormat LogFormat = new(Log, "BioLogic log (.mpl)", IsText: true, head => Begins(head.Text, "LOG FILE"), file => Read(file, Log));

    private static bool Begins(string text, string kind) =>
        text.StartsWith("EC-LAB " + kind, StringComparison.OrdinalIgnoreCase) || text.StartsWith("BT-LAB " + kind, StringComparison.OrdinalIgnoreCase);

    private static Measurement Read(FileContent file, string format)
    {
        var lines = file.Text().Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        var techniques = Techniques(lines, format == Log);
        if (techniques.Count == 0) { throw file.AtLine(1, "the file names no technique", "copy it again; it may be cut off"); }
        if (Announced(lines) is { } announced && announced != techniques.Count)
        {
            throw file.AtLine(1, $"the file announces {announced} techniques and holds {techniques.Count}: it is cut off or damaged", "copy it again");
        }
        var entries = BiologicHeader.Entries(lines.Skip(1), BiologicHeader.HasDecimalComma(lines));
        entries.InsertRange(0, techniques.Select((t, i) => new MetadataEntry(techniques.Count == 1 ? "technique" : $"technique{i + 1}", t)));
        return new()
        {
            File = file.Path, Format = format, Technique = string.Join(" + ", techniques), Start = BiologicHeader.StartOf(entries), Metadata = entries,
            Warnings = [new Warning("series", $"a {(format == Log ? "log" : "file of settings")} holds no records; they are in the .mpr or .mpt of its name")],
        };
    }

    private static int? Announced(string[] lines) =>
        lines.FirstOrDefault(l => l.StartsWith("Number of linked techniques : ", StringComparison.Ordinal)) is { } line && int.TryParse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], out var n) ? n : null;

    /// <summary>The line under each <c>Technique : n</c>; in a log the first line of text.</summary>
    private static List<string> Techniques(string[] lines, bool log)
    {
        if (log) { return [.. lines.Skip(1).Where(l => l.Trim().Length > 0).Take(1).Where(l => !l.Contains(" : ", StringComparison.Ordinal)).Select(l => l.Trim())]; }
        var found = new List<string>();
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            if (lines[i].StartsWith("Technique : ", StringComparison.Ordinal) && lines[i + 1].Trim().Length > 0) { found.Add(lines[i + 1].Trim()); }
        }
        return found;
    }
}
