using Interphase.Measurements;
using MathNet.Numerics.Distributions;

namespace Interphase.Laboratory;

/// <summary>
/// Element maps of a coated powder as a scanning electron microscope counts them: particles on which thickness and holes of the coating are
/// smooth random fields, continuum under every line, and some of Ni's Kβ under Ta's Lα.
/// </summary>
internal static class VirtualPowderMap
{
    /// <summary>
    /// Maps of Nb, Ta and Ni, and the truth of the field itself: share covered, standard deviation over mean of the thickness where covered
    /// (of its mean over the probe, where there is one).
    /// </summary>
    /// <param name="seed">Of field and counting.</param>
    /// <param name="holes">Share of the field without coating.</param>
    /// <param name="variation">Standard deviation over mean of the coating's thickness.</param>
    /// <param name="probe">Standard deviation of the probe, pixels; at 0 each pixel is seen at its middle.</param>
    public static (ElementMap[] Maps, double Coverage, double Variation) Make(int seed, double holes, double variation, double probe = 0)
    {
        const int size = 160, radius = 32;
        static ElementMap Map(string element, int[] counts) => new(element, size, size, counts) { PixelSize = 60e-9 };
        var random = new Random(seed);
        var normal = new Normal(0, 1, random);
        static double[] Spread(double[] field, double sigma)
        {
            var reach = (int)(3 * sigma);
            var kernel = Enumerable.Range(-reach, (2 * reach) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma))).ToArray();
            foreach (var along in new[] { 1, size })
            {
                var from = (double[])field.Clone();
                for (var i = 0; i < field.Length; i++)
                {
                    var at = along == 1 ? i % size : i / size;
                    field[i] = 0;
                    for (var k = -reach; k <= reach; k++) { field[i] += kernel[k + reach] * from[i + (along * (((at + k + size) % size) - at))]; }
                }
            }
            return field;
        }

        double[] Smooth(double sigma)
        {
            var raw = Spread([.. Enumerable.Range(0, size * size).Select(_ => normal.Sample())], sigma);
            var scale = Math.Sqrt(raw.Average(v => v * v));
            return Array.ConvertAll(raw, v => v / scale);
        }

        var (thickness, hole) = (Smooth(3), Smooth(4));
        var edge = hole.Order().ElementAt((int)(holes * hole.Length));
        (int X, int Y)[] centres = [(40, 40), (120, 40), (40, 120), (120, 120)];
        static double Away(int i, (int X, int Y) c) => Math.Pow((i % size) - c.X, 2) + Math.Pow((i / size) - c.Y, 2);
        var s = Math.Sqrt(Math.Log(1 + (variation * variation)));
        double[] particle = [.. Enumerable.Range(0, size * size).Select(i => centres.Any(c => Away(i, c) < radius * radius) ? 1.0 : 0)];
        double[] covered = [.. particle.Select((p, i) => p > 0 && hole[i] >= edge ? 1.0 : 0)], coating = [.. covered.Select((c, i) => c > 0 ? Math.Exp((s * thickness[i]) - (s * s / 2)) : 0)];
        int[] deep = [.. Enumerable.Range(0, size * size).Where(i => centres.Any(c => Away(i, c) < (radius - 2) * (radius - 2)))], coated = [.. deep.Where(i => covered[i] > 0)];
        double[] seen = covered;
        if (probe > 0)
        {
            double[] Through(double[] field)
            {
                // A probe's parts add up to one.
                var whole = Spread([.. Enumerable.Repeat(1.0, field.Length)], probe)[0];
                return Array.ConvertAll(Spread((double[])field.Clone(), probe), v => v / whole);
            }

            (particle, seen, coating) = (Through(particle), Through(covered), Through(coating));
        }
        int[] nb = new int[size * size], ta = new int[size * size], ni = new int[size * size];
        for (var i = 0; i < nb.Length; i++)
        {
            nb[i] = Poisson.Sample(random, 0.1 + (0.25 * particle[i]) + (2.2 * coating[i]));
            ta[i] = Poisson.Sample(random, 0.1 + (0.65 * particle[i]) + (1.8 * coating[i]));
            ni[i] = Poisson.Sample(random, 0.2 + (9.8 * particle[i]));
        }
        double[] found = [.. coated.Select(i => coating[i] / seen[i])];
        var mean = found.Average();
        return ([Map("Nb", nb), Map("Ta", ta), Map("Ni", ni)], coated.Length / (double)deep.Length, Math.Sqrt(found.Average(v => (v - mean) * (v - mean))) / mean);
    }
}
