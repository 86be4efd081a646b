using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Impedance;

/// <summary>Settings of <see cref="Polarisation.Analyse"/>.</summary>
public readonly record struct PolarisationOptions()
{
    /// <summary>The part of each step, at its end, over which the current is judged and averaged.</summary>
    public double Window { get; init; } = 0.2;

    /// <summary>A current is steady when what it would still lose in another such step is less than this share of it.</summary>
    public double Tolerance { get; init; } = 0.05;
}

/// <summary>One step of constant potential.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Start">s.</param>
/// <param name="Duration">s.</param>
/// <param name="Potential">Mean potential in the window, V.</param>
/// <param name="Current">Mean current in the window, A.</param>
/// <param name="StandardError">Of the current, with what it may still lose, A.</param>
/// <param name="Change">What the current still loses over the window, relative to it.</param>
/// <param name="Steady">Whether the current is steady.</param>
public sealed record PolarisationStep(int Index, double Start, double Duration, double Potential, double Current, double StandardError, double Change, bool Steady);

/// <summary>What <see cref="Polarisation.Analyse"/> found.</summary>
/// <param name="Conductivity">Electronic conductivity, S/m; withheld where no current is steady.</param>
/// <param name="LeakLower">Lower end of the interval for the electronic leak, S/m.</param>
/// <param name="LeakUpper">Upper end; every current bounds it from above, also one that still decays.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Options">The settings used.</param>
/// <param name="Warnings">What is doubtful or withheld.</param>
public sealed record PolarisationResult(Estimate Conductivity, double LeakLower, double LeakUpper, IReadOnlyList<PolarisationStep> Steps, PolarisationOptions Options, IReadOnlyList<Warning> Warnings);

/// <summary>
/// DC polarisation between ion-blocking electrodes (Hebb, J. Chem. Phys. 20 (1952) 185; Wagner 1956): once the ions rest, the
/// current that is left is electronic, σ = (I/U)·L/A, from several potentials the slope of I over U.
/// </summary>
public static class Polarisation
{
    private const int FewestPoints = 10;

