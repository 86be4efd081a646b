using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>What the core's fringes say of the scale of an image.</summary>
public enum ScaleVerdict
{
    /// <summary>Nothing: the scale is taken as stated, with the error that scales of microscopes have.</summary>
    Unchecked,

    /// <summary>They are the core's known reflections within 5 %, and lengths are multiplied by the factor that makes them exact.</summary>
    Calibrated,

    /// <summary>They are no reflections of the core at any scale within 5 % of the stated one: no length is given.</summary>
    Contradicted,
}

/// <summary>The scale of an image by its core, as an internal standard.</summary>
/// <param name="Verdict">Whether the scale was calibrated, contradicted, or could not be checked.</param>
/// <param name="Factor">By which lengths at the stated scale are to be multiplied; applied where calibrated, a guess at the cause where contradicted.</param>
/// <param name="Phase">The phase the core was compared with; null where none was named.</param>
/// <param name="Lines">Indices of the two reflections; empty where they are not known.</param>
/// <param name="Reason">What was found, in a sentence; null where the scale is calibrated and changes nothing.</param>
public sealed record CoreScale(ScaleVerdict Verdict, Estimate Factor, string? Phase, IReadOnlyList<string> Lines, string? Reason)
{
    /// <summary>Scales of electron microscopes that nobody calibrated are off by 2–4 %.</summary>
    private const double Doubt = 0.02;

    // Cells of one layered oxide differ by so much between compositions and states of charge; two directions of an image scatter more.
    private const double Cells = 0.003;
    private const double Tolerance = 0.05, Ratio = 0.01, Angle = 0.7 * Math.PI / 180;
    private const double Shortest = 0.13e-9;
    private const int Window = 128;
    private static readonly double[] Mistakes = [2, 4, 10, 0.5, 0.25, 0.1];

    /// <summary>Relative standard error of every length.</summary>
    public double RelativeError => Verdict == ScaleVerdict.Calibrated ? Factor.StandardError / Factor.Value : Doubt;

    /// <summary>By what lengths were multiplied.</summary>
    public double Applied => Verdict == ScaleVerdict.Calibrated ? Factor.Value : 1;

    /// <summary>A length at the stated scale, calibrated; its error then holds how well the core's fringes were measured, not the doubt about the core's cell or a scale that was not checked.</summary>
    internal Estimate Calibrate(Estimate length) => Estimate.Of(Applied * length.Value, Math.Sqrt(Math.Pow(Applied * length.StandardError, 2) + (Verdict != ScaleVerdict.Calibrated ? 0 : Math.Max(0, Math.Pow(Factor.StandardError, 2) - (Cells * Cells)) * length.Value * length.Value)));

    /// <summary>Judges the stated scale by the strongest reflections of the core that are not parallel (1/m in the image).</summary>
    internal static CoreScale Of(CrystalPhase? phase, IReadOnlyList<(double X, double Y)> core, double pixel)
    {
        CoreScale Unknown(string why) => new(ScaleVerdict.Unchecked, Estimate.Withheld(why), phase?.Name, [], why);
        if (phase is null) { return Unknown("no phase of the core was named, so the scale of the image could not be checked: 2 % is taken for its standard error"); }
        if (core.Count == 0) { return Unknown("no reflections of a core were found, so the scale of the image could not be checked: 2 % is taken for its standard error"); }
        var lengths = core.Select(c => Math.Sqrt((c.X * c.X) + (c.Y * c.Y))).ToArray();
        var seen = string.Join(" and ", lengths.Select(k => FormattableString.Invariant($"{1e9 / k:0.0000}"))) + " nm";
        var all = LatticeReflections.Of(phase, Shortest / (1 + Tolerance));
        // A multiple shows with its first order, which would have been found instead of it.
        var basic = all.Where(r => !all.Any(o => IsMultiple(r, o))).ToArray();
        if (core.Count == 1)
        {
            var near = basic.Select(r => lengths[0] / r.Length).MinBy(f => Math.Abs(Math.Log(f)));
            return Math.Abs(near - 1) <= Tolerance ? Unknown("the core shows one direction of fringes, which cannot check the scale of the image: 2 % is taken for its standard error") : Contradicted($"fringes of {seen} in the core", Estimate.Withheld("one direction of fringes tells no factor"), []);
        }
        var angle = Math.Acos(Math.Min(1, Math.Abs((core[0].X * core[1].X) + (core[0].Y * core[1].Y)) / (lengths[0] * lengths[1])));
        seen = FormattableString.Invariant($"fringes of {seen} at {angle * 180 / Math.PI:0.0}° in the core");
        var pairs = Pairs(basic, lengths, angle).ToArray();
        var near1 = pairs.Where(p => Math.Abs(p.Factor - 1) <= Tolerance).OrderBy(p => p.Misfit).ToArray();
        if (near1.Length == 0)
        {
            if (pairs.Length == 0) { return Contradicted(seen, Estimate.Withheld("no two reflections at such an angle"), []); }
            var likely = pairs.MaxBy(p => (p.First.Strength * p.Second.Strength, -p.Misfit));
            return Contradicted(seen, Estimate.Of(likely.Factor, likely.Factor * 0.01), [Line(phase, likely.First), Line(phase, likely.Second)]);
        }
        // Other pairs that are as near count as far as they are likely.
        var weights = near1.Select(p => Math.Exp(-0.5 * (p.Misfit - near1[0].Misfit)) * p.First.Strength * p.Second.Strength).ToArray();
        var mean = near1.Zip(weights, (p, w) => p.Factor * w).Sum() / weights.Sum();
        var between = Math.Sqrt(near1.Zip(weights, (p, w) => w * Math.Pow(p.Factor - mean, 2)).Sum() / weights.Sum());
        if (between > 0.01) { return Unknown($"{seen} agree with several pairs of reflections of {phase.Name} at different scales: 2 % is taken for the standard error of the scale"); }
        var best = near1.Zip(weights).MaxBy(p => p.Second).First;
        var factor = Estimate.Of(mean, Math.Sqrt((Cells * Cells) + (between * between) + Math.Pow(best.Disagreement / 2, 2)));
        return new(ScaleVerdict.Calibrated, factor, phase.Name, [Line(phase, best.First), Line(phase, best.Second)],
            FormattableString.Invariant($"lengths are multiplied by {factor.Value:0.0000} ± {factor.StandardError:0.0000}, which makes the core's fringes {Line(phase, best.First)} and {Line(phase, best.Second)} of {phase.Name}"));

        CoreScale Contradicted(string what, Estimate factor, IReadOnlyList<string> lines)
        {
            var cause = factor.HasValue ? FormattableString.Invariant($"; a pixel of {pixel * factor.Value * 1e9:0.####} nm instead of {pixel * 1e9:0.####} nm would make them {lines[0]} and {lines[1]}") : "";
            return new(ScaleVerdict.Contradicted, factor, phase.Name, lines, $"{what} are no reflections of {phase.Name} within 5 %{cause}: correct the scale (--scale), name the core's phase (--core-phase), or go without the check (--core-phase none)");
        }
    }

