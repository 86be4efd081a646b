using System.Globalization;

namespace Interphase.Reports;

/// <summary>The range of an axis, and where its values stand on it. <c>From</c> and <c>To</c> are logarithms on a logarithmic axis.</summary>
internal readonly record struct AxisScale(double From, double To, bool Log, bool Reversed)
{
    /// <summary>No ticks between whole numbers.</summary>
    internal bool Whole { get; init; }

    /// <summary>Place of a value: 0 at the left or bottom end, 1 at the other; NaN for what cannot be drawn.</summary>
    internal double Place(double value)
    {
        var t = (Coordinate(value) - From) / (To - From);
        return Reversed ? 1 - t : t;
    }

    internal double Coordinate(double value) => !Log ? value : value > 0 ? Math.Log10(value) : double.NaN;

    /// <summary>The range of the values, widened a little, or as the axis says.</summary>
    internal static AxisScale Of(Axis axis, IEnumerable<double> values, double padding = 0.04)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var v in axis.FromZero && !axis.Log ? values.Append(0) : values)
        {
            var c = !axis.Log ? v : v > 0 ? Math.Log10(v) : double.NaN;
            if (!double.IsFinite(c)) { continue; }
            low = Math.Min(low, c);
            high = Math.Max(high, c);
        }
        if (axis.Categories is { } names) { (low, high, padding) = (-0.5, names.Count - 0.5, 0); }
        if (low > high) { (low, high) = (0, 1); }
        // Half a step either side of a single value, so that it stands in the middle of an honest axis.
        if (high - low <= 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)))
        {
            var half = axis.Log ? 0.5 : low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (low - half, high + half);
        }
        var pad = (high - low) * padding;
        var from = axis.FromZero && !axis.Log && low == 0 ? 0 : low - pad;
        var to = axis.FromZero && !axis.Log && high == 0 ? 0 : high + pad;
        double Fixed(double? end, double otherwise) => end is not { } e ? otherwise : !axis.Log ? e : e > 0 ? Math.Log10(e) : otherwise;
        (from, to) = (Fixed(axis.Min, from), Fixed(axis.Max, to));
        if (!(to > from)) { to = from + 1; }
        return new(from, to, axis.Log, axis.Reversed) { Whole = axis.Whole };
    }

    /// <summary>Another length: from the same zero where the axis begins there, else about the same middle.</summary>
    internal AxisScale Widened(double length) => From == 0 ? this with { To = length }
        : this with { From = ((From + To) / 2) - (length / 2), To = ((From + To) / 2) + (length / 2) };

    /// <summary>Labelled ticks and the small ones between them; about <paramref name="wanted"/> labels, and more where that would leave one, from which no length can be read.</summary>
    internal TickSet Ticks(double wanted) => Log ? LogTicks(wanted) : LinearTicks(wanted) is { Major.Count: > 1 } ticks ? ticks : LinearTicks(2 * wanted);

    private TickSet LinearTicks(double wanted)
    {
        var rough = (To - From) / Math.Max(wanted, 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var unit = rough / power;
        var (step, parts) = unit <= 1.0001 ? (power, 5) : unit <= 2.0001 ? (2 * power, 4) : unit <= 5.0001 ? (5 * power, 5) : (10 * power, 5);
        if (Whole && step < 5) { (step, parts) = (Math.Max(1, step), Math.Max(1, (int)step)); }
        var largest = Math.Max(Math.Abs(From), Math.Abs(To));
        var exponent = (int)Math.Floor(Math.Log10(largest));
        // Very large and very small numbers share one power of ten, which stands at the end of the axis.
        var shared = exponent is >= 5 or <= -4 ? exponent : 0;
        var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(step / Math.Pow(10, shared)) + 1e-9), 0, 12);
        var major = new List<(double, string)>();
        var minor = new List<double>();
        var small = step / parts;
        for (var k = (long)Math.Ceiling((From / small) - 1e-9); k * small <= To + (small * 1e-9); k++)
        {
            if (k % parts == 0) { major.Add((k * small, NumberText.Fixed(k * small / Math.Pow(10, shared), decimals))); }
            else { minor.Add(k * small); }
        }
        return new(major, minor, shared);
    }

    private TickSet LogTicks(double wanted)
    {
        var major = new List<(double, string)>();
        var minor = new List<double>();
        var decades = To - From;
        var every = Math.Max(1, (int)Math.Ceiling(decades / Math.Max(wanted, 1)));
        // Less than a decade may hold only one of 1, 2 and 5.
        var inside = decades < 0.75 ? (int[])[1, 2, 3, 4, 6, 8] : decades < 2 ? [1, 2, 5] : [1];
        for (var e = (int)Math.Floor(From); e <= (int)Math.Ceiling(To); e++)
        {
            for (var m = 1; m <= 9; m++)
            {
                var c = e + Math.Log10(m);
                if (c < From - 1e-9 || c > To + 1e-9) { continue; }
                var value = m * Math.Pow(10, e);
                if (inside.Contains(m) && (m > 1 || ((e % every) + every) % every == 0))
                {
                    var plain = decades < 4 && e is >= -2 and <= 4 && Math.Abs(To) < 5;
                    major.Add((value, plain ? value.ToString("0.####", CultureInfo.InvariantCulture)
                        : (m == 1 ? "" : $"{m.ToString(CultureInfo.InvariantCulture)}×") + "10" + UnitText.Superscript(e)));
                }
                else if (every == 1 || m == 1) { minor.Add(value); }
            }
        }
        return new(major, minor, 0);
    }
}

/// <summary>Ticks with labels, ticks without, and the power of ten that the labels share.</summary>
internal sealed record TickSet(IReadOnlyList<(double Value, string Label)> Major, IReadOnlyList<double> Minor, int Power);
