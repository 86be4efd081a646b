using System.Numerics;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>Complex nonlinear least squares: the parameters of a circuit from a spectrum.</summary>
public static class CircuitFit
{
    private const int MostStarts = 24;

    /// <summary>
    /// Fits a circuit. Without a guess it starts from the data; it reports the lowest minimum found, standard errors from
    /// the curvature there scaled by the residuals, and limits by profile likelihood where the curvature is no guide.
    /// Interchangeable arcs are numbered by time constant, the fastest 1, unless the person named one of their parameters.
    /// </summary>
    /// <exception cref="InputException">Too few points for the parameters, or the points cannot be weighted or evaluated.</exception>
    public static CircuitFitResult Fit(ImpedanceSpectrum spectrum, Circuit circuit, FitOptions? options = null) =>
        Fit(spectrum, circuit, options ?? new FitOptions(), null);

    /// <summary>As the public one; near a previous result of a series, whose arcs keep their names.</summary>
    internal static CircuitFitResult Fit(ImpedanceSpectrum spectrum, Circuit circuit, FitOptions options, double[]? previous)
    {
        var warnings = new List<Warning>();
        var points = InductivePoints.LeaveOut(Checked(spectrum), circuit, options, warnings);
        var problem = new LeastSquares(circuit, points, options.Weighting);
        if (2 * points.Count <= problem.Count)
        {
            throw new InputException($"{points.Count} points cannot determine {problem.Count} parameters", spectrum.File, "use a smaller circuit or more points");
        }
        var unguessed = circuit.WithoutGuesses();
        double[] guesses = [.. circuit.Parameters.Select(p => p.IsFixed ? double.NaN : p.Value ?? double.NaN)];
        var isGuessed = guesses.Any(g => !double.IsNaN(g));
        var minimum = Minimum(problem, unguessed, points, options, previous);
        while (true)
        {
            var absent = options.Search ? ArcSupport.Absent(problem, points, minimum.Theta, minimum.Cost, options) : [];
            var values = problem.ParametersAt(minimum.Theta);
            var named = previous is not null ? ArcOrder.Nearest(circuit, values, previous) : ArcOrder.Fastest(circuit, values, absent.ConvertAll(a => a.Arc));
            if (isGuessed)
            {
                var guessed = ArcOrder.Nearest(unguessed, named.Parameters, guesses);
                named = new(guessed.Parameters, [.. named.Moves, .. guessed.Moves]);
            }
            minimum = minimum with { Theta = problem.ThetaOf(named.Parameters) };
            var intervals = ParameterIntervals.Of(problem, minimum.Theta, minimum.Cost, points.Count, options);
            if (intervals.Lower is { } lower)
            {
                // The profile of a parameter went through a lower minimum: start again from there.
                var theta = (double[])lower.Clone();
                var (cost, iterations, reason) = problem.Minimise(theta, options.MostIterations);
                minimum = minimum with { Theta = theta, Cost = cost, Iterations = iterations, Reason = reason };
                continue;
            }
            var places = absent.ConvertAll(a => named.NewPlace(a.Arc));
            var missing = places.SelectMany(Circuit.ParametersOf).Select(i => circuit.Parameters[i].Name).ToHashSet();
            for (var a = 0; a < absent.Count; a++)
            {
                var names = Circuit.ParametersOf(places[a]).Select(i => circuit.Parameters[i].Name).ToArray();
                var rest = circuit.Without(b => places.Take(a + 1).Any(p => ReferenceEquals(p, b)), out _);
                warnings.Add(new($"parameters.{names[0]}", $"no such arc here: {rest!.Bare()} describes the spectrum without it (BIC lower by {absent[a].BicGain:F0}); {string.Join(", ", names)} withheld"));
            }
            warnings.AddRange(intervals.Warnings.Where(w => !missing.Any(m => w.Path == $"parameters.{m}")));
            if (minimum.Reason == StopReason.IterationLimit)
            {
                warnings.Add(new("chiSquared", $"the descent used up its {options.MostIterations} iterations and may not be at the minimum"));
            }
            if (minimum.Guessed is { } local && local > minimum.Cost * 1.001)
            {
                warnings.Add(new("chiSquared", $"the guess leads to a local minimum (chi-squared {local:G5}); this lower one was found from the data"));
            }
            return new()
            {
                Spectrum = points, Circuit = circuit, Options = options, Parameters = [.. intervals.Parameters.Select(p => missing.Contains(p.Name) ? p with { Identifiable = false, IsAbsent = true } : p)], Correlation = intervals.Correlation,
                ChiSquared = minimum.Cost, FreeParameters = problem.Count, Iterations = minimum.Iterations, Reason = minimum.Reason,
                Starts = minimum.Starts, Warnings = warnings,
            };
        }
    }

