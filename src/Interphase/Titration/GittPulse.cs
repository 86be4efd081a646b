using Interphase.Results;

namespace Interphase.Titration;

/// <summary>The jump of the potential when the current is switched.</summary>
/// <param name="Value">V, positive: |potential at the first usable sample − potential just before|.</param>
/// <param name="SampledAt">s after the switch.</param>
/// <param name="Extrapolated">V: the intercept at the switch of the potential against the square root of time.</param>
/// <param name="StandardError">V, of <paramref name="Extrapolated"/>.</param>
public readonly record struct IrDrop(double Value, double SampledAt, double Extrapolated, double StandardError)
{
    /// <summary>No sample.</summary>
    public static readonly IrDrop None = new(double.NaN, double.NaN, double.NaN, double.NaN);
}

/// <summary>Every form of the diffusivity of one pulse, m²/s, with one standard error each.</summary>
/// <param name="SeedEq1">4/(πτ) (n V_m/S)² (ΔE_s/ΔE_t)² with τ the rest, as the equation is often printed.</param>
/// <param name="SeedEq1PulseTau">The same with τ the pulse (W. Weppner and R. A. Huggins, J. Electrochem. Soc. 124 (1977) 1569, for short times).</param>
/// <param name="SqrtTime">4/π (n V_m/S)² [(ΔE_s/τ)/(dE/d√t)]².</param>
/// <param name="Sphere">4/(9π) R² [(ΔE_s/τ)/(dE/d√t)]².</param>
/// <param name="Relaxation">4/π (n V_m/S)² [(ΔE_s/τ)/(dE/d(√(t+τ) − √t))]² on the rest (S. D. Kang and W. C. Chueh, J. Electrochem. Soc. 168 (2021) 120504).</param>
/// <param name="Ici">4/π (n V_m/S)² [(dE/dt)/(dE/d√t of the rest)]² (Y.-C. Chien et al., Nat. Commun. 14 (2023) 2289).</param>
/// <param name="FullSphere">The exact solution over pulses and rests fitted to the pulse and its rest.</param>
public sealed record DiffusivityForms(Estimate SeedEq1, Estimate SeedEq1PulseTau, Estimate SqrtTime, Estimate Sphere, Estimate Relaxation, Estimate Ici, Estimate FullSphere);

/// <summary>One current pulse and the rest after it.</summary>
public sealed record GittPulse
{
    /// <summary>From 1, in the order of the data.</summary>
    public required int Index { get; init; }

    /// <summary>The series it belongs to (pulses of one direction, length and current that follow each other), from 1.</summary>
    public required int Series { get; init; }

    /// <summary>First row of the pulse.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Last row of the pulse.</summary>
    public required int LastRow { get; init; }

    /// <summary>Last row of the rest after it.</summary>
    public required int RestLastRow { get; init; }

    /// <summary>Time at which it began, s.</summary>
    public required double Start { get; init; }

    /// <summary>Length of the pulse, s.</summary>
    public required double Duration { get; init; }

    /// <summary>Length of the rest after it, s.</summary>
    public required double Rest { get; init; }

    /// <summary>Current, A, charge positive.</summary>
    public required double Current { get; init; }

    /// <summary>Charge passed since the first row of the data up to the middle of the pulse, C.</summary>
    public double MeanCharge { get; init; }

    /// <summary>The same up to its beginning, C.</summary>
    internal double ChargeBefore => MeanCharge - (0.5 * Current * Duration);

    /// <summary>The same up to its end, at which its rest stands, C.</summary>
    internal double ChargeAfter => MeanCharge + (0.5 * Current * Duration);

    /// <summary>Depth of discharge at the middle of the pulse.</summary>
    public double DepthOfDischarge { get; init; } = double.NaN;

    /// <summary>Stoichiometry of the positive electrode at the middle of the pulse.</summary>
    public double Stoichiometry { get; init; } = double.NaN;

    /// <summary>Potential at the end of the rest before, V.</summary>
    public Estimate RestPotentialBefore { get; init; }

    /// <summary>Potential at the end of the rest after, V.</summary>
    public Estimate RestPotential { get; init; }

    /// <summary>Slope of the potential at the end of the rest after, V/s.</summary>
    public Estimate RestDrift { get; init; }

    /// <summary>Slope of the potential at the end of the rest before, V/s.</summary>
    public Estimate RestDriftBefore { get; init; }

    /// <summary>Jump when the current begins.</summary>
    public IrDrop IrDropStart { get; init; } = IrDrop.None;

    /// <summary>Jump when the current ends.</summary>
    public IrDrop IrDropEnd { get; init; } = IrDrop.None;

    /// <summary>Potential at the end of the pulse minus that at the end of the rest after it, V.</summary>
    public double Overpotential { get; init; } = double.NaN;

    /// <summary>Change of the rest potential over the pulse, V.</summary>
    public Estimate DeltaEs { get; init; }

    /// <summary>Change of the potential during the pulse without the jump at its first usable sample, V.</summary>
    public Estimate DeltaEt { get; init; }

    /// <summary>D τ/R² of the full fit.</summary>
    public double DimensionlessTime { get; init; } = double.NaN;

    /// <summary>Every form.</summary>
    public required DiffusivityForms Diffusivity { get; init; }

    /// <summary>The one to stand by, m²/s; null where it is withheld.</summary>
    public Estimate? Chosen { get; init; }

    /// <summary>The form it is.</summary>
    public string? Method { get; init; }

    /// <summary>True where the rests of its series are short interruptions of a long current, to which only the ICI form applies.</summary>
    public bool IsInterruption { get; init; }

    /// <summary>Why D is withheld or doubtful.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The full fit, for a figure; null where there is none.</summary>
    public PulseFit? Fit { get; init; }
}

/// <summary>The full fit of one pulse and its rest.</summary>
/// <param name="DiffusionTime">R²/D, s.</param>
/// <param name="Jump">Ohmic and charge-transfer jump, V, signed as the potential moves.</param>
/// <param name="ReducedChiSquared">Of the binned data.</param>
/// <param name="SlowAmplitude">Stationary value of a slow polarisation fitted beside diffusion, V; 0 where none was needed.</param>
/// <param name="SlowTime">Its time constant, s.</param>
/// <param name="Time">Of the bins, s on the clock of the data.</param>
/// <param name="Measured">Mean potential of each bin, V.</param>
/// <param name="Model">Fitted potential, V.</param>
public sealed record PulseFit(Estimate DiffusionTime, double Jump, double ReducedChiSquared, double SlowAmplitude, double SlowTime, double[] Time, double[] Measured, double[] Model);
