using System.Globalization;
using System.Text;
using Interphase.Files;

namespace Interphase.Reports;

/// <summary>A figure as SVG for print: journal column widths, text as text, dark on white.</summary>
public static class SvgWriter
{
    /// <summary>Writes <c>DIR/ID.svg</c>.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(Figure figure, string directory)
    {
        ArgumentNullException.ThrowIfNull(figure);
        AtomicFile.WriteText(Path.Combine(directory, Slug.Check(figure.Id) + ".svg"), Text(figure));
    }

    /// <summary>The content of the file.</summary>
    public static string Text(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var (panels, width, height) = SvgLayout.Of(figure);
        var svg = new StringBuilder();
        var id = Slug.Check(figure.Id);
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Millimetres(width)}mm\" height=\"{Millimetres(height)}mm\" viewBox=\"0 0 {SvgText.Number(width)} {SvgText.Number(height)}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\" fill=\"{Palette.LightText}\">\n");
        svg.Append($"<title id=\"{id}-title\">{RichText.Escape(RichText.Plain(figure.Title))}</title>\n");
        svg.Append($"<desc id=\"{id}-desc\">{RichText.Escape(RichText.Plain(figure.Caption) + " " + FigureSummary.Text(figure))}</desc>\n");
        svg.Append($"<rect width=\"{SvgText.Number(width)}\" height=\"{SvgText.Number(height)}\" fill=\"#fff\"/>\n");
        for (var i = 0; i < panels.Count; i++)
        {
            SvgPanel.Draw(svg, panels[i], $"{id}-clip{i.ToString(CultureInfo.InvariantCulture)}", panels.Count > 1 ? Letter(i) : "");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string Millimetres(double points) => (points / 72 * 25.4).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Letter(int i) => i < 26 ? ((char)('a' + i)).ToString() : (i + 1).ToString(CultureInfo.InvariantCulture);
}
