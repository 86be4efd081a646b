using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>How a pattern is analysed.</summary>
public sealed record XrdOptions
{
    /// <summary>Phases to fit; empty searches the shipped ones.</summary>
    public IReadOnlyList<CrystalPhase> Phases { get; init; } = [];

    /// <summary>Phases searched for beside the shipped ones, most often from CIFs; none where <see cref="Phases"/> names what to fit.</summary>
    public IReadOnlyList<CrystalPhase> Candidates { get; init; } = [];

    /// <summary>A scan of LaB6, for the breadth of the instrument; null takes a usual one.</summary>
    public Measurement? Instrument { get; init; }

    /// <summary>A scan of the empty holder, counted for the same time.</summary>
    public Measurement? Background { get; init; }

    /// <summary>The bare powder that the (003) verdict compares with.</summary>
    public Measurement? Reference { get; init; }

    /// <summary>The same powder fully amorphous, scanned alike: one end of a calibrated crystallinity.</summary>
    public Measurement? Amorphous { get; init; }

    /// <summary>The same powder fully crystalline, scanned alike: its other end.</summary>
    public Measurement? Crystalline { get; init; }

    /// <summary>A crystalline powder weighed into the sample, from which the amorphous share of its mass follows.</summary>
    public InternalStandard? Standard { get; init; }

    /// <summary>Wavelength of the radiation, m, where the file does not say it or says it wrongly; with that of an anode, its Kα doublet is taken.</summary>
    public double? Wavelength { get; init; }

    /// <summary>First angle of the window in which crystallinity is stated, degrees; for other radiation than Cu Kα the angle of the same spacing.</summary>
    public double From { get; init; } = 10;

    /// <summary>Last angle, degrees.</summary>
    public double To { get; init; } = 80;
}

/// <summary>A phase as refined: lengths of the cell and size in m, angles in degrees, strain as a fraction.</summary>
public sealed record XrdPhase(CrystalPhase Phase, Estimate A, Estimate C, Estimate Size, Estimate Strain, bool Resolvable, Estimate TantalumFraction, Estimate ShareOfLines)
{
    /// <summary>The second axis, m.</summary>
    public Estimate B { get; init; } = Estimate.Withheld("not refined");

    /// <summary>Angle between b and c, degrees; without error where the symmetry fixes it, as the other two.</summary>
    public Estimate Alpha { get; init; } = Estimate.Withheld("not refined");

    /// <summary>Angle between a and c, degrees.</summary>
    public Estimate Beta { get; init; } = Estimate.Withheld("not refined");

    /// <summary>Angle between a and b, degrees.</summary>
    public Estimate Gamma { get; init; } = Estimate.Withheld("not refined");

    /// <summary>Size and strain from the breadths of single lines; null where too few stand apart.</summary>
    public WilliamsonHall? WilliamsonHall { get; init; }

    /// <summary>Volume of the cell, m³.</summary>
    public Estimate Volume { get; init; } = Estimate.Withheld("not refined");

    /// <summary>Share of the mass of all crystalline phases that were found.</summary>
    public Estimate WeightFraction { get; init; } = Estimate.Withheld("one crystalline phase alone");

    /// <summary>Share of the mass of the whole sample (a weighed standard left out, what is amorphous included); null without one, and for the standard itself.</summary>
    public Estimate? ShareOfSample { get; init; }

    /// <summary>Preferred orientation about (001), the parameter r of March and Dollase: 1 for none, below 1 for plates that lie flat; hexagonal phases whose lines are free.</summary>
    public Estimate MarchDollase { get; init; } = Estimate.Withheld("not asked");

    /// <summary>How little of it would have been seen, as a share of the area of lines and halo.</summary>
    public double DetectionLimit { get; init; } = double.NaN;
}

/// <summary>A phase that was sought and not seen.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Limit">What of it (grains of 15 nm) the pattern does not exceed, as a share of the area of lines and halo: three standard errors, or at 95 % what is at its lines where that is more; NaN where the pattern is not described.</param>
/// <param name="WeightLimit">The same as a share of the mass of the crystalline phases; NaN where none was found.</param>
public sealed record XrdAbsence(CrystalPhase Phase, double Limit, double WeightLimit)
{
    /// <summary>What the pattern shows at its lines, too little to be found.</summary>
    internal Estimate Trace { get; init; } = Estimate.Withheld("not sought");
}

