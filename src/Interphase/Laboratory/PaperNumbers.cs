namespace Interphase.Laboratory;

/// <summary>
/// What the paper says: C. Wang et al., Nano Energy 2020, 104686. Each number is from its text or figures; a charge capacity is
/// the discharge capacity over the coulombic efficiency.
/// </summary>
internal static class PaperNumbers
{
    public static readonly string[] Samples = ["LNTO-350", "LNTO-450", "LNTO-550", "liquid"];

    /// <summary>Molar mass of pristine NMC532, which is what was weighed, g/mol.</summary>
    public const double WeighedMolarMass = 96.55;

    /// <summary>Molar mass the paper states for Eq. (1), that of Li0.3, g/mol.</summary>
    public const double PrintedMolarMass = 91.66;

    /// <summary>What the printed molar mass does to D against the weighed one.</summary>
    public const double MolarMassFactor = WeighedMolarMass / PrintedMolarMass * WeighedMolarMass / PrintedMolarMass;

    /// <summary>By sample and quantity, in the unit of <see cref="Quantities"/>.</summary>
    public static readonly IReadOnlyDictionary<(string Sample, string Quantity), double> Values = new Dictionary<(string, string), double>
    {
        [("LNTO-350", "coatingConductivity")] = 13.2, [("LNTO-450", "coatingConductivity")] = 38.7, [("LNTO-550", "coatingConductivity")] = 2.43,
        [("LNTO-350", "interfaceResistance")] = 369, [("LNTO-450", "interfaceResistance")] = 124, [("LNTO-550", "interfaceResistance")] = 672,
        [("LNTO-350", "interfaceResistanceAfter100Cycles")] = 402, [("LNTO-450", "interfaceResistanceAfter100Cycles")] = 170, [("LNTO-550", "interfaceResistanceAfter100Cycles")] = 800,
        [("LNTO-350", "dischargeCapacity0.1C")] = 120.9, [("LNTO-450", "dischargeCapacity0.1C")] = 152, [("LNTO-550", "dischargeCapacity0.1C")] = 73.2,
        [("LNTO-350", "chargeCapacity0.1C")] = 120.9 / 0.8714, [("LNTO-450", "chargeCapacity0.1C")] = 152 / 0.8668, [("LNTO-550", "chargeCapacity0.1C")] = 73.2 / 0.8598,
        [("LNTO-450", "dischargeCapacity1C")] = 107.5, [("LNTO-550", "dischargeCapacity1C")] = 8.6,
        [("LNTO-350", "initialCoulombicEfficiency")] = 87.14, [("LNTO-450", "initialCoulombicEfficiency")] = 86.68, [("LNTO-550", "initialCoulombicEfficiency")] = 85.98, [("liquid", "initialCoulombicEfficiency")] = 85.79,
        [("LNTO-450", "meanCoulombicEfficiency")] = 99.2,
        [("LNTO-350", "retention200Cycles")] = 58.2, [("LNTO-450", "retention200Cycles")] = 70.3, [("LNTO-550", "retention200Cycles")] = 38.7,
        [("LNTO-350", "cvPolarisation")] = 0.38, [("LNTO-450", "cvPolarisation")] = 0.20, [("LNTO-550", "cvPolarisation")] = 0.80,
        [("LNTO-350", "irDrop")] = 91.6, [("LNTO-450", "irDrop")] = 31.8, [("LNTO-550", "irDrop")] = 161.3,
        [("LNTO-350", "apparentDiffusivity")] = 4.55e-11, [("LNTO-450", "apparentDiffusivity")] = 1.36e-10, [("LNTO-550", "apparentDiffusivity")] = 1.11e-11, [("liquid", "apparentDiffusivity")] = 4.62e-10,
        [("LNTO-450", "onsetPotential")] = 3.25,
    };

    /// <summary>The quantities with their unit, tolerance (fixed before any comparison, from what replicate cells scatter), technique, and how the model comes by them.</summary>
    public static readonly IReadOnlyList<PaperQuantity> Quantities =
    [
        new("coatingConductivity", "uS/cm", new(Relative: 0.10), "pellet") { Chosen = How.Input, Note = "the pellet's resistance is made from this number; the row checks the analysis" },
        new("interfaceResistance", "ohm", new(Relative: 0.10), "impedance") { Chosen = How.Input, Note = "the cell's interface is made from this number; the row checks the analysis" },
        new("interfaceResistanceAfter100Cycles", "ohm", new(Relative: 0.10), "impedance") { Chosen = How.Input, Note = "growth and loss of contact are chosen together to meet this number and the retention; the row checks that they can" },
        new("secondArcResistance", "ohm", new(Relative: 0.10), "impedance") { Note = "the paper gives no size of the second arc" },
        new("chargeCapacity0.1C", "mAh/g", new(Relative: 0.05), "formation") { FitError = 0.04 },
        new("dischargeCapacity0.1C", "mAh/g", new(Relative: 0.05), "formation") { FitError = 0.03 },
        new("dischargeCapacity0.2C", "mAh/g", new(Relative: 0.05), "rate") { Note = "the paper gives no number" },
        new("dischargeCapacity0.5C", "mAh/g", new(Relative: 0.05), "rate") { Note = "the paper gives no number" },
        new("dischargeCapacity1C", "mAh/g", new(Relative: 0.05), "rate") { FitError = 0.06, FitErrorOf = "LNTO-450", Note = "charged at 0.1C, discharged at 1C" },
        new("initialCoulombicEfficiency", "%", new(Absolute: 1.5), "formation") { Note = "the ratio of two capacities" },
        new("meanCoulombicEfficiency", "%", new(Absolute: 1.5), "cycling") { Chosen = How.Input, Note = "the parasitic charge of the ageing law is made from this number" },
        new("retention200Cycles", "%", new(Absolute: 1.5), "cycling") { Chosen = How.Input, Note = "growth and loss of contact are chosen together to meet this number and the arc after 100 cycles; growth alone leaves far more" },
        new("cvPolarisation", "V", new(Relative: 0.10, Absolute: 0.02), "voltammetry") { FitError = 0.10, Note = "one scan rate for all, itself fitted" },
        new("irDrop", "mV", new(Relative: 0.10), "titration") { FitError = 0.06, Note = "rise 1 s after interruption at 50 % depth of discharge" },
        new("apparentDiffusivity", "cm2/s", new(Factor: 1.5), "titration") { Chosen = How.Fitted, Note = "Eq. (1) as printed, with M = 91.66 g/mol (the study's own table has the weighed 96.55 g/mol and reads 1.11 times less), geometric area, mean over 5–90 % depth of discharge; the share of slow polarisation is fitted to it" },
        new("onsetPotential", "V", new(Absolute: 0.02), "formation") { Note = "versus Li-In, after 1 % of nominal capacity" },
    ];

