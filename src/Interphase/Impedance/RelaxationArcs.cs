using System.Globalization;
using Interphase.Measurements;

namespace Interphase.Impedance;

/// <summary>
/// How many arcs a distribution of relaxation times holds. Peaks of a regularised distribution merge and wiggle; whether there
/// are one or two arcs is decided by fitting one, two, three … ZARC elements R/(1+(jωτ)^α) to the spectrum itself and
/// comparing the fits by the Bayesian information criterion (Schwarz 1978). Starts come from the distribution's maxima and
/// from splitting the arcs found so far.
/// </summary>
internal static class RelaxationArcs
{
    private const int MostArcs = 7;

    /// <summary>The flattest shape that is fitted. An arc that ends there stands for a slope, and needs decisive evidence (a difference of BIC of 10; Kass and Raftery 1995).</summary>
    private const double Flattest = 0.4, Decisive = 10;

    /// <param name="Resistance">Ohm.</param>
    /// <param name="Tau">s.</param>
    /// <param name="Alpha">1 for an ideal arc.</param>
    /// <param name="StandardError">Of the resistance, ohm; NaN where not determined.</param>
    /// <param name="LogTauError">Of ln τ.</param>
    public sealed record Arc(double Resistance, double Tau, double Alpha, double StandardError, double LogTauError);

    public sealed record Arcs(IReadOnlyList<Arc> List, string Circuit, double Bic, double TailExponent, bool Inductance);

    private sealed record Candidate(LeastSquares Problem, double[] Theta, double Cost, double Bic, double[][] Starts, Beside Beside);

    /// <summary>What stands beside the arcs: R∞, L (0: not in the model), and the tail (size 0: not in the model).</summary>
    private sealed record Beside(double Resistance, double Inductance, double Size, double Exponent);

    /// <param name="points">The spectrum.</param>
    /// <param name="tau">Grid of the distribution, s.</param>
    /// <param name="gamma">The distribution, ohm.</param>
    /// <param name="resistance">R∞, ohm.</param>
    /// <param name="inductance">H; 0: not in the model.</param>
    /// <param name="tail">|Z| of the blocking tail at the lowest frequency and its exponent; 0: not in the model.</param>
    public static Arcs Find(SortedPoints points, double[] tau, double[] gamma, double resistance, double inductance, (double Size, double Exponent) tail)
    {
        var spectrum = new ImpedanceSpectrum(points.Frequency, points.Impedance);
        var peaks = Peaks(tau, gamma, points);
        var scale = points.Impedance.Max(z => z.Magnitude);
        var beside = new Beside(resistance, inductance, tail.Size, tail.Exponent);
        var best = Fit(spectrum, [], beside, scale);
        var previous = best;
        var failures = 0;
        for (var m = 1; m <= MostArcs && failures < 2; m++)
        {
            Candidate? top = null;
            foreach (var start in Starts(m, previous?.Starts, peaks))
            {
                var c = Fit(spectrum, start, beside, scale);
                if (c is not null && (top is null || c.Cost < top.Cost)) { top = c; }
                if (m > 1 || best is null || tail.Size == 0) { continue; }
                c = Fit(spectrum, start, best.Beside, scale);
                if (c is not null && (top is null || c.Cost < top.Cost)) { top = c; }
            }
            if (top is null) { break; }
            // An arc that ran into a slope may have missed its shape: begin it again as an arc, here and beyond the window.
            if (top.Starts.Any(a => a[2] <= Flattest + 1e-3))
            {
                foreach (var shift in (double[])[1, 5])
                {
                    var again = Fit(spectrum, [.. top.Starts.Select(a => a[2] <= Flattest + 1e-3 ? [a[0], a[1] * shift, 0.95] : a)], top.Beside, scale);
                    if (again is not null && again.Bic < top.Bic) { top = again; }
                }
            }
            previous = top;
            beside = top.Beside;
            failures = best is null || top.Bic < best.Bic ? 0 : failures + 1;
            if (failures == 0) { best = top; }
        }
        return Result(best!, points);
    }

    /// <summary>
    /// Local maxima with the resistance between the minima around them: {R, τ, α}. What is small is judged by the modulus at
    /// their own frequency: beside a blocking line a distribution can hold a million times the resistance of its arcs.
    /// </summary>
    private static List<double[]> Peaks(double[] tau, double[] gamma, SortedPoints points)
    {
        var step = Math.Log(tau[^1] / tau[0]) / (tau.Length - 1);
        var peaks = new List<double[]>();
        var from = 0;
        for (var i = 1; i < gamma.Length; i++)
        {
            var ends = i == gamma.Length - 1 || (gamma[i] < gamma[i - 1] && gamma[i] <= gamma[i + 1]) || (gamma[i] == 0 && gamma[i - 1] > 0);
            if (!ends) { continue; }
            double mass = 0, centre = 0;
            for (var k = from; k <= i; k++)
            {
                mass += gamma[k];
                centre += gamma[k] * Math.Log(tau[k]);
            }
            var at = -Math.Log(2 * Math.PI) - (centre / mass);
            if (mass > 0 && mass * step > 1e-3 * points.Impedance[Enumerable.Range(0, points.Count).MinBy(p => Math.Abs(Math.Log(points.Frequency[p]) - at))].Magnitude) { peaks.Add([mass * step, Math.Exp(centre / mass), 0.9]); }
            from = i;
        }
        return [.. peaks.OrderByDescending(p => p[0])];
    }

