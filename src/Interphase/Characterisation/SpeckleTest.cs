using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>A reflection in the power spectrum of a window: frequency in cycles per pixel, its power over that of the halo, and the chance of so much in a random object.</summary>
internal readonly record struct Spot(double Kx, double Ky, double Height, double Chance)
{
    public double Frequency => Math.Sqrt((Kx * Kx) + (Ky * Ky));
}

/// <summary>What a window shows: where it lies, the probability of its strongest frequency in a random object (of all it holds), and the reflections that stand out.</summary>
internal sealed record TestedWindow(int X, int Y, double PValue, IReadOnlyList<Spot> Spots);

/// <summary>
/// Whether power spectra of windows are speckle. Of a random object the power at one frequency is exponentially distributed about its
/// expectation, whatever lens and detector do (Goodman, Speckle Phenomena in Optics, 2007, §3.2). The expectation itself (contrast transfer
/// with its rings, the detector's transfer, counting noise) is estimated from all windows together: ring by ring a level, a slope and a
/// twofold angle (astigmatism), and for every window a level, slope and curvature over the logarithm of the frequency (thickness against noise).
/// </summary>
internal sealed class SpeckleTest
{
    // Powers are cut at five expectations in the estimating equations, so that a reflection cannot raise the level it is judged by.
    private const double Cut = 5;
    private static readonly double CutMean = 1 - Math.Exp(-Cut);
    // Neighbouring frequencies of a Hann window repeat each other: the variance of sums over them is 2.25 times that of independent ones.
    private const double Dependence = 2.25;

    // Bonferroni, doubled for what errors of the estimated expectation add to the tail: measured on computed amorphous films.
    private const double Allowance = 2;

    private readonly int size;
    private readonly (int X, int Y, double R)[] bins;
    private readonly double[][] shape;
    private readonly (double Cos, double Sin)[] angle;
    private readonly int[] place;

    /// <param name="size">Edge of a window, pixels; a power of two.</param>
    /// <param name="lowest">Lowest frequency that is judged, cycles per pixel.</param>
    /// <param name="highest">Highest.</param>
    public SpeckleTest(int size, double lowest, double highest)
    {
        this.size = size;
        var half = size / 2;
        bins = [.. from y in Enumerable.Range(0, half)
                   from x in Enumerable.Range(-half + 1, size - 1)
                   let r = Math.Sqrt((x * x) + (y * y))
                   where (y > 0 || x > 0) && r >= lowest * size && r <= Math.Min(highest * size, half - 2)
                   select (x, y, r)];
        angle = [.. bins.Select(b => (((b.X * b.X) - (b.Y * b.Y)) / (b.R * b.R), 2.0 * b.X * b.Y / (b.R * b.R)))];
        var (from, to) = (Math.Log(bins.Min(b => b.R)), Math.Log(bins.Max(b => b.R)));
        shape = [.. bins.Select(b => ((2 * (Math.Log(b.R) - from) / (to - from)) - 1) is var t ? new[] { 1, t, ((3 * t * t) - 1) / 2 } : [])];
        place = new int[size * size];
        Array.Fill(place, -1);
        for (var i = 0; i < bins.Length; i++)
        {
            place[(bins[i].Y * size) + ((bins[i].X + size) % size)] = i;
            place[((size - bins[i].Y) % size * size) + ((size - bins[i].X) % size)] = i;
        }
    }

    public int Size => size;

    /// <summary>Frequencies that are judged in a window.</summary>
    public int Frequencies => bins.Length;

    /// <summary>Power of the frequencies that are judged.</summary>
    public float[] Spectrum(PlaneTransform transform, ReadOnlySpan<double> tapered, Span<double> workspace)
    {
        transform.Power(tapered, workspace);
        var power = new float[bins.Length];
        for (var i = 0; i < power.Length; i++) { power[i] = (float)workspace[(bins[i].Y * size) + ((bins[i].X + size) % size)]; }
        return power;
    }

