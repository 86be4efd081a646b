using System.Globalization;
using System.Text;
using Interphase.Results;

namespace Interphase.Reports;

/// <summary>The pieces of a report as HTML; remembers the figures and tables it wrote and the ids that are taken.</summary>
internal sealed class HtmlBlocks
{
    private const int MostOpen = 8;
    private readonly HashSet<string> ids = new(StringComparer.OrdinalIgnoreCase);

    internal List<Figure> Figures { get; } = [];

    internal List<Table> Tables { get; } = [];

    internal string Unique(string id) => ids.Add(Slug.Check(id)) ? id : throw new ArgumentException($"the id '{id}' is used twice in the report");

    internal void Write(StringBuilder html, Block block)
    {
        switch (block)
        {
            case FigureBlock b: Figure(html, b.Figure); break;
            case TableBlock b: Table(html, b.Table); break;
            case Paragraph b: html.Append($"<p>{RichText.Html(b.Text)}</p>\n"); break;
            case Heading b: html.Append($"<h3>{RichText.Html(b.Text)}</h3>\n"); break;
            case Facts b: Facts(html, b.Items, "facts"); break;
            case Equation b: Equation(html, b); break;
            case Findings b: Findings(html, b.Items); break;
            case Methods b:
                html.Append($"<details class=\"methods\"><summary>{RichText.Html(b.Title)}</summary>\n<div>\n");
                foreach (var inner in b.Blocks) { Write(html, inner); }
                html.Append("</div></details>\n");
                break;
            default: throw new ArgumentException($"a report cannot hold {block.GetType().Name}");
        }
    }

    internal static void Facts(StringBuilder html, IReadOnlyList<Fact> facts, string kind)
    {
        html.Append($"<dl class=\"{kind}\">\n");
        foreach (var fact in facts) { html.Append($"<div><dt>{RichText.Html(fact.Name)}</dt><dd>{RichText.Html(fact.Text)}</dd></div>\n"); }
        html.Append("</dl>\n");
    }

