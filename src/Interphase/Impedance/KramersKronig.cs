using System.Numerics;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>What the residuals are taken against: the linear model fitted to both parts or to one, or the modulus that the phase asks for. The verdict is the same.</summary>
public enum KramersKronigMethod
{
    /// <summary>Both parts at once.</summary>
    Complex,

    /// <summary>The real part; the imaginary part is predicted from it.</summary>
    Real,

    /// <summary>The imaginary part; the real part is predicted from it up to a constant.</summary>
    Imaginary,

    /// <summary>No linear model: the modulus is predicted from the phase by <see cref="Impedance.ZHit"/>.</summary>
    ZHit,
}

/// <summary>Settings of <see cref="KramersKronig.Test"/>.</summary>
public readonly record struct KramersKronigOptions()
{
    /// <summary>The part the linear model is fitted to. The verdict does not depend on it.</summary>
    public KramersKronigMethod Method { get; init; } = KramersKronigMethod.Complex;

    /// <summary>RC elements of the linear model; 0: as many as the data support.</summary>
    public int Elements { get; init; }

    /// <summary>Whether a series capacitance is in the linear model.</summary>
    public bool Capacitance { get; init; } = true;

    /// <summary>Whether an inductance is in the linear model.</summary>
    public bool Inductance { get; init; } = true;

    /// <summary>Amplitude of the excitation, V, against which a drift of the stored potential is judged; null: as the file stores it, else <see cref="KramersKronig.AssumedAmplitude"/>.</summary>
    public double? Amplitude { get; init; }
}

/// <summary>A likely cause of a violation and where it acts.</summary>
/// <param name="Kind"><c>outlier</c>, <c>mains</c>, <c>step</c>, <c>drift</c> or <c>structure</c>.</param>
/// <param name="Frequencies">The frequencies affected, Hz.</param>
/// <param name="Statistic">Twice the logarithm of the evidence for this cause against none.</param>
/// <param name="Text">In words.</param>
public sealed record KramersKronigSuspect(string Kind, double[] Frequencies, double Statistic, string Text);

/// <summary>A range of frequencies, Hz.</summary>
public sealed record FrequencyWindow(double MinFrequency, double MaxFrequency);

/// <summary>What <see cref="KramersKronig.Test"/> found.</summary>
/// <param name="Spectrum">The spectrum tested.</param>
/// <param name="Options">The settings used.</param>
/// <param name="Elements">RC elements of the linear model.</param>
/// <param name="Mu">1 − Σ|R&lt;0|/Σ|R≥0| of the linear model (Schönleber et al. 2014): 1 without negative elements; small or negative when over-fitted or violated.</param>
/// <param name="ChiSquared">Σ of squared relative residuals of the linear model.</param>
/// <param name="ResidualsReal">(Z′ − model)/|Z|, in the order of the spectrum.</param>
/// <param name="ResidualsImaginary">(Z″ − model)/|Z|, in the order of the spectrum.</param>
/// <param name="NoisePercent">Standard deviation of the noise of either part, percent of |Z|.</param>
/// <param name="Valid">The verdict; null where there are too few points for one.</param>
/// <param name="Statistic">Twice the logarithm of the evidence for the strongest violation against none.</param>
/// <param name="PValue">Probability of a statistic this large from a valid spectrum.</param>
/// <param name="Keep">The frequencies that pass; null where none do.</param>
/// <param name="Suspects">Likely causes, strongest first.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record KramersKronigResult(
    ImpedanceSpectrum Spectrum, KramersKronigOptions Options, int Elements, double Mu, double ChiSquared,
    double[] ResidualsReal, double[] ResidualsImaginary, double NoisePercent, bool? Valid, double Statistic, double PValue,
    FrequencyWindow? Keep, IReadOnlyList<KramersKronigSuspect> Suspects, IReadOnlyList<Warning> Warnings);

/// <summary>
/// Is a spectrum that of a linear, stationary, causal system? The residuals of the linear Kramers–Kronig test
/// (Boukamp, J. Electrochem. Soc. 142 (1995) 1885; Schönleber, Klotz, Ivers-Tiffée, Electrochim. Acta 131 (2014) 20) are
/// given, and their structure, not their size, gives the verdict: see <see cref="KramersKronigStructure"/>.
/// </summary>
public static class KramersKronig
{
    /// <summary>Fewest points for a verdict.</summary>
    public const int FewestPoints = 12;

    /// <summary>Where neither the call nor the file says an amplitude, V.</summary>
    public const double AssumedAmplitude = 0.01;

    /// <summary>A statistic above this comes from a valid spectrum in 1 % of cases.</summary>
    public const double Threshold = KramersKronigStructure.Threshold;

