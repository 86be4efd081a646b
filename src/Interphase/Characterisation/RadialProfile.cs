using Interphase.Measurements;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>A maximum over the radius: where, how wide, how high over what lies beside it, how it is spread over the angle.</summary>
internal sealed record RadialPeak(double Radius, double Error, double Width, double Height, double Angular, double Filled, bool IsHalo);

/// <summary>A pattern by radius (of the ellipse's mean circle) and angle. The median over the angle does not see spots and a beam stop, the mean does.</summary>
internal sealed class RadialProfile
{
    private const int Angles = 180;
    private readonly double[,] polar;

    private RadialProfile(double[] radius, double[] median, double[] mean, double[,] polar, double lopsided) => (Radius, Median, Mean, this.polar, Lopsided) = (radius, median, mean, polar, lopsided);

    public double[] Radius { get; }

    public double[] Median { get; }

    public double[] Mean { get; }

    /// <summary>Share of the twofold angle in the intensity at middle radii: great where the centre is none.</summary>
    public double Lopsided { get; }

    public static RadialProfile Of(Micrograph image, double cx, double cy, double cos, double sin)
    {
        // Rings that are cut by the border count as far as half of them is seen.
        var reach = (int)new[] { Math.Max(cx, image.Width - 1 - cx), Math.Max(cy, image.Height - 1 - cy) }.Min() - 1;
        var least = image.Pixels.Min();
        var polar = new double[reach, Angles];
        var (median, mean) = (new double[reach], new double[reach]);
        double c2 = 0, s2 = 0, c0 = 0;
        Parallel.For(0, reach, r =>
        {
            var seen = new List<double>();
            for (var a = 0; a < Angles; a++)
            {
                var phi = 2 * Math.PI * a / Angles;
                // Several samples across a wide sector.
                double sum = 0;
                var n = 0;
                var samples = Math.Max(1, (int)(r * 2 * Math.PI / Angles));
                for (var k = 0; k < samples; k++)
                {
                    var angle = phi + (2 * Math.PI / Angles * ((k + 0.5) / samples - 0.5));
                    var radius = (r + 0.5) * (1 + (0.5 * ((cos * Math.Cos(2 * angle)) + (sin * Math.Sin(2 * angle)))));
                    if (Sample(image, cx + (radius * Math.Cos(angle)), cy + (radius * Math.Sin(angle))) is { } v) { sum += v - least; n++; }
                }
                polar[r, a] = n == 0 ? double.NaN : sum / n;
                if (n > 0) { seen.Add(sum / n); }
            }
            (median[r], mean[r]) = seen.Count < Angles / 2 ? (double.NaN, double.NaN) : (seen.Median(), seen.Average());
        });
        for (var r = reach / 8; r < reach / 2; r++)
        {
            for (var a = 0; a < Angles; a++)
            {
                if (double.IsNaN(polar[r, a])) { continue; }
                var value = Math.Min(polar[r, a], 3 * median[r]);
                c0 += value; c2 += value * Math.Cos(4 * Math.PI * a / Angles); s2 += value * Math.Sin(4 * Math.PI * a / Angles);
            }
        }
        return new([.. Enumerable.Range(0, reach).Select(r => r + 0.5)], median, mean, polar, c0 > 0 ? 2 * Math.Sqrt((c2 * c2) + (s2 * s2)) / c0 : 1);
    }

    /// <summary>Maxima of the mean over the angle that stand out by five standard errors and two hundredths, from the centre outwards.</summary>
    public IReadOnlyList<RadialPeak> Peaks() => [.. Maxima(Mean).Where(p => p.Height > 5 * Noise((int)p.Radius) && p.Height > 0.02 * Mean[(int)p.Radius]).OrderBy(p => p.Radius)];

    /// <summary>The ring of the median profile that stands out most.</summary>
    public RadialPeak? Strongest() => Maxima(Median).Where(p => p.Radius > 0.06 * Radius.Length && p.Height > 5 * Noise((int)p.Radius) && p.Height > 0.05 * Median[(int)p.Radius]).MaxBy(p => p.Height * Math.Sqrt(p.Radius) / p.Width);

