using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>One heating of a thermal curve, made ready: one rate, spikes removed, exothermic positive.</summary>
internal sealed record ThermalRun(string File, double[] Temperature, double[]? Mass, double[]? HeatFlow, double Rate, double Seconds)
{
    /// <summary>Single points of mass and heat flow that stood out and were replaced.</summary>
    public int Spikes { get; private init; }

    /// <summary>Where the readings stop for more than 10 K, K.</summary>
    public IReadOnlyList<(double From, double To)> Gaps { get; private init; } = [];

    /// <summary>Most points that a fit sees, and how near they lie; denser data are averaged, which loses nothing at widths of kelvins.</summary>
    private const int MostPoints = 1200;
    private const double Spacing = 0.4;
    private const int MostHeatings = 8;
    private const double LargestGap = 10;

    /// <summary>Every heating of at least 50 K at one rate, in the order of time.</summary>
    /// <exception cref="InputException">The file holds none, or neither mass nor heat flow.</exception>
    public static IReadOnlyList<ThermalRun> Of(Measurement measurement, bool exothermUp)
    {
        var curve = measurement.Thermal ?? throw new InputException("the file holds no thermal curve", measurement.File, "name a TG, DSC or TG-DSC export");
        if (curve.Mass is null && curve.HeatFlow is null)
        {
            throw new InputException($"the file holds neither mass nor a heat flow{(measurement.Warnings.Count > 0 ? $": {measurement.Warnings[^1].Text}" : "")}", measurement.File, "export mass or calibrated heat flow with time and temperature");
        }
        var heatings = Heatings(curve);
        if (heatings.Count == 0) { throw new InputException("the file holds no heating of at least 50 K", measurement.File, "name a heating run"); }
        return [.. heatings.Select(h => From(measurement, curve, h.From, h.To, exothermUp))];
    }

    private static ThermalRun From(Measurement measurement, ThermalCurve curve, int from, int to, bool exothermUp)
    {
        var time = curve.Time[from..to];
        var temperature = curve.Temperature[from..to];
        var rate = (temperature[^1] - temperature[0]) / (time[^1] - time[0]);
        var mass = curve.Mass is null ? null : Despike(curve.Mass[from..to]);
        var heat = curve.HeatFlow is null ? null : Despike(curve.HeatFlow[from..to]);
        if (heat is not null && !exothermUp)
        {
            for (var i = 0; i < heat.Length; i++) { heat[i] = -heat[i]; }
        }
        int Replaced(double[]? cleaned, double[]? raw, int sign) => cleaned is null ? 0 : cleaned.Where((x, i) => x != sign * raw![from + i]).Count();
        return Thin(new(measurement.File, temperature, mass, heat, rate, time[^1] - time[0])
        {
            Spikes = Replaced(mass, curve.Mass, 1) + Replaced(heat, curve.HeatFlow, exothermUp ? 1 : -1),
            Gaps = [.. temperature.Zip(temperature.Skip(1)).Where(p => p.Second - p.First > LargestGap)],
        });
    }

    /// <summary>Standard deviation of white noise on a smooth curve, from third differences, robustly.</summary>
    public static double Noise(ReadOnlySpan<double> y)
    {
        if (y.Length < 8) { return 0; }
        var d = new double[y.Length - 3];
        for (var i = 0; i < d.Length; i++) { d[i] = Math.Abs(y[i + 3] - (3 * y[i + 2]) + (3 * y[i + 1]) - y[i]); }
        Array.Sort(d);
        return 1.4826 * d[d.Length / 2] / Math.Sqrt(20);
    }

    /// <summary>
    /// How much the variance of a fitted parameter exceeds that of white residuals: the integrated autocorrelation 1 + 2Σρ
    /// up to the first negative ρ (Sokal 1997), never below 1.
    /// </summary>
    public static double Correlation(ReadOnlySpan<double> residual)
    {
        var n = residual.Length;
        double zero = 0;
        foreach (var x in residual) { zero += x * x; }
        var sum = 1.0;
        for (var lag = 1; lag < n / 4; lag++)
        {
            double c = 0;
            for (var i = lag; i < n; i++) { c += residual[i] * residual[i - lag]; }
            var rho = c / zero;
            if (rho < 2 / Math.Sqrt(n)) { break; }
            sum += 2 * rho;
        }
        return sum;
    }

