using System.Text.RegularExpressions;

namespace Interphase.Studies;

/// <summary>What a person reads for a quantity of the comparison.</summary>
internal static partial class QuantityNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["coatingConductivity"] = "Ionic conductivity of the coating",
        ["activationEnergy"] = "Activation energy",
        ["state"] = "State of the coating (share of crystals)",
        ["thickness"] = "Thickness of the coating",
        ["exotherms"] = "Exotherms of the gel",
        ["crystallinity"] = "Crystallinity",
        ["amorphousShare"] = "Amorphous share of the mass",
        ["coatingThickness"] = "Thickness of the coating",
        ["crystallineAreaFraction"] = "Crystalline share of the coating's area (micrograph)",
        ["latticeShift"] = "Shift of the c axis against the bare powder",
        ["crystallisationPeak"] = "Crystallisation peak",
        ["crystallisationEnergy"] = "Activation energy of crystallisation",
        ["coatingArealResistance"] = "Resistance of the coating's film, t/σ",
        ["interfaceArealResistance"] = "Interface resistance × electrode area",
        ["interfaceOverFilm"] = "Interface over film, on the electrode's area",
        ["interphaseConductivity"] = "Conductivity the grown layer would have",
        ["coatingCoverage"] = "Coverage of the particles by the coating",
        ["coatingVariation"] = "Variation of the coating's thickness (coefficient)",
        ["coatingComposition"] = "Share of one element in the coating's atoms (map)",
        ["shellThickness"] = "Thickness of the coating (shell in the map)",
        ["interphaseThickness"] = "Thickness of the layer grown on cycling",
        ["conductivity"] = "Ionic conductivity",
        ["electronicConductivity"] = "Electronic conductivity",
        ["effectiveIonicConductivity"] = "Effective ionic conductivity of the composite",
        ["effectiveElectronicConductivity"] = "Effective electronic conductivity of the composite",
        ["cvRateExponent"] = "Rate exponent b of CV peaks",
        ["seriesResistance"] = "Series resistance (intercept)",
        ["interfaceResistance"] = "Interface resistance (first arc)",
        ["secondArcResistance"] = "Second arc",
        ["interfaceResistanceAfterCycling"] = "Interface resistance after cycling",
        ["secondArcResistanceAfterCycling"] = "Second arc after cycling",
        ["seriesResistanceAfterCycling"] = "Series resistance after cycling",
        ["initialCoulombicEfficiency"] = "Initial coulombic efficiency",
        ["meanCoulombicEfficiency"] = "Mean coulombic efficiency",
        ["onsetPotential"] = "Onset potential of the first charge",
        ["cvPolarisation"] = "Polarisation in CV",
        ["cvPolarisationIrCorrected"] = "Polarisation in CV less I R",
        ["cvDiffusivity"] = "Diffusivity by Randles and Ševčík",
        ["irDrop"] = "Potential jump in GITT (IR drop)",
        ["apparentDiffusivity"] = "Apparent diffusivity (Eq. 1 as printed)",
        ["diffusivity"] = "Diffusivity (chosen form)",
    };

    public static string Of(string quantity) =>
        Known.TryGetValue(quantity, out var name) ? name
        : Capacity().Match(quantity) is { Success: true } c ? $"{(c.Groups[1].Value == "charge" ? "Charge" : "Discharge")} capacity{(c.Groups[2].Length > 0 ? $" at {c.Groups[2].Value}" : "")}"
        : Retention().Match(quantity) is { Success: true } r ? $"Retention after {r.Groups[1].Value} cycles"
        : After().Match(quantity) is { Success: true } a ? $"{Of(a.Groups[1].Value)} after {a.Groups[2].Value} cycles"
        : Words().Replace(quantity, m => $" {char.ToLowerInvariant(m.Value[0])}");

    [GeneratedRegex("^(charge|discharge)Capacity(.*)$")]
    private static partial Regex Capacity();

    [GeneratedRegex("^retention(\\d+)Cycles$")]
    private static partial Regex Retention();

    [GeneratedRegex("^(.+)After(\\d+)Cycles$")]
    private static partial Regex After();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Words();
}
