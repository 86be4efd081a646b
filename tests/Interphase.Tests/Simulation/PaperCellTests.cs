using System.Text.Json;
using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Tests.Support;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>The calibrated cells of the paper, as an earlier finite-volume code with the same mesh computed them.</summary>
public class PaperCellTests
{
    [NeedsDataTheory]
    [InlineData("350", 635.4)]
    [InlineData("450", 213.5)]
    [InlineData("550", 1157.2)]
    public void Capacities_jump_and_voltammogram_are_the_known_ones(string sample, double resistance)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SampleData.Path("simulation/solid-state/P_paper_cell_calibrated.json")));
        var known = json.RootElement.GetProperty("results").GetProperty(sample);
        double Known(string key) => known.GetProperty(key).GetDouble();
        var cell = Paper(resistance, sample == "550", tolerance: 1e-4);
        double Capacity(StepResult s) => Math.Abs(s.Charge) / 3.6 / (cell.ActiveMass * 1e3);
        void Near(double expected, double value, double relative, double absolute) => Assert.InRange(value, expected - (relative * expected) - absolute, expected + (relative * expected) + absolute);

        var run = Run(cell, Until(0.1, 3.8), Until(-0.1, 2.2), Until(0.1, 3.8), Until(-1, 2.2));
        Near(Known("ch"), Capacity(run.Steps[0]), 0.008, 0.1);
        Near(Known("dis"), Capacity(run.Steps[1]), 0.01, 0.1);
        Near(Known("C1"), Capacity(run.Steps[3]), 0.025, 0.3);

        var onset = RunAt(cell, [360], Until(0.1, 3.8)).Series.Potential[0];
        Near(Known("Vinit"), onset, 0, 3e-3);

        var half = Known("dis") / 2 * 3.6e3;
        var jump = Simulator.Run(cell, new(
        [
            Until(0.1, 3.8), Rest(7200), new ProtocolStep(new HoldCurrent(Rate(-0.1)), [new AfterCharge(new(half, AmountBasis.Mass))]), Rest(7200),
            For(-0.1, 300), Rest(1),
        ]));
        Near(Known("IR"), (jump.Steps[5].EndPotential - jump.Steps[4].EndPotential) * 1e3, 0.04, 0);

        var sweep = Simulator.Run(cell, new([Sweep(3.8, 2.6342975999642877e-05), Sweep(2.2, 2.6342975999642877e-05)]), new() { SampleInterval = 100 });
        var current = sweep.Series.Current.ToArray();
        var up = Array.IndexOf(current, current.Max());
        var down = Array.IndexOf(current, current.Min());
        Near(-Known("Ipa"), current[up] / cell.Area / 10, 0.02, 0);
        Near(Known("Ipc"), -current[down] / cell.Area / 10, 0.02, 0);
        Near(Known("CV"), sweep.Series.Potential[up] - sweep.Series.Potential[down], 0, sample == "550" ? 0.1 : 0.015);
    }
}