    /// <summary>
    /// Stretches of one rate. The rate at a point is that over a time in which about 16 K are heated (at least a minute), so that wobble of the
    /// control and self-heating do not count; a stretch ends where it leaves 0.6 to 1.6 of the rate at which half its kelvins are heated.
    /// </summary>
    private static List<(int From, int To)> Heatings(ThermalCurve curve)
    {
        var (time, temperature, n) = (curve.Time, curve.Temperature, curve.Count);
        var found = new List<(int From, int To)>();
        if (n < 30) { return found; }
        var coarse = Rates(time, temperature, 0.01 * (time[^1] - time[0]));
        var typical = HalfWay(temperature, coarse, 0, n);
        if (!(typical > 0)) { return found; }
        var rates = Rates(time, temperature, Math.Max(30, 8 / typical));
        var open = new Stack<(int From, int To)>();
        open.Push((0, n));
        while (open.TryPop(out var part))
        {
            var middle = HalfWay(temperature, rates, part.From, part.To);
            if (!(middle > 1e-3)) { continue; }
            (int From, int To) best = (0, 0);
            var start = -1;
            for (var i = part.From; i <= part.To; i++)
            {
                var inside = i < part.To && rates[i] > 0.6 * middle && rates[i] < 1.6 * middle;
                if (inside && start < 0) { start = i; }
                if (inside || start < 0) { continue; }
                if (best.To == 0 || temperature[i - 1] - temperature[start] > temperature[best.To - 1] - temperature[best.From]) { best = (start, i); }
                start = -1;
            }
            if (best.To - best.From < 30 || temperature[best.To - 1] - temperature[best.From] < 50) { continue; }
            found.Add(best);
            open.Push((part.From, best.From));
            open.Push((best.To, part.To));
        }
        return [.. found.OrderByDescending(f => temperature[f.To - 1] - temperature[f.From]).Take(MostHeatings).OrderBy(f => f.From)];
    }

    private static double[] Rates(double[] time, double[] temperature, double half)
    {
        var rates = new double[time.Length];
        int a = 0, b = 0;
        for (var i = 0; i < rates.Length; i++)
        {
            while (a < i - 2 && time[a] < time[i] - half) { a++; }
            b = Math.Max(b, Math.Min(i + 2, time.Length - 1));
            while (b < time.Length - 1 && time[b] < time[i] + half) { b++; }
            var dt = time[b] - time[a];
            rates[i] = dt > 0 ? (temperature[b] - temperature[a]) / dt : 0;
        }
        return rates;
    }

    /// <summary>The rate below which half of the kelvins are heated.</summary>
    private static double HalfWay(double[] temperature, double[] rates, int from, int to)
    {
        var rising = Enumerable.Range(from, Math.Max(0, to - from - 1)).Where(i => rates[i] > 0 && temperature[i + 1] > temperature[i]).Select(i => (Rate: rates[i], Rise: temperature[i + 1] - temperature[i])).OrderBy(r => r.Rate).ToArray();
        var half = 0.5 * rising.Sum(r => r.Rise);
        foreach (var (rate, rise) in rising)
        {
            half -= rise;
            if (half <= 0) { return rate; }
        }
        return 0;
    }

    /// <summary>A point more than six robust deviations from the median of its seven neighbours is a spike and takes that median.</summary>
    private static double[] Despike(double[] y)
    {
        var cleaned = (double[])y.Clone();
        var noise = Noise(y);
        Span<double> window = stackalloc double[7];
        for (var i = 3; i < y.Length - 3; i++)
        {
            y.AsSpan(i - 3, 7).CopyTo(window);
            window.Sort();
            var median = window[3];
            if (Math.Abs(y[i] - median) <= 6 * noise) { continue; }
            // A steep flank also leaves the median behind; a spike stands out from the line through its neighbours too.
            var line = 0.5 * (y[i - 1] + y[i + 1]);
            var neighbours = 0.5 * (y[i - 2] + y[i + 2]);
            if (Math.Abs(y[i] - line) > 6 * noise && Math.Abs(y[i] - neighbours) > 6 * noise) { cleaned[i] = median; }
        }
        return cleaned;
    }

    private static ThermalRun Thin(ThermalRun run)
    {
        // Noise in the temperature reading may make neighbours swap; fits need it to rise.
        var n = run.Temperature.Length;
        var step = Math.Max((int)Math.Ceiling(n / (double)MostPoints), Math.Max(1, (int)(Spacing * n / (run.Temperature[^1] - run.Temperature[0]))));
        var temperature = new List<double>();
        var mass = new List<double>();
        var heat = new List<double>();
        for (var i = 0; i + step <= n; i += step)
        {
            var t = Mean(run.Temperature, i, step);
            if (temperature.Count > 0 && t <= temperature[^1] + 1e-6) { continue; }
            temperature.Add(t);
            if (run.Mass is { } m) { mass.Add(Mean(m, i, step)); }
            if (run.HeatFlow is { } h) { heat.Add(Mean(h, i, step)); }
        }
        return run with
        {
            Temperature = [.. temperature],
            Mass = run.Mass is null ? null : [.. mass],
            HeatFlow = run.HeatFlow is null ? null : [.. heat],
        };
    }

    private static double Mean(double[] y, int from, int count)
    {
        var s = 0.0;
        for (var i = from; i < from + count; i++) { s += y[i]; }
        return s / count;
    }
}
