using ExcelDataReader;
using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Studies;

/// <summary>
/// A build sheet: one row a file, with the facts of its sample and cell in columns (csv or xlsx). Empty cells repeat the row
/// above for sample and cell, and say nothing for the rest.
/// </summary>
internal static class BuildSheet
{
    private static readonly string[] CellColumns = ["temperature", "stackPressure"];
    private static readonly string[] CoatingColumns = ["material", "annealing", "coatingThickness", "coatingConductivity"];
    private static readonly string[] ElectrodeColumns =
    [
        "area", "activeMass", "compositeMass", "activeFraction", "coatingMassFraction", "molarMass", "molarVolume", "particleRadius", "interfaceArea", "nominalCapacity", "initialStoichiometry",
    ];
    private static readonly string[] CellFileColumns = ["technique", "path", "role", "circuit", "weighting", "axis", "resistance", "concentration", "electrons"];
    private static readonly string[] FileColumns = [.. CellFileColumns, "kind", "thickness", "diameter"];

    /// <summary>The samples of a sheet, in the order they first appear.</summary>
    /// <exception cref="InputException">The sheet cannot be read, a column is unknown, or a value is wrong; the row is named.</exception>
    public static IReadOnlyList<Sample> Read(string path, Electrode outer, string where)
    {
        var rows = Rows(path, where);
        if (rows.Count < 2) { throw new InputException("the build sheet has no rows", path, "write a header row with 'sample', 'technique' and 'path', and one row a file"); }
        var header = rows[0].Select(h => h.Trim()).ToArray();
        string[] known = ["sample", "cell", .. CellColumns, .. CoatingColumns, .. ElectrodeColumns, .. FileColumns];
        foreach (var h in header.Where(h => h.Length > 0 && !known.Contains(h, StringComparer.Ordinal)))
        {
            throw new InputException($"'{h}' is not a column of a build sheet", $"{path}:1", NearestName.Suggest(h, known));
        }
        foreach (var needed in (string[])["sample", "technique", "path"])
        {
            if (!header.Contains(needed, StringComparer.Ordinal)) { throw new InputException($"the column '{needed}' is missing", $"{path}:1", $"add it; the columns are {string.Join(", ", known)}"); }
        }
        var samples = new List<string>();
        var bySample = new Dictionary<string, List<(int Line, Dictionary<string, string> Row)>>(StringComparer.Ordinal);
        string sample = "", cell = "1";
        for (var r = 1; r < rows.Count; r++)
        {
            var row = header.Select((h, i) => (h, v: i < rows[r].Count ? rows[r][i].Trim() : "")).Where(p => p.h.Length > 0 && p.v.Length > 0).ToDictionary(p => p.h, p => p.v, StringComparer.Ordinal);
            if (row.Count == 0) { continue; }
            if (row.TryGetValue("sample", out var s) && s != sample) { sample = s; cell = "1"; }
            if (sample.Length == 0) { throw new InputException("the first row names no sample", $"{path}:{r + 1}", "write the sample's name in the column 'sample'"); }
            cell = row.GetValueOrDefault("cell", cell);
            row["cell"] = cell;
            if (!bySample.TryGetValue(sample, out var list)) { bySample[sample] = list = []; samples.Add(sample); }
            list.Add((r + 1, row));
        }
        return [.. samples.Select(name => One(name, bySample[name], outer, path))];
    }

    /// <summary>A sample's rows become the same YAML a person would have written, so that both forms are read by one reader.</summary>
    private static Sample One(string name, List<(int Line, Dictionary<string, string> Row)> rows, Electrode outer, string path)
    {
        var line = rows[0].Line;
        try
        {
            string Pairs(IEnumerable<string> keys, IReadOnlyList<Dictionary<string, string>> from, Func<string, string>? rename = null) =>
                "{ " + string.Join(", ", keys.Select(k => (k, v: from.Select(f => f.GetValueOrDefault(k)).FirstOrDefault(v => v is not null))).Where(p => p.v is not null)
                    .Select(p => $"{rename?.Invoke(p.k) ?? p.k}: {Quoted(p.v!)}")) + " }";
            var all = rows.Select(r => r.Row).ToArray();
            var text = $"name: s\nsamples:\n- name: {Quoted(name)}\n";
            if (CoatingColumns.Any(c => all.Any(r => r.ContainsKey(c))))
            {
                text += $"  coating: {Pairs(CoatingColumns, all, k => k switch { "coatingThickness" => "thickness", "coatingConductivity" => "conductivity", _ => k })}\n";
            }
            var specimens = all.Where(r => !StudyFile.IsCellTechnique(r.GetValueOrDefault("technique", ""))).ToArray();
            if (specimens.Length > 0)
            {
                text += "  specimens:\n" + string.Concat(specimens.Select(r => $"  - {Pairs(["technique", "path", "kind", "thickness", "diameter", "temperature"], [r])}\n"));
            }
            var cells = all.Where(r => StudyFile.IsCellTechnique(r.GetValueOrDefault("technique", ""))).GroupBy(r => r["cell"]).ToArray();
            if (cells.Length > 0)
            {
                text += "  cells:\n" + string.Concat(cells.Select(c =>
                    $"  - id: {Quoted(c.Key)}\n    electrode: {Pairs(ElectrodeColumns, [.. c])}\n"
                    + string.Concat(CellColumns.Where(k => c.Any(r => r.ContainsKey(k))).Select(k => $"    {k}: {Quoted(c.First(r => r.ContainsKey(k))[k])}\n"))
                    + "    files:\n" + string.Concat(c.Select(r => $"    - {Pairs(CellFileColumns, [r])}\n"))));
            }
            return StudyFile.ReadSamples(Yaml.Parse(text, path).Required("samples"), outer, "")[0];
        }
        catch (InputException e)
        {
            throw new InputException(e.What, $"{path}:{line}, sample '{name}'", e.Mend, e);
        }
    }

    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal) + "\"";

    private static List<List<string>> Rows(string path, string where)
    {
        try
        {
            if (!File.Exists(path)) { throw new InputException("the build sheet does not exist", $"{where}: {path}", "check the name under 'table'"); }
            if (Path.GetExtension(path).Equals(".xlsx", StringComparison.OrdinalIgnoreCase))
            {
                using var stream = File.OpenRead(path);
                using var reader = ExcelReaderFactory.CreateReader(stream);
                var sheet = new List<List<string>>();
                while (reader.Read())
                {
                    sheet.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture) ?? "")]);
                }
                return sheet;
            }
            var lines = File.ReadAllLines(path);
            var separator = lines.Length == 0 ? ',' : new[] { ',', ';', '\t' }.MaxBy(c => lines[0].Count(x => x == c));
            return [.. lines.Where(l => !l.StartsWith('#')).Select(l => DelimitedText.Split(l, separator))];
        }
        catch (Exception e) when (e is not InputException && e is IOException or UnauthorizedAccessException or ExcelDataReader.Exceptions.ExcelReaderException or InvalidDataException or ArgumentException)
        {
            throw new InputException("the build sheet cannot be read", path, $"save it as csv or xlsx ({e.Message})", e);
        }
    }
}
