namespace Interphase.Reports;

/// <summary>Shapes and texts of a panel for Plotly, which wants values for shapes and logarithms for texts on logarithmic axes.</summary>
internal static class PlotlyAnnotations
{
    internal static object[] Shapes(PanelView view)
    {
        var shapes = new List<object>();
        foreach (var annotation in view.Panel.Annotations)
        {
            switch (annotation)
            {
                case Region r:
                    var (from, to) = Clamp(r.Along == Along.X ? view.X : view.Y, r.From, r.To);
                    shapes.Add(r.Along == Along.X
                        ? new { type = "rect", xref = "x", yref = "paper", x0 = from, x1 = to, y0 = 0, y1 = 1, fillcolor = "@text/0.08", line = new { width = 0 }, layer = "below" }
                        : new { type = "rect", xref = "paper", yref = "y", x0 = 0, x1 = 1, y0 = from, y1 = to, fillcolor = "@text/0.08", line = new { width = 0 }, layer = "below" });
                    break;
                case Rule r:
                    shapes.Add(r.Along == Along.X
                        ? new { type = "line", xref = "x", yref = "paper", x0 = r.At, x1 = r.At, y0 = 0, y1 = 1, line = Thin("dot") }
                        : new { type = "line", xref = "paper", yref = "y", x0 = 0, x1 = 1, y0 = r.At, y1 = r.At, line = Thin("dot") });
                    break;
            }
        }
        foreach (var s in view.Panel.Series.OfType<Picture>())
        {
            var (x, y, bar) = (s.Width * s.Pixel * 0.96, s.Height * s.Pixel * 0.05, SvgPanel.BarLength(s));
            shapes.Add(new { type = "line", x0 = x - bar, x1 = x, y0 = y, y1 = y, line = new { color = "#000", width = 7 } });
            shapes.Add(new { type = "line", x0 = x - bar, x1 = x, y0 = y, y1 = y, line = new { color = "#fff", width = 4 } });
        }
        return [.. shapes];
    }

    internal static object[] Texts(PanelView view)
    {
        var texts = new List<object>();
        var along = new List<(double Left, double Right, int Row)>();
        foreach (var annotation in view.Panel.Annotations)
        {
            var label = PlotlyWriter.Text(annotation.Label);
            switch (annotation)
            {
                case Region { Along: Along.X } r when label.Length > 0:
                    var (left, right) = Clamp(view.X, r.From, r.To);
                    texts.Add(new { text = label, xref = "x", yref = "paper", x = view.X.Coordinate(view.X.Reversed ? right : left), y = 1, xanchor = "left", yanchor = "top", yshift = Below(annotation.Label, view.X.Place(view.X.Reversed ? right : left), leftward: false), showarrow = false, bgcolor = "@page/0.7" });
                    break;
                case Region r when label.Length > 0:
                    texts.Add(new { text = label, xref = "paper", yref = "y", x = 0, y = view.Y.Coordinate(Clamp(view.Y, r.From, r.To).To), xanchor = "left", yanchor = "top", showarrow = false, bgcolor = "@page/0.7" });
                    break;
                case Rule { Along: Along.X } r when label.Length > 0:
                    var leftward = view.X.Place(r.At) > 0.7;
                    texts.Add(new { text = label, xref = "x", yref = "paper", x = view.X.Coordinate(r.At), y = 1, xanchor = leftward ? "right" : "left", yanchor = "top", yshift = Below(annotation.Label, view.X.Place(r.At), leftward), showarrow = false, bgcolor = "@page/0.7" });
                    break;
                case Rule r when label.Length > 0:
                    texts.Add(new { text = label, xref = "paper", yref = "y", x = 1, y = view.Y.Coordinate(r.At), xanchor = "right", yanchor = "bottom", showarrow = false });
                    break;
                case Note n:
                    texts.Add(new { text = label, x = view.X.Coordinate(n.X), y = view.Y.Coordinate(n.Y), ax = 0, ay = -22, showarrow = true, arrowhead = 6, arrowsize = 0.8, arrowwidth = 1, arrowcolor = "@text", bgcolor = "@page/0.7" });
                    break;
                case Distance d:
                    var (x1, y1, x2, y2) = (view.X.Coordinate(d.FromX), view.Y.Coordinate(d.FromY), view.X.Coordinate(d.ToX), view.Y.Coordinate(d.ToY));
                    texts.Add(new { text = "", x = x2, y = y2, ax = x1, ay = y1, xref = "x", yref = "y", axref = "x", ayref = "y", showarrow = true, arrowhead = 2, startarrowhead = 2, arrowside = "end+start", arrowwidth = 1.2, arrowcolor = "@text" });
                    var upright = Math.Abs(x2 - x1) / (view.X.To - view.X.From) < Math.Abs(y2 - y1) / (view.Y.To - view.Y.From);
                    texts.Add(new { text = label, x = (x1 + x2) / 2, y = (y1 + y2) / 2, xanchor = upright ? "left" : "center", xshift = upright ? 5 : 0, yanchor = upright ? "middle" : "bottom", showarrow = false, bgcolor = "@page/0.7" });
                    break;
            }
        }
        foreach (var s in view.Panel.Series.OfType<Picture>())
        {
            var bar = SvgPanel.BarLength(s);
            texts.Add(new { text = $"<b>{NumberText.Print(bar)} {UnitText.Print(view.Panel.X.Unit)}</b>", x = (s.Width * s.Pixel * 0.96) - (bar / 2), y = s.Height * s.Pixel * 0.07, yanchor = "bottom", showarrow = false, font = new { color = "#fff" }, bgcolor = "rgba(0,0,0,0.55)" });
        }
        return [.. texts];

        // How far below the top a text stands that begins or ends at a place of the x axis, so that it covers no other, on a figure as wide as a page.
        int Below(string text, double place, bool leftward)
        {
            var width = SvgText.Width(text, 12) / 640;
            var (from, to, row) = (leftward ? place - width : place, leftward ? place : place + width, 0);
            while (along.Exists(t => t.Row == row && t.Left < to && from < t.Right)) { row++; }
            along.Add((from, to, row));
            return -16 * row;
        }
    }

    private static object Thin(string dash) => new { color = "@text", width = 1, dash };

    /// <summary>A region that reaches past the axis would widen it on double click; infinite ends have no JSON.</summary>
    private static (double From, double To) Clamp(AxisScale scale, double from, double to)
    {
        var (low, high) = scale.Log ? (Math.Pow(10, scale.From), Math.Pow(10, scale.To)) : (scale.From, scale.To);
        return (Math.Clamp(Math.Min(from, to), low, high), Math.Clamp(Math.Max(from, to), low, high));
    }
}
