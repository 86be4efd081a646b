namespace Interphase.Measurements;

/// <summary>A map's file as a person writes it: <c>Nb=raw/a.csv</c>, or the path alone where the file says its element.</summary>
/// <param name="Element">The symbol before <c>=</c>; null where none is written.</param>
/// <param name="Path">The file or pattern.</param>
public readonly record struct ElementFile(string? Element, string Path)
{
    /// <summary>
    /// Reads <c>Nb=FILE</c> or <c>FILE</c>. Only one to three letters before the first <c>=</c> are meant as an element; a file
    /// whose own name begins like that is written <c>./Nb=a.csv</c>.
    /// </summary>
    /// <exception cref="InputException">What stands before <c>=</c> is no symbol of an element, or nothing stands behind it.</exception>
    public static ElementFile Parse(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var equals = written.IndexOf('=', StringComparison.Ordinal);
        var before = equals < 0 ? "" : written[..equals].Trim();
        if (before.Length is < 1 or > 3 || !before.All(char.IsAsciiLetter)) { return new(null, written); }
        if (!IsSymbol(before)) { throw new InputException($"'{before}' is no symbol of an element", written, "write it as in Nb=FILE, capital first; a file of that name is written ./" + written); }
        var path = written[(equals + 1)..].Trim();
        return path.Length > 0 ? new(before, path) : throw new InputException($"no file stands behind '{before}='", written, $"write it as in {before}=FILE");
    }

    /// <summary>A capital, alone or with one small letter.</summary>
    internal static bool IsSymbol(string text) => text.Length is 1 or 2 && char.IsAsciiLetterUpper(text[0]) && (text.Length == 1 || char.IsAsciiLetterLower(text[1]));

    /// <summary>The measurement, which now says the element that was written before its file.</summary>
    public Measurement Name(Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        return Element is { } e ? measurement with { Metadata = [new(MetadataNames.Element, e), .. measurement.Metadata] } : measurement;
    }
}
