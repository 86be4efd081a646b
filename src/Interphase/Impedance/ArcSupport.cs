using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>
/// Says which arcs of a fitted circuit the spectrum does not hold: the circuit without the arc has the lower BIC, by
/// <see cref="Strong"/> or more.
/// </summary>
internal static class ArcSupport
{
    /// <summary>A difference of BIC that counts as strong evidence (Kass and Raftery 1995).</summary>
    private const double Strong = 6;

    /// <summary>Arcs all of whose parameters have a smaller standard error of ln p than this are not questioned.</summary>
    private const double Vague = 0.25;

    /// <summary>The top-level parts that are not there, with what BIC gains without them.</summary>
    public static List<(CircuitNode Arc, double BicGain)> Absent(LeastSquares problem, ImpedanceSpectrum points, double[] theta, double cost, FitOptions options)
    {
        var circuit = problem.Circuit;
        var found = new List<(CircuitNode, double)>();
        var covariance = problem.Covariance(theta, cost / ((2 * points.Count) - problem.Count), out var atLimit);
        var values = problem.ParametersAt(theta);
        foreach (var arc in circuit.Blocks.Where(IsArc).OrderBy(b => SizeOf(b, circuit, values)))
        {
            var own = Circuit.ParametersOf(arc);
            var vague = Enumerable.Range(0, problem.Count).Any(j => own.Contains(problem.ParameterOf(j)) && problem.IsLogarithmic(j)
                && (atLimit[j] || !(covariance[(j * problem.Count) + j] < Vague * Vague)));
            if (!vague || own.Any(i => circuit.Parameters[i].IsFixed)) { continue; }
            var gone = found.Select(f => f.Item1).Append(arc).ToHashSet(ReferenceEqualityComparer.Instance);
            if (circuit.Without(gone.Contains, out var kept) is not { } smaller) { continue; }
            var reduced = new LeastSquares(smaller, points, options.Weighting);
            var best = reduced.Minimise(reduced.ThetaOf([.. kept.Select(i => values[i])]), options.MostIterations).Cost;
            foreach (var start in StartSearch.Starts(smaller, points, options, 5))
            {
                best = Math.Min(best, reduced.Minimise(reduced.ThetaOf(start), 100, giveUpAbove: 1.3 * best).Cost);
            }
            var gain = Evidence.Bic(cost, problem.Count, points, options.Weighting) - Evidence.Bic(best, reduced.Count, points, options.Weighting);
            if (gain < Strong) { continue; }
            found.Add((arc, gain));
        }
        return found;
    }

    private static bool IsArc(CircuitNode block) => block is not ElementNode e || e.Element.Parameters.Any(p => p.Unit == "s");

    private static double SizeOf(CircuitNode block, Circuit circuit, double[] values) =>
        Circuit.ParametersOf(block).Where(i => circuit.Parameters[i].Definition.Unit == "ohm").Sum(i => values[i]);
}
