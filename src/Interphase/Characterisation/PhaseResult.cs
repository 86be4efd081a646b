using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>What a refined pattern says of one phase: cell, size, strain, share.</summary>
internal static class PhaseResult
{
    private const double Niobate = 13.8631e-10, Tantalate = 13.78351e-10;

    /// <summary>From the pattern as refined, and as it was refined with size and strain together.</summary>
    public static XrdPhase Of(RefinedPattern fit, RefinedPattern joint, int k, WilliamsonHall? hall, bool strained, InstrumentProfile instrument, IReadOnlyList<PreferredOrientation?> orientations, List<Warning> warnings)
    {
        var phase = fit.Model.Phases[k];
        var (q, free) = (PowderModel.FirstOf(k), phase.Cell.Free);
        Estimate Held(double value) => Estimate.WithoutError(value, fit.CellAtBound(k) ? "at the end of what it may be" : "held at the cell of the standard");
        Estimate Constant(int i) => fit.Has(q + i) ? Estimate.Of(fit.P[q + i], fit.Error(q + i)) : Held(fit.P[q + i]);
        // What the symmetry fixes has no error, and what it ties has that of what it is tied to.
        Estimate Length(int i) => Array.IndexOf(free, i) >= 0 ? Constant(i).Scaled(1e-10) : Constant(0).Scaled(1e-10 * phase.Cell[i] / phase.Cell.A);
        Estimate Angle(int i) => Array.IndexOf(free, i) >= 0 ? Constant(i) : free is [0, 3] ? Constant(3) : Estimate.Of(phase.Cell[i], 0);
        var (a, c) = (Length(0), Length(2));
        if (!fit.DescribesPhase(k))
        {
            var why = Estimate.Withheld("the model does not describe its lines");
            warnings.Add(new("phases", $"{phase.Name} is doubtful: {(fit.Missed(k) > RefinedPattern.MostUnexplained ? $"{100 * fit.Missed(k):0} % of its lines' area does not fit where they lie" : "its lines are not in the ratios of its structure, and most of the pattern belongs to something else")}, so that neither its cell nor its size is given; other lines at like places may have been taken for it"));
            return new(phase, why, why, why, why, false, why, why) { B = why, Alpha = why, Beta = why, Gamma = why, Volume = why, WeightFraction = why };
        }
        var breadth = fit.P[q + PowderModel.Size];
        var error = WilliamsonHall.Both(fit.Error(q + PowderModel.Size), instrument.BreadthError);
        var size = WilliamsonHall.Tells(breadth, error, instrument.FullWidth(40)) && WilliamsonHall.SizeOf(breadth, error, fit.Model.Wavelength) is var told && told.Value < WilliamsonHall.LargestSize ? strained ? told : BesideStrain(told, joint, q, instrument) : Estimate.Withheld("the lines are hardly wider than the instrument's");
        if (!size.HasValue) { warnings.Add(new("phases.size_nm", $"the size of {phase.Name} is not resolvable: its lines are hardly wider than the instrument's (size above 200 nm, or too weak)")); }
        var (slope, slopeError) = WilliamsonHall.Slope(joint, k, instrument);
        var strain = joint.Has(q + PowderModel.Strain) ? Estimate.Of(slope * Math.PI / 720, slopeError * Math.PI / 720) : slope > 0 ? Estimate.Withheld("beyond what is sought (1.7 %)") : new Estimate(0, double.NaN, double.NaN, double.NaN, "no strain is needed");
        Breadths(phase, size, strain, strained, hall, warnings);
        var tantalum = phase.IsNiobateTantalate ? Estimate.Of((Niobate - c.Value) / (Niobate - Tantalate), c.StandardError / (Niobate - Tantalate)) : Estimate.Withheld("not a solid solution of niobate and tantalate");
        if (tantalum.HasValue && Math.Abs(tantalum.Value - 0.5) > 0.6 + (3 * tantalum.StandardError))
        {
            warnings.Add(new("phases.tantalumFraction", FormattableString.Invariant($"c = {c.Value * 1e10:0.0000} Å lies outside what LiNbO3 and LiTaO3 have (13.86 and 13.78 Å): no composition follows from it, and the lines may be those of something else")));
            tantalum = Estimate.Withheld("the cell is that of no Li(Nb,Ta)O3");
        }
        Texture(phase, orientations[k], fit.Model.Phases.Count > 1, warnings);
        double Total(double[] amplitudes) => Enumerable.Range(0, fit.Model.Phases.Count).Sum(j => fit.Area(j, amplitudes));
        var (lines, halo) = fit.Model.Areas(fit.Columns, fit.Amplitudes);
        return new(phase, a, c, size, strain, size.HasValue, tantalum, fit.Of((_, amplitudes) => fit.Area(k, amplitudes) / Total(amplitudes)))
        {
            WilliamsonHall = hall, B = Length(1), Alpha = Angle(3), Beta = Angle(4), Gamma = Angle(5),
            Volume = free.Any(i => fit.Has(q + i)) ? fit.OfParameters(p => fit.Model.CellOf(k, p).Volume).Scaled(1e-30) : Held(fit.Model.CellOf(k, fit.P).Volume * 1e-30),
            WeightFraction = WeightFraction(fit, k, orientations), MarchDollase = orientations[k]?.R ?? Estimate.Withheld("its lines are too few, or keep their calculated ratios"), DetectionLimit = 3 * fit.Of((_, amplitudes) => fit.Area(k, amplitudes)).StandardError / (lines + halo),
        };
    }

    /// <summary>
    /// A size beside a strain too small to be told: at 95 % it may be as large as both together would let it, where the pattern would have any strain.
    /// Strain takes breadth from size and never gives it, so that the other end stays where it is.
    /// </summary>
    private static Estimate BesideStrain(Estimate size, RefinedPattern joint, int q, InstrumentProfile instrument)
    {
        if (!joint.Has(q + PowderModel.Strain) || !joint.Has(q + PowderModel.Size)) { return size; }
        var least = joint.P[q + PowderModel.Size] - (1.645 * WilliamsonHall.Both(joint.Error(q + PowderModel.Size), instrument.BreadthError));
        var upper = least > 0 ? Math.Max(size.Upper95, PowderModel.ScherrerK * joint.Model.Wavelength / (least * Math.PI / 180)) : double.NaN;
        return size with { Upper95 = upper, StandardError = double.IsNaN(upper) ? size.StandardError : (upper - size.Lower95) / (2 * 1.959964) };
    }

    private static void Breadths(CrystalPhase phase, Estimate size, Estimate strain, bool strained, WilliamsonHall? hall, List<Warning> warnings)
    {
        if (hall is null) { warnings.Add(new("phases.williamsonHall", $"size and strain of {phase.Name} cannot be told apart by the breadths of its lines: fewer than four stand apart, or over too few angles")); }
        if (strained)
        {
            warnings.Add(new("phases.strain", $"the lines of {phase.Name} widen with the angle beyond what size explains: microstrain {100 * strain.Value:0.000} ± {100 * strain.StandardError:0.000} %; "
                + (size.HasValue ? "its size is the one beside that strain" : "its size is not resolvable beside it") + (hall?.ScherrerSize.HasValue == true ? $", where breadths without strain would give {hall.ScherrerSize.Value * 1e9:0.0} nm" : "")));
        }
        if (hall is { ReducedChiSquared: > 4 }) { warnings.Add(new("phases.williamsonHall", $"the breadths of the lines of {phase.Name} scatter about the Williamson–Hall line by {Math.Sqrt(hall.ReducedChiSquared):0.0} times their errors: they depend on direction (shape of the grains, faults), or lines of another phase lie below them; one size is a mean")); }
    }

    private static void Texture(CrystalPhase phase, PreferredOrientation? o, bool weighed, List<Warning> warnings)
    {
        if (o is { Asked: true })
        {
            warnings.Add(new("phases.marchDollase", FormattableString.Invariant($"the lines of {phase.Name} are not in the ratios of a powder of no orientation but of {(o.R.Value < 1 ? "plates that lie flat" : "plates that stand, or needles that lie")}: March–Dollase r = {o.R.Value:0.00} ± {o.R.StandardError:0.00} about (001)")
                + (weighed ? FormattableString.Invariant($"; its weight is corrected for that, by {100 * (o.Scale - 1):+0;-0} %") : "")));
        }
        if (weighed && o is { } and var t && (t.Asked ? t.Misfit : t.MisfitOfNone) is > 6 and var misfit) { warnings.Add(new("phases.weightFraction", FormattableString.Invariant($"the areas of the lines of {phase.Name} are off the ratios of its structure by {10 * Math.Sqrt(misfit):0} %, orientation taken up: its share of the mass is the less certain"))); }
    }

    /// <summary>Area over structure factors gives mass; to each phase its doubt is added for texture, micro-absorption and the structure taken.</summary>
    private static Estimate WeightFraction(RefinedPattern fit, int k, IReadOnlyList<PreferredOrientation?> orientations)
    {
        if (fit.Unexplained > RefinedPattern.MostUnexplained / 2) { return Estimate.Withheld("part of the pattern belongs to phases that were not fitted"); }
        if (fit.Model.Phases.Count < 2) { return Estimate.Withheld("one crystalline phase alone; the amorphous part needs a weighed standard"); }
        var mass = fit.Model.Phases.Select((p, j) => fit.MassPerArea(p) * PreferredOrientation.Correction(orientations[j])).ToArray();
        if (mass.Any(m => !double.IsFinite(m))) { return Estimate.Withheld("a phase has no line in the window"); }
        var w = fit.Of((_, amplitudes) => fit.Area(k, amplitudes) * mass[k] / mass.Select((m, j) => m * fit.Area(j, amplitudes)).Sum());
        // dw = w (d_k − Σ w_j d_j), d_j the relative error of each phase.
        var shares = mass.Select((m, j) => m * fit.Area(j, fit.Amplitudes)).ToArray();
        var doubt = w.Value * Math.Sqrt(shares.Select((s, j) => Math.Pow(fit.Model.Phases[j].Doubt * ((j == k ? 1 : 0) - (s / shares.Sum())), 2)).Sum());
        var e = Estimate.Of(w.Value, Math.Sqrt((w.StandardError * w.StandardError) + (doubt * doubt)));
        return e.Within(0, 1);
    }
}
