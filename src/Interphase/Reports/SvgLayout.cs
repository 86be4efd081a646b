namespace Interphase.Reports;

/// <summary>A panel with its drawing area on the page and its place for a legend.</summary>
/// <param name="View">Ranges fitted to the area.</param>
/// <param name="Area">Inside the axes.</param>
/// <param name="Legend">Null where there is none; outside the area where it would cover data.</param>
/// <param name="LabelX">False where the panel below has the x axis.</param>
internal sealed record PlacedPanel(PanelView View, Box Area, Box? Legend, bool LabelX)
{
    internal double X(double value) => Area.Left + (View.X.Place(value) * Area.Width);

    internal double Y(double value) => Area.Bottom - (View.Y.Place(value) * Area.Height);

    internal TickSet XTicks => View.X.Ticks(Math.Max(3, Area.Width / 42));

    internal TickSet YTicks => View.Y.Ticks(Math.Max(3, Area.Height / 22));

    /// <summary>The second scale: its own round ticks at the same heights.</summary>
    internal AxisScale? Right => View.Panel.RightY is { } s ? View.Y with { From = (s.Scale * View.Y.From) + s.Offset, To = (s.Scale * View.Y.To) + s.Offset } : null;

    internal bool TiltCategories => View.Panel.X.Categories is { Count: > 0 } names && names.Max(n => SvgText.Width(n, SvgText.Small)) > (Area.Width / names.Count) - 3;
}

/// <summary>Where the panels of a figure stand, in points.</summary>
internal static class SvgLayout
{
    private const double Gap = 12;

    internal static (IReadOnlyList<PlacedPanel> Panels, double Width, double Height) Of(Figure figure)
    {
        var width = (figure.Width == FigureWidth.Single ? 85 : 178) / 25.4 * 72;
        var columns = Math.Clamp(figure.Columns, 1, Math.Max(1, figure.Panels.Count));
        var views = figure.Panels.Select(PanelView.Of).ToArray();
        var outside = new double[views.Length];
        var left = views.Select(v => Left(v, v.Y.Ticks(5))).ToArray();
        var (panels, height) = Place(figure, views, columns, width, left, outside);
        // Equal aspect changes a range and so the width of its labels. A legend that finds no free corner goes above its panel, for which the panels are placed anew.
        for (var i = 0; i < views.Length; i++)
        {
            if (SvgLegend.Entries(panels[i].View).Count > 0 && SvgLegend.Inside(panels[i]) is null)
            {
                outside[i] = SvgLegend.Rows(panels[i].View, panels[i].Area.Width).Count * SvgLegend.Row;
            }
        }
        left = [.. panels.Select(p => Left(p.View, p.YTicks))];
        (panels, height) = Place(figure, views, columns, width, left, outside);
        return ([.. panels.Select((p, i) => p with { Legend = Legend(p, outside[i]) })], width, height);
    }

    private static Box? Legend(PlacedPanel panel, double outside) =>
        SvgLegend.Entries(panel.View).Count == 0 ? null
        : outside > 0 ? new Box(panel.Area.Left, panel.Area.Top - outside - 3, panel.Area.Width, outside)
        : SvgLegend.Inside(panel) ?? SvgLegend.Corner(panel);

    private static (PlacedPanel[] Panels, double Height) Place(Figure figure, PanelView[] views, int columns, double width, double[] lefts, double[] outside)
    {
        var cell = (width - (Gap * (columns - 1))) / columns;
        var rows = (views.Length + columns - 1) / columns;
        var left = Enumerable.Range(0, columns).Select(c => lefts.Where((_, i) => i % columns == c).Max()).ToArray();
        var right = Enumerable.Range(0, columns).Select(c => Column(views, c, columns).Max(Right)).ToArray();
        var placed = new PlacedPanel[views.Length];
        double top = 2;
        for (var r = 0; r < rows; r++)
        {
            var inRow = Enumerable.Range(r * columns, Math.Min(columns, views.Length - (r * columns))).ToArray();
            var head = inRow.Max(i => 4 + (views.Length > 1 || views[i].Panel.Title.Length > 0 ? 11 : 0) + outside[i] + (outside[i] > 0 ? 4 : 0));
            var height = inRow.Max(i => Height(figure, views[i], cell - left[i % columns] - right[i % columns], columns));
            double foot = 0;
            foreach (var i in inRow)
            {
                var c = i % columns;
                var area = new Box((c * (cell + Gap)) + left[c], top + head, cell - left[c] - right[c], height);
                var last = !figure.SharedX || i + columns >= views.Length;
                placed[i] = new(views[i].Fitted(area.Width, area.Height), area, null, last);
                var labels = placed[i].TiltCategories ? views[i].Panel.X.Categories!.Max(n => SvgText.Width(n, SvgText.Small)) * 0.5 : 0;
                foot = Math.Max(foot, !views[i].Panel.X.Visible ? 4 : last ? 26 + labels : 3);
            }
            top += head + height + foot + (r < rows - 1 ? 4 : 1);
        }
        return (placed, top);
    }

    private static IEnumerable<PanelView> Column(PanelView[] views, int column, int columns) => views.Where((_, i) => i % columns == column);

    private static double Height(Figure figure, PanelView view, double width, int columns)
    {
        if (view.Panel.EqualAspect) { return width * view.Aspect * view.Panel.RelativeHeight; }
        return width * (figure.Width == FigureWidth.Double && columns == 1 ? 0.42 : view.Aspect) * view.Panel.RelativeHeight;
    }

    private static double Left(PanelView view, TickSet ticks) =>
        !view.Panel.Y.Visible ? 4 : view.Panel.Y.Categories is { Count: > 0 } names ? names.Max(n => SvgText.Width(n, SvgText.Small)) + 18 : Widest(ticks) + 19;

    private static double Right(PanelView view)
    {
        var map = view.Panel.Series.OfType<HeatMap>().FirstOrDefault();
        return map is not null ? 18 + Widest(SvgPanel.ColourScale(map).Ticks(5)) + 14
            : view.Panel.RightY is { } s ? Widest((view.Y with { From = (s.Scale * view.Y.From) + s.Offset, To = (s.Scale * view.Y.To) + s.Offset }).Ticks(5)) + 21
            : 9;
    }

    private static double Widest(TickSet ticks) => ticks.Major.Select(t => SvgText.Width(t.Label, SvgText.Small)).DefaultIfEmpty(6).Max();
}
