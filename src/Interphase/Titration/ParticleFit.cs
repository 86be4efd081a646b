using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics.Interpolation;

namespace Interphase.Titration;

/// <summary>
/// The full fit of a train of pulses: the exact solution for constant flux, superposed over every switch of the current, gives the
/// state at the surface of the particle; the equilibrium curve through the ends of the rests turns it into a potential.
///   E(t) = U(q(t) + Σ ΔI_k (R²/D) excess((t − t_k) D/R²)) + jump·[current on] + a (1 − s) + b s,  s along the pulse's charge
/// For a given R²/D everything else is linear (jump, and the errors a and b of the two rest points, held by what is known of
/// them), so one parameter is searched and its profile of χ² gives the interval.
/// </summary>
internal sealed class ParticleFit
{
    private const int Memory = 6, Corrections = 3;
    private readonly TimeSeries series;
    private readonly IReadOnlyList<FoundPulse> train;
    private readonly FoundPulse[] history;
    private readonly int earlier;
    private readonly ParticleGeometry geometry;
    private readonly double noise, quantum;
    private readonly double earliest;
    private readonly (Estimate Potential, Estimate Drift)[] ends;
    private readonly double[] knots, levels;
    private double[] placed;
    private IInterpolation curve, other;

    // "before": pulses ahead of the train, whose profiles may not have relaxed when it begins.
    public ParticleFit(TimeSeries series, IReadOnlyList<FoundPulse> before, IReadOnlyList<FoundPulse> train, ParticleGeometry geometry, double noise, double quantum, double earliest)
    {
        this.series = series;
        this.train = train;
        earlier = before.Count;
        history = [.. before, .. train];
        this.geometry = geometry;
        this.noise = noise;
        this.quantum = quantum;
        this.earliest = earliest;
        ends = new (Estimate, Estimate)[train.Count + 1];
        ends[0] = Transients.RestEnd(series, train[0].RestFirst, train[0].First - 1, noise);
        knots = new double[train.Count + 1];
        knots[0] = train[0].ChargeBefore;
        for (var k = 0; k < train.Count; k++)
        {
            ends[k + 1] = train[k].RestLast > train[k].Last ? Transients.RestEnd(series, train[k].Last + 1, train[k].RestLast, noise) : (Estimate.Withheld("no rest"), Estimate.Withheld("no rest"));
            knots[k + 1] = train[k].ChargeAfter;
        }
        levels = [.. ends.Select(e => e.Potential.Value)];
        placed = knots;
        (curve, other) = Curves(knots);
    }

    // LogTime is ln(R²/D in s); StandardError, Lower and Upper belong to it. Chi is the reduced χ² of diffusion alone, ChiPolarisation
    // that of a slow polarisation instead, ChiBoth of both, BothAgainstOne ln of what adding it does to R²/D. PulseAgainstRest is ln
    // of the ratio of R²/D from the pulse alone and from the rest alone; Remaining the share of ΔE_s still to relax when the rest ends.
    public sealed record Answer(double LogTime, double StandardError, double Lower, double Upper, double Chi, double ChiPolarisation, double ChiBoth, double BothAgainstOne, int Bins,
        double PulseAgainstRest, double Remaining, double Misfit, PulseFit Fit);

    /// <summary>What is said where too little of a pulse lies on the curve.</summary>
    public const string BeyondTheCurve = "the surface runs beyond the compositions at which the cell has rested: their potential is not known";

    /// <summary>Fits every pulse; rest points are moved to the surface state they had, so that unfinished rests do not bend the curve. Where there is no answer, why.</summary>
    public (Answer? Answer, string Why)[] Run(CancellationToken cancellation)
    {
        var times = new double[train.Count];
        var answers = new (Answer? Answer, string Why)[train.Count];
        Array.Fill(answers, (null, "too few samples"));
        for (var pass = 0; pass <= Corrections; pass++)
        {
            for (var k = 0; k < train.Count; k++)
            {
                cancellation.ThrowIfCancellationRequested();
                var all = Bins(k);
                var bins = OnTheCurve(k, all, pass == 0 ? null : times);
                if (double.IsNaN(levels[k]) || double.IsNaN(levels[k + 1]) || all.Count(b => b.On) < 2 || !all.Any(b => !b.On)) { times[k] = double.NaN; continue; }
                if (bins.Count < 6 || 2 * bins.Count(b => b.On) < all.Count(b => b.On)) { times[k] = double.NaN; answers[k] = (null, BeyondTheCurve); continue; }
                if (pass == Corrections) { answers[k] = Full(k, bins) is var a && double.IsFinite(a.Lower) && double.IsFinite(a.Upper) ? (a, "") : (null, "the fit does not converge"); }
                else { times[k] = Math.Exp(Search(x => Solve(k, bins, Math.Exp(x), null, curve, true).Chi, k).X); }
            }
            if (pass < Corrections) { (curve, other) = Curves(Corrected(Smoothed(times))); }
        }
        return [.. answers.Select((a, k) => a.Answer is null ? a : (Widened(answers, k), ""))];
    }

