using System.Diagnostics;
using Interphase.Cells;
using Interphase.Simulation;

namespace Interphase.Benchmarks;

/// <summary>
/// Processor time of the simulations (least of warm batches), the same over a fixed computation (a million exponentials), and what they
/// are wrong by, against the same run on a fine mesh at a tight tolerance.
/// </summary>
internal static class SimulationTable
{
    private static double unit;

    public static void Print(TextWriter output)
    {
        var sum = 0.0;
        unit = Time(5, () => { for (var i = 0; i < 1_000_000; i++) { sum += Math.Exp(-1e-6 * i); } });
        output.WriteLine($"{"case",-58}{"time",12}{"ratio",9}{"error",24}");
        output.WriteLine($"{"a million exponentials",-58}{unit,9:0.00} ms{1,9}{(double.IsFinite(sum) ? "" : "not finite"),24}");
        var exact = SimulationCases.Liquid(40, 60, 1e-7);
        Row("DFN 1C, 20/20/20 points, 20 shells, rtol 1e-4", 100, SimulationCases.Liquid(20, 20, 1e-4), SimulationCases.Discharge, exact, false);
        Row("DFN 1C, 10/10/10 points, 10 shells, rtol 1e-3", 100, SimulationCases.Liquid(10, 10, 1e-3), SimulationCases.Discharge, exact, false);
        var solid = SimulationCases.Solid(48, 2, 16, 1e-3);
        var fine = SimulationCases.Solid(48, 8, 48, 1e-6);
        Row("lnto-450, 48 classes, 2 x 16, rtol 1e-3: 0.1C charge", 50, solid, SimulationCases.HalfCycle, fine, true);
        Row("the same: GITT, 55 pulses", 5, solid, SimulationCases.Titration, fine, false);
        Row("the same: 200 cycles with ageing", 1, SimulationCases.Ageing(solid), SimulationCases.Cycles, null, true);
        Row("the same with 12 classes", 1, SimulationCases.Ageing(SimulationCases.Solid(12, 2, 16, 1e-3)), SimulationCases.Cycles, null, true);
        var spectrum = Time(300, () => CellImpedance.AtRest(solid, 0.6, SimulationCases.Frequencies));
        output.WriteLine($"{"lnto-450: closed-form spectrum, 61 frequencies",-58}{spectrum,9:0.000} ms{spectrum / unit,9:0.000}{"closed form",24}");
        var many = Time(1, () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var cell = SimulationCases.Liquid(10, 10, 1e-3);
                SimulationCases.Run(cell with { Positive = ((PorousElectrode)cell.Positive) with { Thickness = 1e-4 * (0.9 + (0.0002 * i)) } }, SimulationCases.Discharge);
            }
        });
        output.WriteLine($"{"1,000 DFN discharges with varied thickness (read, built, run)",-58}{many,9:0} ms{many / unit,9:0}");

        void Row(string name, int repeats, Cell cell, Protocol protocol, Cell? reference, bool capacity)
        {
            SimulationResult result = null!;
            var time = Time(repeats, () => result = SimulationCases.Run(cell, protocol));
            var error = "";
            if (reference is not null)
            {
                var truth = SimulationCases.Run(reference, protocol);
                error = capacity ? $"{100 * ((result.Steps[0].Charge / truth.Steps[0].Charge) - 1):0.000} % capacity"
                    : $"{1e3 * (result.Steps[^1].EndPotential - truth.Steps[^1].EndPotential):0.000} mV at the end";
            }
            output.WriteLine($"{name,-58}{time,9:0.00} ms{time / unit,9:0.00}{error,24}   {result.Statistics.Steps} steps, {result.Statistics.NewtonIterations} iterations");
        }
    }

    /// <summary>Processor time of one act, ms: what one core spends, whatever else the machine does. Of several batches the least, for what others do to the caches.</summary>
    private static double Time(int repeats, Action act)
    {
        if (repeats > 1) { for (var i = 0; i < 30; i++) { act(); } }
        using var process = Process.GetCurrentProcess();
        var least = double.PositiveInfinity;
        for (var batch = 0; batch < (repeats > 1 ? 5 : 2); batch++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            for (var i = 0; i < repeats; i++) { act(); }
            process.Refresh();
            least = Math.Min(least, (process.TotalProcessorTime - before).TotalMilliseconds / repeats);
        }
        return least;
    }
}
