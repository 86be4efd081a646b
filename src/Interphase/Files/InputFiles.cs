using System.IO.Enumeration;

namespace Interphase.Files;

/// <summary>Finds files by a path or a pattern (<c>raw/450/peis_*.mpr</c>).</summary>
public static class InputFiles
{
    /// <summary>What is said of a path at which nothing is.</summary>
    public const string NoSuchFile = "there is no such file";

    /// <summary>The files of a path or pattern, written as it is, in natural order.</summary>
    /// <param name="folder">Where relative ones are looked for.</param>
    /// <param name="written">A path, in which <c>*</c> and <c>?</c> stand for any characters and any one.</param>
    /// <exception cref="InputException">Nothing is there.</exception>
    public static IReadOnlyList<string> Find(string folder, string written)
    {
        if (!IsPattern(written))
        {
            return File.Exists(Path.Combine(folder, written)) ? [written]
                : throw new InputException(NoSuchFile, written, $"check the name; it is looked for in {folder}");
        }
        var files = Matching(folder, written);
        return files.Count > 0 ? files : throw new InputException("no file matches", written, $"check the pattern; it is looked for in {folder}");
    }

    /// <summary>Whether a path holds <c>*</c> or <c>?</c>.</summary>
    public static bool IsPattern(string written) => written.AsSpan().ContainsAny('*', '?');

    /// <summary>The files that match a pattern, in natural order; none where nothing does.</summary>
    /// <param name="folder">Where relative ones are looked for.</param>
    /// <param name="pattern">The pattern.</param>
    public static IReadOnlyList<string> Matching(string folder, string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var parts = pattern.Replace('\\', '/').Split('/');
        var rooted = Path.IsPathRooted(pattern);
        IEnumerable<string> found = [rooted ? Path.GetPathRoot(pattern)! : ""];
        for (var i = rooted ? 1 : 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var last = i == parts.Length - 1;
            found = IsPattern(part) ? [.. found.SelectMany(f => Match(folder, f, part, last))] : [.. found.Select(f => f.Length == 0 ? part : Path.Combine(f, part))];
        }
        return [.. found.Where(f => File.Exists(Path.Combine(folder, f))).Select(f => f.Replace('\\', '/')).Order(NaturalOrder)];
    }

    /// <summary>Order in which <c>pulse_9</c> stands before <c>pulse_10</c>.</summary>
    public static readonly IComparer<string> NaturalOrder = Comparer<string>.Create(Compare);

    private static IEnumerable<string> Match(string folder, string inside, string pattern, bool files)
    {
        var at = new DirectoryInfo(Path.Combine(folder, inside.Length == 0 ? "." : inside));
        if (!at.Exists) { return []; }
        var entries = files ? at.EnumerateFiles().Select(f => f.Name) : at.EnumerateDirectories().Select(d => d.Name);
        return entries.Where(n => FileSystemName.MatchesSimpleExpression(pattern, n, ignoreCase: false)).Select(n => inside.Length == 0 ? n : $"{inside}/{n}");
    }

    private static int Compare(string? a, string? b)
    {
        a ??= "";
        b ??= "";
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                int si = i, sj = j;
                while (i < a.Length && char.IsAsciiDigit(a[i])) { i++; }
                while (j < b.Length && char.IsAsciiDigit(b[j])) { j++; }
                var x = a.AsSpan(si, i - si).TrimStart('0');
                var y = b.AsSpan(sj, j - sj).TrimStart('0');
                var c = x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.CompareTo(y, StringComparison.Ordinal);
                if (c != 0) { return c; }
            }
            else if (a[i] != b[j]) { return a[i].CompareTo(b[j]); }
            else { i++; j++; }
        }
        return (a.Length - i).CompareTo(b.Length - j);
    }
}