    private sealed record Found(double[] Theta, double Cost, int Iterations, StopReason Reason, int Starts, double? Guessed);

    private static Found Minimum(LeastSquares problem, Circuit unguessed, ImpedanceSpectrum points, FitOptions options, double[]? previous)
    {
        var circuit = problem.Circuit;
        Found? best = null;
        var tried = 0;
        var agreeing = 0;
        double? guessed = null;

        void Descend(double[] start, bool quick)
        {
            var theta = problem.ThetaOf(start);
            var (cost, iterations, reason) = problem.Minimise(theta, quick ? 60 : options.MostIterations, quick ? 1e-7 : 1e-10, giveUpAbove: quick && best is not null ? 1.3 * best.Cost : double.PositiveInfinity);
            tried++;
            if (best is not null && Math.Abs(cost - best.Cost) <= 1e-4 * best.Cost) { agreeing++; }
            // Twins of a minimum, with arcs exchanged, differ by rounding only: the first found stays.
            if (double.IsFinite(cost) && (best is null || cost < best.Cost * (1 - 1e-5)))
            {
                if (best is null || cost < best.Cost * (1 - 1e-4)) { agreeing = 0; }
                best = new(theta, cost, iterations, reason, tried, null);
            }
        }

        if (previous is not null) { Descend(previous, quick: false); }
        else if (circuit.Parameters.All(p => p.Value is not null))
        {
            Descend([.. circuit.Parameters.Select(p => p.Value!.Value)], quick: false);
            guessed = best?.Cost;
        }
        if (best is null || options.Search)
        {
            var starts = StartSearch.Starts(circuit, points, options, options.Search ? MostStarts : 3);
            var isGuessed = circuit.Parameters.Any(p => p.Value is not null && !p.IsFixed);
            if (isGuessed && options.Search) { starts = [.. starts.Take(3), .. StartSearch.Starts(unguessed, points, options, MostStarts)]; }
            foreach (var start in starts)
            {
                Descend(start, quick: true);
                if (previous is not null ? agreeing >= 1 : agreeing >= 3 && tried >= 4 + (2 * circuit.Blocks.Count)) { break; }
            }
        }
        if (best is null) { throw new InputException("the circuit cannot be evaluated on this spectrum", points.File, "check fixed values and limits"); }
        var final = (double[])best.Theta.Clone();
        var (finalCost, more, finalReason) = problem.Minimise(final, options.MostIterations);
        return best with { Theta = final, Cost = finalCost, Iterations = best.Iterations + more, Reason = finalReason, Starts = tried, Guessed = guessed };
    }

    /// <summary>The points with finite impedance and positive frequency.</summary>
    /// <exception cref="InputException">None are left, or a frequency is impossible.</exception>
    private static ImpedanceSpectrum Checked(ImpedanceSpectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        bool Good(int i) => spectrum.Frequency[i] > 0 && double.IsFinite(spectrum.Frequency[i]) && Complex.IsFinite(spectrum.Impedance[i]);
        var all = Enumerable.Range(0, spectrum.Count).All(Good);
        var points = all ? spectrum : spectrum.Where(Good);
        return points.Count > 0 ? points : throw new InputException("the spectrum holds no usable points", spectrum.File, "check frequency and impedance columns");
    }
}