    /// <summary>Judges all windows of one region together.</summary>
    /// <param name="windows">Places and spectra.</param>
    /// <param name="excluded">Frequencies near these are left out (the core's reflections).</param>
    /// <param name="level">Probability, corrected for all its frequencies, at which a frequency of a window counts as a reflection.</param>
    public (TestedWindow[] Windows, double[] Halo) Judge(IReadOnlyList<(int X, int Y, float[] Power)> windows, IReadOnlyList<Spot> excluded, double level)
    {
        var used = Enumerable.Range(0, bins.Length).Where(i => !excluded.Any(e => Near(e, bins[i], 1) || Near(e, bins[i], -1))).ToArray();
        var log = Enumerable.Range(0, windows.Count).Select(_ => new double[3]).ToArray();
        var common = new double[bins.Length];
        var local = new double[bins.Length];
        var known = new double[bins.Length];
        Start(windows, used, common, log);
        double[,] inverse = new double[0, 0];
        for (var round = 0; round < 3; round++)
        {
            Common(windows, used, common, local, known, log);
            inverse = Own(windows, used, common, log);
        }
        var results = new TestedWindow[windows.Count];
        Parallel.For(0, windows.Count, w =>
        {
            double least = 1;
            var heights = new double[bins.Length];
            var chances = new double[bins.Length];
            foreach (var i in used)
            {
                var u = windows[w].Power[i] / Math.Exp(common[i] + Dot(log[w], shape[i]));
                // The expectation is itself estimated, from so many independent powers.
                var n = 1 / (known[i] + (Dependence * Leverage(inverse, shape[i])));
                heights[i] = u;
                chances[i] = Math.Pow(1 + (u / n), -n);
                least = Math.Min(least, chances[i]);
            }
            results[w] = new(windows[w].X, windows[w].Y, Math.Min(1, Allowance * used.Length * least), [.. used.Where(i => Allowance * chances[i] * used.Length < level && IsPeak(windows[w].Power, i)).Select(i => Centroid(windows[w].Power, i, heights[i], chances[i]))]);
        });
        return (results, Radial(common, log));
    }

    /// <summary>Reflections of a mean spectrum that exceed the median of their ring so many times, the strongest first.</summary>
    public List<Spot> Peaks(float[] power, double ratio)
    {
        var rings = bins.Select((b, i) => (b, i)).GroupBy(t => (int)Math.Round(t.b.R)).ToDictionary(g => g.Key, g => g.Select(t => power[t.i]).Order().ElementAt(g.Count() / 2));
        return [.. Enumerable.Range(0, bins.Length).Where(i => power[i] > ratio * rings[(int)Math.Round(bins[i].R)] && IsPeak(power, i))
            .Select(i => Centroid(power, i, power[i], 0)).OrderByDescending(s => s.Height)];
    }

    /// <summary>Highest power at each whole ring in any of the spectra.</summary>
    public double[] Highest(IReadOnlyList<float[]> spectra)
    {
        var highest = new double[(size / 2) + 1];
        for (var i = 0; i < bins.Length; i++)
        {
            var ring = (int)Math.Round(bins[i].R);
            foreach (var s in spectra) { highest[ring] = Math.Max(highest[ring], s[i]); }
        }
        return highest;
    }

    /// <summary>Within a bin: what is further off is a grain's own, as amorphous coatings beside a core show no more spots for it.</summary>
    private bool Near(Spot e, (int X, int Y, double R) b, int sign) => Math.Pow((sign * e.Kx * size) - b.X, 2) + Math.Pow((sign * e.Ky * size) - b.Y, 2) < 1;