    private static void Equation(StringBuilder html, Equation equation)
    {
        html.Append($"<div class=\"equation\" tabindex=\"0\" role=\"group\" aria-label=\"Equation\">{MathText.MathMl(equation.Tex, display: true)}{(equation.Source.Length > 0 ? $"<p class=\"source\">{RichText.Html(equation.Source)}</p>" : "")}</div>\n");
        if (equation.Where.Count == 0) { return; }
        html.Append("<dl class=\"where\">\n");
        foreach (var fact in equation.Where) { html.Append($"<div><dt>{MathText.MathMl(fact.Name)}</dt><dd>{RichText.Html(fact.Text)}</dd></div>\n"); }
        html.Append("</dl>\n");
    }

    private static void Findings(StringBuilder html, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            html.Append("<p class=\"none\">Nothing was withheld, and no two techniques disagree.</p>\n");
            return;
        }
        // What several cells have in common is said once; what weighs least is folded away when there is much.
        var groups = findings.GroupBy(f => (f.Severity, f.Text)).OrderByDescending(g => g.Key.Severity).ToArray();
        var open = Math.Max(groups.Count(g => g.Key.Severity == Severity.Contradiction), groups.Length <= MostOpen + 2 ? groups.Length : MostOpen);
        html.Append("<ul class=\"findings\">\n");
        foreach (var group in groups.Take(open)) { Finding(html, group.Key.Severity, group.Key.Text, [.. group]); }
        html.Append("</ul>\n");
        if (open == groups.Length) { return; }
        html.Append($"<details class=\"more\"><summary>{(groups.Length - open).ToString(CultureInfo.InvariantCulture)} more findings</summary>\n<ul class=\"findings\">\n");
        foreach (var group in groups.Skip(open)) { Finding(html, group.Key.Severity, group.Key.Text, [.. group]); }
        html.Append("</ul>\n</details>\n");
    }

    private static void Finding(StringBuilder html, Severity severity, string text, IReadOnlyList<Finding> alike)
    {
        var word = severity switch { Severity.Contradiction => "Contradiction", Severity.Caution => "Caution", _ => "Note" };
        var times = alike.Count > 1 ? $" <span class=\"times\">({alike.Count.ToString(CultureInfo.InvariantCulture)} times)</span>" : "";
        html.Append($"<li class=\"{word.ToLowerInvariant()}\"><p><strong class=\"severity\">{word}</strong> {RichText.Html(text)}{times}</p>\n");
        var evidence = alike.SelectMany(f => f.Evidence).ToArray();
        if (evidence.Length > 0)
        {
            html.Append("<details><summary>Evidence</summary><dl class=\"evidence\">\n");
            foreach (var e in evidence)
            {
                html.Append($"<div><dt><code>{RichText.Escape(e.Path)}</code></dt><dd>{RichText.Escape($"{NumberText.Print(e.Value)} {UnitText.Print(e.Unit)}".TrimEnd())}</dd></div>\n");
            }
            html.Append("</dl></details>\n");
        }
        html.Append("</li>\n");
    }

    private void Figure(StringBuilder html, Figure figure)
    {
        var id = Unique("fig-" + figure.Id);
        Figures.Add(figure);
        var number = Figures.Count.ToString(CultureInfo.InvariantCulture);
        html.Append($"<figure id=\"{id}\" data-figure=\"{figure.Id}\" aria-labelledby=\"{id}-title\">\n");
        html.Append($"<div class=\"plots\" style=\"--panels:{Math.Clamp(figure.Columns, 1, 4).ToString(CultureInfo.InvariantCulture)}\" hidden></div>\n");
        html.Append($"<div class=\"static\">{SvgWriter.Text(figure)}</div>\n");
        html.Append($"<figcaption><p id=\"{id}-title\"><strong>Figure {number}.</strong> {RichText.Html(figure.Title)}</p><p>{RichText.Html(figure.Caption)}</p>\n");
        html.Append($"<div class=\"tools\"><details><summary>What it shows, in numbers</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Data of figure {number}\"><table class=\"summary\"><thead><tr><th scope=\"col\">Series</th><th scope=\"col\">Points</th><th scope=\"col\">Across</th><th scope=\"col\">Upwards</th></tr></thead><tbody>\n");
        foreach (var panel in figure.Panels)
        {
            html.Append($"<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"4\">{(panel.Title.Length > 0 ? RichText.Html(panel.Title) + ": " : "")}{RichText.Html(panel.Y.Label)} against {RichText.Html(panel.X.Label)}</th></tr>\n");
            foreach (var (name, points, x, y) in FigureSummary.Rows(panel))
            {
                html.Append($"<tr><th scope=\"row\">{RichText.Escape(name)}</th><td>{points.ToString(CultureInfo.InvariantCulture)}</td><td>{RichText.Escape(x)}</td><td>{RichText.Escape(y)}</td></tr>\n");
            }
        }
        html.Append($"</tbody></table></div></details><button type=\"button\" class=\"svg\" hidden aria-label=\"Download figure {number} as SVG\">SVG</button></div>\n</figcaption>\n</figure>\n");
    }

    private void Table(StringBuilder html, Table table)
    {
        var id = Unique("tab-" + table.Id);
        Tables.Add(table);
        var number = Tables.Count.ToString(CultureInfo.InvariantCulture);
        var shown = Enumerable.Range(0, table.Columns.Count).Where(c => !table.Columns[c].FileOnly).ToArray();
        var reasons = new List<string>();
        html.Append($"<div class=\"table\" id=\"{id}\" data-table=\"{table.Id}\">\n<div class=\"scroll{(table.Rows.Count > 20 ? " long" : "")}\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{id}-title\">\n<table>\n<caption id=\"{id}-title\"><strong>Table {number}.</strong> {RichText.Html(table.Title)}</caption>\n<thead><tr>");
        foreach (var c in shown)
        {
            var column = table.Columns[c];
            var text = table.Rows.All(r => r[c].Text is not null);
            html.Append($"<th scope=\"col\"{(text || c == shown[0] ? " class=\"text\"" : "")}><span>{RichText.Html(column.Header)}</span>{(column.Unit.Length > 0 ? $"<span class=\"unit\">{RichText.Escape(UnitText.Print(column.Unit))}</span>" : "")}</th>");
        }
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            foreach (var c in shown)
            {
                var cell = row[c];
                var (open, close) = c == shown[0] ? ("th scope=\"row\"", "th") : ("td", "td");
                var kind = cell.Text is null ? "" : cell.Text.Length > 40 && c != shown[0] ? " class=\"long-text\"" : " class=\"text\"";
                var key = cell.Text is null && cell.Number.HasValue ? $" data-key=\"{cell.Number.Value.ToString("R", CultureInfo.InvariantCulture)}\"" : "";
                html.Append($"<{open}{kind}{key}>{Cell(cell, table.Columns[c], id, reasons)}</{close}>");
            }
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table>\n</div>\n");
        if (table.Note.Length > 0) { html.Append($"<p class=\"note\">{RichText.Html(table.Note)}</p>\n"); }
        if (reasons.Count > 0)
        {
            html.Append("<ol class=\"reasons\">\n");
            for (var i = 0; i < reasons.Count; i++) { html.Append($"<li id=\"{id}-reason{(i + 1).ToString(CultureInfo.InvariantCulture)}\">{RichText.Html(reasons[i])}</li>\n"); }
            html.Append("</ol>\n");
        }
        html.Append($"<div class=\"tools\" hidden><button type=\"button\" class=\"copy\" aria-label=\"Copy table {number}\">Copy</button><button type=\"button\" class=\"csv\" aria-label=\"Download table {number} as CSV\">CSV</button></div>\n</div>\n");
    }

    /// <summary>A number as people read it; a reason is one number away, beneath the table, and at hand when pointed at or reached by keyboard.</summary>
    private static string Cell(Cell cell, TableColumn column, string id, List<string> reasons)
    {
        if (cell.Text is { } text) { return RichText.Html(text); }
        var printed = RichText.Escape(NumberText.Print(cell.Number, column.Digits));
        if (cell.Number.Reason is not { } reason)
        {
            return double.IsFinite(cell.Number.Lower95) && double.IsFinite(cell.Number.Upper95) && cell.Number.HasValue
                ? $"<span title=\"95 %: {RichText.Escape(NumberText.Print(cell.Number.Lower95))} to {RichText.Escape(NumberText.Print(cell.Number.Upper95))}\">{printed}</span>" : printed;
        }
        var index = reasons.IndexOf(reason);
        if (index < 0) { index = reasons.Count; reasons.Add(reason); }
        var n = (index + 1).ToString(CultureInfo.InvariantCulture);
        var plain = RichText.Escape(RichText.Plain(reason));
        return $"<a class=\"{(cell.Number.HasValue ? "doubt" : "withheld")}\" href=\"#{id}-reason{n}\" data-reason=\"{plain}\" aria-describedby=\"{id}-reason{n}\">{printed}<sup>{n}</sup></a>";
    }
}
