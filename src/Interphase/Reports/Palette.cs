namespace Interphase.Reports;

/// <summary>
/// The colours of figures, by place. They stay apart for readers with red-green or blue-yellow blindness and reach a
/// contrast of 3 with the page in both themes; shape and dash say the same again.
/// </summary>
public static class Palette
{
    /// <summary>The place of what belongs to no sample: the colour of text.</summary>
    public const int Neutral = -1;

    /// <summary>Colours on a light page and in print.</summary>
    public static readonly string[] Light = ["#0072b2", "#c2500a", "#00805e", "#b0478f", "#8a6d00", "#3b3f9e", "#8c3b2e", "#4a7a94"];

    /// <summary>The same places on a dark page.</summary>
    public static readonly string[] Dark = ["#56b4e9", "#f08a4b", "#35c497", "#e58bc6", "#e0c040", "#9a9cf0", "#e08a7a", "#9cc3d6"];

    /// <summary>Colour of text and axes on a light page and in print.</summary>
    public const string LightText = "#1d2430";

    /// <summary>Colour of text and axes on a dark page.</summary>
    public const string DarkText = "#e6e9ef";

    /// <summary>The colour at a place; places past the end begin anew.</summary>
    public static string At(int place, bool dark = false)
    {
        var colours = dark ? Dark : Light;
        return place < 0 ? (dark ? DarkText : LightText) : colours[place % colours.Length];
    }

    /// <summary>The marker that goes with a place.</summary>
    public static Marker MarkerAt(int place) => place < 0 ? Marker.Circle : (Marker)(place % 6);
}