    /// <summary>Medians of the rings, and each window's median over them.</summary>
    private void Start(IReadOnlyList<(int X, int Y, float[] Power)> windows, int[] used, double[] common, double[][] log)
    {
        var some = Enumerable.Range(0, windows.Count).Where(w => windows.Count <= 64 || w % (windows.Count / 64) == 0).ToArray();
        foreach (var ring in used.GroupBy(i => (int)Math.Round(bins[i].R)))
        {
            var values = ring.SelectMany(i => some.Select(w => windows[w].Power[i])).Order().ToArray();
            var level = Math.Log(Math.Max(1e-30, values[values.Length / 2] / Math.Log(2)));
            foreach (var i in ring) { common[i] = level; }
        }
        for (var w = 0; w < log.Length; w++)
        {
            var ratios = used.Select(i => windows[w].Power[i] / Math.Exp(common[i])).Order().ToArray();
            log[w][0] = Math.Log(Math.Max(1e-30, ratios[ratios.Length / 2] / Math.Log(2)));
        }
    }

    /// <summary>One step of the expectation common to all windows: every ring with its neighbours.</summary>
    private void Common(IReadOnlyList<(int X, int Y, float[] Power)> windows, int[] used, double[] common, double[] local, double[] known, double[][] log)
    {
        var mean = Excess(windows, used, common, log);
        var step = new double[bins.Length];
        var byRing = used.GroupBy(i => (int)Math.Round(bins[i].R)).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (var (ring, members) in byRing)
        {
            int[] near = [.. members, .. byRing.GetValueOrDefault(ring - 1, []), .. byRing.GetValueOrDefault(ring + 1, [])];
            double[] Row(int i) => [1, bins[i].R - ring, angle[i].Cos, angle[i].Sin];
            var (a, b) = (new double[4, 4], new double[4]);
            foreach (var i in near) { Add(a, b, Row(i), mean[i]); }
            // Half an e-fold of astigmatism is expected at most: as much as four further powers say it.
            for (var k = 1; k < 4; k++) { a[k, k] += 4.0 / log.Length; }
            var inverse = Inverse(a);
            var q = Multiply(inverse, b);
            foreach (var i in members)
            {
                step[i] = Dot(q, Row(i));
                known[i] = Dependence * Leverage(inverse, Row(i)) / log.Length;
            }
        }
        foreach (var i in used) { common[i] += Math.Clamp(step[i], -1, 1); }

        // What rings of any such kind leave (elliptic rings near their zeros): the neighbourhood of each frequency, drawn towards the rings.
        mean = Excess(windows, used, common, log);
        var isUsed = new bool[bins.Length];
        foreach (var i in used) { isUsed[i] = true; }
        var reach = log.Length >= 16 ? 2 : log.Length >= 6 ? 5 : 10;
        Parallel.ForEach(used, i =>
        {
            double sum = 0, count = 0;
            for (var dy = -3; dy <= 3; dy++)
            {
                for (var dx = -3; dx <= 3; dx++)
                {
                    if ((dx * dx) + (dy * dy) > reach || Place(bins[i].X + dx, bins[i].Y + dy) is not (>= 0 and var j) || !isUsed[j]) { continue; }
                    sum += mean[j];
                    count++;
                }
            }
            var weight = log.Length / (log.Length + (60 / count));
            // At most threefold upwards: a lattice that runs through all windows must not become its own expectation.
            var corrected = Math.Clamp(local[i] + Math.Clamp(weight * sum / count, -1, 1), -4, 1.1);
            step[i] = corrected - local[i];
            known[i] += weight * weight * Dependence / (count * log.Length);
        });
        foreach (var i in used)
        {
            common[i] += step[i];
            local[i] += step[i];
        }
    }

    /// <summary>Mean over windows of the cut powers over their expectation, less what it should be.</summary>
    private double[] Excess(IReadOnlyList<(int X, int Y, float[] Power)> windows, int[] used, double[] common, double[][] log)
    {
        var mean = new double[bins.Length];
        Parallel.ForEach(used, i =>
        {
            double sum = 0;
            for (var w = 0; w < log.Length; w++) { sum += Math.Min(Cut, windows[w].Power[i] / Math.Exp(common[i] + Dot(log[w], shape[i]))); }
            mean[i] = (sum / log.Length) - CutMean;
        });
        return mean;
    }