    /// <summary>The fit takes D for constant over what a pulse reaches; how fast it changes among the neighbours says what that is worth.</summary>
    private Answer Widened((Answer? Answer, string Why)[] answers, int k)
    {
        var a = answers[k].Answer!;
        var near = Enumerable.Range(Math.Max(0, k - 3), Math.Min(answers.Length, k + 4) - Math.Max(0, k - 3)).Where(i => answers[i].Answer is not null).ToArray();
        double[] slopes = [.. near.SelectMany(i => near.Where(j => j > i).Select(j => Math.Abs(answers[j].Answer!.LogTime - answers[i].Answer!.LogTime) / (j - i))).Order()];
        if (slopes.Length < 3) { return a; }
        var reach = 1 + Math.Abs(Excess(k, train[k].End, Math.Exp(a.LogTime)) / (train[k].ChargeAfter - train[k].ChargeBefore));
        var doubt = 0.5 * slopes[3 * slopes.Length / 4] * reach;
        if (!double.IsFinite(doubt)) { return a; }
        double Wider(double middle, double end) => middle + (Math.Sign(end - middle) * Math.Sqrt(Square(end - middle) + Square(1.96 * doubt)));
        var (lower, upper, error) = (Wider(a.LogTime, a.Lower), Wider(a.LogTime, a.Upper), Math.Sqrt(Square(a.StandardError) + Square(doubt)));
        var time = Math.Exp(a.LogTime);
        return a with { Lower = lower, Upper = upper, StandardError = error, Fit = a.Fit with { DiffusionTime = new(time, time * error, Math.Exp(lower), Math.Exp(upper)) } };
    }

    /// <summary>Medians over seven neighbours: the scatter of single pulses must not move the rest points.</summary>
    private static double[] Smoothed(double[] times) => [.. Enumerable.Range(0, times.Length).Select(k =>
    {
        double[] near = [.. times[Math.Max(0, k - 3)..Math.Min(times.Length, k + 4)].Where(double.IsFinite).Order()];
        return near.Length == 0 ? double.NaN : near[near.Length / 2];
    })];

    /// <summary>Bins whose surface lies within the compositions at which the train has rested: beyond them the curve is a guess.</summary>
    private List<Bin> OnTheCurve(int k, List<Bin> bins, double[]? times)
    {
        if (times is null) { return bins; }
        var usual = Smoothed(times)[k];
        if (!double.IsFinite(usual)) { return bins; }
        var (low, high) = (placed.Min(), placed.Max());
        var p = train[k];
        var margin = 0.02 * Math.Abs(p.ChargeAfter - p.ChargeBefore);
        return bins.FindAll(b => (b.On ? p.ChargeBefore + (p.Current * (b.Time - p.Start)) : p.ChargeAfter) + Excess(k, b.Time, usual) is var q && q > low - margin && q < high + margin);
    }

    private double[] Corrected(double[] times)
    {
        var moved = (double[])knots.Clone();
        var usual = times.Where(double.IsFinite).Order().ToArray();
        if (usual.Length == 0) { return moved; }
        var median = usual[usual.Length / 2];
        for (var k = 0; k <= train.Count; k++)
        {
            var near = k > 0 && double.IsFinite(times[k - 1]) ? times[k - 1] : median;
            var time = k == 0 ? train[0].Start : train[k - 1].RestEnd;
            // A single wild pulse must not bend the curve for its neighbours.
            near = Math.Clamp(near, median / 10, median * 10);
            moved[k] = knots[k] + Excess(k - 1, time, near);
        }
        for (var k = 1; k <= train.Count; k++)
        {
            if (Math.Sign(moved[k] - moved[k - 1]) != Math.Sign(train[0].Current)) { return (double[])knots.Clone(); }
        }
        return moved;
    }

