using Interphase.Results;
using Interphase.Units;

namespace Interphase.Characterisation;

/// <summary>Activation energy from peak temperatures at several heating rates, and what it predicts for a hold.</summary>
/// <param name="ActivationEnergy">J/mol.</param>
/// <param name="LogPrefactor">ln k₀ (k₀ in 1/s) of k = k₀·exp(−E/RT), scaled so that ∫k dt = 1 at the peak.</param>
/// <param name="Avrami">Avrami exponent from the width of the peak (Augis and Bennett, J. Thermal Anal. 13, 1978, 283).</param>
/// <param name="Rates">Heating rates, K/s.</param>
/// <param name="Peaks">Peak temperatures, K.</param>
public sealed record Kissinger(Estimate ActivationEnergy, double LogPrefactor, double Avrami, double[] Rates, double[] Peaks)
{
    private const double R = Constants.Gas;

    /// <summary>ln(β/T²) = ln(k₀R/E) − E/(RT) (Kissinger, Anal. Chem. 29, 1957, 1702), weighted by the errors of the peaks.</summary>
    /// <param name="rates">Heating rates, K/s; at least three that differ.</param>
    /// <param name="peaks">Peak temperatures, K.</param>
    /// <param name="errors">Their standard errors, K.</param>
    /// <param name="width">Mean of w = R·T²/(n·E) of the peaks, K.</param>
    public static Kissinger Fit(double[] rates, double[] peaks, double[] errors, double width)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(peaks);
        ArgumentNullException.ThrowIfNull(errors);
        var n = rates.Length;
        var x = Array.ConvertAll(peaks, t => 1 / (R * t));
        var y = new double[n];
        for (var i = 0; i < n; i++) { y[i] = Math.Log(rates[i] / (peaks[i] * peaks[i])); }
        // An error of the peak moves x by dT/(RT²); on the line that is E·dT/(RT²) in y. Thermometers repeat to about 0.1 K.
        double slope = -3e5, intercept = 0, sw = 0, sxx = 0, chi = 0;
        for (var pass = 0; pass < 4; pass++)
        {
            double sx = 0, sy = 0, sxy = 0;
            (sw, sxx) = (0, 0);
            var w = new double[n];
            for (var i = 0; i < n; i++)
            {
                var dy = Math.Abs(slope) * Math.Sqrt((errors[i] * errors[i]) + 0.01) / (R * peaks[i] * peaks[i]);
                w[i] = 1 / (dy * dy);
                sw += w[i]; sx += w[i] * x[i]; sy += w[i] * y[i];
            }
            var (mx, my) = (sx / sw, sy / sw);
            for (var i = 0; i < n; i++) { sxx += w[i] * (x[i] - mx) * (x[i] - mx); sxy += w[i] * (x[i] - mx) * (y[i] - my); }
            slope = sxy / sxx;
            intercept = my - (slope * mx);
            chi = 0;
            for (var i = 0; i < n; i++) { chi += w[i] * Math.Pow(y[i] - intercept - (slope * x[i]), 2); }
        }
        var energy = -slope;
        var error = Math.Sqrt(Math.Max(1, chi / Math.Max(1, n - 2)) / sxx);
        var mean = peaks.Average();
        return new(Estimate.Of(energy, error), intercept + Math.Log(energy / R), R * mean * mean / (energy * width), rates, peaks);
    }

    /// <summary>The transformed fraction after a hold, 1 − exp(−(kt)ⁿ); the way to the hold is not counted.</summary>
    /// <param name="temperature">K.</param>
    /// <param name="seconds">Duration.</param>
    public double Transformed(double temperature, double seconds) =>
        1 - Math.Exp(-Math.Pow(Math.Exp(LogPrefactor - (ActivationEnergy.Value / (R * temperature))) * seconds, Avrami));

    /// <summary>Bounds of <see cref="Transformed"/> at 95 %: the law turns about the middle of the peaks it was fitted to, and the furnace is known to some kelvins.</summary>
    /// <param name="temperature">K.</param>
    /// <param name="seconds">Duration.</param>
    /// <param name="thermometer">Standard error of the furnace's temperature, K.</param>
    public (double Low, double High) TransformedBetween(double temperature, double seconds, double thermometer)
    {
        var middle = 1 / Peaks.Average(t => 1 / t);
        var energy = ActivationEnergy.Value;
        var log = LogPrefactor - (energy / (R * temperature)) + Math.Log(seconds);
        var error = 1.959964 * Math.Sqrt(Math.Pow(ActivationEnergy.StandardError / R * ((1 / middle) - (1 / temperature)), 2) + Math.Pow(energy / (R * temperature * temperature) * thermometer, 2));
        double Share(double l) => 1 - Math.Exp(-Math.Pow(Math.Exp(l), Avrami));
        return (Share(log - error), Share(log + error));
    }
}
