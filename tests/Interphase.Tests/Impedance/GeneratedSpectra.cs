using System.Numerics;
using Interphase.Measurements;

namespace Interphase.Tests.Impedance;

/// <summary>Spectra from closed forms with noise of known size, valid or violated in a known way.</summary>
internal static class GeneratedSpectra
{
    public static double[] Frequencies(double high, double low, int perDecade)
    {
        var n = (int)Math.Round(Math.Log10(high / low) * perDecade) + 1;
        return [.. Enumerable.Range(0, n).Select(i => high * Math.Pow(low / high, i / (double)(n - 1)))];
    }

    public static Complex Zarc(double f, double r, double tau, double alpha) =>
        r / (1 + Complex.Pow(new Complex(0, 2 * Math.PI * f * tau), alpha));

    public static Complex Tail(double f, double q, double alpha) => 1 / (q * Complex.Pow(new Complex(0, 2 * Math.PI * f), alpha));

    public static ImpedanceSpectrum Noisy(double[] f, Func<double, int, Complex> z, double relativeNoise, Random random) => new(f,
    [
        .. f.Select((x, i) =>
        {
            var value = z(x, i);
            return value + (relativeNoise * value.Magnitude * new Complex(Normal(random), Normal(random)));
        }),
    ]);

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double LogUniform(Random random, double from, double to) => from * Math.Pow(to / from, random.NextDouble());

    /// <summary>A cell of one to three arcs, often with a tail, sometimes with an inductance; <paramref name="arcFactor"/> scales the slowest arc point by point.</summary>
    public sealed record Cell(double[] Frequency, double R0, double L, (double R, double Tau, double Alpha)[] Arcs, double Q, double TailAlpha, double Scale)
    {
        public Complex At(double f, double arcFactor = 1)
        {
            Complex z = new(R0, 2 * Math.PI * f * L);
            for (var k = 0; k < Arcs.Length; k++) { z += Zarc(f, Arcs[k].R * (k == Arcs.Length - 1 ? arcFactor : 1), Arcs[k].Tau, Arcs[k].Alpha); }
            if (Q > 0) { z += Tail(f, Q, TailAlpha); }
            return z * Scale;
        }
    }

    public static Cell Any(Random random)
    {
        var f = Frequencies(Math.Pow(10, random.Next(5, 7)), Math.Pow(10, -random.Next(1, 3)), random.Next(6, 13));
        var arcs = new (double, double, double)[random.Next(1, 4)];
        var tau = LogUniform(random, 3e-6, 3e-4);
        for (var k = 0; k < arcs.Length; k++)
        {
            arcs[k] = (LogUniform(random, 20, 200), tau, 0.7 + (0.3 * random.NextDouble()));
            tau *= LogUniform(random, 5, 300);
        }
        var last = arcs[^1];
        arcs[^1] = (last.Item1, Math.Min(last.Item2, 1), last.Item3);
        var tail = random.NextDouble() < 0.6;
        return new(f, LogUniform(random, 5, 50), random.NextDouble() < 0.3 ? LogUniform(random, 1e-7, 5e-6) : 0, arcs,
            tail ? LogUniform(random, 0.005, 0.5) : 0, 0.5 + (0.45 * random.NextDouble()), LogUniform(random, 0.01, 1e3));
    }

    /// <summary>The same with an inductive loop: a slow relaxation of negative resistance, 5–40 % of the slowest arc's, and no tail.</summary>
    public static ImpedanceSpectrum Looping(Random random, double noise)
    {
        var cell = Any(random) with { Q = 0 };
        var last = cell.Arcs[^1];
        var tau = Math.Min(last.Tau * LogUniform(random, 3, 30), 0.5 / (2 * Math.PI * cell.Frequency.Min()));
        var (r, alpha) = (-last.R * LogUniform(random, 0.05, 0.4), 0.85 + (0.15 * random.NextDouble()));
        return Noisy(cell.Frequency, (f, _) => cell.At(f) + (cell.Scale * Zarc(f, r, tau, alpha)), noise, random);
    }

    /// <summary>Share of the measuring time that has passed at each point when every point takes the same number of periods.</summary>
    public static double[] Elapsed(double[] f)
    {
        var t = new double[f.Length];
        double sum = 0;
        for (var i = 0; i < f.Length; i++) { t[i] = sum += 1 / f[i]; }
        return [.. t.Select(x => x / sum)];
    }

    public static ImpedanceSpectrum Valid(Cell cell, double noise, Random random) => Noisy(cell.Frequency, (f, _) => cell.At(f), noise, random);

    public static ImpedanceSpectrum Drifting(Cell cell, double noise, double size, Random random)
    {
        var t = Elapsed(cell.Frequency);
        return Noisy(cell.Frequency, (f, i) => cell.At(f, 1 + (size * t[i])), noise, random);
    }

    public static ImpedanceSpectrum Stepping(Cell cell, double noise, double size, double at, Random random)
    {
        var t = Elapsed(cell.Frequency);
        return Noisy(cell.Frequency, (f, i) => cell.At(f, t[i] > at ? 1 + size : 1), noise, random);
    }

    public static ImpedanceSpectrum WithOutlier(Cell cell, double noise, double size, Random random, double? nearFrequency = null)
    {
        var s = Valid(cell, noise, random);
        var i = nearFrequency is { } near
            ? Enumerable.Range(0, s.Count).MinBy(k => Math.Abs(Math.Log(s.Frequency[k] / near)))
            : random.Next(3, s.Count - 3);
        var phase = 2 * Math.PI * random.NextDouble();
        s.Impedance[i] += size * s.Impedance[i].Magnitude * Complex.FromPolarCoordinates(1, phase);
        return s;
    }
}