    private (IInterpolation, IInterpolation) Curves(double[] at)
    {
        placed = at;
        var points = at.Zip(levels).Where(p => double.IsFinite(p.Second)).OrderBy(p => p.First).ToArray();
        double[] x = [.. points.Select(p => p.First)], y = [.. points.Select(p => p.Second)];
        if (x.Length < 3) { var line = LinearSpline.InterpolateSorted(x, y); return (line, line); }
        var cubic = CubicSpline.InterpolateBoundariesSorted(x, y, SplineBoundaryCondition.ParabolicallyTerminated, 0, SplineBoundaryCondition.ParabolicallyTerminated, 0);
        return (cubic, x.Length >= 5 ? CubicSpline.InterpolateAkimaSorted(x, y) : CubicSpline.InterpolateNaturalSorted(x, y));
    }

    private readonly record struct Bin(double Time, double Potential, double Sigma, bool On, double Since, bool Prior);

    /// <summary>Rows of pulse and rest averaged in even steps of the logarithm of time since the switch, so that no part outweighs the others.</summary>
    private List<Bin> Bins(int k)
    {
        var p = train[k];
        var bins = new List<Bin>();
        var scale = Math.Abs(series.Potential[p.Last] - ends[k].Potential.Value);
        var floor = Math.Max(2e-6, 0.002 * Math.Abs(scale - Math.Abs(levels[k + 1] - levels[k])));
        floor = Math.Max(floor, 0.002 * Math.Abs(levels[k + 1] - levels[k]));
        Take(p.First, p.Last, p.Start, p.Duration, true);
        if (p.RestLast > p.Last) { Take(p.Last + 1, p.RestLast, p.End, Math.Min(p.Rest, 4 * p.Duration), false); }
        return bins;

        void Take(int first, int last, double origin, double to, bool on)
        {
            double sumT = 0, sumE = 0;
            int n = 0, bin = int.MinValue;
            for (var i = first; i <= last + 1; i++)
            {
                var t = i <= last ? series.Time[i] - origin : double.NaN;
                if (i <= last && (t < earliest || !double.IsFinite(series.Potential[i]))) { continue; }
                var b = i <= last && t <= to * (1 + 1e-9) ? (int)Math.Floor(12 * Math.Log10(t)) : int.MaxValue;
                if (b != bin && n > 0)
                {
                    bins.Add(new(sumT / n, sumE / n, Math.Sqrt((noise * noise / n) + (quantum * quantum) + (floor * floor)), on, sumT / n, false));
                    (sumT, sumE, n) = (0, 0, 0);
                }
                if (b == int.MaxValue) { break; }
                bin = b;
                sumT += t + origin;
                sumE += series.Potential[i];
                n++;
            }
        }
    }

    /// <summary>Surface excess, C, at a time during pulse k or its rest, of this and the pulses before it.</summary>
    private double Excess(int k, double time, double diffusionTime)
    {
        double sum = 0;
        for (var j = Math.Max(0, earlier + k - Memory); j <= earlier + k; j++)
        {
            var p = history[j];
            if (time > p.Start) { sum += p.Current * diffusionTime * SurfaceResponse.Fast(geometry, (time - p.Start) / diffusionTime); }
            if (time > p.End) { sum -= p.Current * diffusionTime * SurfaceResponse.Fast(geometry, (time - p.End) / diffusionTime); }
        }
        return sum;
    }

    private readonly record struct Solution(double Chi, double[] Parameters, double[] Model);

