namespace Interphase.Cells;

/// <summary>A cell as JSON.</summary>
public static class CellContract
{
    /// <summary>The parameters as given, with units, basis and source, and what does not fit together.</summary>
    public static object Contract(this Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return new
        {
            name = cell.Name,
            parameters = cell.Parameters.Select(p => new
            {
                path = p.Path,
                value = double.IsNaN(p.Value) ? (object)p.Text : p.Value,
                standardError = p.StandardError,
                unit = p.Unit.Length == 0 ? null : p.Unit,
                basis = p.Basis.Length == 0 ? null : p.Basis,
                source = p.IsDefault ? "default" : p.Source,
                assumed = p.Assumed,
            }),
            valid = !cell.Problems.Any(p => p.IsError),
            problems = cell.Problems.Select(p => new { path = p.Path, text = p.Text, severity = p.IsError ? "error" : "note" }),
        };
    }
}
