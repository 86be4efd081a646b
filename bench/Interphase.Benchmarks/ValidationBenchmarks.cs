using System.Numerics;
using BenchmarkDotNet.Attributes;
using Interphase.Impedance;
using Interphase.Measurements;

namespace Interphase.Benchmarks;

/// <summary>
/// Validation and relaxation times beside what others need on two cores of 2.5 GHz: Lin-KK 45–77 ms (impedance.py, 57 points),
/// 3,640 ms (pyimpspec, 41 points); a distribution with its smoothness chosen 370 ms (pyimpspec, 41 points), 1,560 ms
/// (pyDRTtools, 81 points); 2,000 credible samples 96 s (pyimpspec) and 417 s (pyDRTtools).
/// </summary>
[MemoryDiagnoser]
public class ValidationBenchmarks
{
    private ImpedanceSpectrum valid = null!, drifting = null!, arcs = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        static Complex Arc(double f, double r, double tau, double alpha) => r / (1 + Complex.Pow(new Complex(0, 2 * Math.PI * f * tau), alpha));
        ImpedanceSpectrum Noisy(double highest, int count, double noise, Func<double, int, Complex> z)
        {
            double[] f = [.. Enumerable.Range(0, count).Select(i => highest * Math.Pow(10, -i / 10.0))];
            return new(f, [.. f.Select((x, i) => { var v = z(x, i); return v + (v.Magnitude * noise * new Complex(Gauss(), Gauss())); })]);
        }
        Complex Cell(double f, double last) => 15 + Arc(f, 75, 4e-5, 0.9) + Arc(f, 170 * last, 0.018, 0.85) + (1 / (0.03 * Complex.Pow(new Complex(0, 2 * Math.PI * f), 0.65)));
        valid = Noisy(1e5, 57, 2e-3, (f, _) => Cell(f, 1));
        drifting = Noisy(1e5, 71, 2e-3, (f, i) => Cell(f, 1 + (0.2 * Math.Pow(10, (i - 70) / 10.0))));
        arcs = Noisy(1e6, 81, 5e-3, (f, _) => 20 + Arc(f, 100, 1e-3, 0.9) + Arc(f, 100, 1e-2, 0.9));
    }

    [Benchmark(Description = "Kramers-Kronig, 57 points, valid")]
    public double Valid() => KramersKronig.Test(valid, new()).Statistic;

    [Benchmark(Description = "Kramers-Kronig, 71 points, drifting, window to keep")]
    public double Drifting() => KramersKronig.Test(drifting, new()).Statistic;

    [Benchmark(Description = "relaxation times, 81 points, smoothness chosen, arcs counted")]
    public double Times() => RelaxationTimes.Compute(arcs, new()).Lambda;

    [Benchmark(Description = "2,000 credible samples, 81 points")]
    public double Samples() => RelaxationTimes.Compute(arcs, new() { Method = RelaxationMethod.Bayes }).Polarisation.StandardError;
}
