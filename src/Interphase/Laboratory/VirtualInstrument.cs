using System.Numerics;
using Interphase.Measurements;

namespace Interphase.Laboratory;

/// <summary>
/// What an instrument does to the truth: noise, resolution and range. The figures are those of its class, not of one serial
/// number.
/// </summary>
/// <param name="Name">The class of instrument.</param>
/// <param name="PotentialNoise">Standard deviation of a potential, V.</param>
/// <param name="PotentialResolution">Step of the potential's digits, V.</param>
/// <param name="CurrentNoise">Standard deviation of a current as a share of its value.</param>
/// <param name="CurrentResolution">Step of the current's digits, A.</param>
/// <param name="ImpedanceNoise">Standard deviation of each part of an impedance as a share of its modulus.</param>
public sealed record VirtualInstrument(string Name, double PotentialNoise, double PotentialResolution, double CurrentNoise, double CurrentResolution, double ImpedanceNoise)
{
    /// <summary>A multichannel potentiostat with impedance (16 bits over 5 V, 0.1 % range of current).</summary>
    public static readonly VirtualInstrument Potentiostat = new("16-bit potentiostat with impedance", 50e-6, 76e-6, 1e-4, 1e-9, 2e-3);

    /// <summary>A battery cycler of many channels (0.1 mV, 0.02 % of current).</summary>
    public static readonly VirtualInstrument Cycler = new("multichannel battery cycler", 1e-4, 1e-4, 2e-4, 1e-8, 0.01);

    /// <summary>A frequency response analyser for pellets.</summary>
    public static readonly VirtualInstrument Analyser = new("frequency response analyser", 1e-4, 1e-4, 1e-4, 1e-9, 3e-3);

    /// <summary>Nothing is added: for checking what the analysis alone does.</summary>
    public static readonly VirtualInstrument Ideal = new("noiseless instrument", 0, 0, 0, 0, 0);

    /// <summary>A series as this instrument records it; the same seed gives the same record.</summary>
    public TimeSeries Record(TimeSeries truth, int seed)
    {
        ArgumentNullException.ThrowIfNull(truth);
        var random = new Gauss(seed);
        var potential = truth.Potential.ToArray();
        var current = truth.Current.ToArray();
        for (var i = 0; i < potential.Length; i++)
        {
            potential[i] = Rounded(potential[i] + (PotentialNoise * random.Next()), PotentialResolution);
            current[i] = current[i] == 0 ? 0 : Rounded(current[i] * (1 + (CurrentNoise * random.Next())), CurrentResolution);
        }
        return truth.With(truth.Required(ColumnNames.Potential) with { Values = potential }).With(truth.Required(ColumnNames.Current) with { Values = current });
    }

    /// <summary>A spectrum as this instrument records it.</summary>
    public ImpedanceSpectrum Record(ImpedanceSpectrum truth, int seed)
    {
        ArgumentNullException.ThrowIfNull(truth);
        var random = new Gauss(seed);
        return truth with { Impedance = [.. truth.Impedance.Select(z => z + (ImpedanceNoise * z.Magnitude * new Complex(random.Next(), random.Next())))] };
    }

    private static double Rounded(double value, double step) => step > 0 ? Math.Round(value / step) * step : value;
}

/// <summary>Normal deviates, the same on every machine for a seed (xorshift and the polar method).</summary>
internal sealed class Gauss(int seed)
{
    private ulong state = Scramble((ulong)(uint)seed + 0x9E3779B97F4A7C15);
    private double spare = double.NaN;

    /// <summary>A deviate of mean 0 and standard deviation 1.</summary>
    public double Next()
    {
        if (!double.IsNaN(spare)) { var s = spare; spare = double.NaN; return s; }
        while (true)
        {
            var u = (2 * Uniform()) - 1;
            var v = (2 * Uniform()) - 1;
            var q = (u * u) + (v * v);
            if (q is >= 1 or 0) { continue; }
            var f = Math.Sqrt(-2 * Math.Log(q) / q);
            spare = v * f;
            return u * f;
        }
    }

    private double Uniform()
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (state >> 11) * (1.0 / (1UL << 53));
    }

    private static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (z ^ (z >> 31)) | 1;
    }
}
