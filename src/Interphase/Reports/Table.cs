using Interphase.Results;

namespace Interphase.Reports;

/// <summary>A table: the first column names the row.</summary>
/// <param name="Id">Names the file and the place in the page: lower-case words joined by hyphens, unique in a report.</param>
/// <param name="Title">What it holds.</param>
/// <param name="Columns">Headers with units.</param>
/// <param name="Rows">One cell a column.</param>
public sealed record Table(string Id, string Title, IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows)
{
    /// <summary>Stands under the table: what the uncertainties mean, what was left out.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A column of a table.</summary>
/// <param name="Header">As <see cref="Axis.Quantity"/>.</param>
/// <param name="Unit">As <see cref="Axis.Unit"/>; the cells hold numbers in it.</param>
public sealed record TableColumn(string Header, string Unit = "")
{
    /// <summary>Significant digits of numbers without an error.</summary>
    public int Digits { get; init; } = 4;

    /// <summary>In the csv file but not on the page.</summary>
    public bool FileOnly { get; init; }
}

/// <summary>A cell: a text, a number, or an estimate with its uncertainty or the reason why it is withheld.</summary>
public readonly record struct Cell
{
    /// <summary>The text; null where the cell is a number.</summary>
    public string? Text { get; private init; }

    /// <summary>The number; an exact one has no error and no reason.</summary>
    public Estimate Number { get; private init; }

    /// <summary>True where the cell is an estimate and so has columns for its error in the csv file.</summary>
    public bool IsEstimate { get; private init; }

    /// <summary>A text.</summary>
    public static implicit operator Cell(string text) => new() { Text = text };

    /// <summary>A number; NaN is an empty cell.</summary>
    public static implicit operator Cell(double number) => new() { Number = new(number, double.NaN, double.NaN, double.NaN) };

    /// <summary>An estimate.</summary>
    public static implicit operator Cell(Estimate estimate) => new() { Number = estimate, IsEstimate = true };
}