    /// <summary>Where the ring lies in each sector.</summary>
    public (List<double> Angles, List<double> Radii) SectorRadii(double radius, double reach, int sectors)
    {
        var (angles, radii) = (new List<double>(), new List<double>());
        int from = Math.Max(1, (int)(radius - (1.5 * reach))), to = Math.Min(Radius.Length - 2, (int)(radius + (1.5 * reach)));
        for (var s = 0; s < sectors; s++)
        {
            var line = Enumerable.Range(from, to - from + 1).Select(r => Enumerable.Range(s * Angles / sectors, Math.Max(1, Angles / sectors)).Select(a => polar[r, a]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()).ToArray();
            if (line.Length < 5 || line.Any(double.IsNaN)) { continue; }
            // Over the straight line between its ends.
            var net = line.Select((v, i) => v - line[0] - ((line[^1] - line[0]) * i / (line.Length - 1))).ToArray();
            var top = net.Max();
            if (!(top > 0)) { continue; }
            double n = 0, sum = 0;
            for (var i = 0; i < net.Length; i++)
            {
                if (net[i] > 0.5 * top) { n += net[i]; sum += net[i] * (from + i + 0.5); }
            }
            angles.Add(2 * Math.PI * ((s + 0.5) / sectors - (0.5 / Angles)));
            radii.Add(sum / n);
        }
        return (angles, radii);
    }

    private double Noise(int r)
    {
        var values = Row(r).ToArray();
        // The scatter over the angle of what is no spot.
        var spread = values.Length < 10 ? double.PositiveInfinity : 1.4826 * values.Select(v => Math.Abs(v - Median[r])).Median();
        return Math.Max(spread / Math.Sqrt(values.Length), 1e-3 * Median[r]);
    }

    private IEnumerable<double> Row(int r) => Enumerable.Range(0, Angles).Select(a => polar[Math.Clamp(r, 0, Radius.Length - 1), a]).Where(double.IsFinite);

    private IEnumerable<RadialPeak> Maxima(double[] profile)
    {
        var first = Math.Max(4, Radius.Length / 40);
        var last = Array.FindLastIndex(profile, double.IsFinite);
        for (var r = first; r < profile.Length - 3; r++)
        {
            if (!(profile[r] > profile[r - 1] && profile[r] >= profile[r + 1]) || !double.IsFinite(profile[r + 2])) { continue; }
            // The valleys on both sides, before something higher comes.
            int left = r, right = r;
            for (var i = r; i >= first - 2 && i > 0 && profile[i] <= profile[r]; i--) { if (profile[i] < profile[left]) { left = i; } }
            for (var i = r; i < profile.Length && profile[i] <= profile[r]; i++) { if (profile[i] < profile[right]) { right = i; } }
            if (left == r || right == r) { continue; }
            double Base(double at) => profile[left] + ((profile[right] - profile[left]) * (at - left) / (right - left));
            var height = profile[r] - Base(r);
            if (!(height > 0)) { continue; }
            double low = r, high = r;
            while (low > left && profile[(int)low] - Base(low) > height / 2) { low--; }
            while (high < right && profile[(int)high] - Base(high) > height / 2) { high++; }
            var (a, b, c) = (profile[r - 1] - Base(r - 1), height, profile[r + 1] - Base(r + 1));
            var centre = r + 0.5 + (a + c - (2 * b) < 0 ? 0.5 * (a - c) / (a + c - (2 * b)) : 0);
            var width = Math.Max(1.5, high - low - 1);
            // A halo cut off by the border is no ring.
            if (right > last - 3 && r + (1.5 * width) > last) { continue; }
            var values = Row(r).Select(v => v - Base(r)).ToArray();
            var net = values.Average();
            var angular = net > 0 ? values.Variance() / (net * net) : 0;
            // Spots take their ring's mean far over its median.
            var filled = values.Count(v => v > 0.35 * net) / (double)values.Length;
            yield return new(centre, Math.Max(0.05, 0.4 * width * Noise(r) / height), width, height, angular, filled, width > 0.12 * centre && width > 8 && angular < 1);
        }
    }

    private static double? Sample(Micrograph image, double x, double y)
    {
        int x0 = (int)Math.Floor(x), y0 = (int)Math.Floor(y);
        if (x0 < 0 || y0 < 0 || x0 + 1 >= image.Width || y0 + 1 >= image.Height) { return null; }
        double u = x - x0, v = y - y0;
        return (image[x0, y0] * (1 - u) * (1 - v)) + (image[x0 + 1, y0] * u * (1 - v)) + (image[x0, y0 + 1] * (1 - u) * v) + (image[x0 + 1, y0 + 1] * u * v);
    }
}
