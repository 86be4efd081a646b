using System.Globalization;
using System.Text;

namespace Interphase.Reports;

/// <summary>Text and numbers in SVG.</summary>
internal static class SvgText
{
    /// <summary>Ticks and legends, in points.</summary>
    internal const double Small = 7;

    /// <summary>Axis labels and titles, in points.</summary>
    internal const double Normal = 8;

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A text element; <paramref name="anchor"/> is start, middle or end.</summary>
    internal static string At(double x, double y, string text, double size = Small, string anchor = "start", string more = "")
    {
        var svg = new StringBuilder($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" font-size=\"{Number(size)}\"");
        if (anchor != "start") { svg.Append($" text-anchor=\"{anchor}\""); }
        if (more.Length > 0) { svg.Append(' ').Append(more); }
        svg.Append('>');
        double shift = 0;
        foreach (var (run, level) in RichText.Runs(text))
        {
            var wanted = level switch { RichText.Level.Lowered => 0.22, RichText.Level.Raised => -0.38, _ => 0 } * size;
            svg.Append(wanted == shift && level == RichText.Level.Normal ? RichText.Escape(run)
                : $"<tspan dy=\"{Number(wanted - shift)}\"{(level == RichText.Level.Normal ? "" : $" font-size=\"{Number(size * 0.72)}\"")}>{RichText.Escape(run)}</tspan>");
            shift = wanted;
        }
        return svg.Append("</text>").ToString();
    }

    internal static string Rotated(double x, double y, string text, double size, int degrees) =>
        At(x, y, text, size, "middle", $"transform=\"rotate({degrees.ToString(CultureInfo.InvariantCulture)} {Number(x)} {Number(y)})\"");

    /// <summary>Width in a sans-serif of usual proportions; a little generous.</summary>
    internal static double Width(string text, double size) =>
        RichText.Runs(text).Sum(r => r.Text.Sum(Em) * (r.Level == RichText.Level.Normal ? 1 : 0.72)) * size;

    private static double Em(char c) => c switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '′' => 0.28,
        'f' or 't' or 'r' or ' ' or '(' or ')' or '/' or '-' or '″' or '⁰' or '¹' or '²' or '³' or '⁴' or '⁵' or '⁶' or '⁷' or '⁸' or '⁹' or '⁻' => 0.36,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.9,
        >= 'A' and <= 'Z' => 0.7,
        _ => 0.57,
    };
}

/// <summary>A rectangle on the page.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    internal double Right => Left + Width;

    internal double Bottom => Top + Height;

    internal bool Holds(double x, double y, double margin = 0) =>
        x >= Left - margin && x <= Right + margin && y >= Top - margin && y <= Bottom + margin;
}
