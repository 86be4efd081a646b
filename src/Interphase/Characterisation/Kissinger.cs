using Interphase.Results;
using Interphase.Units;

namespace Interphase.Characterisation;

/// <summary>Activation energy from peak temperatures at several heating rates, and what it predicts for a hold.</summary>
/// <param name="ActivationEnergy">J/mol.</param>
/// <param name="LogPrefactor">ln k₀ (k₀ in 1/s) of k = k₀·exp(−E/RT), scaled so that ∫k dt = 1 at the peak.</param>
/// <param name="Avrami">Avrami exponent from the width of the peak (Augis and Bennett, J. Thermal Anal. 13, 1978, 283).</param>
/// <param name="Rates">Heating rates, K/s.</param>
/// <param name="Peaks">Peak temperatures, K.</param>
public sealed record Kissinger(Estimate ActivationEnergy, double LogPrefactor, Estimate Avrami, double[] Rates, double[] Peaks)
{
    private const double R = Constants.Gas;

    /// <summary>Independent errors of the law: of ln k where the line turns, of its slope (J/mol), of the width (relative), and the law as it is with the lag one standard error longer.</summary>
    private (double Height, double Slope, double Width, (double Energy, double LogPrefactor)? Lagged) Errors { get; init; }

    /// <summary>Where the line turns, 1/(RT) in mol/J.</summary>
    private double Turn { get; init; }

    /// <summary>What thermocouples repeat to from run to run, K.</summary>
    internal const double Repeatability = 0.1;

    /// <summary>Seconds by which a sensor may lag where no run shows it.</summary>
    private const double LikelyLag = 3;

    /// <summary>
    /// From the fitted peaks of several runs: the sensor's lag is the same time in each, so that its shift, found best in the fastest, is taken off
    /// every peak; its error moves all of them together and is added to that of the energy.
    /// </summary>
    internal static Kissinger Of(double[] rates, HeatPeak[] peaks)
    {
        double weight = 0, sum = 0;
        foreach (var (rate, peak) in rates.Zip(peaks))
        {
            if (!peak.Lag.HasValue || !(peak.Lag.StandardError > 0)) { continue; }
            var w = rate * rate / (peak.Lag.StandardError * peak.Lag.StandardError);
            (weight, sum) = (weight + w, sum + (w * peak.Lag.Value / rate));
        }
        var (lag, error) = weight > 0 ? (sum / weight, 1 / Math.Sqrt(weight)) : (0, LikelyLag);
        var errors = Array.ConvertAll(peaks, p => p.Peak.StandardError);
        var (width, widthError) = (peaks.Average(p => p.KineticWidth.Value), Math.Sqrt(peaks.Sum(p => p.KineticWidth.StandardError * p.KineticWidth.StandardError)) / peaks.Length);
        Kissinger With(double seconds) => Fit(rates, [.. peaks.Select((p, i) => p.Peak.Value - HeatPeaks.Shift(p.Peak.Value, p.KineticWidth.Value, seconds * rates[i]))], errors, width, widthError);
        var best = With(lag);
        var lagged = With(lag + error);
        var moved = lagged.ActivationEnergy.Value - best.ActivationEnergy.Value;
        var energy = Estimate.Of(best.ActivationEnergy.Value, Math.Sqrt((best.ActivationEnergy.StandardError * best.ActivationEnergy.StandardError) + (moved * moved)));
        return best with
        {
            ActivationEnergy = energy, Errors = best.Errors with { Lagged = (lagged.ActivationEnergy.Value, lagged.LogPrefactor) },
            Avrami = Estimate.Of(best.Avrami.Value, best.Avrami.Value * Relative(energy.StandardError / energy.Value, widthError / width)),
        };
    }

    private static double Relative(double a, double b) => Math.Sqrt((a * a) + (b * b));

