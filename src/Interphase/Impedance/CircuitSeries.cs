using Interphase.Measurements;

namespace Interphase.Impedance;

/// <summary>One circuit fitted to spectra that follow each other: while charging, ageing, cooling.</summary>
public static class CircuitSeries
{
    /// <summary>
    /// Fits every spectrum, in the order given. Each starts from its neighbour and is checked against a start from its own
    /// data; an arc keeps its name along the series. The first spectrum that holds every arc gives the names.
    /// </summary>
    /// <exception cref="InputException">As <see cref="CircuitFit.Fit(ImpedanceSpectrum, Circuit, FitOptions?)"/>.</exception>
    public static IReadOnlyList<CircuitFitResult> Fit(IReadOnlyList<ImpedanceSpectrum> spectra, Circuit circuit, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        var chosen = options ?? new FitOptions();
        var results = new CircuitFitResult?[spectra.Count];
        var anchor = 0;
        for (; anchor < spectra.Count; anchor++)
        {
            results[anchor] = CircuitFit.Fit(spectra[anchor], circuit, chosen, null);
            if (results[anchor]!.Parameters.All(p => !p.IsAbsent)) { break; }
        }
        if (anchor == spectra.Count) { return results!; }
        foreach (var direction in (int[])[1, -1])
        {
            var known = results[anchor]!.Values;
            for (var i = anchor + direction; i >= 0 && i < spectra.Count; i += direction)
            {
                results[i] = CircuitFit.Fit(spectra[i], circuit, chosen, known);
                known = [.. results[i]!.Parameters.Select((p, k) => p.IsAbsent ? known[k] : p.Value)];
            }
        }
        return results!;
    }
}
