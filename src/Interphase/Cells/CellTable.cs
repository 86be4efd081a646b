using System.Globalization;
using Interphase.Files;

namespace Interphase.Cells;

/// <summary>A property as a table in a csv file: the first column is the variable (named <c>x</c>, <c>c</c> or <c>ce</c>), another the values.</summary>
internal static class CellTable
{
    private const int LongestFile = 8 << 20;

    public static MaterialFunction Read(string path, string? column, string variables, double maximumConcentration, double scale, bool straightEnds)
    {
        string[] lines;
        try
        {
            if (new FileInfo(path).Length > LongestFile) { throw new InputException("the table is far too long", path, "thin it out to a few hundred points"); }
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("the table cannot be read", path, "check the name; it is taken from the folder of the cell file", e);
        }
        var header = lines.Select((l, i) => (Line: l.Trim(), Number: i)).FirstOrDefault(l => l.Line.Length > 0 && l.Line[0] != '#');
        var names = (header.Line ?? "").Split(',').Select(n => n.Trim().Trim('"')).ToArray();
        var variable = names[0].Split([' ', '/', '[', '('])[0];
        var allowed = variables.Split(' ').Where(v => v != "T").ToArray();
        if (!allowed.Contains(variable)) { throw new InputException($"the first column is '{names[0]}'", $"{path}:{header.Number + 1}", $"name it after the variable: {string.Join(" or ", allowed)}"); }
        var at = column is null ? (names.Length == 2 ? 1 : -1) : Array.IndexOf(names, column);
        if (at < 1)
        {
            throw column is null ? new InputException($"the table has {names.Length} columns", path, "say which by 'column: NAME'")
                : new InputException($"the table has no column '{column}'", path, NearestName.Suggest(column, names.Skip(1)));
        }
        var points = new List<double>();
        var values = new List<double>();
        for (var i = header.Number + 1; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') { continue; }
            var cells = line.Split(',');
            var where = $"{path}:{(i + 1).ToString(CultureInfo.InvariantCulture)}";
            if (cells.Length <= at || !Number(cells[0], out var u) || !Number(cells[at], out var v)) { throw new InputException("two numbers are expected", where, "write decimal points and commas between columns"); }
            if (variable == "c") { u /= maximumConcentration; }
            if (points.Count > 0 && u <= points[^1]) { throw new InputException("the points of the table do not rise", where, "sort the rows and remove duplicates"); }
            points.Add(u);
            values.Add(v * scale);
        }
        return points.Count >= 2 ? MaterialFunction.Of(points, values, variable == "ce", straightEnds)
            : throw new InputException("the table has fewer than two rows", path, "give at least two points");
    }

    /// <summary>A table in the cell file itself: <c>{ x: [0, 0.5, 1], value: [4.3, 3.9, 3.5] }</c>.</summary>
    public static MaterialFunction Inline(Yaml y, string variables, double maximumConcentration, double scale, bool straightEnds)
    {
        var allowed = variables.Split(' ').Where(v => v != "T").ToArray();
        var variable = allowed.FirstOrDefault(v => y.Keys().Contains(v)) ?? throw y.Error("the table has no variable", $"name one of its lists {string.Join(" or ", allowed)}");
        var points = y.Required(variable).List().Select(p => variable == "c" ? p.Number() / maximumConcentration : p.Number()).ToArray();
        var values = y.Required("value").List().Select(v => v.Number() * scale).ToArray();
        y.Close();
        if (points.Length < 2 || points.Length != values.Length) { throw y.Error($"the table has {points.Length} points and {values.Length} values", "give as many values as points, two or more"); }
        if (Enumerable.Range(1, points.Length - 1).Any(i => points[i] <= points[i - 1])) { throw y.Error("the points of the table do not rise", "sort them and remove duplicates"); }
        return MaterialFunction.Of(points, values, variable == "ce", straightEnds);
    }

    private static bool Number(string s, out double v) => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out v) && double.IsFinite(v);
}
