using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics;

namespace Interphase.Cycling;

/// <summary>A maximum of differential capacity.</summary>
/// <param name="Potential">V.</param>
/// <param name="Height">C/V.</param>
/// <param name="HeightBias">What smoothing has taken from the height to second order, C/V (negative: the true peak is higher).</param>
/// <param name="FullWidth">Full width at half maximum, V; NaN where a neighbour or the edge is nearer.</param>
public sealed record DifferentialPeak(Estimate Potential, Estimate Height, double HeightBias, double FullWidth);

/// <summary>One half of a cycle as dQ/dV.</summary>
/// <param name="Cycle">Index of the cycle.</param>
/// <param name="Kind">Charge or discharge.</param>
/// <param name="Potential">Even grid, V.</param>
/// <param name="Value">|dQ/dV|, C/V.</param>
/// <param name="Width">Standard deviation of the smoothing Gaussian, V.</param>
/// <param name="Peaks">By rising potential.</param>
public sealed record DifferentialBranch(int Cycle, StepKind Kind, double[] Potential, double[] Value, double Width, IReadOnlyList<DifferentialPeak> Peaks);

/// <summary>
/// Differential capacity of the constant-current part of each half cycle: the charge of each interval between rows, spread
/// over the potentials it passed, is convolved with a Gaussian of stated width (mirrored at the ends). The integral over
/// potential is therefore the capacity exactly, and the smoothing bias is that of the Gaussian: w²/2 times the second derivative.
/// </summary>
public sealed record DifferentialCapacity(IReadOnlyList<DifferentialBranch> Branches, PotentialReference Reference, IReadOnlyList<Warning> Warnings)
{
    private const int GridPoints = 800;

    /// <summary>What the numbers mean, in a sentence.</summary>
    public static string Convention => "|dQ/dV| in C/V of the constant-current part, convolved with a Gaussian of standard deviation 'smoothing' (V); its integral is the capacity; a peak of standard deviation s is lowered by the factor 1/sqrt(1 + smoothing^2/s^2); heightBias is the same to second order";

    /// <summary>Analyses a series of charges and discharges.</summary>
    /// <param name="series">Needs time, current and potential.</param>
    /// <param name="electrode">For the reference of the potential and how cycles begin.</param>
    /// <param name="options">How cycles are made.</param>
    /// <param name="width">Standard deviation of the Gaussian, V; null: from the noise and the sampling of each branch, at least 5 mV.</param>
    /// <exception cref="InputException">As <see cref="CyclingSummary.Analyse"/>, or the width is not positive.</exception>
    public static DifferentialCapacity Analyse(TimeSeries series, Electrode electrode, CyclingOptions options, double? width = null)
    {
        if (width is <= 0) { throw new InputException("the smoothing width is not positive", "--smoothing", "write a width in V above zero, for example 5 mV"); }
        var summary = CyclingSummary.Analyse(series, electrode, options);
        var branches = new List<DifferentialBranch>();
        var warnings = new List<Warning>();
        foreach (var cycle in summary.Cycles)
        {
            foreach (var (half, kind) in new[] { (cycle.Charge, StepKind.Charge), (cycle.Discharge, StepKind.Discharge) }.OrderBy(h => h.Item1?.FirstRow ?? 0))
            {
                if (half is null) { continue; }
                var parts = Intervals(series, half);
                if (parts.Count < 10)
                {
                    warnings.Add(new($"cycles[{cycle.Index - 1}].branches", $"the {(kind == StepKind.Charge ? "charge" : "discharge")} of cycle {cycle.Index} has too few rows at constant current"));
                    continue;
                }
                branches.Add(Branch(cycle.Index, kind, parts, width));
            }
        }
        return new(branches, summary.Reference, [.. warnings, .. summary.Warnings.Where(w => w.Path is "pauses" or "convention")]);
    }

    private static List<ChargeInterval> Intervals(TimeSeries series, HalfCycle half)
    {
        var t = series.Time;
        var current = series.Current;
        var potential = series.Potential;
        var parts = new List<ChargeInterval>();
        for (var i = half.FirstRow + 1; i <= half.LastRow; i++)
        {
            var constant = Math.Abs(current[i] - half.Current) <= 0.1 * Math.Abs(half.Current) && Math.Abs(current[i - 1] - half.Current) <= 0.1 * Math.Abs(half.Current);
            if (constant && t[i] > t[i - 1] && double.IsFinite(potential[i]) && double.IsFinite(potential[i - 1]))
            {
                parts.Add(new(potential[i - 1], potential[i], 0.5 * Math.Abs(current[i] + current[i - 1]) * (t[i] - t[i - 1])));
            }
        }
        return parts;
    }

