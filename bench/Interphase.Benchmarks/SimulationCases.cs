using Interphase.Cells;
using Interphase.Simulation;

namespace Interphase.Benchmarks;

/// <summary>The simulations whose time is watched.</summary>
internal static class SimulationCases
{
    private static readonly SimulationOptions Unrecorded = new() { Record = false };

    public static Cell Liquid(int points, int shells, double relative) => Cell.Load("marquis2019",
        [$"numerics.electrodePoints={points}", $"numerics.separatorPoints={points}", $"numerics.particlePoints={shells}", $"numerics.relativeTolerance={relative}", "numerics.absoluteTolerance=1e-6"]);

    public static Cell Solid(int classes, int points, int shells, double relative) => Cell.Load("lnto-450",
        [$"positive.interface.contact.classes={classes}", $"numerics.electrodePoints={points}", $"numerics.particlePoints={shells}", $"numerics.relativeTolerance={relative}"]);

    public static Protocol Discharge { get; } = ProtocolText.Read("Discharge at 1C for 1 h");

    public static Protocol HalfCycle { get; } = ProtocolText.Read("Charge at C/10 until 3.8 V");

    public static Protocol Titration { get; } = ProtocolText.Read("repeat 55:\n  Charge at C/10 for 5 min\n  Rest for 2 h");

    public static Protocol Cycles { get; } = ProtocolText.Read("repeat 200:\n  Charge at C/10 until 3.8 V\n  Discharge at C/10 until 2.2 V");

    public static double[] Frequencies { get; } = new MeasureImpedance(1e6, 1e-2, 8).Frequencies()[..61];

    public static SimulationResult Run(Cell cell, Protocol protocol) => Simulator.Run(cell, protocol, Unrecorded);

    public static Cell Ageing(Cell cell) => cell with
    {
        Ageing = new() { ContactLossPerCycle = 1e-3, Interphase = new() { Resistance = 46e-4 * 1.722, After = 100, Law = GrowthLaw.Parabolic } },
    };
}
