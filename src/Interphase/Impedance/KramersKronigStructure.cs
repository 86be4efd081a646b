using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// The structure in a spectrum that no passive, stationary system can leave. Two descriptions are compared by their
/// evidence (restricted likelihood of a smooth non-negative distribution of relaxation times with inductance and tails):
/// that distribution alone, and the distribution with one disturbance – a change proportional to the elapsed time (drift),
/// a change from one point on (step), or one point that is off (outlier, mains). The statistic is twice the logarithm of
/// the ratio, each disturbance paying for its parameters (Schwarz 1978) and for the choice of its place, and the threshold is its 99 % point over valid spectra.
/// </summary>
/// <remarks>
/// Null distribution: 4,000 generated valid spectra of one to three arcs (α 0.7–1), with and without tail (α 0.5–0.95) and
/// inductance, 40–110 points, noise 0.03–1 %; see docs/impedance-validation.md.
/// </remarks>
internal sealed class KramersKronigStructure
{
    /// <summary>Larger values came from 1.0 % of the valid spectra.</summary>
    public const double Threshold = 3;

    private const double TailStart = -6.67, TailScale = 2.12;
    private const double StructureLimit = 3.5;

    /// <summary>Twice the logarithm of the evidence a loop needs (Kass and Raftery 1995: very strong).</summary>
    private const double DecisiveLoop = 10;

    private const int LoopsPerDecade = 4;
    private static readonly double[] Mains = [50, 60, 100, 120, 150, 180];

    private KramersKronigStructure(double statistic, double noise, List<KramersKronigSuspect> suspects, FrequencyWindow? keep)
    {
        Statistic = statistic;
        Noise = noise;
        Suspects = suspects;
        Keep = keep;
    }

    public double Statistic { get; }

    /// <summary>Standard deviation of either part relative to |Z|.</summary>
    public double Noise { get; }

    public IReadOnlyList<KramersKronigSuspect> Suspects { get; }

    public FrequencyWindow? Keep { get; }

    /// <summary>The null distribution beyond its median, an exponential: 50, 90, 95, 98, 99 and 99.5 % points −5.2, −1.8, −0.1, 1.9, 3.1, 4.9.</summary>
    public static double PValue(double statistic) => Math.Min(1, Math.Exp(-(statistic - TailStart) / TailScale));

    /// <summary>The statistic and the verdict alone.</summary>
    public static (double Statistic, bool Violated) Judge(SortedPoints points)
    {
        var c = Compare(points);
        return (c.Statistic, c.Statistic > Threshold || c.Whiteness > StructureLimit);
    }

    public static KramersKronigStructure Of(SortedPoints points)
    {
        var suspects = new List<KramersKronigSuspect>();
        var rest = points;
        var first = double.NaN;
        Comparison c;
        while (true)
        {
            c = Compare(rest);
            if (double.IsNaN(first)) { first = c.Statistic; }
            if (c.Statistic <= Threshold || c.Kind != "outlier" || rest.Count - 1 < Math.Max(KramersKronig.FewestPoints, 0.8 * points.Count)) { break; }
            var f = rest.Frequency[c.Index];
            var mains = Mains.FirstOrDefault(m => Math.Abs(f - m) <= 0.04 * m);
            suspects.Add(mains > 0
                ? new("mains", [f], c.Statistic, $"the point at {f:G4} Hz is off by {100 * c.Size:G2} % of |Z|, next to {mains:F0} Hz: pick-up from the mains")
                : new("outlier", [f], c.Statistic, $"the point at {f:G4} Hz is off by {100 * c.Size:G2} % of |Z|"));
            rest = rest.Where(i => i != c.Index);
        }
        var keep = new FrequencyWindow(rest.Frequency[^1], rest.Frequency[0]);
        if (c.Statistic > Threshold || c.Whiteness > StructureLimit)
        {
            var (passing, from, quiet) = Passing(rest, c.Kind == "step" && c.Statistic > Threshold ? c.Index : rest.Count - 1);
            keep = passing;
            // What is left of a disturbance that is not exactly as modelled is no noise.
            if (passing is not null) { c = c with { Noise = quiet }; }
            var below = from < 0 ? rest.Frequency : rest.Frequency[(from + 1)..];
            if (below.Length == 0) { below = [rest.Frequency[^1]]; }
            var range = $"from {below[0]:G3} to {below[^1]:G3} Hz";
            suspects.Insert(0, c.Statistic <= Threshold ? new("structure", below, c.Statistic, $"the residuals are not independent from point to point, {range}")
                : c.Kind == "step" ? new("step", below, c.Statistic, $"the cell changed at once at {rest.Frequency[Math.Min(c.Index + 1, rest.Count - 1)]:G3} Hz; points {range} do not belong to the others")
                : c.Kind == "drift" ? new("drift", below, c.Statistic, $"the cell drifted while it was measured; points {range} are affected")
                : new("structure", below, c.Statistic, $"more points are off than can be told apart, {range}"));
        }
        return new(first, c.Noise, suspects, keep);
    }