    /// <summary>One window's own level, slope and curvature.</summary>
    private double[,] Own(IReadOnlyList<(int X, int Y, float[] Power)> windows, int[] used, double[] common, double[][] log)
    {
        var a = new double[3, 3];
        foreach (var i in used) { Add(a, new double[3], shape[i], 0); }
        var inverse = Inverse(a);
        Parallel.For(0, log.Length, w =>
        {
            for (var iteration = 0; iteration < 4; iteration++)
            {
                var b = new double[3];
                foreach (var i in used)
                {
                    var over = Math.Min(Cut, windows[w].Power[i] / Math.Exp(common[i] + Dot(log[w], shape[i]))) - CutMean;
                    for (var k = 0; k < 3; k++) { b[k] += over * shape[i][k]; }
                }
                var q = Multiply(inverse, b);
                for (var k = 0; k < 3; k++) { log[w][k] += Math.Clamp(q[k], -1, 1); }
            }
        });
        return inverse;
    }

    /// <summary>Expected power at each whole ring, averaged over windows: [ring].</summary>
    private double[] Radial(double[] common, double[][] log)
    {
        var halo = new double[(size / 2) + 1];
        Array.Fill(halo, double.NaN);
        foreach (var ring in bins.Select((b, i) => (b, i)).GroupBy(t => (int)Math.Round(t.b.R)))
        {
            var values = ring.Where(t => common[t.i] != 0).Select(t => log.Average(l => Math.Exp(common[t.i] + Dot(l, shape[t.i])))).ToArray();
            if (values.Length > 0) { halo[ring.Key] = values.Average(); }
        }
        return halo;
    }

    private bool IsPeak(float[] power, int i)
    {
        for (var dy = -1; dy <= 1; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
            {
                if (At(power, bins[i].X + dx, bins[i].Y + dy) > power[i]) { return false; }
            }
        }
        return true;
    }

    private Spot Centroid(float[] power, int i, double height, double chance)
    {
        double sum = 0, sx = 0, sy = 0;
        for (var dy = -1; dy <= 1; dy++)
        {
            for (var dx = -1; dx <= 1; dx++)
            {
                // Amplitudes of a Hann line are nearly a triangle, whose centroid is unbiased.
                var p = Math.Sqrt(At(power, bins[i].X + dx, bins[i].Y + dy));
                sum += p; sx += p * dx; sy += p * dy;
            }
        }
        return new((bins[i].X + (sx / sum)) / size, (bins[i].Y + (sy / sum)) / size, height, chance);
    }

    private int Place(int x, int y) => place[((y + size) % size * size) + ((x + size) % size)];

    private float At(float[] power, int x, int y) => Place(x, y) is >= 0 and var i ? power[i] : 0;

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var k = 0; k < a.Length; k++) { sum += a[k] * b[k]; }
        return sum;
    }

    private static void Add(double[,] a, double[] b, double[] row, double value)
    {
        for (var r = 0; r < row.Length; r++)
        {
            b[r] += row[r] * value;
            for (var c = 0; c < row.Length; c++) { a[r, c] += row[r] * row[c]; }
        }
    }

    private static double[,] Inverse(double[,] a) => MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(a).Inverse().ToArray();

    private static double[] Multiply(double[,] a, double[] b)
    {
        var result = new double[b.Length];
        for (var r = 0; r < b.Length; r++)
        {
            for (var c = 0; c < b.Length; c++) { result[r] += a[r, c] * b[c]; }
        }
        return result;
    }

    private static double Leverage(double[,] inverse, double[] row)
    {
        double sum = 0;
        for (var r = 0; r < row.Length; r++)
        {
            for (var c = 0; c < row.Length; c++) { sum += row[r] * inverse[r, c] * row[c]; }
        }
        return sum;
    }
}
