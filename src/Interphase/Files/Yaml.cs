using System.Globalization;
using Interphase.Units;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Interphase.Files;

/// <summary>
/// A place in a YAML file, read strictly: every error names file, line, column and key path; a key is asked for or it is an error.
/// JSON is YAML, so JSON files read the same way.
/// </summary>
public sealed class Yaml
{
    private const int LargestFile = 16 << 20;
    private const int DeepestNesting = 64;
    private readonly YamlNode node;
    private readonly string file;
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    private Yaml(YamlNode node, string file, string path)
    {
        this.node = node;
        this.file = file;
        Path = path;
    }

    /// <summary>Keys from the root joined by dots, list positions in brackets; empty at the root.</summary>
    public string Path { get; }

    /// <summary>File, line, column and key path of this node, for an error.</summary>
    public string Where => $"{file}:{node.Start.Line.ToString(CultureInfo.InvariantCulture)}:{node.Start.Column.ToString(CultureInfo.InvariantCulture)}" + (Path.Length > 0 ? $", {Path}" : "");

    /// <summary>True for a mapping.</summary>
    public bool IsMap => node is YamlMappingNode;

    /// <summary>True for a sequence.</summary>
    public bool IsList => node is YamlSequenceNode;

    /// <summary>True for a single value.</summary>
    public bool IsText => node is YamlScalarNode;

    /// <summary>True where the value is left out or <c>null</c>.</summary>
    public bool IsEmpty => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, is no YAML, has a duplicate key, or holds several documents.</exception>
    public static Yaml Load(string path)
    {
        try
        {
            if (Directory.Exists(path)) { throw new InputException("this is a folder", path, "name the file in it"); }
            if (new FileInfo(path).Length > LargestFile) { throw new InputException("the file is far too large for a description", path, "name the YAML file, not a data file"); }
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("the file cannot be read", path, File.Exists(path) ? $"check its permissions ({e.Message})" : "check the name; no such file exists", e);
        }
    }

