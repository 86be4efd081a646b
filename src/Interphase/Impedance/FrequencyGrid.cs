namespace Interphase.Impedance;

/// <summary>Frequencies with what every element needs of them, computed once.</summary>
public sealed class FrequencyGrid
{
    /// <summary>Takes frequencies in Hz, all positive and finite.</summary>
    /// <exception cref="ArgumentException">A frequency is not a positive number.</exception>
    public FrequencyGrid(ReadOnlySpan<double> frequency)
    {
        Omega = new double[frequency.Length];
        LogOmega = new double[frequency.Length];
        for (var i = 0; i < frequency.Length; i++)
        {
            if (!(frequency[i] > 0) || !double.IsFinite(frequency[i])) { throw new ArgumentException("frequencies must be positive and finite", nameof(frequency)); }
            Omega[i] = 2 * Math.PI * frequency[i];
            LogOmega[i] = Math.Log(Omega[i]);
        }
    }

    /// <summary>Angular frequency 2πf, s⁻¹.</summary>
    public double[] Omega { get; }

    /// <summary>Natural logarithm of <see cref="Omega"/>.</summary>
    public double[] LogOmega { get; }

    /// <summary>Number of frequencies.</summary>
    public int Count => Omega.Length;
}