    private static IEnumerable<double[][]> Starts(int m, double[][]? fewer, List<double[]> peaks)
    {
        if (peaks.Count >= m) { yield return [.. peaks.Take(m)]; }
        // Slow maxima may be the blocking line in disguise.
        if (peaks.Count > m) { yield return [.. peaks.OrderBy(p => p[1]).Take(m)]; }
        if (fewer is null) { yield break; }
        for (var k = 0; k < fewer.Length; k++)
        {
            var arc = fewer[k];
            yield return [.. fewer.Where((_, i) => i != k), [arc[0] / 2, arc[1] / 3, Math.Min(0.95, arc[2] + 0.1)], [arc[0] / 2, arc[1] * 3, Math.Min(0.95, arc[2] + 0.1)]];
        }
        // An arc the others have not taken: the strongest peak far from all of them.
        var free = peaks.Where(p => fewer.All(a => Math.Abs(Math.Log(a[1] / p[1])) > 1)).ToArray();
        if (free.Length > 0) { yield return [.. fewer, free[0]]; }
    }

    private static Candidate? Fit(ImpedanceSpectrum spectrum, double[][] arcs, Beside beside, double scale)
    {
        var text = "R0" + (beside.Inductance > 0 ? "-L0" : "") + string.Concat(Enumerable.Range(1, arcs.Length).Select(k => $"-Zarc{k}")) + (beside.Size > 0 ? "-CPE0" : "");
        var circuit = Circuit.Parse(text);
        // Beyond the window an arc and a tail are the same to the data.
        double slowest = (beside.Size > 0 ? 1 : 10) / (2 * Math.PI * spectrum.Frequency.Min()), fastest = 0.02 / (2 * Math.PI * spectrum.Frequency.Max());
        for (var k = 1; k <= arcs.Length; k++)
        {
            circuit = circuit.WithLimits($"Zarc{k}_1", fastest, slowest).WithLimits($"Zarc{k}_2", Flattest, 1).WithLimits($"Zarc{k}_0", 1e-6 * scale, 1e3 * scale);
        }
        if (beside.Size > 0) { circuit = circuit.WithLimits("CPE0_1", 0.2, 1); }
        var values = circuit.Parameters.Select(p => p.Value ?? 1).ToArray();
        values[circuit.IndexOf("R0")] = Math.Max(beside.Resistance, 1e-4 * scale);
        if (beside.Inductance > 0) { values[circuit.IndexOf("L0")] = beside.Inductance; }
        for (var k = 0; k < arcs.Length; k++)
        {
            for (var i = 0; i < 3; i++) { values[circuit.IndexOf(string.Create(CultureInfo.InvariantCulture, $"Zarc{k + 1}_{i}"))] = arcs[k][i]; }
        }
        if (beside.Size > 0)
        {
            values[circuit.IndexOf("CPE0_1")] = beside.Exponent;
            values[circuit.IndexOf("CPE0_0")] = 1 / (beside.Size * Math.Pow(2 * Math.PI * spectrum.Frequency.Min(), beside.Exponent));
        }
        var problem = new LeastSquares(circuit, spectrum, Weighting.Modulus);
        var theta = problem.ThetaOf(values);
        var cost = problem.Minimise(theta, 60, 1e-7).Cost;
        if (!double.IsFinite(cost)) { return null; }
        var rows = 2 * spectrum.Count;
        var found = problem.ParametersAt(theta);
        double[][] starts = [.. Enumerable.Range(1, arcs.Length).Select(k => Enumerable.Range(0, 3).Select(i => found[circuit.IndexOf(string.Create(CultureInfo.InvariantCulture, $"Zarc{k}_{i}"))]).ToArray())];
        var slopes = starts.Count(a => a[2] <= Flattest + 1e-3);
        return new(problem, theta, cost, (rows * Math.Log(Math.Max(cost, 1e-26 * rows))) + (problem.Count * Math.Log(rows)) + (Decisive * slopes), starts,
            new(found[circuit.IndexOf("R0")], beside.Inductance > 0 ? found[circuit.IndexOf("L0")] : 0,
                beside.Size > 0 ? 1 / (found[circuit.IndexOf("CPE0_0")] * Math.Pow(2 * Math.PI * spectrum.Frequency.Min(), found[circuit.IndexOf("CPE0_1")])) : 0,
                beside.Size > 0 ? found[circuit.IndexOf("CPE0_1")] : 0));
    }

    private static Arcs Result(Candidate c, SortedPoints points)
    {
        var circuit = c.Problem.Circuit;
        // To the very minimum before anything is said about it.
        var cost = c.Problem.Minimise(c.Theta, 200, 1e-12).Cost;
        var values = c.Problem.ParametersAt(c.Theta);
        var covariance = c.Problem.Covariance(c.Theta, cost / ((2 * points.Count) - c.Problem.Count), out _);
        var k = c.Problem.Count;
        var free = Enumerable.Range(0, k).ToDictionary(c.Problem.ParameterOf);
        double Covariance(int a, int b) => free.TryGetValue(a, out var i) && free.TryGetValue(b, out var j) ? covariance[(i * k) + j] : double.NaN;
        var arcs = new List<Arc>();
        for (var n = 1; n <= c.Starts.Length; n++)
        {
            int r = circuit.IndexOf($"Zarc{n}_0"), t = circuit.IndexOf($"Zarc{n}_1"), a = circuit.IndexOf($"Zarc{n}_2");
            // Both are fitted as logarithms.
            arcs.Add(new(values[r], values[t], values[a], values[r] * Math.Sqrt(Covariance(r, r)), Math.Sqrt(Covariance(t, t))));
        }
        var text = circuit.Bare().ToString();
        return new([.. arcs.OrderBy(a => a.Tau)], text, c.Bic, text.Contains("CPE0", StringComparison.Ordinal) ? values[circuit.IndexOf("CPE0_1")] : 0, text.Contains("L0", StringComparison.Ordinal));
    }
}
