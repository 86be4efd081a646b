using Interphase.Measurements;
using Interphase.Tests.Cycling;

namespace Interphase.Tests.Voltammetry;

/// <summary>
/// Voltammograms with known truth: peaks of several shapes over a capacitive and ohmic background, with what instruments add.
/// The truth is the maximum of the current without any of that, found on a grid a hundred times finer than the rows.
/// </summary>
internal sealed record MadeVoltammogram
{
    public required Func<double, double> Anodic { get; init; }
    public required Func<double, double> Cathodic { get; init; }
    public double Low { get; init; } = 3;
    public double High { get; init; } = 4.2;
    public double Rate { get; init; } = 1e-4;
    public double Step { get; init; } = 1e-3;
    public int Cycles { get; init; } = 2;
    public double Noise { get; init; }

    /// <summary>Share of the noise that neighbouring rows have in common.</summary>
    public double Correlation { get; init; }

    /// <summary>Amplitude of a hum of seven rows' period, A.</summary>
    public double Hum { get; init; }

    /// <summary>The instrument changes its range at this current and reads this much more above it, A.</summary>
    public (double At, double Offset) RangeSwitch { get; init; } = (double.PositiveInfinity, 0);

    /// <summary>Every so many rows one row is wild.</summary>
    public int WildEvery { get; init; }

    public double Quantum { get; init; }
    public int Seed { get; init; } = 1;

    public double Peak(int direction)
    {
        var f = direction > 0 ? Anodic : e => -Cathodic(e);
        var (best, at) = (double.NegativeInfinity, 0.0);
        for (var e = Low + (0.03 * (High - Low)); e < High - (0.03 * (High - Low)); e += 1e-5)
        {
            if (f(e) > best) { (best, at) = (f(e), e); }
        }
        return at;
    }

    public TimeSeries Series()
    {
        var (t, i, e) = (new List<double>(), new List<double>(), new List<double>());
        var random = new Random(Seed);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double now = 0, noise = 0;
        void Add(double potential, double value)
        {
            noise = (Correlation * noise) + (Math.Sqrt(1 - (Correlation * Correlation)) * Noise * Gauss());
            var read = value + noise + (Hum * Math.Sin(2 * Math.PI * t.Count / 7.0)) + (Math.Abs(value) > RangeSwitch.At ? Math.Sign(value) * RangeSwitch.Offset : 0);
            if (WildEvery > 0 && t.Count % WildEvery == WildEvery / 2) { read += (random.NextDouble() < 0.5 ? -1 : 1) * 0.3 * Math.Max(Math.Abs(value), 1e-4); }
            t.Add(now);
            e.Add(potential);
            i.Add(Quantum > 0 ? Math.Round(read / Quantum) * Quantum : read);
            now += Step / Rate;
        }
        var n = (int)Math.Round((High - Low) / Step);
        for (var c = 0; c < Cycles; c++)
        {
            for (var k = 0; k < n; k++) { Add(Low + (k * Step), Anodic(Low + (k * Step))); }
            for (var k = 0; k < n; k++) { Add(High - (k * Step), Cathodic(High - (k * Step))); }
        }
        return MadeSeries.Make([.. t], [.. i], [.. e]);
    }

    public static double Bell(double e, double at, double width) => Math.Exp(-0.5 * Math.Pow((e - at) / width, 2));

    /// <summary>A bell with a tail of length <paramref name="tail"/> behind it, as intercalation peaks have.</summary>
    public static double Tailed(double e, double at, double width, double tail)
    {
        // The two-sided form: rise as a bell, fall as bell and exponential, smooth at the top.
        var u = (e - at) / width;
        return u <= 0 ? Math.Exp(-0.5 * u * u) : 1 / (1 + (0.5 * u * u) + (tail * u * u * u * u / 24));
    }

    /// <summary>Reversible surface couple: sech² of width 3.53 RT/F (E. Laviron, J. Electroanal. Chem. 52 (1974) 395).</summary>
    public static double Surface(double e, double at, double width) => 1 / Math.Pow(Math.Cosh((e - at) / width), 2);

    private static readonly double[] WaveForward = Wave();

    private const double WaveStep = 0.02, WaveFrom = -16;

    /// <summary>Reversible diffusion to a plane, in units of its peak; ξ = F (E − E½)/(RT) seen along the sweep. The peak is at ξ = 1.109 and 0.4463 high (R. S. Nicholson and I. Shain, Anal. Chem. 36 (1964) 706).</summary>
    public static double Diffusion(double xi)
    {
        var x = (xi - WaveFrom) / WaveStep;
        if (x < 1) { return 0; }
        var k = Math.Min((int)x, WaveForward.Length - 2);
        return (WaveForward[k] + ((x - k) * (WaveForward[k + 1] - WaveForward[k]))) / 0.4463;
    }

    /// <summary>The half derivative of the surface concentration, by Grünwald's sum.</summary>
    private static double[] Wave()
    {
        const int n = 3000;
        var weights = new double[n];
        weights[0] = 1;
        for (var k = 1; k < n; k++) { weights[k] = weights[k - 1] * (k - 1.5) / k; }
        var m = Enumerable.Range(0, n).Select(k => 1 / (1 + Math.Exp(-(WaveFrom + (k * WaveStep))))).ToArray();
        var wave = new double[n];
        for (var k = 0; k < n; k++)
        {
            double sum = 0;
            for (var j = 0; j <= k; j++) { sum += weights[j] * (m[k - j] - m[0]); }
            // The sum belongs to the middle of half a step earlier; its first-order error is that shift.
            wave[k] = sum / Math.Sqrt(WaveStep);
        }
        return wave;
    }
}
