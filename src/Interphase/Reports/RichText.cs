using System.Text;

namespace Interphase.Reports;

/// <summary>Text with <c>_{…}</c> lowered and <c>^{…}</c> raised; all else is literal. A brace that never closes is literal too.</summary>
internal static class RichText
{
    internal enum Level { Normal, Lowered, Raised }

    internal static IReadOnlyList<(string Text, Level Level)> Runs(string text)
    {
        var runs = new List<(string, Level)>();
        var start = 0;
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] is not ('_' or '^') || text[i + 1] != '{') { continue; }
            var end = text.IndexOf('}', i + 2);
            if (end < 0) { break; }
            if (i > start) { runs.Add((text[start..i], Level.Normal)); }
            runs.Add((text[(i + 2)..end], text[i] == '_' ? Level.Lowered : Level.Raised));
            start = end + 1;
            i = end;
        }
        if (start < text.Length) { runs.Add((text[start..], Level.Normal)); }
        return runs;
    }

    /// <summary>For HTML and for Plotly, which understands the same two elements.</summary>
    internal static string Html(string text)
    {
        var html = new StringBuilder();
        foreach (var (run, level) in Runs(text))
        {
            var safe = Escape(run);
            html.Append(level switch
            {
                Level.Lowered => $"<sub>{safe}</sub>",
                Level.Raised => $"<sup>{safe}</sup>",
                _ => safe,
            });
        }
        return html.ToString();
    }

    /// <summary>Without marks: for names, descriptions, csv headers.</summary>
    internal static string Plain(string text) => string.Concat(Runs(text).Select(r => r.Level == Level.Lowered ? "_" + r.Text : r.Level == Level.Raised ? "^" + r.Text : r.Text));

    /// <summary>Literal text for HTML or XML; characters XML cannot hold become U+FFFD.</summary>
    internal static string Escape(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var v = rune.Value;
            if (v is '\t' or '\n' or '\r' or (>= 0x20 and < 0x7f) or (>= 0xa0 and <= 0xfffd) or >= 0x10000) { clean.Append(rune.ToString()); }
            else { clean.Append('\ufffd'); }
        }
        return clean.ToString().Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal);
    }
}