    /// <summary>Weighted linear least squares of jump, rest errors and, with <paramref name="slow"/>, the amplitude of a slow polarisation of that time constant.</summary>
    private Solution Solve(int k, IReadOnlyList<Bin> bins, double diffusionTime, double? slow, IInterpolation u, bool diffuses, bool? part = null)
    {
        var p = train[k];
        var parameters = slow is null ? 3 : 4;
        var normal = new NormalEquations(stackalloc double[NormalEquations.Room]);
        Span<double> row = stackalloc double[NormalEquations.Most];
        var basis = new double[bins.Count][];
        var model = new double[bins.Count];
        var (q0, q1) = (p.ChargeBefore, p.ChargeAfter);
        for (var i = 0; i < bins.Count; i++)
        {
            var b = bins[i];
            var mean = b.On ? q0 + (p.Current * (b.Time - p.Start)) : q1;
            var surface = mean + (diffuses ? Excess(k, b.Time, diffusionTime) : 0);
            model[i] = u.Interpolate(surface);
            var s = (surface - q0) / (q1 - q0);
            row[0] = b.On ? 1 : 0;
            row[1] = 1 - s;
            row[2] = s;
            if (slow is { } ts) { row[3] = b.On ? 1 - Math.Exp(-(b.Time - p.Start) / ts) : (1 - Math.Exp(-p.Duration / ts)) * Math.Exp(-(b.Time - p.End) / ts); }
            basis[i] = row[..parameters].ToArray();
            if (part is { } on && on != b.On) { continue; }
            normal.Add(row[..parameters], b.Potential - model[i], b.Sigma);
        }
        // What is known of the two rest points: their own scatter and how far they still drift.
        foreach (var (index, column) in new[] { (k, 1), (k + 1, 2) })
        {
            row.Clear();
            row[column] = 1;
            normal.Add(row[..parameters], 0, Known(index));
        }
        if (part == false)
        {
            // Nothing in a rest tells of the jump.
            row.Clear();
            row[0] = 1;
            normal.Add(row[..parameters], 0, 1);
        }
        var theta = normal.Solve(parameters);
        double chi = 0;
        for (var i = 0; i < bins.Count; i++)
        {
            for (var c = 0; c < parameters; c++) { model[i] += basis[i][c] * theta[c]; }
            if (part is { } on && on != bins[i].On) { continue; }
            chi += Square((bins[i].Potential - model[i]) / bins[i].Sigma);
        }
        foreach (var (index, column) in new[] { (k, 1), (k + 1, 2) })
        {
            chi += Square(theta[column] / Known(index));
        }
        return new(chi, theta, model);
    }

    /// <summary>What is known of a rest point, V: its scatter, how far it still drifts, and the converter's step, which a quiet potential does not average out.</summary>
    private double Known(int index)
    {
        var (potential, drift) = ends[index];
        return Math.Sqrt(Square(potential.StandardError) + (noise * noise / 25) + (quantum * quantum) + Square(60 * drift.Value) + 1e-12);
    }

    private Answer Full(int k, List<Bin> bins)
    {
        var p = train[k];
        var freedom = Math.Max(1, bins.Count - 2);
        var (x, low, high, _) = Search(v => Solve(k, bins, Math.Exp(v), null, curve, true).Chi, k);
        var best = Solve(k, bins, Math.Exp(x), null, curve, true);
        var chi = best.Chi / freedom;
        var (xOther, _, _, _) = Search(v => Solve(k, bins, Math.Exp(v), null, other, true).Chi, k);
        var (xPulse, _, _, _) = Search(v => Solve(k, bins, Math.Exp(v), null, curve, true, true).Chi, k);
        var (xRest, _, _, _) = bins.Any(b => !b.On) ? Search(v => Solve(k, bins, Math.Exp(v), null, curve, true, false).Chi, k) : (x, 0, 0, 0);

        // With a slow polarisation beside diffusion, and instead of it, over its time constant.
        var (shortest, longest) = (Math.Log(Math.Max(2 * earliest, p.Duration / 60)), Math.Log(3 * p.Duration));
        var chiPolarisation = GoldenSection.OfGrid(shortest, longest, 6, 9, v => Solve(k, bins, 1, Math.Exp(v), curve, false).Chi).Value / Math.Max(1, freedom - 1);
        var (slow, xBoth, lowBoth, highBoth, chiBoth) = (double.NaN, x, low, high, chi);
        if (chi > 1.5)
        {
            (slow, _) = GoldenSection.OfGrid(shortest, longest, 6, 9, v => Search(w => Solve(k, bins, Math.Exp(w), Math.Exp(v), curve, true).Chi, k, coarse: true).Least);
            (xBoth, lowBoth, highBoth, chiBoth) = Search(w => Solve(k, bins, Math.Exp(w), Math.Exp(slow), curve, true).Chi, k);
            chiBoth /= Math.Max(1, freedom - 2);
        }

        // The interval of χ² holds noise; misfit widens it, and so does what the choice of the curve and of the data changes.
        var useBoth = chi > 1.5 && chiBoth < 0.4 * chi;
        var (centre, from, to, scale) = useBoth ? (xBoth, lowBoth, highBoth, chiBoth) : (x, low, high, chi);
        var widen = Math.Sqrt(Math.Max(1, scale));
        var (statLow, statHigh) = ((centre - from) * widen, (to - centre) * widen);
        var systematic = Math.Sqrt(QuantumSpread(k, bins, x) + Square(DriftShift(k, bins, x)) + Square(xOther - x) + Square(0.5 * (xBoth - x)) + Square(useBoth ? 0 : 0.25 * (xPulse - xRest)) + Square(0.01));
        var error = Math.Sqrt(Square(0.5 * (statLow + statHigh)) + Square(systematic));
        var (lower, upper) = (centre - (1.96 * Math.Sqrt(Square(statLow) + Square(systematic))), centre + (1.96 * Math.Sqrt(Square(statHigh) + Square(systematic))));
        var used = useBoth ? Solve(k, bins, Math.Exp(xBoth), Math.Exp(slow), curve, true) : best;
        var deltaEs = levels[k + 1] - levels[k];
        var remaining = Excess(k, p.RestEnd, Math.Exp(centre)) / (p.ChargeAfter - p.ChargeBefore);
        var misfit = Math.Sqrt(bins.Select((b, i) => Square(b.Potential - used.Model[i])).Average()) / Math.Abs(deltaEs);
        var estimate = new Estimate(Math.Exp(centre), Math.Exp(centre) * error, Math.Exp(lower), Math.Exp(upper));
        return new(centre, error, lower, upper, chi, chiPolarisation, chiBoth, xBoth - x, bins.Count, useBoth ? double.NaN : xPulse - xRest, remaining, misfit,
            new(estimate, used.Parameters[0], scale, useBoth ? used.Parameters[3] : 0, useBoth ? Math.Exp(slow) : double.NaN, [.. bins.Select(b => b.Time)], [.. bins.Select(b => b.Potential)], used.Model));
    }