    /// <summary>ln(β/T²) = ln(k₀R/E) − E/(RT) (Kissinger, Anal. Chem. 29, 1957, 1702), weighted by the errors of the peaks.</summary>
    /// <param name="rates">Heating rates, K/s; at least three that differ.</param>
    /// <param name="peaks">Peak temperatures, K.</param>
    /// <param name="errors">Their standard errors, K.</param>
    /// <param name="width">Mean of w = R·T²/(n·(E + 2RT)) of the peaks, K.</param>
    /// <param name="widthError">Its standard error, K.</param>
    public static Kissinger Fit(double[] rates, double[] peaks, double[] errors, double width, double widthError = 0)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(peaks);
        ArgumentNullException.ThrowIfNull(errors);
        var n = rates.Length;
        var x = Array.ConvertAll(peaks, t => 1 / (R * t));
        var y = new double[n];
        for (var i = 0; i < n; i++) { y[i] = Math.Log(rates[i] / (peaks[i] * peaks[i])); }
        // An error of the peak moves x by dT/(RT²); on the line that is E·dT/(RT²) in y.
        double slope = -3e5, intercept = 0, sw = 0, sxx = 0, chi = 0, turn = 0;
        for (var pass = 0; pass < 4; pass++)
        {
            double sx = 0, sy = 0, sxy = 0;
            (sw, sxx) = (0, 0);
            var w = new double[n];
            for (var i = 0; i < n; i++)
            {
                var dy = Math.Abs(slope) * Math.Sqrt((errors[i] * errors[i]) + (Repeatability * Repeatability)) / (R * peaks[i] * peaks[i]);
                w[i] = 1 / (dy * dy);
                sw += w[i]; sx += w[i] * x[i]; sy += w[i] * y[i];
            }
            var (mx, my) = (sx / sw, sy / sw);
            turn = mx;
            for (var i = 0; i < n; i++) { sxx += w[i] * (x[i] - mx) * (x[i] - mx); sxy += w[i] * (x[i] - mx) * (y[i] - my); }
            slope = sxy / sxx;
            intercept = my - (slope * mx);
            chi = 0;
            for (var i = 0; i < n; i++) { chi += w[i] * Math.Pow(y[i] - intercept - (slope * x[i]), 2); }
        }
        var energy = -slope;
        var scatter = Math.Sqrt(Math.Max(1, chi / Math.Max(1, n - 2)));
        var error = scatter / Math.Sqrt(sxx);
        var mean = peaks.Average();
        // ∫k dT grows as T²·exp(−E/RT), so that near the peak it rises as if the energy were 2RT larger.
        var apparent = energy + (2 * R * mean);
        var exponent = R * mean * mean / (apparent * width);
        return new(Estimate.Of(energy, error), intercept + Math.Log(apparent / R), Estimate.Of(exponent, exponent * Relative(error / energy, widthError / width)), rates, peaks)
        {
            Errors = (scatter / Math.Sqrt(sw), error, widthError / width, null), Turn = turn,
        };
    }

    /// <summary>Standard error by which the furnace of a hold and the calorimeter differ, K: thermocouples of class 1 and the unevenness of a box furnace.</summary>
    internal const double Furnace = 5;

    /// <summary>
    /// The transformed fraction after a hold, 1 − exp(−(kt)ⁿ); the way to the hold is not counted. Its interval holds the errors of the line (its height
    /// where it turns, and its slope, with which the exponent changes, for the width says n·(E + 2RT)), of the lag, of the width and of the temperature:
    /// it is one for what a hold in a furnace does.
    /// </summary>
    /// <param name="temperature">K.</param>
    /// <param name="seconds">Duration.</param>
    /// <param name="thermometer">Standard error of the hold's temperature against the calorimeter's, K.</param>
    public Estimate Transformed(double temperature, double seconds, double thermometer = Furnace)
    {
        var (energy, more) = (ActivationEnergy.Value, 2 * R * Peaks.Average());
        // ln(−ln(1 − α)) = n·ln(kt).
        double Log(double e, double prefactor, double t) => Avrami.Value * (energy + more) / (e + more) * (prefactor - (e / (R * t)) + Math.Log(seconds));
        var log = Log(energy, LogPrefactor, temperature);
        var steeper = energy + Errors.Slope;
        double[] moved =
        [
            Avrami.Value * Errors.Height,
            Log(steeper, LogPrefactor + (Errors.Slope * Turn) + Math.Log((steeper + more) / (energy + more)), temperature) - log,
            Errors.Lagged is var (e, prefactor) ? Log(e, prefactor, temperature) - log : 0,
            log * Errors.Width,
            Log(energy, LogPrefactor, temperature + thermometer) - log,
        ];
        var error = 1.959964 * Math.Sqrt(moved.Sum(m => m * m));
        static double Share(double l) => 1 - Math.Exp(-Math.Exp(l));
        return new(Share(log), double.NaN, Share(log - error), Share(log + error), "the interval is not symmetric");
    }
}
