using System.Numerics;
using BenchmarkDotNet.Attributes;
using Interphase.Impedance;
using Interphase.Measurements;

namespace Interphase.Benchmarks;

/// <summary>
/// Circuits beside what impedance.py needs for the same on two cores of 2.5 GHz: one evaluation of 57 points 1.06 ms; the
/// documented example from its documented start 172 ms, and it stops short of the minimum; a series of two arcs about
/// 300 ms a spectrum.
/// </summary>
[MemoryDiagnoser]
public class CircuitBenchmarks
{
    private const string Example = "R0-p(R1,C1)-p(R2-Wo1,C2)";
    private const string Cell = "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3";
    private static readonly double[] Start = [.01, .01, 100, .01, .05, 100, 1];
    private static readonly double[] Minimum = [.0165187, .0086786, 3.3218, .0053904, .063703, 237.85, .21953];

    private CircuitModel model = null!;
    private ImpedanceSpectrum example = null!;
    private Circuit started = null!, free = null!, cell = null!;
    private ImpedanceSpectrum[] series = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        ImpedanceSpectrum Noisy(Circuit circuit, double[] p, double[] f, double noise) =>
            new(f, [.. circuit.Impedance(f, p).Select(z => z + (z.Magnitude * noise * new Complex(Gauss(), Gauss())))]);
        double[] Decades(double highest, int count) => [.. Enumerable.Range(0, count).Select(i => highest * Math.Pow(10, -i / 10.0))];

        free = Circuit.Parse(Example);
        started = free;
        for (var i = 0; i < Start.Length; i++) { started = started.WithGuess(started.Parameters[i].Name, Start[i]); }
        example = Noisy(free, Minimum, Decades(1258.9, 57), 0.01);
        model = new CircuitModel(free, new FrequencyGrid(example.Frequency));
        cell = Circuit.Parse(Cell);
        series = [.. Enumerable.Range(0, 18).Select(i => Noisy(cell, [36, 124 + (30 * i), 2.2e-6, 0.86, 85, 3.5e-4, 0.8, 0.045, 0.62], Decades(1e6, 81), 0.003))];
    }

    [Benchmark(Description = "impedance of 57 points")]
    public Complex Impedance()
    {
        model.Evaluate(Minimum, withDerivatives: false);
        return model.Impedance[0];
    }

    [Benchmark(Description = "documented example, documented start")]
    public double Documented() => CircuitFit.Fit(example, started, new FitOptions { Weighting = Weighting.Unity, Search = false, Profile = false }).ChiSquared;

    [Benchmark(Description = "documented example, no guess, intervals")]
    public double Free() => CircuitFit.Fit(example, free, new FitOptions { Weighting = Weighting.Unity }).ChiSquared;

    [Benchmark(Description = "series of 18 spectra, linked smoothly")]
    public double Linked() => LinkedSeries.Smooth(series, cell, [.. series.Select((_, i) => (double)i)], "order").ChiSquared;

    /// <summary>The example as a file.</summary>
    public string WriteExample(string path)
    {
        File.WriteAllLines(path, ["freq_Hz,Zre_ohm,Zim_ohm", .. example.Frequency.Select((f, i) => FormattableString.Invariant($"{f:R},{example.Impedance[i].Real:R},{example.Impedance[i].Imaginary:R}"))]);
        return path;
    }

    [Benchmark(Description = "series of 18 spectra, no guess, intervals")]
    public double Series() => CircuitSeries.Fit(series, cell).Sum(r => r.ChiSquared);
}
