using Interphase.Measurements;
using MathNet.Numerics.Distributions;

namespace Interphase.Laboratory;

/// <summary>
/// Element maps of a coated powder as a scanning electron microscope counts them: particles on which thickness and holes of the coating are
/// smooth random fields, continuum under every line, and some of Ni's Kβ under Ta's Lα.
/// </summary>
internal static class VirtualPowderMap
{
    /// <summary>Maps of Nb, Ta and Ni, and the truth of the field itself: share covered, standard deviation over mean of the thickness where covered.</summary>
    /// <param name="seed">Of field and counting.</param>
    /// <param name="holes">Share of the field without coating.</param>
    /// <param name="variation">Standard deviation over mean of the coating's thickness.</param>
    public static (ElementMap[] Maps, double Coverage, double Variation) Make(int seed, double holes, double variation)
    {
        const int size = 160, radius = 32;
        static ElementMap Map(string element, int[] counts) => new(element, size, size, counts) { PixelSize = 60e-9 };
        var random = new Random(seed);
        var normal = new Normal(0, 1, random);
        double[] Smooth(double sigma)
        {
            var raw = Enumerable.Range(0, size * size).Select(_ => normal.Sample()).ToArray();
            var reach = (int)(3 * sigma);
            var kernel = Enumerable.Range(-reach, (2 * reach) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma))).ToArray();
            foreach (var along in new[] { 1, size })
            {
                var from = (double[])raw.Clone();
                for (var i = 0; i < raw.Length; i++)
                {
                    var at = along == 1 ? i % size : i / size;
                    raw[i] = 0;
                    for (var k = -reach; k <= reach; k++) { raw[i] += kernel[k + reach] * from[i + (along * (((at + k + size) % size) - at))]; }
                }
            }
            var scale = Math.Sqrt(raw.Average(v => v * v));
            return Array.ConvertAll(raw, v => v / scale);
        }

        var (thickness, hole) = (Smooth(3), Smooth(4));
        var edge = hole.Order().ElementAt((int)(holes * hole.Length));
        (int X, int Y)[] centres = [(40, 40), (120, 40), (40, 120), (120, 120)];
        int[] nb = new int[size * size], ta = new int[size * size], ni = new int[size * size];
        var inside = 0;
        var covered = new List<double>();
        var s = Math.Sqrt(Math.Log(1 + (variation * variation)));
        for (var i = 0; i < nb.Length; i++)
        {
            var (x, y) = (i % size, i / size);
            var particle = Array.FindIndex(centres, c => ((x - c.X) * (x - c.X)) + ((y - c.Y) * (y - c.Y)) < radius * radius);
            var coating = particle >= 0 && hole[i] >= edge ? Math.Exp((s * thickness[i]) - (s * s / 2)) : 0;
            nb[i] = Poisson.Sample(random, (particle >= 0 ? 0.35 : 0.1) + (2.2 * coating));
            ta[i] = Poisson.Sample(random, (particle >= 0 ? 0.75 : 0.1) + (1.8 * coating));
            ni[i] = Poisson.Sample(random, particle >= 0 ? 10 : 0.2);
            if (particle < 0 || ((x - centres[particle].X) * (x - centres[particle].X)) + ((y - centres[particle].Y) * (y - centres[particle].Y)) >= (radius - 2) * (radius - 2)) { continue; }
            inside++;
            if (coating > 0) { covered.Add(coating); }
        }
        var mean = covered.Average();
        return ([Map("Nb", nb), Map("Ta", ta), Map("Ni", ni)], covered.Count / (double)inside, Math.Sqrt(covered.Average(v => (v - mean) * (v - mean))) / mean);
    }
}
