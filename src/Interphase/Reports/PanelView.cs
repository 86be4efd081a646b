namespace Interphase.Reports;

/// <summary>A panel with what both writers must agree on: ranges and the colour of each series.</summary>
internal sealed record PanelView(Panel Panel, AxisScale X, AxisScale Y, IReadOnlyList<SeriesColour> Colours)
{
    internal static PanelView Of(Panel panel) => new(panel, AxisScale.Of(panel.X, Extent(panel, xs: true), Padding(panel)), AxisScale.Of(panel.Y, Extent(panel, xs: false), Padding(panel)), Assign(panel));

    /// <summary>One unit of x as long as one of y on a drawing area of this size.</summary>
    internal PanelView Fitted(double width, double height)
    {
        if (!Panel.EqualAspect || X.Log || Y.Log) { return this; }
        var unit = Math.Max((X.To - X.From) / width, (Y.To - Y.From) / height);
        return this with { X = X.Widened(unit * width), Y = Y.Widened(unit * height) };
    }

    /// <summary>Height over width that shows what is drawn without much empty space.</summary>
    internal double Aspect => !Panel.EqualAspect ? 0.74
        : Panel.Series.Any(s => s is Picture or HeatMap) ? Math.Min((Y.To - Y.From) / (X.To - X.From), 2)
        : Math.Clamp((Y.To - Y.From) / (X.To - X.From), 0.45, 1);

    internal Marker MarkerOf(int index) => Panel.Series[index] is XY { Marker: { } m } ? m : Palette.MarkerAt(Colours[index].Tone is null ? Colours[index].Place : 0);

    private static double Padding(Panel panel) => panel.Series.Count > 0 && panel.Series.All(s => s is Picture or HeatMap) ? 0 : 0.04;

    private static SeriesColour[] Assign(Panel panel)
    {
        var taken = panel.Series.Where(s => s.Colour >= 0).Select(s => s.Colour!.Value).ToHashSet();
        var next = 0;
        int Free()
        {
            while (taken.Contains(next)) { next++; }
            return next++;
        }
        return [.. panel.Series.Select(s => new SeriesColour(s.Colour ?? (s.Tone is null && s is not (HeatMap or Picture) ? Free() : Palette.Neutral), s.Tone))];
    }

    private static IEnumerable<double> Extent(Panel panel, bool xs)
    {
        foreach (var series in panel.Series)
        {
            switch (series)
            {
                case XY s when xs:
                    foreach (var v in Around(s.X, s.XError)) { yield return v; }
                    break;
                case XY s:
                    foreach (var v in Around(s.Y, s.YError)) { yield return v; }
                    foreach (var v in s.YLower ?? []) { yield return v; }
                    foreach (var v in s.YUpper ?? []) { yield return v; }
                    break;
                case Band s:
                    foreach (var v in xs ? s.X : [.. s.Lower, .. s.Upper]) { yield return v; }
                    break;
                case Bars s when xs:
                    var half = BarSpacing(panel) / 2;
                    foreach (var v in s.X) { yield return v - half; yield return v + half; }
                    break;
                case Bars s:
                    yield return 0;
                    foreach (var v in Around(s.Y, s.YError)) { yield return v; }
                    break;
                case HeatMap s:
                    var (centres, log) = xs ? (s.X, panel.X.Log) : (s.Y, panel.Y.Log);
                    var (first, last) = Edges(centres, log);
                    yield return first;
                    yield return last;
                    break;
                case Picture s:
                    yield return 0;
                    yield return (xs ? s.Width : s.Height) * s.Pixel;
                    break;
            }
        }
    }

    /// <summary>Outer edges of the cells around equally spaced centres.</summary>
    internal static (double First, double Last) Edges(double[] centres, bool log)
    {
        double To(double v) => log ? Math.Log10(v) : v;
        double From(double c) => log ? Math.Pow(10, c) : c;
        if (centres.Length == 0) { return (0, 1); }
        var step = centres.Length > 1 ? (To(centres[^1]) - To(centres[0])) / (centres.Length - 1) : 1;
        return (From(To(centres[0]) - (step / 2)), From(To(centres[^1]) + (step / 2)));
    }

    /// <summary>Least distance between places of bars; 1 for a single place.</summary>
    internal static double BarSpacing(Panel panel)
    {
        var places = panel.Series.OfType<Bars>().SelectMany(b => b.X).Distinct().Order().ToArray();
        return places.Length < 2 ? 1 : places.Zip(places.Skip(1), (a, b) => b - a).Min();
    }

    private static IEnumerable<double> Around(double[] values, double[]? error)
    {
        for (var i = 0; i < values.Length; i++)
        {
            yield return values[i];
            if (error is null || i >= error.Length || !double.IsFinite(error[i])) { continue; }
            yield return values[i] - error[i];
            yield return values[i] + error[i];
        }
    }
}

/// <summary>Place in the palette, or place on the ramp.</summary>
internal readonly record struct SeriesColour(int Place, double? Tone)
{
    internal string Css(bool dark = false) => Tone is { } t ? Palette.Ramp(t, dark) : Palette.At(Place, dark);
}
