using Interphase.Measurements;
using Interphase.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>A maximum over the radius: where, how wide, how high over what lies beside it, how it is spread over the angle.</summary>
internal sealed record RadialPeak(double Radius, double Error, double Width, double Height, double Angular, double Filled);

/// <summary>A part of the angle of a ring: its middle (radians), its profile as so much of the mean one and of the mean one's slope, and its weight.</summary>
internal readonly record struct RingSector(double Angle, double Amplitude, double Slope, double Weight);

/// <summary>A pattern by radius (of the ellipse's mean circle) and angle. The median over the angle does not see spots and a beam stop, the mean does.</summary>
internal sealed class RadialProfile
{
    private const int Angles = 180;

    /// <summary>Widths, as shares of the radius: of what can be a ring, and between the knots of what is smooth.</summary>
    private const double Sharp = 0.16, Knots = 0.11;

    /// <summary>Share of the middle intensity under which the outer tail says nothing of a halo, and of the smooth part that a line has to exceed.</summary>
    private const double Floor = 0.1, Least = 0.04;
    private readonly double[,] polar;

    private RadialProfile(double[] radius, double[] median, double[] mean, double[,] polar, double lopsided) => (Radius, Median, Mean, this.polar, Lopsided) = (radius, median, mean, polar, lopsided);

    public double[] Radius { get; }

    public double[] Median { get; }

    public double[] Mean { get; }

    /// <summary>Where the central beam or the shadow of its stop ends.</summary>
    public int Begins => Begin(Array.FindLastIndex(Mean, double.IsFinite));

    /// <summary>Share of the twofold angle in the intensity at middle radii: great where the centre is none.</summary>
    public double Lopsided { get; }

