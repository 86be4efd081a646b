namespace Interphase.Measurements;

/// <summary>When a measurement began. An instrument's clock is local; its time zone is known or marked unknown.</summary>
/// <param name="Clock">The clock's reading.</param>
/// <param name="UtcOffset">The zone; null when the file does not say it.</param>
public readonly record struct StartTime(DateTime Clock, TimeSpan? UtcOffset) : IComparable<StartTime>
{
    /// <summary>Order by clock; zones are applied where both are known.</summary>
    public int CompareTo(StartTime other) => UtcOffset is { } a && other.UtcOffset is { } b
        ? (Clock - a).CompareTo(other.Clock - b) : Clock.CompareTo(other.Clock);

    /// <summary>ISO 8601; with the zone, or without one where it is unknown.</summary>
    public override string ToString() => Clock.ToString("yyyy-MM-ddTHH:mm:ss.FFF", System.Globalization.CultureInfo.InvariantCulture)
        + (UtcOffset is { } o ? (o == TimeSpan.Zero ? "Z" : $"{(o < TimeSpan.Zero ? "-" : "+")}{o:hh\\:mm}") : "");

    /// <summary>Earlier.</summary>
    public static bool operator <(StartTime a, StartTime b) => a.CompareTo(b) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(StartTime a, StartTime b) => a.CompareTo(b) > 0;

    /// <summary>Earlier or equal.</summary>
    public static bool operator <=(StartTime a, StartTime b) => a.CompareTo(b) <= 0;

    /// <summary>Later or equal.</summary>
    public static bool operator >=(StartTime a, StartTime b) => a.CompareTo(b) >= 0;
}
