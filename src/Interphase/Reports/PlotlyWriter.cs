using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Interphase.Reports;

/// <summary>
/// A figure as Plotly JSON, one plot a panel. Colours are written as <c>@place</c>, <c>@ramp:t</c>, <c>@text</c>, <c>@grid</c>,
/// each with an optional <c>/opacity</c>; the page puts in those of its theme.
/// </summary>
public static class PlotlyWriter
{
    /// <summary>Most points of a series that a page holds; longer ones are thinned with their extremes kept.</summary>
    public const int MostPoints = 8000;

    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), // leaves < > & escaped, so that no text can end the element that holds it
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ShortNumber() },
    };

    /// <summary><c>[{data, layout, height, right}]</c>, one a panel.</summary>
    public static string Json(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return JsonSerializer.Serialize(figure.Panels.Select((p, i) => Plot(figure, p, i)), Options);
    }

    private static Dictionary<string, object?> Plot(Figure figure, Panel panel, int index)
    {
        var view = PanelView.Of(panel);
        var labelX = !figure.SharedX || index + Math.Clamp(figure.Columns, 1, figure.Panels.Count) >= figure.Panels.Count;
        var traces = panel.Series.Select((s, i) => Trace(view, s, i)).ToList();
        var layout = new Dictionary<string, object?>
        {
            ["xaxis"] = AxisOf(panel.X, view.X, labelX),
            ["yaxis"] = AxisOf(panel.Y, view.Y, true),
            ["shapes"] = PlotlyAnnotations.Shapes(view),
            ["annotations"] = PlotlyAnnotations.Texts(view),
            ["showlegend"] = panel.Legend && panel.Series.Count(s => s is not (HeatMap or Picture)) > 1 && panel.Series.Any(s => s.Name.Length > 0 && s is not (HeatMap or Picture)),
            ["images"] = panel.Series.OfType<Picture>().Select(p => new { source = Png.DataUri(p.Width, p.Height, p.Grey, colour: false), xref = "x", yref = "y", x = 0, y = p.Height * p.Pixel, sizex = p.Width * p.Pixel, sizey = p.Height * p.Pixel, sizing = "stretch", layer = "below" }).ToArray(),
        };
        if (panel.EqualAspect)
        {
            var y = (Dictionary<string, object?>)layout["yaxis"]!;
            var x = (Dictionary<string, object?>)layout["xaxis"]!;
            (y["scaleanchor"], y["scaleratio"]) = ("x", 1);
            // What begins at zero keeps its zero in the corner.
            if (view.X.From == 0) { x["constraintoward"] = "left"; }
            if (view.Y.From == 0) { y["constraintoward"] = "bottom"; }
            x["constrain"] = y["constrain"] = panel.Series.Any(s => s is Picture or HeatMap) ? "domain" : "range";
        }
        if (panel.RightY is { } second)
        {
            var scale = view.Y with { From = (second.Scale * view.Y.From) + second.Offset, To = (second.Scale * view.Y.To) + second.Offset };
            var right = AxisOf(new Axis(second.Quantity, second.Unit), scale, true);
            (right["overlaying"], right["side"], right["showgrid"], right["fixedrange"], right["mirror"], right["tickmode"]) = ("y", "right", false, true, false, "auto");
            layout["yaxis2"] = right;
            // An axis without a trace is not drawn.
            traces.Add(new { type = "scatter", x = new[] { double.NaN }, y = new[] { double.NaN }, yaxis = "y2", showlegend = false, hoverinfo = "skip" });
        }
        return new()
        {
            ["data"] = traces,
            ["layout"] = layout,
            ["height"] = panel.RelativeHeight,
            ["title"] = figure.Panels.Count > 1 || panel.Title.Length > 0 ? RichText.Html(panel.Title) : null,
            ["aspect"] = panel.EqualAspect ? view.Aspect : null,
            ["picture"] = !panel.X.Visible && !panel.Y.Visible,
            ["bare"] = !labelX,
            ["right"] = panel.RightY is { } r ? new { scale = r.Scale, offset = r.Offset } : null,
        };
    }

    private static Dictionary<string, object?> AxisOf(Axis axis, AxisScale scale, bool labels)
    {
        var ends = new[] { scale.From, scale.To };
        var plotly = new Dictionary<string, object?>
        {
            ["type"] = axis.Log ? "log" : "linear",
            ["range"] = axis.Reversed ? ends.Reverse().ToArray() : ends,
            ["title"] = new { text = labels ? Text(axis.Label) : "" },
            ["showticklabels"] = labels,
        };
        if (!axis.Visible) { plotly["visible"] = false; }
        if (axis.Whole && scale.To - scale.From < 8) { plotly["dtick"] = 1; }
        if (axis.Categories is { } names)
        {
            plotly["tickvals"] = Enumerable.Range(0, names.Count).ToArray();
            plotly["ticktext"] = names.Select(Text).ToArray();
        }
        else if (axis.Log)
        {
            plotly["minor"] = new { ticks = "outside", ticklen = 3, dtick = scale.To - scale.From < 9 ? "D1" : null };
            if (scale.To - scale.From is >= 2 and < 9) { plotly["dtick"] = 1; }
            if (scale.To - scale.From < 2) { plotly["dtick"] = scale.To - scale.From < 0.75 ? "D1" : "D2"; }
            plotly["tickangle"] = 0;
        }
        return plotly;
    }

    private static object Trace(PanelView view, Series series, int index)
    {
        var colour = view.Colours[index] is { Tone: { } tone } ? $"@ramp:{tone.ToString("0.###", CultureInfo.InvariantCulture)}" : Place(view.Colours[index].Place);
        var (x, y) = (view.Panel.X, view.Panel.Y);
        var hover = Text(series.Name) + (series.Name.Length > 0 ? "<br>" : "");
        var points = $"{Hover(x, "x")}<br>{Hover(y, "y")}<extra></extra>";
        switch (series)
        {
            case XY s:
                var kept = Decimation.Kept(s, view.X, view.Y, MostPoints);
                double[] Pick(double[] values) => [.. kept.Select(i => i < values.Length ? values[i] : double.NaN)];
                var symbol = view.MarkerOf(index) switch { Marker.Square => "square", Marker.Triangle => "triangle-up", Marker.Diamond => "diamond", Marker.TriangleDown => "triangle-down", Marker.Cross => "x-thin", _ => "circle" };
                return new
                {
                    type = "scatter",
                    mode = s.Draw switch { Draw.Line => "lines", Draw.Markers => "markers", _ => "lines+markers" },
                    name = Text(s.Name),
                    x = Pick(s.X),
                    y = Pick(s.Y),
                    showlegend = s.Name.Length > 0,
                    legendgroup = colour,
                    line = new { color = colour, width = 1.8, dash = s.Dash switch { Dash.Dashed => "dash", Dash.Dotted => "dot", Dash.DashDot => "dashdot", _ => "solid" } },
                    marker = new { color = colour, size = kept.Length > 100 ? 4.5 : 6.5, symbol = symbol + (s.Hollow && symbol != "x-thin" ? "-open" : ""), line = new { color = colour, width = s.Hollow || symbol == "x-thin" ? 1.4 : 0 } },
                    error_y = s.YError is null && s.YLower is null ? null : new
                    {
                        type = "data", symmetric = false, color = colour, thickness = 1.2, width = 3,
                        array = kept.Select(i => SvgPanel.ErrorEnds(s, i) is var (_, high) ? high - s.Y[i] : double.NaN).ToArray(),
                        arrayminus = kept.Select(i => SvgPanel.ErrorEnds(s, i) is var (low, _) ? s.Y[i] - low : double.NaN).ToArray(),
                    },
                    error_x = s.XError is null ? null : new { type = "data", color = colour, thickness = 1.2, width = 3, array = Pick(s.XError) },
                    text = s.PointText is { } texts ? kept.Select(i => i < texts.Length ? Text(texts[i]) : "").ToArray() : null,
                    hovertemplate = hover + (s.PointText is null ? "" : "%{text}<br>") + points,
                };
            case Band s:
                // Pieces between gaps, each closed on itself.
                var (bx, by) = (new List<double>(), new List<double>());
                for (var i = 0; i < s.X.Length;)
                {
                    var end = i;
                    while (end < s.X.Length && double.IsFinite(view.X.Place(s.X[end])) && double.IsFinite(s.Lower[end]) && double.IsFinite(view.Y.Place(s.Upper[end]))) { end++; }
                    var piece = Enumerable.Range(i, end - i).ToArray();
                    var floor = view.Y.Log ? Math.Pow(10, view.Y.From - 1) : double.NegativeInfinity;
                    bx.AddRange([.. piece.Select(k => s.X[k]), .. piece.Reverse().Select(k => s.X[k]), double.NaN]);
                    by.AddRange([.. piece.Select(k => s.Upper[k]), .. piece.Reverse().Select(k => Math.Max(s.Lower[k], floor)), double.NaN]);
                    i = end + 1;
                }
                return new { type = "scatter", mode = "lines", name = Text(s.Name), x = bx, y = by, fill = "toself", fillcolor = colour + "/0.22", line = new { width = 0 }, hoverinfo = "skip", legendgroup = s.Name.Length > 0 ? null : colour, showlegend = s.Name.Length > 0 };
            case Bars s:
                return new { type = "bar", name = Text(s.Name), x = s.X, y = s.Y, marker = new { color = colour }, error_y = s.YError is null ? null : new { type = "data", array = s.YError, color = "@text", thickness = 1.2, width = 4 }, hovertemplate = hover + Hover(y, "y") + "<extra></extra>", showlegend = s.Name.Length > 0 };
            case HeatMap s:
                return PlotlyHeatMap.Trace(s, points);
            default:
                return new { type = "scatter", x = new[] { double.NaN }, y = new[] { double.NaN }, showlegend = false, hoverinfo = "skip" };
        }
    }

    internal static string Place(int place) => place < 0 ? "@text" : "@" + (place % Palette.Light.Length).ToString(CultureInfo.InvariantCulture);

    private static string Hover(Axis axis, string variable) => axis.Categories is null
        ? $"{Text(axis.Quantity)}: %{{{variable}:.5~g}} {UnitText.Print(axis.Unit)}".TrimEnd()
        : $"%{{{variable}}}";

    /// <summary>Plotly reads a few elements in texts; names are literal.</summary>
    internal static string Text(string text) => string.Concat(RichText.Runs(text).Select(r =>
    {
        var safe = r.Text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("%{", "% {", StringComparison.Ordinal);
        return r.Level switch { RichText.Level.Lowered => $"<sub>{safe}</sub>", RichText.Level.Raised => $"<sup>{safe}</sup>", _ => safe };
    }));

    /// <summary>Eight digits are finer than a screen; a missing number is null.</summary>
    private sealed class ShortNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) { writer.WriteRawValue(value.ToString("G8", CultureInfo.InvariantCulture)); }
            else { writer.WriteNullValue(); }
        }
    }
}
