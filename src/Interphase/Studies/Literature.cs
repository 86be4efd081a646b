using Interphase.Files;
using Interphase.Reports;

namespace Interphase.Studies;

/// <summary>A table of published values that stands beside ours, with the columns <c>name, quantity, value, unit, source</c>.</summary>
internal static class Literature
{
    private static readonly string[] Columns = ["name", "quantity", "value", "unit", "source"];

    /// <exception cref="InputException">The file is missing, a column is missing, or a value is no number.</exception>
    public static Table Table(string path)
    {
        string[] lines;
        try { lines = File.ReadAllLines(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new InputException("the literature table cannot be read", path, "check the name under compare.literature", e); }
        var header = lines.Length == 0 ? [] : DelimitedText.Split(lines[0], ',').Select(h => h.Trim()).ToArray();
        foreach (var c in Columns)
        {
            if (!header.Contains(c, StringComparer.Ordinal)) { throw new InputException($"the column '{c}' is missing", $"{path}:1", $"the columns are {string.Join(", ", Columns)}"); }
        }
        var rows = new List<IReadOnlyList<Cell>>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0) { continue; }
            var cells = DelimitedText.Split(lines[i], ',');
            string At(string column) => Array.IndexOf(header, column) is var k && k < cells.Count ? cells[k].Trim() : "";
            if (!double.TryParse(At("value"), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value))
            {
                throw new InputException($"'{At("value")}' is not a number", $"{path}:{i + 1}", "write a number with a decimal point");
            }
            rows.Add([At("name"), QuantityNames.Of(At("quantity")), value, UnitText.Print(At("unit")), At("source")]);
        }
        return new Table("literature", "Literature", [new("Sample"), new("Quantity"), new("Value"), new("Unit"), new("Source")], rows);
    }
}
