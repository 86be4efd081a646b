namespace Interphase.Numerics;

/// <summary>The middle of the given values, of two their mean; what scatter is measured by where some values are wild.</summary>
internal static class Median
{
    /// <summary>Zero for no values. Sorts them.</summary>
    public static double Of(double[] values)
    {
        if (values.Length == 0) { return 0; }
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
