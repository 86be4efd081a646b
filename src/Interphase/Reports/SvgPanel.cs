using System.Globalization;
using System.Text;

namespace Interphase.Reports;

/// <summary>One printed panel: regions, series, axes, explanations, legend.</summary>
internal static class SvgPanel
{
    private const double Size = 2.1;
    private static readonly string Halo = "paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"2\" stroke-linejoin=\"round\"";

    internal static void Draw(StringBuilder svg, PlacedPanel panel, string clip, string letter)
    {
        var a = panel.Area;
        svg.Append($"<clipPath id=\"{clip}\"><rect x=\"{N(a.Left)}\" y=\"{N(a.Top)}\" width=\"{N(a.Width)}\" height=\"{N(a.Height)}\"/></clipPath>\n<g stroke-width=\"1\" stroke-linejoin=\"round\">\n");
        foreach (var region in panel.View.Panel.Annotations.OfType<Region>()) { Shade(svg, panel, region, clip); }
        for (var i = 0; i < panel.View.Panel.Series.Count; i++) { DrawSeries(svg, panel, i, clip); }
        Axes(svg, panel);
        foreach (var annotation in panel.View.Panel.Annotations) { Explain(svg, panel, annotation, clip); }
        foreach (var (text, x, y) in Labels(panel)) { svg.Append(SvgText.At(x, y, text, SvgText.Small, "middle", Halo)).Append('\n'); }
        var title = a.Top - 4 - (panel.Legend is { } legend && legend.Top < a.Top ? legend.Height + 3 : 0);
        if (letter.Length > 0) { svg.Append(SvgText.At(Math.Max(a.Left - 12, 2), title, letter, 9, "start", "font-weight=\"bold\"")); }
        if (panel.View.Panel.Title.Length > 0) { svg.Append(SvgText.At(Math.Max(a.Left, letter.Length > 0 ? 14 : 0), title, panel.View.Panel.Title, SvgText.Normal)); }
        SvgLegend.Draw(svg, panel);
        svg.Append("</g>\n");
    }

    internal static AxisScale ColourScale(HeatMap map) =>
        AxisScale.Of(new Axis(map.Name, map.Unit) { Log = map.Log, Min = map.Min, Max = map.Max }, map.Z.Cast<double>(), 0);

    internal static string DashOf(Dash dash) => dash switch
    {
        Dash.Dashed => " stroke-dasharray=\"5 2.5\"",
        Dash.Dotted => " stroke-dasharray=\"1.2 2\"",
        Dash.DashDot => " stroke-dasharray=\"5 2 1.2 2\"",
        _ => "",
    };

