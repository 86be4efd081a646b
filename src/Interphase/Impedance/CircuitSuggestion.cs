using Interphase.Measurements;

namespace Interphase.Impedance;

/// <summary>A circuit that was tried, with the evidence for it.</summary>
/// <param name="Fit">The fit.</param>
/// <param name="Weight">Its share of the evidence among those tried: exp(−ΔBIC/2), normalised.</param>
public sealed record CircuitCandidate(CircuitFitResult Fit, double Weight);

/// <summary>Circuits ranked by what the data support.</summary>
public static class CircuitSuggestion
{
    private const int MostArcs = 4;

    /// <summary>
    /// Fits series of depressed arcs with and without a series resistance, inductance and a diffusion or blocking tail, and
    /// ranks them by BIC. Arcs are added as long as the evidence grows.
    /// </summary>
    /// <param name="spectrum">The spectrum.</param>
    /// <param name="options">Options of the fits.</param>
    /// <returns>The candidates, the best first.</returns>
    /// <exception cref="InputException">No circuit could be fitted.</exception>
    public static IReadOnlyList<CircuitCandidate> Rank(ImpedanceSpectrum spectrum, FitOptions? options = null) =>
        Rank(spectrum, options ?? new FitOptions(), ["", "-CPE9", "-W9", "-Wo9", "-Ws9"], MostArcs);

    internal static IReadOnlyList<CircuitCandidate> Rank(ImpedanceSpectrum spectrum, FitOptions options, string[] tails, int mostArcs)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        // Every candidate must see the same points, or their likelihoods cannot be compared.
        var quick = options with { Profile = false };
        var inductive = InductivePoints.LeaveOut(spectrum, Circuit.Parse("R0"), options, []).Count < spectrum.Count;
        // Before a large arc an inductance can bend the spectrum without ever turning its sign.
        string[] heads = inductive ? ["L0-"] : ["", "L0-"];
        var tried = new List<CircuitFitResult>();
        foreach (var (head, tail) in heads.SelectMany(h => tails.Select(t => (h, t))))
        {
            var best = double.PositiveInfinity;
            var disappointments = 0;
            for (var arcs = 0; arcs <= mostArcs && disappointments < 2; arcs++)
            {
                var before = best;
                foreach (var series in (string[])["R0", ""])
                {
                    var parts = new[] { series }.Where(s => s.Length > 0).Concat(Enumerable.Range(1, arcs).Select(i => $"p(R{i},CPE{i})")).ToArray();
                    if (parts.Length == 0) { continue; }
                    var circuit = Circuit.Parse(head + string.Join("-", parts) + tail.Replace("9", (arcs + 1).ToString(), StringComparison.Ordinal));
                    if ((2 * spectrum.Count) < (2 * circuit.Parameters.Count) + 4) { continue; }
                    var fit = CircuitFit.Fit(spectrum, circuit, quick);
                    best = Math.Min(best, fit.Bic);
                    tried.Add(fit);
                }
                if (best >= before) { disappointments++; }
            }
        }
        if (tried.Count == 0) { throw new InputException($"{spectrum.Count} points are too few for any circuit", spectrum.File, "measure more frequencies"); }
        var lowest = tried.Min(f => f.Bic);
        var sum = tried.Sum(f => Math.Exp((lowest - f.Bic) / 2));
        return [.. tried.OrderBy(f => f.Bic).Select(f => new CircuitCandidate(f, Math.Exp((lowest - f.Bic) / 2) / sum))];
    }
}
