using System.Numerics;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>Settings of <see cref="ZHit.Reconstruct"/>.</summary>
public readonly record struct ZHitOptions()
{
    /// <summary>Half width of the local fits of the phase, decades.</summary>
    public double Smoothing { get; init; } = 0.3;

    /// <summary>The level of ln|Z| is taken over these frequencies, Hz, which drift least; (0, 0): chosen from 1 Hz to 1 kHz where the spectrum reaches there.</summary>
    public (double Low, double High) Level { get; init; }
}

/// <summary>What <see cref="ZHit.Reconstruct"/> found.</summary>
/// <param name="Spectrum">The spectrum.</param>
/// <param name="Options">The settings used.</param>
/// <param name="Modulus">|Z| from the phase, ohm, in the order of the spectrum.</param>
/// <param name="ResidualPercent">100·(|Z| measured / |Z| from the phase − 1), in the order of the spectrum.</param>
/// <param name="Level">The frequencies over which both were made equal, Hz.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record ZHitResult(ImpedanceSpectrum Spectrum, ZHitOptions Options, double[] Modulus, double[] ResidualPercent, FrequencyWindow Level, IReadOnlyList<Warning> Warnings);

/// <summary>
/// Z-HIT: the modulus from the phase,
/// ln|Z(ω₀)| = const + (2/π) ∫ φ d ln ω + γ dφ/d ln ω, γ = −π/6
/// (Ehm, Göhr, Kaus, Röseler, Schiller, ACH – Models Chem. 137 (2000) 145). The phase is taken at nearly one moment at each
/// frequency; the modulus drifts. Where the two disagree the cell changed.
/// </summary>
/// <remarks>A local relation: exact for constant-phase elements, better than about 1 % for arcs, worst where the phase turns sharply.</remarks>
public static class ZHit
{
    private const double Gamma = -Math.PI / 6;

    /// <summary>Reconstructs the modulus of one spectrum from its phase.</summary>
    /// <exception cref="InputException">Fewer than 8 points, or a point is no usable number.</exception>
    public static ZHitResult Reconstruct(ImpedanceSpectrum spectrum, ZHitOptions options)
    {
        var p = SortedPoints.Of(spectrum);
        var n = p.Count;
        if (n < 8) { throw new InputException($"{n} points are too few for Z-HIT", spectrum.File, "measure at least 8"); }
        double[] x = [.. p.Omega.Select(w => Math.Log(w))];
        var phase = Unwrapped(p.Impedance);
        var smooth = new double[n];
        var slope = new double[n];
        for (var i = 0; i < n; i++) { (smooth[i], slope[i]) = Local(x, phase, x[i], Math.Max(options.Smoothing, 1e-3) * Math.Log(10)); }
        var ln = new double[n];
        double integral = 0;
        for (var i = 0; i < n; i++)
        {
            if (i > 0)
            {
                // Hermite: the slopes are known as well.
                var h = x[i] - x[i - 1];
                integral += (h / 2 * (smooth[i - 1] + smooth[i])) + (h * h / 12 * (slope[i - 1] - slope[i]));
            }
            ln[i] = (2 / Math.PI * integral) + (Gamma * slope[i]);
        }
        var (low, high) = options.Level is { High: > 0 } given ? given : (1.0, 1000.0);
        int[] level = [.. Enumerable.Range(0, n).Where(i => p.Frequency[i] >= low && p.Frequency[i] <= high)];
        List<Warning> warnings = [];
        if (level.Length < 3)
        {
            level = [.. Enumerable.Range(n / 4, Math.Max(3, n / 2))];
            warnings.Add(new("level", $"fewer than 3 points lie between {low:G3} and {high:G3} Hz; the level is taken over the middle half of the points"));
        }
        var offset = level.Average(i => Math.Log(p.Impedance[i].Magnitude) - ln[i]);
        var modulus = new double[n];
        var residual = new double[n];
        for (var i = 0; i < n; i++)
        {
            modulus[p.Order[i]] = Math.Exp(ln[i] + offset);
            residual[p.Order[i]] = 100 * ((p.Impedance[i].Magnitude / modulus[p.Order[i]]) - 1);
        }
        return new(spectrum, options, modulus, residual, new(p.Frequency[level[^1]], p.Frequency[level[0]]), warnings);
    }

    private static double[] Unwrapped(Complex[] z)
    {
        var phase = new double[z.Length];
        for (var i = 0; i < z.Length; i++)
        {
            phase[i] = z[i].Phase;
            if (i > 0) { phase[i] -= 2 * Math.PI * Math.Round((phase[i] - phase[i - 1]) / (2 * Math.PI)); }
        }
        return phase;
    }

    /// <summary>Value and slope at <paramref name="at"/> of a parabola fitted nearby with weights (1 − u²)².</summary>
    private static (double Value, double Slope) Local(double[] x, double[] y, double at, double half)
    {
        // At least five points have a say, whatever their distance.
        half = Math.Max(half, x.Select(v => Math.Abs(v - at)).Order().ElementAt(Math.Min(5, x.Length - 1)) * 1.001);
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, t0 = 0, t1 = 0, t2 = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var u = (x[i] - at) / half;
            if (Math.Abs(u) >= 1) { continue; }
            var w = (1 - (u * u)) * (1 - (u * u));
            s0 += w; s1 += w * u; s2 += w * u * u; s3 += w * u * u * u; s4 += w * u * u * u * u;
            t0 += w * y[i]; t1 += w * u * y[i]; t2 += w * u * u * y[i];
        }
        var d = (s0 * ((s2 * s4) - (s3 * s3))) - (s1 * ((s1 * s4) - (s2 * s3))) + (s2 * ((s1 * s3) - (s2 * s2)));
        if (!(Math.Abs(d) > 1e-12)) { return (t0 / s0, 0); }
        var a = ((t0 * ((s2 * s4) - (s3 * s3))) - (s1 * ((t1 * s4) - (s3 * t2))) + (s2 * ((t1 * s3) - (s2 * t2)))) / d;
        var b = ((s0 * ((t1 * s4) - (s3 * t2))) - (t0 * ((s1 * s4) - (s2 * s3))) + (s2 * ((s1 * t2) - (t1 * s2)))) / d;
        return (a, b / half);
    }
}
