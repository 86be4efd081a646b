using System.Globalization;
using System.Text;
using Interphase.Files;

namespace Interphase.Reports;

/// <summary>
/// A table as csv (RFC 4180, UTF-8, LF): units in the header, full precision, an estimate as five columns (value, standard error,
/// 95 % interval, reason). A missing number is an empty field. A text that a spreadsheet would run as a formula gets an apostrophe.
/// </summary>
public static class CsvTable
{
    /// <summary>Writes <c>DIR/ID.csv</c>.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(Table table, string directory)
    {
        ArgumentNullException.ThrowIfNull(table);
        AtomicFile.WriteText(Path.Combine(directory, Slug.Check(table.Id) + ".csv"), Text(table));
    }

    /// <summary>The content of the file.</summary>
    public static string Text(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var estimates = table.Columns.Select((_, c) => table.Rows.Any(r => r[c].IsEstimate)).ToArray();
        var text = new StringBuilder();
        Line(text, table.Columns.SelectMany((column, c) =>
        {
            var name = RichText.Plain(column.Header);
            var unit = column.Unit.Length == 0 ? "" : $" / {column.Unit}";
            return estimates[c]
                ? [name + unit, $"{name} standard error{unit}", $"{name} lower 95 %{unit}", $"{name} upper 95 %{unit}", $"{name} reason"]
                : new[] { name + unit };
        }));
        foreach (var row in table.Rows)
        {
            Line(text, row.SelectMany((cell, c) =>
            {
                var n = cell.Number;
                var first = cell.Text is { } words ? RichText.Plain(words) : Number(n.Value);
                return !estimates[c] ? [first]
                    : cell.IsEstimate ? [first, Number(n.StandardError), Number(n.Lower95), Number(n.Upper95), n.Reason ?? ""]
                    : new[] { first, "", "", "", "" };
            }));
        }
        return text.ToString();
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Field)).Append('\n');

    private static string Field(string field)
    {
        var runs = field.Length > 0 && (field[0] is '=' or '+' or '-' or '@' or '\t' or '\r') && !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        var safe = runs ? "'" + field : field;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
