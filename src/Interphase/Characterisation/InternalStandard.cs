using Interphase.Results;
using Interphase.Units;

namespace Interphase.Characterisation;

/// <summary>A crystalline powder that was weighed into the sample, so that shares of the whole follow, the amorphous one included.</summary>
/// <param name="Phase">What it is.</param>
/// <param name="Share">Its share of the mass of the mixture, with the error of weighing (and of its own amorphous part) where stated.</param>
public sealed record InternalStandard(CrystalPhase Phase, Quantity Share)
{
    /// <summary>By how much glass may scatter more or less into the window than its crystals do.</summary>
    private const double Scattering = 2;

    /// <summary>Says so where halo and lines of the sample cannot be those of such a share of glass: the standard's share is not as stated, or the mixture is not what was measured.</summary>
    internal static void Compare(Estimate amorphous, Estimate crystallinity, List<Warning> warnings)
    {
        if (!amorphous.HasValue || !crystallinity.HasValue) { return; }
        static double Index(double glass, double scatters) => (1 - glass) / (1 - glass + (scatters * glass));
        if (crystallinity.Lower95 <= Index(amorphous.Lower95, 1 / Scattering) && crystallinity.Upper95 >= Index(amorphous.Upper95, Scattering)) { return; }
        warnings.Add(new("amorphous", FormattableString.Invariant($"lines make {100 * crystallinity.Value:0} % of the sample's scattering, which a sample that is to {100 * amorphous.Value:0} % amorphous cannot show: check the stated share of the standard")));
    }

    /// <summary>A standard as a person writes it: a shipped phase or a CIF (which lies in the folder), and its share of the mixture's mass, as in <c>Al2O3=20 +- 0.2 %</c>; null for null.</summary>
    /// <exception cref="InputException">The text is no such pair, the phase is not known, or the share is not between 0 and 1.</exception>
    public static InternalStandard? Parse(string? text, string folder = "")
    {
        if (text is null) { return null; }
        InputException No() => new($"'{text}' is no phase with its share of the mass", "standard", "write as in 'Al2O3=20 +- 0.2 %' or 'corundum.cif=20 %'");
        var at = text.LastIndexOf('=');
        if (at < 1 || CrystalPhase.List(text[..at], folder) is not [var phase]) { throw No(); }
        var share = Quantity.Parse(text[(at + 1)..].Trim());
        return share.Unit.Dimension == Unit.One.Dimension && share.Value is > 0 and < 1 ? new(phase, share) : throw No();
    }

    /// <summary>
    /// Shares of the sample's mass, the standard left out: w_k = (w_s/(1 − w_s))·m_k/m_s, m the masses that areas and structure factors give,
    /// and w_amorphous = 1 − Σ w_k, which is (1 − w_s/r_s)/(1 − w_s) with r_s = m_s/Σm, the standard's share of what is crystalline
    /// (De la Torre, Bruque and Aranda, J. Appl. Cryst. 34 (2001) 196). One for each phase; null for the standard itself.
    /// </summary>
    internal (Estimate Amorphous, Estimate?[] Shares) Of(RefinedPattern fit, IReadOnlyList<PreferredOrientation?> orientations, List<Warning> warnings)
    {
        var phases = fit.Model.Phases;
        var s = phases.ToList().FindIndex(p => p.Name == Phase.Name);
        (Estimate, Estimate?[]) Withheld(string why)
        {
            warnings.Add(new("amorphous", why));
            return (Estimate.Withheld(why), [.. phases.Select((_, k) => k == s ? (Estimate?)null : Estimate.Withheld(why))]);
        }
        if (s < 0 || !fit.DescribesPhase(s)) { return Withheld($"the lines of the standard {Phase.Name} are not seen, or not in the ratios of its structure"); }
        if (fit.Unexplained > RefinedPattern.MostUnexplained / 2) { return Withheld($"{100 * fit.Unexplained:0} % of what rises above the background belongs to no phase that was fitted: with its structure its mass would be known"); }
        var mass = phases.Select((p, j) => fit.MassPerArea(p) * PreferredOrientation.Correction(orientations[j])).ToArray();
        if (mass.Any(m => !double.IsFinite(m))) { return Withheld("a phase has no line in the window"); }
        var added = Share.Value / (1 - Share.Value);
        var weighed = (Share.StandardError ?? 0) / (Share.Value * (1 - Share.Value));
        double Ratio(double[] amplitudes, int k) => added * mass[k] * fit.Area(k, amplitudes) / (mass[s] * fit.Area(s, amplitudes));
        var others = Enumerable.Range(0, phases.Count).Where(k => k != s).ToArray();
        Estimate With(Estimate counted, double doubt) => Estimate.Of(counted.Value, Math.Sqrt((counted.StandardError * counted.StandardError) + (doubt * doubt)));
        var shares = phases.Select((p, k) =>
        {
            if (k == s) { return (Estimate?)null; }
            var w = fit.Of((_, a) => Ratio(a, k));
            return With(w, w.Value * Math.Sqrt((p.Doubt * p.Doubt) + (Phase.Doubt * Phase.Doubt) + (weighed * weighed))) is var e ? e with { Lower95 = Math.Max(0, e.Lower95) } : null;
        }).ToArray();
        var crystalline = fit.Of((_, a) => others.Sum(k => Ratio(a, k)));
        var common = crystalline.Value * Math.Sqrt((Phase.Doubt * Phase.Doubt) + (weighed * weighed));
        var own = Math.Sqrt(others.Sum(k => Math.Pow(shares[k]!.Value.Value * phases[k].Doubt, 2)));
        var whole = With(crystalline, Math.Sqrt((common * common) + (own * own)));
        if (whole.Lower95 > 1)
        {
            var why = FormattableString.Invariant($"the crystalline phases would be {100 * whole.Value:0} ± {100 * whole.StandardError:0} % of the sample's mass: less of the standard is seen than was stated, because it is unevenly mixed, itself partly amorphous, textured or coarser than the sample");
            warnings.Add(new("amorphous", why));
            return (Estimate.Withheld(why), shares);
        }
        warnings.Add(new("amorphous", $"shares of the sample's mass by the weighed {Phase.Name}; {100 * Phase.Doubt:0} % is added for each phase for texture, micro-absorption and the structure taken{(Share.StandardError is null ? ", nothing for the weighing (state it as in '20 +- 0.2 %')" : "")}"));
        var e = Estimate.Of(Math.Max(0, 1 - whole.Value), whole.StandardError);
        return ((e with { Lower95 = 1 - whole.Upper95, Upper95 = 1 - whole.Lower95 }).Within(0, 1), shares);
    }
}