/// <summary>Whether the (003) spacing differs from that of the bare powder.</summary>
/// <param name="Moved">True where |Δc| exceeds three standard errors and 0.002 Å.</param>
/// <param name="DeltaC">c minus c of the bare powder, m.</param>
/// <param name="UpperBound95">What |Δc| does not exceed at 95 %, m.</param>
/// <param name="ApparentShift">Shift of the (003) line as seen, degrees 2θ.</param>
/// <param name="DisplacementShift">The part of it that the height of the sample explains, degrees.</param>
public sealed record Verdict003(bool Moved, Estimate DeltaC, double UpperBound95, double ApparentShift, double DisplacementShift);

/// <summary>What a powder pattern says.</summary>
public sealed record XrdResult(string File, Estimate Crystallinity, IReadOnlyList<XrdPhase> Phases, IReadOnlyList<XrdAbsence> Absent, Estimate Displacement, Verdict003? Verdict,
    InstrumentProfile Instrument, double ReducedChiSquared, int Iterations, StopReason Stop, double[] TwoTheta, double[] Observed, double[] Calculated, double[] Amorphous, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Crystalline fraction on the line between a fully amorphous and a fully crystalline scan of the same powder (Hermans and Weidinger 1948); withheld without them.</summary>
    public Estimate CalibratedCrystallinity { get; init; } = Estimate.Withheld("no amorphous and crystalline ends were given (--amorphous, --crystalline)");

    /// <summary>Share of the sample's mass that no crystalline phase accounts for; null where no standard was weighed in.</summary>
    public Estimate? AmorphousShare { get; init; }

    /// <summary>Areas of the lines and of the halo, counts × degrees.</summary>
    public (Estimate Lines, Estimate Halo) Areas { get; init; } = (Estimate.Withheld("withheld"), Estimate.Withheld("withheld"));

    /// <summary>True where nothing of what was asked could be given; <see cref="Lines"/> may be there all the same.</summary>
    public bool Nothing => !Crystallinity.HasValue && !CalibratedCrystallinity.HasValue && Verdict is null && AmorphousShare is not { HasValue: true } && !Phases.Any(p => p.A.HasValue || p.Size.HasValue || p.WeightFraction.HasValue);

    /// <summary>Lines as they are seen, by rising angle, whatever they belong to.</summary>
    public IReadOnlyList<ObservedLine> Lines { get; init; } = [];

    /// <summary>True where the model describes the pattern, but for a smaller part.</summary>
    public bool Described { get; init; }

    /// <summary>Share of what rises above the background that the model does not reproduce, beyond counting noise.</summary>
    public double Unexplained { get; init; }
}

