namespace Interphase.Reports;

/// <summary>How wide a figure is printed: the two column widths of journals.</summary>
public enum FigureWidth
{
    /// <summary>One column, 85 mm.</summary>
    Single,

    /// <summary>Two columns, 178 mm.</summary>
    Double,
}

/// <summary>
/// A figure, told once and drawn by two writers (<see cref="SvgWriter"/> for print, <see cref="PlotlyWriter"/> for the screen).
/// Texts may hold <c>_{…}</c> for a subscript and <c>^{…}</c> for a superscript; everything else in them is literal.
/// </summary>
/// <param name="Id">Names the file and the place in the page: lower-case words joined by hyphens, unique in a report.</param>
/// <param name="Title">What is shown, in a few words.</param>
/// <param name="Caption">What the reader should see, with the facts the figure rests on (sample, temperature, rate, number of cells).</param>
/// <param name="Panels">Left to right, then downwards.</param>
public sealed record Figure(string Id, string Title, string Caption, IReadOnlyList<Panel> Panels)
{
    /// <summary>Printed width.</summary>
    public FigureWidth Width { get; init; } = FigureWidth.Double;

    /// <summary>Panels beside each other.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>True where panels above each other share one x axis: it is drawn under the last, and they zoom together.</summary>
    public bool SharedX { get; init; }
}

/// <summary>One pair of axes with what is drawn on it.</summary>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Series">Drawn in this order, the last on top.</param>
public sealed record Panel(Axis X, Axis Y, IReadOnlyList<Series> Series)
{
    /// <summary>Stands above the panel; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>A second scale on the right, which is the first one scaled and shifted.</summary>
    public SecondScale? RightY { get; init; }

    /// <summary>One unit of x is as long as one unit of y (Nyquist).</summary>
    public bool EqualAspect { get; init; }

    /// <summary>Height relative to the other panels of the figure (0.35 for residuals under their fit).</summary>
    public double RelativeHeight { get; init; } = 1;

    /// <summary>Shaded regions, lines, labelled points and marked distances.</summary>
    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>False leaves the legend out, as where another panel of the figure has the same.</summary>
    public bool Legend { get; init; } = true;
}

/// <summary>An axis: what it shows and in which unit. The numbers of the series are in this unit.</summary>
/// <param name="Quantity"><c>Specific capacity</c>, <c>−Z″</c>, <c>D_{app}</c>, <c>Potential vs Li-In</c>.</param>
/// <param name="Unit">As units are written (<c>mAh/g</c>, <c>ohm cm2</c>); printed as Ω cm². Empty for a pure number.</param>
public sealed record Axis(string Quantity, string Unit = "")
{
    /// <summary>Logarithmic; values that are not positive are not drawn.</summary>
    public bool Log { get; init; }

    /// <summary>Largest value at the left or at the bottom.</summary>
    public bool Reversed { get; init; }

    /// <summary>Lower end; null takes it from what is drawn.</summary>
    public double? Min { get; init; }

    /// <summary>Upper end; null takes it from what is drawn.</summary>
    public double? Max { get; init; }

    /// <summary>The range taken from what is drawn reaches down to zero.</summary>
    public bool FromZero { get; init; }

    /// <summary>Names at 0, 1, 2 … in place of numbers.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Counts: no ticks between whole numbers.</summary>
    public bool Whole { get; init; }

    /// <summary>False hides line, ticks and label (pictures).</summary>
    public bool Visible { get; init; } = true;

    /// <summary>Quantity with its unit in brackets: <c>Specific capacity (mAh/g)</c>.</summary>
    public string Label => Unit.Length == 0 ? Quantity : $"{Quantity} ({UnitText.Print(Unit)})";
}

/// <summary>A second scale for the same points: value = <paramref name="Scale"/> · left value + <paramref name="Offset"/>.</summary>
/// <param name="Quantity">As <see cref="Axis.Quantity"/>.</param>
/// <param name="Unit">As <see cref="Axis.Unit"/>.</param>
/// <param name="Scale">Positive factor.</param>
/// <param name="Offset">In the unit of this scale.</param>
public sealed record SecondScale(string Quantity, string Unit, double Scale, double Offset)
{
    /// <summary>Quantity with its unit in brackets.</summary>
    public string Label => Unit.Length == 0 ? Quantity : $"{Quantity} ({UnitText.Print(Unit)})";

    /// <summary>The second scale versus Li⁺/Li of a potential axis whose reference stands at <paramref name="reference"/> volts versus Li⁺/Li.</summary>
    public static SecondScale VersusLithium(double reference) => new("Potential vs Li⁺/Li", "V", 1, reference);
}
