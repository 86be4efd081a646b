namespace Interphase.Reports;

/// <summary>How a line is broken; the second channel beside colour.</summary>
public enum Dash
{
    /// <summary>Unbroken.</summary>
    Solid,

    /// <summary>Long strokes.</summary>
    Dashed,

    /// <summary>Dots.</summary>
    Dotted,

    /// <summary>Strokes and dots in turn.</summary>
    DashDot,
}

/// <summary>The shape of a marker; the second channel beside colour.</summary>
public enum Marker
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle on its side of greatest length.</summary>
    Triangle,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A triangle on its corner.</summary>
    TriangleDown,

    /// <summary>An oblique cross.</summary>
    Cross,
}

/// <summary>What an <see cref="XY"/> series draws.</summary>
public enum Draw
{
    /// <summary>A line through the points in their order; a NaN breaks it.</summary>
    Line,

    /// <summary>A marker at each point.</summary>
    Markers,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Something drawn in a panel. The numbers are in the units of its axes; NaN is a gap.</summary>
/// <param name="Name">Stands in the legend; empty keeps it out.</param>
public abstract record Series(string Name)
{
    /// <summary>
    /// Place in the palette. A sample keeps its place through a whole report. Null takes the next free one in the panel;
    /// <see cref="Palette.Neutral"/> is the colour of text, for what belongs to no sample.
    /// </summary>
    public int? Colour { get; init; }

    /// <summary>Place on a ramp from early (0) to late (1), for one sample's cycles or potentials; takes the place of <see cref="Colour"/>.</summary>
    public double? Tone { get; init; }
}

/// <summary>Points (x, y), with error bars where they are known.</summary>
public sealed record XY(string Name, double[] X, double[] Y) : Series(Name)
{
    /// <summary>Line, markers, or both.</summary>
    public Draw Draw { get; init; } = Draw.Line;

    /// <summary>How the line is broken.</summary>
    public Dash Dash { get; init; }

    /// <summary>Null takes the shape that goes with the colour.</summary>
    public Marker? Marker { get; init; }

    /// <summary>Markers are outlines only: model, or what is doubtful.</summary>
    public bool Hollow { get; init; }

    /// <summary>Half length of the vertical error bar, one standard error unless the caption says otherwise.</summary>
    public double[]? YError { get; init; }

    /// <summary>Half length of the horizontal error bar.</summary>
    public double[]? XError { get; init; }

    /// <summary>Lower end of an error bar that is not symmetric.</summary>
    public double[]? YLower { get; init; }

    /// <summary>Upper end of an error bar that is not symmetric.</summary>
    public double[]? YUpper { get; init; }

    /// <summary>One text a point (frequency, pulse number), shown when it is pointed at.</summary>
    public string[]? PointText { get; init; }
}

/// <summary>The region between two curves: an interval of confidence.</summary>
public sealed record Band(string Name, double[] X, double[] Lower, double[] Upper) : Series(Name);

/// <summary>Bars from zero at x (a category's place, where the axis has names); several series stand beside each other.</summary>
public sealed record Bars(string Name, double[] X, double[] Y) : Series(Name)
{
    /// <summary>Half length of the error bar.</summary>
    public double[]? YError { get; init; }
}

/// <summary>Values on a grid, with a colour bar. <paramref name="Z"/>[row, column] belongs to Y[row], X[column]; at most 4 million cells.</summary>
/// <param name="Name">Names the colour bar.</param>
/// <param name="X">Centres of the columns, ascending; equal steps (in the logarithm on a logarithmic axis).</param>
/// <param name="Y">Centres of the rows, ascending; equal steps as for x.</param>
/// <param name="Z">Values; NaN is left empty.</param>
/// <param name="Unit">Unit of the values.</param>
public sealed record HeatMap(string Name, double[] X, double[] Y, double[,] Z, string Unit = "") : Series(Name)
{
    /// <summary>Colours by the logarithm.</summary>
    public bool Log { get; init; }

    /// <summary>Lower end of the colours; null takes the least value.</summary>
    public double? Min { get; init; }

    /// <summary>Upper end of the colours; null takes the greatest value.</summary>
    public double? Max { get; init; }
}

/// <summary>A micrograph or map in grey, with a scale bar. It fills x from 0 to width × pixel and y from 0 (bottom) to height × pixel.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Grey">Row by row from the top left, 0 black to 255 white.</param>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixel">Length of a pixel in the unit of the axes.</param>
public sealed record Picture(string Name, byte[] Grey, int Width, int Height, double Pixel) : Series(Name)
{
    /// <summary>Length of the scale bar in the unit of the axes; null chooses a round one near a fifth of the width.</summary>
    public double? ScaleBar { get; init; }
}