    /// <summary>Analyses one or several chronoamperograms of one pellet.</summary>
    /// <exception cref="InputException">No current or potential, or no step of constant potential.</exception>
    public static PolarisationResult Analyse(IReadOnlyList<TimeSeries> series, PelletGeometry geometry, PolarisationOptions options)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(geometry);
        var steps = new List<PolarisationStep>();
        foreach (var s in series)
        {
            foreach (var (from, to) in Constant(s)) { steps.Add(Judge(s, from, to, steps.Count, options)); }
        }
        var driven = steps.Where(p => Math.Abs(p.Potential) > 1e-3).ToList();
        if (driven.Count == 0)
        {
            throw new InputException("no step of constant potential other than zero was found", "", $"record the current at constant potential, at least {FewestPoints} points a step");
        }
        var warnings = new List<Warning>();
        foreach (var p in steps.Where(p => !p.Steady))
        {
            warnings.Add(new($"steadyCurrents[{p.Index}]", $"the current at {p.Potential:G4} V is not steady: it still changes by {100 * p.Change:F0} % over the last {100 * options.Window:F0} % of the step; hold longer"));
        }
        var (factor, relative) = (geometry.Factor, geometry.RelativeError);
        var steady = driven.Where(p => p.Steady).ToList();
        var conductance = Conductance(steady, warnings);
        // The ions carry what still decays: no electronic leak can exceed the smallest conductance seen.
        var bound = driven.Min(p => Math.Max(0, (p.Current / p.Potential) + (2 * p.StandardError / Math.Abs(p.Potential))));
        var estimate = conductance.HasValue
            ? Estimate.Of(conductance.Value * factor, Math.Sqrt(Square(conductance.StandardError * factor) + Square(conductance.Value * factor * relative)))
            : Estimate.Withheld(conductance.Reason!);
        if (!estimate.HasValue) { warnings.Add(new("conductivity_S_cm", conductance.Reason!)); }
        var lower = estimate.HasValue ? Math.Max(0, estimate.Lower95) : 0;
        var upper = estimate.HasValue ? estimate.Upper95 : bound * factor * (1 + (2 * relative));
        return new(estimate, lower, upper, steps, options, warnings);
    }

    /// <summary>The keys and units of the command's JSON.</summary>
    public static object Contract(this PolarisationResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            conductivity_S_cm = r.Conductivity.Value / 100,
            standardError = r.Conductivity.StandardError / 100,
            lower95 = r.Conductivity.Lower95 / 100,
            upper95 = r.Conductivity.Upper95 / 100,
            leak = new { lower_S_cm = r.LeakLower / 100, upper_S_cm = r.LeakUpper / 100 },
            steadyCurrents = r.Steps.Select(s => new { s.Index, s.Start, s.Duration, s.Potential, s.Current, s.StandardError, s.Steady, change_percent = 100 * s.Change }).ToArray(),
            r.Warnings,
        };
    }

    private static double Square(double x) => x * x;

    /// <summary>Rows of constant potential: within 1 mV and 1 % of the step's first rows, cut also where the step number changes.</summary>
    private static IEnumerable<(int From, int To)> Constant(TimeSeries s)
    {
        var e = s.Required(ColumnNames.Potential).Values;
        _ = s.Required(ColumnNames.Current);
        var step = s.Find(ColumnNames.Step)?.Values;
        var from = 0;
        for (var i = 1; i <= e.Length; i++)
        {
            if (i < e.Length && Math.Abs(e[i] - e[from]) <= 1e-3 + (0.01 * Math.Abs(e[from])) && (step is null || step[i] == step[from])) { continue; }
            if (i - from >= FewestPoints) { yield return (from, i); }
            from = i;
        }
    }

    private static PolarisationStep Judge(TimeSeries s, int from, int to, int index, PolarisationOptions o)
    {
        var t = s.Time[from..to].ToArray();
        var current = s.Current[from..to].ToArray();
        var potential = s.Potential[from..to].ToArray();
        var duration = t[^1] - t[0];
        var start = Array.FindIndex(t, x => x >= t[^1] - (o.Window * duration));
        start = Math.Min(start, t.Length - 5);
        double[] x = [.. t.Skip(start).Select(v => (v - t[start]) / Math.Max(t[^1] - t[start], 1e-12))], y = current[start..];
        var n = x.Length;
        double mx = x.Average(), my = y.Average();
        var sxx = x.Sum(v => (v - mx) * (v - mx));
        var slope = sxx > 0 ? x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / sxx : 0;
        var variance = x.Zip(y, (a, b) => Square(b - my - (slope * (a - mx)))).Sum() / Math.Max(1, n - 2);
        var noise = Math.Sqrt(variance / n);
        var slopeError = sxx > 0 ? Math.Sqrt(variance / sxx) : double.NaN;
        // Over a step as long as the one before, a current that still loses `slope` in its last window would lose at most
        // slope/Window; relaxing ions slow down, so that this is a bound.
        var change = my == 0 ? 0 : Math.Abs(slope) / Math.Abs(my);
        var still = Math.Max(0, Math.Abs(slope) - (2 * slopeError)) / o.Window;
        var steady = still <= o.Tolerance * Math.Abs(my) || still == 0;
        var error = Math.Sqrt(Square(noise) + Square(slope / o.Window / 2 * (still > 0 ? 1 : 0)));
        return new(index, t[0], duration, potential[start..].Average(), my, error, change, steady);
    }

    private static Estimate Conductance(List<PolarisationStep> steady, List<Warning> warnings)
    {
        if (steady.Count == 0) { return Estimate.Withheld("no current is steady, so that none is known to be electronic; the leak is bounded from above only"); }
        if (steady.Count == 1)
        {
            var p = steady[0];
            warnings.Add(new("standardError", "one potential: the error holds the noise of the current, not a current that flows at zero potential"));
            return Estimate.Of(p.Current / p.Potential, p.StandardError / Math.Abs(p.Potential));
        }
        var floor = steady.Max(p => Math.Abs(p.Current)) * 1e-6;
        double[] w = [.. steady.Select(p => 1 / Square(Math.Max(p.StandardError, floor)))];
        // An offset of the instrument shows only with three potentials or more, two of them apart.
        var offset = steady.Count >= 3;
        double sw = w.Sum(), sx = 0, sy = 0;
        for (var i = 0; i < w.Length; i++) { sx += w[i] * steady[i].Potential; sy += w[i] * steady[i].Current; }
        double mx = offset ? sx / sw : 0, my = offset ? sy / sw : 0, sxx = 0, sxy = 0;
        for (var i = 0; i < w.Length; i++)
        {
            sxx += w[i] * Square(steady[i].Potential - mx);
            sxy += w[i] * (steady[i].Potential - mx) * (steady[i].Current - my);
        }
        if (!(sxx > 0) || (offset && steady.Max(p => p.Potential) - steady.Min(p => p.Potential) < 1e-3))
        {
            return Estimate.WithoutError(steady.Average(p => p.Current / p.Potential), "all potentials are the same");
        }
        var g = sxy / sxx;
        double chi = 0;
        for (var i = 0; i < w.Length; i++) { chi += w[i] * Square(steady[i].Current - my - (g * (steady[i].Potential - mx))); }
        var freedom = steady.Count - (offset ? 2 : 1);
        var scatter = Math.Max(1, chi / freedom);
        if (scatter > 10) { warnings.Add(new("conductivity_S_cm", "the steady currents do not lie on a line over the potential: conduction is not ohmic, or a current is not electronic")); }
        return g > 0 ? Estimate.Of(g, Math.Sqrt(scatter / sxx)) : Estimate.Withheld("the steady currents do not rise with the potential");
    }
}
