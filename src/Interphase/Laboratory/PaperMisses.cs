using Interphase.Reports;

namespace Interphase.Laboratory;

/// <summary>Why a row of the comparison misses, as far as it is known; every number is computed.</summary>
internal static class PaperMisses
{
    /// <summary>The reason; empty where there is none beyond what the row itself says.</summary>
    /// <param name="quantity">Of the row.</param>
    /// <param name="sample">Of the row.</param>
    /// <param name="paper">The paper's number.</param>
    /// <param name="model">What was read.</param>
    public static string Why(string quantity, string sample, double paper, double model) => quantity switch
    {
        "interfaceResistanceAfter100Cycles" => $"growth and loss of contact were put in to meet this number and the retention; what was read is off by {Percent(model, paper)}",
        "chargeCapacity0.1C" => $"it was fitted together with the discharge, which has the smaller error ({Errors(quantity, sample)} here); the paper's first efficiency, which ties the two, is not the model's",
        "initialCoulombicEfficiency" => "in the model the first cycle loses only what fills too slowly near full lithiation, more where the interface polarises more; the paper loses about as much in every cell, the liquid one too, as a loss in the material itself would",
        "dischargeCapacity1C" => $"{N(Math.Abs(model - paper), 2)} mAh/g of a cell that gives next to nothing: only the best contacted particles work at this rate ({Errors(quantity, sample)})",
        "cvPolarisation" => Met(quantity, sample),
        "apparentDiffusivity" => $"a factor {N(Math.Max(model / paper, paper / model), 2)}: one share of slow polarisation was fitted for all cells; every cell has the same diffusivity, so that only contact and polarisation can tell them apart",
        "onsetPotential" => $"the liquid cell's potential is as low: {N(1e3 * (paper - model), 2)} mV are missing in the open-circuit potential or a first activation, not at the interface",
        _ => "",
    };

    /// <summary>What the best fit makes of a number, and what meeting it would cost.</summary>
    public static string Met(string quantity, string sample)
    {
        var best = ShippedCalibration.Target(quantity, sample);
        var text = $"the best fit gives {N(best.Model, 3)} {UnitText.Print(best.Unit)}";
        return ShippedCalibration.Met(quantity, sample) is { } met
            ? $"{text}; a fit made to meet it gives {N(met.Model, 3)} and raises χ² from {N(ShippedCalibration.ChiSquared, 3)} to {N(met.ChiSquared, 3)}{(met.FailsAt.Length > 0 ? $" (then off: {met.FailsAt})" : ", with no number more than two of its errors off")}"
            : text;
    }

    private static string Errors(string quantity, string sample)
    {
        var t = ShippedCalibration.Target(quantity, sample);
        return $"the best fit is {N(Math.Abs(t.Model - t.Paper) / t.Error, 2)} of its errors off";
    }

    private static string Percent(double model, double paper) => FormattableString.Invariant($"{100 * ((model / paper) - 1):+0.0;-0.0} %");

    private static string N(double value, int digits) => NumberText.Print(value, digits);
}