/// <summary>The result as the command and the study print it.</summary>
public static class XrdContract
{
    /// <summary>The contract's keys and units.</summary>
    public static object Contract(this XrdResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            file = r.File,
            crystallinity = new
            {
                value = r.Crystallinity.Value, standardError = r.Crystallinity.StandardError, lower95 = r.Crystallinity.Lower95, upper95 = r.Crystallinity.Upper95,
                calibrated = r.CalibratedCrystallinity.Value, calibratedStandardError = r.CalibratedCrystallinity.StandardError,
            },
            phases = r.Phases.Select(Found).Concat(r.Absent.Select(Absent)),
            amorphous = r.AmorphousShare is not { } w ? null : new { weightFraction = w.Value, standardError = w.StandardError, lower95 = w.Lower95, upper95 = w.Upper95 },
            displacement_um = r.Displacement.Value * 1e6, displacementStandardError = r.Displacement.StandardError * 1e6,
            verdict003 = r.Verdict is not { } v ? null : new
            {
                moved = v.Moved, deltaC_A = v.DeltaC.Value * 1e10, standardError = v.DeltaC.StandardError * 1e10, upperBound95 = v.UpperBound95 * 1e10,
                apparentShift_deg = v.ApparentShift, displacementShift_deg = v.DisplacementShift,
            },
            instrument = new { u = r.Instrument.U, v = r.Instrument.V, w = r.Instrument.W, x = r.Instrument.X, fullWidthAt40_deg = r.Instrument.FullWidth(40) },
            areas = new { lines = r.Areas.Lines.Value, linesStandardError = r.Areas.Lines.StandardError, halo = r.Areas.Halo.Value, haloStandardError = r.Areas.Halo.StandardError },
            lines = r.Lines.Select(Seen), unexplained = r.Unexplained, described = r.Described, reducedChiSquared = r.ReducedChiSquared, iterations = r.Iterations, stop = r.Stop, warnings = r.Warnings,
        };
    }

    private static object Seen(ObservedLine l) => new
    {
        twoTheta_deg = l.TwoTheta.Value, twoThetaStandardError = l.TwoTheta.StandardError, d_A = l.Spacing.Value * 1e10, dStandardError = l.Spacing.StandardError * 1e10,
        area = l.Area.Value, areaStandardError = l.Area.StandardError, height = l.Height.Value, heightStandardError = l.Height.StandardError,
        fullWidth_deg = l.FullWidth.Value, fullWidthStandardError = l.FullWidth.StandardError, phase = l.Phase, hkl = l.Index is var (h, k, i) ? new[] { h, k, i } : null, hkls = l.Members.Count > 1 ? l.Members.Select(m => new[] { m.H, m.K, m.L }) : null, unexplained = l.Unexplained, note = l.Note,
    };

    private static object Found(XrdPhase p) => new
    {
        name = p.Phase.Name, a_A = p.A.Value * 1e10, aStandardError = p.A.StandardError * 1e10, c_A = p.C.Value * 1e10, cStandardError = p.C.StandardError * 1e10,
        b_A = p.B.Value * 1e10, bStandardError = p.B.StandardError * 1e10, alpha_deg = p.Alpha.Value, alphaStandardError = p.Alpha.StandardError, beta_deg = p.Beta.Value, betaStandardError = p.Beta.StandardError,
        gamma_deg = p.Gamma.Value, gammaStandardError = p.Gamma.StandardError, volume_A3 = p.Volume.Value * 1e30, volumeStandardError = p.Volume.StandardError * 1e30,
        size_nm = p.Size.Value * 1e9, sizeStandardError = p.Size.StandardError * 1e9, sizeLower95_nm = p.Size.Lower95 * 1e9, sizeUpper95_nm = p.Size.Upper95 * 1e9, resolvable = p.Resolvable,
        strain = p.Strain.Value, strainStandardError = p.Strain.StandardError, tantalumFraction = p.TantalumFraction.Value, tantalumFractionStandardError = p.TantalumFraction.StandardError,
        weightFraction = p.WeightFraction.Value, weightFractionStandardError = p.WeightFraction.StandardError,
        weightFractionOfSample = p.ShareOfSample?.Value, weightFractionOfSampleStandardError = p.ShareOfSample?.StandardError, shareOfLines = p.ShareOfLines.Value, detectionLimit = p.DetectionLimit, marchDollase = p.MarchDollase.Value, marchDollaseStandardError = p.MarchDollase.StandardError,
        williamsonHall = p.WilliamsonHall is not { } w ? null : new
        {
            size_nm = w.Size.Value * 1e9, sizeStandardError = w.Size.StandardError * 1e9, sizeLower95_nm = w.Size.Lower95 * 1e9, sizeUpper95_nm = w.Size.Upper95 * 1e9, sizeReason = w.Size.Reason,
            strain = w.Strain.Value, strainStandardError = w.Strain.StandardError, strainReason = w.Strain.Reason, scherrerSize_nm = w.ScherrerSize.Value * 1e9, scherrerSizeStandardError = w.ScherrerSize.StandardError * 1e9,
            reducedChiSquared = w.ReducedChiSquared,
            lines = w.Lines.Select(l => new { hkl = new[] { l.H, l.K, l.L }, twoTheta_deg = l.TwoTheta, breadth_deg = l.Breadth.Value, breadthStandardError = l.Breadth.StandardError }),
        },
    };

    private static object Absent(XrdAbsence a) => new
    {
        name = a.Phase.Name, a_A = double.NaN, aStandardError = double.NaN, c_A = double.NaN, cStandardError = double.NaN,
        b_A = double.NaN, bStandardError = double.NaN, alpha_deg = double.NaN, alphaStandardError = double.NaN, beta_deg = double.NaN, betaStandardError = double.NaN,
        gamma_deg = double.NaN, gammaStandardError = double.NaN, volume_A3 = double.NaN, volumeStandardError = double.NaN,
        size_nm = double.NaN, sizeStandardError = double.NaN, sizeLower95_nm = double.NaN, sizeUpper95_nm = double.NaN, resolvable = false,
        strain = double.NaN, strainStandardError = double.NaN, tantalumFraction = double.NaN, tantalumFractionStandardError = double.NaN,
        weightFraction = double.NaN, weightFractionStandardError = double.NaN, weightFractionOfSample = (double?)null, weightFractionOfSampleStandardError = (double?)null, shareOfLines = 0.0, detectionLimit = a.Limit, marchDollase = double.NaN, marchDollaseStandardError = double.NaN, detectionLimitWeightFraction = a.WeightLimit, williamsonHall = (object?)null,
    };
}
