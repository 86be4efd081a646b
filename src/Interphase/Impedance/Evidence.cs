using Interphase.Measurements;

namespace Interphase.Impedance;

/// <summary>What a χ² says about a circuit, up to a constant of the spectrum and its weighting: −2 ln of the greatest likelihood.</summary>
internal static class Evidence
{
    /// <summary>
    /// No instrument, and no printed table, is better than this part of |Z|. Below it circuits would be ranked by how they
    /// describe rounding.
    /// </summary>
    private const double FinestError = 1e-5;

    public static double Deviance(double chiSquared, ImpedanceSpectrum spectrum, Weighting weighting)
    {
        if (weighting == Weighting.Sigma) { return chiSquared; }
        var n = 2.0 * spectrum.Count;
        return n * Math.Log((chiSquared + Finest(spectrum, weighting)) / n);
    }

    /// <summary>Variance of one weighted residual that a fit shows, never finer than an instrument is.</summary>
    public static double Variance(CircuitFitResult fit) => fit.Options.Weighting == Weighting.Sigma
        ? Math.Max(1, fit.ReducedChiSquared)
        : (fit.ChiSquared + Finest(fit.Spectrum, fit.Options.Weighting)) / fit.DegreesOfFreedom;

    private static double Finest(ImpedanceSpectrum spectrum, Weighting weighting)
    {
        var (real, imaginary) = LeastSquares.RootWeights(spectrum, weighting);
        double finest = 0;
        for (var i = 0; i < spectrum.Count; i++)
        {
            var error = FinestError * spectrum.Impedance[i].Magnitude;
            finest += error * error * ((real[i] * real[i]) + (imaginary[i] * imaginary[i]));
        }
        return finest;
    }

    /// <summary>Schwarz's criterion.</summary>
    public static double Bic(double chiSquared, int parameters, ImpedanceSpectrum spectrum, Weighting weighting) =>
        Deviance(chiSquared, spectrum, weighting) + (parameters * Math.Log(2.0 * spectrum.Count));
}