    /// <param name="image">The pattern.</param>
    /// <param name="cx">Its centre.</param>
    /// <param name="cy">From the top.</param>
    /// <param name="cos">Of the ellipse: the logarithm of its long over its short axis times the cosine of twice the long one's direction.</param>
    /// <param name="sin">The same with the sine.</param>
    /// <param name="hidden">Pixels that are left out.</param>
    public static RadialProfile Of(Micrograph image, double cx, double cy, double cos, double sin, bool[]? hidden = null)
    {
        // Rings that are cut by the border count as far as half of them is seen.
        var reach = (int)new[] { Math.Max(cx, image.Width - 1 - cx), Math.Max(cy, image.Height - 1 - cy) }.Min() - 1;
        var least = image.Pixels.Min();
        var polar = new double[reach, Angles];
        var (median, mean) = (new double[reach], new double[reach]);
        double c2 = 0, s2 = 0, c0 = 0;
        var log = Math.Sqrt((cos * cos) + (sin * sin));
        var (cosh, sinh) = (Math.Cosh(log), log > 0 ? Math.Sinh(log) / log : 1);
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
                    var radius = (r + 0.5) / Math.Sqrt(cosh - (sinh * ((cos * Math.Cos(2 * angle)) + (sin * Math.Sin(2 * angle)))));
                    if (Sample(image, cx + (radius * Math.Cos(angle)), cy + (radius * Math.Sin(angle)), hidden) is { } v) { sum += v - least; n++; }
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

    /// <summary>Maxima of the mean over the angle that stand out of the smooth part by five standard errors and four hundredths and are sharper than it can be, from the centre outwards.</summary>
    public IReadOnlyList<RadialPeak> Peaks()
    {
        var smooth = Smooth(Mean, Knots, []);
        var from = Array.FindIndex(smooth, double.IsFinite);
        var to = Array.FindLastIndex(smooth, double.IsFinite);
        var peaks = new List<RadialPeak>();
        if (from < 0) { return peaks; }
        var net = Mean.Zip(smooth, (m, b) => m - b).ToArray();
        var noise = Enumerable.Range(0, net.Length).Select(r => r >= from && r <= to ? Noise(r) : double.NaN).ToArray();
        for (var r = from + 2; r < to - 1; r++)
        {
            if (!(net[r] > net[r - 1] && net[r] >= net[r + 1]) || net[r] < 5 * noise[r] || net[r] < Least * smooth[r]) { continue; }
            double low = r, high = r;
            while (low > from && net[(int)low] > net[r] / 2) { low--; }
            while (high < to && net[(int)high] > net[r] / 2) { high++; }
            if (high - low - 1 > Math.Max(6, Sharp * r)) { continue; }
            // A maximum on the flank of a higher one counts where the valley between them is real.
            var before = peaks.Count == 0 ? from : Math.Clamp((int)peaks[^1].Radius, from, r);
            var valley = Enumerable.Range(before, r - before + 1).Min(i => net[i]);
            if (peaks.Count > 0 && Math.Min(net[r], peaks[^1].Height) - valley < 4 * noise[r] && r - before < 0.2 * r)
            {
                if (net[r] <= peaks[^1].Height) { continue; }
                peaks.RemoveAt(peaks.Count - 1);
            }
            var (angular, filled) = OverTheAngle(r, smooth[r]);
            var (curve, width) = (net[r - 1] + net[r + 1] - (2 * net[r]), Math.Max(1.5, high - low - 1));
            peaks.Add(new(r + 0.5 + (curve < 0 ? Math.Clamp(0.5 * (net[r - 1] - net[r + 1]) / curve, -0.5, 0.5) : 0), 0.4 * width * noise[r] / net[r], width, net[r], angular, filled));
        }
        return peaks;
    }

    /// <summary>How far the smooth part rises over the curve that only bends outwards below it: 0 for tails of the beam and diffuse scattering, large for the halo of an amorphous part.</summary>
    /// <param name="peaks">Maxima that are no part of it.</param>
    /// <param name="from">Radius inside which nothing is a halo, pixels.</param>
    public double Halo(IReadOnlyList<RadialPeak> peaks, double from = 0)
    {
        var smooth = Smooth(Median, 2 * Knots, peaks);
        var floor = Floor * smooth.Where(v => v > 0).DefaultIfEmpty(0).Median();
        var at = Enumerable.Range(0, smooth.Length).Where(i => smooth[i] > 0 && Radius[i] >= from).Select(i => (R: Radius[i], L: Math.Log(smooth[i] + floor))).ToArray();
        if (at.Length < 8) { return 0; }
        // The lower convex envelope of the logarithm over the radius.
        var hull = new List<(double R, double L)>();
        foreach (var p in at)
        {
            while (hull.Count > 1 && (hull[^1].L - hull[^2].L) * (p.R - hull[^2].R) >= (p.L - hull[^2].L) * (hull[^1].R - hull[^2].R)) { hull.RemoveAt(hull.Count - 1); }
            hull.Add(p);
        }
        var (best, k) = (0.0, 0);
        foreach (var p in at)
        {
            while (k + 2 < hull.Count && hull[k + 1].R < p.R) { k++; }
            best = Math.Max(best, p.L - (hull[k].L + ((hull[k + 1].L - hull[k].L) * (p.R - hull[k].R) / (hull[k + 1].R - hull[k].R))));
        }
        return Math.Exp(best) - 1;
    }

    /// <summary>
    /// The smooth part of the mean: a cubic spline in the logarithms of intensity and radius whose knots are too far apart to follow
    /// anything sharper than a halo, drawn to the valleys by giving little weight to what stands above it.
    /// </summary>
    private double[] Smooth(double[] profile, double spacing, IReadOnlyList<RadialPeak> without)
    {
        var last = Array.FindLastIndex(profile, double.IsFinite);
        var result = new double[profile.Length];
        Array.Fill(result, double.NaN);
        var first = Begin(last);
        var n = last - first + 1;
        if (n < 12) { return result; }
        var knots = Math.Max(3, (int)Math.Ceiling(Math.Log((last + 0.5) / (first + 0.5)) / spacing));
        var step = Math.Log((last + 0.5) / (first + 0.5)) / knots;
        var basis = Matrix<double>.Build.Dense(n, knots + 3);
        for (var i = 0; i < n; i++)
        {
            var u = Math.Min(knots - 1e-9, Math.Log(Radius[first + i] / (first + 0.5)) / step);
            var (k, t) = ((int)u, u - (int)u);
            basis[i, k] = Math.Pow(1 - t, 3) / 6;
            basis[i, k + 1] = ((3 * t * t * t) - (6 * t * t) + 4) / 6;
            basis[i, k + 2] = ((-3 * t * t * t) + (3 * t * t) + (3 * t) + 1) / 6;
            basis[i, k + 3] = t * t * t / 6;
        }
        var dark = 1e-6 * Enumerable.Range(first, n).Select(r => profile[r]).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (!(dark > 0)) { return result; }
        // A circle of which nothing is seen says nothing.
        double[] seen = [.. Enumerable.Range(first, n).Select(r => double.IsFinite(profile[r]) ? Math.Max(profile[r], dark) : double.NaN)];
        var level = seen.Select(v => double.IsNaN(v) ? 0 : Math.Log(v)).ToArray();
        var error = seen.Select((v, i) => double.IsNaN(v) ? 1e9 : Noise(first + i) is var e && double.IsFinite(e) ? Math.Max(0.003, e / v) : 1).ToArray();
        var weight = error.Select(e => 1 / (e * e)).ToArray();
        for (var i = 0; i < n; i++)
        {
            if (without.Any(p => Math.Abs(p.Radius - Radius[first + i]) < Math.Max(2.5, 1.2 * p.Width))) { error[i] *= 1000; weight[i] *= 1e-6; }
        }
        double[] curve = [];
        for (var pass = 0; pass < 30; pass++)
        {
            var w = Vector<double>.Build.Dense(n, i => weight[i]);
            var left = basis.TransposeThisAndMultiply(basis.MapIndexed((i, _, v) => v * w[i]));
            // Where nothing is known, as straight as may be.
            var stiff = 1e-4 * Enumerable.Range(0, knots + 3).Max(k => left[k, k]);
            for (var k = 1; k + 1 < knots + 3; k++)
            {
                foreach (var (a, b, v) in new[] { (-1, -1, 1.0), (0, 0, 4.0), (1, 1, 1.0), (-1, 0, -2.0), (0, -1, -2.0), (0, 1, -2.0), (1, 0, -2.0), (-1, 1, 1.0), (1, -1, 1.0) }) { left[k + a, k + b] += stiff * v; }
            }
            for (var k = 0; k < knots + 3; k++) { left[k, k] += 1e-9 * (1 + left[k, k]); }
            var right = basis.TransposeThisAndMultiply(Vector<double>.Build.Dense(n, i => weight[i] * level[i]));
            curve = (basis * left.Cholesky().Solve(right)).ToArray();
            for (var i = 0; i < n; i++)
            {
                var z = (level[i] - curve[i]) / error[i];
                weight[i] = 1 / (error[i] * error[i]) / (z > 2 ? 1 + Math.Pow(z - 2, 2) : 1);
            }
        }
        for (var i = 0; i < n; i++) { result[first + i] = Math.Exp(curve[i]); }
        return result;
    }

    /// <summary>Where the central beam or the shadow of its stop ends: inside, the profile falls or rises faster than scattering does.</summary>
    private int Begin(int last)
    {
        var r = Math.Max(8, last / 5);
        while (r > 4)
        {
            // Over a span that no ring makes steep.
            var span = Math.Max(1, (int)Math.Round(0.2 * r));
            var slope = (Math.Log(Math.Max(Mean[r + span], 1e-300)) - Math.Log(Math.Max(Mean[r - span], 1e-300))) * Radius[r] / (2 * span);
            if (slope is < -6 or > 4 || !double.IsFinite(slope)) { return r + 2; }
            r--;
        }
        return r;
    }

    /// <summary>Errors of lines' places from parts of the angle left out in turn (jackknife), with Student's t for so few parts in them: a few grains tell less of a place than their electrons do.</summary>
    private double[] Scatter(RingFit whole, int lines)
    {
        const int parts = 18;
        var places = new List<double[]>();
        var mean = new double[Mean.Length];
        for (var part = 0; part < parts; part++)
        {
            foreach (var r in whole.Window)
            {
                double sum = 0;
                var n = 0;
                for (var a = 0; a < Angles; a++)
                {
                    if (a * parts / Angles == part || !double.IsFinite(polar[r, a])) { continue; }
                    sum += polar[r, a];
                    n++;
                }
                mean[r] = n == 0 ? Mean[r] : sum / n;
            }
            var fit = whole.Again(mean);
            places.Add([.. Enumerable.Range(0, lines).Select(fit.Centre)]);
        }
        return [.. Enumerable.Range(0, lines).Select(k => Jackknife.StandardError([.. places.Select(p => p[k])]) * StudentsT.Widening(parts - 1))];
    }

    /// <summary>Every maximum of the mean that stands out of its own valleys by five standard errors and two hundredths, sharp or, beside sharp ones, what lies between them.</summary>
    public IReadOnlyList<RadialPeak> Lines()
    {
        // Lines that overlap are fitted together, but no more than these at once.
        const int most = 5;
        var noise = Enumerable.Range(0, Mean.Length).Select(r => double.IsFinite(Mean[r]) ? Noise(r) : double.NaN).ToArray();
        RadialPeak[] lines = [.. Maxima(Mean).Where(p => p.Radius >= 1 && p.Radius < Mean.Length - 1 && p.Height > 5 * noise[(int)p.Radius] && p.Height > 0.02 * Mean[(int)p.Radius] && !(p.Width > 0.12 * p.Radius && p.Width > 8 && p.Angular < 1)).OrderBy(p => p.Radius)];
        var placed = new List<RadialPeak>();
        for (var (i, n) = (0, 1); i < lines.Length; i += n, n = 1)
        {
            while (n < most && i + n < lines.Length && lines[i + n].Radius - lines[i + n - 1].Radius < 3 + (2 * Math.Min(lines[i + n].Width, lines[i + n - 1].Width))) { n++; }
            var group = lines[i..(i + n)];
            var fit = RingFit.Of(Mean, noise, [.. group.Select(p => ((int)p.Radius, p.Width))]);
            var errors = fit is null ? [] : Scatter(fit, n);
            placed.AddRange(group.Select((p, k) => fit?.Placed(k) == true ? p with { Radius = fit.Centre(k), Error = errors[k] } : p with { Error = Math.Max(p.Error, 0.15 * p.Width) }));
        }
        return placed;
    }

    /// <summary>The ring of the median profile that stands out most.</summary>
    public RadialPeak? Strongest() => Maxima(Median).Where(p => p.Radius > 0.06 * Radius.Length && p.Height > 5 * Noise((int)p.Radius) && p.Height > 0.05 * Median[(int)p.Radius]).MaxBy(p => p.Height * Math.Sqrt(p.Radius) / p.Width);

    /// <summary>
    /// How unevenly a ring is filled: |Σ I e^(inφ)|/Σ I of what stands over its surroundings. The mean over the angle sees a
    /// displaced centre (n = 1) or an ellipse (n = 2) by this share; none for a full circle, all for one spot.
    /// </summary>
    public double Unevenness(double radius, int harmonic)
    {
        var r = Math.Clamp((int)radius, 3, Radius.Length - 4);
        double real = 0, imaginary = 0, sum = 0;
        for (var a = 0; a < Angles; a++)
        {
            var over = polar[r - 1, a] + polar[r, a] + polar[r + 1, a] - (1.5 * (polar[r - 3, a] + polar[r + 3, a]));
            if (!double.IsFinite(over)) { continue; }
            var (sin, cos) = Math.SinCos(2 * Math.PI * harmonic * a / Angles);
            sum += over;
            real += over * cos;
            imaginary += over * sin;
        }
        return sum > 0 ? Math.Min(1, Math.Sqrt((real * real) + (imaginary * imaginary)) / sum) : 1;
    }

    /// <summary>
    /// How far the ring is displaced in each sector: the sector's profile is fitted by amplitude A times the mean one, D times its slope
    /// and a straight line, so that its displacement is -D/A. With each its weight, from the intensity that makes the noise. Of what should be
    /// even around, sectors that are darker than others at any radius are left out with those beside them: the edge of a beam stop is no displacement.
    /// </summary>
    public IReadOnlyList<RingSector> Displacements(double radius, double reach, int sectors, bool even)
    {
        int from = Math.Max(2, (int)(radius - reach)), to = Math.Min(Radius.Length - 3, (int)(radius + reach)), n = to - from + 1;
        var found = new List<RingSector>();
        if (n < 6 || Enumerable.Range(from - 1, n + 2).Any(r => !(Mean[r] > 0))) { return found; }
        var line = Mean[from..(to + 1)];
        var (floor, total) = (line.Min(), line.Sum());
        var rows = Matrix<double>.Build.Dense(n, 4, (i, k) => k == 0 ? line[i] - floor : k == 1 ? (Mean[from + i + 1] - Mean[from + i - 1]) / 2 : k == 2 ? 1 : from + i + 0.5 - radius);
        var weighted = rows.MapIndexed((i, _, v) => v / line[i]);
        var normal = weighted.TransposeThisAndMultiply(rows);
        if (!(normal.ConditionNumber() < 1e14)) { return found; }
        var solve = normal.Inverse() * weighted.Transpose();
        var thirds = new double[3][];
        for (var k = 0; k < 3; k++) { thirds[k] = new double[sectors]; }
        for (var s = 0; s < sectors; s++)
        {
            int first = s * Angles / sectors, end = (s + 1) * Angles / sectors;
            double[] seen = [.. Enumerable.Range(from, n).Select(r => Enumerable.Range(first, end - first).Select(a => polar[r, a]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())];
            for (var k = 0; k < 3; k++) { thirds[k][s] = seen[(k * n / 3)..((k + 1) * n / 3)].Sum(); }
            if (seen.Any(double.IsNaN)) { continue; }
            var fit = solve * Vector<double>.Build.DenseOfArray(seen);
            found.Add(new(Math.PI * (first + end - 1) / Angles, Math.Max(0, fit[0]), fit[1], 1 / Math.Max(0.1, seen.Sum() / total)));
        }
        if (!even) { return found; }
        var dark = new bool[sectors];
        foreach (var third in thirds)
        {
            var median = third.Median();
            var least = median - Math.Max(0.25 * median, 3.5 * 1.4826 * third.Select(v => Math.Abs(v - median)).Median());
            for (var s = 0; s < sectors; s++) { dark[s] |= !(third[s] >= least); }
        }
        return [.. found.Where(f => (int)(f.Angle / (2 * Math.PI) * sectors) is var s && !dark[s] && !dark[(s + 1) % sectors] && !dark[(s + sectors - 1) % sectors])];
    }

    /// <summary>Error of the mean over the angle from what is no spot: the lower nine tenths, whose variance is 0.62 of the whole for normal noise; with few electrons all of it.</summary>
    private double Noise(int r)
    {
        var values = Row(r).Order().ToArray();
        if (values.Length < 10) { return double.PositiveInfinity; }
        var lower = values[..(9 * values.Length / 10)];
        var spread = Math.Max(1.4826 * values.Select(v => Math.Abs(v - Median[r])).Median(), Math.Sqrt(lower.Variance() / 0.62));
        if (lower[^1] <= lower[0]) { spread = Math.Sqrt(values.Variance()); }
        return Math.Max(spread / Math.Sqrt(values.Length), 1e-3 * Median[r]);
    }

    private IEnumerable<double> Row(int r) => Enumerable.Range(0, Angles).Select(a => polar[Math.Clamp(r, 0, Radius.Length - 1), a]).Where(double.IsFinite);

    /// <summary>Of what stands over a level: its variance over the angle over the square of its mean, and its median over its mean, which spots leave near zero.</summary>
    private (double Variance, double Filled) OverTheAngle(int r, double level)
    {
        var over = Row(r).Select(v => v - level).ToArray();
        var mean = over.Average();
        return mean > 0 ? (over.Variance() / (mean * mean), Math.Clamp(over.Median() / mean, 0, 1)) : (0, 0);
    }

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
            var centre = r + 0.5 + (a + c - (2 * b) < 0 ? Math.Clamp(0.5 * (a - c) / (a + c - (2 * b)), -0.5, 0.5) : 0);
            var width = Math.Max(1.5, high - low - 1);
            // A halo cut off by the border is no ring.
            if (right > last - 3 && r + (1.5 * width) > last) { continue; }
            var (angular, filled) = OverTheAngle(r, Base(r));
            yield return new(centre, Math.Max(0.05, 0.4 * width * Noise(r) / height), width, height, angular, filled);
        }
    }

    private static double? Sample(Micrograph image, double x, double y, bool[]? hidden)
    {
        int x0 = (int)Math.Floor(x), y0 = (int)Math.Floor(y);
        if (x0 < 0 || y0 < 0 || x0 + 1 >= image.Width || y0 + 1 >= image.Height) { return null; }
        if (hidden is not null && hidden[((y - y0 < 0.5 ? y0 : y0 + 1) * image.Width) + (x - x0 < 0.5 ? x0 : x0 + 1)]) { return null; }
        double u = x - x0, v = y - y0;
        return (image[x0, y0] * (1 - u) * (1 - v)) + (image[x0 + 1, y0] * u * (1 - v)) + (image[x0, y0 + 1] * (1 - u) * v) + (image[x0 + 1, y0 + 1] * u * v);
    }
}