    /// <summary>Tests one spectrum.</summary>
    /// <exception cref="InputException">A frequency or an impedance is not a usable number.</exception>
    public static KramersKronigResult Test(ImpedanceSpectrum spectrum, KramersKronigOptions options)
    {
        var points = SortedPoints.Of(spectrum);
        var n = points.Count;
        var warnings = new List<Warning>();
        var empty = new double[spectrum.Count];
        Array.Fill(empty, double.NaN);
        if (n < FewestPoints)
        {
            warnings.Add(new("valid", $"{n} points are too few for a verdict; at least {FewestPoints} are needed"));
            return new(spectrum, options, 0, double.NaN, double.NaN, empty, empty, double.NaN, null, double.NaN, double.NaN, null, [], warnings);
        }
        var real = new double[n];
        var imaginary = new double[n];
        var (elements, mu, chiSquared) = options.Method == KramersKronigMethod.ZHit
            ? FromPhase(spectrum, real, imaginary, warnings)
            : FromElements(points, options, real, imaginary);
        var structure = KramersKronigStructure.Of(points);
        var suspects = structure.Suspects.ToList();
        var keep = structure.Keep;
        var valid = suspects.Count == 0;
        if (PotentialDrift(spectrum, points, options.Amplitude) is { } drift)
        {
            if (options.Amplitude is null && spectrum.PointAmplitude is null)
            {
                warnings.Add(new("amplitude", $"the file does not say the amplitude of the excitation; the drift is judged against {1000 * AssumedAmplitude:F0} mV; give --amplitude"));
            }
            warnings.Add(new("suspects", drift.Text));
            if (drift.Statistic > 1)
            {
                suspects.Add(drift with { Statistic = double.NaN });
                valid = false;
                keep = keep is null ? null : Without(points, keep, drift.Frequencies);
            }
        }
        if (!valid && keep is null) { warnings.Add(new("keep", "no part of the spectrum passes the test")); }
        return new(spectrum, options, elements, mu, chiSquared, real, imaginary,
            100 * structure.Noise, valid, structure.Statistic, KramersKronigStructure.PValue(structure.Statistic), keep, suspects, warnings);
    }

    private static (int Elements, double Mu, double ChiSquared) FromElements(SortedPoints points, KramersKronigOptions options, double[] real, double[] imaginary)
    {
        var linear = LinearFit(points, options);
        for (var i = 0; i < points.Count; i++)
        {
            real[points.Order[i]] = linear.Residual[i];
            imaginary[points.Order[i]] = linear.Residual[points.Count + i];
        }
        return (linear.Elements, 1 - linear.NegativeShare, linear.SumOfSquares);
    }

    /// <summary>The measured phase with the modulus it asks for, taken off the measurement.</summary>
    private static (int Elements, double Mu, double ChiSquared) FromPhase(ImpedanceSpectrum spectrum, double[] real, double[] imaginary, List<Warning> warnings)
    {
        var hit = Impedance.ZHit.Reconstruct(spectrum, new());
        double sum = 0;
        for (var i = 0; i < spectrum.Count; i++)
        {
            var z = spectrum.Impedance[i];
            var residual = (1 - (hit.Modulus[i] / z.Magnitude)) * (z / z.Magnitude);
            (real[i], imaginary[i]) = (residual.Real, residual.Imaginary);
            sum += Math.Pow(residual.Magnitude, 2);
        }
        warnings.Add(new("elements", "Z-HIT has no elements and no mu"));
        warnings.AddRange(hit.Warnings);
        return (0, double.NaN, sum);
    }

