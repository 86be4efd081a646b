using System.Text;

namespace Interphase.Reports;

/// <summary>The legend of a printed panel: in the first place where it covers no data, else above the panel.</summary>
internal static class SvgLegend
{
    internal const double Row = 10;
    private const double Key = 20, Inset = 4;

    internal static IReadOnlyList<int> Entries(PanelView view)
    {
        var named = view.Panel.Series.Select((s, i) => (s, i)).Where(e => e.s is not (HeatMap or Picture) && e.s.Name.Length > 0).Select(e => e.i).ToArray();
        return view.Panel.Legend && (named.Length > 1 || view.Panel.Series.Count(s => s is not (HeatMap or Picture)) > 1) ? named : [];
    }

    /// <summary>The names in rows no wider than the panel.</summary>
    internal static IReadOnlyList<IReadOnlyList<int>> Rows(PanelView view, double width)
    {
        var rows = new List<List<int>> { new() };
        double used = 0;
        foreach (var i in Entries(view))
        {
            var w = Width(view, i);
            if (used > 0 && used + w > width) { rows.Add([]); used = 0; }
            rows[^1].Add(i);
            used += w;
        }
        return rows;
    }

    /// <summary>A place inside the panel that covers no data; null where there is none.</summary>
    internal static Box? Inside(PlacedPanel panel)
    {
        if (panel.View.Panel.Series.Any(s => s is HeatMap or Picture)) { return null; }
        var (w, h) = Size(panel.View);
        if (w > panel.Area.Width * 0.7 || h > panel.Area.Height * 0.7) { return null; }
        var points = Ink(panel);
        foreach (var (fx, fy) in new[] { (1.0, 0.0), (0, 0), (1, 1), (0, 1), (1, 0.5), (0.5, 0), (0.5, 1), (0, 0.5), (0.25, 0), (0.75, 0), (0.25, 1), (0.75, 1) })
        {
            var box = At(panel, w, h, fx, fy);
            if (!points.Any(p => box.Holds(p.X, p.Y, 2.5))) { return box; }
        }
        return null;
    }

    internal static Box Corner(PlacedPanel panel)
    {
        var (w, h) = Size(panel.View);
        return At(panel, w, h, 1, 0);
    }

    internal static void Draw(StringBuilder svg, PlacedPanel panel)
    {
        if (panel.Legend is not { } box) { return; }
        if (panel.Area.Holds(box.Left + 1, box.Top + 1))
        {
            var y = box.Top;
            foreach (var i in Entries(panel.View)) { Entry(svg, panel, i, box.Left, y); y += Row; }
            return;
        }
        var top = box.Top;
        foreach (var row in Rows(panel.View, box.Width))
        {
            var x = box.Left;
            foreach (var i in row) { Entry(svg, panel, i, x, top); x += Width(panel.View, i); }
            top += Row;
        }
    }

    private static void Entry(StringBuilder svg, PlacedPanel panel, int i, double x, double y)
    {
        var colour = panel.View.Colours[i].Css();
        var middle = y + (Row / 2);
        switch (panel.View.Panel.Series[i])
        {
            case XY s:
                if (s.Draw != Reports.Draw.Markers) { svg.Append($"<path d=\"M{SvgText.Number(x)} {SvgText.Number(middle)}h15\" stroke=\"{colour}\" fill=\"none\"{SvgPanel.DashOf(s.Dash)}/>"); }
                if (s.Draw != Reports.Draw.Line) { SvgPanel.Marker(svg, panel.View.MarkerOf(i), x + 7.5, middle, colour, s.Hollow); }
                break;
            case Band:
                svg.Append($"<rect x=\"{SvgText.Number(x)}\" y=\"{SvgText.Number(middle - 3)}\" width=\"15\" height=\"6\" fill=\"{colour}\" fill-opacity=\"0.22\"/>");
                break;
            default:
                svg.Append($"<rect x=\"{SvgText.Number(x + 4)}\" y=\"{SvgText.Number(middle - 3)}\" width=\"7\" height=\"6\" fill=\"{colour}\"/>");
                break;
        }
        svg.Append(SvgText.At(x + Key - 2, middle + 2.4, panel.View.Panel.Series[i].Name)).Append('\n');
    }