    /// <summary>The longest window from the highest frequency down that passes, cut in thirds of a decade; the index of its last point, and its noise.</summary>
    private static (FrequencyWindow? Window, int Last, double Noise) Passing(SortedPoints points, int last)
    {
        while (last + 1 >= KramersKronig.FewestPoints)
        {
            var part = points.Where(i => i <= last);
            var c = Compare(part);
            if (c.Statistic <= Threshold && c.Whiteness <= StructureLimit) { return (new(part.Frequency[^1], part.Frequency[0]), last, c.Noise); }
            var cut = points.Frequency[last] * 2.1;
            while (last >= 0 && points.Frequency[last] < cut) { last--; }
        }
        return (null, -1, double.NaN);
    }

    /// <param name="Statistic">Twice the logarithm of the evidence ratio of the strongest disturbance.</param>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Index">The outlier, or the last point before the step.</param>
    /// <param name="Size">Size of the outlier relative to |Z|.</param>
    /// <param name="Noise">Relative noise with the disturbance in the model if it counts, else without.</param>
    /// <param name="Whiteness">Durbin–Watson statistic of the residuals as a standard normal number, positive when neighbours agree.</param>
    private sealed record Comparison(double Statistic, string Kind, int Index, double Size, double Noise, double Whiteness);

    private static Comparison Compare(SortedPoints points)
    {
        var model = new RelaxationModel(points.Frequency, points.Impedance);
        var alternatives = Alternatives(points);
        var paths = new List<List<RelaxationFit>> { model.Path(2) };
        var c = Judge(points, paths, alternatives);
        if (c.Statistic <= Threshold && c.Whiteness <= StructureLimit) { return c; }
        // A distribution of sharp lines is badly described by a smooth one: let it be described by lines before judging.
        paths.Add(new RelaxationModel(points.Frequency, points.Impedance, 20).Path(0));
        c = Judge(points, paths, alternatives);
        if (c.Statistic <= Threshold && c.Whiteness <= StructureLimit) { return c; }
        // A loop is a relaxation of negative resistance: as valid as any, but no part of a non-negative distribution.
        var path = new RelaxationModel(points.Frequency, points.Impedance, loopsPerDecade: LoopsPerDecade).Path(2);
        var loop = 2 * (path.Max(f => f.Evidence) - paths.SelectMany(p => p).Max(f => f.Evidence));
        var left = Math.Sqrt(path.MaxBy(f => f.Evidence)!.Variance);
        if (left > c.Noise && loop < Math.Max(c.Statistic, DecisiveLoop)) { return c; }
        var beside = Judge(points, [path], alternatives);
        return beside.Statistic < c.Statistic || c.Statistic <= Threshold ? beside : c;
    }

