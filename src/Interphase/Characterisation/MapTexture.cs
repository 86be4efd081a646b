using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>Whether a coating varies in patches over neighbouring pixels.</summary>
/// <param name="MoransI">Moran's I (1950) of the coating's counts over pixels that share an edge; 0 for counts that know nothing of each other.</param>
/// <param name="PValue">Share of random rearrangements within the particles that reach it.</param>
/// <param name="Corrected">The same divided by the share of the counts' variance that is not counting noise: the likeness of neighbours in thickness.</param>
public sealed record MapTexture(double MoransI, double PValue, double Corrected)
{
    private const int Rearrangements = 199;

    /// <summary>Counts less the mean of their particle, over the pixels that are given; null with fewer than 200 neighbours.</summary>
    internal static MapTexture? Of(int[] counts, int[] labels, bool[] deep, int width, int height)
    {
        var place = new int[counts.Length];
        Array.Fill(place, -1);
        var pixels = new List<int>();
        for (var i = 0; i < counts.Length; i++)
        {
            if (labels[i] > 0 && deep[i]) { place[i] = pixels.Count; pixels.Add(i); }
        }
        var pairs = new List<(int, int)>();
        foreach (var i in pixels)
        {
            if ((i % width) + 1 < width && place[i + 1] >= 0 && labels[i + 1] == labels[i]) { pairs.Add((place[i], place[i + 1])); }
            if ((i / width) + 1 < height && place[i + width] >= 0 && labels[i + width] == labels[i]) { pairs.Add((place[i], place[i + width])); }
        }
        if (pairs.Count < 200) { return null; }
        var members = pixels.Select((p, k) => (Label: labels[p], k)).GroupBy(x => x.Label).Select(g => g.Select(x => x.k).ToArray()).ToArray();
        var z = new double[pixels.Count];
        foreach (var group in members)
        {
            var mean = group.Average(k => counts[pixels[k]]);
            foreach (var k in group) { z[k] = counts[pixels[k]] - mean; }
        }
        var squares = z.Sum(v => v * v);
        if (!(squares > 0)) { return null; }
        double Moran(double[] v)
        {
            var sum = 0.0;
            foreach (var (a, b) in pairs) { sum += v[a] * v[b]; }
            return sum / pairs.Count / (squares / v.Length);
        }

        var seen = Moran(z);
        var random = new Random(1);
        var reached = 0;
        var mixed = (double[])z.Clone();
        for (var n = 0; n < Rearrangements; n++)
        {
            foreach (var group in members)
            {
                for (var k = group.Length - 1; k > 0; k--)
                {
                    var other = random.Next(k + 1);
                    (mixed[group[k]], mixed[group[other]]) = (mixed[group[other]], mixed[group[k]]);
                }
            }
            if (Moran(mixed) >= seen) { reached++; }
        }
        var variance = squares / z.Length;
        var noise = pixels.Average(p => counts[p]);
        return new(seen, (reached + 1.0) / (Rearrangements + 1), variance > 1.02 * noise ? Math.Min(1, seen * variance / (variance - noise)) : double.NaN);
    }

    /// <summary>Pixels that have one thickness: the sum over neighbours of the square of how alike they are without counting noise, which is what counts for the spread of a thickness (Bayley and Hammersley 1946).</summary>
    internal static double Patch(int[] counts, int[] labels, bool[] deep, int width, int height)
    {
        const int reach = 12;
        var z = new double[counts.Length];
        double square = 0, noise = 0, n = 0;
        foreach (var group in Enumerable.Range(0, counts.Length).Where(i => labels[i] > 0 && deep[i]).GroupBy(i => labels[i]))
        {
            var mean = group.Average(i => counts[i]);
            foreach (var i in group) { z[i] = counts[i] - mean; square += z[i] * z[i]; noise += counts[i]; n++; }
        }
        if (!(square > 1.02 * noise)) { return 1; }
        var sum = 1.0;
        for (var dy = 0; dy <= reach; dy++)
        {
            for (var dx = dy == 0 ? 1 : -reach; dx <= reach; dx++)
            {
                double both = 0, pairs = 0;
                for (var y = 0; y + dy < height; y++)
                {
                    for (var x = Math.Max(0, -dx); x < width - Math.Max(0, dx); x++)
                    {
                        int i = (y * width) + x, j = i + (dy * width) + dx;
                        if (labels[i] == 0 || labels[j] != labels[i] || !deep[i] || !deep[j]) { continue; }
                        both += z[i] * z[j];
                        pairs++;
                    }
                }
                // What pairs of pixels that know nothing of each other reach is no likeness.
                if (pairs == 0 || both / pairs < 3 * square / n / Math.Sqrt(pairs)) { continue; }
                var alike = Math.Min(1, both / pairs / ((square - noise) / n));
                sum += 2 * alike * alike;
            }
        }
        return sum;
    }
}