    /// <summary>What a drift of the whole cell, too slow to be told from the end of a relaxation, would do to ln(R²/D): by its part of the change of the rest potential, and by bending the transients.</summary>
    private double DriftShift(int k, List<Bin> bins, double x)
    {
        const double unseen = 0.03e-3 / 3600;
        var p = train[k];
        var moved = bins.ConvertAll(b => b with { Potential = b.Potential + (unseen * (b.Time - (b.On ? p.Start : p.RestEnd))) });
        var bent = Search(v => Solve(k, moved, Math.Exp(v), null, curve, true).Chi, k).X - x;
        return Math.Abs(bent) + Math.Abs(2 * unseen * (p.RestEnd - p.Start) / (levels[k + 1] - levels[k]));
    }

    /// <summary>Variance of ln(R²/D) from the converter's step: rows that read the same value share its rounding, so it is not averaged out among them.</summary>
    private double QuantumSpread(int k, List<Bin> bins, double x)
    {
        const int trials = 6;
        if (quantum == 0) { return 0; }
        double sum = 0;
        for (var seed = 0; seed < trials; seed++)
        {
            var moved = bins.ConvertAll(b => b with { Potential = b.Potential + (quantum * Normal((long)Math.Round(b.Potential / (quantum * Math.Sqrt(12))), seed)) });
            sum += Square(Search(v => Solve(k, moved, Math.Exp(v), null, curve, true).Chi, k).X - x);
        }
        return sum / trials;

        static double Normal(long level, int seed)
        {
            var random = new Random(unchecked(((int)level * 31) + (seed * 7919) + 17));
            return Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }
    }

    /// <summary>Minimum of χ² over ln(R²/D) by a grid and golden sections, with where it has risen by 1.</summary>
    private (double X, double Low, double High, double Least) Search(Func<double, double> chi, int k, bool coarse = false)
    {
        var (from, to) = (Math.Log(Math.Max(earliest, 0.1)), Math.Log(1e4 * train[k].Duration));
        var (x, least) = GoldenSection.OfGrid(from, to, coarse ? 20 : 36, coarse ? 9 : 24, chi);
        return coarse ? (x, x, x, least) : (x, Rise(-1), Rise(+1), least);

        double Rise(int direction)
        {
            double inside = 0, outside = 0.005;
            while (outside < 20 && chi(x + (direction * outside)) - least < 1) { (inside, outside) = (outside, outside * 2); }
            for (var i = 0; i < 12; i++)
            {
                var middle = 0.5 * (inside + outside);
                if (chi(x + (direction * middle)) - least < 1) { inside = middle; } else { outside = middle; }
            }
            return x + (direction * outside);
        }
    }

    private static double Square(double v) => v * v;
}