    /// <summary>Reads text; <paramref name="name"/> stands for the file in errors.</summary>
    /// <exception cref="InputException">As <see cref="Load"/>.</exception>
    public static Yaml Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0', StringComparison.Ordinal)) { throw new InputException("the file is binary", name, "name a YAML text file"); }
        CheckNesting(text, name);
        try
        {
            var stream = new YamlStream();
            stream.Load(new MergingParser(new Parser(new StringReader(text))));
            return stream.Documents.Count switch
            {
                0 => throw new InputException("the file is empty", name, "write the description; 'interphase study new' makes one to start from"),
                1 => new Yaml(stream.Documents[0].RootNode, name, ""),
                _ => throw new InputException("the file holds several YAML documents", name, "keep one; remove the '---' lines"),
            };
        }
        catch (InvalidOperationException e)
        {
            throw new InputException("this is not YAML (keys, anchors or aliases do not fit together)", name, "check the characters & and * and the brackets; quote text that holds them", e);
        }
        catch (YamlException e)
        {
            var at = $"{name}:{e.Start.Line.ToString(CultureInfo.InvariantCulture)}:{e.Start.Column.ToString(CultureInfo.InvariantCulture)}";
            var message = (e.InnerException?.Message ?? e.Message).TrimEnd('.');
            throw message.Contains("uplicate", StringComparison.Ordinal)
                ? new InputException($"a key stands twice ({message})", at, "keep one of them", e)
                : new InputException($"this is not YAML ({message})", at, "check indentation, colons and quotes there", e);
        }
    }

    /// <summary>The value as text.</summary>
    /// <exception cref="InputException">A mapping or list stands here, or nothing.</exception>
    public string Text() => node is YamlScalarNode { Value: { Length: > 0 } v } && !IsEmpty ? v
        : throw Error(IsEmpty ? "a value is missing" : "a single value is expected", "write text after the colon");

    /// <summary>The value as a quantity of the dimension of <paramref name="unit"/>.</summary>
    /// <exception cref="InputException">It is no such quantity.</exception>
    public Quantity Quantity(string unit)
    {
        try { return Units.Quantity.Parse(Text(), unit); }
        catch (InputException e) when (!e.Where.Contains(file, StringComparison.Ordinal)) { throw e.At(Where); }
    }

    /// <summary>The value as a number without unit.</summary>
    /// <exception cref="InputException">It is no number.</exception>
    public double Number() => double.TryParse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v
        : throw Error($"'{Text()}' is not a number", "write a number with a decimal point and no unit");

    /// <summary>The value as an integer.</summary>
    /// <exception cref="InputException">It is no integer.</exception>
    public int Integer() => int.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v
        : throw Error($"'{Text()}' is not a whole number", "write a whole number");

    /// <summary>The value as true or false.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public bool Boolean() => Text() switch { "true" => true, "false" => false, _ => throw Error($"'{Text()}' is neither true nor false", "write true or false") };

    /// <summary>One of the given words.</summary>
    /// <exception cref="InputException">It is none of them.</exception>
    public string OneOf(params string[] words) => words.Contains(Text(), StringComparer.Ordinal) ? Text()
        : throw Error($"'{Text()}' is not allowed here", NearestName.Suggest(Text(), words));

    /// <summary>The entries of a list.</summary>
    /// <exception cref="InputException">No list stands here.</exception>
    public IReadOnlyList<Yaml> List() => node is YamlSequenceNode s
        ? [.. s.Children.Select((c, i) => new Yaml(c, file, $"{Path}[{i.ToString(CultureInfo.InvariantCulture)}]"))]
        : throw Error("a list is expected", "write entries that begin with '-', or [a, b]");

    /// <summary>The keys of a mapping, in the order of the file.</summary>
    /// <exception cref="InputException">No mapping stands here.</exception>
    public IReadOnlyList<string> Keys() => node is YamlMappingNode m
        ? [.. m.Children.Keys.Select(k => k is YamlScalarNode { Value: { } v } ? v : throw Error("a key is not a word", "write 'key: value'"))]
        : throw Error("keys with values are expected", "write 'key: value' lines, or { key: value }");

    /// <summary>The node under a key, or null where the key is absent or empty. Asking makes the key a known one.</summary>
    public Yaml? Optional(string key)
    {
        asked.Add(key);
        if (node is not YamlMappingNode m) { _ = Keys(); return null; }
        var found = m.Children.FirstOrDefault(c => c.Key is YamlScalarNode k && k.Value == key).Value;
        if (found is null) { return null; }
        var child = new Yaml(found, file, Path.Length == 0 ? key : $"{Path}.{key}");
        return child.IsEmpty ? null : child;
    }

    /// <summary>The node under a key that must be there.</summary>
    /// <exception cref="InputException">The key is missing or empty.</exception>
    public Yaml Required(string key) => Optional(key) ?? throw Error($"'{key}' is missing", $"add '{key}:' here");

    /// <summary>To be called when every known key has been asked for: any other key is an error with the nearest names.</summary>
    /// <exception cref="InputException">Keys nobody asked for.</exception>
    public void Close()
    {
        foreach (var key in Keys())
        {
            if (asked.Contains(key)) { continue; }
            var at = ((YamlMappingNode)node).Children.Keys.First(k => k is YamlScalarNode s && s.Value == key);
            var where = $"{file}:{at.Start.Line.ToString(CultureInfo.InvariantCulture)}:{at.Start.Column.ToString(CultureInfo.InvariantCulture)}" + (Path.Length > 0 ? $", {Path}" : "");
            throw new InputException($"'{key}' is not a key here", where, NearestName.Suggest(key, asked));
        }
    }

    /// <summary>An error at this node.</summary>
    public InputException Error(string what, string mend) => new(what, Where, mend);

    /// <summary>Deep nesting would exhaust the parser's stack; refuse it before parsing.</summary>
    private static void CheckNesting(string text, string name)
    {
        var depth = 0;
        var line = 1;
        var indent = 0;
        var atStart = true;
        foreach (var c in text)
        {
            if (c == '\n') { line++; indent = 0; atStart = true; continue; }
            if (atStart && c is ' ' or '-') { indent++; } else { atStart = false; }
            if (c is '[' or '{') { depth++; } else if (c is ']' or '}') { depth = Math.Max(0, depth - 1); }
            if (depth > DeepestNesting || (atStart && indent > 8 * DeepestNesting))
            {
                throw new InputException("the nesting is too deep", $"{name}:{line.ToString(CultureInfo.InvariantCulture)}", "check the brackets and the indentation");
            }
        }
    }
}
