using Interphase.Reports;

namespace Interphase.Tests.Reports;

public class PaletteTests
{
    [Fact]
    public void Series_stand_out_from_the_page_by_three_in_both_themes()
    {
        Assert.All(Palette.Light, c => Assert.True(Contrast(c, Palette.LightPage) >= 3, c));
        Assert.All(Palette.Dark, c => Assert.True(Contrast(c, Palette.DarkPage) >= 3, c));
        for (var t = 0.0; t <= 1; t += 0.02)
        {
            Assert.True(Contrast(Palette.Ramp(t), Palette.LightPage) >= 3, $"light {t}");
            Assert.True(Contrast(Palette.Ramp(t, dark: true), Palette.DarkPage) >= 3, $"dark {t}");
        }
    }

    [Fact]
    public void Text_of_the_page_reaches_four_and_a_half_in_both_themes()
    {
        var css = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream("report.css")!).ReadToEnd();
        string Value(string block, string name)
        {
            var from = css.IndexOf(block, StringComparison.Ordinal);
            var at = css.IndexOf($"--{name}: ", from, StringComparison.Ordinal) + name.Length + 4;
            return css[at..(at + 7)];
        }
        foreach (var block in new[] { ":root {", ":root:not([data-theme=\"light\"]) {", ":root[data-theme=\"dark\"] {" })
        {
            foreach (var name in new[] { "text", "soft", "accent", "contradiction", "caution", "note" })
            {
                Assert.True(Contrast(Value(block, name), Value(block, "page")) >= 4.5, $"{block} {name} on the page");
                Assert.True(Contrast(Value(block, name), Value(block, "raised")) >= 4.5, $"{block} {name} on a raised box");
            }
        }
        Assert.Equal(Palette.LightPage, Value(":root {", "page"));
        Assert.Equal(Palette.DarkPage, Value(":root[data-theme=\"dark\"] {", "page"));
    }

    /// <summary>Brettel, Viénot and Mollon's dichromats, as simplified by Viénot 1999 for red-green: the first four places stay apart.</summary>
    [Fact]
    public void The_first_four_colours_stay_apart_for_deuteranopes_and_protanopes()
    {
        foreach (var colours in new[] { Palette.Light, Palette.Dark })
        {
            for (var i = 0; i < 4; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    foreach (var protan in new[] { true, false })
                    {
                        var (a, b) = (Dichromat(colours[i], protan), Dichromat(colours[j], protan));
                        Assert.True(Math.Sqrt(a.Zip(b, (p, q) => (p - q) * (p - q)).Sum()) > 0.09, $"{colours[i]} and {colours[j]}");
                    }
                }
            }
        }
    }

    private static double[] Dichromat(string hex, bool protan)
    {
        var c = Linear(hex);
        var (l, m, s) = ((17.8824 * c[0]) + (43.5161 * c[1]) + (4.11935 * c[2]), (3.45565 * c[0]) + (27.1554 * c[1]) + (3.86714 * c[2]), (0.0299566 * c[0]) + (0.184309 * c[1]) + (1.46709 * c[2]));
        if (protan) { l = (2.02344 * m) - (2.52581 * s); } else { m = (0.494207 * l) + (1.24827 * s); }
        return [.. new[] { (0.0809444479 * l) - (0.130504409 * m) + (0.116721066 * s), (-0.0102485335 * l) + (0.0540193266 * m) - (0.113614708 * s), (-0.000365296938 * l) - (0.00412161469 * m) + (0.693511405 * s) }.Select(v => Math.Pow(Math.Clamp(v, 0, 1), 1 / 2.2))];
    }

    private static double[] Linear(string hex) => [.. new[] { 1, 3, 5 }.Select(i => Convert.ToInt32(hex.Substring(i, 2), 16) / 255.0).Select(v => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4))];

    /// <summary>WCAG 2.2, relative luminance and contrast ratio.</summary>
    private static double Contrast(string a, string b)
    {
        double Luminance(string hex) => Linear(hex).Zip(new[] { 0.2126, 0.7152, 0.0722 }, (v, w) => v * w).Sum();
        var (p, q) = (Luminance(a), Luminance(b));
        return (Math.Max(p, q) + 0.05) / (Math.Min(p, q) + 0.05);
    }
}
