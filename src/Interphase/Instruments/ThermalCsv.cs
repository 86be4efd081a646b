using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>A csv of time, temperature and mass or heat flow, the units in the header or in the row below it.</summary>
internal static class ThermalCsv
{
    public static FileFormat Format { get; } = new("thermal-csv", "csv with time, temperature, mass, heat flow", true,
        h => h.Lines.Count > 2 && Header(h.Lines) is { } header && ThermalColumns.Describes(header.Names), Read);

    private static (string[] Names, int Rows, char Separator)? Header(IReadOnlyList<string> lines)
    {
        var separator = lines[0].Contains(';', StringComparison.Ordinal) ? ';' : lines[0].Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        var names = lines[0].TrimEnd('\r').Split(separator);
        if (names.Length is < 3 or > 40) { return null; }
        var units = lines[1].TrimEnd('\r').Split(separator);
        return units.Length == names.Length && units.All(u => u.Trim().StartsWith('['))
            ? ([.. names.Zip(units, (n, u) => n + u)], 2, separator) : (names, 1, separator);
    }

    private static Measurement Read(FileContent content)
    {
        var lines = content.Text().Split('\n');
        var (names, skip, separator) = Header(lines) ?? throw content.AtLine(1, "the header names no thermal columns", "name time, temperature and mass or heat flow with units");
        var rows = new List<double[]>();
        for (var i = skip; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().Trim().IsEmpty) { continue; }
            rows.Add(ThermalColumns.Numbers(lines[i], separator, names.Length) ?? throw content.AtLine(i + 1, $"the row has not {names.Length} numbers", "mend or remove it"));
        }
        return ThermalColumns.Curve(content, Format.Name, names, rows, [], null, null);
    }
}
