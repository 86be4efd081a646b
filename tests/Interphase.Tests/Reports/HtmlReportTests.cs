using System.Text.Json;
using System.Text.RegularExpressions;
using Interphase.Reports;
using Interphase.Results;
using Microsoft.Playwright;
using Interphase.Tests.Support;

namespace Interphase.Tests.Reports;

public class HtmlReportTests
{
    private static readonly string Page = HtmlReport.Text(DemoReport.Create());

    private static string WithoutScripts(string html) => Regex.Replace(html, "<script[^>]*>.*?</script>|<style>.*?</style>", "", RegexOptions.Singleline);

    [Fact]
    public void Ids_are_unique_and_every_reference_within_the_page_has_its_target()
    {
        var html = WithoutScripts(Page);
        var ids = Regex.Matches(html, "\\sid=\"([^\"]+)\"").Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        foreach (Match m in Regex.Matches(html, "(?:href=\"#|aria-describedby=\"|url\\(#)([^\")]+)")) { Assert.Contains(m.Groups[1].Value, ids); }
        foreach (Match m in Regex.Matches(html, "aria-labelledby=\"([^\"]+)\"")) { Assert.All(m.Groups[1].Value.Split(' '), id => Assert.Contains(id, ids)); }
    }

    [Fact]
    public void Nothing_is_fetched_from_anywhere()
    {
        var html = WithoutScripts(Page);
        Assert.DoesNotMatch("<(link|iframe|object|embed)\\b", html);
        Assert.All(Regex.Matches(html, "(?:src|href)=\"([^\"]*)\"").Select(m => m.Groups[1].Value), v => Assert.True(v.StartsWith('#') || v.StartsWith("data:image/png;base64,", StringComparison.Ordinal), v));
        Assert.DoesNotMatch("<script[^>]*\\ssrc=", Page);
        Assert.Contains("default-src 'none'", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_stay_texts()
    {
        const string hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&";
        var figure = new Figure("f", hostile, hostile, [new(new(hostile), new(hostile), [new XY(hostile, [1, 2], [1, 2]) { PointText = [hostile, hostile] }, new XY("b", [1], [1])]) { Title = hostile, Annotations = [new Note(1, 1, hostile)] }]);
        var table = new Table("t", hostile, [new(hostile, hostile)], [[hostile], [Estimate.Withheld(hostile)]]) { Note = hostile };
        var html = HtmlReport.Text(new(hostile)
        {
            Subtitle = hostile, Facts = [new(hostile, hostile)],
            Sections = [new("s", hostile, [figure, table, new Paragraph(hostile), new Heading(hostile), new Findings([new("f", Severity.Note, hostile, [new(hostile, 1, hostile)])]), new Equation("x = 1") { Source = hostile, Where = [new("x", hostile)] }, new Methods([new Facts([new(hostile, hostile)])], hostile)]) { Intro = hostile }],
        });
        Assert.Equal(5, Regex.Count(html, "<script") - Regex.Count(Resource("plotly.js") + Resource("report.js"), "<script"));
        Assert.DoesNotContain("<img", WithoutScripts(html), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    private static string Resource(string name) => new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!).ReadToEnd();

    [Fact]
    public void Findings_alike_are_said_once_with_all_evidence_and_no_contradiction_is_folded_away()
    {
        Finding Of(Severity severity, string text, int i) => new("f" + i, severity, text, [new("path" + i, i, "V")]);
        var findings = Enumerable.Range(0, 12).Select(i => Of(Severity.Contradiction, "contradiction " + i, i))
            .Concat(Enumerable.Range(12, 5).Select(i => Of(Severity.Caution, "the same in every cell", i)));
        var html = WithoutScripts(HtmlReport.Text(new("r") { Sections = [new("s", "S", [new Findings([.. findings])])] }));
        var folded = html.IndexOf("1 more findings", StringComparison.Ordinal);
        Assert.True(html.IndexOf("contradiction 11", StringComparison.Ordinal) < folded);
        Assert.True(html.IndexOf("the same in every cell", StringComparison.Ordinal) > folded);
        Assert.Equal(1, Regex.Count(html, "the same in every cell"));
        Assert.All(Enumerable.Range(0, 17), i => Assert.Contains($"<code>path{i}</code>", html, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_blocks_with_one_id_are_refused() =>
        Assert.Throws<ArgumentException>(() => HtmlReport.Text(new("r") { Sections = [new("s", "S", [DemoReport.Cycles(), DemoReport.Cycles()])] }));

    [Fact]
    public void Withheld_numbers_say_why_in_the_text()
    {
        var html = WithoutScripts(Page);
        Assert.Contains("withheld<sup>1</sup>", html, StringComparison.Ordinal);
        Assert.Matches("<li id=\"tab-comparison-reason1\">Dτ/R² exceeds", html);
    }

    [Fact]
    public void Tables_have_headers_with_scope_and_captions()
    {
        var html = WithoutScripts(Page);
        Assert.DoesNotMatch("<th(?![^>]*scope=)[ >]", html);
        Assert.Equal(Regex.Count(html, "class=\"table\""), Regex.Count(html, "<caption"));
    }

    [Fact]
    public void Plot_data_is_json_with_equal_axes_logarithms_and_a_second_scale()
    {
        using var nyquist = JsonDocument.Parse(PlotlyWriter.Json(DemoReport.Nyquist()));
        Assert.Equal("x", nyquist.RootElement[0].GetProperty("layout").GetProperty("yaxis").GetProperty("scaleanchor").GetString());
        var frequency = nyquist.RootElement[1].GetProperty("layout").GetProperty("xaxis");
        Assert.Equal("log", frequency.GetProperty("type").GetString());
        Assert.True(frequency.GetProperty("range")[0].GetDouble() > frequency.GetProperty("range")[1].GetDouble());
        using var voltage = JsonDocument.Parse(PlotlyWriter.Json(DemoReport.Voltage()));
        var layout = voltage.RootElement[0].GetProperty("layout");
        Assert.Equal(layout.GetProperty("yaxis").GetProperty("range")[1].GetDouble() + 0.62, layout.GetProperty("yaxis2").GetProperty("range")[1].GetDouble(), 1e-6);
        var drawn = voltage.RootElement[0].GetProperty("data")[0].GetProperty("x").GetArrayLength();
        Assert.InRange(drawn, 500, PlotlyWriter.MostPoints);
    }

    [Fact]
    public void Equations_become_MathML_and_unknown_words_are_errors()
    {
        Assert.Contains("<mfrac><mn>4</mn><mrow><mi>π</mi><mi>τ</mi></mrow></mfrac>", MathText.MathMl(@"\frac4{\pi\tau}"), StringComparison.Ordinal);
        Assert.Contains("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", MathText.MathMl("x_i^2"), StringComparison.Ordinal);
        Assert.Contains("<mo>&lt;</mo>", MathText.MathMl("a < b"), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => MathText.MathMl(@"\unknown"));
        Assert.Throws<FormatException>(() => MathText.MathMl(@"\frac{1}{2"));
        Assert.Throws<FormatException>(() => MathText.MathMl(@"\left( a"));
        Assert.Throws<FormatException>(() => MathText.MathMl("x_"));
    }

    [NeedsBrowserFact]
    public async Task The_page_draws_offline_without_complaint_and_is_read_by_keyboard_on_a_phone_and_on_paper()
    {
        var folder = SampleData.TemporaryFolder();
        var path = Path.Combine(folder, "report.html");
        HtmlReport.Write(DemoReport.Create(), path);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = NeedsBrowserFactAttribute.Browser,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var context = await browser.NewContextAsync(new() { Offline = true, ViewportSize = new() { Width = 390, Height = 800 }, ColorScheme = ColorScheme.Dark });
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, m) => { if (m.Type is "error" or "warning") { complaints.Add(m.Text); } };
        page.PageError += (_, e) => complaints.Add(e);
        page.Request += (_, r) => { if (r.Url != new Uri(path).AbsoluteUri && !r.Url.StartsWith("data:", StringComparison.Ordinal) && !r.Url.StartsWith("blob:", StringComparison.Ordinal)) { complaints.Add(r.Url); } };
        await page.GotoAsync(new Uri(path).AbsoluteUri);

        // every figure is drawn when it is reached, each plot has a name, and nothing is wider than the phone
        var figures = await page.Locator("figure").CountAsync();
        for (var i = 0; i < figures; i++)
        {
            var figure = page.Locator("figure").Nth(i);
            await figure.ScrollIntoViewIfNeededAsync();
            await figure.Locator(".plot .main-svg").First.WaitForAsync();
        }
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('.plot')].every(p => p.getAttribute('role') === 'img' && p.getAttribute('aria-label').length > 20)"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        var ratio = await page.EvaluateAsync<double>("(() => { const l = document.querySelector('#fig-nyquist .plot')._fullLayout; const unit = a => a._length / Math.abs(a.range[1] - a.range[0]); return unit(l.xaxis) / unit(l.yaxis); })()");
        Assert.Equal(1, ratio, 0.001);

        // keyboard: the first stop skips to the report; contents and scrolling tables are reached
        await page.EvaluateAsync("scrollTo(0, 0); document.activeElement.blur()");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("#main", await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        var reached = new HashSet<string>();
        for (var i = 0; i < 25; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("(document.activeElement.closest('nav') ? 'contents' : document.activeElement.className || document.activeElement.tagName)"));
        }
        Assert.Contains("contents", reached);
        Assert.Contains("scroll", reached);
        Assert.Contains("withheld", reached);
        Assert.Contains("sort", reached);

        // sorting, theme, paper
        await page.Locator("#tab-comparison th button.sort").Nth(2).ClickAsync();
        Assert.StartsWith("LNTO-450", await page.Locator("#tab-comparison tbody tr").First.InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("#theme").ClickAsync();
        Assert.Equal("light", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.True(await page.Locator("#fig-nyquist .static svg").IsVisibleAsync());
        Assert.False(await page.Locator("#fig-nyquist .plots").IsVisibleAsync());
        Assert.True(await page.Locator("#tab-comparison thead").GetByText("Interface resistance").IsVisibleAsync());
        Assert.Empty(complaints);
        await context.CloseAsync();
        Directory.Delete(folder, recursive: true);
    }
}