    private static double Width(PanelView view, int i) => Key + SvgText.Width(view.Panel.Series[i].Name, SvgText.Small) + 8;

    private static (double Width, double Height) Size(PanelView view) =>
        (Entries(view).Select(i => Width(view, i)).DefaultIfEmpty(0).Max() - 8, Entries(view).Count * Row);

    private static Box At(PlacedPanel panel, double w, double h, double fx, double fy) =>
        new(panel.Area.Left + Inset + (fx * (panel.Area.Width - w - (2 * Inset))), panel.Area.Top + Inset + (fy * (panel.Area.Height - h - (2 * Inset))), w, h);

    /// <summary>Where something is drawn, as points no farther apart than a legend's row.</summary>
    private static List<(double X, double Y)> Ink(PlacedPanel panel)
    {
        var ink = new List<(double X, double Y)>();
        void Line(double x1, double y1, double x2, double y2)
        {
            var steps = Math.Clamp((int)(Math.Max(Math.Abs(x2 - x1), Math.Abs(y2 - y1)) / 3), 1, 400);
            for (var k = 0; k <= steps; k++) { ink.Add((x1 + ((x2 - x1) * k / steps), y1 + ((y2 - y1) * k / steps))); }
        }
        void Curve(double[] x, double[] y, bool connected)
        {
            var n = Math.Min(x.Length, y.Length);
            for (var i = 0; i < n; i++)
            {
                var (px, py) = (panel.X(x[i]), panel.Y(y[i]));
                if (!double.IsFinite(px) || !double.IsFinite(py)) { continue; }
                ink.Add((px, py));
                if (!connected || i == 0) { continue; }
                var (qx, qy) = (panel.X(x[i - 1]), panel.Y(y[i - 1]));
                if (double.IsFinite(qx) && double.IsFinite(qy)) { Line(qx, qy, px, py); }
            }
        }
        foreach (var series in panel.View.Panel.Series)
        {
            switch (series)
            {
                case XY s:
                    var kept = Decimation.Kept(s, panel.View.X, panel.View.Y, 4000);
                    Curve([.. kept.Select(i => s.X[i])], [.. kept.Select(i => s.Y[i])], s.Draw != Reports.Draw.Markers);
                    for (var i = 0; i < s.X.Length; i++)
                    {
                        if (SvgPanel.ErrorEnds(s, i) is not var (low, high)) { continue; }
                        Line(panel.X(s.X[i]), Finite(panel.Y(low), panel.Area.Bottom), panel.X(s.X[i]), Finite(panel.Y(high), panel.Area.Top));
                    }
                    break;
                case Band s:
                    for (var i = 0; i < s.X.Length; i++) { Line(panel.X(s.X[i]), Finite(panel.Y(s.Lower[i]), panel.Area.Bottom), panel.X(s.X[i]), Finite(panel.Y(s.Upper[i]), panel.Area.Top)); }
                    break;
                case Bars s:
                    var half = PanelView.BarSpacing(panel.View.Panel) / 2;
                    for (var i = 0; i < s.X.Length; i++)
                    {
                        foreach (var x in new[] { -0.8, -0.4, 0, 0.4, 0.8 }) { Line(panel.X(s.X[i] + (x * half)), panel.Y(0), panel.X(s.X[i] + (x * half)), Finite(panel.Y(s.Y[i] + (s.YError?[i] ?? 0)), panel.Area.Top)); }
                    }
                    break;
                default:
                    Line(panel.Area.Left, panel.Area.Top, panel.Area.Right, panel.Area.Bottom);
                    break;
            }
        }
        foreach (var d in panel.View.Panel.Annotations.OfType<Distance>()) { Curve([d.FromX, d.ToX], [d.FromY, d.ToY], connected: true); }
        foreach (var (text, x, y) in SvgPanel.Labels(panel)) { Line(x - (SvgText.Width(text, SvgText.Small) / 2), y, x + (SvgText.Width(text, SvgText.Small) / 2), y); }
        return ink;
    }

    private static double Finite(double y, double otherwise) => double.IsFinite(y) ? y : otherwise;
}