    /// <summary>The keys and units of the command's JSON, for one spectrum.</summary>
    public static object Contract(this KramersKronigResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            r.Spectrum.File,
            r.Spectrum.Index,
            method = r.Options.Method == KramersKronigMethod.ZHit ? "z-hit" : r.Options.Method.ToString().ToLowerInvariant(),
            elements = r.Options.Method == KramersKronigMethod.ZHit || r.Elements == 0 ? (int?)null : r.Elements,
            r.Mu,
            r.ChiSquared,
            frequency = r.Spectrum.Frequency,
            r.ResidualsReal,
            r.ResidualsImaginary,
            r.NoisePercent,
            r.Valid,
            r.Statistic,
            threshold = Threshold,
            r.PValue,
            r.Keep,
            suspects = r.Suspects.Select(s => new { s.Kind, s.Frequencies, minFrequency = s.Frequencies.Min(), maxFrequency = s.Frequencies.Max(), s.Statistic, s.Text }).ToArray(),
            points = r.Spectrum.Count,
            amplitude = r.Options.Amplitude ?? (r.Spectrum.PointAmplitude is { Length: > 0 } stored ? stored.Order().ElementAt(stored.Length / 2) : double.NaN),
            r.Warnings,
        };
    }

    /// <summary>The keys and units of the command's JSON.</summary>
    public static object Contract(this IReadOnlyList<KramersKronigResult> results) => new { spectra = results.Select(r => r.Contract()).ToArray() };

    /// <summary>As many elements as lower the Bayesian information criterion (Schwarz 1978): fewer leave structure, more fit noise.</summary>
    private static KramersKronigModel LinearFit(SortedPoints points, KramersKronigOptions o)
    {
        var n = points.Count;
        KramersKronigModel Fit(int elements) => KramersKronigModel.Fit(points.Omega, points.Impedance, elements, 0, o.Capacitance, o.Inductance, o.Method);
        if (o.Elements > 0) { return Fit(Math.Min(o.Elements, n - 4)); }
        // The number is chosen on both parts at once: a single part cannot tell noise from what the other part would need.
        var best = double.PositiveInfinity;
        var chosen = 3;
        var worse = 0;
        for (var elements = 3; elements <= Math.Min(n - 4, 60) && worse < 8; elements += elements < 16 ? 1 : 2)
        {
            var m = KramersKronigModel.Fit(points.Omega, points.Impedance, elements, 0, o.Capacitance, o.Inductance);
            var bic = (2 * n * Math.Log(Math.Max(m.SumOfSquares, 1e-28))) + (m.Rank * Math.Log(2 * n));
            worse++;
            if (bic < best) { (best, chosen, worse) = (bic, elements, 0); }
        }
        return Fit(chosen);
    }

    /// <summary>Where the mean potential moved by more than a fifth of the amplitude from point to point; the largest ratio is the statistic.</summary>
    private static KramersKronigSuspect? PotentialDrift(ImpedanceSpectrum spectrum, SortedPoints points, double? given)
    {
        if (spectrum.PointPotential is not { } potential || given <= 0) { return null; }
        var affected = new List<double>();
        double worst = 0, against = 0;
        for (var i = 0; i < points.Count; i++)
        {
            var stored = spectrum.PointAmplitude?[points.Order[i]];
            var amplitude = given ?? (stored > 0 ? stored.Value : AssumedAmplitude);
            var before = potential[points.Order[Math.Max(i - 1, 0)]];
            var after = potential[points.Order[Math.Min(i + 1, points.Count - 1)]];
            var moved = Math.Abs(after - before) / (i == 0 || i == points.Count - 1 ? 1 : 2) / amplitude;
            if (!(moved > 0.2)) { continue; }
            affected.Add(points.Frequency[i]);
            if (moved > worst) { (worst, against) = (moved, amplitude); }
        }
        return affected.Count == 0 ? null : new("drift", [.. affected], worst,
            $"the potential moved by up to {100 * worst:F0} % of the amplitude ({against * 1000:G3} mV{(given is null && spectrum.PointAmplitude is not null ? ", as stored" : "")}) between neighbouring points, from {affected.Min():G3} to {affected.Max():G3} Hz");
    }

    /// <summary>The part of the window with most points that holds none of the frequencies.</summary>
    private static FrequencyWindow? Without(SortedPoints points, FrequencyWindow keep, double[] frequencies)
    {
        double[] best = [];
        List<double> run = [];
        foreach (var f in points.Frequency.Where(f => f <= keep.MaxFrequency && f >= keep.MinFrequency))
        {
            if (frequencies.Contains(f)) { run.Clear(); continue; }
            run.Add(f);
            if (run.Count > best.Length) { best = [.. run]; }
        }
        return best.Length >= FewestPoints ? new(best[^1], best[0]) : null;
    }
}

/// <summary>The points of a spectrum from high to low frequency, checked.</summary>
internal sealed record SortedPoints(double[] Frequency, double[] Omega, Complex[] Impedance, int[] Order)
{
    public int Count => Frequency.Length;

    /// <exception cref="InputException">A frequency is not positive, or an impedance is zero or not a number.</exception>
    public static SortedPoints Of(ImpedanceSpectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        for (var i = 0; i < spectrum.Count; i++)
        {
            var (f, z) = (spectrum.Frequency[i], spectrum.Impedance[i]);
            if (!(f > 0) || !double.IsFinite(f) || !double.IsFinite(z.Real) || !double.IsFinite(z.Imaginary) || z == Complex.Zero)
            {
                throw new InputException($"point {i + 1} has frequency {f} Hz and impedance {z.Real} {z.Imaginary:+0.###;-0.###}j ohm", spectrum.File, "remove the point or correct the file");
            }
        }
        int[] order = [.. Enumerable.Range(0, spectrum.Count).OrderByDescending(i => spectrum.Frequency[i]).ThenBy(i => spectrum.Impedance[i].Real).ThenBy(i => spectrum.Impedance[i].Imaginary)];
        double[] frequency = [.. order.Select(i => spectrum.Frequency[i])];
        return new(frequency, [.. frequency.Select(f => 2 * Math.PI * f)], [.. order.Select(i => spectrum.Impedance[i])], order);
    }

    /// <summary>The points from <paramref name="keep"/> only; <see cref="Order"/> then counts among these points.</summary>
    public SortedPoints Where(Func<int, bool> keep)
    {
        int[] rows = [.. Enumerable.Range(0, Count).Where(keep)];
        return new([.. rows.Select(i => Frequency[i])], [.. rows.Select(i => Omega[i])], [.. rows.Select(i => Impedance[i])], [.. rows.Select(i => Order[i])]);
    }
}