    /// <summary>
    /// The numbers that the shared parameters are fitted to, with their errors: 4 % charge, 3 % discharge, 6 % of 107.5 mAh/g at
    /// 1C, 6 % jump, 10 % polarisation.
    /// </summary>
    public static readonly IReadOnlyList<CalibrationTarget> Targets =
    [
        .. Samples.SelectMany(sample => Quantities.Where(q => double.IsFinite(q.FitError) && Values.ContainsKey((sample, q.Name))).Select(q =>
        {
            var value = Values[(sample, q.Name)];
            return new CalibrationTarget(q.Name, sample, q.Technique, value, q.FitError * (q.FitErrorOf is { } other ? Values[(other, q.Name)] : value), q.Unit);
        })),
    ];

    /// <summary>
    /// How the model comes by a number of a sample: put in; fitted; derived, where the same technique of the same sample entered in
    /// any way; predicted only where it did not.
    /// </summary>
    public static How HowOf(PaperQuantity quantity, string sample)
    {
        bool Entered(PaperQuantity q) => Targets.Any(t => t.Quantity == q.Name && t.Sample == sample) || (q.Chosen is not null && Values.ContainsKey((sample, q.Name)));
        return Entered(quantity) ? quantity.Chosen ?? How.Fitted : Quantities.Any(q => q.Technique == quantity.Technique && Entered(q)) ? How.Derived : How.Predicted;
    }

    /// <summary>The paper's number; NaN where it gives none.</summary>
    public static double Of(string quantity, string sample) => Values.TryGetValue((sample, quantity), out var v) ? v : double.NaN;

    public static Tolerance ToleranceOf(string quantity, string sample) =>
        quantity == "dischargeCapacity1C" && sample == "LNTO-550" ? new(Absolute: 2) : Quantities.First(q => q.Name == quantity).Tolerance;
}

/// <summary>One number of the paper that the calibration aims at.</summary>
/// <param name="Quantity">As in the comparison.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Technique">formation, rate, titration or voltammetry.</param>
/// <param name="Value">The paper's number.</param>
/// <param name="Error">Standard deviation with which it enters χ².</param>
/// <param name="Unit">Of both.</param>
public sealed record CalibrationTarget(string Quantity, string Sample, string Technique, double Value, double Error, string Unit);

/// <summary>How a row of the model comes about.</summary>
internal enum How
{
    /// <summary>Put in.</summary>
    Input,

    /// <summary>Entered a fit.</summary>
    Fitted,

    /// <summary>Follows from rows of the same sample and technique that entered.</summary>
    Derived,

    /// <summary>Neither it nor its sample's technique entered.</summary>
    Predicted,
}

/// <summary>A quantity of the paper.</summary>
internal sealed record PaperQuantity(string Name, string Unit, Tolerance Tolerance, string Technique)
{
    /// <summary>Where it was chosen apart from the calibration: put in, or fitted with a parameter of its own.</summary>
    public How? Chosen { get; init; }

    /// <summary>Standard deviation with which it enters the calibration, as a share of its value; NaN where it does not.</summary>
    public double FitError { get; init; } = double.NaN;

    /// <summary>The sample of whose value <see cref="FitError"/> is a share; null: its own.</summary>
    public string? FitErrorOf { get; init; }

    /// <summary>What a reader must know.</summary>
    public string Note { get; init; } = "";
}

/// <summary>How far model and paper may differ: relative, absolute (the larger of both), or by a factor.</summary>
internal readonly record struct Tolerance(double Relative = 0, double Absolute = 0, double Factor = 0)
{
    public bool Holds(double paper, double model) => Factor > 0
        ? model > 0 && Math.Abs(Math.Log(model / paper)) <= Math.Log(Factor)
        : Math.Abs(model - paper) <= Math.Max(Relative * Math.Abs(paper), Absolute);

    /// <summary>The allowed difference as a share of the paper's number.</summary>
    public double Share(double paper) => Factor > 0 ? Factor - 1 : Math.Max(Relative, Absolute / Math.Abs(paper));

    public string Basis => Factor > 0 ? $"a factor {Factor}" : (Relative, Absolute) switch
    {
        ( > 0, > 0) => $"{100 * Relative} % or {Absolute}, the larger",
        ( > 0, _) => $"{100 * Relative} %",
        _ => $"{Absolute} in its unit",
    };
}
