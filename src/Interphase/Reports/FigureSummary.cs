namespace Interphase.Reports;

/// <summary>What a figure holds, in words: the alternative for those who do not see it.</summary>
internal static class FigureSummary
{
    internal static string Text(Figure figure) => string.Join(" ", figure.Panels.Select((panel, i) =>
        $"{(figure.Panels.Count > 1 ? $"Panel {i + 1}{(panel.Title.Length > 0 ? ", " + RichText.Plain(panel.Title) : "")}: " : "")}"
        + $"{RichText.Plain(panel.Y.Label)} against {RichText.Plain(panel.X.Label)}. "
        + string.Join(" ", Rows(panel).Take(12).Select(r => $"{r.Name}: {r.Points} points, x {r.X}, y {r.Y}."))));

    /// <summary>One row a named series: how many points, and what they span.</summary>
    internal static IEnumerable<(string Name, int Points, string X, string Y)> Rows(Panel panel) => panel.Series.Where(s => s.Name.Length > 0).Select(s =>
    {
        var (x, y, unit) = s switch
        {
            XY v => (v.X, v.Y, panel.Y.Unit),
            Band v => (v.X, [.. v.Lower, .. v.Upper], panel.Y.Unit),
            Bars v => (v.X, v.Y, panel.Y.Unit),
            HeatMap v => (v.X, v.Z.Cast<double>().ToArray(), v.Unit),
            Picture v => ((double[])[0, v.Width * v.Pixel], (double[])[0, v.Height * v.Pixel], panel.Y.Unit),
            _ => ([], [], ""),
        };
        var points = s switch { Picture p => p.Width * p.Height, HeatMap h => h.Z.Length, Band b => b.X.Length, _ => Math.Min(x.Length, y.Length) };
        var names = s is Bars ? panel.X.Categories : null;
        return (RichText.Plain(s.Name), points, names is null ? Span(x, panel.X.Unit) : string.Join(", ", names.Take(12).Select(RichText.Plain)), Span(y, unit));
    });

    private static string Span(double[] values, string unit)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var v in values)
        {
            if (!double.IsFinite(v)) { continue; }
            low = Math.Min(low, v);
            high = Math.Max(high, v);
        }
        return low > high ? "none" : $"{NumberText.Print(low, 4)} to {NumberText.Print(high, 4)} {UnitText.Print(unit)}".TrimEnd();
    }
}