    private static Comparison Judge(SortedPoints points, List<List<RelaxationFit>> paths, List<Alternative> alternatives)
    {
        var n = points.Count;
        var null0 = paths.SelectMany(p => p).MaxBy(f => f.Evidence)!;
        double best = double.NegativeInfinity, sum = 0;
        Alternative? strongest = null;
        foreach (var path in paths)
        {
            var peak = path.IndexOf(path.MaxBy(f => f.Evidence)!);
            for (var k = Math.Max(0, peak - 3); k <= Math.Min(path.Count - 1, peak + 1); k++)
            {
                foreach (var a in alternatives)
                {
                    var (evidence, left) = path[k].With(a.Columns, [.. a.Columns.Select(path[k].HalfOf)]);
                    evidence -= a.Choice;
                    if (evidence > best) { (best, strongest, sum) = (evidence, a, left); }
                }
            }
        }
        var statistic = 2 * (best - null0.Evidence);
        var r = null0.Residual();
        var size = strongest!.Kind == "outlier" ? Math.Sqrt((r[strongest.Index] * r[strongest.Index]) + (r[n + strongest.Index] * r[n + strongest.Index])) : double.NaN;
        var noise = Math.Sqrt(statistic > Threshold ? sum / (null0.Freedom - strongest.Columns.Length) : null0.Variance);
        return new(statistic, strongest.Kind, strongest.Index, size, noise, Whiteness(r, n));
    }

    // Choice: logarithm of the number of places a disturbance of this kind could have taken, which is what its place costs.
    private sealed record Alternative(string Kind, int Index, double[][] Columns, double Choice);

    private static List<Alternative> Alternatives(SortedPoints points)
    {
        var n = points.Count;
        var all = new List<Alternative>(2 * n);
        for (var i = 0; i < n; i++)
        {
            var real = new double[2 * n];
            var imaginary = new double[2 * n];
            real[i] = 1;
            imaginary[n + i] = 1;
            all.Add(new("outlier", i, [real, imaginary], Math.Log(n)));
        }
        // Points take a time proportional to their period. The direction of the sweep does not matter: what is constant in
        // time is part of the undisturbed model.
        var elapsed = new double[n];
        double total = 0;
        for (var i = 0; i < n; i++) { elapsed[i] = total += 1 / points.Frequency[i]; }
        AddChange(all, "drift", n - 1, points, i => elapsed[i] / total, points.Omega[^1], 2, 0);
        var first = n / 4;
        for (var last = first; last < n - 2; last++)
        {
            var l = last;
            AddChange(all, "step", last, points, i => i > l ? 1 : 0, points.Omega[last], 1, Math.Log(n - 2 - first));
        }
        return all;
    }

    /// <summary>The change acts on a resistance, and with more parameters on relaxations near <paramref name="omega"/>.</summary>
    private static void AddChange(List<Alternative> all, string kind, int index, SortedPoints points, Func<int, double> share, double omega, int relaxations, double choice)
    {
        var n = points.Count;
        var columns = new double[1 + relaxations][];
        for (var k = 0; k < columns.Length; k++)
        {
            var c = columns[k] = new double[2 * n];
            for (var i = 0; i < n; i++)
            {
                var weight = share(i) / points.Impedance[i].Magnitude;
                var x = k == 0 ? 0 : points.Omega[i] / omega * Math.Pow(10, (-0.5 * (k - 1)) + 0.25);
                c[i] = weight / (1 + (x * x));
                c[n + i] = -x * c[i];
            }
            var length = Math.Sqrt(Vectors.Dot(c, c));
            for (var i = 0; i < c.Length; i++) { c[i] /= length; }
        }
        all.Add(new(kind, index, [columns[0]], choice + Math.Log(2)));
        all.Add(new(kind, index, columns, choice + Math.Log(2)));
    }

    private static double Whiteness(double[] r, int n)
    {
        double differences = 0, squares = 0;
        for (var i = 0; i < 2 * n; i++)
        {
            squares += r[i] * r[i];
            if (i % n > 0) { differences += (r[i] - r[i - 1]) * (r[i] - r[i - 1]); }
        }
        return squares > 0 ? (2 - (differences / squares * n / (n - 1))) * Math.Sqrt(2 * n) / 2 : 0;
    }
}
