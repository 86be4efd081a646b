using System.IO.Enumeration;

namespace Interphase.Studies;

/// <summary>Finds the files a study names: a path or a glob (<c>raw/450/peis_*.mpr</c>), relative to the study file.</summary>
internal static class InputFiles
{
    /// <summary>The files of a path or glob, as they would be written in the study, in natural order.</summary>
    /// <exception cref="InputException">Nothing is there.</exception>
    public static IReadOnlyList<string> Find(string folder, string written)
    {
        if (!written.AsSpan().ContainsAny('*', '?'))
        {
            return File.Exists(Path.Combine(folder, written)) ? [written]
                : throw new InputException("there is no such file", written, $"check the name; it is looked for in {folder}");
        }
        var parts = written.Replace('\\', '/').Split('/');
        var rooted = Path.IsPathRooted(written);
        IEnumerable<string> found = [rooted ? Path.GetPathRoot(written)! : ""];
        for (var i = rooted ? 1 : 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var last = i == parts.Length - 1;
            found = part.AsSpan().ContainsAny('*', '?') ? [.. found.SelectMany(f => Match(folder, f, part, last))] : [.. found.Select(f => f.Length == 0 ? part : Path.Combine(f, part))];
        }
        var files = found.Where(f => File.Exists(Path.Combine(folder, f))).Select(f => f.Replace('\\', '/')).Order(NaturalOrder).ToArray();
        return files.Length > 0 ? files : throw new InputException("no file matches", written, $"check the pattern; it is looked for in {folder}");
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
