using System.Globalization;
using System.Text;

namespace Interphase.Reports;

/// <summary>Names of files and of places in the page.</summary>
public static class Slug
{
    /// <summary>Any text as a name: <c>LNTO@NMC 450 °C</c> → <c>lnto-nmc-450-c</c>. Never empty.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slug = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormKD))
        {
            if (char.IsAsciiLetterOrDigit(c)) { slug.Append(char.ToLower(c, CultureInfo.InvariantCulture)); }
            else if (slug.Length > 0 && slug[^1] != '-') { slug.Append('-'); }
        }
        var name = slug.ToString().Trim('-');
        return name.Length == 0 ? "x" : name.Length > 80 ? name[..80].Trim('-') : name;
    }

    /// <summary>The name itself, if it is one.</summary>
    internal static string Check(string id) =>
        id.Length is > 0 and <= 120 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && id[0] != '.'
            ? id : throw new ArgumentException($"'{id}' is no name for a figure, table or section: letters, digits and hyphens only (Slug.Of makes one)");
}
