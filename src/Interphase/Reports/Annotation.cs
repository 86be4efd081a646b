namespace Interphase.Reports;

/// <summary>Which axis a line or region stands on.</summary>
public enum Along
{
    /// <summary>At a place of the x axis, from bottom to top.</summary>
    X,

    /// <summary>At a place of the y axis, from left to right.</summary>
    Y,
}

/// <summary>Something that explains a panel; it does not widen the range of the axes.</summary>
/// <param name="Label">Text beside it; empty for none.</param>
public abstract record Annotation(string Label);

/// <summary>A shaded region between two places of one axis (pulses whose assumption does not hold).</summary>
public sealed record Region(Along Along, double From, double To, string Label = "") : Annotation(Label);

/// <summary>A thin line across the panel (a limit, a target).</summary>
public sealed record Rule(Along Along, double At, string Label = "") : Annotation(Label);

/// <summary>A point with a text beside it (a frequency on a Nyquist arc, a peak).</summary>
public sealed record Note(double X, double Y, string Label) : Annotation(Label);

/// <summary>A distance marked by a line with two heads (the IR drop of a pulse, the peak separation of a voltammogram).</summary>
public sealed record Distance(double FromX, double FromY, double ToX, double ToY, string Label) : Annotation(Label);
