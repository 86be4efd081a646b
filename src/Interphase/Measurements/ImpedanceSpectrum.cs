using System.Numerics;

namespace Interphase.Measurements;

/// <summary>
/// Impedance at frequencies, as measured: Z in ohm with its imaginary part negative when capacitive.
/// </summary>
/// <param name="Frequency">Hz, in the order of measurement.</param>
/// <param name="Impedance">Ohm, one for each frequency.</param>
public sealed record ImpedanceSpectrum(double[] Frequency, Complex[] Impedance)
{
    /// <summary>The file it came from.</summary>
    public string File { get; init; } = "";

    /// <summary>Its place among the spectra of the file, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Seconds from the start of the file to the first point; null when unknown.</summary>
    public double? Time { get; init; }

    /// <summary>When the file began; null when unknown.</summary>
    public StartTime? Start { get; init; }

    /// <summary>Potential at which it was taken, V; null when unknown.</summary>
    public double? Potential { get; init; }

    /// <summary>What the potential is measured against.</summary>
    public PotentialReference Reference { get; init; } = PotentialReference.Unknown;

    /// <summary>Temperature at which it was taken, K; null when unknown.</summary>
    public double? Temperature { get; init; }

    /// <summary>Standard deviation of the real and of the imaginary part of each point, ohm; null when not measured.</summary>
    public double[]? Sigma { get; init; }

    /// <summary>Potential of the cell at each point, V; null when not stored. Drift shows here.</summary>
    public double[]? PointPotential { get; init; }

    /// <summary>Time of each point since the start of the file, s; null when not stored.</summary>
    public double[]? PointTime { get; init; }

    /// <summary>Amplitude (peak) of the alternating potential at each point, V; null when not stored.</summary>
    public double[]? PointAmplitude { get; init; }

    /// <summary>Number of points.</summary>
    public int Count => Frequency.Length;

    /// <summary>The points for which <paramref name="keep"/> holds.</summary>
    public ImpedanceSpectrum Where(Func<int, bool> keep)
    {
        var rows = Enumerable.Range(0, Count).Where(keep).ToArray();
        double[]? Pick(double[]? a) => a is null ? null : [.. rows.Select(i => a[i])];
        return this with
        {
            Frequency = Pick(Frequency)!, Impedance = [.. rows.Select(i => Impedance[i])],
            Sigma = Pick(Sigma), PointPotential = Pick(PointPotential), PointTime = Pick(PointTime), PointAmplitude = Pick(PointAmplitude),
        };
    }
}