    private static DifferentialBranch Branch(int cycle, StepKind kind, List<ChargeInterval> parts, double? width)
    {
        var low = parts.Min(p => Math.Min(p.From, p.To));
        var high = parts.Max(p => Math.Max(p.From, p.To));
        var noise = Noise(parts);
        var w = width ?? Math.Clamp(Math.Max(3 * noise, Median.Of([.. parts.Select(p => Math.Abs(p.To - p.From))])), 0.005, Math.Max(0.005, 0.02 * (high - low)));
        var n = (int)Math.Clamp((high - low) / (w / 4), 50, 4 * GridPoints);
        var grid = Generate.LinearSpaced(n, low, high);
        var step = grid[1] - grid[0];
        // f, and the variance that potential noise gives it.
        var (f, vf) = (new double[n], new double[n]);
        foreach (var p in parts)
        {
            Deposit(p.From, p.To, p.Charge);
            // Mirrored at the ends, so that no charge leaves the window.
            if (Math.Min(p.From, p.To) < low + (6 * w)) { Deposit((2 * low) - p.From, (2 * low) - p.To, p.Charge); }
            if (Math.Max(p.From, p.To) > high - (6 * w)) { Deposit((2 * high) - p.From, (2 * high) - p.To, p.Charge); }
        }

        void Deposit(double from, double to, double charge)
        {
            var (a, b) = from < to ? (from, to) : (to, from);
            var first = Math.Max(0, (int)Math.Ceiling((a - (6 * w) - low) / step));
            var last = Math.Min(n - 1, (int)Math.Floor((b + (6 * w) - low) / step));
            var narrow = b - a < 0.05 * w;
            for (var k = first; k <= last; k++)
            {
                var (x, u, v) = ((grid[k] - (0.5 * (a + b))) / w, (grid[k] - a) / w, (grid[k] - b) / w);
                var g = DifferentialPeakTop.Gauss(x) / w;
                f[k] += charge * (narrow ? g : (DifferentialPeakTop.Phi(u) - DifferentialPeakTop.Phi(v)) / (b - a));
                vf[k] += Math.Pow(charge * x * g / w, 2);
            }
        }

        var peaks = new List<DifferentialPeak>();
        var top = f.Max();
        for (var k = 1; k < n - 1; k++)
        {
            if (!(f[k] >= f[k - 1] && f[k] > f[k + 1])) { continue; }
            var prominence = Prominence(f, k);
            if (prominence < Math.Max(0.05 * top, 4 * noise * Math.Sqrt(vf[k]))) { continue; }
            peaks.Add(DifferentialPeakTop.Of(grid, f, k, prominence, parts, w, noise, FullWidth(grid, f, k)));
        }
        return new(cycle, kind, grid, f, w, peaks);
    }

    /// <summary>Potential noise from second differences (median, so that steps of the curve do not count), with the quantum of the converter.</summary>
    private static double Noise(List<ChargeInterval> parts)
    {
        var second = new List<double>();
        var quantum = double.PositiveInfinity;
        for (var i = 1; i < parts.Count; i++)
        {
            second.Add(Math.Abs((parts[i].To - parts[i].From) - (parts[i - 1].To - parts[i - 1].From)));
            var d = Math.Abs(parts[i].To - parts[i].From);
            if (d > 1e-9) { quantum = Math.Min(quantum, d); }
        }
        var steps = parts.Count(p => Math.Abs(p.To - p.From) <= 1e-9);
        // Repeated values show a converter's step; without repeats the smallest difference is only a small slope.
        var fromQuantum = steps > 0.05 * parts.Count && double.IsFinite(quantum) ? quantum / Math.Sqrt(12) : 0;
        return Math.Max(Median.Of([.. second]) / 0.6745 / Math.Sqrt(6), fromQuantum);
    }

    private static double Prominence(double[] f, int k)
    {
        double left = f[k], right = f[k];
        for (var i = k - 1; i >= 0 && f[i] <= f[k]; i--) { left = Math.Min(left, f[i]); }
        for (var i = k + 1; i < f.Length && f[i] <= f[k]; i++) { right = Math.Min(right, f[i]); }
        return f[k] - Math.Max(left, right);
    }

    private static double FullWidth(double[] x, double[] f, int k)
    {
        int a = k, b = k;
        while (a > 0 && f[a] > 0.5 * f[k]) { if (f[a] > f[k]) { return double.NaN; } a--; }
        while (b < f.Length - 1 && f[b] > 0.5 * f[k]) { if (f[b] > f[k]) { return double.NaN; } b++; }
        return f[a] > 0.5 * f[k] || f[b] > 0.5 * f[k] ? double.NaN : x[b] - x[a];
    }
}
