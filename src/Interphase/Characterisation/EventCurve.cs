namespace Interphase.Characterisation;

/// <summary>
/// The curve of one event over the points of a fit, by its position, its width and a third parameter (order or lag). The two last are kept: while a
/// derivative is taken by differences all events but one stay as they were, which makes fits of several events three times as fast.
/// </summary>
internal sealed class EventCurve(int points, Action<double, double, double, double[]> shape)
{
    private readonly (double Position, double Width, double Third, double[] Curve)[] kept = [(double.NaN, 0, 0, new double[points]), (double.NaN, 0, 0, new double[points])];
    private int last;

    public double[] At(double position, double width, double third)
    {
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i].Position == position && kept[i].Width == width && kept[i].Third == third)
            {
                last = i;
                return kept[i].Curve;
            }
        }
        last = 1 - last;
        shape(position, width, third, kept[last].Curve);
        kept[last] = (position, width, third, kept[last].Curve);
        return kept[last].Curve;
    }
}
