using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Interphase.Files;

namespace Interphase.Reports;

/// <summary>
/// A report as one HTML file that opens from disk without a network: figures drawn by an embedded script, each with its printed form
/// beneath, which is shown on paper and where scripts do not run.
/// </summary>
public static class HtmlReport
{
    private static readonly JsonSerializerOptions InPage = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes the page.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">Two sections, figures or tables have one id, or an id is no name.</exception>
    public static void Write(Report report, string path) => AtomicFile.WriteText(path, Text(report));

    /// <summary>The page.</summary>
    /// <exception cref="ArgumentException">As <see cref="Write"/>.</exception>
    public static string Text(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var sections = report.Overview.Count > 0 ? [new Section("overview", "Overview", report.Overview), .. report.Sections] : report.Sections;
        var blocks = new HtmlBlocks();
        var body = new StringBuilder();
        foreach (var section in sections)
        {
            var id = blocks.Unique("s-" + section.Id);
            body.Append($"<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{RichText.Html(section.Title)}</h2>\n");
            if (section.Intro.Length > 0) { body.Append($"<p class=\"intro\">{RichText.Html(section.Intro)}</p>\n"); }
            foreach (var block in section.Blocks) { blocks.Write(body, block); }
            body.Append("</section>\n");
        }
        var html = new StringBuilder();
        html.Append($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:">
            <title>{RichText.Escape(RichText.Plain(report.Title))}</title>
            <style>{Asset("report.css")}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>
            <header class="page-head">
            <div class="head-line"><h1>{RichText.Html(report.Title)}</h1>
            <button type="button" id="theme" hidden aria-label="Switch between light and dark"><span aria-hidden="true">◐</span></button></div>

            """);
        if (report.Subtitle.Length > 0) { html.Append($"<p class=\"subtitle\">{RichText.Html(report.Subtitle)}</p>\n"); }
        if (report.Facts.Count > 0) { HtmlBlocks.Facts(html, report.Facts, "provenance"); }
        html.Append("</header>\n<div class=\"columns\">\n<nav class=\"contents\" aria-label=\"Contents\"><details open><summary>Contents</summary><ol>\n");
        foreach (var section in sections) { html.Append($"<li><a href=\"#s-{Slug.Check(section.Id)}\">{RichText.Html(section.Title)}</a></li>\n"); }
        html.Append("</ol></details></nav>\n<main id=\"main\" tabindex=\"-1\">\n").Append(body).Append("</main>\n</div>\n");
        html.Append("<p id=\"said\" role=\"status\" class=\"hidden\"></p>\n");
        html.Append($"<script type=\"application/json\" id=\"figures\">{{{string.Join(",\n", blocks.Figures.Select(f => $"\"{f.Id}\":{PlotlyWriter.Json(f)}"))}}}</script>\n");
        html.Append($"<script type=\"application/json\" id=\"tables\">{JsonSerializer.Serialize(blocks.Tables.ToDictionary(t => t.Id, CsvTable.Text), InPage)}</script>\n");
        html.Append($"<script type=\"application/json\" id=\"colours\">{JsonSerializer.Serialize(Colours(), InPage)}</script>\n");
        if (blocks.Figures.Count > 0) { html.Append($"<script>{Asset("plotly.js")}</script>\n"); }
        html.Append($"<script>{Asset("report.js")}</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static object Colours() => new
    {
        light = new { text = Palette.LightText, page = Palette.LightPage, grid = "#e4e7ec", places = Palette.Light, ramp = Palette.LightRamp },
        dark = new { text = Palette.DarkText, page = Palette.DarkPage, grid = "#2c3440", places = Palette.Dark, ramp = Palette.DarkRamp },
    };

    private static string Asset(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
