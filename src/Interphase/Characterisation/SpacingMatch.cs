using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>A lattice spacing (m) and the line of a phase it agrees with; null where there is none.</summary>
/// <param name="Spacing">As measured.</param>
/// <param name="Phase">The phase; of phases that agree alike (LiNbO3, LiTaO3 and their solid solution) the one with the nearest strong line.</param>
/// <param name="Line">Its indices (<c>012</c>).</param>
public sealed record LatticeSpacing(Estimate Spacing, string? Phase, string? Line);

/// <summary>A spacing (m) by one grain: its own error, and what the lens may have done to it, with its sign.</summary>
internal readonly record struct GrainSpacing(double Value, double Error, double Lens);

/// <summary>Spacings and the lines of phases.</summary>
internal static class SpacingMatch
{
    /// <summary>
    /// The nearest line within three standard errors, of which the doubt about the scale is one; strong lines go before weak ones, and the
    /// phase that explains most goes first, so that one phase is not called by the names of its relatives.
    /// </summary>
    public static IReadOnlyList<LatticeSpacing> Of(IReadOnlyList<Estimate> spacings, double scaleError, IEnumerable<CrystalPhase> possible)
    {
        var result = spacings.Select(s => new LatticeSpacing(s, null, null)).ToArray();
        var phases = possible.ToList();
        while (phases.Count > 0)
        {
            var tried = phases.Select(p => (Phase: p, Lines: result.Select(r => r.Phase is null ? Best(p, r.Spacing, scaleError) : null).ToArray())).MaxBy(t => t.Lines.Sum(l => l?.Worth ?? 0));
            if (tried.Lines.All(l => l is null)) { break; }
            for (var i = 0; i < result.Length; i++)
            {
                if (tried.Lines[i] is { } line) { result[i] = result[i] with { Phase = tried.Phase.Name, Line = line.Indices }; }
            }
            phases.Remove(tried.Phase);
        }
        return result;
    }

    private static (double Worth, string Indices)? Best(CrystalPhase phase, Estimate spacing, double scaleError)
    {
        var sigma = Math.Sqrt((spacing.StandardError * spacing.StandardError) + Math.Pow(scaleError * spacing.Value, 2));
        (double Worth, string Indices)? best = null;
        foreach (var (h, k, l, intensity) in phase.Lines)
        {
            var z = (phase.Spacing(h, k, l, phase.A, phase.C) - spacing.Value) / sigma;
            var worth = 20 - (z * z) + (2 * Math.Log(Math.Max(0.5, intensity) / 100));
            if (Math.Abs(z) < 3 && worth > (best?.Worth ?? 0)) { best = (worth, Indices(h, k, l)); }
        }
        return best;
    }

    /// <summary>Part of the variance that grains of one spacing have in common: in computed images their errors go together by so much.</summary>
    private const double Common = 0.25;

    /// <summary>Measurements of one spacing (other grains, other directions) as one, the longest first.</summary>
    public static IReadOnlyList<Estimate> Merge(IEnumerable<GrainSpacing> spacings)
    {
        var merged = new List<(List<GrainSpacing> Grains, double Weight, double Mean)>();
        foreach (var s in spacings.OrderByDescending(s => s.Value))
        {
            var weight = 1 / (s.Error * s.Error);
            if (merged.Count > 0 && merged[^1] is var (grains, sum, mean) && mean - s.Value < Math.Max(0.006 * s.Value, 3 * Math.Sqrt(Math.Pow(grains.Min(g => g.Error), 2) + Math.Pow(s.Error, 2) + Math.Pow(s.Lens, 2))))
            {
                grains.Add(s);
                merged[^1] = (grains, sum + weight, ((sum * mean) + (weight * s.Value)) / (sum + weight));
            }
            else { merged.Add(([s], weight, s.Value)); }
        }
        return [.. merged.Select(m =>
        {
            double Mean(Func<GrainSpacing, double> of) => m.Grains.Sum(g => of(g) / (g.Error * g.Error)) / m.Weight;
            var variance = ((1 - Common) / m.Weight) + (Common * Math.Pow(Mean(g => g.Error), 2));
            // Grains that scatter by more than their errors.
            if (m.Grains.Count > 1) { variance *= Math.Max(1, m.Weight * Mean(g => Math.Pow(g.Value - m.Mean, 2)) / (m.Grains.Count - 1)); }
            // What a lens does to a spacing it does to all grains of it alike.
            return Estimate.Of(m.Mean, Math.Sqrt(variance + Math.Pow(Mean(g => g.Lens), 2)));
        })];
    }

    /// <summary>As printed: 012, or 1 0 -2 where a sign or a second digit would be misread.</summary>
    public static string Indices(int h, int k, int l) => new[] { h, k, l }.All(i => i is >= 0 and < 10) ? $"{h}{k}{l}" : $"{h} {k} {l}";
}
