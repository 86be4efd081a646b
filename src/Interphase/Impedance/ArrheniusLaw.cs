using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>Which product follows exp(−Ea/kT).</summary>
public enum ArrheniusForm
{
    /// <summary>σT = A exp(−Ea/kT): hopping.</summary>
    SigmaT,

    /// <summary>σ = A exp(−Ea/kT).</summary>
    Sigma,
}

/// <summary>Activation of a conductivity.</summary>
/// <param name="Form">The law.</param>
/// <param name="Energy">Activation energy, eV.</param>
/// <param name="Prefactor">A: S K/m (σT) or S/m (σ).</param>
/// <param name="At25">The law's conductivity at 25 °C, S/m.</param>
/// <param name="ReducedChiSquared">Scatter about the law over the errors; errors are enlarged by its root where it exceeds 1.</param>
/// <param name="Points">Number of points.</param>
public sealed record ArrheniusLaw(ArrheniusForm Form, Estimate Energy, Estimate Prefactor, Estimate At25, double ReducedChiSquared, int Points)
{
    /// <summary>Boltzmann constant, eV/K.</summary>
    public const double Boltzmann = 8.617333262e-5;

    /// <summary>The conductivity at a temperature, S/m.</summary>
    public double At(double temperature) => Prefactor.Value * Math.Exp(-Energy.Value / (Boltzmann * temperature)) / (Form == ArrheniusForm.SigmaT ? temperature : 1);

    /// <summary>
    /// Weighted straight line of ln σT (or ln σ) against 1/kT.
    /// </summary>
    /// <param name="points">Temperature in K, conductivity in S/m, its relative standard error that differs from point to point.</param>
    /// <param name="form">The law.</param>
    /// <param name="commonError">A relative error that all points share (geometry); it moves the prefactor, not the energy.</param>
    public static ArrheniusLaw Fit(IReadOnlyList<(double Temperature, double Conductivity, double RelativeError)> points, ArrheniusForm form, double commonError = 0)
    {
        ArgumentNullException.ThrowIfNull(points);
        const double Room = 298.15;
        // Coordinates around 25 °C keep slope and intercept at that temperature nearly independent.
        double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
        var weighted = points.All(p => p.RelativeError > 0);
        (double X, double Y, double W) Coordinates((double Temperature, double Conductivity, double RelativeError) p) =>
            ((1 / (Boltzmann * p.Temperature)) - (1 / (Boltzmann * Room)), Math.Log(p.Conductivity * (form == ArrheniusForm.SigmaT ? p.Temperature : 1)),
            weighted ? 1 / (p.RelativeError * p.RelativeError) : 1);
        foreach (var p in points)
        {
            var (x, y, w) = Coordinates(p);
            sw += w;
            sx += w * x;
            sy += w * y;
            sxx += w * x * x;
            sxy += w * x * y;
        }
        var determinant = (sw * sxx) - (sx * sx);
        var slope = ((sw * sxy) - (sx * sy)) / determinant;
        var room = ((sxx * sy) - (sx * sxy)) / determinant;
        var chiSquared = points.Sum(p =>
        {
            var (x, y, w) = Coordinates(p);
            return w * Math.Pow(y - room - (slope * x), 2);
        });
        var reduced = points.Count > 2 ? chiSquared / (points.Count - 2) : double.NaN;
        var scale = weighted ? Math.Max(1, reduced) : reduced;
        double varianceSlope = scale * sw / determinant, varianceRoom = (scale * sxx / determinant) + (commonError * commonError), covariance = -scale * sx / determinant;
        var inverse = 1 / (Boltzmann * Room);
        var logPrefactor = room - (slope * inverse);
        var errorPrefactor = Math.Sqrt(varianceRoom + (inverse * inverse * varianceSlope) - (2 * inverse * covariance));
        var prefactor = Math.Exp(logPrefactor);
        var at25 = Math.Exp(room) / (form == ArrheniusForm.SigmaT ? Room : 1);
        return new(form, Estimate.Of(-slope, Math.Sqrt(varianceSlope)),
            new(prefactor, prefactor * errorPrefactor, prefactor * Math.Exp(-1.96 * errorPrefactor), prefactor * Math.Exp(1.96 * errorPrefactor)),
            Estimate.Of(at25, at25 * Math.Sqrt(varianceRoom)), reduced, points.Count);
    }
}
