using System.Globalization;
using Interphase.Files;

namespace Interphase.Simulation;

/// <summary>Reads protocols: one step a line, or steps parted by <c>;</c>, or a YAML list; <c>repeat N:</c> with an indented block.</summary>
public static class ProtocolText
{
    private const int LargestFile = 4 << 20;
    private const int DeepestNesting = 40;
    private const int LongestLine = 10_000;

    /// <summary>Reads a file if one has this name, else the text itself.</summary>
    /// <exception cref="InputException">A step is not understood; says line, column and the nearest word.</exception>
    public static Protocol Read(string fileOrText)
    {
        ArgumentNullException.ThrowIfNull(fileOrText);
        if (!File.Exists(fileOrText)) { return Parse(fileOrText, "protocol"); }
        try
        {
            if (new FileInfo(fileOrText).Length > LargestFile) { throw new InputException("the file is far too large for a protocol", fileOrText, "name the protocol, not a data file"); }
            return Parse(File.ReadAllText(fileOrText), fileOrText);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("the protocol cannot be read", fileOrText, "check its permissions", e);
        }
    }

    /// <summary>Reads text; <paramref name="name"/> stands for the file in errors, and relative profiles are found beside it.</summary>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static Protocol Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.TrimStart().StartsWith('[')) { return Parse(Yaml.Parse(text, name), name); }
        var lines = new List<Line>();
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var end = raw.IndexOf('#', StringComparison.Ordinal);
            var content = (end < 0 ? raw : raw[..end]).TrimEnd();
            var indent = content.Length - content.TrimStart().Length;
            if (content.Length == indent) { continue; }
            if (content.Length > LongestLine) { throw new InputException("the line is too long", $"{name}:{number}", "write one step a line"); }
            if (content[..indent].Contains('\t', StringComparison.Ordinal)) { throw new InputException("the line is indented by a tab", $"{name}:{number}:1", "indent with spaces"); }
            var start = indent;
            if (content[indent..].StartsWith("- ", StringComparison.Ordinal))
            {
                start = content.Length - content[(indent + 2)..].TrimStart().Length;
                if (content.Length - start >= 2 && content[start] is '"' or '\'' && content[^1] == content[start]) { content = content[..^1]; start++; }
            }
            lines.Add(new(content, indent, start, number));
        }
        if (lines.Count == 0) { throw Empty(name); }
        var at = 0;
        var items = Block(lines, ref at, lines[0].Indent, name, 0);
        return items.Count > 0 ? new(items) : throw Empty(name);
    }

    /// <summary>Reads a YAML list whose entries are steps or <c>repeat N: [ … ]</c>, or a single text.</summary>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static Protocol Parse(Yaml list, string name)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.IsText ? Parse(list.Text(), name) : Entries(list, name, 0) is { Count: > 0 } items ? new(items) : throw Empty(name);
    }

    private readonly record struct Line(string Text, int Indent, int Start, int Number);

    private static List<ProtocolItem> Entries(Yaml list, string name, int depth)
    {
        var items = new List<ProtocolItem>();
        if (depth > DeepestNesting) { throw list.Error("the repeats are nested too deeply", "simplify the protocol"); }
        foreach (var entry in list.List())
        {
            try
            {
                if (entry.IsText)
                {
                    items.AddRange(Parse(entry.Text(), name).Items);
                    continue;
                }
                var key = entry.Keys().Count == 1 ? entry.Keys()[0] : throw entry.Error("a step or one repeat is expected", "write 'repeat 3: [ … ]'");
                var repeat = new StepReader(key + ":", 0, 1, name).Repeat(out _);
                var inner = Entries(entry.Required(key), name, depth + 1);
                items.Add(inner.Count > 0 ? repeat with { Items = inner } : throw entry.Error("nothing is repeated", "write the steps as a list after the colon"));
            }
            catch (InputException e) when (!e.Where.Contains(entry.Where, StringComparison.Ordinal)) { throw e.At(entry.Where); }
        }
        return items;
    }

    private static List<ProtocolItem> Block(List<Line> lines, ref int at, int indent, string name, int depth)
    {
        var items = new List<ProtocolItem>();
        while (at < lines.Count && lines[at].Indent >= indent)
        {
            var line = lines[at];
            var where = $"{name}:{line.Number.ToString(CultureInfo.InvariantCulture)}:{(line.Indent + 1).ToString(CultureInfo.InvariantCulture)}";
            if (line.Indent > indent) { throw new InputException("the line is indented without a 'repeat' above it", where, "begin it below the line above"); }
            if (depth > DeepestNesting) { throw new InputException("the repeats are nested too deeply", where, "simplify the protocol"); }
            at++;
            Steps(line.Text, line.Start, line.Number, name, items, depth, out var open);
            if (open is null) { continue; }
            if (at == lines.Count || lines[at].Indent <= indent) { throw new InputException("nothing is repeated", where, "indent the steps below 'repeat'"); }
            var inner = Block(lines, ref at, lines[at].Indent, name, depth + 1);
            Fill(items, inner);
        }
        return items;
    }

    /// <summary>The steps of one line; <paramref name="open"/> is a repeat whose block follows on the next lines.</summary>
    private static void Steps(string text, int start, int line, string name, List<ProtocolItem> items, int depth, out Repeat? open)
    {
        open = null;
        while (start < text.Length)
        {
            if (depth > DeepestNesting) { throw new InputException("the repeats are nested too deeply", $"{name}:{line}", "simplify the protocol"); }
            while (start < text.Length && text[start] is ' ' or ';') { start++; }
            if (start == text.Length) { return; }
            if (StepReader.IsRepeat(text, start))
            {
                var repeat = new StepReader(text, start, line, name).Repeat(out var next);
                items.Add(repeat);
                if (text[next..].Trim().Length == 0) { open = repeat; return; }
                var inner = new List<ProtocolItem>();
                Steps(text, next, line, name, inner, depth + 1, out var innerOpen);
                if (innerOpen is not null) { throw new InputException("a repeat with an indented block cannot stand inside a line", $"{name}:{line}:{next + 1}", "put it on a line of its own"); }
                if (inner.Count == 0) { throw new InputException("nothing is repeated", $"{name}:{line}:{next + 1}", "write the steps after the colon, or indented below"); }
                items[^1] = repeat with { Items = inner };
                return;
            }
            var end = text.IndexOf(';', start);
            if (end < 0) { end = text.Length; }
            items.Add(new StepReader(text[..end], start, line, name).Step());
            start = end;
        }
    }

    private static InputException Empty(string name) => new("the protocol is empty", name, "write a step, as in 'Charge at C/10 until 3.8 V'");

    private static void Fill(List<ProtocolItem> items, List<ProtocolItem> inner) => items[^1] = (Repeat)items[^1] with { Items = inner };
}
