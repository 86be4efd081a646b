namespace Interphase.Results;

/// <summary>
/// A number with its uncertainty, in SI unless its owner says otherwise. A missing value or error is NaN here and
/// <c>null</c> in JSON, and <see cref="Reason"/> then says why.
/// </summary>
public readonly record struct Estimate(double Value, double StandardError, double Lower95, double Upper95, string? Reason = null)
{
    /// <summary>A value with a standard error; the interval is the normal one, ±1.96 s.e.</summary>
    public static Estimate Of(double value, double standardError) =>
        new(value, standardError, value - (1.959964 * standardError), value + (1.959964 * standardError));

    /// <summary>A value whose error is not known, with the reason.</summary>
    public static Estimate WithoutError(double value, string reason) => new(value, double.NaN, double.NaN, double.NaN, reason);

    /// <summary>A number that cannot be given, with the reason.</summary>
    public static Estimate Withheld(string reason) => new(double.NaN, double.NaN, double.NaN, double.NaN, reason);

    /// <summary>True where a value is given.</summary>
    public bool HasValue => !double.IsNaN(Value);

    /// <summary>The same estimate with its interval cut to what the quantity can be, such as 0 to 1 for a share.</summary>
    public Estimate Within(double least, double most) => this with { Lower95 = Math.Max(least, Lower95), Upper95 = Math.Min(most, Upper95) };

    /// <summary>The same estimate in another unit (multiplied by <paramref name="factor"/>).</summary>
    public Estimate Scaled(double factor) => factor >= 0
        ? new(Value * factor, StandardError * factor, Lower95 * factor, Upper95 * factor, Reason)
        : new(Value * factor, StandardError * -factor, Upper95 * factor, Lower95 * factor, Reason);
}
