namespace Interphase.Reports;

/// <summary>
/// The colours of figures, by place. They stay apart for readers with red-green blindness and reach a
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

    /// <summary>The page in the light theme.</summary>
    public const string LightPage = "#ffffff";

    /// <summary>The page in the dark theme.</summary>
    public const string DarkPage = "#12161c";

    /// <summary>The colour at a place; places past the end begin anew.</summary>
    public static string At(int place, bool dark = false)
    {
        var colours = dark ? Dark : Light;
        return place < 0 ? (dark ? DarkText : LightText) : colours[place % colours.Length];
    }

    /// <summary>The marker that goes with a place.</summary>
    public static Marker MarkerAt(int place) => place < 0 ? Marker.Circle : (Marker)(place % 6);

    /// <summary>Early to late on a light page: dark to mid, each step at a contrast of 3 or more with the page.</summary>
    public static readonly string[] LightRamp = ["#2a1a6e", "#2f4fa8", "#12738c", "#3c7a3c", "#8a7400", "#b8620f"];

    /// <summary>Early to late on a dark page.</summary>
    public static readonly string[] DarkRamp = ["#8b8df5", "#5fb0f0", "#47cbc0", "#7fd66a", "#d8d448", "#ffb55a"];

    /// <summary>Low to high in heat maps, with lightness rising throughout; the same in both themes.</summary>
    public static readonly string[] HeatRamp = ["#00204c", "#213d6b", "#555b6c", "#7b7a77", "#a59c74", "#d3c064", "#ffe945"];

    /// <summary>A colour between early (0) and late (1).</summary>
    public static string Ramp(double t, bool dark = false)
    {
        var (r, g, b) = Between(dark ? DarkRamp : LightRamp, t);
        return $"#{r:x2}{g:x2}{b:x2}";
    }

    /// <summary>The colour at <paramref name="t"/> in 0…1 of a ramp.</summary>
    internal static (byte R, byte G, byte B) Between(string[] ramp, double t)
    {
        var place = Math.Clamp(double.IsFinite(t) ? t : 0, 0, 1) * (ramp.Length - 1);
        var i = Math.Min((int)place, ramp.Length - 2);
        var (a, b) = (Rgb(ramp[i]), Rgb(ramp[i + 1]));
        byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * (place - i)));
        return (Mix(a.R, b.R), Mix(a.G, b.G), Mix(a.B, b.B));
    }

    internal static (byte R, byte G, byte B) Rgb(string hex)
    {
        var n = Convert.ToInt32(hex[1..], 16);
        return ((byte)(n >> 16), (byte)(n >> 8), (byte)n);
    }
}
