using System.Globalization;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>What the text exports of thermal instruments have in common: named columns with units become one curve in SI.</summary>
internal static class ThermalColumns
{
    /// <summary>Whether a header names temperature and mass or heat flow.</summary>
    public static bool Describes(IReadOnlyList<string> header) =>
        !header.Any(h => h.Contains("current", StringComparison.OrdinalIgnoreCase) || h.Contains("volt", StringComparison.OrdinalIgnoreCase) || h.Contains("capacity", StringComparison.OrdinalIgnoreCase))
        && header.Any(h => Kind(h) == 'T') && header.Any(h => Kind(h) is 'm' or 'q') && header.Any(h => Kind(h) == 't');

    /// <summary>Makes the measurement.</summary>
    /// <param name="content">The file, for messages.</param>
    /// <param name="format">Name of its format.</param>
    /// <param name="header">Column names, each with its unit.</param>
    /// <param name="rows">Rows of numbers.</param>
    /// <param name="metadata">What the file says.</param>
    /// <param name="mass">Sample mass in kg; null where the file does not say it.</param>
    /// <param name="exothermUp">As the file says it.</param>
    public static Measurement Curve(FileContent content, string format, IReadOnlyList<string> header, List<double[]> rows, IReadOnlyList<MetadataEntry> metadata, double? mass, bool? exothermUp)
    {
        var path = content.Path;
        if (rows.Count < 10) { throw new InputException("the file holds fewer than ten rows of numbers", path, "export the whole run"); }
        var warnings = new List<Warning>();
        double[] Take(int c, Func<double, double> convert) => [.. rows.Select(r => convert(r[c]))];
        int Find(char kind) => Enumerable.Range(0, header.Count).Where(i => Kind(header[i]) == kind).OrderBy(i => Preference(header[i])).FirstOrDefault(-1);
        var (time, temperature) = (Find('t'), Find('T'));
        if (time < 0 || temperature < 0) { throw new InputException("the file names no time or no temperature column", path, "export time, temperature and mass or heat flow"); }
        var timeUnit = UnitOf(header[time]);
        var t = Take(time, timeUnit.StartsWith("min", StringComparison.Ordinal) ? x => 60 * x : timeUnit is "h" or "hr" ? x => 3600 * x : x => x);
        var temperatureUnit = UnitOf(header[temperature]);
        var kelvin = Take(temperature, temperatureUnit == "k" ? x => x : x => x + 273.15);
        if (kelvin.Any(x => x is < 50 or > 3500)) { throw new InputException("a temperature lies outside 50–3500 K", $"{path}, column {header[temperature]}", "check the unit in the column's name (°C or K)"); }
        double[]? massColumn = null, heat = null;
        if (Find('m') is >= 0 and var m)
        {
            var unit = UnitOf(header[m]);
            var raw = Take(m, x => x);
            if (unit.Contains('%', StringComparison.Ordinal)) { massColumn = Array.ConvertAll(raw, x => x / 100); }
            else
            {
                var scale = unit switch { "mg" => 1e-6, "g" => 1e-3, "ug" or "µg" => 1e-9, "kg" => 1, _ => throw new InputException($"the mass has the unknown unit '{unit}'", $"{path}, column {header[m]}", "export it in mg, g or %") };
                mass ??= raw[0] * scale;
                if (!(mass > 0)) { throw new InputException("the initial mass is not positive", path, "tare the balance or export the mass in %"); }
                massColumn = Array.ConvertAll(raw, x => x * scale / mass.Value);
            }
        }
        if (Find('q') is >= 0 and var q)
        {
            var unit = UnitOf(header[q]);
            double? scale = unit.Contains("uv", StringComparison.Ordinal) || unit.Contains("µv", StringComparison.Ordinal) ? null
                : unit.Contains("/mg", StringComparison.Ordinal) || unit.Contains("/g", StringComparison.Ordinal) ? unit.StartsWith("mw/g", StringComparison.Ordinal) ? 1 : 1e3
                : mass is { } kg ? unit.StartsWith('w') ? 1 / kg : 1e-3 / kg : null;
            if (scale is { } s) { heat = Take(q, x => x * s); }
            else { warnings.Add(new(header[q], $"the heat flow in {unit} cannot be stated per mass; calibrate it, or add the sample mass to the file")); }
        }
        return new()
        {
            File = path, Format = format, Technique = massColumn is null ? "DSC" : heat is null ? "TG" : "TG-DSC",
            Metadata = metadata, Warnings = warnings,
            Thermal = new(t, kelvin) { Mass = massColumn, HeatFlow = heat, InitialMass = mass, ExothermUp = exothermUp },
        };
    }

    /// <summary>The numbers of a row, or null where it is not one.</summary>
    public static double[]? Numbers(string line, char separator, int count, bool decimalComma = false)
    {
        var cells = separator == ' ' ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(separator);
        var found = new double[count];
        var n = 0;
        foreach (var cell in cells)
        {
            var text = cell.AsSpan().Trim();
            if (text.IsEmpty && n == 0) { continue; }
            if (n == count) { break; }
            if (!double.TryParse(decimalComma ? text.ToString().Replace(',', '.') : text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) || !double.IsFinite(v)) { return null; }
            found[n++] = v;
        }
        return n == count ? found : null;
    }

    /// <summary>A mass such as <c>8.40 mg</c> in kg; null where the text is none.</summary>
    public static double? Milligrams(string? text)
    {
        var word = text?.Trim().Split(' ', '\t')[0].Replace(',', '.');
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v > 0 && v < 1e6 ? v * 1e-6 : null;
    }

    private static char Kind(string name)
    {
        var h = name.TrimStart('#', ' ', '"').ToLowerInvariant();
        if (h.StartsWith("time", StringComparison.Ordinal) || h.StartsWith("t[", StringComparison.Ordinal) || h.StartsWith("t (s", StringComparison.Ordinal)) { return 't'; }
        if (h.Contains("heat flow", StringComparison.Ordinal) || h.StartsWith("dsc", StringComparison.Ordinal) || h.StartsWith("heatflow", StringComparison.Ordinal)) { return 'q'; }
        if (h.Contains("dtg", StringComparison.Ordinal) || h.Contains("deriv", StringComparison.Ordinal) || h.Contains("flow", StringComparison.Ordinal)) { return '-'; }
        if (h.Contains("temp", StringComparison.Ordinal) || h.StartsWith("ts[", StringComparison.Ordinal) || h.StartsWith("tr[", StringComparison.Ordinal)) { return 'T'; }
        if (h.StartsWith("mass", StringComparison.Ordinal) || h.Contains("weight", StringComparison.Ordinal) || h.StartsWith("tg", StringComparison.Ordinal)) { return 'm'; }
        return '-';
    }

    /// <summary>The sample's own reading goes before the programme's, the measured weight before the baseline's.</summary>
    private static int Preference(string name) =>
        name.Contains("Program", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Tr[", StringComparison.OrdinalIgnoreCase) || name.Contains("Baseline", StringComparison.OrdinalIgnoreCase) ? 1 : 0;

    private static string UnitOf(string name)
    {
        var open = name.IndexOfAny(['(', '[', '/']);
        return open < 0 ? "" : name[(open + 1)..].Trim('(', ')', '[', ']', ' ', '"', '°', '\uFFFD', 'º').ToLowerInvariant().Replace("deg", "", StringComparison.Ordinal);
    }
}
