using Interphase.Numerics;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>Neighbouring lines of a radial profile fitted together: Gaussians, each divided by the root of the radius, as a round blur in the plane leaves a circle, over an exponential.</summary>
internal sealed class RingFit
{
    private const int Iterations = 60;
    private readonly int[] tops;
    private readonly double[] mean, noise, lower, upper;
    private readonly int low, high;
    private readonly LeastSquaresFit fit;

    private RingFit(int[] tops, double[] mean, double[] noise, int low, int high, double[] start, double[] lower, double[] upper)
    {
        (this.tops, this.mean, this.noise, this.low, this.high, this.lower, this.upper) = (tops, mean, noise, low, high, lower, upper);
        fit = LevenbergMarquardt.Minimise((p, residuals) =>
        {
            for (var i = low; i <= high; i++)
            {
                var sum = p[0] * Math.Exp(p[1] * (i - low));
                for (var k = 0; k < tops.Length; k++)
                {
                    var z = (i - p[(3 * k) + 3]) / p[(3 * k) + 4];
                    sum += p[(3 * k) + 2] * Math.Sqrt((tops[k] + 0.5) / (i + 0.5)) * Math.Exp(-0.5 * z * z);
                }
                residuals[i - low] = (sum - mean[i]) / noise[i - low];
            }
        }, high - low + 1, start, lower, upper, Iterations);
    }

    /// <summary>Fits lines of about these full widths at these places of a profile, in ascending order, as far as the valleys beside them; null where nothing stands out.</summary>
    public static RingFit? Of(double[] mean, double[] noise, IReadOnlyList<(int Top, double Width)> lines)
    {
        static int Reach(double width) => (int)Math.Max(4, 2 * width);
        bool Known(int i) => i > 0 && i < mean.Length && double.IsFinite(noise[i]) && noise[i] > 0;
        var (first, last) = (lines[0], lines[^1]);
        int low = first.Top, high = last.Top;
        while (Known(low - 1) && (mean[low - 1] < mean[low] + noise[low] || first.Top - low < 2) && first.Top - low < Reach(first.Width)) { low--; }
        while (Known(high + 1) && (mean[high + 1] < mean[high] + noise[high] || high - last.Top < 2) && high - last.Top < Reach(last.Width)) { high++; }
        // Grains make the middle of a ring uncertain as a whole, not its shape: weights are those of counts.
        var counts = Enumerable.Range(low, high - low + 1).Select(i => Math.Sqrt(Math.Max(mean[i], 1e-3 * mean[first.Top]))).ToArray();
        var scale = counts.Select((c, i) => noise[low + i] / c).Median();
        double most = mean[low..(high + 1)].Max(), from = Math.Max(mean[low], 1e-3 * most), to = Math.Max(mean[high], 1e-3 * most);
        double Over(int top) => mean[top] - (from * Math.Pow(to / from, (top - low) / (double)(high - low)));
        if (high - low < (3 * lines.Count) || lines.Any(l => !(Over(l.Top) > 0))) { return null; }
        return new([.. lines.Select(l => l.Top)], mean, [.. counts.Select(c => scale * c)], low, high, [from, Math.Log(to / from) / (high - low), .. lines.SelectMany(l => new[] { Over(l.Top), l.Top, Math.Max(0.6, l.Width / 2.3548) })],
            [0, -1, .. lines.SelectMany(l => new[] { 0, l.Top - 1.5, 0.35 })], [most, 1, .. lines.SelectMany(l => new[] { 2 * Over(l.Top), l.Top + 1.5, Math.Max(3, l.Width) })]);
    }

    /// <summary>The same lines in another profile, such as one of a part of the angle.</summary>
    public RingFit Again(double[] other) => new(tops, other, noise, low, high, fit.Parameters, lower, upper);

    /// <summary>From the pattern's centre, pixels.</summary>
    public double Centre(int line) => fit.Parameters[(3 * line) + 3] + 0.5;

    /// <summary>Whether the place is one, not the end of where it was looked for.</summary>
    public bool Placed(int line) => !fit.AtBound[(3 * line) + 3] && fit.Parameters[(3 * line) + 2] > 0;

    /// <summary>Radii that the fit needs.</summary>
    public IEnumerable<int> Window => Enumerable.Range(low, high - low + 1);
}
