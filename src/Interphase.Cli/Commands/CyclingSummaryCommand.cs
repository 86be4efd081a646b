using System.CommandLine;
using Interphase.Cycling;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase cycling summary</c>.</summary>
internal static class CyclingSummaryCommand
{
    public static Command Create()
    {
        var input = new CyclingInput();
        return Frame.Command("summary", "Capacity, efficiency, mean potentials, rate and retention of every cycle",
            """
            interphase cycling summary formation.mpr --mass 8.9mg --nominal 145.8mAh/g
            interphase cycling summary cell.bdf.csv --electrode electrode.yaml --json
            """,
            (parse, _) =>
            {
                var (series, electrode, _, warnings) = input.Electrode.Read(parse);
                var summary = CyclingSummary.Analyse(series, electrode, input.Options(parse, hasReference: true));
                summary = summary with { Warnings = [.. warnings, .. summary.Warnings] };
                return new(summary.Contract(), output => Write(output, summary));
            },
            [.. input.Symbols, input.Reference]);
    }

    private static void Write(TextWriter output, CyclingSummary s)
    {
        var per = s.Mass.HasValue ? 3.6 * s.Mass.Value * 1e3 : 3.6;
        var unit = s.Mass.HasValue ? "mAh/g" : "mAh";
        var table = new TextTable("cycle", $"charge {unit}", $"discharge {unit}", "CE %", "cum. CE %", "energy eff. %", "mean charge V", "mean disch. V", "polaris. V", "onset V", "C-rate", "");
        foreach (var c in s.Cycles)
        {
            table.Row(c.Index.ToString(), ElectrodeInput.Number((c.Charge?.Charge ?? double.NaN) / per, "G5"), ElectrodeInput.Number((c.Discharge?.Charge ?? double.NaN) / per, "G5"),
                ElectrodeInput.Number(100 * c.CoulombicEfficiency, "F2"), ElectrodeInput.Number(100 * c.CumulativeEfficiency, "F2"), ElectrodeInput.Number(100 * c.EnergyEfficiency, "F2"),
                ElectrodeInput.Number(c.Charge?.MeanPotential ?? double.NaN, "F4"), ElectrodeInput.Number(c.Discharge?.MeanPotential ?? double.NaN, "F4"),
                ElectrodeInput.Number(c.Polarisation, "F4"), ElectrodeInput.Number(c.OnsetPotential, "F4"), ElectrodeInput.Number(c.Rate, "G3"), c.Complete ? "" : "incomplete");
        }
        table.Write(output);
        output.WriteLine();
        output.WriteLine(s.Retention.HasValue
            ? FormattableString.Invariant($"Retention             {100 * s.Retention.Value:F2} % of cycle {s.ReferenceCycle}")
            : $"Retention             – ({s.Retention.Reason})");
        output.WriteLine($"Coulombic efficiency  {s.Convention.CoulombicEfficiency}");
        output.WriteLine($"Potentials            {s.Convention.Potential}");
        ElectrodeInput.Write(output, s.Warnings);
    }
}
