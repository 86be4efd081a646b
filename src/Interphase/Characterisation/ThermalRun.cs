using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>The heating part of a thermal curve, made ready: one rate, spikes removed, exothermic positive.</summary>
internal sealed record ThermalRun(string File, double[] Temperature, double[]? Mass, double[]? HeatFlow, double Rate, double Seconds)
{
    /// <summary>Most points that a fit sees; denser data are averaged, which loses nothing at widths of kelvins.</summary>
    private const int MostPoints = 2400;

    /// <summary>Takes the longest stretch of heating.</summary>
    /// <exception cref="InputException">The file holds no heating of at least 50 K, or neither mass nor heat flow.</exception>
    public static ThermalRun From(Measurement measurement, bool exothermUp)
    {
        var curve = measurement.Thermal ?? throw new InputException("the file holds no thermal curve", measurement.File, "name a TG, DSC or TG-DSC export");
        if (curve.Mass is null && curve.HeatFlow is null) { throw new InputException("the file holds neither mass nor heat flow", measurement.File, "export mass or heat flow with time and temperature"); }
        var (from, to) = LongestHeating(curve);
        if (to - from < 30 || curve.Temperature[to - 1] - curve.Temperature[from] < 50)
        {
            throw new InputException("the file holds no heating of at least 50 K", measurement.File, "name a heating run");
        }
        var time = curve.Time[from..to];
        var temperature = curve.Temperature[from..to];
        var rate = (temperature[^1] - temperature[0]) / (time[^1] - time[0]);
        var mass = curve.Mass is null ? null : Despike(curve.Mass[from..to]);
        var heat = curve.HeatFlow is null ? null : Despike(curve.HeatFlow[from..to]);
        if (heat is not null && !exothermUp)
        {
            for (var i = 0; i < heat.Length; i++) { heat[i] = -heat[i]; }
        }
        return Thin(new(measurement.File, temperature, mass, heat, rate, time[^1] - time[0]));
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

    private static (int From, int To) LongestHeating(ThermalCurve curve)
    {
        var n = curve.Count;
        var span = Math.Max(2, Math.Min(n / 40, 60));
        var rates = new List<double>();
        for (var i = 0; i < n; i++)
        {
            var (a, b) = (Math.Max(0, i - span), Math.Min(n - 1, i + span));
            var dt = curve.Time[b] - curve.Time[a];
            var r = dt > 0 ? (curve.Temperature[b] - curve.Temperature[a]) / dt : 0;
            if (r > 0) { rates.Add(r); }
        }
        if (rates.Count == 0) { return (0, 0); }
        rates.Sort();
        var least = 0.5 * rates[rates.Count / 2];
        (int From, int To) best = (0, 0);
        var start = -1;
        for (var i = 0; i <= n; i++)
        {
            var heats = false;
            if (i < n)
            {
                var (a, b) = (Math.Max(0, i - span), Math.Min(n - 1, i + span));
                var dt = curve.Time[b] - curve.Time[a];
                heats = dt > 0 && (curve.Temperature[b] - curve.Temperature[a]) / dt > least;
            }
            if (heats && start < 0) { start = i; }
            if (!heats && start >= 0)
            {
                if (best.To == 0 || curve.Temperature[i - 1] - curve.Temperature[start] > curve.Temperature[best.To - 1] - curve.Temperature[best.From]) { best = (start, i); }
                start = -1;
            }
        }
        return best;
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
        var step = Math.Max(1, (int)Math.Ceiling(n / (double)MostPoints));
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