    /// <summary>
    /// Where no core was found at the stated scale: whether the strongest fringes of any frequency are the core's once the scale is corrected
    /// by 2, 4 or 10, as binning and units are mistaken; null where they are not.
    /// </summary>
    internal static string? Otherwise(Micrograph image, MicrographOptions options)
    {
        if (options.CorePhase is not { } phase || (options.PixelSize ?? image.PixelSize) is not { } pixel || image.Width < 2 * Window || image.Height < 2 * Window) { return null; }
        // As if pixels were of the usual size: what counts are periods in pixels.
        var grid = new FringeGrid(image, 0.02e-9);
        var test = new SpeckleTest(Window, 1.0 / 40, 1 / 2.2);
        var area = options.Core ?? FringeSearch.Opposite(image, grid, Window);
        var (width, height) = (Math.Min(area.Width, 8 * Window), Math.Min(area.Height, 8 * Window));
        area = new(area.X + ((area.Width - width) / 2), area.Y + ((area.Height - height) / 2), width, height);
        if (FringeSearch.Lattice(FringeSearch.Reflections(grid, test, area)) is not [var a, var b]) { return null; }
        double[] lengths = [a.Frequency / pixel, b.Frequency / pixel];
        var angle = Math.Acos(Math.Min(1, Math.Abs((a.Kx * b.Kx) + (a.Ky * b.Ky)) / (a.Frequency * b.Frequency)));
        var all = LatticeReflections.Of(phase, 1.5 * Shortest);
        var found = Pairs([.. all.Where(r => !all.Any(o => IsMultiple(r, o)))], lengths, angle).Where(p => Mistakes.Any(m => Math.Abs((p.Factor / m) - 1) <= Tolerance)).ToArray();
        if (found.Length == 0) { return null; }
        var best = found.MinBy(p => p.Misfit);
        return FormattableString.Invariant($"fringes of {1e9 / lengths[0]:0.0000} and {1e9 / lengths[1]:0.0000} nm would be {Line(phase, best.First)} and {Line(phase, best.Second)} of {phase.Name} if a pixel were {pixel * best.Factor * 1e9:0.####} nm instead of {pixel * 1e9:0.#####} nm: check the scale");
    }

    /// <summary>Pairs of reflections with the ratio and angle of the two that were found, whatever the scale.</summary>
    private static IEnumerable<(LatticeReflection First, LatticeReflection Second, double Factor, double Disagreement, double Misfit)> Pairs(LatticeReflection[] all, double[] lengths, double angle)
    {
        // One of each pair of opposites, and of those alike by symmetry that have one length, is enough for the first.
        foreach (var a in all.DistinctBy(r => Math.Round(r.Length * 1e-4)))
        {
            foreach (var b in all)
            {
                var (fa, fb) = (lengths[0] / a.Length, lengths[1] / b.Length);
                var off = Math.Log(fa / fb);
                if (Math.Abs(off) > 3 * Ratio) { continue; }
                var misfit = Math.Pow(off / Ratio, 2) + Math.Pow((a.AngleTo(b) - angle) / Angle, 2);
                if (misfit < 9) { yield return (a, b, Math.Sqrt(fa * fb), off, misfit); }
            }
        }
    }

    /// <summary>The name of the powder line that reflections of one spacing share.</summary>
    private static string Line(CrystalPhase phase, LatticeReflection r)
    {
        var (h, k, l, _) = phase.Lines.FirstOrDefault(p => Math.Abs((phase.Spacing(p.H, p.K, p.L, phase.A, phase.C) * r.Length) - 1) < 1e-4);
        return (h, k, l) == (0, 0, 0) ? r.Indices : SpacingMatch.Indices(h, k, l);
    }

    private static bool IsMultiple(LatticeReflection r, LatticeReflection of)
    {
        for (var n = 2; n <= 4; n++)
        {
            if ((r.H, r.K, r.L) == (n * of.H, n * of.K, n * of.L)) { return true; }
        }
        return false;
    }
}
