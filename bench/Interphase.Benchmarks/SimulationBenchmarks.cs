using BenchmarkDotNet.Attributes;
using Interphase.Cells;
using Interphase.Simulation;

namespace Interphase.Benchmarks;

/// <summary>The simulator, warm, on one core; the errors of these cases are printed by <c>-- table</c>.</summary>
[MemoryDiagnoser]
public class SimulationBenchmarks
{
    private readonly Cell liquid20 = SimulationCases.Liquid(20, 20, 1e-4), liquid10 = SimulationCases.Liquid(10, 10, 1e-3);
    private readonly Cell solid48 = SimulationCases.Solid(48, 2, 16, 1e-3);

    [Benchmark]
    public SimulationResult Liquid_1C_20_points_20_shells() => SimulationCases.Run(liquid20, SimulationCases.Discharge);

    [Benchmark]
    public SimulationResult Liquid_1C_10_points_10_shells() => SimulationCases.Run(liquid10, SimulationCases.Discharge);

    [Benchmark]
    public SimulationResult Solid_half_cycle_48_classes() => SimulationCases.Run(solid48, SimulationCases.HalfCycle);

    [Benchmark]
    public SimulationResult Solid_titration_55_pulses() => SimulationCases.Run(solid48, SimulationCases.Titration);

    [Benchmark]
    public SimulatedSpectrum Solid_spectrum_61_frequencies() => CellImpedance.AtRest(solid48, 0.6, SimulationCases.Frequencies);
}
