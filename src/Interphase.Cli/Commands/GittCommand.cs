using System.CommandLine;
using Interphase.Titration;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase gitt</c>.</summary>
internal static class GittCommand
{
    public static Command Create()
    {
        var input = new ElectrodeInput();
        var rest = new Option<string?>("--rest-current") { Description = "Current below which the cell rests; default: found from the data", HelpName = "CURRENT" };
        var ir = new Option<string?>("--ir-time") { Description = "Read the IR drop at the first sample at or after this time from the switch, for example 1s; default: the first sample", HelpName = "TIME" };
        return Frame.Command("gitt", "Galvanostatic intermittent titration: every pulse, every recognised form of the diffusivity, audited",
            """
            interphase gitt gitt.mpr --electrode electrode.yaml
            interphase gitt pulse_*.csv --electrode electrode.yaml --json
            """,
            (parse, cancellation) =>
            {
                var (series, electrode, _, warnings) = input.Read(parse);
                var gitt = Gitt.Analyse(series, electrode, new()
                {
                    RestCurrent = ElectrodeInput.Positive(parse.GetValue(rest), "--rest-current", "A")?.Value,
                    IrTime = ElectrodeInput.Positive(parse.GetValue(ir), "--ir-time", "s")?.Value ?? 0,
                }, cancellation);
                gitt = gitt with { Warnings = [.. warnings, .. gitt.Warnings] };
                return new(gitt.Contract(), output => Write(output, gitt), gitt.Pulses.Any(Given) ? 0 : 2);
            },
            input.Files, input.Electrode, input.Mass, input.Area, input.Nominal, rest, ir);
    }

    /// <summary>A pulse gives something where D or its jump can be stated.</summary>
    private static bool Given(GittPulse p) => p.Chosen is not null || double.IsFinite(p.IrDropEnd.Value) || double.IsFinite(p.IrDropStart.Value);

    private static void Write(TextWriter output, Gitt g)
    {
        string D(double value) => ElectrodeInput.Number(value * 1e4, "0.00e+00");
        var ici = g.Pulses.Count(p => p.IsInterruption) > g.Pulses.Count / 2;
        var table = new TextTable("pulse", "DoD %", "rest V", "drift mV/h", "IR start mV", "IR end mV", "dEs mV", "dEt mV", "Dt/R2", "Eq.1 rest", "Eq.1 pulse", "sqrt t", "sphere", "relax.", ici ? "ICI" : "full fit", "95 %", "");
        foreach (var p in g.Pulses)
        {
            var full = p.Chosen ?? (ici ? p.Diffusivity.Ici : p.Diffusivity.FullSphere);
            table.Row(p.Index.ToString(), ElectrodeInput.Number(100 * p.DepthOfDischarge, "F1"), ElectrodeInput.Number(p.RestPotential.Value, "F4"), ElectrodeInput.Number(p.RestDrift.Value * 3.6e6, "G2"),
                ElectrodeInput.Number(p.IrDropStart.Value * 1e3, "F2"), ElectrodeInput.Number(p.IrDropEnd.Value * 1e3, "F2"), ElectrodeInput.Number(p.DeltaEs.Value * 1e3, "F2"), ElectrodeInput.Number(p.DeltaEt.Value * 1e3, "F2"),
                ElectrodeInput.Number(p.DimensionlessTime, "G2"), D(p.Diffusivity.SeedEq1.Value), D(p.Diffusivity.SeedEq1PulseTau.Value), D(p.Diffusivity.SqrtTime.Value), D(p.Diffusivity.Sphere.Value), D(p.Diffusivity.Relaxation.Value),
                D(full.Value), full.HasValue ? $"{D(full.Lower95)} – {D(full.Upper95)}" : "", p.Chosen is null ? "withheld" : "");
        }
        table.Write(output);
        output.WriteLine();
        output.WriteLine("Diffusivities in cm2/s. Eq.1: 4/(pi tau) (n Vm/S)^2 (dEs/dEt)^2 with tau the rest, and with tau the pulse.");
        output.WriteLine(g.Mean.HasValue ? $"Mean {D(g.Mean.Value)} +- {D(g.Mean.StandardError)} cm2/s, median {D(g.Median)} cm2/s over {g.Pulses.Count(p => p.Chosen is not null)} of {g.Pulses.Count} pulses ({(ici ? "ICI" : "full fit")})"
            : $"No mean: {g.Mean.Reason}");
        output.WriteLine($"Interface area {ElectrodeInput.Number(g.Surface.Area.Value * 1e4, "G4")} cm2, {g.Surface.Source}; potential: {g.PotentialColumn}; depth of discharge by {g.DepthBasis}");
        output.WriteLine();
        foreach (var f in g.Findings) { output.WriteLine($"{f.Severity.ToString().ToLowerInvariant()}: {f.Text}"); }
        // A titration in one direction has no loop, and nobody asked for one.
        ElectrodeInput.Write(output, g.Warnings.Where(w => w.Path != "hysteresis.value"));
    }
}
