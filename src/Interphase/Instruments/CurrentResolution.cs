using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Whether a text prints its current with so few decimals that charge integrated from it is uncertain.</summary>
internal static class CurrentResolution
{
    private const int RowsSearched = 2000, FewestRows = 20;

    /// <summary>The rounding that is worth a word, as a share of the current.</summary>
    private const double Coarse = 0.01;

    /// <summary>A warning where half the last printed decimal is more than a hundredth of the median current that flows.</summary>
    /// <param name="body">The rows.</param>
    /// <param name="separator">Their separator.</param>
    /// <param name="column">Which cell holds the current.</param>
    /// <param name="point">The decimal separator.</param>
    /// <param name="scale">Factor to ampere.</param>
    /// <param name="current">The column, in ampere.</param>
    public static Warning? Of(ReadOnlySpan<byte> body, char separator, int column, byte point, double scale, double[] current)
    {
        if (Decimals(body, separator, column, point) is not { } decimals) { return null; }
        var flowing = current.Where(i => Math.Abs(i) > 0).Select(Math.Abs).Order().ToArray();
        if (flowing.Length < FewestRows) { return null; }
        var (step, median) = (Math.Abs(scale) * Math.Pow(10, -decimals), flowing[flowing.Length / 2]);
        var share = step / 2 / median;
        return share <= Coarse ? null : new(ColumnNames.Current, string.Create(CultureInfo.InvariantCulture,
            $"current is printed in steps of {step:G3} A, so that its median of {median:G3} A is certain to {100 * share:G2} % only, and so is charge integrated from it; capacities that the file states are the instrument's own"));
    }

    /// <summary>The number of decimals, where every number of the column is printed with the same one.</summary>
    private static int? Decimals(ReadOnlySpan<byte> body, char separator, int column, byte point)
    {
        int? same = null;
        for (var row = 0; row < RowsSearched && body.Length > 0; row++)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            for (var c = 0; c < column && !line.IsEmpty; c++) { line = line.IndexOf((byte)separator) is >= 0 and var at ? line[(at + 1)..] : default; }
            var cell = (line.IndexOf((byte)separator) is >= 0 and var stop ? line[..stop] : line).Trim(" \r\""u8);
            if (cell.IsEmpty) { continue; }
            if (cell.IndexOf(point) is not (>= 0 and var p) || double.IsNaN(DelimitedText.Number(cell, point)) || cell.IndexOfAny((byte)'e', (byte)'E') >= 0) { return null; }
            var decimals = cell.Length - p - 1;
            if (same is { } before && before != decimals) { return null; }
            same = decimals;
        }
        return same;
    }
}
