using System.Globalization;
using System.Text;

namespace Interphase.Impedance;

/// <summary>A circuit drawn as SVG: resistors as boxes, capacitors and constant phase elements as plates, others as boxes with their letters.</summary>
public static class CircuitDrawing
{
    private const double Width = 64, Height = 46, Lead = 14;

    /// <summary>The drawing, self-contained; lines take the colour of the surrounding text.</summary>
    public static string Svg(Circuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var (width, above, below) = Size(circuit.Root);
        var body = new StringBuilder();
        Draw(circuit.Root, Lead, above, body);
        Line(body, 0, above, Lead, above);
        Line(body, Lead + width, above, (2 * Lead) + width, above);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + (2 * Lead)} {above + below}" width="{width + (2 * Lead)}" height="{above + below}" role="img" aria-label="{circuit.Bare()}" fill="none" stroke="currentColor" stroke-width="1.5" font-family="sans-serif" font-size="12">
            {body}</svg>

            """);
    }

    /// <summary>Width, and height above and below the line through the part.</summary>
    private static (double Width, double Above, double Below) Size(CircuitNode node)
    {
        switch (node)
        {
            case SeriesNode s:
                var parts = s.Parts.Select(Size).ToArray();
                return (parts.Sum(p => p.Width), parts.Max(p => p.Above), parts.Max(p => p.Below));
            case ParallelNode p:
                var branches = p.Parts.Select(Size).ToArray();
                var height = branches.Sum(b => b.Above + b.Below);
                return (branches.Max(b => b.Width) + (2 * Lead), height / 2, height / 2);
            case LineNode l:
                var inner = Size(l.Interface);
                return (Math.Max(inner.Width, Width) + (2 * Lead), Height, inner.Above + inner.Below + (Height / 2));
            default:
                return (Width, Height * 0.6, Height * 0.4);
        }
    }

    private static void Draw(CircuitNode node, double x, double y, StringBuilder svg)
    {
        var (width, above, _) = Size(node);
        switch (node)
        {
            case SeriesNode s:
                foreach (var part in s.Parts)
                {
                    Draw(part, x, y, svg);
                    x += Size(part).Width;
                }
                break;
            case ParallelNode p:
                var top = y - above;
                double first = double.NaN, last = 0;
                foreach (var branch in p.Parts)
                {
                    var size = Size(branch);
                    last = top + size.Above;
                    first = double.IsNaN(first) ? last : first;
                    var start = x + ((width - size.Width) / 2);
                    Line(svg, x + (Lead / 2), last, start, last);
                    Line(svg, start + size.Width, last, x + width - (Lead / 2), last);
                    Draw(branch, start, last, svg);
                    top += size.Above + size.Below;
                }
                foreach (var (rail, end) in new[] { (x + (Lead / 2), x), (x + width - (Lead / 2), x + width) })
                {
                    Line(svg, rail, first, rail, last);
                    Line(svg, rail, y, end, y);
                }
                break;
            case LineNode l:
                var inner = Size(l.Interface);
                Line(svg, x, y, x + width, y);
                Box(svg, x + (Lead / 2), y - (Height / 2), width - Lead, Height / 2 + inner.Above + inner.Below + 6);
                Text(svg, x + (width / 2), y - (Height / 2) - 5, l.Label);
                Draw(l.Interface, x + ((width - inner.Width) / 2), y + 6 + inner.Above, svg);
                break;
            case ElementNode e:
                DrawElement(e, x, y, svg);
                break;
        }
    }

    private static void DrawElement(ElementNode e, double x, double y, StringBuilder svg)
    {
        var middle = x + (Width / 2);
        Text(svg, middle, y - 14, e.Label);
        switch (e.Element.Symbol)
        {
            case "C":
                Lines(svg, x, y, middle - 3, middle + 3);
                Line(svg, middle - 3, y - 10, middle - 3, y + 10);
                Line(svg, middle + 3, y - 10, middle + 3, y + 10);
                break;
            case "CPE":
                Lines(svg, x, y, middle - 1, middle + 7);
                foreach (var at in (double[])[middle - 7, middle + 1])
                {
                    Line(svg, at, y - 10, at + 6, y);
                    Line(svg, at + 6, y, at, y + 10);
                }
                break;
            case "L" or "La":
                Lines(svg, x, y, middle - 18, middle + 18);
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{middle - 18} {y} a6 6 0 0 1 12 0 a6 6 0 0 1 12 0 a6 6 0 0 1 12 0\"/>\n");
                break;
            default:
                Lines(svg, x, y, middle - 16, middle + 16);
                Box(svg, middle - 16, y - 8, 32, 16);
                if (e.Element.Symbol != "R") { Text(svg, middle, y + 4, e.Element.Symbol); }
                break;
        }
    }

    /// <summary>The leads on both sides of a symbol.</summary>
    private static void Lines(StringBuilder svg, double x, double y, double left, double right)
    {
        Line(svg, x, y, left, y);
        Line(svg, right, y, x + Width, y);
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>\n");

    private static void Box(StringBuilder svg, double x, double y, double width, double height) =>
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n");

    private static void Text(StringBuilder svg, double x, double y, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"currentColor\" stroke=\"none\">{text}</text>\n");
}
