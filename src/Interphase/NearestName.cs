namespace Interphase;

/// <summary>Finds the names a person probably meant.</summary>
public static class NearestName
{
    /// <summary>A clause to end an error with: <c>did you mean 'thickness'?</c>, else the names that exist.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).ToArray();
        var near = names.Select(k => (k, d: Distance(name.ToUpperInvariant(), k.ToUpperInvariant())))
            .Where(p => p.d <= Math.Max(2, p.k.Length / 3)).OrderBy(p => p.d).ThenBy(p => p.k, StringComparer.Ordinal).Take(3).Select(p => $"'{p.k}'").ToArray();
        if (near.Length > 0) { return $"did you mean {string.Join(" or ", near)}?"; }
        return names.Length == 0 ? "nothing is allowed here" : $"known are {string.Join(", ", names.Order(StringComparer.Ordinal).Take(40))}";
    }

    /// <summary>Edit distance with transpositions (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) { d[i, 0] = i; }
        for (var j = 0; j <= b.Length; j++) { d[0, j] = j; }
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) { d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1); }
            }
        }
        return d[a.Length, b.Length];
    }
}
