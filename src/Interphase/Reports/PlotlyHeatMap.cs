namespace Interphase.Reports;

/// <summary>A heat map for the screen: at most 400 cells either way (means of blocks), colours by the logarithm where asked.</summary>
internal static class PlotlyHeatMap
{
    private const int Most = 400;

    internal static object Trace(HeatMap s, string points)
    {
        var scale = SvgPanel.ColourScale(s);
        var (rows, columns) = (Blocks(s.Y.Length), Blocks(s.X.Length));
        var z = new double[rows.Length][];
        for (var r = 0; r < rows.Length; r++)
        {
            z[r] = new double[columns.Length];
            for (var c = 0; c < columns.Length; c++) { z[r][c] = Mean(s.Z, rows[r], columns[c]); }
        }
        var ticks = scale.Ticks(6);
        return new
        {
            type = "heatmap",
            name = PlotlyWriter.Text(s.Name),
            x = columns.Select(b => (s.X[b.From] + s.X[b.To - 1]) / 2).ToArray(),
            y = rows.Select(b => (s.Y[b.From] + s.Y[b.To - 1]) / 2).ToArray(),
            z = z.Select(row => row.Select(scale.Coordinate).ToArray()).ToArray(),
            customdata = s.Log ? z : null,
            zmin = scale.From,
            zmax = scale.To,
            colorscale = Palette.HeatRamp.Select((c, i) => new object[] { i / (Palette.HeatRamp.Length - 1.0), c }).ToArray(),
            colorbar = new
            {
                title = new { text = PlotlyWriter.Text(new Axis(s.Name, s.Unit).Label), side = "right" },
                thickness = 12,
                outlinewidth = 0,
                tickvals = s.Log ? ticks.Major.Select(t => Math.Log10(t.Value)).ToArray() : null,
                ticktext = s.Log ? ticks.Major.Select(t => t.Label).ToArray() : null,
            },
            hovertemplate = $"{PlotlyWriter.Text(s.Name)}: %{{{(s.Log ? "customdata" : "z")}:.4~g}} {UnitText.Print(s.Unit)}".TrimEnd() + "<br>" + points,
        };
    }

    private static (int From, int To)[] Blocks(int n)
    {
        var blocks = Math.Min(n, Most);
        return [.. Enumerable.Range(0, blocks).Select(i => ((int)((long)i * n / blocks), (int)((long)(i + 1) * n / blocks)))];
    }

    private static double Mean(double[,] z, (int From, int To) rows, (int From, int To) columns)
    {
        double sum = 0;
        var n = 0;
        for (var r = rows.From; r < rows.To; r++)
        {
            for (var c = columns.From; c < columns.To; c++)
            {
                if (double.IsFinite(z[r, c])) { sum += z[r, c]; n++; }
            }
        }
        return n == 0 ? double.NaN : sum / n;
    }
}
