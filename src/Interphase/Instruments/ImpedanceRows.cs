using System.Numerics;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Impedance points in the rows of a file, cut into spectra.</summary>
internal static class ImpedanceRows
{
    /// <summary>
    /// Rows with a frequency above zero and a finite impedance. A new spectrum begins where other rows lie between, where
    /// <paramref name="block"/> changes, and where the frequency turns back. If it turns back at every third point or more
    /// often the rows are taken as one spectrum in no order.
    /// </summary>
    public static ImpedanceSpectrum[] Split(double[] frequency, double[] real, double[] imaginary, double[]? block = null,
        double[]? time = null, double[]? potential = null, PotentialReference? reference = null, double[]? temperature = null)
    {
        bool IsPoint(int i) => frequency[i] > 0 && double.IsFinite(frequency[i]) && double.IsFinite(real[i]) && double.IsFinite(imaginary[i]);
        var spectra = new List<ImpedanceSpectrum>();
        for (var i = 0; i < frequency.Length;)
        {
            if (!IsPoint(i)) { i++; continue; }
            var end = i + 1;
            while (end < frequency.Length && IsPoint(end) && (block is null || block[end] == block[i])) { end++; }
            foreach (var (from, to) in Sweeps(frequency, i, end))
            {
                spectra.Add(Make(from, to, spectra.Count));
            }
            i = end;
        }
        return [.. spectra];

        ImpedanceSpectrum Make(int from, int to, int index)
        {
            var z = new Complex[to - from];
            for (var k = 0; k < z.Length; k++) { z[k] = new(real[from + k], imaginary[from + k]); }
            return new(frequency[from..to], z)
            {
                Index = index,
                Time = time is null || double.IsNaN(time[from]) ? null : time[from],
                PointTime = time?[from..to],
                Potential = potential is null ? null : Mean(potential.AsSpan(from, to - from)),
                PointPotential = potential?[from..to],
                Reference = reference ?? PotentialReference.Unknown,
                Temperature = temperature is null ? null : Mean(temperature.AsSpan(from, to - from)),
            };
        }
    }

    private static IEnumerable<(int From, int To)> Sweeps(double[] f, int from, int to)
    {
        var turns = new List<int>();
        var direction = 0;
        for (var i = from + 1; i < to; i++)
        {
            var step = Math.Sign(f[i] - f[i - 1]);
            if (direction != 0 && step != 0 && step != direction)
            {
                turns.Add(i);
                direction = 0;
            }
            else if (step != 0)
            {
                direction = step;
            }
        }
        if (turns.Count * 3 >= to - from) { turns.Clear(); }
        var start = from;
        foreach (var turn in turns.Append(to))
        {
            yield return (start, turn);
            start = turn;
        }
    }

    private static double? Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        var n = 0;
        foreach (var v in values)
        {
            if (double.IsFinite(v)) { sum += v; n++; }
        }
        return n == 0 ? null : sum / n;
    }
}
