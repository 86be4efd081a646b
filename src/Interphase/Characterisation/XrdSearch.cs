using Interphase.Measurements;

namespace Interphase.Characterisation;

/// <summary>Which of the shipped and the given phases a pattern shows.</summary>
internal static class XrdSearch
{
    public static readonly CrystalPhase Coating = CrystalPhase.Find("LiNb0.5Ta0.5O3");

    /// <summary>Whether a weak Li(Nb,Ta)O3 beside strong lines lowers χ² by more than 40 times its present level, with calculated intensities.</summary>
    public static bool SeesCoating(RefinedPattern fit)
    {
        foreach (var breadth in new[] { 0.1, 0.25, 0.6 })
        {
            var column = fit.PatternOf(Coating, breadth);
            var (error, value) = fit.Amplitude(column);
            if (value > Math.Sqrt(40) * error) { return true; }
        }
        return false;
    }

    /// <summary>Adds phases one by one while each, with calculated relative intensities, lowers χ² beyond doubt.</summary>
    public static List<CrystalPhase> Among(Diffractogram pattern, XrdOptions options, InstrumentProfile instrument, double[]? background)
    {
        // What was weighed in is there.
        List<CrystalPhase> chosen = options.Standard is { } weighed ? [weighed.Phase] : [];
        var candidates = CrystalPhase.All.Where(p => p.Name is not ("LiNbO3" or "LiTaO3" or "Al2O3")).Union(options.Candidates).Union(chosen).ToList();
        // Columns of a phase depend on breadth and displacement alone, so that each is computed once.
        var settings = new[] { 0.02, 0.1, 0.4 }.SelectMany(b => new[] { -0.09, 0, 0.09 }.Select(d => (Breadth: b, Displacement: d))).Select(at =>
        {
            var model = new PowderModel(pattern, options.From, options.To, candidates, instrument, background, fixedIntensities: true);
            var columns = model.Allocate();
            model.Columns(model.Bounds(true, false, false, at.Displacement, at.Breadth).Start, columns);
            return (Model: model, Columns: columns);
        }).ToArray();
        var all = candidates.ToArray();
        var broad = settings[0].Model;
        // The halo may lie anywhere in its room: what several of them cannot explain is no halo.
        double[][] ground = [.. new[] { (22.0, 7.0), (25, 7), (28.5, 6), (32, 7), (35, 8), (43, 11), (51.5, 9), (58, 12) }.Select(h => broad.Halo(broad.FromCopper(h.Item1), broad.FromCopper(h.Item1 + (h.Item2 / 2)) - broad.FromCopper(h.Item1 - (h.Item2 / 2))))];
        var first = PowderModel.FirstLine + ground.Length;
        (double Value, double Smallest) Misfit((PowderModel Model, double[][] Columns) at, IEnumerable<CrystalPhase> phases)
        {
            double[][] columns = [.. at.Columns[..PowderModel.FirstLine], .. ground, .. phases.Select(p => at.Columns[PowderModel.FirstLine + Array.IndexOf(all, p)])];
            var amplitudes = at.Model.Solve(columns);
            var residual = new double[at.Model.Points];
            at.Model.Residual(columns, amplitudes, residual);
            return (residual.Sum(r => r * r), columns.Length == first ? 0 : amplitudes[first..].Min());
        }

        candidates.RemoveAll(chosen.Contains);
        while (candidates.Count > 0)
        {
            var before = settings.Min(at => Misfit(at, chosen).Value);
            (CrystalPhase? Phase, double Misfit) best = (null, before);
            foreach (var candidate in candidates)
            {
                foreach (var at in settings)
                {
                    var (misfit, smallest) = Misfit(at, [.. chosen, candidate]);
                    if (smallest > 0 && misfit < best.Misfit) { best = (candidate, misfit); }
                }
            }
            // Misfit that is already there counts as noise; twelve standard deviations leave room for texture.
            var floor = Math.Max(1, best.Misfit / pattern.Count);
            if (best.Phase is null || before - best.Misfit < 150 * floor || before - best.Misfit < 0.02 * before) { break; }
            chosen.Add(best.Phase);
            candidates.Remove(best.Phase);
        }
        return chosen;
    }
}
