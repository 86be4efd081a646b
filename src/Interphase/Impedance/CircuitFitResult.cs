using System.Numerics;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>A fitted parameter.</summary>
/// <param name="Name">As impedance.py names it.</param>
/// <param name="Unit">SI unit of the value.</param>
/// <param name="Estimate">Value, standard error and 95 % limits; an open upper limit is NaN.</param>
/// <param name="IsFixed">True where the value was given and kept.</param>
/// <param name="Identifiable">True where the data say what it is: neither at a limit nor open within a factor of several.</param>
/// <param name="OhmPower">The power of the resistance unit in it.</param>
/// <param name="IsAbsent">True where it belongs to an arc that the spectrum does not hold; its value means nothing and is withheld from reports.</param>
public sealed record FittedParameter(string Name, string Unit, Estimate Estimate, bool IsFixed, bool Identifiable, int OhmPower, bool IsAbsent = false)
{
    /// <summary>The value.</summary>
    public double Value => Estimate.Value;
}

/// <summary>A circuit fitted to a spectrum.</summary>
public sealed record CircuitFitResult
{
    /// <summary>The spectrum as fitted, without points left out.</summary>
    public required ImpedanceSpectrum Spectrum { get; init; }

    /// <summary>The circuit with what the person said about it.</summary>
    public required Circuit Circuit { get; init; }

    /// <summary>The options used.</summary>
    public required FitOptions Options { get; init; }

    /// <summary>The parameters, in the circuit's order.</summary>
    public required IReadOnlyList<FittedParameter> Parameters { get; init; }

    /// <summary>Correlation of the parameters (of logarithms where positive), in their order; NaN where fixed or at a limit.</summary>
    public required double[,] Correlation { get; init; }

    /// <summary>Σ w|ΔZ|², with the weights of <see cref="FitOptions.Weighting"/>.</summary>
    public required double ChiSquared { get; init; }

    /// <summary>Number of free parameters.</summary>
    public required int FreeParameters { get; init; }

    /// <summary>Number of points fitted.</summary>
    public int Points => Spectrum.Count;

    /// <summary>2N − p.</summary>
    public int DegreesOfFreedom => (2 * Points) - FreeParameters;

    /// <summary><see cref="ChiSquared"/>/(2N − p).</summary>
    public double ReducedChiSquared => ChiSquared / DegreesOfFreedom;

    /// <summary>Schwarz's criterion; only differences between circuits on the same points count.</summary>
    public double Bic => Evidence.Bic(ChiSquared, FreeParameters, Spectrum, Options.Weighting);

    /// <summary>Akaike's criterion.</summary>
    public double Aic => Evidence.Deviance(ChiSquared, Spectrum, Options.Weighting) + (2.0 * FreeParameters);

    /// <summary>Iterations of the descent that found the minimum.</summary>
    public required int Iterations { get; init; }

    /// <summary>Why it stopped.</summary>
    public required StopReason Reason { get; init; }

    /// <summary>Starts that were tried.</summary>
    public required int Starts { get; init; }

    /// <summary>What is doubtful, by <c>parameters.NAME</c> or another key.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }

    /// <summary>The parameter of a name.</summary>
    /// <exception cref="InputException">No such parameter.</exception>
    public FittedParameter this[string name] => Parameters[Circuit.IndexOf(name)];

    /// <summary>All values, in the circuit's order.</summary>
    public double[] Values => [.. Parameters.Select(p => p.Value)];

    /// <summary>The fitted circuit's impedance at other frequencies, ohm.</summary>
    public Complex[] Impedance(ReadOnlySpan<double> frequency) => Circuit.Impedance(frequency, Values);

    /// <summary>Data − model, ohm, at the fitted points.</summary>
    public Complex[] Residuals()
    {
        var model = Impedance(Spectrum.Frequency);
        return [.. Spectrum.Impedance.Select((z, i) => z - model[i])];
    }
}