    internal static void Marker(StringBuilder svg, Marker marker, double x, double y, string colour, bool hollow, double scale = 1)
    {
        var size = Size * scale;
        var paint = marker == Reports.Marker.Cross ? $"fill=\"none\" stroke=\"{colour}\"" : hollow ? $"fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"0.9\"" : $"fill=\"{colour}\"";
        if (marker == Reports.Marker.Circle) { svg.Append($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(size)}\" {paint}/>"); return; }
        var (s, t) = (size * 0.92, size * 1.25);
        svg.Append($"<path d=\"" + (marker switch
        {
            Reports.Marker.Square => $"M{N(x - s)} {N(y - s)}h{N(2 * s)}v{N(2 * s)}h{N(-2 * s)}z",
            Reports.Marker.Triangle => $"M{N(x)} {N(y - t)}l{N(t)} {N(1.75 * t)}h{N(-2 * t)}z",
            Reports.Marker.Diamond => $"M{N(x)} {N(y - t)}l{N(t)} {N(t)}l{N(-t)} {N(t)}l{N(-t)} {N(-t)}z",
            Reports.Marker.TriangleDown => $"M{N(x)} {N(y + t)}l{N(t)} {N(-1.75 * t)}h{N(-2 * t)}z",
            _ => $"M{N(x - s)} {N(y - s)}l{N(2 * s)} {N(2 * s)}m0 {N(-2 * s)}l{N(-2 * s)} {N(2 * s)}",
        }) + $"\" {paint}/>");
    }

    /// <summary>Ends of the vertical error bar of a point; null where it has none.</summary>
    internal static (double Low, double High)? ErrorEnds(XY s, int i)
    {
        var low = s.YLower?[i] ?? (s.Y[i] - (s.YError?[i] ?? double.NaN));
        var high = s.YUpper?[i] ?? (s.Y[i] + (s.YError?[i] ?? double.NaN));
        return double.IsFinite(low) && double.IsFinite(high) ? (low, high) : null;
    }

    /// <summary>Texts of annotations and the middles of their base lines, which a legend must not cover. Those along the top that would cover each other stand one below the other.</summary>
    internal static List<(string Text, double X, double Y)> Labels(PlacedPanel panel)
    {
        var (a, labels) = (panel.Area, new List<(string Text, double X, double Y)>());
        foreach (var annotation in panel.View.Panel.Annotations.Where(n => n.Label.Length > 0))
        {
            var half = SvgText.Width(annotation.Label, SvgText.Small) / 2;
            var (x, y) = annotation switch
            {
                Note n => (panel.X(n.X) + NoteShift(panel, n).X, panel.Y(n.Y) + NoteShift(panel, n).Y),
                Distance d when Upright(panel, d) => (((panel.X(d.FromX) + panel.X(d.ToX)) / 2) + 4 + half, ((panel.Y(d.FromY) + panel.Y(d.ToY)) / 2) + 2.4),
                Distance d => ((panel.X(d.FromX) + panel.X(d.ToX)) / 2, ((panel.Y(d.FromY) + panel.Y(d.ToY)) / 2) - 3.5),
                Region { Along: Along.X } r => (Math.Min(Math.Max(Math.Min(panel.X(r.From), panel.X(r.To)), a.Left) + 3 + half, a.Right - half - 2), Below(Math.Min(Math.Max(Math.Min(panel.X(r.From), panel.X(r.To)), a.Left) + 3 + half, a.Right - half - 2))),
                Region r => (a.Left + 4 + half, Math.Max(Math.Min(panel.Y(r.From), panel.Y(r.To)), a.Top) + 9),
                Rule { Along: Along.X } r when a.Holds(panel.X(r.At), a.Top) => (Beside(panel.X(r.At)), Below(Beside(panel.X(r.At)))),
                Rule { Along: Along.Y } r => (a.Right - half - 3, panel.Y(r.At) - 3),
                _ => (double.NaN, double.NaN),
            };
            if (a.Holds(x, y)) { labels.Add((annotation.Label, x, y)); }

            double Beside(double at) => at + 3 + half > a.Right - half ? at - 3 - half : at + 3 + half;
            double Below(double at)
            {
                var row = a.Top + 9;
                while (labels.Exists(l => Math.Abs(l.Y - row) < 8 && Math.Abs(l.X - at) < half + (SvgText.Width(l.Text, SvgText.Small) / 2) + 1)) { row += 9; }
                return row;
            }
        }
        return labels;
    }

    private static bool Upright(PlacedPanel panel, Distance d) => Math.Abs(panel.Y(d.ToY) - panel.Y(d.FromY)) > Math.Abs(panel.X(d.ToX) - panel.X(d.FromX));

    private static (double X, double Y) NoteShift(PlacedPanel panel, Note n)
    {
        var half = SvgText.Width(n.Label, SvgText.Small) / 2;
        var x = panel.X(n.X);
        return (Math.Clamp(0, panel.Area.Left + half + 2 - x, Math.Max(panel.Area.Left + half + 2 - x, panel.Area.Right - half - 2 - x)), panel.Y(n.Y) - 6 < panel.Area.Top + 8 ? 11 : -6);
    }

    private static void Shade(StringBuilder svg, PlacedPanel panel, Region r, string clip)
    {
        var a = panel.Area;
        var (x1, x2) = r.Along == Along.X ? (Edge(panel.View.X, r.From, a.Left, a.Width), Edge(panel.View.X, r.To, a.Left, a.Width)) : (a.Left, a.Right);
        var (y1, y2) = r.Along == Along.Y ? (a.Bottom - Edge(panel.View.Y, r.From, 0, a.Height), a.Bottom - Edge(panel.View.Y, r.To, 0, a.Height)) : (a.Top, a.Bottom);
        svg.Append($"<rect x=\"{N(Math.Min(x1, x2))}\" y=\"{N(Math.Min(y1, y2))}\" width=\"{N(Math.Abs(x2 - x1))}\" height=\"{N(Math.Abs(y2 - y1))}\" fill=\"{Palette.LightText}\" fill-opacity=\"0.08\" clip-path=\"url(#{clip})\"/>\n");
    }

    private static double Edge(AxisScale scale, double value, double start, double length)
    {
        var place = scale.Place(value);
        return start + (Math.Clamp(double.IsNaN(place) ? 0 : place, 0, 1) * length);
    }

    private static void DrawSeries(StringBuilder svg, PlacedPanel panel, int index, string clip)
    {
        var colour = panel.View.Colours[index].Css();
        switch (panel.View.Panel.Series[index])
        {
            case XY s: Curve(svg, panel, s, colour, panel.View.MarkerOf(index), clip); break;
            case Band s:
                // Closed piece by piece, so that a gap is a gap.
                for (var i = 0; i < s.X.Length;)
                {
                    var end = i;
                    while (end < s.X.Length && double.IsFinite(panel.X(s.X[end])) && double.IsFinite(s.Lower[end]) && double.IsFinite(panel.Y(s.Upper[end]))) { end++; }
                    if (end > i)
                    {
                        var upper = Enumerable.Range(i, end - i).Select(k => $"{N(panel.X(s.X[k]))} {N(panel.Y(s.Upper[k]))}");
                        var lower = Enumerable.Range(i, end - i).Reverse().Select(k => $"{N(panel.X(s.X[k]))} {N(double.IsFinite(panel.Y(s.Lower[k])) ? panel.Y(s.Lower[k]) : panel.Area.Bottom)}");
                        svg.Append($"<path d=\"M{string.Join('L', upper.Concat(lower))}z\" fill=\"{colour}\" fill-opacity=\"0.22\" clip-path=\"url(#{clip})\"/>\n");
                    }
                    i = end + 1;
                }
                break;
            case Bars s: Columns(svg, panel, s, colour); break;
            case HeatMap s: Map(svg, panel, s, clip); break;
            case Picture s: Photograph(svg, panel, s, clip); break;
        }
    }

    private static void Curve(StringBuilder svg, PlacedPanel panel, XY s, string colour, Marker marker, string clip)
    {
        var kept = Decimation.Kept(s, panel.View.X, panel.View.Y, 4000);
        if (s.Draw != Reports.Draw.Markers)
        {
            var path = new StringBuilder();
            var broken = true;
            foreach (var i in kept)
            {
                var (x, y) = (panel.X(s.X[i]), panel.Y(s.Y[i]));
                if (!double.IsFinite(x) || !double.IsFinite(y)) { broken = true; continue; }
                path.Append(broken ? 'M' : 'L').Append(N(x)).Append(' ').Append(N(y));
                broken = false;
            }
            svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.1\"{DashOf(s.Dash)} clip-path=\"url(#{clip})\"/>\n");
        }
        foreach (var i in kept)
        {
            var (x, y) = (panel.X(s.X[i]), panel.Y(s.Y[i]));
            if (!panel.Area.Holds(x, y, 0.5)) { continue; }
            if (ErrorEnds(s, i) is var (low, high)) { Whisker(svg, panel, x, low, high, colour); }
            if (s.XError?[i] is { } e && double.IsFinite(e))
            {
                var (l, r) = (Edge(panel.View.X, s.X[i] - e, panel.Area.Left, panel.Area.Width), Edge(panel.View.X, s.X[i] + e, panel.Area.Left, panel.Area.Width));
                svg.Append($"<path d=\"M{N(l)} {N(y)}H{N(r)}M{N(l)} {N(y - 1.5)}v3M{N(r)} {N(y - 1.5)}v3\" stroke=\"{colour}\" stroke-width=\"0.8\" fill=\"none\"/>");
            }
            if (s.Draw != Reports.Draw.Line) { Marker(svg, marker, x, y, colour, s.Hollow, kept.Length > 100 ? 0.65 : 1); }
        }
        svg.Append('\n');
    }

    private static void Whisker(StringBuilder svg, PlacedPanel panel, double x, double low, double high, string colour)
    {
        var (bottom, top) = (panel.Area.Bottom - Edge(panel.View.Y, low, 0, panel.Area.Height), panel.Area.Bottom - Edge(panel.View.Y, high, 0, panel.Area.Height));
        svg.Append($"<path d=\"M{N(x)} {N(bottom)}V{N(top)}M{N(x - 1.5)} {N(bottom)}h3M{N(x - 1.5)} {N(top)}h3\" stroke=\"{colour}\" stroke-width=\"0.8\" fill=\"none\"/>");
    }

    private static void Columns(StringBuilder svg, PlacedPanel panel, Bars s, string colour)
    {
        var all = panel.View.Panel.Series.OfType<Bars>().ToArray();
        var spacing = PanelView.BarSpacing(panel.View.Panel);
        var width = spacing * 0.76 / all.Length;
        var shift = (Array.IndexOf(all, s) - ((all.Length - 1) / 2.0)) * width;
        for (var i = 0; i < s.X.Length; i++)
        {
            if (!double.IsFinite(s.Y[i])) { continue; }
            var (l, r) = (panel.X(s.X[i] + shift - (width * 0.47)), panel.X(s.X[i] + shift + (width * 0.47)));
            var (zero, y) = (panel.Area.Bottom - Edge(panel.View.Y, 0, 0, panel.Area.Height), panel.Area.Bottom - Edge(panel.View.Y, s.Y[i], 0, panel.Area.Height));
            svg.Append($"<rect x=\"{N(Math.Min(l, r))}\" y=\"{N(Math.Min(zero, y))}\" width=\"{N(Math.Abs(r - l))}\" height=\"{N(Math.Abs(zero - y))}\" fill=\"{colour}\"/>");
            if (s.YError?[i] is { } e && double.IsFinite(e)) { Whisker(svg, panel, (l + r) / 2, s.Y[i] - e, s.Y[i] + e, Palette.LightText); }
        }
        svg.Append('\n');
    }

    private static void Map(StringBuilder svg, PlacedPanel panel, HeatMap s, string clip)
    {
        var scale = ColourScale(s);
        var (x1, x2) = PanelView.Edges(s.X, panel.View.X.Log);
        var (y1, y2) = PanelView.Edges(s.Y, panel.View.Y.Log);
        var (l, r, b, t) = (panel.X(x1), panel.X(x2), panel.Y(y1), panel.Y(y2));
        svg.Append($"<image x=\"{N(Math.Min(l, r))}\" y=\"{N(Math.Min(t, b))}\" width=\"{N(Math.Abs(r - l))}\" height=\"{N(Math.Abs(b - t))}\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" clip-path=\"url(#{clip})\" href=\"{Png.Of(s, scale, panel.View.X.Reversed, panel.View.Y.Reversed)}\"/>\n");
        var a = panel.Area;
        var pixels = Enumerable.Range(0, 64).SelectMany(i =>
        {
            var (red, green, blue) = Palette.Between(Palette.HeatRamp, 1 - (i / 63.0));
            return new byte[] { red, green, blue, 255 };
        }).ToArray();
        svg.Append($"<image x=\"{N(a.Right + 7)}\" y=\"{N(a.Top)}\" width=\"7\" height=\"{N(a.Height)}\" preserveAspectRatio=\"none\" href=\"{Png.DataUri(1, 64, pixels, colour: true)}\"/>");
        var ticks = scale.Ticks(a.Height / 22);
        foreach (var (value, label) in ticks.Major)
        {
            var y = a.Bottom - (scale.Place(value) * a.Height);
            svg.Append($"<path d=\"M{N(a.Right + 14)} {N(y)}h2.5\" stroke=\"{Palette.LightText}\" stroke-width=\"0.7\"/>{SvgText.At(a.Right + 18, y + 2.4, label)}");
        }
        var labelText = new Axis(s.Name, s.Unit).Label + (ticks.Power != 0 ? $" ×10{UnitText.Superscript(ticks.Power)}" : "");
        svg.Append(SvgText.Rotated(a.Right + 18 + ticks.Major.Select(m => SvgText.Width(m.Label, SvgText.Small)).DefaultIfEmpty(0).Max() + 9, a.Top + (a.Height / 2), labelText, SvgText.Normal, -90)).Append('\n');
    }

    private static void Photograph(StringBuilder svg, PlacedPanel panel, Picture s, string clip)
    {
        var (l, r, b, t) = (panel.X(0), panel.X(s.Width * s.Pixel), panel.Y(0), panel.Y(s.Height * s.Pixel));
        svg.Append($"<image x=\"{N(l)}\" y=\"{N(t)}\" width=\"{N(r - l)}\" height=\"{N(b - t)}\" preserveAspectRatio=\"none\" clip-path=\"url(#{clip})\" href=\"{Png.DataUri(s.Width, s.Height, s.Grey, colour: false)}\"/>");
        var bar = BarLength(s);
        var (right, y) = (r - 7, b - 8);
        var left = right - (bar / (s.Width * s.Pixel) * (r - l));
        var label = $"{NumberText.Print(bar)} {UnitText.Print(panel.View.Panel.X.Unit)}".TrimEnd();
        svg.Append($"<path d=\"M{N(left)} {N(y)}H{N(right)}\" stroke=\"#000\" stroke-width=\"4\"/><path d=\"M{N(left + 0.6)} {N(y)}H{N(right - 0.6)}\" stroke=\"#fff\" stroke-width=\"2.6\"/>");
        svg.Append(SvgText.At((left + right) / 2, y - 5, label, SvgText.Normal, "middle", "font-weight=\"bold\" fill=\"#fff\" paint-order=\"stroke\" stroke=\"#000\" stroke-width=\"2\"")).Append('\n');
    }

    /// <summary>The scale bar: as said, else the round length next below a quarter of the width.</summary>
    internal static double BarLength(Picture s)
    {
        if (s.ScaleBar is { } given) { return given; }
        var most = s.Width * s.Pixel / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return (most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1) * power;
    }

    private static void Axes(StringBuilder svg, PlacedPanel panel)
    {
        var (a, p) = (panel.Area, panel.View.Panel);
        var d = new StringBuilder();
        if (p.X.Visible)
        {
            var ticks = panel.XTicks;
            var major = p.X.Categories is { } names ? [.. names.Select((n, i) => ((double)i, n))] : ticks.Major;
            foreach (var (value, label) in major)
            {
                var x = panel.X(value);
                d.Append($"M{N(x)} {N(a.Bottom)}v3");
                if (!panel.LabelX) { continue; }
                svg.Append(panel.TiltCategories ? SvgText.At(x + 2, a.Bottom + 10, label, SvgText.Small, "end", $"transform=\"rotate(-30 {N(x + 2)} {N(a.Bottom + 10)})\"") : SvgText.At(x, a.Bottom + 11, label, SvgText.Small, "middle"));
            }
            if (p.X.Categories is null) { foreach (var value in ticks.Minor) { d.Append($"M{N(panel.X(value))} {N(a.Bottom)}v1.6"); } }
            if (panel.LabelX)
            {
                var below = panel.TiltCategories ? p.X.Categories!.Max(n => SvgText.Width(n, SvgText.Small)) * 0.5 : 0;
                svg.Append(SvgText.At(a.Left + (a.Width / 2), a.Bottom + 22 + below, p.X.Label + Power(p.X.Categories is null ? ticks.Power : 0), SvgText.Normal, "middle"));
            }
        }
        if (p.Y.Visible)
        {
            var ticks = panel.YTicks;
            var major = p.Y.Categories is { } names ? [.. names.Select((n, i) => ((double)i, n))] : ticks.Major;
            foreach (var (value, label) in major)
            {
                d.Append($"M{N(a.Left)} {N(panel.Y(value))}h-3");
                svg.Append(SvgText.At(a.Left - 5, panel.Y(value) + 2.4, label, SvgText.Small, "end"));
            }
            if (p.Y.Categories is null) { foreach (var value in ticks.Minor) { d.Append($"M{N(a.Left)} {N(panel.Y(value))}h-1.6"); } }
            svg.Append(SvgText.Rotated(a.Left - 8 - major.Select(m => SvgText.Width(m.Item2, SvgText.Small)).DefaultIfEmpty(0).Max() - 2, a.Top + (a.Height / 2), p.Y.Label + Power(p.Y.Categories is null ? ticks.Power : 0), SvgText.Normal, -90));
        }
        if (p.RightY is { } second && panel.Right is { } right)
        {
            var ticks = right.Ticks(a.Height / 22);
            foreach (var (value, label) in ticks.Major)
            {
                var y = a.Bottom - (right.Place(value) * a.Height);
                d.Append($"M{N(a.Right)} {N(y)}h3");
                svg.Append(SvgText.At(a.Right + 5, y + 2.4, label));
            }
            foreach (var value in ticks.Minor) { d.Append($"M{N(a.Right)} {N(a.Bottom - (right.Place(value) * a.Height))}h1.6"); }
            svg.Append(SvgText.Rotated(a.Right + 5 + ticks.Major.Select(m => SvgText.Width(m.Label, SvgText.Small)).DefaultIfEmpty(0).Max() + 9, a.Top + (a.Height / 2), second.Label + Power(ticks.Power), SvgText.Normal, -90));
        }
        svg.Append($"<rect x=\"{N(a.Left)}\" y=\"{N(a.Top)}\" width=\"{N(a.Width)}\" height=\"{N(a.Height)}\" fill=\"none\" stroke=\"{Palette.LightText}\" stroke-width=\"0.7\"/><path d=\"{d}\" stroke=\"{Palette.LightText}\" stroke-width=\"0.7\" fill=\"none\"/>\n");
    }

    private static void Explain(StringBuilder svg, PlacedPanel panel, Annotation annotation, string clip)
    {
        var a = panel.Area;
        switch (annotation)
        {
            case Rule { Along: Along.X } r when a.Holds(panel.X(r.At), a.Top):
                svg.Append($"<path d=\"M{N(panel.X(r.At))} {N(a.Top)}V{N(a.Bottom)}\" stroke=\"{Palette.LightText}\" stroke-width=\"0.7\" stroke-dasharray=\"2 2\"/>");
                break;
            case Rule { Along: Along.Y } r when a.Holds(a.Left, panel.Y(r.At)):
                svg.Append($"<path d=\"M{N(a.Left)} {N(panel.Y(r.At))}H{N(a.Right)}\" stroke=\"{Palette.LightText}\" stroke-width=\"0.7\" stroke-dasharray=\"2 2\"/>");
                break;
            case Note n when a.Holds(panel.X(n.X), panel.Y(n.Y)):
                svg.Append($"<circle cx=\"{N(panel.X(n.X))}\" cy=\"{N(panel.Y(n.Y))}\" r=\"2.8\" fill=\"none\" stroke=\"{Palette.LightText}\" stroke-width=\"0.7\"/>");
                break;
            case Distance d:
                var (x1, y1, x2, y2) = (panel.X(d.FromX), panel.Y(d.FromY), panel.X(d.ToX), panel.Y(d.ToY));
                svg.Append($"<path d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}{Head(x2, y2, x1, y1)}{Head(x1, y1, x2, y2)}\" fill=\"none\" stroke=\"{Palette.LightText}\" stroke-width=\"0.8\" clip-path=\"url(#{clip})\"/>");
                break;
        }
    }

    /// <summary>Two strokes at the point (x, y) of a line that comes from (fx, fy).</summary>
    private static string Head(double x, double y, double fx, double fy)
    {
        var length = Math.Sqrt(((x - fx) * (x - fx)) + ((y - fy) * (y - fy)));
        if (length < 3) { return ""; }
        var (ux, uy) = ((x - fx) / length * 3, (y - fy) / length * 3);
        return $"M{N(x - ux - (uy / 2))} {N(y - uy + (ux / 2))}L{N(x)} {N(y)}L{N(x - ux + (uy / 2))} {N(y - uy - (ux / 2))}";
    }

    private static string Power(int power) => power == 0 ? "" : $" ×10{UnitText.Superscript(power)}";

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
